"""Statements that are built once in a process, known to PostgreSQL once for each connection, and run with other values.

To build a statement and to write it down as SQL takes Django several times as long as PostgreSQL takes to answer it.
Where a page has to answer hundreds of people in a second, its statements are kept: the SQL is the one Django made of
the queryset, with a `Slot` wherever a value is to stand, and rows become the same objects.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import get_related_populators
from django.db.models.sql import DeleteQuery, UpdateQuery

from conference.gathered import cursor_of
from conference.lost_connections import ask
from conference.objects_of_rows import ObjectsOfRows
from conference.prepared import Prepared
from conference.query_slots import Slot

# So many rows at once are written by a statement that is kept.
_FEW = 6
M = TypeVar("M", bound=models.Model)
Row = Sequence[Any]


# What psycopg2 takes as it is; SQLite knows no moments and no UUIDs, and JSON is to be written first.
_PLAIN = {
    "AutoField",
    "BigAutoField",
    "BigIntegerField",
    "BooleanField",
    "CharField",
    "DateTimeField",
    "ForeignKey",
    "IntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "TextField",
    "UUIDField",
}


def _is_plain(field: models.Field[Any, Any]) -> bool:
    return connection.vendor == "postgresql" and field.get_internal_type() in _PLAIN


class _Statement:
    """`values`: what stands in the SQL's places, in their order, a `Slot` where it is still to be given."""

    def __init__(self, sql: str, values: Sequence[Any]) -> None:
        self.sql = sql
        self.values = list(values)
        self.slots = [
            (place, value.name, None if _is_plain(value.output_field) else value.output_field)
            for place, value in enumerate(values)
            if isinstance(value, Slot)
        ]
        self.prepared = _prepared(sql, values, [place for place, _name, _field in self.slots])

    def run(self, cursor: Any, given: dict[str, Any], *, later: bool = False) -> None:
        values = self.values.copy()
        for place, name, field in self.slots:
            value = given[name]
            values[place] = value if field is None else field.get_db_prep_value(value, connection)
        self.prepared.run(cursor, values, later=later)


class _Unprepared:
    def __init__(self, sql: str) -> None:
        self.sql = sql

    def run(self, cursor: Any, values: Sequence[Any], *, later: bool = False) -> None:
        cursor.execute(self.sql, values)


def _prepared(sql: str, values: Sequence[Any], given: Sequence[int]) -> Prepared | _Unprepared:
    """SQLite keeps what it has read by itself."""
    return Prepared(sql, values, given=given) if connection.vendor == "postgresql" else _Unprepared(sql)


class _Kept(ABC):
    """The SQL, by the kind of the database."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def _kept(self, vendor: str) -> Any:
        made = self._made.get(vendor)
        if made is None:
            # Two threads may both make it: it is the same.
            made = self._made[vendor] = self._make()
        return made

    @abstractmethod
    def _make(self) -> Any: ...


class KeptQuery(_Kept, Generic[M]):
    """`build` makes a queryset of whole objects: with `only`, `select_related` and annotations, without prefetches.

    It is asked once, so it must not depend on anything but its slots: on no setting, no language, no clock.
    """

    def __init__(self, build: Callable[[], models.QuerySet[M]]) -> None:
        super().__init__()
        self._build = build

    def all(self, **values: Any) -> list[M]:
        connection = connections[DEFAULT_DB_ALIAS]
        reading: _Reading = self._kept(connection.vendor)
        return reading.objects_of(reading.rows(connection, values))

    def rows(self, **values: Any) -> list[Row]:
        """What would stand in the objects, in the model's order of columns, where nobody needs objects."""
        connection = connections[DEFAULT_DB_ALIAS]
        reading: _Reading = self._kept(connection.vendor)
        return list(map(reading.converted, reading.rows(connection, values)))

    def lock(self, **values: Any) -> None:
        """Locks the rows, and nothing else: what stands in them is for the statements that follow (see `gathered`).

        SQLite locks everything as soon as a transaction begins.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor == "postgresql":
            self._kept(connection.vendor).lock(connection, values)

    def first(self, **values: Any) -> M | None:
        """None where there is none. The queryset itself says that it is about one row, or ends after the first."""
        return next(iter(self.all(**values)), None)

    def _make(self) -> _Reading:
        return _Reading(self._build())


class _Reading:
    """How the rows of a statement become objects, as Django's `ModelIterable` does it."""

    def __init__(self, queryset: models.QuerySet[Any]) -> None:
        query = queryset.query
        compiler = query.get_compiler(queryset.db)
        self.statement = _Statement(*compiler.as_sql())
        self.locks = query.select_for_update
        self.alias = queryset.db
        info: Any = compiler.klass_info
        columns = info["select_fields"]
        self.model: Any = info["model"]
        self.start, self.end = columns[0], columns[-1] + 1
        self.names = [column[0].target.attname for column in compiler.select[self.start : self.end]]
        self.from_db = ObjectsOfRows(self.model).from_db
        self.related: Any = get_related_populators(info, compiler.select, queryset.db)  # type: ignore[call-arg]
        _make_quickly(self.related)
        self.annotated = dict(compiler.annotation_col_map or {})
        self.converters = list(
            compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]]).items()
        )
        self.kinds = [column[0].output_field.get_internal_type() for column in compiler.select]

    def rows(self, connection: BaseDatabaseWrapper, given: dict[str, Any]) -> list[Row]:
        self._require_transaction(connection)
        return ask(connection, lambda: self._rows(connection, given))

    def _rows(self, connection: BaseDatabaseWrapper, given: dict[str, Any]) -> list[Row]:
        with cursor_of(connection) as cursor:
            self.statement.run(cursor, given)
            return list(cursor.fetchall())

    def lock(self, connection: BaseDatabaseWrapper, given: dict[str, Any]) -> None:
        self._require_transaction(connection)
        with cursor_of(connection) as cursor:
            self.statement.run(cursor, given, later=True)

    def _require_transaction(self, connection: BaseDatabaseWrapper) -> None:
        if self.locks and not connection.in_atomic_block:
            raise transaction.TransactionManagementError("A lock needs a transaction that holds it.")

    def objects_of(self, rows: Sequence[Row]) -> list[Any]:
        return [self.object_of(self.converted(row)) for row in rows]

    def converted(self, row: Row) -> Row:
        if not self.converters:
            return row
        values = list(row)
        for place, (converters, expression) in self.converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return values

    def object_of(self, row: Row) -> Any:
        made = self.from_db(self.alias, self.names, row[self.start : self.end])
        for populator in self.related:
            populator.populate(row, made)
        for name, place in self.annotated.items():
            setattr(made, name, row[place])
        return made


def _make_quickly(populators: Any) -> None:
    """Django's populators ask their model for nothing but `from_db`."""
    for populator in populators:
        populator.model_cls = ObjectsOfRows(populator.model_cls)
        _make_quickly(populator.related_populators)


class _Changing(_Kept):
    def run(self, **values: Any) -> int:
        """How many rows were changed, or deleted."""
        return self._change(values)

    def later(self, **values: Any) -> None:
        """As `run`, where nobody asks how many rows there were: see `gathered`."""
        self._change(values, later=True)

    def _change(self, values: dict[str, Any], *, later: bool = False) -> int:
        connection = connections[DEFAULT_DB_ALIAS]
        statement: _Statement = self._kept(connection.vendor)
        with cursor_of(connection) as cursor:
            statement.run(cursor, values, later=later)
            return int(cursor.rowcount)


class KeptUpdate(_Changing):
    """`UPDATE … SET` of the columns of one table; `build` and `columns` as QuerySet.update takes them."""

    def __init__(self, build: Callable[[], models.QuerySet[Any]], **columns: Any) -> None:
        super().__init__()
        self._build, self._columns = build, columns

    def _make(self) -> _Statement:
        queryset = self._build()
        query: Any = queryset.query.chain(UpdateQuery)
        query.add_update_values(self._columns)
        return _Statement(*query.get_compiler(queryset.db).as_sql())


class KeptDelete(_Changing):
    """`DELETE` of rows to which no other ones belong, without signals."""

    def __init__(self, build: Callable[[], models.QuerySet[Any]]) -> None:
        super().__init__()
        self._build = build

    def _make(self) -> _Statement:
        queryset = self._build()
        query = queryset.query.chain(DeleteQuery)
        return _Statement(*query.get_compiler(queryset.db).as_sql())


class KeptTogether(_Kept):
    """An update, what follows from it, and what happens beside it: in one transaction.

    What `follows` is done only where the first one changed a row. For PostgreSQL it is one statement, so that there is
    one round trip; therefore none of the tables' rows may be meant twice.
    """

    def __init__(
        self,
        first: KeptUpdate,
        *,
        follows: Sequence[KeptUpdate] = (),
        beside: Sequence[KeptUpdate] = (),
    ) -> None:
        super().__init__()
        self._first, self._follows, self._beside = first, follows, beside

    def run(self, **values: Any) -> tuple[int, ...]:
        """How many rows the first one, and each one beside it, changed."""
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor != "postgresql":
            return self._one_by_one(values)
        statement: _Statement = self._kept(connection.vendor)
        with cursor_of(connection) as cursor:
            statement.run(cursor, values)
            return tuple(cursor.fetchone())

    def _one_by_one(self, values: dict[str, Any]) -> tuple[int, ...]:
        with transaction.atomic():
            changed = self._first.run(**values)
            for update in self._follows if changed else ():
                update.run(**values)
            return (changed, *(update.run(**values) for update in self._beside))

    def _make(self) -> _Statement:
        first = self._first._kept(connection.vendor)
        follows = [update._kept(connection.vendor) for update in self._follows]
        beside = [update._kept(connection.vendor) for update in self._beside]
        parts = [
            first.sql,
            *(f"{update.sql} AND EXISTS (SELECT 1 FROM u0)" for update in follows),  # noqa: S608  # nosec B608
            *(update.sql for update in beside),
        ]
        tables = ", ".join(f"u{place} AS ({sql} RETURNING 1)" for place, sql in enumerate(parts))
        asked = [0, *range(1 + len(follows), len(parts))]
        shown = ", ".join(f"(SELECT count(*) FROM u{place})" for place in asked)  # noqa: S608  # nosec B608
        values = [value for update in (first, *follows, *beside) for value in update.values]
        return _Statement(f"WITH {tables} SELECT {shown}", tuple(values))


class KeptInsert(_Kept, Generic[M]):
    """`INSERT` of several rows of one table at once, without signals; their keys are known afterwards.

    `once`: a row that stands there already stays as it is, and no keys are told.
    """

    def __init__(self, model: type[M], *, once: bool = False) -> None:
        super().__init__()
        self._model, self._once = model, once

    def run(self, rows: Sequence[M]) -> None:
        self._write(rows)

    def later(self, rows: Sequence[M]) -> None:
        """As `run`, of rows whose keys are known or not asked for: see `gathered`."""
        self._write(rows, later=True)

    def _write(self, rows: Sequence[M], *, later: bool = False) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        writing: _Writing = self._kept(connection.vendor)
        writing.write(connection, rows, later=later)

    def _make(self) -> _Writing:
        return _Writing(self._model, once=self._once)


class _Writing:
    def __init__(self, model: type[models.Model], *, once: bool) -> None:
        meta = model._meta
        quoted: Any = connection.ops.quote_name
        key: Any = meta.pk
        self.key = key.attname if isinstance(key, models.AutoField) and not once else ""
        fields = [field for field in meta.concrete_fields if not isinstance(field, models.AutoField)]
        self.columns = [(field, None if _is_plain(field) else field) for field in fields]
        names = ", ".join(quoted(field.column) for field in fields)
        # Names of ours: of a model's table and of its columns.
        self.into = f"INSERT INTO {quoted(meta.db_table)} ({names}) VALUES "  # noqa: S608  # nosec B608
        self.row = f"({', '.join(['%s'] * len(fields))})"
        self.after = f" RETURNING {quoted(key.column)}" if self.key else ""
        if once:
            self.after = " ON CONFLICT DO NOTHING"
        # One person's, by how many they are; those of a whole list are as many as they like.
        self.few = {count: self._for(count) for count in range(1, _FEW + 1)}

    def _for(self, count: int) -> Prepared | _Unprepared:
        sql = self.into + ", ".join([self.row] * count) + self.after
        places = range(count * len(self.columns))
        return _prepared(sql, [None] * len(places), places) if count <= _FEW else _Unprepared(sql)

    def write(self, connection: BaseDatabaseWrapper, rows: Sequence[models.Model], *, later: bool) -> None:
        values = [value for row in rows for value in self._values_of(row)]
        statement = self.few.get(len(rows)) or self._for(len(rows))
        with cursor_of(connection) as cursor:
            statement.run(cursor, values, later=later and not self.key)
            keys = cursor.fetchall() if self.key else ()
        for row, (key,) in zip(rows, keys, strict=bool(self.key)):
            setattr(row, self.key, key)
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias

    def _values_of(self, row: models.Model) -> Iterator[Any]:
        for field, prepared in self.columns:
            value = field.pre_save(row, add=True)
            yield value if prepared is None else prepared.get_db_prep_save(value, connection)

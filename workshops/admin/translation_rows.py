"""The rows of the translation desk: what is shown of a text, and what was typed for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from workshops.domain.translations.source_then import Piece, compared
from workshops.domain.translations.values import Entry, Reason, Refused, State, TextChange, digest_of

_LINE = 60
_MOST_LINES = 18


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with the form: the text, and what the translator had before them."""

    text: str
    seen_digest: str
    source_language: str
    source_digest: str

    @property
    def is_new(self) -> bool:
        return digest_of(self.text) != self.seen_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`theirs` is what somebody else wrote meanwhile, None where nobody did. `url` is empty where there is no page."""

    entry: Entry
    language: str
    text: str
    seen_digest: str
    source_digest: str
    url: str
    is_open: bool
    error: str = ""
    theirs: str | None = None
    then: tuple[Piece, ...] = ()

    @property
    def id(self) -> str:
        return self.entry.key.replace(".", "-")

    @property
    def state(self) -> State:
        return self.entry.state[self.language]

    @property
    def source_language(self) -> str:
        return self.entry.made_from[self.language]

    @property
    def source(self) -> str:
        return self.entry.texts[self.source_language]

    @property
    def lines(self) -> int:
        """As high as the text, or as what it is made from; in between."""
        longest = max(_height(self.source), _height(self.text))
        return min(max(longest + 1, 4 if self.entry.is_multiline else 2), _MOST_LINES)

    @property
    def descriptions(self) -> str:
        """The elements that describe the input, for `aria-describedby`."""
        parts = {"error": self.error, "theirs": self.theirs is not None, "limit": self.entry.max_length}
        return " ".join(f"{self.id}-{name}" for name, there in parts.items() if there)


def _height(text: str) -> int:
    return sum(1 + len(line) // _LINE for line in text.splitlines()) or 1


def typed_in(form: QueryDict, known: Mapping[str, Entry]) -> dict[str, Typed]:
    """By key, in the order of the page; what is not known, or not theirs to see, is left out."""
    return {
        key: _typed(form, known[key]) for key in form.getlist("key") if key in known and f"text-{key}" in form
    }


def _typed(form: QueryDict, entry: Entry) -> Typed:
    key = entry.key
    seen = form.get(f"seen-{key}", "")
    text = form.get(f"text-{key}", "").replace("\r\n", "\n").replace("\r", "\n")
    if digest_of(text) != seen:
        text = text.strip() if entry.is_multiline else " ".join(text.split())
    return Typed(text, seen, form.get(f"from-{key}", ""), form.get(f"source-{key}", ""))


def changes_of(typed: Mapping[str, Typed], language: str) -> list[TextChange]:
    return [
        TextChange(
            key=key,
            language=language,
            text=each.text,
            seen_digest=each.seen_digest,
            source_language=each.source_language,
            source_digest=each.source_digest,
        )
        for key, each in typed.items()
        if each.is_new
    ]


def row_of(  # noqa: PLR0913
    entry: Entry,
    *,
    language: str,
    url: str,
    is_open: bool,
    then: str | None = None,
    typed: Typed | None = None,
    reason: Reason | None = None,
) -> Row:
    """What was typed and is not saved stays, and goes on being compared with what the translator had seen then.

    Only where they are shown what somebody else wrote may they replace it with the next click.
    """
    kept = typed if typed is not None and typed.is_new else None
    conflict = reason is not None and reason.code is Refused.CHANGED
    now = entry.texts[language]
    return Row(
        entry=entry,
        language=language,
        text=kept.text if kept else now,
        seen_digest=kept.seen_digest if kept and not conflict else entry.digests[language],
        source_digest=kept.source_digest if kept else entry.digests[entry.made_from[language]],
        url=url,
        is_open=is_open,
        error=str(reason) if reason else "",
        theirs=now if kept and conflict else None,
        then=tuple(compared(then=then, now=entry.texts[entry.made_from[language]]))
        if then is not None
        else (),
    )


def left_over(typed: Mapping[str, Typed], saved: Iterable[str]) -> bool:
    """Whether something was typed that is not saved yet."""
    done = set(saved)
    return any(each.is_new and key not in done for key, each in typed.items())

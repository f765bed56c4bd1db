"""Makes `static/koprue/kern.css` from the vendored, unmodified design system: only the rules and tokens in use.

A rule stays where each of its classes is named by a template or a style sheet of ours; a token stays where a rule
that stays, or a style sheet of ours, reads it. Nothing in it is written by hand: run this again after using a class
or a token for the first time.

    .venv/bin/python scripts/trim_kern.py
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tinycss2

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "static" / "vendor" / "kern" / "kern.min.css"
TARGET = ROOT / "static" / "koprue" / "kern.css"
HEAD = (
    "/* Made by scripts/trim_kern.py from vendor/kern/kern.min.css (KERN UX, EUPL-1.2): not for editing. */\n"
)
_CLASS = re.compile(r"\.((?:kern-)?[a-zA-Z][\w-]*)")
_USED = re.compile(r"kern-[a-z0-9-]*[a-z0-9]")
_READ = re.compile(r"var\(\s*(--[\w-]+)")
# Written with a value of the context in templates: `kern-icon--{{ kind }}`.
_COMPOSED = ("kern-icon--info", "kern-icon--success", "kern-icon--warning", "kern-icon--danger")
# Both schemes follow the system; nobody chooses one by hand.
_SCHEME_BY_HAND = re.compile(r"data-kern-theme|\.kern-(?:dark|light)\b")
_OR_BODY = re.compile(r":is\(body,[^)]*\)")


def trimmed() -> str:
    used, ours = _in_use()
    rules = list(_kept(_rules(SOURCE.read_text()), used))
    read = _tokens_read(rules, ours)
    return HEAD + "".join(_serialised(rule, read) for rule in rules) + "\n"


def _rules(text: str) -> list[Any]:
    return list(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))


def _in_use() -> tuple[frozenset[str], str]:
    """The design system's classes that our files name, and the text of our style sheets."""
    sheets = "".join(path.read_text() for path in sorted(TARGET.parent.glob("*.css")) if path != TARGET)
    templates = "".join(path.read_text() for path in sorted((ROOT / "templates").rglob("*.html")))
    scripts = "".join(path.read_text() for path in sorted(TARGET.parent.glob("*.js")))
    return frozenset({*_USED.findall(templates + scripts + sheets), *_COMPOSED}), sheets


def _kept(rules: list[Any], used: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """(what stands before the brace, content); a media query's content is a list of the same."""
    for rule in rules:
        prelude = tinycss2.serialize(rule.prelude).strip()
        if rule.type == "qualified-rule":
            if selectors := [part for part in _selectors(prelude) if _stays(part, used)]:
                yield ",".join(selectors), rule.content
        elif rule.at_keyword == "media":
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if kept := list(_kept(inner, used)):
                yield f"@media {prelude}", kept


def _selectors(prelude: str) -> list[str]:
    """Divided at the commas outside of brackets."""
    parts, depth = [""], 0
    for sign in prelude:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _stays(selector: str, used: frozenset[str]) -> bool:
    asked = _OR_BODY.sub("body", selector)
    return not _SCHEME_BY_HAND.search(asked) and all(name in used for name in _CLASS.findall(asked))


def _declarations(content: list[Any]) -> list[tuple[str, str]]:
    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return [
        (entry.name, tinycss2.serialize(entry.value).strip() + ("!important" if entry.important else ""))
        for entry in found
        if entry.type == "declaration"
    ]


def _all_declarations(rules: list[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    for head, content in rules:
        yield from _all_declarations(content) if head.startswith("@media") else _declarations(content)


def _tokens_read(rules: list[tuple[str, Any]], ours: str) -> frozenset[str]:
    """Of ours, of the properties that stay, and of the tokens these are made of."""
    declared = list(_all_declarations(rules))
    read = set(_READ.findall(ours))
    read |= {name for key, value in declared if not key.startswith("--") for name in _READ.findall(value)}
    while more := {
        name for key, value in declared if key in read for name in _READ.findall(value) if name not in read
    }:
        read |= more
    return frozenset(read)


def _serialised(rule: tuple[str, Any], read: frozenset[str]) -> str:
    head, content = rule
    if head.startswith("@media"):
        inner = "".join(_serialised(entry, read) for entry in content)
        return f"{head}{{\n{inner}}}\n" if inner else ""
    kept = [
        f"{key}:{value}" for key, value in _declarations(content) if not key.startswith("--") or key in read
    ]
    return f"{head}{{{';'.join(kept)}}}\n" if kept else ""


if __name__ == "__main__":
    TARGET.write_text(trimmed())
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size} bytes\n")

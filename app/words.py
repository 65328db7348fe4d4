"""Words in the reader's language. The code holds plain English msgids; a catalogue a language holds what is said.

Catalogues are read as they are written (``.po``), once per process: nothing to compile, nothing to forget.
"""

from __future__ import annotations

import string
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from app.errors import Problem, Refusal

LANGUAGES = ("zh_CN", "en")
LOCALES = Path(__file__).parent / "locales"


class Word(str):
    """A value inside a sentence that is itself a msgid and is said in the reader's language."""

    __slots__ = ()


class Numbered(string.Formatter):
    """Fills sentences that differ for one and for several: ``{count} {count:row|rows}``, which English needs."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" not in format_spec:
            return str(super().format_field(value, format_spec))
        one, several = format_spec.split("|")
        return one if str(value) == "1" else several


NUMBERED = Numbered()


@lru_cache(maxsize=8)
def catalogue(language: str) -> dict[str, str]:
    """All translated messages of a language; fuzzy and empty ones are left out."""
    path = LOCALES / language / "LC_MESSAGES" / "sanzhang.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string and not m.fuzzy}


def say(msgid: str, language: str, /, **values: Any) -> str:
    """The sentence for ``msgid`` in ``language`` with its values filled in. An unknown msgid is said as it stands."""
    sentence = catalogue(language).get(msgid, msgid)
    if not values:
        return sentence
    said = {k: say(v, language) if isinstance(v, Word) else v for k, v in values.items()}
    return NUMBERED.vformat(sentence, (), said) if "|" in sentence else sentence.format(**said)


def word(member: StrEnum | str, codes: str, language: str) -> str:
    """What a member of a closed list is called: the catalogue's entry for ``Ledger.reserve``."""
    return say(f"{codes}.{member}", language)


def sentence_of(problem: Problem | Refusal, language: str) -> str:
    """The sentence of a refusal or of one of its problems."""
    return say(problem.msgid, language, **problem.values)


# ── months and days in words ─────────────────────────────────────────────────────────────────────────────────────────
def month_name(month: str | None, language: str) -> str:
    """2026年10月, or 2026-10 in English."""
    if not month:
        return ""
    return f"{month[:4]}年{int(month[5:7])}月" if language == "zh_CN" else month


def period_name(month: str, first: str, language: str) -> str:
    """A period: its month, or 2026年1—2月 where it covers two."""
    if first == month:
        return month_name(month, language)
    if language == "zh_CN":
        return f"{first[:4]}年{int(first[5:7])}—{int(month[5:7])}月"
    return say("{first} and {month}", language, first=first, month=month)


def day_name(day: str | None, language: str) -> str:
    """2026年10月22日, or 2026-10-22 in English."""
    if not day:
        return ""
    return f"{month_name(day, language)}{int(day[8:10])}日" if language == "zh_CN" else day[:10]


def negotiate(header: str | None, default: str) -> str:
    """The language of an ``Accept-Language`` header that the house speaks, by its weights; else ``default``."""
    best, weight = default, 0.0
    for part in (header or "").split(",")[:10]:
        tag, _, rest = part.strip().partition(";")
        try:
            q = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        found = "zh_CN" if tag.lower().startswith("zh") else "en" if tag.lower().startswith("en") else None
        if found and q > weight:
            best, weight = found, q
    return best

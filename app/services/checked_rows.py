"""The one check of the house for row after row: what passed in one row is not looked at again in the next."""

from __future__ import annotations

from typing import Any

from app.models.checking import Plain
from app.models.shapes import ProjectEdit, check

MOST_PASSED, LONGEST_WORD = 20_000, 60
NOT_YET = object()
PLAIN = Plain(ProjectEdit)
_PASSED: dict[tuple[str, str], Any] = {}
"""(field, text) → the value it is kept as; a field's limits look at nothing beside it. Several threads may use it."""


def checked_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """``check`` of an edit, which need not look again at words that passed before. Raises Invalid."""
    found = {n: v for n, v in facts.items() if PLAIN.keeps(n, v)}
    words = {n: v for n, v in facts.items() if n not in found and type(v) is str and len(v) <= LONGEST_WORD}
    found |= {n: kept for n, v in words.items() if (kept := _PASSED.get((n, v), NOT_YET)) is not NOT_YET}
    if new := {n: v for n, v in facts.items() if n not in found}:
        checked = check(ProjectEdit, new, partial=True)
        if len(_PASSED) > MOST_PASSED:
            _PASSED.clear()
        _PASSED.update({(n, v): checked[n] for n, v in new.items() if n in words})
        found |= checked
    return found

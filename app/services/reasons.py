"""Why? Some changes ask for a reason; one reason may serve a whole act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.desk import Desk
from app.errors import Invalid, Problem
from app.rules.money import reasons_needed
from app.words import Word

LONGEST = 500
SAY_WHY = Word("Say why this changes")


def take(desk: Desk, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without ``reason``, which becomes the act's."""
    rest = dict(values)
    given = rest.pop("reason", None)
    if isinstance(given, str) and given.strip():
        desk.reason = given.strip()[:LONGEST]
    return rest


def refuse(fields: Iterable[str]) -> None:
    """Refuse with ``reason_required`` at each of these fields."""
    raise Invalid(
        "This change needs a reason",
        code="reason_required",
        problems=[Problem(f"/{f}", "reason_required", SAY_WHY) for f in fields],
    )


def ask(desk: Desk, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Refuse a change of a total, a contract amount, a planned date, the plan or the opening that comes without a reason."""
    fields = reasons_needed(before, after)
    if fields and not desk.reason:
        refuse(fields)

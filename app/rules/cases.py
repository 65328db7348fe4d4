"""A case: one application of a project for one step of its chain. What may be written, and what state follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.rules.calendar import days_between
from app.rules.codes import CaseResult, Procedure, ProcedureState, SettledUnder

STANDING = (None, CaseResult.GRANTED, CaseResult.NOT_NEEDED)
"""Results after which a step is not applied for again. A project has one such case a step."""
DATES = ("applied_on", "accepted_on", "decided_on")
SENTENCES = {
    "future": "The day of a fact cannot lie in the future",
    "out_of_order": "Accepted, decided and promised days do not lie before the application",
    "decided_early": "It cannot be decided before it was accepted",
    "day_needed": "A decision needs its day",
    "result_needed": "A day of decision needs a result",
    "window_outside": "Where the zone only takes papers in, it is settled outside the zone",
    "settled_outside": "Delegated, by a branch office or by a posted official means: settled in the zone",
    "not_ended": "Days used belong to a case that was decided",
}
IN_ZONE = frozenset({SettledUnder.DELEGATED, SettledUnder.BRANCH_OFFICE, SettledUnder.POSTED_OFFICIAL})


class Wrong(NamedTuple):
    """A field of a case that contradicts the others, and why (a key of ``SENTENCES``)."""

    field: str
    code: str


def contradictions(case: Mapping[str, Any], today: str) -> list[Wrong]:
    """What in a case cannot be. A blank is unknown and contradicts nothing."""
    applied, accepted, decided = (case.get(name) for name in DATES)
    result, under = case.get("result"), case.get("settled_under")
    found = [Wrong(name, "future") for name in DATES if (case.get(name) or "") > today]
    for name in ("accepted_on", "decided_on", "promised_on"):
        if applied and (case.get(name) or applied) < applied:
            found.append(Wrong(name, "out_of_order"))
    if accepted and decided and decided < accepted:
        found.append(Wrong("decided_on", "decided_early"))
    if decided and result is None:
        found.append(Wrong("result", "result_needed"))
    if result in (CaseResult.GRANTED, CaseResult.REFUSED) and not decided:
        found.append(Wrong("decided_on", "day_needed"))
    if case.get("days_used") is not None and not decided:
        found.append(Wrong("days_used", "not_ended"))
    where = case.get("settled_in")
    if under == SettledUnder.WINDOW_ONLY and where == "zone":
        found.append(Wrong("settled_in", "window_outside"))
    if under in IN_ZONE and where not in (None, "zone"):
        found.append(Wrong("settled_in", "settled_outside"))
    return found


def in_zone(case: Mapping[str, Any]) -> bool | None:
    """Was it settled in the zone? None: nobody said where."""
    if case.get("settled_under") in IN_ZONE:
        return True
    return None if case.get("settled_in") is None else case["settled_in"] == "zone"


def days_used(case: Mapping[str, Any], calendar: Mapping[str, Any]) -> int | None:
    """Working days that a decided case took: as told, else from the day after it was accepted (or handed in)."""
    if case["days_used"] is not None:
        return int(case["days_used"])
    begun = case["accepted_on"] or case["applied_on"]
    return days_between(begun, case["decided_on"], calendar) if begun and case["decided_on"] else None


def stands(result: str | None) -> bool:
    """Is it the project's case of its step: under way, granted, or found not to be needed?"""
    return result in STANDING


def state_of(result: str | None) -> ProcedureState:
    """What the five procedures of the upcoming ledger say of a case."""
    if result in (CaseResult.GRANTED, CaseResult.NOT_NEEDED):
        return ProcedureState.DONE
    return ProcedureState.IN_PROGRESS if result is None else ProcedureState.NOT_STARTED


def told_by_state(result: str | None, state: str | None) -> str | None:
    """The result of a standing case once somebody types its state into the project's row.

    Done is granted; under way opens it again; not started, or a blank, takes the application back.
    """
    if state is not None and state_of(result) == state:
        return result
    if state == ProcedureState.DONE:
        return CaseResult.GRANTED.value
    return None if state == ProcedureState.IN_PROGRESS else CaseResult.WITHDRAWN.value


PROCEDURES = tuple(p.value for p in Procedure)
"""The steps whose state and promised day stand on the project's own row."""
STATE, PROMISED = "{}_state", "{}_promised_on"
NODE_COLUMNS = tuple(shape.format(name) for name in PROCEDURES for shape in (STATE, PROMISED))

"""The life of a delegation: how it begins, which step may follow which, what each step asks for, and when it is in force.

待交接 → 已承接 → 运行中 → 调整 → 收回. A delegation is told by plain facts: a mapping with the columns of its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.rules.codes import DelegationForm as Form
from app.rules.codes import DelegationState as State

Facts = Mapping[str, Any]
FOREVER = "9999-12-31"
NEXT: dict[str, tuple[str, ...]] = {
    State.PENDING: (State.TAKEN_OVER, State.RUNNING, State.REVOKED),
    State.TAKEN_OVER: (State.RUNNING, State.REVOKED),
    State.RUNNING: (State.ADJUSTED, State.REVOKED),
    State.ADJUSTED: (State.ADJUSTED, State.REVOKED),
    State.REVOKED: (),
}
"""Which steps may follow. Who runs at once has taken over on the same day; a revoked one is given again as a new period."""
DAY_OF: dict[str, str] = {
    State.PENDING: "given_on",
    State.TAKEN_OVER: "taken_over_on",
    State.RUNNING: "running_on",
    State.ADJUSTED: "adjusted_on",
    State.REVOKED: "revoked_on",
}
SETTLING = frozenset({Form.TRANSFER, Form.ENTRUSTMENT, Form.AUTHORIZATION, Form.BRANCH_OFFICE, Form.POSTED_OFFICIAL})
ASKED: dict[str, tuple[str, ...]] = {
    State.TAKEN_OVER: ("receiving_department",),
    State.RUNNING: ("receiving_department", "effective_from"),
    State.ADJUSTED: ("adjusted_document",),
    State.REVOKED: ("revoked_document",),
}
"""What must be known when a step is taken."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something cannot be: the field, a stable code, the msgid and its values."""

    field: str
    code: str
    msgid: str
    values: Mapping[str, Any]


def settles(form: str | None) -> bool:
    """Is an item held in this form settled in the zone? At a window that only takes in (区内受理) it is not."""
    return form in SETTLING


def runs(facts: Facts) -> tuple[str, str] | None:
    """The first and the last day on which it is in force: running (adjusted ones run on), valid and not revoked; None: it
    does not run yet. One that was revoked before it took effect has its last day before its first."""
    running, start = facts["running_on"], facts["effective_from"]
    return None if running is None or start is None else (max(running, start), _last(facts))


def in_force(facts: Facts, day: str) -> bool:
    """Was it in force on this day?"""
    days = runs(facts)
    return days is not None and days[0] <= day <= days[1]


def missing(facts: Facts, state: str) -> list[str]:
    """The fields that a delegation lacks to be in this state, skipped steps too."""
    asked = list(ASKED.get(state, ()))
    if state in (State.TAKEN_OVER, State.RUNNING) and facts.get("form") == Form.ENTRUSTMENT:
        asked.append("scope_document")
    return [field for field in asked if not facts.get(field)]


def faults(facts: Facts, power: Facts, others: Iterable[Facts] = ()) -> list[Fault]:
    """Everything that contradicts a delegation: itself, its item, and other periods of the same item in the same zone."""
    return [*_alone(facts), *_under(facts, power), *_beside(facts, others)]


def _alone(facts: Facts) -> list[Fault]:
    start, until, revoked = facts["effective_from"], facts["effective_until"], facts["revoked_on"]
    found = []
    if start and until and until < start:
        found.append(Fault("effective_until", "dates_crossed", "It ends before it begins", {}))
    if start and revoked and revoked < start:
        found.append(
            Fault("revoked_on", "revoked_before_effective", "It takes effect on {day} only; revoke it from then on", {"day": start})
        )  # fmt: skip
    if start and facts["running_on"] and facts["running_on"] < start:
        found.append(Fault("effective_from", "running_before_effective", NOT_YET, {"day": start}))
    return found


NOT_YET = "It takes effect on {day} only; it cannot run before"


def _under(facts: Facts, power: Facts) -> list[Fault]:
    """Against the item: what the law reserves is not handed down, and nothing outlives its basis."""
    found = []
    if power["reserved"] and facts["form"] != Form.WINDOW_ONLY:
        found.append(Fault("form", "reserved_by_law", RESERVED, {"power": power["name"]}))
    basis, start, until = power["basis_valid_until"], facts["effective_from"], facts["effective_until"]
    if basis is None or facts["revoked_on"]:
        return found
    if start and start > basis:
        found.append(Fault("effective_from", "outside_basis", "The basis is valid until {day} only", {"day": basis}))
    elif until is None:
        found.append(Fault("effective_until", "outside_basis", OPEN_END, {"day": basis}))
    elif until > basis:
        found.append(Fault("effective_until", "outside_basis", "The basis is valid until {day} only", {"day": basis}))
    return found


RESERVED = "The law reserves {power}: it cannot be handed down, only taken in at the zone's window"
OPEN_END = "The basis is valid until {day} only: say until when it holds, at latest that day"


def _beside(facts: Facts, others: Iterable[Facts]) -> list[Fault]:
    start, end = span(facts)
    for other in others:
        first, last = span(other)
        if start <= last and first <= end:
            values = {"form": other["form"], "from": first, "until": last}
            return [Fault("effective_from", "two_at_once", OPEN if last == FOREVER else CLOSED, values)]
    return []


OPEN = "It is held already as {form} from {from} on: revoke that first, and begin afterwards"
CLOSED = "It is held already as {form} from {from} until {until}: begin after that, or revoke it first"


def span(facts: Facts) -> tuple[str, str]:
    """The first and the last day of a period; one whose beginning is not known yet begins when it was given."""
    return facts["effective_from"] or facts["given_on"], _last(facts)


def _last(facts: Facts) -> str:
    end, revoked = facts["effective_until"] or FOREVER, facts["revoked_on"]
    return min(end, day_before(revoked)) if revoked else end


def day_before(day: str) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() - 1).isoformat()


def step(facts: Facts, to: str, on: str, today: str) -> tuple[dict[str, Any], list[Fault]]:
    """What a step to ``to`` on the day ``on`` writes, and what stands against it; nothing is written where anything does."""
    if to not in NEXT[facts["state"]]:
        return {}, [Fault("to", "wrong_step", WRONG_STEP, {"state": facts["state"], "to": to})]
    found = [Fault(field, "required", "Needed for this step", {}) for field in missing(facts, to)]
    if on > today:
        found.append(Fault("on", "future", "The day of a fact cannot lie in the future", {}))
    if on < facts["state_on"]:
        found.append(Fault("on", "before_last_step", "The step before was on {day}", {"day": facts["state_on"]}))
    start, until = facts["effective_from"], facts["effective_until"]
    if to == State.RUNNING and start and on < start:
        found.append(Fault("on", "running_before_effective", NOT_YET, {"day": start}))
    if to in (State.RUNNING, State.ADJUSTED) and until and on > until:
        found.append(Fault("on", "expired", "It ended on {day}", {"day": until}))
    wrote: dict[str, Any] = {"state": to, "state_on": on, DAY_OF[to]: on}
    if to == State.RUNNING and facts["taken_over_on"] is None:
        wrote["taken_over_on"] = on
    if to != State.REVOKED:
        wrote["waiting_for"] = None
    return ({} if found else wrote), found


WRONG_STEP = "From “{state}” there is no step to “{to}”"


def ends_soon(facts: Facts, today: str, days: int) -> int | None:
    """How many days it is still valid, where it ends within ``days``; below zero: it has ended and nobody revoked it."""
    if facts["state"] == State.REVOKED or facts["effective_until"] is None:
        return None
    left = date.fromisoformat(facts["effective_until"]).toordinal() - date.fromisoformat(today).toordinal()
    return left if left <= days else None


def days_waiting(facts: Facts, today: str) -> int | None:
    """How many days it has been waiting for its hand-over or, taken over, for running; None for what waits no longer."""
    if facts["state"] not in (State.PENDING, State.TAKEN_OVER):
        return None
    return date.fromisoformat(today).toordinal() - date.fromisoformat(facts["given_on"]).toordinal()

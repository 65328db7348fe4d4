"""A project's way through its chain: who settles each step, where it leaves the zone, what is late, when the permit comes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.rules.calendar import days_after, days_between
from app.rules.chains import PERMIT, Phase, Step, applies, in_order, waits_for
from app.rules.codes import CaseResult, ProcedureState
from app.rules.coverage import Settling, before_start, counted

Case = Mapping[str, Any]


class StepState(StrEnum):
    """Where a step of a project stands."""

    NOT_NEEDED = "not_needed"
    NOT_KNOWN = "not_known"
    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the project's way."""

    step: Step
    state: StepState
    in_zone: bool | None
    """Is it settled in the zone? Of its case; without one as the zone's powers tell. None: nobody said, or in part."""
    days_used: int | None
    late: bool
    late_days: int
    ends_on: str | None
    """The day of its decision, or the day foreseen for it."""
    waits_for: tuple[str, ...]
    case: Case | None

    @property
    def key(self) -> str:
        return str(self.step["key"])


@dataclass(frozen=True, slots=True)
class Way:
    """The whole way. ``permit_on`` is None where every step before the start is not needed."""

    stages: tuple[Stage, ...]
    leaves_at: str | None
    days_inside: int
    days_outside: int
    permit_on: str | None
    permit_granted: bool
    without_days: tuple[str, ...] = field(default=())
    """Steps still to come for which neither promised nor statutory days are set: they count for nothing."""


def current(cases: Collection[Case]) -> Case | None:
    """The case by which a step is judged: the one that stands, else the newest that ended otherwise."""
    standing = [case for case in cases if case["result"] in (None, CaseResult.GRANTED, CaseResult.NOT_NEEDED)]
    return max(standing or cases, key=lambda case: case["id"] or 0, default=None)


def way(
    steps: Collection[Step],
    facts: Mapping[str, Any],
    cases: Mapping[str, Case],
    where: Mapping[str, Settling],
    today: str,
    calendar: Mapping[str, Any],
) -> Way:
    """The way of a project with these ``facts``; ``cases`` by their step, ``where`` its zone settles what."""
    states = {step["key"]: _state(step, facts, cases.get(step["key"])) for step in steps}
    needed = {key for key, state in states.items() if state not in (StepState.NOT_NEEDED, StepState.NOT_KNOWN)}
    before = waits_for(steps, needed)
    ends = _ends(steps, states, before, cases, today, calendar)
    stages = tuple(
        _stage(step, states[step["key"]], cases.get(step["key"]), where, ends.get(step["key"]), before, today, calendar)
        for step in steps
    )
    used = [stage for stage in stages if stage.days_used is not None and before_start(stage.step)]
    order = {key: n for n, key in enumerate(in_order(steps) or ())}
    start = sorted((s for s in stages if s.key in needed and before_start(s.step)), key=lambda s: order[s.key])
    permit = next((stage for stage in start if stage.key == PERMIT), None)
    last = permit.ends_on if permit else max((s.ends_on for s in start if s.ends_on), default=None)
    to_come = [s for s in start if s.state is StepState.NOT_STARTED]
    return Way(
        stages=stages,
        leaves_at=next((s.key for s in start if counted(s.step) and s.in_zone is False), None),
        days_inside=sum(stage.days_used or 0 for stage in used if stage.in_zone),
        days_outside=sum(stage.days_used or 0 for stage in used if stage.in_zone is False),
        permit_on=last,
        permit_granted=bool(start) and all(s.state is StepState.SETTLED for s in ([permit] if permit else start)),
        without_days=tuple(s.key for s in to_come if days_of(s.step) is None),
    )


def _state(step: Step, facts: Mapping[str, Any], case: Case | None) -> StepState:
    """What its case says; without one, whether the project needs it at all."""
    if case is not None:
        if case["result"] == CaseResult.NOT_NEEDED:
            return StepState.NOT_NEEDED
        state = {ProcedureState.DONE: StepState.SETTLED, ProcedureState.IN_PROGRESS: StepState.UNDER_WAY}
        return state.get(case["state"], StepState.NOT_STARTED)
    answer = applies(step, facts)
    return StepState.NOT_STARTED if answer else StepState.NOT_KNOWN if answer is None else StepState.NOT_NEEDED


def days_of(step: Step) -> int | None:
    """Working days that a step is to take: promised, else by statute."""
    found: int | None = step["promised_days"] if step["promised_days"] is not None else step["statutory_days"]
    return found


def _ends(
    steps: Collection[Step],
    states: Mapping[str, StepState],
    before: Mapping[str, list[str]],
    cases: Mapping[str, Case],
    today: str,
    calendar: Mapping[str, Any],
) -> dict[str, str]:
    """The day on which each needed step is or will be decided. What is overdue is foreseen for today: no earlier day is left."""
    by_key = {step["key"]: step for step in steps}
    ends: dict[str, str] = {}
    for key in in_order(steps) or ():
        if key not in before:
            continue
        case, days = cases.get(key), days_of(by_key[key]) or 0
        if states[key] is StepState.SETTLED:
            if case and case["decided_on"]:
                ends[key] = case["decided_on"]
            continue
        if states[key] is StepState.UNDER_WAY and case:
            begun = case["accepted_on"] or case["applied_on"] or today
            foreseen = case["promised_on"] or days_after(begun, days, calendar)
        elif by_key[key]["phase"] == Phase.ACCEPTANCE:
            continue  # begins when it is built, and no promised day says when that will be
        else:
            begin = max([today, *(ends[b] for b in before[key] if b in ends)])
            foreseen = days_after(begin, days, calendar)
        ends[key] = max(foreseen, today)
    return ends


def _stage(
    step: Step,
    state: StepState,
    case: Case | None,
    where: Mapping[str, Settling],
    ends_on: str | None,
    before: Mapping[str, list[str]],
    today: str,
    calendar: Mapping[str, Any],
) -> Stage:
    told = case["in_zone"] if case is not None else None
    if told is None and state in (StepState.NOT_STARTED, StepState.UNDER_WAY):
        told = {Settling.ZONE: True, Settling.PART: None}.get(where.get(step["key"], Settling.OUTSIDE), False)
    used, due = _spent(step, state, case, today, calendar)
    until = ((case and case["decided_on"]) or today) if state is StepState.SETTLED else today
    over = days_between(due, until, calendar) if due and due < until else 0
    return Stage(
        step, state, told, used, bool(due and due < until), over, ends_on, tuple(before.get(step["key"], ())), case
    )


def _spent(
    step: Step, state: StepState, case: Case | None, today: str, calendar: Mapping[str, Any]
) -> tuple[int | None, str | None]:
    """Working days that a step took or takes so far, and the day on which it was or is due."""
    if case is None or state not in (StepState.SETTLED, StepState.UNDER_WAY):
        return None, None
    begun, promised = case["accepted_on"] or case["applied_on"], days_of(step)
    due = case["promised_on"] or (days_after(begun, promised, calendar) if begun and promised is not None else None)
    if state is StepState.UNDER_WAY:
        return days_between(begun, today, calendar) if begun else None, due
    return case["days_used"], due if case["decided_on"] else None

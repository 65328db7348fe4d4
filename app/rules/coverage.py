"""What a zone settles itself (区内事区内办), in three figures that are never one: items, closed chain, cases. And what
follows: items held but never used, items most fetched from outside, days before and after a delegation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Any

from app.rules.cases import IN_ZONE
from app.rules.chains import PERMIT, Clock, Phase, Step, in_order, waits_for
from app.rules.codes import CaseResult, SettledUnder

LEAST = 5
"""Fewer finished cases than this say nothing about days: 样本不足."""
DECIDED = (CaseResult.GRANTED, CaseResult.REFUSED)


class Settling(StrEnum):
    """Where a step is settled, as far as powers tell: in the zone, for some of its items only, or outside."""

    ZONE = "zone"
    PART = "part"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Held:
    """An item that a zone holds, in which way, and from when until when it runs."""

    power: str
    steps: frozenset[str]
    way: str = SettledUnder.DELEGATED.value
    from_on: str | None = None
    until_on: str | None = None
    running: bool = True

    def in_force(self, on: str) -> bool:
        """Does it run on this day?"""
        return self.running and (self.from_on or on) <= on <= (self.until_on or on)

    def settles(self, on: str) -> bool:
        """Is what it covers settled in the zone on this day? Where the zone only takes papers in, it is not."""
        return self.way in IN_ZONE and self.in_force(on)


def settling(items: Mapping[str, Collection[str]], held: Iterable[Held], on: str) -> dict[str, Settling]:
    """Step by step where it is settled. ``items``: the codes of the items that serve each step. Steps that no item serves
    are left out: they are settled outside."""
    own = {one.power for one in held if one.settles(on)}
    found = {}
    for step, codes in items.items():
        have = own.intersection(codes)
        if codes:
            found[step] = (
                Settling.OUTSIDE if not have else Settling.ZONE if len(have) == len(set(codes)) else Settling.PART
            )
    return found


def counted(step: Step) -> bool:
    """Does a step count at all: it needs a decision, and the law lets it be handed down?"""
    return bool(step["needs_decision"]) and not step["reserved"]


@dataclass(frozen=True, slots=True)
class Items:
    """The first figure: steps settled in the zone ÷ steps that apply, need a decision and are not reserved."""

    settled: int
    part: int
    of: int
    reserved: int


def items(steps: Iterable[Step], needed: Collection[str], where: Mapping[str, Settling]) -> Items:
    """How many of the needed steps the zone settles. ``reserved`` stand beside them."""
    mine = [step for step in steps if step["key"] in needed and step["needs_decision"]]
    told = [where.get(step["key"], Settling.OUTSIDE) for step in mine if not step["reserved"]]
    reserved = sum(step["reserved"] for step in mine)
    return Items(told.count(Settling.ZONE), told.count(Settling.PART), len(told), reserved)


def before_start(step: Step) -> bool:
    """Does it stand between the firm and its construction permit?"""
    return bool(step["phase"] != Phase.ACCEPTANCE and step["clock"] == Clock.FIRM)


def leaves_at(steps: Collection[Step], needed: Collection[str], where: Mapping[str, Settling]) -> str | None:
    """The second figure: the first step before the start for which a firm must leave the zone; None: the chain is closed.

    First is what stands first in the order of the chain. What is settled in part leaves it too.
    """
    by_key = {step["key"]: step for step in steps}
    for key in in_order(steps) or ():
        step = by_key[key]
        if key in needed and counted(step) and before_start(step) and where.get(key) is not Settling.ZONE:
            return key
    return None


@dataclass(frozen=True, slots=True)
class Decided:
    """The third figure: cases decided in the zone ÷ cases decided in the period. Of ``unknown`` nobody said where."""

    inside: int
    of: int
    unknown: int


def is_decided(case: Mapping[str, Any], first: str | None, last: str) -> bool:
    """Was it granted or refused in the period?"""
    day = case["decided_on"]
    return bool(case["result"] in DECIDED and day is not None and (first or "") <= day <= last)


def decided(cases: Iterable[Mapping[str, Any]], first: str | None, last: str) -> Decided:
    """Cases by where they were decided. ``in_zone`` stands in each."""
    told = [case["in_zone"] for case in cases if is_decided(case, first, last)]
    return Decided(told.count(True), len(told), told.count(None))


def unused(held: Iterable[Held], cases: Iterable[Mapping[str, Any]], on: str) -> list[Held]:
    """Items in force that serve a step and under which nothing was ever decided in the zone.

    A case that names its item speaks for that one, else for every item that serves its step (``served``).
    """
    named, stepped = set[str](), set[str]()
    for case in cases:
        if case["in_zone"] and is_decided(case, None, on):
            named.add(case["power_code"]) if case["power_code"] else stepped.add(case["served"])
    return [h for h in held if h.steps and h.settles(on) and h.power not in named and not h.steps & stepped]


def fetched(
    steps: Iterable[Step],
    cases: Iterable[Mapping[str, Any]],
    where: Mapping[str, Settling],
    first: str | None,
    last: str,
) -> list[tuple[str, int, float | None]]:
    """The steps for which firms most often left the zone in the period, with their cases and median days: what to ask for
    next. What the law reserves, and what the zone settles by now, is no use asking for."""
    open_ = {step["key"] for step in steps if counted(step) and where.get(step["key"]) is not Settling.ZONE}
    days: dict[str, list[int]] = defaultdict(list)
    count: Counter[str] = Counter()
    for case in cases:
        if case["step"] in open_ and case["in_zone"] is False and is_decided(case, first, last):
            count[case["step"]] += 1
            if case["days_used"] is not None:
                days[case["step"]].append(case["days_used"])
    return [(step, n, median(days[step]) if days[step] else None) for step, n in count.most_common()]


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Sample:
    """Working days that finished cases took: the median, and how many they are. Too few have no median."""

    median: float | None
    n: int


def sample(days: Collection[int]) -> Sample:
    """Fewer than five are a sample that is too small, not a number."""
    return Sample(median(days) if len(days) >= LEAST else None, len(days))


def before_and_after(cases: Iterable[Mapping[str, Any]], since: str) -> tuple[Sample, Sample]:
    """Days of finished cases of one step and class: decided before the delegation, all but those that the zone settled
    itself already; and decided in the zone since."""
    before, after = list[int](), list[int]()
    for case in cases:
        if case["result"] in DECIDED and case["decided_on"] and case["days_used"] is not None:
            if case["decided_on"] < since and not case["in_zone"]:
                before.append(case["days_used"])
            elif case["decided_on"] >= since and case["in_zone"]:
                after.append(case["days_used"])
    return sample(before), sample(after)


def change(before: Sample, after: Sample) -> float | None:
    """How much less time it takes, in per cent of before; None where one of the two is too small a sample."""
    if before.median is None or after.median is None or before.median == 0:
        return None
    return round((before.median - after.median) / before.median * 100, 1)


def chain_days(steps: Collection[Step], needed: Collection[str], days: Mapping[str, float]) -> float:
    """Working days from the first step to the construction permit when each step takes its days and nobody waits: the
    longest way through. Without the permit among what is needed, to the last step before the start."""
    mine = [step for step in steps if step["key"] in needed and before_start(step)]
    keys = {step["key"] for step in mine}
    before = waits_for(steps, keys)
    ends: dict[str, float] = {}
    for key in in_order(steps) or ():
        if key in keys:
            ends[key] = max((ends[b] for b in before[key]), default=0) + days.get(key, 0)
    return ends[PERMIT] if PERMIT in ends else max(ends.values(), default=0)

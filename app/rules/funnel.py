"""The funnel: how many leads got how far, how long they stood in each stage, and where and to whom they were lost.

A lead has reached a stage when it entered it or a later one by the day asked for: who skipped a stage went through it, who
was taken back has been there. So of each stage no more reach the next than reached it, and the groups of a funnel add up
to the whole. A start of the project's works is the last stage.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.rules.money import tenth
from app.rules.spans import FEW, Days, between, days

STAGES = ("lead", "screening", "negotiating", "signed", "landed", "started")
"""In the order of a lead's life; ``started`` is the project's."""
LOST = ("lost", "withdrawn")
_PLACE = {stage: place for place, stage in enumerate(STAGES)}


@dataclass(frozen=True, slots=True)
class Way:
    """A lead and its way: the stages it entered with their days, oldest first, and how it stands."""

    lead_id: int
    zone_id: int
    entered: tuple[tuple[str, str], ...]
    """(stage, day)."""
    project_id: int | None = None
    definitive_on: str | None = None
    """The definitive contract: the stage ``signed`` may rest on a framework agreement alone."""
    disposition: str = "active"
    closed_on: str | None = None
    reason: str | None = None
    lost_to: str | None = None
    channel: str | None = None
    industry: str | None = None
    amount: int | None = None
    """Contract amount, else what is intended, in yuan."""

    @property
    def began_on(self) -> str:
        """The day of the first stage."""
        return self.entered[0][1] if self.entered else ""


def first_days(way: Way, until: str) -> list[str | None]:
    """For each stage the first day on which the lead stood in it or beyond; None: not by then."""
    found: list[str | None] = [None] * len(STAGES)
    for stage, on in way.entered:
        if on > until:
            continue
        for place in range(_PLACE[stage] + 1):
            known = found[place]
            found[place] = on if known is None else min(known, on)
    return found


def reached(way: Way, until: str) -> int:
    """The place of the farthest stage reached by then; -1: none yet."""
    return max((_PLACE[stage] for stage, on in way.entered if on <= until), default=-1)


def standing(way: Way, until: str) -> str | None:
    """The stage in which the lead stood then: the last one it entered."""
    return next((stage for stage, on in reversed(way.entered) if on <= until), None)


def disposed(way: Way, until: str) -> str:
    """How it stood then: a disposition dated later had not been made yet."""
    later = way.closed_on is not None and way.closed_on > until
    return "active" if later else way.disposition


def stays(way: Way, until: str) -> list[int | None]:
    """Days in each stage, from the day it was entered to the day a later one was. None where one of them is missing, and
    where both are one day: who is moved over several stages is written as passing each of them."""
    own: dict[str, str] = {}
    for stage, on in way.entered:
        if on <= until:
            own.setdefault(stage, on)
    firsts = first_days(way, until)
    found: list[int | None] = []
    for place, stage in enumerate(STAGES):
        left = firsts[place + 1] if place + 1 < len(STAGES) else None
        found.append(between(own[stage], left) if stage in own and left is not None and left > own[stage] else None)
    return found


# ── the funnel itself ────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Share:
    """Of ``denominator`` leads ``numerator`` went on."""

    numerator: int
    denominator: int

    @property
    def exact(self) -> Fraction | None:
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def percent(self) -> float | None:
        return tenth(self.exact * 100) if self.exact is not None else None

    @property
    def few(self) -> bool:
        return self.denominator < FEW


@dataclass(frozen=True, slots=True)
class Stage:
    """One bar of the funnel. ``reached`` got so far; ``here`` stand in it now, by disposition."""

    stage: str
    reached: int
    sum: int
    known: int
    here: Mapping[str, int]
    days: Days
    onward: Share | None
    """How many went on to the next stage; None of the last."""


def funnel(ways: Iterable[Way], until: str) -> list[Stage]:
    """The stages of these leads as they stood at the end of a day. Leads that began later are left out."""
    known = [way for way in ways if reached(way, until) >= 0]
    far = [reached(way, until) for way in known]
    here: list[Counter[str]] = [Counter() for _ in STAGES]
    spans: list[list[int]] = [[] for _ in STAGES]
    for way in known:
        here[_PLACE[standing(way, until) or "lead"]][disposed(way, until)] += 1
        for place, stay in enumerate(stays(way, until)):
            if stay is not None:
                spans[place].append(stay)
    found = []
    for place, stage in enumerate(STAGES):
        amounts = [way.amount for way, at in zip(known, far, strict=True) if at >= place and way.amount is not None]
        count, onward = sum(at >= place for at in far), sum(at > place for at in far)
        share = Share(onward, count) if place + 1 < len(STAGES) else None
        found.append(Stage(stage, count, sum(amounts), len(amounts), dict(here[place]), days(spans[place]), share))
    return found


def groups(ways: Iterable[Way], key: Callable[[Way], str | None]) -> dict[str | None, list[Way]]:
    """The leads by channel, industry, zone or month; None: unknown."""
    found: dict[str | None, list[Way]] = defaultdict(list)
    for way in ways:
        found[key(way)].append(way)
    return dict(found)


@dataclass(frozen=True, slots=True)
class Loss:
    """So many leads were lost or withdrew for one reason, in one stage, to one place."""

    disposition: str
    reason: str | None
    lost_to: str | None
    stage: str
    count: int
    sum: int
    known: int


def losses(ways: Iterable[Way], until: str) -> list[Loss]:
    """Who was lost: by reason, by whom it was lost to and in which stage; the most frequent first."""
    found: dict[tuple[str, str | None, str | None, str], list[Way]] = defaultdict(list)
    for way in ways:
        if (stage := standing(way, until)) and disposed(way, until) in LOST:
            found[disposed(way, until), way.reason, way.lost_to, stage].append(way)
    told = []
    for key, lost in found.items():
        amounts = [way.amount for way in lost if way.amount is not None]
        told.append(Loss(*key, len(lost), sum(amounts), len(amounts)))
    return sorted(told, key=lambda loss: (-loss.count, -loss.sum, loss.reason or "", loss.lost_to or "", loss.stage))


@dataclass(frozen=True, slots=True)
class Lost:
    """Losses that have one thing in common, and the stage in which most of them happened."""

    said: str | None
    count: int
    sum: int
    known: int
    stage: str


def lost_by(losses: Iterable[Loss], said: Callable[[Loss], str | None]) -> list[Lost]:
    """The losses by reason, or by whom they were lost to; the most frequent first, unknown last."""
    found: dict[str | None, list[Loss]] = defaultdict(list)
    for loss in losses:
        found[said(loss)].append(loss)
    told = []
    for key, some in found.items():
        stages: Counter[str] = Counter()
        for loss in some:
            stages[loss.stage] += loss.count
        most = min(stages, key=lambda stage: (-stages[stage], _PLACE[stage]))
        count, amount, known = (sum(getattr(loss, name) for loss in some) for name in ("count", "sum", "known"))
        told.append(Lost(key, count, amount, known, most))
    return sorted(told, key=lambda one: (one.said is None, -one.count, -one.sum, one.said or ""))


# ── what may be expected of the open ones ────────────────────────────────────────────────────────────────────────────
def arrived(way: Way, goal: str, until: str) -> bool:
    """Had it come so far by then? ``signed`` asks for the definitive contract."""
    if goal == "signed":
        return way.definitive_on is not None and way.definitive_on <= until
    return reached(way, until) >= _PLACE[goal]


def chance(ways: Iterable[Way], stage: str, goal: str, until: str) -> Share:
    """Of the leads that reached ``stage`` and are decided, how many arrived at ``goal``: the others were lost or withdrew
    before. What is still open says nothing yet."""
    won = lost = 0
    for way in ways:
        if reached(way, until) < _PLACE[stage]:
            continue
        if arrived(way, goal, until):
            won += 1
        elif disposed(way, until) in LOST:
            lost += 1
    return Share(won, won + lost)


def awaited(ways: Iterable[Way], goal: str, until: str) -> list[tuple[Way, str]]:
    """The active leads that have not arrived at ``goal``, each with the stage in which it stands."""
    return [
        (way, stage)
        for way in ways
        if (stage := standing(way, until)) and not arrived(way, goal, until) and disposed(way, until) == "active"
    ]

"""Targets of a year: so many projects of such a size, how many there are, and how many may be expected.

A class is data: from so much money, below so much, so many to so many projects. Contracts count once in the year of the
day that the target names (definitive signing, landed, started) by their contract amount; an expansion by its increment; a
phase never. Where classes exclude each other, a surplus above may fill a lack below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from app.rules.codes import CountedAt
from app.rules.funnel import Share, Way
from app.rules.money import tenth
from app.rules.rates import Signing


@dataclass(frozen=True, slots=True)
class Class:
    """A class of size and its range: from ``low`` to ``high`` projects are asked for."""

    least: int
    below: int | None
    low: int
    high: int

    def holds(self, amount: int | None) -> bool:
        """Does an amount in yuan fall into it? An unknown one into none."""
        return amount is not None and self.least <= amount and (self.below is None or amount < self.below)


USUAL = (Class(1_000_000_000, 2_000_000_000, 3, 5), Class(2_000_000_000, None, 1, 2))
"""What a form begins with: 3 to 5 projects of 1 to 2 billion yuan, 1 to 2 above."""


def exclusive(classes: Sequence[Class]) -> bool:
    """Does no amount fall into two of them?"""
    known = sorted(classes, key=lambda one: one.least)
    return all(lower.below is not None and lower.below <= upper.least for lower, upper in pairwise(known))


# ── who counts ───────────────────────────────────────────────────────────────────────────────────────────────────────
def day_of(signing: Signing, counted_at: CountedAt) -> str | None:
    """The day on which a contract counts; None: not yet, or never. Without a definitive contract nothing counts."""
    if signing.signed_on is None or signing.relation not in (None, "expansion"):
        return None
    if counted_at is CountedAt.SIGNED:
        return signing.signed_on
    reached = signing.landed_on if counted_at is CountedAt.LANDED else signing.started_on
    return None if reached is None else max(reached, signing.signed_on)


def amount_of(signing: Signing) -> int | None:
    """What it counts by: the contract amount; of an expansion without one, its total, which is the increment."""
    if signing.amount is None and signing.relation == "expansion":
        return signing.total
    return signing.amount


def counted(signings: Iterable[Signing], counted_at: CountedAt, first: str, until: str) -> list[Signing]:
    """The contracts that count between two days."""
    return [s for s in signings if first <= (day_of(s, counted_at) or "") <= until]


# ── how far ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Standing:
    """A class and how far it is: ``done`` of its own, ``given`` to a class below, ``taken`` from one above."""

    of: Class
    done: int
    given: int = 0
    taken: int = 0

    @property
    def counted(self) -> int:
        return self.done - self.given + self.taken

    @property
    def state(self) -> str:
        """``below`` its range, ``within`` it or ``above``."""
        if self.counted < self.of.low:
            return "below"
        return "within" if self.counted <= self.of.high else "above"

    @property
    def lacking(self) -> int:
        """How many are missing to the lower end of the range."""
        return max(0, self.of.low - self.counted)


def standings(classes: Sequence[Class], amounts: Iterable[int | None], *, fills: bool) -> list[Standing]:
    """The classes in their order. ``fills``: what is above a range fills what is missing in the classes below, the nearest
    first; only where the classes exclude each other."""
    known = [amount for amount in amounts if amount is not None]
    done = {one: sum(one.holds(amount) for amount in known) for one in classes}
    given, taken = dict.fromkeys(classes, 0), dict.fromkeys(classes, 0)
    falling = sorted(classes, key=lambda one: -one.least)
    if fills and exclusive(classes):
        for place, above in enumerate(falling):
            for lower in falling[place + 1 :]:
                spare = max(0, done[above] - given[above] - above.high)
                moved = min(spare, max(0, lower.low - done[lower] - taken[lower]))
                given[above] += moved
                taken[lower] += moved
    return [Standing(one, done[one], given[one], taken[one]) for one in classes]


# ── what may be expected ─────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Basis:
    """What the expectation for one stage rests on: the share of decided leads that got there, and whose leads these are."""

    stage: str
    open: int
    share: Share
    of: str
    """``zone``, ``city`` where the zone has too few, ``none`` where both have."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """``done`` and, of the open leads, how many may be expected; None where one of them has no rate to rest on."""

    done: int
    open: int
    expected: Fraction | None
    bases: tuple[Basis, ...]

    @property
    def count(self) -> float | None:
        """Done and expected together, one decimal."""
        return None if self.expected is None else tenth(self.done + self.expected)


Chances = Callable[[str], Share]
"""Stage → the share of leads that got from there to the goal."""


def basis(stage: str, open_: int, zone: Chances, city: Chances | None) -> Basis:
    """The zone's own share; the city's where the zone has too few cases; none where the city has too few as well."""
    own = zone(stage)
    if not own.few:
        return Basis(stage, open_, own, "zone")
    whole = own if city is None else city(stage)
    return Basis(stage, open_, whole, "none" if whole.few else "city")


def forecast(
    one: Class, done: int, open_leads: Iterable[tuple[Way, str]], zone: Chances, city: Chances | None
) -> Forecast:
    """Done and expected in a class: its open leads by stage, each at the share of those that went on from there before."""
    stages: dict[str, int] = {}
    for way, stage in open_leads:
        if one.holds(way.amount):
            stages[stage] = stages.get(stage, 0) + 1
    bases = tuple(basis(stage, n, zone, city) for stage, n in stages.items())
    shares = [(found.open, found.share.exact) for found in bases if found.of != "none"]
    known = len(shares) == len(bases)
    expected = sum((n * (share or Fraction(0)) for n, share in shares), Fraction(0)) if known else None
    return Forecast(done, sum(stages.values()), expected, bases)

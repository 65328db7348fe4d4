"""What became of what was signed: 履约率, 落地率, 开工率（招商口径）, 投产率, 资金到位率, each over a cohort of signings.

A signing is a contract wherever it stands: on a lead, or on the project that the lead became, never on both. The cohort
are definitive contracts signed for the first time in a span of days; framework agreements stand apart, and so do
expansions of a firm that has signed before. Who withdrew afterwards stays in the denominator. What happened by the last
day of the month asked for counts, whatever came later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.rules.counting import GONE
from app.rules.money import tenth
from app.rules.spans import Days, between, days


class Rate(StrEnum):
    """The rates over a cohort of signings."""

    PERFORMANCE = "performance"
    LANDED = "landed"
    START = "start"
    PRODUCTION = "production"
    FUNDS = "funds"


@dataclass(frozen=True, slots=True)
class Signing:
    """One contract and what became of it. None is unknown, or has not happened yet.

    ``early`` says whether the register knows the chapter before the project at all: whether a firm was registered, land was
    secured, money came. Of a project that no lead became it does not.
    """

    zone_id: int
    signed_on: str | None
    """The definitive contract."""
    lead_id: int | None = None
    project_id: int | None = None
    relation: str | None = None
    framework_on: str | None = None
    amount: int | None = None
    """Contract amount, yuan."""
    usd: int | None = None
    """Contract amount in dollars, where it is in dollars only."""
    total: int | None = None
    """Total investment, yuan; of an expansion: its increment."""
    channel: str | None = None
    industry: str | None = None
    disposition: str = "active"
    early: bool = True
    registered_on: str | None = None
    land_on: str | None = None
    money_on: str | None = None
    funds: int | None = None
    """Funds arrived, yuan."""
    started_on: str | None = None
    pending_start_on: str | None = None
    """A start without evidence (待核): told beside, not counted."""
    in_production_on: str | None = None

    @property
    def landed_on(self) -> str | None:
        """The day by which the firm was registered and its land or plant secured."""
        if self.registered_on is None or self.land_on is None:
            return None
        return max(self.registered_on, self.land_on)

    @property
    def gone(self) -> bool:
        """Was it given up since?"""
        return self.disposition in GONE


# ── who belongs to the cohort ────────────────────────────────────────────────────────────────────────────────────────
def by(day: str | None, until: str) -> bool:
    """Had it happened by then?"""
    return day is not None and day <= until


def first_signing(signing: Signing) -> bool:
    """A first contract: no phase or part of one, and no expansion."""
    return signing.relation is None


def cohort(signings: Iterable[Signing], first: str, until: str) -> list[Signing]:
    """First definitive contracts signed from one day to another, both counted."""
    return [s for s in signings if first_signing(s) and _within(s.signed_on, first, until)]


def expansions(signings: Iterable[Signing], first: str, until: str) -> list[Signing]:
    """Expansions signed in these days."""
    return [s for s in signings if s.relation == "expansion" and _within(s.signed_on, first, until)]


def frameworks(signings: Iterable[Signing], first: str, until: str) -> list[Signing]:
    """Framework agreements of these days that no definitive contract has followed yet."""
    return [s for s in signings if _within(s.framework_on, first, until) and not by(s.signed_on, until)]


def _within(day: str | None, first: str, until: str) -> bool:
    return day is not None and first <= day <= until


# ── what each of them did ────────────────────────────────────────────────────────────────────────────────────────────
def _performed(s: Signing, until: str) -> bool | None:
    if by(s.started_on, until) or by(s.registered_on, until) or by(s.money_on, until):
        return True
    return False if s.early else None


def _landed(s: Signing, until: str) -> bool | None:
    return by(s.landed_on, until) if s.early else None


DID: dict[Rate, Callable[[Signing, str], bool | None]] = {
    Rate.PERFORMANCE: _performed,
    Rate.LANDED: _landed,
    Rate.START: lambda s, until: by(s.started_on, until),
    Rate.PRODUCTION: lambda s, until: by(s.in_production_on, until),
    Rate.FUNDS: lambda s, until: None if s.amount is None or s.funds is None else s.funds > 0,
}
"""Did this signing do what the rate asks, by that day? None: the register does not know."""


def waits_for_proof(rate: Rate, s: Signing, until: str) -> bool:
    """Would it be in the numerator if its start were proved?"""
    asked = rate in (Rate.START, Rate.PERFORMANCE)
    return asked and by(s.pending_start_on, until) and DID[rate](s, until) is not True


@dataclass(frozen=True, slots=True)
class Told:
    """A rate with its two sides. ``pending`` would be in the numerator but for their evidence; ``unknown`` are in the
    denominator and may belong to the numerator too."""

    rate: str
    numerator: int
    denominator: int
    pending: int = 0
    unknown: int = 0

    @property
    def percent(self) -> float | None:
        """One decimal; None over nothing."""
        return tenth(Fraction(self.numerator * 100, self.denominator)) if self.denominator else None


def tell(rate: Rate, signed: Sequence[Signing], until: str) -> Told:
    """A rate over a cohort. Funds are yuan over the contracts whose amount is known, everything else counts contracts."""
    answers = [DID[rate](s, until) for s in signed]
    if rate is not Rate.FUNDS:
        waiting = sum(waits_for_proof(rate, s, until) for s in signed)
        return Told(rate, answers.count(True), len(signed), waiting, answers.count(None))
    amounts = [s for s in signed if s.amount is not None]
    arrived = sum(s.funds or 0 for s in amounts)
    return Told(rate, arrived, sum(s.amount or 0 for s in amounts), unknown=answers.count(None))


def rates(signed: Sequence[Signing], until: str) -> list[Told]:
    """All rates over one cohort."""
    return [tell(rate, signed, until) for rate in Rate]


def behind(rate: Rate, part: str, signed: Iterable[Signing], until: str) -> list[Signing]:
    """The signings of one side of a rate: ``numerator``, ``denominator``, what is ``pending`` or ``unknown``."""
    if part == "denominator":
        return [s for s in signed if rate is not Rate.FUNDS or s.amount is not None]
    if part == "pending":
        return [s for s in signed if waits_for_proof(rate, s, until)]
    wanted = True if part == "numerator" else None
    return [s for s in signed if DID[rate](s, until) is wanted]


# ── how many, how much, how long ─────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Signed:
    """So many contracts, what they come to, and of how many the amount is known; apart what is in dollars only."""

    count: int
    sum: int
    known: int
    sum_usd: int = 0
    known_usd: int = 0

    @property
    def mean(self) -> int | None:
        """The mean size over those whose amount is known, in whole yuan."""
        return round(Fraction(self.sum, self.known)) if self.known else None


def signed_of(signings: Sequence[Signing]) -> Signed:
    """Contracts as one figure."""
    amounts = [s.amount for s in signings if s.amount is not None]
    dollars = [s.usd for s in signings if s.amount is None and s.usd is not None]
    return Signed(len(signings), sum(amounts), len(amounts), sum(dollars), len(dollars))


def waits(signed: Iterable[Signing], until: str) -> list[tuple[int, Signing]]:
    """Signing to start in days, the longest first, of those that have started by then."""
    found = [
        (between(s.signed_on or "", s.started_on or ""), s)
        for s in signed
        if by(s.started_on, until) and (s.started_on or "") >= (s.signed_on or "9999")
    ]
    return sorted(found, key=lambda wait: -wait[0])


def to_start(signed: Iterable[Signing], until: str) -> Days:
    """Signing to start as one figure. A start before the signature is no wait."""
    return days(wait for wait, _ in waits(signed, until))

"""Money spent: from an opening and monthly reports to before this year, this year and to date.

"This year" is the year of the month shown, never the clock's. A blank is unknown, never zero. All amounts are whole yuan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Opening:
    """State at the end of ``month``, the last month before reporting here began."""

    month: str
    before_year_yuan: int | None
    this_year_yuan: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """One month's report: the month's amount *or* the year's cumulative. Given both, the cumulative holds."""

    month: str
    invested_yuan: int | None = None
    cumulative_this_year_yuan: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What has been spent at the end of a month. ``incomplete_months`` are expected months that nobody reported and no
    later cumulative of the same year has closed: the sums lack whatever was spent in them."""

    before_this_year_yuan: int | None
    this_year_yuan: int | None
    to_date_yuan: int | None
    incomplete_months: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Year:
    sum: int | None
    gaps: tuple[str, ...]


def spent(
    month: str,
    opening: Opening | None,
    reports: Iterable[Report],
    *,
    zone_live_from: str,
    started_month: str | None = None,
    completed_month: str | None = None,
    january_with_february: bool = True,
) -> Spent:
    """What had been spent by the end of ``month``.

    ``zone_live_from``: first month reported here by the zone. A project that started in it or later needs no opening
    and begins at zero; an older one without opening has ``before`` and ``to_date`` unknown. Months before an opening
    are unknown. Months are expected from the opening, the zone's first month or the start, whichever is last, until
    completion.
    """
    by_month = {report.month: report for report in reports}
    if opening is not None and month < opening.month:
        return Spent(None, None, None)
    first = next_month(opening.month) if opening else max(zone_live_from, started_month or zone_live_from)
    known_from_zero = opening is None and (started_month is None or started_month >= zone_live_from)
    before = opening.before_year_yuan if opening else (0 if known_from_zero else None)
    year, last_year = int((opening.month if opening else min([first, month, *by_month]))[:4]), int(month[:4])
    gaps: list[str] = []
    while True:
        base = opening.this_year_yuan if opening and int(opening.month[:4]) == year else 0
        expected_from = _expected_from(opening, first, year, known_from_zero)
        end = month if year == last_year else f"{year}-12"
        counted_from = first if opening else f"{year}-01"
        this = _year(
            by_month, base, counted_from, expected_from, end, started_month, completed_month, january_with_february
        )
        gaps += this.gaps
        to_date = None if before is None or this.sum is None else before + this.sum
        if year == last_year:
            return Spent(before, this.sum, to_date, tuple(gaps))
        before, year = to_date, year + 1


def last_counted(year: int, opening: Opening | None, reports: Iterable[Report]) -> str:
    """The month whose end a row of ``year`` shows: the last reported or opening month of the year, else its January."""
    known = [report.month for report in reports] + ([opening.month] if opening else [])
    return max((month for month in known if int(month[:4]) == year), default=f"{year}-01")


def in_month(report: Report, by_then: Spent, before: Spent | None) -> int | None:
    """What the month alone added: as it was reported, else the cumulative less what the year had before."""
    if report.invested_yuan is not None or report.cumulative_this_year_yuan is None:
        return report.invested_yuan
    earlier = 0 if before is None else before.this_year_yuan
    if by_then.this_year_yuan is None or earlier is None or (before is not None and before.incomplete_months):
        return None
    return by_then.this_year_yuan - earlier


def _expected_from(opening: Opening | None, first: str, year: int, known_from_zero: bool) -> str:
    """An older project that came without opening lacks the months of its first year before the zone went live."""
    if opening is None and not known_from_zero and int(first[:4]) == year:
        return f"{year}-01"
    return first


def _year(
    reports: Mapping[str, Report],
    base: int | None,
    counted_from: str,
    expected_from: str,
    end: str,
    started_month: str | None,
    completed_month: str | None,
    january_with_february: bool,
) -> _Year:
    """One calendar year up to ``end``: a month's amount adds, a cumulative replaces and closes every gap before it."""
    total = base
    gaps: list[str] = []
    for number in range(1, int(end[5:]) + 1):
        month = f"{end[:4]}-{number:02d}"
        if month < counted_from:
            continue
        report = reports.get(month)
        if report is not None and report.cumulative_this_year_yuan is not None:
            total, gaps = report.cumulative_this_year_yuan, []
        elif report is not None and report.invested_yuan is not None:
            total = None if total is None else total + report.invested_yuan
        elif month >= expected_from and _is_expected(month, started_month, completed_month, january_with_february):
            gaps.append(month)
    return _Year(total, tuple(gaps))


def _is_expected(month: str, started: str | None, completed: str | None, january_with_february: bool) -> bool:
    """Only a project that is being built owes a figure; January is part of February's report where the two are one."""
    if started is None or month < started or (completed is not None and month > completed):
        return False
    return not (january_with_february and month.endswith("-01"))


@lru_cache(maxsize=1 << 12)
def next_month(month: str, by: int = 1) -> str:
    """The month ``by`` months later: ``2026-12`` → ``2027-01``."""
    index = int(month[:4]) * 12 + int(month[5:7]) - 1 + by
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def months_between(earlier: str, later: str) -> int:
    """How many months from one to the other: ``2026-11`` to ``2027-02`` is 3. Days are read as their month."""
    return (int(later[:4]) - int(earlier[:4])) * 12 + int(later[5:7]) - int(earlier[5:7])


def due_share(
    month: str, *, planned_start_month: str | None = None, plan_months: Mapping[int, int] | None = None
) -> Fraction:
    """The share of the year's plan that is due at the end of ``month``.

    The plan's own months, where it has them; else months ÷ 12; for a project planned to start in month s of this year
    nothing before s and (m - s + 1) ÷ (13 - s) from s on.
    """
    number = int(month[5:7])
    if plan_months and (whole := sum(plan_months.values())) > 0:
        return Fraction(sum(value for m, value in plan_months.items() if m <= number), whole)
    if planned_start_month is not None and planned_start_month[:4] == month[:4]:
        return _due(number, int(planned_start_month[5:7]))
    return _due(number)


@lru_cache(maxsize=12 * 12)
def _due(number: int, start: int = 1) -> Fraction:
    """What is due at the end of one month of the year, when work begins in another."""
    return Fraction(max(0, number - start + 1), 13 - start)


@dataclass(frozen=True, slots=True)
class Pace:
    """Share of the year's plan that is done and that is due, both exact. ``points`` is above zero when ahead."""

    done: Fraction
    due: Fraction

    @property
    def points(self) -> Fraction:
        """Percentage points ahead (above zero) or behind (below zero)."""
        return (self.done - self.due) * 100

    @property
    def percent_of_due(self) -> Fraction | None:
        """What is done as a percentage of what is due; None while nothing is due."""
        return self.done / self.due * 100 if self.due else None


def pace(this_year_yuan: int | None, annual_plan_yuan: int | None, due: Fraction) -> Pace | None:
    """How the year's spending stands to its plan; None without a plan above zero or without a known sum."""
    if this_year_yuan is None or not annual_plan_yuan:
        return None
    return Pace(Fraction(this_year_yuan, annual_plan_yuan), due)


def tenth(value: Fraction) -> float:
    """One decimal, half away from zero, as a spreadsheet rounds: 89.25 is 89.3."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


NEEDS_REASON = frozenset(
    {
        "total_investment_yuan",
        "contract_amount_yuan",
        "planned_start_month",
        "planned_completion_month",
        "planned_production_month",
        "annual_plan_yuan",
        "annual_yuan",
        "before_year_yuan",
        "this_year_yuan",
    }
)
"""A change of one of these needs a reason: totals, contract amounts, planned dates, the annual plan, the opening."""


def needs_reason(field: str, before: object, after: object) -> bool:
    """A change needs a reason, the first filling does not; taking a value away is a change."""
    return field in NEEDS_REASON and before is not None and before != after


def reasons_needed(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """The fields of ``after`` whose change against ``before`` needs a reason, in the order given."""
    return [field for field, value in after.items() if needs_reason(field, before.get(field), value)]

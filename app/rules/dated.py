"""Facts that are counted by their month: signed, started, completed, spent. Sums of the monthly ten are made of them.

A fact is data: which column dates it, what it sums, and which projects have it. The funnel counts a row by it, and the
list of a figure's rows asks the database by the same data, so that a number and its rows cannot part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

from app.rules.counting import why_not_counted

BUILT = ("in_construction", "completed")
STATISTICS_LEAST_YUAN = 5_000_000
"""Projects below are too small for the statistics register."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind of fact about a project.

    It is dated by the first known of ``period``, cut to a month or a year; ``undated`` ones count without a date too.
    """

    period: tuple[str, ...]
    amount: str = "total_investment_yuan"
    cut: int = 7
    ledgers: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    dispositions: tuple[str, ...] = ()
    least_total: int | None = None
    """Of the total investment where it is known."""
    among: Literal["official", "counted", "contracts"] = "official"
    """``counted``: what is 待核 too. ``contracts``: once a contract (no phase, no part), gone or not."""
    undated: bool = False


START_MONTH = ("baseline_start_month", "first_planned_start_month", "planned_start_month")
"""The first month committed to holds: who pushed the start back still owes it, until the year turned or the city office
accepted another."""

FACTS: dict[str, Fact] = {
    "signed": Fact(("signed_on",), "contract_amount_yuan", among="contracts"),
    "to_start": Fact(START_MONTH),
    "to_start_started": Fact(START_MONTH, known=("started_on",)),
    "started": Fact(("started_on",), ledgers=BUILT),
    "completed": Fact(("completed_on",), ledgers=("completed",)),
    "in_production": Fact(("in_production_on",)),
    "registered": Fact(("registered_in_statistics_on",)),
    "unregistered": Fact(
        ("started_on",), ledgers=BUILT, blank=("registered_in_statistics_on",), least_total=STATISTICS_LEAST_YUAN
    ),
    "suspended": Fact(("disposition_on",), dispositions=("suspended",), undated=True),
    "invested": Fact(("figures_month",), "invested_this_month_yuan", ledgers=BUILT),
    "planned": Fact(("plan_year",), "annual_plan_yuan", cut=4, ledgers=BUILT, known=("annual_plan_yuan",)),
    "done_of_plan": Fact(("plan_year",), "invested_this_year_yuan", cut=4, ledgers=BUILT, known=("annual_plan_yuan",)),
    "done_in_year": Fact(
        ("plan_year", "figures_month", "opening_month"), "invested_this_year_yuan", cut=4, ledgers=BUILT
    ),
    "reporting": Fact(
        ("reported_month", "figures_month", "opening_month"),
        ledgers=("in_construction",),
        among="counted",
        undated=True,
    ),
}
"""``reporting``: projects of which a report is due, by the month up to which they are known."""

DECIDING = tuple(
    dict.fromkeys(
        (
            "zone_id", "ledger", "disposition", "relation", "has_phases", "pending", "deleted_at", "total_investment_yuan",
            *(c for fact in FACTS.values() for c in (*fact.period, fact.amount, *fact.known, *fact.blank)),
        )
    )
)  # fmt: skip
"""Every column on which these counts hang."""
deciding = itemgetter(*DECIDING)
"""Those columns of a row: two rows alike in them count alike."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A fact of one project: its kind, its month or year ("" when unknown), its amount."""

    fact: str
    period: str
    amount: int | None


def dated(row: Mapping[str, Any]) -> Iterator[Dated]:
    """The facts of one project row that are counted. What is 待核 (pending) is mostly no fact yet."""
    counted = why_not_counted(row) is None
    among = {
        "official": counted and not row["pending"],
        "counted": counted,
        "contracts": row["deleted_at"] is None and row["relation"] not in ("part", "phase"),
    }
    for name, fact in FACTS.items():
        if among[fact.among] and has(fact, row):
            period = period_of(fact, row)
            if period or fact.undated:
                yield Dated(name, period, row[fact.amount])


def has(fact: Fact, row: Mapping[str, Any]) -> bool:
    """Is the project of the kind that this fact counts?"""
    total = row["total_investment_yuan"]
    return (
        (not fact.ledgers or row["ledger"] in fact.ledgers)
        and (not fact.dispositions or row["disposition"] in fact.dispositions)
        and (fact.least_total is None or total is None or total >= fact.least_total)
        and all(row[name] is not None for name in fact.known)
        and all(row[name] is None for name in fact.blank)
    )


def period_of(fact: Fact, row: Mapping[str, Any]) -> str:
    """The month or year of the fact; "" when it has none."""
    found = next((row[name] for name in fact.period if row[name] is not None), "")
    return str(found)[: fact.cut]

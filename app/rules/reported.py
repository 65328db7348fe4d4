"""Facts that lie in a project's reports: that it reported, what it spent and received in a month, problems named and solved.

They are counted by month like the facts of ``rules.dated``, from the project's row and all of its reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.rules import problems
from app.rules.codes import Relation
from app.rules.counting import GONE
from app.rules.dated import BUILT, Dated
from app.rules.family import spends, told_sums
from app.rules.money import next_month
from app.rules.owing import months_owed, stands

Row = Mapping[str, Any]
REPORTED = ("reported", "reported_early")
"""``early``: of the month after the project was completed, owed where a period covers two months."""
MONEY = {"funds": "funds_in_place_yuan", "foreign": "foreign_utilised_usd"}
"""Figure → the field of a report that it sums."""
OF_REPORT = (
    "project_id", "month", "state", "deleted_at", "invested_yuan", "cumulative_this_year_yuan", *MONEY.values(), *problems.TEXTS,
)  # fmt: skip
"""What these facts hang on in a report …"""
OF_PROJECT = (
    "id", "zone_id", "ledger", "disposition", "relation", "has_phases", "part_count", "family_sums", "pending", "deleted_at", "started_on",
    "completed_on", "opening_month", "opening_this_year_yuan", "plan_year", "annual_plan_yuan",
)  # fmt: skip
"""… and in its project's row."""


def facts(row: Row, reports: Sequence[Row]) -> Iterator[Dated]:
    """The facts of one project; its live ``reports`` with the oldest first. A part's count as the part itself stands,
    because its bundle shows nothing but their sum."""
    yield from _given(row, reports)
    if row["deleted_at"] is not None or row["disposition"] in GONE or row["has_phases"]:
        return
    if not row["pending"]:
        yield from _problems(reports)
    elif (
        row["relation"] != Relation.PART
    ):  # whether a part's money counts hangs on its bundle, which sums it all the same
        return
    if row["family_sums"] is not None and spends(told_sums(row["family_sums"])):
        return
    for fact, field in MONEY.items():
        yield from (Dated(fact, r["month"], r[field]) for r in reports if r[field] is not None)
    if row["ledger"] in BUILT:
        for month, amount in steps(row, reports):
            yield Dated("spent", month, amount)
            if row["annual_plan_yuan"] is not None and str(row["plan_year"]) == month[:4]:
                yield Dated("spent_of_plan", month, amount)


def _given(row: Row, reports: Sequence[Row]) -> Iterator[Dated]:
    owed = months_owed(row)
    if owed is None:
        return
    for report in reports:
        month = report["month"]
        if stands(report["state"]) and owed[0] <= month:
            if month <= owed[1]:
                yield Dated("reported", month, None)
            elif next_month(month, -1) == owed[1]:
                yield Dated("reported_early", month, None)


def steps(row: Row, reports: Sequence[Row]) -> Iterator[tuple[str, int]]:
    """By how much each month moved what was spent in its year, as far as that is known: all of a year up to a month add
    up to what was spent by then. What an opening or a later cumulative brings stands in its own month."""
    opening, total, year = row["opening_month"], 0, ""
    known = True
    if opening is not None:
        year, known = opening[:4], row["opening_this_year_yuan"] is not None
        if known:
            total = row["opening_this_year_yuan"]
            yield opening, total
    for report in reports:
        month, added = report["month"], report["invested_yuan"]
        if opening is not None and month <= opening:
            continue
        if month[:4] != year:
            year, total, known = month[:4], 0, True
        if report["cumulative_this_year_yuan"] is not None:
            yield month, report["cumulative_this_year_yuan"] - total
            total, known = report["cumulative_this_year_yuan"], True
        elif added is not None and known:
            yield month, added
            total += added


def _problems(reports: Sequence[Row]) -> Iterator[Dated]:
    """A problem is new where one is named after none, and solved where there is none any more after one."""
    standing = False
    for report in reports:
        if problems.speaks(report):
            named = problems.names(report)
            if named != standing:
                yield Dated("problem_new" if named else "problem_solved", report["month"], None)
            standing = named

"""The city's calendar: working days as the State Council orders them, and on which day a month's reports are due."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from app.rules.money import next_month

STEPS = ("report", "submit", "confirm", "lock")
"""What a month asks for, one after the other: reports by projects, submission by the zone, confirmation, lock."""


def _days(text: str) -> list[str]:
    return text.split()


HOLIDAYS = _days("""
2025-01-01 2025-01-28 2025-01-29 2025-01-30 2025-01-31 2025-02-03 2025-02-04 2025-04-04 2025-05-01 2025-05-02 2025-05-05
2025-06-02 2025-10-01 2025-10-02 2025-10-03 2025-10-06 2025-10-07 2025-10-08
2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-02-23 2026-04-06 2026-05-01 2026-05-04
2026-05-05 2026-06-19 2026-09-25 2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07
""")
"""Mondays to Fridays off."""
WORKDAYS = _days("""
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
""")
"""Saturdays and Sundays on which one works instead."""

CALENDAR: dict[str, Any] = {
    "january_with_february": True,
    "holiday_rule": "postpone",
    "due": {step: {"offset": 0, "day": day} for step, day in zip(STEPS, (22, 25, 26, 28), strict=True)},
    "remind_ahead": 2,
    "remind_again": 3,
    "holidays": HOLIDAYS,
    "workdays": WORKDAYS,
}
"""What the house ships; the city office keeps its own. Days of years that are not announced yet follow the week."""


def is_workday(day: str, calendar: Mapping[str, Any]) -> bool:
    """Does one work on this day?"""
    if day in calendar["workdays"]:
        return True
    return day not in calendar["holidays"] and date.fromisoformat(day).weekday() < 5


def days_between(first: str, last: str, calendar: Mapping[str, Any]) -> int:
    """Working days after ``first`` up to ``last``: the day on which a term begins does not count, its last day does."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    if end <= begin:
        return 0
    weeks, rest = divmod((end - begin).days, 7)
    found = weeks * 5 + sum((begin + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1))
    off = {d for d in calendar["holidays"] if first < d <= last and date.fromisoformat(d).weekday() < 5}
    on = {d for d in calendar["workdays"] if first < d <= last and date.fromisoformat(d).weekday() > 4}
    both = {d for d in off if d in calendar["workdays"]}
    return found - len(off - both) + len(on)


def days_after(first: str, count: int, calendar: Mapping[str, Any]) -> str:
    """The day on which ``count`` working days after ``first`` have passed."""
    day, left = date.fromisoformat(first), count
    while left > 0:
        day += timedelta(days=1)
        left -= is_workday(day.isoformat(), calendar)
    return day.isoformat()


def due_day(month: str, step: str, calendar: Mapping[str, Any]) -> str:
    """The day on which ``step`` of ``month`` is due: never a day off, but the working day after (or before) it."""
    due = calendar["due"][step]
    of = next_month(month, due["offset"])
    day = date.fromisoformat(f"{of}-{min(due['day'], monthrange(int(of[:4]), int(of[5:]))[1]):02d}")
    by = timedelta(days=1 if calendar["holiday_rule"] == "postpone" else -1)
    while not is_workday(day.isoformat(), calendar):
        day += by
    return day.isoformat()


def last_day(month: str) -> str:
    """The last day of a month."""
    return f"{month}-{monthrange(int(month[:4]), int(month[5:]))[1]:02d}"


def first_month(month: str, calendar: Mapping[str, Any]) -> str:
    """The first month that the report of ``month`` speaks of: January's is part of February's where the two are one."""
    return f"{month[:4]}-01" if month.endswith("-02") and calendar["january_with_february"] else month


def days_late(due: str, done: str) -> int:
    """How many days after the day it was due; 0 when in time."""
    return max(0, (date.fromisoformat(done) - date.fromisoformat(due)).days)

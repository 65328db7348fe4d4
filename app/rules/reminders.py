"""When somebody is reminded of a due day: some working days before, on the day, and again and again once it is late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from app.rules.calendar import is_workday

MOST_LATE = 10
"""Reminders of one lateness; after that somebody has to be called."""


class Occasion(NamedTuple):
    """``name``: ahead, due, late-1, late-2 …; ``day``: the working day on which it comes."""

    name: str
    day: str


def occasion(due: str, today: str, calendar: Mapping[str, Any]) -> Occasion | None:
    """The last occasion that has come by ``today``; None while it is too early for any.

    So a worker that stood still for a week makes up for the last one it missed, and for no other.
    """
    come = [found for found in occasions(due, calendar) if found.day <= today]
    return come[-1] if come else None


def occasions(due: str, calendar: Mapping[str, Any]) -> list[Occasion]:
    """Every occasion of a due day, in order. ``remind_ahead`` 0: none before the day; ``remind_again`` 0: none after it."""
    ahead, again = calendar["remind_ahead"], calendar["remind_again"]
    found = [Occasion("ahead", workdays_on(due, -ahead, calendar))] if ahead else []
    found.append(Occasion("due", due))
    day = workdays_on(due, 1, calendar)
    for n in range(1, MOST_LATE + 1 if again else 1):
        found.append(Occasion(f"late-{n}", day))
        day = workdays_on(day, again, calendar)
    return found


def workdays_on(day: str, count: int, calendar: Mapping[str, Any]) -> str:
    """The day so many working days after (or before) this one."""
    at, step = date.fromisoformat(day), timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        at += step
        left -= is_workday(at.isoformat(), calendar)
    return at.isoformat()

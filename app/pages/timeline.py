"""The life of a project on a line: signed, started, completed, producing; planned above, actual below. Drawn as SVG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.rules.money import months_between
from app.words import Word, say

STEPS: tuple[tuple[Word, str | None, str, str | None], ...] = (
    (Word("Signed"), None, "signed_on", None),
    (Word("Start"), "planned_start_month", "started_on", "first_planned_start_month"),
    (Word("Completion"), "planned_completion_month", "completed_on", None),
    (Word("Production"), "planned_production_month", "in_production_on", None),
)
"""Title, planned month, day of the fact, and the first plan where it is kept."""
WIDTH, LEFT, RIGHT = 1344, 72, 1300
NEAR = 24
"""Half of what a year needs beside its line; a planned month that stands there is worth more."""
APART = 76
"""Pixels that two labels need between them."""


@dataclass
class Step:
    """One step: what was planned, what came, and how far the two lie apart."""

    title: str
    planned: str | None
    actual: str | None
    first: str | None
    note: str
    late: bool
    x_planned: float | None = None
    x_actual: float | None = None
    at_planned: float = 0
    """Where the label stands: beside its point when another one is too near."""
    at_actual: float = 0


@dataclass
class Drawing:
    """Steps with their places, the years behind them, and today."""

    steps: list[Step]
    years: list[tuple[str, float]]
    """What is written at the line of a year: nothing where a planned month stands."""
    today: float | None
    today_said: str
    reached: tuple[float, float] | None
    """From the first fact to the last: the part of the lower line that is drawn strong."""


def steps(project: Mapping[str, Any], today: str, language: str) -> list[Step]:
    """The four steps in words, for the drawing and for the table that stands in its place on a phone."""
    found = []
    for title, planned, actual, first in STEPS:
        plan = project.get(planned) if planned else None
        came = project.get(actual)
        began = project.get(first) if first else None
        note, late = _note(plan, came, began, today, language)
        found.append(Step(say(title, language), plan, came, began if began != plan else None, note, late))
    return found


def _note(plan: str | None, came: str | None, first: str | None, today: str, language: str) -> tuple[str, bool]:
    base = first or plan
    if base is None:
        return "", False
    if came is not None:
        months = _months(base, came)
        if months == 0:
            return say("on time", language), False
        return _by(months, "late" if months > 0 else "early", language), months > 0
    overdue = _months(base, today)
    if overdue > 0:
        return _by(overdue, "overdue", language), True
    return "", False


BY: dict[tuple[str, bool], Word] = {
    ("late", True): Word("1 month late"),
    ("late", False): Word("{n} months late"),
    ("early", True): Word("1 month early"),
    ("early", False): Word("{n} months early"),
    ("overdue", True): Word("1 month overdue"),
    ("overdue", False): Word("{n} months overdue"),
}


def _by(months: int, way: str, language: str) -> str:
    return say(BY[way, abs(months) == 1], language, n=abs(months))


def _months(since: str, until: str) -> int:
    forward = months_between(since, until) if since[:7] <= until[:7] else -months_between(until, since)
    return int(forward)


def drawing(project: Mapping[str, Any], today: str, language: str) -> Drawing | None:
    """The line; None when not a single day or month is known."""
    found = steps(project, today, language)
    points = [_at(p) for s in found for p in (s.planned, s.actual) if p]
    if not points:
        return None
    points.append(_at(today))
    first, last = min(points), max(points)
    margin = max((last - first) * 0.06, 0.15)
    low, high = first - margin, last + margin

    def place(value: float) -> float:
        return round(LEFT + (value - low) / (high - low) * (RIGHT - LEFT), 1)

    for step in found:
        step.x_planned = place(_at(step.planned)) if step.planned else None
        step.x_actual = place(_at(step.actual)) if step.actual else None
    _spread(found, "x_planned", "at_planned")
    _spread(found, "x_actual", "at_actual")
    done = [s.x_actual for s in found if s.x_actual is not None]
    labels = [s.at_planned for s in found if s.x_planned is not None]
    years = [
        ("" if any(-NEAR < at - place(y) < 2 * NEAR for at in labels) else str(y), place(y))
        for y in range(int(low) + 1, int(high) + 1)
    ]
    return Drawing(
        found, years, place(_at(today)), f"{today[:4]}.{today[5:7]}", (min(done), max(done)) if done else None
    )


def _at(moment: str) -> float:
    """A day or the middle of a month as a fraction of years."""
    day = date.fromisoformat(moment if len(moment) == 10 else moment + "-15")
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _spread(found: list[Step], point: str, label: str) -> None:
    """Move labels apart that would cover each other, as little as needed, to the right."""
    taken = float(LEFT - APART)
    for step in sorted((s for s in found if getattr(s, point) is not None), key=lambda s: getattr(s, point)):
        taken = max(getattr(step, point), taken + APART)
        setattr(step, label, taken)


def short(moment: str | None) -> str:
    """``2026-04`` → ``26.04``, as small as it stands beside a point."""
    return f"{moment[2:4]}.{moment[5:7]}" if moment else ""

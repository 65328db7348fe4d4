"""The year's investment of a project on a curve: what was planned up to each month, and what was done. Drawn as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.rules.family import spends
from app.rules.money import due_share

LABELS = 14
"""Pixels that two labels beside the line need between them."""
TOP, FOOT = 26, 40


@dataclass(frozen=True)
class Month:
    """One month of the year: what was due at its end, what was done by then; None: unknown."""

    month: str
    planned: int | None
    done: int | None

    @property
    def behind(self) -> int | None:
        """How much less was done than planned; below zero: more."""
        return None if self.planned is None or self.done is None else self.planned - self.done


@dataclass(frozen=True)
class Drawing:
    """The curve at one size: lines as points, the scale, and where the labels of the last report stand."""

    width: int
    height: int
    left: int
    right: int
    base: int
    plan: str
    done: str
    scale: tuple[tuple[int, float], ...]
    """(amount in yuan, height) of the lines behind."""
    months: tuple[tuple[int, float], ...]
    last: tuple[float, float, float | None]
    """The last report: place, height done, height planned."""
    said_at: tuple[float, float]
    """Heights of the words for what is done and for the difference."""
    plan_at: float | None


@dataclass(frozen=True)
class Curve:
    """A year with its months, and its drawings for the desk and for the phone."""

    year: int
    months: list[Month]
    last: Month | None
    drawings: tuple[Drawing, ...]


def curve(
    project: Mapping[str, Any], reports: Iterable[Mapping[str, Any]], opening: Mapping[str, Any], plan_months: Any
) -> Curve | None:
    """The year that the project's figures belong to; None where neither a plan nor a report of it is known."""
    shown = project["plan_year"] or (project["month_report"] or {}).get("month") or opening.get("month")
    if not shown:
        return None
    year = int(str(shown)[:4])
    done = {r["month"]: r["cumulative_this_year_yuan"] for r in reports}
    if spends(project.get("family_sums")):  # what its parts spent by now; their months are on their own pages
        done, opening = {(project["month_report"] or {}).get("month"): project["invested_this_year_yuan"]}, {}
    if opening.get("month") and opening.get("this_year_yuan") is not None:
        done.setdefault(opening["month"], opening["this_year_yuan"])
    months = [
        Month(month, _planned(project, month, plan_months), done.get(month))
        for month in (f"{year}-{n:02d}" for n in range(1, 13))
    ]
    if all(month.planned is None and month.done is None for month in months):
        return None
    last = next((month for month in reversed(months) if month.done is not None), None)
    return Curve(year, months, last, (_drawing(months, last, 680, 320), _drawing(months, last, 350, 240)))


def city_curve(points: Sequence[Mapping[str, Any]]) -> Curve | None:
    """The year of many projects together; None where nothing is planned."""
    if not points:
        return None
    months = [Month(point["month"], point["planned_yuan"], point["done_yuan"]) for point in points]
    last = next((month for month in reversed(months) if month.done is not None), None)
    return Curve(
        int(months[0].month[:4]), months, last, (_drawing(months, last, 680, 320), _drawing(months, last, 350, 240))
    )


def _planned(project: Mapping[str, Any], month: str, plan_months: Any) -> int | None:
    plan = project["annual_plan_yuan"]
    if plan is None or project["plan_year"] != int(month[:4]):
        return None
    start = project["first_planned_start_month"] or project["planned_start_month"]
    due: int = round(plan * due_share(month, planned_start_month=start, plan_months=plan_months))
    return due


def _drawing(months: Sequence[Month], last: Month | None, width: int, height: int) -> Drawing:
    left, right, base = 64, width - 76, height - FOOT
    most = max([v for m in months for v in (m.planned, m.done) if v is not None], default=0) or 1

    def across(number: int) -> float:
        return round(left + (right - left) * number / 12, 1)

    def up(yuan: int) -> float:
        return round(float(base - (base - TOP) * Fraction(max(yuan, 0), most)), 1)

    def line(values: list[int | None]) -> str:
        known = [(across(n), up(value)) for n, value in enumerate(values) if value is not None]
        return " ".join(f"{x},{y}" for x, y in known)

    plan = [month.planned for month in months]
    at = (float(left), float(base), None) if last is None else _at(last, across, up)
    return Drawing(
        width, height, left, right, base,
        plan=line([0, *plan]) if plan[-1] is not None else "",
        done=line([0, *(month.done for month in months)]) if last else "",
        scale=tuple((yuan, up(yuan)) for yuan in _scale(most)),
        months=tuple((n, across(n)) for n in range(1, 13)),
        last=at,
        said_at=_apart(at),
        plan_at=up(plan[-1]) if plan[-1] is not None else None,
    )  # fmt: skip


def _at(last: Month, across: Any, up: Any) -> tuple[float, float, float | None]:
    planned = None if last.planned is None else up(last.planned)
    return across(int(last.month[5:])), up(last.done or 0), planned


def _apart(at: tuple[float, float, float | None]) -> tuple[float, float]:
    """The word for what is done stands below its point when it lies below the plan, else above; the difference between."""
    _, done, planned = at
    if planned is None:
        return done - 8, done
    middle = (done + planned) / 2 + 4
    below = done >= planned
    word = done + LABELS if below else done - 6
    gap = middle if abs(word - middle) >= LABELS else (word - LABELS if below else word + LABELS)
    return word, gap


def _scale(most: int) -> list[int]:
    """Round amounts up to the greatest one: at most four lines, 1, 2 or 5 times a power of ten apart."""
    step = 1
    while most // step > 4:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return list(range(0, most + 1, step))

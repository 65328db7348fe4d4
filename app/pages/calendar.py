"""The city's calendar as a page: which days are worked, when the steps of a month are due, how early it is reminded."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app import clock
from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, texts, typed, wrong
from app.rules.access import Act
from app.rules.calendar import STEPS, due_day, first_month, is_workday
from app.rules.money import next_month
from app.services import calendar, periods
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PLACE = "/admin/calendar"
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
FIRST, LAST = 2020, 2100
TITLES = {
    "report": Word("Reports due"), "submit": Word("Submission due"), "confirm": Word("Confirmation due"), "lock": Word("Lock due"),
}  # fmt: skip
Record = dict[str, Any]


@router.get(PLACE)
async def show(request: Request, caller: Who) -> Response:
    """A year of the calendar, and the due days that follow from it."""
    return await _page(request, caller, _year(request.query_params.get("year")))


@router.post(PLACE)
async def save(request: Request, caller: Who) -> Response:
    """Keep the year and the days as they were set (``do`` save), or show what would follow (preview)."""
    form = await typed(request)
    year = _year(text(form, "year"))
    try:
        kept = await database(request).read(caller, calendar.read)
        said = _said(form, kept, year)
        if text(form, "do") == "preview":
            return await _page(request, caller, year, said=said, version=number(form, "version"))
        values = said | {"reason": text(form, "reason").strip() or None}
        await database(request).act(caller, calendar.put, values, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _page(request, caller, year, refusal=refusal)
    return go(request, f"{PLACE}?year={year}&done=saved")


def _year(sent: str | None) -> int:
    found = int(sent) if sent and re.fullmatch(r"\d{4}", sent) else int(clock.today()[:4])
    return min(max(found, FIRST), LAST)


# ── what was set ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _said(form: FormData, kept: Record, year: int) -> Record:
    """The calendar as the form has it; the days of other years stay."""
    worked = set(texts(form, "day"))
    other = {n: [d for d in kept[n] if d[:4] != str(year)] for n in ("holidays", "workdays")}
    for day in _days(year):
        weekday = date.fromisoformat(day).weekday() < 5
        if weekday and day not in worked:
            other["holidays"].append(day)
        elif not weekday and day in worked:
            other["workdays"].append(day)
    return {
        **{n: sorted(days) for n, days in other.items()},
        "due": {s: {"offset": _count(form, f"offset-{s}"), "day": _count(form, f"due-{s}")} for s in STEPS},
        "holiday_rule": text(form, "holiday_rule"),
        "january_with_february": bool(text(form, "january_with_february")),
        "remind_ahead": _count(form, "remind_ahead"),
        "remind_again": _count(form, "remind_again"),
    }


def _count(form: FormData, name: str) -> int:
    found = number(form, name)
    if found is None:
        raise Invalid.one(f"/{name}", "required", "This must be given")
    return found


def _days(year: int) -> list[str]:
    first = date(year, 1, 1)
    return [(first + timedelta(days=n)).isoformat() for n in range((date(year + 1, 1, 1) - first).days)]


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
async def _page(
    request: Request,
    caller: Caller,
    year: int,
    *,
    said: Record | None = None,
    version: int | None = None,
    refusal: Refusal | None = None,
) -> Response:
    def found(desk: Desk) -> Any:
        desk.ask(Act.SETTING_AMEND)
        return calendar.read(desk), [p["month"] for p in periods.all_(desk) if p["locked_on"] is None]

    reader, (kept, opened) = await read(request, caller, found)
    shown = kept | (said or {})
    refused = wrong(refusal, reader.language) if refusal else RIGHT
    for step in STEPS:  # the refusal names the whole, the form has a field for each step
        if "due" in refused.at:
            refused.at[f"due-{step}"] = refused.at["due"]
    return render(
        request, reader, "settings/calendar.html", status=refused.status, c=shown, year=year, steps=TITLES, opened=opened,
        months=_months(year, shown), dues=_dues(year, shown), version=kept["version"] if version is None else version,
        preview=said is not None, wrong=refused, done=request.query_params.get("done"), announced=_announced(year, shown),
        first=FIRST, last=LAST,
    )  # fmt: skip


def _months(year: int, shown: Record) -> list[Record]:
    """Each month as weeks from Monday on; a day says whether one works, and whether that differs from the week's rule."""
    found = []
    for month in range(1, 13):
        first, count = date(year, month, 1), monthrange(year, month)[1]
        days: list[Record | None] = [None] * first.weekday()
        for n in range(count):
            day = first + timedelta(days=n)
            works = is_workday(day.isoformat(), shown)
            days.append({"day": day.isoformat(), "n": n + 1, "works": works, "rule": day.weekday() < 5})
        days += [None] * (-len(days) % 7)
        found.append({"month": f"{year}-{month:02d}", "weeks": [days[n : n + 7] for n in range(0, len(days), 7)]})
    return found


def _dues(year: int, shown: Record) -> list[Record]:
    """Month by month the due days, each with whether a day off moved it."""
    found = []
    for n in range(1, 13):
        month = f"{year}-{n:02d}"
        if n == 1 and shown["january_with_february"]:
            continue
        days = {step: due_day(month, step, shown) for step in STEPS}
        moved = {s: _plain(month, shown["due"][s]) != day for s, day in days.items()}
        found.append({"month": month, "first": first_month(month, shown), "days": days, "moved": moved})
    return found


def _plain(month: str, due: Record) -> str:
    """The due day before any day off moves it."""
    of = next_month(month, due["offset"])
    return f"{of}-{min(due['day'], monthrange(int(of[:4]), int(of[5:]))[1]):02d}"


def _announced(year: int, shown: Record) -> bool:
    return any(day[:4] == str(year) for day in shown["holidays"])

"""Months: the list, the city's table of zones, and the steps that a month takes, each as a small form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.models.base import meta
from app.models.month_shapes import MonthOpen
from app.models.reports import ReportFacts
from app.pages import database, figures, go, read, render, wants_fragment
from app.pages.cell_text import change_of
from app.pages.door import page_caller
from app.pages.forms import RIGHT, month_of, path_month, text, texts, typed, wrong
from app.pages.month_grid import PLACE, STEPS, where
from app.pages.projects import id_of
from app.pages.standing import day_of
from app.rules.access import Act
from app.services import corrections, months, periods, project_pages, reports, years, zone_months
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Forbidden)
SERVICES: dict[str, Callable[..., Any]] = {
    "submit": zone_months.submit, "confirm": zone_months.confirm, "return": zone_months.return_,
}  # fmt: skip
HEADINGS = {
    "submit": Word("Submit the month"),
    "confirm": Word("Confirm the month"),
    "return": Word("Return the month"),
}
DAYS = tuple(name for name in MonthOpen.model_fields if name != "reason")


@router.get("/months")
async def list_months(request: Request, caller: Who) -> Response:
    """Every month that was opened; the city office opens the next one here."""

    def found(desk: Desk) -> Any:
        return months.list_(desk), _opens(desk), years.list_(desk), years.next_(desk)

    reader, (known, opens, turned, year) = await read(request, caller, found)
    return render(request, reader, "months/list.html", months=known, opens=opens, years=turned, next_year=year)


def _opens(desk: Desk) -> bool:
    return desk.may(Act.MONTH_OPEN) and desk.actor.everywhere


@router.get("/months/{month}")
async def show(request: Request, caller: Who) -> Response:
    """The city's month; who has one zone only goes to its grid."""
    month = path_month(request)

    def found(desk: Desk) -> Any:
        told = months.read(desk, month)
        return told, months.unstamped(desk, told["items"]), desk.may(Act.MONTH_LOCK) and desk.actor.everywhere

    reader, (told, unstamped, locks) = await read(request, caller, found)
    if len(told["items"]) == 1:
        return go(request, f"/zones/{told['items'][0]['zone']}/months/{month}")
    return render(
        request, reader, "months/city.html", m=told, waiting=months.waiting(told["items"]), locks=locks and not told["locked_on"],
        unstamped=unstamped,
        done=request.query_params.get("done"),
    )  # fmt: skip


# ── opening and locking ──────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/months/open/new")
async def ask_open(request: Request, caller: Who) -> Response:
    """The next month; the calendar gives its days where none are typed."""
    return await _open_form(request, caller)


@router.post("/months/open/new")
async def open_month(request: Request, caller: Who) -> Response:
    form = await typed(request)
    try:
        month = month_of(form)
        days = {name: day_of(text(form, name), f"/{name}") for name in DAYS if text(form, name).strip()}
        await database(request).act(caller, periods.open_, month, days)
    except REFUSALS as refusal:
        return await _open_form(request, caller, form, refusal)
    return go(request, f"/months/{month}?done=opened")


async def _open_form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> str:
        periods.ask_for_all(desk, Act.MONTH_OPEN)
        return periods.after(desk, periods.all_(desk))

    reader, month = await read(request, caller, found)
    said = {n: text(form, n) for n in form} if form is not None else {"month": month}
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    block = "dialog" if wants_fragment(request) else None
    return render(
        request, reader, "months/open_form.html", block, shown.status, said=said, wrong=shown,
        days=[(name, str(MonthOpen.model_fields[name].title)) for name in DAYS if name != "cut_off_on"],
    )  # fmt: skip


@router.get("/months/{month}/lock")
async def ask_lock(request: Request, caller: Who) -> Response:
    """Which zones are still missing, before a month is locked for ever."""
    return await _lock_form(request, caller)


@router.post("/months/{month}/lock")
async def lock(request: Request, caller: Who) -> Response:
    month = path_month(request)
    try:
        await database(request).act(caller, months.lock, month, {})
    except REFUSALS as refusal:
        return await _lock_form(request, caller, refusal)
    return go(request, f"/months/{month}?done=locked")


async def _lock_form(request: Request, caller: Caller, refusal: Refusal | None = None) -> Response:
    month = path_month(request)

    def found(desk: Desk) -> Any:
        periods.ask_for_all(desk, Act.MONTH_LOCK)
        told = months.read(desk, month)
        return told, months.unstamped(desk, told["items"])

    reader, (told, unstamped) = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    block = "dialog" if wants_fragment(request) else None
    return render(
        request,
        reader,
        "months/lock_form.html",
        block,
        shown.status,
        m=told,
        waiting=months.waiting(told["items"]),
        unstamped=unstamped,
        wrong=shown,
    )


# ── a zone's steps ───────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(PLACE + "/{step}")
async def ask_step(request: Request, caller: Who) -> Response:
    """What a step means now: what is missing, what goes back."""
    return await _step_form(request, caller)


@router.post(PLACE + "/{step}")
async def make_step(request: Request, caller: Who) -> Response:
    """Submit, confirm or return a zone's month."""
    code, month, place = where(request)
    step, form = _step(request), await typed(request)
    values: dict[str, Any] = {"reason": text(form, "reason").strip() or None}
    if step == "return" and texts(form, "project"):
        values["project_ids"] = [int(sent) for sent in texts(form, "project") if sent.isdecimal() and len(sent) < 19]
    try:
        await database(request).act(caller, SERVICES[step], code, month, values)
    except REFUSALS as refusal:
        return await _step_form(request, caller, form, refusal)
    return go(request, f"{place}?done={step}")


def _step(request: Request) -> str:
    step: str = request.path_params["step"]
    if step not in SERVICES:
        raise NotFound
    return step


async def _step_form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    code, month, place = where(request)
    step = _step(request)

    def found(desk: Desk) -> Any:
        desk.ask(STEPS[step])
        return zone_months.read(desk, code, month)

    reader, told = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    given = [i for i in told["items"] if i["state"] in zone_months.DONE]
    return render(
        request, reader, "months/step_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        m=told, step=step, heading=HEADINGS[step], place=place, given=given, wrong=shown,
        reason=text(form, "reason") if form is not None else "", ticked=texts(form, "project") if form is not None else [],
    )  # fmt: skip


# ── corrections ──────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/projects/{id:int}/reports/{month}/correct")
async def ask_correction(request: Request, caller: Who) -> Response:
    """One field of a locked report, what stands there, and what should."""
    return await _correction_form(request, caller)


@router.post("/projects/{id:int}/reports/{month}/correct")
async def correct(request: Request, caller: Who) -> Response:
    form, id_, month = await typed(request), id_of(request), path_month(request)
    field = text(form, "field")
    try:
        if field not in ReportFacts.model_fields:
            raise Invalid.one("/field", "required", "This must be given")
        values = {"field": field, "value": _value(field, text(form, "value")), "reason": text(form, "reason").strip()}
        values |= {"document": text(form, "document").strip() or None}
        await database(request).act(caller, corrections.create, id_, month, values)
    except REFUSALS as refusal:
        return await _correction_form(request, caller, form, refusal)
    return go(request, f"/projects/{id_}?done=corrected#reports")


def _value(field: str, sent: str) -> Any:
    """What was typed, as the field's value; what is wrong with it stands beside the value."""
    try:
        return change_of(field, sent, "wan", "report")[0][field]
    except Invalid as refusal:
        problem = refusal.problems[0]
        raise Invalid.one("/value", problem.code, problem.msgid, **problem.values) from refusal


async def _correction_form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    id_, month = id_of(request), path_month(request)

    def found(desk: Desk) -> Any:
        desk.ask(Act.REPORT_CORRECT)
        return project_pages.one(desk, id_)[0], next((r for r in reports.list_(desk, id_) if r["month"] == month), {})

    reader, (project, now) = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    said = {n: text(form, n) for n in form} if form is not None else {"field": request.query_params.get("field", "")}
    return render(
        request, reader, "months/correction_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        p=project, month=month, said=said, wrong=shown,
        fields=[(n, str(f.title), figures.shown(now.get(n), meta(f), reader.language)) for n, f in ReportFacts.model_fields.items()],
    )  # fmt: skip

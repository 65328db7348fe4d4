"""The turn of the year: preview and act for the city office, what is left to decide for a zone, baselines accepted."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale
from app.pages import database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.forms import RIGHT, month_of, number, text, typed, wrong
from app.pages.projects import id_of
from app.rules.access import Act
from app.services import baselines, periods, project_pages, start_decisions, years
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
DECISIONS = {
    "new_month": Word("Start in a month of this year"),
    "reserve": Word("Back to reserve"),
    "exit": Word("Out of the ledgers (withdrawn)"),
}
MAY = {"new_month": Act.PROJECT_AMEND, "reserve": Act.PROJECT_MOVE, "exit": Act.PROJECT_EXIT}


def year_of(request: Request, name: str = "year") -> int:
    """The year in the address. What cannot be one is simply not there."""
    sent = request.path_params.get(name) or request.query_params.get(name) or ""
    if not re.fullmatch(r"19[5-9]\d|20\d\d|21\d\d", sent):
        raise NotFound
    return int(sent)


# ── the city's page ──────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/years/{year}")
async def show_year(request: Request, caller: Who) -> Response:
    """What a year carries over, asks for and closes, zone by zone; who sees one zone only goes to its page."""
    year = year_of(request)

    def found(desk: Desk) -> Any:
        told = years.read(desk, years.shown(desk, year))
        return told, desk.may(Act.YEAR_OPEN) and desk.actor.everywhere, years.from_when(desk, year)

    reader, (told, opens, early) = await read(request, caller, found)
    if len(told["items"]) == 1:
        return go(request, f"/zones/{told['items'][0]['zone']}/years/{year}")
    done = request.query_params.get("done")
    return render(request, reader, "years/city.html", y=told, opens=opens and told["left"] > 0, early=early, done=done)


@router.get("/years/{year}/open")
async def ask_open_year(request: Request, caller: Who) -> Response:
    """What will happen, once more, before it does."""
    return await _open_form(request, caller)


@router.post("/years/{year}/open")
async def open_year(request: Request, caller: Who) -> Response:
    """Open the year for every zone that has not."""
    year, form = year_of(request), await typed(request)
    try:
        await database(request).act(caller, years.open_, year, {"reason": text(form, "reason").strip() or None})
    except REFUSALS as refusal:
        return await _open_form(request, caller, form, refusal)
    return go(request, f"/years/{year}?done=opened")


async def _open_form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    year = year_of(request)

    def found(desk: Desk) -> Any:
        periods.ask_for_all(desk, Act.YEAR_OPEN)
        return years.read(desk, years.shown(desk, year))

    reader, told = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "years/open_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        y=told, wrong=shown, reason=text(form, "reason") if form is not None else "",
    )  # fmt: skip


# ── a zone's page ────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/zones/{code}/years/{year}")
async def show_zone_year(request: Request, caller: Who) -> Response:
    """What the turn of the year leaves to a zone: to decide, to plan; and what it carried over and closed."""
    year, code = year_of(request), request.path_params["code"]

    def found(desk: Desk) -> Any:
        told = years.of_zone(desk, code, years.shown(desk, year))
        return told, desk.may(Act.PROJECT_AMEND), desk.may(Act.PLAN_WRITE)

    reader, (told, decides, plans_) = await read(request, caller, found)
    done = request.query_params.get("done")
    return render(
        request, reader, "years/zone.html", y=told, decides=decides and told["opened"], plans=plans_, done=done
    )


@router.get("/projects/{id:int}/years/{year}/decision")
async def ask_decision(request: Request, caller: Who) -> Response:
    """The three ways for a project that did not start."""
    return await _decision_form(request, caller)


@router.post("/projects/{id:int}/years/{year}/decision")
async def decide(request: Request, caller: Who) -> Response:
    form, id_, year = await typed(request), id_of(request), year_of(request)
    try:
        values: dict[str, Any] = {
            n: said for n in ("decision", "destination", "reason") if (said := text(form, n).strip())
        }
        if values.get("decision") == "new_month":
            values["month"] = month_of(form)
        answer = await database(request).act(
            caller, start_decisions.decide, id_, year, values, version=number(form, "version")
        )
    except REFUSALS as refusal:
        return await _decision_form(request, caller, form, refusal)
    return go(request, f"/zones/{answer.value['zone']}/years/{year}?done=decided")


async def _decision_form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    year = year_of(request)

    def found(desk: Desk) -> Any:
        desk.ask(Act.PROJECT_AMEND)
        return project_pages.one(desk, id_of(request))[0], [(n, w) for n, w in DECISIONS.items() if desk.may(MAY[n])]

    reader, (project, ways) = await read(request, caller, found)
    planned = project["planned_start_month"] or ""
    first = {"decision": "new_month", "month": planned if planned.startswith(str(year)) else ""}
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "years/decision_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        p=project, year=year, ways=ways, wrong=shown, said=first if form is None else {n: text(form, n) for n in form},
    )  # fmt: skip


# ── baselines ────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/projects/{id:int}/baseline")
async def ask_baseline(request: Request, caller: Who) -> Response:
    """What was first committed to, what is planned now, and whether lights shall compare with that."""
    return await _baseline_form(request, caller)


@router.post("/projects/{id:int}/baseline")
async def accept_baseline(request: Request, caller: Who) -> Response:
    form, id_ = await typed(request), id_of(request)
    values = {
        "of": text(form, "of"),
        "reason": text(form, "reason").strip() or None,
        "version": number(form, "version"),
    }
    try:
        await database(request).act(caller, baselines.accept, id_, values)
    except REFUSALS as refusal:
        return await _baseline_form(request, caller, form, refusal)
    return go(request, f"/projects/{id_}?done=saved#plans")


async def _baseline_form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> Any:
        desk.ask(Act.BASELINE_ACCEPT)
        return project_pages.one(desk, id_of(request))[0], baselines.told(desk, id_of(request))

    reader, (project, told) = await read(request, caller, found)
    of = text(form, "of") if form is not None else request.query_params.get("of", "")
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "years/baseline_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        p=project, changed=[c for c in told if c["of"] == of] or told, wrong=shown,
        reason=text(form, "reason") if form is not None else "",
    )  # fmt: skip

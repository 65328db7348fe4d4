"""The annual plan of a project: what was issued, by which document, month by month where that is known."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, figures, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.pages.projects import id_of
from app.pages.standing import day_of, money_of
from app.rules.access import Act
from app.services import plans, project_pages

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
MONTHS = tuple(str(n) for n in range(1, 13))
TEXTS = ("goal_text", "document", "reason")


@router.get("/projects/{id:int}/plan")
async def ask_plan(request: Request, caller: Who) -> Response:
    """The plan of a year, the one shown unless another is asked for."""
    return await _form(request, caller)


@router.post("/projects/{id:int}/plan")
async def put_plan(request: Request, caller: Who) -> Response:
    """Write the plan of a year; another amount is a new version, the ones before stay."""
    form, id_ = await typed(request), id_of(request)
    try:
        year = number(form, "year")
        if year is None or not 1949 <= year <= 2200:
            raise Invalid.one("/year", "out_of_range", "The year must be between 1949 and 2200")
        values: dict[str, Any] = {n: said for n in TEXTS if (said := text(form, n).strip())}
        values |= {
            "annual_yuan": money_of(form, "annual_yuan"),
            "issued_on": day_of(text(form, "issued_on"), "/issued_on"),
        }
        values["months"] = _months(form) or None
        await database(request).act(caller, plans.put, id_, year, values, version=number(form, "plan_version"))
    except REFUSALS as refusal:
        return await _form(request, caller, form, refusal)
    return go(request, f"/projects/{id_}?done=saved#plans")


def _months(form: FormData) -> dict[str, int]:
    found = {month: money_of(form, f"month_{month}") for month in MONTHS}
    return {month: amount for month, amount in found.items() if amount is not None}


async def _form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    asked = request.query_params.get("year", "")

    def found(desk: Desk) -> Any:
        desk.ask(Act.PLAN_WRITE)
        project = project_pages.one(desk, id_of(request))[0]
        year = int(asked) if asked.isdecimal() and len(asked) == 4 else project["plan_year"] or int(desk.today[:4])
        return project, year, next((p for p in plans.list_(desk, id_of(request)) if p["year"] == year), None)

    reader, (project, year, now) = await read(request, caller, found)
    said = {n: text(form, n) for n in form} if form is not None else _known(year, now)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "projects/plan_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        p=project, now=now, said=said, wrong=shown, months=MONTHS,
    )  # fmt: skip


def _known(year: int, now: dict[str, Any] | None) -> dict[str, Any]:
    """What the form begins with."""
    if now is None:
        return {"year": year}
    months = {f"month_{m}": figures.exact(amount) for m, amount in (now["months"] or {}).items()}
    facts = {name: now[name] or "" for name in ("goal_text", "document", "issued_on")}
    return {
        "year": year,
        "annual_yuan": figures.exact(now["annual_yuan"]),
        **facts,
        **months,
        "plan_version": now["version"],
    }

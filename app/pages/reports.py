"""Reporting a month of one project: a small form, filled with what is known of the month."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app import clock
from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, figures, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.forms import RIGHT, month_of, number, text, typed, wrong
from app.pages.projects import id_of
from app.rules.access import Act
from app.rules.amounts import read_amount
from app.rules.family import spends
from app.rules.money import next_month
from app.rules.months import read_month
from app.services import families, photos, project_pages, reports
from app.words import Word, say

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
TEXTS = ("progress_text", "problems_own", "problems_government", "next_steps", "no_change_reason")
AMOUNTS = ("funds_in_place_yuan", "statistical_invested_yuan")
BASES = {"invested_yuan": Word("of this month"), "cumulative_this_year_yuan": Word("from January to this month")}


@router.get("/projects/{id:int}/report")
async def ask_report(request: Request, caller: Who) -> Response:
    """The form of a month: the one asked for, else the next one to report."""
    return await _form(request, caller)


@router.post("/projects/{id:int}/report")
async def put_report(request: Request, caller: Who) -> Response:
    """Report a month, or change its report."""
    form, id_ = await typed(request), id_of(request)
    try:
        month = month_of(form)
        values = _values(form)
        await database(request).act(caller, reports.put, id_, month, values, version=number(form, "report_version"))
    except REFUSALS as refusal:
        return await _form(request, caller, form, refusal)
    return go(request, f"/projects/{id_}?done=reported#reports")


def _values(form: FormData) -> dict[str, Any]:
    basis = text(form, "basis")
    values: dict[str, Any] = {name: text(form, name).strip() or None for name in TEXTS}
    values |= {name: _amount(form, name) for name in AMOUNTS}
    values[basis if basis in BASES else "invested_yuan"] = _amount(form, "amount")
    return values | ({"reason": text(form, "reason").strip()} if text(form, "reason").strip() else {})


def _amount(form: FormData, name: str) -> int | None:
    """An amount typed in 万元; a month may take money back."""
    try:
        return read_amount(text(form, name), "万元", negative=True).value
    except Invalid as refusal:
        raise Invalid.one(f"/{name}", refusal.code, refusal.msgid, **refusal.values) from refusal


async def _form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> tuple[Any, ...]:
        desk.ask(Act.REPORT_WRITE)
        one = project_pages.one(desk, id_of(request))
        asked = _asked(request, form) or _next(one[0], clock.today())
        return one, reports.list_(desk, id_of(request)), asked, photos.beside(desk, id_of(request), asked)

    reader, ((project, may, _), known, asked, album) = await read(request, caller, found)
    now = next((r for r in known if r["month"] == asked), None)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    for basis in BASES:  # the refusal names the figure, the form has one field for both
        if basis in shown.at:
            shown.at["amount"] = shown.at.pop(basis)
    said = {n: text(form, n) for n in form} if form is not None else _known(asked, now)
    return render(
        request, reader, "projects/report_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        p=project, may=may, spent_by=_spent_by(project, reader.language), said=said, wrong=shown, bases=BASES, now=now, before=_before(known, asked),
        album=album, photos_wrong=RIGHT,
    )  # fmt: skip


def _asked(request: Request, form: FormData | None) -> str | None:
    """The month that was typed, else that of the address, if it is one."""
    sent = text(form, "month") if form is not None else request.query_params.get("month")
    try:
        return str(read_month(sent).value) if sent else None
    except Invalid:
        return None


def _spent_by(project: dict[str, Any], language: str) -> str:
    """Where the month's amount is reported instead, when it is the sum of phases or parts."""
    return say(families.why_closed(project["has_phases"]), language) if spends(project["family_sums"]) else ""


def _next(project: dict[str, Any], today: str) -> str:
    last = (project["month_report"] or {}).get("month") or project["opening_month"]
    return min(next_month(last), today[:7]) if last else today[:7]


def _known(month: str, now: dict[str, Any] | None) -> dict[str, str]:
    """What the form begins with."""
    if now is None:
        return {"month": month, "basis": "invested_yuan"}
    basis = now["given"] or "invested_yuan"
    told = {name: now[name] or "" for name in TEXTS} | {name: figures.exact(now[name]) for name in AMOUNTS}
    return {
        **told,
        "month": month,
        "basis": basis,
        "amount": figures.exact(now[basis]),
        "report_version": now["version"],
    }


def _before(known: list[dict[str, Any]], month: str) -> dict[str, Any] | None:
    """The report before this month, to be seen beside it."""
    return next((r for r in known if r["month"] < month), None)

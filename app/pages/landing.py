"""A lead becomes a project: into which ledger, what that still asks for, or which planned project it is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale
from app.models.base import meta
from app.models.projects import ProjectFacts
from app.pages import database, facts, go, read, render
from app.pages.cell_text import change_of
from app.pages.door import page_caller
from app.pages.forms import number, path_id, text, typed
from app.pages.lead_moves import form_page, marked
from app.rules.codes import Ledger
from app.rules.lead_stages import LANDING
from app.services import landing, lead_pages
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PLACE = "/leads/{id}/landing"
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
Record = dict[str, Any]


def ledger_asked(request: Request) -> Ledger:
    sent = request.query_params.get("ledger", Ledger.RESERVE.value)
    if sent not in LANDING:
        raise NotFound
    return Ledger(sent)


@router.get(PLACE)
async def ask(request: Request, caller: Who) -> Response:
    """What landing would write, and what the ledger still asks for."""
    return await _form(request, caller, dict(request.query_params))


@router.get(PLACE + "/found")
async def found(request: Request, caller: Who, q: str = "") -> Response:
    """Planned projects of the zone that the lead may be, by their words."""
    id_ = path_id(request)
    reader, found = await read(request, caller, lead_pages.planned, id_, q)
    return render(request, reader, "leads/landing_form.html", "found", planned=found, said={}, q=q)


@router.post(PLACE)
async def land(request: Request, caller: Who) -> Response:
    """Make the project, or attach the lead to the planned one that was chosen."""
    form, id_, ledger = await typed(request), path_id(request), ledger_asked(request)
    said = {n: text(form, n) for n in form}
    try:
        filled: Record = {}
        for name in form:
            if name.startswith("fill-") and facts.is_fact(name[5:]) and text(form, name).strip():
                filled |= change_of(name[5:], text(form, name), "wan")[0]
        answer = await database(request).act(
            caller,
            landing.land,
            id_,
            ledger=ledger.value,
            facts=filled or None,
            project_id=number(form, "project_id"),
            override=bool(text(form, "override")),
            version=number(form, "version"),
            status=201,
        )
    except REFUSALS as refusal:
        return await _form(request, caller, said, refusal)
    return go(request, f"/projects/{answer.value['id']}?done=created")


async def _form(request: Request, caller: Caller, said: Record, refusal: Refusal | None = None) -> Response:
    ledger, id_ = ledger_asked(request), path_id(request)
    words = str(said.get("q", ""))

    def look(desk: Desk) -> Any:
        lead, may, _ = lead_pages.one(desk, id_)
        writes = [g for g in ("facts", "amounts", "people", "procedures", "month") if desk.may_write(g)]
        try:
            found: Record | None = landing.preview(desk, id_, ledger.value)
        except Conflict as stopped:
            return lead, may, writes, None, stopped, []
        return lead, may, writes, found, None, lead_pages.planned(desk, id_, words)

    reader, (lead, may, writes, preview, stopped, planned) = await read(request, caller, look)
    if "land" not in may:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.lead.land"))
    missing = preview["missing"] if preview else []
    shown = marked(refusal or stopped, reader.language)
    fields = [f for block in missing for f in block["fields"] if facts.is_fact(f)]
    known = ProjectFacts.model_fields
    return form_page(
        request, reader, "leads/landing_form.html", shown,
        l=lead, ledger=ledger, ledgers=[x for x in LANDING if lead["stage"] in LANDING[x]], preview=preview, may=may, said=said,
        missing=missing, planned=planned, q=words, stopped=stopped is not None,
        controls={f: facts.control(f, preview["facts"].get(f) if preview else None, reader.language) for f in fields},
        open=[f for f in fields if meta(known[f]).get("group") in writes],
        carried=[f for f in (preview["facts"] if preview else ()) if facts.is_fact(f)],
        shown_project=lambda f, value: facts.shown(f, value, reader.language),
    )  # fmt: skip

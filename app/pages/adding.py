"""A new project: what its ledger needs is asked for; in the reserve a name is enough."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.errors import Invalid, NotFound, Problem, Refusal
from app.pages import database, go, piece, read, render, wants_fragment
from app.pages.cell_text import change_of
from app.pages.door import page_caller
from app.pages.environment import field_meta
from app.pages.facts import unit_of
from app.pages.forms import RIGHT, Wrong, still_asked, text, typed, wrong
from app.pages.tables import letters
from app.rules.codes import Ledger
from app.rules.ledgers import DATE_OF_MOVE
from app.rules.months import read_day
from app.services import industries, projects
from app.services.frames import Frame
from app.services.typed import codes_of
from app.words import word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
COMMON = ("name", "investor_name", "industry", "total_investment_yuan")
ANSWERING = ("sponsor_leader", "responsible_unit", "responsible_person")
ASKED: dict[Ledger, tuple[str, ...]] = {
    Ledger.RESERVE: (*COMMON, "land_mu", "content", "signed_on", *ANSWERING),
    Ledger.UPCOMING: (
        *COMMON, "kind", "content", "location", "signed_on", "national_code", "planned_start_month", *ANSWERING
    ),
    Ledger.IN_CONSTRUCTION: (*COMMON, "kind", "content", "annual_plan_yuan", "started_on", "planned_completion_month", *ANSWERING),
    Ledger.COMPLETED: (*COMMON, "kind", "content", "started_on", "completed_on", *ANSWERING),
}  # fmt: skip
"""What the form of each ledger asks for."""
NEEDED: dict[Ledger, frozenset[str]] = {
    Ledger.RESERVE: frozenset({"name"}),
    Ledger.UPCOMING: frozenset(
        {"name", "total_investment_yuan", "planned_start_month", "sponsor_leader", "responsible_person"}
    ),
    Ledger.IN_CONSTRUCTION: frozenset({"name", "started_on", "planned_completion_month"}),
    Ledger.COMPLETED: frozenset({"name", "completed_on"}),
}


@router.get("/projects/new")
async def ask(request: Request, caller: Who, ledger: str = "reserve", zone: str = "") -> Response:
    """The form for a new project."""
    if ledger not in set(Ledger):
        raise NotFound
    reader, known = await read(request, caller, industries.list_)
    return _form(request, reader, Ledger(ledger), zone, {}, [i["name"] for i in known])


@router.post("/projects")
async def add(request: Request, caller: Who) -> Response:
    """Register it; what was typed stays when it is refused."""
    form = await typed(request)
    ledger, zone = text(form, "ledger"), text(form, "zone")
    if ledger not in set(Ledger):
        raise NotFound
    which = Ledger(ledger)
    sent = {f: text(form, f) for f in ASKED[which]}
    try:
        facts, dates = _facts(sent)
        answer = await database(request).act(
            caller,
            projects.create,
            facts,
            zone=zone,
            ledger=which.value,
            dates=dates,
            override=bool(text(form, "override")),
        )
    except Refusal as refusal:
        reader, known = await read(request, caller, industries.list_)
        said = still_asked(refusal, reader.language) or wrong(refusal, reader.language)
        sent |= {name: text(form, name) for name in ("override", "reason")}
        return _form(request, reader, which, zone, sent, [i["name"] for i in known], said, refusal)
    address = f"/zones/{zone}/ledgers/{which.value}?sort=-created_at#p{answer.value['id']}"
    if wants_fragment(request):
        return piece(f'<meta data-added="{answer.value["id"]}">')
    return go(request, address.replace("sort=-created_at", ""))


def _facts(sent: dict[str, str]) -> tuple[dict[str, Any], dict[str, str | None]]:
    """What was typed as values; days that the house writes itself apart. Raises Invalid with every problem."""
    facts: dict[str, Any] = {}
    dates: dict[str, str | None] = {}
    problems: list[Problem] = []
    for name, said in sent.items():
        if not said.strip():
            continue
        try:
            if name in DATE_OF_MOVE.values():
                dates[name] = read_day(said).value
            else:
                facts |= change_of(name, said, "wan")[0]
        except Invalid as refusal:
            problems += refusal.problems or [Problem(f"/{name}", refusal.code, refusal.msgid, refusal.values)]
    if problems:
        raise Invalid(problems=problems)
    return facts, dates


def _form(
    request: Request,
    reader: Frame,
    ledger: Ledger,
    zone: str,
    sent: dict[str, str],
    known: list[str],
    said: Wrong = RIGHT,
    refusal: Refusal | None = None,
) -> Response:
    choices = {"kind": [("", "")] + [(m.value, word(m, "Kind", reader.language)) for m in codes_of("kind")]}
    fields = [(f, field_meta("project", f), unit_of(f, reader.language)) for f in ASKED[ledger]]
    return render(
        request, reader, "ledgers/new.html", "form" if wants_fragment(request) else None, refusal.status if refusal else 200,
        ledger=ledger, zone=zone, sent=sent, fields=fields, choices=choices, needed=NEEDED[ledger], wrong=said,
        industries=[(name, letters(name)) for name in known], may_override=bool(refusal and (refusal.code == "gate_not_met" or sent.get("override")) and reader.may("project.override")),
        wide=("name", "content"),
    )  # fmt: skip

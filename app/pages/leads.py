"""The pipeline: its board and its list, and the form for a new lead."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.errors import Forbidden, Invalid, NotFound, Problem, Refusal
from app.pages import database, figures, go, read, render, wants_fragment
from app.pages.cell_text import change_of
from app.pages.door import page_caller
from app.pages.forms import RIGHT, Wrong, text, typed, wrong
from app.pages.lead_facts import control, words_of
from app.pages.lead_imports import file_of
from app.pages.lead_views import SIZES, View, read_view
from app.pages.standing import day_of
from app.rules.codes import Channel, LeadDisposition, LeadStage
from app.services import industries, lead_boards, leads
from app.services.frames import Frame
from app.words import Word, say, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
FIRST = ("name", "investor_name", "channel", "intended_amount_yuan", "industry", "keeper")
"""What is asked of a new lead at once."""
REST = (
    "code_name", "origin", "capital_from", "referrer", "first_contact_unit", "first_contact_on", "contact_name", "contact_title",
    "contact_phone", "content", "location", "land_mu", "kind", "competitors", "likelihood", "grade", "remarks",
)  # fmt: skip
"""What can follow, folded away."""
LIGHTS = ("red", "yellow", "green")


# ── board and list ───────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/leads")
async def show(request: Request, caller: Who) -> Response:
    """The board, or with ``view=list`` the list; asked for by our own script, only what a filter changes."""
    view = read_view(request.query_params)
    if view.as_list:
        return await _list(request, caller, view, "body0" if wants_fragment(request) else None)
    reader, (columns, rights, offered) = await read(
        request,
        caller,
        lambda desk: (
            lead_boards.board(desk, view.asked(), view.colour),
            lead_boards.rights(desk),
            lead_boards.offered(desk),
        ),
    )
    given = {"columns": columns, "at": _at(view, columns), "moved": request.query_params.get("moved", "")}
    block = "body0" if wants_fragment(request) else None
    return render(request, reader, "leads/board.html", block, **_context(reader, view, rights, offered), **given)


def _at(view: View, columns: list[lead_boards.Column]) -> str:
    """The stage that a phone shows: the one asked for, else the first that has something."""
    return view.at or next((c.stage.value for c in columns if c.head["count"]), LeadStage.LEAD.value)


@router.get("/leads/column")
async def more_cards(request: Request, caller: Who) -> Response:
    """Further cards of one stage (``at``), and the place for those behind them."""
    view = read_view(request.query_params)
    if not view.at:
        raise NotFound
    stage = LeadStage(view.at)
    reader, (column, rights) = await read(
        request,
        caller,
        lambda desk: (lead_boards.column(desk, view.asked(), view.colour, stage), lead_boards.rights(desk)),
    )
    made = _context(reader, view, rights, {})
    return render(request, reader, "leads/board.html", "cards", c=column, moved="", **made)


@router.get("/leads/rows")
async def more_rows(request: Request, caller: Who) -> Response:
    """The rows of the list behind a cursor."""
    return await _list(request, caller, read_view(request.query_params), "rows")


@router.get("/leads.{form}")
async def export(request: Request, form: str, caller: Who) -> Response:
    """The leads of this view as a file to keep; ``form`` is xlsx or csv."""
    view = replace(read_view(request.query_params), as_list=True)
    asked = await database(request).read(caller, lead_boards.narrowed, view.asked(), view.colour)
    return await file_of(request, caller, asked, form)


async def _list(request: Request, caller: Caller, view: View, block: str | None) -> Response:
    reader, ((items, following, sums), rights, offered) = await read(
        request,
        caller,
        lambda desk: (
            lead_boards.listing(desk, view.asked(), view.colour),
            lead_boards.rights(desk),
            lead_boards.offered(desk),
        ),
        slow=view.whole,
    )
    given = {"items": items, "next": following, "sums": sums}
    return render(request, reader, "leads/list.html", block, **_context(reader, view, rights, offered), **given)


def _context(reader: Frame, view: View, rights: lead_boards.Rights, offered: dict[str, Any]) -> dict[str, Any]:
    language = reader.language
    return {
        "view": view,
        "rights": rights,
        "offered": offered,
        "zone_name": dict(reader.zones).get(view.value("zone"), view.value("zone")),
        "zone_names": dict(reader.zones),
        "stages": tuple(LeadStage),
        "sizes": [
            (n, say("{amount} and more", language, amount=figures.exact_in_words(least, "yi", language)))
            for n, least in SIZES.items()
        ],
        "choices": {
            "disposition": [
                ("", word("active", "LeadDisposition", language)),
                *((d.value, word(d, "LeadDisposition", language)) for d in LeadDisposition if d != "active"),
                ("any", say("Whatever was decided", language)),
            ],
            "channel": [(c.value, word(c, "Channel", language)) for c in Channel],
            "light": [(c, word(c, "Light", language)) for c in LIGHTS],
            "stage": [(s.value, word(s, "LeadStage", language)) for s in LeadStage],
        },
        **words_of(reader),
    }


# ── a new one ────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/leads/new")
async def ask(request: Request, caller: Who, zone: str = "") -> Response:
    """The form for a new lead: a name is enough."""
    return await _form(request, caller, {"zone": zone})


@router.post("/leads")
async def add(request: Request, caller: Who) -> Response:
    """Register it; what was typed stays when it is refused."""
    form = await typed(request)
    sent = {n: text(form, n) for n in ("zone", "registered_on", "confidential", *FIRST, *REST)}
    try:
        facts, registered_on = _said(sent)
        answer = await database(request).act(
            caller, leads.create, facts, zone=sent["zone"], registered_on=registered_on, status=201
        )
    except Refusal as refusal:
        return await _form(request, caller, sent, wrong(refusal, caller.language))
    return go(request, f"/leads/{answer.value['id']}?done=created")


def _said(sent: dict[str, str]) -> tuple[dict[str, Any], str | None]:
    """The facts and the day of registration. Raises Invalid with everything that cannot be meant, the missing name too."""
    problems = [] if sent["name"].strip() else [Problem("/name", "required", "This must be given")]
    facts: dict[str, Any] = {}
    day = None
    try:
        facts = facts_typed({n: sent[n] for n in (*FIRST, *REST)})
    except Invalid as refusal:
        problems += refusal.problems
    try:
        day = day_of(sent["registered_on"], "/registered_on")
    except Invalid as refusal:
        problems += refusal.problems
    if problems:
        raise Invalid(problems=problems)
    return facts | {"confidential": bool(sent["confidential"])}, day


def facts_typed(sent: dict[str, str]) -> dict[str, Any]:
    """What was typed as values; a blank is left out. Raises Invalid with every problem."""
    facts: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, said in sent.items():
        if not said.strip():
            continue
        try:
            facts |= change_of(name, said, "wan", "lead")[0]
        except Invalid as refusal:
            problems += refusal.problems or [Problem(f"/{name}", refusal.code, refusal.msgid, refusal.values)]
    if problems:
        raise Invalid(problems=problems)
    return facts


async def _form(request: Request, caller: Caller, said: dict[str, str], shown: Wrong = RIGHT) -> Response:
    reader, (known, rights) = await read(
        request, caller, lambda desk: ([i["name"] for i in industries.list_(desk)], lead_boards.rights(desk))
    )
    if not rights.create:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.lead.create"))
    language = reader.language
    fields = {f: control(f, None, language) for f in (*FIRST, *REST)}
    if not said.get("keeper") and shown is RIGHT:
        said = {**said, "keeper": reader.name}
    return render(
        request, reader, "leads/new.html", status=shown.status, said=said, fields=fields, first=FIRST, rest=REST,
        wrong=shown, industries=known, **words_of(reader),
    )  # fmt: skip

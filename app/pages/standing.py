"""Where a project stands: moves between ledgers with what they lack, exits and returns, the opening balance, children."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale, TooLarge
from app.models.base import meta
from app.models.projects import Project, ProjectFacts
from app.pages import database, facts, go, read, render, wants_fragment
from app.pages.cell_text import change_of
from app.pages.door import page_caller
from app.pages.evidence import said_of, stored
from app.pages.forms import RIGHT, Wrong, month_of, number, still_asked, text, typed, wrong
from app.pages.project_view import words_of
from app.pages.projects import id_of
from app.rules.codes import Disposition, EvidenceKind, Ledger, Relation
from app.rules.ledgers import DATE_OF_MOVE, LEFT
from app.rules.months import read_day
from app.services import moves, moving, project_pages, projects
from app.words import Word, say, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale, Forbidden, TooLarge)


def ledger_asked(request: Request) -> Ledger:
    try:
        return Ledger(request.query_params.get("to") or "")
    except ValueError:
        raise NotFound from None


def day_of(sent: str, pointer: str = "/on") -> str | None:
    """A day as people write it; None for a blank. Raises Invalid at ``pointer``."""
    if not sent.strip():
        return None
    try:
        return str(read_day(sent).value)
    except Invalid as refusal:
        raise Invalid.one(pointer, refusal.code, refusal.msgid, **refusal.values) from refusal


# ── moves ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/projects/{id:int}/move")
async def ask_move(request: Request, caller: Who) -> Response:
    """What a move would lack, with the fields to fill in right there."""
    return await _move_form(request, caller, ledger_asked(request))


@router.post("/projects/{id:int}/move")
async def move(request: Request, caller: Who) -> Response:
    """Fill in, attach and move as one act; what was typed stays when it is refused."""
    to, form, id_ = ledger_asked(request), await typed(request), id_of(request)
    said = {n: text(form, n) for n in form if isinstance(form.get(n), str)}
    try:
        put = await stored(request, form)
        proofs = [(said_of(form), *put)] if put else []
        answer = await database(request).act(
            caller,
            moving.fill_and_move,
            id_,
            to=to.value,
            on=day_of(text(form, "on")),
            edit=_filled(form),
            proofs=proofs,
            override=bool(text(form, "override")),
            version=number(form, "version"),
        )
    except REFUSALS as refusal:
        return await _move_form(request, caller, to, said, refusal)
    return go(request, f"/projects/{id_}?done={'pending' if answer.value['pending'] else 'moved'}#moves")


def _filled(form: FormData) -> dict[str, Any]:
    """The facts filled in; a blank is not one of them: here nothing is taken away."""
    edit: dict[str, Any] = {}
    for name in form:
        if name.startswith("fill-") and facts.is_fact(name[5:]) and text(form, name).strip():
            edit |= change_of(name[5:], text(form, name), "wan")[0]
    return edit


async def _move_form(
    request: Request, caller: Caller, to: Ledger, said: dict[str, str] | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> tuple[Any, Any]:
        return project_pages.one(desk, id_of(request)), moves.gate(desk, id_of(request), to.value)

    reader, ((project, may, writes), gate) = await read(request, caller, found)
    if "move" not in may:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.project.move"))
    language, date = reader.language, DATE_OF_MOVE.get(to)
    lacks = [b for b in gate["missing"] if date not in b["fields"]]
    fields = [f for b in lacks for f in b["fields"] if facts.is_fact(f)]
    shown = (still_asked(refusal, language) or wrong(refusal, language)) if refusal else RIGHT
    return _form(
        request, reader, "projects/move.html", shown,
        p=project, to=to, gate=gate, lacks=lacks, date=date, said=said or {}, may=may,
        controls={f: facts.control(f, project[f], language) for f in fields},
        titles=_titles(fields, writes),
        kinds=[(k.value, word(k, "EvidenceKind", language)) for k in _first([k for way in gate["evidence"] for k in way])],
        **words_of(language),
    )  # fmt: skip


def _titles(fields: list[str], writes: frozenset[str]) -> dict[str, str]:
    """msgids of the fields she may fill in."""
    known = ProjectFacts.model_fields
    return {f: str(known[f].title) for f in fields if meta(known[f]).get("group") in writes}


def _first(wanted: list[str]) -> list[EvidenceKind]:
    """Every kind of evidence, those that are asked for first."""
    return sorted(EvidenceKind, key=lambda k: wanted.index(k) if k in wanted else 99)


def _form(request: Request, reader: Any, template: str, shown: Wrong, **more: Any) -> Response:
    block = "dialog" if wants_fragment(request) else None
    return render(request, reader, template, block, shown.status, wrong=shown, **more)


# ── exits and returns ────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/projects/{id:int}/disposition")
async def ask_disposition(request: Request, caller: Who) -> Response:
    return await _small(request, caller, "disposition")


@router.post("/projects/{id:int}/disposition")
async def dispose(request: Request, caller: Who) -> Response:
    """Defer, suspend, let go, resume."""
    form, id_ = await typed(request), id_of(request)
    chosen = text(form, "disposition")
    try:
        if chosen not in set(Disposition):
            raise Invalid.one("/disposition", "required", "This must be given")
        await database(request).act(
            caller,
            projects.dispose,
            id_,
            disposition=chosen,
            on=day_of(text(form, "on")),
            destination=text(form, "destination").strip()[:200] or None,
            version=number(form, "version"),
        )
    except REFUSALS as refusal:
        return await _small(request, caller, "disposition", form, refusal)
    return go(request, f"/projects/{id_}?done=saved")


# ── opening balance ──────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/projects/{id:int}/opening")
async def ask_opening(request: Request, caller: Who) -> Response:
    return await _small(request, caller, "opening")


@router.post("/projects/{id:int}/opening")
async def put_opening(request: Request, caller: Who) -> Response:
    """What was spent before reporting here began."""
    form, id_ = await typed(request), id_of(request)
    try:
        values: dict[str, Any] = {n: money_of(form, n) for n in ("before_year_yuan", "this_year_yuan")}
        values["month"] = month_of(form)
        await database(request).act(caller, projects.put_opening, id_, values, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _small(request, caller, "opening", form, refusal)
    return go(request, f"/projects/{id_}?done=saved#opening")


def money_of(form: FormData, name: str) -> int | None:
    """An amount typed in 万元."""
    try:
        found: int | None = change_of("total_investment_yuan", text(form, name), "wan")[0]["total_investment_yuan"]
    except Invalid as refusal:
        first = refusal.problems[0]
        raise Invalid.one(f"/{name}", first.code, first.msgid, **first.values) from refusal
    return found


# ── phases, expansions, parts ────────────────────────────────────────────────────────────────────────────────────────
@router.get("/projects/{id:int}/children")
async def ask_child(request: Request, caller: Who) -> Response:
    return await _small(request, caller, "child")


@router.post("/projects/{id:int}/children")
async def add_child(request: Request, caller: Who) -> Response:
    """A phase, an expansion or a part of this project, in the reserve of its zone; from there it moves like any other."""
    form, id_ = await typed(request), id_of(request)
    try:
        values: dict[str, Any] = {"name": text(form, "name"), "relation": text(form, "relation"), "parent_id": id_}
        values |= {
            "phase_no": number(form, "phase_no"),
            "total_investment_yuan": money_of(form, "total_investment_yuan"),
        }
        answer = await database(request).act(caller, _child, id_, values, status=201)
    except REFUSALS as refusal:
        return await _small(request, caller, "child", form, refusal)
    return go(request, f"/projects/{answer.value['id']}?done=created")


def _child(desk: Desk, parent_id: int, values: dict[str, Any]) -> dict[str, Any]:
    parent = project_pages.facts_of(desk, desk.get(Project, parent_id))
    inherited = {n: parent[n] for n in ("industry", "park", "location", "investor_name", *facts.PEOPLE)}
    return projects.create(desk, inherited | values, zone=parent["zone"])


async def _small(
    request: Request, caller: Caller, kind: str, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    """One of the small forms, filled with what the register holds or, after a refusal, with what was typed."""

    def found(desk: Desk) -> tuple[Any, Any]:
        return project_pages.one(desk, id_of(request)), projects.opening(desk, id_of(request))

    reader, ((project, may, _), opening) = await read(request, caller, found)
    language = reader.language
    now = project["disposition"]
    ways = [d for d in Disposition if d != now and not (now in LEFT and d in LEFT)]
    return _form(
        request, reader, f"projects/{kind}_form.html", wrong(refusal, language) if refusal else RIGHT,
        p=project, may=may, opening=opening, said=None if form is None else {n: text(form, n) for n in form},
        ways=[(d.value, say(RESUME, language) if d == Disposition.ACTIVE else word(d, "Disposition", language)) for d in ways],
        relations=[(r.value, word(r, "Relation", language)) for r in Relation],
    )  # fmt: skip


RESUME = Word("Resume: back into its ledger")

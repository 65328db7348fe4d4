"""What becomes of a lead: moves between stages with what they lack, decisions, another zone, the name, the ledger."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale
from app.models.base import meta
from app.models.leads import LeadFacts
from app.pages import back_address, database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.forms import RIGHT, Wrong, number, path_id, text, typed, wrong
from app.pages.lead_facts import control, is_fact, words_of
from app.pages.leads import facts_typed
from app.pages.standing import day_of
from app.rules.codes import LeadDisposition, LeadStage
from app.rules.lead_stages import FATES
from app.services import industries, lead_moves, lead_pages, leads
from app.services.frames import Frame
from app.words import Word, say, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
Record = dict[str, Any]
ASKED, ONE_OF = Word("This is asked for here"), Word("One of these is asked for here")


# ── moves ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def stage_asked(request: Request) -> LeadStage:
    try:
        return LeadStage(request.query_params.get("to") or "")
    except ValueError:
        raise NotFound from None


@router.get("/leads/{id}/move")
async def ask_move(request: Request, caller: Who) -> Response:
    """What a move would lack, with the fields to fill in right there."""
    return await _move_form(request, caller, stage_asked(request))


@router.post("/leads/{id}/move")
async def move(request: Request, caller: Who) -> Response:
    """Fill in and move as one act; what was typed stays when it is refused."""
    to, form, id_ = stage_asked(request), await typed(request), path_id(request)
    said = {n: text(form, n) for n in form}
    try:
        await database(request).act(
            caller,
            lead_moves.move,
            id_,
            to=to.value,
            on=day_of(text(form, "on")),
            edit=filled(form) or None,
            version=number(form, "version"),
        )
    except REFUSALS as refusal:
        return await _move_form(request, caller, to, said, refusal)
    return go(request, after(request, id_, "moved"))


def after(request: Request, id_: int, done: str) -> str:
    """Where to go when something was done: back to the board she came from, which marks the lead, or to its page."""
    if not request.query_params.get("next"):
        return f"/leads/{id_}?done={done}"
    back = back_address(request).split("&moved=")[0].split("?moved=")[0]
    return f"{back}{'&' if '?' in back else '?'}moved={id_}"


def filled(form: FormData) -> Record:
    """The facts filled in; a blank is not one of them: here nothing is taken away."""
    sent = {n[5:]: text(form, n) for n in form if n.startswith("fill-") and is_fact(n[5:])}
    return facts_typed(sent)


async def _move_form(
    request: Request,
    caller: Caller,
    to: LeadStage,
    said: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    def found(desk: Desk) -> Any:
        lead, may, writes = lead_pages.one(desk, path_id(request))
        return lead, may, writes, lead_moves.gate(desk, lead["id"], to.value), industries.list_(desk)

    reader, (lead, may, writes, gate, known) = await read(request, caller, found)
    if "move" not in may:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.lead.move"))
    groups = _groups(gate["missing"], refusal)
    fields = [f for group in groups for f in group["fields"]]
    return form_page(
        request, reader, "leads/move.html", marked(refusal, reader.language),
        l=lead, to=to, gate=gate, groups=groups, said=said or {}, next=request.query_params.get("next", ""),
        controls={f: control(f, lead[f], reader.language) for f in fields},
        open=[f for f in fields if meta(LeadFacts.model_fields[f]).get("group") in writes],
        industries=[i["name"] for i in known],
    )  # fmt: skip


def _groups(missing: list[Record], refusal: Refusal | None) -> list[Record]:
    """What to ask for: what the stages lack, and what a choice made in the form has brought with it."""
    known = {f for group in missing for f in group["fields"]}
    found = [*missing, *(group for group in _missing(refusal) if not known.intersection(group["fields"]))]
    asked = [{**group, "fields": [f for f in group["fields"] if is_fact(f)]} for group in found]
    return [group for group in asked if group["fields"]]


def _missing(refusal: Refusal | None) -> list[Record]:
    """What the stage or the ledger still asks for, as a refusal tells it."""
    return list(refusal.extra.get("missing", ())) if refusal is not None else []


def marked(refusal: Refusal | None, language: str) -> Wrong:
    """The refusal, with what is still lacking told beside the first field of each group."""
    if refusal is None:
        return RIGHT
    shown = wrong(refusal, language)
    groups = [group["fields"] for group in _missing(refusal) if group["fields"]]
    asked = {fields[0]: say(ONE_OF if len(fields) > 1 else ASKED, language) for fields in groups}
    return Wrong(shown.message, asked | shown.at, shown.status)


def form_page(request: Request, reader: Frame, template: str, shown: Wrong, **more: Any) -> Response:
    """A form about a lead: alone in the dialog, or as a page of its own."""
    block = "dialog" if wants_fragment(request) else None
    return render(request, reader, template, block, shown.status, wrong=shown, **words_of(reader), **more)


# ── decisions, another zone, the name ────────────────────────────────────────────────────────────────────────────────
@router.get("/leads/{id}/disposition")
async def ask_disposition(request: Request, caller: Who) -> Response:
    return await _small(request, caller, "disposition", "exit")


@router.post("/leads/{id}/disposition")
async def dispose(request: Request, caller: Who) -> Response:
    """Let it rest, lose it, see it withdrawn, take it up again."""
    form, id_ = await typed(request), path_id(request)
    try:
        if text(form, "disposition") not in set(LeadDisposition):
            raise Invalid.one("/disposition", "required", "This must be given")
        await database(request).act(
            caller,
            lead_moves.dispose,
            id_,
            disposition=text(form, "disposition"),
            on=day_of(text(form, "on")),
            lost_to=text(form, "lost_to").strip()[:200] or None,
            version=number(form, "version"),
        )
    except REFUSALS as refusal:
        return await _small(request, caller, "disposition", "exit", form, refusal)
    return go(request, f"/leads/{id_}?done=disposed")


@router.get("/leads/{id}/transfer")
async def ask_transfer(request: Request, caller: Who) -> Response:
    return await _small(request, caller, "transfer", "transfer")


@router.post("/leads/{id}/transfer")
async def transfer(request: Request, caller: Who) -> Response:
    """Give it to another zone, credit shared."""
    form, id_ = await typed(request), path_id(request)
    try:
        percent = text(form, "credit_percent").strip().rstrip("%％")
        if percent and not (percent.isdecimal() and int(percent) <= 100):
            raise Invalid.one("/credit_percent", "wrong_type", "Write a percentage from 0 to 100")
        await database(request).act(
            caller,
            lead_moves.transfer,
            id_,
            to=text(form, "to"),
            on=day_of(text(form, "on")),
            credit_percent=int(percent) if percent else None,
            document=text(form, "document").strip()[:200] or None,
            version=number(form, "version"),
        )
    except REFUSALS as refusal:
        return await _small(request, caller, "transfer", "transfer", form, refusal)
    return go(request, f"/leads/{id_}?done=transferred")


@router.get("/leads/{id}/release")
async def ask_release(request: Request, caller: Who) -> Response:
    return await _small(request, caller, "release", "release")


@router.post("/leads/{id}/release")
async def release(request: Request, caller: Who) -> Response:
    """Its name is shown from now on."""
    form, id_ = await typed(request), path_id(request)
    try:
        await database(request).act(caller, leads.release, id_, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _small(request, caller, "release", "release", form, refusal)
    return go(request, f"/leads/{id_}?done=released")


@router.get("/leads/{id}/confidential")
async def ask_cover(request: Request, caller: Who) -> Response:
    return await _small(request, caller, "cover", "release")


@router.post("/leads/{id}/confidential")
async def cover(request: Request, caller: Who) -> Response:
    """From now on its code name stands for its name."""
    form, id_ = await typed(request), path_id(request)
    edit = {"confidential": True} | ({"code_name": name} if (name := text(form, "code_name").strip()) else {})
    try:
        await database(request).act(caller, leads.amend, id_, edit, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _small(request, caller, "cover", "release", form, refusal)
    return go(request, f"/leads/{id_}?done=covered")


@router.post("/leads/{id}/delete")
async def delete(request: Request, caller: Who) -> Response:
    """Deleted, and can be restored from its page."""
    form, id_ = await typed(request), path_id(request)
    await database(request).act(caller, leads.remove, id_, version=number(form, "version"))
    return go(request, f"/leads/{id_}?done=deleted")


@router.post("/leads/{id}/undelete")
async def undelete(request: Request, caller: Who) -> Response:
    """Back as it was."""
    form, id_ = await typed(request), path_id(request)
    await database(request).act(caller, leads.restore, id_, version=number(form, "version"))
    return go(request, f"/leads/{id_}?done=undeleted")


async def _small(
    request: Request,
    caller: Caller,
    kind: str,
    right: str,
    form: FormData | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """One of the small forms, filled after a refusal with what was typed."""
    reader, (lead, may, _) = await read(request, caller, lead_pages.one, path_id(request))
    if right not in may:
        raise Forbidden("Your role may not do this: {act}", act=Word(f"act.lead.{right}"))
    language = reader.language
    return form_page(
        request, reader, f"leads/{kind}_form.html", wrong(refusal, language) if refusal else RIGHT,
        l=lead, said=None if form is None else {n: text(form, n) for n in form},
        ways=[(d.value, say(AGAIN, language) if d == LeadDisposition.ACTIVE else word(d, "LeadDisposition", language))
              for d in FATES[LeadDisposition(lead["disposition"])]],
        zones=[("", ""), *((code, name) for code, name in reader.zones if code != lead["zone"])],
    )  # fmt: skip


AGAIN = Word("Take it up again")

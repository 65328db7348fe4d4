"""The page of one lead: its facts edited in place, what was talked about, its files, its history."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Forbidden, Invalid, NotFound, Refusal, Stale
from app.models.base import NOUNS
from app.pages import database, go, lead_facts, read, render, wants_fragment
from app.pages.cell_text import change_of
from app.pages.door import page_caller
from app.pages.forms import RIGHT, Wrong, number, text, typed, wrong
from app.pages.lead_facts import GROUPS, control, editable, is_fact, words_of
from app.pages.project_view import DOORS
from app.pages.projects import act_number, id_of
from app.rules.codes import FollowUpKind, LeadFileKind, LeadStage, Ledger
from app.rules.lead_stages import FATES, LANDING
from app.rules.proofs import SHOWN_INLINE
from app.services import lead_pages, leads
from app.services.frames import Frame
from app.services.lead_pages import Whole
from app.words import Word, say, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
Record = dict[str, Any]
DONE: dict[str, Word] = {
    "created": Word("The lead is registered; this moment is the evidence of who was first."),
    "moved": Word("The lead now stands in: {stage}."),
    "disposed": Word("Saved."),
    "saved": Word("Saved."),
    "transferred": Word("The lead lies in its new zone now, with all that hangs on it."),
    "released": Word("The name is released."),
    "covered": Word("The lead is confidential from now on."),
    "told": Word("The contact is written down; the clock is answered."),
    "step": Word("The next step is done."),
    "untold": Word("The contact was taken back; history keeps it."),
    "attached": Word("The file is attached."),
    "removed": Word("The file was taken away; history keeps it."),
    "landed": Word("It stands in a ledger now; this page is its early chapter."),
    "deleted": Word("The lead is deleted. It can be restored here."),
    "undeleted": Word("The lead is back."),
}
"""What has just been done, named in the address after a form was sent."""
UNTOLD = frozenset(
    {"search_name", "code", "stage_on", "progress_on", "responded_on", "next_step", "next_step_on", "industry_code", "landed_on",
     "protected_until", "disposition_on", "registered_on", "ref_source", "ref_id"}
)  # fmt: skip
"""Fields that follow from others: history keeps them, the page does not repeat them."""


@router.get("/leads/{id:int}")
async def show(request: Request, caller: Who) -> Response:
    """A lead. ``edit`` names a field to stand open as a form."""
    return await page(request, caller, id_of(request), edit=request.query_params.get("edit") or "")


async def page(
    request: Request,
    caller: Caller,
    id_: int,
    *,
    edit: str = "",
    problem: Wrong | None = None,
    status: int = 200,
    **more: Any,
) -> Response:
    """The whole page, also after a refusal: ``more`` holds what was typed, so that it stays."""

    def found(desk: Desk) -> tuple[Whole, list[str]]:
        return lead_pages.whole(desk, id_, before=act_number(request, "before")), lead_pages.offered(desk, edit)

    reader, (whole, words) = await read(request, caller, found)
    if edit in editable(whole.lead, whole.writes):
        more = form_of(whole.lead, edit, reader.language, words) | more
    else:
        edit = ""
    made = _context(request, reader, whole) | {"problem": problem, "edit": edit} | more
    return render(request, reader, "leads/lead.html", status=status, **made)


def form_of(lead: Record, field: str, language: str, words: list[str]) -> Record:
    """What a field in edit needs."""
    blank = {"typed": None, "wrong": None, "asks": False, "reason": "", "version": lead["version"], "change": None}
    made = control(field, lead[field], language)
    return {"mode": "form", "field": field, "control": made, "words": words, **blank}


def _context(request: Request, reader: Frame, whole: Whole) -> Record:
    language, lead = reader.language, whole.lead
    msgid = DONE.get(request.query_params.get("done", ""))
    landable = lead["project_id"] is None and lead["disposition"] == "active"
    return {
        "w": whole,
        "l": lead,
        "p": lead,
        "done": say(msgid, language, stage=word(lead["stage"], "LeadStage", language)) if msgid else "",
        "groups": GROUPS,
        "editable": editable(lead, whole.writes),
        "stages": tuple(LeadStage),
        "days": {m["to_stage"]: m["on"] for m in whole.moves},
        "ways": FATES[lead["disposition"]],
        "lands": [x for x in (Ledger.RESERVE, Ledger.UPCOMING) if landable and lead["stage"] in LANDING[x]],
        "kinds": [(k.value, word(k, "FollowUpKind", language)) for k in FollowUpKind],
        "file_kinds": [(k.value, word(k, "LeadFileKind", language)) for k in LeadFileKind],
        "inline": SHOWN_INLINE,
        "past": [a for a in map(_told, whole.history) if a["shown"]],
        "earlier": whole.history[-1]["version"] if len(whole.history) >= lead_pages.HISTORY_ROWS else None,
        "zone_names": dict(reader.zones),
        "talk_said": {},
        "talk_wrong": RIGHT,
        "file_wrong": RIGHT,
        "doors": DOORS,
        **words_of(reader),
    }


def _told(act: Record) -> Record:
    """An act of history with the changes worth telling. What is guarded comes as None on both sides: covered."""
    guarded = NOUNS["lead"].private
    shown = [
        {**c, "hidden": c["field"] in guarded and c["before"] is None and c["after"] is None}
        for c in act["changes"]
        if c["field"] not in UNTOLD
    ]
    return {
        **act,
        "shown": [c for c in shown if c["hidden"] or c["before"] is not None or c["after"] not in (None, False)],
    }


# ── one field ────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/leads/{id:int}/fields/{field}")
async def open_field(request: Request, field: str, caller: Who) -> Response:
    """A fact as a form, or (``as=read``) as it is read."""
    if not is_fact(field):
        raise NotFound
    if not wants_fragment(request):
        return go(request, f"/leads/{id_of(request)}?edit={field}#fact-{field}")
    more: Record = {"mode": "read"} if request.query_params.get("as") == "read" else {}
    return await _fragment(request, caller, field, **more)


async def _fragment(request: Request, caller: Caller, field: str, status: int = 200, **more: Any) -> Response:
    id_ = id_of(request)
    reader, ((lead, _, writes), words) = await read(
        request, caller, lambda desk: (lead_pages.one(desk, id_), lead_pages.offered(desk, field))
    )
    open_ = editable(lead, writes)
    made = form_of(lead, field, reader.language, words) | more
    if field not in open_:
        made["mode"] = "read"
    return render(
        request, reader, "projects/fact.html", status=status, p=lead, editable=open_, **made, **words_of(reader)
    )


@router.post("/leads/{id:int}/fields/{field}")
async def save_field(request: Request, field: str, caller: Who) -> Response:
    """Save one fact. A stale save goes through when nobody touched the field; else before, theirs and mine are shown."""
    if not is_fact(field):
        raise NotFound
    form, id_ = await typed(request), id_of(request)
    try:
        edit, _ = change_of(field, text(form, "value"), "wan", "lead")
        await database(request).act(caller, leads.amend, id_, edit, version=number(form, "version"), merge=True)
    except Stale as stale:
        return await _stale(request, caller, field, form, stale)
    except (Invalid, Forbidden) as refusal:
        return await _refused(request, caller, field, form, refusal)
    if not wants_fragment(request):
        return go(request, f"/leads/{id_}#fact-{field}")
    reader, whole = await read(request, caller, lead_pages.whole, id_)
    return render(
        request, reader, "leads/saved.html", p=whole.lead, w=whole, l=whole.lead, field=field,
        editable=editable(whole.lead, whole.writes), **lead_facts.words_of(reader),
    )  # fmt: skip


async def _refused(request: Request, caller: Caller, field: str, form: FormData, refusal: Refusal) -> Response:
    said, asks = wrong(refusal, caller.language), refusal.code == "reason_required"
    more: Record = {
        "typed": text(form, "value"), "wrong": said.message if asks else said.at.get(field) or said.message, "asks": asks,
        "reason": text(form, "reason"), "version": number(form, "version"),
    }  # fmt: skip
    if wants_fragment(request):
        return await _fragment(request, caller, field, refusal.status, **more)
    return await page(request, caller, id_of(request), edit=field, status=refusal.status, **more)


async def _stale(request: Request, caller: Caller, field: str, form: FormData, stale: Stale) -> Response:
    theirs = [c for c in stale.extra.get("changed", ()) if c["field"] == field]
    unknown = {"before": None, "after": None, "by": "", "at": "", "reason": None}
    more: Record = {
        "mode": "conflict", "change": {**theirs[-1], "before": theirs[0]["before"]} if theirs else unknown,
        "typed": text(form, "value"), "reason": text(form, "reason"), "version": stale.extra.get("current_version"),
    }  # fmt: skip
    if wants_fragment(request):
        return await _fragment(request, caller, field, stale.status, **more)
    return await page(request, caller, id_of(request), edit=field, status=stale.status, **more)

"""One cell: what was typed is understood, saved with the version she read, and the row comes back as it now stands.

A save whose fields nobody touched meanwhile goes through; otherwise mine, theirs and before are shown field by field.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.errors import Invalid, Refusal, Stale
from app.pages import database, piece, read, render
from app.pages.cell_text import change_of, mine, must_be_field, said
from app.pages.door import page_caller
from app.pages.environment import field_meta
from app.pages.forms import number, path_id, text, texts, typed, wrong
from app.pages.ledgers import look, shown
from app.pages.rows import Rows, needs
from app.pages.views import UNITS, View, view_at
from app.services import ledger_pages, preferences, projects
from app.words import say

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
TEMPLATE = "ledgers/answers.html"


@router.get("/projects/understood")
async def understood(request: Request, caller: Who, field: str, text: str = "", unit: str = "wan") -> Response:
    """What a text would be taken for, while it is being typed: a sentence, or why it cannot be read."""
    return taken_for(field, text, unit, caller.language)


def taken_for(field: str, text: str, unit: str, language: str, noun: str = "project") -> Response:
    """The sentence that says what a text means in a field, or why it cannot be read."""
    try:
        _, found = change_of(must_be_field(field, noun), text[:2000], unit if unit in UNITS else "wan", noun)
    except Invalid as refusal:
        shown_ = wrong(refusal, language)
        return piece(f"<b class=bad>{escape(' '.join(shown_.at.values()) or shown_.message)}</b>")
    sentence = escape(said(field, found, unit, language, noun))
    doubt = escape(say(found.doubt, language, **(found.values or {}))) if found.doubt else ""
    return piece((f"= <b>{sentence}</b>" if sentence else "") + (f" <span class=warn>{doubt}</span>" if doubt else ""))


@router.post("/projects/{id}/cells")
async def save(request: Request, caller: Who) -> Response:
    """Save what was typed into cells of one project (``field`` and ``value``, as often as needed)."""
    form, id_ = await typed(request), path_id(request)
    view, unit = view_at(text(form, "view")), _unit(form)
    pairs = list(zip(texts(form, "field"), texts(form, "value"), strict=False))
    return await _save(request, caller, form, id_, view, unit, pairs)


@router.post("/projects/{id}/choose")
async def choose(request: Request, caller: Who) -> Response:
    """After a conflict: save those of my values that were chosen, over theirs; the others stay as they are."""
    form, id_ = await typed(request), path_id(request)
    view, unit = view_at(text(form, "view")), _unit(form)
    pairs = [(f, text(form, f"mine-{f}")) for f in texts(form, "field") if text(form, f"pick-{f}") == "mine"]
    if not pairs:
        return piece(await rows_html(request, caller, view, [id_]))
    return await _save(request, caller, form, id_, view, unit, pairs)


async def _save(
    request: Request, caller: Caller, form: FormData, id_: int, view: View, unit: str, pairs: Sequence[tuple[str, str]]
) -> Response:
    try:
        edit: dict[str, Any] = {}
        for field, typed_text in pairs:
            edit |= change_of(must_be_field(field), typed_text, unit)[0]
        answer = await database(request).act(
            caller, projects.amend, id_, edit, version=number(form, "version"), merge=True
        )
    except Stale as stale:
        return await _conflict(request, caller, stale, id_, view, unit, pairs)
    except Refusal as refusal:
        return refused(refusal, caller.language)
    rows = await rows_html(request, caller, view, [id_])
    return piece(rows + _also(answer.value.get("_merged") or [], caller.language))


def refused(refusal: Refusal, language: str) -> Response:
    """Why a save was not taken, for the callout beside the cell; ``data-reason`` when saying why would let it through."""
    shown_ = wrong(refusal, language)
    codes = {refusal.code, *(p.code for p in refusal.problems)}
    asks = " data-reason" if "reason_required" in codes else ""
    title = say("This change needs a reason" if asks else "Not saved", language)
    more = " ".join(shown_.at.values()) or shown_.message
    if asks:
        more = "" if refusal.msgid == "This change needs a reason" else shown_.message
    return piece(
        f"<p{asks}><b class={'warn' if asks else 'bad'}>{escape(title)}</b> {escape(more)}</p>", refusal.status
    )


def _also(merged: list[dict[str, Any]], language: str) -> str:
    """What else is new in the row, saved by others since she read it."""
    if not merged:
        return ""
    names = dict.fromkeys(
        say(str(field_meta("project", m["field"]).get("title", m["field"])), language) for m in merged
    )
    sentence = say("Also new, saved by {who}: {fields}", language, who=merged[-1]["by"], fields=", ".join(names))
    return f"<output>{escape(sentence)}</output>"


async def rows_html(request: Request, caller: Caller, view: View, ids: list[int]) -> str:
    """Rows as they now stand, each in a template element of its own."""

    def found(desk: Any) -> tuple[Any, ...]:
        keys = preferences.read(desk, f"columns.{view.ledger.value}")
        columns = shown(view, keys)
        return columns, ledger_pages.rows_of(desk, ids, needs(columns)), desk.language

    columns, (page, zones, rights), language = await database(request).read(caller, found)
    rows = Rows(look(view, columns, rights, language), page.names, zones)
    at = page.names.index("id")
    made = [(r[at], rows.row(r, "", rights.edits(r[page.names.index("zone_id")]))) for r in page.rows]
    return "".join(f'<template data-row="{id_}">{html}</template>' for id_, html in made)


async def _conflict(
    request: Request,
    caller: Caller,
    stale: Stale,
    id_: int,
    view: View,
    unit: str,
    pairs: Sequence[tuple[str, str]],
) -> Response:
    """Before, mine and theirs of every field that both changed, and what only one side changed."""
    reader, project = await read(request, caller, projects.read, id_)
    sides_ = conflict_sides(stale, pairs, unit, caller.language)
    return render(
        request, reader, TEMPLATE, "conflict", 412,
        action=f"/projects/{id_}/choose", address=view.link(), noun="project", project=project, unit=unit,
        reason=caller.reason or "", **sides_,
    )  # fmt: skip


def conflict_sides(
    stale: Stale, pairs: Sequence[tuple[str, str]], unit: str, language: str, noun: str = "project"
) -> dict[str, Any]:
    """The two sides of a conflict, field by field, for the dialog that lets her choose."""
    theirs: dict[str, dict[str, Any]] = {}
    for change in stale.extra["changed"]:
        kept = theirs.setdefault(change["field"], dict(change))
        kept |= {k: change[k] for k in ("after", "by", "at", "reason")}
    sent = dict(pairs)
    both = [
        {**theirs[f], "mine": sent[f], "said": mine(f, change_of(f, sent[f], unit, noun)[1], unit, language, noun)}
        for f in sent
        if f in theirs
    ]
    return {
        "version": stale.extra["current_version"],
        "both": both,
        "only_mine": [(f, v) for f, v in pairs if f not in theirs],
        "only_theirs": [c for f, c in theirs.items() if f not in sent and field_meta(noun, f).get("group")],
    }


def _unit(form: FormData) -> str:
    sent = text(form, "unit")
    return sent if sent in UNITS else "wan"

"""What can be done with chosen rows: one field set, deleted with a way back, doubled."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.errors import Invalid, Refusal
from app.pages import database, piece, read, render
from app.pages.cell_text import change_of, must_be_field
from app.pages.cells import refused, rows_html
from app.pages.door import page_caller
from app.pages.forms import RIGHT, text, typed, wrong
from app.pages.pasting import pairs_of
from app.pages.views import UNITS, View, view_at
from app.rules.access import Act
from app.services import many, projects
from app.services.columns import all_of
from app.words import say

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]


def chosen(said: str) -> list[tuple[int, int | None]]:
    """The chosen rows with the versions read. Raises Invalid when there are none."""
    found = pairs_of(said)
    if not found:
        raise Invalid.one("/rows", "required", "Choose at least one project")
    return found


@router.get("/projects/bulk")
async def ask_bulk(request: Request, caller: Who, view: str, rows: str) -> Response:
    """Which field, and what value, for the chosen rows."""
    return await _form(request, caller, view_at(view), rows)


@router.post("/projects/bulk")
async def bulk(request: Request, caller: Who) -> Response:
    """Set one field of the chosen rows as one act."""
    form = await typed(request)
    view, rows, name = view_at(text(form, "view")), text(form, "rows"), text(form, "field")
    unit = text(form, "unit") if text(form, "unit") in UNITS else view.unit
    try:
        values = change_of(must_be_field(name), text(form, "value"), unit)[0]
        answer = await database(request).act(caller, projects.bulk, chosen(rows), values)
    except Refusal as refusal:
        shown = wrong(refusal, caller.language)
        sent = {"field": name, "value": text(form, "value"), "reason": text(form, "reason")}
        message = "" if name in shown.at and isinstance(refusal, Invalid) else shown.message
        return await _form(request, caller, view, rows, status=refusal.status, wrong=shown, message=message, **sent)
    html = await rows_html(request, caller, view, answer.value["ids"])
    return piece(f"{html}<output>{say('{n} projects changed', caller.language, n=answer.value['changed'])}</output>")


async def _form(request: Request, caller: Caller, view: View, rows: str, status: int = 200, **sent: Any) -> Response:
    reader, writes = await read(
        request, caller, lambda desk: {g for g in GROUPS if desk.may(Act.PROJECT_AMEND) and desk.may_write(g)}
    )
    known = {c.edits: c.title for c in all_of(view.ledger).values() if c.edits and c.group in writes}
    fields = [(name, say(title, reader.language)) for name, title in known.items()]
    given: dict[str, Any] = {
        "field": "sponsor_leader",
        "value": "",
        "reason": "",
        "wrong": RIGHT,
        "message": "",
        **sent,
    }
    return render(
        request, reader, "ledgers/answers.html", "bulk", status,
        view=view, rows=rows, count=len(pairs_of(rows)), fields=fields, **given,
    )  # fmt: skip


GROUPS = ("facts", "amounts", "procedures", "month", "people")


@router.post("/projects/remove")
async def remove(request: Request, caller: Who) -> Response:
    """Delete the chosen rows; they can be brought back."""
    form = await typed(request)
    try:
        answer = await database(request).act(caller, many.remove, chosen(text(form, "rows")))
    except Refusal as refusal:
        return refused(refusal, caller.language)
    return piece("".join(f'<template data-gone="{id_}"></template>' for id_ in answer.value))


@router.post("/projects/restore")
async def restore(request: Request, caller: Who) -> Response:
    """Bring deleted rows back."""
    form = await typed(request)
    try:
        ids = [id_ for id_, _ in chosen(text(form, "rows"))]
        await database(request).act(caller, many.restore, ids)
    except Refusal as refusal:
        return refused(refusal, caller.language)
    return piece(await rows_html(request, caller, view_at(text(form, "view")), ids))


@router.post("/projects/duplicate")
async def duplicate(request: Request, caller: Who) -> Response:
    """Copy the chosen rows; each copy comes back as a row to stand below its original."""
    form = await typed(request)
    try:
        ids = [id_ for id_, _ in chosen(text(form, "rows"))]
        answer = await database(request).act(caller, many.duplicate, ids)
    except Refusal as refusal:
        return refused(refusal, caller.language)
    below = {copy: original for original, copy in answer.value}
    html = await rows_html(request, caller, view_at(text(form, "view")), list(below))
    for copy, original in below.items():
        html = html.replace(f'<template data-row="{copy}">', f'<template data-row="{copy}" data-below="{original}">')
    return piece(html)

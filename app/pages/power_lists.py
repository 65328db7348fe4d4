"""A published list as a file: in, with every line shown before it is written, and out as the matrix."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, TooLarge
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.files import offered
from app.pages.forms import RIGHT, text, texts, wrong
from app.pages.giving import FACTS, batch_said
from app.pages.power_words import problems_of
from app.pages.powers import View
from app.rules.access import Act
from app.rules.codes import DelegationForm
from app.services import chains, power_exports, power_imports, zone_search
from app.words import say, sentence_of

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
Record = dict[str, Any]
REFUSALS = (Invalid, Conflict, Forbidden, TooLarge)
PART = 16 * 1024 * 1024
"""A list of 20,000 lines goes through the form as one field."""
SHOWN = 300
"""Lines of a preview on the page; the counts are of all."""
CHIPS = ("new", "changed", "same", "refused")


@router.get("/powers/export.{form}")
async def export(request: Request, form: str, caller: Who) -> Response:
    """The items and zones on the screen as a file, offered for saving."""
    made = await database(request).read(caller, power_exports.file, View.of(request).asked, form, slow=True)
    return offered(made)


@router.get("/powers/import")
async def ask(request: Request, caller: Who) -> Response:
    """The place to drop a list, and for which zones it is."""
    return await _form(request, caller)


@router.post("/powers/import")
async def receive(request: Request, caller: Who) -> Response:
    """Read the file and show every line (``do`` preview), look again with other choices, or write it (``do`` save)."""
    form = await request.form(max_files=1, max_fields=5000, max_part_size=PART)
    db = database(request)
    try:
        draft = await _draft(request, caller, form)
        said = _said(form)
        if text(form, "do") == "save":
            await db.act(caller, power_imports.commit, draft, said)
            return go(request, "/powers")
        reader, found = await read(request, caller, _preview, draft, said, slow=True)
    except REFUSALS as refusal:
        return await _form(request, caller, form, refusal)
    plan, zones, steps = found
    show = text(form, "show")
    lines = [line for line in plan.lines if not show or show in _marks(line)]
    return render(
        request, reader, "powers/import_preview.html", draft=draft, packed=power_imports.packed(draft), plan=plan, counts=plan.counts(),
        lines=lines[:SHOWN], more=len(lines) - SHOWN, alike=lambda line: _alike(line, dict(zones), reader.language), show=show, chips=CHIPS, zones=zones, said={n: text(form, n) for n in FACTS},
        chosen=texts(form, "zone"), by_sheet=bool(text(form, "by_sheet")), forms=tuple(DelegationForm), why=lambda p: sentence_of(p, reader.language),
        steps_said=lambda keys: say("; ", reader.language).join(steps.get(key, key) for key in keys),
    )  # fmt: skip


def _alike(line: power_imports.Line, names: dict[str, str], language: str) -> list[Record]:
    """The zones of a line, those that fare alike together: eleven zones of one list are one line of the page."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for zone, becomes, problems in line.given:
        why = tuple(f"{p.pointer} {sentence_of(p, language)}" for p in problems)
        found.setdefault((becomes, why), []).append(names.get(zone, zone))
    return [{"becomes": becomes, "why": why, "zones": zones} for (becomes, why), zones in found.items()]


def _marks(line: power_imports.Line) -> set[str]:
    """The chips under which a line is found."""
    return {line.becomes, *(("refused",) if line.refused else ())}


def _preview(desk: Desk, draft: Record, said: Record) -> tuple[Any, Any, Record]:
    return power_imports.plan(desk, draft, said), list(zone_search.numbered(desk).values()), chains.served(desk)


async def _draft(request: Request, caller: Caller, form: FormData) -> Record:
    """The lines of the file that was sent, or those of the file before, which came along."""
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not (sent.filename or sent.size):
        if not text(form, "draft"):
            raise Invalid.one("/file", "required", "Choose a file")
        return power_imports.unpacked(text(form, "draft"))
    # leave is asked before anybody's file is parsed
    zones = await database(request).read(caller, power_imports.spellings)
    return await run_in_threadpool(power_imports.read_file, await sent.read(), sent.filename or "", zones)


def _said(form: FormData) -> Record:
    return {**batch_said(form), "zones": texts(form, "zone"), "by_sheet": bool(text(form, "by_sheet"))}


async def _form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> Any:
        desk.ask(Act.POWER_AMEND)
        return list(zone_search.numbered(desk).values())

    reader, zones = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "powers/import.html", status=shown.status, zones=zones, wrong=shown, problems=problems_of(refusal, reader.language),
        said={n: text(form, n) if form else "" for n in FACTS}, chosen=texts(form, "zone") if form else [], by_sheet=bool(form and text(form, "by_sheet")),
        forms=tuple(DelegationForm),
    )  # fmt: skip

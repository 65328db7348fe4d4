"""A block copied from Excel or WPS: what would change, cell by cell, and then everything in one act."""

from __future__ import annotations

import csv
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.errors import BadRequest, Invalid, Refusal, Stale
from app.pages import database, figures, piece, read, render
from app.pages.cell_text import change_of, must_be_field, sides
from app.pages.cells import refused, rows_html
from app.pages.door import page_caller
from app.pages.environment import field_meta
from app.pages.forms import text, texts, typed, wrong
from app.pages.ledgers import IN_CITY, IN_ZONE, view_of
from app.pages.views import UNITS, view_at
from app.rules.money import reasons_needed
from app.services import ledger_pages, many
from app.services.frames import Frame
from app.words import say

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
MOST_LINES, MOST_COLUMNS = 2000, 80
NAMES = ("id", "since", "zone_id", "name")


@dataclass
class PastedCell:
    """One cell of the block: what is there now, what would be, and what is to be said of it."""

    typed: str
    before: str = ""
    after: str = ""
    wrong: str = ""
    doubt: str = ""
    same: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    undo: str = ""
    """What to type to have the present value back."""


@dataclass
class Line:
    id: int
    version: int
    name: str
    cells: dict[str, PastedCell] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for cell in self.cells.values():
            if not cell.same and not cell.wrong:
                found |= cell.values
        return found


@dataclass
class Preview:
    """A block before it is written."""

    fields: list[str]
    lines: list[Line] = field(default_factory=list)
    beyond: int = 0
    same: int = 0
    bad: int = 0
    cells: int = 0
    closed: str = ""
    asks: bool = False
    numeric: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Into:
    """What a block is pasted into: where the form goes, and how it is looked at, written, and shown afterwards."""

    action: str
    look: Callable[[], Awaitable[tuple[Frame, Preview]]]
    write: Callable[[list[dict[str, Any]]], Awaitable[Any]]
    rows: Callable[[list[int]], Awaitable[str]]
    noun: str = "project"


@router.post(IN_ZONE + "/paste")
@router.post(IN_CITY + "/paste")
async def paste(request: Request, caller: Who) -> Response:
    """Show what a pasted block would change; confirmed, write it as one act."""
    form, view = await typed(request), view_of(request)
    unit = unit_of(form, view.unit)
    into = Into(
        view.link("/paste"),
        lambda: _preview(request, caller, form, unit),
        lambda edits: database(request).act(caller, many.block, edits),
        lambda ids: rows_html(request, caller, view_at(text(form, "view") or view.link()), ids),
    )
    return await pasted(request, caller, form, unit, into)


def unit_of(form: FormData, usual: str = "wan") -> str:
    """The unit in which bare figures were typed."""
    return text(form, "unit") if text(form, "unit") in UNITS else usual


async def pasted(request: Request, caller: Caller, form: FormData, unit: str, into: Into) -> Response:
    """Show what a block would change; confirmed, write it and send the rows as they now stand."""
    reader, preview = await into.look()
    again = ""
    if text(form, "confirm") == "yes" and preview.cells:
        try:
            await into.write(_edits(preview))
        except Stale:
            reader, preview = await into.look()
            again = say("Some of these were saved by others just now; look again before you write.", caller.language)
        except Refusal as refusal:
            shown = wrong(refusal, caller.language)
            preview.asks = preview.asks or "reason_required" in {refusal.code, *(p.code for p in refusal.problems)}
            again = " ".join([shown.message, *shown.at.values()])
        else:
            html = await into.rows([x.id for x in preview.lines if x.values])
            said = say("{n} cells written", caller.language, n=preview.cells)
            return piece(f"{html}{_undo(preview)}<output>{said}</output>")
    hidden = [(n, text(form, n)) for n in ("text", "rows", "fields", "view")] + [("unit", unit)]
    versions = ",".join(f"{line.id}:{line.version}" for line in preview.lines)
    hidden = [(n, _versions(v, versions) if n == "rows" and again else v) for n, v in hidden]
    return render(
        request, reader, "ledgers/answers.html", "paste", 422 if again else 200,
        action=into.action, noun=into.noun, preview=preview, hidden=hidden, unit=unit, again=again, reason=caller.reason or "",
    )  # fmt: skip


@router.post("/projects/cells")
async def several(request: Request, caller: Who) -> Response:
    """Several cells as one act: ``cell`` is ``id:version:field``, ``value`` what is typed into it. Used to clear a range
    and to take a pasted block back."""
    form = await typed(request)
    try:
        edits = cells_of(form)
        await database(request).act(caller, many.block, edits)
    except Refusal as refusal:
        return refused(refusal, caller.language)
    return piece(await rows_html(request, caller, view_at(text(form, "view")), [e["id"] for e in edits]))


def cells_of(form: FormData, noun: str = "project") -> list[dict[str, Any]]:
    """The edits that several cells mean: ``[{id, version, values}]``. Raises Invalid for what cannot be read."""
    unit = unit_of(form)
    edits: dict[int, dict[str, Any]] = {}
    for cell, value in zip(texts(form, "cell"), texts(form, "value"), strict=False):
        id_, version, name = _cell(cell)
        edit = edits.setdefault(id_, {"id": id_, "version": version, "values": {}})
        edit["values"] |= change_of(must_be_field(name, noun), value, unit, noun)[0]
    if not edits:
        raise Invalid.one("/cell", "required", "Choose at least one project")
    return list(edits.values())


def _cell(said: str) -> tuple[int, int | None, str]:
    id_, _, rest = said.partition(":")
    version, _, name = rest.partition(":")
    if not (id_.isdecimal() and len(id_) < 19):
        raise BadRequest
    return int(id_), int(version) if version.isdecimal() and len(version) < 19 else None, name


def pairs_of(said: str) -> list[tuple[int, int | None]]:
    """``12:40,13:41`` → ids with the versions read."""
    return [_cell(part)[:2] for part in said.split(",") if part][:MOST_LINES]


def _versions(rows: str, now: str) -> str:
    current = dict(pairs_of(now))
    return ",".join(f"{id_}:{current.get(id_, version)}" for id_, version in pairs_of(rows))


async def _preview(request: Request, caller: Caller, form: FormData, unit: str) -> tuple[Frame, Preview]:
    open_ = fields_of(form)
    names = tuple(dict.fromkeys((*NAMES, *open_, *_promised(open_))))
    ids = [id_ for id_, _ in pairs_of(text(form, "rows"))]
    reader, (page, _, _) = await read(request, caller, ledger_pages.rows_of, ids, names)
    known = {row[0]: dict(zip(names, row, strict=True)) for row in page.rows}
    return reader, preview_of(form, unit, caller.language, known)


def fields_of(form: FormData, noun: str = "project") -> list[str]:
    """The fields under the block that can be typed."""
    said = text(form, "fields").split(",")[:MOST_COLUMNS]
    return [f for f in dict.fromkeys(said) if f and field_meta(noun, f).get("group")]


def preview_of(
    form: FormData, unit: str, language: str, known: dict[int, dict[str, Any]], noun: str = "project"
) -> Preview:
    """What the block would change of the ``known`` rows (id → ``NAMES`` and the fields under it)."""
    said, open_ = text(form, "fields").split(",")[:MOST_COLUMNS], fields_of(form, noun)
    block = _block(text(form, "text"))
    rows = pairs_of(text(form, "rows"))
    preview = Preview(open_, beyond=max(0, len(block) - len(rows)))
    preview.numeric = {f: field_meta(noun, f).get("kind") == "yuan" for f in open_}
    width = max((len(line) for line in block), default=0)
    preview.closed = str(sum(1 for f in said[:width] if not f) or "")
    asked_for: list[str] = []
    for (id_, version), typed_cells in zip(rows, block, strict=False):
        if id_ in known:
            line = _line(known[id_], version, dict(zip(said, typed_cells, strict=False)), unit, language, noun)
            asked_for += reasons_needed(known[id_], {**known[id_], **line.values})
            _count(preview, line)
    preview.asks = bool(asked_for)
    used = {f for line in preview.lines for f in line.cells}
    preview.fields = [f for f in open_ if f in used]
    return preview


def _block(said: str) -> list[list[str]]:
    """Lines and cells as Excel and WPS put them on the clipboard: tabs between cells, quotes around lines in a cell."""
    try:
        return list(csv.reader(io.StringIO(said.replace("\0", ""), newline=""), delimiter="\t"))[:MOST_LINES]
    except csv.Error as error:
        raise Invalid("The pasted block cannot be read; copy it again") from error


def _promised(fields: list[str]) -> list[str]:
    return [f.removesuffix("_state") + "_promised_on" for f in fields if f.endswith("_state")]


def _line(
    known: dict[str, Any], version: int | None, typed_cells: dict[str, str], unit: str, language: str, noun: str
) -> Line:
    line = Line(known["id"], known["since"] if version is None else version, known["name"])
    for name, said in typed_cells.items():
        if name and name in known:
            line.cells[name] = _one(name, said, known, unit, language, noun)
    return line


def _one(name: str, said: str, known: dict[str, Any], unit: str, language: str, noun: str) -> PastedCell:
    before = sides(name, known[name], unit, language, noun)
    cell = PastedCell(said, before)
    meta = field_meta(noun, name)
    cell.undo = figures.exact(known[name], unit) if meta.get("kind") == "yuan" else before
    try:
        cell.values, found = change_of(name, said, unit, noun)
    except Invalid as refusal:
        shown = wrong(refusal, language)
        cell.wrong = " ".join(shown.at.values()) or shown.message
        return cell
    cell.after = sides(name, cell.values[name], unit, language, noun)
    cell.doubt = say(found.doubt, language, **(found.values or {})) if found.doubt else ""
    cell.same = all(known.get(f) == v for f, v in cell.values.items())
    return cell


def _count(preview: Preview, line: Line) -> None:
    """Put a line into the preview; cells that stay as they are are only counted."""
    cells = line.cells.values()
    preview.same += sum(c.same for c in cells)
    preview.bad += sum(bool(c.wrong) for c in cells)
    preview.cells += sum(not c.same and not c.wrong for c in cells)
    if any(not c.same for c in cells):
        preview.lines.append(line)


def _edits(preview: Preview) -> list[dict[str, Any]]:
    return [{"id": x.id, "version": x.version, "values": x.values} for x in preview.lines if x.values]


def _undo(preview: Preview) -> str:
    """What the page needs to take the block back: [id, field, text to type]."""
    cells = [
        [line.id, name, cell.undo]
        for line in preview.lines
        for name, cell in line.cells.items()
        if not cell.same and not cell.wrong
    ]
    said = orjson.dumps(cells).decode().replace("&", "&amp;").replace("<", "&lt;")
    return f"<template data-undo>{said}</template>"

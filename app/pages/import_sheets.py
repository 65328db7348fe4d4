"""How one sheet was understood, column by column and row by row, and the form that changes it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import number, path_id, text, typed, wrong
from app.pages.imports import understood_of
from app.pages.tables import letters
from app.services import intake, lists
from app.services.choices import MONEY_UNITS, NOT_KNOWN, NOT_TAKEN, SAYABLE
from app.services.previews import column_title, columns_of, marks_of
from app.services.workbooks import Understood
from app.sheets.grid import as_text
from app.words import LANGUAGES, say

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
SAMPLES = 3
LINES = 60
"""Rows that are no projects, shown with a choice each."""


@router.get("/imports/{id}/sheets/{n}")
async def show_sheet(request: Request, caller: Who) -> Response:
    """The mapping of a sheet: letter, caption, what stands below it, and what it is taken for."""
    return await _show(request, caller)


async def _show(request: Request, caller: Caller, refusal: Refusal | None = None) -> Response:
    id_, n = path_id(request), _place(request)
    reader, (said, known) = await read(request, caller, lambda desk: (intake.look(desk, id_), lists.list_(desk)))
    if said["state"] != "waiting":
        return go(request, f"/imports/{id_}")
    found = await understood_of(request, said)
    if n >= len(found.tables):
        raise NotFound
    table, chosen = found.tables[n], said["choices"].get("sheets", {}).get(found.tables[n].sheet, {})
    lines = [line for line in table.others if line.kind in ("total", "group", "note", "unclear")]
    problem = wrong(refusal, reader.language) if refusal else None
    return render(
        request, reader, "imports/sheet.html", run=said, table=table, n=n, names=[t.sheet for t in found.tables], chosen=chosen,
        columns=columns_of(table, found.own[n], reader.language), samples=_samples(found, n), marks=marks_of(table),
        fields=_fields(reader.language), letters=letters, units=MONEY_UNITS, lists=known, lines=lines[:LINES],
        remembered=said["remembered"].get(table.sheet), problem=problem, status=problem.status if problem else 200,
    )  # fmt: skip


def _place(request: Request) -> int:
    """Which sheet of the file, from 0. What is none is simply not there."""
    sent = request.path_params["n"]
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 5):
        raise NotFound
    return int(sent)


def _samples(found: Understood, n: int) -> dict[str, list[str]]:
    """Letter → the first few texts below the caption."""
    table = found.tables[n]
    sheet = next(s for s in found.book.sheets if s.name == table.sheet)
    below = sheet.rows[table.heading[1] :] if table.heading else []
    told: dict[str, list[str]] = {}
    for column in table.columns:
        texts = (as_text(row[column.index]) for row in below[:200] if column.index < len(row))
        told[column.letter] = list(dict.fromkeys(t[:40] for t in texts if t))[:SAMPLES]
    return told


def _fields(language: str) -> dict[str, str]:
    """Field → what it is called, for the list to choose from; two that are called alike carry their names."""
    found = {NOT_TAKEN: say("Not taken", language), NOT_KNOWN: say("Unknown", language)}
    for field in SAYABLE:
        title = column_title(field, language)
        found[field] = f"{title} ({field})" if title in found.values() else title
    return found


@router.post("/imports/{id}/sheets/{n}")
async def say_sheet(request: Request, caller: Who) -> Response:
    """Keep what she said of the sheet; then the preview shows what it comes to."""
    id_, form = path_id(request), await typed(request)
    try:
        sheet = text(form, "sheet")
        if text(form, "forget"):
            await database(request).act(caller, intake.forget, id_, sheet, version=number(form, "version"))
            return go(request, f"/imports/{id_}/sheets/{_place(request)}")
        said = {"sheets": {sheet: _said(form)}}
        await database(request).act(caller, intake.choose, id_, said, version=number(form, "version"))
    except (Invalid, Conflict, Forbidden) as refusal:
        return await _show(request, caller, refusal)
    return go(request, f"/imports/{id_}")


def _said(form: FormData) -> dict[str, Any]:
    """Only what differs from what was shown: ``f-C`` beside ``was-f-C``. An emptied field takes a decision back."""
    fields = {title.strip().lower(): f for language in LANGUAGES for f, title in _fields(language).items()}
    columns: dict[str, dict[str, Any]] = {}
    lines: dict[str, str | None] = {}
    marks: dict[str, str | None] = {}
    for key in form:
        kind, _, name = key.partition("-")
        value = text(form, key).strip()
        if kind not in ("f", "u", "y", "m", "line", "mark") or value == text(form, f"was-{key}"):
            continue
        if kind == "line":
            lines[name] = value or None
        elif kind == "mark":
            marks[name] = value if value != "?" else None
        else:
            columns.setdefault(name, {})[{"f": "field", "u": "unit", "y": "year", "m": "month"}[kind]] = (
                _column(kind, value, fields) if value else None
            )
    if (cell := text(form, "label").strip().upper()) and (value := text(form, "label-field").strip()):
        columns.setdefault(cell, {})["field"] = _column("f", value, fields)
    first, last = number(form, "first"), number(form, "last")
    changed = (text(form, "first"), text(form, "last")) != (text(form, "was-first"), text(form, "was-last"))
    heading = {"heading": [first, last] if first and last else None} if changed else {}
    return {**heading, "columns": columns or {}, "lines": lines or {}, "marks": marks or {}}


def _column(kind: str, value: str, fields: dict[str, str]) -> Any:
    if kind == "f":
        if value not in fields.values() and value.lower() not in fields:
            raise Invalid("There is no field “{text}”; choose one of the list", code="not_in_list", text=value[:60])
        return fields.get(value.lower(), value)
    return value if kind == "u" else int(value) if value.isdecimal() and len(value) < 5 else -1

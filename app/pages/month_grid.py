"""The grid in which a zone reports a month: the ledger's sheet over reports. Cells, blocks, sums; steps are in ``months``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Refusal, Stale
from app.models import Zone
from app.pages import database, piece, read, render
from app.pages.cell_text import change_of, must_be_field
from app.pages.cells import conflict_sides, refused, taken_for
from app.pages.door import page_caller
from app.pages.forms import number, path_id, path_month, text, texts, typed
from app.pages.heads import Heads
from app.pages.month_rows import COLUMNS, MonthRows, shown, sum_row, values
from app.pages.pasting import Into, cells_of, pairs_of, pasted, preview_of, unit_of
from app.pages.rows import Look
from app.rules.access import Act
from app.rules.codes import ZoneMonthState
from app.services import month_grid, periods, zone_months, zones
from app.services.frames import Frame

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PLACE = "/zones/{code}/months/{month}"
STEPS = {"submit": Act.MONTH_SUBMIT, "confirm": Act.MONTH_CONFIRM, "return": Act.MONTH_RETURN}
OPEN_TO = {"submit": ("open",), "confirm": ("submitted",), "return": ("submitted", "confirmed")}
"""In which states of the month each step is offered."""
WRITABLE = ("not_submitted", "draft", "returned")


def where(request: Request) -> tuple[str, str, str]:
    """Zone, month and address of the grid."""
    code, month = request.path_params["code"], path_month(request)
    return code, month, f"/zones/{code}/months/{month}"


@router.get(PLACE)
async def show(request: Request, caller: Who) -> Response:
    """The month of a zone: its state, what is missing, and the grid."""
    code, month, place = where(request)
    reader, told = await read(request, caller, _whole, code, month)
    return render(request, reader, "months/grid.html", **_context(request, reader, place, told))


@router.get(PLACE + "/sums")
async def sums(request: Request, caller: Who) -> Response:
    """State, count and totals as they are now: asked for after an edit."""
    code, month, place = where(request)
    reader, told = await read(request, caller, _whole, code, month)
    return render(request, reader, "months/sums.html", **_context(request, reader, place, told))


def _whole(desk: Desk, code: str, month: str) -> dict[str, Any]:
    told = zone_months.read(desk, code, month)
    zone: Zone = zones.find(desk.at(None), code)
    told["may"] = {s for s, act in STEPS.items() if desk.may(act, zone.id) and told["state"] in OPEN_TO[s]}
    told["edits"] = _edits(desk, told)
    told["invites"] = told["state"] != ZoneMonthState.LOCKED and desk.may(Act.REPORTER_INVITE, zone.id)
    told["zone_name"] = zone.short_name or zone.name
    told["months"] = [p["month"] for p in periods.all_(desk)]
    return told


def _edits(desk: Desk, told: dict[str, Any]) -> bool:
    return desk.may(Act.REPORT_WRITE) and told["state"] == ZoneMonthState.OPEN


def _some(desk: Desk, code: str, month: str, ids: list[int]) -> dict[str, Any]:
    told = zone_months.some(desk, code, month, ids)
    return {**told, "edits": _edits(desk, told)}


def _context(request: Request, reader: Frame, place: str, told: dict[str, Any]) -> dict[str, Any]:
    rows = _rows(reader.language, told)
    number, lines = 0, []
    for item in told["items"]:
        number += item["owes"]
        lines.append(rows.row(values(item), number if item["owes"] else "", _open(told, item)))
    return {
        "m": told,
        "place": place,
        "heads": Heads(None, COLUMNS, reader.language),
        "body": "".join(lines),
        "sum_row": sum_row(told["items"], COLUMNS, reader.language),
        "done": request.query_params.get("done"),
    }


def _rows(language: str, told: dict[str, Any]) -> MonthRows:
    return MonthRows(Look(COLUMNS, "wan", language, False, frozenset({"month"})), told["month"])


def _open(told: dict[str, Any], item: dict[str, Any]) -> bool:
    return bool(told["edits"]) and item["state"] in WRITABLE


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(PLACE + "/understood")
async def understood(request: Request, caller: Who, field: str, text: str = "", unit: str = "wan") -> Response:
    """What a text would be taken for, while it is being typed."""
    where(request)
    return taken_for(field, text, unit, caller.language, "report")


@router.post(PLACE + "/{id}/cells")
async def save(request: Request, caller: Who) -> Response:
    """Save what was typed into cells of one project's report."""
    form = await typed(request)
    return await _save(request, caller, form, list(zip(texts(form, "field"), texts(form, "value"), strict=False)))


@router.post(PLACE + "/{id}/choose")
async def choose(request: Request, caller: Who) -> Response:
    """After a conflict: save those of my values that were chosen, over theirs."""
    form, id_ = await typed(request), path_id(request)
    pairs = [(f, text(form, f"mine-{f}")) for f in texts(form, "field") if text(form, f"pick-{f}") == "mine"]
    if not pairs:
        return piece(await _rows_html(request, caller, [id_]))
    return await _save(request, caller, form, pairs)


@router.post(PLACE + "/cells")
async def several(request: Request, caller: Who) -> Response:
    """Several cells as one act: to fill or clear a range, and to take a pasted block back."""
    code, month, _ = where(request)
    form = await typed(request)
    try:
        edits = cells_of(form, "report")
        await database(request).act(caller, month_grid.put, code, month, edits)
    except Refusal as refusal:
        return refused(refusal, caller.language)
    return piece(await _rows_html(request, caller, [edit["id"] for edit in edits]))


@router.post(PLACE + "/paste")
async def paste(request: Request, caller: Who) -> Response:
    """Show what a pasted block would change; confirmed, write it as one act."""
    code, month, place = where(request)
    form = await typed(request)
    unit = unit_of(form)

    async def look() -> tuple[Frame, Any]:
        ids = [id_ for id_, _ in pairs_of(text(form, "rows"))]
        reader, told = await read(request, caller, zone_months.some, code, month, ids)
        known = {item["id"]: shown(item) for item in told["items"]}
        return reader, preview_of(form, unit, caller.language, known, "report")

    into = Into(
        f"{place}/paste",
        look,
        lambda edits: database(request).act(caller, month_grid.put, code, month, edits),
        lambda ids: _rows_html(request, caller, ids),
        "report",
    )
    return await pasted(request, caller, form, unit, into)


async def _save(request: Request, caller: Caller, form: FormData, pairs: Sequence[tuple[str, str]]) -> Response:
    code, month, place = where(request)
    id_, unit = path_id(request), unit_of(form)
    try:
        edit: dict[str, Any] = {"id": id_, "version": number(form, "version"), "values": {}}
        for field, said in pairs:
            edit["values"] |= change_of(must_be_field(field, "report"), said, unit, "report")[0]
        await database(request).act(caller, month_grid.put, code, month, [edit])
    except Stale as stale:
        reader, told = await read(request, caller, zone_months.some, code, month, [id_])
        item = next(iter(told["items"]), {"name": ""})
        return render(
            request, reader, "ledgers/answers.html", "conflict", 412,
            action=f"{place}/{id_}/choose", address=place, noun="report", project=item, unit=unit,
            reason=caller.reason or "", **conflict_sides(stale, pairs, unit, caller.language, "report"),
        )  # fmt: skip
    except Refusal as refusal:
        return refused(refusal, caller.language)
    return piece(await _rows_html(request, caller, [id_]))


async def _rows_html(request: Request, caller: Caller, ids: list[int]) -> str:
    """Rows as they now stand, each in a template element of its own."""
    code, month, _ = where(request)
    reader, told = await read(request, caller, _some, code, month, ids)
    rows = _rows(reader.language, told)
    made = [(i["id"], rows.row(values(i), "", _open(told, i))) for i in told["items"]]
    return "".join(f'<template data-row="{id_}">{html}</template>' for id_, html in made)

"""A batch handed down: zones and items are chosen, every cell of items × zones is shown with what would become of it and
can be left out, and the rest is given in one act."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, text, texts, wrong
from app.pages.power_words import problems_of, reasons
from app.pages.standing import day_of
from app.rules.access import Act
from app.rules.codes import DelegationForm
from app.services import delegating, powers, zone_search
from app.words import sentence_of

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
Record = dict[str, Any]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
MOST_FIELDS = 30_000
TICKED = 3_000
"""Up to so many cells each has a box; a larger batch is given whole."""
PLAIN = ("batch", "document", "scope_document", "receiving_department", "supervision", "state")
DATED = ("given_on", "effective_from", "effective_until")
FACTS = ("form", *PLAIN, *DATED)


@router.get("/powers/give")
async def ask(request: Request, caller: Who) -> Response:
    """The zones, the items and the facts of a batch."""
    return await _form(request, caller)


@router.post("/powers/give")
async def give(request: Request, caller: Who) -> Response:
    """Show what would become of every cell (``do`` preview), or give those that were left ticked."""
    form = await request.form(max_fields=MOST_FIELDS)
    try:
        if text(form, "do") == "save":
            sets = _ticked(texts(form, "cell"), texts(form, "all_zones"), texts(form, "all_powers"))
            await database(request).act(caller, delegating.give, {**batch_said(form), "sets": sets})
            return go(request, "/powers")
        sets = [{"zones": texts(form, "zone"), "powers": _codes(form)}]
        reader, cells = await read(request, caller, delegating.weigh, {**batch_said(form), "sets": sets}, slow=True)
    except REFUSALS as refusal:
        return await _form(request, caller, form, refusal)
    kept = [(n, text(form, n)) for n in FACTS if text(form, n)]
    zones = {cell.zone: cell.zone_name for cell in cells}
    rows: dict[str, Record] = {}
    for cell in cells:
        rows.setdefault(cell.power, {"name": cell.name, "cells": {}})["cells"][cell.zone] = cell
    new = sum(cell.becomes == delegating.NEW for cell in cells)
    refused = [cell for cell in cells if cell.faults]
    return render(
        request, reader, "powers/giving.html", rows=rows, zones=zones, kept=kept, new=new, refused=refused, same=len(cells) - new - len(refused),
        ticks=len(cells) <= TICKED, why=lambda cell: reasons(cell, reader.language), form=text(form, "form"), batch=text(form, "batch"),
    )  # fmt: skip


def _codes(form: FormData) -> list[str]:
    """The items ticked, and those whose codes were pasted."""
    pasted = re.split(r"[\s,，、;；]+", text(form, "codes").strip())
    return [code for code in dict.fromkeys([*texts(form, "power"), *pasted]) if code]


def batch_said(form: FormData) -> Record:
    """The facts of a batch as they were typed, without those left blank. Raises Invalid at a day that is none."""
    said: Record = {n: v for n in ("form", *PLAIN) if (v := text(form, n).strip())}
    days = {n: day_of(text(form, n), f"/{n}") for n in DATED}
    return said | {n: day for n, day in days.items() if day is not None}


def _ticked(cells: Iterable[str], zones: list[str], items: list[str]) -> list[Record]:
    """The cells left ticked (``zone item``) as sets, one a zone; or all of a large batch."""
    if zones:
        return [{"zones": zones, "powers": items}]
    sets: dict[str, list[str]] = {}
    for cell in cells:
        zone, _, power = cell.partition(" ")
        sets.setdefault(zone, []).append(power)
    return [{"zones": [zone], "powers": powers_} for zone, powers_ in sets.items()]


async def _form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> tuple[Any, Any]:
        desk.ask(Act.DELEGATION_GIVE)
        return powers.list_(desk), list(zone_search.numbered(desk).values())

    reader, (items, zones) = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    departments: dict[str, list[Record]] = {}
    for item in items:
        departments.setdefault(item["department"] or "", []).append(item)
    said: Record = {n: text(form, n) for n in (*FACTS, "codes")} if form else dict.fromkeys((*FACTS, "codes"), "")
    chosen = {"zone": texts(form, "zone") if form else request.query_params.getlist("zone"), "power": texts(form, "power") if form else []}  # fmt: skip
    return render(
        request, reader, "powers/give.html", status=shown.status, departments=departments, zones=zones, said=said, chosen=chosen,
        wrong=shown, problems=problems_of(refusal, reader.language), forms=tuple(DelegationForm), today=reader.today,
        unknown=_at(refusal, r"/sets/0/powers/\d+", reader.language), nothing=_at(refusal, r"/sets(/0/zones/\d+)?", reader.language),
    )  # fmt: skip


def _at(refusal: Refusal | None, place: str, language: str) -> str:
    """What is amiss with the items or the zones of a batch, in one line for their field."""
    problems = [] if refusal is None else [p for p in refusal.problems if re.fullmatch(place, p.pointer)]
    return " · ".join(sentence_of(problem, language) for problem in problems)

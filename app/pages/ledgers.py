"""The page of a ledger, of one zone or of the whole city: the table, its further rows, its sums, its filters."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response

from app.db import Caller
from app.errors import NotFound
from app.pages import database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.heads import Heads
from app.pages.rows import Look, Rows, needs
from app.pages.tables import Table, datalists
from app.pages.views import FILTERS, UNKNOWN, View, read_view
from app.rules.codes import Ledger
from app.services import columns as all_columns
from app.services import ledger_pages, preferences
from app.services.frames import Frame
from app.services.ledger_pages import Sheet
from app.services.ledgers import COUNTABLE
from app.words import word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
IN_ZONE, IN_CITY = "/zones/{code}/ledgers/{ledger}", "/ledgers/{ledger}"
OFFERED = {
    Ledger.RESERVE: ("industry", "sponsor_leader", "kind"),
    Ledger.UPCOMING: ("industry", "sponsor_leader", "kind", "responsible_unit"),
    Ledger.IN_CONSTRUCTION: ("industry", "sponsor_leader", "construction_nature", "responsible_unit"),
    Ledger.COMPLETED: ("industry", "sponsor_leader", "kind"),
}
"""Filters that each ledger offers as a menu."""


def view_of(request: Request) -> View:
    """The view that the address names."""
    return read_view(request.query_params, request.path_params.get("code"), request.path_params["ledger"])


@router.get(IN_ZONE)
@router.get(IN_CITY)
async def show(request: Request, caller: Who) -> Response:
    """A ledger; asked for by our own script, only its table with what belongs to it."""
    view = view_of(request)
    reader, sheet = await _sheet(request, caller, view)
    block = "ledger" if wants_fragment(request) else None
    return render(request, reader, "ledgers/ledger.html", block, **context(request, reader, view, sheet))


@router.get(IN_ZONE + "/rows")
@router.get(IN_CITY + "/rows")
async def more(request: Request, caller: Who) -> Response:
    """The rows behind a cursor, and the place for those behind them."""
    view = view_of(request)
    reader, sheet = await _sheet(request, caller, view)
    return render(request, reader, "ledgers/ledger.html", "rows", **context(request, reader, view, sheet))


@router.get(IN_ZONE + "/sums")
@router.get(IN_CITY + "/sums")
async def sums(request: Request, caller: Who) -> Response:
    """Tabs, totals and sub-totals as they are now: asked for after an edit."""
    view = view_of(request)
    slow = bool(view.by or view.filters)
    reader, sheet = await read(request, caller, ledger_pages.sums, view.asked(), view.by, slow=slow)
    return render(request, reader, "ledgers/sums.html", **context(request, reader, view, sheet))


@router.get(IN_ZONE + "/choices/{field}")
@router.get(IN_CITY + "/choices/{field}")
async def choices(request: Request, field: str, caller: Who) -> Response:
    """What a filter's menu offers, counted when it is opened."""
    if field not in COUNTABLE or field not in FILTERS:
        raise NotFound
    view = view_of(request)
    without = View(view.zone, view.ledger, tuple(f for f in view.filters if f[0] != field))
    reader, found = await read(request, caller, ledger_pages.choices, without.asked(), field, slow=True)
    return render(request, reader, "ledgers/choices.html", view=view, field=field, found=found[:200], UNKNOWN=UNKNOWN)


@router.get(IN_ZONE + "/columns")
@router.get(IN_CITY + "/columns")
async def ask_columns(request: Request, caller: Who) -> Response:
    """Every column that this ledger can show, those on the screen ticked."""
    view = view_of(request)
    reader, keys = await read(request, caller, preferences.read, f"columns.{view.ledger.value}")
    known, now = all_columns.all_of(view.ledger), {c.key for c in view.columns(keys)}
    return render(request, reader, "ledgers/columns.html", view=view, every_column=known, shown=now)


@router.post(IN_ZONE + "/columns")
@router.post(IN_CITY + "/columns")
async def choose_columns(
    request: Request, caller: Who, key: Annotated[list[str] | None, Form()] = None, usual: Annotated[str, Form()] = ""
) -> Response:
    """Remember which columns she wants to see; ``usual``, or none: the usual ones again."""
    view = view_of(request)
    reader, _ = await read(request, caller, lambda desk: None)
    known = all_columns.all_of(view.ledger)
    keys = [k for k in key or [] if k in known and not usual]
    if reader.actor.kind == "account" and (who := reader.actor.id):
        name, value = f"columns.{view.ledger.value}", keys or None
        await database(request).chore(lambda link: preferences.write(link, who, name, value))
    return go(request, view.link())


async def _sheet(request: Request, caller: Caller, view: View) -> tuple[Frame, Sheet]:
    def wanted(keys: list[str] | None) -> tuple[str, ...]:
        fields = needs(shown(view, keys))
        groups = ("industry", "industry_code") if view.by == "industry" else ()
        return (*fields, *(name for name in groups if name not in fields))

    slow = bool(view.whole or view.by or (view.filters and not view.zone))
    return await read(request, caller, ledger_pages.sheet, view.asked(), wanted, view.by, slow=slow)


def shown(view: View, keys: list[str] | None) -> tuple[Any, ...]:
    """The columns of this view; a zone's own column where zones stand mixed."""
    found = view.columns(keys)
    if view.zone or view.by == "zone":
        return found
    at = 1 if found and found[0].key == "light" else 0
    return (*found[:at], all_columns.ZONE, *found[at:])


def context(request: Request, reader: Frame, view: View, sheet: Sheet) -> dict[str, Any]:
    """What the templates of a ledger need."""
    columns = shown(view, sheet.columns)
    rights = sheet.rights
    rows = Rows(look(view, columns, rights, reader.language), sheet.page.names, sheet.zone_names)
    table = Table(view, sheet, columns, rows, reader.language)
    last: Any = request.query_params.get("last")
    if last is not None and view.by == "zone":
        last = int(last) if last.isdecimal() else None
    elif last == UNKNOWN:
        last = None
    own = bool(rights.writes) and (view.zone is not None or any(rights.edits(z) for z in sheet.zone_names))
    zone = sheet.zone or {}
    name = zone.get("short_name") or zone.get("name") or ""
    return {
        "view": view,
        "sheet": sheet,
        "table": table,
        "last": last,
        "columns": columns,
        "heads": Heads(view, columns, reader.language),
        "lists": datalists(columns, reader.language, sheet.industries) if own else {},
        "ledgers": tuple(Ledger),
        "offered": OFFERED[view.ledger],
        "edits": own,
        "new_address": f"/projects/new?ledger={view.ledger.value}" + (f"&zone={view.zone}" if view.zone else ""),
        "title": f"{name} {word(view.ledger, 'Ledger', reader.language)}".strip(),
        "zone_name": name,
    }


def look(view: View, columns: tuple[Any, ...], rights: ledger_pages.Rights, language: str) -> Look:
    """How rows are written for this reader and view."""
    return Look(columns, view.unit, language, rights.clear, rights.writes)

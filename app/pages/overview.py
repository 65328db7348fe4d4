"""The first screen of leaders, and the projects behind each of its figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.errors import BadRequest
from app.models.base import FOREVER
from app.pages import read, render
from app.pages.door import page_caller
from app.rules.codes import Ledger
from app.rules.money import next_month
from app.services import figure_rows, light_rules, monthly, overview, waiting
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PERIOD = re.compile(r"(?:\d{4}(?:-\d\d)?)?")
FIGURES: dict[str, Word] = {
    "signed": Word("Signed"),
    "to_start": Word("Planned to start"),
    "to_start_started": Word("Planned to start, and started"),
    "started": Word("Started"),
    "in_construction": Word("In construction"),
    "invested": Word("Invested in the month"),
    "done_in_year": Word("Invested this year"),
    "planned": Word("With an annual plan"),
    "done_of_plan": Word("Invested this year under an annual plan"),
    "registered": Word("Registered in statistics"),
    "unregistered": Word("Started, not registered in statistics"),
    "suspended": Word("Suspended"),
    "completed": Word("Completed"),
    "in_production": Word("In production"),
    "reporting": Word("Without this month's report"),
}
"""What each figure is called."""
SHIPPED = {"yinchuan": Word("As in Yinchuan"), "wuhan": Word("As in Wuhan"), "sanya": Word("As in Sanya")}


@router.get("/overview")
async def show(
    request: Request, caller: Who, zone: str = "", sort: str = "-red", skip: str = "0", wait: str = ""
) -> Response:
    """The overview of all zones she sees, or of one."""
    if sort.removeprefix("-") not in overview.SORTS or (wait and wait not in waiting.WAITS):
        raise BadRequest("A parameter of the address cannot be read")
    reader, found = await read(request, caller, overview.overview, zone or None, sort, _number(skip))
    shown = wait or next((way for way, rows in found["waiting"].items() if rows), "not_started")
    return render(
        request, reader, "overview/overview.html", **found, zone=zone, sort=sort, skip=_number(skip), wait=shown, waits=waiting.WAITS,
        titles=FIGURES, ledgers=tuple(Ledger), rows_of=_linker(zone), back=next_month(found["month"], -1),
        figures={item["figure"]: item for item in found["ten"]["items"]}, step=overview.AT_ONCE,
        place=f"/zones/{zone}/ledgers" if zone else "/ledgers", place_name=_name(reader.zones, zone),
        here_sorted=lambda name: _address("/overview", zone=zone, wait=wait, sort=name if sort == f"-{name}" else f"-{name}"),
        here_with=lambda **more: _address("/overview", **{"zone": zone, "wait": wait, "sort": sort if sort != "-red" else "", **more}),
    )  # fmt: skip


@router.get("/overview/light-rules")
async def rules(request: Request, caller: Who) -> Response:
    """The light rules in force, in words."""
    reader, found = await read(request, caller, light_rules.read)
    shown = {"pace": None, "start": None, "statistics": None} | found["rules"]
    return render(
        request, reader, "overview/light_rules.html", name=SHIPPED.get(found["name"], found["name"]), rules=shown
    )


@router.get("/overview/waiting/{way}")
async def all_waiting(request: Request, way: str, caller: Who, zone: str = "", skip: str = "0") -> Response:
    """Everybody who waits in one way, longest first."""
    reader, found = await read(request, caller, figure_rows.waiting_rows, way, zone or None, _number(skip), slow=True)
    more = _address(request.url.path, zone=zone, skip=_number(skip) + figure_rows.AT_ONCE)
    return render(
        request, reader, "overview/rows.html", **found, title=waiting.WAITS[way].title, first="", last="", zone=zone, next=more, skip=_number(skip),
    )  # fmt: skip


@router.get("/overview/{figure}")
async def rows(request: Request, figure: str, caller: Who, zone: str = "", skip: str = "0") -> Response:
    """The projects that a figure counts: those whose fact lies between two months."""
    said: Mapping[str, str] = request.query_params
    first, last = said.get("from", ""), said.get("to", "")
    if not PERIOD.fullmatch(first) or not PERIOD.fullmatch(last):
        raise BadRequest("A parameter of the address cannot be read")
    reader, found = await read(
        request, caller, figure_rows.rows, figure, zone or None, first, last or "9999", _number(skip), slow=True
    )
    more = _address(
        request.url.path, zone=zone, skip=_number(skip) + figure_rows.AT_ONCE, **{"from": first, "to": last}
    )
    return render(
        request, reader, "overview/rows.html", **found, title=FIGURES[figure], first=first, last=last, zone=zone, next=more, skip=_number(skip),
    )  # fmt: skip


def _linker(zone: str) -> Any:
    """Makes the address of a figure's rows: ``rows_of("signed", "2026-01", "2026-10")``."""

    def link(figure: str, first: str = "", last: str = "", of: str = zone) -> str:
        if figure in set(Ledger) and figure == monthly.STOCKS[0]:
            return f"/zones/{of}/ledgers/{figure}" if of else f"/ledgers/{figure}"
        return _address(f"/overview/{figure}", zone=of, **{"from": first, "to": last or first})

    return link


def _address(path: str, **said: Any) -> str:
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{path}?{query}" if query else path


def _number(sent: str) -> int:
    if not sent.isdecimal() or len(sent) > 9 or int(sent) >= FOREVER:
        raise BadRequest("A parameter of the address cannot be read")
    return int(sent)


def _name(zones: tuple[tuple[str, str], ...], code: str) -> str:
    return next((name for known, name in zones if known == code), code)

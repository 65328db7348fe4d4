"""The first screen of leaders, and the projects behind each of its figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.errors import BadRequest
from app.models.base import FOREVER
from app.pages import read, render
from app.pages.curve import city_curve
from app.pages.door import page_caller
from app.rules.codes import Ledger
from app.rules.counting import LIGHTS
from app.services import figure_rows, leaders, light_rules, overview, waiting
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PERIOD = re.compile(r"(?:\d{4}(?:-\d\d)?)?")
FIGURES: dict[str, Any] = {
    "signed": Word("Signed"),
    "to_start": Word("Planned to start"),
    "to_start_started": Word("Planned to start, and started"),
    "started": Word("Started"),
    "in_construction": Word("In construction"),
    "invested": Word("Invested in the month"),
    "spent": Word("Invested this year"),
    "planned": Word("With an annual plan"),
    "done_of_plan": Word("Invested this year under an annual plan"),
    "registered": Word("Registered in statistics"),
    "unregistered": Word("Started, not registered in statistics"),
    "suspended": Word("Suspended"),
    "completed": Word("Completed"),
    "in_production": Word("In production"),
    "building": Word("In construction"),
    "missing": Word("Without this month's report"),
    "funds": Word("Funds in place"),
    "foreign": Word("Foreign capital utilised"),
    "problem_new": Word("Problems, new"),
    "problem_solved": Word("Problems, solved"),
    "problem_open": Word("Problems, open"),
    **{f"light_{colour}": Word(f"Light.{colour}") for colour in LIGHTS},
}
"""What each figure is called."""


class ByValue(dict[str, Any]):
    """Values that a part of the page is kept by: alike, the part is the same."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._hash = hash(repr(self))

    def __hash__(self) -> int:  # type: ignore[override]
        return self._hash


TITLES = ByValue(FIGURES)


@dataclass(frozen=True)
class Linker:
    """Makes the address of a figure's rows: ``rows_of("signed", "2026-01", "2026-10")``."""

    zone: str
    leader: str

    def __call__(
        self, figure: str, first: str = "", last: str = "", of: str | None = None, least: int | None = None
    ) -> str:
        whose = {"zone": self.zone if of is None else of, "leader": self.leader, "least": least}
        return _address(f"/overview/{figure}", **whose, **{"from": first, "to": last or first})


SHIPPED = {"yinchuan": Word("As in Yinchuan"), "wuhan": Word("As in Wuhan"), "sanya": Word("As in Sanya")}


@router.get("/overview")
async def show(
    request: Request, caller: Who, zone: str = "", sort: str = "-red", skip: str = "0", wait: str = "", leader: str = ""
) -> Response:
    """The overview of all zones she sees, of one, or of one sponsor leader's projects there."""
    if sort.removeprefix("-") not in overview.SORTS or (wait and wait not in waiting.WAITS):
        raise BadRequest("A parameter of the address cannot be read")
    reader, found = await read(
        request, caller, overview.overview, zone or None, sort, _number(skip), leader or None, slow=bool(leader)
    )
    shown = wait or next((way for way, rows in found["waiting"].items() if rows), "not_started")
    figures = {item["figure"]: item for item in found["ten"]["items"]}
    ten = ByValue(found["ten"], figures=figures, built_lights=found["heads"][Ledger.IN_CONSTRUCTION]["lights"])
    here = {"zone": zone, "leader": leader, "wait": wait}
    place = f"/zones/{zone}/ledgers" if zone else "/ledgers"
    return render(
        request, reader, "overview/overview.html", **{**found, "ten": ten}, zone=zone, leader=leader, sort=sort, skip=_number(skip), wait=shown,
        waits=waiting.WAITS, titles=TITLES, ledgers=tuple(Ledger), rows_of=Linker(zone, leader),
        step=overview.AT_ONCE, draw=city_curve,
        place_name=_name(reader.zones, zone), ledger_of=lambda name: _address(f"{place}/{name}", sponsor_leader=leader),
        leaders_of=_address("/overview/leaders", zone=zone), all_waiting=_address(f"/overview/waiting/{shown}", zone=zone, leader=leader),
        here_sorted=lambda name: _address("/overview", **here, sort=name if sort == f"-{name}" else f"-{name}"),
        here_with=lambda **more: _address("/overview", **{**here, "sort": sort if sort != "-red" else "", **more}),
    )  # fmt: skip


@router.get("/overview/leaders")
async def by_leader(request: Request, caller: Who, zone: str = "") -> Response:
    """All sponsor leaders side by side."""
    reader, found = await read(request, caller, leaders.table, zone or None, slow=True)
    return render(
        request, reader, "overview/leaders.html", **found, zone=zone, ledgers=tuple(Ledger),
        place_name=_name(reader.zones, zone), of=lambda leader: _address("/overview", zone=zone, leader=leader),
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
async def all_waiting(
    request: Request, way: str, caller: Who, zone: str = "", leader: str = "", skip: str = "0"
) -> Response:
    """Everybody who waits in one way, longest first."""
    of = figure_rows.Of(zone or None, leader or None)
    reader, found = await read(request, caller, figure_rows.waiting_rows, way, of, _number(skip), slow=True)
    return _rows(request, reader, found, waiting.WAITS[way].title, of, skip)


@router.get("/overview/{figure}")
async def rows(
    request: Request, figure: str, caller: Who, zone: str = "", leader: str = "", least: str = "", skip: str = "0"
) -> Response:
    """The projects that a figure counts: those whose fact lies between two months."""
    said: Mapping[str, str] = request.query_params
    first, last = said.get("from", ""), said.get("to", "")
    if not PERIOD.fullmatch(first) or not PERIOD.fullmatch(last):
        raise BadRequest("A parameter of the address cannot be read")
    of = figure_rows.Of(zone or None, leader or None, _amount(least) if least else None)
    until = last or "9999"
    reader, found = await read(request, caller, figure_rows.rows, figure, of, first, until, _number(skip), slow=True)
    return _rows(request, reader, found, FIGURES[figure], of, skip, first=first, last=last, figure=figure)


def _rows(
    request: Request, reader: Any, found: dict[str, Any], title: Any, of: figure_rows.Of, skip: str, *,
    first: str = "", last: str = "", figure: str = "",
) -> Response:  # fmt: skip
    asked = {"zone": of.zone, "leader": of.leader, "least": of.least, "from": first, "to": last}
    more = _address(request.url.path, **asked, skip=_number(skip) + figure_rows.AT_ONCE)
    return render(
        request, reader, "overview/rows.html", **found, title=title, first=first, last=last, of=of, figure=figure, next=more,
        back=_address("/overview", zone=of.zone, leader=of.leader),
    )  # fmt: skip


def _address(path: str, **said: Any) -> str:
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{path}?{query}" if query else path


def _number(sent: str) -> int:
    if not sent.isdecimal() or len(sent) > 9 or int(sent) >= FOREVER:
        raise BadRequest("A parameter of the address cannot be read")
    return int(sent)


def _amount(sent: str) -> int:
    if not sent.isdecimal() or len(sent) > 15:
        raise BadRequest("A parameter of the address cannot be read")
    return int(sent)


def _name(zones: tuple[tuple[str, str], ...], code: str) -> str:
    return next((name for known, name in zones if known == code), code)

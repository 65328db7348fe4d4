"""What a zone settles itself, as a page: three figures, what follows, and what more items would do before they are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import BadRequest, Invalid
from app.pages import read, render
from app.pages.door import page_caller
from app.pages.standing import day_of
from app.rules.codes import ChainClass
from app.rules.delegations import day_before
from app.services import case_lists, chains, coverage, powers, zones
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
MOST_ROWS = 500
Record = dict[str, Any]
WHERE = {
    "inside": Word("Settled in the zone"),
    "outside": Word("Settled outside"),
    "unknown": Word("Nobody said where"),
}


@router.get("/zones/{code}/coverage")
async def show(request: Request, code: str, caller: Who) -> Response:
    """Coverage of a zone. ``what_if`` (several) are items that it would hold too, ``against`` a sister zone."""
    sent = request.query_params
    class_ = sent.get("class") if sent.get("class") in set(ChainClass) else None
    wanted, against = sent.getlist("what_if")[:100], sent.get("against") or None

    def found(desk: Desk) -> Any:
        try:
            told = coverage.read(desk, code, class_=class_, what_if=wanted, against=against)
        except BadRequest:  # an item that could be handed down when the form was made
            told = coverage.read(desk, code, class_=class_, against=against)
        return told, _zone(desk, code), _choices(desk, told)

    reader, (told, zone, choices) = await read(request, caller, found)
    return render(
        request, reader, "zones/coverage.html", cov=told, zone=zone, choices=choices, wanted=wanted, against=against or "",
        classes=[c.value for c in ChainClass], rows_of=rows_of(code, told), sisters=reader.zones, day_before=day_before,
    )  # fmt: skip


def rows_of(code: str, told: Record | None) -> Callable[..., str]:
    """The address of the cases behind a figure of ``told``."""
    period = {"from": told["from"], "until": told["on"]} if told else {}

    def address(**more: Any) -> str:
        asked = {**period, **more}
        return f"/zones/{code}/coverage/cases?" + urlencode({n: v for n, v in asked.items() if v is not None})

    return address


def _zone(desk: Desk, code: str) -> Record:
    row = zones.find(desk, code)
    return {"code": row.code, "shown": row.short_name or row.name}


def _choices(desk: Desk, told: Record) -> list[Record]:
    """Items that serve a step and are not held, those that firms fetch most often first: what the what-if offers."""
    asked = {item["power"]: n for n, row in enumerate(told["ask_next"]) for item in row["items"]}
    open_ = {i["power"]: s for s in told["items"]["steps"] if not s["reserved"] for i in s["items"] if not i["held"]}
    named = {power["code"]: power["name"] for power in powers.by_id(desk).values()}
    found = [{"power": p, "name": named[p], "step": s["name"], "asked": p in asked} for p, s in open_.items()]
    return sorted(found, key=lambda c: (asked.get(c["power"], len(asked)), c["power"]))


@router.get("/zones/{code}/coverage/cases")
async def show_cases(request: Request, code: str, caller: Who) -> Response:
    """The cases behind one figure."""
    sent = request.query_params
    asked: Record = {
        "where": sent.get("where") if sent.get("where") in WHERE else None,
        "step": sent.get("step") or None,
        "class_": sent.get("class") or None,
        "first": _day(sent.get("from", "")),
        "last": _day(sent.get("until", "")),
        "with_days": sent.get("days") == "known",
        "before": sent.get("side") == "before",
    }

    def found(desk: Desk) -> Any:
        mine = case_lists.behind(case_lists.of_zone(desk, code), **asked)
        return mine, _zone(desk, code), chains.names(desk)

    reader, (mine, zone, names) = await read(request, caller, found)
    return render(
        request, reader, "zones/coverage_cases.html", rows=mine[:MOST_ROWS], count=len(mine), zone=zone, asked=asked, where=WHERE,
        step=names.get(asked["step"] or "", ""), class_=asked["class_"] if asked["class_"] in set(ChainClass) else "", most=MOST_ROWS,
    )  # fmt: skip


def _day(sent: str) -> str | None:
    """A day of the address; what is none asks for nothing."""
    try:
        return day_of(sent)
    except Invalid:
        return None


@router.get("/coverage")
async def show_city(request: Request, caller: Who) -> Response:
    """The three figures of every zone, side by side."""
    sent = request.query_params.get("class")
    class_ = sent if sent in set(ChainClass) else ChainClass.ENTERPRISE_INDUSTRIAL.value
    reader, found = await read(request, caller, coverage.city, class_=class_, slow=True)
    return render(
        request, reader, "zones/coverage_city.html", items=found, class_=class_, classes=[c.value for c in ChainClass]
    )  # fmt: skip

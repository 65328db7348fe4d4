"""The start page, the register of zones, one zone with its figures, and who has left its ledgers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.errors import BadRequest, Conflict, Invalid, NotFound, Stale
from app.models.base import meta
from app.models.zones import ZoneFacts
from app.pages import database, figures, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.rules.access import Role
from app.rules.codes import Ledger, ZoneKind, ZoneLevel
from app.services import responsibilities, zone_pages, zone_search, zones
from app.words import Word, say, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
HOME = Ledger.IN_CONSTRUCTION.value
INDICATORS: dict[str, Word] = {
    "comprehensive": Word("Overall rank in the province"),
    "remaining_area": Word("Remaining area"),
    "tax_per_mu": Word("Tax per mu"),
    "investment_per_mu": Word("Investment per mu"),
}
"""Figures that are known by a word; others show their own key."""
UNITS: dict[str, Word] = {
    "平方公里": Word("km²"),
    "万元/亩": Word("10k yuan per mu"),
}


@router.get("/")
async def home(request: Request, caller: Who) -> Response:
    """Where the day begins: her own zone's ledger, the city's, the overview of leaders, her projects, or what she administers."""
    reader, _ = await read(request, caller, lambda desk: None)
    role = Role(reader.role)
    if role in (Role.ADMINISTRATOR, Role.SECURITY_OFFICER) and reader.may("account.read"):
        return go(request, "/admin")
    if role in (Role.REPORTER, Role.SERVICE, Role.DEPARTMENT):
        return go(request, "/my")
    if role is Role.LEADER:
        return go(request, "/overview")
    if len(reader.zones) == 1:
        return go(request, f"/zones/{reader.zones[0][0]}/ledgers/{HOME}")
    return go(request, f"/ledgers/{HOME}" if reader.zones else "/zones")


@router.get("/my")
async def mine(request: Request, caller: Who) -> Response:
    """The projects she answers for, ledger by ledger."""
    reader, found = await read(request, caller, responsibilities.mine)
    grouped = [(ledger.value, [p for p in found if p["ledger"] == ledger]) for ledger in Ledger]
    return render(request, reader, "people/mine.html", count=len(found), grouped=[g for g in grouped if g[1]])


@router.get("/zones")
async def register(request: Request, caller: Who, q: str = "") -> Response:
    """Every zone with its rank and its ledgers in numbers."""
    reader, found = await read(request, caller, zone_pages.register, q[:60], slow=True)
    return render(
        request, reader, "zones/list.html", zones=found["items"], more=found["more"], q=q[:60], ledgers=tuple(Ledger)
    )


@router.get("/zones/search")
async def search(request: Request, caller: Who, zone: str = "") -> Response:
    """Zones that a text may mean, to choose from while it is typed."""
    reader, found = await read(request, caller, zone_search.search, zone[:60], slow=True)
    return render(
        request,
        reader,
        "zones/found.html",
        "found",
        found=found[: zone_search.MOST],
        more=len(found) - zone_search.MOST,
        zone=zone,
    )


@router.get("/zones/{code}")
async def show(request: Request, code: str, caller: Who) -> Response:
    """One zone: facts, ledgers in numbers, yearly figures with ranks."""
    return await _page(request, code, caller)


async def _page(request: Request, code: str, caller: Caller, status: int = 200, **more: Any) -> Response:
    reader, found = await read(request, caller, zone_pages.one, code)
    language = reader.language
    said = more.pop("said", None)
    fields = [
        (n, str(f.title), meta(f).get("kind"), _shown(found["zone"][n], meta(f), language))
        for n, f in ZoneFacts.model_fields.items()
    ]
    choices = {
        "level": [("", ""), *((m.value, word(m, "ZoneLevel", language)) for m in ZoneLevel)],
        "kind": [("", ""), *((m.value, word(m, "ZoneKind", language)) for m in ZoneKind)],
    }
    edit = found["may_amend"] and (said is not None or "edit" in request.query_params)
    return render(
        request, reader, "zones/zone.html", status=status, fields=fields, choices=choices, ledgers=tuple(Ledger), edit=edit,
        said=said or {n: _typed(found["zone"][n]) for n in (*ZoneFacts.model_fields, *zones.NAMES)},
        titles=INDICATORS, units=UNITS, **{"wrong": RIGHT, **found, **more},
    )  # fmt: skip


def _shown(value: Any, facts: dict[str, Any], language: str) -> str:
    shown = figures.shown(value, facts, language)
    return f"{shown} {say(facts['unit'], language)}" if shown and facts.get("unit") else shown


def _typed(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value)
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


@router.post("/zones/{code}")
async def amend(request: Request, code: str, caller: Who) -> Response:
    """Change the facts of a zone."""
    form = await typed(request)
    said = {n: text(form, n).strip() for n in (*ZoneFacts.model_fields, *zones.NAMES)}
    try:
        edit = {n: _value(n, v) for n, v in said.items()}
        await database(request).act(caller, zones.amend, code, edit, version=number(form, "version"))
    except (Invalid, Conflict, Stale) as refusal:
        return await _page(request, code, caller, refusal.status, said=said, wrong=wrong(refusal, caller.language))
    return go(request, f"/zones/{code}")


def _value(name: str, sent: str) -> Any:
    if name in zones.NAMES:
        return [part.strip() for part in sent.replace("，", "、").replace(",", "、").split("、") if part.strip()]
    if not sent:
        return None
    if meta(ZoneFacts.model_fields[name]).get("kind") == "measure":
        try:
            return float(sent.replace(",", ""))
        except ValueError:
            raise Invalid.one(f"/{name}", "wrong_type", "A number is expected") from None
    return sent


@router.get("/zones/{code}/exited")
async def exited(request: Request, code: str, caller: Who, cursor: str | None = None) -> Response:
    """Lost and withdrawn projects: when, why, where to, what had been invested."""
    try:
        reader, found = await read(request, caller, zone_pages.exited, code, cursor)
    except BadRequest as refusal:
        raise NotFound from refusal
    return render(request, reader, "zones/exited.html", **found)

"""Whom the month's personal links were sent to: made for all or for some, shown once, withdrawn."""

from __future__ import annotations

from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Invalid, Refusal
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, path_id, text, texts, typed, wrong
from app.pages.month_grid import PLACE, where
from app.pages.standing import day_of
from app.rules.access import Act
from app.services import reporters, zones
from app.services.identity import digest
from app.services.signing_in import new_token
from app.whereabouts import own_address

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]


@router.get(PLACE + "/reporters")
async def show(request: Request, caller: Who) -> Response:
    """Everybody who answers for a report of this month, with her link and how far she is."""
    return await _page(request, caller)


@router.post(PLACE + "/reporters")
async def make(request: Request, caller: Who) -> Response:
    """New links for those chosen. Each is shown on the page that answers, and never again."""
    code, month, _ = where(request)
    form = await typed(request)
    chosen = {int(sent) for sent in texts(form, "person") if sent.isdecimal() and len(sent) < 19}
    tokens = {person_id: new_token() for person_id in sorted(chosen)}
    try:
        if not chosen:
            raise Invalid.one("/persons", "required", "Choose whom the links are for")
        last = day_of(text(form, "expires_on"), "/expires_on") if text(form, "expires_on").strip() else None
        hashes = {person_id: digest(token) for person_id, token in tokens.items()}
        answer = await database(request).act(caller, reporters.make, code, month, hashes, expires_on=last, status=201)
    except (Invalid, Conflict) as refusal:
        return await _page(request, caller, refusal=refusal)
    return await _page(request, caller, tokens={} if answer.replayed else tokens, made=True)


@router.post(PLACE + "/reporters/{id}/withdraw")
async def withdraw(request: Request, caller: Who) -> Response:
    """The link of this person opens nothing any more."""
    code, month, place = where(request)
    form, id_ = await typed(request), path_id(request)
    await database(request).act(caller, reporters.withdraw, code, month, id_, version=number(form, "version"))
    return go(request, f"{place}/reporters")


async def _page(
    request: Request,
    caller: Caller,
    *,
    tokens: dict[int, str] | None = None,
    made: bool = False,
    refusal: Refusal | None = None,
) -> Response:
    code, month, place = where(request)

    def found(desk: Desk) -> Any:
        zone = zones.find(desk, code)
        desk.ask(Act.REPORTER_INVITE, zone.id)
        told = reporters.read(desk, code, month)
        return told, zone.short_name or zone.name

    reader, (told, zone_name) = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    addresses = {id_: f"{own_address(request)}/r/{token}" for id_, token in (tokens or {}).items()}
    new = [r for r in told["items"] if r["state"] in ("none", "withdrawn", "over") and r["owed"]]
    return render(
        request, reader, "months/reporters.html", status=201 if made else shown.status, m=told, place=place, zone_name=zone_name,
        addresses=addresses, codes={id_: _code(to) for id_, to in addresses.items()}, made=made, wrong=shown, new=new,
    )  # fmt: skip


def _code(address: str) -> str:
    """The address as a picture for a phone's camera."""
    return segno.make(address, error="m").svg_data_uri(scale=3, border=2, light="#fff")

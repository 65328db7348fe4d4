"""目标企业 as pages: the firms a zone wants to win, each line a small form."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.pages.projects import id_of
from app.pages.standing import day_of
from app.rules.access import Act
from app.rules.firm_codes import TargetState
from app.services import enterprises, target_enterprises, zones
from app.words import Word, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale)
PLACE = "/zones/{code}/target-enterprises"
DONE = {"saved": Word("Saved."), "removed": Word("The firm was taken off the list; history keeps it.")}


@router.get(PLACE)
async def show(request: Request, code: str, caller: Who) -> Response:
    """The targets of a zone."""
    return await _list(request, code, caller)


@router.post(PLACE)
async def put(request: Request, code: str, caller: Who) -> Response:
    """Put a firm on the list, or change what stands there."""
    form = await typed(request)
    try:
        firm = number(form, "pick") or number(form, "enterprise_id")
        if firm is None:
            raise Invalid.one("/enterprise_id", "required", "Choose an enterprise from those that were found")
        await database(request).act(
            caller, target_enterprises.put, code, firm, _facts(form), version=number(form, "version")
        )
    except REFUSALS as refusal:
        return await _list(request, code, caller, form, refusal)
    return go(request, f"/zones/{code}/target-enterprises?done=saved")


@router.post(PLACE + "/{id:int}/remove")
async def remove(request: Request, code: str, caller: Who) -> Response:
    """Take a firm off the list."""
    form = await typed(request)
    try:
        await database(request).act(
            caller, target_enterprises.remove, code, id_of(request), version=number(form, "version")
        )
    except REFUSALS as refusal:
        return await _list(request, code, caller, None, refusal)
    return go(request, f"/zones/{code}/target-enterprises?done=removed")


@router.post("/enterprises/{id:int}/targets")
async def want(request: Request, caller: Who) -> Response:
    """Put this firm on the list of one of her zones."""
    form, id_ = await typed(request), id_of(request)
    await database(request).act(caller, target_enterprises.put, text(form, "zone"), id_, {})
    return go(request, f"/zones/{text(form, 'zone')}/target-enterprises?edit={id_}#t{id_}")


def _facts(form: FormData) -> dict[str, Any]:
    facts: dict[str, Any] = {"owner": text(form, "owner").strip() or None, "note": text(form, "note").strip() or None}
    facts["last_contact_on"] = day_of(text(form, "last_contact_on"), "/last_contact_on")
    return facts | ({"state": text(form, "state")} if text(form, "state") else {})


async def _list(
    request: Request, code: str, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> tuple[Any, Any, bool, dict[int, int]]:
        items = target_enterprises.list_(desk, code)
        may = desk.may(Act.TARGET_FIRM_WRITE, zones.id_of(desk, code))
        return zones.read(desk, code), items, may, enterprises.counted(desk, [t["enterprise_id"] for t in items])

    reader, (zone, items, may, counts) = await read(request, caller, found)
    if form is not None and not may:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.target_firm.write"))
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    sent = (number(form, "enterprise_id") or 0) if form is not None else _asked(request)
    said = {n: text(form, n) for n in ("state", "owner", "last_contact_on", "note")} if form is not None else None
    return render(
        request, reader, "enterprises/targets.html", status=shown.status, zone=zone, items=items, may=may, counts=counts, wrong=shown,
        edit=sent if may else 0, said=said, done=DONE.get(request.query_params.get("done", ""), ""),
        states=[(s.value, word(s, "TargetState", reader.language)) for s in TargetState],
    )  # fmt: skip


def _asked(request: Request) -> int:
    sent = request.query_params.get("edit", "")
    return int(sent) if sent.isdecimal() and sent.isascii() and len(sent) < 18 else 0

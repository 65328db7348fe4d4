"""名单 as pages: the lists, one list with the projects on it, and a project's place there."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.pages.standing import day_of
from app.rules.access import Act
from app.services import lists, zone_search

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale, Forbidden, NotFound)
FIELDS = ("code", "name", "level", "year", "owner_unit", "document")


@router.get("/lists")
async def show(request: Request, caller: Who) -> Response:
    """Every list, and the form for a new one."""
    return await _lists(request, caller)


@router.post("/lists")
async def create(request: Request, caller: Who) -> Response:
    """A new list."""
    form = await typed(request)
    said: dict[str, Any] = {n: text(form, n).strip() or None for n in FIELDS}
    try:
        answer = await database(request).act(caller, lists.create, said | {"year": number(form, "year")}, status=201)
    except REFUSALS as refusal:
        return await _lists(request, caller, said, refusal)
    return go(request, f"/lists/{answer.value['code']}")


async def _lists(
    request: Request, caller: Caller, said: dict[str, Any] | None = None, refusal: Refusal | None = None
) -> Response:
    reader, found = await read(request, caller, lists.list_)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "lists/list.html", status=shown.status, lists=found, wrong=shown, said=said or dict.fromkeys(FIELDS),
        may=reader.may(Act.LIST_AMEND.value),
    )  # fmt: skip


@router.get("/lists/{code}")
async def one(request: Request, code: str, caller: Who) -> Response:
    """The projects on a list that she may see."""
    return await _one(request, caller, code)


@router.post("/lists/{code}")
async def place(request: Request, code: str, caller: Who) -> Response:
    """Put a project on the list by its code or number, change its place, or take it off."""
    form = await typed(request)
    said = {n: text(form, n).strip() for n in ("project", "number", "batch", "joined_on", "left_on")}
    try:
        edit: dict[str, Any] = {n: said[n] or None for n in ("number", "batch")}
        edit |= {n: day_of(said[n], f"/{n}") for n in ("joined_on", "left_on")}
        await database(request).act(
            caller, lists.put, code, _project(said["project"]), {k: v for k, v in edit.items() if v is not None}
        )
    except REFUSALS as refusal:
        return await _one(request, caller, code, said, refusal)
    return go(request, f"/lists/{code}")


def _project(sent: str) -> int:
    """``P0000012`` or ``12``."""
    digits = sent.upper().removeprefix("P")
    if not digits.isdecimal() or not digits.isascii() or len(digits) > 18:
        raise Invalid.one("/project", "required", "Give the project's code, such as P0000012")
    return int(digits)


async def _one(
    request: Request, caller: Caller, code: str, said: dict[str, str] | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> tuple[Any, Any, Any]:
        return lists.read(desk, code), lists.members(desk, code, past=True), zone_search.shown(desk)

    reader, (kept, members, zones) = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    may = reader.may(Act.LIST_AMEND.value) or reader.may(Act.PROJECT_AMEND.value)
    blank = dict.fromkeys(("project", "number", "batch", "joined_on", "left_on"), "")
    return render(
        request,
        reader,
        "lists/one.html",
        status=shown.status,
        kept=kept,
        members=members,
        zones=zones,
        wrong=shown,
        said=said or blank,
        may=may,
    )

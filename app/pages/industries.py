"""The city's list of industries as the city office keeps it: entries, what they are called, and what the list does not know."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Problem, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, Wrong, number, text, texts, typed, wrong
from app.rules.identity import zone_key
from app.services import industries, industry_pages, zones

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
FIELDS = ("name", "code", "parent_code", "aliases", "gbt4754")
PLACE = "/admin/industries"


@router.get(PLACE)
async def show(request: Request, caller: Who) -> Response:
    """Every entry under its parent, the texts that no entry stands for, and the form of a new entry."""
    return await _list(request, caller)


@router.post(PLACE)
async def create(request: Request, caller: Who) -> Response:
    """A new entry. Projects that were typed so get its code in the same act."""
    form = await typed(request)
    said = {name: text(form, name).strip() for name in FIELDS}
    try:
        await database(request).act(caller, _create, _facts(said) | {"code": said["code"]})
    except REFUSALS as refusal:
        return await _list(request, caller, said, refusal)
    return go(request, f"{PLACE}?done=added")


def _create(desk: Desk, facts: dict[str, Any]) -> None:
    if any(entry["code"] == facts["code"] for entry in industries.list_(desk)):
        raise Invalid.one("/code", "code_taken", "The code {list} is taken", list=facts["code"])
    industries.put(desk, [facts])


@router.post(PLACE + "/unclassified")
async def learn(request: Request, caller: Who) -> Response:
    """Texts that the list did not know become further names of entries."""
    form = await typed(request)
    meant = {t: c for t, c in zip(texts(form, "text"), texts(form, "industry"), strict=False) if c}
    try:
        await database(request).act(caller, industries.learn, meant)
    except REFUSALS as refusal:
        return await _list(request, caller, None, refusal)
    return go(request, f"{PLACE}?done=learnt")


async def _list(
    request: Request, caller: Caller, said: dict[str, str] | None = None, refusal: Refusal | None = None
) -> Response:
    reader, found = await read(request, caller, industry_pages.whole, slow=True)
    shown = _wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "industries/list.html", status=shown.status, found=found, wrong=shown,
        said=said or dict.fromkeys(FIELDS, ""), done=request.query_params.get("done", ""),
    )  # fmt: skip


@router.get(PLACE + "/{code}")
async def one(request: Request, code: str, caller: Who) -> Response:
    """One entry with its history."""
    return await _one(request, caller, code)


@router.post(PLACE + "/{code}")
async def amend(request: Request, code: str, caller: Who) -> Response:
    """Change an entry, and which zones lead in it."""
    form = await typed(request)
    said = {name: text(form, name).strip() for name in (*FIELDS, "leading")}
    try:
        await database(request).act(caller, _amend, code, said, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _one(request, caller, code, form, refusal)
    return go(request, f"{PLACE}?done=saved")


def _amend(desk: Desk, code: str, said: dict[str, str], *, version: int | None) -> None:
    known, named = zones.names(desk), _several(said["leading"])
    unknown = [name for name in named if zone_key(name) not in known]
    if unknown:
        raise Invalid(
            problems=[
                Problem("/leading", "not_found", "There is no zone {zone} that you may see", {"zone": name})
                for name in unknown
            ]
        )
    industries.amend(desk, code, _facts(said), [known[zone_key(name)] for name in named], version=version)


async def _one(
    request: Request, caller: Caller, code: str, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    reader, entry = await read(request, caller, industry_pages.one, code)
    shown = _wrong(refusal, reader.language) if refusal else RIGHT
    said = {n: "、".join(v) if isinstance(v, list) else v or "" for n, v in entry.items() if n in (*FIELDS, "leading")}
    if form is not None:
        said |= {n: text(form, n) for n in said if n != "code"}
    return render(
        request, reader, "industries/one.html", status=shown.status, entry=entry, said=said, wrong=shown,
        told=_told, version=text(form, "version") if form is not None else entry["version"],
    )  # fmt: skip


def _told(value: Any) -> str:
    """A value of an entry's history; names stand in it as a list."""
    return "、".join(orjson.loads(value)) if str(value).startswith("[") else value or ""


def _facts(said: dict[str, str]) -> dict[str, Any]:
    listed = {name: _several(said[name]) for name in ("aliases", "gbt4754")}
    return {"name": said["name"], "parent_code": said["parent_code"] or None, **listed}


def _several(text_: str) -> list[str]:
    """Names parted by 、, a comma, a semicolon or a new line."""
    return [part.strip() for part in re.split(r"[、,，;；\n]+", text_) if part.strip()]


def _wrong(refusal: Refusal, language: str) -> Wrong:
    """The one entry of the form is the first of the list that the service was given."""
    refusal.problems = [replace(p, pointer=p.pointer.replace("/items/0", "", 1)) for p in refusal.problems]
    return wrong(refusal, language)

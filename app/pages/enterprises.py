"""Enterprises as pages: the base, one firm with what it has invested, its form, and merging two entries of one firm."""

from __future__ import annotations

import re
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, texts, typed, wrong
from app.pages.projects import id_of
from app.rules.access import Act
from app.rules.firm_codes import EnterpriseClass
from app.services import enterprise_pages, enterprises
from app.services.frames import Frame
from app.words import Word, say, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale)
FIELDS = (
    "name", "credit_code", "origin", "industry", "website", "profile", "contact_person", "contact_post", "phone",
)  # fmt: skip
MOST, OFFERED = 200, 8
DONE = {
    "saved": Word("Saved."),
    "merged": Word("They are one entry now; projects and targets have followed."),
    "target": Word("The firm stands on the target list."),
    "deleted": Word("The enterprise was deleted."),
}


# ── the base ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/enterprises")
async def base(request: Request, caller: Who) -> Response:
    """The base, narrowed by words, class, origin and industry."""
    sent = request.query_params
    asked = {name: sent.get(name, "").strip()[:100] for name in ("q", "class", "origin", "industry")}
    reader, found = await read(request, caller, enterprise_pages.base, asked, MOST, slow=True)
    return render(
        request, reader, "enterprises/list.html", asked=asked, **found, may=reader.may(Act.ENTERPRISE_CREATE.value),
        classes=_classes(reader), done=DONE.get(sent.get("done", ""), ""),
    )  # fmt: skip


def _classes(reader: Frame) -> list[tuple[str, str]]:
    return [(c.value, word(c, "EnterpriseClass", reader.language)) for c in EnterpriseClass]


@router.get("/enterprises/search")
async def search(request: Request, caller: Who, enterprise: str = "") -> Response:
    """Enterprises that a text may mean, to choose from while it is typed."""
    words = enterprise.strip()[:60]
    reader, found = await read(request, caller, enterprise_pages.meant, words, slow=True)
    return render(
        request,
        reader,
        "enterprises/found.html",
        "found",
        found=found[:OFFERED],
        more=len(found) - OFFERED,
        words=words,
    )


# ── one enterprise ───────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/enterprises/new")
async def blank(request: Request, caller: Who) -> Response:
    """The form for a new enterprise; ``name`` in the address stands in it already."""
    said = dict.fromkeys(FIELDS, "") | {"name": request.query_params.get("name", "")[:200]}
    return await _form(request, caller, None, said)


@router.post("/enterprises")
async def create(request: Request, caller: Who) -> Response:
    """Add it; what was typed stays when it is refused."""
    form = await typed(request)
    said = _typed(form)
    try:
        answer = await database(request).act(caller, enterprises.create, _facts(said), status=201)
    except REFUSALS as refusal:
        return await _form(request, caller, None, said, refusal)
    return go(request, f"/enterprises/{answer.value['id']}?done=saved")


@router.get("/enterprises/{id:int}")
async def one(request: Request, caller: Who) -> Response:
    """What it is, what it has invested, who wants it, what was changed."""
    return await _one(request, caller)


async def _one(request: Request, caller: Caller, refusal: Refusal | None = None) -> Response:
    reader, found = await read(request, caller, enterprise_pages.whole, id_of(request))
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "enterprises/one.html", status=shown.status, wrong=shown, **found,
        told=lambda change, side: _told(change["field"], change[side], reader.language),
        done=DONE.get(request.query_params.get("done", ""), ""),
    )  # fmt: skip


def _told(field: str, value: Any, language: str) -> str:
    """A value of its history in words; classes and names stand in it as a list."""
    if not str(value).startswith("["):
        return str(value or "")
    said = (word(v, "EnterpriseClass", language) if field == "classes" else v for v in orjson.loads(value))
    return say(", ", language).join(said)


@router.get("/enterprises/{id:int}/edit")
async def edit(request: Request, caller: Who) -> Response:
    """Its facts as a form."""
    return await _form(request, caller, id_of(request), None)


@router.post("/enterprises/{id:int}")
async def amend(request: Request, caller: Who) -> Response:
    """Save what was changed."""
    form, id_ = await typed(request), id_of(request)
    said = _typed(form)
    try:
        await database(request).act(caller, enterprises.amend, id_, _facts(said), version=number(form, "version"))
    except REFUSALS as refusal:
        return await _form(request, caller, id_, said, refusal)
    return go(request, f"/enterprises/{id_}?done=saved")


@router.post("/enterprises/{id:int}/merge")
async def merge(request: Request, caller: Who) -> Response:
    """This entry goes up in another one."""
    form, id_ = await typed(request), id_of(request)
    into = number(form, "pick") or 0
    try:
        await database(request).act(caller, enterprises.merge, id_, into, version=number(form, "version"))
    except (*REFUSALS, Forbidden) as refusal:
        return await _one(request, caller, refusal)
    return go(request, f"/enterprises/{into}?done=merged")


@router.post("/enterprises/{id:int}/delete")
async def delete(request: Request, caller: Who) -> Response:
    """Delete an entry that nothing names."""
    form = await typed(request)
    try:
        await database(request).act(caller, enterprises.remove, id_of(request), version=number(form, "version"))
    except (*REFUSALS, Forbidden) as refusal:
        return await _one(request, caller, refusal)
    return go(request, "/enterprises?done=deleted")


def _typed(form: FormData) -> dict[str, Any]:
    said: dict[str, Any] = {name: text(form, name).strip() for name in (*FIELDS, "aliases")}
    return said | {"classes": texts(form, "classes"), "version": number(form, "version"), "group": number(form, "pick")}


def _facts(said: dict[str, Any]) -> dict[str, Any]:
    facts = {name: said[name] or None for name in FIELDS}
    several = [part.strip() for part in re.split(r"[、,，;；\n]+", said["aliases"]) if part.strip()]
    return {**facts, "aliases": several, "classes": said["classes"], "parent_id": said["group"]}


async def _form(
    request: Request, caller: Caller, id_: int | None, said: dict[str, Any] | None, refusal: Refusal | None = None
) -> Response:
    act = Act.ENTERPRISE_CREATE if id_ is None else Act.ENTERPRISE_AMEND

    def found(desk: Desk) -> tuple[dict[str, Any], dict[str, Any]]:
        desk.ask(act)
        kept = enterprises.read(desk, id_) if id_ is not None else {"parent_id": None, "version": None}
        group = (said or {}).get("group") or kept["parent_id"]
        return kept, {"id": group, "name": enterprises.names(desk, [group]).get(group, "")} if group else {}

    reader, (kept, group) = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    values = said or {**kept, "aliases": "、".join(kept["aliases"])}
    return render(
        request, reader, "enterprises/form.html", status=shown.status, id=id_, kept=kept, wrong=shown, classes=_classes(reader),
        said={"aliases": "", "classes": [], **values}, group=group, version=(said or kept)["version"] if id_ else None,
    )  # fmt: skip

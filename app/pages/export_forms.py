"""Forms of masters: upload a blank form, look at what was understood, correct it, see the first rows, take it away and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale, TooLarge
from app.files import Files
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.rules.access import Act
from app.rules.codes import Ledger
from app.services import form_exports, forms, lists
from app.services.asking import Asked
from app.services.frames import Frame
from app.words import say

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale, Forbidden, TooLarge, NotFound)
GROUPINGS = ("none", "industry", "zone")
BLANK = {"name": "", "ledger": "", "list": "", "sheet": ""}


@router.get("/admin/forms")
async def show(request: Request, caller: Who) -> Response:
    """Every form, and the place to upload another; ``gone``: one that was just taken away and can be brought back."""
    return await _list(request, caller)


async def _list(
    request: Request, caller: Caller, said: dict[str, str] | None = None, refusal: Refusal | None = None
) -> Response:
    reader, (found, known) = await read(request, caller, lambda desk: (forms.list_(desk), lists.list_(desk)))
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "forms/list.html", status=shown.status, found=found, lists=known, ledgers=tuple(Ledger), wrong=shown,
        said=said or BLANK, may=reader.may(Act.FORM_AMEND.value), gone=request.query_params.get("gone", "")[:60],
        address=address,
    )  # fmt: skip


def address(name: str, tail: str = "") -> str:
    """Where a form is found."""
    return f"/admin/forms/{quote(name, safe='')}{tail}"


@router.post("/admin/forms")
async def create(request: Request, caller: Who) -> Response:
    """A blank form: read and mapped at once, so that what is none is said at once."""
    form, db = await typed(request), database(request)
    said = {n: text(form, n).strip() for n in BLANK}
    sent = form.get("file")
    try:
        await db.read(caller, forms.may_amend)
        if not isinstance(sent, UploadFile) or not (sent.filename or sent.size):
            raise Invalid.one("/file", "required", "Choose a file")
        stored = await run_in_threadpool(Files.of(db.settings).put, sent.file)
        name = sent.filename or ""

        def reading() -> Any:
            with Files.of(db.settings).open(stored.digest) as file:
                return forms.read_blank(file.read(), name, said["sheet"] or None)

        layout = await run_in_threadpool(reading)
        facts = {k: v or None for k, v in said.items() if k != "sheet"}
        answer = await db.act(
            caller, forms.create, facts, layout=layout, digest=stored.digest, file_name=name, status=201
        )
    except REFUSALS as refusal:
        return await _list(request, caller, said, refusal)
    return go(request, address(answer.value["name"]))


# ── one form ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/admin/forms/{form}")
async def one(request: Request, form: str, caller: Who) -> Response:
    """What each column is filled with, and the first rows as the form shows them."""
    return await _one(request, caller, form)


async def _one(request: Request, caller: Caller, name: str, refusal: Refusal | None = None) -> Response:
    zone, ledger = request.query_params.get("zone", ""), request.query_params.get("ledger", "")

    def found(desk: Desk) -> tuple[Any, ...]:
        kept = forms.read(desk, name)
        which = kept["ledger"] or (ledger if ledger in set(Ledger) else Ledger.IN_CONSTRUCTION.value)
        asked = Asked(zones=(zone,) if zone else None, ledger=which, limit=form_exports.MOST_SHOWN)
        return kept, which, form_exports.preview(desk, asked, name), lists.list_(desk)

    reader, (kept, which, sample, known) = await read(request, caller, found, slow=True)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "forms/one.html", status=shown.status, kept=kept, ledger=which, sample=sample, lists=known, wrong=shown,
        ledgers=tuple(Ledger), groupings=GROUPINGS, fields=_fields(reader), units=forms.MONEY_UNITS, money=_money(), zone=zone,
        may=reader.may(Act.FORM_AMEND.value), exports=reader.may(Act.EXPORT_RUN.value), address=address, heads=_heads(sample),
    )  # fmt: skip


def _fields(reader: Frame) -> list[tuple[str, str]]:
    """What a column can be filled with: key and word."""
    return [(key, say(c.title, reader.language)) for key, c in forms.fillable().items()]


def _money() -> frozenset[str]:
    return frozenset(key for key, c in forms.fillable().items() if c.kind == "yuan")


def _heads(sample: dict[str, Any]) -> list[list[tuple[str, int, int]]]:
    """The heading of the preview: in each row the cells that begin there, as (text, columns, rows)."""
    first, last = sample["heading"]
    merged = {(m[0], m[1]): m for m in sample["merges"]}
    covered = {
        (row, column)
        for top, left, bottom, right in sample["merges"]
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - merged.keys()
    found = []
    for row in range(first, last + 1):
        cells = []
        for column, said in enumerate(sample["top"][row]):
            if (row, column) not in covered:
                top, left, bottom, right = merged.get((row, column), (row, column, row, column))
                cells.append((said, right - left + 1, bottom - top + 1))
        found.append(cells)
    return found


@router.post("/admin/forms/{form}")
async def amend(request: Request, form: str, caller: Who) -> Response:
    """Keep what she corrected."""
    said = await typed(request)
    fields, units = said.getlist("field"), said.getlist("unit")
    edit: dict[str, Any] = {"name": text(said, "name").strip(), "grouped_by": text(said, "grouped_by") or "none"}
    edit |= {n: text(said, n) or None for n in ("ledger", "list")}
    edit["columns"] = [{"field": str(f) or None, "unit": str(u) or None} for f, u in zip(fields, units, strict=False)]
    try:
        answer = await database(request).act(caller, forms.amend, form, edit, version=number(said, "version"))
    except REFUSALS as refusal:
        return await _one(request, replace(caller, key=None), form, refusal)
    return go(request, address(answer.value["name"]))


@router.post("/admin/forms/{form}/delete")
async def remove(request: Request, form: str, caller: Who) -> Response:
    """Take it away; the list offers to bring it back."""
    version = number(await typed(request), "version")
    return await _do(request, caller, form, f"/admin/forms?gone={quote(form, safe='')}", forms.remove, version=version)


@router.post("/admin/forms/{form}/restore")
async def restore(request: Request, form: str, caller: Who) -> Response:
    """Bring it back."""
    return await _do(request, caller, form, address(form), forms.restore)


async def _do(
    request: Request, caller: Caller, form: str, then: str, service: Callable[..., Any], **kw: Any
) -> Response:
    try:
        await database(request).act(caller, service, form, **kw)
    except REFUSALS as refusal:
        return await _list(request, replace(caller, key=None), None, refusal)
    return go(request, then)

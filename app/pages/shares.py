"""共建: the small form that names the partner zones of a project, filled with those it has."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Problem, Refusal, Stale
from app.pages import database, figures, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.forms import RIGHT, Wrong, number, text, texts, typed
from app.pages.forms import wrong as wrong_of
from app.pages.projects import id_of
from app.pages.standing import day_of
from app.rules.codes import ShareOf
from app.services import project_pages, shares, zone_search
from app.words import Word, sentence_of, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale)
FIELDS = ("zone", "of", "percent", "until", "basis_document")
Row = dict[str, Any]
BLANK: Row = dict.fromkeys(FIELDS, "") | {"new": True}


@router.get("/projects/{id:int}/shares")
async def ask_shares(request: Request, caller: Who) -> Response:
    """Every share it has, and room for another."""
    return await _form(request, caller)


@router.post("/projects/{id:int}/shares")
async def put_shares(request: Request, caller: Who) -> Response:
    """All shares as they now stand in the form; what was typed stays when it is refused."""
    form, id_ = await typed(request), id_of(request)
    rows = _typed(form)
    try:
        _, items = await read(request, caller, shares.named, _items(rows), slow=True)
        await database(request).act(caller, shares.put, id_, {"items": items}, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _form(request, caller, rows, refusal)
    return go(request, f"/projects/{id_}?done=saved#shares")


def _typed(form: FormData) -> list[Row]:
    """The rows of the form as they were typed, the one for a new share last."""
    columns = {name: texts(form, name) for name in FIELDS}
    count = max(map(len, columns.values()))
    rows: list[Row] = [
        {name: [*values, *[""] * count][n].strip() for name, values in columns.items()} for n in range(count)
    ]
    kept = set(texts(form, "kept"))
    for row in rows:
        row["new"] = row["zone"] not in kept
    if rows and rows[-1]["new"] and text(form, "pick"):
        rows[-1]["zone"] = text(form, "pick")
    return rows


def _meant(rows: list[Row]) -> list[tuple[int, Row]]:
    """Rows that stand for a share, with their place in the form: a blank percentage takes a share away."""
    return [(n, row) for n, row in enumerate(rows) if row["percent"] or (row["new"] and row["zone"])]


def _items(rows: list[Row]) -> list[Row]:
    problems, items = [], []
    for n, (_, row) in enumerate(_meant(rows)):
        item: Row = {name: row[name] or None for name in ("zone", "of", "basis_document")}
        try:
            item["percent"] = float(row["percent"])
        except ValueError:
            problems.append(Problem(f"/items/{n}/percent", "not_a_number", "This is not a number"))
        try:
            item["until"] = day_of(row["until"], f"/items/{n}/until")
        except Invalid as refusal:
            problems += refusal.problems
        if not item["zone"]:
            problems.append(Problem(f"/items/{n}/zone", "required", "This must be given"))
        items.append(item)
    if problems:
        raise Invalid(problems=problems)
    return items


async def _form(
    request: Request, caller: Caller, rows: list[Row] | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> Any:
        return project_pages.one(desk, id_of(request)), zone_search.shown(desk)

    reader, ((project, may, writes), names) = await read(request, caller, found)
    if "amend" not in may or not writes:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.project.amend"))
    shown, faults = _faults(rows or [], refusal, reader.language)
    if rows is None:
        rows = [_told(share) for share in project["shares"]]
    if not any(row["new"] for row in rows):
        rows = [*rows, dict(BLANK)]
    return render(
        request, reader, "projects/share_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        p=project, wrong=shown, rows=rows, fault=lambda n, field: faults.get(n, {}).get(field, ""), names=names,
        kinds=[(k.value, word(k, "ShareOf", reader.language)) for k in ShareOf],
    )  # fmt: skip


def _told(share: Row) -> Row:
    values = {name: share[name] or "" for name in FIELDS}
    return values | {"percent": figures.number(share["percent"]), "new": False}


def _faults(rows: list[Row], refusal: Refusal | None, language: str) -> tuple[Wrong, dict[int, dict[str, str]]]:
    """The sentence for the whole form, and those of its rows: place in the form → field → sentence."""
    if refusal is None:
        return RIGHT, {}
    at: dict[int, dict[str, str]] = {}
    places = [n for n, _ in _meant(rows)]
    for problem in refusal.problems:
        _, _, n, name = [*problem.pointer.split("/"), "", "", ""][:4]
        if n.isdecimal():
            at.setdefault(places[int(n)], {})[name] = sentence_of(problem, language)
    return wrong_of(refusal, language), at

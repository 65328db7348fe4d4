"""The page of one project: its facts edited in place, its history with the way back, deleting and restoring."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound, Refusal, Stale
from app.pages import database, facts, go, read, render, wants_fragment
from app.pages.cell_text import change_of
from app.pages.door import page_caller
from app.pages.forms import Wrong, number, text, typed, wrong
from app.pages.project_view import context, editable, editable_in, words_of
from app.services import project_pages, projects, restoring
from app.words import say

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale)


def id_of(request: Request) -> int:
    """The number in the address."""
    return int(request.path_params["id"])


def act_number(request: Request, name: str) -> int | None:
    """A number of an act in the query; nonsense is as if it were not there."""
    sent = request.query_params.get(name, "")
    return int(sent) if sent.isdecimal() and sent.isascii() and len(sent) < 18 else None


@router.get("/projects/{id:int}")
async def show(request: Request, caller: Who) -> Response:
    """A project. ``edit`` names a field to stand open as a form."""
    return await page(request, caller, id_of(request), edit=request.query_params.get("edit") or "")


async def page(
    request: Request,
    caller: Caller,
    id_: int,
    *,
    edit: str = "",
    problem: Wrong | None = None,
    status: int = 200,
    **more: Any,
) -> Response:
    """The whole page, also after a refusal: ``more`` holds what was typed, so that it stays."""
    field, before = request.query_params.get("field") or None, act_number(request, "before")

    def found(desk: Desk) -> tuple[project_pages.Whole, list[str]]:
        whole = project_pages.whole(desk, id_, field=field, before=before)
        return whole, project_pages.offered(desk, id_, edit) if edit in editable(whole) else []

    reader, (whole, words) = await read(request, caller, found)
    if edit in editable(whole):
        more = form_of(whole.project, edit, reader.language, words) | more
    else:
        edit = ""
    made = context(request, reader, whole, problem=problem, edit=edit, **more)
    return render(request, reader, "projects/project.html", status=status, **made, p=whole.project)


def form_of(project: dict[str, Any], field: str, language: str, words: list[str]) -> dict[str, Any]:
    """What a field in edit needs."""
    control = facts.control(field, project[field], language)
    blank = {"typed": None, "wrong": None, "asks": False, "reason": "", "version": project["version"], "change": None}
    return {"mode": "form", "field": field, "control": control, "words": words, **blank}


# ── one field ────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/projects/{id:int}/fields/{field}")
async def open_field(request: Request, field: str, caller: Who) -> Response:
    """A fact as a form, or (``as=read``) as it is read."""
    must_be_fact(field)
    if not wants_fragment(request):
        return go(request, f"/projects/{id_of(request)}?edit={field}#fact-{field}")
    closed = request.query_params.get("as") == "read"
    more: dict[str, Any] = {"mode": "read"} if closed else {}
    return await _fragment(request, caller, field, **more)


def must_be_fact(field: str) -> None:
    if not facts.is_fact(field):
        raise NotFound


async def _fragment(request: Request, caller: Caller, field: str, status: int = 200, **more: Any) -> Response:
    def found(desk: Desk) -> tuple[Any, list[str]]:
        project, _, writes = project_pages.one(desk, id_of(request))
        return (project, editable_in(writes, project)), project_pages.offered(
            desk, id_of(request), field
        ) if writes else []

    reader, ((project, open_), words) = await read(request, caller, found)
    made = form_of(project, field, reader.language, words) | more
    if field not in open_:
        made["mode"] = "read"
    return render(
        request,
        reader,
        "projects/fact.html",
        status=status,
        p=project,
        editable=open_,
        **made,
        **words_of(reader.language),
    )


@router.post("/projects/{id:int}/fields/{field}")
async def save_field(request: Request, field: str, caller: Who) -> Response:
    """Save one fact. A stale save goes through when nobody touched the field; else before, theirs and mine are shown."""
    must_be_fact(field)
    form, id_ = await typed(request), id_of(request)
    sent = text(form, "value")
    try:
        edit, _ = change_of(field, sent, "wan")
        answer = await database(request).act(
            caller, projects.amend, id_, edit, version=number(form, "version"), merge=True
        )
    except Stale as stale:
        return await _stale(request, caller, field, form, stale)
    except Invalid as refusal:
        return await _refused(request, caller, field, form, refusal)
    if not wants_fragment(request):
        return go(request, f"/projects/{id_}#fact-{field}")
    reader, whole = await read(request, caller, project_pages.whole, id_)
    merged = answer.value.get("_merged") or []
    also = say("Also new, saved by {who}", reader.language, who=merged[-1]["by"]) if merged else ""
    made = context(request, reader, whole) | {"field": field, "merged": also}
    return render(request, reader, "projects/saved.html", **made)


async def _refused(request: Request, caller: Caller, field: str, form: FormData, refusal: Refusal) -> Response:
    said = wrong(refusal, caller.language)
    asks = refusal.code == "reason_required"
    more: dict[str, Any] = {
        "typed": text(form, "value"), "wrong": said.at.get(field) or said.message, "asks": asks, "reason": text(form, "reason"),
        "version": number(form, "version"),
    }  # fmt: skip
    if asks:
        more["wrong"] = said.message
    if wants_fragment(request):
        return await _fragment(request, caller, field, refusal.status, **more)
    return await page(request, caller, id_of(request), edit=field, status=refusal.status, **more)


async def _stale(request: Request, caller: Caller, field: str, form: FormData, stale: Stale) -> Response:
    mine = [c for c in stale.extra.get("changed", ()) if c["field"] == field]
    change = (
        {**mine[-1], "before": mine[0]["before"]}
        if mine
        else {"before": None, "after": None, "by": "", "at": "", "reason": None}
    )
    more: dict[str, Any] = {
        "mode": "conflict", "change": change, "typed": text(form, "value"), "reason": text(form, "reason"),
        "version": stale.extra.get("current_version"),
    }  # fmt: skip
    if wants_fragment(request):
        return await _fragment(request, caller, field, stale.status, **more)
    return await page(request, caller, id_of(request), edit=field, status=stale.status, **more)


# ── the whole project ────────────────────────────────────────────────────────────────────────────────────────────────
@router.post("/projects/{id:int}/put-back")
async def put_back(request: Request, caller: Who) -> Response:
    """A field back to what it was before an act. A total or a planned date wants no further reason: it is given."""
    form, id_ = await typed(request), id_of(request)
    act = number(form, "act")
    return await do(request, caller, restoring.put_back, id_, text(form, "field"), act or 0, done="put_back")


@router.post("/projects/{id:int}/delete")
async def delete(request: Request, caller: Who) -> Response:
    """Deleted, and can be restored from its page."""
    form = await typed(request)
    return await do(request, caller, projects.remove, id_of(request), version=number(form, "version"), done="deleted")


@router.post("/projects/{id:int}/undelete")
async def undelete(request: Request, caller: Who) -> Response:
    """Back as it was."""
    form = await typed(request)
    return await do(
        request, caller, projects.restore, id_of(request), version=number(form, "version"), done="undeleted"
    )


@router.post("/projects/{id:int}/duplicate")
async def duplicate(request: Request, caller: Who) -> Response:
    """A copy of its facts as a new project, opened."""
    answer = await database(request).act(caller, projects.duplicate, id_of(request), status=201)
    return go(request, f"/projects/{answer.value['id']}?done=created")


async def do(request: Request, caller: Caller, service: Any, id_: int, *args: Any, done: str, **kw: Any) -> Response:
    """Act and come back to the page, which says what was done; a refusal is shown on the page itself."""
    try:
        await database(request).act(caller, service, id_, *args, **kw)
    except REFUSALS as refusal:
        return await page(request, caller, id_, problem=wrong(refusal, caller.language), status=refusal.status)
    return go(request, f"/projects/{id_}?done={done}")

"""The case of a step, entered from the strip on the project's page: in a dialog, or on a page of its own without script."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale
from app.models import CaseFacts
from app.pages import database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.forms import RIGHT, count, number, text, typed, wrong
from app.pages.projects import id_of
from app.pages.standing import day_of
from app.rules.access import Act
from app.rules.cases import stands
from app.rules.chains import class_of
from app.rules.codes import CaseResult, SettledUnder, Where
from app.services import cases, chains, coverage_rows, entering, powers, project_pages
from app.words import say, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PLACE = "/projects/{id:int}/approvals/{step}"
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
FACTS = tuple(CaseFacts.model_fields)
COUNTS = ("days_used", "corrections_asked")
Record = dict[str, Any]


@router.get(PLACE)
async def ask_case(request: Request, step: str, caller: Who) -> Response:
    """The form of a step's case, filled with what is known."""
    return await _form(request, caller, step)


@router.post(PLACE)
async def put_case(request: Request, step: str, caller: Who) -> Response:
    """Save the case, or (``do`` remove) take it out."""
    form, id_ = await typed(request), id_of(request)
    case_id, version = number(form, "case_id"), number(form, "version")
    try:
        reason = {"reason": text(form, "reason").strip() or None}
        if text(form, "do") == "remove" and case_id:
            await database(request).act(caller, _remove, id_, case_id, reason, version=version)
        elif case_id:
            await database(request).act(caller, cases.amend, id_, case_id, _said(form) | reason, version=version)
        else:
            known = {n: v for n, v in _said(form).items() if v is not None}
            await database(request).act(caller, cases.create, id_, {"step": step, **known}, status=201)
    except REFUSALS as refusal:
        return await _form(request, caller, step, form, refusal)
    return go(request, f"/projects/{id_}?done=saved#approvals")


def _remove(desk: Desk, id_: int, case_id: int, said: Record, *, version: int | None) -> Record:
    desk.reason = said["reason"]
    return cases.remove(desk, id_, case_id, version=version)


def _said(form: FormData) -> Record:
    """What was typed; a blank is unknown."""
    found: Record = {name: text(form, name).strip() or None for name in FACTS}
    for name in FACTS:
        if name.endswith("_on"):
            found[name] = day_of(text(form, name), f"/{name}")
    return found | {name: count(form, name) for name in COUNTS}


async def _form(
    request: Request, caller: Caller, step: str, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:  # fmt: skip
    id_ = id_of(request)

    def found(desk: Desk) -> Any:
        desk.ask(Act.CASE_WRITE)
        cases.served(desk, id_)
        project, names = project_pages.one(desk, id_)[0], chains.names(desk)
        if step not in names:
            raise NotFound
        mine = [case for case in cases.list_(desk, id_) if case["step"] == step]
        catalogue = {power["code"]: power["name"] for power in powers.by_id(desk).values()}
        steps = [s for s in entering.chains(desk)[class_of(project)]["steps"] if s["key"] == step]
        served = coverage_rows.serving(steps, coverage_rows.items(desk)).get(step, ())
        name = say(steps[0]["name"], desk.language) if steps else names[step]
        return project, name, mine, [(code, catalogue[code]) for code in served]

    reader, (project, name, mine, items) = await read(request, caller, found)
    standing = next((case for case in mine if case["typed"] or stands(case["result"])), None)
    last = mine[-1] if mine and standing is None else None
    case: Record = standing or {"id": None, "version": None, "result": None}
    language, shown = reader.language, wrong(refusal, reader.language) if refusal else RIGHT
    said = {n: text(form, n) for n in form} if form is not None else _known(case, [code for code, _ in items])
    titles = {n: say(str(f.title), language) for n, f in CaseFacts.model_fields.items()}
    return render(
        request, reader, "projects/case_form.html", "dialog" if wants_fragment(request) else None, shown.status, p=project,
        step=step, name=name, case=case, ended=last and last["result"], said=said, wrong=shown, titles=titles,
        results=[("", say("under way", language)), *_choices(CaseResult, language)], places=[("", "—"), *_choices(Where, language)],
        ways=[("", "—"), *_choices(SettledUnder, language)], items=[("", "—"), *items],
    )  # fmt: skip


def _choices(codes: Any, language: str) -> list[tuple[str, str]]:
    return [(member.value, word(member, codes.__name__, language)) for member in codes]


def _known(case: Record, serving: list[str]) -> dict[str, str]:
    """What the form begins with; the item where only one serves the step."""
    known = {name: "" if case.get(name) is None else str(case[name]) for name in FACTS}
    if not case.get("days_told"):
        known["days_used"] = ""
    if not case.get("id") and len(serving) == 1:
        known["power_code"] = serving[0]
    return known

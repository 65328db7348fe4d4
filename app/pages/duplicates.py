"""查重 as pages: the warning beside a form while it is typed, and the city office's list of likenesses with its verdicts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale, TooMany
from app.pages import database, go, read, render
from app.pages.cell_text import change_of
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.pages.projects import id_of
from app.pages.standing import day_of
from app.rules.access import Act
from app.rules.amounts import read_amount
from app.rules.firm_codes import Sameness
from app.services import duplicates, verdicts, zone_search
from app.words import Word, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale)
AMOUNTS = ("contract_amount_yuan", "total_investment_yuan", "intended_amount_yuan")
INVESTORS, CODES, PLACES = ("investor_name", "company_name"), ("company_credit_code", "credit_code"), ("location",)
"""What the fields are called in the forms of projects and of leads."""
DONE = {
    "decided": Word("Decided; the likeness is settled."),
    "saved": Word("Saved."),
    "taken": Word("The verdict was taken back."),
}


@router.post("/duplicates/search")
async def search(request: Request, caller: Who) -> Response:
    """What is like the form as far as it has been typed, in a few lines beside it."""
    asked = _asked(await typed(request))
    db = database(request)

    def found(desk: Desk) -> tuple[Any, Any, Any]:
        if not desk.may(Act.LIKENESS_READ):
            return "", {"items": []}, {}
        return duplicates.who(desk), duplicates.search(desk, asked), zone_search.shown(desk)

    try:
        reader, (who, answer, names) = await read(request, caller, found, slow=True)
    except TooMany as refusal:
        reader, _ = await read(request, caller, lambda desk: None)
        shown = wrong(refusal, reader.language)
        return render(request, reader, "duplicates/found.html", "found", items=[], names={}, message=shown.message)
    if duplicates.tells_elsewhere(answer):
        await db.chore(lambda link: duplicates.count(link, who, answer))
    return render(request, reader, "duplicates/found.html", "found", items=answer["items"], names=names, message="")


def _asked(form: FormData) -> dict[str, Any]:
    """What the form says of name, firm, code, amount and place; what cannot be read is as if it were not there."""

    def first(names: tuple[str, ...], most: int = 200) -> str | None:
        return next((said[:most] for n in names if (said := text(form, n).strip())), None)

    amount = None
    for name in AMOUNTS:
        try:
            amount = amount or change_of("total_investment_yuan", text(form, name), "wan")[1].value
        except Invalid:
            continue
    asked: dict[str, Any] = {
        "name": first(("name",)), "investor_name": first(INVESTORS), "credit_code": first(CODES, 40), "amount_yuan": amount,
        "location": first(PLACES),
    }  # fmt: skip
    if (itself := number(form, "except_id")) is not None:
        asked |= {"except_kind": text(form, "except_kind") or "project", "except_id": itself}
    return asked


# ── the city office ──────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/duplicates")
async def show(request: Request, caller: Who) -> Response:
    """Likenesses that wait, or (``show=decided``) the verdicts."""
    return await _list(request, caller)


@router.post("/duplicates")
async def decide(request: Request, caller: Who) -> Response:
    """Decide on a pair; what was typed stays when it is refused."""
    form = await typed(request)
    try:
        sides = [_side(said) for said in (text(form, "one"), text(form, "other"))]
        if text(form, "swap"):
            sides.reverse()
        values = {"first": sides[0], "later": sides[1], **_values(form)}
        await database(request).act(caller, verdicts.decide, values, status=201)
    except REFUSALS as refusal:
        return await _list(request, caller, form, refusal)
    return go(request, "/duplicates?done=decided")


def _side(sent: str) -> dict[str, Any]:
    """``project:12`` or ``lead:3``."""
    kind, _, id_ = sent.partition(":")
    if kind not in ("project", "lead") or not (id_.isdecimal() and id_.isascii() and len(id_) < 18):
        raise NotFound
    return {"kind": kind, "id": int(id_)}


def _values(form: FormData) -> dict[str, Any]:
    try:
        increment = read_amount(text(form, "increment_yuan"), "万元").value
    except Invalid as refusal:
        raise Invalid.one("/increment_yuan", refusal.code, refusal.msgid, **refusal.values) from refusal
    return {
        "verdict": text(form, "verdict"), "increment_yuan": increment, "document": text(form, "document").strip() or None,
        "decided_on": day_of(text(form, "decided_on"), "/decided_on"), "reason": text(form, "reason").strip() or None,
    }  # fmt: skip


@router.post("/duplicates/verdicts/{id:int}")
async def amend(request: Request, caller: Who) -> Response:
    """Change a verdict."""
    form = await typed(request)
    try:
        await database(request).act(
            caller, verdicts.amend, id_of(request), _values(form), version=number(form, "version")
        )
    except REFUSALS as refusal:
        return await _list(request, caller, form, refusal)
    return go(request, "/duplicates?show=decided&done=saved")


@router.post("/duplicates/verdicts/{id:int}/remove")
async def take_back(request: Request, caller: Who) -> Response:
    """Take a verdict back."""
    form = await typed(request)
    try:
        await database(request).act(caller, verdicts.take_back, id_of(request), version=number(form, "version"))
    except REFUSALS as refusal:
        return await _list(request, caller, form, refusal)
    return go(request, "/duplicates?show=decided&done=taken")


async def _list(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    sent = request.query_params
    decided = sent.get("show") == "decided" or "/verdicts/" in request.url.path
    page = int(p) if (p := sent.get("page", "0")).isdecimal() and p.isascii() and len(p) < 5 else 0

    def found(desk: Desk) -> tuple[Any, Any, bool]:
        verdicts.judge(desk, Act.VERDICT_READ)
        items = verdicts.list_(desk) if decided else verdicts.open_(desk, page * verdicts.AT_ONCE)
        return items, zone_search.shown(desk), desk.may(Act.VERDICT_WRITE)

    reader, (items, names, may) = await read(request, caller, found, slow=True)
    if refusal is not None and not may:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.verdict.write"))
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    said = (
        {n: text(form, n) for n in ("one", "other", "verdict", "increment_yuan", "document", "decided_on", "reason")}
        if form
        else None
    )
    return render(
        request, reader, "duplicates/list.html", status=shown.status, items=items, names=names, may=may, decided=decided, page=page,
        more=not decided and len(items) == verdicts.AT_ONCE, wrong=shown, said=said, done=DONE.get(sent.get("done", ""), ""),
        at=id_of(request) if "id" in request.path_params else None,
        kinds=[(s.value, word(s, "Sameness", reader.language)) for s in Sameness],
    )  # fmt: skip

"""未归类: the industries of a ledger, of one zone or of the whole city, that the city's list does not know, each assigned with one choice."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import Refusal
from app.pages import database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.forms import RIGHT, typed, wrong
from app.pages.ledgers import IN_CITY, IN_ZONE, view_of
from app.rules.access import Act
from app.services import classifying, industries

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]


@router.get(IN_ZONE + "/unclassified")
@router.get(IN_CITY + "/unclassified")
async def ask(request: Request, caller: Who) -> Response:
    """Each text that the list does not know, with the industry it looks like."""
    return await _form(request, caller)


@router.post(IN_ZONE + "/unclassified")
@router.post(IN_CITY + "/unclassified")
async def assign(request: Request, caller: Who) -> Response:
    """Give every text the industry chosen for it; what was left open stays as it was typed."""
    view, form = view_of(request), await typed(request)
    texts, chosen = form.getlist("text"), form.getlist("industry")
    names = {str(t): str(c) for t, c in zip(texts, chosen, strict=False) if str(c).strip()}
    try:
        await database(request).act(caller, classifying.assign, view.asked(), names)
    except Refusal as refusal:
        return await _form(request, caller, refusal)
    return go(request, view.link())


async def _form(request: Request, caller: Caller, refusal: Refusal | None = None) -> Response:
    view = view_of(request)

    def found(desk: Desk) -> tuple[Any, Any]:
        desk.ask(Act.PROJECT_AMEND)
        return classifying.unresolved(desk, view.asked()), industries.list_(desk)

    reader, (texts, known) = await read(request, caller, found, slow=True)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    block = "form" if wants_fragment(request) else None
    return render(
        request, reader, "ledgers/unclassified.html", block, view=view, texts=texts, known=known, wrong=shown,
        status=refusal.status if refusal else 200,
    )  # fmt: skip

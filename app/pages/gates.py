"""The gates of the ledgers as a page: what each asks for, and which approvals must be settled before a project enters."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, texts, typed, wrong
from app.rules.access import Act
from app.rules.chains import step_names
from app.rules.codes import Ledger
from app.services import entering, gates
from app.words import sentence_of

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PLACE = "/admin/gates"
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
Record = dict[str, Any]


@router.get(PLACE)
async def show(request: Request, caller: Who) -> Response:
    """What the ledgers ask for."""
    return await _page(request, caller)


@router.post(PLACE)
async def save(request: Request, caller: Who) -> Response:
    """Let the ledgers ask for the approvals that are ticked; those whose ticks stayed are left alone."""
    form = await typed(request)
    said, version = {ledger.value: texts(form, f"ask-{ledger.value}") for ledger in Ledger}, number(form, "version")
    kept = await database(request).read(caller, gates.read)
    changed = {ledger: steps for ledger, steps in said.items() if set(steps) != set(_asked(kept, ledger))}
    values = {"approvals": changed, "reason": text(form, "reason").strip() or None}
    try:
        await database(request).act(caller, gates.put, values, version=version)
    except REFUSALS as refusal:
        seen = None if isinstance(refusal, Stale) else version  # told that somebody else was there, she may go on
        return await _page(request, caller, said=said, version=seen, form=form, refusal=refusal, sent=changed)
    return go(request, f"{PLACE}?done=saved")


def _asked(kept: Record, ledger: str) -> list[str]:
    return list(kept["gates"][ledger].get("approvals", ()))


async def _page(
    request: Request,
    caller: Caller,
    *,
    said: dict[str, list[str]] | None = None,
    version: int | None = None,
    form: FormData | None = None,
    refusal: Refusal | None = None,
    sent: dict[str, list[str]] | None = None,
) -> Response:
    """The gates as they are, or as they were ticked with what is amiss at each step."""

    def found(desk: Desk) -> tuple[Record, dict[str, str]]:
        desk.ask(Act.SETTING_AMEND)
        return gates.read(desk), step_names(entering.chains(desk))

    reader, (kept, names) = await read(request, caller, found)
    asked = said or {ledger.value: _asked(kept, ledger.value) for ledger in Ledger}
    strange = {step: step for steps in asked.values() for step in steps if step not in names}
    refused = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "settings/gates.html", status=refused.status, gates=kept["gates"], names=names | strange,
        asked=asked, version=kept["version"] if version is None else version, wrong=refused,
        amiss=_amiss(refusal, sent or {}, reader.language), reason=text(form, "reason") if form else "",
        done=request.query_params.get("done"),
    )  # fmt: skip


def _amiss(refusal: Refusal | None, sent: dict[str, list[str]], language: str) -> dict[str, str]:
    """What is amiss, by the step it is about; blank: by none."""
    found: dict[str, str] = {}
    for problem in refusal.problems if refusal else ():
        ledger, n = [*problem.pointer.split("/")[2:], "", ""][:2]
        step = sent[ledger][int(n)] if n.isdecimal() and int(n) < len(sent.get(ledger, ())) else ""
        found[step] = sentence_of(problem, language)
    return found

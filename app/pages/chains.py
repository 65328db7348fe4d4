"""The approval chains as a page: one class at a time, its steps as a table, and what a change does before it is put in force."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.rules.access import Act
from app.rules.chains import ALWAYS, ASKED, ENERGY, NEW_LAND, SOIL, USUAL
from app.rules.codes import ChainClass
from app.rules.coverage import chain_days, counted
from app.rules.paths import days_of
from app.services import chains
from app.words import Word, say

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PLACE = "/admin/chains"
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
Record = dict[str, Any]
RULES: dict[str, tuple[Any, Word]] = {
    ALWAYS: (ALWAYS, Word("Every project")),
    ASKED: (ASKED, Word("Only where its case says so")),
    "new_land": (NEW_LAND, Word("New land")),
    "energy": (ENERGY, Word("High energy or emission, or 1,000 tce a year")),
    "soil": (SOIL, Word("From half a hectare of land")),
}
OWN = "own"
"""Conditions that were written through the API, and stay."""


@router.get(PLACE)
async def show(request: Request, caller: Who) -> Response:
    """The steps of a class."""
    return await _page(request, caller, _class(request.query_params.get("class")))


@router.post(PLACE)
async def act(request: Request, caller: Who) -> Response:
    """Put the steps in force, or (``do`` preview) show what they would do."""
    form = await typed(request)
    class_ = _class(text(form, "class"))
    try:
        kept = await database(request).read(caller, chains.read)
        steps = [_said(form, step, n) for n, step in enumerate(kept["chains"][class_])]
        if text(form, "do") == "preview":
            return await _page(request, caller, class_, steps=steps, version=number(form, "version"))
        values = {"chains": {class_: steps}, "reason": text(form, "reason").strip() or None}
        await database(request).act(caller, chains.put, values, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _page(request, caller, class_, refusal=refusal)
    return go(request, f"{PLACE}?class={class_}&done=saved")


def _class(sent: str | None) -> str:
    return sent if sent in set(ChainClass) else USUAL


def _said(form: FormData, step: Record, n: int) -> Record:
    """A step as the form has it. Its key, its phase and what it waits for are not changed here."""
    key = step["key"]
    name, rule = text(form, f"name-{key}").strip(), text(form, f"rule-{key}")
    return {
        **step,
        "name": step["name"] if name in ("", text(form, f"shown-{key}").strip()) else name,
        "applies": RULES[rule][0] if rule in RULES else step["applies"],
        "authority": text(form, f"authority-{key}") or step["authority"],
        "reserved": bool(text(form, f"reserved-{key}")),
        "needs_decision": bool(text(form, f"decision-{key}")),
        "statutory_days": _days(form, f"statutory-{key}", n),
        "promised_days": _days(form, f"promised-{key}", n),
    }


def _days(form: FormData, name: str, n: int) -> int | None:
    sent = text(form, name).strip()
    if sent and number(form, name) is None:
        raise Invalid.one(f"/chains/{n}", "wrong_type", "A whole number is expected")
    return number(form, name)


async def _page(
    request: Request,
    caller: Caller,
    class_: str,
    *,
    steps: list[Record] | None = None,
    version: int | None = None,
    refusal: Refusal | None = None,
) -> Response:
    def found(desk: Desk) -> Record:
        desk.ask(Act.SETTING_AMEND)
        return chains.read(desk)

    reader, kept = await read(request, caller, found)
    refused = wrong(refusal, reader.language) if refusal else RIGHT
    before = kept["chains"][class_]
    names = {step["key"]: say(step["name"], reader.language) for step in before}
    return render(
        request, reader, "settings/chains.html", status=refused.status, steps=steps or before, names=names, class_=class_,
        classes=[c.value for c in ChainClass], rules=RULES, rule_of=rule_of, own=OWN, version=kept["version"] if version is None else version,
        tried=[_measure(before), _measure(steps)] if steps else None, wrong=refused, problems=list(refused.at.values()),
        done=request.query_params.get("done"),
    )  # fmt: skip


def rule_of(step: Record) -> str:
    """Under which name of ``RULES`` a step applies."""
    return next((name for name, (rule, _) in RULES.items() if rule == step["applies"]), OWN)


def _measure(steps: list[Record]) -> Record:
    """What a chain asks of a project that needs every step but those only a case tells."""
    needed = {step["key"] for step in steps if step["applies"] != ASKED}
    counts = sum(counted(step) for step in steps if step["key"] in needed)
    return {"steps": counts, "days": chain_days(steps, needed, {s["key"]: days_of(s) or 0 for s in steps})}

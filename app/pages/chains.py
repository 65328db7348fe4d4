"""The approval chains as a page: one class at a time, its steps as a table, and what a change does before it is put in force."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Problem, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.rules.access import Act
from app.rules.chains import ALWAYS, ASKED, ENERGY, NEW_LAND, SOIL, USUAL
from app.rules.codes import ChainClass
from app.rules.coverage import chain_days, counted
from app.rules.paths import days_of
from app.services import chains
from app.words import Word, say, sentence_of

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
DAYS = ("statutory_days", "promised_days")
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
    kept = await database(request).read(caller, chains.read)
    steps, version = [_said(form, step) for step in kept["chains"][class_]], number(form, "version")
    try:
        _refuse_days(class_, steps)
        if text(form, "do") == "preview":
            return await _page(request, caller, class_, steps=steps, version=version, form=form)
        values = {"chains": {class_: steps}, "reason": text(form, "reason").strip() or None}
        await database(request).act(caller, chains.put, values, version=version)
    except REFUSALS as refusal:
        seen = None if isinstance(refusal, Stale) else version  # told that somebody else was there, she may go on
        return await _page(request, caller, class_, steps=steps, version=seen, form=form, refusal=refusal)
    return go(request, f"{PLACE}?class={class_}&done=saved")


def _class(sent: str | None) -> str:
    return sent if sent in set(ChainClass) else USUAL


def _said(form: FormData, step: Record) -> Record:
    """A step as the form has it. Its key, its phase and what it waits for are not changed here. Days that are no number
    stay as they were typed."""
    key = step["key"]
    name, rule = text(form, f"name-{key}").strip(), text(form, f"rule-{key}")
    return {
        **step,
        "name": step["name"] if name in ("", text(form, f"shown-{key}").strip()) else name,
        "applies": RULES[rule][0] if rule in RULES else step["applies"],
        "authority": text(form, f"authority-{key}") or step["authority"],
        "reserved": bool(text(form, f"reserved-{key}")),
        "needs_decision": bool(text(form, f"decision-{key}")),
        **{name: _days(form, f"{name}-{key}") for name in DAYS},
    }


def _days(form: FormData, name: str) -> int | str | None:
    found = number(form, name)
    return text(form, name).strip() or None if found is None else found


def _refuse_days(class_: str, steps: list[Record]) -> None:
    problems = [
        Problem(f"/chains/{class_}/{n}/{name}", "wrong_type", "A whole number is expected")
        for n, step in enumerate(steps)
        for name in DAYS
        if isinstance(step[name], str)
    ]
    if problems:
        raise Invalid(problems=problems)


async def _page(
    request: Request,
    caller: Caller,
    class_: str,
    *,
    steps: list[Record] | None = None,
    version: int | None = None,
    form: FormData | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """The steps as they are, or as they were typed: with what they would do, or with what is amiss at each."""

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
        tried=[_measure(before), _measure(steps)] if steps and refusal is None else None, wrong=refused,
        amiss=_amiss(refusal, reader.language), reason=text(form, "reason") if form else "", done=request.query_params.get("done"),
    )  # fmt: skip


def _amiss(refusal: Refusal | None, language: str) -> dict[tuple[int, str], str]:
    """What is amiss, by the number of the step and its field (blank: the step, -1: the chain)."""
    found: dict[tuple[int, str], str] = {}
    for problem in refusal.problems if refusal else ():
        n, name, *_ = [*problem.pointer.split("/")[3:], "", ""]
        place = (int(n) if n.isdecimal() else -1, name)
        found[place] = " · ".join(filter(None, (found.get(place), sentence_of(problem, language))))
    return found


def rule_of(step: Record) -> str:
    """Under which name of ``RULES`` a step applies."""
    return next((name for name, (rule, _) in RULES.items() if rule == step["applies"]), OWN)


def _measure(steps: list[Record]) -> Record:
    """What a chain asks of a project that needs every step but those only a case tells."""
    needed = {step["key"] for step in steps if step["applies"] != ASKED}
    counts = sum(counted(step) for step in steps if step["key"] in needed)
    return {"steps": counts, "days": chain_days(steps, needed, {s["key"]: days_of(s) or 0 for s in steps})}

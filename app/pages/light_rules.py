"""The light rules as a page: a shipped set or one of the city's own, and how many lights would turn before it is decided."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, figures, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.rules.access import Act
from app.rules.amounts import read_amount
from app.rules.lights import LIGHT_RULES
from app.services import light_rules

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PLACE = "/admin/lights"
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
OWN = "own"
"""The choice of rules that are written out below it."""
LIMITS = {
    "start": ("yellow_months", "red_months"),
    "points_behind": ("yellow_from", "red_above"),
    "percent_of_due": ("yellow_below", "red_below"),
    "statistics": ("yellow_months", "red_months"),
}
Record = dict[str, Any]


@router.get(PLACE)
async def show(request: Request, caller: Who) -> Response:
    """The rules in force, and the form to put others in their place."""
    return await _page(request, caller)


@router.post(PLACE)
async def act(request: Request, caller: Who) -> Response:
    """Show which lights would turn (``do`` preview), or put the rules in force."""
    form = await typed(request)
    try:
        values = _said(form)
        if text(form, "do") != "save":
            turning = await database(request).read(caller, light_rules.preview, values, slow=True)
            return await _page(request, caller, form, turning=turning)
        values["reason"] = text(form, "reason").strip() or None
        await database(request).act(caller, light_rules.put, values, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _page(request, caller, form, refusal=refusal)
    return go(request, f"{PLACE}?done=saved")


def _said(form: FormData) -> Record:
    """What the form asks for: a shipped set by its name, or a name with the rules."""
    chosen = text(form, "set")
    if chosen in LIGHT_RULES:
        return {"name": chosen}
    rules: Record = {}
    for name in ("start", "statistics"):
        if text(form, f"on-{name}"):
            rules[name] = {limit: _number(form, f"{name}-{limit}") for limit in LIMITS[name]}
    if "statistics" in rules:
        rules["statistics"]["least_total_yuan"] = _amount(form, "statistics-least")
    measure = text(form, "measure")
    if measure in LIMITS:
        limits = {limit: _number(form, f"{measure}-{limit}") for limit in LIMITS[measure]}
        rules["pace"] = {"measure": measure, **limits, "least_annual_plan_yuan": _amount(form, "pace-least")}
    return {"name": text(form, "name").strip(), "rules": rules}


def _number(form: FormData, name: str) -> int:
    found = number(form, name)
    if found is None:
        raise Invalid.one(f"/{name}", "required", "This must be given")
    return found


def _amount(form: FormData, name: str) -> int:
    try:
        return read_amount(text(form, name), "万元").value or 0
    except Invalid as refusal:
        raise Invalid.one(f"/{name}", refusal.code, refusal.msgid, **refusal.values) from refusal


async def _page(
    request: Request,
    caller: Caller,
    form: FormData | None = None,
    *,
    turning: Record | None = None,
    refusal: Refusal | None = None,
) -> Response:
    def found(desk: Desk) -> Record:
        desk.ask(Act.SETTING_AMEND)
        return light_rules.read(desk)

    reader, kept = await read(request, caller, found)
    refused = wrong(refusal, reader.language) if refusal else RIGHT
    said = {n: text(form, n) for n in form} if form is not None else _known(kept)
    problems = [f"{n}: {s}" if n == "name" else s for n, s in refused.at.items()]
    return render(
        request, reader, "settings/lights.html", status=refused.status, kept=kept, said=said, shipped=LIGHT_RULES, own=OWN,
        turning=turning, wrong=refused, problems=problems, done=request.query_params.get("done"), version=kept["version"],
    )  # fmt: skip


def _known(kept: Record) -> dict[str, str]:
    """What the form begins with: the rules in force, with the usual thresholds where there is no rule."""
    rules: Record = kept["rules"]
    said = {
        "set": kept["name"] if kept["name"] in LIGHT_RULES else OWN,
        "measure": rules.get("pace", {}).get("measure", ""),
    }
    said["name"] = "" if kept["name"] in LIGHT_RULES else kept["name"]
    usual = LIGHT_RULES["yinchuan"] | {"percent_of_due": LIGHT_RULES["wuhan"]["pace"]}
    for name in ("start", "statistics"):
        said[f"on-{name}"] = "1" if name in rules else ""
        said |= {f"{name}-{limit}": str(rules.get(name, usual[name])[limit]) for limit in LIMITS[name]}
    for measure in ("points_behind", "percent_of_due"):
        shipped = usual["pace"] if measure == "points_behind" else usual["percent_of_due"]
        pace = rules["pace"] if said["measure"] == measure else shipped
        said |= {f"{measure}-{limit}": f"{pace[limit]:g}" for limit in LIMITS[measure]}
    said["statistics-least"] = figures.exact(rules.get("statistics", usual["statistics"])["least_total_yuan"])
    said["pace-least"] = figures.exact(rules.get("pace", {}).get("least_annual_plan_yuan") or 0)
    return said

"""The pipeline's settings as pages: what each stage asks for, and the clock."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.models import LeadFacts
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, texts, typed, wrong
from app.pages.lead_facts import GROUPS
from app.rules.access import Act
from app.rules.codes import LeadFileKind, LeadStage
from app.services import lead_settings
from app.services.lead_settings import ClockEdit
from app.words import Word, say, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
STAGES, CLOCK = "/admin/lead-stages", "/admin/lead-clock"
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
SPARE = 2
"""Rows beside those in force, to add a condition."""
EITHER = 3
"""How many fields one condition offers: one of them must be told."""
TICKS = ("respond_workdays", "screen_workdays", "feedback_days", "update_days", "yellow_months", "red_months", "remove_months", "protect_months")  # fmt: skip
HINTS = {"respond_workdays": Word("Working days by the city's calendar"), "remove_months": Word("Only proposed; nobody is removed by the clock")}  # fmt: skip
Record = dict[str, Any]


# ── what each stage asks for ─────────────────────────────────────────────────────────────────────────────────────────
@router.get(STAGES)
async def show_stages(request: Request, caller: Who) -> Response:
    """Each stage with its conditions; one of the fields of a row must be told."""
    return await _stages(request, caller)


@router.post(STAGES)
async def save_stages(request: Request, caller: Who) -> Response:
    """Keep the stages as they were set."""
    form = await typed(request)
    said: Record = {}
    for stage in LeadStage:
        rows = int(number(form, f"rows-{stage}") or 0)
        needs = [[f for f in texts(form, f"{stage}-{n}") if f] for n in range(min(rows, 40))]
        said[stage.value] = {"needs": [n for n in needs if n], "files": texts(form, f"files-{stage}")}
    values = {"stages": said, "reason": text(form, "reason").strip() or None}
    try:
        await database(request).act(caller, lead_settings.put_stages, values, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _stages(request, caller, said, refusal)
    return go(request, f"{STAGES}?done=saved")


async def _stages(
    request: Request, caller: Caller, said: Record | None = None, refusal: Refusal | None = None
) -> Response:
    reader, kept = await read(request, caller, _kept, lead_settings.read_stages)
    language, shown = reader.language, wrong(refusal, reader.language) if refusal else RIGHT
    fields = [
        (say(title, language), [(f, say(str(LeadFacts.model_fields[f].title), language)) for f in names])
        for title, names in GROUPS
    ]
    return render(
        request, reader, "settings/lead_stages.html", status=shown.status, wrong=shown, kept=kept, fields=fields,
        asked=said or kept["stages"], stages=tuple(LeadStage), spare=SPARE, either=EITHER, done=request.query_params.get("done"),
        kinds=[(k.value, word(k, "LeadFileKind", language)) for k in LeadFileKind],
    )  # fmt: skip


def _kept(desk: Desk, look: Any) -> Any:
    desk.ask(Act.SETTING_AMEND)
    return look(desk)


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(CLOCK)
async def show_clock(request: Request, caller: Who) -> Response:
    """How soon a lead is answered and told on, and when it turns yellow and red."""
    return await _clock(request, caller)


@router.post(CLOCK)
async def save_clock(request: Request, caller: Who) -> Response:
    """Keep the clock as it was set."""
    form = await typed(request)
    said = {n: text(form, n).strip() for n in TICKS}
    try:
        wrong_ones = [n for n, v in said.items() if not (v.isdecimal() and v.isascii() and len(v) < 4)]
        if wrong_ones:
            raise Invalid.one(f"/{wrong_ones[0]}", "wrong_type", "“{text}” is not a number", text=said[wrong_ones[0]])
        values: Record = {n: int(v) for n, v in said.items()} | {"reason": text(form, "reason").strip() or None}
        await database(request).act(caller, lead_settings.put_clock, values, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _clock(request, caller, said, refusal)
    return go(request, f"{CLOCK}?done=saved")


async def _clock(
    request: Request, caller: Caller, said: dict[str, str] | None = None, refusal: Refusal | None = None
) -> Response:
    reader, kept = await read(request, caller, _kept, lead_settings.read_clock)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "settings/lead_clock.html", status=shown.status, wrong=shown, kept=kept, said=said or kept,
        ticks=[(n, say(str(ClockEdit.model_fields[n].title), reader.language)) for n in TICKS], done=request.query_params.get("done"),
        hints={n: say(h, reader.language) for n, h in HINTS.items()},
    )  # fmt: skip

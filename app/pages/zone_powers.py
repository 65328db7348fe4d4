"""What a zone holds: counts by state, the list with steps for many, one delegation with its life, the gap against a sister
zone, and the lines of responsibility."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.coverage import rows_of
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, path_id, text, texts, typed, wrong
from app.pages.power_cells import MARKS
from app.pages.power_words import problems_of, reasons
from app.pages.standing import day_of
from app.rules.access import Act
from app.rules.codes import BoundaryHolder, DelegationForm, DelegationState
from app.rules.delegations import DAY_OF, NEXT
from app.services import boundaries, coverage, delegating, delegations, power_map, powers
from app.services.delegations import GIVEN, HELD

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
Record = dict[str, Any]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
ROWS = 200
"""Rows on one page of a zone's list."""
STEPS = (DelegationState.TAKEN_OVER, DelegationState.RUNNING, DelegationState.ADJUSTED, DelegationState.REVOKED)
DATED = ("effective_from", "effective_until")


# ── a zone ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/zones/{code}/powers")
async def show(request: Request, code: str, caller: Who) -> Response:
    """What the zone holds, what is stuck, what ends soon, what a sister has, and who answers for what."""
    return await _zone(request, code, caller)


def _found(desk: Desk, code: str, sister: str) -> Record:
    zone_id, name = delegations.zone_named(desk, code)
    held = delegations.list_(desk, code)
    others = power_map.sisters(desk, code)
    chosen = sister or (others[0]["code"] if others else "")
    hers = desk.actor.sees(zone_id)
    return {
        "zone": {"code": code, "name": name, "hers": hers},
        "held": held,
        "head": power_map.zone_head(desk, held),
        "warn_days": delegations.warn_days(desk),
        "sisters": others,
        "sister": next((z for z in others if z["code"] == chosen), None),
        "gap": power_map.gap(desk, code, chosen) if chosen and chosen != code else [],
        "boundaries": boundaries.list_(desk, code) if hers else [],
        "coverage": coverage.read(desk, code) if hers else None,
        "may": {name: desk.may(act, zone_id) for name, act in RIGHTS.items()},
    }


RIGHTS = {"give": Act.DELEGATION_GIVE, "amend": Act.DELEGATION_AMEND, "bound": Act.BOUNDARY_AMEND}


async def _zone(
    request: Request,
    code: str,
    caller: Caller,
    refusal: Refusal | None = None,
    *,
    step: FormData | None = None,
    line: FormData | None = None,
) -> Response:
    """The page, with a refused ``step`` of many or a refused ``line`` of responsibility as it was typed."""
    sent = request.query_params
    reader, found = await read(request, caller, _found, code, sent.get("with", "")[:40], slow=True)
    asked = {n: sent.get(n, "")[:100] for n in ("state", "form", "department", "q", "skip")}
    rows = _narrowed(found["held"], asked)
    skip = int(asked["skip"]) if asked["skip"].isdecimal() and len(asked["skip"]) < 7 else 0
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    ticked = texts(step, "power") if step else []
    together = {n: text(step, n) if step else "" for n in ("to", "receiving_department", "document")}
    together["on"] = text(step, "on") if step else reader.today
    return render(
        request, reader, "powers/zone.html", status=shown.status, found=found, zone=found["zone"], asked=asked, rows=rows[skip : skip + ROWS],
        count=len(rows), skip=skip, most=ROWS, marks=MARKS, states=tuple(DelegationState), forms=tuple(DelegationForm),
        holders=tuple(BoundaryHolder), steps=_steps_of(found["may"]), wrong=shown, said=_said_line(line) if line else None, cov=found["coverage"], ticked=ticked, together=together,
        rows_of=rows_of(code, found["coverage"]),
        problems=problems_of(refusal, reader.language),
        departments=sorted({f["department"] for f in found["held"] if f["department"]}),
    )  # fmt: skip


def _narrowed(held: list[Record], asked: Record) -> list[Record]:
    """The rows that the address asks for; ``soon`` (ending soon) is a state of its own."""
    words = asked["q"].strip().lower()
    found = []
    for row in held:
        if asked["state"] == "soon" and row["days_left"] is None:
            continue
        if asked["state"] not in ("", "soon", row["state"]):
            continue
        if any(asked[n] and row[n] != asked[n] for n in ("form", "department")):
            continue
        if words and not any(words in (row[n] or "").lower() for n in ("name", "power", "document", "batch")):
            continue
        found.append(row)
    return found


def _steps_of(may: Record) -> tuple[DelegationState, ...]:
    """The steps that she may take at all."""
    return tuple(s for s in STEPS if may["give" if s in delegations.GIVES else "amend"])


# ── a step of many ───────────────────────────────────────────────────────────────────────────────────────────────────
@router.post("/zones/{code}/powers")
async def step_many(request: Request, code: str, caller: Who) -> Response:
    """A step for the ticked items: first what it would do (``do`` preview), then done."""
    form = await typed(request)
    try:
        values = {**step_said(form), "sets": [{"zones": [code], "powers": texts(form, "power")}]}
        if text(form, "do") == "save":
            await database(request).act(caller, delegating.move, values)
            return go(request, f"/zones/{code}/powers?done=1")
        reader, cells = await read(request, caller, delegating.weigh_moves, values)
    except REFUSALS as refusal:
        return await _zone(request, code, caller, refusal, step=form)
    kept = [(n, text(form, n)) for n in (*HELD, "to", "on", "document", "scope_document", "reason") if text(form, n)]
    kept += [("power", cell.power) for cell in cells if not cell.faults]
    return render(
        request, reader, "powers/weighed.html", cells=cells, kept=kept, action=f"/zones/{code}/powers", back=f"/zones/{code}/powers",
        to=values["to"], said={n: text(form, n) for n in ("on", "receiving_department", "scope_document", "document")}, why=lambda cell: reasons(cell, reader.language),
    )  # fmt: skip


def step_said(form: FormData) -> Record:
    """A step as it was typed; what is blank is left as it is."""
    said: Record = {n: v for n in HELD if n != "own_seal" and (v := text(form, n).strip())}
    if text(form, "own_seal"):
        said["own_seal"] = text(form, "own_seal") == "1"
    said |= {n: v for n in ("document", "scope_document", "reason") if (v := text(form, n).strip())}
    return {**said, "to": text(form, "to"), "on": day_of(text(form, "on"))}


# ── one delegation ───────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/zones/{code}/powers/{power}")
async def one(request: Request, code: str, power: str, caller: Who) -> Response:
    """How the zone holds the item, or that it does not; the next step, and what may be changed."""
    return await _one(request, code, power, caller)


def _held(desk: Desk, code: str, power_code: str) -> Record:
    zone_id, name = delegations.zone_named(desk, code)
    try:
        held = delegations.read(desk, code, power_code)
    except NotFound:
        held = None
    may = {name: desk.may(act, zone_id) for name, act in RIGHTS.items()}
    item = powers.read(desk, power_code)
    return {"zone": {"code": code, "name": name}, "item": item, "held": held, "may": may}


async def _one(
    request: Request, code: str, power: str, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:  # fmt: skip
    reader, found = await read(request, caller, _held, code, power)
    held, may = found["held"], found["may"]
    live = held if held and held["state"] != DelegationState.REVOKED else None
    allowed = _steps_of(may)
    steps = [s for s in NEXT[live["state"]] if s in allowed] if live else []
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    blank = dict.fromkeys(("to", "on", "document", "given_on", "do"), "")
    known = {**blank, **{n: (live or {}).get(n) for n in (*GIVEN, *HELD)}}
    known["own_seal"] = "" if known["own_seal"] is None else str(int(known["own_seal"]))
    said = {n: text(form, n) for n in form} if form else {}
    return render(
        request, reader, "powers/held.html", status=shown.status, **found, live=live, steps=steps, marks=MARKS, wrong=shown, said={**known, **said},
        forms=tuple(DelegationForm), days=DAY_OF, given=GIVEN, kept=HELD, today=reader.today,
        problems=problems_of(refusal, reader.language), edit=request.query_params.get("edit") or (text(form, "do") == "edit" if form else False),
    )  # fmt: skip


@router.post("/zones/{code}/powers/{power}")
async def change(request: Request, code: str, power: str, caller: Who) -> Response:
    """Take a step (``do`` step), or give the item or change what is written of it (``do`` edit)."""
    form = await typed(request)
    db, version = database(request), number(form, "version")
    try:
        if text(form, "do") == "step":
            await db.act(caller, delegations.move, code, power, {**step_said(form), "version": version}, status=201)
        else:
            await db.act(caller, delegations.put, code, power, _written(form), version=version)
    except REFUSALS as refusal:
        return await _one(request, code, power, caller, form, refusal)
    return go(request, f"/zones/{code}/powers/{power}")


def _written(form: FormData) -> Record:
    """What was typed of a delegation: only the fields that the form had, blanks unknown."""
    said: Record = {n: text(form, n).strip() or None for n in (*GIVEN, *HELD) if n in form}
    said |= {n: day_of(text(form, n), f"/{n}") for n in (*DATED, "given_on") if n in form}
    if "own_seal" in form:
        said["own_seal"] = {"1": True, "0": False}.get(text(form, "own_seal"))
    if not said.get("given_on"):
        said.pop("given_on", None)
    if text(form, "reason").strip():
        said["reason"] = text(form, "reason").strip()
    return said


# ── who answers for what ─────────────────────────────────────────────────────────────────────────────────────────────
@router.post("/zones/{code}/boundaries")
async def add_line(request: Request, code: str, caller: Who) -> Response:
    """A new line of responsibility."""
    form = await typed(request)
    try:
        await database(request).act(caller, boundaries.create, code, _line(form), status=201)
    except REFUSALS as refusal:
        return await _zone(request, code, caller, refusal, line=form)
    return go(request, f"/zones/{code}/powers#boundaries")


@router.get("/zones/{code}/boundaries/{id}")
async def ask_line(request: Request, code: str, caller: Who) -> Response:
    """One line, to be changed or taken away by who may."""
    return await _ask_line(request, code, path_id(request), caller)


async def _ask_line(
    request: Request, code: str, id_: int, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:  # fmt: skip
    reader, line = await read(request, caller, boundaries.read, code, id_)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    said = _said_line(form) if form else {n: line[n] or "" for n in ("power", *boundaries.FACTS)}
    return render(
        request, reader, "powers/boundary.html", status=shown.status, line=line, said=said, wrong=shown, holders=tuple(BoundaryHolder),
        problems=problems_of(refusal, reader.language), may=reader.may(Act.BOUNDARY_AMEND.value), code=code,
    )  # fmt: skip


@router.post("/zones/{code}/boundaries/{id}")
async def change_line(request: Request, code: str, caller: Who) -> Response:
    """Change a line, or take it away (``do`` remove)."""
    form, id_ = await typed(request), path_id(request)
    db, version = database(request), number(form, "version")
    try:
        if text(form, "do") == "remove":
            await db.act(caller, boundaries.remove, code, id_, version=version)
        else:
            await db.act(caller, boundaries.amend, code, id_, _line(form), version=version)
    except REFUSALS as refusal:
        return await _ask_line(request, code, id_, caller, form, refusal)
    return go(request, f"/zones/{code}/powers#boundaries")


def _said_line(form: FormData) -> Record:
    return {n: text(form, n).strip() for n in ("power", *boundaries.FACTS)}


def _line(form: FormData) -> Record:
    return {n: v or None for n, v in _said_line(form).items()}

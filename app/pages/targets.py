"""Targets as a page: zone by class of size, how far each is and what may be expected; the city office sets them here."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import BadRequest, Conflict, Forbidden, Invalid, Problem, Refusal, Stale
from app.pages import database, figures, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.files import offered
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.pages.funnel import LINES as STEP
from app.pages.funnel import asked, then
from app.pages.funnel import number as rows_passed
from app.pages.years import year_of
from app.rules.access import Act
from app.rules.amounts import read_amount
from app.rules.codes import CountedAt
from app.rules.targets import USUAL
from app.services import pipeline_exports, targets, zones
from app.services.pipeline_words import STAGE_TITLES
from app.words import word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
Record = dict[str, Any]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
LINES = 4
"""Classes that the form has room for."""
FIELDS = {"least_yuan": "least", "below_yuan": "below", "low": "low", "high": "high"}


@router.get("/targets")
async def show(request: Request, caller: Who, year: str = "", skip: str = "0") -> Response:
    """The targets of a year, zone by zone; of one zone with what its forecast rests on."""
    said, wanted = asked(request), _year(year)

    def found(desk: Desk) -> Record:
        return {"told": targets.read(desk, said.zone or None, wanted, said.month or None), "today": desk.today}

    reader, shown = await read(request, await then(request, caller, said.month), found, slow=True)
    names, passed = dict(reader.zones), rows_passed(skip)
    lines, shown["told"]["items"] = len(shown["told"]["items"]), shown["told"]["items"][passed : passed + STEP]
    following = passed + STEP if lines > passed + STEP else 0
    return render(
        request, reader, "pipeline/targets.html", **shown, said=said, stages=STAGE_TITLES, place_name=names.get(said.zone, said.zone),
        sets=reader.may(Act.TARGET_WRITE), done=request.query_params.get("done"), size_of=size_of,
        following=following, lines=lines,
    )  # fmt: skip


def _year(sent: str) -> int | None:
    if sent and (len(sent) != 4 or not sent.isdecimal() or not 1950 <= int(sent) < 2200):
        raise BadRequest("A parameter of the address cannot be read")
    return int(sent) if sent else None


@router.get("/targets.xlsx")
async def export(request: Request, caller: Who, year: str = "") -> Response:
    """The targets of a year as a workbook."""
    said, wanted = asked(request), _year(year)
    reader = await then(request, caller, said.month)
    return offered(
        await database(request).read(
            reader, pipeline_exports.targets_file, said.zone or None, wanted, said.month or None, slow=True
        )
    )


def size_of(one: Record) -> dict[str, str]:
    """A class in 亿元: from, and below; empty where it has no upper end."""
    return {"least": figures.exact(one["least_yuan"], "yi"), "below": figures.exact(one["below_yuan"], "yi")}


@router.get("/targets/{year}/set")
async def choose(request: Request, caller: Who, zone: str = "") -> Response:
    """On to the form of the zone that was chosen."""
    return go(request, f"/zones/{zone}/targets/{year_of(request)}" if zone.isprintable() and zone else "/targets")


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/zones/{code}/targets/{year}")
async def ask(request: Request, caller: Who) -> Response:
    """What is asked of a zone in a year, to be written by the city office."""
    return await _form(request, caller)


@router.post("/zones/{code}/targets/{year}")
async def put(request: Request, caller: Who) -> Response:
    form, code, year = await typed(request), request.path_params["code"], year_of(request)
    try:
        values = _said(form)
        await database(request).act(caller, targets.put, code, year, values, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _form(request, caller, form, _placed(refusal, form))
    return go(request, f"/targets?year={year}&done=saved")


def _said(form: FormData) -> Record:
    """The lines that were filled in; an amount without a unit is in 亿元. Raises Invalid with all that cannot be read."""
    problems: list[Problem] = []
    classes = [_line(form, n, problems) for n in _filled(form)]
    if problems:
        raise Invalid(problems=problems)
    return {
        "classes": classes,
        "counted_at": text(form, "counted_at") or CountedAt.SIGNED,
        "fills": bool(text(form, "fills")),
        "document": text(form, "document").strip() or None,
        "reason": text(form, "reason").strip() or None,
    }


def _filled(form: FormData) -> list[int]:
    """The lines in which anything was typed."""
    return [n for n in range(LINES) if any(text(form, f"{name}-{n}").strip() for name in FIELDS.values())]


def _placed(refusal: Refusal, form: FormData) -> Refusal:
    """What is refused of a class, at the field of its line: ``/classes/0/high`` → ``/high-1``."""
    lines = _filled(form)
    for n, problem in enumerate(refusal.problems):
        if found := re.fullmatch(r"/classes/(\d+)/(\w+)", problem.pointer or ""):
            at = f"/{FIELDS[found[2]]}-{lines[int(found[1])]}"
            refusal.problems[n] = replace(problem, pointer=at)
    return refusal


def _line(form: FormData, n: int, problems: list[Problem]) -> Record:
    """One line as a class; what cannot be read is added to the problems."""
    line: Record = {}
    for name, typed_as in FIELDS.items():
        sent, at = text(form, f"{typed_as}-{n}").strip(), f"/{typed_as}-{n}"
        try:
            line[name] = read_amount(sent, "亿元").value if name.endswith("_yuan") else _count(sent)
        except Invalid as refusal:
            problems.append(Problem(at, refusal.code, refusal.msgid, refusal.values))
        else:
            if line[name] is None and name != "below_yuan":
                problems.append(Problem(at, "required", "This must be given"))
    return line


def _count(sent: str) -> int | None:
    if not sent:
        return None
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 6):
        raise Invalid("“{text}” is not a number", code="wrong_type", text=sent)
    return int(sent)


async def _form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    code, year = request.path_params["code"], year_of(request)

    def found(desk: Desk) -> Record:
        zone = zones.find(desk, code)
        desk.ask(Act.TARGET_WRITE, zone.id)
        return {**targets.one(desk, code, year), "name": zone.short_name or zone.name}

    reader, kept = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    said = {name: text(form, name) for name in form} if form is not None else _known(kept)
    beside = {"document", "reason", "counted_at", *(f"{name}-{n}" for name in FIELDS.values() for n in range(LINES))}
    problems = [sentence for name, sentence in shown.at.items() if name not in beside]
    return render(
        request, reader, "pipeline/target_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        t=kept, said=said, wrong=shown, problems=problems, lines=range(LINES), counted=[(c.value, word(c, "CountedAt", reader.language)) for c in CountedAt],
    )  # fmt: skip


def _known(kept: Record) -> dict[str, str]:
    """What the form begins with: what is asked for, or the usual classes."""
    usual = [{"least_yuan": one.least, "below_yuan": one.below, "low": one.low, "high": one.high} for one in USUAL]
    said = {"counted_at": kept["counted_at"], "fills": "1" if kept["fills"] else "", "document": kept["document"] or ""}
    for n, one in enumerate((kept["classes"] or ([] if kept["version"] else usual))[:LINES]):
        said |= {f"{n_}-{n}": value for n_, value in size_of(one).items()}
        said |= {f"low-{n}": str(one["low"]), f"high-{n}": str(one["high"])}
    return said

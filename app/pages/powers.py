"""The catalogue of items against the zones as a heat map, one item with who holds it, and the form of an item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.models.powers import PowerFacts
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, count, number, text, texts, typed, wrong
from app.pages.power_cells import MARKS, Squares, heat, state_words
from app.pages.power_words import problems_of
from app.pages.standing import day_of
from app.rules.access import Act
from app.rules.codes import PowerKind, PowerLevel
from app.services import chains, power_map, power_warning, powers

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
Record = dict[str, Any]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
FEW = 40
"""So many items are shown without being asked for."""
ALL = "all"
FACTS = tuple(PowerFacts.model_fields)
NUMBERS = ("statutory_days", "promised_days")


@dataclass(frozen=True)
class View:
    """What the address asks for, and addresses beside it."""

    asked: power_map.Asked
    opened: str

    @classmethod
    def of(cls, request: Request) -> View:
        sent = request.query_params
        lists = {n: tuple(v[:100] for v in sent.getlist(n) if v)[:60] for n in ("department", "kind", "state", "zone")}
        asked = power_map.Asked(
            lists["department"], lists["kind"], lists["state"], lists["zone"], sent.get("q", "")[:100]
        )
        return cls(asked, sent.get("open", "")[:100])

    def pairs(self, **changed: Any) -> list[tuple[str, str]]:
        a = self.asked
        said: Record = {
            "q": a.text, "department": a.departments, "kind": a.kinds, "state": a.states, "zone": a.zones, "open": self.opened,
        } | changed  # fmt: skip
        found = []
        for name, value in said.items():
            found += [(name, one) for one in (value if isinstance(value, tuple) else (value,)) if one]
        return found

    def link(self, place: str = "/powers", **changed: Any) -> str:
        """The address of the same view with something changed."""
        query = urlencode(self.pairs(**changed))
        return f"{place}?{query}" if query else place

    @property
    def narrowed(self) -> bool:
        return self.asked != power_map.Asked()

    def shows(self, group: power_map.Group, whole: int) -> bool:
        """Are the items of this department unfolded?"""
        return self.opened in (ALL, group.department or "-") or (self.narrowed and whole <= FEW and not self.opened)


@router.get("/powers")
async def show(request: Request, caller: Who) -> Response:
    """Items × zones: departments in per cent, which unfold to items with the state in each zone."""
    return await _matrix(request, caller)


async def _matrix(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    view = View.of(request)
    reader, found = await read(request, caller, power_map.city, view.asked, slow=True)
    matrix, shown = found["matrix"], wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "powers/matrix.html", status=shown.status, view=view, matrix=matrix, found=found, heat=heat,
        squares=Squares(matrix, reader.language), words=state_words(reader.language), marks=MARKS, kinds=tuple(PowerKind),
        may_amend=reader.may(Act.POWER_AMEND.value), may_give=reader.may(Act.DELEGATION_GIVE.value), may_set=reader.may(Act.SETTING_AMEND.value),
        wrong=shown, warn_days=text(form, "warn_days") if form else found["warn_days"],
    )  # fmt: skip


@router.post("/admin/delegations")
async def put_warning(request: Request, caller: Who) -> Response:
    """Tell the end of delegations earlier or later: one number, set where its effect is seen."""
    form = await typed(request)
    try:
        values = {"warn_days": count(form, "warn_days")}
        await database(request).act(caller, power_warning.put, values, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _matrix(request, caller, form, refusal)
    return go(request, "/powers")


# ── one item ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/powers/new")
async def ask_new(request: Request, caller: Who) -> Response:
    """The form of a new item."""
    return await _form(request, caller)


@router.post("/powers/new")
async def create(request: Request, caller: Who) -> Response:
    """A new item."""
    form = await typed(request)
    try:
        values = {**_said(form), "code": text(form, "code").strip()}
        answer = await database(request).act(caller, powers.create, values, status=201)
    except REFUSALS as refusal:
        return await _form(request, caller, form, refusal)
    return go(request, f"/powers/{answer.value['code']}")


async def _form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    def allowed(desk: Desk) -> Record:
        desk.ask(Act.POWER_AMEND)
        return chains.served(desk)

    reader, steps = await read(request, caller, allowed)
    said = {**dict.fromkeys(("code", *FACTS), ""), "steps": []} if form is None else _typed(form)
    return _edited(request, reader, said, None, refusal, steps)


def _typed(form: FormData) -> Record:
    return {**{n: text(form, n) for n in ("code", *FACTS)}, "steps": texts(form, "steps")}


def _with_steps(desk: Desk, code: str) -> tuple[Record, Record]:
    """An item, and what each step of the chains is called."""
    return powers.read(desk, code), chains.served(desk)


def _edited(
    request: Request, reader: Any, said: Record, item: Record | None, refusal: Refusal | None, steps: Record
) -> Response:
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "powers/edit.html", status=shown.status, said=said, item=item, wrong=shown, kinds=tuple(PowerKind),
        levels=tuple(PowerLevel), version=item["version"] if item else None, problems=problems_of(refusal, reader.language), steps=steps,
    )  # fmt: skip


def _said(form: FormData) -> Record:
    """An item as it was typed: blanks are unknown."""
    said: Record = {n: text(form, n).strip() or None for n in FACTS if n not in (*NUMBERS, "reserved")}
    said["basis_valid_until"] = day_of(text(form, "basis_valid_until"), "/basis_valid_until")
    said |= {name: count(form, name) for name in NUMBERS}
    said["reserved"] = bool(text(form, "reserved"))
    said["steps"] = texts(form, "steps")
    said["reason"] = text(form, "reason").strip() or None
    return said


@router.get("/powers/{code}")
async def one(request: Request, code: str, caller: Who) -> Response:
    """One item and the zones that hold it; with ``edit`` its form."""
    reader, (item, steps) = await read(request, caller, _with_steps, code)
    may = reader.may(Act.POWER_AMEND.value)
    if may and request.query_params.get("edit"):
        known = {n: item[n] if item[n] is not None else "" for n in FACTS}
        said = {**known, "code": code, "steps": item["steps"], "reserved": "1" if item["reserved"] else ""}
        return _edited(request, reader, said, item, None, steps)
    return render(request, reader, "powers/one.html", item=item, may=may, facts=FACTS, steps=steps, marks=MARKS)


@router.post("/powers/{code}")
async def amend(request: Request, code: str, caller: Who) -> Response:
    """Change an item."""
    form = await typed(request)
    try:
        await database(request).act(caller, powers.amend, code, _said(form), version=number(form, "version"))
    except REFUSALS as refusal:
        reader, (item, steps) = await read(request, caller, _with_steps, code)
        if not reader.may(Act.POWER_AMEND.value):
            raise
        return _edited(request, reader, {**_typed(form), "code": code}, item, refusal, steps)
    return go(request, f"/powers/{code}")

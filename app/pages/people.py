"""People and units of a zone, who answers for a project, and handing over from one to another after a look."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, texts, typed, wrong
from app.pages.projects import id_of
from app.pages.standing import day_of
from app.rules.access import Act
from app.rules.codes import OrgLevel, ResponsibilityRole
from app.services import handovers, people, project_pages, responsibilities, units
from app.services.frames import Frame
from app.words import Word, say, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
PERSON, UNIT = ("name", "unit_id", "post", "phone"), ("name", "parent_id", "from_on", "until_on")
FIELDS: dict[str, tuple[str, ...]] = {"people": PERSON, "units": UNIT}
VERBS: dict[str, Any] = {"people": people, "units": units}
NUMBERS = frozenset({"unit_id", "parent_id"})


def zone_asked(request: Request, reader: Frame) -> str | None:
    """The zone of the address if it is one of hers, else her first."""
    codes = [code for code, _ in reader.zones]
    asked = request.query_params.get("zone")
    return asked if asked in codes else codes[0] if codes else None


async def _staff(request: Request, caller: Caller) -> tuple[Frame, str | None, dict[str, Any]]:
    """The reader, the zone she asked for, and its people and units with what she may do there."""
    frame, _ = await read(request, caller, lambda desk: None)
    zone = zone_asked(request, frame)

    def found(desk: Desk) -> dict[str, Any]:
        if zone is None:
            return {"people": [], "units": [], "may": False, "may_hand": False}
        both = {"people": people.list_(desk, zone), "units": units.list_(desk, zone)}
        return {**both, "may": desk.may(Act.PEOPLE_AMEND), "may_hand": desk.may(Act.PEOPLE_HANDOVER)}

    reader, staff = await read(request, caller, found)
    return reader, zone, staff


@router.get("/people")
async def show(request: Request, caller: Who) -> Response:
    """The people and units of a zone."""
    reader, zone, staff = await _staff(request, caller)
    names = {u["id"]: u["name"] for u in staff["units"]}
    return render(request, reader, "people/list.html", zone=zone, names=names, **staff)


# ── one person, one unit ─────────────────────────────────────────────────────────────────────────────────────────────
def kind_of(request: Request) -> str:
    return request.url.path.split("/")[1]


@router.get("/people/new")
@router.get("/units/new")
async def blank(request: Request, caller: Who) -> Response:
    """The form for a new person or unit of a zone."""
    return await _form(request, caller, None)


@router.get("/people/{id:int}")
@router.get("/units/{id:int}")
async def open_(request: Request, caller: Who) -> Response:
    """One person or unit as a form."""
    return await _form(request, caller, id_of(request))


@router.post("/people")
@router.post("/units")
async def create(request: Request, caller: Who) -> Response:
    """A new person or unit."""
    return await _save(request, caller, None)


@router.post("/people/{id:int}")
@router.post("/units/{id:int}")
async def amend(request: Request, caller: Who) -> Response:
    """Save what was changed. A new name is shown in every project at once."""
    return await _save(request, caller, id_of(request))


@router.post("/units/{id:int}/merge")
async def merge(request: Request, caller: Who) -> Response:
    """One unit goes up in another."""
    form, id_ = await typed(request), id_of(request)
    try:
        answer = await database(request).act(
            caller, units.merge, id_, number(form, "into") or 0, version=number(form, "version")
        )
    except (*REFUSALS, NotFound) as refusal:
        return await _form(request, caller, id_, refusal=refusal)
    return go(request, f"/people?zone={answer.value['zone'] or ''}")


async def _save(request: Request, caller: Caller, id_: int | None) -> Response:
    form, kind = await typed(request), kind_of(request)
    said = {n: number(form, n) if n in NUMBERS else text(form, n).strip() or None for n in FIELDS[kind]}
    verbs = VERBS[kind]
    try:
        if id_ is None:
            await database(request).act(caller, verbs.create, said | {"zone": text(form, "zone")}, status=201)
        else:
            await database(request).act(caller, verbs.amend, id_, said, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _form(request, caller, id_, said, refusal)
    return go(request, f"/people?zone={text(form, 'zone')}")


async def _form(
    request: Request,
    caller: Caller,
    id_: int | None,
    said: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    kind = kind_of(request)
    frame, _ = await read(request, caller, lambda desk: None)

    def found(desk: Desk) -> tuple[dict[str, Any], list[dict[str, Any]], bool]:
        kept = VERBS[kind].read(desk, id_) if id_ is not None else {"zone": zone_asked(request, frame), "version": None}
        every = units.list_(desk, kept["zone"]) if kept["zone"] else units.list_(desk)
        return kept, every, desk.may(Act.PEOPLE_AMEND)

    reader, (kept, every, may) = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    others = [(str(u["id"]), u["name"]) for u in every if not (kind == "units" and u["id"] == id_)]
    values = said or {n: kept.get(n) for n in FIELDS[kind]}
    return render(
        request, reader, "people/form.html", status=shown.status, kind=kind, id=id_, kept=kept, said=values, others=others,
        wrong=shown, may=may,
    )  # fmt: skip


# ── who answers for a project ────────────────────────────────────────────────────────────────────────────────────────
@router.get("/projects/{id:int}/people")
async def answering(request: Request, caller: Who) -> Response:
    """Every current entry as a row of a form, and empty rows for new ones."""
    return await _answering(request, caller)


@router.post("/projects/{id:int}/people")
async def put(request: Request, caller: Who) -> Response:
    """Everybody who answers from now on. A row without a holder ends."""
    form, id_ = await typed(request), id_of(request)
    rows = _rows(form)
    try:
        items = [_item(n, row) for n, row in enumerate(rows) if row["holder"]]
        await database(request).act(
            caller, responsibilities.put, id_, {"items": items}, version=number(form, "version")
        )
    except REFUSALS as refusal:
        return await _answering(request, caller, rows, refusal)
    return go(request, f"/projects/{id_}?done=saved#people")


def _rows(form: FormData) -> list[dict[str, str]]:
    names = ("role", "level", "holder", "from_on", "until_on", "rank")
    columns = [texts(form, n) for n in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]


def _item(n: int, row: dict[str, str]) -> dict[str, Any]:
    """A row of the form as an entry. ``holder`` is ``p12`` for a person, ``u3`` for a unit."""
    kind, id_ = row["holder"][:1], row["holder"][1:]
    item: dict[str, Any] = {
        "role": row["role"],
        "level": row["level"] or None,
        "person_id" if kind == "p" else "unit_id": int(id_) if id_.isdecimal() and id_.isascii() else 0,
        "rank": int(row["rank"]) if row["rank"].isdecimal() and row["rank"].isascii() else 1,
        "until_on": day_of(row["until_on"], f"/items/{n}"),
    }
    if row["from_on"]:
        item["from_on"] = day_of(row["from_on"], f"/items/{n}")
    return item


async def _answering(
    request: Request, caller: Caller, rows: list[dict[str, str]] | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> tuple[Any, Any, list[Any], list[Any]]:
        project, may, _ = project_pages.one(desk, id_of(request))
        if "people" not in may:
            desk.ask(Act.PEOPLE_AMEND)
        kept = responsibilities.of_project(desk, id_of(request))
        return project, kept, people.list_(desk, project["zone"]), units.list_(desk, project["zone"])

    reader, (project, kept, persons, offices) = await read(request, caller, found)
    language = reader.language
    blank = {"role": "responsible_person", "level": "", "holder": "", "from_on": "", "until_on": "", "rank": "1"}
    now = [i for i in kept["items"] if i["current"] or (i["from_on"] or "") > reader.today]
    said = rows if rows is not None else [{**_row(i)} for i in now] + [blank, dict(blank)]
    shown = wrong(refusal, language) if refusal else RIGHT
    return render(
        request, reader, "people/answering.html", status=shown.status, p=project, rows=said, version=kept["version"], wrong=shown,
        roles=[(r.value, word(r, "ResponsibilityRole", language)) for r in ResponsibilityRole],
        levels=[("", ""), *((lv.value, word(lv, "OrgLevel", language)) for lv in OrgLevel)],
        holders=[
            (say(Word("People"), language), [(f"p{x['id']}", x["name"]) for x in persons]),
            (say(Word("Units"), language), [(f"u{x['id']}", x["name"]) for x in offices]),
        ],
    )  # fmt: skip


def _row(item: dict[str, Any]) -> dict[str, str]:
    holder = f"p{item['person_id']}" if item["person_id"] else f"u{item['unit_id']}"
    facts = {n: str(item[n] or "") for n in ("role", "level", "from_on", "until_on", "rank")}
    return {**facts, "holder": holder}


# ── hand-over ────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/people/handover")
async def look(request: Request, caller: Who) -> Response:
    """Choose from whom and to whom, and see what would change before it does."""
    query = request.query_params
    said = {
        "from": query.get("from", ""),
        "to": query.get("to", ""),
        "on": query.get("on", ""),
        "roles": query.getlist("roles"),
    }
    return await _handover(request, caller, said)


@router.post("/people/handover")
async def hand_over(request: Request, caller: Who) -> Response:
    """The ticked projects go over, as one act."""
    form = await typed(request)
    said = {"from": text(form, "from"), "to": text(form, "to"), "on": text(form, "on"), "roles": texts(form, "roles")}
    chosen = [int(i) for i in texts(form, "project") if i.isdecimal() and i.isascii() and len(i) < 18]
    try:
        if not chosen:
            raise Invalid.one("/project_ids", "required", "Tick at least one project")
        wanted = _wanted(said) | {"project_ids": chosen}
        answer = await database(request).act(caller, handovers.handover, wanted)
    except (*REFUSALS, NotFound) as refusal:
        return await _handover(request, caller, said, refusal, chosen)
    return go(request, f"/people/handover?done={answer.value['projects']}&zone={text(form, 'zone')}")


def _wanted(said: dict[str, Any]) -> dict[str, Any]:
    """The form as ``handovers`` understands it."""
    wanted: dict[str, Any] = {"on": day_of(said["on"]), "roles": said["roles"] or None}
    for side in ("from", "to"):
        kind, id_ = said[side][:1], said[side][1:]
        if id_.isdecimal() and id_.isascii():
            wanted[f"{side}_{'person' if kind == 'p' else 'unit'}_id"] = int(id_)
    return wanted


async def _handover(
    request: Request,
    caller: Caller,
    said: dict[str, Any],
    refusal: Refusal | None = None,
    chosen: list[int] | None = None,
) -> Response:
    _, zone, staff = await _staff(request, caller)
    if not staff["may_hand"]:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.people.handover"))
    preview: dict[str, Any] | None = None

    def found(desk: Desk) -> dict[str, Any] | None:
        return handovers.handover_preview(desk, _wanted(said)) if said["from"] else None

    try:
        reader, preview = await read(request, caller, found)
    except (Invalid, NotFound) as error:
        reader, _ = await read(request, caller, lambda desk: None)
        refusal = refusal or error
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    done = request.query_params.get("done", "")
    return render(
        request, reader, "people/handover.html", status=shown.status, zone=zone, said=said, preview=preview, wrong=shown,
        chosen=chosen, done=int(done) if done.isdecimal() and done.isascii() and len(done) < 7 else None,
        persons=[(f"p{x['id']}", x["name"]) for x in staff["people"]], offices=[(f"u{x['id']}", x["name"]) for x in staff["units"]],
        roles=[(r.value, word(r, "ResponsibilityRole", reader.language)) for r in ResponsibilityRole],
    )  # fmt: skip

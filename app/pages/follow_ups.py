"""Contacts about a lead, its files, and the list of next steps."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale, TooLarge
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.evidence import said_of, stored
from app.pages.files import handed_out
from app.pages.forms import number, path_id, text, typed, wrong
from app.pages.lead_facts import days, words_of
from app.pages.lead_page import page
from app.services import follow_ups, lead_feeds, lead_files
from app.services.frames import Frame

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
SAID = ("kind", "happened_on", "told", "by_whom", "with_whom", "next_step", "next_step_on")
PLACE, STEPS = "/leads/{id}/followups", "/leads/steps"


# ── contacts ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.post(PLACE)
async def tell(request: Request, caller: Who) -> Response:
    """Write down a contact; what was typed stays when it is refused."""
    form, id_ = await typed(request), path_id(request)
    said = {n: text(form, n).replace("\r\n", "\n").strip() for n in SAID}
    values = {n: v or None for n, v in said.items()} | {"progress": not text(form, "in_vain")}
    values["told"] = said["told"]
    try:
        await database(request).act(caller, follow_ups.add, id_, values, status=201)
    except REFUSALS as refusal:
        kept = said | {"in_vain": text(form, "in_vain")}
        shown = wrong(refusal, caller.language)
        return await page(request, caller, id_, status=refusal.status, talk_said=kept, talk_wrong=shown)
    return go(request, f"/leads/{id_}?done=told#talks")


@router.post(PLACE + "/{follow_up_id}/done")
async def done(request: Request, caller: Who) -> Response:
    """Its next step is done, today. From the list of steps she comes back to the list."""
    form, id_ = await typed(request), path_id(request)
    steps = text(form, "from") == "steps"

    def tick(desk: Desk) -> Any:
        follow_up = follow_ups.one(desk, id_, path_id(request, "follow_up_id"))
        edit = {"done_on": desk.today}
        return follow_ups.amend(desk, follow_up["id"], edit, version=number(form, "version"))

    try:
        await database(request).act(caller, tick)
    except REFUSALS as refusal:
        if steps:
            return await show_steps(request, caller, refusal)
        return await page(request, caller, id_, problem=wrong(refusal, caller.language), status=refusal.status)
    if steps:
        whose = "&whose=all" if text(form, "whose") == "all" else ""
        return go(request, f"{STEPS}?done=step{whose}")
    return go(request, f"/leads/{id_}?done=step#talks")


@router.post(PLACE + "/{follow_up_id}/remove")
async def untell(request: Request, caller: Who) -> Response:
    """Take back what was written down by mistake."""
    form, id_ = await typed(request), path_id(request)

    def take(desk: Desk) -> Any:
        follow_up = follow_ups.one(desk, id_, path_id(request, "follow_up_id"))
        return follow_ups.remove(desk, follow_up["id"], version=number(form, "version"))

    try:
        await database(request).act(caller, take)
    except REFUSALS as refusal:
        return await page(request, caller, id_, problem=wrong(refusal, caller.language), status=refusal.status)
    return go(request, f"/leads/{id_}?done=untold#talks")


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.post("/leads/{id}/files")
async def attach(request: Request, caller: Who) -> Response:
    """Attach a file."""
    form, id_ = await typed(request), path_id(request)
    try:
        await database(request).read(caller, lead_files.may_add, id_)  # before anything is kept
        put = await stored(request, form)
        if put is None:
            raise Invalid.one("/file", "required", "Choose a file")
        await database(request).act(caller, lead_files.add, id_, said_of(form), stored=put[0], name=put[1], status=201)
    except (*REFUSALS, TooLarge) as refusal:
        shown = wrong(refusal, caller.language)
        return await page(request, caller, id_, problem=shown, status=refusal.status, file_wrong=shown)
    return go(request, f"/leads/{id_}?done=attached#files")


@router.get("/leads/files/{id}")
async def download(request: Request, caller: Who) -> Response:
    """The file: a picture is shown, everything else is offered for saving under its name."""
    row = await database(request).read(caller, lead_files.open_, path_id(request))
    return await handed_out(request, **{n: row[n] for n in ("digest", "file_name", "media_type")})


@router.post("/leads/files/{id}/remove")
async def remove(request: Request, caller: Who) -> Response:
    """Take a file away from its lead."""
    form = await typed(request)
    row = await database(request).read(caller, lead_files.open_, path_id(request))
    try:
        await database(request).act(caller, lead_files.remove, row["id"], version=number(form, "version"))
    except REFUSALS as refusal:
        shown = wrong(refusal, caller.language)
        return await page(request, caller, row["lead_id"], problem=shown, status=refusal.status)
    return go(request, f"/leads/{row['lead_id']}?done=removed#files")


# ── next steps ───────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(STEPS)
async def steps(request: Request, caller: Who) -> Response:
    """Her next steps, or with ``whose=all`` those of all her zones; what is overdue stands first."""
    return await show_steps(request, caller)


async def show_steps(
    request: Request, caller: Caller, refusal: Refusal | None = None, address: str | None = None
) -> Response:
    whose = "all" if request.query_params.get("whose") == "all" else "mine"
    reader, (found, others, feed) = await read(request, caller, _look, whose)
    return render(
        request, reader, "leads/steps.html", status=refusal.status if refusal else 200, whose=whose, others=others,
        groups=_by_urgency(found, reader), count=len(found), feed=feed, address=address, done=request.query_params.get("done"),
        problem=wrong(refusal, reader.language) if refusal else None, zone_names=dict(reader.zones),
        ticks=reader.may("follow_up.amend"), own=reader.actor.kind == "account", days=days, **words_of(reader),
    )  # fmt: skip


def _look(desk: Desk, whose: str) -> tuple[list[dict[str, Any]], int, bool]:
    """The steps asked for; where she has none, how many there are in her zones; whether her calendar is fetched."""
    found = lead_feeds.steps(desk, whose)
    others = 0 if found or whose == "all" else len(lead_feeds.steps(desk, "all"))
    return found, others, lead_feeds.has_feed(desk)


def _by_urgency(found: list[dict[str, Any]], reader: Frame) -> list[tuple[str, list[dict[str, Any]]]]:
    """Overdue, today, later, without a day."""
    today = reader.today
    ways: tuple[tuple[str, Any], ...] = (
        ("overdue", lambda on: on is not None and on < today),
        ("today", lambda on: on == today),
        ("later", lambda on: on is not None and on > today),
        ("undated", lambda on: on is None),
    )
    made = [(name, [s for s in found if way(s["next_step_on"])]) for name, way in ways]
    return [(name, steps) for name, steps in made if steps]

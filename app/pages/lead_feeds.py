"""The secret address of the calendar of next steps: made, taken back, and fetched by programs that have no session."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.errors import Forbidden, NotFound
from app.pages import database, go, read
from app.pages.door import caller_by, page_caller
from app.pages.follow_ups import STEPS, show_steps
from app.pages.forms import text, typed
from app.pages.login import address_of
from app.services import lead_feeds, throttle
from app.whereabouts import own_address
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
LONGEST_TOKEN = 200


@router.post(STEPS + "/feed")
async def feed(request: Request, caller: Who) -> Response:
    """Make a new address, which is shown once, or take it back (``do`` revoke)."""
    form = await typed(request)
    reader, _ = await read(request, caller, lambda desk: None)
    who = reader.actor.id
    if reader.actor.kind != "account" or who is None or not reader.may("lead.read"):
        raise Forbidden("Your role may not do this: {act}", act=Word("act.lead.read"))
    if text(form, "do") == "revoke":
        await database(request).chore(partial(lead_feeds.revoke, account_id=who))
        return go(request, f"{STEPS}?done=revoked")
    token = await database(request).chore(partial(lead_feeds.renew, account_id=who))
    base = own_address(request)
    return await show_steps(request, caller, address=f"{base}{STEPS}/{token}.ics")


@router.get(STEPS + "/{token}.ics")
async def fetch(request: Request, token: str) -> Response:
    """The calendar. Who tries addresses that open nothing waits longer and longer."""
    if len(token) > LONGEST_TOKEN:
        raise NotFound(lead_feeds.OVER, code="link_over")
    db, whose = database(request), "all" if request.query_params.get("whose") == "all" else "mine"
    await db.hot(partial(throttle.heed, address=address_of(request)))
    caller = await caller_by(request, lead_feeds.by_feed(token))
    base = own_address(request)
    try:
        text_ = await db.read(caller, lead_feeds.feed, whose, base)
    except NotFound as refusal:
        if refusal.code == "link_over":
            await db.chore(partial(throttle.missed, address=address_of(request)))
        raise
    headers = {"Cache-Control": "private, no-cache", "Content-Disposition": 'inline; filename="steps.ics"'}
    return Response(text_, media_type="text/calendar; charset=utf-8", headers=headers)

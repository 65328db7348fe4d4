"""What she is told: reminders of due days, newest first, with the way to where she can act."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import text, typed
from app.rules.access import Act
from app.services import notices

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]


@router.get("/notices")
async def show(request: Request, caller: Who) -> Response:
    """Her notices; looking marks none of them as read."""
    reader, found = await read(request, caller, notices.list_)
    return render(request, reader, "notices/list.html", notices=found)


@router.post("/notices")
async def open_one(request: Request, caller: Who) -> Response:
    """She opens one (``key``), which then is read; without a key all are."""
    key = text(await typed(request), "key")
    account_id = await database(request).read(caller, _own)
    if not key:
        await database(request).chore(partial(notices.read_all, account_id=account_id))
        return go(request, "/notices")
    return go(request, await database(request).chore(partial(notices.open_, account_id=account_id, key=key)))


def _own(desk: Desk) -> int:
    desk.ask(Act.ACCOUNT_OWN)
    return desk.actor.id or 0

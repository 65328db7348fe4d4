"""What was sent out of the house and what became of it: for who sets up mail server and robots."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import NotFound
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import text, typed
from app.rules.access import Act
from app.services import accounts, notices
from app.words import say

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PLACE = "/admin/reminders"


@router.get(PLACE)
async def show(request: Request, caller: Who) -> Response:
    """Which ways out are set up, and the last messages, failures first."""
    settings = database(request).settings
    reader, (sent, account) = await read(request, caller, lambda desk: (notices.deliveries(desk), accounts.own(desk)))
    robots = [(zone, urlsplit(address).hostname or "") for zone, address in settings.webhooks]
    return render(
        request, reader, "settings/reminders.html", sent=sent, robots=robots, mail=settings.smtp_host, own=account["email"],
        done=request.query_params.get("done"),
    )  # fmt: skip


@router.post(PLACE)
async def act(request: Request, caller: Who) -> Response:
    """Send a failed one once more (``key``), or a test to everything that is set up."""
    form = await typed(request)
    db, key = database(request), text(form, "key")
    account, language = await db.read(caller, _asked)
    if key:
        await db.chore(partial(notices.again, key=key))
        return go(request, f"{PLACE}?done=again")
    settings, said = db.settings, say(notices.SENTENCES["test"], language)
    once = text(form, "idempotency_key")[:60]
    if not once:
        raise NotFound

    def test(link: Any) -> None:
        if settings.smtp_host and account["email"]:
            notices.post(
                link, f"test:mail:{once}", "mail", account["email"], said, f"{said}\n\n{settings.public_url}\n"
            )
        for n, _ in enumerate(settings.webhooks):
            notices.post(link, f"test:robot:{n}:{once}", "robot", str(n), said, f"{said}\n{settings.public_url}")

    await db.chore(test)
    return go(request, f"{PLACE}?done=test")


def _asked(desk: Desk) -> tuple[dict[str, Any], str]:
    desk.ask(Act.SETTING_AMEND)
    return accounts.own(desk), desk.language

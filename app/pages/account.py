"""One's own account: name and rights, language, password, open sessions."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from app.desk import Desk
from app.errors import Busy, Invalid, NotFound, Refusal, TooMany
from app.pages import database, go, language_of, read, render
from app.pages.door import open_session, page_caller, remember_language, session_token
from app.pages.forms import RIGHT, Wrong, text, typed, wrong
from app.pages.login import address_of, new_password, visit_of
from app.services import accounts, granting, passwords, sessions, signing_in, throttle
from app.words import LANGUAGES

router = APIRouter(include_in_schema=False)
HANDLE = re.compile(r"[0-9a-f]{16}")
BROWSERS = (
    ("Edg", "Edge"),
    ("QQBrowser", "QQ Browser"),
    ("360", "360"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@router.get("/account")
async def own(request: Request) -> Response:
    """Everything about her own account."""
    return await _page(request)


@router.post("/account/language")
async def speak(request: Request) -> Response:
    """Her language, kept with the account and in this browser."""
    caller = await page_caller(request)
    locale = text(await typed(request), "locale")
    await database(request).act(caller, accounts.speak, locale)
    return remember_language(request, go(request, "/account"), locale)


@router.post("/account/email")
async def be_written_to(request: Request) -> Response:
    """Where her reminders are sent; empty: nowhere."""
    caller = await page_caller(request)
    try:
        await database(request).act(caller, accounts.be_written_to, text(await typed(request), "email").strip() or None)
    except Invalid as refusal:
        return await _page(request, refusal)
    return go(request, "/account?done=email")


@router.post("/account/password")
async def change_password(request: Request) -> Response:
    """A new password for the present one. Every session ends but this browser's, which gets a new one."""
    caller = replace(await page_caller(request), key=None)
    form = await typed(request)
    db, visit = database(request), visit_of(request)
    login, present = await db.read(caller, signing_in.own_credentials)
    try:
        if present is not None:
            await _is_hers(request, login, text(form, "present"), present)
        hashed = await passwords.hash_of(new_password(text(form, "password"), text(form, "again"), login))
    except (Invalid, TooMany, Busy) as refusal:
        return await _page(request, refusal)
    await db.act(caller, signing_in.with_new_password, hashed, visit)
    return open_session(request, go(request, "/account?done=password"), visit.token)


async def _is_hers(request: Request, login: str, password: str, hashed: str) -> None:
    db, address = database(request), address_of(request)
    await db.chore(partial(throttle.count, login=login, address=address))
    if not await passwords.matches(password, hashed):
        raise Invalid.one("/present", "wrong_password", "This is not your present password")
    await db.chore(partial(throttle.clear, login=login, address=address))


@router.post("/account/sessions/end")
async def end_sessions(request: Request) -> Response:
    """End one of her sessions (``handle``), or all but this one."""
    caller = await page_caller(request)
    db, token = database(request), session_token(request) or ""
    account = await db.read(caller, accounts.own)
    handle = text(await typed(request), "handle")
    if not handle:
        await db.chore(partial(sessions.end_others, account_id=account["id"], token=token))
    elif HANDLE.fullmatch(handle):
        await db.chore(partial(sessions.end_one, account_id=account["id"], handle=handle))
    else:
        raise NotFound
    return go(request, "/account?done=sessions")


async def _page(request: Request, refusal: Refusal | None = None) -> Response:
    caller = await page_caller(request)
    reader, found = await read(request, caller, _own, session_token(request))
    refused: Wrong = wrong(refusal, language_of(request)) if refusal else RIGHT
    response = render(
        request, reader, "accounts/own.html", status=refused.status, wrong=refused, languages=LANGUAGES,
        done=request.query_params.get("done", ""), **found,
    )  # fmt: skip
    response.headers.update(refused.headers)
    return response


def _own(desk: Desk, token: str | None) -> dict[str, Any]:
    account = accounts.own(desk)
    opened = sessions.own(desk.link, account["id"], token)
    return {
        "account": account,
        "zones": granting.zone_names(desk),
        "sessions": [s | {"device": device(s["agent"])} for s in opened],
    }


def device(agent: str | None) -> str:
    """``Edge · Windows`` from what a browser calls itself; empty when it says nothing we know."""
    said = agent or ""
    return " · ".join(n for n in (_first(said, BROWSERS), _first(said, SYSTEMS)) if n)


def _first(said: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in said), "")

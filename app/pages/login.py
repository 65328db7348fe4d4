"""Coming in and going out: sign-in by password, one-time links, sign-out."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response

from app.db import Caller
from app.errors import Busy, Invalid, NotFound, Problem, TooMany, Unauthenticated
from app.pages import back_address, database, go, language_of, render
from app.pages.door import close_session, open_session, page_caller, request_id, session_token
from app.pages.forms import RIGHT, Wrong, text, typed, wrong
from app.rules.passwords import problems
from app.services import links, passwords, sessions, signing_in
from app.services.links import Purpose
from app.services.signing_in import Visit

router = APIRouter(include_in_schema=False)
LONGEST_TOKEN = 200


def address_of(request: Request) -> str:
    """Where the request came from; behind a proxy on this machine the server has put its client here."""
    return request.client.host if request.client else "unknown"


def visit_of(request: Request) -> Visit:
    """A new session for this browser."""
    hours = database(request).settings.session_hours
    return Visit(signing_in.new_token(), hours, request.headers.get("user-agent"))


# ── by password ──────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/login")
async def ask(request: Request) -> Response:
    """The sign-in page; who is in already goes on."""
    to = back_address(request)
    if session_token(request):
        try:
            await database(request).read(await page_caller(request), lambda desk: None)
        except Unauthenticated:
            pass
        else:
            return go(request, to)
    return _page(request)


@router.post("/login")
async def sign_in(request: Request) -> Response:
    """Name and password for a session. Unknown name and wrong password get the same answer after the same time."""
    form = await typed(request)
    login = text(form, "login")
    visit = visit_of(request)
    try:
        locale = await _admitted(request, login, text(form, "password"), visit)
    except (Unauthenticated, TooMany, Busy) as refusal:
        return _page(request, login, wrong(refusal, language_of(request)))
    return open_session(request, go(request, back_address(request)), visit.token, locale)


async def _admitted(request: Request, login: str, password: str, visit: Visit) -> str | None:
    db, address = database(request), address_of(request)
    found = await db.chore(partial(signing_in.attempt, login=login, address=address))
    if not await passwords.matches(password, found[1] if found else None) or found is None:
        raise Unauthenticated(signing_in.WRONG, headers={})
    old = session_token(request)
    welcome = partial(signing_in.welcome, account_id=found[0], login=login, address=address, visit=visit, old=old)
    return await db.chore(welcome)


def _page(request: Request, login: str = "", refused: Wrong = RIGHT) -> Response:
    response = render(request, None, "accounts/login.html", status=refused.status, login=login, wrong=refused)
    response.headers.update(refused.headers)
    return response


# ── by a one-time link ───────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/enter/{token}")
async def look(request: Request) -> Response:
    """Whom the link is for, and one button. Nothing is spent by looking."""
    return await _link_page(request)


@router.post("/enter/{token}")
async def enter(request: Request) -> Response:
    """Spend the link: sign in, or set a password and sign in."""
    token = _token(request)
    found = await database(request).hot(partial(links.look, token=token))
    if found["purpose"] == Purpose.SET_PASSWORD:
        return await _set_password(request, token, found["login"])
    visit = visit_of(request)
    spend = partial(signing_in.by_sign_in_link, token=token, visit=visit, old=session_token(request))
    locale = await database(request).chore(spend)
    return open_session(request, go(request, "/"), visit.token, locale)


async def _set_password(request: Request, token: str, login: str) -> Response:
    form = await typed(request)
    try:
        password = new_password(text(form, "password"), text(form, "again"), login)
        hashed = await passwords.hash_of(password)
    except (Invalid, Busy) as refusal:
        return await _link_page(request, wrong(refusal, language_of(request)))
    visit = visit_of(request)
    caller = Caller(links.by_link(token), language_of(request), "page", request_id=request_id(request))
    answer = await database(request).act(caller, signing_in.with_new_password, hashed, visit, token)
    return open_session(request, go(request, "/"), visit.token, answer.value["locale"])


def new_password(password: str, again: str, login: str) -> str:
    """A password typed twice, judged; raises Invalid with everything that is wrong with it."""
    found = problems(password, login)
    if password != again:
        found.append(Problem("/again", "differs", "The two entries differ"))
    if found:
        raise Invalid("This password cannot be taken", problems=found)
    return password


async def _link_page(request: Request, refused: Wrong = RIGHT) -> Response:
    token = _token(request)
    found = await database(request).hot(partial(links.look, token=token))
    return render(
        request,
        None,
        "accounts/enter.html",
        status=refused.status,
        name=found["name"],
        login=found["login"],
        setting=found["purpose"] == Purpose.SET_PASSWORD,
        wrong=refused,
    )


def _token(request: Request) -> str:
    token: str = request.path_params["token"]
    if len(token) > LONGEST_TOKEN:
        raise NotFound(links.OVER, code="link_over")
    return token


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.post("/logout")
async def sign_out(request: Request) -> Response:
    """End this session, in the database and in the browser."""
    token = session_token(request)
    if token:
        await database(request).chore(partial(sessions.end, token=token))
    return close_session(request, go(request, "/login"))

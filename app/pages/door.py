"""The door of the pages: who clicks, in which language, with which key against doing it twice; and the session's cookie."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from app.db import Caller, Identify
from app.errors import BadRequest, Invalid, Unauthenticated
from app.logs import naming
from app.models.checking import poison
from app.pages import LANGUAGE_COOKIE, database, language_of
from app.pages.csrf import SAFE
from app.services import identity
from app.services.sightings import sightings
from app.words import LANGUAGES

KEY_FIELD = "idempotency_key"
KEY = re.compile(r"[\x21-\x7e]{1,200}")
REASON_LENGTH = 500
YEAR = 366 * 24 * 3600
CHUNK = 1024 * 1024


# ── the caller ───────────────────────────────────────────────────────────────────────────────────────────────────────
async def page_caller(request: Request) -> Caller:
    """The person at the browser. Nothing is looked up here: the session is read in the lane where the work is done.

    Raises Unauthenticated without a cookie; reading with the caller raises it when the session has ended.
    """
    token = session_token(request)
    if token is None:
        raise Unauthenticated("Please sign in", headers={})
    db = database(request)
    identify = sightings(db).session(identity.by_session(token), token, db.settings.session_hours)
    return await caller_by(request, identify)


async def caller_by(request: Request, identify: Identify) -> Caller:
    """Whoever ``identify`` recognises, with what she brought: language, and of a form the reason and its key."""
    made = Caller(naming(request.scope, identify), language_of(request), "page", request_id=request_id(request))
    if request.method in SAFE:
        return made
    return replace(made, **await _written(request))


async def _written(request: Request) -> dict[str, Any]:
    """What a writing request brings beside its content: reason, idempotency key, and the fingerprint for it."""
    key = request.headers.get("idempotency-key")
    reason = None
    if _is_form(request):
        form = await request.form()
        # FastAPI closes the uploaded files of a form that it has read itself; this one we read, and close in the same place.
        request.scope["fastapi_middleware_astack"].push_async_callback(form.close)
        key = key or _text(form.get(KEY_FIELD))
        reason = _reason(_text(form.get("reason")))
    if key is not None and not KEY.fullmatch(key):
        raise BadRequest("An Idempotency-Key is 1 to 200 visible ASCII characters", code="bad_idempotency_key")
    return {"key": key, "fingerprint": await fingerprint(request) if key else "", "reason": reason}


async def fingerprint(request: Request) -> str:
    """A digest of what was asked. Passwords are left out: a digest of one would be a hash that is quick to guess."""
    made = sha256(f"{request.method} {request.url.path}?{request.url.query}\0".encode())
    if not _is_form(request):
        made.update(await request.body())
        return made.hexdigest()
    for name, value in (await request.form()).multi_items():
        if name == KEY_FIELD or "password" in name:
            continue
        made.update(name.encode("utf-8", "replace") + b"\0")
        made.update(
            await _content(value) if isinstance(value, UploadFile) else value.encode("utf-8", "replace") + b"\0"
        )
    return made.hexdigest()


async def _content(file: UploadFile) -> bytes:
    made = sha256((file.filename or "").encode("utf-8", "replace"))
    while chunk := await file.read(CHUNK):
        made.update(chunk)
    await file.seek(0)
    return made.digest()


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("application/x-www-form-urlencoded", "multipart/form-data")


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _reason(text: str | None) -> str | None:
    if text is None:
        return None
    problems = list(poison(text, "/reason"))
    if problems:
        raise Invalid(problems=problems)
    if len(text) > REASON_LENGTH:
        raise Invalid.one("/reason", "too_long", "At most {most} characters", most=REASON_LENGTH)
    return text


def request_id(request: Request) -> str | None:
    """The number of this request, as it stands in the log."""
    found: str | None = request.scope.get("state", {}).get("request_id")
    return found


# ── the cookie ───────────────────────────────────────────────────────────────────────────────────────────────────────
def over_https(request: Request) -> bool:
    """Does the browser speak https, with us or with a proxy in front of us?"""
    return request.url.scheme == "https" or database(request).settings.public_url.startswith("https://")


def cookie_name(request: Request) -> str:
    """Over https the prefix ``__Host-`` binds the cookie to this host. On plain http no browser would take it."""
    return "__Host-sanzhang" if over_https(request) else "sanzhang"


def session_token(request: Request) -> str | None:
    """The session's token, only from the cookie that this way of speaking uses."""
    return request.cookies.get(cookie_name(request)) or None


def open_session(request: Request, response: Response, token: str, locale: str | None = None) -> Response:
    """Hand the session to the browser, until it closes or the session ends; and the language of the account."""
    secure = over_https(request)
    response.set_cookie(cookie_name(request), token, path="/", httponly=True, samesite="lax", secure=secure)
    return remember_language(request, response, locale) if locale else response


def close_session(request: Request, response: Response) -> Response:
    """Take the cookie away."""
    secure = over_https(request)
    response.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="lax", secure=secure)
    return response


def remember_language(request: Request, response: Response, locale: str) -> Response:
    """This browser speaks ``locale`` from now on."""
    if locale in LANGUAGES:
        secure = over_https(request)
        response.set_cookie(LANGUAGE_COOKIE, locale, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
    return response

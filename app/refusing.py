"""Whatever is raised while answering: one refusal, and the renderer of the face it was asked through."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Broken, WrongMethod, problem
from app.errors import BadRequest, NotFound, Refusal, TooLarge
from app.pages.errors import answered, page_of

log = logging.getLogger("sanzhang.refusing")


def install(app: FastAPI) -> None:
    """Let every refusal, and what the framework itself refuses, be said by the face it was asked through."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _refused_by_framework)


def say(request: Request, refusal: Refusal) -> Response:
    """A refusal in the words of the face it was asked through, without looking up who reads it."""
    return problem(request, refusal) if _for_programs(request) else page_of(request, refusal)


def _for_programs(request: Request) -> bool:
    """Does a program ask? People read everything but the API, the health checks and the static files."""
    path = request.url.path
    return path.startswith(("/api/", "/healthz", "/readyz", "/static/")) and path != "/api/docs"


async def _refused(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, Refusal) else Broken()
    return problem(request, refusal) if _for_programs(request) else await answered(request, refusal)


async def _refused_by_framework(request: Request, error: Exception) -> Response:
    """404 and 405 come from the router, 400 from its reader of forms."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return await _refused(request, NotFound())
    if status == 405:
        return await _refused(request, WrongMethod(headers={"Allow": ", ".join(allowed(request))}))
    made = BadRequest()
    made.status = status
    return await _refused(request, made)


def allowed(request: Request) -> list[str]:
    """Every method this address takes, over all of its routes."""
    found: set[str] = set()
    for route in request.app.routes:
        match, _ = route.matches(request.scope)
        if match != Match.NONE:
            found |= set(getattr(route, "methods", None) or ())
    return sorted(found)


class BodyLimit:
    """No body is longer than ``most`` bytes, at whatever address. The refusal comes from reading it, so it has its face."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        size = 0

        async def count() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.most:
                raise TooLarge
            return message

        await self.app(scope, count, send)


class LastResort:
    """What nobody foresaw is logged under the request's number and answered with 500; nothing of it is told."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except ClientDisconnect:
            # nobody is there to be told, and nothing of ours went wrong; the line of the request says 400
            if not started:
                await say(Request(scope), BadRequest())(scope, receive, send)
        except Exception:
            request = Request(scope, receive)
            state: dict[str, Any] = scope.get("state", {})
            log.exception("unforeseen", extra={"request_id": state.get("request_id"), "path": scope["path"]})
            if started:
                raise
            await _last_words(request)(scope, receive, send)


def _last_words(request: Request) -> Response:
    """The refusal of what nobody foresaw; in plain words when even its page cannot be made."""
    try:
        return say(request, Broken())
    except Exception:
        log.exception("the page of a refusal cannot be made")
        return Response(Broken.title, Broken.status, {"Cache-Control": "no-store"}, "text/plain")

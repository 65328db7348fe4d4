"""Refusals for people: the same status and the same sentences as the API, as a page or as a piece of one."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.errors import Refusal
from app.pages import UNKEPT, language_of, read, render, wants_fragment
from app.pages.door import page_caller, request_id
from app.services.frames import Frame
from app.words import say, sentence_of

TEMPLATE = "errors/problem.html"


async def answered(request: Request, refusal: Refusal) -> Response:
    """A refusal as a page in the reader's own frame, or as the piece that htmx asked for."""
    reader = None if refusal.status == 401 or wants_fragment(request) else await reader_of(request)
    return page_of(request, refusal, reader)


def page_of(request: Request, refusal: Refusal, reader: Frame | None = None) -> Response:
    """A refusal as a page. Who is not signed in goes to the sign-in page and comes back from there."""
    if refusal.status == 401:
        return _to_sign_in(request, refusal)
    language = reader.language if reader else language_of(request)
    made: HTMLResponse = render(
        request,
        reader,
        TEMPLATE,
        "problem" if wants_fragment(request) else None,
        refusal.status,
        number=refusal.status,
        fragment=wants_fragment(request),
        title=say(refusal.title, language),
        detail=sentence_of(refusal, language),
        problems=[sentence_of(p, language) for p in refusal.problems],
        request_id=request_id(request),
    )
    made.headers.update({n: v for n, v in refusal.headers.items() if n != "WWW-Authenticate"})
    return made


def _to_sign_in(request: Request, refusal: Refusal) -> Response:
    """A page asked for is remembered; a form that was sent cannot be sent again, so she comes back to the start."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "") if request.method == "GET" else ""
    address = "/login" + (f"?next={quote(back)}" if back not in ("", "/") and not wants_fragment(request) else "")
    if request.headers.get("hx-request") == "true":
        return Response("", refusal.status, {**UNKEPT, "HX-Redirect": address})
    return RedirectResponse(address, 303, UNKEPT)


async def reader_of(request: Request) -> Frame | None:
    """The reader, if she can be told; a refusal is shown without her name rather than not at all."""
    try:
        frame, _ = await read(request, await page_caller(request), lambda desk: None)
    except Exception:  # whatever is wrong with her session or the register: she is being told something already
        return None
    return frame

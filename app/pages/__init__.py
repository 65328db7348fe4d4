"""The HTML face. A page parses, calls one service, and renders; this file is the only one that knows what htmx sends.

A page is a template; a fragment is a block of it. A plain browser gets the page or a 303, htmx the block that the page
chose for it: the client never names a block.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from jinja2_fragments import render_block
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.db import Caller, Database
from app.pages.environment import LANGUAGE, templates
from app.services.frames import Frame, frame
from app.words import LANGUAGES, Word, negotiate

LANGUAGE_COOKIE = "sanzhang_language"
UNKEPT = {"Cache-Control": "no-store", "Vary": "HX-Request, Accept-Language, Cookie"}


def database(request: Request) -> Database:
    """The register this process serves."""
    db: Database = request.app.state.db
    return db


def language_of(request: Request) -> str:
    """What she chose, else what her browser asks for, else the setting."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    default: str = database(request).settings.locale
    header = request.headers.get("accept-language")
    return negotiate(header, default) if header else default


def wants_fragment(request: Request) -> bool:
    """Did our own script ask for a part of the page? A click that replaces the whole page, or going back, wants all."""
    sent = request.headers
    return sent.get("hx-request") == "true" and "hx-boosted" not in sent and "hx-history-restore-request" not in sent


async def read(
    request: Request, caller: Caller, service: Callable[..., Any], *args: Any, slow: bool = False, **kw: Any
) -> tuple[Frame, Any]:
    """The reader's frame and what ``service(desk, …)`` answers, in one read of the register."""
    found: tuple[Frame, Any] = await database(request).read(
        caller, lambda desk: (frame(desk), service(desk, *args, **kw)), slow=slow
    )
    request.app.state.band.shown = found[0].demo
    return found


def render(
    request: Request,
    reader: Frame | None,
    template: str,
    block: str | None = None,
    status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """The page, or one block of it. ``reader`` is None where nobody has signed in."""
    language = reader.language if reader else language_of(request)
    token = LANGUAGE.set(language)
    path, shown = request.url.path, menu(request, reader)
    demo = reader.demo if reader else request.app.state.band.shown
    context |= {
        "request": request,
        "reader": reader,
        "path": path,
        "menu": shown,
        "standing": here(path, shown),
        "demo": demo,
    }
    try:
        if block:
            html = render_block(templates, template, block, **context)
        else:
            html = templates.get_template(template).render(**context)
    finally:
        LANGUAGE.reset(token)
    return HTMLResponse(html, status, headers={**UNKEPT, "Content-Language": language.replace("_", "-")})


def piece(html: str, status: int = 200) -> HTMLResponse:
    """Finished HTML that our own script puts in its place."""
    return HTMLResponse(html, status, headers=UNKEPT)


def go(request: Request, address: str) -> Response:
    """On to another page after something was done: a 303, and for htmx the same in its own words."""
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers={**UNKEPT, "HX-Redirect": address})
    return RedirectResponse(address, 303, headers=UNKEPT)


def event(response: Response, name: str) -> Response:
    """Tell the page under the fragment that something happened (``HX-Trigger``)."""
    response.headers["HX-Trigger"] = name
    return response


def back_address(request: Request, default: str = "/") -> str:
    """The page she came from, if it is one of ours; never an address on another host."""
    sent = request.query_params.get("next") or default
    safe = sent.startswith("/") and not sent.startswith(("//", "/\\")) and sent.isprintable()
    return quote(sent, safe="/?&=%,-_.~:+") if safe else default


LEDGERS = "/ledgers/in_construction"
MENU: tuple[tuple[str, str, str | None], ...] = (
    ("/overview", Word("Overview"), None),
    (LEDGERS, Word("Ledgers"), None),
    ("/leads", Word("Investment promotion"), "lead.read"),
    ("/months", Word("Months"), None),
    ("/my", Word("My projects"), None),
    ("/powers", Word("Powers"), None),
    ("/imports", Word("Imports"), "import.run"),
    ("/zones", Word("Zones"), None),
    ("/lists", Word("Lists"), None),
    ("/people", Word("People"), None),
    ("/duplicates", Word("Duplicates"), "verdict.read"),
    ("/history", Word("History"), "history.read"),
    ("/admin", Word("Administration"), "account.read"),
    ("/admin/forms", Word("Forms"), "form.amend"),
    ("/admin/industries", Word("Industries"), "setting.amend"),
    ("/admin/calendar", Word("Calendar and rules"), "setting.amend"),
)
"""Address, msgid, and the act without which it is not shown."""


Menu = tuple[tuple[str, str], ...]
"""Address and msgid of each entry."""

BESIDE_CALENDAR = ("/admin/lights", "/admin/reminders", "/admin/lead-", "/admin/chains", "/admin/gates")
"""The other settings of the city, under one entry of the menu."""


def menu(request: Request, reader: Frame | None) -> Menu:
    """What the menu shows her: pages that exist and that she may open."""
    if reader is None:
        return ()
    shown = [(to, title) for to, title, act in MENU if _exists(request, to) and (act is None or reader.may(act))]
    # who has the administration finds what lies inside it there
    return tuple((to, title) for to, title in shown if not any(to.startswith(f"{other}/") for other, _ in shown))


def here(path: str, shown: Menu) -> str:
    """The entry of the menu under which a page stands; empty for none."""
    if "/ledgers/" in path:
        return LEDGERS
    if path.endswith("/target-enterprises"):
        return "/leads"
    if path.startswith("/zones/") and "/powers" in path:
        return "/powers"
    if "/months/" in path or "/years/" in path:
        return "/months"
    if path.startswith(("/funnel", "/targets", "/enterprises")) or "/targets/" in path:
        return "/leads"
    if path.startswith("/coverage"):  # of all zones
        return "/powers"
    if path.startswith(BESIDE_CALENDAR):
        path = "/admin/calendar"
    return next((to for to, _ in shown if path == to or path.startswith(f"{to}/")), "")


def _exists(request: Request, address: str) -> bool:
    known: dict[str, bool] = request.app.state.__dict__.setdefault("_menu", {})
    if address not in known:
        scope = {"type": "http", "method": "GET", "path": address, "root_path": "", "headers": []}
        known[address] = any(route.matches(scope)[0].value == 2 for route in request.app.router.routes)
    return known[address]

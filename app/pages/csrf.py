"""Forms are taken from our own pages only.

``Sec-Fetch-Site`` decides where the browser sends it (https and loopback). On plain http inside an intranet it does not
exist; there ``Origin``, which browsers send with every POST, must name the host that was asked. Neither: refused.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import Forbidden, Refusal

SAFE = ("GET", "HEAD", "OPTIONS")
DEFAULT_PORTS = {"http": 80, "https": 443}
log = logging.getLogger("sanzhang.csrf")


class SameOrigin:
    """Refuses with 403 what another site sends to a page. The API takes keys and no cookies, so it needs none of this."""

    def __init__(self, app: ASGIApp, refuse: Callable[[Request, Refusal], Response], public_url: str = "") -> None:
        self.app = app
        self.refuse = refuse
        self.public_host = host_of(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exempt = scope["type"] != "http" or scope["method"] in SAFE or scope["path"].startswith("/api/")
        if exempt or from_ourselves(Headers(scope=scope), scope["scheme"], self.public_host):
            await self.app(scope, receive, send)
            return
        log.warning("a form from another site was refused", extra={"path": scope["path"][:200]})
        refusal = Forbidden("This form did not come from a page of this site; open the page again", code="foreign_form")
        await self.refuse(Request(scope, receive), refusal)(scope, receive, send)


def from_ourselves(headers: Headers, scheme: str, public_host: str | None = None) -> bool:
    """Did one of our own pages, or the person herself, send this?"""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = host_of(headers.get("origin", ""))
    # A proxy may end https in front of us, so the host decides and not the scheme.
    return origin is not None and origin in (_host(headers.get("host", ""), scheme), public_host)


def host_of(address: str) -> str | None:
    """Host and port of an origin, the port left out when it is the usual one; None for ``null`` and nonsense."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            return None
        return parts.hostname if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f"{parts.hostname}:{parts.port}"
    except ValueError:
        return None


def _host(header: str, scheme: str) -> str | None:
    return host_of(f"{scheme}://{header}") if header and not set(header) & set("/@?#\\") else None

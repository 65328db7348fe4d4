"""Where this site is found, for addresses that are handed on: links, and the codes on paper."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def own_address(request: Request) -> str:
    """The public URL; while that still names this machine only, the address by which the caller came, port and all."""
    public: str = request.app.state.db.settings.public_url.rstrip("/")
    if urlsplit(public).hostname in LOOPBACK:
        return f"{request.url.scheme}://{request.url.netloc}"
    return public

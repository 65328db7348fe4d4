"""What every answer carries so that a browser trusts it no further than it must.

The policy allows no inline script and no inline style: behaviour lives in our modules, which listen for ``data-…``.
"""

from __future__ import annotations

import logging
import re
import time
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import SECRET_PATH

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "report-uri /csp-report",
        "report-to csp",
    )
)
SAID = {
    "Content-Security-Policy": POLICY,
    "Reporting-Endpoints": 'csp="/csp-report"',
    "X-Content-Type-Options": "nosniff",
    # not "no-referrer": under it a browser sends "Origin: null" with a form, and plain http has nothing else to go by
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ALWAYS = [(name.lower().encode(), value.encode()) for name, value in SAID.items()]
"""As they go over the wire: every answer has them, so they are made once."""
ONE_YEAR = 365 * 24 * 3600
HTTPS_ONLY = (b"strict-transport-security", f"max-age={ONE_YEAR}".encode())
HASHED = re.compile(r"^/static/[0-9a-f]{8,64}/")
REPORT_PATH = "/csp-report"
REPORT_BYTES = 8192
REPORTS_A_MINUTE = 30
KEPT = {
    "document-uri": "document", "documentURL": "document", "violated-directive": "directive",
    "effective-directive": "directive", "effectiveDirective": "directive", "blocked-uri": "blocked",
    "blockedURL": "blocked", "source-file": "source", "sourceFile": "source", "line-number": "line", "lineNumber": "line",
}  # fmt: skip
log = logging.getLogger("sanzhang.csp")


class SecurityHeaders:
    """Adds the headers to every answer, says how long it may be kept, and takes the browsers' reports."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self.app = app
        self.https = https
        """The public URL is https: a proxy in front of us may not say so."""
        self._minute = (0, 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                there = {name for name, _ in headers}
                headers.extend(header for header in ALWAYS if header[0] not in there)
                if b"cache-control" not in there:
                    headers.append((b"cache-control", cache_control(scope["path"], message["status"]).encode()))
                if self.https or scope["scheme"] == "https":
                    headers.append(HTTPS_ONLY)
            await send(message)

        if scope["path"] == REPORT_PATH and scope["method"] == "POST":
            await self._report(receive, answer)
        else:
            await self.app(scope, receive, answer)

    async def _report(self, receive: Receive, send: Send) -> None:
        """Log a report: the first 8 KiB, known fields only, and no more than a few a minute, for anybody may send one."""
        body, more = b"", True
        while more and len(body) <= REPORT_BYTES:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        minute = int(time.monotonic() // 60)
        count = self._minute[1] if self._minute[0] == minute else 0
        self._minute = (minute, count + 1)
        status = 413 if len(body) > REPORT_BYTES else 204
        if status == 204 and count < REPORTS_A_MINUTE:
            for found in read_reports(body):
                log.warning("a page broke the content security policy", extra=found)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def cache_control(path: str, status: int) -> str:
    """How long an answer may be kept: hashed files for ever, the API's after asking again, pages never."""
    if path.startswith("/static/"):
        return f"public, max-age={ONE_YEAR}, immutable" if HASHED.match(path) and status < 400 else "no-cache"
    return "private, no-cache" if path.startswith("/api/") and status < 400 else "no-store"


def read_reports(body: bytes) -> list[dict[str, Any]]:
    """What the reports of either format say, in a few plain fields; addresses without query and tokens. Never raises."""
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    entries = sent if isinstance(sent, list) else [sent]
    bodies = [e.get("csp-report") or e.get("body") for e in entries[:10] if isinstance(e, dict)]
    return [_told(b) for b in bodies if isinstance(b, dict)]


def _told(report: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, short in KEPT.items():
        value = report.get(name)
        if isinstance(value, str):
            told[short] = _address(value) if short in ("document", "blocked", "source") else value[:100]
        elif isinstance(value, int):
            told[short] = value
    return told


def _address(value: str) -> str:
    try:
        parts = urlsplit(value[:500])
    except ValueError:
        return "unreadable"
    host = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return host + SECRET_PATH.sub(r"\1{token}", parts.path)

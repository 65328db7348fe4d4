"""Log lines as JSON, one an event, each with the request's number. No line holds a secret: addresses are logged by their
route (``/enter/{token}``), never with their query, and no header or body at all.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from itertools import count
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import clock

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The number of the request under way, for every log line of its task."""
GOOD_ID = re.compile(r"[0-9A-Za-z._:-]{1,64}")
SECRET_PATH = re.compile(r"^(/enter/|/r/|/leads/steps/)[^/]+")
PROCESS, NUMBERS = secrets.token_hex(4), count(1)
"""A request is numbered by its process and its turn: asking the system for chance each time costs more than the line."""
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
access = logging.getLogger("sanzhang.access")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; what was given as ``extra`` stands beside it."""

    def format(self, record: logging.LogRecord) -> str:
        said = {k: v for k, v in vars(record).items() if k not in STANDARD}
        if record.exc_info:
            said["error"] = "".join(traceback.format_exception(*record.exc_info))
        return line(record.levelname.lower(), record.name, record.getMessage(), said)


def line(level: str, logger: str, message: str, said: dict[str, Any]) -> str:
    """One event as a line of JSON, under the number of the request it belongs to."""
    made = {"at": clock.moment(), "level": level, "logger": logger, "message": message}
    if (number := request_id.get()) is not None:
        made["request_id"] = number
    return orjson.dumps(made | said, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def configure(level: str = "info") -> None:
    """Send every log line to standard error as JSON, from ``level`` (debug, info, warning, error) on."""
    # No line says thread, process or place in the code, so nobody need look them up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"  # ours says more and hides what must be hidden
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log every address whole


class RequestLog:
    """Outermost layer: numbers every request, echoes the number, and writes one line when the answer is sent.

    An ``X-Request-Id`` that is sent is kept if it is 1 to 64 letters, digits or ``._:-``. Faces find the number in
    ``scope["state"]["request_id"]`` and leave the actor as ``scope["state"]["actor"]`` (``account:5``).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = Headers(scope=scope).get("x-request-id", "")
        number = sent if GOOD_ID.fullmatch(sent) else f"{PROCESS}-{next(NUMBERS)}"
        scope.setdefault("state", {})["request_id"] = number
        request_id.set(number)
        began, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", number.encode()))
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            self._line(scope, status, time.perf_counter() - began)

    def _line(self, scope: Scope, status: int, seconds: float) -> None:
        """Written straight: a record of ``logging`` would cost three times the line, with every request."""
        if not access.isEnabledFor(logging.INFO):
            return
        said = {
            "method": scope["method"],
            "path": said_path(scope),
            "status": status,
            "ms": round(seconds * 1000, 1),
            "actor": scope["state"].get("actor"),
        }
        sys.stderr.write(line("info", access.name, "request", said) + "\n")


def naming(scope: Scope, identify: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``identify`` (connection → actor), which also leaves the actor for the line of this request."""
    state = scope.setdefault("state", {})

    def named(link: Any) -> Any:
        actor = identify(link)
        state["actor"] = f"{actor.kind}:{actor.id}"
        return actor

    return named


def said_path(scope: Scope) -> str:
    """The path as a log may hold it: without query, and without the token of a one-time link."""
    return SECRET_PATH.sub(r"\1{token}", scope["path"][:500])

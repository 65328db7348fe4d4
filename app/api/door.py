"""The API's door: who calls, in which language, with which reason, key and moment. Made once a request."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from app import clock
from app.api.body import checked_reason, fingerprint
from app.db import Caller, Database
from app.desk import Actor
from app.engine import Link, Sql
from app.errors import BadRequest, NotFound, Problem, Unauthenticated, VersionNeeded
from app.logs import naming
from app.models.base import FOREVER
from app.models.types import Day
from app.services import identity, months_asked
from app.services.sightings import sightings
from app.words import negotiate

LAST_ACT = Sql("SELECT seq FROM act WHERE at <= :at ORDER BY at DESC, seq DESC LIMIT 1")
KEY = re.compile(r"[\x21-\x7e]{1,200}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MONTH = r"(19[5-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])"
MONTH_STATE = "Month-State"
DAYS = TypeAdapter(Day)
TRUE = {"true": True, "false": False}


def database(request: Request) -> Database:
    """The register this process serves."""
    db: Database = request.app.state.db
    return db


def language(request: Request) -> str:
    """The language of sentences in the answer: ``Accept-Language``, else the setting."""
    default: str = request.app.state.db.settings.locale
    header = request.headers.get("accept-language")
    return negotiate(header, default) if header else default


def request_id(request: Request) -> str | None:
    """The number of this request, as it stands in the log and in every problem."""
    found: str | None = request.scope.get("state", {}).get("request_id")
    return found


def bearer(request: Request) -> str:
    """The API key that was sent. Raises ``Unauthenticated`` when there is none."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Unauthenticated("Send an API key: Authorization: Bearer <key>")
    return key.strip()


def identifies(request: Request) -> Callable[[Link], Actor]:
    """How to find the actor behind the key that was sent."""
    return naming(request.scope, sightings(database(request)).key(identity.by_key(bearer(request))))


def caller(request: Request, *, reason: str | None = None, content: Any = None, as_of: int | None = None) -> Caller:
    """Everything an act or a read needs to know of this request. ``content`` is the body, for the idempotency key."""
    key = idempotency_key(request) if request.method == "POST" else None
    reads = request.method in ("GET", "HEAD")
    return Caller(
        identify=identifies(request),
        language=language(request),
        door="api",
        reason=None if reads else reason or reason_in_header(request),
        request_id=request_id(request),
        key=key,
        fingerprint=fingerprint(request, content) if key else "",
        rehearse=flag(request, "validate_only"),
        as_of=as_of,
    )


def idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not KEY.fullmatch(key):
        raise BadRequest("An Idempotency-Key is 1 to 200 visible ASCII characters", code="bad_idempotency_key")
    return key


def reason_in_header(request: Request) -> str | None:
    """``X-Reason``, for requests without a body: UTF-8, percent-encoded or as it is."""
    sent = request.headers.get("x-reason")
    if sent is None:
        return None
    try:
        text = unquote(sent.encode("latin-1").decode("utf-8"), errors="strict")
    except UnicodeError as error:
        raise BadRequest("X-Reason is not UTF-8", code="bad_header") from error
    return checked_reason(text, "/reason")


def bad_parameter(name: str, msgid: str, **values: Any) -> BadRequest:
    """The refusal of one parameter of the address."""
    problem = Problem(f"/{name}", "bad_parameter", msgid, values)
    return BadRequest("A parameter of the address cannot be read", code="bad_parameter", problems=[problem])


def flag(request: Request, name: str) -> bool:
    """A parameter that is ``true`` or ``false``; left out is false."""
    sent = request.query_params.get(name, "false")
    if sent not in TRUE:
        raise bad_parameter(name, "Write true or false")
    return TRUE[sent]


def exact_count(request: Request) -> bool:
    """Is the number of all items asked for?"""
    sent = request.query_params.get("count")
    if sent not in (None, "exact"):
        raise bad_parameter("count", "Choose one of: {choices}", choices="exact")
    return sent is not None


def number(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A whole number in the address, between ``least`` and ``most``."""
    sent = request.query_params.get(name)
    if sent is None:
        return default
    if not re.fullmatch(r"\d{1,19}", sent) or not least <= int(sent) <= most:
        raise bad_parameter(name, "A whole number from {least} to {most}", least=least, most=most)
    return int(sent)


def day(request: Request, name: str) -> str | None:
    """A day in the address."""
    sent = request.query_params.get(name)
    try:
        return None if sent is None else DAYS.validate_python(sent)
    except ValidationError as error:
        raise bad_parameter(name, "Write the day as 2026-06-30") from error


def path_id(request: Request, name: str = "id") -> int:
    """An id in the path. What cannot be one is simply not there."""
    sent = request.path_params[name]
    if not re.fullmatch(r"[1-9]\d{0,18}", sent) or int(sent) > FOREVER:
        raise NotFound
    return int(sent)


def path_month(request: Request, name: str = "month") -> str:
    """A month in the path, ``2026-06``. What cannot be one is simply not there."""
    sent: str = request.path_params[name]
    if not re.fullmatch(MONTH, sent):
        raise NotFound
    return sent


def path_year(request: Request, name: str = "year") -> int:
    """A year in the path. What cannot be one is simply not there."""
    sent: str = request.path_params[name]
    if not re.fullmatch(r"19[5-9]\d|2[01]\d\d", sent):
        raise NotFound
    return int(sent)


def path_text(request: Request, name: str) -> str:
    """A code in the path. What no code can be is simply not there."""
    sent: str = request.path_params[name]
    if not 0 < len(sent) <= 120 or not sent.isprintable():
        raise NotFound
    return sent


def version_sent(request: Request) -> int | None:
    """The version in ``If-Match``; None for ``*``. A tag that was never ours matches nothing: version 0.

    Raises ``VersionNeeded`` (428) when the header is missing.
    """
    sent = request.headers.get("if-match")
    if sent is None:
        raise VersionNeeded
    if sent.strip() == "*":
        return None
    found = re.fullmatch(r'\s*(?:W/)?"([^"]{0,200})"\s*', sent)
    if found is None:
        raise BadRequest('If-Match takes one version in quotes, such as "42"', code="bad_header")
    return int(found[1]) if re.fullmatch(r"\d{1,18}", found[1]) else 0


async def moment(request: Request) -> int | None:
    """The act as of which is read: the last one up to ``as_of``, the lock of a locked ``month``. None: now.

    Raises 400 for the future, and for a month that cannot be answered exactly.
    """
    sent = request.query_params.get("as_of")
    at = None if sent is None else _moment(sent)
    seq = None if at is None else await database(request).hot(lambda link: last_act(link, at))
    month = request.query_params.get("month")
    if month is None:
        return seq
    if not re.fullmatch(MONTH, month):
        raise bad_parameter("month", "Write the month as 2026-06")
    asked = await database(request).read(caller(request), months_asked.at, month, seq)
    request.state.month_state = asked.state
    return asked.seq


def last_act(link: Link, at: str) -> int:
    """The number of the last act up to the moment ``at``; 0 when there was none."""
    found: int | None = link.value(LAST_ACT, {"at": at})
    return found or 0


def _moment(sent: str) -> str | None:
    """A day (its end, where the register lives) or a moment with offset, in UTC; None for today, which is now."""
    today, now = clock.today(), clock.moment()
    try:
        if DAY.fullmatch(sent):
            at = clock.end_of_day(sent)
            if sent == today:
                return None
        else:
            parsed = datetime.fromisoformat(sent)
            if parsed.tzinfo is None:
                raise ValueError
            at = clock.moment(parsed)
    except (ValueError, OverflowError) as error:
        raise bad_parameter(
            "as_of", "Write a day as 2026-06-30, or a moment with its offset as 2026-06-30T08:00:00+08:00"
        ) from error
    if at > now:
        raise bad_parameter("as_of", "Nobody knows the future: this lies after now")
    return at

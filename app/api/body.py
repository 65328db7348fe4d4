"""A JSON body read strictly: what two parsers could read differently is refused before anything looks at it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, NoReturn

from starlette.requests import Request

from app.errors import BadRequest, Invalid, Problem, Refusal, TooLarge
from app.models.checking import poison, token
from app.words import Word

LARGEST = 8 * 1024 * 1024
MEDIA_TYPES = ("application/json", "application/merge-patch+json", "")


class NotJson(Refusal):
    """A body of a kind that this address does not read."""

    status, code, title = 415, "unsupported_media_type", Word("Send the body as application/json")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadRequest("The field {name} is given twice", code="duplicate_field", name=token(twice))
    return made


def _not_json(constant: str) -> NoReturn:
    raise BadRequest("The body is not JSON: {said}", code="broken_json", said=constant)


def parse(raw: bytes) -> Any:
    """The value of JSON text. Raises ``BadRequest`` for broken text, NaN, Infinity and fields given twice."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_not_json)
    except json.JSONDecodeError as error:
        raise BadRequest(
            "The body is not JSON: it breaks off at line {line}, column {column}",
            code="broken_json",
            line=error.lineno,
            column=error.colno,
        ) from error
    except UnicodeDecodeError as error:
        raise BadRequest("The body is not UTF-8", code="broken_json") from error
    except (ValueError, RecursionError) as error:  # thousands of digits, thousands of brackets
        raise BadRequest("The body is longer or deeper than any number or list may be", code="broken_json") from error


async def read_all(request: Request) -> bytes:
    """The body, up to ``LARGEST`` bytes; what is longer is refused before it is in memory."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST:
            raise TooLarge("A JSON body may have at most {most} MiB", most=LARGEST // 2**20)
        chunks.append(chunk)
    return b"".join(chunks)


async def read_json(request: Request) -> dict[str, Any]:
    """The body's fields. Raises 400 for what is no JSON, 415 for another kind of body, 422 for anything but one object."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in MEDIA_TYPES:
        raise NotJson
    value = parse(await read_all(request))
    if not isinstance(value, dict):
        raise Invalid.one("", "wrong_type", "A group of fields is expected")
    return value


def take_reason(body: dict[str, Any]) -> str | None:
    """Take the reason out of a body: any write may carry one."""
    reason = body.pop("reason", None)
    return None if reason is None else checked_reason(reason, "/reason")


def checked_reason(reason: Any, pointer: str) -> str | None:
    """A reason as history may keep it. Blank is none."""
    if not isinstance(reason, str):
        raise Invalid.one(pointer, "wrong_type", "Text is expected")
    problems = list(poison(reason, pointer))
    if len(reason) > 500:
        problems.append(Problem(pointer, "too_long", "At most {most} characters", {"most": 500}))
    if problems:
        raise Invalid(problems=problems)
    return reason.replace("\r\n", "\n").strip() or None


def fingerprint(request: Request, content: Any) -> str:
    """What makes two requests the same: method, address, and the content in one order. A file stands by its digest."""
    query = sorted(request.query_params.multi_items())
    said = json.dumps([request.method, request.url.path, query, content], sort_keys=True)
    return sha256(said.encode()).hexdigest()

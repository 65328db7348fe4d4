"""Refusals as ``application/problem+json`` (RFC 9457): one shape for everything that is not answered with 2xx or 304."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api.door import language, request_id
from app.errors import Refusal
from app.words import Word, say, sentence_of

MEDIA_TYPE = "application/problem+json"


class WrongMethod(Refusal):
    """The address exists; this method does not."""

    status, code, title = 405, "method_not_allowed", Word("This address does not take that method")


class Broken(Refusal):
    """Something we did not foresee. The log holds what happened, under the request's number."""

    status, code, title = 500, "internal", Word("Something went wrong here; it has been logged")


def body_of(request: Request, refusal: Refusal) -> dict[str, Any]:
    """The members of the problem: the standard ones, ours, and whatever the refusal brings along."""
    said = language(request)
    return {
        **refusal.extra,
        "type": f"/api/docs#{refusal.code}",
        "title": say(refusal.title, said),
        "status": refusal.status,
        "code": refusal.code,
        "detail": sentence_of(refusal, said),
        "instance": request.url.path,
        "request_id": request_id(request),
        "errors": [{"pointer": p.pointer, "code": p.code, "detail": sentence_of(p, said)} for p in refusal.problems],
    }


def problem(request: Request, refusal: Refusal) -> Response:
    """The answer that tells of a refusal, in the reader's language."""
    headers = {**refusal.headers, "Cache-Control": "no-store", "Content-Language": language(request).replace("_", "-")}
    return Response(orjson.dumps(body_of(request, refusal)), refusal.status, headers, MEDIA_TYPE)

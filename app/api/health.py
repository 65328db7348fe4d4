"""Is the process alive, and may it be sent work? No key is needed, and nothing is told but that."""

from __future__ import annotations

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.schema import at_head

router = APIRouter(include_in_schema=False)


def _said(status: int, word: str) -> Response:
    return Response(orjson.dumps({"status": word}), status, {"Cache-Control": "no-store"}, "application/json")


@router.get("/healthz")
async def alive(request: Request) -> Response:
    """The process answers."""
    return _said(200, "alive")


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """The database can be reached and its schema is the one this program was written for."""
    try:
        current = await door.database(request).hot(at_head)
    except Exception:  # any reason why the database does not answer is the same answer: not ready
        return _said(503, "database unreachable")
    return _said(200, "ready") if current else _said(503, "schema not at head")

"""The API's document, to be read and tried in the browser. Everything comes from here: there is no internet in an office."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.pages import render

router = APIRouter(include_in_schema=False)


@router.get("/api/docs")
async def docs(request: Request) -> Response:
    """The viewer over the OpenAPI document; it tells nothing about the register, so nobody needs to sign in."""
    return render(request, None, "docs/api.html")

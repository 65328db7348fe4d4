"""The switch between Chinese and English, remembered by the browser."""

from __future__ import annotations

from fastapi import APIRouter, Form, Request, Response

from app.pages import back_address, go
from app.pages.door import remember_language

router = APIRouter(include_in_schema=False)


@router.post("/language")
async def choose(request: Request, language: str = Form()) -> Response:
    """Take this language from now on and go back to the page she was on."""
    return remember_language(request, go(request, back_address(request)), language)

"""Administration of API keys: a key is shown once, when it is made."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from app.errors import Conflict, Forbidden, Invalid, Refusal
from app.pages import database, go, language_of, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, path_id, text, texts, typed, wrong
from app.services import keys

router = APIRouter(include_in_schema=False)
BLANK: dict[str, Any] = {"name": "", "role": "key_read", "zones": [], "expires_on": None}


@router.get("/admin/keys")
async def list_(request: Request) -> Response:
    """Every key, with the form for a new one."""
    return await _page(request)


@router.post("/admin/keys")
async def create(request: Request) -> Response:
    """A new key, shown this once."""
    caller, form = await page_caller(request), await typed(request)
    facts = {n: text(form, n).strip() or None for n in ("name", "role", "expires_on")} | {"zones": texts(form, "zones")}
    token = keys.new_token()
    try:
        answer = await database(request).act(caller, keys.create, facts, token, status=201)
    except (Invalid, Forbidden, Conflict) as refusal:
        return await _page(request, facts, refusal)
    return await _page(request, made=answer.value, token=None if answer.replayed else token)


@router.post("/admin/keys/{id}/revoke")
async def revoke(request: Request) -> Response:
    """The key opens nothing any more."""
    await database(request).act(await page_caller(request), keys.revoke, path_id(request))
    return go(request, "/admin/keys")


async def _page(
    request: Request,
    said: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
    made: dict[str, Any] | None = None,
    token: str | None = None,
) -> Response:
    reader, found = await read(request, await page_caller(request), keys.page)
    refused = wrong(refusal, language_of(request)) if refusal else RIGHT
    return render(
        request, reader, "accounts/keys.html", status=201 if made else refused.status, wrong=refused,
        said=BLANK | (said or {}), made=made, token=token, **found,
    )  # fmt: skip

"""How long ahead the end of a delegation is told: one number, set where its effect is seen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.errors import Invalid
from app.pages import database, go
from app.pages.door import page_caller
from app.pages.forms import number, typed
from app.services import power_warning

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]


@router.post("/admin/delegations")
async def put(request: Request, caller: Who) -> Response:
    """Tell it earlier or later; then back to the matrix."""
    form = await typed(request)
    days = number(form, "warn_days")
    if days is None:
        raise Invalid.one("/warn_days", "wrong_type", "A whole number is expected")
    values = {"warn_days": days}
    await database(request).act(caller, power_warning.put, values, version=number(form, "version"))
    return go(request, "/powers")

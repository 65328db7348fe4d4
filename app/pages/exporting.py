"""The ledger that is on the screen as a workbook or as comma-separated text: her columns, filters and unit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from app.db import Caller
from app.desk import Desk
from app.pages import UNKEPT, database
from app.pages.door import page_caller
from app.pages.ledgers import IN_CITY, IN_ZONE, view_of
from app.pages.views import View
from app.services import exports, form_exports, preferences

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]


def made(desk: Desk, view: View, form: str, master: str | None = None) -> exports.Made:
    """The file of a view: with the columns that this reader has chosen, or in a master's form."""
    if master:
        return form_exports.file(desk, view.asked(), master)
    keys = preferences.read(desk, f"columns.{view.ledger.value}")
    return exports.file(desk, view.asked(), view.unit, form, columns=keys, by=view.by or "none")


@router.get(IN_ZONE + ".{form}")
@router.get(IN_CITY + ".{form}")
async def export(request: Request, form: str, caller: Who) -> Response:
    """The file, offered for saving; ``form`` is xlsx or csv."""
    master = request.query_params.get("form") if form == "xlsx" else None
    found = await database(request).read(caller, made, view_of(request), form, master, slow=True)
    gone = BackgroundTask(found.path.unlink, missing_ok=True)
    return FileResponse(found.path, media_type=found.media_type, filename=found.name, headers=UNKEPT, background=gone)

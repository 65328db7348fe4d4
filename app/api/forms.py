"""Forms of masters: blank forms that were uploaded, and what their columns are filled with."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import CHANGING, CREATING, PAGING, READING, REMOVING, TIME, listed
from app.api.paging import listed_from
from app.api.record_people import FormRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.uploads import form_of, one_file
from app.files import Files
from app.models.shapes import FormEdit
from app.rules.codes import Ledger
from app.services import forms

router = api_router("Forms")
UPLOAD = form_of(
    "The blank form: .xlsx, .xls or .et",
    required=("name",),
    name={"type": "string", "maxLength": 60},
    ledger={"type": "string", "enum": [m.value for m in Ledger]},
    list={"type": "string", "maxLength": 40, "description": "Code of a list"},
    sheet={"type": "string", "description": "Its sheet; else the first that is a form"},
)


@router.get("/forms", **says("Every form", query=(*PAGING, *TIME), answer=listed(FormRead)))
async def list_forms(request: Request) -> Response:
    return await listed_from(request, forms.list_)


@router.post(
    "/forms",
    status_code=201,
    **says(
        "Upload a blank form",
        description="Read and mapped as a foreign sheet is; `columns` says how. Correct it with PATCH.",
        body=UPLOAD,
        answer=FormRead,
        status=201,
        **{**CREATING, "refuses": (409, 413, 415, 422)},
    ),
)
async def create_form(request: Request) -> Response:
    db = door.database(request)
    await db.read(door.caller(request), forms.may_amend)
    values, stored, name = await one_file(request)
    sheet = values.pop("sheet", None)

    def reading() -> Any:
        with Files.of(db.settings).open(stored.digest) as file:
            return forms.read_blank(file.read(), name or "", sheet)

    layout = await asyncio.to_thread(reading)
    return await write(
        request,
        forms.create,
        values,
        body=values,
        content=[values, stored.digest, name, sheet],
        status=201,
        locate=lambda made: f"{BASE}/forms/{quote(made['name'], safe='')}",
        layout=layout,
        digest=stored.digest,
        file_name=name or "",
    )


@router.get("/forms/{name}", **says("One form", answer=FormRead, **READING))
async def read_form(request: Request) -> Response:
    return await read(request, forms.read, door.path_text(request, "name"))


@router.patch(
    "/forms/{name}",
    **says(
        "Change a form: its name, what it is for, what fills its columns", body=FormEdit, answer=FormRead, **CHANGING
    ),
)
async def amend_form(request: Request) -> Response:
    body = await read_json(request)
    name, version = door.path_text(request, "name"), door.version_sent(request)
    return await write(request, forms.amend, name, body, body=body, version=version)


@router.delete("/forms/{name}", **says("Take a form away", answer=FormRead, **REMOVING))
async def remove_form(request: Request) -> Response:
    return await write(request, forms.remove, door.path_text(request, "name"), version=door.version_sent(request))


@router.post(
    "/forms/{name}/restore", **says("Bring a form back", answer=FormRead, **{**CREATING, "refuses": (409, 422)})
)
async def restore_form(request: Request) -> Response:
    return await write(request, forms.restore, door.path_text(request, "name"))

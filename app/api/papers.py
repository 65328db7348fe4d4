"""Papers of months: the PDF to be signed, its stamped scan, and whether a paper matches the register."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.describing import CREATING, PAGING, READING, REMOVING, TIME, listed
from app.api.paging import listed_from
from app.api.record_papers import PaperRead, VerifyRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.uploads import form_of, handed_out, one_file
from app.services import papers, verifying
from app.sheets.month_paper import drawn
from app.whereabouts import own_address

router = api_router("Papers")
FORM = form_of("PDF or picture")
SCAN = "/papers/{paper}/scan"


def _code(request: Request) -> str:
    return door.path_text(request, "paper")


@router.get(
    "/zones/{code}/months/{month}/papers",
    **says("The papers of a zone's month, the newest first", query=(*PAGING, *TIME), answer=listed(PaperRead), refuses=(404,)),
)  # fmt: skip
async def list_papers(request: Request) -> Response:
    return await listed_from(request, verifying.list_, door.path_text(request, "code"), door.path_month(request))


@router.get(
    "/verify/{paper}",
    **says(
        "Does a paper match the register?",
        description="By its short code; blanks, hyphens and small letters do not matter. A paper of a zone that the key does "
        "not see is not found.",
        answer=VerifyRead,
        refuses=(404,),
        **READING,
    ),
)
async def verify_paper(request: Request) -> Response:
    return await read(request, verifying.verify, _code(request))


@router.get(
    "/papers/{paper}/file",
    **says(
        "The paper as PDF",
        description="Drawn from the figures as of its act, in the language that is asked for; the same figures give the same "
        "content hash.",
        answer={"type": "string"},
        media_types=("application/pdf",),
        refuses=(404,),
    ),
)
async def download_paper(request: Request) -> Response:
    db = door.database(request)
    told, figures, demo = await db.read(door.caller(request), verifying.drawing, _code(request))
    address = f"{own_address(request)}/verify/{told['code']}"
    made = await asyncio.to_thread(drawn, told, figures, door.language(request), address, demo=demo)
    name = quote(f"{figures['zone_name']} {told['month']} {told['code']}.pdf", safe="")
    headers = {"Cache-Control": "private, no-cache", "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(made, media_type="application/pdf", headers=headers)


@router.post(
    SCAN,
    status_code=201,
    **says(
        "Attach the stamped scan",
        description="Of the newest paper of a submitted month; until the lock another may take its place.",
        body=FORM,
        answer=PaperRead,
        status=201,
        **{**CREATING, "refuses": (404, 409, 413, 415, 422)},
    ),
)
async def add_scan(request: Request) -> Response:
    code = _code(request)
    await door.database(request).read(
        door.caller(request), papers.may_stamp, code
    )  # before anything of the file is kept
    values, stored, name = await one_file(request)
    return await write(
        request,
        _stamp,
        code,
        values,
        body=values,
        content=[values, stored.digest, name],
        status=201,
        locate=lambda made: f"{BASE}/papers/{made['code']}/scan",
        stored=stored,
        name=name,
    )


def _stamp(desk: Any, code: str, values: dict[str, Any], **kw: Any) -> dict[str, Any]:
    papers.nothing_more(desk, values)
    return papers.stamp(desk, code, **kw)


@router.get(
    SCAN,
    **says(
        "The stamped scan itself",
        answer={"type": "string"},
        media_types=("application/octet-stream",),
        refuses=(404,),
    ),
)
async def download_scan(request: Request) -> Response:
    db = door.database(request)
    found = await db.read(door.caller(request), papers.scan_of, _code(request))
    return await handed_out(request, found["scan_digest"], found["scan_file_name"], found["scan_media_type"])


@router.delete(SCAN, **says("Take the stamped scan away", answer=PaperRead, **REMOVING))
async def remove_scan(request: Request) -> Response:
    return await write(request, papers.unstamp, _code(request), version=door.version_sent(request))

"""Likenesses between registrations, and the verdicts of the city office on them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.answers import said
from app.api.body import read_json
from app.api.describing import CHANGING, CREATING, PAGING, REMOVING, listed
from app.api.paging import limit, listed_from, seal, unseal
from app.api.record_duplicates import LikenessesRead, OpenLikeness, VerdictRead, VerdictsOnRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.desk import Desk
from app.models.enterprise_shapes import LikenessAsk, VerdictEdit, VerdictNew
from app.rules.firm_codes import Subject
from app.services import duplicates, verdicts

router = api_router("Duplicates")


@router.post(
    "/duplicates/search",
    **says(
        "Is this registered already, anywhere?",
        description="Nothing is stored. What lies beyond your zones is told by one item without any fact; who is told so "
        "very often is answered 429 for a while, and the log says who asked.",
        body=LikenessAsk,
        answer=LikenessesRead,
        refuses=(415, 422, 429),
    ),
)
async def search_duplicates(request: Request) -> Response:
    body = await read_json(request)
    db, caller = door.database(request), door.caller(request)

    def asked(desk: Desk) -> tuple[str, dict[str, Any]]:
        return duplicates.who(desk), duplicates.search(desk, body)

    who, answer = await db.read(caller, asked, slow=True)  # a few hundred candidates are compared
    if duplicates.tells_elsewhere(answer):
        await db.chore(lambda link: duplicates.count(link, who, answer))
    return said(request, answer)


@router.get(
    "/duplicates",
    **says("Likenesses that wait for a verdict, the surest first", query=PAGING, answer=listed(OpenLikeness)),
)
async def list_duplicates(request: Request) -> Response:
    position = unseal(request)
    skip = position if isinstance(position, int) and position >= 0 else 0
    most = limit(request)
    db = door.database(request)
    found = await db.read(door.caller(request), verdicts.open_, skip, most, slow=True)
    following = seal(request, skip + most) if len(found) == most else None
    return said(request, {"items": found, "next": following})


@router.get(
    "/verdicts",
    **says("Every verdict, the latest first", query=PAGING, answer=listed(VerdictRead)),
)
async def list_verdicts(request: Request) -> Response:
    return await listed_from(request, verdicts.list_)


@router.post(
    "/verdicts",
    status_code=201,
    **says(
        "Decide on two registrations",
        description="A reason is asked for. 409 `decided` names the verdict that there is.",
        body=VerdictNew,
        answer=VerdictRead,
        status=201,
        **CREATING,
    ),
)
async def create_verdict(request: Request) -> Response:
    body = await read_json(request)
    return await write(
        request, verdicts.decide, body, body=body, status=201, locate=lambda made: f"{BASE}/verdicts/{made['id']}"
    )


@router.get("/verdicts/{id}", **says("One verdict", answer=VerdictRead))
async def read_verdict(request: Request) -> Response:
    return await read(request, verdicts.read, door.path_id(request))


@router.patch(
    "/verdicts/{id}",
    **says("Change a verdict; what it was stands in history", body=VerdictEdit, answer=VerdictRead, **CHANGING),
)
async def amend_verdict(request: Request) -> Response:
    body = await read_json(request)
    version = door.version_sent(request)
    return await write(request, verdicts.amend, door.path_id(request), body, body=body, version=version)


@router.delete("/verdicts/{id}", **says("Take a verdict back: both count again", answer=VerdictRead, **REMOVING))
async def remove_verdict(request: Request) -> Response:
    return await write(request, verdicts.take_back, door.path_id(request), version=door.version_sent(request))


@router.get("/projects/{id}/verdicts", **says("The verdicts on a project", answer=VerdictsOnRead))
async def list_verdicts_of_project(request: Request) -> Response:
    return await read(request, _of, Subject.PROJECT, door.path_id(request))


@router.get("/leads/{id}/verdicts", **says("The verdicts on a lead", answer=VerdictsOnRead))
async def list_verdicts_of_lead(request: Request) -> Response:
    return await read(request, _of, Subject.LEAD, door.path_id(request))


def _of(desk: Desk, kind: Subject, id_: int) -> dict[str, Any]:
    return {"items": verdicts.of_subject(desk, kind, id_)}

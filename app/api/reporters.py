"""Personal links of reporters: who may be sent one, making them, and withdrawing them."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import act, read, write
from app.api.answers import answer
from app.api.body import read_json, take_reason
from app.api.describing import CREATING, READING, REMOVING
from app.api.record_months import InvitedRead, ReportersRead, WithdrawnRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.models.month_shapes import ReportersInvite
from app.models.shapes import check
from app.services import reporters
from app.services.identity import digest
from app.services.signing_in import new_token
from app.whereabouts import own_address

router = api_router("Months")
PATH = "/zones/{code}/months/{month}/reporters"


@router.get(
    PATH,
    **says(
        "Who reports a month by personal link, and how far each is",
        description="Everybody who answers for a project that owes a report (responsible person, firm's contact, liaison). "
        "The links themselves are told once, when they are made.",
        answer=ReportersRead,
        **{**READING, "query": ()},
    ),
)
async def read_reporters(request: Request) -> Response:
    return await read(request, reporters.read, door.path_text(request, "code"), door.path_month(request))


@router.post(
    PATH,
    status_code=201,
    **says(
        "Make personal links for a month",
        description="Each opens the person's own projects of this month and nothing else, without an account. Told now and "
        "never again: repeated under its key the answer has no `address`. A link made before opens nothing any more.",
        body=ReportersInvite,
        answer=InvitedRead,
        status=201,
        **{**CREATING, "refuses": (404, 409, 415, 422)},
    ),
)
async def invite_reporters(request: Request) -> Response:
    body = await read_json(request)
    whole = dict(body)
    caller = door.caller(request, reason=take_reason(body), content=whole)
    sent = check(ReportersInvite, body)
    tokens = {person: new_token() for person in sent["persons"]}
    done = await act(
        request, caller, reporters.make, door.path_text(request, "code"), door.path_month(request),
        {person: digest(token) for person, token in tokens.items()}, expires_on=sent.get("expires_on"), status=201,
    )  # fmt: skip
    told = not (done.replayed or caller.rehearse)
    value: dict[str, Any] = {
        "items": [
            {"person_id": p, "address": f"{own_address(request)}/r/{tokens[p]}" if told else None}
            for p in done.value["persons"]
        ],
        "expires_on": done.value["expires_on"],
    }
    headers = {"Cache-Control": "no-store"} | ({"Idempotent-Replayed": "true"} if done.replayed else {})
    return answer(request, orjson.dumps(value), status=201, headers=headers)


@router.delete(PATH + "/{id}", **says("Withdraw a person's link", answer=WithdrawnRead, **REMOVING))
async def withdraw_reporter(request: Request) -> Response:
    return await write(
        request, reporters.withdraw, door.path_text(request, "code"), door.path_month(request), door.path_id(request),
        version=door.version_sent(request),
    )  # fmt: skip

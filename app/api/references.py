"""Projects by the caller's own reference: one, or up to a thousand at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import act, written
from app.api.body import read_json, take_reason
from app.api.describing import KEY, REASON, VALIDATE_ONLY, param
from app.api.problems import body_of
from app.api.projects import address
from app.api.records import BatchRead, ProjectRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.errors import Invalid, Problem, Refusal
from app.models.shapes import BatchNew, BatchProject, ProjectByReference, Ref, check
from app.services import references

router = api_router("Projects")
MOST = 1000
FLAG = {"type": "string", "enum": ["true", "false"], "default": "false"}
OVERWRITE = param("overwrite", "Take yours where somebody else changed a field since you wrote it.", FLAG)


@router.put(
    "/projects/by-ref/{source}/{ref_id:path}",
    **says(
        "Create or replace by your own reference",
        description="No If-Match is needed: a source may replace what it wrote itself. Fields left out stay as they are.",
        query=(VALIDATE_ONLY, OVERWRITE),
        headers=(REASON,),
        body=ProjectByReference,
        answer=ProjectRead,
        also={201: "Created"},
        refuses=(404, 409, 415, 422),
    ),
)
async def put_by_reference(request: Request) -> Response:
    body = await read_json(request)
    ref = {"source": door.path_text(request, "source"), "id": door.path_text(request, "ref_id")}
    caller = door.caller(request, reason=take_reason(body))
    done = await door.database(request).act(caller, _upsert, ref, body, door.flag(request, "overwrite"))
    done.status, done.value = done.value["status"], done.value["record"]
    return written(request, caller, done, address)


def _upsert(desk: Desk, ref: dict[str, str], body: dict[str, Any], overwrite: bool) -> dict[str, Any]:
    check(Ref, ref)
    given = check(ProjectByReference, body)
    record, created = references.upsert(desk, ref["source"], ref["id"], given, overwrite=overwrite)
    return {"status": 201 if created else 200, "record": record}


@router.post(
    "/projects/batch",
    **says(
        "Create or replace many by your own references",
        description="One act. With `atomic: false` each item stands alone, and the answer is 207 with one result per item.",
        query=(VALIDATE_ONLY,),
        headers=(KEY, REASON),
        body=BatchNew,
        answer=BatchRead,
        also={207: "`atomic: false`: one result per item, in order"},
        refuses=(404, 409, 415, 422),
    ),
)
async def batch(request: Request) -> Response:
    body = await read_json(request)
    whole, reason = dict(body), take_reason(body)
    caller = door.caller(request, reason=reason, content=whole)

    def tell(refusal: Refusal) -> dict[str, Any]:
        return body_of(request, refusal)

    done = await act(request, caller, _batch, body, tell)
    done.status = 200 if body.get("atomic", True) else 207
    return written(request, caller, done)


def _batch(desk: Desk, body: dict[str, Any], tell: Any) -> dict[str, Any]:
    atomic = bool(check(BatchNew, {**body, "items": []}).get("atomic", True))
    items = items_sent(body.get("items"))
    checked = [_checked(item) for item in items]
    if atomic and any(isinstance(c, Invalid) for c in checked):
        raise Invalid(problems=[p for n, c in enumerate(checked) if isinstance(c, Invalid) for p in within(n, c)])
    results = iter(references.batch(desk, [c for c in checked if isinstance(c, dict)], atomic=atomic))
    found = [{"status": c.status, "refusal": c} if isinstance(c, Invalid) else next(results) for c in checked]
    return {"items": [_result(n, f, tell) for n, f in enumerate(found)]}


def items_sent(items: Any) -> list[Any]:
    if not isinstance(items, list) or not 0 < len(items) <= MOST:
        raise Invalid.one("/items", "wrong_type", "From 1 to {most} items are expected", most=MOST)
    return items


def _checked(item: Any) -> dict[str, Any] | Invalid:
    """The item's values, or what is wrong with them."""
    if not isinstance(item, dict):
        return Invalid.one("", "wrong_type", "A group of fields is expected")
    try:
        given = check(BatchProject, item)
    except Invalid as refusal:
        return refusal
    return given if given.get("ref") is not None else Invalid.one("/ref", "required", "This must be given")


def within(n: int, refusal: Refusal) -> list[Problem]:
    """The problems of an item, with its place in the batch."""
    return [replace(p, pointer=f"/items/{n}{p.pointer}") for p in refusal.problems]


def _result(n: int, found: dict[str, Any], tell: Any) -> dict[str, Any]:
    if "refusal" in found:
        refusal: Refusal = found["refusal"]
        refusal.problems = within(n, refusal)
        return {"status": found["status"], "id": None, "version": None, "problem": tell(refusal)}
    record = found["record"]
    return {"status": found["status"], "id": record["id"], "version": record["version"], "problem": None}

"""Many records by the caller's own references, as one act: the way of every endpoint that takes a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import act, written
from app.api.body import read_json, take_reason
from app.api.problems import body_of
from app.desk import Desk
from app.errors import Invalid, Problem, Refusal
from app.models.checking import check

MOST = 1000


@dataclass(frozen=True, slots=True)
class Batch:
    """What an endpoint takes, the service that writes it, and what is told of each record that was written."""

    whole: type[BaseModel]
    item: type[BaseModel]
    service: Callable[..., list[dict[str, Any]]]
    told: tuple[str, ...]


async def write_batch(request: Request, batch: Batch) -> Response:
    """Write the items sent and answer one result per item, in order: 200, or 207 when each item stands alone."""
    body = await read_json(request)
    whole, reason = dict(body), take_reason(body)
    caller = door.caller(request, reason=reason, content=whole)

    def tell(refusal: Refusal) -> dict[str, Any]:
        return body_of(request, refusal)

    done = await act(request, caller, _write, batch, body, tell)
    done.status = 200 if body.get("atomic", True) else 207
    return written(request, caller, done)


def _write(desk: Desk, batch: Batch, body: dict[str, Any], tell: Any) -> dict[str, Any]:
    atomic = bool(check(batch.whole, {**body, "items": []}).get("atomic", True))
    checked = [_checked(batch, item) for item in _items(body.get("items"))]
    if atomic and any(isinstance(c, Invalid) for c in checked):
        raise Invalid(problems=[p for n, c in enumerate(checked) if isinstance(c, Invalid) for p in _within(n, c)])
    results = iter(batch.service(desk, [c for c in checked if isinstance(c, dict)], atomic=atomic))
    found = [{"status": c.status, "refusal": c} if isinstance(c, Invalid) else next(results) for c in checked]
    return {"items": [_result(batch, n, f, tell) for n, f in enumerate(found)]}


def _items(items: Any) -> list[Any]:
    if not isinstance(items, list) or not 0 < len(items) <= MOST:
        raise Invalid.one("/items", "wrong_type", "From 1 to {most} items are expected", most=MOST)
    return items


def _checked(batch: Batch, item: Any) -> dict[str, Any] | Invalid:
    """The item's values, or what is wrong with them."""
    if not isinstance(item, dict):
        return Invalid.one("", "wrong_type", "A group of fields is expected")
    try:
        given = check(batch.item, item)
    except Invalid as refusal:
        return refusal
    return given if given.get("ref") is not None else Invalid.one("/ref", "required", "This must be given")


def _within(n: int, refusal: Refusal) -> list[Problem]:
    """The problems of an item, with its place in the batch."""
    return [replace(p, pointer=f"/items/{n}{p.pointer}") for p in refusal.problems]


def _result(batch: Batch, n: int, found: dict[str, Any], tell: Any) -> dict[str, Any]:
    if "refusal" in found:
        refusal: Refusal = found["refusal"]
        refusal.problems = _within(n, refusal)
        return {"status": found["status"], **dict.fromkeys(batch.told), "problem": tell(refusal)}
    record = found["record"]
    return {"status": found["status"], **{name: record[name] for name in batch.told}, "problem": None}

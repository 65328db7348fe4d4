"""A long ledger is written by the worker: ordered, watched, and fetched by the person who ordered it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from app import clock
from app.desk import Actor, Desk
from app.engine import Link, Sql
from app.errors import NotFound
from app.rules.access import Act
from app.services import exports, form_exports, ledgers
from app.services.asking import Asked
from app.services.exports import Made
from app.services.ledger_pages import listed

MANY = 3000
"""Rows from which on a file is the worker's: nobody waits in a browser for more."""
ORDER = Sql(
    "INSERT INTO job (kind, arguments, actor, state, tries, total, created_at) "
    "VALUES ('export', :arguments, :actor, 'queued', 0, :total, :now) RETURNING id"
)
LOOK = Sql(
    "SELECT actor, arguments, state, done, total, sentence, result_file FROM job WHERE id = :id AND kind = 'export'"
)
RESULT = Sql("UPDATE job SET result_file = :result WHERE id = :id")


def how_many(desk: Desk, asked: Asked) -> int:
    """How many rows the file would have."""
    desk.ask(Act.EXPORT_RUN)
    return ledgers.count(desk, listed(asked, None))


def order(link: Link, actor: Actor, language: str, asked: Asked, total: int, **how: Any) -> int:
    """The number of the job that will write it. A chore: an export is no news of the register.

    ``how``: ``unit``, ``form``, ``columns``, ``by`` as ``exports.file`` takes them, or ``master``, the name of a form.
    """
    said = {
        "zones": asked.zones, "ledger": asked.ledger, "filters": asked.filters, "q": asked.q, "sort": asked.sort,
        "how": how, "language": language,
    }  # fmt: skip
    values = {"arguments": orjson.dumps(said).decode(), "actor": f"{actor.kind}:{actor.id}", "total": total}
    return int(link.value(ORDER, {**values, "now": clock.moment()}))


def look(desk: Desk, id_: int) -> dict[str, Any]:
    """How far it is: ``state``, ``done`` of ``total`` rows, the ``sentence`` of a failure, and the ``file`` when it is
    there (digest, name, media_type, count). Raises NotFound for who did not order it."""
    desk.ask(Act.EXPORT_RUN)
    row = desk.link.row(LOOK, {"id": id_})
    if row is None or row[0] != f"{desk.actor.kind}:{desk.actor.id}":
        raise NotFound
    _, arguments, state, done, total, sentence, result = row
    return {
        "id": id_, "state": state, "done": done or 0, "total": total or 0, "sentence": sentence,
        "ledger": orjson.loads(arguments)["ledger"], "file": orjson.loads(result) if result else None,
    }  # fmt: skip


def make(desk: Desk, said: dict[str, Any], told: Callable[[int], None]) -> Made:
    """Write what was ordered; ``told`` hears how many rows are written, now and then."""
    asked = Asked(
        zones=tuple(said["zones"]) if said["zones"] is not None else None,
        ledger=said["ledger"],
        filters=tuple((f, o, tuple(v) if isinstance(v, list) else v) for f, o, v in said["filters"]),
        q=said["q"],
        sort=tuple(said["sort"]),
    )
    how = said["how"]
    if how.get("master"):
        return form_exports.file(desk, asked, how["master"], told=told)
    return exports.file(
        desk, asked, how.get("unit"), how.get("form") or "xlsx", columns=how.get("columns"), by=how.get("by"), told=told
    )


def kept(link: Link, id_: int, digest: str, made: Made) -> None:
    """Where the finished file lies."""
    result = {"digest": digest, "name": made.name, "media_type": made.media_type, "count": made.count}
    link.run(RESULT, {"id": id_, "result": orjson.dumps(result).decode()})

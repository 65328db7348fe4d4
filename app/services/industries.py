"""The city's list of industries. Text that matches none of its names stays as typed, without a code (未归类)."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.models import Industry
from app.rules.access import Act

NAMES = ("code", "name", "parent_code", "aliases", "gbt4754")


def list_(desk: Desk) -> list[dict[str, Any]]:
    """Every industry in its order: code, name, parent, aliases, GB/T 4754 classes."""

    def look() -> list[dict[str, Any]]:
        rows = desk.select(Industry, "all", lambda q, t: q.order_by(t.c.position, t.c.id), columns=NAMES)
        return [
            {**dict(zip(NAMES, r, strict=True)), "aliases": orjson.loads(r[3]), "gbt4754": orjson.loads(r[4])}
            for r in rows
        ]

    return desk.remembered("industries", look)


def code_of(desk: Desk, text: str | None) -> str | None:
    """The code of the industry that this text names, by name, alias or code."""
    if not text:
        return None
    for industry in list_(desk):
        if text in (industry["code"], industry["name"], *industry["aliases"]):
            return str(industry["code"])
    return None


def put(desk: Desk, entries: list[dict[str, Any]]) -> int:
    """Write the list: new codes are added, known ones changed; none is removed."""
    desk.ask(Act.SETTING_AMEND)
    known = {i.code: i for i in desk.rows(Industry, "rows", lambda q, t: q)}
    changed = []
    for position, entry in enumerate(entries):
        row = known.get(entry["code"]) or Industry(code=entry["code"], name=entry["name"])
        row.name, row.position, row.parent_code = entry["name"], position, entry.get("parent_code")
        row.aliases = orjson.dumps(entry.get("aliases", [])).decode()
        row.gbt4754 = orjson.dumps(entry.get("gbt4754", [])).decode()
        changed.append(row)
    desk.keep([r for r in changed if r.id is not None])
    desk.keep([r for r in changed if r.id is None])
    return len(changed)

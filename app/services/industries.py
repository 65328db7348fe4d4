"""The city's list of industries. Text that matches none of its names stays as typed, without a code (未归类)."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.models import Industry, Project
from app.models.shapes import IndustryEdit, check
from app.rules.access import Act

NAMES = ("code", "name", "parent_code", "aliases", "gbt4754")
LISTED = frozenset({"aliases", "gbt4754"})


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


def put(desk: Desk, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write entries of the list: new codes are added at its end, known ones changed, those not named stay. Projects whose
    industry the list did not know get their code where it does now. Returns the list."""
    desk.ask(Act.SETTING_AMEND)
    known = {i.code: i for i in desk.rows(Industry, "rows", lambda q, t: q)}
    changed = []
    for entry in entries:
        facts = check(IndustryEdit, entry)
        row = known.get(facts["code"]) or Industry(code=facts["code"], name=facts["name"], position=len(known))
        known[row.code] = row
        row.name = facts["name"]
        row.parent_code = facts.get("parent_code", row.parent_code)
        for name in LISTED.intersection(facts):
            setattr(row, name, orjson.dumps(facts[name]).decode())
        changed.append(row)
    desk.keep([r for r in changed if r.id is not None])
    desk.keep([r for r in changed if r.id is None])
    _resolve(desk)
    return list_(desk)


def _resolve(desk: Desk) -> None:
    """Give a code to those whose industry the list has come to know."""
    codes: dict[str, str] = {}
    for industry in reversed(list_(desk)):
        codes |= dict.fromkeys((industry["code"], industry["name"], *industry["aliases"]), industry["code"])
    open_: list[Project] = desk.rows(
        Project, "unresolved", lambda q, t: q.where(t.c.industry_code.is_(None), t.c.industry.is_not(None))
    )
    found = [project for project in open_ if project.industry in codes]
    for project in found:
        project.industry_code = codes[str(project.industry)]
    desk.keep(found)

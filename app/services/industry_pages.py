"""What the city office sees of the list of industries: entries in their tree, the zones that lead in them, and what is typed
that the list does not know."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.models import Zone
from app.rules.access import Act
from app.services import classifying, history, industries
from app.services.asking import Asked

Record = dict[str, Any]


def whole(desk: Desk) -> Record:
    """``items``: every entry under its parent, with its depth and the names of the zones that lead in it; ``open``: texts of
    projects that no entry stands for."""
    desk.ask(Act.SETTING_AMEND)
    found = industries.list_(desk)
    leading = _leading(desk)
    items = [{**entry, "depth": depth, "leading": leading.get(entry["code"], [])} for entry, depth in _tree(found)]
    return {"items": items, "open": classifying.unresolved(desk, Asked()) if found else []}


def one(desk: Desk, code: str) -> Record:
    """An entry: its facts with ``version``, the zones that lead in it, which entries it may lie below, its history."""
    desk.ask(Act.SETTING_AMEND)
    row = industries.find(desk, code)
    found = industries.list_(desk)
    below = {entry["code"] for entry, depth in _tree(found, code)} | {code}
    past = history.of_row(desk, "industry", row.id or 0) if desk.may(Act.HISTORY_READ) else []
    return {
        **next(entry for entry in found if entry["code"] == code),
        "version": row.since,
        "leading": _leading(desk).get(code, []),
        "parents": [entry for entry in found if entry["code"] not in below],
        "history": past,
    }


def _tree(entries: list[Record], under: str | None = None) -> list[tuple[Record, int]]:
    """The entries below ``under`` (None: all), each behind its parent, with how deep it lies; in the order of the list."""
    children: dict[str | None, list[Record]] = {}
    for entry in entries:
        children.setdefault(entry["parent_code"], []).append(entry)

    def below(code: str | None, depth: int) -> list[tuple[Record, int]]:
        return [one for e in children.get(code, []) for one in ((e, depth), *below(e["code"], depth + 1))]

    return below(under, 0)


def _leading(desk: Desk) -> dict[str, list[str]]:
    """Industry → the names of the zones that name it among their leading ones."""
    codes = industries.spellings(desk)
    found: dict[str, list[str]] = {}
    rows = desk.select(
        Zone, "leading", lambda q, t: q.order_by(t.c.id), columns=("name", "short_name", "leading_industries")
    )
    for name, short, named in rows:
        for code in dict.fromkeys(codes.get(text) for text in orjson.loads(named)):
            if code is not None:
                found.setdefault(code, []).append(short or name)
    return found

"""Finding a zone by what people call it: name, short name, alias, pinyin or initials, among all that are registered.

That a zone exists, and what it is called, is no secret of anybody's: a partner is mostly one that the reader does not see.
Nothing else of a zone is told here.
"""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.engine import Sql
from app.errors import Problem
from app.rules.access import Act
from app.rules.identity import zone_key
from app.rules.search_terms import matches

NAMES = Sql("SELECT code, name, short_name, aliases FROM zone WHERE deleted_at IS NULL ORDER BY id")
IDS = Sql("SELECT id, code, name, short_name FROM zone WHERE deleted_at IS NULL ORDER BY id")
MOST = 8
"""So many are offered; who sees more types on."""
Named = tuple[str, str, tuple[str, ...]]
"""Code, the name it is shown by, and every spelling."""


def everywhere(desk: Desk) -> list[Named]:
    """Every zone of the register by its names."""
    desk.ask(Act.REGISTER_READ)
    return desk.remembered("names of every zone", lambda: [_named(*row) for row in desk.link.rows(NAMES)])


def _named(code: str, name: str, short: str | None, aliases: str) -> Named:
    return code, short or name, (code, name, *([short] if short else []), *orjson.loads(aliases))


def search(desk: Desk, text: str) -> list[dict[str, str]]:
    """The zones that a text may mean: ``code, name``; nothing for a blank."""
    wanted = text.strip()
    found = [zone for zone in everywhere(desk) if wanted and any(matches(wanted, s, None, None) for s in zone[2])]
    return [{"code": code, "name": name} for code, name, _ in found]


def shown(desk: Desk) -> dict[str, str]:
    """Code → the name a zone is shown by."""
    return {code: name for code, name, _ in everywhere(desk)}


def numbered(desk: Desk) -> dict[int, tuple[str, str]]:
    """Id → code and the name a zone is shown by, of every zone of the register."""
    desk.ask(Act.REGISTER_READ)

    def look() -> dict[int, tuple[str, str]]:
        return {id_: (code, short or name) for id_, code, name, short in desk.link.rows(IDS)}

    return desk.remembered("ids of every zone", look)


def _spelled(desk: Desk) -> dict[str, list[str]]:
    """A zone's name as ``zone_key`` folds it → the codes of those that are called so."""

    def look() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, _, spellings in everywhere(desk):
            for key in {zone_key(spelling) for spelling in spellings}:
                found.setdefault(key, []).append(code)
        return found

    return desk.remembered("keys of every zone", look)


def meant(desk: Desk, text: str, pointer: str) -> str | Problem:
    """The code of the zone that a text means: spelled out, or the only one that it finds; else what is wrong with it."""
    spelled = _spelled(desk).get(zone_key(text), [])
    found = [(code, "") for code in spelled] or [(z["code"], z["name"]) for z in search(desk, text)]
    if len(found) == 1:
        return found[0][0]
    if found:
        names: Any = "、".join(name or code for code, name in found[:MOST])
        return Problem(pointer, "several", "Several zones fit: {zones}. Choose one", {"zones": names})
    return Problem(pointer, "not_found", "There is no zone {zone}", {"zone": text})

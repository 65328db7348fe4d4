"""The city's list of industries. Text that matches none of its names stays as typed, without a code (未归类)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import Invalid, NotFound, Problem
from app.models import Industry, Project, Zone
from app.models.shapes import IndustryEdit, check
from app.rules.access import Act
from app.rules.identity import is_gbt4754
from app.words import Word

NAMES = ("code", "name", "parent_code", "aliases", "gbt4754")
LISTED = frozenset({"aliases", "gbt4754"})
NO_CLASS = Word("“{text}” is no class of GB/T 4754: a letter and up to four digits, such as C34 or 3484")
Record = dict[str, Any]


def list_(desk: Desk) -> list[Record]:
    """Every industry in its order: code, name, parent, aliases, GB/T 4754 classes."""

    def look() -> list[Record]:
        rows = desk.select(Industry, "all", lambda q, t: q.order_by(t.c.position, t.c.id), columns=NAMES)
        return [
            {**dict(zip(NAMES, r, strict=True)), "aliases": orjson.loads(r[3]), "gbt4754": orjson.loads(r[4])}
            for r in rows
        ]

    return desk.remembered("industries", look)


def code_of(desk: Desk, text: str | None) -> str | None:
    """The code of the industry that this text names, by name, alias or code."""
    return spellings(desk).get(text) if text else None


def spellings(desk: Desk) -> dict[str, str]:
    """Every code, name and alias → the code of the industry it stands for; of two the first in the list."""

    def look() -> dict[str, str]:
        found: dict[str, str] = {}
        for industry in reversed(list_(desk)):
            found |= dict.fromkeys((industry["code"], industry["name"], *industry["aliases"]), industry["code"])
        return found

    return desk.remembered("spellings of industries", look)


def find(desk: Desk, code: str) -> Industry:
    """The entry with this code. Raises NotFound."""
    desk.ask(Act.REGISTER_READ)
    rows = desk.rows(Industry, "by_code", lambda q, t: q.where(t.c.code == sa.bindparam("code")), {"code": code})
    if not rows:
        raise NotFound
    return rows[0]


def put(desk: Desk, entries: list[Record]) -> list[Record]:
    """Write entries of the list: new codes are added at its end, known ones changed, those not named stay. A former name
    stays an alias. Projects whose industry the list did not know get their code where it does now. Returns the list.

    Raises Invalid for a parent that is not there, one that lies below itself, a name that two entries would have, and a
    class that is none.
    """
    desk.ask(Act.SETTING_AMEND)
    known = {i.code: i for i in desk.rows(Industry, "rows", lambda q, t: q)}
    changed = []
    for entry in entries:
        facts = check(IndustryEdit, entry)
        row = known.get(facts["code"]) or Industry(code=facts["code"], name=facts["name"], position=len(known))
        known[row.code] = row
        former, row.name = row.name, facts["name"]
        row.parent_code = facts.get("parent_code", row.parent_code)
        for name in LISTED.intersection(facts):
            setattr(row, name, _json(facts[name]))
        if former != row.name:
            row.aliases = _json([*orjson.loads(row.aliases), former])
        changed.append(row)
    if problems := [p for n, row in enumerate(changed) for p in _problems(f"/items/{n}", row, known)]:
        raise Invalid(problems=problems)
    desk.keep([r for r in changed if r.id is not None])
    desk.keep([r for r in changed if r.id is None])
    _resolve(desk)
    return list_(desk)


def _json(values: Iterable[str]) -> str:
    return orjson.dumps(list(dict.fromkeys(values))).decode()


def _problems(at: str, row: Industry, known: Mapping[str, Industry]) -> list[Problem]:
    """What is wrong with an entry among all the others."""
    found = []
    if row.parent_code is not None and row.parent_code not in known:
        missing = {"code": row.parent_code}
        found.append(
            Problem(f"{at}/parent_code", "no_such_parent", "There is no industry with the code {code}", missing)
        )
    elif row.code in _above(row, known):
        found.append(Problem(f"{at}/parent_code", "below_itself", "An industry cannot lie below itself"))
    for other in known.values():
        if other is not row and (taken := _spelled(row) & _spelled(other)):
            field = "name" if row.name in taken else "aliases"
            said = {"name": min(taken), "other": other.name}
            found.append(Problem(f"{at}/{field}", "name_taken", "“{name}” already stands for {other}", said))
    found += [
        Problem(f"{at}/gbt4754", "malformed", NO_CLASS, {"text": text})
        for text in orjson.loads(row.gbt4754)
        if not is_gbt4754(text)
    ]
    return found


def _above(row: Industry, known: Mapping[str, Industry]) -> list[str]:
    """The codes of all that an entry lies below; its own too, where it lies below itself."""
    found: list[str] = []
    code = row.parent_code
    while code is not None and code in known and code not in found:
        found.append(code)
        code = known[code].parent_code
    return found


def _spelled(row: Industry) -> set[str]:
    return {row.code, row.name, *orjson.loads(row.aliases)}


def _resolve(desk: Desk) -> None:
    """Give a code to those whose industry the list has come to know."""
    codes = spellings(desk)
    open_: list[Project] = desk.rows(
        Project, "unresolved", lambda q, t: q.where(t.c.industry_code.is_(None), t.c.industry.is_not(None))
    )
    found = [project for project in open_ if project.industry in codes]
    for project in found:
        project.industry_code = codes[str(project.industry)]
    desk.keep(found)


# ── one entry, as the city office keeps it ───────────────────────────────────────────────────────────────────────────
def amend(desk: Desk, code: str, facts: Record, leading: list[str], *, version: int | None = None) -> None:
    """Change an entry, and which zones lead in it (their codes). Raises what ``put`` raises, Stale."""
    desk.ask(Act.SETTING_AMEND)
    desk.current(find(desk, code), version)
    put(desk, [facts | {"code": code}])
    lead(desk, code, leading)


def lead(desk: Desk, code: str, leading: list[str]) -> None:
    """Let exactly these zones name the industry among their leading ones."""
    desk.ask(Act.ZONE_AMEND)
    name, codes, changed = find(desk, code).name, spellings(desk), []
    for zone in desk.rows(Zone, "of_industry", lambda q, t: q.order_by(t.c.id)):
        named = orjson.loads(zone.leading_industries)
        others = [one for one in named if codes.get(one) != code]
        if (len(others) < len(named)) != (zone.code in leading):
            zone.leading_industries = _json([*named, name] if zone.code in leading else others)
            changed.append(zone)
    desk.keep(changed)


def learn(desk: Desk, meant: Mapping[str, str]) -> int:
    """Texts that the list did not know become names of the entries they stand for (text → code); how many."""
    entries = {i["code"]: i for i in list_(desk)}
    named: dict[str, list[str]] = {}
    for text, code in meant.items():
        if code not in entries:
            raise Invalid.one("/industry", "no_such_industry", "There is no such industry in the city's list")
        named.setdefault(code, []).append(text)
    put(desk, [{**entries[code], "aliases": [*entries[code]["aliases"], *texts]} for code, texts in named.items()])
    return len(meant)

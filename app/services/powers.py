"""The city's catalogue of items (事项): what may be handed down at all, whose it was, and on which basis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound, Problem
from app.models import Delegation, Power
from app.models.power_shapes import PowerEdit, PowerNew
from app.models.shapes import check
from app.rules.access import Act
from app.rules.codes import DelegationForm
from app.services import chains, reasons, zone_search
from app.words import Word

Record = dict[str, Any]
PAGES = frozenset({"new", "give", "import"})
"""Words that stand for pages where the code of an item would stand."""
COLUMNS = (
    "id", "code", "name", "kind", "department", "level", "basis", "basis_valid_until", "statutory_days", "promised_days",
    "reserved", "steps", "remarks", "since",
)  # fmt: skip


def told(facts: Mapping[str, Any]) -> Record:
    """An item as the API gives it, from the columns of its row."""
    found = {name: facts[name] for name in COLUMNS if name not in ("id", "since")}
    found |= {"reserved": bool(facts["reserved"]), "steps": orjson.loads(facts["steps"]), "version": facts["since"]}
    return found


def by_id(desk: Desk) -> dict[int, Record]:
    """Every item under its id, by department and code. It is read again only when the catalogue changes, and is not to be changed."""

    def look() -> dict[int, Record]:
        rows = desk.select(Power, "catalogue", lambda q, t: q.order_by(t.c.id), columns=COLUMNS)
        found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        found.sort(key=lambda f: (f["department"] is None, f["department"] or "", f["code"]))
        return {f["id"]: told(f) for f in found}

    return desk.remembered("catalogue of powers", look)


def list_(desk: Desk) -> list[Record]:
    """The catalogue, by department and code."""
    desk.ask(Act.REGISTER_READ)
    return list(by_id(desk).values())


def find(desk: Desk, code: str, *, to: Act = Act.REGISTER_READ) -> Power:
    """The item with this code; NotFound otherwise."""
    found = rows(desk, [code]).get(code)
    if found is None:
        raise NotFound("There is no item {power} in the catalogue", power=code)
    desk.ask(to)
    return found


def rows(desk: Desk, codes: Iterable[str] | None = None) -> dict[str, Power]:
    """Items under their codes: one by its code, or for several the whole catalogue."""
    wanted = None if codes is None else list(codes)
    if wanted is not None and len(wanted) == 1:
        by_code = lambda q, t: q.where(t.c.code == sa.bindparam("code"))  # noqa: E731
        return {row.code: row for row in desk.rows(Power, "by_code", by_code, {"code": wanted[0]})}
    return {row.code: row for row in desk.rows(Power, "all", lambda q, t: q.order_by(t.c.id))}


def read(desk: Desk, code: str) -> Record:
    """One item, and which zones hold it in which form and state (``zones``)."""
    row = find(desk, code)
    return {**told(vars(row)), "source": row.source, "zones": _holders(desk, row.id or 0)}


HELD_BY = ("zone_id", "number", "form", "state", "state_on", "effective_from", "effective_until")


def _holders(desk: Desk, power_id: int) -> list[Record]:
    """The last period of each zone that holds or held it."""
    named = zone_search.numbered(desk)
    of_power = lambda q, t: q.where(t.c.power_id == sa.bindparam("power")).order_by(t.c.zone_id, t.c.number)  # noqa: E731
    found = {row[0]: row for row in desk.published(Delegation, "of_power", of_power, {"power": power_id}, HELD_BY)}
    return [
        {"zone": named[id_][0], "zone_name": named[id_][1], **dict(zip(HELD_BY[2:], row[2:], strict=True))}
        for id_, row in found.items()
        if id_ in named
    ]


def create(desk: Desk, values: Record) -> Record:
    """A new item. Its code is unique for ever."""
    desk.ask(Act.POWER_AMEND)
    facts = columns(check(PowerNew, reasons.take(desk, values)))
    refuse_steps(desk, facts)
    by_code = lambda q, t: q.where(t.c.code == sa.bindparam("code"))  # noqa: E731
    if facts["code"].lower() in PAGES or desk.rows(Power, "taken", by_code, {"code": facts["code"]}, deleted="with"):
        raise Conflict("The code {power} is taken", code="code_taken", power=facts["code"])
    row = Power(**facts)
    desk.keep(row)
    return told(vars(row))


def amend(desk: Desk, code: str, edit: Record, *, version: int | None = None) -> Record:
    """Change what was given of an item; its code never changes.

    Raises Conflict where a zone holds it beyond a new end of its basis, or although the law is now said to reserve it.
    """
    row = find(desk, code, to=Act.POWER_AMEND)
    sent = reasons.take(desk, edit)
    if sent.pop("code", code) != code:
        raise Invalid.one("/code", "fixed", "A code never changes")
    values = columns(check(PowerEdit, sent, partial=True))
    refuse_steps(desk, values)
    desk.current(row, version, changing=values.keys())
    for name, value in values.items():
        setattr(row, name, value)
    refuse_held(desk, row)
    desk.keep(row)
    return told(vars(row))


def refuse_held(desk: Desk, row: Power) -> None:
    """Nobody may be left holding what the catalogue no longer lets anybody hold."""
    held = [z for z in _holders(desk, row.id or 0) if z["state"] != "revoked"]
    if row.reserved and (names := [z["zone_name"] for z in held if z["form"] != DelegationForm.WINDOW_ONLY]):
        raise _still_held("/reserved", names)
    basis = row.basis_valid_until
    beyond = [z["zone_name"] for z in held if basis and (z["effective_until"] is None or z["effective_until"] > basis)]
    if beyond:
        raise _still_held("/basis_valid_until", beyond)


def _still_held(pointer: str, names: list[str]) -> Conflict:
    problem = Problem(pointer, "still_held", HELD, {"zones": "、".join(names[:8]), "count": len(names)})
    return Conflict("Zones hold this item against what would now be written", code="still_held", problems=[problem])


HELD = Word("{count} {count:zone holds|zones hold} it so ({zones}): shorten or revoke these delegations first")


def refuse_steps(desk: Desk, facts: Record) -> None:
    """An item serves steps that stand in a chain, and no others."""
    known = chains.served(desk)
    unknown = [step for step in orjson.loads(facts.get("steps", "[]")) if step not in known]
    if unknown:
        raise Invalid.one("/steps", "not_found", "No approval chain has a step {step}", step=unknown[0])


def columns(values: Record) -> Record:
    """What came in, as the columns of a row."""
    found = {name: value for name, value in values.items() if name != "reason"}
    if "steps" in found:
        found["steps"] = orjson.dumps(sorted(set(found["steps"] or []))).decode()
    if found.get("reserved", False) is None:
        found["reserved"] = False
    return found

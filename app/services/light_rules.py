"""The light rules in force as kept data: a shipped set or one of the city's own. A change turns the lights it concerns."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson

from app.desk import Desk
from app.errors import Invalid
from app.models import Setting
from app.models.light_shapes import LightRulesEdit
from app.models.shapes import check
from app.rules.access import Act
from app.rules.codes import Light
from app.rules.lights import LIGHT_RULES, LIGHT_RULES_KEY, USUAL, WORSE, crossed
from app.rules.settling import judged
from app.services import lights, reasons
from app.services.entering import setting, setting_row

Record = dict[str, Any]
EXAMPLES = 12
"""Projects that a preview names."""


def read(desk: Desk) -> Record:
    """The rules in force with their name and version (0: as shipped), and every shipped set."""
    desk.ask(Act.REGISTER_READ)
    found = setting(desk, LIGHT_RULES_KEY, {"name": USUAL, "rules": LIGHT_RULES[USUAL]})
    row = setting_row(desk, LIGHT_RULES_KEY)
    return {**found, "shipped": LIGHT_RULES, "version": row.since if row else 0}


def put(desk: Desk, values: Record, *, version: int | None) -> Record:
    """Put other rules in force. The lights of all projects follow, as acts of the house, by the worker.

    Raises Invalid for a name that is not shipped without rules, other rules under a shipped name, and red before yellow.
    """
    desk.ask(Act.SETTING_AMEND)
    given = check(LightRulesEdit, reasons.take(desk, values))
    row = setting_row(desk, LIGHT_RULES_KEY) or Setting(key=LIGHT_RULES_KEY, value="null")
    if row.id is not None:
        desk.current(row, version)
    rules = _rules(given)
    row.value = orjson.dumps({"name": given["name"], "rules": rules}, option=orjson.OPT_SORT_KEYS).decode()
    desk.keep(row)
    desk.later.append(("light_all", {}))
    return read(desk)


def preview(desk: Desk, values: Record) -> Record:
    """What these rules would do today: how many projects were looked at (``of``), how many lights would turn (``turn``),
    from which colour to which (``moves``), and some of the projects that would come off worst.

    Raises what ``put`` refuses. Long in a large register: a read for the slow lane.
    """
    desk.ask(Act.SETTING_AMEND)
    rules = _rules(check(LightRulesEdit, {n: v for n, v in values.items() if n != "reason"}))
    moves: Counter[tuple[str, str]] = Counter()
    worse: list[Record] = []
    after = of = 0
    while rows := lights.next_ones(desk, after):
        after, of = rows[-1].id or 0, of + len(rows)
        for row in rows:
            colour = judged(row, desk.today, rules).colour.value
            if colour != row.light:
                moves[row.light, colour] += 1
                if _worse(row.light, colour):
                    worse.append({"id": row.id, "name": row.name, "before": row.light, "after": colour})
        worse = sorted(worse, key=lambda w: -WORSE.index(Light(w["after"])))[:EXAMPLES]
    told = [{"before": b, "after": a, "projects": n} for (b, a), n in sorted(moves.items(), key=lambda m: -m[1])]
    return {"of": of, "turn": sum(moves.values()), "moves": told, "worse": worse}


def _worse(before: str, after: str) -> bool:
    return WORSE.index(Light(after)) > WORSE.index(Light(before))


def _rules(given: Record) -> Record:
    shipped = LIGHT_RULES.get(given["name"])
    rules = {name: rule for name, rule in (given.get("rules") or {}).items() if rule is not None}
    if shipped is None and not rules:
        names = ", ".join(LIGHT_RULES)
        raise Invalid.one("/rules", "required", "Write the rules, or choose one of: {names}", names=names)
    if shipped is not None and rules not in ({}, shipped):
        raise Invalid.one("/name", "taken", "This is the name of a shipped set; give yours a name of its own")
    wrong = crossed(rules)
    if wrong:
        raise Invalid.one(f"/rules/{wrong}", "crossed", "Red may not come before yellow")
    return rules or dict(shipped or {})

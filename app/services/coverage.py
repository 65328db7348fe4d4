"""What a zone settles itself, told with all that follows from it: use, what to ask for next, days, a gap, a what-if."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from app.desk import Desk
from app.errors import BadRequest
from app.models import Zone
from app.rules import coverage as rules
from app.rules.access import Act
from app.rules.chains import USUAL, Step, step_names
from app.rules.codes import ChainClass
from app.rules.coverage import Held, Settling
from app.rules.paths import days_of
from app.services import coverage_rows, delegations, zones
from app.services.coverage_rows import Material
from app.words import say

Record = dict[str, Any]
COUNTY = "county"
MOST_ITEMS = 100


def read(
    desk: Desk,
    code: str,
    *,
    class_: str | None = None,
    on: str | None = None,
    first: str | None = None,
    what_if: Collection[str] = (),
    against: str | None = None,
) -> Record:
    """Coverage of a zone for a class of projects on a day; cases are those decided from ``first`` (a year before) to it.

    ``what_if``: codes of items that it would hold as well. ``against``: the code of a sister zone, or ``county`` for the
    items that a county settles. Raises BadRequest for an unknown class or item.
    """
    desk.ask(Act.REGISTER_READ)
    zone = zones.find(desk, code)
    day = min(on or desk.today, desk.today)
    begin = first or _year_before(day)
    zone_id = zone.id or 0
    material = coverage_rows.of_zones(desk, {zone_id: code})[zone_id]
    chosen = _class(class_)
    told = _Told(desk, material, chosen, day, begin)
    found = told.whole(material.where(chosen, day))
    found |= {"zone": code, "class": chosen, "on": day, "from": begin, "classes": told.classes()}
    found["what_if"] = told.would_be(zone_id, _items(material, what_if)) if what_if else None
    found["gap"] = _gap(desk, material, day, against) if against else None
    return found


def city(desk: Desk, *, class_: str | None = None, on: str | None = None, first: str | None = None) -> list[Record]:
    """The three figures of every zone of hers, as the zones were registered."""
    desk.ask(Act.REGISTER_READ)
    day, chosen = min(on or desk.today, desk.today), _class(class_)
    hers = desk.select(
        Zone, "of_coverage", lambda q, t: q.order_by(t.c.id), columns=("id", "code", "name", "short_name")
    )
    materials = coverage_rows.of_zones(desk, {id_: code for id_, code, *_ in hers})
    found = []
    for id_, code, name, short_name in hers:
        material = materials[id_]
        facts = _Told(desk, material, chosen, day, first or _year_before(day)).figures(material.where(chosen, day))
        facts["items"].pop("steps")
        found.append({"zone": code, "zone_name": short_name or name, **facts})
    return found


def _class(sent: str | None) -> str:
    if sent is not None and sent not in set(ChainClass):
        raise BadRequest.parameter("class", "Choose one of: {choices}", choices=", ".join(ChainClass))
    return sent or USUAL


def _year_before(day: str) -> str:
    return f"{int(day[:4]) - 1}{day[4:]}" if day[5:] != "02-29" else f"{int(day[:4]) - 1}-02-28"


def _items(material: Material, codes: Collection[str]) -> list[Record]:
    """The items that would be delegated. Raises BadRequest for one that is not in the catalogue, or that the law reserves."""
    known = material.catalogue
    wanted = list(dict.fromkeys(codes))[:MOST_ITEMS]
    for code in wanted:
        if code not in known or known[code]["reserved"]:
            raise BadRequest.parameter("what_if", "There is no item {power} that could be handed down", power=code[:40])
    return [known[code] for code in wanted]


class _Told:
    """One zone, one class, one day."""

    def __init__(self, desk: Desk, material: Material, class_: str, on: str, first: str) -> None:
        self.desk, self.material, self.class_, self.on, self.first = desk, material, class_, on, first
        self.steps, self.needed = material.steps(class_), material.needed(class_)
        self.names = {key: say(name, desk.language) for key, name in step_names(material.chains).items()}
        self.names |= {step["key"]: say(step["name"], desk.language) for step in self.steps}
        self.serving = coverage_rows.serving(self.steps, material.items)
        self.own = {one.power for one in material.held if one.settles(on)}
        self.taken_in = {one.power for one in material.held if one.in_force(on)} - self.own
        self.cases = material.cases
        self.mine = [case for case in material.cases if case["class"] == class_]

    # ── the three figures ────────────────────────────────────────────────────────────────────────────────────────────
    def figures(self, where: Mapping[str, Settling]) -> Record:
        items = rules.items(self.steps, self.needed, where)
        leaves = rules.leaves_at(self.steps, self.needed, where)
        decided = rules.decided(self.cases, self.first, self.on)
        return {
            "items": {
                "settled": items.settled, "part": items.part, "of": items.of, "percent": _percent(items.settled, items.of),
                "reserved": items.reserved, "steps": [self._step(step, where) for step in self.steps if step["key"] in self.needed],
            },
            "closed_chain": {"closed": leaves is None, "leaves_at": leaves, "name": self.names.get(leaves or "")},
            "cases": {
                "inside": decided.inside, "of": decided.of, "unknown": decided.unknown,
                "percent": _percent(decided.inside, decided.of),
            },
        }  # fmt: skip

    def _step(self, step: Step, where: Mapping[str, Settling]) -> Record:
        key = step["key"]
        return {
            "step": key, "name": self.names[key], "phase": step["phase"], "authority": step["authority"],
            "reserved": step["reserved"], "needs_decision": step["needs_decision"],
            "where": where.get(key, Settling.OUTSIDE).value, "taken_in": not self.taken_in.isdisjoint(self.serving[key]),
            "items": [{"power": power, "held": power in self.own} for power in self.serving[key]],
        }  # fmt: skip

    def classes(self) -> list[Record]:
        """Class by class: can such a project reach its permit without leaving the zone?"""
        found = []
        for name in ChainClass:
            steps, needed = self.material.steps(name), self.material.needed(name)
            leaves = rules.leaves_at(steps, needed, self.material.where(name, self.on))
            named = {step["key"]: say(step["name"], self.desk.language) for step in steps}
            found.append(
                {"class": name.value, "closed": leaves is None, "leaves_at": leaves, "name": named.get(leaves or "")}
            )
        return found

    # ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────────
    def whole(self, where: Mapping[str, Settling]) -> Record:
        days = self._days(where)
        return {
            **self.figures(where),
            "chain_days": rules.chain_days(self.steps, self.needed, {key: d["days"] for key, d in days.items()}),
            "unused": self._unused(),
            "ask_next": self._ask_next(where),
            "days": self._before_and_after(),
        }

    def _unused(self) -> Record:
        rows = [
            {"power": h.power, "name": self._name(h.power), "steps": sorted(h.steps), "since": h.from_on}
            for h in rules.unused(self.material.held, self.cases, self.on)
        ]
        beside = sum(1 for h in self.material.held if not h.steps and h.settles(self.on))
        return {"items": rows, "beside_the_chain": beside}

    def _name(self, power: str) -> str:
        return str(self.material.catalogue[power]["name"])

    def _ask_next(self, where: Mapping[str, Settling]) -> list[Record]:
        return [
            {
                "step": step, "name": self.names[step], "cases": n, "median_days": median,
                "items": [{"power": p, "name": self._name(p)} for p in self.serving[step] if p not in self.own],
            }
            for step, n, median in rules.fetched(self.steps, self.mine, where, self.first, self.on)
        ]  # fmt: skip

    def _before_and_after(self) -> list[Record]:
        """Step by step since the zone settles it, for projects of this class."""
        found = []
        for step in self.steps:
            since = min(
                (
                    h.from_on
                    for h in self.material.held
                    if step["served_as"] in h.steps and h.settles(self.on) and h.from_on
                ),
                default=None,
            )
            if since is None:
                continue
            before, after = rules.before_and_after([c for c in self.mine if c["step"] == step["key"]], since)
            if before.n or after.n:
                found.append({
                    "step": step["key"], "name": self.names[step["key"]], "since": since, "before": _sample(before),
                    "after": _sample(after), "faster_percent": rules.change(before, after),
                })  # fmt: skip
        return found

    def _days(
        self, where: Mapping[str, Settling], sisters: Collection[Record] = (), new: Collection[str] = ()
    ) -> dict[str, Record]:
        """The days that each step takes where it is settled: measured (at least five cases), else as promised.

        ``new``: steps that the zone would settle from now on; they are measured by what sister zones need.
        """
        found = {}
        for step in self.steps:
            key = step["key"]
            inside = where.get(key, Settling.OUTSIDE) is Settling.ZONE
            among = sisters if key in new else self.mine
            days = [
                c["days_used"] for c in among
                if c["step"] == key and c["result"] in rules.DECIDED and c["days_used"] is not None and bool(c["in_zone"]) is inside
            ]  # fmt: skip
            measured = rules.sample(days)
            basis = ("sisters" if key in new else "measured") if measured.median is not None else "promised"
            usual = measured.median if measured.median is not None else days_of(step) or 0
            found[key] = {"days": usual, "basis": basis, "n": measured.n}
        return found

    # ── what if ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def would_be(self, zone_id: int, wanted: list[Record]) -> Record:
        """The figures with these items held from today on, and the days of the steps that would come in."""
        now = self.material.where(self.class_, self.on)
        more = [Held(power["code"], frozenset(power["steps"])) for power in wanted]
        then = self.material.where(self.class_, self.on, more)
        new = {key for key, place in then.items() if place is Settling.ZONE and now.get(key) is not Settling.ZONE}
        sisters = coverage_rows.elsewhere(self.desk, zone_id, self.class_, new & self.needed)
        was, will = self._days(now), self._days(then, sisters, new)
        for key in new:  # nobody promises to be slower than it was
            if will[key]["basis"] == "promised" and will[key]["days"] > was[key]["days"]:
                will[key] = was[key]
        figures = self.figures(then)
        come_in = [
            c
            for c in self.cases
            if c["step"] in new and c["in_zone"] is False and rules.is_decided(c, self.first, self.on)
        ]
        cases = figures["cases"]
        inside = cases["inside"] + len(come_in)
        return {
            "powers": [{"power": p["code"], "name": p["name"], "steps": p["steps"]} for p in wanted],
            "items": {n: v for n, v in figures["items"].items() if n != "steps"},
            "closed_chain": figures["closed_chain"],
            "cases": {**cases, "inside": inside, "percent": _percent(inside, cases["of"])},
            "chain_days": rules.chain_days(self.steps, self.needed, {key: d["days"] for key, d in will.items()}),
            "steps": [
                {"step": key, "name": self.names[key], "before": was[key]["days"], "after": will[key]["days"],
                 "basis": will[key]["basis"], "n": will[key]["n"]}
                for key in will if key in new & self.needed
            ],
        }  # fmt: skip


def _percent(part: int, of: int) -> float | None:
    return round(part / of * 100, 1) if of else None


def _sample(found: rules.Sample) -> Record:
    return {"median": found.median, "n": found.n, "enough": found.n >= rules.LEAST}


# ── the gap ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _gap(desk: Desk, material: Material, on: str, against: str) -> Record:
    """Items that a sister zone (or a county) settles and this zone does not, those on the chain first."""
    own = {one.power for one in material.held if one.settles(on)}
    known, name = material.catalogue, None
    if against == COUNTY:
        theirs: dict[str, str | None] = {
            c: None for c, p in known.items() if p["level"] == COUNTY and not p["reserved"]
        }
    else:
        _, name = delegations.zone_named(desk, against)
        theirs = {h.power: h.from_on for h in coverage_rows.held(desk, against) if h.settles(on)}
    lacking = sorted((c for c in theirs if c not in own), key=lambda c: (not known[c]["steps"], c))
    return {
        "against": against,
        "name": name,
        "items": [
            {
                "power": c,
                "name": known[c]["name"],
                "department": known[c]["department"],
                "steps": known[c]["steps"],
                "since": theirs[c],
            }
            for c in lacking
        ],
        "theirs": len(theirs),
        "ours": len(own),
        "only_ours": len(own - theirs.keys()),
    }

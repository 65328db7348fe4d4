"""The register in plain memory, to hold the real one against: random acts by several people, and everything compared.

``World`` keeps a copy of every project after every act, and says what must come of each deed, a refusal too. Nothing here
uses the house's own ways of checking or counting. ``tests/play.py`` deals the same deeds to the database and compares.
"""

from __future__ import annotations

import random
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from app.errors import Forbidden, NotFound, Refusal, Stale

Facts = dict[str, Any]
NAMES = (
    "东区标准厂房",
    "Wind turbine blades",
    "锂电池二期",
    "Cold storage",
    "生物医药中试",
    "Café Ünïcode",
    "数据中心",
)
FIELDS: dict[str, tuple[Any, ...]] = {
    "name": NAMES,
    "park": (None, "North park", "南园"),
    "remarks": (None, "一", "two\nlines"),
    "phone": (None, "13800000100", "0635-5550100"),
    "total_investment_yuan": (None, 0, 1, 540_000_000, 10**15),
    "annual_plan_yuan": (None, 0, 70_000_000),
    "land_mu": (None, 0.5, 120.0),
    "is_high_energy_emission": (None, True, False),
    "signed_on": (None, "2026-02-28", "2024-02-29"),
    "ledger": ("reserve", "upcoming", "in_construction", "completed"),
    "disposition": ("active", "active", "active", "deferred", "withdrawn"),
    "pending": (True, False),
    "relation": (None, None, None, None, "part"),
}
"""Fields that the model follows, each with values to draw from: unknown, zero, largest, two alphabets."""
PRIVATE = {"phone"}
AMOUNTS = ("total_investment_yuan", "annual_plan_yuan")
EDITORS = {"editor": {"EAST"}, "stranger": {"WEST"}, "both": {"EAST", "WEST"}, "reviewer": {"EAST"}}
OFFICES = {"office", "leader", "auditor"}
"""They see every zone. Only the first may transfer, none may amend."""
PEOPLE = (*EDITORS, *OFFICES)


def sees(who: str) -> set[str]:
    return EDITORS.get(who, {"EAST", "WEST"})


@dataclass
class World:
    """Projects as they are, as they were after every act, and what each act changed."""

    now: dict[int, Facts] = field(default_factory=dict)
    seq: int = 0
    past: dict[int, dict[int, Facts]] = field(default_factory=dict)
    changes: list[tuple[int, int, dict[str, list[Any]]]] = field(default_factory=list)
    """(act, project, {field: [before, after]}), in the order written."""

    def get(self, who: str, id_: int, *, may: bool, version: int | None = None, deleted: bool = False) -> Facts:
        row = self.now.get(id_)
        if row is None or row["zone"] not in sees(who) or (row["deleted"] and not deleted):
            raise NotFound
        if not may:
            raise Forbidden
        if version is not None and version != row["since"]:
            raise Stale
        return row

    def save(self, before: dict[int, Facts], order: list[int]) -> int | None:
        """Number an act, if anything became different; its number."""
        diffs = []
        for id_ in order:
            old, new = before.get(id_), self.now[id_]
            diff = {f: [old[f] if old else None, new[f]] for f in FIELDS if (old[f] if old else None) != new[f]}
            if old is None or diff or any(old[k] != new[k] for k in ("zone", "deleted")):
                diffs.append((id_, diff))
        if not diffs:
            return None
        self.seq += 1
        for id_, diff in diffs:
            self.now[id_]["since"] = self.seq
            self.changes.append((self.seq, id_, diff))
        self.past[self.seq] = deepcopy(self.now)
        return self.seq

    def forget(self, seq: int) -> None:
        """The act was only a rehearsal."""
        self.seq = seq - 1
        self.past.pop(seq)
        self.changes = [c for c in self.changes if c[0] != seq]

    def at(self, seq: int) -> dict[int, Facts]:
        """The projects as they stood after act ``seq``."""
        return self.past.get(seq, {})

    def totals(self, seq: int) -> dict[tuple[str, str], dict[str, int]]:
        """Counts and amounts by zone and ledger after act ``seq``, counted afresh from the copies."""
        cells: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in self.at(seq).values():
            if row["deleted"] or row["disposition"] == "withdrawn" or row["relation"] == "part":
                continue
            cell = cells[row["zone"], row["ledger"]]
            official = not row["pending"]
            cell["projects"] += 1
            cell["official"] += official
            for name in AMOUNTS:
                if row[name] is not None:
                    cell[f"{name}_sum"] += row[name]
                    cell[f"{name}_known"] += 1
                    cell[f"{name}_official_sum"] += row[name] * official
                    cell[f"{name}_official_known"] += official
        return {key: {k: v for k, v in cell.items() if v} for key, cell in cells.items()}


@dataclass(frozen=True)
class Deed:
    """One act to be tried: who, what, with which values, and whether only to rehearse it."""

    who: str
    kind: str
    values: tuple[Any, ...]
    rehearse: bool = False


def draw(world: World, chance: random.Random) -> Deed:
    """A random act, now and then a forbidden, stale or senseless one."""
    who = chance.choice(PEOPLE) if chance.random() < 0.2 else chance.choice(("both", "both", "both", *EDITORS))
    kinds = ["create", "create", "create", "amend", "amend", "amend", "remove", "restore", "shift", "transfer", "bulk"]
    kind = chance.choice([*kinds, "twice", "back", "partly", "nothing"]) if world.now else "create"
    if kind == "transfer" and chance.random() < 0.8:
        who = "office"
    ids = list(world.now) or [1]

    def edit(most: int = 4) -> Facts:
        return {f: chance.choice(FIELDS[f]) for f in chance.sample(list(FIELDS), chance.randint(1, most))}

    def target() -> tuple[int, int | None]:
        id_ = chance.choice([*ids, ids[-1] + 7]) if chance.random() < 0.1 else chance.choice(ids)
        since = world.now[id_]["since"] if id_ in world.now else 1
        return id_, chance.choice([since, since, since, since, since, since, None, max(since - 1, 1)])

    some = chance.sample(ids, min(len(ids), chance.randint(1, 5)))
    bulk = [(i, world.now[i]["since"] if i in world.now else 1) for i in some]
    values: dict[str, tuple[Any, ...]] = {
        "create": (chance.choice(("EAST", "WEST")), {**{f: chance.choice(v) for f, v in FIELDS.items()}}),
        "amend": (*target(), edit()),
        "remove": target(),
        "restore": target(),
        "shift": (*target(), {"ledger": chance.choice(FIELDS["ledger"])}),
        "transfer": (*target(), chance.choice(("EAST", "WEST"))),
        "bulk": (bulk, edit(2)),
        "twice": (*target(), edit(), edit()),
        "back": (*target(), edit()),
        "partly": (bulk, edit(2)),
        "nothing": target(),
    }
    return Deed(who, kind, values[kind], rehearse=chance.random() < 0.1)


def expected(world: World, deed: Deed, new_id: int) -> tuple[type[Refusal] | None, int | None]:
    """What must come of a deed: the refusal or None, and the number of the act or None; the world moves on.

    ``new_id`` is what a created project is called.
    """
    before = deepcopy(world.now)
    try:
        order = _apply(world, deed, new_id)
    except Refusal as refused:
        world.now = before
        return type(refused), None
    seq = world.save(before, order)
    if deed.rehearse and seq is not None:
        world.now = before
        world.forget(seq)
    return None, seq


def _apply(world: World, deed: Deed, new_id: int) -> list[int]:
    """Do the deed to the world; the rows it touched. Raises what must be refused."""
    if deed.kind in ("create", "bulk", "partly"):
        return _apply_to_several(world, deed, new_id)
    id_, version, *rest = deed.values
    may = deed.who == "office" if deed.kind == "transfer" else deed.who in EDITORS
    row = world.get(deed.who, id_, may=may, version=version, deleted=deed.kind == "restore")
    match deed.kind, rest:
        case "amend" | "shift" | "twice", edits:
            for edit in edits:
                row.update(edit)
        case "remove" | "restore", _:
            row["deleted"] = deed.kind == "remove"
        case "transfer", [zone]:
            row["zone"] = zone
        case "back" | "nothing", _:
            pass
    return [id_]


def _apply_to_several(world: World, deed: Deed, new_id: int) -> list[int]:
    who, edits = deed.who, deed.who in EDITORS
    match deed.kind, deed.values:
        case "create", (zone, facts):
            if zone not in sees(who):
                raise NotFound
            if not edits:
                raise Forbidden
            world.now[new_id] = {**facts, "zone": zone, "deleted": False, "since": 0}
            return [new_id]
        case "bulk", (targets, edit):
            for id_, version in targets:
                world.get(who, id_, may=edits, version=version).update(edit)
            return [id_ for id_, _ in targets]
        case _, (targets, edit):
            return _partly(world, who, edits, targets, edit)
    raise AssertionError(deed)


def _partly(world: World, who: str, edits: bool, targets: list[tuple[int, int]], edit: Facts) -> list[int]:
    """Every second row is refused after it was written, and every row she may not have: the others stand."""
    done = []
    for n, (id_, version) in enumerate(targets):
        try:
            row = world.get(who, id_, may=edits, version=version)
        except Refusal:
            continue
        if n % 2 == 0:
            row.update(edit)
            done.append(id_)
    return done

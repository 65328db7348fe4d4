"""Deals random deeds to the model and to the database, and compares all that the database can say with the model.

A disagreement is an ``AssertionError`` that names the seed and the step, so that it can be played again.
"""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import orjson

from app.db import Caller
from app.desk import Desk
from app.engine import Link, Sql
from app.errors import Refusal
from app.models import Project, core
from app.services.sums import bridge, sums_as_of
from tests import deeds
from tests.cast import Cast
from tests.model import AMOUNTS, FIELDS, PRIVATE, Deed, Facts, World, draw, expected, sees

CHECKED = (
    "projects",
    "official",
    *(f"{a}{t}" for a in AMOUNTS for t in ("_sum", "_known", "_official_sum", "_official_known")),
)
COLUMNS = ", ".join(CHECKED)
TOTALS = Sql(f"SELECT zone_id, ledger, {COLUMNS} FROM total")
POSTED = Sql(f"SELECT zone_id, ledger, {COLUMNS} FROM posting WHERE seq > :after AND seq <= :until")
ALL_TOTALS = Sql(f"SELECT zone_id, ledger, {', '.join(core.COUNTED)} FROM total")
ALL_POSTED = Sql(f"SELECT zone_id, ledger, {', '.join(core.COUNTED)} FROM posting")
FEED = Sql("SELECT seq, row_id, diff FROM change WHERE noun = 'project' ORDER BY seq, n")
NUMBERS = Sql("SELECT seq FROM act ORDER BY seq")
HEAD = Sql("SELECT seq, hash FROM head")
SEARCHABLE = {"sqlite": Sql("SELECT rowid FROM search"), "postgresql": Sql("SELECT id FROM project_terms")}
STAMPS = Sql("SELECT scope, seq FROM stamp WHERE scope LIKE 'zone:%'")


class Play:
    """One run: a world, a database with the cast in it, and a seed."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.seed = cast, seed
        self.world = World()
        self.chance = random.Random(seed)
        self.zones = {"EAST": cast.east, "WEST": cast.west}
        self.codes = {v: k for k, v in self.zones.items()}
        self.first: int = cast.database.read_now(lambda link: link.value(HEAD))
        self.world.seq = self.first
        self.world.past[self.first] = {}
        self.steps = 0

    def run(self, steps: int, every: int = 40) -> None:
        """Play ``steps`` deeds and compare now and then, and at the end."""
        for n in range(1, steps + 1):
            self.step()
            if n % every == 0 or n == steps:
                self.compare()

    def step(self) -> None:
        """One deed, dealt to both."""
        self.steps += 1
        deed = draw(self.world, self.chance)
        refused: type[Refusal] | None = None
        value: dict[str, Any] = {}
        seq: int | None = None
        try:
            value, seq = self._deal(deed)
        except Refusal as error:
            refused = type(error)
        # A rehearsal answers the number the act would have had.
        wanted = expected(self.world, deed, value.get("id", -1))
        self._same((refused, seq), wanted, f"what comes of {deed}")

    def _deal(self, deed: Deed) -> tuple[dict[str, Any], int | None]:
        values = list(deed.values)
        if deed.kind in ("create", "transfer"):
            place = 0 if deed.kind == "create" else 2
            values[place] = self.zones[values[place]]
        answer = self.cast.database.act_now(
            self.cast.by(deed.who, rehearse=deed.rehearse), getattr(deeds, deed.kind), *values
        )
        return answer.value, answer.seq

    def _same(self, found: Any, wanted: Any, what: str) -> None:
        if found != wanted:
            raise AssertionError(f"seed {self.seed}, step {self.steps}: {what}\n  found  {found}\n  wanted {wanted}")

    # ── comparing ────────────────────────────────────────────────────────────────────────────────────────────────
    def compare(self) -> None:
        """Hold everything the database says against the model."""
        some = [self.chance.randint(self.first, self.world.seq) for _ in range(4)]
        self._numbers()
        for who in ("editor", "stranger", "leader"):
            self._rows(who, None)
            for seq in some:
                self._rows(who, seq)
        self.cast.database.read_now(self._sums)
        low, high = min(some), max(some)
        self.cast.database.read_now(lambda link: self._bridge(link, low, high))
        for seq in (*some, self.world.seq):
            self._asked(lambda desk, seq=seq: self._sums_then(desk, seq))
        self._asked(lambda desk: self._explained(desk, low, high))
        self.cast.database.read_now(self._feed)
        self.cast.database.read_now(self._freshness)
        for id_ in self.chance.sample(list(self.world.now), min(3, len(self.world.now))):
            self._history(id_)

    def _numbers(self) -> None:
        numbers = [n for (n,) in self.cast.database.read_now(lambda link: link.rows(NUMBERS))]
        self._same(numbers, list(range(1, self.world.seq + 1)), "the numbers of the acts")

    def _rows(self, who: str, seq: int | None) -> None:
        caller = self.cast.by(who, as_of=seq)
        found = self.cast.database.ask_now(caller, self._projects)
        then = self.world.now if seq is None else self.world.at(seq)
        wanted = {i: row for i, row in then.items() if row["zone"] in sees(who)}
        self._same(found, wanted, f"projects that {who} sees as of {seq}")

    def _projects(self, desk: Desk) -> dict[int, Facts]:
        rows = desk.rows(Project, "model", lambda q, t: q, deleted="with")
        return {
            row.id or 0: {
                **{f: getattr(row, f) for f in FIELDS},
                "zone": self.codes[row.zone_id],
                "deleted": row.deleted_at is not None,
                "since": row.since,
            }
            for row in rows
        }

    def _cells(self, rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], dict[str, int]]:
        cells: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for zone_id, ledger, *counted in rows:
            for name, value in zip(CHECKED, counted, strict=True):
                cells[self.codes[zone_id], ledger][name] += value
        plain = {key: {k: v for k, v in cell.items() if v} for key, cell in cells.items()}
        return {key: cell for key, cell in plain.items() if cell}

    def _sums(self, link: Link) -> None:
        self._same(self._cells(link.rows(TOTALS)), self.world.totals(self.world.seq), "the sums")
        for seq in (self.world.seq, self.chance.randint(self.first, self.world.seq)):
            posted = self._cells(link.rows(POSTED, {"after": 0, "until": seq}))
            self._same(posted, self.world.totals(seq), f"the postings up to {seq}")
        added: dict[tuple[int, str], list[int]] = {}
        for zone_id, ledger, *counted in link.rows(ALL_POSTED):
            cell = added.setdefault((zone_id, ledger), [0] * len(counted))
            added[zone_id, ledger] = [a + b for a, b in zip(cell, counted, strict=True)]
        totals = {(z, ledger): list(c) for z, ledger, *c in link.rows(ALL_TOTALS)}
        self._same(totals, added, "all columns of the sums against all postings")

    def _bridge(self, link: Link, low: int, high: int) -> None:
        moved = self._cells(link.rows(POSTED, {"after": low, "until": high}))
        before, after = self.world.totals(low), self.world.totals(high)
        wanted = {}
        for key in before.keys() | after.keys():
            old, new = before.get(key, {}), after.get(key, {})
            cell = {n: new.get(n, 0) - old.get(n, 0) for n in CHECKED if new.get(n, 0) != old.get(n, 0)}
            if cell:
                wanted[key] = cell
        self._same(moved, wanted, f"the bridge from {low} to {high}")

    def _sums_then(self, desk: Desk, seq: int) -> None:
        """The sums as of an act, of each zone and of both together, as the house works them out."""
        for codes in (("EAST",), ("WEST",), ("EAST", "WEST"), None):
            ids = [self.zones[c] for c in codes] if codes else None
            found = {ledger: self._named(counted) for ledger, counted in sums_as_of(desk, ids, seq).items()}
            wanted: dict[str, dict[str, int]] = {}
            for (zone, ledger), cell in self.world.totals(seq).items():
                if codes is None or zone in codes:
                    known = wanted.setdefault(ledger, {})
                    wanted[ledger] = {n: known.get(n, 0) + cell.get(n, 0) for n in CHECKED}
            shown = {ledger: {n: v for n, v in cell.items() if v} for ledger, cell in wanted.items()}
            self._same({k: v for k, v in found.items() if v}, shown, f"the sums of {codes} as of {seq}")

    def _explained(self, desk: Desk, low: int, high: int) -> None:
        """The bridge leads from one set of sums to the other."""
        before, after = sums_as_of(desk, None, low), sums_as_of(desk, None, high)
        for ledger, kinds in bridge(desk, None, low, high).items():
            moved = [sum(column) for column in zip(*kinds.values(), strict=True)]
            nothing = [0] * len(core.COUNTED)
            wanted = [b - a for a, b in zip(before.get(ledger, nothing), after.get(ledger, nothing), strict=True)]
            self._same(moved, wanted, f"the bridge of {ledger} from {low} to {high}")

    def _named(self, counted: list[int]) -> dict[str, int]:
        return {n: v for n, v in zip(core.COUNTED, counted, strict=True) if n in CHECKED and v}

    def _feed(self, link: Link) -> None:
        feed = [(seq, id_, orjson.loads(diff)) for seq, id_, diff in link.rows(FEED)]
        told = [(seq, id_, self._plain(diff)) for seq, id_, diff in feed]
        self._same(told, [(s, i, self._plain(d)) for s, i, d in self.world.changes], "the feed")
        again: dict[int, Facts] = {}
        for _, id_, diff in feed:
            row = again.setdefault(id_, dict.fromkeys(FIELDS))
            row.update({f: after for f, (_, after) in diff.items() if f in FIELDS})
        wanted = {i: self._shown(row) for i, row in self.world.now.items()}
        self._same({i: self._shown(row) for i, row in again.items()}, wanted, "the changes replayed")

    def _shown(self, row: Facts) -> Facts:
        return {f: row[f] for f in FIELDS if f not in PRIVATE}

    def _plain(self, diff: dict[str, Any]) -> dict[str, Any]:
        """A difference in the fields that are followed; of private ones only which side is known."""
        return {
            f: [v is not None for v in sides] if f in PRIVATE else list(sides)
            for f, sides in diff.items()
            if f in FIELDS
        }

    def _freshness(self, link: Link) -> None:
        touched: dict[str, int] = {}
        for seq in range(self.first + 1, self.world.seq + 1):
            for s, id_, _ in self.world.changes:
                if s == seq:
                    touched[self.world.at(seq)[id_]["zone"]] = seq
                    if id_ in self.world.at(seq - 1):
                        touched[self.world.at(seq - 1)[id_]["zone"]] = seq
        stamps = {self.codes[int(scope.removeprefix("zone:"))]: seq for scope, seq in link.rows(STAMPS)}
        self._same(stamps, touched, "the stamps of the zones")
        findable = {id_ for (id_,) in link.rows(SEARCHABLE[link.dialect])}
        self._same(findable, {i for i, r in self.world.now.items() if not r["deleted"]}, "what search can find")

    def _history(self, id_: int) -> None:
        row, version = self.world.now[id_], self.chance.randint(self.first, self.world.seq)

        def read(desk: Desk) -> list[Any]:
            return desk.changes_since(desk.get(Project, id_, deleted=True), version)

        found = [(c["version"], c["field"], c["before"], c["after"]) for c in self._asked(read) if c["field"] in FIELDS]
        wanted = [
            (seq, f, a, b)  # private ones too: a leader may read them
            for seq, changed, diff in self.world.changes
            if changed == id_ and seq > version
            for f, (a, b) in diff.items()
        ]
        self._same(
            sorted(found, key=str), sorted(wanted, key=str), f"the history of {id_} ({row['zone']}) since {version}"
        )

    def _asked(self, read: Any) -> Any:
        caller: Caller = self.cast.leader
        return self.cast.database.ask_now(caller, read)

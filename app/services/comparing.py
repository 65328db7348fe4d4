"""Likenesses found: what acts have changed since the last look is compared, a batch at a time, and the pairs are kept.

They are no facts of the register: they can be found again from the rows at any time. A pair is kept under the one that was
registered first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from app import clock
from app.engine import Link, Sql
from app.rules.duplicates import Likeness, Strength
from app.rules.firm_codes import Subject
from app.services import alike
from app.services.alike import Known

AT_ONCE, SCANNED = 100, 2_000
"""Registrations compared, and changes looked at, in one batch."""
MOST = 3
"""Pairs that are kept of one registration, the surest ones."""
TOLD = frozenset({"name", "investor_name", "company_name", "company_credit_code", "enterprise_id", "total_investment_yuan", "contract_amount_yuan",
    "intended_amount_yuan", "location", "deleted_at", "zone_id", "parent_id", "project_id"})  # fmt: skip
"""Fields that make a likeness."""
LAST = Sql("SELECT seq, n FROM compared")
WHOLE = 2**62
"""In the place of a change: all of an act."""
CHANGED = Sql(
    "SELECT seq, n, noun, row_id, diff FROM change WHERE (seq, n) > (:after, :n) AND noun IN ('project', 'lead') "
    "ORDER BY seq, n LIMIT :most"
)
HEAD = Sql("SELECT seq FROM head")
FORGET = Sql(
    "DELETE FROM likeness WHERE (first_kind = :kind AND first_id = :id) OR (later_kind = :kind AND later_id = :id)"
)
KEEP = Sql(
    "INSERT INTO likeness (first_kind, first_id, later_kind, later_id, strength, score, reasons, found_at) "
    "VALUES (:first_kind, :first_id, :later_kind, :later_id, :strength, :score, :reasons, :at) "
    "ON CONFLICT (first_kind, first_id, later_kind, later_id) DO UPDATE SET strength = excluded.strength, score = excluded.score, "
    "reasons = excluded.reasons"
)
DONE = Sql(
    "INSERT INTO compared (one, seq, n) VALUES (1, :seq, :n) ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, n = excluded.n"
)


@dataclass(frozen=True)
class Batch:
    """What was compared, up to which change of which act, and what was found."""

    seq: int
    n: int
    sides: tuple[tuple[str, int], ...]
    pairs: tuple[dict[str, Any], ...]


def next_batch(link: Link) -> Batch | None:
    """The next registrations to be compared, and their pairs; None when nothing is left. A read."""
    after, n = link.row(LAST) or (0, -1)
    head = link.value(HEAD) or 0
    if after >= head and n == WHOLE:
        return None
    rows = link.rows(CHANGED, {"after": after, "n": n, "most": SCANNED})
    sides: dict[tuple[str, int], None] = {}
    for seq, at, noun, id_, diff in rows:
        if len(sides) == AT_ONCE:
            return _compared(link, after, n, sides)
        after, n = seq, at
        if not TOLD.isdisjoint(orjson.loads(diff)):
            sides[(noun, id_)] = None
    return _compared(link, after, n, sides) if len(rows) == SCANNED else _compared(link, head, WHOLE, sides)


def _compared(link: Link, seq: int, n: int, sides: dict[tuple[str, int], None]) -> Batch:
    there = alike.known(link, sides)
    became = [(Subject.PROJECT.value, k.tie or 0) for k in there.values() if k.landed]
    there |= alike.known(link, became)
    every = tuple(dict.fromkeys((*sides, *became)))
    living = [there[side] for side in every if side in there and not there[side].landed]
    return Batch(seq, n, every, tuple(pair for one in living for pair in _pairs(link, one)))


def _pairs(link: Link, one: Known) -> Iterator[dict[str, Any]]:
    others = [k for k in alike.near(link, one.keys) if k.side != one.side and not alike.tied(one, k)]
    sure = [(how, k) for how, k in alike.likened(one.telling, others) if how.strength is not Strength.FIRM]
    for how, other in sure[:MOST]:
        yield _pair(one, other, how)


def _pair(one: Known, other: Known, how: Likeness) -> dict[str, Any]:
    first, later = sorted((one, other), key=lambda k: (k.registered[:10], k.kind is Subject.PROJECT, k.id))
    return {
        "first_kind": first.kind.value, "first_id": first.id, "later_kind": later.kind.value, "later_id": later.id,
        "strength": how.strength.value, "score": how.score, "reasons": orjson.dumps([r.value for r in how.reasons]).decode(),
    }  # fmt: skip


def write(link: Link, batch: Batch) -> None:
    """Keep what a batch found in place of what was known of its registrations. A chore."""
    at = clock.moment()
    link.many(FORGET, [{"kind": kind, "id": id_} for kind, id_ in batch.sides])
    link.many(KEEP, [{**pair, "at": at} for pair in batch.pairs])
    link.run(DONE, {"seq": batch.seq, "n": batch.n})

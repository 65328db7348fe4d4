"""Verdicts of the city office on registrations that are alike, and how each of them counts from then on.

同一项目: the later one is no signing of its own, the first contact keeps the credit. 增资, 扩建: the later one counts by its
increment. 迁建: it is not counted as new. 不同项目: both count, and the likeness is settled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk, zones_value
from app.engine import Link, Sql
from app.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from app.models import Verdict
from app.models.checking import check
from app.models.enterprise_shapes import VerdictEdit, VerdictNew
from app.rules.access import Act
from app.rules.firm_codes import Sameness, Subject
from app.services import alike, reasons
from app.services.alike import AMONG, Known
from app.services.records import zone_codes

Record = dict[str, Any]
FIELDS = ("verdict", "increment_yuan", "document", "decided_on", "reason", "decided_by")
BY_INCREMENT = frozenset({Sameness.CAPITAL_INCREASE, Sameness.EXPANSION})
NO_SIGNING = frozenset({Sameness.SAME_PROJECT, Sameness.RELOCATION})
AT_ONCE = 20
STANDS = (  # a lead that became a project since is judged as the project
    "SELECT CASE WHEN a.project_id IS NULL THEN v.first_kind ELSE 'project' END AS kind, coalesce(a.project_id, v.first_id) AS id, "
    "CASE WHEN b.project_id IS NULL THEN v.later_kind ELSE 'project' END AS kind2, coalesce(b.project_id, v.later_id) AS id2 "
    "FROM verdict v LEFT JOIN lead a ON v.first_kind = 'lead' AND a.id = v.first_id "
    "LEFT JOIN lead b ON v.later_kind = 'lead' AND b.id = v.later_id WHERE v.deleted_at IS NULL"
)
OPEN = Sql(
    f"WITH judged AS ({STANDS}), pairs AS (SELECT * FROM judged UNION ALL SELECT kind2, id2, kind, id FROM judged) "
    "SELECT l.first_kind, l.first_id, l.later_kind, l.later_id, l.strength, l.reasons, l.score FROM likeness l "
    "LEFT JOIN pairs p ON p.kind = l.first_kind AND p.id = l.first_id AND p.kind2 = l.later_kind AND p.id2 = l.later_id "
    "WHERE p.id IS NULL "
    "ORDER BY l.score DESC, l.later_kind, l.later_id, l.first_kind, l.first_id LIMIT :most OFFSET :skip"
)
THEN = "v.since <= :seq AND v.until > :seq AND v.deleted_at IS NULL"
"""A verdict as it stood at an act."""


def _verdicts(dialect: str, *, then: bool, of_leads: bool) -> Sql:
    """The verdicts on some projects or leads as the later ones; ``of_leads``: on the leads that some projects were."""
    table, stood = ("verdict_version", THEN) if then else ("verdict", "v.deleted_at IS NULL")
    among = AMONG[dialect]
    if of_leads:
        return Sql(
            f"SELECT l.project_id, v.verdict, v.increment_yuan FROM {table} v JOIN lead l ON l.id = v.later_id "
            f"WHERE v.later_kind = 'lead' AND {stood} AND l.project_id {among} ORDER BY v.id"
        )
    return Sql(
        f"SELECT v.later_id, v.verdict, v.increment_yuan FROM {table} v WHERE v.later_kind = :kind AND v.later_id {among} "
        f"AND {stood} ORDER BY v.id"
    )


JUDGED = {
    (dialect, then, of_leads): _verdicts(dialect, then=then, of_leads=of_leads)
    for dialect in AMONG
    for then in (False, True)
    for of_leads in (False, True)
}


@dataclass(frozen=True)
class Counting:
    """How a lead or project counts as a signing after a verdict on it. Without one it counts whole."""

    verdict: Sameness
    signs: bool
    """Is it a signing of its own?"""
    increment_yuan: int | None
    """What counts of it, where it counts by its increment and that is told; None: its own amount, which is the increment."""


def counting(link: Link, kind: Subject, ids: Iterable[int], seq: int | None = None) -> dict[int, Counting]:
    """How those of these leads or projects count on which there is a verdict as the later one. A project is also judged by
    the verdict on the lead it was. ``seq``: as it stood at this act. Nothing of the other side is told, so no leave is asked."""
    values: Record = {"ids": zones_value(link.dialect, sorted(set(ids)))} | ({} if seq is None else {"seq": seq})
    then = seq is not None
    rows = link.rows(JUDGED[link.dialect, then, True], values) if kind is Subject.PROJECT else []
    rows += link.rows(JUDGED[link.dialect, then, False], values | {"kind": kind.value})
    found: dict[int, Counting] = {}
    for id_, said, increment in rows:
        verdict = Sameness(said)
        if verdict is not Sameness.DIFFERENT:
            by_increment = increment if verdict in BY_INCREMENT else None
            made = Counting(verdict, verdict not in NO_SIGNING, by_increment)
            known = found.get(id_)
            found[id_] = made if known is None or known.signs else known  # once no signing, none
    return found


# ── what is open ─────────────────────────────────────────────────────────────────────────────────────────────────────
def judge(desk: Desk, act: Act) -> None:
    """Leave for what is about registrations of every zone: for those only who see all of them and every name."""
    desk.ask(act)
    if not desk.actor.everywhere:
        raise Forbidden("This belongs to the city, not to a zone")


def open_(desk: Desk, skip: int = 0, most: int = AT_ONCE) -> list[Record]:
    """Likenesses without a verdict, the surest first: ``first`` and ``later`` by the day of registration, beside each other."""
    judge(desk, Act.VERDICT_READ)
    rows = desk.link.rows(OPEN, {"most": most, "skip": skip})
    there = alike.known(desk.link, (side for r in rows for side in ((r[0], r[1]), (r[2], r[3]))))
    codes = zone_codes(desk.link, {k.zone_id for k in there.values()})
    found = []
    for first_kind, first_id, later_kind, later_id, strength, reasons_, _ in rows:
        one, other = there.get((first_kind, first_id)), there.get((later_kind, later_id))
        if one is None or other is None:
            continue
        first, later = sorted((one, other), key=lambda k: (k.registered[:10], k.kind.value, k.id))
        sides = {"first": side_told(desk, first, codes), "later": side_told(desk, later, codes)}
        found.append({**sides, "strength": strength, "reasons": orjson.loads(reasons_)})
    return found


def side_told(desk: Desk, side: Known, codes: dict[int, str]) -> Record:
    """One side of a likeness, as those see it who see every zone. A confidential lead keeps its name from who may not read it."""
    clear = not side.confidential or desk.may(Act.LEAD_SECRET_READ)
    return {
        "kind": side.kind.value, "id": side.id, "code": side.code, "zone": codes[side.zone_id], "name": side.name if clear else side.code,
        "investor_name": side.investor if clear else None, "credit_code": side.telling.credit_code if clear else None,
        "amount_yuan": side.telling.amount_yuan, "location": side.telling.location, "registered": side.registered[:10],
        "stands": side.stands, "disposition": side.disposition, "enterprise_id": side.enterprise_id if clear else None,
    }  # fmt: skip


# ── deciding ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _told(desk: Desk, row: Verdict, there: dict[tuple[str, int], Known], codes: dict[int, str]) -> Record:
    sides = {}
    for which in ("first", "later"):
        kind, id_ = getattr(row, f"{which}_kind"), getattr(row, f"{which}_id")
        known = there.get((kind, id_))
        sides[which] = side_told(desk, known, codes) if known else None
    return {"id": row.id, **sides, **{n: getattr(row, n) for n in FIELDS}, "version": row.since}


def _all(desk: Desk, rows: list[Verdict]) -> list[Record]:
    there = alike.known(desk.link, {s for r in rows for s in ((r.first_kind, r.first_id), (r.later_kind, r.later_id))})
    codes = zone_codes(desk.link, {k.zone_id for k in there.values()})
    return [_told(desk, row, there, codes) for row in rows]


def list_(desk: Desk) -> list[Record]:
    """Every verdict, the latest first; a side that was deleted since is null."""
    judge(desk, Act.VERDICT_READ)
    return _all(desk, desk.rows(Verdict, "all", lambda q, t: q.order_by(t.c.decided_on.desc(), t.c.id.desc())))


def read(desk: Desk, id_: int) -> Record:
    """One verdict."""
    judge(desk, Act.VERDICT_READ)
    return _all(desk, [desk.get(Verdict, id_)])[0]


def decide(desk: Desk, values: Record) -> Record:
    """Decide on two registrations. Raises Invalid for a side that is not there, Conflict ``decided``; a reason is asked for."""
    judge(desk, Act.VERDICT_WRITE)
    facts = check(VerdictNew, reasons.take(desk, values))
    first, later = ((facts[w]["kind"], facts[w]["id"]) for w in ("first", "later"))
    there = alike.known(desk.link, (first, later))
    missing = [w for w, side in (("first", first), ("later", later)) if side not in there]
    if missing:
        raise Invalid(problems=[Problem(f"/{w}/id", "not_found", "There is no such lead or project") for w in missing])
    if first == later:
        raise Invalid.one("/later/id", "itself", "Choose two different registrations")
    row = _pair(desk, first, later) or Verdict(
        first_kind=first[0], first_id=first[1], later_kind=later[0], later_id=later[1], verdict=facts["verdict"]
    )
    if row.id is not None and row.deleted_at is None:
        raise Conflict("There is a verdict on these two already; change that one", code="decided", extra={"id": row.id})
    row.deleted_at = None
    for name in ("increment_yuan", "document", "decided_on"):
        setattr(row, name, None)
    _put(desk, row, {n: v for n, v in facts.items() if n in FIELDS})
    desk.keep(row)
    return read(desk, row.id or 0)


def _put(desk: Desk, row: Verdict, values: Record) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    if not desk.reason:
        reasons.refuse(["verdict"])
    row.reason, row.decided_by, row.decided_on = desk.reason, desk.actor.name, row.decided_on or desk.today
    if row.decided_on > desk.today:
        raise Invalid.one("/decided_on", "future", "The day of a fact cannot lie in the future")
    if row.increment_yuan is not None and Sameness(row.verdict) not in BY_INCREMENT:
        raise Invalid.one(
            "/increment_yuan", "no_increment", "Only a capital increase or an expansion counts by an increment"
        )


def _pair(desk: Desk, first: tuple[str, int], later: tuple[str, int]) -> Verdict | None:
    """The verdict on these two, whichever came first; one that was taken back only where they stand in the same order."""
    names = ("a", "b", "c", "d")
    columns = ("first_kind", "first_id", "later_kind", "later_id")
    for sides in ((*first, *later), (*later, *first)):
        rows = desk.rows(
            Verdict,
            "pair",
            lambda q, t: q.where(*(t.c[c] == sa.bindparam(n) for c, n in zip(columns, names, strict=True))),
            dict(zip(names, sides, strict=True)),
            deleted="with",
        )
        if rows and (rows[0].deleted_at is None or sides == (*first, *later)):
            return rows[0]
    return None


def amend(desk: Desk, id_: int, edit: Record, *, version: int | None = None) -> Record:
    """Change a verdict; what it was stands in history. A reason is asked for."""
    row = desk.get(Verdict, id_, to=Act.VERDICT_WRITE)
    judge(desk, Act.VERDICT_WRITE)
    values = check(VerdictEdit, reasons.take(desk, edit), partial=True)
    desk.current(row, version, changing=values.keys())
    _put(desk, row, values)
    desk.keep(row)
    return read(desk, id_)


def take_back(desk: Desk, id_: int, *, version: int | None = None) -> Record:
    """Take a verdict back: both count again, and the likeness is open."""
    row = desk.get(Verdict, id_, to=Act.VERDICT_WRITE)
    judge(desk, Act.VERDICT_WRITE)
    desk.current(row, version)
    told = read(desk, id_)
    row.deleted_at = desk.now
    desk.keep(row)
    return {**told, "version": row.since}


# ── what a zone is told ──────────────────────────────────────────────────────────────────────────────────────────────
def of_subject(desk: Desk, kind: Subject, id_: int) -> list[Record]:
    """The verdicts on a lead or project that she sees: what was decided, whether hers is the later one, and how it counts.

    Of the other side she is told what she may see anyway: ``other`` is null for a registration of another zone. The city
    office's reason may speak of the other side, so it is told only beside one that she sees.
    """
    there = alike.known(desk.link, [(kind.value, id_)])
    own = there.get((kind.value, id_))
    if own is None or not desk.actor.sees(own.zone_id):
        raise NotFound
    desk.ask(Act.REGISTER_READ, own.zone_id)
    on = lambda q, t: q.where(  # noqa: E731
        sa.or_(
            sa.and_(t.c.first_kind == sa.bindparam("kind"), t.c.first_id == sa.bindparam("id")),
            sa.and_(t.c.later_kind == sa.bindparam("kind"), t.c.later_id == sa.bindparam("id")),
        )
    ).order_by(t.c.id)
    rows = desk.rows(Verdict, "of", on, {"kind": kind.value, "id": id_})
    sides = {row.id: _other(row, (kind.value, id_)) for row in rows}
    others = alike.known(desk.link, set(sides.values()))
    found = []
    for row in rows:
        later = (row.later_kind, row.later_id) == (kind.value, id_)
        other = others.get(sides[row.id])
        shown = other if other is not None and alike.seen_by(desk, other) else None
        found.append(
            {
                "verdict": row.verdict,
                "later": later,
                "decided_on": row.decided_on,
                "document": row.document,
                "increment_yuan": row.increment_yuan if later else None,
                "reason": row.reason if shown else None,
                "other": {"kind": shown.kind.value, "id": shown.id, "name": shown.name} if shown else None,
            }
        )
    return found


def _other(row: Verdict, side: tuple[str, int]) -> tuple[str, int]:
    """The side of a verdict that this one is not."""
    first, later = (row.first_kind, row.first_id), (row.later_kind, row.later_id)
    return first if later == side else later

"""Registrations of every zone that are like one: candidates by their keys, then compared word for word.

The one place that reads leads and projects over all zones and names. What may be told of them decides who asks for it
(``duplicates.search``) or is allowed to see them all (``verdicts``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.desk import Desk, zones_value
from app.engine import Link, Sql
from app.rules.access import Act
from app.rules.duplicates import Keys, Likeness, Telling, compared, keys
from app.rules.firm_codes import Subject
from app.rules.identity import credit_code
from app.rules.search_terms import fts_match

FEW, MANY = 60, 100
"""Candidates that are looked at for one sort of keys: a firm that invested a thousand times is found by some of them."""
FIND: dict[str, dict[int, Sql]] = {
    "sqlite": dict.fromkeys((1, 2), Sql("SELECT rowid FROM search WHERE search MATCH :match LIMIT :most")),
    "postgresql": {
        n: Sql(
            "SELECT id FROM project_terms WHERE "
            + " AND ".join(f"terms && CAST(:g{at} AS text[])" for at in range(n))
            + " LIMIT :most"
        )
        for n in (1, 2)
    },
}
AMONG = {"sqlite": "IN (SELECT value FROM json_each(:ids))", "postgresql": "= ANY(CAST(:ids AS BIGINT[]))"}
SHARED = "x.id, x.zone_id, x.code, x.name, x.investor_name, x.location, x.enterprise_id, e.credit_code, x.disposition"
JOINED = "LEFT JOIN enterprise e ON e.id = x.enterprise_id WHERE x.deleted_at IS NULL AND x.id"
BEGAN = "coalesce((SELECT min(l.registered_on) FROM lead l WHERE l.project_id = x.id AND l.deleted_at IS NULL), x.created_at)"
"""A project that was a lead is registered since the lead was."""
READ = {
    Subject.PROJECT: (
        f"SELECT {SHARED}, x.total_investment_yuan, {BEGAN}, x.ledger, x.parent_id, NULL, NULL, x.contract_amount_yuan "
        f"FROM project x {JOINED}"
    ),
    Subject.LEAD: (
        f"SELECT {SHARED}, coalesce(x.contract_amount_yuan, x.intended_amount_yuan), x.registered_on, x.stage, x.project_id, "
        f"x.confidential, coalesce(x.company_credit_code, ''), x.company_name FROM lead x {JOINED}"
    ),
}
ROWS = {kind: {d: Sql(f"{read} {among}") for d, among in AMONG.items()} for kind, read in READ.items()}
FIRM_OF = Sql("SELECT id FROM enterprise WHERE credit_code = :code AND deleted_at IS NULL")


@dataclass(frozen=True)
class Known:
    """A lead or project of any zone, as it is compared."""

    kind: Subject
    id: int
    zone_id: int
    code: str
    name: str
    investor: str | None
    telling: Telling
    code_of_own: str | None
    """The credit code that the registration itself tells, not its enterprise."""
    registered: str
    """Day, or moment."""
    stands: str
    """Ledger or stage."""
    disposition: str
    enterprise_id: int | None
    tie: int | None
    """The parent of a project, the project of a lead."""
    confidential: bool = False

    @property
    def keys(self) -> Keys:
        """Its keys, as they stand in the index."""
        return keys(self.name, self.investor, self.code_of_own, self.enterprise_id)

    @property
    def side(self) -> tuple[str, int]:
        return self.kind.value, self.id

    @property
    def landed(self) -> bool:
        """Is it the early chapter of a project? Then the project stands for both of them."""
        return self.kind is Subject.LEAD and self.tie is not None


def seen_by(desk: Desk, other: Known) -> bool:
    """May she see it, with its name?"""
    if not desk.actor.sees(other.zone_id):
        return False
    if other.kind is Subject.PROJECT:
        return True
    return desk.may(Act.LEAD_READ) and (not other.confidential or desk.may(Act.LEAD_SECRET_READ))


def known(link: Link, sides: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Known]:
    """These leads and projects, as far as they are there."""
    wanted = list(sides)
    found = {}
    for kind in Subject:
        ids = [id_ for which, id_ in wanted if which == kind.value]
        if ids:
            for row in link.rows(ROWS[kind][link.dialect], {"ids": zones_value(link.dialect, ids)}):
                made = _project(row) if kind is Subject.PROJECT else _lead(row)
                found[made.side] = made
    return found


def _project(row: tuple[Any, ...]) -> Known:
    id_, zone, code, name, investor, location, firm, credit, disposition, amount, at, ledger, parent, _, _, contract = (
        row
    )
    telling = Telling(name, investor, credit, amount or contract, location)
    return Known(Subject.PROJECT, id_, zone, code, name, investor, telling, None, at, ledger, disposition, firm, parent)


def _lead(row: tuple[Any, ...]) -> Known:
    (
        id_,
        zone,
        code,
        name,
        investor,
        location,
        firm,
        credit,
        disposition,
        amount,
        on,
        stage,
        project,
        secret,
        own,
        company,
    ) = row
    investor, credit = investor or company, own or credit
    telling = Telling(name, investor, credit, amount, location)
    return Known(
        Subject.LEAD, id_, zone, code, name, investor, telling, own or None, on, stage, disposition, firm, project, bool(secret)
    )  # fmt: skip


def asked(link: Link, telling: Telling, enterprise_id: int | None = None) -> tuple[Telling, Keys]:
    """What is typed, with its credit code put right, and its keys. A code leads to the firm of the base that has it."""
    code = credit_code(telling.credit_code) if telling.credit_code else None
    firm = enterprise_id or (link.value(FIRM_OF, {"code": code}) if code else None)
    put = Telling(telling.name, telling.investor, code, telling.amount_yuan, telling.location)
    return put, keys(put.name, put.investor, code, firm)


def near(link: Link, own: Keys) -> list[Known]:
    """Registrations that share a key, those with the rarest keys first; a lead that became a project is told as the project."""
    named = [*own.name, *own.name_part]
    ways: list[tuple[list[list[str]], int]] = [
        ([list(own.firm), named], FEW), ([list(own.firm)], MANY), ([list(own.name)], FEW),
        ([list(own.firm_start), named], FEW), ([list(own.firm_start)], MANY), ([list(own.name_part)], FEW),
    ]  # fmt: skip
    places: dict[int, None] = {}
    for groups, most in ways:
        if all(groups):
            places.update(dict.fromkeys(_found(link, groups, most)))
    sides = [(Subject.PROJECT.value, p) if p > 0 else (Subject.LEAD.value, -p) for p in places]
    there = known(link, sides)
    return [there[side] for side in sides if side in there and not there[side].landed]


def _found(link: Link, groups: list[list[str]], most: int) -> list[int]:
    values: dict[str, Any] = {"most": most}
    if link.dialect == "sqlite":
        values["match"] = fts_match(groups)
    else:
        values |= {f"g{n}": group for n, group in enumerate(groups)}
    return [place for (place,) in link.rows(FIND[link.dialect][len(groups)], values)]


def likened(telling: Telling, others: Iterable[Known]) -> list[tuple[Likeness, Known]]:
    """Those that are alike, the surest first."""
    found = [(likeness, other) for other in others if (likeness := compared(telling, other.telling)) is not None]
    return sorted(found, key=lambda pair: (-pair[0].score, pair[1].registered, pair[1].id))


def tied(one: Known, other: Known) -> bool:
    """Do they belong together anyway: a parent and its child, or two children of one?"""
    if one.kind is Subject.LEAD or other.kind is Subject.LEAD:
        return False
    return other.tie == one.id or (one.tie is not None and one.tie in (other.id, other.tie))

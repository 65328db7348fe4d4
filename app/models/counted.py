"""Which rows count, as conditions of a statement: the same rules as ``rules.counting`` and ``rules.dated``, for the database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.models.types import TEXT
from app.rules import problems
from app.rules.counting import AMOUNTS, GONE, LIGHTS
from app.rules.dated import Fact


def counts(table: Any) -> Any:
    """The condition of a project that counts in its ledger."""
    c = table.c
    return sa.and_(
        c.deleted_at.is_(None),
        c.disposition != "lost",
        c.disposition != "withdrawn",
        c.has_phases.is_not(True),
        sa.or_(c.relation.is_(None), c.relation != "part"),
    )


def counts_officially(table: Any) -> Any:
    """The condition of a project that counts and is not 待核."""
    return sa.and_(counts(table), table.c.pending.is_not(True))


def counted_columns(table: Any) -> list[Any]:
    """The figures of ``core.COUNTED``, computed over rows."""
    c, every, official = table.c, counts(table), counts_officially(table)

    def count(*when: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*when), 1), else_=0)), 0)

    def total(column: Any, when: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((when, column), else_=0)), 0)

    found = [count(every), count(official), *(count(every, c.light == colour) for colour in LIGHTS)]
    for name in AMOUNTS:
        known = c[name].is_not(None)
        found += [total(c[name], every), count(every, known), total(c[name], official), count(official, known)]
    return [*found, total(c.part_count - 1, sa.and_(official, c.part_count > 1))]


def has_fact(fact: Fact, table: Any) -> Any:
    """The condition of a project that a fact counts, whenever it happened."""
    c = table.c
    contract = sa.or_(c.relation.is_(None), sa.and_(c.relation != "part", c.relation != "phase"))
    among = {
        "official": counts_officially(table),
        "reporters": reports_itself(table),
        "contracts": sa.and_(c.deleted_at.is_(None), contract),
    }
    found = [among[fact.among]]
    if fact.ledgers:
        found.append(_among(c.ledger, fact.ledgers))
    if fact.dispositions:
        found.append(_among(c.disposition, fact.dispositions))
    if fact.least_total is not None:
        total = c.total_investment_yuan
        found.append(sa.or_(total.is_(None), total >= sa.literal_column(str(fact.least_total))))
    if fact.problem:
        found.append(names_problem(table))
    if not fact.undated:
        found.append(sa.or_(*(c[name].is_not(None) for name in fact.period)))
    found += [c[name].is_not(None) for name in fact.known]
    found += [c[name].is_(None) for name in fact.blank]
    return sa.and_(*found)


def reports_itself(table: Any) -> Any:
    """The condition of a project, not 待核, that has reports of its own: parts too, headings not."""
    c = table.c
    return sa.and_(
        c.deleted_at.is_(None),
        *(c.disposition != gone for gone in GONE),
        c.has_phases.is_not(True),
        c.pending.is_not(True),
    )


def names_problem(table: Any) -> Any:
    """The condition of a row, of a project or of a report, that names a problem (``rules.problems.names``)."""
    said = [sa.func.lower(sa.func.trim(table.c[text], problems.AROUND)) for text in problems.TEXTS]
    named = [text.not_in(sa.literal(word) for word in problems.NONE) for text in said]
    return sa.or_(*(sa.and_(table.c[text].is_not(None), is_) for text, is_ in zip(problems.TEXTS, named, strict=True)))


def _among(column: Any, values: tuple[str, ...]) -> Any:
    return sa.or_(*(column == value for value in values))


def period_column(fact: Fact, table: Any) -> Any:
    """The month or year of a fact; the empty text when it has none."""
    if not fact.period:
        return sa.literal_column("''")
    known = [sa.cast(table.c[name], TEXT) for name in fact.period]
    return sa.func.substr(sa.func.coalesce(*known, sa.literal_column("''")), 1, sa.literal_column(str(fact.cut)))

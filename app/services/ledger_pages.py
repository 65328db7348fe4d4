"""Everything that one page of a ledger shows, read together so that its figures and rows agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.models import Project, Zone
from app.rules.access import Act, FieldGroup
from app.rules.codes import Ledger
from app.rules.ledgers import LEFT, LISTED
from app.services import families, forms, industries, ledger_heads, ledgers, preferences, zones
from app.services.asking import Asked, Page

IN_LEDGER = ("disposition", "in", tuple(sorted(d.value for d in LISTED)))
"""A ledger lists active, deferred and suspended projects; who has left stands in a list of its own."""
HAS_LEFT = "left"
"""Instead of a ledger: projects that are lost or withdrawn."""
COUNTED = 200
"""So many hits elsewhere are counted; of more it is only said where they are."""


@dataclass(frozen=True)
class Rights:
    """What the reader may do with the rows shown."""

    writes: frozenset[str]
    """Groups of fields she may write."""
    clear: bool
    """She sees telephone numbers whole."""
    sees: Callable[[int | None], bool]

    def edits(self, zone_id: int) -> bool:
        """May she edit rows of this zone?"""
        return bool(self.writes) and self.sees(zone_id)


@dataclass(frozen=True)
class Sheet:
    """A page of a ledger: its place, the sums above it, its rows."""

    zone: dict[str, Any] | None
    heads: dict[str, dict[str, Any]]
    """The four ledgers from the maintained sums."""
    head: dict[str, Any]
    """Count and sums of what is asked for; empty in a search, which is not summed."""
    page: Page
    groups: dict[Any, dict[str, Any]]
    """Sub-totals by group key; empty when not grouped."""
    zone_names: dict[int, tuple[str, str]]
    """Zone id → code and short name, of the zones shown."""
    rights: Rights
    columns: list[str] | None
    """The columns she has chosen for this ledger, or None."""
    industries: tuple[str, ...] = ()
    """The city's list of industries, for who may write them."""
    under: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)
    """Rows of phases and parts that stand under a row of the page, by that row's id."""
    parents: dict[int, str] = field(default_factory=dict)
    """Names of the parents of phases and parts that stand by themselves."""
    by: str | None = None
    """The column whose values are the groups."""
    group_names: dict[Any, str] = field(default_factory=dict)
    """Industries by code."""
    elsewhere: dict[str, int | None] = field(default_factory=dict)
    """In a search: how many the other ledgers of the same zones have, by ledger or ``left``; None: not counted to the end."""
    forms: tuple[str, ...] = ()
    """Masters' forms in which this ledger can be written, for who may export it."""
    before: dict[str, dict[str, Any]] | None = None
    """The four ledgers a month ago, where the register existed then."""
    reporting: ledger_heads.Reporting | None = None


def rights(desk: Desk) -> Rights:
    """What this reader may do with rows."""
    may = desk.may(Act.PROJECT_AMEND)
    groups = frozenset(g.value for g in FieldGroup if may and desk.may_write(g))
    return Rights(groups, desk.may(Act.PHONE_READ), desk.actor.sees)


def sheet(desk: Desk, asked: Asked, needs: Callable[[list[str] | None], tuple[str, ...]], by: str | None) -> Sheet:
    """One page of ``asked`` with its sums. ``needs`` says which fields the columns she chose are made of; ``by`` groups
    by ``industry`` or ``zone``."""
    ledger = str(asked.ledger)
    zone = _zone(desk, asked.zones[0]) if asked.zones else None
    heads = ledgers.heads(desk, asked.zones[0] if asked.zones else None)
    chosen = preferences.read(desk, f"columns.{ledger}")
    by = column_of(desk, by)
    question = listed(asked, by)
    page = ledgers.page(desk, question, needs(chosen))
    first = asked.cursor is None
    plain = not asked.filters and not asked.q
    head = heads[ledger] if plain else ledgers.filtered(desk, question) if first else {}
    groups = {g["key"]: g for g in ledgers.groups(desk, question, by)} if by and not asked.q else {}
    under, parents = family_of(desk, question, page)
    named = _names(desk, asked, page, groups, by)
    known = tuple(i["name"] for i in industries.list_(desk)) if desk.may(Act.PROJECT_AMEND) and first else ()
    return Sheet(
        zone, heads, head, page, groups, named, rights(desk), chosen, known, under, parents, by, group_names(desk, by),
        elsewhere(desk, asked) if asked.q and first and page.next is None else {}, _forms(desk, ledger) if first else (),
        **(_over(desk, asked) if first else {}),
    )  # fmt: skip


def elsewhere(desk: Desk, asked: Asked) -> dict[str, int | None]:
    """Where else the words of a search are found: who looks in one ledger is not told that there is no such project when
    it stands in another. Filters of this ledger do not narrow it."""
    wider = Asked(zones=asked.zones, q=asked.q, seq=asked.seq, limit=COUNTED)
    found = ledgers.page(desk, wider, ("ledger", "disposition"))
    counts = Counter(HAS_LEFT if disposition in LEFT else ledger for ledger, disposition in found.rows)
    return {
        place: None if found.next else counts[place]
        for place in (*Ledger, HAS_LEFT)
        if counts[place] and place != asked.ledger
    }


def column_of(desk: Desk, by: str | None) -> str | None:
    """What rows are grouped by: where the city has a list of industries, by its codes, so that spellings of one stand
    together and what the list does not know stands under 未归类; else by what was typed."""
    return "industry_code" if by == "industry" and industries.list_(desk.at(None)) else by


def group_names(desk: Desk, by: str | None) -> dict[Any, str]:
    return {i["code"]: i["name"] for i in industries.list_(desk.at(None))} if by == "industry_code" else {}


def _forms(desk: Desk, ledger: str) -> tuple[str, ...]:
    now = desk.at(None)
    return (
        now.remembered(("forms", ledger), lambda: tuple(forms.names_for(now, ledger)))
        if desk.may(Act.EXPORT_RUN)
        else ()
    )


def _zone(desk: Desk, code: str) -> dict[str, Any]:
    now = desk.at(None)
    return now.remembered(("zone", code), lambda: zones.read(now, code))


def listed(asked: Asked, by: str | None) -> Asked:
    """Only those in the ledger, group by group when grouped. A whole ledger is folded; what a filter or a search has hit
    is listed row by row, so that nothing hit is out of sight."""
    sort = asked.sort or (() if asked.q else ("-total_investment_yuan",))
    filters = (*asked.filters, *(() if any(f == "disposition" for f, _, _ in asked.filters) else (IN_LEDGER,)))
    folded = not asked.filters and not asked.q
    return replace(asked, filters=filters, sort=(by, *sort) if by and not asked.q else sort, folded=folded)


def family_of(desk: Desk, asked: Asked, page: Page) -> tuple[dict[int, list[tuple[Any, ...]]], dict[int, str]]:
    """The children under the rows of this page, and whose child stands by itself: one statement each, where there are
    any."""
    at = {name: n for n, name in enumerate(page.names)}
    parts = [r[at["id"]] for r in page.rows if r[at["has_phases"]] or r[at["part_count"]]] if asked.folded else []
    under = families.under(desk, str(asked.ledger), parts, page.names) if parts else {}
    alone = {r[at["parent_id"]] for r in page.rows if r[at["relation"]] in families.FOLDED}
    return under, families.names(desk, sorted(alone)) if alone else {}


def _names(desk: Desk, asked: Asked, page: Page, groups: dict[Any, Any], by: str | None) -> dict[int, tuple[str, str]]:
    shown = {row[page.names.index("zone_id")] for row in page.rows} | (set(groups) if by == "zone" else set())
    return names_of_zones(desk, shown)


def names_of_zones(desk: Desk, ids: set[int]) -> dict[int, tuple[str, str]]:
    """Code and short name of zones by id."""
    now, wanted = desk.at(None), tuple(sorted(ids))
    return now.remembered(("zone names", wanted), lambda: _named(now, wanted))


def _named(desk: Desk, ids: tuple[int, ...]) -> dict[int, tuple[str, str]]:
    found = desk.select(
        Zone,
        "names",
        lambda q, t: q.where(_among(t.c.id, desk.link.dialect)),
        {"ids": list(ids) if desk.link.dialect == "postgresql" else orjson.dumps(ids).decode()},
        columns=("id", "code", "short_name", "name"),
    )
    return {id_: (code, short or name) for id_, code, short, name in found}


def _among(column: Any, dialect: str) -> Any:
    if dialect == "postgresql":
        return column == sa.func.any(sa.bindparam("ids", type_=sa.ARRAY(sa.BigInteger)))
    return column.in_(sa.text("(SELECT value FROM json_each(:ids))").bindparams(sa.bindparam("ids")))


def sums(desk: Desk, asked: Asked, by: str | None) -> Sheet:
    """The sums of a page without its rows: after an edit."""
    by = column_of(desk, by)
    question = listed(asked, by)
    heads = ledgers.heads(desk, asked.zones[0] if asked.zones else None)
    plain = not asked.filters and not asked.q
    head = heads[str(asked.ledger)] if plain else ledgers.filtered(desk, question)
    groups = {g["key"]: g for g in ledgers.groups(desk, question, by)} if by and not asked.q else {}
    return Sheet(
        None,
        heads,
        head,
        Page((), [], None),
        groups,
        names_of_zones(desk, set(groups) if by == "zone" else set()),
        rights(desk),
        None,
        by=by,
        group_names=group_names(desk, by),
        **_over(desk, asked),
    )


def _over(desk: Desk, asked: Asked) -> dict[str, Any]:
    """What stands over the tabs."""
    code = asked.zones[0] if asked.zones else None
    return {"before": ledger_heads.month_before(desk, code), "reporting": ledger_heads.reporting(desk, code)}


def choices(desk: Desk, asked: Asked, field: str) -> list[tuple[Any, int]]:
    """The values of a field among the rows asked for, each with its count."""
    return ledgers.choices(desk, listed(asked, None), field)


def rows_of(desk: Desk, ids: list[int], names: tuple[str, ...]) -> tuple[Page, dict[int, tuple[str, str]], Rights]:
    """These projects as rows of a page, in this order; those that are gone are left out."""
    rows = desk.select(
        Project,
        "rows_of",
        lambda q, t: q.where(_among(t.c.id, desk.link.dialect)),
        {"ids": ids if desk.link.dialect == "postgresql" else orjson.dumps(ids).decode()},
        columns=names,
        deleted="with",
    )
    at = names.index("id")
    rows.sort(key=lambda row: ids.index(row[at]))
    zone_names = names_of_zones(desk, {row[names.index("zone_id")] for row in rows})
    return Page(names, rows, None), zone_names, rights(desk)

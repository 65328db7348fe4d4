"""Reading the ledgers: pages by cursor, sums from the maintained totals, groups and filters as bounded scans.

A page is one statement compiled once for its shape. Unknown sorts below every value on both databases, ties by id in the
same direction; a cursor holds the last values, the id and what was asked, so that it cannot be used for another query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.models import NOUNS, Project, core
from app.models.counted import counted_columns
from app.rules.codes import Ledger
from app.rules.counting import AMOUNTS, LIGHTS, SIZES
from app.services import families, zones
from app.services.asking import Asked, Page, Phase, condition, cursor_of, keyset, order, read_cursor, sort_keys
from app.services.searching import found_ids, searched_in, still_matches
from app.services.whole_sums import added, of_all, of_zones
from app.words import say

__all__ = [
    "Asked",
    "Page",
    "choices",
    "count",
    "filtered",
    "grouped",
    "groups",
    "heads",
    "looked_up",
    "page",
    "rows",
    "scanned",
]

COUNTABLE = (
    "industry",
    "light",
    "kind",
    "construction_nature",
    "sponsor_leader",
    "responsible_unit",
    "disposition",
    "pending",
    "relation",
    "land_mode",
)
"""Fields that a dropdown may offer with how many rows each value has."""


# ── one page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def page(desk: Desk, asked: Asked, columns: tuple[str, ...]) -> Page:
    """Rows of the projects (or leads) asked for, in their order: ``columns`` of each, and the cursor of the next page.

    Raises BadRequest for an unknown field or operator and for a cursor of another query.
    """
    keys = sort_keys(asked)
    needed = (*columns, *(c for c in (*(k.column for k in keys), "id") if c not in columns))
    if asked.q:
        needed = (*needed, *(c for c in searched_in(asked) if c not in needed))
    after = read_cursor(asked)
    rows: list[tuple[Any, ...]] = []
    limit = asked.limit + 1
    for _ in range(50):
        batch = _batch(desk, asked, needed, keys, after, limit)
        rows += still_matches(asked.q, needed, batch)
        if len(batch) < limit or len(rows) >= limit:
            break
        after = [batch[-1][needed.index(k.column)] for k in keys] + [batch[-1][needed.index("id")]]
    more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    next_ = (
        cursor_of(asked, [rows[-1][needed.index(k.column)] for k in keys] + [rows[-1][needed.index("id")]])
        if more and rows
        else None
    )
    if len(needed) > len(columns):
        rows = [r[: len(columns)] for r in rows]
    return Page(columns, rows, next_)


def _batch(
    desk: Desk, asked: Asked, columns: tuple[str, ...], keys: list[Any], after: list[Any] | None, limit: int
) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for phase in keyset(keys, after):
        values = {**_values(desk, asked), **phase.values, "limit_": limit - len(rows)}
        rows += desk.select(
            NOUNS[asked.noun].model,
            ("page", asked.shape, phase.shape),
            partial(_walk, desk, asked, keys, phase),
            values,
            columns=columns,
            deleted=asked.deleted,
        )
        if len(rows) >= limit:
            break
    return rows


def _walk(desk: Desk, asked: Asked, keys: list[Any], phase: Phase, query: Any, table: Any) -> Any:
    """One index walk of a page."""
    query = _where(desk, asked, query, table)
    if asked.folded:
        query = query.where(families.stands_by_itself(desk, table))
    return order(phase.where(query, table), table, keys).limit(sa.bindparam("limit_"))


def _where(desk: Desk, asked: Asked, query: Any, table: Any) -> Any:
    """Everything asked for except the place in the order."""
    if asked.zones is not None:
        one = len(asked.zones) == 1
        query = query.where(
            table.c.zone_id == sa.bindparam("zone_") if one else in_zones(table.c.zone_id, desk.link.dialect, "zones_")
        )
    if asked.ledger:
        query = query.where(table.c.ledger == sa.bindparam("ledger_"))
    for n, (field, operator, _) in enumerate(asked.filters):
        query = query.where(condition(desk, table, field, operator, f"f{n}"))
    if asked.q:
        query = found_ids(desk, asked, query, table)
    return query


def _values(desk: Desk, asked: Asked) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if asked.zones is not None:
        ids = [zones.id_of(desk, code) for code in asked.zones]
        if len(ids) == 1:
            values["zone_"] = ids[0]
        else:
            values["zones_"] = zones_value(desk.link.dialect, ids)
    if asked.ledger:
        values["ledger_"] = asked.ledger
    for n, (_, operator, value) in enumerate(asked.filters):
        if operator not in ("known", "unknown"):
            values[f"f{n}"] = _listed(desk, value) if operator == "in" else value
    if asked.q:
        values |= asked.search_values(desk)
    return values


def _listed(desk: Desk, value: Any) -> Any:
    import orjson

    return list(value) if desk.link.dialect == "postgresql" else orjson.dumps(list(value)).decode()


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def heads(desk: Desk, zone: str | None) -> dict[str, dict[str, Any]]:
    """The four ledgers of a zone (None: of all zones she sees) in numbers and money, from the maintained sums.

    As of an act they come from the nearest kept sums and the postings between.
    """
    zone_ids = [zones.id_of(desk, zone)] if zone else None if desk.actor.everywhere else list(desk.actor.zone_ids or ())
    return heads_of(desk, zone_ids)


def heads_of(desk: Desk, zone_ids: Sequence[int] | None) -> dict[str, dict[str, Any]]:
    """The same for several zones (None: all), of which the caller has made sure that she sees them."""
    if desk.seq is not None:
        from app.services.sums import sums_as_of

        cells: Mapping[Any, Sequence[int]] = sums_as_of(desk, zone_ids, desk.seq)
    elif zone_ids is None:
        cells = of_all(desk.link).whole
    else:
        cells = added({}, of_zones(desk.link, zone_ids).values())
    return {ledger.value: head(cells.get(ledger.value)) for ledger in Ledger}


def _whole(values: Any) -> list[int]:
    """PostgreSQL sums BIGINT as NUMERIC: whole numbers again."""
    return [int(v) for v in values]


def head(counted: Any) -> dict[str, Any]:
    """A row of ``core.COUNTED`` as the API gives it: official count first, then pending and how
    many items the official ones are once bundles are split; each amount as sum and known."""
    facts = dict(zip(core.COUNTED, counted or [0] * len(core.COUNTED), strict=True))
    return {
        "project_count": facts["official"],
        "pending_count": facts["projects"] - facts["official"],
        "split_count": facts["official"] + facts["split_extra"],
        "lights": {colour: facts[f"light_{colour}"] for colour in LIGHTS},
        "amounts": {
            name: {
                "sum": facts[f"{name}_sum"],
                "known": facts[f"{name}_known"],
                "official_sum": facts[f"{name}_official_sum"],
                "official_known": facts[f"{name}_official_known"],
            }
            for name in AMOUNTS
        },
    }


def counted(head: Mapping[str, Any], language: str) -> str:
    """27 个（拆分后 31 项，另待核 3）: the official figure first; only what differs from it or is there is said beside it."""
    more = []
    if head["split_count"] != head["project_count"]:
        more.append(say("{n} items once split", language, n=f"{head['split_count']:,}"))
    if head["pending_count"]:
        more.append(say("{n} more pending", language, n=f"{head['pending_count']:,}"))
    one = head["project_count"] == 1
    said = say("1 project" if one else "{count} projects", language, count=f"{head['project_count']:,}")
    return say("{said} ({more})", language, said=said, more=say(", ", language).join(more)) if more else said


def looked_up(desk: Desk, asked: Asked) -> Asked:
    """The same question with its words looked up: the ids that they find stand in their place, so that it can be summed."""
    if not asked.q:
        return asked
    columns = ("id", *searched_in(asked))
    rows = desk.select(
        NOUNS[asked.noun].model,
        ("looked_up", asked.shape),
        lambda q, t: _where(desk, asked, q, t),
        _values(desk, asked),
        columns=columns,
        deleted=asked.deleted,
    )
    ids = tuple(r[0] for r in still_matches(asked.q, columns, rows))
    return replace(asked, q=None, filters=(*asked.filters, ("id", "in", ids)), sort=asked.sort or ("-id",))


def scanned(
    desk: Desk, asked: Asked, name: str, columns: Any, beyond: Any = lambda query, table: query
) -> list[tuple[Any, ...]]:
    """What ``columns`` (table → expressions) make of the rows asked for, in one scan; ``beyond`` joins, groups and orders.
    ``name`` tells one such scan from the next."""
    return desk.select(
        NOUNS[asked.noun].model,
        ("scanned", name, asked.shape),
        lambda q, t: beyond(_where(desk, asked, q, t), t),
        _values(desk, asked),
        columns=columns,
        deleted=asked.deleted,
    )


def filtered(desk: Desk, asked: Asked) -> dict[str, Any]:
    """Count and sums of the rows that a filter leaves: a scan within what was asked for."""
    if asked.q:
        return {}
    row = desk.select(
        Project,
        ("filtered", asked.shape),
        lambda q, t: _where(desk, asked, q, t),
        _values(desk, asked),
        columns=counted_columns,
        deleted=asked.deleted,
    )[0]
    return head(_whole(row))


def groups(desk: Desk, asked: Asked, by: str) -> list[dict[str, Any]]:
    """Sub-totals by ``industry`` or ``zone``, in the order in which the page shows the groups; ``key`` is the value."""
    column = "zone_id" if by == "zone" else by
    rows = desk.select(
        Project,
        ("groups", by, asked.shape),
        lambda q, t: _where(desk, asked, q, t).group_by(t.c[column]).order_by(t.c[column].asc().nulls_first()),
        _values(desk, asked),
        columns=lambda t: [t.c[column], *counted_columns(t)],
        deleted=asked.deleted,
    )
    return [{"key": r[0], **head(_whole(r[1:]))} for r in rows]


def choices(desk: Desk, asked: Asked, field: str) -> list[tuple[Any, int]]:
    """The values of a field among the rows asked for, with how many rows each has; most frequent first."""
    from app.errors import BadRequest

    if field not in COUNTABLE:
        raise BadRequest("There is no field {field}", code="unknown_field", field=field)
    rows = desk.select(
        Project,
        ("choices", field, asked.shape),
        lambda q, t: _where(desk, asked, q, t).group_by(t.c[field]).order_by(sa.func.count().desc(), t.c[field]),
        _values(desk, asked),
        columns=lambda t: [t.c[field], sa.func.count()],
        deleted=asked.deleted,
    )
    return [(r[0], int(r[1])) for r in rows]


def rows(desk: Desk, asked: Asked) -> list[Project]:
    """The projects asked for as rows that can be changed; for a few, since all come at once."""
    return desk.rows(
        Project,
        ("rows", asked.shape),
        lambda q, t: _where(desk, asked, q, t).order_by(t.c.id),
        _values(desk, asked),
    )


def count(desk: Desk, asked: Asked) -> int:
    """How many rows are asked for, over all pages."""
    columns = (lambda t: [sa.func.count()]) if not asked.q else searched_in(asked)
    rows = desk.select(
        NOUNS[asked.noun].model,
        ("count", asked.shape),
        lambda q, t: _where(desk, asked, q, t),
        _values(desk, asked),
        columns=columns,
        deleted=asked.deleted,
    )
    return len(still_matches(asked.q, searched_in(asked), rows)) if asked.q else int(rows[0][0])


def grouped(desk: Desk, asked: Asked, columns: tuple[str, ...]) -> dict[tuple[Any, ...], list[int]]:
    """Rows of ``core.COUNTED`` by the values of some columns: a scan within what was asked for."""
    rows = desk.select(
        Project,
        ("grouped", columns, asked.shape),
        lambda q, t: _where(desk, asked, q, t).group_by(*(_grouping(t, c) for c in columns)),
        _values(desk, asked),
        columns=lambda t: [*(_grouping(t, c) for c in columns), *counted_columns(t)],
        deleted=asked.deleted,
    )
    width = len(columns)
    return {tuple(row[:width]): _whole(row[width:]) for row in rows}


def _grouping(table: Any, column: str) -> Any:
    """A column, or the ``size`` of a project: the lower bound of its class, written out so that it is a constant."""
    if column != "size":
        return table.c[column]
    total = table.c.total_investment_yuan
    bounds: list[Any] = [sa.literal_column(str(size)) for size in reversed(SIZES)]
    return sa.case((total.is_(None), sa.null()), *((total >= bound, bound) for bound in bounds))


def flat(made: dict[str, Any]) -> dict[str, Any]:
    """A ``head`` as the API gives it: each amount as sum and known, for all, and under ``official`` without 待核."""
    amounts = made["amounts"]
    everything = {name: {"sum": a["sum"], "known": a["known"]} for name, a in amounts.items()}
    official = {name: {"sum": a["official_sum"], "known": a["official_known"]} for name, a in amounts.items()}
    return {**{k: v for k, v in made.items() if k != "amounts"}, **everything, "official": official}

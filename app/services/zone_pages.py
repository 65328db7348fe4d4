"""What the pages of zones show: facts, yearly figures with their ranks, ledgers in numbers, and who has left."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.engine import Sql
from app.models import Indicator, Zone
from app.rules.access import Act
from app.rules.codes import Ledger
from app.rules.identity import zone_key
from app.rules.ledgers import LEFT
from app.services import industries, ledgers, shares, zones
from app.services.asking import Asked
from app.services.records import shape

Record = dict[str, Any]
COMPREHENSIVE = "comprehensive"
MOST = 300
"""Zones on one page of the register; the search finds the others."""
SUMS = Sql("SELECT zone_id, ledger, projects, official, total_investment_yuan_official_sum FROM total")
"""The maintained sums of every zone; only those of zones she sees are looked at."""
GONE = (
    "id", "code", "name", "ledger", "disposition", "disposition_on", "disposition_reason", "destination", "total_investment_yuan",
    "invested_to_date_yuan", "investor_name",
)  # fmt: skip


def register(desk: Desk, q: str = "") -> Record:
    """The zones she may see whose name holds ``q``: ``{items, more}``. Three statements, however many zones there are.

    Each has its newest overall rank, the one before, and per ledger (official, pending, official total investment in yuan).
    """
    every = [
        z
        for z in zones.list_(desk)
        if not q or zone_key(q) in zone_key(" ".join((z["name"], z["short_name"] or "", *z["aliases"], z["code"])))
    ]
    ids = {code: id_ for id_, code in desk.select(Zone, "ids", lambda q, t: q, columns=("id", "code"))}
    ranks: dict[int, list[Record]] = {}
    for zone_id, year, rank, of in desk.select(
        Indicator,
        "ranks",
        lambda q, t: q.where(t.c.key == sa.bindparam("key"), t.c.rank.is_not(None)).order_by(t.c.year.desc()),
        {"key": COMPREHENSIVE},
        columns=("zone_id", "year", "rank", "of"),
    ):
        ranks.setdefault(zone_id, []).append({"year": year, "rank": rank, "of": of})
    sums = {(r[0], r[1]): (r[3], r[2] - r[3], r[4]) for r in desk.link.rows(SUMS)}
    found = []
    for zone in every[:MOST]:
        id_ = ids[zone["code"]]
        newest, before = [*ranks.get(id_, []), None, None][:2]
        heads = {ledger.value: sums.get((id_, ledger.value), (0, 0, 0)) for ledger in Ledger}
        found.append({**zone, "rank": newest, "rank_before": before, "heads": heads})
    return {"items": found, "more": max(0, len(every) - MOST)}


def one(desk: Desk, code: str) -> Record:
    """A zone: ``zone, heads, years`` (newest first) and ``indicators``: key → {unit, by year: {value, rank, of}}."""
    zone = zones.read(desk, code)
    rows = zones.indicators(desk, code)
    years = sorted({r["year"] for r in rows}, reverse=True)
    keys: dict[str, Record] = {}
    for row in rows:
        line = keys.setdefault(row["key"], {"unit": row["unit"], "by_year": {}})
        line["by_year"][row["year"]] = row
        line["unit"] = line["unit"] or row["unit"]
    may_amend = desk.may(Act.ZONE_AMEND)
    codes, named = industries.spellings(desk), {i["code"]: i["name"] for i in industries.list_(desk)}
    leading = [named.get(codes.get(text, ""), text) for text in zone["leading_industries"]]
    return {
        "zone": zone,
        "heads": ledgers.heads(desk, code),
        "years": years,
        "indicators": keys,
        "may_amend": may_amend,
        "leading": leading,
        "shared": shares.with_zone(desk, code),
    }


def exited(desk: Desk, code: str, cursor: str | None = None) -> Record:
    """Who has left the ledgers of a zone: card, decision, day, reason, destination, what had been invested; 100 a page. On the
    first page also the projects that were deleted last, which can be brought back."""
    made = shape(GONE)
    asked = Asked(
        zones=(code,),
        filters=(("disposition", "in", tuple(d.value for d in LEFT)),),
        sort=("-disposition_on",),
        limit=100,
        cursor=cursor,
    )
    page = ledgers.page(desk, asked, made.columns)
    return {
        "zone": zones.read(desk, code),
        "items": made.records(desk, page.rows),
        "next": page.next,
        "deleted": _deleted(desk, code) if cursor is None else [],
    }


def _deleted(desk: Desk, code: str) -> list[Record]:
    made = shape((*GONE, "deleted_at"))
    asked = Asked(zones=(code,), sort=("-deleted_at",), limit=100, deleted="only")
    return made.records(desk, ledgers.page(desk, asked, made.columns).rows)

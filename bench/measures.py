"""What is measured: for each line the request to the register and the request to the floor that does the same bare work.

The n-th request of both goes to the same place, so both read the same rows; ``bench.proof`` holds them to it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import time_ns
from typing import TypeVar
from urllib.parse import quote

import orjson

from app.engine import Link, Sql
from app.rules.search_terms import fts_match, terms_of_query
from app.services.asking import Asked, cursor_of
from bench.data import LARGE
from bench.load import Ask, get, send

T = TypeVar("T")
NAMES = Sql("SELECT name FROM project WHERE id % 250 = 7 ORDER BY id")
HOLDING = Sql("SELECT count(*) FROM search WHERE search MATCH :match")
LARGE_ZONES = Sql(
    "SELECT z.code, t.ledger FROM zone z JOIN total t ON t.zone_id = z.id WHERE z.id <= :large AND t.projects > 50 ORDER BY z.id"
)
IDS = Sql("SELECT id FROM project WHERE deleted_at IS NULL ORDER BY id LIMIT 20000")
BEHIND = Sql(
    "SELECT total_investment_yuan, p.id FROM project p JOIN zone z ON z.id = p.zone_id WHERE z.code = :code AND ledger = :ledger "
    "AND p.deleted_at IS NULL AND total_investment_yuan IS NOT NULL ORDER BY total_investment_yuan DESC, p.id DESC LIMIT 1 OFFSET :skip"
)
EDITED = 1000
"""Rows that the edits go round; ids of the floor's table too."""
FEW = 50
"""A word is rare when no more rows hold it than one page shows."""


@dataclass(frozen=True)
class Measure:
    """One line of the table: the two requests, how many connections, and the ratio it should reach."""

    name: str
    ours: Ask
    floor: Ask
    goal: float | None
    rows: Callable[[bytes], int]
    """How many rows an answer holds: both must say the same."""
    connections: int = 4
    writes: bool = False
    """Every answer stands for one act."""


def measures(link: Link, key: str, cookie: str) -> list[Measure]:
    """Every measure over the data behind ``link``."""
    rng = random.Random(7)
    pages = _mixed(rng, link.rows(LARGE_ZONES, {"large": LARGE}))
    ids = _mixed(rng, [r[0] for r in link.rows(IDS)])
    words = [quote(word) for word in _rare(link)]
    behind = _behind(link, pages[:40])
    bearer, signed_in = f"Authorization: Bearer {key}", f"Cookie: {cookie}"

    def api(places: Sequence[str], header: str = bearer) -> Ask:
        return _walk([get(place, header) for place in places])

    return [
        Measure(
            "ledger page, JSON",
            api([f"/api/v1/zones/{code}/ledgers/{ledger}" for code, ledger in pages]),
            _walk([get(f"/page/{code}/{ledger}") for code, ledger in pages]),
            0.5,
            _items,
        ),
        Measure(
            "ledger page, HTML",
            api([f"/zones/{code}/ledgers/{ledger}" for code, ledger in pages], signed_in),
            _walk([get(f"/html/{code}/{ledger}") for code, ledger in pages]),
            0.4,
            _table_rows,
        ),
        Measure(
            "one project",
            api([f"/api/v1/projects/{id_}" for id_ in ids]),
            _walk([get(f"/one/{id_}") for id_ in ids]),
            0.2,
            _one,
        ),
        Measure(
            "summary by zone and ledger",
            api(["/api/v1/summary?by=zone,ledger"]),
            _walk([get("/summary")]),
            None,
            _items,
        ),
        Measure(
            "summary by zone, ledger, light",
            api(["/api/v1/summary?by=zone,ledger,light"]),
            _walk([get("/lights")]),
            None,
            _items,
        ),
        Measure(
            "overview of all zones, HTML",
            api(["/overview"], signed_in),
            _walk([get("/overview")]),
            None,
            _zone_rows,
        ),
        Measure(
            "rare two-character search",
            api([f"/api/v1/projects?q={word}" for word in words]),
            _walk([get(f"/search?q={word}") for word in words]),
            20,
            _items,
            1,
        ),
        Measure(
            "page after page",
            api([f"/api/v1/zones/{c}/ledgers/{ledger}?cursor={cursor}" for c, ledger, _, _, cursor in behind]),
            _walk([get(f"/deep/{c}/{ledger}/{value}/{id_}") for c, ledger, value, id_, _ in behind]),
            None,
            _items,
        ),
        Measure(
            "one durable edit",
            _edits(lambda id_, body: send("PATCH", f"/api/v1/projects/{id_}", body, bearer, "If-Match: *")),
            _edits(lambda id_, body: send("PATCH", f"/edit/{id_}", body)),
            0.15,
            _one,
            8,
            writes=True,
        ),
    ]


def _walk(requests: Sequence[bytes]) -> Ask:
    return lambda n: requests[n % len(requests)]


def _edits(request: Callable[[int, bytes], bytes]) -> Ask:
    """Edits that always change something: the text names the run and the edit."""
    run = time_ns()
    return lambda n: request(n % EDITED + 1, orjson.dumps({"progress_text": f"第 {run} 轮第 {n} 次调度"}))


def _items(body: bytes) -> int:
    return len(orjson.loads(body)["items"])


def _one(body: bytes) -> int:
    return int(orjson.loads(body)["id"])


def _table_rows(body: bytes) -> int:
    return body.count(b"<tr data-id=")


def _zone_rows(body: bytes) -> int:
    return body.count(b"<tr data-zone=")


def _mixed(rng: random.Random, places: list[T]) -> list[T]:
    return rng.sample(places, len(places))


def _rare(link: Link) -> list[str]:
    """Pairs of Chinese characters that some rows hold, but no more than fit on one page."""
    names = [r[0] for r in link.rows(NAMES)]
    pairs = sorted({name[at : at + 2] for name in names for at in range(len(name) - 1)})
    found = []
    for pair in pairs:
        if all("\u4e00" <= c <= "\u9fff" for c in pair):
            holding = link.value(HOLDING, {"match": fts_match(terms_of_query(pair))})
            if 0 < holding <= FEW:
                found.append(pair)
    return found[:: max(1, len(found) // 200)]


def _behind(link: Link, pages: list[tuple[str, str]]) -> list[tuple[str, str, int, int, str]]:
    """Places behind the first page of large ledgers: zone, ledger, last total and id, and our cursor for it."""
    found = []
    for code, ledger in pages:
        row = link.row(BEHIND, {"code": code, "ledger": ledger, "skip": 50})
        if row:
            cursor = cursor_of(Asked(zones=(code,), ledger=ledger), list(row))
            found.append((code, ledger, *row, cursor))
    return found

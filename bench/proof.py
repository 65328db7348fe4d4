"""Before anything is timed: both sides are asked the same once, and must answer 2xx with the same number of rows."""

from __future__ import annotations

from http.client import HTTPResponse
from socket import create_connection

from app.engine import Link, Sql
from bench.load import Ask, Result
from bench.measures import Measure

PLACES = 5
ACTS = Sql("SELECT seq FROM head")


class Untrue(Exception):
    """The benchmark would not measure what it says."""


def proven(measure: Measure, ours: int, floor: int) -> tuple[int, int]:
    """Bytes of an answer of the register and of the floor. Raises ``Untrue`` when they are not about the same."""
    sizes = []
    for n in range(PLACES):
        mine, bare = _body(ours, measure.ours, n), _body(floor, measure.floor, n)
        if measure.rows(mine) != measure.rows(bare) or not measure.rows(mine):
            raise Untrue(f"{measure.name}: {measure.rows(mine)} rows of ours, {measure.rows(bare)} of the floor's")
        sizes.append((len(mine), len(bare)))
    return sum(s[0] for s in sizes) // PLACES, sum(s[1] for s in sizes) // PLACES


def acts(link: Link) -> int:
    """The number of acts so far."""
    return int(link.value(ACTS))


def all_kept(measure: Measure, results: Result, before: int, after: int) -> None:
    """Raises ``Untrue`` when an edit that was answered changed nothing."""
    if after - before != len(results.latencies) - results.failed:
        raise Untrue(f"{measure.name}: {len(results.latencies)} edits answered, {after - before} acts kept")


def _body(port: int, ask: Ask, n: int) -> bytes:
    with create_connection(("127.0.0.1", port)) as link:
        link.sendall(ask(n))
        answer = HTTPResponse(link)
        answer.begin()
        body = answer.read()
    if not 200 <= answer.status < 300:
        raise Untrue(f"{answer.status}: {body[:300]!r}")
    return body

"""Tables as lines: out of any database, into any database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import orjson
import sqlalchemy as sa

from app.engine import Link, PostgresLink, Sql
from app.finding import find_again
from app.models import NOUNS, core, metadata
from app.tallies import recount

PASSING = frozenset({"answer", "link", "session", "throttle", "likeness", "compared"}) | core.DERIVED
"""What is only of the moment (nobody is to be signed in again by an old archive), and what is counted from the rows."""
TABLES = tuple(table for table in metadata.sorted_tables if table.name not in PASSING)
"""Every table that is kept, each after those it refers to."""
FILES = Sql(
    "SELECT digest FROM evidence_version UNION SELECT digest FROM import_run_version UNION SELECT digest FROM form_version "
    "UNION SELECT digest FROM photo_version UNION SELECT digest FROM lead_file_version UNION SELECT scan_digest FROM paper_version WHERE scan_digest IS NOT NULL ORDER BY 1"
)
BATCH = 1000


def digests(link: Link) -> list[str]:
    """Digests of all files that the register refers to, now or in a version of the past."""
    return [digest for (digest,) in link.rows(FILES)]


def lines(link: Link, table: sa.Table) -> Iterator[bytes]:
    """A table as JSON lines: first the names of its columns, then a list of values for each row, in order of its key."""
    names = [c.name for c in table.columns]
    flags = [n for n, c in enumerate(table.columns) if isinstance(c.type, sa.Boolean)]
    keys = ", ".join(c.name for c in table.primary_key.columns)
    yield orjson.dumps(names) + b"\n"
    for row in link.stream(Sql(f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {keys}")):
        values = list(row)
        for n in flags:
            values[n] = None if values[n] is None else bool(values[n])
        yield orjson.dumps(values) + b"\n"


def load(link: Link, name: str, said: Iterable[bytes]) -> int:
    """Fill an empty table from its lines; how many rows. The table has at least the columns of the lines."""
    rows = iter(said)
    names = orjson.loads(next(rows))
    values = (orjson.loads(line) for line in rows)
    if isinstance(link, PostgresLink):
        return _copy(link, name, names, values)
    insert = Sql(f"INSERT INTO {name} ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)})")
    return sum(link.pour(insert, batch) for batch in _batches(values))


def _copy(link: PostgresLink, name: str, names: list[str], values: Iterable[list[Any]]) -> int:
    # One COPY is one statement: rows of a table may refer to each other in any order.
    count = 0
    with link.raw.cursor().copy(f"COPY {name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)
            count += 1
    return count


def _batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while batch := list(islice(rest, BATCH)):
        yield batch


def finish(link: Link) -> None:
    """What the lines do not hold: the counters that give ids, derived sums and search terms, made from the rows again."""
    if isinstance(link, PostgresLink):
        for noun in NOUNS.values():
            counter = f"pg_get_serial_sequence('{noun.table.name}', 'id')"
            link.raw.execute(f"SELECT setval({counter}, coalesce(max(id), 0) + 1, false) FROM {noun.table.name}")
        link.raw.execute("SELECT setval(pg_get_serial_sequence('job', 'id'), coalesce(max(id), 0) + 1, false) FROM job")
    recount(link)
    find_again(link)

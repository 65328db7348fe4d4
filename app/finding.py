"""The search terms of every row made from the rows again: after a migration that finds by more, and after a restore."""

from __future__ import annotations

from app.engine import Link, Sql
from app.findable import FOUND_BY, place, written
from app.kept_sql import ADD_TERMS
from app.models import core

BATCH = 1000
ROWS = {
    noun: Sql(f"SELECT id, {', '.join(names)} FROM {noun} WHERE deleted_at IS NULL ORDER BY id")
    for noun, names in FOUND_BY.items()
}
EMPTY = {
    "sqlite": "INSERT INTO search (search) VALUES ('delete-all')",
    "postgresql": "DELETE FROM project_terms",
}
KNOWN = Sql(f"SELECT seq FROM {core.compared.name}")
ANEW = Sql(
    f"INSERT INTO {core.compared.name} (one, seq, n) VALUES (1, 0, -1) ON CONFLICT (one) DO UPDATE SET seq = 0, n = -1"
)


def findable(link: Link) -> bool:
    """Do the terms hold what this program finds by? One that knew no likenesses left nothing in ``compared``."""
    return link.value(KNOWN) is not None


def find_again(link: Link) -> None:
    """Write the terms of every row, in the transaction of who calls; all are compared with all again."""
    link.raw.execute(EMPTY[link.dialect])
    for noun, rows in ROWS.items():
        batch = []
        for id_, *facts in link.stream(rows):
            batch.append({"id": place(noun, id_), "terms": written(noun, facts, link.dialect)})
            if len(batch) == BATCH:
                link.many(ADD_TERMS[link.dialect], batch)
                batch = []
        link.many(ADD_TERMS[link.dialect], batch)
    link.run(ANEW)

"""The tables under every noun: acts and their chain, changes, sums and postings, stamps, search, answers, chores.

They are Core tables, not shapes: nobody fills them in. ``keep`` and ``db`` write them; the database refuses the rest.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.models.base import metadata
from app.models.types import TEXT, MomentType
from app.rules.counting import AMOUNTS, LIGHTS

BIG = sa.BigInteger


def _table(name: str, *columns: sa.schema.SchemaItem, rowid: bool = True) -> sa.Table:
    return sa.Table(name, metadata, *columns, sqlite_strict=True, sqlite_with_rowid=rowid)


act = _table(
    "act",
    sa.Column("seq", BIG, primary_key=True, autoincrement=False),
    sa.Column("at", MomentType(), nullable=False),
    sa.Column("actor_kind", TEXT, nullable=False),
    sa.Column("actor_id", BIG),
    sa.Column("actor_name", TEXT, nullable=False),
    sa.Column("door", TEXT, nullable=False),
    sa.Column("word", TEXT, nullable=False),
    sa.Column("reason", TEXT),
    sa.Column("request_id", TEXT),
    sa.Column("import_id", BIG),
    sa.Column("undoes", BIG),
    sa.Column("count", BIG, nullable=False),
    sa.Column("alg", TEXT, nullable=False),
    sa.Column("prev", TEXT, nullable=False),
    sa.Column("hash", TEXT, nullable=False),
    sa.Index("ix_act_at", "at"),
)

head = _table(
    "head",
    sa.Column("one", BIG, primary_key=True, autoincrement=False),
    sa.Column("seq", BIG, nullable=False),
    sa.Column("at", MomentType(), nullable=False),
    sa.Column("hash", TEXT, nullable=False),
    sa.CheckConstraint("one = 1", name="single"),
)

change = _table(
    "change",
    sa.Column("seq", BIG, primary_key=True, autoincrement=False),
    sa.Column("n", BIG, primary_key=True, autoincrement=False),
    sa.Column("noun", TEXT, nullable=False),
    sa.Column("row_id", BIG, nullable=False),
    sa.Column("zone_id", BIG),
    sa.Column("diff", TEXT, nullable=False),
    sa.Index("ix_change_row", "noun", "row_id", "seq"),
    sa.Index("ix_change_zone", "zone_id", "seq"),
)
"""With row ids on SQLite: without them a row of more than a thousand bytes takes a page of its own, and the differences of new
projects are longer than that."""

change_private = _table(
    "change_private",
    sa.Column("seq", BIG, primary_key=True, autoincrement=False),
    sa.Column("n", BIG, primary_key=True, autoincrement=False),
    sa.Column("salt", TEXT, nullable=False),
    sa.Column("clear", TEXT, nullable=False),
    rowid=False,
)

COUNTED = (
    "projects",
    "official",
    *(f"light_{colour}" for colour in LIGHTS),
    *(f"{amount}{tail}" for amount in AMOUNTS for tail in ("_sum", "_known", "_official_sum", "_official_known")),
    "split_extra",
)
"""What one cell of ``total`` counts, in the order of its columns. ``split_extra``: how many items more the official
projects are once bundles are split into their parts."""


def _cell(name: str, *keys: sa.schema.SchemaItem) -> sa.Table:
    return _table(name, *keys, *(sa.Column(c, BIG, nullable=False, server_default="0") for c in COUNTED), rowid=False)


def _key(name: str, type_: sa.types.TypeEngine[Any] | None = None) -> sa.Column[object]:
    return sa.Column(name, type_ or BIG(), primary_key=True, autoincrement=False)


total = _cell("total", _key("zone_id"), _key("ledger", TEXT))
posting = _cell("posting", _key("seq"), _key("zone_id"), _key("ledger", TEXT), _key("kind", TEXT))
total_at = _cell("total_at", _key("seq"), _key("zone_id"), _key("ledger", TEXT))
light_total = _cell("light_total", _key("zone_id"), _key("ledger", TEXT), _key("light", TEXT))
EVERYWHERE = 0
"""In the place of a zone: the sums over all zones."""
dated_total = _table(
    "dated_total",
    _key("zone_id"),
    _key("fact", TEXT),
    _key("period", TEXT),
    *(sa.Column(c, BIG, nullable=False, server_default="0") for c in ("projects", "amount_sum", "amount_known")),
    rowid=False,
)
"""How many projects of a zone have a fact of a month or year (``rules.dated``), and what it comes to. The zone
``EVERYWHERE`` holds all of them together."""
DERIVED = frozenset({"light_total", "dated_total"})
"""Tables that hold nothing but what the projects say: they can be counted again at any time."""
sa.Index("ix_posting_cell", posting.c.zone_id, posting.c.ledger, posting.c.seq)
sa.Index("ix_total_at_cell", total_at.c.zone_id, total_at.c.ledger, total_at.c.seq)

stamp = _table(
    "stamp",
    sa.Column("scope", TEXT, primary_key=True),
    sa.Column("seq", BIG, nullable=False),
    sa.Index("ix_stamp_seq", "seq"),
    rowid=False,
)

answer = _table(
    "answer",
    sa.Column("actor", TEXT, primary_key=True),
    sa.Column("key", TEXT, primary_key=True),
    sa.Column("fingerprint", TEXT, nullable=False),
    sa.Column("status", BIG, nullable=False),
    sa.Column("headers", TEXT, nullable=False),
    sa.Column("body", TEXT, nullable=False),
    sa.Column("at", MomentType(), nullable=False),
    sa.Index("ix_answer_at", "at"),
    rowid=False,
)

job = _table(
    "job",
    sa.Column("id", BIG, primary_key=True),
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("arguments", TEXT, nullable=False),
    sa.Column("actor", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False),
    sa.Column("owner", TEXT),
    sa.Column("beat_at", MomentType()),
    sa.Column("tries", BIG, nullable=False, server_default="0"),
    sa.Column("step", TEXT),
    sa.Column("done", BIG),
    sa.Column("total", BIG),
    sa.Column("sentence", TEXT),
    sa.Column("result_file", TEXT),
    sa.Column("not_before", MomentType()),
    sa.Column("created_at", MomentType(), nullable=False),
    sa.Index("ix_job_state", "state", "id"),
)

session = _table(
    "session",
    sa.Column("token_hash", TEXT, primary_key=True),
    sa.Column("account_id", BIG, nullable=False),
    sa.Column("created_at", MomentType(), nullable=False),
    sa.Column("seen_at", MomentType(), nullable=False),
    sa.Column("expires_at", MomentType(), nullable=False),
    sa.Column("agent", TEXT),
    sa.Index("ix_session_account", "account_id"),
    rowid=False,
)

link = _table(
    "link",
    sa.Column("token_hash", TEXT, primary_key=True),
    sa.Column("account_id", BIG, nullable=False),
    sa.Column("purpose", TEXT, nullable=False),
    sa.Column("expires_at", MomentType(), nullable=False),
    sa.Column("spent_at", MomentType()),
    rowid=False,
)

link_seen = _table(
    "link_seen",
    sa.Column("link_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("first_at", MomentType(), nullable=False),
    sa.Column("last_at", MomentType(), nullable=False),
)

notice = _table(
    "notice",
    sa.Column("account_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("key", TEXT, primary_key=True),
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("facts", TEXT, nullable=False),
    sa.Column("address", TEXT, nullable=False),
    sa.Column("created_at", MomentType(), nullable=False),
    sa.Column("read_at", MomentType()),
    rowid=False,
)
"""What somebody is told in the application. Chores like sessions: no news of the register."""

delivery = _table(
    "delivery",
    sa.Column("key", TEXT, primary_key=True),
    sa.Column("channel", TEXT, nullable=False),
    sa.Column("recipient", TEXT, nullable=False),
    sa.Column("subject", TEXT, nullable=False),
    sa.Column("body", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False),
    sa.Column("tries", BIG, nullable=False, server_default="0"),
    sa.Column("sentence", TEXT),
    sa.Column("created_at", MomentType(), nullable=False),
    sa.Column("ended_at", MomentType()),
    rowid=False,
)
"""What is sent out of the house, once under its key, and what became of it."""

likeness = _table(
    "likeness",
    *(
        sa.Column(n, TEXT if n.endswith("kind") else BIG(), primary_key=True, autoincrement=False)
        for n in ("first_kind", "first_id", "later_kind", "later_id")
    ),
    sa.Column("strength", TEXT, nullable=False),
    sa.Column("score", sa.Float(53), nullable=False),
    sa.Column("reasons", TEXT, nullable=False),
    sa.Column("found_at", MomentType(), nullable=False),
    sa.Index("ix_likeness_later", "later_kind", "later_id"),
    sa.Index("ix_likeness_score", "score"),
    rowid=False,
)
"""Two registrations that were found alike, for the city office to look at. Found again at any time: no news of the register."""

compared = _table(
    "compared",
    sa.Column("one", BIG, primary_key=True, autoincrement=False),
    sa.Column("seq", BIG, nullable=False),
    sa.Column("n", BIG, nullable=False),
    sa.CheckConstraint("one = 1", name="single"),
)
"""The last change of a lead or project that was compared with all others."""

throttle = _table(
    "throttle",
    sa.Column("key", TEXT, primary_key=True),
    sa.Column("hits", BIG, nullable=False),
    sa.Column("until", MomentType(), nullable=False),
    rowid=False,
)

seen = _table(
    "seen",
    sa.Column("key_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("at", MomentType(), nullable=False),
)

preference = _table(
    "preference",
    sa.Column("account_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("value", TEXT, nullable=False),
    rowid=False,
)

# Search terms: on PostgreSQL the table ``project_terms`` of the first migration, on SQLite a contentless FTS5 table, which
# autogenerate would want to drop, so the guards' installer makes it.
SEARCH_SQLITE = (
    "CREATE VIRTUAL TABLE search USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='unicode61')"
)
SEARCH_ROOM = "INSERT INTO search (search, rank) VALUES ('hashsize', 67108864)"
"""How many bytes of terms an act collects before they are written: many rows are then sorted once, not piece by piece."""

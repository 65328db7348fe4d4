"""Random acts by several people against plain copies in memory, on both databases; and what happens when a guard is missing.

``SANZHANG_CHAOS=1`` plays far more and far longer.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import pytest

from app import desk as desk_module
from app import keep, kept_sql, tallies
from app.audit import verify
from app.db import Database
from app.desk import Actor, Desk
from app.engine import Sql
from app.keep import Book
from app.rules.counting import Cell, posting_kinds
from tests.cast import Cast, gather
from tests.play import Play

CHAOS = bool(os.environ.get("SANZHANG_CHAOS"))
SEEDS = range(40) if CHAOS else range(2)
STEPS = 1500 if CHAOS else 160


@pytest.fixture(autouse=True)
def _sums_kept_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies of the sums every 17 acts, so that a short run meets them from both sides."""
    monkeypatch.setattr(keep, "SNAPSHOT_EVERY", 17)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_register_never_differs_from_plain_copies_in_memory(cast: Cast, seed: int) -> None:
    Play(cast, seed).run(STEPS)
    report = verify(cast.database.settings)
    assert report.sound, report.lines


# ── the saboteurs: each takes one guard away, and the model must notice ──────────────────────────────────────────────
def _without_version_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "current", lambda *a, **kw: None)


def _without_zone_on_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    real = desk_module._restrict
    monkeypatch.setattr(desk_module, "_restrict", lambda q, t, mode, *rest: real(q, t, "all", *rest))


def _without_zone_on_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Actor, "sees", lambda self, zone_id: True)


def _without_postings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Book, "_postings", lambda self: None)


def _without_a_side_of_a_move(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_sided(before: Cell | None, after: Cell | None, *, opening: bool) -> Iterator[tuple[Cell, int, str]]:
        return (p for p in posting_kinds(before, after, opening=opening) if p[2] != "moved_out")

    monkeypatch.setattr(tallies, "posting_kinds", one_sided)


def _with_wrong_copies_of_the_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Sql(f"{kept_sql.SNAPSHOT.shape} WHERE zone_id <> 2")
    monkeypatch.setattr(keep, "SNAPSHOT", wrong)


def _without_search_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Book, "_search", lambda self: None)


def _without_stamps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Book, "_stamps", lambda self: None)


def _without_taking_parts_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Book, "apart", lambda self: contextlib.nullcontext())


SABOTEURS: list[Any] = [
    _without_version_check,
    _without_zone_on_lists,
    _without_zone_on_rows,
    _without_postings,
    _without_a_side_of_a_move,
    _with_wrong_copies_of_the_sums,
    _without_search_terms,
    _without_stamps,
    _without_taking_parts_back,
]


@pytest.mark.parametrize("sabotage", SABOTEURS, ids=lambda s: s.__name__.lstrip("_"))
def test_the_model_notices_a_register(
    sabotage: Any, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = Play(gather(sqlite_database), seed=7)
    monkeypatch.setattr(desk_module, "_SHAPES", {})  # statements made without the guard stay in this test
    sabotage(monkeypatch)
    with pytest.raises(AssertionError, match="seed 7"):
        play.run(STEPS, every=10)

"""Spoilt at random: whatever is sent is read or refused with a sentence, within its limits, and the register never notices."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import settings

from app.engine import Sql
from app.sheets.reading import HOME
from tests.cast import Cast
from tests.mutants import Fate, fates, mutant
from tests.test_import_pages import Desk

SHORT, LONG = 160, 5_000
REFUSALS = {
    "read", "damaged", "unreadable", "not_a_workbook", "encoding", "doctype", "bomb", "too_many_parts", "too_large", "too_slow", "password",
    "web_page", "empty",
}  # fmt: skip


@pytest.mark.hypothesis
def test_every_mutant_is_read_or_refused_within_ten_seconds_and_half_a_gigabyte() -> None:
    many = LONG if settings.get_current_profile_name() == "chaos" else SHORT
    found = fates(0, many)
    assert [one.seed for one in found] == list(range(many)), "none is lost, none is read twice"
    wrong = [one for one in found if one.end not in REFUSALS or one.seconds > 10 or one.memory > 512]
    assert not wrong
    assert {"read", "damaged"} <= {one.end for one in found}


def test_the_same_seed_spoils_the_same_way_in_every_process() -> None:
    """Else a killer could not be found again."""
    said = "from tests.mutants import mutant; print([hash(mutant(seed)[0]) for seed in range(16)])"
    told = {subprocess.run([sys.executable, "-c", said], capture_output=True, env={**os.environ, "PYTHONHASHSEED": "1"}, cwd=HOME, check=True).stdout
            for _ in range(2)}  # fmt: skip
    assert len(told) == 1


def test_one_that_kills_its_process_is_found_and_asked_about_at_the_real_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.mutants.through_the_door", lambda seed: Fate(seed, f"door {seed}", 0, 0))
    monkeypatch.setattr("tests.mutants.sys.executable", "/bin/false")
    assert [one.end for one in fates(3, 6)] == ["door 3", "door 4", "door 5"]


def test_spoilt_files_sent_by_hand_are_answered_and_write_no_project(sqlite_cast: Cast) -> None:
    """Through the real door of the pages, each with a child of its own."""
    database = sqlite_cast.database
    database.settings.public_url = "http://testserver"
    desk = Desk(sqlite_cast, "editor")
    try:
        before = _projects(sqlite_cast)
        for seed in range(8):
            data, name = mutant(seed)
            sent = desk.send(data, name)
            assert sent.status_code in (200, 303, 413, 422), (seed, sent.text)
            if sent.status_code == 303:
                assert desk.get(sent.headers["location"]).status_code == 200
        assert _projects(sqlite_cast) == before
        assert desk.get("/imports").status_code == 200
    finally:
        desk.close()


def _projects(cast: Cast) -> list[tuple[object, ...]]:
    return cast.database.read_now(lambda link: link.rows(Sql("SELECT * FROM project ORDER BY id")))

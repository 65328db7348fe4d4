"""The audit: silent on a register that was only used, and loud about one altered byte anywhere."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from app import keep
from app.audit import prove, verify
from app.db import Database
from app.engine import Link, Sql
from app.errors import Conflict
from tests import deeds
from tests.cast import Cast, link_of
from tests.play import Play


@pytest.fixture
def used(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A register in which people have worked for a while, with private fields, transfers and copies of the sums."""
    monkeypatch.setattr(keep, "SNAPSHOT_EVERY", 17)
    play = Play(cast, seed=3)
    for _ in range(60):
        play.step()
    for phone in ("13800000100", "13800000200"):
        facts = {"name": "Plant", "ledger": "reserve", "phone": phone, "total_investment_yuan": 5}
        id_ = cast.database.act_now(cast.editor, deeds.create, cast.east, facts).value["id"]
        cast.database.act_now(cast.editor, deeds.amend, id_, None, {"phone": "13900000100", "park": "North"})
    return cast


def unguarded(link: Link) -> None:
    """Take the guards of the database away for the transaction that has begun: whoever forges is past them."""
    if link.dialect == "postgresql":
        link.raw.execute("SET LOCAL session_replication_role = replica")
        return
    for (name,) in link.raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        link.raw.execute(f"DROP TRIGGER {name}")
    link.raw.execute("PRAGMA defer_foreign_keys = ON")


def forge(database: Database, *statements: str) -> None:
    """Change the database behind the register's back, for good."""
    link = link_of(database)
    if link.dialect == "sqlite":
        link.raw.execute("PRAGMA foreign_keys = OFF")
    link.begin(write=True)
    unguarded(link)
    for statement in statements:
        assert link.run(Sql(statement)) > 0
    link.end(keep=True)
    link.close()


def found_if(database: Database, *statements: str) -> set[str]:
    """The parts of the audit that would find something after these statements, all of which are taken back."""
    link = link_of(database)
    if link.dialect == "sqlite":
        link.raw.execute("PRAGMA foreign_keys = OFF")
    link.begin(write=True)
    unguarded(link)
    met = [link.run(Sql(statement)) for statement in statements]
    found = {part.name for part in prove(link) if part.found}
    link.end(keep=False)
    link.close()
    assert min(met, default=1) > 0, statements
    return found


def test_a_register_that_was_only_used_is_in_order(used: Cast) -> None:
    report = verify(used.database.settings)
    assert report.sound, report.lines
    ran = [(part.name, part.ran) for part in report.parts]
    assert ran == [("Chain", True), ("Replay", True), ("Sums", True), ("Checkpoint", False)]
    assert all(part.looked_at > 20 for part in report.parts if part.ran)


LAST = "(SELECT max(id) FROM project)"
FORGED = [
    ("Chain", "UPDATE act SET actor_name = 'Auditoq' WHERE seq = 3"),
    ("Chain", "UPDATE act SET reason = 'because' WHERE seq = 2"),
    ("Chain", "UPDATE act SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = 5"),
    ("Chain", "UPDATE act SET prev = 'x' || substr(prev, 2) WHERE seq = 9"),
    ("Chain", "UPDATE act SET hash = 'x' || substr(hash, 2) WHERE seq = (SELECT max(seq) FROM act)"),
    ("Chain", "DELETE FROM act WHERE seq = 7"),
    ("Chain", "DELETE FROM act WHERE seq = (SELECT max(seq) FROM act)"),
    ("Chain", "UPDATE head SET seq = seq - 1"),
    ("Chain", "UPDATE change SET diff = replace(diff, 'East Zone', 'East zone') WHERE seq = 1 AND n = 0"),
    ("Chain", "UPDATE change SET row_id = row_id + 1 WHERE seq = (SELECT max(seq) FROM change)"),
    ("Chain", "UPDATE change SET zone_id = 2 WHERE seq = (SELECT max(seq) FROM change)"),
    ("Chain", "DELETE FROM change WHERE seq = 4"),
    ("Chain", "INSERT INTO change (seq, n, noun, row_id, zone_id, diff) VALUES (999999, 0, 'project', 1, 1, '{}')"),
    ("Replay", f"UPDATE project SET name = name || '.' WHERE id = {LAST}"),
    ("Replay", f"UPDATE project SET phone = '13800000101' WHERE id = {LAST}"),
    ("Replay", f"UPDATE project SET updated_at = '2026-01-01T00:00:00.000000Z' WHERE id = {LAST}"),
    ("Replay", f"UPDATE project_version SET park = 'Nord' WHERE id = {LAST} AND park IS NOT NULL"),
    ("Replay", f"UPDATE project_version SET phone = '13800000101' WHERE id = {LAST} AND park IS NULL"),
    ("Replay", f"UPDATE project_version SET until = until - 1 WHERE id = {LAST}"),
    ("Replay", f"DELETE FROM project_version WHERE id = {LAST} AND park IS NULL"),
    ("Replay", f"DELETE FROM project WHERE id = {LAST}"),
    ("Replay", "UPDATE account SET role = 'administrator' WHERE login = 'stranger'"),
    ("Replay", "UPDATE api_key SET key_hash = 'x' || substr(key_hash, 2)"),
    ("Sums", "UPDATE total SET total_investment_yuan_sum = total_investment_yuan_sum + 1 WHERE zone_id = 1"),
    ("Sums", "UPDATE posting SET projects = projects + 1 WHERE seq = (SELECT min(seq) FROM posting)"),
    ("Sums", "DELETE FROM posting WHERE seq = (SELECT max(seq) FROM posting)"),
    ("Sums", "UPDATE total_at SET official = official + 1"),
]  # fmt: skip


def test_one_altered_byte_is_found_wherever_it_stands(used: Cast) -> None:
    assert found_if(used.database) == set()
    missed = [statement for part, statement in FORGED if part not in found_if(used.database, statement)]
    assert missed == []


def test_two_postings_that_cancel_each_other_are_found(used: Cast) -> None:
    first = "(SELECT min(seq) FROM posting)"
    last = "(SELECT max(seq) FROM posting)"
    up, down = (
        f"UPDATE posting SET projects = projects {n} WHERE seq = {s}" for n, s in (("+ 1", first), ("- 1", last))
    )
    assert found_if(used.database, up, down) == {"Sums"}


def test_personal_values_may_be_erased_and_the_rest_still_proves(used: Cast) -> None:
    erasing = (
        "DELETE FROM change_private WHERE seq IN (SELECT seq FROM change WHERE noun = 'project')",
        "UPDATE project SET phone = NULL",
        "UPDATE project_version SET phone = NULL",
    )
    assert found_if(used.database, *erasing) == set()
    assert found_if(used.database, *erasing[1:]) == {"Replay"}


def test_history_rewritten_whole_is_found_by_a_checkpoint_kept_outside(used: Cast, tmp_path: Path) -> None:
    settings, file = used.database.settings, tmp_path / "checkpoint.json"
    assert verify(settings, write_checkpoint=file).sound
    used.database.act_now(used.editor, deeds.create, used.east, {"name": "Later", "ledger": "reserve"})
    later = verify(settings, checkpoint=file)
    assert (later.sound, later.parts[-1].ran) == (True, True)
    seq = orjson.loads(file.read_bytes())["seq"]
    forge(used.database, f"UPDATE act SET hash = 'rewritten' WHERE seq = {seq}")
    assert verify(settings, checkpoint=file).parts[-1].found == 1
    forge(used.database, f"DELETE FROM act WHERE seq >= {seq}")
    assert verify(settings, checkpoint=file).parts[-1].found == 1


def test_a_checkpoint_that_was_altered_or_is_none_is_refused(used: Cast, tmp_path: Path) -> None:
    settings, file = used.database.settings, tmp_path / "checkpoint.json"
    verify(settings, write_checkpoint=file)
    facts = orjson.loads(file.read_bytes())
    file.write_bytes(orjson.dumps({**facts, "seq": facts["seq"] - 1}))
    assert "secret" in verify(settings, checkpoint=file).parts[-1].problems[0][0]
    file.write_bytes(b"[]")
    with pytest.raises(Conflict):
        verify(settings, checkpoint=file)


def test_no_checkpoint_is_written_of_a_register_that_is_not_in_order(used: Cast, tmp_path: Path) -> None:
    forge(used.database, "UPDATE head SET seq = seq - 1")
    assert not verify(used.database.settings, write_checkpoint=tmp_path / "c.json").sound
    assert not (tmp_path / "c.json").exists()

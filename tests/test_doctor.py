"""The doctor finds nothing wrong with a fresh register, and names what is."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.db import Database
from app.doctor import examine
from app.engine import Sql
from app.secret import secret
from app.settings import Settings
from tests.cast import Cast, link_of


def test_a_register_in_order_gets_no_reproach(cast: Cast) -> None:
    secret(cast.database.settings.secret_file)
    assert examine(cast.database.settings) == []


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        ("DROP INDEX ix_project_page", "ix_project_page"),
        ("CREATE INDEX ix_project_mine ON project (park)", "ix_project_mine"),
        ("ALTER TABLE zone ADD COLUMN colour TEXT", "zone"),
        ("DROP TRIGGER guard_act_delete", "guard_act_delete"),
    ],
)
def test_a_schema_that_drifted_is_named(sqlite_cast: Cast, spoil: str, named: str) -> None:
    link = link_of(sqlite_cast.database)
    link.raw.execute(spoil)
    link.close()
    (said,) = examine(Settings(**{**sqlite_cast.database.settings.model_dump(), "locale": "en"}))
    assert named in said


def test_a_schema_that_drifted_on_postgresql_is_named(cast: Cast) -> None:
    if cast.database.dialect == "sqlite":
        return
    link = link_of(cast.database)
    definition = link.raw.execute(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'guard_act_delete'"
    ).fetchone()[0]
    link.raw.execute("DROP TRIGGER guard_act_delete ON act")
    link.raw.execute("ALTER TABLE zone ADD COLUMN colour TEXT")
    said = " ".join(examine(cast.database.settings))
    link.raw.execute("ALTER TABLE zone DROP COLUMN colour")
    link.raw.execute(definition)
    link.close()
    assert "guard_act_delete" in said
    assert "zone.colour" in said
    assert examine(cast.database.settings) == []


def test_wrong_sums_and_a_broken_chain_are_named(cast: Cast) -> None:
    cast.database.chore_now(lambda link: link.run(Sql("UPDATE head SET hash = 'x'")))
    assert len(examine(cast.database.settings)) == 1


def test_settings_that_cannot_be_are_named(sqlite_database: Database, tmp_path: Path) -> None:
    key = tmp_path / "open_secret"
    key.write_text("short")
    key.chmod(0o644)
    wrong = {"timezone": "Asia/Nowhere", "locale": "xx", "cache": "maybe", "public_url": "sanzhang", "secret_file": key}
    said = examine(Settings(**{**sqlite_database.settings.model_dump(), **wrong, "log_level": "loud"}))
    assert len(said) == 7


def test_no_database_and_one_that_was_never_migrated_are_named(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/none.db", secret_file=tmp_path / "s", files_dir=tmp_path)
    assert len(examine(settings)) == 1
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "none.db").touch()
    (said,) = examine(settings)
    assert "migrate" in said
    unreachable = Settings(database_url="postgresql://localhost:1/x", secret_file=tmp_path / "s", files_dir=tmp_path)
    assert len(examine(unreachable)) == 1


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "secret"
    made = secret(file)
    assert (secret(file), len(made), file.stat().st_mode & 0o777) == (made, 64, 0o600)
    assert [p.name for p in file.parent.iterdir()] == ["secret"]

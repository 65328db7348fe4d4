"""An archive holds everything, on either database and for either; a broken one is refused before anything is touched."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from app import files
from app.audit import verify
from app.backup import backup, restore
from app.db import Database, house
from app.desk import Desk
from app.doctor import examine
from app.engine import Sql
from app.errors import Conflict
from app.models import BY_MODEL, Evidence, Project
from app.rules.access import Act
from app.schema import migrate
from app.settings import Settings
from tests import deeds
from tests.cast import Cast
from tests.play import Play
from tests.postgres import Server

SEARCHABLE = {"sqlite": Sql("SELECT count(*) FROM search"), "postgresql": Sql("SELECT count(*) FROM project_terms")}
New = Callable[[str], Settings]


@pytest.fixture
def new(postgres: Server, tmp_path: Path) -> Iterator[New]:
    """Settings of a place for another register: nothing on SQLite, an empty database on PostgreSQL."""
    made: list[str] = []

    def empty(dialect: str) -> Settings:
        url = f"sqlite:///{tmp_path}/other.db" if dialect == "sqlite" else postgres.create(f"other{len(made)}")
        made.append(f"other{len(made)}")
        return Settings(database_url=url, secret_file=tmp_path / "secret", files_dir=tmp_path / "other_files")

    yield empty
    for name in made:
        postgres.drop(name)


@pytest.fixture
def used(cast: Cast) -> Cast:
    """A register in which people have worked, on each database."""
    return worked_in(cast)


@pytest.fixture
def sqlite_used(sqlite_cast: Cast) -> Cast:
    """The same on SQLite only: an archive does not tell where it comes from."""
    return worked_in(sqlite_cast)


def worked_in(cast: Cast) -> Cast:
    """Somebody signed in, many acts, and a file of evidence."""
    play = Play(cast, seed=5)
    for _ in range(40):
        play.step()
    cast.session("editor")
    digest = files.put(cast.database.settings, "中文 evidence".encode())

    def prove_it(desk: Desk) -> None:
        id_ = deeds.create(desk, cast.east, {"name": "发电厂", "ledger": "reserve", "phone": "13800000100"})["id"]
        desk.ask(Act.EVIDENCE_ADD, cast.east)
        facts: dict[str, Any] = {
            "kind": "contract",
            "digest": digest,
            "file_name": "a.pdf",
            "media_type": "application/pdf",
            "size": 16,
        }
        desk.keep(Evidence(zone_id=cast.east, project_id=id_, **facts))

    cast.database.act_now(cast.editor, prove_it)
    return cast


def told(settings: Settings) -> tuple[list[object], list[object]]:
    """Everything that a register can say of its projects, now and some acts ago, with the chain's head."""
    database = Database(settings)
    head = database.read_now(lambda link: link.row(Sql("SELECT seq, hash FROM head")))
    assert head is not None

    def projects(desk: Desk) -> list[object]:
        return [
            BY_MODEL[Project].values(row)
            for row in desk.rows(Project, "all", lambda q, t: q.order_by(t.c.id), deleted="with")
        ]

    now = database.ask_now(house(), projects)
    then = database.ask_now(house(as_of=head[0] - 9), projects)
    found = database.read_now(lambda link: link.value(SEARCHABLE[link.dialect]))
    database.close()
    return [*now, *then], [head, found]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_register_comes_back_whole_on_either_database_work_goes_on_and_nobody_is_signed_in(
    used: Cast, new: New, dialect: str, tmp_path: Path
) -> None:
    there, archive = new(dialect), tmp_path / "register.zip"
    assert str(archive) in backup(used.database.settings, archive)
    restore(there, archive)
    assert told(there) == told(used.database.settings)
    assert verify(there).sound
    assert examine(there) == []
    assert [f.read_bytes() for f in there.files_dir.rglob("*") if f.is_file()] == ["中文 evidence".encode()]
    database = Database(there)
    assert database.read_now(lambda link: link.value(Sql("SELECT count(*) FROM session"))) == 0
    ids = {row[0] for row in database.read_now(lambda link: link.rows(Sql("SELECT id FROM project")))}
    answer = database.act_now(used.editor, deeds.create, used.east, {"name": "Next", "ledger": "reserve"})
    assert (answer.value["id"] > max(ids), verify(there).sound) == (True, True)
    with pytest.raises(Conflict):  # the guards are there again
        database.chore_now(lambda link: link.run(Sql("DELETE FROM act")))
    database.close()


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_what_was_here_before_is_put_aside_and_a_register_in_use_is_left_alone(
    sqlite_used: Cast, new: New, dialect: str, tmp_path: Path
) -> None:
    there = new(dialect)
    backup(sqlite_used.database.settings, tmp_path / "a.zip")
    migrate(there.database_url)
    working = Database(there)
    working.act_now(house(), lambda desk: desk.ask(Act.DEMO_LOAD))
    with pytest.raises(Conflict) as refused:
        restore(there, tmp_path / "a.zip")
    assert refused.value.code == "in_use"
    assert working.read_now(lambda link: link.value(Sql("SELECT seq FROM head"))) == 0
    working.close()
    assert "before" in restore(there, tmp_path / "a.zip")
    assert told(there) == told(sqlite_used.database.settings)


def rewritten(archive: Path, member: str, change: Callable[[bytes], bytes], *, digest_too: bool) -> Path:
    """The same archive with one member altered."""
    with zipfile.ZipFile(archive) as old:
        held = {name: old.read(name) for name in old.namelist()}
    held[member] = change(held[member])
    if digest_too:
        manifest = orjson.loads(held["manifest.json"])
        manifest["members"][member] = sha256(held[member]).hexdigest()
        held["manifest.json"] = orjson.dumps(manifest)
    made = archive.with_name("rewritten.zip")
    with zipfile.ZipFile(made, "w") as new:
        for name, content in held.items():
            new.writestr(name, content)
    return made


def test_an_archive_that_was_altered_is_refused_and_nothing_is_touched(
    sqlite_used: Cast, new: New, tmp_path: Path
) -> None:
    there, archive = new("sqlite"), tmp_path / "a.zip"
    backup(sqlite_used.database.settings, archive)
    evidence = next(n for n in zipfile.ZipFile(archive).namelist() if n.startswith("files/"))

    def forge(said: bytes) -> bytes:
        return said.replace("发电厂".encode(), "發電厰".encode())

    for member, digest_too in (
        ("tables/project.jsonl", False),
        ("tables/project.jsonl", True),
        ("tables/project_version.jsonl", True),
        ("tables/change.jsonl", True),
    ):
        with pytest.raises(Conflict):
            restore(there, rewritten(archive, member, forge, digest_too=digest_too))
    for member, change in (
        (evidence, lambda said: said + b"."),
        ("tables/total.jsonl", lambda said: said.split(b"\n", 1)[0] + b"\n"),
        ("manifest.json", lambda said: said.replace(b'"format": 1', b'"format": 9')),
        ("manifest.json", lambda said: b"{}"),
    ):
        with pytest.raises(Conflict):
            restore(there, rewritten(archive, member, change, digest_too=False))
    (tmp_path / "b.zip").write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(Conflict):
        restore(there, tmp_path / "b.zip")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("other")] == []


def test_an_archive_is_never_overwritten_and_never_half(sqlite_used: Cast, tmp_path: Path) -> None:
    backup(sqlite_used.database.settings, tmp_path / "a.zip")
    before = (tmp_path / "a.zip").read_bytes()
    with pytest.raises(Conflict):
        backup(sqlite_used.database.settings, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


def test_a_lost_file_is_told_by_doctor_and_backup_and_stops_neither_backup_nor_restore(
    sqlite_used: Cast, new: New, tmp_path: Path
) -> None:
    for file in sqlite_used.database.settings.files_dir.rglob("*"):
        if file.is_file():
            file.unlink()
    assert any("1" in line for line in examine(sqlite_used.database.settings))
    assert "\n" in backup(sqlite_used.database.settings, tmp_path / "a.zip")
    there = new("sqlite")
    restore(there, tmp_path / "a.zip")
    assert told(there) == told(sqlite_used.database.settings)

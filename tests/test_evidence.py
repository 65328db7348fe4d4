"""Evidence: a file that proves something, whole or not there, and what it settles."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Forbidden, Invalid, NotFound, TooLarge
from app.files import Files
from app.rules.proofs import file_name, media_type
from app.services import evidence, moves, projects
from tests.cast import Cast

PDF = b"%PDF-1.7\n%made for a test\n"
READY: dict[str, Any] = {"name": "One", "planned_completion_month": "2027-01"}


def test_a_file_is_there_whole_once_under_its_digest(tmp_path: Path) -> None:
    files = Files(tmp_path / "files", most_bytes=100)
    stored = files.put(io.BytesIO(PDF))
    assert files.put(PDF) == stored
    with files.open(stored.digest) as file:
        assert file.read() == PDF
    with pytest.raises(TooLarge):
        files.put(b"x" * 101)
    assert [p.name for p in (tmp_path / "files").rglob("*") if p.is_file()] == [stored.digest]


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "A" * 64, "0" * 64, "0" * 63])
def test_what_is_no_digest_never_becomes_a_path(tmp_path: Path, digest: str) -> None:
    with pytest.raises(NotFound):
        Files(tmp_path).open(digest)


def test_a_sweep_takes_only_old_files_nobody_refers_to(tmp_path: Path) -> None:
    files = Files(tmp_path)
    kept, orphan = files.put(PDF), files.put(PDF + b"2")
    assert files.sweep([kept.digest]) == 0, "it may belong to an act under way"
    assert files.sweep([kept.digest], older_than=-5) == 1
    assert (files.has(kept.digest), files.has(orphan.digest)) == (True, False)


def test_what_a_file_is_is_told_by_its_content() -> None:
    assert media_type(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    for other in (b"PK\x03\x04", b"<html>", b"<svg xmlns=", b"MZ", b"\xd0\xcf\x11\xe0", b"RIFF\0\0\0\0WAVE", b""):
        assert media_type(other) is None


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_every_system_takes(sent: str) -> None:
    name = file_name(sent, "application/pdf")
    assert name.endswith(".pdf")
    assert len(name) <= 140
    assert name == file_name(name, "application/pdf")
    assert not set(name) & set('/\\<>:"|?*%\0\n')
    assert name.strip(" .") == name


def test_names_keep_what_people_wrote() -> None:
    assert file_name("C:\\scan\\施工许可证 2026.PDF", "application/pdf") == "施工许可证 2026.pdf"
    assert file_name("../../con.exe", "image/png") == "evidence_con.png"


def attach(cast: Cast, project: dict[str, Any], kind: str, tmp_path: Path, content: bytes = PDF) -> dict[str, Any]:
    stored = Files(tmp_path / "files").put(content)
    value = cast.database.act_now(
        cast.editor, evidence.add, project["id"], {"kind": kind, "dated_on": "2026-03-01"}, stored=stored, name="证.pdf"
    ).value
    assert isinstance(value, dict)
    return value


def test_evidence_given_later_clears_what_is_pending(cast: Cast, tmp_path: Path) -> None:
    db = cast.database
    project = db.act_now(cast.editor, projects.create, READY, zone="EAST").value
    forced: dict[str, Any] = {"to": "in_construction", "on": "2026-03-01", "override": True}
    db.act_now(cast.by("reviewer", reason="Urgent"), moves.move, project["id"], **forced)
    assert db.ask_now(cast.editor, projects.read, project["id"])["pending"] is True
    assert attach(cast, project, "site_photo", tmp_path)["settled"] is False
    proof = attach(cast, project, "construction_contract", tmp_path)
    assert proof["settled"] is True
    assert db.ask_now(cast.editor, projects.read, project["id"])["pending"] is False
    assert db.ask_now(cast.editor, moves.history, project["id"])[-1]["settled_on"] is not None
    db.act_now(cast.editor, evidence.remove, proof["id"], version=proof["version"])
    assert [e["kind"] for e in db.ask_now(cast.editor, evidence.list_, project["id"])] == ["site_photo"]
    assert db.read_now(lambda link: evidence.sweep(link, Files(tmp_path / "files"))) == 0


def test_what_is_no_proof_is_refused_with_a_sentence(cast: Cast, tmp_path: Path) -> None:
    project = cast.database.act_now(cast.editor, projects.create, READY, zone="EAST").value
    for content, code in ((b"", "empty"), (b"PK\x03\x04 a workbook", "not_a_proof")):
        with pytest.raises(Invalid) as refused:
            attach(cast, project, "contract", tmp_path, content)
        assert [p.code for p in refused.value.problems] == [code]
    with pytest.raises(Invalid):
        attach(cast, project, "rumour", tmp_path)


def test_only_those_of_the_zone_attach_see_and_remove(cast: Cast, tmp_path: Path) -> None:
    project = cast.database.act_now(cast.editor, projects.create, READY, zone="EAST").value
    proof = attach(cast, project, "contract", tmp_path)
    stored = Files(tmp_path / "files").put(PDF)
    for ask in (evidence.open_, evidence.list_):
        with pytest.raises(NotFound):
            cast.database.ask_now(cast.stranger, ask, proof["id"])
    with pytest.raises(NotFound):
        cast.database.act_now(cast.stranger, evidence.add, project["id"], {"kind": "contract"}, stored=stored, name="x")
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.leader, evidence.remove, proof["id"])
    assert cast.database.ask_now(cast.leader, evidence.open_, proof["id"])["file_name"] == "证.pdf"

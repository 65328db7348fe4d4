"""Files that go out: whole whatever part is asked for, known again by what they hold, and none left behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from app.pages.assets import address
from tests.web import Web

PDF = b"%PDF-1.7\n%made for a test\n"
ASKED = ["bytes=0-9", "bytes=5-2,9-", "bytes=99999999-", "lines=1", "x"]


@pytest.mark.parametrize("asked", ASKED)
def test_a_ledger_is_handed_out_whole_and_leaves_nothing_behind(
    sqlite_web: Web, asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = tmp_path / "written"
    written.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(written))
    for path in ("/zones/EAST/ledgers/reserve.csv", "/power-matrix.csv", "/leads.csv"):
        whole = sqlite_web.get(path)
        answer = sqlite_web.get(path, headers={"Range": asked})
        assert answer.status_code == 200, answer.text
        assert answer.content == whole.content
        assert not {"etag", "last-modified", "accept-ranges"} & answer.headers.keys()
    assert not list(written.iterdir())


def test_a_kept_file_is_known_again_by_what_it_holds(sqlite_web: Web) -> None:
    project = sqlite_web.project()
    path = f"/projects/{project['id']}/evidence"
    made = sqlite_web.post(path, files={"file": ("contract.pdf", PDF)}, data={"kind": "contract"}).json()
    first = sqlite_web.get(f"{path}/{made['id']}/file")
    assert first.content == PDF
    for asked in ASKED:
        assert sqlite_web.get(f"{path}/{made['id']}/file", headers={"Range": asked}).content == PDF
    again = sqlite_web.get(f"{path}/{made['id']}/file", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


def test_a_static_file_is_whole_too(sqlite_web: Web) -> None:
    answer = sqlite_web.get("/" + address("app.css"), headers={"Range": "x"}, key=None)
    assert answer.status_code == 200

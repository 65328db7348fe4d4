"""The import pages: a file is sent, shown, decided about, confirmed and accepted; the neighbour sees and sends nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.db import Caller
from app.main import create_app
from app.services import imports, intake, ledgers
from app.worker.jobs import take
from app.worker.loop import do
from tests.cast import Cast
from tests.test_imports import HEADING, book, opening, row

SAME = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}


class Desk:
    """A browser without scripts, for one person."""

    def __init__(self, cast: Cast, who: str) -> None:
        self.runner = asyncio.Runner()
        app = create_app(database=cast.database)
        cookies = {"sanzhang": cast.session(who)}
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://testserver", cookies=cookies, headers=SAME
        )

    def get(self, address: str) -> httpx.Response:
        return self.runner.run(self.client.get(address))

    def post(self, address: str, **form: Any) -> httpx.Response:
        return self.runner.run(self.client.post(address, data=form))

    def send(self, data: bytes, name: str = "在建台账.xlsx", **form: Any) -> httpx.Response:
        return self.runner.run(self.client.post("/imports", data=form, files={"file": (name, data)}))

    def close(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.close()


@pytest.fixture
def desks(cast: Cast) -> Iterator[Any]:
    cast.database.settings.public_url = "http://testserver"
    opened: dict[str, Desk] = {}

    def of(who: str) -> Desk:
        if who not in opened:
            opened[who] = Desk(cast, who)
        return opened[who]

    yield of
    for desk in opened.values():
        desk.close()


DATA = book([*row(1, "一号项目"), "East"], [*row(2, "二号项目", total="很多"), "East"], [*row(3, "三号项目"), "West"],
            heading=[*HEADING, "开发区"])  # fmt: skip


def names(cast: Cast, who: Caller, ledger: str = "in_construction") -> list[str]:
    asked = ledgers.Asked(ledger=ledger, sort=("name",))
    return [r[0] for r in cast.database.ask_now(who, ledgers.page, asked, ("name",)).rows]


def test_from_the_file_to_the_accepted_opening(cast: Cast, desks: Any) -> None:
    editor, reviewer = desks("editor"), desks("reviewer")
    sent = editor.send(DATA, opening="1")
    assert sent.status_code == 303, sent.text
    address = sent.headers["location"]
    shown = editor.get(address)
    assert shown.status_code == 200
    for said in ("一号项目", "很多", "D4", "Bring in 1 row as the opening", '<a href="/imports" aria-current="page">'):
        assert said in shown.text, said
    assert names(cast, cast.both) == [], "nothing before she confirms"
    assert reviewer.get(address).status_code == 404, "it is hers until then"
    seen = re.search(r'name="seen" value="(\d+)"', shown.text)
    assert seen is not None
    done = editor.post(f"{address}/commit", seen=seen[1])
    assert done.status_code == 303, done.text
    assert names(cast, cast.both) == ["一号项目"]
    assert "Waiting for acceptance" in reviewer.get("/imports").text
    assert "Accept as they stand" not in editor.get("/imports").text
    assert editor.post(f"{address}/accept").status_code == 403
    assert reviewer.post(f"{address}/accept").status_code == 303
    again = reviewer.post(f"{address}/accept")
    assert (again.status_code, "already" in again.text) == (409, True)
    assert "Accepted as they stand by Reviewer" in reviewer.get(address).text
    assert editor.post(f"{address}/undo").status_code == 403, "what a reviewer accepted is not hers to undo"
    assert reviewer.post(f"{address}/undo").status_code == 303
    assert names(cast, cast.both) == []


def test_she_decides_about_sheets_and_rows(cast: Cast, desks: Any) -> None:
    opening(cast, book(row(1, "拓远智能仓储机器人整机装配及检测中心")))
    editor = desks("editor")
    address = editor.send(book(row(1, "拓远智能仓储机器人整机装配", remarks="x"), title="项目表")).headers["location"]
    assert "it is 拓远智能仓储机器人整机装配及检测中心" not in editor.get(address).text, (
        "no zone yet, so nothing to compare with"
    )
    placed = {"settings": "1", "sheet-0": "一", "zone-0": "EAST", "ledger-0": "in_construction"}
    assert editor.post(address, **placed).status_code == 303
    shown = editor.get(f"{address}?show=doubtful").text
    decision = re.search(r'name="row" value="([^"]+)">\s*<button[^>]*name="decide" value="(\d+)"', shown)
    assert decision is not None
    assert editor.post(address, row=decision[1], decide=decision[2]).status_code == 303
    assert "1 changed" in editor.get(address).text
    assert editor.post(f"{address}/commit", reason="the sheet is right").status_code == 303
    assert names(cast, cast.editor) == ["拓远智能仓储机器人整机装配"]


def test_a_reason_is_asked_for_once_and_what_moved_on_is_shown_again(cast: Cast, desks: Any) -> None:
    opening(cast, book(row(1, "一号项目")))
    editor = desks("editor")
    data = book([*row(1, "一号项目", total=2000), "East"], heading=[*HEADING, "开发区"])
    address = editor.send(data).headers["location"]
    refused = editor.post(f"{address}/commit")
    assert (refused.status_code, "needs a reason" in refused.text) == (422, True)
    stale = editor.post(f"{address}/commit", reason="r", seen="1")
    assert (stale.status_code, "moved on" in stale.text) == (409, True)
    assert editor.post(f"{address}/commit", reason="r").status_code == 303


def test_the_neighbour_sends_nothing_here_and_readers_send_nothing_at_all(cast: Cast, desks: Any) -> None:
    stranger = desks("stranger")
    address = stranger.send(book([*row(1, "一号项目"), "East"], heading=[*HEADING, "开发区"])).headers["location"]
    placed = {"settings": "1", "sheet-0": "一", "zone-0": "EAST", "ledger-0": "in_construction", "force-0": "1"}
    assert stranger.post(address, **placed).status_code == 404
    assert stranger.post(f"{address}/commit").status_code == 409
    assert names(cast, cast.both) == []
    for reader in ("leader", "auditor"):
        assert desks(reader).send(DATA).status_code == 403
        assert 'type="file"' not in desks(reader).get("/imports").text
        assert desks(reader).get(address).status_code == 404


def test_a_file_without_projects_says_where_it_belongs(cast: Cast, desks: Any) -> None:
    for data, said in (
        (book(), "A blank form that a master asks for"),
        ("事项名称,赋权形式\n备案,下放\n".encode(), "where its heading stands"),
    ):
        sent = desks("editor").send(data, name="表.csv" if data[:2] != b"PK" else "空表.xlsx")
        shown = desks("editor").get(sent.headers["location"]).text
        assert said in shown
        assert '<a href="/leads/imports">' in shown
        assert "/sheets/0" in shown


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rubbish", b"\x00" * 100, b"<html></html>", b"%PDF-1.7"])
def test_what_is_no_workbook_is_refused_with_a_sentence(cast: Cast, desks: Any, data: bytes) -> None:
    refused = desks("editor").send(data)
    assert refused.status_code in (400, 422)
    assert 'role="alert"' in refused.text
    assert cast.database.ask_now(cast.editor, imports.list_) == []


def test_a_large_import_is_brought_in_by_the_worker_once(
    cast: Cast, desks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MANY", 1)
    editor = desks("editor")
    data = book([*row(1, "一号项目"), "East"], [*row(2, "二号项目"), "East"], heading=[*HEADING, "开发区"])
    address = editor.send(data).headers["location"]
    assert editor.post(f"{address}/commit", reason="many").status_code == 303
    assert names(cast, cast.editor) == []
    assert "The worker is bringing it in" in editor.get(address).text
    job = take(cast.database)
    assert job is not None
    do(cast.database, job)
    assert sorted(names(cast, cast.editor)) == ["一号项目", "二号项目"]
    do(cast.database, job)
    assert len(names(cast, cast.editor)) == 2, "twice is once"
    assert "2 rows came in" in editor.get(address).text


def test_the_ledger_page_goes_out_as_a_file(cast: Cast, desks: Any) -> None:
    opening(cast, book(row(1, "一号项目")))
    for address in ("/zones/EAST/ledgers/in_construction.xlsx", "/ledgers/in_construction.csv?unit=yi"):
        got = desks("editor").get(address)
        assert (got.status_code, "attachment" in got.headers["content-disposition"]) == (200, True)
    assert "一号项目" in got.text
    assert desks("stranger").get("/zones/EAST/ledgers/in_construction.xlsx").status_code == 404
    assert desks("editor").get("/zones/EAST/ledgers/in_construction.pdf").status_code in (400, 404)

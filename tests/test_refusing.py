"""How a refusal is said: to a program as problem+json, to a person as a page, in her language, with its status."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path

import pytest
from starlette.types import Message

from app.api import band
from app.db import Database, house
from app.desk import Desk
from app.errors import Conflict
from app.main import create_app
from app.models import Setting
from app.rules.access import Act
from app.settings import Settings
from tests.web import Web

MEMBERS = {"type", "title", "status", "code", "detail", "instance", "request_id", "errors"}


def test_a_program_gets_a_problem_with_every_fault_at_once(sqlite_web: Web) -> None:
    body = {"zone": "EAST", "land_mu": "wide", "kind": "none", "surprise": 1}
    answer = sqlite_web.post("/projects", json=body, headers={"X-Request-Id": "mine-1"})
    said = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert said.keys() == MEMBERS
    assert (said["status"], said["instance"], said["request_id"]) == (422, "/api/v1/projects", "mine-1")
    assert {e["pointer"]: e["code"] for e in said["errors"]} == {
        "/name": "required",
        "/land_mu": "wrong_type",
        "/kind": "not_in_list",
        "/surprise": "unknown_field",
    }


def test_all_that_is_wrong_with_an_address_is_said_at_once(sqlite_web: Web) -> None:
    answer = sqlite_web.get(
        "/projects?surprise=1&limit=x&light=pink&ledger=attic&total_investment_yuan__gte=much&updated_at__gt=2026-06-30"
        "&planned_start_month=May&count=yes&count=exact&signed_on=2026-02-30&land_mu=NaN&zone=EAST&zone=WEST"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/surprise", "unknown_parameter"),
        *(
            (f"/{name}", "bad_parameter")
            for name in (
                "limit", "light", "ledger", "total_investment_yuan__gte", "updated_at__gt", "planned_start_month",
                "count", "count", "signed_on", "land_mu",
            )
        ),
    ]  # fmt: skip
    (missing,) = sqlite_web.get("/summary?light=red").json()["errors"]
    assert missing["pointer"] == "/by"


@pytest.mark.parametrize(
    ("named", "sent", "code"),
    [
        ("planned_start_month", "2026-13", "not_a_month"),
        ("planned_start_month", "2026-6", "not_a_month"),
        ("planned_start_month", "1812-06", "out_of_range"),
        ("signed_on", "2026-02-30", "not_a_day"),
        ("signed_on", "2026-W01-1", "not_a_day"),
        ("signed_on", "1812-06-30", "out_of_range"),
    ],
)
def test_a_day_or_month_that_is_none_is_told_how_to_be_written(
    sqlite_web: Web, named: str, sent: str, code: str
) -> None:
    (said,) = sqlite_web.post("/projects", json={"zone": "EAST", "name": "Mill", named: sent}).json()["errors"]
    assert (said["pointer"], said["code"]) == (f"/{named}", code)


def test_who_may_not_is_told_what_in_words_of_her_language(sqlite_web: Web) -> None:
    told = [
        sqlite_web.post(
            "/projects", json={"zone": "EAST", "name": "Mill"}, key="read", headers={"Accept-Language": language}
        ).json()["detail"]
        for language in ("en", "zh-CN")
    ]
    assert told == ["Your role may not do this: add a project", "您的角色无权：新增项目"]


@pytest.mark.parametrize("sent", [b"{", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_a_broken_body_is_explained_without_the_parsers_own_words(sqlite_web: Web, sent: bytes) -> None:
    told = sqlite_web.post("/projects", content=sent, headers={"Accept-Language": "zh-CN"}).json()
    assert (told["status"], told["code"]) == (400, "broken_json")
    assert not {"codec", "Expecting", "limit", "recursion"} & set(told["detail"].split())


def test_a_person_gets_a_page_in_her_frame_and_htmx_a_piece_of_one(sqlite_web: Web) -> None:
    sqlite_web.client.cookies.set("sanzhang", sqlite_web.cast.session("editor"))
    page = sqlite_web.get("//nowhere", key=None)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Editor" in page.text
    piece = sqlite_web.get("//nowhere", key=None, headers={"HX-Request": "true"})
    assert piece.status_code == 404
    assert "<html" not in piece.text
    assert 'role="alert"' in piece.text
    other = sqlite_web.get("//zones/WEST/ledgers/reserve", key=None)
    assert other.status_code == 404
    assert "West" not in re.sub(r"WEST", "", other.text)


def test_who_is_not_signed_in_goes_to_the_door_and_comes_back(sqlite_web: Web) -> None:
    answer = sqlite_web.get("//zones/EAST/ledgers/reserve?q=a", key=None)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/zones/EAST/ledgers/reserve%3Fq%3Da")
    inside = sqlite_web.get("//zones/EAST/ledgers/reserve", key=None, headers={"HX-Request": "true"})
    assert (inside.status_code, inside.headers["hx-redirect"]) == (401, "/login")


@pytest.mark.parametrize("path", ["//api/v1/zones", "//zones"])
def test_what_nobody_foresaw_is_logged_and_nothing_of_it_told(
    sqlite_web: Web, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_(*_: object, **__: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(Database, "read", break_)
    sqlite_web.client.cookies.set("sanzhang", sqlite_web.cast.session("editor"))
    with caplog.at_level(logging.ERROR):
        answer = sqlite_web.get(path)
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "hunter2" in caplog.text


@pytest.mark.parametrize("path", ["/api/v1/projects", "/login"])
def test_a_caller_who_goes_away_in_the_middle_is_no_fault_of_ours(
    sqlite_web: Web, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[Message] = []
    coming: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> Message:
        return coming.pop(0) if len(coming) > 1 else coming[0]

    async def send(message: Message) -> None:
        told.append(message)

    kind = b"application/json" if path.startswith("/api/") else b"application/x-www-form-urlencoded"
    headers = [
        (b"host", b"x"),
        (b"origin", b"http://x"),
        (b"authorization", b"Bearer key-admin"),
        (b"content-type", kind),
    ]
    scope = {"type": "http", "asgi": {"spec_version": "2.3"}, "method": "POST", "scheme": "http", "path": path}
    asked = sqlite_web.app({**scope, "query_string": b"", "root_path": "", "headers": headers}, receive, send)
    with caplog.at_level(logging.ERROR):
        sqlite_web.runner.run(asked)
    assert [m["status"] for m in told if m["type"] == "http.response.start"] == [400]
    assert not caplog.records


def test_a_database_without_a_register_is_not_served(tmp_path: Path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/empty.db", files_dir=tmp_path))

    async def start() -> None:
        async with app.router.lifespan_context(app):
            raise AssertionError("it was served")

    with pytest.raises(Conflict, match="sanzhang migrate"):
        asyncio.run(start())
    app.state.db.close()


def test_a_register_is_served_and_its_database_closed_at_the_end(database_url: str, tmp_path: Path) -> None:
    app = create_app(Settings(database_url=database_url, files_dir=tmp_path))

    async def serve() -> None:
        async with app.router.lifespan_context(app):
            pass

    asyncio.run(serve())
    assert not any(t.is_alive() for lane in (app.state.db._writer, app.state.db._hot) for t in lane._threads)


def test_static_files_are_kept_for_ever_under_their_content(sqlite_web: Web) -> None:
    page = sqlite_web.get("//api/docs", key=None)
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    assert len(addresses) >= 4
    for address in addresses:
        answer = sqlite_web.get("/" + address, key=None)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]
    assert sqlite_web.get("//static/../app/main.py", key=None).status_code == 404


def test_a_demo_register_says_so_with_every_answer(sqlite_web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(band, "EVERY_SECONDS", 0.0)
    assert "demo-data" not in sqlite_web.get("/zones").headers

    def mark(desk: Desk) -> None:
        desk.ask(Act.SETTING_AMEND)
        desk.keep(Setting(key="demo", value="true"))

    sqlite_web.cast.database.act_now(house(), mark)
    for path in ("/zones", "/projects", "/summary?by=zone"):
        assert sqlite_web.get(path).headers["demo-data"] == "true"

"""The door and what every answer carries: cookies over http and https, foreign forms, headers, logs without secrets."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.db import Database
from app.engine import Sql
from app.errors import Refusal
from app.logs import JsonLines, RequestLog, access
from app.pages import csrf
from app.pages.door import close_session, open_session, page_caller, session_token
from app.security import POLICY, SecurityHeaders, read_reports
from app.services import identity, sessions
from tests.cast import Cast

pytestmark = pytest.mark.anyio


def plain(request: Request, refusal: Refusal) -> Response:
    return PlainTextResponse(refusal.code, refusal.status)


def house(db: Database, https: bool = False) -> FastAPI:
    """The layers around two pages, without the rest of the house."""
    app = FastAPI(
        middleware=[
            Middleware(RequestLog),
            Middleware(SecurityHeaders, https=https),
            Middleware(csrf.SameOrigin, refuse=plain, public_url=db.settings.public_url),
        ],
        exception_handlers={Refusal: plain},  # type: ignore[dict-item]
    )
    app.state.db = db

    @app.get("/who")
    async def who(request: Request) -> PlainTextResponse:
        caller = await page_caller(request)
        return PlainTextResponse(await db.read(caller, lambda desk: desk.actor.name))

    @app.post("/do")
    @app.post("/api/v1/do")
    async def do(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{session_token(request)}")

    @app.post("/once")
    async def once(request: Request) -> dict[str, Any]:
        caller = await page_caller(request)
        await request.close()
        return {"key": caller.key, "fingerprint": caller.fingerprint, "reason": caller.reason}

    @app.get("/in")
    async def enter(request: Request) -> Response:
        return open_session(request, PlainTextResponse("in"), "the-token", "en")

    @app.get("/out")
    async def leave(request: Request) -> Response:
        return close_session(request, PlainTextResponse("out"))

    return app


def browser(app: FastAPI, address: str = "http://10.1.2.3:8000") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=address)


# ── cookies ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("public_url", "address", "secure"),
    [
        ("http://10.1.2.3:8000", "http://10.1.2.3:8000", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", False),
        ("http://10.1.2.3:8000", "https://10.1.2.3:8000", True),
        ("https://sz.example.cn", "http://sz.example.cn", True),
        ("https://sz.example.cn", "https://sz.example.cn", True),
    ],
)
async def test_the_cookie_is_secure_over_https_and_works_on_plain_http(
    sqlite_database: Database, public_url: str, address: str, secure: bool
) -> None:
    sqlite_database.settings.public_url = public_url
    async with browser(house(sqlite_database), address) as client:
        given = (await client.get("/in")).headers.get_list("set-cookie")
        session, language = given
        name = "__Host-sanzhang" if secure else "sanzhang"
        assert session.startswith(f"{name}=the-token;")
        for part in ("HttpOnly", "Path=/", "SameSite=lax"):
            assert part in session
        assert ("Secure" in session, "Secure" in language, "Domain" in session) == (secure, secure, False)
        gone = (await client.get("/out")).headers["set-cookie"]
        assert gone.startswith(f'{name}="";')
        assert "Max-Age=0" in gone


async def test_over_https_a_cookie_without_the_prefix_is_not_looked_at(sqlite_cast: Cast) -> None:
    db = sqlite_cast.database
    token = sqlite_cast.session("editor")
    async with browser(house(db), "https://10.1.2.3") as client:
        assert (await client.get("/who", headers={"cookie": f"sanzhang={token}"})).status_code == 401
        assert (await client.get("/who", headers={"cookie": f"__Host-sanzhang={token}"})).text == "Editor"


async def test_a_key_is_no_cookie_and_a_cookie_is_no_key(cast: Cast) -> None:
    async with browser(house(cast.database)) as client:
        for cookie in ("key-admin", "", "nonsense\x7f", "x" * 5000):
            assert (await client.get("/who", headers={"cookie": f"sanzhang={cookie}"})).status_code == 401
        bearer = {"authorization": "Bearer key-admin"}
        assert (await client.get("/who", headers=bearer)).status_code == 401
        bearer = {"authorization": f"Bearer {cast.session('editor')}"}
        assert (await client.get("/who", headers=bearer)).status_code == 401


async def test_a_session_ended_or_run_out_is_out_at_the_next_click(cast: Cast) -> None:
    cookie = {"cookie": f"sanzhang={cast.session('editor')}"}
    async with browser(house(cast.database)) as client:
        assert (await client.get("/who", headers=cookie)).text == "Editor"
        cast.database.chore_now(lambda link: sessions.end_all(link, cast.accounts["editor"]))
        assert (await client.get("/who", headers=cookie)).status_code == 401


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────
SITES: tuple[tuple[str | None, bool | None], ...] = (
    ("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False), (None, None),
)  # fmt: skip
ORIGINS: tuple[tuple[str | None, bool], ...] = (
    ("http://10.1.2.3:8000", True),
    ("https://10.1.2.3:8000", True),
    ("http://10.1.2.3", False),
    ("http://10.1.2.3:8001", False),
    ("http://evil.example", False),
    ("http://10.1.2.3:8000@evil.example", False),
    ("null", False),
    ("nonsense", False),
    (None, False),
)


@pytest.mark.parametrize(("site", "origin"), list(itertools.product(SITES, ORIGINS)))
async def test_a_form_is_taken_from_our_own_pages_only(
    sqlite_database: Database, site: tuple[str | None, bool | None], origin: tuple[str | None, bool]
) -> None:
    headers = {n: v for n, v in (("sec-fetch-site", site[0]), ("origin", origin[0])) if v is not None}
    taken = site[1] if site[1] is not None else origin[1]
    async with browser(house(sqlite_database)) as client:
        answer = await client.post("/do", headers=headers)
        assert answer.status_code == (200 if taken else 403)
        assert taken or answer.text == "foreign_form"
        assert answer.headers["content-security-policy"] == POLICY
        assert (await client.post("/api/v1/do", headers=headers)).status_code == 200
        assert (await client.get("/in", headers=headers)).status_code == 200


def test_behind_a_proxy_the_public_host_is_our_own_too() -> None:
    headers = Headers({"host": "127.0.0.1:8000", "origin": "https://sz.example.cn"})
    assert csrf.from_ourselves(headers, "http", csrf.host_of("https://sz.example.cn/"))
    assert not csrf.from_ourselves(headers, "http", csrf.host_of("https://other.example.cn"))
    assert csrf.from_ourselves(Headers({"host": "sz.example.cn", "origin": "https://sz.example.cn:443"}), "http")


async def test_a_form_brings_its_key_and_reason_and_no_trace_of_a_password(sqlite_cast: Cast) -> None:
    headers = {"cookie": f"sanzhang={sqlite_cast.session('editor')}", "origin": "http://10.1.2.3:8000"}
    form = {"idempotency_key": "k1", "reason": " 更正 ", "name": "甲", "password": "first"}
    async with browser(house(sqlite_cast.database)) as client:
        first = (await client.post("/once", headers=headers, data=form)).json()
        assert (first["key"], first["reason"]) == ("k1", "更正")
        again = (await client.post("/once", headers=headers, data=form | {"password": "second"})).json()
        assert again == first
        other = (await client.post("/once", headers=headers, data=form | {"name": "乙"})).json()
        assert other["fingerprint"] != first["fingerprint"]
        files = {"file": ("a.xlsx", b"one")}
        one = (await client.post("/once", headers=headers, data=form, files=files)).json()
        two = (await client.post("/once", headers=headers, data=form, files={"file": ("a.xlsx", b"two")})).json()
        assert one["fingerprint"] != two["fingerprint"]
        for wrong in ({"reason": "a\x00b"}, {"reason": "x" * 501}, {"idempotency_key": "ключ"}):
            assert (await client.post("/once", headers=headers, data=form | wrong)).status_code in (400, 422)


# ── what every answer carries ────────────────────────────────────────────────────────────────────────────────────────
async def test_every_answer_carries_the_headers_refusals_too(sqlite_database: Database) -> None:
    async with browser(house(sqlite_database)) as client:
        for path in ("/in", "/who", "/nowhere"):
            headers = (await client.get(path)).headers
            assert headers["content-security-policy"] == POLICY
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cache-control"] == "no-store"
            assert "strict-transport-security" not in headers
    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    assert "http:" not in POLICY


async def test_hsts_is_sent_over_https_only(sqlite_database: Database) -> None:
    async with browser(house(sqlite_database), "https://10.1.2.3") as client:
        assert "strict-transport-security" in (await client.get("/in")).headers
    async with browser(house(sqlite_database, https=True)) as client:
        assert "strict-transport-security" in (await client.get("/in")).headers


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("abc-123.X:y_z", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("甲", False), ("", False)],
)
async def test_a_request_id_is_echoed_when_it_is_one(sqlite_database: Database, sent: str, kept: bool) -> None:
    async with browser(house(sqlite_database)) as client:
        answer = await client.get("/in", headers=httpx.Headers({b"X-Request-Id": sent.encode()}))
        assert (answer.headers["x-request-id"] == sent) is kept
        assert answer.headers["x-request-id"]


# ── reports and logs ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Every log line of the house as it would be written."""
    found: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(JsonLines().format(record))

    root, handler = logging.getLogger(), Kept()
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    access.setLevel(logging.INFO)
    yield found
    root.removeHandler(handler)
    root.level = level


async def test_a_log_line_is_json_with_number_and_actor_and_without_secrets(
    sqlite_cast: Cast, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    token = sqlite_cast.session("editor")
    async with browser(house(sqlite_cast.database)) as client:
        await client.get("/who?canary=q", headers={"cookie": f"sanzhang={token}", "X-Request-Id": "r-1"})
        await client.get("/enter/canary-token", headers={"authorization": "Bearer canary-key"})
    lines += capsys.readouterr().err.splitlines()  # where the server process writes, and requests are told directly
    said = [orjson.loads(line) for line in lines if '"sanzhang.access"' in line]
    account = sqlite_cast.accounts["editor"]
    assert [(s["path"], s["status"], s["actor"]) for s in said] == [
        ("/who", 200, f"account:{account}"),
        ("/enter/{token}", 404, None),
    ]
    assert said[0]["request_id"] == "r-1"
    ours = [line for line in lines if '"logger":"httpx"' not in line]  # the test's own browser
    assert not [line for line in ours if "canary" in line or token in line]


async def test_a_report_is_logged_shortly_and_never_too_many(sqlite_database: Database, lines: list[str]) -> None:
    report = {
        "csp-report": {"document-uri": "http://h/enter/canary?x=canary", "violated-directive": "script-src", "x": "y"}
    }
    async with browser(house(sqlite_database)) as client:
        assert (await client.post("/csp-report", content=orjson.dumps(report))).status_code == 204
        assert (await client.post("/csp-report", content=b"{" * 9000)).status_code == 413
        for _ in range(40):
            assert (await client.post("/csp-report", content=orjson.dumps(report))).status_code == 204
    said = [orjson.loads(line) for line in lines if '"sanzhang.csp"' in line]
    assert (said[0]["document"], said[0]["directive"]) == ("http://h/enter/{token}", "script-src")
    assert len(said) == 29
    assert "canary" not in str(said)
    for nonsense in (
        b"",
        b"[]",
        b"[1,{}]",
        b'{"csp-report":1}',
        b"\xff",
        b'{"csp-report":{"document-uri":"http://[x"}}',
    ):
        assert len(read_reports(nonsense)) <= 1


async def test_an_open_session_is_prolonged_by_clicks_without_a_wait(sqlite_cast: Cast) -> None:
    token, db = sqlite_cast.session("editor"), sqlite_cast.database
    old = Sql("UPDATE session SET seen_at = '2026-01-01T00:00:00.000000Z'")
    db.chore_now(lambda link: link.run(old))
    async with browser(house(db)) as client:
        await client.get("/who", headers={"cookie": f"sanzhang={token}"})
        await db.chore(lambda link: None)
    seen = db.read_now(
        lambda link: link.value(Sql("SELECT seen_at FROM session WHERE token_hash = :h"), {"h": identity.digest(token)})
    )
    assert seen > "2026-02"

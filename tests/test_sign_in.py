"""Coming in through the pages, as a browser does it: password, one-time link, throttling, own account, administration."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.engine import Sql
from app.main import create_app
from app.services import accounts, identity, links, passwords, signing_in, throttle
from tests.cast import Cast

pytestmark = pytest.mark.anyio
GOOD = "three wet otters"
HOST = "http://10.1.2.3:8000"
HASH = passwords.hash_now(GOOD)


@pytest.fixture
def app(cast: Cast) -> FastAPI:
    return create_app(database=cast.database)


@pytest.fixture
def sqlite_app(sqlite_cast: Cast) -> FastAPI:
    return create_app(database=sqlite_cast.database)


def browser(
    app: FastAPI, token: str | None = None, language: str = "en", address: str = "10.0.0.9"
) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(address, 4711)),
        base_url=HOST,
        headers={"origin": HOST, "accept-language": language},
        cookies={"sanzhang": token} if token else None,
    )


def with_password(cast: Cast, name: str = "editor") -> None:
    cast.database.act_now(cast.by(name), accounts.set_password, HASH)


# ── by password ──────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_she_signs_in_and_goes_where_she_wanted_and_out_again(app: FastAPI, cast: Cast) -> None:
    with_password(cast)
    async with browser(app) as client:
        sent = await client.get("/account")
        assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=/account")
        page = await client.get(sent.headers["location"])
        assert page.status_code == 200
        assert 'type="password"' in page.text
        inside = await client.post(sent.headers["location"], data={"login": " Editor ", "password": GOOD})
        assert (inside.status_code, inside.headers["location"]) == (303, "/account")
        assert (await client.get("/account")).status_code == 200
        assert (await client.get("/login")).status_code == 303
        token = client.cookies["sanzhang"]
        assert (await client.post("/logout")).headers["location"] == "/login"
        assert "sanzhang" not in client.cookies
    async with browser(app, token) as thief:
        assert (await thief.get("/account")).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [("/zones?x=1", "/zones?x=1"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/"), ("", "/")],
)
async def test_after_signing_in_nobody_is_sent_to_another_host(
    sqlite_app: FastAPI, sqlite_cast: Cast, wanted: str, goes: str
) -> None:
    with_password(sqlite_cast)
    async with browser(sqlite_app) as client:
        form = {"login": "editor", "password": GOOD}
        answer = await client.post("/login", params={"next": wanted}, data=form)
        assert answer.headers["location"] == goes


@pytest.mark.parametrize("login", ["editor", "nobody", "leader", "disabled", "a\x00b", "x" * 500, ""])
async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(app: FastAPI, cast: Cast, login: str) -> None:
    with_password(cast)
    with_password(cast, "stranger")
    cast.database.act_now(cast.administrator, accounts.disable, cast.accounts["stranger"])
    name = "stranger" if login == "disabled" else login
    password = GOOD if login == "disabled" else "wrong otters here"
    async with browser(app) as client:
        answer = await client.post("/login", data={"login": name, "password": password})
        assert answer.status_code == 401
        assert "The sign-in name or the password is wrong" in answer.text
        assert password not in answer.text
        assert f'value="{name}"' in answer.text or login == "a\x00b"
        assert "sanzhang" not in client.cookies
        assert "www-authenticate" not in answer.headers


async def test_the_unknown_name_costs_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    real = passwords._hasher.verify

    def verify(password: str, hashed: str) -> bool:
        tried.append(hashed)
        return real(password, hashed)

    monkeypatch.setattr(passwords._hasher, "verify", verify)
    assert not await passwords.matches("x", None)
    assert not await passwords.matches("x", HASH)
    assert [h.split("$")[1:4] for h in tried] == [HASH.split("$")[1:4]] * 2


async def test_guessing_costs_more_and_more_waiting_and_says_how_long(sqlite_app: FastAPI, sqlite_cast: Cast) -> None:
    with_password(sqlite_cast)
    form = {"login": "editor", "password": "wrong"}
    async with browser(sqlite_app) as client:
        for _ in range(throttle.FREE["login"]):
            assert (await client.post("/login", data=form)).status_code == 401
        many = Sql("UPDATE throttle SET hits = hits + 30")  # the first waits are shorter than a busy machine's request
        sqlite_cast.database.chore_now(lambda link: link.run(many))
        assert (await client.post("/login", data=form)).status_code == 401
        stopped = await client.post("/login", data=form | {"password": GOOD})
        assert stopped.status_code == 429
        assert int(stopped.headers["retry-after"]) in range(200, 301)
        assert 'value="editor"' in stopped.text
        over = Sql("UPDATE throttle SET until = '2026-01-02T00:00:00.000000Z'")
        sqlite_cast.database.chore_now(lambda link: link.run(over))
        assert (await client.post("/login", data=form | {"password": GOOD})).status_code == 303
        assert (await client.post("/login", data=form)).status_code == 401


def test_waiting_doubles_up_to_a_bound_and_an_address_may_be_a_whole_office() -> None:
    free = throttle.FREE["login"]
    assert [throttle.delay(free + n, "login") for n in (0, 1, 2, 3, 9, 99)] == [0, 2, 4, 8, 300, 300]
    assert throttle.delay(free + 5, "address") == 0
    assert throttle.delay(500, "address") == 900


def test_one_address_is_slowed_down_over_many_names_and_right_ones_do_not_count(cast: Cast) -> None:
    def attempt(n: int) -> None:
        cast.database.chore_now(lambda link: throttle.count(link, f"name-{n}", "10.0.0.1"))

    for n in range(throttle.FREE["address"]):
        attempt(n)
    cast.database.chore_now(lambda link: throttle.clear(link, "name-1", "10.0.0.1"))
    attempt(1000)
    attempt(1001)
    with pytest.raises(Exception, match="Too many attempts"):
        attempt(1002)
    cast.database.chore_now(lambda link: throttle.count(link, "name-1", "10.0.0.2"))


# ── by a one-time link ───────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_link_shows_the_name_and_one_button_and_signs_in_once(app: FastAPI, cast: Cast) -> None:
    cast.database.act_now(cast.administrator, accounts.new_link, cast.accounts["editor"], "sign_in", "tok")
    async with browser(app) as client:
        for _ in range(2):
            page = await client.get("/enter/tok")
            assert page.status_code == 200
            assert "<h1>Editor</h1>" in page.text
            assert page.text.count("<button") == 2  # the one, and the language
        assert (await client.post("/enter/tok")).headers["location"] == "/"
        assert (await client.get("/account")).status_code == 200
    async with browser(app) as other:
        for answer in (await other.get("/enter/tok"), await other.post("/enter/tok")):
            assert answer.status_code == 404
        assert (await other.get("/enter/" + "x" * 3000)).status_code == 404
        assert (await other.get("/enter/a%00b")).status_code == 404


async def test_a_link_sets_a_password_and_weak_ones_do_not_spend_it(app: FastAPI, cast: Cast) -> None:
    cast.database.act_now(cast.administrator, accounts.new_link, cast.accounts["editor"], "set_password", "tok")
    async with browser(app) as client:
        for form, said in (
            ({"password": "short", "again": "short"}, "At least 10 characters"),
            ({"password": GOOD, "again": "three wet others"}, "The two entries differ"),
            ({"password": "1234567890", "again": "1234567890"}, "first that are guessed"),
            ({}, "At least 10 characters"),
        ):
            answer = await client.post("/enter/tok", data=form)
            assert (answer.status_code, said in answer.text) == (422, True)
            assert f'"{form.get("password")}"' not in answer.text
        assert (await client.post("/enter/tok", data={"password": GOOD, "again": GOOD})).status_code == 303
        assert (await client.get("/account")).status_code == 200
    async with browser(app) as client:
        assert (await client.post("/enter/tok", data={"password": GOOD, "again": GOOD})).status_code == 404
        assert (await client.post("/login", data={"login": "editor", "password": GOOD})).status_code == 303


# ── her own account ──────────────────────────────────────────────────────────────────────────────────────────────────
async def test_she_changes_her_password_and_other_sessions_end(app: FastAPI, cast: Cast) -> None:
    with_password(cast)
    elsewhere, here = cast.session("editor"), "here"
    start = signing_in.Visit(here, 12, "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Edg/140")
    cast.database.chore_now(lambda link: signing_in.welcome(link, cast.accounts["editor"], "editor", "-", start))
    async with browser(app, here) as client:
        assert "Edge · Windows" in (await client.get("/account")).text
        new = {"password": "quiet copper lamps", "again": "quiet copper lamps"}
        refused = await client.post("/account/password", data=new | {"present": "wrong"})
        assert (refused.status_code, "not your present password" in refused.text) == (422, True)
        done = await client.post("/account/password", data=new | {"present": GOOD})
        assert done.headers["location"] == "/account?done=password"
        client.cookies.delete("sanzhang", domain="")  # the one that this test put there by hand
        assert (await client.get("/account")).status_code == 200
    async with browser(app, elsewhere) as client:
        assert (await client.get("/account")).status_code == 303


async def test_she_ends_her_other_sessions_and_nobody_elses(app: FastAPI, cast: Cast) -> None:
    mine = cast.session("editor")
    strangers = cast.session("stranger")
    async with browser(app, mine) as client:
        other = identity.digest(strangers)[:16]
        assert (await client.post("/account/sessions/end", data={"handle": other})).status_code == 303
        assert (await client.post("/account/sessions/end", data={"handle": "a\x00"})).status_code == 404
        assert (await client.post("/account/sessions/end")).status_code == 303
        assert (await client.get("/account")).status_code == 200
    async with browser(app, strangers) as client:
        assert (await client.get("/account")).status_code == 200


async def test_her_language_follows_her(app: FastAPI, cast: Cast) -> None:
    with_password(cast)
    async with browser(app, cast.session("editor")) as client:
        assert (await client.post("/account/language", data={"locale": "zh_CN"})).status_code == 303
        assert (await client.post("/account/language", data={"locale": "fr"})).status_code == 422
    async with browser(app) as client:
        await client.post("/login", data={"login": "editor", "password": GOOD})
        assert 'lang="zh-CN"' in (await client.get("/account")).text


# ── administration ───────────────────────────────────────────────────────────────────────────────────────────────────
async def test_an_administrator_adds_an_account_and_hands_the_link_over(app: FastAPI, cast: Cast) -> None:
    form: dict[str, Any] = {
        "login": "lina",
        "name": "李娜",
        "role": "editor",
        "zones": ["EAST"],
        "idempotency_key": "k1",
    }
    async with browser(app, cast.session("administrator")) as client:
        assert (await client.get("/admin")).headers["location"] == "/admin/accounts"
        assert (await client.get("/admin/accounts/new")).status_code == 200
        made = await client.post("/admin/accounts", data=form)
        assert made.status_code == 201
        found = re.search(r'value="http://10.1.2.3:8000/enter/([\w-]+)"', made.text)
        assert found
        again = await client.post("/admin/accounts", data=form)
        assert (again.status_code, "/enter/" in again.text.replace("/enter/k", "")) == (201, False)
        assert "李娜" in (await client.get("/admin/accounts")).text
    assert cast.database.read_now(lambda link: links.look(link, found[1]))["login"] == "lina"


async def test_a_refused_form_keeps_what_was_typed_and_says_where(sqlite_app: FastAPI, sqlite_cast: Cast) -> None:
    form = {"login": "editor", "name": "<b>周岚</b>", "role": "editor", "zones": ["WEST"], "until_on": "2020-13-01"}
    async with browser(sqlite_app, sqlite_cast.session("administrator")) as client:
        refused = await client.post("/admin/accounts", data=form)
        assert refused.status_code == 422
        assert "Write the day as 2026-06-30" in refused.text
        assert "&lt;b&gt;周岚&lt;/b&gt;" in refused.text
        assert re.search(r'value="WEST" checked', refused.text)
        taken = await client.post("/admin/accounts", data=form | {"until_on": ""})
        assert (taken.status_code, "This sign-in name is taken" in taken.text) == (409, True)


async def test_an_account_is_amended_disabled_and_let_in_again(app: FastAPI, cast: Cast) -> None:
    id_ = cast.accounts["editor"]
    async with browser(app, cast.session("administrator")) as client:

        async def version() -> str:
            found = re.search(r'name="version" value="(\d+)"', (await client.get(f"/admin/accounts/{id_}")).text)
            assert found
            return found[1]

        form: dict[str, Any] = {"login": "editor", "name": "周岚", "role": "reviewer", "zones": ["EAST", "WEST"]}
        read = await version()
        assert (await client.post(f"/admin/accounts/{id_}", data=form | {"version": read})).status_code == 303
        stale = await client.post(f"/admin/accounts/{id_}", data=form | {"version": read, "name": "周兰"})
        assert (stale.status_code, 'value="周兰"' in stale.text) == (412, True)
        for verb, tag in (("disable", True), ("restore", False)):
            sent = {"version": await version()}
            assert (await client.post(f"/admin/accounts/{id_}/{verb}", data=sent)).status_code == 303
            assert (">Disabled<" in (await client.get(f"/admin/accounts/{id_}")).text) is tag
        link = await client.post(f"/admin/accounts/{id_}/link", data={"purpose": "sign_in"})
        assert (link.status_code, "/enter/" in link.text) == (201, True)
        for nonsense in ("0", "abc", "99999999999999999999", "12345"):
            assert (await client.get(f"/admin/accounts/{nonsense}")).status_code == 404


async def test_a_key_is_shown_once_and_revoked(app: FastAPI, cast: Cast) -> None:
    form: dict[str, Any] = {"name": "统计平台", "role": "key_read", "zones": ["EAST"], "idempotency_key": "k2"}
    async with browser(app, cast.session("administrator")) as client:
        made = await client.post("/admin/keys", data=form)
        found = re.search(r'value="(sz_[\w-]{43})"', made.text)
        assert found
        assert "sz_" not in (await client.post("/admin/keys", data=form)).text
        assert found[1] not in (await client.get("/admin/keys")).text
        bearer = {"authorization": f"Bearer {found[1]}"}
        assert (await client.get("/api/v1/zones", headers=bearer)).status_code == 200
        id_ = re.search(r"/admin/keys/(\d+)/revoke", (await client.get("/admin/keys")).text)
        assert id_
        assert (await client.post(f"/admin/keys/{id_[1]}/revoke")).status_code == 303
        assert (await client.get("/api/v1/zones", headers=bearer)).status_code == 401
        assert (await client.post("/admin/keys", data=form | {"name": " ", "idempotency_key": "k3"})).status_code == 422


@pytest.mark.parametrize(
    ("name", "reads", "writes"),
    [("editor", False, False), ("leader", False, False), ("auditor", True, False), ("administrator", True, True)],
)
async def test_who_may_not_administer_meets_403_and_no_controls(
    sqlite_app: FastAPI, sqlite_cast: Cast, name: str, reads: bool, writes: bool
) -> None:
    stranger = sqlite_cast.accounts["stranger"]
    async with browser(sqlite_app, sqlite_cast.session(name)) as client:
        for path in ("/admin/accounts", "/admin/keys", f"/admin/accounts/{stranger}"):
            answer = await client.get(path)
            assert answer.status_code == (200 if reads else 403)
            if reads:
                assert (('class="act primary' in answer.text) or ('class="act danger' in answer.text)) is writes
        for path in (
            "/admin/accounts",
            "/admin/keys",
            f"/admin/accounts/{stranger}/disable",
            f"/admin/accounts/{stranger}/link",
        ):
            answer = await client.post(path, data={"name": "x", "login": "xx", "role": "leader"})
            assert (answer.status_code == 403) is not writes


async def test_without_a_session_every_page_of_accounts_sends_to_the_sign_in_page(sqlite_app: FastAPI) -> None:
    async with browser(sqlite_app) as client:
        for path in ("/account", "/admin/accounts", "/admin/accounts/new", "/admin/accounts/1", "/admin/keys"):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={path}")
            asked = await client.get(path, headers={"HX-Request": "true"})
            assert asked.headers["hx-redirect"].startswith("/login")
        for path in (
            "/account/password",
            "/account/language",
            "/account/sessions/end",
            "/admin/accounts",
            "/admin/keys",
        ):
            answer = await client.post(path, data={"x": "y"})
            assert answer.headers["location"].startswith("/login")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_pages_are_whole_in_both_languages_and_hold_no_inline_script_or_style(
    sqlite_app: FastAPI, sqlite_cast: Cast, language: str
) -> None:
    sqlite_cast.database.act_now(sqlite_cast.administrator, accounts.new_link, 1, "set_password", "tok")
    async with browser(sqlite_app, sqlite_cast.session("administrator"), language) as client:
        for path in (
            "/enter/tok",
            "/account",
            "/admin/accounts",
            "/admin/accounts/new",
            "/admin/accounts/1",
            "/admin/keys",
        ):
            page = await client.get(path)
            assert page.status_code == 200
            assert f'lang="{language}"' in page.text
            assert not re.search(r"style=|<style|<script(?![^>]*\ssrc=)|\son\w+=", page.text)
            assert page.headers["cache-control"] == "no-store"

"""Accounts: who lets whom in, what nobody may, and what is never written down."""

from __future__ import annotations

from functools import partial
from typing import Any

import orjson
import pytest

from app.db import Caller, Database
from app.engine import Link, Sql
from app.errors import Conflict, Forbidden, Invalid, Stale, Unauthenticated
from app.models import metadata
from app.rules import access, passwords
from app.rules.access import Role
from app.services import accounts, identity, keys, sessions, signing_in
from app.services.signing_in import Visit
from tests.cast import Cast

HAMMER = {"login": "Li Na", "name": "李娜", "role": "editor", "zones": ["EAST"]}


def admit(cast: Cast, token: str | None = None, **facts: Any) -> dict[str, Any]:
    answer = cast.database.act_now(cast.administrator, accounts.create, HAMMER | facts, token=token)
    return dict(answer.value)


def acts(database: Database, noun: str) -> list[tuple[str, str, str]]:
    statement = Sql(
        "SELECT a.word, a.actor_name, c.diff FROM act a JOIN change c ON c.seq = a.seq WHERE c.noun = :noun ORDER BY a.seq"
    )
    return [tuple(r) for r in database.read_now(lambda link: link.rows(statement, {"noun": noun}))]


# ── it works ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_administrator_lets_an_editor_in_for_her_zone(cast: Cast) -> None:
    made = admit(cast, token="t1")
    assert (made["login"], made["zones"], made["has_password"], made["everywhere"]) == ("lina", ["EAST"], False, False)
    actor = cast.database.read_now(identity.by_account(made["id"]))
    assert (actor.role, actor.zone_ids) == (Role.EDITOR, (cast.east,))
    assert cast.database.ask_now(cast.administrator, accounts.read, made["id"]) == made


def test_amending_shows_in_the_next_transaction_and_in_history(cast: Cast) -> None:
    made = admit(cast)
    edit = {"role": "reviewer", "zones": ["EAST", "WEST"]}
    after = cast.database.act_now(cast.administrator, accounts.amend, made["id"], edit, version=made["version"]).value
    assert (after["role"], after["zones"], after["name"]) == ("reviewer", ["EAST", "WEST"], "李娜")
    word, who, diff = acts(cast.database, "account")[-1]
    assert (word, who) == ("account.amend", "Administrator")
    assert orjson.loads(diff) == {"role": ["editor", "reviewer"], "zones": ["[1]", "[1,2]"]}
    with pytest.raises(Stale):
        cast.database.act_now(cast.administrator, accounts.amend, made["id"], edit, version=made["version"])


def test_a_disabled_account_is_out_at_the_next_click_and_can_be_let_in_again(cast: Cast) -> None:
    session = Caller(identity.by_session(cast.session("editor")))
    assert cast.database.ask_now(session, accounts.own)["login"] == "editor"
    cast.database.act_now(cast.administrator, accounts.disable, cast.accounts["editor"])
    with pytest.raises(Unauthenticated):
        cast.database.ask_now(session, accounts.own)
    cast.database.act_now(cast.administrator, accounts.restore, cast.accounts["editor"])
    with pytest.raises(Unauthenticated):
        cast.database.ask_now(session, accounts.own)
    assert cast.database.ask_now(cast.editor, accounts.own)["disabled"] is False


def test_the_list_names_zones_by_code_and_shows_no_hash(cast: Cast) -> None:
    found = cast.database.ask_now(cast.auditor, accounts.list_)
    assert {a["login"]: a["zones"] for a in found}["both"] == ["EAST", "WEST"]
    assert "password_hash" not in found[0]


def test_an_account_comes_and_goes_with_its_days(cast: Cast) -> None:
    tomorrow = admit(cast, login="tomorrow", from_on="2199-01-01")["id"]
    yesterday = admit(cast, login="yesterday", until_on="2020-01-01")["id"]
    for id_ in (tomorrow, yesterday):
        with pytest.raises(Unauthenticated):
            cast.database.read_now(identity.by_account(id_))
        welcome = partial(signing_in.welcome, account_id=id_, login="x", address="1.2.3.4", visit=Visit(f"c{id_}", 12))
        with pytest.raises(Unauthenticated):
            cast.database.chore_now(welcome)
        assert cast.database.read_now(partial(sessions.own, account_id=id_)) == []


def test_her_language_is_kept_with_the_account(cast: Cast) -> None:
    cast.database.act_now(cast.editor, accounts.speak, "en")
    assert cast.database.ask_now(cast.editor, accounts.own)["locale"] == "en"
    with pytest.raises(Invalid):
        cast.database.act_now(cast.editor, accounts.speak, "fr")


# ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["editor", "reviewer", "leader", "office", "auditor"])
def test_nobody_else_lets_people_in(cast: Cast, name: str) -> None:
    caller = cast.by(name)
    for service, args in (
        (accounts.create, (HAMMER,)),
        (accounts.amend, (1, {"name": "x"})),
        (accounts.disable, (cast.accounts["stranger"],)),
        (accounts.new_link, (1, "sign_in", "t")),
        (keys.create, ({"name": "k", "role": "key_read"}, "t")),
    ):
        version = {"version": 1} if service is accounts.amend else {}
        with pytest.raises(Forbidden):
            cast.database.act_now(caller, service, *args, **version)


def test_a_key_lets_nobody_in(cast: Cast) -> None:
    for scope in cast.keys:
        with pytest.raises(Forbidden):
            cast.database.act_now(cast.key(scope), accounts.create, HAMMER)
        with pytest.raises(Forbidden):
            cast.database.ask_now(cast.key(scope), accounts.own)


def test_nobody_changes_her_own_rights_or_disables_herself(cast: Cast) -> None:
    own = cast.accounts["administrator"]
    version = cast.database.ask_now(cast.administrator, accounts.read, own)["version"]
    admit(cast, role="administrator", zones=[])
    with pytest.raises(Forbidden) as refused:
        cast.database.act_now(cast.administrator, accounts.amend, own, {"role": "city_office"}, version=version)
    assert refused.value.code == "own_rights"
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.administrator, accounts.disable, own)
    assert cast.database.act_now(cast.administrator, accounts.amend, own, {"name": "王芳"}, version=version).value[
        "name"
    ]


def test_the_last_administrator_stays(cast: Cast) -> None:
    officer = admit(cast, login="officer", role="security_officer", zones=[])["id"]
    caller = Caller(identity.by_account(officer))
    with pytest.raises(Conflict) as refused:
        cast.database.act_now(caller, accounts.disable, cast.accounts["administrator"])
    assert refused.value.code == "last_administrator"
    admit(cast, login="second", role="administrator", zones=[], until_on="2199-01-01")
    with pytest.raises(Conflict):  # one whose right ends would some day leave nobody
        cast.database.act_now(caller, accounts.disable, cast.accounts["administrator"])
    admit(cast, login="third", role="administrator", zones=[])
    cast.database.act_now(caller, accounts.disable, cast.accounts["administrator"])


def test_nobody_grants_more_than_she_may() -> None:
    for giver in Role:
        for role in Role:
            allowed = giver in (Role.ADMINISTRATOR, Role.SYSTEM) and role is not Role.SYSTEM
            assert access.may_grant(giver, role) is allowed


def test_the_three_officers_write_no_business_data() -> None:
    business = {a for a in access.Act if a.value.split(".")[0] in ("project", "people", "evidence", "list", "import")}
    for role in (Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR):
        assert not access.MAY[role] & business
        assert not any(access.may_write(role, group) for group in access.FieldGroup)


# ── misfilled ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"role": "key_write"}, "/role"),
        ({"role": "system"}, "/role"),
        ({"role": "queen"}, "/role"),
        ({"zones": []}, "/zones"),
        ({"zones": ["NOWHERE"]}, "/zones"),
        ({"login": " "}, "/login"),
        ({"login": "x" * 61}, "/login"),
        ({"name": "a\x00b"}, "/name"),
        ({"unit_id": 77}, "/unit_id"),
        ({"from_on": "2026-12-01", "until_on": "2026-11-01"}, "/until_on"),
        ({"password": "secret"}, "/password"),
    ],
)
def test_misfilled_accounts_are_refused_at_the_field(sqlite_cast: Cast, facts: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        admit(sqlite_cast, **facts)
    assert [p.pointer for p in refused.value.problems] == [pointer]


def test_a_name_that_is_taken_or_was_disabled_is_a_conflict(cast: Cast) -> None:
    with pytest.raises(Conflict) as refused:
        admit(cast, login="ＥＤＩＴＯＲ")
    assert refused.value.code == "taken"
    cast.database.act_now(cast.administrator, accounts.disable, cast.accounts["editor"])
    with pytest.raises(Conflict) as refused:
        admit(cast, login="editor")
    assert (refused.value.code, refused.value.extra["id"]) == ("deleted", cast.accounts["editor"])


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too_short"),
        ("liuyifei01", "like_login"),
        ("1234567890", "common"),
        ("0987654321", "common"),
        ("Password123", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("abababababab", "common"),
        ("x" * 201, "too_long"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, code: str) -> None:
    assert code in [p.code for p in passwords.problems(password, "liuyifei")]


@pytest.mark.parametrize("password", ["三条河流向东海一路不停", "correct horse battery", "zh-CN-7731-kite"])
def test_long_plain_passwords_are_good(password: str) -> None:
    assert passwords.problems(password, "liuyifei") == []


# ── what is never written down ───────────────────────────────────────────────────────────────────────────────────────
def test_no_secret_stands_anywhere_in_the_database(cast: Cast) -> None:
    canary = "canary-7f3a"
    admit(cast, token=f"{canary}-link")
    key_caller = cast.by("administrator", key=f"k-{'x' * 8}", fingerprint="f")
    cast.database.act_now(key_caller, keys.create, {"name": "k", "role": "key_read"}, f"sz_{canary}")
    visit = Visit(f"{canary}-cookie", 12)
    cast.database.act_now(cast.editor, signing_in.with_new_password, "argon2-hash-of-it", visit)
    cast.database.chore_now(lambda link: signing_in.attempt(link, f"{canary} typed in the wrong field", "10.0.0.1"))
    found = {}
    for table in metadata.tables:
        everything = Sql(f"SELECT * FROM {table}")
        found[table] = str(cast.database.read_now(partial(Link.rows, statement=everything)))
    assert [name for name, rows in found.items() if canary in rows] == []
    hashed = [name for name, rows in found.items() if "argon2-hash-of-it" in rows]
    assert sorted(hashed) == ["account", "account_version"]

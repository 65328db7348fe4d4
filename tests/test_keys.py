"""Keys of programs: what they open, when they end, and how one is made at the command line."""

from __future__ import annotations

from functools import partial

import pytest

from app import enrol
from app.errors import Invalid, Refusal, Unauthenticated
from app.rules import access
from app.rules.access import Role
from app.services import identity, keys, links, signing_in
from app.services.signing_in import Visit
from tests.cast import Cast


@pytest.mark.parametrize(("scope", "writes"), [("key_read", False), ("key_write", True), ("key_admin", True)])
def test_a_key_has_a_scope_and_zones(cast: Cast, scope: str, writes: bool) -> None:
    token = keys.new_token()
    facts = {"name": "统计平台", "role": scope, "zones": ["EAST"]}
    made = cast.database.act_now(cast.administrator, keys.create, facts, token).value
    actor = cast.database.read_now(identity.by_key(token))
    assert (actor.kind, actor.zone_ids, made["everywhere"]) == ("key", (cast.east,), False)
    assert actor.may(access.Act.PROJECT_AMEND, cast.east) is writes
    assert not actor.may(access.Act.PROJECT_AMEND, cast.west)
    assert not actor.may(access.Act.KEY_CREATE)


def test_a_revoked_or_expired_key_opens_nothing(cast: Cast) -> None:
    token = keys.new_token()
    made = cast.database.act_now(cast.administrator, keys.create, {"name": "k", "role": "key_read"}, token).value
    assert cast.database.read_now(identity.by_key(token)).zone_ids is None
    cast.database.act_now(cast.administrator, keys.revoke, made["id"])
    with pytest.raises(Unauthenticated):
        cast.database.read_now(identity.by_key(token))
    facts = {"name": "k", "role": "key_read", "expires_on": "2020-01-01"}
    with pytest.raises(Invalid):
        cast.database.act_now(cast.administrator, keys.create, facts, "t")
    listed = cast.database.ask_now(cast.auditor, keys.list_)
    assert [(k["name"], k["revoked"]) for k in listed][-1] == ("k", True)


def test_a_session_is_no_key_and_a_key_is_no_session(cast: Cast) -> None:
    for identify in (identity.by_session(cast.keys["admin"]), identity.by_key(cast.session("editor"))):
        with pytest.raises(Unauthenticated):
            cast.database.read_now(identify)


def test_the_command_line_lets_in_with_a_link_and_a_key(cast: Cast) -> None:
    address = enrol.user_add(cast.database, "Zhou Lan", "reviewer", ["WEST"])
    token = address.removeprefix("http://127.0.0.1:8000/enter/")
    assert cast.database.read_now(lambda link: links.look(link, token))["login"] == "zhoulan"
    again = enrol.link_add(cast.database, "zhoulan").rpartition("/")[2]
    cast.database.chore_now(lambda link: signing_in.by_sign_in_link(link, again, Visit("c", 12)))
    key = enrol.key_add(cast.database, "报表", "read", days=30)
    assert key.startswith("sz_")
    assert cast.database.read_now(identity.by_key(key)).role is Role.KEY_READ
    for wrong in (
        partial(enrol.key_add, cast.database, "x", "root"),
        partial(enrol.user_add, cast.database, "x y", "editor"),
        partial(enrol.user_add, cast.database, "x y", "leader", unit="无此单位"),
        partial(enrol.link_add, cast.database, "nobody"),
    ):
        with pytest.raises(Refusal):
            wrong()

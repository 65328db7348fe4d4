"""One-time links: spent once, by one, in their days, and who made them stays written down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import orjson
import pytest

from app.db import Caller, Database
from app.engine import Sql
from app.errors import NotFound
from app.services import accounts, identity, links, signing_in
from app.services.signing_in import Visit
from tests.cast import Cast
from tests.test_accounts import acts, admit


def test_a_link_sets_a_password_once(cast: Cast) -> None:
    made = admit(cast, token="link-1")
    caller = Caller(links.by_link("link-1"))
    visit = Visit("cookie-1", 12)
    cast.database.act_now(caller, signing_in.with_new_password, "hash", visit, "link-1")
    assert cast.database.ask_now(Caller(identity.by_session("cookie-1")), accounts.own)["has_password"]
    with pytest.raises(NotFound) as refused:
        cast.database.act_now(caller, signing_in.with_new_password, "other", visit, "link-1")
    assert refused.value.code == "link_over"
    assert cast.database.ask_now(cast.administrator, accounts.read, made["id"])["has_password"]


def test_a_sign_in_link_is_spent_once_by_however_many_at_the_same_moment(cast: Cast) -> None:
    cast.database.act_now(cast.administrator, accounts.new_link, cast.accounts["editor"], "sign_in", "once")
    others = [Database(cast.database.settings) for _ in range(2)]

    def enter(n: int) -> bool:
        try:
            others[n % 2].chore_now(lambda link: signing_in.by_sign_in_link(link, "once", Visit(f"cookie-{n}", 12)))
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(enter, range(8))) == 1
    for other in others:
        other.close()


def test_spending_itself_refuses_a_spent_link_whatever_was_read_before(cast: Cast) -> None:
    cast.database.act_now(cast.administrator, accounts.new_link, cast.accounts["editor"], "sign_in", "t")
    spend = partial(links.spend, token="t", purpose=links.Purpose.SIGN_IN)
    assert cast.database.chore_now(spend) == cast.accounts["editor"]
    with pytest.raises(NotFound):
        cast.database.chore_now(spend)


def test_looking_at_a_link_does_not_spend_it_and_purposes_do_not_mix(cast: Cast) -> None:
    editor = cast.accounts["editor"]
    cast.database.act_now(cast.administrator, accounts.new_link, editor, "set_password", "p")
    for _ in range(2):
        assert cast.database.read_now(lambda link: links.look(link, "p"))["name"] == "Editor"
    with pytest.raises(NotFound):
        cast.database.chore_now(lambda link: signing_in.by_sign_in_link(link, "p", Visit("c", 12)))
    assert cast.database.read_now(lambda link: links.look(link, "p"))["purpose"] == "set_password"


def test_a_link_runs_out_and_dies_with_the_account(cast: Cast) -> None:
    editor = cast.accounts["editor"]
    for token in ("old", "new"):
        cast.database.act_now(cast.administrator, accounts.new_link, editor, "sign_in", token)
    past = Sql("UPDATE link SET expires_at = '2026-01-01T00:00:00.000000Z' WHERE token_hash = :hash")
    cast.database.chore_now(lambda link: link.run(past, {"hash": identity.digest("old")}))
    with pytest.raises(NotFound):
        cast.database.read_now(lambda link: links.look(link, "old"))
    cast.database.act_now(cast.administrator, accounts.disable, editor)
    with pytest.raises(NotFound):
        cast.database.chore_now(lambda link: signing_in.by_sign_in_link(link, "new", Visit("c", 12)))


def test_making_a_link_stays_in_history_with_who_made_it(cast: Cast) -> None:
    cast.database.act_now(cast.administrator, accounts.new_link, cast.accounts["editor"], "sign_in", "t")
    word, who, diff = acts(cast.database, "account")[-1]
    assert (word, who, list(orjson.loads(diff))) == ("account.link", "Administrator", ["link_at"])

"""Sessions: over at once when they are ended, whoever ends them and wherever, and never longer than their days."""

from __future__ import annotations

from functools import partial

import pytest

from app.db import Caller, Database
from app.engine import Sql
from app.errors import Unauthenticated
from app.services import accounts, identity, sessions, signing_in
from app.services.signing_in import Visit
from tests.cast import Cast


def test_a_session_ended_elsewhere_is_over_at_once_in_every_process(cast: Cast) -> None:
    other = Database(cast.database.settings)
    caller = Caller(identity.by_session(cast.session("editor")))
    assert other.ask_now(caller, accounts.own)["login"] == "editor"
    cast.database.chore_now(lambda link: sessions.end_all(link, cast.accounts["editor"]))
    with pytest.raises(Unauthenticated):
        other.ask_now(caller, accounts.own)
    other.close()


def test_rights_taken_away_elsewhere_hold_at_once_in_every_process(cast: Cast) -> None:
    other = Database(cast.database.settings)
    caller = Caller(identity.by_session(cast.session("both")))
    assert other.read_now(caller.identify).zone_ids == (cast.east, cast.west)
    version = cast.database.ask_now(cast.administrator, accounts.read, cast.accounts["both"])["version"]
    edit = {"zones": ["WEST"]}
    cast.database.act_now(cast.administrator, accounts.amend, cast.accounts["both"], edit, version=version)
    assert other.read_now(caller.identify).zone_ids == (cast.west,)
    other.close()


def test_a_new_password_ends_every_session_but_the_new_one(cast: Cast) -> None:
    old = Caller(identity.by_session(cast.session("editor")))
    cast.database.act_now(cast.editor, signing_in.with_new_password, "hash", Visit("fresh", 12))
    with pytest.raises(Unauthenticated):
        cast.database.ask_now(old, accounts.own)
    new = Caller(identity.by_session("fresh"))
    assert cast.database.ask_now(new, accounts.own)["login"] == "editor"


def test_own_sessions_are_listed_and_the_others_can_be_ended(cast: Cast) -> None:
    editor = cast.accounts["editor"]
    for token in ("a", "b", "c"):
        start = partial(sessions.start, account_id=editor, token=token, hours=12, agent=f"Browser\x00 {token}")
        cast.database.chore_now(start)
    found = cast.database.read_now(lambda link: sessions.own(link, editor, "b"))
    assert {s["agent"]: s["current"] for s in found} == {"Browser a": False, "Browser b": True, "Browser c": False}
    handle = next(s["handle"] for s in found if s["agent"] == "Browser a")
    stranger = cast.accounts["stranger"]
    assert cast.database.chore_now(lambda link: sessions.end_one(link, stranger, handle)) == 0
    assert cast.database.chore_now(lambda link: sessions.end_one(link, editor, handle)) == 1
    assert cast.database.chore_now(lambda link: sessions.end_others(link, editor, "b")) == 1
    assert cast.database.read_now(lambda link: [s["current"] for s in sessions.own(link, editor, "b")]) == [True]


def test_a_session_is_prolonged_at_most_once_a_minute_and_never_after_its_end(cast: Cast) -> None:
    editor = cast.accounts["editor"]
    cast.database.chore_now(lambda link: sessions.start(link, editor, "s", 1))

    def seen() -> tuple[str, str]:
        return cast.database.read_now(  # type: ignore[return-value]
            lambda link: link.row(Sql("SELECT seen_at, expires_at FROM session WHERE account_id = :id"), {"id": editor})
        )

    before = seen()
    cast.database.chore_now(lambda link: sessions.touch(link, "s", 1))
    assert seen() == before
    earlier = Sql("UPDATE session SET seen_at = '2026-01-01T00:00:00.000000Z'")
    cast.database.chore_now(lambda link: link.run(earlier))
    cast.database.chore_now(lambda link: sessions.touch(link, "s", 1))
    assert seen() > before
    over = Sql("UPDATE session SET seen_at = '2026-01-01T00:00:00.000000Z', expires_at = '2026-01-01T01:00:00.000000Z'")
    cast.database.chore_now(lambda link: link.run(over))
    cast.database.chore_now(lambda link: sessions.touch(link, "s", 1))
    assert seen()[1].startswith("2026-01-01")

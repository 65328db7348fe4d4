"""The cast itself: fresh on every database, and everybody is who she says."""

from __future__ import annotations

import pytest

from app.errors import NotFound, Unauthenticated
from app.models import Zone
from tests.cast import Cast


@pytest.mark.parametrize("name", ["editor", "leader", "office"])
def test_everybody_is_recognised_and_sees_her_zones(cast: Cast, name: str) -> None:
    zones = cast.database.ask_now(
        cast.by(name), lambda desk: desk.select(Zone, "all", lambda q, t: q, columns=["code"])
    )
    assert sorted(zones) == ([("EAST",)] if name == "editor" else [("EAST",), ("WEST",)])


def test_the_stranger_sees_nothing_of_the_other_zone(cast: Cast) -> None:
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.stranger, lambda desk: desk.get(Zone, cast.east).code)


def test_ids_begin_at_one_on_both_databases(cast: Cast) -> None:
    assert (cast.east, cast.west, cast.accounts["editor"]) == (1, 2, 1)


def test_a_key_and_a_session_open_the_door_and_a_wrong_one_does_not(cast: Cast) -> None:
    from app.db import Caller
    from app.services import identity

    who = cast.database.ask_now(cast.key("write"), lambda desk: desk.actor.kind)
    session = Caller(identity.by_session(cast.session("editor")))
    assert (who, cast.database.ask_now(session, lambda desk: desk.actor.name)) == ("key", "Editor")
    with pytest.raises(Unauthenticated):
        cast.database.ask_now(Caller(identity.by_key("key-nobody")), lambda desk: None)

"""What every request reads and hardly anybody changes is kept in memory, and never a moment too long."""

from __future__ import annotations

import pytest

from app.db import Caller, Database
from app.desk import Desk
from app.errors import NotFound
from app.services import ledger_pages, zones
from app.services.frames import frame
from tests.cast import Cast


def menu(database: Database, caller: Caller) -> list[str]:
    return [name for _, name in database.ask_now(caller, frame).zones]


def test_a_zone_renamed_by_another_process_is_read_under_its_new_name_at_once(cast: Cast) -> None:
    assert menu(cast.database, cast.leader) == ["East", "West"]
    neighbour = Database(cast.database.settings)
    try:
        neighbour.act_now(cast.office, zones.amend, "WEST", {"short_name": "New West"})
        assert menu(cast.database, cast.leader) == ["East", "New West"]
        names = cast.database.ask_now(cast.leader, ledger_pages.names_of_zones, {cast.west})
        assert names == {cast.west: ("WEST", "New West")}
    finally:
        neighbour.close()


def test_what_one_person_was_shown_is_not_shown_to_who_may_not_see_it(cast: Cast) -> None:
    assert cast.database.ask_now(cast.leader, zones.id_of, "WEST") == cast.west
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.editor, zones.id_of, "WEST")
    assert menu(cast.database, cast.editor) == ["East"]


def test_an_act_reads_what_it_has_just_written(cast: Cast) -> None:
    def enter(desk: Desk) -> str:
        zones.create(desk, {"code": "371500-OTHER", "name": "North Zone", "level": "provincial", "kind": "other"})
        return str(zones.id_of(desk, "371500-OTHER"))

    with pytest.raises(NotFound):
        cast.database.ask_now(cast.office, zones.id_of, "371500-OTHER")
    assert int(cast.database.act_now(cast.office, enter).value) == cast.database.ask_now(
        cast.office, zones.id_of, "371500-OTHER"
    )

"""The sums held in memory are what the table of sums says, whoever wrote last and whichever register is asked."""

from __future__ import annotations

import random
from pathlib import Path

import orjson

from app.db import Database
from app.engine import Link
from app.schema import migrate
from app.services import projects, summaries, whole_sums
from app.services.asking import Asked
from app.settings import Settings
from tests.cast import Cast, gather


def compared(database: Database) -> dict[int, whole_sums.Cells]:
    def look(link: Link) -> dict[int, whole_sums.Cells]:
        for table in (whole_sums.LIGHTS, whole_sums.LEDGERS):
            sums, read = table.of_all(link), table.of_zones(link, None)
            assert sums.cells == read
            assert sums.whole == whole_sums.added({}, read.values())
        return sums.cells

    return database.read_now(look)


def enter(database: Database, cast: Cast, zone: str, ledger: str, total: int | None) -> int:
    facts = {"name": f"Works of {zone}", "total_investment_yuan": total, "reason": "Test"}
    return int(database.act_now(cast.both, projects.create, facts, zone=zone, ledger=ledger, override=True).value["id"])


def test_what_is_held_is_repaired_after_every_act_of_any_process(cast: Cast) -> None:
    chance, neighbour = random.Random(5), Database(cast.database.settings)
    compared(cast.database)
    try:
        for _ in range(12):
            writer = chance.choice([cast.database, neighbour])
            enter(writer, cast, chance.choice(["EAST", "WEST"]), "reserve", chance.choice([None, 3, 40]))
            if chance.random() < 0.6:
                compared(cast.database)
        assert len(compared(cast.database)) == 2
    finally:
        neighbour.close()


def test_a_zone_that_nobody_touched_is_not_said_again(cast: Cast) -> None:
    enter(cast.database, cast, "EAST", "reserve", 7)
    enter(cast.database, cast, "WEST", "reserve", 8)

    def said() -> tuple[bytes, ...]:
        by = ("zone", "ledger")
        whole = orjson.dumps(cast.database.ask_now(cast.leader, summaries.summary, Asked(), by))
        of_zone = summaries._said[by, None].of_zone
        parts = tuple(of_zone[zone][1] for zone in (cast.east, cast.west))
        assert whole == b"[" + b",".join(parts) + b"]"
        return parts

    east, west = said()
    enter(cast.database, cast, "WEST", "reserve", 9)
    assert said()[0] is east
    assert said()[1] != west


def test_another_register_with_as_many_acts_is_not_mistaken_for_this_one(sqlite_cast: Cast, tmp_path: Path) -> None:
    enter(sqlite_cast.database, sqlite_cast, "EAST", "reserve", 5)
    compared(sqlite_cast.database)
    url = f"sqlite:///{tmp_path}/other.db"
    migrate(url)
    other = Database(Settings(database_url=url, secret_file=tmp_path / "secret", files_dir=tmp_path / "files"))
    try:
        enter(other, gather(other), "EAST", "reserve", 6)
        compared(other)
        compared(sqlite_cast.database)
    finally:
        other.close()

"""An import made ahead of its act is the same import: every row, change, sum and term as if it had been made under the lock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from app.ahead import Ahead
from app.audit import verify
from app.db import Caller
from app.engine import Link, Sql
from app.errors import Conflict
from app.services import import_rows, imports, ledgers, lists, people, projects, undoing
from app.services.preparing import Prepared
from tests.cast import Cast
from tests.test_imports import REASON, book, listed, prepared

HEADING = [
    "序号", "项目名称", "投资主体", "总投资（万元）", "计划竣工", "开工时间", "至2025年底累计完成投资（万元）", "2026年1-8月完成投资（万元）", "责任人",
    "联系电话", "备注",
]  # fmt: skip
LATER = [*HEADING[:7], "2026年9月完成投资（万元）", *HEADING[8:]]
CHOICES: dict[str, Any] = {"sheets": {"一": {"marks": {"★": "KEY"}}}, "ledger": "in_construction"}
OWN_NUMBERS = {"zone_id", "project_id", "person_id", "unit_id", "import_id", "list_id", "parent_id", "code", "lists"}
"""Fields that cannot be the same in two zones."""
CHANGES = Sql(
    "SELECT noun, diff FROM change WHERE zone_id = :zone AND noun NOT IN ('import_run', 'zone') ORDER BY seq, n"
)
SUMS = ("total", "posting", "light_total", "dated_total")


def first() -> bytes:
    rows = (
        [1, "一号厂", "甲公司", 1000, "2027.06", "2026-01-05", 100, 200, "李文静", "13800000001", "旧"],
        [2, "二号厂", "甲公司", 2000, "2027.06", "2026-01-05", 100, 200, "赵立新", "", ""],
        [3, "三号厂", "乙公司", 3000, "2027.06", "2026-01-05", 100, 200, "李文静", "", ""],
    )
    return book(*rows, heading=HEADING, title="2026年在建项目台账")


def second() -> bytes:
    """A changed name and its terms, a new person in a known and in a new row, a told month, a mark, a part, a phone."""
    rows = (
        [1, "★一号厂", "甲公司", 1000, "2027.08", "2026-01-05", 100, 30, "孙晓梅", "", "新"],
        [2, "二号厂", "甲公司", 2000, "2027.06", "2026-01-05", 100, 40, "赵立新", "13800000002", ""],
        [3, "三号厂", "乙公司", 3000, "2027.06", "2026-01-05", 100, "", "李文静", "", "只改备注"],
        [4, "★四号桥", "丙公司", 4000, "2028.06", "2026-03-05", "", "", "孙晓梅", "13800000003", ""],
        ["(1)", "南段", "丙公司", 400, "2027.06", "2026-03-05", "", "", "李文静", "", ""],
    )
    return book(*rows, heading=LATER, title="2026年在建项目台账")


def ahead(cast: Cast, seen: Prepared, who: Caller | None = None) -> dict[str, Any]:
    caller = who or replace(cast.both, reason=REASON)
    done: dict[str, Any] = cast.database.act_ahead_now(caller, import_rows.make, imports.commit, seen).value
    return done


def under_the_lock(cast: Cast, seen: Prepared) -> dict[str, Any]:
    done: dict[str, Any] = cast.database.act_now(replace(cast.both, reason=REASON), imports.commit, seen).value
    return done


def told(cast: Cast, zone_id: int) -> dict[str, Any]:
    """All that the register says of a zone, without the numbers of its rows and acts."""

    def read(link: Any) -> dict[str, Any]:
        found: dict[str, Any] = {"changes": sorted(_plain(*one) for one in link.rows(CHANGES, {"zone": zone_id}))}
        for name in SUMS:
            columns = [c[0] for c in link.raw.execute(f"SELECT * FROM {name}").description]
            kept = ", ".join(c for c in columns if c not in ("seq", "zone_id"))
            rows = link.rows(Sql(f"SELECT {kept} FROM {name} WHERE zone_id = :zone"), {"zone": zone_id})
            found[name] = sorted(rows, key=repr)
        return found

    return cast.database.read_now(read)


def _plain(noun: str, diff: str) -> str:
    said = {field: sides for field, sides in orjson.loads(diff).items() if field not in OWN_NUMBERS}
    hashed = {field for field, sides in said.items() if any(str(side).startswith("#") for side in sides)}
    return f"{noun} {orjson.dumps({f: '#' if f in hashed else s for f, s in said.items()}).decode()}"


def found(cast: Cast, zone: str, q: str) -> list[str]:
    asked = ledgers.Asked(zones=(zone,), ledger="in_construction", q=q)
    return sorted(name for (name,) in cast.database.ask_now(cast.both, ledgers.page, asked, ("name",)).rows)


@pytest.fixture
def both_ways(cast: Cast) -> Cast:
    """The same two workbooks in the East, made ahead, and in the West, made under the lock."""
    cast.database.act_now(cast.office, lists.create, {"code": "KEY", "name": "重点"})
    for make, zone in ((ahead, "EAST"), (under_the_lock, "WEST")):
        assert (
            make(cast, prepared(cast, cast.both, first(), zone=zone, opening=True, ledger="in_construction"))["created"]
            == 3
        )
        done = make(cast, prepared(cast, cast.both, second(), zone=zone, **CHOICES))
        assert (done["created"], done["changed"]) == (2, 3)
    return cast


def test_an_import_made_ahead_says_and_sums_what_one_made_under_the_lock_does(both_ways: Cast) -> None:
    east, west = told(both_ways, both_ways.east), told(both_ways, both_ways.west)
    assert east["changes"] and east["posting"] and east["dated_total"]
    assert east == west
    report = verify(both_ways.database.settings)
    assert report.sound, report.lines

    for q in ("丙公司", "四号", "ehc", "甲公"):
        assert found(both_ways, "EAST", q) == found(both_ways, "WEST", q) != []


def test_it_is_one_act_and_is_taken_back_as_one(both_ways: Cast) -> None:
    undone = both_ways.database.act_now(both_ways.both, undoing.undo, 2).value
    assert undone["state"] == "undone"
    assert {p["name"]: p["remarks"] for p in listed(both_ways)} == {"一号厂": "旧", "二号厂": None, "三号厂": None}
    report = verify(both_ways.database.settings)
    assert report.sound, report.lines


def test_what_changes_while_it_is_made_is_seen_under_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead(cast, prepared(cast, cast.both, first(), zone="EAST", opening=True, ledger="in_construction"))
    seen = prepared(cast, cast.both, second(), zone="EAST", ledger="in_construction")
    known = listed(cast)[0]
    meanwhile(monkeypatch, cast, projects.amend, known["id"], {"park": "P"}, version=None)
    with pytest.raises(Conflict) as refused:
        ahead(cast, seen)
    assert refused.value.code == "moved_on"
    assert len(listed(cast)) == 3, "all or nothing"


def test_a_person_who_becomes_known_while_it_is_made_is_not_made_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = prepared(cast, cast.both, first(), zone="EAST", opening=True, ledger="in_construction")
    meanwhile(monkeypatch, cast, people.create, {"name": "李文静", "zone": "EAST"})
    assert ahead(cast, seen)["created"] == 3
    names = [p["name"] for p in cast.database.ask_now(cast.both, people.list_, "EAST")]
    assert sorted(names) == ["李文静", "赵立新"]
    assert verify(cast.database.settings).sound


def meanwhile(monkeypatch: pytest.MonkeyPatch, cast: Cast, service: Any, *args: Any, **kw: Any) -> None:
    """Somebody acts after the rows were made and before they are poured in."""
    real = Ahead.lay

    def lay(self: Ahead, link: Link) -> Any:
        laid = real(self, link)
        cast.database.act_now(cast.editor, service, *args, **kw)
        return laid

    monkeypatch.setattr(Ahead, "lay", lay)


def test_numbers_of_an_import_that_was_refused_are_given_to_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = prepared(cast, cast.both, first(), zone="EAST", opening=True, ledger="in_construction")
    meanwhile(monkeypatch, cast, projects.create, {"name": "一号厂"}, zone="EAST", ledger="reserve")
    with pytest.raises(Conflict):
        ahead(cast, seen)
    made = cast.database.ask_now(
        cast.both, ledgers.page, ledgers.Asked(zones=("EAST",), ledger="reserve"), ("id",)
    ).rows
    assert made == [(4,)]

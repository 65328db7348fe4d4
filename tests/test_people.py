"""Who answers for a project: names typed in a row and dated responsibilities say the same, at once and for good."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app import clock
from app.db import house
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.models import Account, Project
from app.rules.access import Act
from app.rules.codes import Ledger
from app.rules.names import split_names
from app.services import handovers, history, people, projects, responsibilities, units
from app.services.following import follow_names
from tests.cast import Cast

TODAY = clock.today()
YESTERDAY = (date.fromisoformat(TODAY) - timedelta(days=1)).isoformat()
TOMORROW = (date.fromisoformat(TODAY) + timedelta(days=1)).isoformat()
NAMES = {
    "sponsor_leader": "顾听澜",
    "responsible_unit": "装备专班",
    "responsible_person": "林砚秋",
    "phone": "138 0000 0001",
}


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("张三、李四", ["张三", "李四"]),
        ("张三,李四；王五", ["张三", "李四", "王五"]),
        ("张三 李四", ["张三", "李四"]),
        ("张 三", ["张三"]),
        ("张 三 李四", ["张三", "李四"]),
        ("Zhang San", ["Zhang San"]),
        ("张三、张三", ["张三"]),
        (" 、，", []),
        (None, []),
    ],
)
def test_a_cell_holds_one_name_or_several(cell: str | None, names: list[str]) -> None:
    assert split_names(cell) == names


def made(cast: Cast, **facts: Any) -> dict[str, Any]:
    value = cast.database.act_now(cast.editor, projects.create, {"name": "One", **NAMES, **facts}, zone="EAST").value
    assert isinstance(value, dict)
    return value


def amended(cast: Cast, project: dict[str, Any], **edit: Any) -> dict[str, Any]:
    value = cast.database.act_now(cast.editor, projects.amend, project["id"], edit, version=None).value
    assert isinstance(value, dict)
    return value


def held(cast: Cast, project: dict[str, Any], role: str) -> list[tuple[Any, ...]]:
    items = cast.database.ask_now(cast.editor, responsibilities.of_project, project["id"])["items"]
    return [(i["name"], i["rank"], i["from_on"], i["until_on"]) for i in items if i["role"] == role]


def test_typed_names_become_people_and_units_known_from_then_on(cast: Cast) -> None:
    first = made(cast)
    second = made(cast, name="Two", phone=None)
    assert second["phone"] == NAMES["phone"]
    everybody = cast.database.ask_now(cast.editor, people.list_, "EAST")
    assert sorted(p["name"] for p in everybody) == sorted(["顾听澜", "林砚秋"])
    assert [u["name"] for u in cast.database.ask_now(cast.editor, units.list_, "EAST")] == ["装备专班"]
    assert held(cast, first, "sponsor_leader") == [("顾听澜", 1, None, None)]


def test_a_name_typed_over_another_ends_that_one_yesterday_and_begins_today(cast: Cast) -> None:
    project = made(cast)
    after = amended(cast, project, responsible_person="许南乔")
    assert held(cast, project, "responsible_person") == [("许南乔", 1, TODAY, None), ("林砚秋", 1, None, YESTERDAY)]
    assert after["phone"] is None, "the phone of the one before is not hers"
    amended(cast, project, responsible_person="许南乔、林砚秋", phone="139 0000 0002")
    assert [n for n, *_ in held(cast, project, "responsible_person")] == ["许南乔", "林砚秋", "林砚秋"]
    assert {p["name"]: p["phone"] for p in cast.database.ask_now(cast.editor, people.list_, "EAST")}[
        "许南乔"
    ] == "139 0000 0002"
    amended(cast, project, responsible_person=None)
    assert all(until == YESTERDAY for *_, until in held(cast, project, "responsible_person"))


def test_both_are_one_act_in_history(cast: Cast) -> None:
    project = made(cast)
    before = cast.database.ask_now(cast.editor, history.of_project, project["id"])
    after = amended(cast, project, responsible_person="许南乔")
    news = cast.database.ask_now(cast.editor, history.changes, after=(before[0]["version"], 99))[0]
    assert {c["version"] for c in news} == {after["version"]}
    assert {c["noun"] for c in news} == {"project", "person", "responsibility"}


def test_one_name_typed_leaves_those_of_lower_rank_alone(cast: Cast) -> None:
    project = made(cast)
    a, b = (cast.database.act_now(cast.editor, people.create, {"name": n, "zone": "EAST"}).value["id"] for n in "甲乙")
    items = [
        {"role": "sponsor_leader", "person_id": a, "rank": 1, "level": "city"},
        {"role": "sponsor_leader", "person_id": b, "rank": 2},
    ]
    put = cast.database.act_now(cast.editor, responsibilities.put, project["id"], {"items": items}).value
    shown = cast.database.ask_now(cast.editor, projects.read, project["id"])
    assert (shown["sponsor_leader"], shown["responsible_unit"]) == ("甲", None), (
        "who is left out ends, and the row shows it"
    )
    amended(cast, project, sponsor_leader="丙")
    current = [n for n, *_, until in held(cast, project, "sponsor_leader") if until is None]
    assert current == ["丙", "乙"]
    with pytest.raises(Stale):
        cast.database.act_now(cast.editor, responsibilities.put, project["id"], {"items": []}, version=put["version"])


def test_what_cannot_be_a_responsibility_is_refused_at_its_place(cast: Cast) -> None:
    project = made(cast)
    bad = [
        {"role": "sponsor_leader"},
        {"role": "responsible_unit", "person_id": 1},
        {"role": "liaison", "person_id": 999},
        {"role": "liaison", "person_id": 1, "from_on": "2026-02-01", "until_on": "2026-01-01"},
    ]
    with pytest.raises(Invalid) as refused:
        cast.database.act_now(cast.editor, responsibilities.put, project["id"], {"items": bad})
    assert [p.pointer for p in refused.value.problems] == [
        "/items/0/person_id", "/items/1/unit_id", "/items/2/person_id", "/items/3/until_on",
    ]  # fmt: skip


def test_another_zones_people_are_nobody_here(cast: Cast) -> None:
    theirs = cast.database.act_now(cast.stranger, people.create, {"name": "West", "zone": "WEST"}).value
    project = made(cast)
    items = [{"role": "liaison", "person_id": theirs["id"]}]
    with pytest.raises(Invalid):
        cast.database.act_now(cast.both, responsibilities.put, project["id"], {"items": items})
    for service in (people.read, responsibilities.of_project):
        with pytest.raises(NotFound):
            cast.database.ask_now(cast.editor if service is people.read else cast.stranger, service, theirs["id"])
    with pytest.raises(Invalid):
        cast.database.act_now(cast.editor, people.create, {"name": "Spy", "zone": "WEST"})
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.editor, units.create, {"name": "City office"})
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.leader, people.amend, 1, {"name": "Other"})


def test_a_renamed_unit_is_found_by_its_old_name_and_shown_by_its_new_one(cast: Cast) -> None:
    project = made(cast)
    unit = cast.database.ask_now(cast.editor, units.list_, "EAST")[0]
    renamed = cast.database.act_now(
        cast.editor, units.amend, unit["id"], {"name": "高端装备专班"}, version=unit["version"]
    ).value
    assert renamed["former_names"] == ["装备专班"]
    assert cast.database.ask_now(cast.editor, projects.read, project["id"])["responsible_unit"] == "高端装备专班"
    made(cast, name="Two", responsible_unit="装备专班 ")
    assert len(cast.database.ask_now(cast.editor, units.list_, "EAST")) == 1
    with pytest.raises(Conflict, match="known"):
        cast.database.act_now(cast.editor, units.create, {"name": "装备专班", "zone": "EAST"})


def test_a_merged_unit_goes_on_in_the_other(cast: Cast) -> None:
    project = made(cast)
    old = cast.database.ask_now(cast.editor, units.list_, "EAST")[0]
    new = cast.database.act_now(cast.editor, units.create, {"name": "招商一局", "zone": "EAST"}).value
    cast.database.act_now(cast.editor, units.merge, old["id"], new["id"])
    assert held(cast, project, "responsible_unit") == [("招商一局", 1, TODAY, None), ("装备专班", 1, None, YESTERDAY)]
    assert cast.database.ask_now(cast.editor, projects.read, project["id"])["responsible_unit"] == "招商一局"
    assert [u["aliases"] for u in cast.database.ask_now(cast.editor, units.list_, "EAST")] == [["装备专班"]]


def test_a_new_phone_is_shown_in_every_project_of_hers_and_masked_for_those_who_may_not(cast: Cast) -> None:
    project = made(cast)
    person = next(p for p in cast.database.ask_now(cast.editor, people.list_, "EAST") if p["phone"])
    cast.database.act_now(cast.editor, people.amend, person["id"], {"phone": "13900000009"})
    assert cast.database.ask_now(cast.editor, projects.read, project["id"])["phone"] == "13900000009"
    assert cast.database.ask_now(cast.auditor, people.read, person["id"])["phone"] == "139****0009"


# ── hand-over ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_three_projects_are_handed_to_a_new_person_after_a_look_in_one_act(cast: Cast) -> None:
    three = [made(cast, name=n) for n in ("A", "B", "C")]
    giver = next(p["id"] for p in cast.database.ask_now(cast.editor, people.list_, "EAST") if p["name"] == "林砚秋")
    taker = cast.database.act_now(cast.editor, people.create, {"name": "许南乔", "zone": "EAST", "phone": "1"}).value[
        "id"
    ]
    wanted = {"from_person_id": giver, "to_person_id": taker, "project_ids": [p["id"] for p in three[:2]]}
    seen = cast.database.ask_now(cast.editor, handovers.handover_preview, wanted)
    assert [(i["name"], i["roles"]) for i in seen["items"]] == [
        ("A", ["responsible_person"]),
        ("B", ["responsible_person"]),
    ]
    answer = cast.database.act_now(cast.editor, handovers.handover, {**wanted, "reason": "New post"})
    assert answer.value == {"projects": 2, "responsibilities": 2}
    now = [cast.database.ask_now(cast.editor, projects.read, p["id"]) for p in three]
    assert [(p["responsible_person"], p["phone"]) for p in now[1:]] == [("许南乔", "1"), ("林砚秋", NAMES["phone"])]
    assert {p["version"] for p in now[:2]} == {answer.seq}
    last = cast.database.ask_now(cast.editor, history.of_project, three[0]["id"])[0]
    assert (last["word"], last["reason"]) == (Act.PEOPLE_HANDOVER, "New post")
    with pytest.raises(Invalid):
        cast.database.act_now(cast.editor, handovers.handover, wanted)


def test_a_hand_over_for_tomorrow_shows_tomorrow(cast: Cast) -> None:
    project = made(cast)
    giver = next(p["id"] for p in cast.database.ask_now(cast.editor, people.list_, "EAST") if p["name"] == "林砚秋")
    taker = cast.database.act_now(cast.editor, people.create, {"name": "许南乔", "zone": "EAST"}).value["id"]
    cast.database.act_now(
        cast.editor, handovers.handover, {"from_person_id": giver, "to_person_id": taker, "on": TOMORROW}
    )
    assert cast.database.ask_now(cast.editor, projects.read, project["id"])["responsible_person"] == "林砚秋"

    def tomorrow(desk: Desk) -> int:
        desk.today = TOMORROW
        return responsibilities.turn(desk, TOMORROW)

    assert cast.database.act_now(house(), tomorrow).value == 1
    assert cast.database.ask_now(cast.editor, projects.read, project["id"])["responsible_person"] == "许南乔"


def test_nobody_hands_over_in_another_zone(cast: Cast) -> None:
    made(cast)
    with pytest.raises(NotFound):
        cast.database.act_now(cast.stranger, handovers.handover, {"from_person_id": 1, "to_person_id": 2})
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.leader, handovers.handover, {"from_person_id": 1, "to_person_id": 2})


def test_everybody_finds_her_projects(cast: Cast) -> None:
    hers = made(cast, responsible_person="Editor")
    made(cast, name="Not hers")
    mine = cast.database.ask_now(cast.editor, responsibilities.mine)
    assert [(m["id"], m["roles"]) for m in mine] == [(hers["id"], ["responsible_person"])]
    assert cast.database.ask_now(cast.stranger, responsibilities.mine) == []

    def bind(desk: Desk) -> None:
        account = desk.get(Account, cast.accounts["editor"], to=Act.ACCOUNT_AMEND)
        account.person_id = next(p["id"] for p in people.list_(desk) if p["name"] == "顾听澜")
        desk.keep(account)

    cast.database.act_now(house(), bind)
    assert len(cast.database.ask_now(cast.editor, responsibilities.mine)) == 2


def test_names_of_very_many_rows_are_followed_in_a_handful_of_statements(cast: Cast) -> None:
    def enter(desk: Desk) -> int:
        desk.ask(Act.PROJECT_CREATE, cast.east)
        rows = [
            Project(zone_id=cast.east, ledger=Ledger.RESERVE, name=f"P{n}", sponsor_leader=f"领导{n % 7}", responsible_person=f"专员{n % 40}、助理{n % 9}")
            for n in range(1000)
        ]  # fmt: skip
        desk.keep(rows)
        before = desk.link.statements
        follow_names(desk, rows)
        return desk.link.statements - before

    assert cast.database.act_now(cast.editor, enter).value <= 6
    assert len(cast.database.ask_now(cast.editor, people.list_, "EAST")) == 56

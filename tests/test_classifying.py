"""未归类: industries that the city's list does not know stand in one group and are assigned with one choice."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.db import house
from app.errors import Forbidden, Invalid
from app.services import classifying, industries, projects
from app.services.asking import Asked
from tests.cast import Cast
from tests.test_ledger_pages import RESERVE, SCRIPT, Sheet

pytestmark = pytest.mark.anyio
LIST = [
    {"code": "equipment", "name": "高端装备", "aliases": ["装备制造"]},
    {"code": "food", "name": "食品加工"},
]
GROUPED = f"{RESERVE}?group=industry"


@pytest.fixture
def sheet(cast: Cast) -> Sheet:
    cast.database.act_now(house(), industries.put, LIST)
    return Sheet(cast)


def grown(sheet: Sheet) -> dict[str, dict[str, Any]]:
    typed = {"A": "高端装备", "B": "装备制造", "C": "高端装备业", "D": "高端装备业", "E": "酿酒", "F": None}
    return {name: sheet.add(name, industry=industry) for name, industry in typed.items()}


def headings(text: str) -> list[tuple[str, str]]:
    return re.findall(r"<tr class=grp.*?<b>(.*?)</b></button> <span class=cnt>(.*?)</span>", text)


async def test_spellings_of_one_industry_stand_together_and_unknown_ones_unclassified(sheet: Sheet) -> None:
    grown(sheet)
    text = (await sheet.get(GROUPED)).text
    assert headings(text) == [("Unclassified", "4 projects"), ("高端装备", "2 projects")]
    assert "/reserve/unclassified?group=industry" in text


async def test_one_choice_assigns_every_project_that_was_typed_so_and_stays_in_history(sheet: Sheet) -> None:
    made = grown(sheet)
    form = (await sheet.client.get(f"{RESERVE}/unclassified?group=industry", headers=SCRIPT)).text
    assert re.findall(r'name="text" value="(.*?)"', form) == ["高端装备业", "酿酒"]
    assert form.count(" selected") == 1, "the entry that looks like it is offered"
    sent = {"text": ["高端装备业", "酿酒"], "industry": ["高端装备", ""]}
    assert (await sheet.client.post(f"{RESERVE}/unclassified?group=industry", data=sent)).status_code == 303
    assert [sheet.now(made[n])["industry_code"] for n in "ABCDEF"] == ["equipment"] * 4 + [None] * 2
    assert sheet.now(made["C"])["version"] == sheet.now(made["D"])["version"], "one act"
    text = (await sheet.get(GROUPED)).text
    assert headings(text) == [("Unclassified", "2 projects"), ("高端装备", "4 projects")]


async def test_a_city_without_a_list_is_grouped_by_what_was_typed(cast: Cast) -> None:
    sheet = Sheet(cast)
    grown(sheet)
    text = (await sheet.get(GROUPED)).text
    assert len(headings(text)) == 5
    assert "/unclassified" not in text


async def test_the_city_wide_ledger_assigns_in_the_zones_she_may_write(sheet: Sheet) -> None:
    made, cast = grown(sheet), sheet.cast
    west = cast.database.act_now(cast.both, projects.create, {"name": "W", "industry": "酿酒"}, zone="WEST").value
    text = (await sheet.get("/ledgers/reserve?group=industry")).text
    assert "/ledgers/reserve/unclassified?group=industry" in text
    sent = {"text": ["酿酒"], "industry": ["食品加工"]}
    answer = await sheet.client.post("/ledgers/reserve/unclassified?group=industry", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ledgers/reserve?group=industry")
    assert sheet.now(made["E"])["industry_code"] == "food"
    assert cast.database.ask_now(cast.both, projects.read, west["id"])["industry_code"] is None, "not hers to write"


def test_only_those_of_the_zone_assign_and_only_what_the_list_has(sheet: Sheet) -> None:
    grown(sheet)
    asked, cast = Asked(("EAST",), "reserve"), sheet.cast
    with pytest.raises(Invalid):
        cast.database.act_now(cast.editor, classifying.assign, asked, {"酿酒": "酿酒业"})
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.leader, classifying.assign, asked, {"酿酒": "食品加工"})
    west = cast.database.act_now(cast.both, projects.create, {"name": "W", "industry": "酿酒"}, zone="WEST").value
    assert (
        cast.database.act_now(cast.editor, classifying.assign, Asked(None, "reserve"), {"酿酒": "食品加工"}).value == 1
    )
    assert cast.database.ask_now(cast.both, projects.read, west["id"])["industry_code"] is None


async def test_an_entry_added_by_the_city_finds_the_projects_that_were_typed_so(sheet: Sheet) -> None:
    made, door = grown(sheet), "/api/v1/settings/industries"
    body = {"items": [{"code": "food", "name": "食品加工", "aliases": ["酿酒"]}, {"code": "paper", "name": "造纸"}]}
    head = {"authorization": "Bearer key-write"}
    assert (await sheet.client.put(door, json=body, headers=head)).status_code == 403
    head = {"authorization": "Bearer key-admin"}
    answer = await sheet.client.put(door, json=body, headers=head)
    assert [i["code"] for i in answer.json()["items"]] == ["equipment", "food", "paper"]
    assert answer.json()["items"][0]["aliases"] == ["装备制造"], "what is not named stays"
    assert [sheet.now(made[n])["industry_code"] for n in "EF"] == ["food", None]
    bad = {"items": [{"code": "a b", "name": "x"}]}
    assert (await sheet.client.put(door, json=bad, headers=head)).status_code == 422

"""The city's list of industries: kept on its page and by programs, refused by row, learnt from what people type."""

from __future__ import annotations

from typing import Any

import pytest

from app.db import house
from app.errors import Invalid
from app.services import industries, zones
from tests.cast import Cast
from tests.test_ledger_pages import Sheet

pytestmark = pytest.mark.anyio
PAGE = "/admin/industries"
LIST = [
    {"code": "metals", "name": "金属", "aliases": ["有色金属"]},
    {"code": "copper", "name": "铜加工", "parent_code": "metals", "gbt4754": ["C32", "3251"]},
]


@pytest.fixture
def office(cast: Cast) -> Sheet:
    return Sheet(cast, "office")


def kept(cast: Cast) -> dict[str, dict[str, Any]]:
    return {i["code"]: i for i in cast.database.ask_now(cast.office, industries.list_)}


async def test_the_first_entry_is_added_on_the_empty_page_and_classifies_what_was_typed(office: Sheet) -> None:
    mill = office.add("Mill", industry="造纸业")
    assert "No industry yet" in (await office.get(PAGE)).text
    sent = {"name": "造纸", "code": "paper", "parent_code": "", "aliases": "造纸业，纸品", "gbt4754": "C22"}
    assert (await office.client.post(PAGE, data=sent)).headers["location"] == f"{PAGE}?done=added"
    assert kept(office.cast)["paper"]["aliases"] == ["造纸业", "纸品"]
    assert office.now(mill)["industry_code"] == "paper"
    again = await office.client.post(PAGE, data=sent)
    assert again.status_code == 422
    assert "The code paper is taken" in again.text


async def test_an_entry_is_changed_with_the_zones_that_lead_in_it_and_its_history(office: Sheet) -> None:
    cast = office.cast
    cast.database.act_now(house(), industries.put, LIST)
    page = (await office.get(f"{PAGE}/copper")).text
    assert 'value="metals" selected' in page
    sent = {
        "name": "铜及铜加工",
        "parent_code": "metals",
        "aliases": "",
        "gbt4754": "C32",
        "leading": "East、west zone",
    }
    assert (await office.client.post(f"{PAGE}/copper", data=sent)).status_code == 303
    assert kept(cast)["copper"]["aliases"] == ["铜加工"], "a former name stays an alias"
    assert cast.database.ask_now(cast.office, zones.read, "EAST")["leading_industries"] == ["铜及铜加工"]
    sent |= {"leading": "West"}
    assert (await office.client.post(f"{PAGE}/copper", data=sent)).status_code == 303
    assert cast.database.ask_now(cast.office, zones.read, "EAST")["leading_industries"] == []
    text = (await office.get(PAGE)).text
    assert '<td class="d1"><a href="/admin/industries/copper">铜及铜加工</a>' in text
    assert '<td class="wrap">West</td>' in text
    assert "铜加工</del>" in (await office.get(f"{PAGE}/copper")).text
    refused = await office.client.post(f"{PAGE}/copper", data=sent | {"leading": "Nowhere", "name": "X"})
    assert (refused.status_code, 'value="X"' in refused.text) == (422, True), "what was typed stays"
    assert "There is no zone Nowhere" in refused.text


async def test_what_the_list_does_not_know_is_learnt_from_one_choice(office: Sheet) -> None:
    office.cast.database.act_now(house(), industries.put, LIST)
    typed = [office.add(f"P{n}", industry="铜材", zone=zone) for n, zone in enumerate(("EAST", "WEST"))]
    assert '铜材 <span class="q">2 projects</span>' in (await office.get(PAGE)).text
    sent = {"text": ["铜材"], "industry": ["copper"]}
    assert (await office.client.post(f"{PAGE}/unclassified", data=sent)).status_code == 303
    assert {office.now(p)["industry_code"] for p in typed} == {"copper"}
    assert "铜材" in kept(office.cast)["copper"]["aliases"]


def test_an_entry_that_cannot_be_is_refused_at_its_row_and_field(cast: Cast) -> None:
    cast.database.act_now(house(), industries.put, LIST)
    entries = [
        {"code": "metals", "name": "金属", "parent_code": "copper"},
        {"code": "iron", "name": "有色金属", "parent_code": "none", "gbt4754": ["钢铁"]},
    ]
    with pytest.raises(Invalid) as refused:
        cast.database.act_now(cast.office, industries.put, entries)
    assert {(p.pointer, p.code) for p in refused.value.problems} == {
        ("/items/0/parent_code", "below_itself"), ("/items/0/aliases", "name_taken"), ("/items/1/parent_code", "no_such_parent"),
        ("/items/1/name", "name_taken"), ("/items/1/gbt4754", "malformed"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"), [("administrator", 200), ("editor", 403), ("leader", 403), ("auditor", 403)]
)
async def test_only_who_keeps_the_settings_opens_the_list(cast: Cast, who: str, status: int) -> None:
    sheet = Sheet(cast, who)
    assert (await sheet.get(PAGE)).status_code == status
    changed = await sheet.client.post(PAGE, data={"name": "造纸", "code": "paper"})
    assert changed.status_code == (303 if status == 200 else 403)


async def test_a_codes_form_is_said_when_a_zone_is_registered(cast: Cast) -> None:
    sheet, head = Sheet(cast), {"authorization": "Bearer key-admin"}
    answer = await sheet.client.post("/api/v1/zones", json={"code": "NORTH", "name": "North"}, headers=head)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, "/code", "malformed")
    assert "371500-OTHER-2" in error["detail"]
    made = await sheet.client.post("/api/v1/zones", json={"code": "371500-etdz-2", "name": "North"}, headers=head)
    assert (made.status_code, made.json()["code"]) == (201, "371500-ETDZ-2")

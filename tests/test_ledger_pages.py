"""The page of a ledger as a browser gets it: totals, cells, conflicts, pasted blocks, chosen rows, filters, rights, weight."""

from __future__ import annotations

import gzip
import re
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.main import create_app
from app.models import ProjectFacts
from app.pages.tables import numeral
from app.rules.codes import Ledger
from app.services import projects
from app.services.columns import DEFAULTS, all_of, chosen, paper_width
from tests.cast import Cast

pytestmark = pytest.mark.anyio
HOST = "http://10.1.2.3:8000"
SCRIPT = {"hx-request": "true"}
PLACE = "/zones/EAST/ledgers"
RESERVE = f"{PLACE}/reserve"


class Sheet:
    """Somebody looking at a ledger in her browser, and the register behind it."""

    def __init__(self, cast: Cast, who: str = "editor") -> None:
        self.cast, self.db = cast, cast.database
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(database=cast.database)),
            base_url=HOST,
            headers={"origin": HOST, "accept-language": "en", "accept-encoding": "identity"},
            cookies={"sanzhang": cast.session(who)},
        )

    def add(self, name: str = "Mill", *, zone: str = "EAST", **facts: Any) -> dict[str, Any]:
        made = self.db.act_now(self.cast.both, projects.create, {"name": name, **facts}, zone=zone).value
        assert isinstance(made, dict)
        return made

    def now(self, project: dict[str, Any]) -> dict[str, Any]:
        return self.db.ask_now(self.cast.both, projects.read, project["id"])

    async def get(self, path: str, **kw: Any) -> httpx.Response:
        return await self.client.get(path, **kw)

    async def post(self, path: str, data: dict[str, Any]) -> httpx.Response:
        return await self.client.post(path, data=data, headers=SCRIPT)

    async def type(self, project: dict[str, Any], field: str, value: str, **more: Any) -> httpx.Response:
        said = {"field": field, "value": value, "version": project["version"], "unit": "wan", "view": RESERVE}
        return await self.post(f"/projects/{project['id']}/cells", said | more)

    async def paste(self, text: str, fields: str, *rows: dict[str, Any], **more: Any) -> httpx.Response:
        said = {"text": text, "fields": fields, "rows": pairs(*rows), "unit": "wan", "view": RESERVE}
        return await self.post(f"{RESERVE}/paste", said | more)


def pairs(*rows: dict[str, Any]) -> str:
    return ",".join(f"{r['id']}:{r['version']}" for r in rows)


@pytest.fixture
def sheet(cast: Cast) -> Sheet:
    return Sheet(cast)


@pytest.fixture
def lite(sqlite_cast: Cast) -> Sheet:
    return Sheet(sqlite_cast)


# ── what it shows ────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_totals_stand_on_top_and_name_what_is_blank(sheet: Sheet) -> None:
    sheet.add("Mill & <b>Sons</b>", total_investment_yuan=540_000_000)
    sheet.add("Kiln")
    page = await sheet.get(f"{RESERVE}?unit=wan")
    assert page.status_code == 200
    total = re.search(r"<tr class=sum>.*?</tr>", page.text)
    assert total and all(word in total[0] for word in ("2 projects", "54,000", "1 blank"))
    assert page.text.index("class=sum") < page.text.index("data-id=")
    assert "Mill &amp; &lt;b&gt;Sons&lt;/b&gt;" in page.text
    assert not re.search(r"\sstyle=|<script>|\son\w+=", page.text), "the policy allows nothing inline"


async def test_a_project_that_waits_for_evidence_is_named_beside_the_official_count(sheet: Sheet) -> None:
    facts = {"name": "Kiln", "total_investment_yuan": 10_000_000, "planned_completion_month": "2027-06"}
    made: dict[str, Any] = {"zone": "EAST", "ledger": "in_construction", "dates": {"started_on": "2026-03-01"}}
    sheet.db.act_now(sheet.cast.both, projects.create, facts, **made)
    page = (await sheet.get(f"{PLACE}/in_construction")).text
    assert "0 projects (1 more pending)" in page
    assert '<span class="tag warn"' in page


async def test_a_search_in_one_ledger_tells_what_the_others_and_those_that_left_have(sheet: Sheet) -> None:
    sheet.add("Copper mill")
    gone = sheet.add("Copper kiln")
    sheet.add("Copper yard", zone="WEST")
    sheet.db.act_now(sheet.cast.by("editor", reason="Sold"), projects.dispose, gone["id"], disposition="lost")
    page = (await sheet.get(f"{PLACE}/upcoming?q=copper")).text
    elsewhere = re.search(r'<p class="elsewhere".*?</p>', page, re.DOTALL)
    assert elsewhere and re.findall(r'href="([^"]*)">([^<]*)<', elsewhere[0]) == [
        ("/zones/EAST/ledgers/reserve?q=copper", "Reserve 1"),
        ("/zones/EAST/exited", "Left the ledgers 1"),
    ]
    assert "elsewhere" in (await sheet.get(f"{RESERVE}?q=copper")).text, "a hit here does not hide those elsewhere"
    assert "elsewhere" not in (await sheet.get(f"{PLACE}/upcoming?q=tin")).text
    assert "elsewhere" not in (await sheet.get(f"{PLACE}/upcoming")).text


async def test_the_city_is_grouped_by_zone_with_sub_totals(sheet: Sheet) -> None:
    sheet.add("Mill", total_investment_yuan=100_000_000)
    sheet.add("Kiln", zone="WEST", total_investment_yuan=300_000_000)
    page = (await Sheet(sheet.cast, "leader").get("/ledgers/reserve")).text
    groups = re.findall(r'<tr class=grp data-group="(\d+)">.*?</tr>', page)
    assert [int(g) for g in groups] == [sheet.cast.east, sheet.cast.west]
    assert "4.00" in page
    assert "data-field" not in page, "a leader finds nothing to type into"


async def test_every_row_comes_once_over_all_pages_grouped_or_not(lite: Sheet) -> None:
    industries = ["steel", None, "food"]
    for n in range(230):
        lite.add(f"Mill {n}", industry=industries[n % 3], total_investment_yuan=(n % 7) * 10**7 or None)
    for query in ("", "?group=industry", "?sort=name", "?sort=-signed_on"):
        seen: list[str] = []
        address: str | None = RESERVE + query
        while address:
            page = (await lite.get(address)).text
            seen += re.findall(r'<tr data-id="(\d+)"', page)
            following = re.search(r'hx-get="([^"]*/rows[^"]*)"', page)
            address = following[1].replace("&amp;", "&") if following else None
        assert len(seen) == len(set(seen)) == 230, query
    last = re.findall(r"<span class=no>(\d+)</span>", page)
    assert last[-1] == "230", "numbers run on from page to page"


async def test_filters_are_in_the_address_and_counted_when_opened(sheet: Sheet) -> None:
    sheet.add("Mill", industry="steel")
    sheet.add("Kiln", industry="food")
    sheet.add("Dam")
    counted = (await sheet.get(f"{RESERVE}/choices/industry")).text
    assert re.findall(r'class="q">(\d+)<', counted) == ["1", "1", "1"]
    assert "Not filled in" in counted
    steel = (await sheet.get(f"{RESERVE}?industry=steel")).text
    assert ("Mill" in steel, "Kiln" in steel) == (True, False)
    assert "Dam" in (await sheet.get(f"{RESERVE}?industry=~")).text
    assert (await sheet.get(f"{RESERVE}/choices/phone")).status_code == 404
    assert (await sheet.get(f"{RESERVE}?sort=phone")).status_code == 400
    assert (await sheet.get(f"{PLACE}/nowhere")).status_code == 404


async def test_two_characters_or_initials_find_a_project(sheet: Sheet) -> None:
    sheet.add("砺石精工轴承套圈")
    sheet.add("禾沅生物酶制剂")
    for q in ("轴承", "zctq", "lishi"):
        page = (await sheet.get(RESERVE, params={"q": q})).text
        assert ("砺石" in page, "禾沅" in page) == (True, False), q


async def test_an_empty_ledger_says_how_to_begin_and_to_a_reader_that_there_is_nothing(sheet: Sheet) -> None:
    assert "Three ways to begin" in (await sheet.get(RESERVE)).text
    reader = (await Sheet(sheet.cast, "leader").get(RESERVE)).text
    assert ("Three ways" in reader, "No project of this zone" in reader) == (False, True)


async def test_chosen_columns_are_remembered_for_her_alone(sheet: Sheet) -> None:
    sheet.add("Mill", park="North park")
    chosen_ = await sheet.post(f"{RESERVE}/columns", {"key": ["park", "total_investment_yuan", "no_such"]})
    assert chosen_.status_code == 204
    page = (await sheet.get(RESERVE)).text
    assert ("North park" in page, "Sponsor leader</a>" in page) == (True, False)
    assert "North park" not in (await Sheet(sheet.cast, "reviewer").get(RESERVE)).text
    await sheet.post(f"{RESERVE}/columns", {"key": ["park"], "usual": "yes"})
    assert "North park" not in (await sheet.get(RESERVE)).text


# ── one cell ─────────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_cell_is_saved_and_its_row_comes_back(sheet: Sheet) -> None:
    mill = sheet.add()
    answer = await sheet.type(mill, "total_investment_yuan", "5.4亿")
    assert answer.status_code == 200
    assert f'<template data-row="{mill["id"]}">' in answer.text
    now = sheet.now(mill)
    assert (now["total_investment_yuan"], now["version"] > mill["version"]) == (540_000_000, True)
    assert f'data-version="{now["version"]}"' in answer.text


async def test_a_save_whose_fields_do_not_meet_goes_through_and_says_what_else_is_new(sheet: Sheet) -> None:
    mill = sheet.add()
    sheet.db.act_now(sheet.cast.reviewer, projects.amend, mill["id"], {"location": "East gate"}, version=None)
    answer = await sheet.type(mill, "progress_text", "Foundations")
    assert (answer.status_code, sheet.now(mill)["progress_text"]) == (200, "Foundations")
    assert re.search(r"<output>Also new, saved by Reviewer: Location</output>", answer.text, re.IGNORECASE)


async def test_a_stale_save_shows_before_mine_and_theirs_and_she_chooses(sheet: Sheet) -> None:
    mill = sheet.add(progress_text="Plan")
    theirs = {"progress_text": "Roof", "location": "East gate"}
    sheet.db.act_now(sheet.cast.reviewer, projects.amend, mill["id"], theirs, version=None)
    stale = await sheet.type(mill, "progress_text", "Walls and windows")
    assert stale.status_code == 412
    assert all(word in stale.text for word in ("Plan", "<span>Walls and windows</span>", "Roof", "East gate"))
    assert sheet.now(mill)["progress_text"] == "Roof"
    version = re.search(r'name="version" value="(\d+)"', stale.text)
    assert version
    sent = {"field": "progress_text", "mine-progress_text": "Walls", "view": RESERVE, "version": version[1]}
    kept = await sheet.post(f"/projects/{mill['id']}/choose", sent | {"pick-progress_text": "theirs"})
    assert (kept.status_code, sheet.now(mill)["progress_text"]) == (200, "Roof")
    mine = await sheet.post(f"/projects/{mill['id']}/choose", sent | {"pick-progress_text": "mine"})
    assert (mine.status_code, sheet.now(mill)["progress_text"]) == (200, "Walls")


async def test_what_cannot_be_read_is_refused_in_words_and_a_missing_reason_is_asked_for(sheet: Sheet) -> None:
    mill = sheet.add(total_investment_yuan=10_000_000)
    unread = await sheet.type(mill, "planned_start_month", "soon")
    assert (unread.status_code, "Not saved" in unread.text, "data-reason" in unread.text) == (422, True, False)
    asked = await sheet.type(mill, "total_investment_yuan", "2000")
    assert (asked.status_code, "data-reason" in asked.text) == (422, True)
    saved = await sheet.type(mill, "total_investment_yuan", "2000", reason="New estimate")
    assert (saved.status_code, sheet.now(mill)["total_investment_yuan"]) == (200, 20_000_000)


async def test_a_day_typed_into_a_procedure_is_the_day_it_is_promised_for(sheet: Sheet) -> None:
    mill = sheet.add()
    assert (await sheet.type(mill, "filing_state", "2026.12.31")).status_code == 200
    filing = sheet.now(mill)["procedures"]["filing"]
    assert filing == {"state": "in_progress", "promised_on": "2026-12-31"}


async def test_what_is_typed_is_understood_before_it_is_saved(sheet: Sheet) -> None:
    said = {"field": "total_investment_yuan", "text": "0.205亿", "unit": "wan"}
    assert "= <b>¥20.5\u00a0million<" in (await sheet.get("/projects/understood", params=said)).text
    assert "class=bad" in (await sheet.get("/projects/understood", params=said | {"text": "3亿件"})).text
    assert "approximate" in (await sheet.get("/projects/understood", params=said | {"text": "约3亿"})).text


TYPED = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Z", "Cc"]), max_size=60
) | st.sampled_from(
    ["", "0", "-1", "9" * 30, "1e400", "NaN", "\x00", "\ud83d", "2026.13", "5.4亿", "<script>", "=cmd|' /C calc'!A0"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(sorted(ProjectFacts.model_fields)), value=TYPED)
async def test_whatever_is_typed_is_saved_or_refused_and_the_row_can_be_read_again(
    lite: Sheet, field: str, value: str
) -> None:
    clean = value.encode("utf-8", "replace").decode()
    mill = lite.add()
    answer = await lite.type(mill, field, clean, reason="Test")
    assert answer.status_code in (200, 422), answer.text
    assert (await lite.get(RESERVE)).status_code == 200
    assert "<script>" not in answer.text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.lists(TYPED, max_size=4), max_size=4), confirm=st.sampled_from(["", "yes"]))
async def test_whatever_is_pasted_is_shown_or_written_or_refused(
    lite: Sheet, cells: list[list[str]], confirm: str
) -> None:
    text = "\n".join("\t".join(line) for line in cells).encode("utf-8", "replace").decode()
    mill = lite.add()
    fields = "total_investment_yuan,planned_start_month,remarks,filing_state"
    answer = await lite.paste(text, fields, mill, confirm=confirm, reason="Test")
    assert answer.status_code in (200, 422), answer.text
    assert (await lite.get(RESERVE)).status_code == 200


# ── a block from Excel ───────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_pasted_block_is_shown_first_and_written_as_one_act(sheet: Sheet) -> None:
    mill, kiln, dam = (sheet.add(n, total_investment_yuan=10**7) for n in ("Mill", "Kiln", "Dam"))
    text = "2000\tx\tGreen\n1000\tx\tBlue\n3亿件\tx\t\nlost\tx\ty"
    preview = await sheet.paste(text, "total_investment_yuan,,sponsor_leader", mill, kiln, dam)
    assert preview.status_code == 200
    for word in (
        "3 cells would change",
        "1 cannot be read",
        "1 line goes beyond",
        "is a quantity",
        "One reason serves all",
    ):
        assert word in preview.text, word
    assert sheet.now(mill)["total_investment_yuan"] == 10**7
    more = {"confirm": "yes", "reason": "Approved again"}
    done = await sheet.paste(text, "total_investment_yuan,,sponsor_leader", mill, kiln, dam, **more)
    assert (done.status_code, "3 cells written" in done.text) == (200, True)
    assert (sheet.now(mill)["total_investment_yuan"], sheet.now(kiln)["sponsor_leader"]) == (2 * 10**7, "Blue")
    assert sheet.now(mill)["version"] == sheet.now(kiln)["version"], "one act"
    assert sheet.now(dam)["version"] == dam["version"]
    assert f'[{mill["id"]},"total_investment_yuan","1,000"]' in done.text.replace("&quot;", '"')


async def test_a_block_over_rows_saved_meanwhile_is_shown_again(sheet: Sheet) -> None:
    mill = sheet.add(sponsor_leader="Green")
    sheet.db.act_now(sheet.cast.reviewer, projects.amend, mill["id"], {"sponsor_leader": "Blue"}, version=None)
    again = await sheet.paste("White", "sponsor_leader", mill, confirm="yes")
    assert (again.status_code, "saved by others just now" in again.text) == (422, True)
    assert sheet.now(mill)["sponsor_leader"] == "Blue"
    fresh = await sheet.paste("White", "sponsor_leader", sheet.now(mill), confirm="yes")
    assert (fresh.status_code, sheet.now(mill)["sponsor_leader"]) == (200, "White")


async def test_several_cells_are_cleared_as_one_act(sheet: Sheet) -> None:
    mill, kiln = (sheet.add(n, remarks="old") for n in ("Mill", "Kiln"))
    cells = [f"{p['id']}:{p['version']}:remarks" for p in (mill, kiln)]
    done = await sheet.post("/projects/cells", {"cell": cells, "value": ["", ""], "view": RESERVE, "unit": "wan"})
    assert (done.status_code, sheet.now(mill)["remarks"], sheet.now(kiln)["remarks"]) == (200, None, None)


# ── chosen rows ──────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_one_field_of_chosen_rows_is_set_as_one_act(sheet: Sheet) -> None:
    mill, kiln = sheet.add("Mill"), sheet.add("Kiln")
    said = {"rows": pairs(mill, kiln), "view": RESERVE, "field": "planned_start_month"}
    wrong = await sheet.post("/projects/bulk", said | {"value": "soon"})
    assert (wrong.status_code, 'value="soon"' in wrong.text) == (422, True)
    done = await sheet.post("/projects/bulk", said | {"value": "2027.4"})
    assert (done.status_code, "2 projects changed" in done.text) == (200, True)
    assert sheet.now(mill)["planned_start_month"] == sheet.now(kiln)["planned_start_month"] == "2027-04"


async def test_deleted_rows_come_back_and_copies_stand_below_their_originals(sheet: Sheet) -> None:
    mill = sheet.add()
    gone = await sheet.post("/projects/remove", {"rows": pairs(mill)})
    assert f'data-gone="{mill["id"]}"' in gone.text
    assert f'data-id="{mill["id"]}"' not in (await sheet.get(RESERVE)).text
    back = await sheet.post("/projects/restore", {"rows": pairs(mill), "view": RESERVE})
    assert f'data-row="{mill["id"]}"' in back.text
    copy = await sheet.post("/projects/duplicate", {"rows": pairs(mill), "view": RESERVE})
    assert f'data-below="{mill["id"]}"' in copy.text


async def test_a_name_is_enough_for_the_reserve_and_what_a_ledger_asks_stands_beside_its_field(sheet: Sheet) -> None:
    saved = await sheet.post("/projects", {"ledger": "reserve", "zone": "EAST", "name": "Mill"})
    assert (saved.status_code, "data-added" in saved.text) == (200, True)
    refused = await sheet.post("/projects", {"ledger": "in_construction", "zone": "EAST", "name": "Kiln"})
    assert (refused.status_code, 'value="Kiln"' in refused.text) == (409, True)
    assert re.search(r'name="planned_completion_month"[^>]*aria-invalid', refused.text)
    plain = await sheet.client.post("/projects", data={"ledger": "reserve", "zone": "EAST", "name": "Dam"})
    assert plain.status_code == 303


# ── rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_another_zone_sees_nothing_and_writes_nothing(sheet: Sheet) -> None:
    mill = sheet.add()
    stranger = Sheet(sheet.cast, "stranger")
    view = {"view": "/zones/WEST/ledgers/reserve"}
    assert (await stranger.get(RESERVE)).status_code == 404
    assert (await stranger.get(f"/projects/{mill['id']}/panel")).status_code == 404
    assert "Mill" not in (await stranger.get("/ledgers/reserve")).text
    for path, data in (
        (f"/projects/{mill['id']}/cells", {"field": "remarks", "value": "x", "version": mill["version"]}),
        (f"/projects/{mill['id']}/choose", {"field": "remarks", "mine-remarks": "x", "pick-remarks": "mine"}),
        ("/projects/cells", {"cell": f"{mill['id']}:{mill['version']}:remarks", "value": "x"}),
        ("/projects/bulk", {"rows": pairs(mill), "field": "remarks", "value": "x"}),
        ("/projects/remove", {"rows": pairs(mill)}),
        ("/projects/duplicate", {"rows": pairs(mill)}),
        ("/projects", {"ledger": "reserve", "zone": "EAST", "name": "x"}),
    ):
        assert (await stranger.post(path, data | view)).status_code in (404, 422), path
    pasted = await stranger.post(
        "/zones/WEST/ledgers/reserve/paste",
        {"text": "x", "fields": "remarks", "rows": pairs(mill), "confirm": "yes", **view},
    )
    assert (pasted.status_code, "Mill" in pasted.text) == (200, False)
    assert sheet.now(mill) == mill


async def test_a_viewer_may_look_and_not_type(sheet: Sheet) -> None:
    mill = sheet.add()
    for who in ("leader", "office", "auditor"):
        reader = Sheet(sheet.cast, who)
        page = (await reader.get(RESERVE)).text
        assert ("Mill" in page, "data-field" in page, "type=checkbox" in page) == (True, False, False)
        assert (await reader.type(mill, "remarks", "x")).status_code == 403
        assert (await reader.post("/projects/remove", {"rows": pairs(mill)})).status_code == 403
    assert sheet.now(mill) == mill


# ── weight ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("unhurried")
async def test_a_page_of_rows_is_light_and_asks_little(lite: Sheet) -> None:
    for n in range(130):
        lite.add(f"Mill {n}", total_investment_yuan=n * 10**7, content="A hall and a yard of many square metres")
    await lite.get(RESERVE)
    asked: list[str] = []
    await lite.db.hot(lambda link: link.raw.set_trace_callback(asked.append))
    page = await lite.get(RESERVE)
    await lite.db.hot(lambda link: link.raw.set_trace_callback(None))
    selects = [s for s in asked if s.lstrip().upper().startswith("SELECT")]
    assert len(selects) <= 16, selects
    assert not any(re.search(r"count\(|sum\(", s) and "FROM project" in s for s in selects), "the table is not counted"
    assert len(gzip.compress(page.content, 5)) < 40_000


def test_columns_differ_by_ledger_and_every_one_can_be_chosen() -> None:
    for ledger in Ledger:
        usual = chosen(ledger, None)
        assert usual == DEFAULTS[ledger]
        assert {c.key for c in usual} <= set(all_of(ledger))
        assert 150 <= sum(paper_width(c, usual) for c in (None, *usual)) <= 215, "half percents of one sheet of paper"
        widths = {c.kind: paper_width(c, usual) for c in usual}
        assert widths.get("light", 7) >= 7, "the word of a light stays in its column"
        assert widths.get("month", 7) >= 7 and widths.get("day", 9) >= 9, "no month and no day breaks"
    assert [c.key for c in chosen(Ledger.RESERVE, ["park", "light"])] == ["light", "park"]


def test_groups_are_numbered_as_in_the_real_forms() -> None:
    assert [numeral(n) for n in (1, 10, 11, 20, 35, 100)] == ["一", "十", "十一", "二十", "三十五", "100"]

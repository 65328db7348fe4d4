"""The ledger on its way out: what is on the page is on paper, in full, with its sums, and under the same rights."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.db import Caller, house
from app.desk import Desk
from app.errors import Forbidden
from app.models import Project
from app.rules.access import Act
from app.services import export_jobs, exports, paper
from app.services.asking import Asked
from app.sheets.reading import read_workbook
from app.worker.jobs import take
from app.worker.loop import do
from tests.cast import Cast
from tests.test_import_pages import Desk as Browser


def fill(cast: Cast, *projects: dict[str, Any], zone: int | None = None, ledger: str = "in_construction") -> None:
    """These projects into a ledger, as they stand."""

    def enter(desk: Desk) -> None:
        desk.ask(Act.DEMO_LOAD)
        desk.keep([Project(zone_id=zone or cast.east, **{"ledger": ledger, **facts}) for facts in projects])

    cast.database.act_now(house(), enter)


def exported(cast: Cast, who: Caller, asked: Asked, *args: Any, **kw: Any) -> tuple[str, bytes]:
    """Name and bytes of the file; it is removed as a face would remove it."""
    made = cast.database.ask_now(who, exports.file, asked, *args, **kw)
    data = made.path.read_bytes()
    made.path.unlink()
    return made.name, data


def cells(data: bytes) -> list[list[Any]]:
    return read_workbook(data, "a.xlsx").sheets[0].rows


IN_EAST = Asked(zones=("EAST",), ledger="in_construction")
THREE = (
    {"name": "甲厂", "industry": "新材料", "total_investment_yuan": 120_045_670, "annual_plan_yuan": 10_000_000,
     "opening_month": "2026-05", "opening_before_year_yuan": 1, "opening_this_year_yuan": 2_500_000},
    {"name": "乙厂", "industry": "新材料", "total_investment_yuan": 90_000_000, "opening_month": "2026-05",
     "opening_before_year_yuan": 0, "opening_this_year_yuan": 1_000_000},
    {"name": "丙厂", "industry": "食品", "total_investment_yuan": 30_000_000, "pending": True},
)  # fmt: skip


@pytest.fixture
def three(sqlite_cast: Cast) -> Cast:
    fill(sqlite_cast, *THREE)
    return sqlite_cast


def test_the_sheet_shows_official_sums_and_beside_them_what_is_pending(three: Cast) -> None:
    name, data = exported(three, three.editor, IN_EAST)
    rows = cells(data)
    assert name == "East在建项目台账.xlsx"
    assert rows[1][0].startswith("单位：万元　　2 个（另待核 1）　　截至 ")
    at = rows[3].index("总投资")
    assert [(r[0], r[at]) for r in rows[4:6]] == [("合计 2 个（另待核 1）", 21004.567), ("另待核 1 个", 3000)]
    assert [r[at] for r in rows[6:]] == [12004.567, 9000, 3000], "full values: only the format rounds what is seen"
    share = rows[3].index("占年计划 %")
    assert rows[6][share] == 0.25
    assert rows[4][share] == "", "one of the two has no plan: a share of what is known would be wrong"


def test_filters_columns_unit_and_grouping_are_those_of_the_page(three: Cast) -> None:
    asked = replace(IN_EAST, filters=(("industry", "eq", "新材料"),))
    _, data = exported(three, three.editor, asked, "yi", columns=["total_investment_yuan", "light"], by="industry")
    rows = cells(data)
    assert "单位：亿元" in rows[1][0]
    assert "筛选：行业：新材料" in rows[1][0]
    assert rows[3][:4] == ["", "", "", "总投资"]
    assert rows[2][:3] == ["序号", "项目名称", "灯"]
    assert [[*r[:2], r[3]] for r in rows[5:]] == [
        ["一、新材料 2 个", "", 2.1004567],
        [1, "甲厂", 1.2004567],
        [2, "乙厂", 0.9],
    ]
    assert rows[7][2] == "○ 无灯", "the sign and its word, for black and white paper"


def test_a_search_is_written_in_its_own_order_with_its_own_sums(three: Cast) -> None:
    _, data = exported(three, three.editor, replace(IN_EAST, q="甲厂"))
    rows = cells(data)
    assert [r[:2] for r in rows[4:]] == [["合计 1 个", ""], [1, "甲厂"]]
    assert "1 个　　筛选：“甲厂”" in rows[1][0]


def test_the_whole_city_is_grouped_by_zone_unless_the_page_is_not(three: Cast) -> None:
    fill(three, {"name": "丁厂", "total_investment_yuan": 1}, zone=three.west)
    asked = replace(IN_EAST, zones=None)
    grouped, plain = (cells(exported(three, three.leader, asked, by=by)[1]) for by in (None, "none"))
    assert [r[0] for r in grouped[6:]] == ["一、East 2 个（另待核 1）", 1, 2, 3, "二、West 1 个", 4]
    assert [r[1] for r in plain[6:]] == ["甲厂", "乙厂", "丙厂", "丁厂"]


def test_the_workbook_is_ready_for_paper_and_for_filling_in(three: Cast, tmp_path: Path) -> None:
    fill(three, {"name": "戊厂", "content": "建设标准厂房及配套设施，" * 12})
    _, data = exported(three, three.editor, IN_EAST, columns=["content", "industry", "construction_nature", "light"])
    (tmp_path / "a.xlsx").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'paperSize="8"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'topLeftCell="C4"' in sheet, "headings, number and name stay in sight"
    assert "第 &amp;P 页，共 &amp;N 页" in sheet
    assert "新开工" in sheet, "closed lists are offered in the cells"
    assert 'operator="beginsWith"' in sheet
    assert sheet.count('hidden="1"') == 1, "the key and the version are there and not seen"
    heights = [float(part.split('"')[0]) for part in sheet.split(' ht="')[1:]]
    assert max(heights) > 60, "a long text is not cut off by the row"


def test_who_may_not_export_does_not(three: Cast) -> None:
    with pytest.raises(Forbidden):
        exported(three, three.administrator, IN_EAST)


def test_a_long_ledger_is_written_by_the_worker_and_fetched_by_who_ordered_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cast, *THREE)
    monkeypatch.setattr(export_jobs, "MANY", 2)
    monkeypatch.setattr(paper, "BATCH", 1)
    cast.database.settings.public_url = "http://testserver"
    editor, other = Browser(cast, "editor"), Browser(cast, "both")
    assert editor.get("/zones/EAST/ledgers/in_construction.csv?industry=食品").status_code == 200, "a short one at once"
    address = editor.get("/zones/EAST/ledgers/in_construction.xlsx?unit=yi&group=industry").headers["location"]
    assert "0 of 3 rows" in editor.get(address).text
    script = {"hx-request": "true"}
    piece = editor.runner.run(editor.client.get(address, headers=script)).text
    assert piece.startswith("<p"), "the script asks for the progress alone"
    assert editor.get(address.replace("?wait=1", "/file")).status_code == 404
    job = take(cast.database)
    assert job is not None
    do(cast.database, job)
    assert editor.runner.run(editor.client.get(address, headers=script)).headers["hx-redirect"] == address
    page = editor.get(address).text
    assert "3 projects are in the file" in page
    assert 'content="0; url=' in page, "who waited gets it at once"
    got = editor.get(address.replace("?wait=1", "/file"))
    rows = cells(got.content)
    assert rows[1][0].startswith("Unit: 亿元")
    assert [r[1] for r in rows if len(r) > 1 and r[1]] == ["Project name", "甲厂", "乙厂", "丙厂"]
    for answer in (other.get(address), other.get(address.replace("?wait=1", "/file")), editor.get("/exports/999")):
        assert answer.status_code == 404
    for browser in (editor, other):
        browser.close()


def test_a_long_ledger_that_may_no_longer_be_exported_says_so(
    sqlite_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = sqlite_cast
    fill(cast, *THREE)
    monkeypatch.setattr(export_jobs, "MANY", 2)
    cast.database.settings.public_url = "http://testserver"
    editor = Browser(cast, "editor")
    address = editor.get("/zones/EAST/ledgers/in_construction.xlsx?form=none").headers["location"]
    job = take(cast.database)
    assert job is not None
    do(cast.database, job)
    said = editor.get(address).text
    assert "The file could not be written" in said
    assert "There is no form none" in said
    editor.close()

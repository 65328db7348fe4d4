"""Sheets that are no list: a page about one project goes into its fields; a summary is compared with the register."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.db import house
from app.services import import_command, imports, intake, projects, provenance
from app.services.previews import preview
from app.sheets.layouts import fingerprint
from app.sheets.sayings import ColumnSaid, Said
from app.sheets.understanding import understand
from app.sheets.workbook import Sheet
from tests import real_forms
from tests.cast import Cast
from tests.test_import_pages import desks as desks  # noqa: PLC0414  a fixture
from tests.test_imports import book, listed, opening, prepared, row

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Nothing here depends on the database."""

FORM: list[list[Any]] = [
    ["East Zone重点项目（在建、新开工）台账 2026年"],
    ["单位：万元"],
    ["项目名称", "★轴承套圈生产线", None, None, "业主单位", "甲公司"],
    ["项目性质", "续建", "起止年限", "2025.3-2027.6", "总投资", "58,000"],
    ["主要建设内容", None, "上年累计完成投资", 9000, "本年计划", None],
    ["建设厂房二万平方米", None, "年度计划投资", 30000, "1-7月完成投资", 12000],
    ["建设节点", "日期", "责任人"],
    ["开工进场", "2025.03", "张三"],
    ["主体封顶", "2026.08", "李四"],
    ["正式投产", "2027.12", "王五"],
    ["存在问题", "用电缺口"],
    ["业主（签名）：", None, "责任单位（签名）：", None, "挂钩领导（签名）："],
]


def page(*rows: list[Any]) -> bytes:
    return real_forms.workbook({"台账": ([list(r) for r in rows], [])})


def test_a_page_about_one_project_is_read_into_its_fields() -> None:
    table = understand(Sheet("台账", FORM))
    (found,) = table.rows
    told = {c.field: c.value for c in found.cells}
    assert (table.kind, found.name, found.marks, found.ledger, table.unit) == (
        "project_page", "轴承套圈生产线", "★", "in_construction", "万元",
    )  # fmt: skip
    assert (told["total_investment_yuan"], told["annual_plan_yuan"], told["invested_this_year_yuan"]) == (
        580_000_000, 300_000_000, 120_000_000,
    )  # fmt: skip
    assert (told["content"], told["investor_name"], told["problems_own"]) == (
        "建设厂房二万平方米",
        "甲公司",
        "用电缺口",
    )
    assert (told["planned_production_month"], told["started_on"]) == ("2027-12", "2025-03-01")
    cells = {c.field: found.at(c.column) for c in found.cells}
    assert (cells["content"], cells["total_investment_yuan"], cells["planned_production_month"]) == ("A6", "F4", "B10")
    noted = [line.text for line in table.others]
    assert "主体封顶 2026.08" in noted
    assert sum("签名" in text for text in noted) == 3


def test_a_label_means_what_she_says_and_may_be_one_that_nobody_knows() -> None:
    rows = [list(r) for r in FORM]
    rows[6:7] = [["项目定位", "龙头配套", "招商来源"], ["节点", "日期", "责任人"]]
    found = understand(Sheet("台账", rows))
    labels = {c.letter: (c.caption, c.value_at, c.value, c.field) for c in found.columns}
    assert labels["E4"] == ("总投资", "F4", "58,000", "total_investment_yuan")
    assert labels["A7"] == ("项目定位", "B7", "龙头配套", "")
    assert fingerprint(found) == fingerprint(understand(Sheet("台账", [*rows[:6], ["项目定位", "另一种"], *rows[7:]])))
    assert fingerprint(found) != fingerprint(understand(Sheet("台账", FORM[:-2]))), "other captions, another layout"
    said = Said(labels={"A7": ColumnSaid("remarks"), "E4": ColumnSaid("none"), "C5": ColumnSaid(unit="亿元")})
    table = understand(Sheet("台账", rows), said=said)
    (row_,) = table.rows
    told = {c.field: (c.value, row_.at(c.column)) for c in row_.cells if c.field}
    assert (told["remarks"], "total_investment_yuan" in told) == (("龙头配套", "B7"), False)
    assert told["invested_before_this_year_yuan"] == (900_000_000_000, "D5")
    assert {c.letter for c in table.columns if c.by_hand} == {"A7", "E4", "C5"}
    other = understand(Sheet("台账", rows), said=Said(labels={"C4": ColumnSaid("name")}))
    assert other.rows[0].name == "2025.3-2027.6", "hers is the one name"


@SQLITE
def test_what_she_says_of_the_labels_is_remembered_for_page_and_command_line(
    cast: Cast, desks: Any, tmp_path: Path
) -> None:
    editor, file = desks("editor"), tmp_path / "页.xlsx"
    opening(cast, book(row(1, "轴承套圈生产线", total=50000)))
    rows = [*FORM[:6], ["项目定位", "龙头配套"], *FORM[6:]]
    sent = editor.send(page(*rows))
    assert sent.status_code == 303, sent.text
    address = sent.headers["location"]
    shown = editor.get(f"{address}/sheets/0").text
    for piece in ("项目定位", "龙头配套", 'name="f-A7"', 'name="label"', "B7"):
        assert piece in shown, piece
    said = {
        "version": "",
        "sheet": "台账",
        "f-A7": "Remarks",
        "was-f-A7": "Unknown",
        "f-E4": "Not taken",
        "was-f-E4": "x",
    }
    assert editor.post(f"{address}/sheets/0", **said, label="nowhere", **{"label-field": "Remarks"}).status_code == 422
    done = editor.post(f"{address}/sheets/0", **said, label="a12", **{"label-field": "Visible progress"})
    assert (done.status_code, done.headers["location"]) == (303, address), done.text
    columns = {"A7": {"field": "remarks"}, "E4": {"field": "none"}, "A12": {"field": "progress_text"}}
    waits = cast.database.ask_now(cast.editor, intake.look, int(address.rpartition("/")[2]))
    assert waits["choices"]["sheets"]["台账"]["columns"] == columns
    rows[6][1], rows[11][1] = "链主企业", "停电"
    file.write_bytes(page(*rows))
    report = import_command.run(cast.database, house(reason="the page"), file, zone="EAST")
    assert report.exit_code == 0, report.text
    made = cast.database.ask_now(cast.editor, projects.read, listed(cast)[0]["id"])
    assert (made["remarks"], made["progress_text"], made["total_investment_yuan"]) == ("链主企业", "停电", 500_000_000)


@SQLITE
def test_the_page_comes_in_like_a_list_of_one_row_and_finds_its_project_by_name(cast: Cast) -> None:
    opening(cast, book(row(1, "轴承套圈生产线", total=50000), row(2, "别的项目")))
    seen = prepared(cast, cast.editor, page(*FORM))
    (draft,) = seen.drafts
    assert (draft.state, seen.absent) == ("changed", []), "one page does not tell that there is no other project"
    assert draft.values["total_investment_yuan"] == 580_000_000
    cast.database.act_now(replace(cast.editor, reason="the page"), imports.commit, seen)
    made = next(p for p in listed(cast) if p["name"] == "轴承套圈生产线")
    assert (made["total_investment_yuan"], made["annual_plan_yuan"], made["opening_this_year_yuan"]) == (
        580_000_000, 300_000_000, 120_000_000,
    )  # fmt: skip
    told = {one["field"]: one["cell"] for one in cast.database.ask_now(cast.editor, provenance.of_project, made["id"])}
    assert (told["total_investment_yuan"], told["annual_plan_yuan"]) == ("F4", "D6")
    assert prepared(cast, cast.editor, page(*FORM)).counts["same"] == 1


@SQLITE
def test_a_page_that_names_no_project_brings_nothing(cast: Cast) -> None:
    nameless = [r for r in FORM if r[0] != "项目名称"]
    seen = prepared(cast, cast.editor, page(*nameless))
    assert (seen.understood.tables[0].kind, seen.drafts) == ("project_page", [])


def test_the_figures_of_a_summary_stand_beside_those_of_the_register(cast: Cast) -> None:
    opening(cast, book(row(1, "一号", total=1000), row(2, "二号", total=2000)))
    rows: list[list[Any]] = [
        ["各开发区在建项目汇总表（万元）"], ["开发区", "项目个数", "总投资（万元）"], ["East", 2, 3500], ["某地", 1, 5], ["合计", 3, 3000],
    ]  # fmt: skip
    seen = prepared(cast, cast.editor, real_forms.workbook({"汇总": (rows, [])}), zone=None)
    (sheet,) = preview(seen, "en")["sheets"]
    assert (sheet["kind"], seen.drafts) == ("summary", [])
    beside = {(c["cell"], c["stated"]): c["register"] for c in sheet["checks"]}
    assert beside == {
        ("A3", 2): 2, ("C3", 35_000_000): 30_000_000, ("A4", 1): None, ("C4", 50_000): None, ("A5", 3): 2, ("C5", 30_000_000): 30_000_000,
    }  # fmt: skip

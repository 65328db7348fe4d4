"""What a person says of a sheet: it overrules what was found, is remembered for the layout, and can be forgotten."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from app.db import Caller
from app.errors import Invalid
from app.services import history, imports, intake, lists, projects, provenance, undoing
from app.services.choices import choices_of
from app.services.preparing import Prepared, prepare, read, spellings
from app.services.workbooks import of_book
from app.sheets.layouts import fingerprint
from app.sheets.sayings import ColumnSaid, Said
from app.sheets.understanding import understand
from app.sheets.workbook import Sheet
from tests.cast import Cast
from tests.test_import_pages import desks as desks  # noqa: PLC0414  a fixture
from tests.test_imports import HEADING, book, listed, row

ODD = [*HEADING[:6], "关键节点说明", "开发区"]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Nothing here depends on the database."""


def sheet(*rows: list[Any], title: str = "2026年1-7月在建项目", heading: list[Any] | None = None) -> Sheet:
    captions: list[Any] = ["序号", "项目名称", "总投资（万元）", "1-7月完成投资（万元）", "投资数"]
    return Sheet("一", [[title], heading or captions, *rows])


# ── the reader of sheets ─────────────────────────────────────────────────────────────────────────────────────────────
def test_what_she_says_of_a_column_holds_over_its_caption() -> None:
    told = sheet([1, "甲", 100, 20, 3], [2, "乙", 200, 30, 4])
    found = understand(told)
    assert [c.field for c in found.columns][2:] == ["total_investment_yuan", "invested_this_year_yuan", ""]
    said = Said(
        columns={
            2: ColumnSaid(field="none"),
            3: ColumnSaid(month=6, year=2025),
            4: ColumnSaid(field="total_investment_yuan", unit="亿元"),
        }
    )
    table = understand(told, said=said)
    assert [c.field for c in table.columns][2:] == ["", "invested_this_year_yuan", "total_investment_yuan"]
    assert [c.doubt for c in table.columns] == [None] * 5
    assert (table.columns[3].target.year, table.columns[3].target.month) == (2025, 6)
    assert [r.amount(4) for r in table.rows] == [300_000_000, 400_000_000]
    assert [c.by_hand for c in table.columns] == [False, False, True, True, True]


def test_a_field_that_she_gives_to_one_column_is_not_read_from_another() -> None:
    table = understand(sheet([1, "甲", 100, 20, 3]), said=Said(columns={4: ColumnSaid(field="total_investment_yuan")}))
    assert [c.field for c in table.columns].count("total_investment_yuan") == 1
    assert table.columns[2].doubt == "Another column was already read as this field"


def test_a_row_is_what_she_says_and_a_sheet_without_known_captions_can_be_given_some() -> None:
    told = sheet([1, "甲", 100, 20], ["", "小计", 100, 20], [2, "丙计", 5, 1])
    assert [(r.number, r.name) for r in understand(told).rows] == [(3, "甲"), (5, "丙计")]
    table = understand(told, said=Said(lines={4: "data", 5: "total"}))
    assert [r.number for r in table.rows] == [3, 4]
    assert [(line.row + 1, line.kind) for line in table.others] == [(5, "total")]
    strange = Sheet("二", [["a"], ["nr", "what", "sum"], ["1", "甲厂", 5]])
    assert understand(strange).rows == []
    said = Said(heading=(2, 2), columns={1: ColumnSaid(field="name"), 2: ColumnSaid("total_investment_yuan", "亿元")})
    table = understand(strange, said=said)
    assert [(r.name, r.amount(2)) for r in table.rows] == [("甲厂", 500_000_000)]


def test_the_same_form_of_another_month_is_the_same_layout() -> None:
    heading = ["序号", "项目名称", "总投资（万元）", "1-8月完成投资（万元）", "投资数"]
    first, later = understand(sheet([1, "甲", 1])), understand(sheet([1, "乙", 2], heading=heading, title="另一个标题"))
    other = understand(sheet([1, "甲", 1], heading=heading[:4]))
    assert fingerprint(first) == fingerprint(later) != fingerprint(other)
    assert fingerprint(understand(Sheet("空", []))) is None


# ── remembered ───────────────────────────────────────────────────────────────────────────────────────────────────────
def received(cast: Cast, who: Caller, data: bytes, **said: Any) -> dict[str, Any]:
    names = cast.database.ask_now(who, spellings)
    understood = read(data, "b.xlsx", names)
    value = cast.database.act_now(who, intake.receive, understood.book.sha256, "b.xlsx", said, understood).value
    assert isinstance(value, dict)
    return cast.database.ask_now(who, intake.look, value["id"])


def seen(cast: Cast, who: Caller, data: bytes, said: dict[str, Any]) -> Prepared:
    names = cast.database.ask_now(who, spellings)
    understood = of_book(read(data, "b.xlsx", names).book, names, said=said["choices"].get("sheets"))
    return cast.database.ask_now(who, prepare, understood, choices_of(said["choices"]))


def test_what_is_said_once_is_known_the_next_time_by_those_who_share_the_zones_only(cast: Cast) -> None:
    data = book([*row(1, "一号"), "East"], heading=ODD)
    first = received(cast, cast.editor, data)
    said = {"sheets": {"一": {"columns": {"G": {"field": "progress_text"}, "D": {"unit": "亿元", "year": 2026}}}}}
    cast.database.act_now(cast.editor, intake.choose, first["id"], said)
    again = received(cast, cast.editor, book([*row(7, "七号"), "East"], heading=ODD, title="下个月的表"))
    assert again["choices"]["sheets"] == {"一": {"columns": {"G": {"field": "progress_text"}, "D": {"unit": "亿元"}}}}
    assert again["remembered"]["一"]["by"] == "Editor"
    draft = seen(cast, cast.editor, data, again).drafts[0]
    assert (draft.values["total_investment_yuan"], draft.state) == (100_000_000_000, "new")
    for other in (cast.stranger, cast.both):
        assert received(cast, other, data)["choices"] == {}
    cast.database.act_now(cast.editor, intake.forget, again["id"], "一")
    assert received(cast, cast.editor, data)["choices"] == {}
    assert cast.database.ask_now(cast.editor, intake.look, again["id"])["choices"] == {}


def test_a_mark_is_asked_once_and_puts_its_projects_on_a_list(cast: Cast) -> None:
    cast.database.act_now(cast.office, lists.create, {"code": "KEY-2026", "name": "市重点"})
    data = book([*row(1, "★一号"), "East"], [*row(2, "二号"), "East"], heading=[*HEADING, "开发区"])
    first = received(cast, cast.editor, data, opening=True)
    cast.database.act_now(cast.editor, intake.choose, first["id"], {"sheets": {"一": {"marks": {"★": "KEY-2026"}}}})
    said = cast.database.ask_now(cast.editor, intake.look, first["id"])
    prepared = seen(cast, cast.editor, data, said)
    cast.database.act_now(replace(cast.editor, reason="r"), imports.commit, prepared, import_id=first["id"])
    assert [m["name"] for m in cast.database.ask_now(cast.editor, lists.members, "KEY-2026")] == ["一号"]
    assert {p["name"]: p["marks"] for p in listed(cast)} == {"一号": "★", "二号": None}
    again = received(cast, cast.editor, data)
    assert seen(cast, cast.editor, data, again).counts["same"] == 2, "on the list already"
    marked = book([*row(1, "★一号"), "East"], [*row(2, "★二号"), "East"], heading=[*HEADING, "开发区"])
    prepared = seen(cast, cast.editor, marked, again)
    assert [(d.state, d.joins) for d in prepared.drafts] == [("same", []), ("changed", ["KEY-2026"])]
    done = cast.database.act_now(replace(cast.editor, reason="r"), imports.commit, prepared).value
    assert len(cast.database.ask_now(cast.editor, lists.members, "KEY-2026")) == 2
    cast.database.act_now(cast.editor, undoing.undo, done["id"])
    assert [m["name"] for m in cast.database.ask_now(cast.editor, lists.members, "KEY-2026")] == ["一号"]
    with pytest.raises(Invalid):
        cast.database.act_now(
            cast.editor, intake.choose, again["id"], {"sheets": {"一": {"columns": {"A": {"field": "x"}}}}}
        )


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@SQLITE
def test_the_page_of_a_sheet_changes_only_what_she_changed(cast: Cast, desks: Any) -> None:
    editor = desks("editor")
    data = book([*row(1, "一号"), "East"], ["", "小计", "", 5], heading=ODD)
    address = editor.send(data).headers["location"]
    shown = editor.get(f"{address}/sheets/0")
    assert shown.status_code == 200
    form = dict(re.findall(r'<input[^>]*name="((?:was-)?[fuymlas]+t?-?[^"]*)"[^>]*value="([^"]*)"', shown.text))
    form |= dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text))
    assert editor.post(f"{address}/sheets/0", **form | {"f-G": "nonsense"}).status_code == 422
    done = editor.post(f"{address}/sheets/0", **form | {"f-G": "Visible progress", "u-D": "亿元", "line-4": "note"})
    assert (done.status_code, done.headers["location"]) == (303, address), done.text
    said = cast.database.ask_now(cast.editor, intake.look, int(address.rpartition("/")[2]))["choices"]["sheets"]["一"]
    assert said == {"columns": {"G": {"field": "progress_text"}, "D": {"unit": "亿元"}}, "lines": {"4": "note"}}
    assert "Remembered from Editor" in editor.get(editor.send(data).headers["location"]).text
    for nowhere in ("/sheets/1", "/sheets/x"):
        assert editor.get(address + nowhere).status_code == 404
    assert desks("stranger").get(f"{address}/sheets/0").status_code == 404


# ── what stayed out, and where figures came from ─────────────────────────────────────────────────────────────────────
@SQLITE
def test_rows_that_stay_out_come_as_a_workbook_that_is_understood_without_mapping(cast: Cast, desks: Any) -> None:
    editor = desks("editor")
    heading = ["序号", "项目名称", "投资主体", "投入（亿）", "计划竣工", "开工时间", "备注"]
    rows = [row(1, "一号"), ["一", "工业项目", "", "", "", "", ""], row(2, "二号", total="很多"), row(3, "", total=5)]
    address = editor.send(book(*rows, heading=heading, title="项目表")).headers["location"]
    placed = {"settings": "1", "sheet-0": "一", "zone-0": "EAST", "ledger-0": "in_construction"}
    assert editor.post(address, **placed).status_code == 303
    said = {"version": "", "sheet": "一", "f-D": "Total investment", "was-f-D": "Unknown"}
    assert editor.post(f"{address}/sheets/0", **said).status_code == 303
    assert editor.post(f"{address}/sheets/0", version="", sheet="一", **{"u-D": "亿元"}).status_code == 303
    assert editor.post(f"{address}/commit").status_code == 303
    assert [p["name"] for p in listed(cast)] == ["一号"]
    assert "Download the rows that stay out" in editor.get(address).text
    got = editor.get(f"{address}/left.xlsx")
    assert (got.status_code, "attachment" in got.headers["content-disposition"]) == (200, True)
    again = received(cast, cast.editor, got.content)
    prepared = seen(cast, cast.editor, got.content, again)
    assert [(d.row.name, d.zone, d.ledger, d.state) for d in prepared.drafts] == [
        ("二号", "EAST", "in_construction", "refused"),
        ("", None, None, "refused"),
    ]
    table = prepared.understood.tables[0]
    assert (table.columns[3].field, table.columns[3].target.unit) == ("total_investment_yuan", "亿元")
    assert table.columns[-1].field == "derived"
    assert desks("stranger").get(f"{address}/left.xlsx").status_code == 404


def test_a_figure_is_traced_to_file_sheet_cell_and_sender_until_somebody_changes_it(cast: Cast, desks: Any) -> None:
    editor = desks("editor")
    data = book([*row(1, "一号", total=2000), "East"], heading=[*HEADING, "开发区"])
    address = editor.send(data, name="七月.xlsx").headers["location"]
    editor.post(f"{address}/commit")
    (made,) = listed(cast)
    found = {one["field"]: one for one in cast.database.ask_now(cast.editor, provenance.of_project, made["id"])}
    total = found["total_investment_yuan"]
    assert (total["cell"], total["raw"], total["file_name"], total["sheet"], total["by"]) == (
        "D3", "2000", "七月.xlsx", "一", "Editor",
    )  # fmt: skip
    assert (found["name"]["cell"], found["planned_completion_month"]["raw"]) == ("B3", "2027.06")
    shown = editor.get(f"/projects/{made['id']}").text
    assert "七月.xlsx" in shown
    assert "一 D3" in shown
    (first,) = [a for a in cast.database.ask_now(cast.editor, history.of_project, made["id"]) if a["origin"]]
    assert first["origin"]["cells"]["total_investment_yuan"] == "D3"
    edit = {"total_investment_yuan": 1}
    cast.database.act_now(replace(cast.editor, reason="r"), projects.amend, made["id"], edit, version=made["since"])
    after = cast.database.ask_now(cast.editor, provenance.of_project, made["id"])
    assert "total_investment_yuan" not in {one["field"] for one in after}

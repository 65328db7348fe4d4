"""Out and back: our own workbook comes back without a change, with exactly the changes made in it, or with conflicts."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from app.rules.codes import Ledger
from app.services import imports, ledgers, moves, projects
from app.services.asking import Asked
from app.services.columns import all_of
from app.services.preparing import Choices, Prepared, prepare, read, spellings
from app.sheets.reading import read_workbook
from app.sheets.workbook import address
from tests import real_forms
from tests.cast import Cast
from tests.random_ledgers import project
from tests.test_exports import exported, fill
from tests.test_import_pages import Desk as Browser

CASES = [
    (ledger, form, unit, which)
    for n, ledger in enumerate(Ledger)
    for form, unit, which in (
        (("xlsx", "csv")[n % 2], "wan", "all"),
        (("csv", "xlsx")[n % 2], "yi", "usual"),
        ("xlsx", "wan", "some"),
    )
]


def back(cast: Cast, who: Any, data: bytes, **choices: Any) -> Prepared:
    names = cast.database.ask_now(who, spellings)
    understood = read(data, "out.csv" if data[:1] == b"\xef" else "out.xlsx", names)
    return cast.database.ask_now(who, prepare, understood, Choices(**choices))


def columns_of(ledger: Ledger, which: str, rng: random.Random) -> list[str] | None:
    every = list(all_of(ledger))
    return None if which == "usual" else every if which == "all" else rng.sample(every, 8)


def told(seen: Prepared) -> list[Any]:
    """What an import would do or doubt, row by row; nothing for a row that says what the register says."""
    found = []
    for draft in seen.drafts:
        sentences = [(n.msgid, n.field, n.values) for n in (*draft.problems, *draft.notes)]
        if draft.state != "same" or draft.values or sentences:
            found.append((draft.row.name, draft.state, draft.values, sentences))
    return found


def test_any_ledger_in_any_columns_comes_back_without_a_change(sqlite_cast: Cast) -> None:
    cast, rng = sqlite_cast, random.Random(20261124)
    for ledger in Ledger:
        fill(cast, *(project(rng, ledger.value, n) for n in range(12)))
    for n, (ledger, form, unit, which) in enumerate(CASES):
        who = replace(cast.editor, language=("zh_CN", "en")[n // 2 % 2])
        keys = columns_of(ledger, which, rng)
        _, data = exported(cast, who, Asked(zones=("EAST",), ledger=ledger.value), unit, form, columns=keys)
        seen = back(cast, who, data)
        assert len(seen.drafts) == 12, (ledger, form, unit, which)
        assert told(seen) == [], (ledger, form, unit, which, keys)


def edited(data: bytes, change: Any) -> bytes:
    """The workbook as somebody saves it elsewhere: the same cells, but for what ``change(rows)`` does to them."""
    sheet = read_workbook(data, "out.xlsx").sheets[0]
    change(sheet.rows)
    merges = [f"{address(top, left)}:{address(bottom, right)}" for top, left, bottom, right in sheet.merges]
    return real_forms.workbook({sheet.name: (sheet.rows, merges)})


def line_of(rows: list[list[Any]], name: str) -> list[Any]:
    return next(r for r in rows if len(r) > 1 and r[1] == name)


def column(rows: list[list[Any]], title: str) -> int:
    return next(r.index(title) for r in rows if title in r)


@pytest.mark.parametrize("ledger", [Ledger.RESERVE, Ledger.UPCOMING, Ledger.IN_CONSTRUCTION])
def test_three_edited_cells_are_three_changes(sqlite_cast: Cast, ledger: Ledger) -> None:
    facts = {"investor_name": "甲公司", "total_investment_yuan": 123_456_789, "remarks": "旧"}
    fill(sqlite_cast, *({"name": f"{n}号", **facts} for n in "一二三四"), ledger=ledger.value)
    keys = ["investor_name", "total_investment_yuan", "remarks", "light", "percent_of_total", "kind"]
    asked = Asked(zones=("EAST",), ledger=ledger.value)
    _, data = exported(sqlite_cast, sqlite_cast.editor, asked, "wan", columns=keys)

    def change(rows: list[list[Any]]) -> None:
        line_of(rows, "一号")[column(rows, "总投资")] = 12_345.67
        line_of(rows, "二号")[column(rows, "备注")] = "新"
        line_of(rows, "三号")[1] = "三号（更名）"
        line_of(rows, "四号")[column(rows, "灯")] = "■ 滞后"
        line_of(rows, "四号")[column(rows, "占总投资 %")] = 0.99
        rows[4][column(rows, "总投资")] = 1

    seen = back(sqlite_cast, sqlite_cast.editor, edited(data, change))
    assert {d.row.name: d.values for d in seen.drafts if d.values} == {
        "一号": {"total_investment_yuan": 123_456_700},
        "二号": {"remarks": "新"},
        "三号（更名）": {"name": "三号（更名）"},
    }, "what the register computes itself is compared and never written"
    assert (seen.counts["changed"], seen.counts["same"], seen.counts["amber"]) == (3, 1, 0)


@pytest.fixture
def moved_on(cast: Cast) -> tuple[Cast, bytes]:
    """A workbook that went out and was edited, while others worked on: its total and remarks, and what they changed."""
    fill(
        cast,
        {
            "name": "一号",
            "investor_name": "甲公司",
            "total_investment_yuan": 10_000_000,
            "remarks": "旧",
            "phone": "13800000001",
        },
    )
    fill(cast, {"name": "二号", "total_investment_yuan": 5_000_000, "marks": "★"})
    _, data = exported(cast, cast.editor, Asked(zones=("EAST",), ledger="in_construction"))

    def change(rows: list[list[Any]]) -> None:
        line = line_of(rows, "一号")
        line[column(rows, "总投资")], line[column(rows, "备注")] = 1_500, "表里改的"

    back_again = edited(data, change)
    by = replace(cast.reviewer, reason="合同变更")
    first, second = (p["id"] for p in listed(cast))
    cast.database.act_now(by, projects.amend, first, {"total_investment_yuan": 12_000_000}, version=None)
    cast.database.act_now(
        by,
        projects.amend,
        first,
        {"total_investment_yuan": 13_000_000, "investor_name": "乙公司", "phone": "13800000002"},
        version=None,
    )
    cast.database.act_now(by, projects.amend, second, {"progress_text": "主体封顶"}, version=None)
    return cast, back_again


def listed(cast: Cast) -> list[dict[str, Any]]:
    asked = Asked(zones=("EAST",), ledger="in_construction", sort=("name",))
    fields = ("id", "name", "total_investment_yuan", "investor_name", "remarks", "phone", "progress_text")
    page = cast.database.ask_now(cast.editor, ledgers.page, asked, fields)
    found = [dict(zip(fields, r, strict=True)) for r in page.rows]
    return sorted(found, key=lambda p: str(p["id"]))


def test_what_both_changed_waits_for_a_choice_and_what_only_the_register_changed_is_left_alone(
    moved_on: tuple[Cast, bytes],
) -> None:
    cast, data = moved_on
    one, two = back(cast, cast.editor, data).drafts
    assert (one.state, list(one.clashes)) == ("doubtful", ["total_investment_yuan"])
    clash = one.clashes["total_investment_yuan"]
    assert (clash.before, clash.mine, clash.theirs, clash.by) == (10_000_000, 15_000_000, 13_000_000, "Reviewer")
    assert one.values == {"remarks": "表里改的"}, "the investor and the phone that only the register changed stay"
    assert (two.state, two.values) == ("same", {})


@pytest.mark.parametrize(("choice", "total"), [("mine", 15_000_000), ("theirs", 13_000_000)])
def test_once_she_has_chosen_the_row_comes_in_and_neither_side_is_lost(
    moved_on: tuple[Cast, bytes], choice: str, total: int
) -> None:
    cast, data = moved_on
    waiting = back(cast, cast.editor, data).drafts[0]
    place = f"{waiting.row.sheet}!{waiting.row.number}!total_investment_yuan"
    seen = back(cast, cast.editor, data, cells={place: choice})
    assert (seen.drafts[0].state, seen.drafts[0].clashes["total_investment_yuan"].decided) == ("changed", choice)
    cast.database.act_now(replace(cast.editor, reason="表格正确"), imports.commit, seen)
    project = listed(cast)[0]
    assert (project["total_investment_yuan"], project["remarks"]) == (total, "表里改的")
    assert (project["investor_name"], project["phone"]) == ("乙公司", "13800000002")
    seen_again = back(cast, cast.editor, data)
    assert not seen_again.drafts[0].values.get("remarks")


def test_a_project_that_was_moved_since_is_not_moved_back_by_an_old_sheet(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    fill(cast, {"name": "一号", "remarks": "旧", "started_on": "2026-03-01", "planned_completion_month": "2027-01"})
    _, data = exported(cast, cast.editor, Asked(zones=("EAST",), ledger="in_construction"))
    id_ = listed(cast)[0]["id"]
    proved = replace(cast.reviewer, reason="已验收")
    cast.database.act_now(proved, moves.move, id_, to="completed", on="2026-10-01")

    def change(rows: list[list[Any]]) -> None:
        line_of(rows, "一号")[column(rows, "备注")] = "新"

    (draft,) = back(cast, cast.editor, edited(data, change)).drafts
    assert (draft.state, draft.values) == ("changed", {"remarks": "新"})
    assert [n.msgid[:20] for n in draft.notes] == ["It was moved to {her"]


def test_a_copy_that_was_saved_as_it_was_shown_changes_nothing(sqlite_cast: Cast) -> None:
    fill(
        sqlite_cast,
        {"name": "一号", "total_investment_yuan": 120_045_670},
        {"name": "二号", "total_investment_yuan": 5},
    )
    _, data = exported(sqlite_cast, sqlite_cast.editor, Asked(zones=("EAST",), ledger="in_construction"), "wan", "csv")
    text = data.decode("utf-8-sig")
    assert (text.count("12004.567"), text.count("0.0005")) == (1, 1)
    rounded = text.replace("12004.567", "12004.57").replace("0.0005", "0.00").encode("utf-8-sig")
    assert told(back(sqlite_cast, sqlite_cast.editor, rounded)) == []
    wrong = text.replace("12004.567", "12004.56").encode("utf-8-sig")
    assert next(d.values for d in back(sqlite_cast, sqlite_cast.editor, wrong).drafts) == {
        "total_investment_yuan": 120_045_600
    }


def test_on_the_page_she_sees_before_hers_and_theirs_and_chooses(moved_on: tuple[Cast, bytes]) -> None:
    cast, data = moved_on
    cast.database.settings.public_url = "http://testserver"
    browser = Browser(cast, "editor")
    address = browser.send(data, "out.xlsx").headers["location"]
    page = browser.get(address).text
    for said in ("1,000", "1,500", "1,300", "Reviewer", "take this", "keep this"):
        assert said in page, said
    row = f"在建!{back(cast, cast.editor, data).drafts[0].row.number}"
    assert browser.post(address, row=row, cell="total_investment_yuan", decide="perhaps").status_code == 422
    assert browser.post(address, row=row, cell="total_investment_yuan", decide="mine").status_code == 303
    assert "Bring in 1 row" in browser.get(address).text
    browser.post(f"{address}/commit", reason="the sheet is right")
    browser.close()
    assert listed(cast)[0]["total_investment_yuan"] == 15_000_000

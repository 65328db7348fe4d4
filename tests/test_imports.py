"""Workbooks into the register: what comes in, what is left out and why, who accepts it, and the way back."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from app.db import Caller, house
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models.checking import Plain
from app.models.shapes import ProjectEdit, check
from app.services import exports, history, import_command, import_rows, imports, ledgers, moves, projects, undoing
from app.services.preparing import Choices, Prepared, prepare, read, spellings
from tests import real_forms
from tests.cast import Cast

DETAIL = real_forms.zone_annual_detail()
REASON = "the sheet is right"
HEADING = ["序号", "项目名称", "投资主体", "总投资（万元）", "计划竣工", "开工时间", "备注"]


def book(*rows: list[Any], title: str = "在建项目台账", heading: list[str] | None = None, sheet: str = "一") -> bytes:
    """A plain workbook of one sheet."""
    return real_forms.workbook({sheet: ([[title], heading or HEADING, *rows], [])})


def row(n: int, name: str, **cells: Any) -> list[Any]:
    facts = {"investor": "甲公司", "total": 1000, "end": "2027.06", "start": "2026-01-05", "remarks": ""} | cells
    return [n, name, *facts.values()]


def prepared(cast: Cast, who: Caller, data: bytes, **choices: Any) -> Prepared:
    names = cast.database.ask_now(who, spellings)
    understood = read(data, "book.csv" if data[:1] == b"\xef" else "book.xlsx", names)
    choices.setdefault("zone", "EAST")
    return cast.database.ask_now(who, prepare, understood, Choices(**choices))


def bring(cast: Cast, who: Caller, data: bytes, **choices: Any) -> dict[str, Any]:
    caller, seen = replace(who, reason=REASON), prepared(cast, who, data, **choices)
    value = cast.database.act_ahead_now(caller, import_rows.make, imports.commit, seen).value
    assert isinstance(value, dict)
    return value


def opening(cast: Cast, data: bytes) -> dict[str, Any]:
    return bring(cast, cast.editor, data, opening=True)


def listed(cast: Cast, zone: str = "EAST", ledger: str = "in_construction") -> list[dict[str, Any]]:
    fields = (
        "id", "code", "name", "marks", "investor_name", "total_investment_yuan", "plan_year", "annual_plan_yuan", "opening_month",
        "opening_before_year_yuan", "opening_this_year_yuan", "invested_to_date_yuan", "started_on", "planned_completion_month",
        "pending", "opening_accepted", "nature_by_hand", "construction_nature", "remarks", "parent_id", "relation", "since",
    )  # fmt: skip
    asked = ledgers.Asked(zones=(zone,), ledger=ledger, limit=1000, sort=("name",))
    page = cast.database.ask_now(cast.both, ledgers.page, asked, fields)
    return [dict(zip(fields, r, strict=True)) for r in page.rows]


# ── it works ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_yearly_tables_of_three_zones_come_in_with_their_money_in_its_place(cast: Cast) -> None:
    choices = {"zone": "EAST", "ledger": "in_construction"}
    done = bring(cast, house(), DETAIL, **choices)
    assert (done["created"], done["changed"]) == (3, 0)
    west = next(p for p in listed(cast) if p["name"] == "水泥（演示）")
    assert (west["opening_month"], west["opening_before_year_yuan"], west["opening_this_year_yuan"]) == (
        "2010-07",
        97_660_000,
        66_040_000,
    )
    assert (west["plan_year"], west["annual_plan_yuan"], west["invested_to_date_yuan"]) == (
        2010,
        80_000_000,
        163_700_000,
    )
    assert (west["started_on"], west["planned_completion_month"]) == ("2009-10-01", "2011-03")
    east = next(p for p in listed(cast) if p["name"].startswith("东湖甲苯"))
    assert (east["marks"], east["started_on"], east["planned_completion_month"]) == ("★", "2009-01-01", "2011-12")
    again = prepared(cast, house(), DETAIL, **choices)
    assert (again.counts["same"], again.counts["written"]) == (3, 0)


def test_the_ledger_of_a_row_is_that_of_its_group_and_a_project_told_twice_is_one(cast: Cast) -> None:
    seen = prepared(cast, cast.editor, real_forms.key_project_report(), zone="EAST", opening=True)
    states = [(d.row.sheet, d.state, d.ledger) for d in seen.drafts]
    assert states[:3] == [("分级管理", "new", "in_construction")] * 2 + [("分级管理", "new", "reserve")]
    assert {state for sheet, state, _ in states if sheet == "分行业"} == {"same"}
    assert not any(d.row.sheet.endswith("（在建）") for d in seen.drafts), "a summary is never imported as projects"


def test_a_blank_form_brings_nothing_and_says_so(cast: Cast) -> None:
    seen = prepared(cast, cast.editor, real_forms.ten_day_blank_form(), zone="EAST", ledger="in_construction")
    assert (seen.drafts, seen.understood.tables[0].kind) == ([], "blank_form")


def test_an_empty_cell_leaves_what_is_known_and_a_rounded_figure_is_the_same(cast: Cast) -> None:
    opening(cast, book(row(1, "一号", total=12_004, remarks="keep")))
    (known,) = listed(cast)
    cast.database.act_now(
        replace(cast.editor, reason=REASON),
        projects.amend,
        known["id"],
        {"total_investment_yuan": 120_043_000},
        version=known["since"],
    )
    same = prepared(cast, cast.editor, book(row(1, "一号", total=12_004)))
    assert same.drafts[0].state == "same", [same.drafts[0].values]
    other = prepared(cast, cast.editor, book(row(1, "一号", total=12_005, investor="")))
    assert other.drafts[0].values == {"total_investment_yuan": 120_050_000}
    assert other.reasons == ["total_investment_yuan"]


def test_a_change_of_a_total_wants_one_reason_for_all(cast: Cast) -> None:
    opening(cast, book(row(1, "一号"), row(2, "二号")))
    seen = prepared(cast, cast.editor, book(row(1, "一号", total=1100), row(2, "二号", total=1200)))
    with pytest.raises(Invalid) as refused:
        cast.database.act_now(cast.editor, imports.commit, seen)
    assert refused.value.code == "reason_required"
    assert cast.database.act_now(replace(cast.editor, reason=REASON), imports.commit, seen).value["changed"] == 2
    assert [p["total_investment_yuan"] for p in listed(cast)] == [12_000_000, 11_000_000]


def test_parts_come_in_below_their_project_and_are_not_counted(cast: Cast) -> None:
    opening(cast, book(row(1, "高速公路"), ["(1)", "南平段", "甲公司", 400, "2027.06", "2026-01-05"]))
    rows = {p["name"]: p for p in listed(cast)}
    assert (rows["南平段"]["relation"], rows["南平段"]["parent_id"]) == ("part", rows["高速公路"]["id"])
    head = cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["in_construction"]
    assert (head["project_count"], head["pending_count"]) == (0, 1)


# ── the opening ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_opening_waits_for_the_reviewer_who_accepts_it_once(cast: Cast) -> None:
    done = opening(cast, book(row(1, "一号", end="", start=""), row(2, "二号")))
    head = cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["in_construction"]
    assert (head["project_count"], head["pending_count"]) == (0, 2), "gates do not block, and nothing is official yet"
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.editor, imports.accept, done["id"])
    accepted = cast.database.act_now(cast.reviewer, imports.accept, done["id"]).value
    assert (accepted["accepted"], accepted["state"], accepted["accepted_by"]) == (2, "accepted", "Reviewer")
    head = cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["in_construction"]
    assert (head["project_count"], head["pending_count"]) == (2, 0)
    assert all(p["opening_accepted"] and not p["pending"] for p in listed(cast))
    with pytest.raises(Conflict) as refused:
        cast.database.act_now(cast.reviewer, imports.accept, done["id"])
    assert refused.value.code == "accepted"


def test_what_moved_on_by_itself_is_not_accepted_with_the_opening(cast: Cast) -> None:
    done = opening(cast, book(row(1, "一号"), row(2, "二号")))
    first = listed(cast)[0]
    cast.database.act_now(replace(cast.editor, reason=REASON), moves.move, first["id"], to="completed", on="2026-05-01")
    assert cast.database.act_now(cast.reviewer, imports.accept, done["id"]).value["accepted"] == 1
    (moved,) = listed(cast, ledger="completed")
    assert moved["pending"], "a move without evidence is not proven by the opening"


def test_an_import_that_is_no_opening_cannot_be_accepted(cast: Cast) -> None:
    done = bring(cast, cast.editor, book(row(1, "一号")))
    with pytest.raises(Conflict) as refused:
        cast.database.act_now(cast.reviewer, imports.accept, done["id"])
    assert refused.value.code == "no_opening"


def test_the_gate_blocks_a_row_that_is_no_opening_and_says_what_is_missing(cast: Cast) -> None:
    data = book(row(1, "一号", end=""), row(2, "二号"))
    seen = prepared(cast, cast.editor, data)
    assert [d.state for d in seen.drafts] == ["refused", "new"]
    assert seen.drafts[0].missing == ("planned_completion_month",)
    forced = prepared(cast, cast.reviewer, data)
    assert [(d.state, d.forced) for d in forced.drafts] == [("new", True), ("new", False)]


# ── doubts and refusals ──────────────────────────────────────────────────────────────────────────────────────────────
def test_a_row_whose_ledger_differs_is_a_proposed_move_and_never_written(cast: Cast) -> None:
    opening(cast, book(row(1, "一号"), title="储备项目台账"))
    seen = prepared(cast, cast.editor, book(row(1, "一号", remarks="begun")))
    assert seen.drafts[0].state == "move"
    cast.database.act_now(cast.editor, imports.commit, seen)
    (kept,) = listed(cast, ledger="reserve")
    assert (kept["remarks"], listed(cast)) == ("begun", [])


def test_names_propose_and_do_not_decide(cast: Cast) -> None:
    opening(cast, book(row(1, "睿禾传动新能源汽车减速器壳体项目一期"), row(2, "拓远智能仓储机器人整机装配及检测中心")))
    data = book(
        row(1, "睿禾传动新能源汽车减速器壳体项目二期"),
        row(2, "拓远智能仓储机器人整机装配"),
        row(3, "拓远智能仓储机器人整机装配及检测中心", investor="乙公司"),
    )
    seen = prepared(cast, cast.editor, data)
    assert [d.state for d in seen.drafts] == ["new", "doubtful", "doubtful"]
    wanted = seen.drafts[1].candidates[0]
    decided = {"一!4": wanted.id, "一!5": 0}
    chosen = prepared(cast, cast.editor, data, rows=decided)
    assert [d.state for d in chosen.drafts] == ["new", "changed", "new"]
    assert chosen.drafts[1].values == {"name": "拓远智能仓储机器人整机装配"}


def test_a_cell_that_cannot_be_read_refuses_its_row_and_names_the_cell(cast: Cast) -> None:
    seen = prepared(
        cast, cast.editor, book(row(1, "一号", total="很多"), row(2, "二号", end="明年春天"), row(3, "三号"))
    )
    assert [d.state for d in seen.drafts] == ["refused", "refused", "new"]
    assert [d.problems[0].at for d in seen.drafts[:2]] == ["D3", "E4"]


POISON = [
    "=1+1", "@SUM(A1)", "a\x07b", "𝒳" * 80, "'; DROP TABLE project; --", "<script>alert(1)</script>", "\u202egnp.exe", "{{ 7*7 }}",
    "1e400", "NaN", "９９９", "-" * 500, "x" * 3000, "9" * 40, "2026-13-45", "\u0000", "💥", " ", "%s%n", "../../etc/passwd",
]  # fmt: skip


def test_poison_in_any_cell_is_refused_or_can_be_read_again(cast: Cast) -> None:
    rows = []
    for n, poison in enumerate(POISON):
        for column in range(1, 7):
            cells = row(10 * n + column, f"第{n}项之{column}")
            cells[column] = poison.replace("\x00", "").replace("\x07", "\x7f")
            rows.append(cells)
    seen = prepared(cast, cast.editor, book(*rows), opening=True)
    done = cast.database.act_now(cast.editor, imports.commit, seen).value
    assert done["created"] + seen.counts["refused"] + seen.counts["doubtful"] + seen.counts["same"] == len(seen.drafts)
    known_now = listed(cast)
    assert len(known_now) == done["created"] > 50
    for known in known_now[::7]:
        assert cast.database.ask_now(cast.editor, projects.read, known["id"])["name"]


def test_what_changed_between_preview_and_confirmation_stops_everything(cast: Cast) -> None:
    opening(cast, book(row(1, "一号"), row(2, "二号")))
    seen = prepared(cast, cast.editor, book(row(1, "一号", remarks="a"), row(3, "三号")))
    first = next(p for p in listed(cast) if p["name"] == "一号")
    cast.database.act_now(cast.editor, projects.amend, first["id"], {"park": "P"}, version=first["since"])
    with pytest.raises(Conflict) as refused:
        cast.database.act_now(cast.editor, imports.commit, seen)
    assert refused.value.code == "moved_on"
    assert len(listed(cast)) == 2, "all or nothing"
    fresh = prepared(cast, cast.editor, book(row(4, "四号")))
    cast.database.act_now(
        cast.editor,
        projects.create,
        {"name": "四号", "planned_completion_month": "2027-01"},
        zone="EAST",
        ledger="reserve",
    )
    with pytest.raises(Conflict):
        cast.database.act_now(cast.editor, imports.commit, fresh)


# ── other zones ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_editor_of_another_zone_brings_nothing_in_here(cast: Cast, tmp_path: Path) -> None:
    data = book([*row(1, "一号"), "East Zone"], heading=[*HEADING, "开发区"])
    seen = prepared(cast, cast.stranger, data, zone="WEST")
    assert [d.state for d in seen.drafts] == ["elsewhere"], "it is not taken for a name nobody knows"
    with pytest.raises(NotFound):
        cast.database.act_now(cast.stranger, imports.commit, prepared(cast, cast.editor, data))
    with pytest.raises(NotFound):
        prepared(cast, cast.stranger, data, zone="EAST", force=True)
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    report = import_command.run(cast.database, cast.stranger, path, zone="WEST")
    assert (report.exit_code, report.preview["counts"]["elsewhere"]) == (import_command.REFUSED, 1)
    for reader in (cast.leader, cast.auditor, cast.administrator):
        with pytest.raises(Forbidden):
            prepared(cast, reader, data)
    assert listed(cast) == []


def test_rows_of_a_zone_that_is_not_hers_are_counted_and_left_out(cast: Cast) -> None:
    heading = [*HEADING, "开发区"]
    data = book([*row(1, "一号"), "East"], [*row(2, "二号"), "West"], heading=heading, title="全市在建项目台账")
    done = bring(cast, cast.editor, data)
    assert (done["created"], done["counts"]["elsewhere"]) == (1, 1)
    assert [p["name"] for p in listed(cast, "WEST")] == []


def test_an_import_is_seen_where_its_zones_are_seen(cast: Cast) -> None:
    done = bring(cast, cast.editor, book(row(1, "一号")))
    assert [r["id"] for r in cast.database.ask_now(cast.reviewer, imports.list_)] == [done["id"]]
    assert cast.database.ask_now(cast.stranger, imports.list_) == []
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.stranger, imports.record, done["id"])


# ── history and the way back ─────────────────────────────────────────────────────────────────────────────────────────
def test_an_import_is_one_act_and_every_row_knows_its_cells(cast: Cast) -> None:
    done = bring(cast, cast.editor, book(row(1, "一号"), row(2, "二号")))
    told = [cast.database.ask_now(cast.editor, history.of_project, p["id"])[-1] for p in listed(cast)]
    assert {(t["word"], t["reason"], t["version"]) for t in told} == {("import.run", REASON, told[0]["version"])}
    places = cast.database.ask_now(
        cast.editor, lambda desk: [(o.sheet, o.row, o.cells) for o in imports.origins(desk, done["id"])]
    )
    assert [(sheet, at) for sheet, at, _ in places] == [("一", 3), ("一", 4)]
    assert '"D3":"1000"' in places[0][2]


def test_undo_takes_back_what_nobody_changed_since_and_lists_the_rest(cast: Cast) -> None:
    opening(cast, book(row(1, "一号", remarks="old", total=900), row(2, "二号", remarks="old")))
    done = bring(
        cast,
        cast.editor,
        book(row(1, "一号", remarks="new", total=950), row(2, "二号", remarks="new"), row(3, "三号"), row(4, "四号")),
    )
    rows = {p["name"]: p for p in listed(cast)}
    for name, edit in (("一号", {"remarks": "hers"}), ("四号", {"park": "P"})):
        cast.database.act_now(cast.editor, projects.amend, rows[name]["id"], edit, version=rows[name]["since"])
    with pytest.raises(NotFound):
        cast.database.act_now(cast.stranger, undoing.undo, done["id"])
    undone = cast.database.act_now(cast.editor, undoing.undo, done["id"]).value
    assert (undone["removed"], undone["restored"], undone["state"]) == (1, 2, "undone")
    assert sorted((k["name"], tuple(k["fields"])) for k in undone["kept"]) == [
        ("一号", ("remarks",)),
        ("四号", ("park",)),
    ]
    rows = {p["name"]: p for p in listed(cast)}
    assert set(rows) == {"一号", "二号", "四号"}
    assert (rows["一号"]["remarks"], rows["一号"]["total_investment_yuan"], rows["二号"]["remarks"]) == (
        "hers",
        9_000_000,
        "old",
    )
    with pytest.raises(Conflict):
        cast.database.act_now(cast.editor, undoing.undo, done["id"])


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_dry_run_stores_nothing_and_the_command_says_what_became_of_it(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "明细.xlsx"
    path.write_bytes(DETAIL)
    choices: dict[str, Any] = {"zone": "EAST", "ledger": "in_construction"}
    dry = import_command.run(cast.database, house(door="cli"), path, dry_run=True, **choices)
    assert (dry.exit_code, dry.preview["counts"]["new"]) == (0, 3)
    assert (listed(cast), cast.database.ask_now(house(), imports.list_)) == ([], [])
    assert "水泥（演示）" in dry.text
    wet = import_command.run(cast.database, house(door="cli"), path, **choices)
    assert (wet.exit_code, wet.preview["import"]["created"]) == (0, 3)
    unplaced = import_command.run(cast.database, house(door="cli"), path, dry_run=True)
    assert (unplaced.exit_code, unplaced.preview["counts"]["doubtful"]) == (import_command.REFUSED, 3)
    with pytest.raises(NotFound):
        import_command.run(cast.database, house(door="cli"), path, zone="NOWHERE")


# ── out and back ─────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_goes_out_comes_back_without_a_change(cast: Cast, tmp_path: Path, form: str, language: str) -> None:
    opening(
        cast, book(row(1, "★一号", total=12_004.567), row(2, "=二号", investor="", end="2027.1"), row(3, "三号\n四号"))
    )
    out = tmp_path / f"out.{form}"
    who = replace(cast.both, language=language)
    exports.run(cast.database, who, out, ledger="in_construction", zones=["EAST"])
    names = cast.database.ask_now(who, spellings)
    seen = cast.database.ask_now(who, prepare, read(out.read_bytes(), out.name, names), Choices())
    assert [(d.state, d.values, [n.msgid for n in d.notes]) for d in seen.drafts] == [("same", {}, [])] * 3


def test_three_cells_edited_in_our_own_workbook_are_three_changes(cast: Cast, tmp_path: Path) -> None:
    opening(cast, book(row(1, "一号", total=12_004.567), row(2, "二号"), row(3, "三号")))
    out = tmp_path / "out.csv"
    exports.run(cast.database, cast.editor, out, ledger="in_construction", zones=["EAST"])
    text = out.read_text(encoding="utf-8-sig")
    assert text.count("12004.567") == 1
    lines = text.replace("12004.567", "12004").replace("三号", "三号甲").splitlines()
    at = next(n for n, line in enumerate(lines) if ",二号," in line)
    lines[at] = lines[at].replace("2027-06", "2027-09")
    out.write_text("\n".join(lines), encoding="utf-8-sig")
    seen = prepared(cast, cast.editor, out.read_bytes(), zone=None)
    assert {d.row.name: d.values for d in seen.drafts} == {
        "一号": {"total_investment_yuan": 120_040_000},
        "二号": {"planned_completion_month": "2027-09"},
        "三号甲": {"name": "三号甲"},
    }
    assert (seen.counts["changed"], seen.counts["amber"]) == (3, 0)


def test_the_neighbour_cannot_export_what_she_does_not_see(cast: Cast, tmp_path: Path) -> None:
    opening(cast, book(row(1, "一号")))
    with pytest.raises(NotFound):
        exports.run(cast.database, cast.stranger, tmp_path / "out.xlsx", ledger="in_construction", zones=["EAST"])
    exports.run(cast.database, cast.stranger, tmp_path / "all.csv", ledger="in_construction")
    assert "一号" not in (tmp_path / "all.csv").read_text(encoding="utf-8-sig")


# ── the one check, at sight ──────────────────────────────────────────────────────────────────────────────────────────
AWKWARD = [
    0, 1, -1, 10**15, 10**15 + 1, 2**63, True, 1.0, None, "", "a", " a", "a ", "x" * 60, "x" * 200, "x" * 201, "x" * 1001, "a\r\nb", "a\rb",
    "a\nb", "a\tb", "\x0c", "a\x0cb", "a\x85b", "\u3000a", "\ud800", "a\x7fb", "一二", "a\u2028b",
]  # fmt: skip


def test_what_a_sheet_says_is_taken_at_sight_only_where_the_check_would_keep_it_as_it_is() -> None:
    plain, taken = Plain(ProjectEdit), 0
    for name, value in product(ProjectEdit.model_fields, AWKWARD):
        if plain.keeps(name, value):
            taken += 1
            kept = check(ProjectEdit, {name: value}, partial=True)
            assert kept == {name: value} and type(kept[name]) is type(value)
    assert taken > 100

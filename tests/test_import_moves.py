"""What an import does beside fields: proposed moves with their gates, projects that no sheet lists, modes, empty cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.db import house
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.files import Stored
from app.services import evidence, history, import_command, imports, lists, moves, projects, undoing
from app.services.choices import choices_of
from tests.cast import Cast
from tests.test_import_pages import desks as desks  # noqa: PLC0414  a fixture
from tests.test_imports import HEADING, REASON, book, listed, opening, prepared, row

PLANNED = [*HEADING, "台账"]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Nothing here depends on the database."""


def planned(n: int, name: str, ledger: str, **cells: Any) -> list[Any]:
    return [*row(n, name, **cells), ledger]


def chosen(cast: Cast, data: bytes, who: str = "editor", **said: Any) -> Any:
    """Prepared with choices as they are kept."""
    made = choices_of({"zone": "EAST", **said})
    return prepared(cast, cast.by(who), data, **{k: getattr(made, k) for k in made.__dataclass_fields__})


def commit(cast: Cast, seen: Any, who: str = "editor", reason: str | None = REASON) -> dict[str, Any]:
    value = cast.database.act_now(replace(cast.by(who), reason=reason), imports.commit, seen).value
    assert isinstance(value, dict)
    return value


def standing(cast: Cast) -> set[str]:
    """The names of those under construction that have not left."""
    read = [cast.database.ask_now(cast.editor, projects.read, p["id"]) for p in listed(cast)]
    return {p["name"] for p in read if p["disposition"] == "active"}


def waiting(cast: Cast, *names: str) -> None:
    """Projects that stand in the upcoming ledger, as an opening left them."""
    data = book(
        *(planned(n, name, "拟开工", start="") for n, name in enumerate(names, 1)), heading=PLANNED, title="台账"
    )
    opening(cast, data)


# ── moves ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_row_of_another_ledger_is_a_proposed_move_that_is_made_only_when_accepted(cast: Cast) -> None:
    waiting(cast, "一号", "二号")
    data = book(row(1, "一号", start="2026-10-08", total=2000), row(2, "二号", start="2026-09-01"))
    seen = chosen(cast, data)
    first = seen.drafts[0]
    assert (first.state, first.move.to, first.move.on, first.move.told, first.move.accepted) == (
        "move", "in_construction", "2026-10-08", True, False,
    )  # fmt: skip
    assert "started_on" not in first.values, "the move writes it"
    seen = chosen(cast, data, moves={"一!3": {"accept": True}})
    assert (seen.counts["move"], seen.counts["moved"]) == (2, 1)
    done = commit(cast, seen)
    assert (done["changed"], done["moved"]) == (1, 1)
    (moved,) = listed(cast)
    assert (moved["name"], moved["started_on"], moved["pending"], moved["total_investment_yuan"]) == (
        "一号", "2026-10-08", True, 20_000_000,
    )  # fmt: skip
    told = cast.database.ask_now(cast.editor, moves.history, moved["id"])
    assert [(m["from_ledger"], m["to_ledger"], m["on"], m["pending"]) for m in told][-1] == (
        "upcoming", "in_construction", "2026-10-08", True,
    )  # fmt: skip
    acts = cast.database.ask_now(cast.editor, history.of_project, moved["id"])
    assert acts[0]["word"] == "import.run"


@SQLITE
def test_what_the_gate_misses_is_told_and_only_a_reviewer_with_a_reason_may_force_it(cast: Cast) -> None:
    waiting(cast, "一号")
    data = book(row(1, "一号", start="2026-10-08", end=""))
    known = listed(cast, ledger="upcoming")[0]
    cast.database.act_now(
        replace(cast.editor, reason=REASON), projects.amend, known["id"], {"planned_completion_month": None}, version=known["since"]
    )  # fmt: skip
    seen = chosen(cast, data, all_moves={"accept": True, "override": True})
    assert (seen.drafts[0].move.lacks, seen.drafts[0].move.accepted) == ((("planned_completion_month",),), False)
    with pytest.raises(Conflict):
        commit(cast, seen)
    seen = chosen(cast, data, "reviewer", all_moves={"accept": True, "override": True})
    assert (seen.drafts[0].move.forced, seen.reasons) == (True, ["ledger"])
    with pytest.raises(Invalid):
        commit(cast, seen, "reviewer", reason=None)
    with pytest.raises(Forbidden):
        commit(cast, seen, "editor")
    assert commit(cast, seen, "reviewer")["moved"] == 1
    future = chosen(cast, book(row(1, "一号", start="2099-10-08")), "reviewer", all_moves={"accept": True})
    assert [d.moves for d in future.drafts] == [False]


@SQLITE
def test_one_row_may_say_no_where_all_are_accepted_and_a_move_back_wants_a_reason(cast: Cast) -> None:
    opening(cast, book(row(1, "一号"), row(2, "二号")))
    data = book(planned(1, "一号", "储备"), planned(2, "二号", "储备"), heading=PLANNED, title="台账")
    seen = chosen(cast, data, all_moves={"accept": True, "on": "2026-10-01"}, moves={"一!4": {"accept": False}})
    assert [(d.moves, d.move.back) for d in seen.drafts] == [(True, True), (False, True)]
    assert seen.reasons == ["ledger"]
    commit(cast, seen)
    assert [p["name"] for p in listed(cast, ledger="reserve")] == ["一号"]


# ── what no sheet lists ──────────────────────────────────────────────────────────────────────────────────────────────
def test_projects_of_the_ledger_that_the_sheet_does_not_list_are_left_moved_or_let_go(cast: Cast) -> None:
    opening(cast, book(*(row(n, f"{n}号厂") for n in range(1, 5))))
    waiting(cast, "他账的")
    data = book(row(1, "1号厂", total=2000))
    seen = chosen(cast, data)
    assert [(a.known["name"], a.do) for a in seen.absent] == [
        ("2号厂", "leave"),
        ("3号厂", "leave"),
        ("4号厂", "leave"),
    ]
    ids = {a.known["name"]: str(a.known["id"]) for a in seen.absent}
    said = {
        ids["2号厂"]: {"do": "move", "to": "completed", "on": "2026-11-01"},
        ids["3号厂"]: {"do": "exit", "disposition": "withdrawn", "on": "2026-10-30", "reason": "资金断了"},
    }
    done = commit(cast, chosen(cast, data, absent=said))
    assert (done["changed"], done["moved"], done["absent"]) == (1, 0, 2)
    assert standing(cast) == {"1号厂", "4号厂"}
    assert [(p["name"], p["pending"]) for p in listed(cast, ledger="completed")] == [("2号厂", True)]
    gone = cast.database.ask_now(cast.editor, projects.read, int(ids["3号厂"]))
    assert (gone["disposition"], gone["disposition_reason"]) == ("withdrawn", "资金断了")
    undone = cast.database.act_now(cast.editor, undoing.undo, done["id"]).value
    assert (undone["restored"], undone["kept"]) == (3, [])
    assert standing(cast) == {"1号厂", "2号厂", "3号厂", "4号厂"}
    assert len(cast.database.ask_now(cast.editor, moves.history, int(ids["2号厂"]))) == 1, "the move went with it"


@SQLITE
def test_what_moved_on_since_the_preview_stops_the_whole_act(cast: Cast) -> None:
    opening(cast, book(row(1, "1号厂"), row(2, "2号厂")))
    data = book(row(1, "1号厂", remarks="新"))
    (gone,) = chosen(cast, data).absent
    seen = chosen(cast, data, absent={str(gone.known["id"]): {"do": "exit", "disposition": "lost"}})
    assert seen.reasons == ["disposition"]
    edit = {"remarks": "有人改了"}
    cast.database.act_now(cast.editor, projects.amend, gone.known["id"], edit, version=gone.known["since"])
    with pytest.raises(Conflict) as refused:
        commit(cast, seen)
    assert refused.value.code == "moved_on"
    assert {p["name"]: p["remarks"] for p in listed(cast)} == {"1号厂": None, "2号厂": "有人改了"}


@SQLITE
def test_the_stranger_neither_moves_nor_lets_go_what_is_not_hers(cast: Cast) -> None:
    waiting(cast, "一号")
    seen = chosen(cast, book(row(1, "一号", start="2026-10-08")), all_moves={"accept": True})
    with pytest.raises((Forbidden, NotFound)):
        commit(cast, seen, "stranger")
    with pytest.raises(Forbidden):
        commit(cast, seen, "leader")
    assert [p["name"] for p in listed(cast, ledger="upcoming")] == ["一号"]


@SQLITE
def test_only_members_are_missing_from_a_sheet_that_tells_of_a_list(cast: Cast) -> None:
    opening(cast, book(*(row(n, f"{n}号厂") for n in range(1, 4))))
    cast.database.act_now(cast.office, lists.create, {"code": "KEY", "name": "市重点"})
    known = {p["name"]: p["id"] for p in listed(cast)}
    cast.database.act_now(cast.editor, lists.put, "KEY", known["3号厂"], {})
    data = book(row(1, "1号厂"))
    seen = chosen(cast, data, sheets={"一": {"of_list": "KEY"}})
    assert [a.known["name"] for a in seen.absent] == ["3号厂"]


@SQLITE
def test_a_move_that_was_made_after_the_import_stays_when_it_is_undone(cast: Cast) -> None:
    waiting(cast, "一号")
    done = commit(cast, chosen(cast, book(row(1, "一号", start="2026-10-08")), all_moves={"accept": True}))
    (moved,) = listed(cast)
    cast.database.act_now(
        replace(cast.editor, reason="finished"), moves.move, moved["id"], to="completed", on="2026-11-20"
    )
    undone = cast.database.act_now(cast.editor, undoing.undo, done["id"]).value
    (kept,) = undone["kept"]
    assert "ledger" in kept["fields"]
    assert [p["name"] for p in listed(cast, ledger="completed")] == ["一号"]


def test_a_move_that_evidence_has_settled_since_stays_whole_when_the_import_is_undone(cast: Cast) -> None:
    waiting(cast, "一号")
    done = commit(
        cast, chosen(cast, book(row(1, "一号", start="2026-10-08", remarks="新")), all_moves={"accept": True})
    )
    (moved,) = listed(cast)
    proof = Stored("a" * 64, 20, b"%PDF-1.7 the permit")
    said = {"kind": "construction_permit"}
    cast.database.act_now(cast.editor, evidence.add, moved["id"], said, stored=proof, name="证.pdf")
    undone = cast.database.act_now(cast.editor, undoing.undo, done["id"]).value
    (kept,) = undone["kept"]
    assert {"ledger", "started_on"} <= set(kept["fields"])
    assert kept["by"] == ["Editor"]
    (still,) = listed(cast)
    assert (still["started_on"], still["pending"], still["remarks"]) == ("2026-10-08", False, None)
    assert len(cast.database.ask_now(cast.editor, moves.history, moved["id"])) == 2


# ── modes ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@SQLITE
def test_only_add_only_update_and_what_an_empty_cell_does(cast: Cast) -> None:
    opening(cast, book(row(1, "一号", remarks="旧"), row(2, "二号")))
    data = book(row(1, "一号", total=2000, investor="", remarks=""), row(3, "三号"))
    assert [d.state for d in chosen(cast, data, mode="add", opening=True).drafts] == ["left", "new"]
    assert [d.state for d in chosen(cast, data, mode="update").drafts] == ["changed", "left"]
    assert set(chosen(cast, data).drafts[0].values) == {"total_investment_yuan"}
    cleared = chosen(cast, data, empty="clear").drafts[0].values
    assert cleared == {"total_investment_yuan": 20_000_000, "investor_name": None, "remarks": None}
    unreadable = chosen(cast, book(row(1, "一号", end="待定")), empty="clear").drafts[0]
    assert "planned_completion_month" not in unreadable.values


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@SQLITE
def test_moves_and_absent_projects_are_decided_on_the_page(cast: Cast, desks: Any) -> None:
    waiting(cast, "一号")
    opening(cast, book(row(7, "七号"), row(8, "八号")))
    ids = {p["name"]: p["id"] for p in listed(cast)}
    editor = desks("editor")
    data = book([*row(1, "一号", start="2026-10-08"), "East"], [*row(7, "七号"), "East"], heading=[*HEADING, "开发区"])
    address = editor.send(data).headers["location"]
    shown = editor.get(f"{address}?show=move").text
    assert "Accept all moves" in shown
    assert editor.post(address, everymove="accept", on="").status_code == 303
    assert "1 proposed moves, 1 accepted" in editor.get(f"{address}?show=move").text
    assert editor.post(address, move="一!3", accept="no", all="1").status_code == 303
    assert "1 proposed moves, 0 accepted" in editor.get(f"{address}?show=move").text
    assert editor.post(address, move="一!3", accept="yes", on="2026-10-08").status_code == 303
    assert "八号" in editor.get(f"{address}?show=absent").text
    assert editor.post(address, absent=str(ids["八号"]), do="lost", on="2026-10-01", reason="走了").status_code == 303
    assert "1 move, 1 unlisted" in editor.get(address).text
    assert editor.post(f"{address}/commit", reason="r").status_code == 303
    assert standing(cast) == {"一号", "七号"}


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────
@SQLITE
def test_the_command_takes_modes_empty_cells_and_moves(cast: Cast, tmp_path: Path) -> None:
    waiting(cast, "一号", "二号")
    path = tmp_path / "台账.xlsx"

    def run(*rows: list[Any], reason: str | None = None, **said: Any) -> tuple[int, dict[str, int]]:
        path.write_bytes(book(*rows))
        who = house(reason=reason, door="cli")
        report = import_command.run(cast.database, who, path, zone="EAST", **said)
        return report.exit_code, report.preview["counts"]

    moving = row(1, "一号", start="2026-10-08", remarks="开工")
    assert run(moving)[1]["move"] == 1
    assert standing(cast) == set(), "a move is only proposed"
    code, counts = run(moving, row(3, "三号", remarks="x"), all_moves={"accept": True})
    assert (code, counts["moved"], counts["new"], standing(cast)) == (0, 1, 1, {"一号", "三号"})
    assert run(row(1, "三号", remarks="y"), row(2, "四号"), mode="add")[1]["left"] == 1
    counts = run(row(1, "三号", remarks="z"), row(2, "五号"), mode="update")[1]
    assert (counts["changed"], counts["left"], counts["absent_acted"]) == (1, 1, 0)
    assert standing(cast) == {"一号", "三号", "四号"}, "one that the sheet does not list stays as it is"
    assert run(row(1, "三号", remarks="z"), mode="add")[0] == 0, "left out as was wished"
    assert run(row(1, "三号"), empty="clear")[0] == 0
    assert {p["name"]: p["remarks"] for p in listed(cast)}["三号"] is None
    back = planned(1, "三号", "储备")
    path.write_bytes(book(back, heading=PLANNED, title="台账"))
    said: dict[str, Any] = {"zone": "EAST", "all_moves": {"accept": True}}
    with pytest.raises(Invalid) as refused:
        import_command.run(cast.database, house(door="cli"), path, **said)
    assert refused.value.code == "reason_required", "a move back is nobody's habit"
    assert import_command.run(cast.database, house(door="cli", reason="r"), path, **said).exit_code == 0
    assert "三号" not in standing(cast)
    with pytest.raises(Invalid):
        import_command.run(cast.database, house(door="cli"), path, zone="EAST", mode="sometimes")

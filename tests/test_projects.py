"""Projects: written once for every door, reasons asked for, nobody's edit lost, families counted as they should."""

from __future__ import annotations

from typing import Any

import pytest

from app.db import Database
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.services import history, ledgers, moves, projects, references
from tests.cast import Cast

YI = 10**8


def made(cast: Cast, who: str = "editor", **facts: Any) -> dict[str, Any]:
    """A project of the East zone, in reserve unless ``ledger`` says otherwise."""
    placed = {k: facts.pop(k) for k in ("ledger", "dates", "ref", "zone", "override") if k in facts}
    body = {"name": "精密轴承生产线（演示）", **facts}
    found = cast.database.act_now(cast.by(who), projects.create, body, **{"zone": "EAST", **placed})
    return dict(found.value)


def amend(
    cast: Cast, project: dict[str, Any], who: str = "editor", *, merge: bool = False, **edit: Any
) -> dict[str, Any]:
    found = cast.database.act_now(
        cast.by(who), projects.amend, project["id"], edit, version=project["version"], merge=merge
    )
    return dict(found.value)


def codes(refused: pytest.ExceptionInfo[Any]) -> set[tuple[str, str]]:
    return {(p.pointer, p.code) for p in refused.value.problems}


def test_a_name_is_enough_to_reserve_a_project_and_everything_else_is_unknown(cast: Cast) -> None:
    project = made(cast)
    assert project["ledger"] == "reserve"
    assert project["total_investment_yuan"] is None
    assert not project["pending"]
    assert cast.database.ask_now(cast.editor, projects.read, project["id"]) == project


def test_every_problem_is_named_at_once(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        made(cast, name=" ", total_investment_yuan=-1, planned_start_month="2026-13", kind="castle", jobs="many")
    assert codes(refused) >= {
        ("/total_investment_yuan", "out_of_range"),
        ("/planned_start_month", "not_a_month"),
        ("/kind", "not_in_list"),
        ("/jobs", "wrong_type"),
    }
    assert any(pointer == "/name" for pointer, _ in codes(refused))


def test_filling_in_a_total_needs_no_reason_and_changing_it_does(cast: Cast) -> None:
    project = amend(cast, made(cast), total_investment_yuan=5 * YI)
    with pytest.raises(Invalid) as refused:
        amend(cast, project, total_investment_yuan=6 * YI)
    assert codes(refused) == {("/total_investment_yuan", "reason_required")}
    assert amend(cast, project, total_investment_yuan=6 * YI, reason="增加热处理线")["total_investment_yuan"] == 6 * YI


def test_a_change_is_written_down_with_who_when_before_after_and_why(cast: Cast) -> None:
    project = amend(cast, made(cast, total_investment_yuan=5 * YI), total_investment_yuan=6 * YI, reason="增加热处理线")
    newest = cast.database.ask_now(cast.editor, history.of_project, project["id"])[0]
    assert newest["word"] == "project.amend"
    assert newest["reason"] == "增加热处理线"
    assert {"field": "total_investment_yuan", "before": 5 * YI, "after": 6 * YI} in newest["changes"]


def test_another_zone_neither_sees_nor_writes_it(cast: Cast) -> None:
    project = made(cast)
    for attempt in (
        lambda: cast.database.ask_now(cast.stranger, projects.read, project["id"]),
        lambda: amend(cast, project, "stranger", park="x"),
        lambda: cast.database.act_now(cast.stranger, projects.remove, project["id"], version=project["version"]),
        lambda: cast.database.act_now(cast.stranger, projects.bulk, [(project["id"], None)], {"park": "x"}),
        lambda: cast.database.ask_now(cast.stranger, history.of_project, project["id"]),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(Invalid) as refused:
        made(cast, "stranger")
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/zone", "not_found")]


def test_a_leader_and_the_city_office_type_no_zones_figure(cast: Cast) -> None:
    project = made(cast)
    for who in ("leader", "office", "auditor", "administrator"):
        with pytest.raises(Forbidden):
            amend(cast, project, who, park="x")


def test_a_stale_save_is_refused_with_what_was_changed_since_and_by_whom(cast: Cast) -> None:
    read = made(cast, park="东区")
    amend(cast, read, "reviewer", park="西区")
    with pytest.raises(Stale) as refused:
        amend(cast, read, merge=True, park="南区")
    assert [(c["field"], c["before"], c["after"]) for c in refused.value.extra["changed"]] == [("park", "东区", "西区")]
    assert refused.value.extra["current_version"] > read["version"]


def test_both_telephone_numbers_of_a_conflict_are_told(cast: Cast) -> None:
    read = made(cast, phone="138 0000 0001")
    amend(cast, read, "reviewer", phone="138 0000 0002")
    with pytest.raises(Stale) as refused:
        amend(cast, read, phone="138 0000 0003")
    assert [(c["before"], c["after"]) for c in refused.value.extra["changed"]] == [("138 0000 0001", "138 0000 0002")]


def test_a_stale_save_of_another_field_goes_through_and_says_what_else_is_new(cast: Cast) -> None:
    read = made(cast, park="东区")
    amend(cast, read, "reviewer", park="西区")
    saved = amend(cast, read, merge=True, location="一号路")
    assert (saved["park"], saved["location"]) == ("西区", "一号路")
    assert [c["field"] for c in saved["_merged"]] == ["park"]
    with pytest.raises(Stale):
        amend(cast, read, remarks="the API is strict")


def test_deleted_is_marked_and_comes_back_as_it_was(cast: Cast) -> None:
    project = made(cast)
    gone = cast.database.act_now(cast.editor, projects.remove, project["id"], version=project["version"]).value
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.editor, projects.read, project["id"])
    back = cast.database.act_now(cast.editor, projects.restore, project["id"], version=gone["version"]).value
    same = {k: v for k, v in back.items() if k not in ("version", "updated_at")}
    assert same == {k: v for k, v in project.items() if k not in ("version", "updated_at")}


def test_postponing_a_start_is_counted_and_the_first_plan_stays(cast: Cast) -> None:
    project = made(cast, planned_start_month="2026-03")
    for month in ("2026-05", "2026-08"):
        project = amend(cast, project, planned_start_month=month, reason="征地未完成")
    assert (project["postponements"], project["first_planned_start_month"]) == (2, "2026-03")


def test_bulk_sets_all_rows_or_none(cast: Cast) -> None:
    rows = [made(cast, name=f"项目 {n}") for n in range(3)]
    amend(cast, rows[2], "reviewer", responsible_unit="招商一局")
    chosen = [(r["id"], r["version"]) for r in rows]
    with pytest.raises(Stale):
        cast.database.act_now(cast.editor, projects.bulk, chosen, {"responsible_unit": "招商二局"})
    assert cast.database.ask_now(cast.editor, projects.read, rows[0]["id"])["responsible_unit"] is None
    cast.database.act_now(cast.editor, projects.bulk, chosen[:2], {"responsible_unit": "招商二局"})
    assert cast.database.ask_now(cast.editor, projects.read, rows[1]["id"])["responsible_unit"] == "招商二局"


def test_money_spent_beyond_the_total_needs_a_reason(cast: Cast) -> None:
    project = made(cast, total_investment_yuan=1 * YI)
    opening = {"month": "2026-07", "before_year_yuan": YI, "this_year_yuan": 1}
    with pytest.raises(Invalid) as refused:
        cast.database.act_now(cast.editor, projects.put_opening, project["id"], opening, version=project["version"])
    assert refused.value.code == "reason_required"
    cast.database.act_now(
        cast.editor,
        projects.put_opening,
        project["id"],
        {**opening, "reason": "追加投资未批复"},
        version=project["version"],
    )


def test_the_opening_gives_this_year_and_to_date(cast: Cast) -> None:
    wan = 10_000
    project = made(cast, total_investment_yuan=20_000 * wan, plan_year=2010, annual_plan_yuan=8_000 * wan)
    opening = {"month": "2010-07", "before_year_yuan": 9_766 * wan, "this_year_yuan": 6_604 * wan}
    cast.database.act_now(cast.editor, projects.put_opening, project["id"], opening, version=project["version"])
    read = cast.database.ask_now(cast.editor, projects.read, project["id"])
    assert read["invested_before_this_year_yuan"] == 9_766 * wan
    assert read["invested_this_year_yuan"] == 6_604 * wan
    assert read["invested_to_date_yuan"] == 16_370 * wan


def test_phases_count_and_their_heading_does_not(cast: Cast) -> None:
    """Contract 10亿 with phase 1 (6亿, producing) and phase 2 (4亿, 在建), expansion 3亿 in 储备."""
    heading = made(
        cast, name="整车项目", contract_amount_yuan=10 * YI, signed_on="2024-03-01", total_investment_yuan=10 * YI
    )
    built = {"started_on": "2024-06-01", "completed_on": "2025-10-01"}
    common = {"parent_id": heading["id"], "planned_completion_month": "2026-12"}
    made(
        cast,
        "reviewer",
        name="一期",
        relation="phase",
        phase_no=1,
        total_investment_yuan=6 * YI,
        ledger="completed",
        dates=built,
        **common,
    )
    made(
        cast, "reviewer", name="二期", relation="phase", phase_no=2, total_investment_yuan=4 * YI, ledger="in_construction",
        dates={"started_on": "2025-11-01"}, **common,
    )  # fmt: skip
    made(cast, name="扩建", relation="expansion", total_investment_yuan=3 * YI, parent_id=heading["id"])
    heads = cast.database.ask_now(cast.leader, ledgers.heads, "EAST")
    counted = {
        ledger: (h["project_count"] + h["pending_count"], h["amounts"]["total_investment_yuan"]["sum"])
        for ledger, h in heads.items()
    }
    assert counted == {
        "completed": (1, 6 * YI),
        "in_construction": (1, 4 * YI),
        "reserve": (1, 3 * YI),
        "upcoming": (0, 0),
    }
    with pytest.raises(Conflict) as refused:
        cast.database.act_now(cast.editor, projects.remove, heading["id"], version=None)
    assert refused.value.code == "has_children"


def test_a_lost_project_leaves_the_sums_with_its_reason_and_comes_back(cast: Cast) -> None:
    project = made(cast)
    with pytest.raises(Invalid):
        cast.database.act_now(cast.editor, projects.dispose, project["id"], disposition="lost")
    lost = cast.database.act_now(
        cast.by("editor", reason="投资方转投外地"), projects.dispose, project["id"], disposition="lost"
    ).value
    assert lost["disposition_reason"] == "投资方转投外地"
    assert cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["reserve"]["project_count"] == 0
    cast.database.act_now(cast.editor, projects.dispose, project["id"], disposition="active")
    assert cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["reserve"]["project_count"] == 1


def test_a_project_cannot_leave_tomorrow(cast: Cast) -> None:
    project = made(cast)
    with pytest.raises(Invalid):
        cast.database.act_now(
            cast.by("editor", reason="Sold"), projects.dispose, project["id"], disposition="lost", on="2999-01-01"
        )


def upsert(cast: Cast, who: str = "editor", *, overwrite: bool = False, **body: Any) -> tuple[dict[str, Any], bool]:
    record, created = cast.database.act_now(
        cast.by(who), references.upsert, "oa", "77", body, overwrite=overwrite
    ).value
    return record, created


def test_by_reference_a_source_replaces_what_it_wrote_and_keeps_what_others_changed(cast: Cast) -> None:
    _, created = upsert(cast, name="项目", park="东区", zone="EAST")
    assert created
    again, created = upsert(cast, name="项目", park="西区")
    assert (created, again["park"]) == (False, "西区")
    amend(cast, again, "reviewer", park="南区")
    with pytest.raises(Conflict) as refused:
        upsert(cast, name="项目", park="北区")
    assert refused.value.code == "changed_by_others"
    field = refused.value.extra["fields"][0]
    assert (field["field"], field["before"], field["theirs"], field["yours"]) == ("park", "西区", "南区", "北区")
    assert upsert(cast, name="项目", park="北区", overwrite=True)[0]["park"] == "北区"


def test_naming_another_ledger_by_reference_is_a_move_and_passes_its_gate(cast: Cast) -> None:
    record, _ = upsert(cast, name="项目", zone="EAST")
    with pytest.raises(Conflict) as refused:
        upsert(cast, name="项目", ledger="in_construction", started_on="2026-03-01")
    assert refused.value.code == "gate_not_met"
    facts: dict[str, Any] = {
        "name": "项目", "planned_completion_month": "2027-06", "investor_name": "厂", "location": "路", "signed_on": "2026-01-05",
        "total_investment_yuan": 1, "planned_start_month": "2026-03", "sponsor_leader": "郭", "responsible_person": "李",
    }  # fmt: skip
    moved, _ = upsert(cast, **facts, ledger="in_construction", started_on="2026-03-01")
    assert (moved["ledger"], moved["started_on"], moved["pending"]) == ("in_construction", "2026-03-01", True)
    history = cast.database.ask_now(cast.editor, moves.history, record["id"])
    assert [(m["from_ledger"], m["to_ledger"]) for m in history] == [(None, "reserve"), ("reserve", "in_construction")]


def test_a_batch_is_all_or_nothing_or_each_for_itself(cast: Cast) -> None:
    items = [
        {"ref": {"source": "oa", "id": str(n)}, "zone": "EAST", "name": f"项目 {n}", **({"jobs": -1} if n == 1 else {})}
        for n in range(3)
    ]
    with pytest.raises(Invalid):
        cast.database.act_now(cast.editor, references.batch, items, atomic=True)
    assert cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["reserve"]["project_count"] == 0

    def statuses(desk: Any) -> list[int]:
        return [r["status"] for r in references.batch(desk, items, atomic=False)]

    assert cast.database.act_now(cast.editor, statuses).value == [201, 422, 201]
    assert cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["reserve"]["project_count"] == 2


def test_the_stranger_meets_a_reference_of_another_zone_as_nothing(cast: Cast, database: Database) -> None:
    upsert(cast, name="项目", zone="EAST")
    with pytest.raises(NotFound):
        database.act_now(cast.stranger, references.upsert, "oa", "77", {"name": "x"})

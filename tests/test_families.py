"""Phases, expansions and parts in the register: what counts where, with the worked example of the counting rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.desk import Desk
from app.errors import Conflict, Invalid
from app.models import Project
from app.rules.codes import Ledger
from app.rules.gathering import gather
from app.services import ledgers, monthly, plans, preparing, projects, reports
from tests.cast import Cast

YI = 100_000_000


def made(
    cast: Cast, ledger: str = "reserve", dates: Mapping[str, str | None] | None = None, **facts: Any
) -> dict[str, Any]:
    value = cast.database.act_now(
        cast.by("reviewer", reason="As it stands"),
        projects.create,
        facts,
        zone="EAST",
        ledger=ledger,
        dates=dates,
        override=True,
    ).value
    assert isinstance(value, dict)
    return value


def counted(cast: Cast) -> dict[str, tuple[int, int]]:
    heads = cast.database.ask_now(cast.editor, ledgers.heads, "EAST")
    return {
        ledger: (head["project_count"] + head["pending_count"], head["amounts"]["total_investment_yuan"]["sum"] // YI)
        for ledger, head in heads.items()
    }


def signed_in_2024(desk: Desk) -> monthly.Count:
    return monthly.between(monthly.figures(desk, monthly.zone_ids(desk, "EAST")), "signed", "2024-01", "2024-12")


def test_a_contract_of_ten_in_two_phases_and_an_expansion_of_three(cast: Cast) -> None:
    contract = made(
        cast, name="Contract", contract_amount_yuan=10 * YI, total_investment_yuan=10 * YI, signed_on="2024-01-05"
    )
    of_contract = {"parent_id": contract["id"], "relation": "phase"}
    built = {"started_on": "2024-03-01", "completed_on": "2025-06-01"}
    made(
        cast,
        "completed",
        built,
        name="Phase 1",
        phase_no=1,
        total_investment_yuan=6 * YI,
        in_production_on="2025-07-01",
        **of_contract,
    )
    building = {"started_on": "2025-09-01"}
    facts = {"planned_completion_month": "2027-06", "total_investment_yuan": 4 * YI}
    second = made(cast, "in_construction", building, name="Phase 2", phase_no=2, **facts, **of_contract)
    more: dict[str, Any] = {"contract_amount_yuan": 3 * YI, "total_investment_yuan": 3 * YI, "signed_on": "2024-09-02"}
    made(cast, name="More", parent_id=contract["id"], relation="expansion", **more)
    signed = cast.database.ask_now(cast.editor, signed_in_2024)
    assert (signed["count"], signed["sum"]) == (2, 13 * YI)
    assert counted(cast) == {"completed": (1, 6), "in_construction": (1, 4), "reserve": (1, 3), "upcoming": (0, 0)}
    heading = cast.database.ask_now(cast.editor, projects.read, contract["id"])
    assert (heading["has_phases"], heading["contract_amount_yuan"], heading["signed_on"]) == (
        True,
        10 * YI,
        "2024-01-05",
    )
    with pytest.raises(Conflict, match="phases"):
        cast.database.act_now(cast.editor, projects.remove, contract["id"], version=None)
    with pytest.raises(Invalid):
        made(cast, name="Deeper", parent_id=second["id"], relation="phase")


def test_a_part_never_counts_and_its_parent_does(cast: Cast) -> None:
    bundle = made(cast, name="Bundle", total_investment_yuan=5 * YI)
    made(cast, name="Part", parent_id=bundle["id"], relation="part", total_investment_yuan=2 * YI)
    assert counted(cast)["reserve"] == (1, 2), "the parent counts, with the sum of what is known"


def test_a_heading_counts_again_when_its_last_phase_is_gone(cast: Cast) -> None:
    contract = made(cast, name="Contract", total_investment_yuan=10 * YI)
    phase = made(cast, name="Phase", parent_id=contract["id"], relation="phase", total_investment_yuan=4 * YI)
    assert counted(cast)["reserve"] == (1, 4)
    cast.database.act_now(cast.editor, projects.remove, phase["id"], version=phase["version"])
    assert counted(cast)["reserve"] == (1, 10)
    cast.database.act_now(cast.editor, projects.restore, phase["id"])
    assert counted(cast)["reserve"] == (1, 4)


def read(cast: Cast, project: dict[str, Any]) -> dict[str, Any]:
    return cast.database.ask_now(cast.editor, projects.read, project["id"])


def amend(cast: Cast, project: dict[str, Any], **edit: Any) -> dict[str, Any]:
    value = cast.database.act_now(
        cast.by("editor", reason="As told"), projects.amend, project["id"], edit, version=None
    ).value
    assert isinstance(value, dict)
    return value


def test_a_headings_amounts_are_the_sums_of_its_phases_and_its_contract_stays_its_own(cast: Cast) -> None:
    contract = made(cast, name="Contract", contract_amount_yuan=10 * YI, total_investment_yuan=9 * YI, jobs=7)
    of_contract = {"parent_id": contract["id"], "relation": "phase"}
    first = made(cast, name="Phase 1", total_investment_yuan=6 * YI, fixed_investment_yuan=YI, **of_contract)
    second = made(cast, name="Phase 2", **of_contract)
    shown = read(cast, contract)
    assert shown["total_investment_yuan"] == 6 * YI
    assert shown["family_sums"] == {"of": 2, "known": {"total_investment_yuan": 1, "fixed_investment_yuan": 1}}
    assert (shown["contract_amount_yuan"], shown["jobs"]) == (10 * YI, 7)
    amend(cast, second, total_investment_yuan=4 * YI)
    shown = read(cast, contract)
    assert (shown["total_investment_yuan"], shown["family_sums"]["known"]["total_investment_yuan"]) == (10 * YI, 2)
    cast.database.act_now(cast.by("editor", reason="Sold"), projects.dispose, first["id"], disposition="lost")
    assert read(cast, contract)["total_investment_yuan"] == 4 * YI, "who left the ledgers is summed no longer"
    assert read(cast, contract)["fixed_investment_yuan"] is None, "what was typed before: nothing"
    amend(cast, second, parent_id=None, relation=None)
    assert (read(cast, contract)["total_investment_yuan"], read(cast, contract)["family_sums"]) == (9 * YI, None)


def test_a_sum_is_changed_in_the_phases_and_says_so(cast: Cast) -> None:
    contract = made(cast, name="Contract", total_investment_yuan=10 * YI)
    made(cast, name="Phase", parent_id=contract["id"], relation="phase", total_investment_yuan=4 * YI)
    with pytest.raises(Invalid, match="sum of its phases") as refused:
        amend(cast, contract, total_investment_yuan=5 * YI)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/total_investment_yuan", "is_a_sum")]
    everything = [(contract["id"], None)]
    with pytest.raises(Invalid, match="sum of its phases"):
        cast.database.act_now(cast.editor, projects.bulk, everything, {"total_investment_yuan": 5 * YI, "reason": "No"})
    assert amend(cast, contract, total_investment_yuan=4 * YI, park="North")["park"] == "North", (
        "as it stands it may come"
    )
    assert amend(cast, contract, filed_investment_yuan=8 * YI)["filed_investment_yuan"] == 8 * YI, "no phase knows it"


def test_a_bundle_shows_what_was_spent_on_its_parts_and_is_reported_on_by_them(cast: Cast) -> None:
    begun = {"started_on": "2026-02-01"}
    bundle = made(cast, "in_construction", begun, name="Bundle", planned_completion_month="2027-06")
    facts = {"plan_year": 2026, "planned_completion_month": "2027-06", "parent_id": bundle["id"], "relation": "part"}
    one = made(cast, "in_construction", begun, name="One", annual_plan_yuan=50, **facts)
    two = made(cast, "in_construction", begun, name="Two", **facts)
    for part, month, spent in ((one, "2026-03", 10), (one, "2026-04", 11), (two, "2026-03", 5)):
        cast.database.act_now(cast.editor, reports.put, part["id"], month, {"invested_yuan": spent}, version=None)
    shown = read(cast, bundle)
    assert (shown["invested_this_year_yuan"], shown["annual_plan_yuan"], shown["plan_year"]) == (26, 50, 2026)
    assert shown["month_report"] == {"month": "2026-04", "invested_yuan": 11}
    assert shown["family_sums"]["known"]["invested_this_month_yuan"] == 1, "of the other, April is not known"
    with pytest.raises(Invalid, match="sum of its parts"):
        cast.database.act_now(cast.editor, reports.put, bundle["id"], "2026-04", {"invested_yuan": 1}, version=None)
    cast.database.act_now(cast.editor, reports.put, bundle["id"], "2026-04", {"progress_text": "Roof"}, version=None)
    assert read(cast, bundle)["invested_this_year_yuan"] == 26
    with pytest.raises(Invalid, match="sum of its parts"):
        cast.database.act_now(cast.editor, plans.put, bundle["id"], 2026, {"annual_yuan": 9}, version=None)
    opening = {"month": "2026-01", "this_year_yuan": 1}
    with pytest.raises(Invalid, match="sum of its parts"):
        cast.database.act_now(cast.editor, projects.put_opening, bundle["id"], opening, version=None)


def test_what_an_import_says_of_a_sum_is_left_out_and_told(cast: Cast, tmp_path: Path) -> None:
    bundle = made(cast, name="Works", total_investment_yuan=5 * YI)
    made(cast, name="Part", parent_id=bundle["id"], relation="part", total_investment_yuan=2 * YI)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("项目名称,总投资（亿元）,建设地点\nWorks,3,North\n", encoding="utf-8")
    understood = preparing.read(sheet.read_bytes(), sheet.name, cast.database.ask_now(cast.both, preparing.spellings))
    choices = preparing.Choices(zone="EAST", ledger="reserve")
    (draft,) = cast.database.ask_now(cast.both, preparing.prepare, understood, choices).drafts
    assert (draft.state, draft.values) == ("changed", {"location": "North"})
    assert [note.field for note in draft.notes] == ["total_investment_yuan"]


def test_a_part_whose_figures_are_of_an_earlier_year_adds_only_what_is_true_of_this_one() -> None:
    def row(**facts: Any) -> Project:
        return Project(zone_id=1, ledger=Ledger.IN_CONSTRUCTION, name="P", **facts)

    spent = {"invested_before_this_year_yuan": 3, "invested_this_year_yuan": 4, "invested_to_date_yuan": 7}
    old = row(relation="part", plan_year=2025, annual_plan_yuan=9, figures_month="2025-12", **spent)
    new = row(relation="part", plan_year=2026, annual_plan_yuan=6, figures_month="2026-02", **spent)
    bundle = row()
    gather(bundle, [old, new], "2026-03-01")
    assert (bundle.plan_year, bundle.annual_plan_yuan, bundle.figures_month) == (2026, 6, "2026-02")
    assert (bundle.invested_before_this_year_yuan, bundle.invested_this_year_yuan) == (7 + 3, 4)
    assert bundle.invested_to_date_yuan == 14
    gather(bundle, [], "2026-03-01")
    assert [bundle.plan_year, bundle.annual_plan_yuan, bundle.invested_to_date_yuan] == [None] * 3

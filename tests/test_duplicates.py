"""查重 over the register: her own zone is shown, other zones are only warned of, and the city office decides."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from app.db import Caller
from app.engine import Sql
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale, TooMany
from app.finding import find_again
from app.rules.firm_codes import Sameness, Subject
from app.rules.identity import credit_check
from app.services import (
    comparing,
    duplicates,
    enterprises,
    history,
    landing,
    lead_moves,
    leads,
    projects,
    signings,
    throttle,
    verdicts,
)
from app.worker.likenesses import compare
from tests.cast import Cast
from tests.web import Web

CODE = "91371500MA3C4R2X7" + credit_check("91371500MA3C4R2X7")
FIRM = "聊城鑫源铜业有限公司"
LANDING = {
    "name": "鑫源年产10万吨铜箔", "investor_name": FIRM, "channel": "direct", "intended_amount_yuan": 500_000_000, "keeper": "张三",
    "industry": "新材料", "content": "铜箔", "screening_result": "同意",
}  # fmt: skip
"""A lead that may go on as far as negotiating."""
ASKED = {"name": "鑫源年产10万吨铜箔项目", "investor_name": "聊城市鑫源銅業（集团）有限公司"}


def project(cast: Cast, who: Caller, zone: str, **facts: Any) -> dict[str, Any]:
    told = {"name": "年产10万吨铜箔", "investor_name": FIRM, "total_investment_yuan": 500_000_000, **facts}
    found: dict[str, Any] = cast.database.act_now(who, projects.create, told, zone=zone).value
    return found


def lead(cast: Cast, who: Caller, zone: str, **facts: Any) -> dict[str, Any]:
    told = {"name": "铜箔线索", "investor_name": FIRM, **facts}
    found: dict[str, Any] = cast.database.act_now(who, leads.create, told, zone=zone).value
    return found


def searched(cast: Cast, who: Caller, **facts: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = cast.database.ask_now(who, duplicates.search, {**ASKED, **facts})["items"]
    return items


# ── searching ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_her_own_zone_has_registered_is_shown_with_its_reasons(cast: Cast) -> None:
    mine = project(cast, cast.editor, "EAST")
    other = lead(cast, cast.editor, "EAST")
    first, second = searched(cast, cast.editor, amount_yuan=450_000_000)
    assert (first["kind"], first["id"], first["strength"], first["zone"]) == ("project", mine["id"], "strong", "EAST")
    assert first["reasons"] == ["firm", "name_near", "amount"]
    assert (second["kind"], second["id"]) == ("lead", other["id"])
    assert searched(cast, cast.editor, except_kind="project", except_id=mine["id"])[0]["kind"] == "lead"


def test_what_another_zone_has_is_told_by_nothing_but_that_it_is_there(cast: Cast) -> None:
    project(cast, cast.stranger, "WEST", name="秘密的铜箔工程")
    lead(cast, cast.stranger, "WEST")
    (told,) = searched(cast, cast.editor)
    assert told == {"strength": told["strength"], "reasons": told["reasons"], "visible": False} | dict.fromkeys(
        ("kind", "id", "code", "name", "zone", "stands", "registered")
    )
    assert "秘密" not in str(told)


def test_leaving_one_out_tells_nothing_of_one_that_she_does_not_see(cast: Cast) -> None:
    theirs = project(cast, cast.stranger, "WEST")
    assert searched(cast, cast.editor, except_kind="project", except_id=theirs["id"]) == searched(cast, cast.editor)


def test_amount_and_place_of_another_zone_cannot_be_felt_out(cast: Cast) -> None:
    project(cast, cast.stranger, "WEST", location="东一路北侧")
    answers = [
        searched(cast, cast.editor, amount_yuan=amount, location=place)
        for amount in (1, 450_000_000, 10**12)
        for place in ("东一路北侧", "别处")
    ]
    assert all(answer == answers[0] for answer in answers)


def test_a_confidential_lead_is_told_like_any_other(cast: Cast) -> None:
    lead(cast, cast.stranger, "WEST")
    plain = searched(cast, cast.editor)
    lead(cast, cast.stranger, "WEST", confidential=True, name="绝密铜箔", investor_name=FIRM)
    assert searched(cast, cast.editor) == plain
    auditor = cast.key("read")
    with pytest.raises(Forbidden):
        searched(cast, auditor)
    with pytest.raises(Forbidden):
        searched(cast, cast.leader)


def test_a_program_without_the_right_to_names_is_told_nothing_of_a_confidential_lead_in_its_own_zone(
    cast: Cast,
) -> None:
    lead(cast, cast.editor, "EAST", confidential=True, code_name="龙腾")
    (told,) = searched(cast, cast.key("write"))
    assert told["visible"] is False
    (seen,) = searched(cast, cast.editor)
    assert (seen["visible"], seen["name"]) == (True, "铜箔线索")


def test_who_feels_for_names_waits_and_the_log_says_who_it_was(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    project(cast, cast.stranger, "WEST")
    with caplog.at_level(logging.INFO, "sanzhang.likeness"):
        answer = cast.database.ask_now(cast.editor, duplicates.search, ASKED)
    (line,) = [r for r in caplog.records if r.name == "sanzhang.likeness"]
    assert line.who == f"account:{cast.accounts['editor']}"  # type: ignore[attr-defined]
    assert "鑫源" not in str(vars(line))
    who = f"account:{cast.accounts['editor']}"
    for _ in range(throttle.FREE["likeness"] + 1):
        cast.database.chore_now(lambda link: duplicates.count(link, who, answer))
    for words in (ASKED, {"name": "没有的名字"}):
        with pytest.raises(TooMany):
            cast.database.ask_now(cast.editor, duplicates.search, words)
    assert searched(cast, cast.stranger)[0]["visible"] is True


def test_a_credit_code_finds_the_firm_whatever_it_is_called(cast: Cast) -> None:
    firm = cast.database.act_now(cast.editor, enterprises.create, {"name": FIRM, "credit_code": CODE}).value
    mine = project(cast, cast.editor, "EAST", investor_name="信源有色", enterprise_id=firm["id"])
    (found,) = searched(cast, cast.editor, name="x", investor_name="完全不同", credit_code=CODE.lower())
    assert (found["id"], found["reasons"]) == (mine["id"], ["credit_code"])


def test_what_is_renamed_or_deleted_is_found_by_what_it_is_now(cast: Cast) -> None:
    mine = project(cast, cast.editor, "EAST")
    cast.database.act_now(
        cast.editor, projects.amend, mine["id"], {"investor_name": "海风装备有限公司", "name": "风电主轴"}, version=None
    )
    assert searched(cast, cast.editor) == []
    assert searched(cast, cast.editor, name="风电主轴", investor_name="海风装备")[0]["id"] == mine["id"]
    cast.database.act_now(cast.editor, projects.remove, mine["id"], version=None)
    assert searched(cast, cast.editor, name="风电主轴", investor_name="海风装备") == []


def test_keys_that_an_earlier_program_did_not_write_are_made_from_the_rows(cast: Cast) -> None:
    mine = project(cast, cast.editor, "EAST")
    other = lead(cast, cast.editor, "EAST")
    gone = (
        "DELETE FROM search WHERE rowid IN (SELECT id FROM project)"
        if cast.database.dialect == "sqlite"
        else "DELETE FROM project_terms"
    )
    cast.database.chore_now(lambda link: link.raw.execute(gone))
    cast.database.chore_now(find_again)
    assert {(i["kind"], i["id"]) for i in searched(cast, cast.editor)} == {
        ("project", mine["id"]),
        ("lead", other["id"]),
    }


# ── open likenesses and verdicts ─────────────────────────────────────────────────────────────────────────────────────
def two(cast: Cast) -> tuple[dict[str, Any], dict[str, Any]]:
    first = project(cast, cast.editor, "EAST")
    later = project(cast, cast.stranger, "WEST", name="年产10万吨高精铜箔", investor_name="鑫源铜业集团")
    compare(cast.database)
    return first, later


def side(found: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "project", "id": found["id"]}


def verdict(
    cast: Cast, one: dict[str, Any], other: dict[str, Any], said: str = "same_project", **facts: Any
) -> dict[str, Any]:
    told = {"first": side(one), "later": side(other), "verdict": said, "reason": "同一投资方", **facts}
    found: dict[str, Any] = cast.database.act_now(cast.office, verdicts.decide, told).value
    return found


def test_a_new_registration_is_compared_with_those_of_all_zones_and_the_city_office_sees_both(cast: Cast) -> None:
    first, later = two(cast)
    (pair,) = cast.database.ask_now(cast.office, verdicts.open_)
    assert (pair["first"]["id"], pair["later"]["id"]) == (first["id"], later["id"])
    assert {pair["first"]["zone"], pair["later"]["zone"]} == {"EAST", "WEST"}
    assert pair["strength"] in ("strong", "likely")
    assert cast.database.ask_now(cast.auditor, verdicts.open_) == [pair]
    for who in (cast.editor, cast.leader, cast.administrator, cast.key("write")):
        with pytest.raises(Forbidden):
            cast.database.ask_now(who, verdicts.open_)


def test_what_belongs_together_anyway_is_no_likeness(cast: Cast) -> None:
    parent = project(cast, cast.editor, "EAST")
    project(cast, cast.editor, "EAST", name="年产10万吨铜箔扩建", parent_id=parent["id"], relation="expansion")
    compare(cast.database)
    assert cast.database.ask_now(cast.office, verdicts.open_) == []


def test_a_lead_and_the_project_it_became_are_one_registration_that_began_with_the_lead(cast: Cast) -> None:
    later = project(cast, cast.editor, "EAST")
    first = cast.database.act_now(
        cast.stranger, leads.create, LANDING | {"name": "年产10万吨铜箔"}, zone="WEST", registered_on="2026-01-05"
    ).value
    cast.database.act_now(cast.stranger, lead_moves.move, first["id"], to="negotiating")
    landed = cast.database.act_now(cast.stranger, landing.land, first["id"]).value
    compare(cast.database)
    (pair,) = cast.database.ask_now(cast.office, verdicts.open_)
    assert [(pair[n]["kind"], pair[n]["id"]) for n in ("first", "later")] == [
        ("project", landed["id"]),
        ("project", later["id"]),
    ]
    assert pair["first"]["registered"] == "2026-01-05", "first contact counts, not the day it entered a ledger"
    assert [item["kind"] for item in searched(cast, cast.stranger) if item["visible"]] == ["project"]


def test_what_was_judged_of_a_lead_stays_judged_when_it_becomes_a_project(cast: Cast) -> None:
    first = project(cast, cast.editor, "EAST")
    later = lead(cast, cast.stranger, "WEST", **LANDING)
    cast.database.act_now(cast.stranger, lead_moves.move, later["id"], to="negotiating")
    compare(cast.database)
    (pair,) = cast.database.ask_now(cast.office, verdicts.open_)
    told = {"first": side(first), "later": {"kind": "lead", "id": later["id"]}, "verdict": "different", "reason": "x"}
    assert pair["later"]["kind"] == "lead"
    cast.database.act_now(cast.office, verdicts.decide, told)
    cast.database.act_now(cast.stranger, landing.land, later["id"])
    compare(cast.database)
    assert cast.database.ask_now(cast.office, verdicts.open_) == []


def test_a_likeness_that_is_corrected_away_is_no_longer_open_and_many_changes_are_taken_in_batches(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "AT_ONCE", 1)
    monkeypatch.setattr(comparing, "SCANNED", 2)
    _, later = two(cast)
    assert len(cast.database.ask_now(cast.office, verdicts.open_)) == 1
    edit = {"investor_name": "海风装备", "name": "风电主轴"}
    cast.database.act_now(cast.stranger, projects.amend, later["id"], edit, version=None)
    compare(cast.database)
    assert cast.database.ask_now(cast.office, verdicts.open_) == []
    assert cast.database.read_now(comparing.next_batch) is None


@pytest.mark.parametrize(
    ("said", "signs", "increment"),
    [
        ("same_project", False, None),
        ("relocation", False, None),
        ("expansion", True, 90),
        ("capital_increase", True, 90),
    ],
)
def test_each_verdict_says_how_the_later_one_counts(cast: Cast, said: str, signs: bool, increment: int | None) -> None:
    first, later = two(cast)
    verdict(cast, first, later, said, increment_yuan=increment, document="市办〔2026〕1号")
    counts = cast.database.read_now(lambda link: verdicts.counting(link, Subject.PROJECT, [first["id"], later["id"]]))
    assert counts == {later["id"]: verdicts.Counting(Sameness(said), signs, increment)}
    assert cast.database.ask_now(cast.office, verdicts.open_) == []


def test_different_projects_both_count_and_a_verdict_taken_back_leaves_the_likeness_open(cast: Cast) -> None:
    first, later = two(cast)
    made = verdict(cast, first, later, "different")
    assert cast.database.read_now(lambda link: verdicts.counting(link, Subject.PROJECT, [later["id"]])) == {}
    cast.database.act_now(cast.office, verdicts.take_back, made["id"], version=made["version"])
    assert len(cast.database.ask_now(cast.office, verdicts.open_)) == 1
    again = verdict(cast, first, later)
    assert again["id"] == made["id"]
    with pytest.raises(Conflict) as refused:
        verdict(cast, later, first)
    assert (refused.value.code, refused.value.extra) == ("decided", {"id": again["id"]})


def test_a_verdict_and_its_change_stand_in_history(cast: Cast) -> None:
    first, later = two(cast)
    made = verdict(cast, first, later)
    edit = {"verdict": "different", "reason": "产品不同"}
    with pytest.raises(Stale):
        cast.database.act_now(cast.office, verdicts.amend, made["id"], edit, version=made["version"] - 1)
    changed = cast.database.act_now(cast.office, verdicts.amend, made["id"], edit, version=made["version"]).value
    assert (changed["verdict"], changed["reason"], changed["decided_by"]) == ("different", "产品不同", "Office")
    last = cast.database.ask_now(cast.office, history.of_row, "verdict", made["id"])[0]
    assert {"field": "verdict", "before": "same_project", "after": "different"} in last["changes"]
    assert [v["id"] for v in cast.database.ask_now(cast.auditor, verdicts.list_)] == [made["id"]]


def test_a_verdict_without_a_reason_an_increment_where_there_is_none_and_a_side_that_is_not_there_are_refused(
    cast: Cast,
) -> None:
    first, later = two(cast)
    for wrong, pointer in (
        ({"reason": None}, "/verdict"),
        ({"increment_yuan": 5}, "/increment_yuan"),
        ({"decided_on": "2199-01-01"}, "/decided_on"),
        ({"later": {"kind": "lead", "id": 99}}, "/later/id"),
        ({"later": side(first)}, "/later/id"),
    ):
        with pytest.raises(Invalid) as refused:
            verdict(cast, first, later, **wrong)
        assert refused.value.problems[0].pointer == pointer
    told = {"first": side(first), "later": side(later), "verdict": "different", "reason": "x"}
    for who in (cast.editor, cast.leader, cast.auditor):
        with pytest.raises(Forbidden):
            cast.database.act_now(who, verdicts.decide, told)


def test_a_zone_learns_of_a_verdict_on_its_own_and_nothing_of_the_other_side(cast: Cast) -> None:
    first, later = two(cast)
    verdict(cast, first, later, reason="与东区秘密项目重复")
    (told,) = cast.database.ask_now(cast.stranger, verdicts.of_subject, Subject.PROJECT, later["id"])
    assert (told["verdict"], told["later"], told["other"], told["reason"]) == ("same_project", True, None, None)
    (whole,) = cast.database.ask_now(cast.both, verdicts.of_subject, Subject.PROJECT, later["id"])
    assert (whole["other"]["id"], whole["reason"]) == (first["id"], "与东区秘密项目重复")
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.editor, verdicts.of_subject, Subject.PROJECT, later["id"])


def test_a_project_counts_by_the_verdict_on_the_lead_it_was(cast: Cast) -> None:
    first = project(cast, cast.editor, "EAST")
    came = lead(cast, cast.stranger, "WEST")
    landed = project(cast, cast.stranger, "WEST", name="落地铜箔")
    tie = Sql("UPDATE lead SET project_id = :project, since = (SELECT seq + 1 FROM head) WHERE id = :lead")
    cast.database.chore_now(lambda link: link.run(tie, {"project": landed["id"], "lead": came["id"]}))
    told = {"first": side(first), "later": {"kind": "lead", "id": came["id"]}, "verdict": "same_project", "reason": "x"}
    cast.database.act_now(cast.office, verdicts.decide, told)
    counts = cast.database.read_now(lambda link: verdicts.counting(link, Subject.PROJECT, [landed["id"]]))
    assert counts[landed["id"]].signs is False


def test_over_the_api_the_search_warns_and_the_city_office_decides(web: Web) -> None:
    cast = web.cast
    first, later = two(cast)
    found = web.post("/duplicates/search", json=ASKED, key="write")
    assert found.status_code == 200, found.text
    assert [i["visible"] for i in found.json()["items"]] == [True, False]
    (pair,) = web.get("/duplicates").json()["items"]
    assert (pair["first"]["id"], pair["later"]["id"]) == (first["id"], later["id"])
    made = web.post(
        "/verdicts", json={"first": side(first), "later": side(later), "verdict": "expansion", "reason": "扩建"}
    )
    assert made.status_code == 201, made.text
    assert web.get(f"/projects/{first['id']}/verdicts", key="write").json()["items"][0]["other"] is None
    changed = web.patch(
        f"/verdicts/{made.json()['id']}", json={"increment_yuan": 9, "reason": "增量"}, version=made.json()["version"]
    )
    assert changed.json()["increment_yuan"] == 9
    assert web.get("/verdicts").json()["items"][0]["id"] == made.json()["id"]
    assert web.delete(f"/verdicts/{made.json()['id']}", version=changed.json()["version"]).status_code == 200


@pytest.mark.parametrize(
    ("said", "signed", "amount"), [("same_project", 1, 500), ("relocation", 1, 500), ("expansion", 1, 500)]
)
def test_what_is_registered_twice_is_signed_once_from_the_verdict_on_and_not_before(
    sqlite_cast: Cast, said: str, signed: int, amount: int
) -> None:
    cast = sqlite_cast
    sides = two(cast)
    edit = {"signed_on": "2026-03-01", "contract_amount_yuan": 500, "reason": "合同"}
    for by, side in (("editor", sides[0]), ("stranger", sides[1])):
        cast.database.act_now(cast.by(by), projects.amend, side["id"], edit, version=None)

    def first_contracts(seq: int | None = None) -> tuple[int, int]:
        found = cast.database.ask_now(cast.by("office", as_of=seq), signings.signings, None, "2026-01-01", "2026-12")
        own = [s for s in found if s.relation != "expansion"]
        return len(own), sum(s.amount or 0 for s in own)

    assert first_contracts() == (2, 1000)
    made = verdict(cast, *sides, said, increment_yuan=90 if said == "expansion" else None)
    assert first_contracts() == (signed, amount)
    assert first_contracts(made["version"] - 1) == (2, 1000), "as it was known then"

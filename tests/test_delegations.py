"""Delegations: the life of one, what contradicts it, who gives and who takes over, what of it is public, and many at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale
from app.rules import delegations as rules
from app.rules.codes import DelegationForm, DelegationState
from app.services import delegating, delegations, history, power_warning
from tests.cast import Cast
from tests.test_powers import give, item, run
from tests.web import Web

BLANK = {
    "form": "transfer", "state": "pending", "state_on": "2026-01-01", "given_on": "2026-01-01", "effective_from": None,
    "effective_until": None, "scope_document": None, "receiving_department": None, "taken_over_on": None, "running_on": None,
    "adjusted_on": None, "revoked_on": None, "adjusted_document": None, "revoked_document": None,
}  # fmt: skip
POWER = {"name": "施工许可", "reserved": False, "basis_valid_until": None}
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))
TODAY = "2026-11-27"


def codes(refusal: Refusal) -> list[str]:
    return [p.code for p in refusal.problems]


def move(cast: Cast, to: str, who: str = "editor", zone: str = "EAST", code: str = "ZJ-001", **facts: Any) -> Any:
    return cast.database.act_now(cast.by(who), delegations.move, zone, code, {"to": to, **facts}).value


# ── the life, as pure rules ──────────────────────────────────────────────────────────────────────────────────────────
@given(
    st.sampled_from(list(DelegationForm)),
    st.lists(
        st.tuples(
            st.sampled_from(list(DelegationState)),
            DAYS,
            st.fixed_dictionaries(
                {},
                optional={
                    "receiving_department": st.just("审批局"),
                    "effective_from": DAYS.map(str),
                    "effective_until": DAYS.map(str),
                    "scope_document": st.just("委托书"),
                    "adjusted_document": st.just("文"),
                    "revoked_document": st.just("文"),
                },
            ),
        ),
        max_size=8,
    ),
)
def test_however_it_is_pushed_it_only_walks_its_life_forwards_in_time(form: DelegationForm, pushes: list[Any]) -> None:
    facts: dict[str, Any] = {**BLANK, "form": form.value}
    for to, on, told in pushes:
        before = dict(facts)
        facts |= told
        wrote, faults = rules.step(facts, to, str(on), TODAY)
        assert bool(wrote) != bool(faults), "it is taken, or there is a reason"
        if faults:
            facts = before
            continue
        facts |= wrote
        assert to in rules.NEXT[before["state"]]
        assert before["state_on"] <= facts["state_on"] <= TODAY
        if to in (DelegationState.TAKEN_OVER, DelegationState.RUNNING):
            assert facts["receiving_department"]
            assert form != DelegationForm.ENTRUSTMENT or facts["scope_document"]
        if to == DelegationState.RUNNING:
            assert facts["effective_from"] <= facts["running_on"]
            assert facts["taken_over_on"] <= facts["running_on"]
        if to in (DelegationState.ADJUSTED, DelegationState.REVOKED):
            assert facts[f"{to}_document"]
    for day in ("2026-01-01", TODAY, "2027-12-31"):
        if rules.in_force(facts, day):
            assert facts["running_on"] <= day
            assert facts["effective_from"] <= day <= (facts["effective_until"] or day)
            assert facts["revoked_on"] is None or day < facts["revoked_on"]


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=6), DAYS)
def test_periods_that_do_not_contradict_each_other_never_hold_on_the_same_day(spans: list[Any], day: Any) -> None:
    kept: list[dict[str, Any]] = []
    for start, end in spans:
        facts = {**BLANK, "effective_from": str(start), "effective_until": str(end), "running_on": str(start)}
        if not rules.faults(facts, POWER, kept):
            kept.append(facts)
    assert sum(rules.in_force(facts, str(day)) for facts in kept) <= 1


def test_a_window_takes_in_and_settles_nothing() -> None:
    assert [f.value for f in DelegationForm if not rules.settles(f)] == ["window_only"]
    assert not rules.settles(None)


def test_the_end_is_told_ahead_and_after_it_has_passed() -> None:
    facts = {**BLANK, "effective_until": "2026-12-31"}
    assert rules.ends_soon(facts, "2026-10-01", 90) is None
    assert rules.ends_soon(facts, "2026-10-02", 90) == 90
    assert rules.ends_soon(facts, "2027-01-10", 90) == -10
    assert rules.ends_soon({**facts, "state": "revoked"}, "2026-12-30", 90) is None


# ── one life ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_item_is_given_taken_over_run_adjusted_and_revoked_each_with_its_day(cast: Cast) -> None:
    item(cast)
    given_ = give(cast, "EAST", "ZJ-001", document="聊政字〔2026〕8号", effective_from="2026-03-01", batch="第一批")
    assert (given_["state"], given_["in_force"], given_["number"]) == ("pending", False, 1)
    assert given_["days_waiting"] > 200
    move(cast, "taken_over", on="2026-03-20", receiving_department="审批服务局")
    running = move(cast, "running", on="2026-04-01", own_seal=True)
    assert (running["in_force"], running["days_waiting"], running["own_seal"]) == (True, None, True)
    adjusted = move(cast, "adjusted", "office", on="2026-06-01", document="聊政字〔2026〕15号")
    assert adjusted["in_force"], "what is adjusted runs on"
    gone = move(cast, "revoked", "office", on="2026-09-01", document="聊政字〔2026〕22号")
    assert (gone["in_force"], gone["state"]) == (False, "revoked")
    days = ("given_on", "taken_over_on", "running_on", "adjusted_on", "revoked_on")
    assert [gone[d][5:] for d in days] == ["03-01", "03-20", "04-01", "06-01", "09-01"]
    assert not rules.in_force(gone, "2026-03-31")
    assert rules.in_force(gone, "2026-08-31")
    assert not rules.in_force(gone, "2026-09-01")
    told = cast.database.ask_now(cast.editor, history.of_row, "delegation", 1)
    assert [a["word"] for a in told] == ["delegation.give"] * 2 + ["delegation.amend"] * 2 + ["delegation.give"]


def test_given_again_after_a_revocation_it_is_a_new_period_and_the_old_one_stays(cast: Cast) -> None:
    item(cast)
    run(cast, "EAST", "ZJ-001")
    move(cast, "revoked", "office", on="2026-06-01", document="收回文件")
    with pytest.raises(Conflict) as early:
        run(cast, "EAST", "ZJ-001", form="entrustment", scope_document="委托书", effective_from="2026-05-01")
    assert codes(early.value) == ["running_before_effective", "two_at_once"]
    again = run(cast, "EAST", "ZJ-001", form="entrustment", scope_document="委托书", effective_from="2026-06-01", given_on="2026-06-01")  # fmt: skip
    assert (again["number"], again["form"], [p["form"] for p in again["periods"]]) == (2, "entrustment", ["transfer"])
    told = cast.database.ask_now(cast.editor, delegations.list_, "EAST")
    assert [(d["number"], d["state"]) for d in told] == [(2, "running")]
    assert len(cast.database.ask_now(cast.editor, delegations.list_, "EAST", past=True)) == 2


@pytest.mark.parametrize(
    ("start", "to", "facts", "code"),
    [
        ({}, "taken_over", {}, "required"),
        ({"form": "entrustment"}, "taken_over", {"receiving_department": "审批局"}, "required"),
        ({}, "running", {"receiving_department": "审批局"}, "required"),
        ({}, "adjusted", {"document": "文"}, "wrong_step"),
        ({}, "pending", {}, "wrong_step"),
        ({}, "revoked", {}, "required"),
        ({}, "taken_over", {"receiving_department": "审批局", "on": "2026-02-28"}, "before_last_step"),
        ({}, "taken_over", {"receiving_department": "审批局", "on": "2199-01-01"}, "future"),
        ({"effective_from": "2026-05-01"}, "running", {"receiving_department": "局", "on": "2026-04-01"}, "running_before_effective"),
        ({"effective_from": "2026-03-01", "effective_until": "2026-04-01"}, "running", {"receiving_department": "局", "on": "2026-05-01"}, "expired"),
        ({"effective_from": "2026-05-01"}, "revoked", {"document": "文", "on": "2026-04-01"}, "revoked_before_effective"),
    ],
)  # fmt: skip
def test_a_step_that_lacks_something_says_what(
    sqlite_cast: Cast, start: Any, to: str, facts: Any, code: str
) -> None:  # fmt: skip
    item(sqlite_cast)
    give(sqlite_cast, "EAST", "ZJ-001", **start)
    with pytest.raises((Invalid, Conflict)) as refused:
        move(sqlite_cast, to, "office", **facts)
    assert code in codes(refused.value)
    assert sqlite_cast.database.ask_now(sqlite_cast.editor, delegations.read, "EAST", "ZJ-001")["state"] == "pending"


@pytest.mark.parametrize(
    ("power", "facts", "code"),
    [
        ({"reserved": True}, {}, "reserved_by_law"),
        ({"basis_valid_until": "2027-01-31"}, {"effective_from": "2027-02-01"}, "outside_basis"),
        ({"basis_valid_until": "2027-01-31"}, {"effective_until": "2027-02-01"}, "outside_basis"),
        ({"basis_valid_until": "2027-01-31"}, {}, "outside_basis"),
        ({}, {"effective_from": "2026-05-01", "effective_until": "2026-04-30"}, "dates_crossed"),
        ({}, {"given_on": "2199-01-01"}, "future"),
        ({}, {"form": "gift"}, "not_in_list"),
        ({}, {"state": "running"}, "required"),
    ],
)
def test_what_contradicts_the_law_its_basis_or_itself_is_refused(
    sqlite_cast: Cast, power: Any, facts: Any, code: str
) -> None:
    item(sqlite_cast, **power)
    with pytest.raises((Invalid, Conflict)) as refused:
        give(sqlite_cast, "EAST", "ZJ-001", **facts)
    assert code in codes(refused.value)


def test_nothing_is_given_without_a_form(sqlite_cast: Cast) -> None:
    item(sqlite_cast)
    with pytest.raises(Invalid) as refused:
        sqlite_cast.database.act_now(sqlite_cast.office, delegations.put, "EAST", "ZJ-001", {"batch": "第一批"})
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/form", "required")]


def test_two_forms_at_once_are_refused_with_the_sentence_why(web: Web) -> None:
    cast = web.cast
    item(cast)
    run(cast, "EAST", "ZJ-001", effective_until="2027-12-31")
    sent = {"sets": [{"zones": ["EAST"], "powers": ["ZJ-001"]}], "form": "entrustment"}
    refused = web.post("/delegations/batch", json=sent, headers={"Accept-Language": "zh-CN"})
    assert (refused.status_code, refused.json()["code"]) == (409, "batch_refused")
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/EAST/ZJ-001/effective_from", "two_at_once")
    assert error["detail"] == "2026-03-01 至 2027-12-31 已以“下放”形式承接：请从到期之后开始，或先收回"


def test_what_runs_keeps_its_form_and_its_state_changes_by_steps_only(cast: Cast) -> None:
    item(cast)
    run(cast, "EAST", "ZJ-001")
    for facts, code in (
        ({"form": "window_only"}, "running_form"),
        ({"state": "pending"}, "only_by_step"),
        ({"receiving_department": None}, "required"),
        ({"effective_from": "2026-05-01"}, "running_before_effective"),
    ):
        with pytest.raises((Invalid, Conflict)) as refused:
            cast.database.act_now(cast.office, delegations.put, "EAST", "ZJ-001", facts)
        assert code in codes(refused.value), facts


# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_city_gives_and_takes_back_and_the_zone_takes_over_and_runs(cast: Cast) -> None:
    item(cast)
    sent = {"form": "transfer"}
    for who in (cast.editor, cast.reviewer, cast.leader, cast.administrator):
        with pytest.raises(Forbidden):
            cast.database.act_now(who, delegations.put, "EAST", "ZJ-001", sent)
    made = give(cast, "EAST", "ZJ-001", effective_from="2026-03-01")
    waiting = {"waiting_for": "专用章未刻制"}
    kept = cast.database.act_now(cast.editor, delegations.put, "EAST", "ZJ-001", waiting, version=made["version"]).value
    assert kept["waiting_for"] == "专用章未刻制"
    with pytest.raises(Stale):
        cast.database.act_now(
            cast.editor, delegations.put, "EAST", "ZJ-001", {"waiting_for": "人员"}, version=made["version"]
        )
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.editor, delegations.put, "EAST", "ZJ-001", {"effective_until": "2030-01-01"})
    with pytest.raises(NotFound):
        cast.database.act_now(cast.stranger, delegations.put, "EAST", "ZJ-001", waiting)
    with pytest.raises(NotFound):
        move(cast, "taken_over", "stranger", receiving_department="审批局")
    with pytest.raises(Forbidden):
        move(cast, "taken_over", "leader", receiving_department="审批局")
    assert move(cast, "running", receiving_department="审批局")["waiting_for"] is None, "it waits no longer"
    with pytest.raises(Forbidden):
        move(cast, "revoked", document="文")


def test_what_is_published_is_read_by_a_sister_and_what_is_not_is_not(web: Web) -> None:
    cast = web.cast
    item(cast)
    give(cast, "EAST", "ZJ-001", document="聊政字〔2026〕8号", waiting_for="缺人", remarks="内部", supervision="市局")
    told = cast.database.ask_now(cast.stranger, delegations.read, "EAST", "ZJ-001")
    assert (told["form"], told["state"], told["document"]) == ("transfer", "pending", "聊政字〔2026〕8号")
    assert [told[n] for n in ("waiting_for", "remarks", "supervision", "scope_document")] == [None] * 4
    own = cast.database.ask_now(cast.editor, delegations.read, "EAST", "ZJ-001")
    assert (own["waiting_for"], own["remarks"]) == ("缺人", "内部")
    listed = web.get("/zones/EAST/delegations?state=pending", key="read").json()["items"]
    assert [d["waiting_for"] for d in listed] == ["缺人"], "a key over every zone reads all"
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.stranger, delegations.read, "NOWHERE", "ZJ-001")


def test_how_long_ahead_the_end_is_told_is_a_setting(web: Web) -> None:
    cast = web.cast
    item(cast)
    run(cast, "EAST", "ZJ-001", effective_until="2199-12-31")
    assert web.get("/zones/EAST/delegations/ZJ-001").json()["days_left"] is None
    assert web.get("/settings/delegations").json() == {"warn_days": 90, "version": 0}
    assert cast.database.act_now(cast.office, power_warning.put, {"warn_days": 0}, version=None).value["warn_days"] == 0
    with pytest.raises(Invalid):
        cast.database.act_now(cast.office, power_warning.put, {"warn_days": 5000}, version=None)
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.editor, power_warning.put, {"warn_days": 5}, version=None)


# ── many at once ─────────────────────────────────────────────────────────────────────────────────────────────────────
def sets(*pairs: tuple[list[str], list[str]]) -> dict[str, Any]:
    return {"sets": [{"zones": zones, "powers": powers} for zones, powers in pairs]}


def test_a_batch_gives_different_items_to_different_zones_in_one_act(cast: Cast) -> None:
    for n in (1, 2, 3):
        item(cast, f"P-{n}")
    batch = {**sets((["EAST", "WEST"], ["P-1"]), (["EAST"], ["P-2", "P-3"])), "form": "transfer", "batch": "第一批"}
    before = [c.told() for c in cast.database.ask_now(cast.office, delegating.weigh, batch)]
    assert [c["becomes"] for c in before] == ["new"] * 4
    assert cast.database.ask_now(cast.leader, delegations.list_, "EAST") == [], "a preview writes nothing"
    done = cast.database.act_now(cast.office, delegating.give, batch).value
    assert (done["changed"], done["same"]) == (4, 0)
    held = {z: [d["power"] for d in cast.database.ask_now(cast.leader, delegations.list_, z)] for z in ("EAST", "WEST")}
    assert held == {"EAST": ["P-1", "P-2", "P-3"], "WEST": ["P-1"]}
    again = cast.database.act_now(cast.office, delegating.give, batch).value
    assert (again["changed"], again["same"]) == (0, 4), "sent twice it is given once"
    back = {**sets((["EAST"], ["P-1", "P-2"])), "to": "revoked", "document": "收回文件"}
    assert cast.database.act_now(cast.office, delegating.move, back).value["changed"] == 2
    states = [d["state"] for d in cast.database.ask_now(cast.leader, delegations.list_, "EAST")]
    assert states == ["revoked", "revoked", "pending"]


def test_every_conflict_of_a_batch_is_told_at_once_and_nothing_is_written(cast: Cast) -> None:
    item(cast, "P-1")
    item(cast, "P-2", reserved=True)
    item(cast, "P-3")
    run(cast, "WEST", "P-1")
    batch = {**sets((["EAST", "WEST"], ["P-1", "P-2", "P-3"])), "form": "authorization"}
    with pytest.raises(Conflict) as refused:
        cast.database.act_now(cast.office, delegating.give, batch)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [
        ("/EAST/P-2/form", "reserved_by_law"), ("/WEST/P-1/effective_from", "two_at_once"), ("/WEST/P-2/form", "reserved_by_law"),
    ]  # fmt: skip
    assert cast.database.ask_now(cast.leader, delegations.list_, "EAST") == []
    with pytest.raises(Invalid) as unknown:
        cast.database.act_now(cast.office, delegating.give, {**sets((["NORTH"], ["P-1", "P-9"])), "form": "transfer"})
    assert [p.pointer for p in unknown.value.problems] == ["/sets/0/zones/0", "/sets/0/powers/1"]
    with pytest.raises(Conflict) as nothing:
        cast.database.act_now(
            cast.office, delegating.move, {**sets((["EAST"], ["P-1"])), "to": "revoked", "document": "文"}
        )
    assert codes(nothing.value) == ["not_held"]


def test_a_zone_may_run_many_of_its_own_and_of_no_other(cast: Cast) -> None:
    for n in (1, 2):
        item(cast, f"P-{n}")
        give(cast, "EAST", f"P-{n}", effective_from="2026-03-01")
    step = {"to": "running", "receiving_department": "审批局"}
    assert cast.database.act_now(cast.editor, delegating.move, {**sets((["EAST"], ["P-1", "P-2"])), **step}).value["changed"] == 2  # fmt: skip
    with pytest.raises(Invalid):
        cast.database.act_now(cast.stranger, delegating.move, {**sets((["EAST"], ["P-1"])), **step})
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.editor, delegating.give, {**sets((["EAST"], ["P-1"])), "form": "transfer"})


def test_both_doors_take_a_step_and_refuse_it_alike(web: Web) -> None:
    cast = web.cast
    item(cast)
    made = web.put("/zones/EAST/delegations/ZJ-001", json={"form": "transfer", "effective_from": "2026-03-01"})
    assert made.status_code == 200, made.text
    assert web.put("/zones/EAST/delegations/ZJ-001", json={"remarks": "x"}).status_code == 428
    path = "/zones/EAST/delegations/ZJ-001/moves"
    lacking = web.post(path, json={"to": "running"}, key="write")
    assert (lacking.status_code, [e["pointer"] for e in lacking.json()["errors"]]) == (422, ["/receiving_department"])
    sent = {"to": "running", "receiving_department": "Approval office", "version": made.json()["version"]}
    rehearsed = web.post(path + "?validate_only=true", json=sent, key="write")
    assert (rehearsed.status_code, rehearsed.json()["state"]) == (201, "running")
    done = web.post(path, json=sent, key="write")
    assert (done.status_code, done.headers["location"]) == (201, "/api/v1/zones/EAST/delegations/ZJ-001")
    assert web.post(path, json=sent, key="write").status_code == 412
    wrong = web.post(path, json={"to": "taken_over"}, key="write", headers={"Accept-Language": "en"})
    assert (wrong.status_code, wrong.json()["errors"][0]["detail"]) == (
        409, "From “running” there is no step to “taken over”",
    )  # fmt: skip

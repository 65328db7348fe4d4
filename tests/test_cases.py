"""Cases of the approval chain: entered, amended, ended; and the project's five procedures say the same, whoever writes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import Caller, house
from app.desk import Desk
from app.doctor import examine
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.models import Account, Case
from app.rules.access import Act, Role
from app.rules.cases import PROCEDURES, contradictions, state_of
from app.secret import secret
from app.services import cases, history, identity, paths, project_pages, projects, transfers, undoing, units
from app.services.asking import Asked
from app.settings import Settings
from tests.cast import Cast
from tests.test_exports import exported
from tests.test_imports import bring
from tests.test_month_steps import act
from tests.test_round_trip import column, edited, line_of
from tests.web import Web

FILED = {"step": "filing", "applied_on": "2026-03-02", "accepted_on": "2026-03-02"}
GRANTED = {"decided_on": "2026-03-04", "result": "granted", "settled_in": "zone", "settled_under": "delegated"}


@pytest.fixture
def mill(cast: Cast) -> int:
    """An upcoming mill on new land, of which nothing was applied for."""
    made = act(cast, "editor", projects.create, {"name": "轴承生产线（演示）", "land_mode": "new_land"}, zone="EAST")
    return int(made["id"])


def enter(cast: Cast, id_: int, who: str = "editor", **values: Any) -> Any:
    return act(cast, who, cases.create, id_, values)


def node(cast: Cast, id_: int, step: str = "filing") -> tuple[Any, Any]:
    found = cast.database.ask_now(cast.leader, projects.read, id_)["procedures"][step]
    return found["state"], found["promised_on"]


def type_(cast: Cast, id_: int, **edit: Any) -> Any:
    return act(cast, "editor", projects.amend, id_, {**edit, "reason": "按月调度"}, version=None)


def listed(cast: Cast, id_: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cast.database.ask_now(cast.leader, cases.list_, id_)
    return found


def test_a_case_goes_from_application_to_decision_and_the_procedure_goes_with_it(cast: Cast, mill: int) -> None:
    made = enter(cast, mill, **FILED, promised_on="2026-03-05")
    assert (made["state"], made["days_used"], made["in_zone"]) == ("in_progress", None, None)
    assert node(cast, mill) == ("in_progress", "2026-03-05")
    done = act(cast, "editor", cases.amend, mill, made["id"], GRANTED, version=made["version"])
    assert (done["state"], done["days_used"], done["in_zone"], done["late"]) == ("done", 2, True, False)
    assert node(cast, mill) == ("done", "2026-03-05")
    lines = cast.database.ask_now(cast.editor, history.of_row, "approval_case", made["id"])
    assert [line["word"] for line in lines] == ["case.write", "case.write"]


def test_days_are_working_days_and_what_a_platform_tells_goes_first(cast: Cast, mill: int) -> None:
    over = {"step": "land", "applied_on": "2026-04-30", "decided_on": "2026-05-07", "result": "granted"}
    assert enter(cast, mill, **over)["days_used"] == 2, "the holiday of May is no working time"
    told = enter(
        cast, mill, step="environment", applied_on="2026-03-02", decided_on="2026-03-20", result="granted", days_used=5
    )
    assert (told["days_used"], told["days_told"]) == (5, True)


def test_a_refused_case_leaves_the_step_open_and_it_is_applied_for_again(cast: Cast, mill: int) -> None:
    first = enter(cast, mill, **FILED, promised_on="2026-03-05")
    refused = {"decided_on": "2026-03-04", "result": "refused", "settled_in": "city"}
    act(cast, "editor", cases.amend, mill, first["id"], refused, version=None)
    assert node(cast, mill) == ("not_started", None)
    again = enter(cast, mill, step="filing", applied_on="2026-03-10")
    assert node(cast, mill)[0] == "in_progress"
    assert [(c["id"], c["result"]) for c in listed(cast, mill)] == [(first["id"], "refused"), (again["id"], None)]
    with pytest.raises(Conflict) as there:
        enter(cast, mill, step="filing", applied_on="2026-03-11")
    assert there.value.code == "case_there"
    act(cast, "editor", cases.remove, mill, again["id"], version=again["version"])
    assert node(cast, mill)[0] == "not_started"


# ── one fact, one place ──────────────────────────────────────────────────────────────────────────────────────────────
def test_a_typed_procedure_is_a_case_of_which_no_more_is_known(cast: Cast, mill: int) -> None:
    type_(cast, mill, land_state="in_progress", land_promised_on="2026-04-01")
    (typed,) = listed(cast, mill)
    assert (typed["id"], typed["step"], typed["state"], typed["promised_on"], typed["typed"]) == (
        None, "land", "in_progress", "2026-04-01", True,
    )  # fmt: skip
    made = enter(cast, mill, step="land", applied_on="2026-03-02")
    assert made["promised_on"] == "2026-04-01", "what was typed is taken over"
    assert [c["id"] for c in listed(cast, mill)] == [made["id"]]


def test_typing_a_procedure_changes_its_case_in_the_same_act(cast: Cast, mill: int) -> None:
    made = enter(cast, mill, **FILED)
    done = type_(cast, mill, filing_state="done", filing_promised_on="2026-03-09")
    (case,) = listed(cast, mill)
    assert (case["result"], case["decided_on"], case["promised_on"]) == ("granted", None, "2026-03-09")
    assert case["version"] == done["version"]
    type_(cast, mill, filing_state="in_progress")
    assert listed(cast, mill)[0]["result"] is None
    type_(cast, mill, filing_state="not_started")
    assert [(c["id"], c["result"]) for c in listed(cast, mill) if c["id"]] == [(made["id"], "withdrawn")]
    assert node(cast, mill)[0] == "not_started"


def test_a_bulk_change_and_an_undone_field_reach_the_cases_too(cast: Cast, mill: int) -> None:
    enter(cast, mill, **FILED)
    act(cast, "editor", projects.bulk, [(mill, None)], {"filing_state": "done"})
    assert listed(cast, mill)[0]["result"] == "granted"


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_done_at_both_doors_node_and_case_agree(sqlite_cast: Cast, data: st.DataObject) -> None:
    cast = sqlite_cast
    id_ = int(act(cast, "editor", projects.create, {"name": "随机"}, zone="EAST")["id"])
    for _ in range(data.draw(st.integers(1, 8))):
        step = data.draw(st.sampled_from(PROCEDURES[:2]))
        mine = [c for c in listed(cast, id_) if c["id"] and c["step"] == step]
        door = data.draw(st.sampled_from(["type", "promise", "enter", "amend", "remove"]))
        try:
            if door == "type":
                type_(
                    cast,
                    id_,
                    **{f"{step}_state": data.draw(st.sampled_from([None, "not_started", "in_progress", "done"]))},
                )
            elif door == "promise":
                type_(cast, id_, **{f"{step}_promised_on": data.draw(st.sampled_from([None, "2026-05-01"]))})
            elif door == "enter":
                ended = data.draw(
                    st.sampled_from([{}, {"decided_on": "2026-04-01", "result": "granted"}, {"result": "not_needed"}])
                )
                enter(cast, id_, step=step, applied_on="2026-03-01", **ended)
            elif door == "amend" and mine:
                result = data.draw(st.sampled_from(["granted", "refused", "withdrawn", "not_needed", None]))
                day = "2026-04-02" if result in ("granted", "refused") else None
                act(
                    cast,
                    "editor",
                    cases.amend,
                    id_,
                    mine[-1]["id"],
                    {"result": result, "decided_on": day, "reason": "x"},
                    version=None,
                )
            elif door == "remove" and mine:
                act(cast, "editor", cases.remove, id_, mine[-1]["id"], version=mine[-1]["version"]) if mine[-1][
                    "result"
                ] is None else None
        except (Conflict, Invalid):
            pass  # a case is there already, or it would contradict what was typed
        for one in PROCEDURES[:2]:
            standing = [
                c
                for c in listed(cast, id_)
                if c["id"] and c["step"] == one and c["result"] in (None, "granted", "not_needed")
            ]
            assert len(standing) <= 1
            if standing:
                assert node(cast, id_, one) == (state_of(standing[0]["result"]).value, standing[0]["promised_on"])


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"applied_on": "2126-01-01"}, "applied_on", "future"),
        ({"applied_on": "2026-03-02", "accepted_on": "2026-03-01"}, "accepted_on", "out_of_order"),
        ({"accepted_on": "2026-03-02", "decided_on": "2026-03-01", "result": "granted"}, "decided_on", "decided_early"),
        ({"result": "granted"}, "decided_on", "day_needed"),
        ({"decided_on": "2026-03-02"}, "result", "result_needed"),
        ({"days_used": 3}, "days_used", "not_ended"),
        ({"settled_in": "zone", "settled_under": "window_only"}, "settled_in", "window_outside"),
        ({"settled_in": "city", "settled_under": "branch_office"}, "settled_in", "settled_outside"),
        ({"step": "no_such_step"}, "step", "not_found"),
        ({"result": "lost"}, "result", "not_in_list"),
        ({"power_code": "NO-SUCH"}, "power_code", "not_found"),
    ],
)
def test_a_case_that_cannot_be_is_refused_with_its_field(
    sqlite_cast: Cast, values: dict[str, Any], field: str, code: str
) -> None:
    cast = sqlite_cast
    id_ = int(act(cast, "editor", projects.create, {"name": "厂房"}, zone="EAST")["id"])
    with pytest.raises(Invalid) as refused:
        enter(cast, id_, **{"step": "filing", **values})
    assert [(p.pointer, p.code) for p in refused.value.problems] == [(f"/{field}", code)]
    assert listed(cast, id_) == []


def test_a_blank_contradicts_nothing() -> None:
    assert contradictions({}, "2026-06-01") == []
    assert contradictions({"result": "not_needed"}, "2026-06-01") == []


def test_another_decision_needs_a_reason_and_a_stale_one_says_what_changed(cast: Cast, mill: int) -> None:
    made = enter(cast, mill, **FILED, **GRANTED)
    with pytest.raises(Invalid) as refused:
        act(cast, "editor", cases.amend, mill, made["id"], {"decided_on": "2026-03-05"}, version=made["version"])
    assert refused.value.code == "reason_required"
    with pytest.raises(Invalid):
        act(cast, "editor", cases.remove, mill, made["id"], version=made["version"])
    again = {"decided_on": "2026-03-05", "reason": "录入有误"}
    act(cast, "editor", cases.amend, mill, made["id"], again, version=made["version"])
    with pytest.raises(Stale) as stale:
        act(cast, "editor", cases.amend, mill, made["id"], {"number": "1"}, version=made["version"])
    assert [c["field"] for c in stale.value.extra["changed"]] == ["decided_on"]


def test_who_may_enter_a_case_and_who_sees_it(cast: Cast, mill: int) -> None:
    made = enter(cast, mill, **FILED)
    for who in ("leader", "office", "auditor", "administrator"):
        with pytest.raises(Forbidden):
            enter(cast, mill, who, step="land")
    for service in (cases.list_, paths.read):
        with pytest.raises(NotFound):
            cast.database.ask_now(cast.stranger, service, mill)
    with pytest.raises(NotFound):
        act(cast, "stranger", cases.amend, mill, made["id"], {"number": "1"}, version=None)
    assert len(listed(cast, mill)) == 1


def service_account(cast: Cast, unit: str) -> Caller:
    """Somebody of a service unit, for the zone EAST."""
    (unit_id,) = (u["id"] for u in cast.database.ask_now(cast.editor, units.list_, "EAST") if u["name"] == unit)

    def admit(desk: Desk) -> int:
        desk.ask(Act.ACCOUNT_CREATE)
        row = Account(login="agent", name="代办员", role=Role.SERVICE, zones=f"[{cast.east}]", unit_id=unit_id)
        desk.keep(row)
        return row.id or 0

    return Caller(identity.by_account(cast.database.act_now(house(), admit).value))


def test_a_service_unit_keeps_the_cases_of_the_projects_that_it_serves_and_nothing_else(cast: Cast, mill: int) -> None:
    def new(zone: str, **facts: Any) -> int:
        who = "editor" if zone == "EAST" else "stranger"
        return int(act(cast, who, projects.create, {"name": f"P{len(facts)}{zone}", **facts}, zone=zone)["id"])

    served, away = new("EAST", service_unit="项目代办服务中心"), new("WEST", service_unit="项目代办服务中心")
    agent = service_account(cast, "项目代办服务中心")
    made = cast.database.act_now(agent, cases.create, served, FILED).value
    assert node(cast, served)[0] == "in_progress"
    cast.database.act_now(agent, cases.amend, served, made["id"], {"number": "1"}, version=made["version"])
    for other, refusal in ((mill, Forbidden), (away, NotFound)):
        with pytest.raises(refusal):
            cast.database.act_now(agent, cases.create, other, FILED)
    theirs = enter(cast, mill, **FILED)
    with pytest.raises(Forbidden, match="does not serve"):
        cast.database.act_now(agent, cases.remove, mill, theirs["id"], version=theirs["version"])
    with pytest.raises(Forbidden):
        cast.database.act_now(agent, projects.amend, served, {"land_mu": 1}, version=None)
    with pytest.raises(Forbidden):
        cast.database.ask_now(agent, cases.served, mill)
    see = {id_: cast.database.ask_now(agent, project_pages.whole, id_).may for id_ in (served, mill)}
    assert ["case" in may for may in see.values()] == [True, False]
    act(cast, "editor", projects.amend, served, {"service_unit": "企业服务中心"}, version=None)
    with pytest.raises(Forbidden):
        cast.database.act_now(agent, cases.create, served, FILED | {"step": "land"})


def test_a_project_that_is_transferred_takes_its_cases_along(cast: Cast, mill: int) -> None:
    made = enter(cast, mill, **FILED)
    cast.database.act_now(cast.by("office", reason="划转"), transfers.transfer, mill, to="WEST")
    assert cast.database.ask_now(cast.stranger, cases.read, mill, made["id"])["id"] == made["id"]
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.editor, cases.read, mill, made["id"])


# ── an approval platform ─────────────────────────────────────────────────────────────────────────────────────────────
def item(ref: str, **more: Any) -> dict[str, Any]:
    return {"ref": {"source": "shenpi", "id": ref}, "step": "environment", **more}


def test_a_platform_sends_its_cases_again_and_again(web: Web) -> None:
    code = "2606-371500-04-01-123456"
    one = web.project("Mill", national_code=code)
    first = web.post(
        "/approvals/batch", json={"items": [item("1", project_id=None, national_code=code, applied_on="2026-03-02")]}
    ).json()
    assert [i["status"] for i in first["items"]] == [201]
    assert first["items"][0]["project_id"] == one["id"]
    done = item("1", project_id=one["id"], decided_on="2026-03-10", result="granted", settled_in="city")
    again = web.post("/approvals/batch", json={"items": [done]}).json()
    assert [(i["status"], i["id"]) for i in again["items"]] == [(200, first["items"][0]["id"])]
    project = web.get(f"/projects/{one['id']}").json()
    assert project["procedures"]["environment"]["state"] == "done"
    same = web.post("/approvals/batch", json={"items": [done]}).json()["items"][0]
    assert same["version"] == again["items"][0]["version"], "nothing new is no change"


def test_a_batch_of_cases_is_all_or_nothing_or_each_by_itself(web: Web) -> None:
    one = web.project("Mill")
    two = [web.project(f"Twin {n}", national_code="2606-371500-04-01-123456") for n in (1, 2)]
    items = [
        item("1", project_code=one["code"]),
        item("2", project_code="P9999999"),
        item("3", national_code=two[0]["national_code"]),
        item("4"),
        item("5", project_id=one["id"], step="no_such"),
    ]
    whole = web.post("/approvals/batch", json={"items": items})
    assert whole.status_code in (404, 422)
    assert web.get(f"/projects/{one['id']}/approvals").json()["items"] == []
    each = web.post("/approvals/batch", json={"items": items, "atomic": False})
    assert each.status_code == 207
    assert [i["status"] for i in each.json()["items"]] == [201, 404, 409, 422, 422]
    assert each.json()["items"][4]["problem"]["errors"][0]["pointer"] == "/items/4/step"


def test_what_a_person_changed_since_is_kept_from_the_platform(web: Web) -> None:
    one = web.project("Mill")
    made = web.post(
        "/approvals/batch", key="write", json={"items": [item("1", project_id=one["id"], number="A")]}
    ).json()["items"][0]
    path = f"/projects/{one['id']}/approvals/{made['id']}"
    assert web.patch(path, json={"number": "B"}, version=made["version"]).status_code == 200
    theirs = web.post("/approvals/batch", key="write", json={"items": [item("1", number="C")], "atomic": False}).json()[
        "items"
    ][0]
    assert (theirs["status"], theirs["problem"]["code"]) == (409, "changed_by_others")
    over = item("1", number="C", overwrite=True)
    assert web.post("/approvals/batch", key="write", json={"items": [over]}).status_code == 200


def test_cases_over_http_with_versions_keys_and_rehearsals(web: Web) -> None:
    one = web.project("Mill")
    path = f"/projects/{one['id']}/approvals"
    tried = web.post(path + "?validate_only=true", json=FILED)
    assert (tried.status_code, web.get(path).json()["items"]) == (201, [])
    made = web.post(path, json=FILED, headers={"Idempotency-Key": "k1"})
    again = web.post(path, json=FILED, headers={"Idempotency-Key": "k1"})
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (made.json(), "true")
    case = made.json()
    assert made.headers["location"].endswith(f"{path}/{case['id']}")
    assert web.send("PATCH", f"{path}/{case['id']}", json={"number": "1"}).status_code == 428
    assert web.get(path + "?state=in_progress&fields=step").json()["items"] == [{"step": "filing"}]
    assert web.delete(f"{path}/{case['id']}", version=case["version"]).status_code == 200
    assert web.get(f"{path}/{case['id']}").status_code == 404


# ── workbooks ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_workbook_that_tells_a_procedure_reaches_its_case_and_undo_takes_both_back(cast: Cast) -> None:
    facts = {"name": "轴承生产线", "total_investment_yuan": 10_000_000, "investor_name": "甲公司"}
    id_ = int(act(cast, "editor", projects.create, facts, zone="EAST")["id"])
    made = enter(cast, id_, step="construction_permit", applied_on="2026-03-02")
    asked = Asked(zones=("EAST",), ledger="reserve")
    _, data = exported(cast, cast.editor, asked, "wan", columns=["investor_name", "construction_permit_state"])

    def change(rows: list[list[Any]]) -> None:
        line_of(rows, "轴承生产线")[column(rows, "施工许可")] = "已办结"

    done = bring(cast, cast.editor, edited(data, change))
    assert done["changed"] == 1
    (case,) = listed(cast, id_)
    assert (case["id"], case["result"], node(cast, id_, "construction_permit")[0]) == (made["id"], "granted", "done")
    cast.database.act_now(cast.editor, undoing.undo, done["id"])
    (case,) = listed(cast, id_)
    assert (case["result"], node(cast, id_, "construction_permit")[0]) == (None, "in_progress")


def test_the_doctor_names_a_procedure_that_stands_otherwise_in_its_case(cast: Cast, mill: int) -> None:
    secret(cast.database.settings.secret_file)
    enter(cast, mill, **FILED, promised_on="2026-03-05")
    type_(cast, mill, land_state="done")
    assert examine(cast.database.settings) == []

    def past_the_register(desk: Desk) -> None:
        desk.ask(Act.DEMO_LOAD)
        desk.keep(Case(zone_id=cast.east, project_id=mill, step="land", applied_on="2026-03-02"))

    cast.database.act_now(house(), past_the_register)
    (said,) = examine(Settings(**{**cast.database.settings.model_dump(), "locale": "en"}))
    assert said == "1 procedure stands otherwise in the ledger than in its case, such as that of P0000001"

"""Coverage of a zone over real rows: each figure against SQL written by hand over the same rows, and the pages that show it."""

from __future__ import annotations

from statistics import median
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from app.db import house
from app.desk import Desk
from app.engine import Sql
from app.errors import BadRequest, NotFound
from app.models import Case, Delegation, Power, Project
from app.rules.access import Act
from app.rules.calendar import CALENDAR, days_after
from app.rules.chains import STEPS
from app.rules.codes import CaseResult, DelegationForm, DelegationState, Ledger
from app.services import case_lists, coverage, paths
from tests.cast import Cast
from tests.test_powers import item, run

SINCE = "2026-03-02"
FIVE = ("environment", "energy", "fire_design", "plan_check", "fire_acceptance")
"""Steps of which the East zone holds no item."""
CHAIN = [key for key in STEPS if key not in FIVE and not STEPS[key]["reserved"]]
DECIDED = "c.deleted_at IS NULL AND p.deleted_at IS NULL AND c.result IN ('granted', 'refused') AND c.decided_on BETWEEN '2025-06-30' AND '2026-06-30'"
FROM = "FROM approval_case c JOIN project p ON p.id = c.project_id WHERE c.zone_id = :zone"


def rows(cast: Cast, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    return cast.database.ask_now(house(), lambda desk: desk.link.rows(Sql(sql), {"zone": cast.east, **values}))


def told(cast: Cast, who: str = "leader", code: str = "EAST", **asked: Any) -> dict[str, Any]:
    return cast.database.ask_now(cast.by(who), coverage.read, code, on="2026-06-30", **asked)


@pytest.fixture
def zone(cast: Cast) -> Cast:
    """The East zone with 144 delegated items (22 of them serve a step), 300 projects and their cases; the West zone holds
    the five others and settled six cases of each."""

    def enter(desk: Desk) -> None:
        desk.ask(Act.DEMO_LOAD)
        powers = {key: power(key, key) for key in STEPS} | {
            f"b{n}": power(f"b{n}", None) for n in range(144 - len(CHAIN))
        }
        desk.keep(list(powers.values()))
        held = [CHAIN, [key for key in powers if key not in STEPS]]
        desk.keep([period(cast.east, powers[key]) for keys in held for key in keys])
        desk.keep([period(cast.west, powers[key]) for key in FIVE])
        east = [project(cast.east, n) for n in range(300)]
        west = [project(cast.west, n) for n in range(9)]
        desk.keep(east + west)
        desk.keep([case for n, one in enumerate(east) for case in cases_of(one, n)])
        desk.keep([case(one, step, "2026-04-01", 3, "zone") for one in west for step in FIVE])

    cast.database.act_now(house(), enter)
    return cast


def power(code: str, step: str | None) -> Power:
    reserved = step is not None and STEPS[step]["reserved"]
    return Power(code=code, name=f"事项 {code}", steps=orjson.dumps([step] if step else []).decode(), reserved=reserved)


def period(zone_id: int, item: Power) -> Delegation:
    days: dict[str, Any] = dict.fromkeys(
        ("state_on", "given_on", "taken_over_on", "running_on", "effective_from"), SINCE
    )
    return Delegation(
        zone_id=zone_id, power_id=item.id or 0, number=1, form=DelegationForm.TRANSFER, state=DelegationState.RUNNING, receiving_department="审批局", **days
    )  # fmt: skip


def project(zone_id: int, n: int) -> Project:
    land: dict[str, Any] = {"land_mode": "new_land", "land_mu": 20.0} if n % 3 else {"land_mode": "leased"}
    return Project(
        zone_id=zone_id, ledger=Ledger.UPCOMING, name=f"项目 {n}", is_high_energy_emission=n % 10 == 1, **land
    )


def cases_of(one: Project, n: int) -> list[Case]:
    """Two steps outside before the delegation, or the same in the zone after it; now and then the place is unknown."""
    on = "2025-11-03" if n % 2 else "2026-05-11"
    own = "county" if n % 2 else "zone"
    found = [case(one, "filing", on, 4 if n % 2 else 2, own), case(one, "environment", on, 10 + n % 7, "city")]
    if n % 25 == 0:
        found.append(case(one, "planning_permit", on, 5, None))
    if n % 20 == 0:
        found.append(Case(zone_id=one.zone_id, project_id=one.id or 0, step="energy", applied_on="2026-06-01"))
    return found


def case(one: Project, step: str, applied: str, days: int, where: Any) -> Case:
    decided = days_after(applied, days, CALENDAR)
    return Case(
        zone_id=one.zone_id, project_id=one.id or 0, step=step, applied_on=applied, decided_on=decided, result=CaseResult.GRANTED, settled_in=where
    )  # fmt: skip


def test_a_zone_with_144_items_and_300_projects_and_each_figure_traced_to_rows(zone: Cast) -> None:
    found = told(zone)
    held = rows(zone, "SELECT count(*) FROM delegation WHERE zone_id = :zone AND state = 'running'")[0][0]
    assert held == 144
    # items: the steps of the class, less the reserved, by whether the zone holds an item that serves them
    mine = {
        p
        for (s,) in rows(
            zone, "SELECT w.steps FROM delegation d JOIN power w ON w.id = d.power_id WHERE d.zone_id = :zone"
        )
        for p in orjson.loads(s)
    }
    counted = [s for s in found["items"]["steps"] if s["needs_decision"] and not s["reserved"]]
    assert {s["step"] for s in counted if s["where"] == "zone"} == {s["step"] for s in counted} & mine
    assert (found["items"]["settled"], found["items"]["of"]) == (sum(s["step"] in mine for s in counted), len(counted))
    assert found["items"]["percent"] == round(found["items"]["settled"] / found["items"]["of"] * 100, 1)
    # closed chain: the first of its steps that is not among them
    assert (found["closed_chain"]["closed"], found["closed_chain"]["leaves_at"]) == (False, "environment")
    # cases
    by_place = dict(rows(zone, f"SELECT c.settled_in, count(*) {FROM} AND {DECIDED} GROUP BY c.settled_in"))
    assert found["cases"] == {
        "inside": by_place["zone"], "of": sum(by_place.values()), "unknown": by_place[None],
        "percent": round(by_place["zone"] / sum(by_place.values()) * 100, 1),
    }  # fmt: skip
    # what is fetched from outside, of this class: new land
    (outside,) = rows(
        zone, f"SELECT count(*) {FROM} AND {DECIDED} AND c.step = 'environment' AND p.land_mode = 'new_land'"
    )
    assert [(r["step"], r["cases"]) for r in found["ask_next"]] == [("environment", outside[0])]
    # days before and after
    filed = rows(zone, f"SELECT c.decided_on, c.settled_in {FROM} AND c.step = 'filing' AND p.land_mode = 'new_land'")
    (days,) = (row for row in found["days"] if row["step"] == "filing")
    assert days["before"] == {"median": median([4]), "n": sum(d < SINCE for d, _ in filed), "enough": True}
    assert days["after"] == {"median": median([2]), "n": sum(d >= SINCE for d, _ in filed), "enough": True}
    assert days["faster_percent"] == 50.0
    # held but never used: serves a step, and no case of the step was decided in the zone
    used = {
        s for (s,) in rows(zone, f"SELECT DISTINCT c.step {FROM} AND c.settled_in = 'zone' AND c.result = 'granted'")
    }
    assert {i["power"] for i in found["unused"]["items"]} == set(CHAIN) - used
    assert found["unused"]["beside_the_chain"] == 144 - len(CHAIN)


def test_what_if_five_items_were_delegated_is_told_before_it_is_done(zone: Cast) -> None:
    now = told(zone, "both")
    found = told(zone, "both", what_if=FIVE)
    would = found["what_if"]
    assert {n: v for n, v in found.items() if n != "what_if"} == {n: v for n, v in now.items() if n != "what_if"}
    assert (now["items"]["settled"], would["items"]["settled"]) == (now["items"]["of"] - 4, now["items"]["of"])
    assert (would["closed_chain"]["closed"], would["closed_chain"]["leaves_at"]) == (True, None)
    (come_in,) = rows(zone, f"SELECT count(*) {FROM} AND {DECIDED} AND c.step = 'environment'")
    assert would["cases"]["inside"] == now["cases"]["inside"] + come_in[0]
    environment = next(s for s in would["steps"] if s["step"] == "environment")
    assert (environment["before"], environment["after"], environment["basis"], environment["n"]) == (
        13,
        3,
        "sisters",
        6,
    )
    assert would["chain_days"] <= now["chain_days"]
    assert rows(zone, "SELECT count(*) FROM delegation WHERE zone_id = :zone")[0][0] == 144, "nothing was done"
    alone = told(zone, "editor", what_if=["environment"])["what_if"]["steps"]
    assert [s["basis"] for s in alone] == ["promised"], "of zones that she may not see she learns nothing"


def test_a_figure_as_of_an_earlier_act_and_on_an_earlier_day(zone: Cast) -> None:
    before = told(zone)
    seq = rows(zone, "SELECT max(seq) FROM act")[0][0]
    zone.database.act_now(house(), _take_back)
    after = told(zone)
    assert (before["items"]["settled"] - after["items"]["settled"], before["cases"]["of"] - after["cases"]["of"]) == (
        1,
        300,
    )
    again = zone.database.ask_now(zone.by("leader", as_of=seq), coverage.read, "EAST", on="2026-06-30")
    assert again == before
    early = zone.database.ask_now(zone.leader, coverage.read, "EAST", on="2026-03-01")
    assert early["items"]["settled"] == 0, "nothing was held on the day before"


def _take_back(desk: Desk) -> None:
    """The filing is revoked, and its cases are taken out."""
    desk.ask(Act.DEMO_LOAD)
    power_ = next(p for p in desk.rows(Power, "all_of_them", lambda q, t: q) if p.code == "filing")
    gone = [d for d in desk.rows(Delegation, "every", lambda q, t: q) if d.power_id == power_.id]
    for period_ in gone:
        period_.state, period_.revoked_on, period_.state_on = DelegationState.REVOKED, "2026-06-30", "2026-06-30"
    desk.keep(gone)
    cases = [c for c in desk.rows(Case, "every", lambda q, t: q) if c.step == "filing" and c.zone_id == period_.zone_id]
    for one in cases:
        one.deleted_at = desk.now
    desk.keep(cases)


def test_the_gap_against_a_sister_zone_and_a_county(zone: Cast) -> None:
    gap = told(zone, against="WEST")["gap"]
    assert (gap["theirs"], gap["ours"], gap["only_ours"]) == (5, 144, 144)
    assert {i["power"] for i in gap["items"]} == set(FIVE)
    assert told(zone, against="county")["gap"]["items"] == []
    city = zone.database.ask_now(zone.leader, coverage.city, on="2026-06-30")
    assert [(z["zone"], z["items"]["settled"]) for z in city][1] == ("WEST", 5)


def test_who_may_see_it_and_what_cannot_be_asked(zone: Cast) -> None:
    with pytest.raises(NotFound):
        told(zone, "stranger")
    for asked in ({"class_": "castle"}, {"what_if": ["no-such"]}, {"what_if": ["land_conversion"]}):
        with pytest.raises(BadRequest):
            told(zone, **asked)
    with pytest.raises(NotFound):
        told(zone, against="NORTH")
    city = zone.database.ask_now(zone.editor, coverage.city)
    assert [z["zone"] for z in city] == ["EAST"]


def test_the_way_of_a_project_follows_what_its_zone_holds(zone: Cast) -> None:
    (first,) = rows(zone, "SELECT id FROM project WHERE zone_id = :zone AND name = '项目 1'")
    way = zone.database.ask_now(zone.leader, paths.read, first[0])
    stages = {stage["step"]: stage for stage in way["steps"]}
    assert (way["class"], way["leaves_at"]) == ("enterprise_industrial", "filing"), (
        "its filing was settled at the county"
    )
    assert (stages["planning_permit"]["in_zone"], stages["fire_acceptance"]["in_zone"]) == (True, False)
    assert (stages["filing"]["days_used"], way["days_outside"]) == (4, 4 + 11)


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_figure_on_the_page_opens_as_many_rows_as_it_says(zone: Cast) -> None:
    found = told(zone)
    listed = zone.database.ask_now(zone.leader, case_lists.of_zone, "EAST")
    behind = {"last": "2026-06-30", "first": found["from"]}
    for where, figure in (
        ("inside", found["cases"]["inside"]),
        ("unknown", found["cases"]["unknown"]),
        (None, found["cases"]["of"]),
    ):
        assert len(case_lists.behind(listed, where=where, **behind)) == figure, where
    for row in found["ask_next"]:
        rows_ = case_lists.behind(listed, where="outside", step=row["step"], class_=found["class"], **behind)
        assert len(rows_) == row["cases"]
    for row in found["days"]:
        asked: dict[str, Any] = {"step": row["step"], "class_": found["class"], "with_days": True}
        assert len(case_lists.behind(listed, before=True, last="2026-03-01", **asked)) == row["before"]["n"]
        assert len(case_lists.behind(listed, where="inside", first=row["since"], **asked)) == row["after"]["n"]


def test_addresses_of_figures_say_what_they_ask() -> None:
    from app.pages.coverage import rows_of

    address = rows_of("EAST", {"from": "2025-06-30", "on": "2026-06-30"})(where="inside", **{"from": None})
    assert parse_qs(urlsplit(address).query) == {"until": ["2026-06-30"], "where": ["inside"]}


def test_a_window_that_only_takes_in_is_shown_and_not_counted(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    item(cast, "E-1", steps=["environment"])
    run(cast, "EAST", "E-1", form="window_only")
    (step,) = (s for s in told(cast)["items"]["steps"] if s["step"] == "environment")
    assert (step["where"], step["taken_in"], step["items"]) == ("outside", True, [{"power": "E-1", "held": False}])
    assert told(cast)["items"]["settled"] == 0


def test_the_city_is_read_at_once_however_many_zones_it_has(sqlite_cast: Cast, statements: list[str]) -> None:
    cast, taken = sqlite_cast, []
    for who, zones in ((cast.editor, ["EAST"]), (cast.office, ["EAST", "WEST"])):
        statements.clear()
        assert [z["zone"] for z in cast.database.ask_now(who, coverage.city)] == zones
        taken.append(len(statements))
    assert taken[0] >= taken[1]

"""The demo city: real zones with their real figures, invented projects that are marked, plausible and repeatable."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from app.demo.city import industries, zones
from app.demo.people import staff
from app.demo.plenty import many_projects, many_zones
from app.demo.projects import DEMO, SIZES, TODAY, projects
from app.rules.codes import Disposition, Ledger, Light, Relation
from app.rules.duplicates import Strength, Telling, compared, keys
from app.rules.gates import GATES, to_complete
from app.rules.identity import national_code, zone_code, zone_key
from app.rules.lights import LightFacts, light

SEED = 7


@cache
def the_city() -> list[dict[str, Any]]:
    return [row for zone in SIZES for row in projects(zone, SEED)]


def test_ten_zones_have_their_real_figures_and_the_resort_has_none() -> None:
    by_code = {zone["code"]: zone for zone in zones()}
    assert list(by_code) == list(SIZES)
    assert all(zone_code(code) == code for code in by_code)
    yanggu = {(i["year"], i["key"]): (i["value"], i["rank"]) for i in by_code["371521-ETDZ"]["indicators"]}
    assert yanggu[2021, "comprehensive"] == (None, 43)
    assert yanggu[2021, "tax_per_mu"] == (5.24, 101)
    assert yanggu[2021, "investment_per_mu"] == (32.83, 100)
    assert Counter(len(zone["indicators"]) for zone in by_code.values()) == {6: 9, 4: 1, 0: 1}
    assert by_code["371500-ETDZ"]["remaining_area_km2"] == 6.14


@pytest.mark.parametrize(
    ("spelt", "code"),
    [
        ("聊城高新区", "371500-HTZ"),
        ("市高新区", "371500-HTZ"),
        ("市经开区", "371500-ETDZ"),
        ("聊城经济技术开发区", "371500-ETDZ"),
        ("在平", "371503-ETDZ"),
        ("茌平经开区", "371503-ETDZ"),
        ("嘉明经济开发区", "371502-ETDZ"),
        ("莘县经开区", "371522-ETDZ"),
    ],
)
def test_zone_spellings_of_both_sources_resolve(spelt: str, code: str) -> None:
    assert called()[zone_key(spelt)] == {code}


def test_no_spelling_belongs_to_two_zones() -> None:
    assert all(len(codes) == 1 for codes in called().values())


def called() -> dict[str, set[str]]:
    """A spelling as it is compared → the zones that are called so."""
    found: dict[str, set[str]] = {}
    for zone in zones():
        for spelling in (zone["name"], zone["short_name"], *zone["aliases"]):
            found.setdefault(zone_key(spelling), set()).add(zone["code"])
    return found


def test_the_same_seed_tells_the_same_story_and_another_another() -> None:
    assert projects("371521-ETDZ", SEED) == projects("371521-ETDZ", SEED)
    assert projects("371521-ETDZ", SEED) != projects("371521-ETDZ", SEED + 1)


def test_the_city_office_finds_a_handful_of_likenesses_in_it_and_not_dozens() -> None:
    met: set[tuple[str, str]] = set()
    rows = [row for zone in SIZES for row in projects(zone, SEED, met=met) if not row.get("parent_key")]
    told = [Telling(r["name"], r["investor_name"], None, r["total_investment_yuan"], r.get("location")) for r in rows]
    sharing: dict[str, list[int]] = defaultdict(list)
    for at, telling in enumerate(told):
        for key in keys(telling.name, telling.investor):
            sharing[key].append(at)
    pairs = {pair for some in sharing.values() for pair in combinations(some, 2)}
    likenesses = [found for one, other in pairs if (found := compared(told[one], told[other]))]
    assert sum(found.strength is not Strength.FIRM for found in likenesses) < 10


def test_every_invented_name_says_that_it_is_one() -> None:
    for row in the_city():
        assert row["name"].endswith(DEMO)
        assert row["investor_name"] is None or row["investor_name"].endswith(DEMO)
        assert row["phone"].startswith("138 0000 ")


def test_names_are_unique_in_a_zone_and_people_in_the_city() -> None:
    assert all(n == 1 for n in Counter((row["zone"], row["name"]) for row in the_city()).values())
    people = [
        name
        for at in range(len(SIZES))
        for name in (*staff(at, SEED).leaders, *(p[0] for p in staff(at, SEED).persons))
    ]
    assert len(people) == len(set(people))
    phones = [p[2] for at in range(len(SIZES)) for p in staff(at, SEED).persons]
    assert len(phones) == len(set(phones))


def test_amounts_stay_below_the_total_and_are_round() -> None:
    for row in the_city():
        amounts = [value for name, value in row.items() if name.endswith("_yuan") and value is not None]
        assert all(isinstance(value, int) and value >= 0 and value % 10_000 == 0 for value in amounts)
        if row["total_investment_yuan"] is not None:
            spent = (row.get("opening_before_year_yuan") or 0) + (row.get("opening_this_year_yuan") or 0)
            assert spent <= row["total_investment_yuan"]


def test_dates_agree_with_each_other_and_with_the_ledger() -> None:
    for row in the_city():
        known = [row[name] for name in ("signed_on", "started_on", "completed_on", "in_production_on") if row.get(name)]
        assert known == sorted(known), row
        assert all(day <= TODAY for day in known)
        assert ("started_on" in row) is (row["ledger"] in (Ledger.IN_CONSTRUCTION, Ledger.COMPLETED))
        assert ("completed_on" in row) is (row["ledger"] is Ledger.COMPLETED)
        assert row.get("registered_in_statistics_on", "") <= TODAY
        assert "national_code" not in row or national_code(row["national_code"])


def test_every_project_has_what_its_ledger_asks_for() -> None:
    lacking = [(row["name"], to_complete(GATES, row, row["ledger"])) for row in the_city()]
    assert [found for found in lacking if found[1]] == []


def test_the_lights_of_the_city_are_mostly_green_with_some_trouble() -> None:
    colours = Counter(lit(row).colour for row in the_city() if row["ledger"] is Ledger.IN_CONSTRUCTION)
    everyone = sum(colours.values())
    assert colours[Light.GREEN] > everyone * 0.5
    assert everyone * 0.08 < colours[Light.YELLOW] < everyone * 0.35
    assert everyone * 0.03 < colours[Light.RED] < everyone * 0.2
    late = Counter(lit(row).colour for row in the_city() if row["ledger"] is Ledger.UPCOMING)
    assert late[Light.YELLOW] and late[Light.RED]


def lit(row: dict[str, Any]) -> Any:
    facts = LightFacts(
        row["ledger"],
        row["disposition"],
        planned_start_month=row.get("first_planned_start_month"),
        started_on=row.get("started_on"),
        registered_in_statistics_on=row.get("registered_in_statistics_on"),
        total_investment_yuan=row["total_investment_yuan"],
        plan_year=row.get("plan_year"),
        annual_plan_yuan=row.get("annual_plan_yuan"),
        this_year_yuan=row.get("opening_this_year_yuan"),
    )
    return light(facts, TODAY, "2026-10")


def test_stuck_pending_suspended_and_related_projects_all_occur() -> None:
    rows = the_city()
    assert any(row.get("pending") for row in rows)
    assert any(row.get("bottleneck") for row in rows)
    assert {row["disposition"] for row in rows} == set(Disposition)
    assert {row.get("relation") for row in rows} == {None, *Relation}
    assert any(row["ledger"] is Ledger.COMPLETED and "in_production_on" not in row for row in rows)
    assert any(row.get("annual_plan_yuan") is None for row in rows if row["ledger"] is Ledger.IN_CONSTRUCTION)


def test_parents_exist_and_a_heading_is_the_sum_of_its_phases() -> None:
    by_key = {row["key"]: row for row in the_city()}
    assert len(by_key) == len(the_city())
    for row in the_city():
        if parent := by_key.get(row.get("parent_key", "")):
            assert parent["zone"] == row["zone"]
            assert "parent_key" not in parent, "depth is one"
    for heading in (row for row in the_city() if row.get("has_phases")):
        phases = [row for row in the_city() if row.get("parent_key") == heading["key"]]
        assert heading["total_investment_yuan"] == sum(phase["total_investment_yuan"] for phase in phases)


@pytest.mark.parametrize("count", [1, 10, 57, 1000])
def test_a_zone_gives_as_many_projects_as_are_asked_for(count: int) -> None:
    rows = projects("371500-ETDZ", SEED, count)
    assert len(rows) == count
    assert len({row["name"] for row in rows}) == count


@pytest.mark.parametrize("today", ["2026-01-05", "2026-12-31", "2028-02-29"])
def test_the_demo_can_be_told_on_any_day(today: str) -> None:
    for row in projects("371503-ETDZ", SEED, today=today):
        assert row.get("completed_on", "") <= today
        assert row.get("plan_year") in (None, int(today[:4]), int(today[:4]) - 1)


def test_industries_are_a_list_with_parents_that_exist() -> None:
    codes = {industry["code"] for industry in industries()}
    assert all(industry["parent_code"] in {None, *codes} for industry in industries())
    names = {industry["name"] for industry in industries()}
    assert all(name in names for zone in zones() for name in zone["leading_industries"])
    assert {row["industry_code"] for row in the_city()} <= codes


def test_very_many_rows_are_all_different() -> None:
    codes = [zone["code"] for zone in many_zones(50)]
    rows = list(many_projects(10_000, codes, SEED))
    assert len({row["name"] for row in rows}) == 10_000
    assert Counter(row["zone"] for row in rows) == dict.fromkeys(codes, 200)

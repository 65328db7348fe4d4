"""Targets of zones: set by the city office, measured on contracts, and what may be expected, with what that rests on."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.db import house
from app.desk import Desk
from app.engine import Sql
from app.errors import Forbidden, Invalid, NotFound, Stale
from app.models import Lead, LeadMove, Project
from app.rules.access import Act
from app.rules.codes import LeadDisposition, LeadStage, Ledger
from app.services import targets
from tests.cast import Cast
from tests.random_leads import sow_leads
from tests.random_month import TODAY, YEAR
from tests.test_settings_pages import page
from tests.web import Web

YI = 100_000_000
THIS = int(YEAR)
CLASSES: list[dict[str, Any]] = [
    {"least_yuan": 10 * YI, "below_yuan": 20 * YI, "low": 3, "high": 5},
    {"least_yuan": 20 * YI, "below_yuan": None, "low": 1, "high": 2},
]
SET: dict[str, Any] = {"classes": CLASSES, "counted_at": "signed", "document": "〔2026〕2号"}


def put(cast: Cast, code: str = "EAST", by: Any = None, version: int | None = None, **changes: Any) -> Any:
    return cast.database.act_now(by or cast.office, targets.put, code, THIS, {**SET, **changes}, version=version)


def read(cast: Cast, code: str | None = None, by: Any = None, **kw: Any) -> dict[str, Any]:
    found: dict[str, Any] = cast.database.ask_now(by or cast.office, targets.read, code, **kw)
    return found


def leads(cast: Cast, zone: int, *said: tuple[str, str, int]) -> None:
    """Leads by (stage, disposition, 亿): those that stand in ``signed`` have their contract of today."""

    def enter(desk: Desk) -> None:
        desk.ask(Act.LEAD_CREATE)
        for stage, fate, size in said:
            signed = stage == "signed"
            lead = Lead(
                zone_id=zone, name=f"{stage} {size}", stage=LeadStage(stage), disposition=LeadDisposition(fate), registered_on=TODAY,
                disposition_on=None if fate == "active" else TODAY, intended_amount_yuan=size * YI,
                signed_on=TODAY if signed else None, contract_amount_yuan=size * YI if signed else None,
            )  # fmt: skip
            desk.keep(lead)
            stages = list(LeadStage)
            for before, after in zip([None, *stages], stages[: stages.index(LeadStage(stage)) + 1], strict=False):
                made = LeadMove(
                    zone_id=zone, lead_id=lead.id or 0, from_stage=before, to_stage=after, happened_on=TODAY
                )
                desk.keep(made)

    cast.database.act_now(house(), enter)


def signed_projects(cast: Cast, zone: int, *sizes: int | None, **facts: Any) -> None:
    def enter(desk: Desk) -> None:
        desk.ask(Act.PROJECT_CREATE)
        made = {"ledger": Ledger.RESERVE, "signed_on": TODAY, **facts}
        rows = [Project(name="P", zone_id=zone, contract_amount_yuan=s and s * YI, **made) for s in sizes]
        desk.keep(rows)

    cast.database.act_now(house(), enter)


def classes_of(told: dict[str, Any], zone: str = "EAST") -> list[dict[str, Any]]:
    (line,) = [item for item in told["items"] if item["zone"] == zone]
    found: list[dict[str, Any]] = line["classes"]
    return found


# ── it works ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_target_is_set_and_says_how_far_it_is(cast: Cast) -> None:
    put(cast)
    signed_projects(cast, cast.east, 10, 15, 12, 20, 9, None)
    signed_projects(cast, cast.west, 30)
    leads(cast, cast.east, ("signed", "active", 30))
    told = read(cast)
    assert [(c["done"], c["counted"], c["state"]) for c in classes_of(told)] == [(3, 3, "within"), (2, 2, "within")]
    (line,) = told["items"]
    assert (line["unknown"], line["withdrawn"], line["document"]) == (1, 0, "〔2026〕2号")
    assert [(t["low"], t["high"], t["done"]) for t in told["totals"]] == [(3, 5, 3), (1, 2, 2)]


def test_a_surplus_above_fills_a_lack_below_where_the_target_says_so(cast: Cast) -> None:
    put(cast, fills=True)
    signed_projects(cast, cast.east, 25, 25, 25, 25, 11)
    assert [(c["done"], c["counted"], c["state"]) for c in classes_of(read(cast))] == [
        (1, 3, "within"),
        (4, 2, "within"),
    ]


def test_phases_never_count_and_expansions_do_by_their_increment(cast: Cast) -> None:
    put(cast)
    signed_projects(cast, cast.east, 40)

    def children(desk: Desk) -> None:
        desk.ask(Act.PROJECT_CREATE)
        (parent,) = desk.rows(Project, "parent", lambda q, t: q)
        made = {"zone_id": cast.east, "parent_id": parent.id, "signed_on": TODAY, "ledger": Ledger.RESERVE}
        phase = Project(name="Phase", relation="phase", contract_amount_yuan=25 * YI, **made)  # type: ignore[arg-type]
        expansion = Project(name="More", relation="expansion", total_investment_yuan=12 * YI, **made)  # type: ignore[arg-type]
        desk.keep([phase, expansion])

    cast.database.act_now(house(), children)
    assert [c["done"] for c in classes_of(read(cast))] == [1, 1]


def test_a_target_may_count_the_start_instead_of_the_signature(cast: Cast) -> None:
    put(cast, counted_at="started")
    built = {"ledger": Ledger.IN_CONSTRUCTION, "started_on": TODAY}
    signed_projects(cast, cast.east, 25, signed_on=f"{THIS - 2}-05-05", **built)
    signed_projects(cast, cast.east, 25)
    assert [c["done"] for c in classes_of(read(cast))] == [0, 1]


def test_what_is_done_is_what_is_found_by_hand(cast: Cast) -> None:
    sow_leads(cast)
    put(cast)
    put(cast, "WEST", classes=[{"least_yuan": 0, "low": 1, "high": 9}])
    amount = "COALESCE(contract_amount_yuan, CASE WHEN relation = 'expansion' THEN total_investment_yuan END)"
    of_projects = f"SELECT zone_id, {amount} AS amount, CAST(signed_on AS text) AS signed_on FROM project WHERE deleted_at IS NULL AND (relation IS NULL OR relation = 'expansion')"
    of_leads = (
        "SELECT l.zone_id, l.contract_amount_yuan, CAST(l.signed_on AS text) FROM lead l LEFT JOIN project p "
        "ON p.id = l.project_id AND p.deleted_at IS NULL WHERE l.deleted_at IS NULL AND p.id IS NULL"
    )

    def compare(desk: Desk) -> int:
        compared = 0
        for item in targets.read(desk)["items"]:
            zone = cast.east if item["zone"] == "EAST" else cast.west
            for one in item["classes"]:
                below = one["below_yuan"] or 10**16
                counted = (
                    f"SELECT count(*) FROM ({of_projects} UNION ALL {of_leads}) signed WHERE zone_id = {zone} AND amount >= {one['least_yuan']} "
                    f"AND amount < {below} AND signed_on >= '{YEAR}-01-01'"
                )
                assert one["done"] == desk.link.value(Sql(counted))
                compared += one["done"]
        return compared

    assert cast.database.ask_now(cast.office, compare) > 10


# ── what may be expected ─────────────────────────────────────────────────────────────────────────────────────────────
def test_a_forecast_rests_on_the_zones_own_decided_leads(cast: Cast) -> None:
    put(cast)
    won, lost = [("signed", "active", 1)] * 3, [("negotiating", "lost", 1)] * 3
    leads(
        cast,
        cast.east,
        *won,
        *lost,
        ("negotiating", "active", 12),
        ("negotiating", "active", 12),
        ("lead", "dormant", 12),
    )
    small = classes_of(read(cast))[0]
    assert small["forecast"]["count"] == 1.0 and small["forecast"]["open"] == 2
    (basis,) = small["forecast"]["bases"]
    assert (basis["stage"], basis["of"], basis["numerator"], basis["denominator"]) == ("negotiating", "zone", 3, 6)


def test_with_too_few_cases_it_rests_on_all_zones_or_is_not_made(cast: Cast) -> None:
    put(cast)
    leads(cast, cast.east, ("lead", "active", 30), ("lead", "lost", 1))
    leads(cast, cast.west, *[("signed", "active", 1)] * 2, ("lead", "lost", 1))
    large = classes_of(read(cast))[1]["forecast"]
    assert (large["count"], large["bases"][0]["of"], large["bases"][0]["denominator"]) == (None, "none", 4)

    leads(cast, cast.west, *[("signed", "active", 1)] * 4)
    large = classes_of(read(cast))[1]["forecast"]
    assert (large["count"], large["bases"][0]["of"], large["bases"][0]["denominator"]) == (0.8, "city", 8)
    hers = classes_of(read(cast, by=cast.editor))[1]["forecast"]
    assert (hers["count"], hers["bases"][0]["of"]) == (None, "none"), (
        "she sees no lead of another zone, nor what became of it"
    )


def test_a_year_that_is_over_or_not_begun_has_no_forecast(cast: Cast) -> None:
    for year in (THIS - 1, THIS + 1):
        cast.database.act_now(cast.office, targets.put, "EAST", year, SET, version=None)
        told = read(cast, year=year)
        assert [c["forecast"] for c in classes_of(told)] == [None, None] and told["year"] == year


# ── kept, seen, refused ──────────────────────────────────────────────────────────────────────────────────────────────
def test_it_is_written_in_history_and_read_as_it_was(cast: Cast) -> None:
    first = put(cast)
    put(cast, version=first.value["version"], classes=CLASSES[1:], reason="adjusted in June")
    word = cast.database.read_now(lambda link: link.row(Sql("SELECT word, reason FROM act ORDER BY seq DESC LIMIT 1")))
    assert word == ("target.write", "adjusted in June")
    assert len(read(cast)["totals"]) == 1

    def then(desk: Desk) -> int:
        return len(targets.read(desk.at(first.seq))["totals"])

    assert cast.database.ask_now(cast.office, then) == 2


def test_other_classes_need_a_reason_and_a_version_that_is_current(cast: Cast) -> None:
    version = put(cast).value["version"]
    with pytest.raises(Invalid) as refused:
        put(cast, version=version, classes=CLASSES[:1])
    assert refused.value.code == "reason_required"
    version = put(cast, version=version, document="another").value["version"]
    with pytest.raises(Stale):
        put(cast, version=version - 1, classes=CLASSES[:1], reason="late")
    assert put(cast, version=version, classes=[], reason="lifted").value["classes"] == []
    assert read(cast)["items"] == [], "no class: nothing is asked for"


def test_another_zone_sees_nothing_and_only_the_city_office_sets(cast: Cast) -> None:
    put(cast)
    assert read(cast, by=cast.stranger)["items"] == []
    assert read(cast, by=cast.editor)["items"][0]["zone"] == "EAST"
    with pytest.raises(NotFound):
        read(cast, "EAST", by=cast.stranger)
    with pytest.raises(NotFound):
        put(cast, "EAST", by=cast.stranger)
    for who in (cast.editor, cast.reviewer, cast.leader, cast.administrator):
        with pytest.raises(Forbidden):
            put(cast, by=who)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"classes": [{**CLASSES[0], "below_yuan": 10 * YI}]}, "/classes/0/below_yuan"),
    ({"classes": [{**CLASSES[0], "high": 2}]}, "/classes/0/high"),
    ({"classes": [{**CLASSES[0], "low": 0, "high": 0}]}, "/classes/0/high"),
    ({"classes": [CLASSES[0], CLASSES[0]]}, "/classes"),
    ({"classes": [{"low": 1, "high": 2}]}, "/classes/0/least_yuan"),
    ({"classes": CLASSES, "counted_at": "never"}, "/counted_at"),
    ({"classes": CLASSES, "document": "x" * 201}, "/document"),
    ({}, "/classes"),
]


def test_what_is_no_target_is_refused_with_its_place(sqlite_cast: Cast) -> None:
    for values, pointer in WRONG:
        with pytest.raises(Invalid) as refused:
            sqlite_cast.database.act_now(sqlite_cast.office, targets.put, "EAST", THIS, values, version=None)
        assert pointer in [problem.pointer for problem in refused.value.problems], pointer


# ── both faces ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_api_tells_what_the_page_shows(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    assert sqlite_web.put(f"/zones/EAST/targets/{THIS}", json=SET).status_code == 200
    assert sqlite_web.put(f"/zones/EAST/targets/{THIS}", json=SET).status_code == 428
    signed_projects(cast, cast.east, 25, 12)
    told = sqlite_web.get(f"/targets?year={THIS}").json()
    assert [c["done"] for c in classes_of(told)] == [1, 1]
    shown = page(sqlite_web, "GET", f"/targets?year={THIS}")
    cells = re.findall(r'<span class="done">(\d+)</span> <span class="q">/ ([\d–]+)', shown.text)
    assert cells == [("1", "3–5"), ("1", "1–2")]
    assert sqlite_web.get("/targets?zone=NOWHERE").status_code == 404
    assert sqlite_web.get("/targets?year=x").status_code == 400
    assert page(sqlite_web, "GET", "/targets?year=x").status_code == 400


def test_the_form_keeps_what_was_typed_and_both_faces_refuse_alike(sqlite_web: Web) -> None:
    place = f"/zones/EAST/targets/{THIS}"
    shown = page(sqlite_web, "GET", place)
    assert 'name="least-0" value="10"' in shown.text and 'name="high-1" value="2"' in shown.text
    typed = {
        "version": "0", "least-0": "10亿元", "below-0": "20", "low-0": "3", "high-0": "5", "least-1": "20", "low-1": "1", "high-1": "2",
        "counted_at": "landed", "fills": "1",
    }  # fmt: skip
    wrong = page(sqlite_web, "POST", place, data={**typed, "high-0": "1"})
    assert wrong.status_code == 422 and 'value="10亿元"' in wrong.text
    assert "At most cannot be less than at least" in wrong.text
    assert re.search(r'name="high-0"[^>]*aria-invalid', wrong.text)
    wrong = page(sqlite_web, "POST", place, data={**typed, "low-1": "", "least-0": "many", "high-1": "1.5"})
    assert wrong.status_code == 422
    marked = re.findall(r'name="([a-z]+-\d)"[^>]*aria-invalid', wrong.text)
    assert marked == ["least-0", "low-1", "high-1"], "all of it at once, each at its place"
    saved = page(sqlite_web, "POST", place, data=typed)
    assert saved.status_code == 303
    kept = sqlite_web.get(place).json()
    assert (kept["counted_at"], kept["fills"], kept["classes"]) == ("landed", True, CLASSES)
    for who, status in (("editor", 403), ("reviewer", 403), ("stranger", 404), ("leader", 403)):
        assert page(sqlite_web, "POST", place, who, data=typed).status_code == status
        assert page(sqlite_web, "GET", place, who).status_code == status
    assert sqlite_web.put(place, key="write", json=SET, version=kept["version"]).status_code == 403

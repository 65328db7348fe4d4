"""Figures of the pipeline: each is what a statement written by hand finds in the rows, and each opens exactly its rows."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.db import house
from app.desk import Desk
from app.engine import Link, Sql
from app.errors import BadRequest, Forbidden, NotFound
from app.models import Lead, Project
from app.rules.access import Act
from app.rules.calendar import last_day
from app.rules.money import next_month
from app.services import funnel, landing, monthly, moves, periods, rates, targets
from app.services.pipeline_words import RATES, STAGE_TITLES
from app.words import say
from tests.cast import Cast
from tests.lead_acts import SECURED, SIGNED, made, move
from tests.random_leads import sow_leads
from tests.random_month import MONTH, TODAY, YEAR
from tests.test_settings_pages import page
from tests.web import Web

UNTIL = last_day(MONTH)
BUILT = "w.ledger IN ('in_construction', 'completed') AND w.deleted_at IS NULL"
OF_IT = "(w.id = p.id OR (w.parent_id = p.id AND w.relation IN ('phase', 'part')))"
COHORT = f"""
SELECT p.zone_id AS zone_id, CAST(p.signed_on AS text) AS signed_on, p.contract_amount_yuan AS amount, l.id AS lead_id,
  CAST(l.company_registered_on AS text) AS registered, CAST(l.land_secured_on AS text) AS land,
  CAST(l.first_money_on AS text) AS money, l.funds_arrived_yuan AS told,
  (SELECT sum(r.funds_in_place_yuan) FROM report r JOIN project w ON w.id = r.project_id
    WHERE {OF_IT} AND w.deleted_at IS NULL AND r.deleted_at IS NULL AND r.month <= :month) AS reported,
  (SELECT min(CAST(w.started_on AS text)) FROM project w WHERE {OF_IT} AND {BUILT} AND w.pending IS NOT TRUE) AS started,
  (SELECT min(CAST(w.started_on AS text)) FROM project w WHERE {OF_IT} AND {BUILT} AND w.pending) AS unproved,
  (SELECT min(CAST(w.in_production_on AS text)) FROM project w WHERE {OF_IT} AND w.deleted_at IS NULL) AS produced,
  p.disposition AS fate
FROM project p LEFT JOIN lead l ON l.project_id = p.id AND l.deleted_at IS NULL
WHERE p.deleted_at IS NULL AND p.relation IS NULL
UNION ALL
SELECT l.zone_id, CAST(l.signed_on AS text), l.contract_amount_yuan, l.id, CAST(l.company_registered_on AS text),
  CAST(l.land_secured_on AS text), CAST(l.first_money_on AS text), l.funds_arrived_yuan, NULL, NULL, NULL, NULL, l.disposition
FROM lead l LEFT JOIN project p ON p.id = l.project_id AND p.deleted_at IS NULL
WHERE l.deleted_at IS NULL AND p.id IS NULL AND l.parent_project_id IS NULL
"""
"""First definitive contracts, written here once more, apart from the program."""
DID = {
    "performance": "started <= :until OR registered <= :until OR money <= :until",
    "landed": "registered <= :until AND land <= :until",
    "start": "started <= :until",
    "production": "produced <= :until",
}
UNKNOWN = {
    "performance": "lead_id IS NULL AND NOT COALESCE(started <= :until, FALSE)",
    "landed": "lead_id IS NULL",
}
PENDING = {
    "performance": f"unproved <= :until AND NOT COALESCE({DID['performance']}, FALSE)",
    "start": "unproved <= :until AND NOT COALESCE(started <= :until, FALSE)",
}
FUNDS = "CASE WHEN told IS NULL THEN reported WHEN reported IS NULL THEN told WHEN told > reported THEN told ELSE reported END"


@pytest.fixture
def sown(cast: Cast) -> Cast:
    sow_leads(cast)
    return cast


def by_hand(link: Link, what: str, where: str = "", *, first: str, zone: int | None, month: str = MONTH) -> int:
    """One figure over the cohort signed from ``first`` to the end of the month."""
    here = "" if zone is None else f" AND zone_id = {zone}"
    given = {"month": month, "until": last_day(month), "first": first}
    asked = f"signed_on >= :first AND signed_on <= :until{here}" + (f" AND ({where})" if where else "")
    return int(link.value(Sql(f"SELECT {what} FROM ({COHORT}) cohort WHERE {asked}"), given) or 0)


def test_every_rate_is_what_is_found_by_hand_and_opens_exactly_its_rows(sown: Cast) -> None:
    def compare(desk: Desk) -> int:
        compared = 0
        for code, zone in ((None, None), ("EAST", sown.east)):
            for since, first in ((None, f"{YEAR}-01-01"), (int(YEAR) - 2, f"{int(YEAR) - 2}-01-01")):
                told = rates.read(desk, code, None, since)
                items = {item["rate"]: item for item in told["items"]}
                of: dict[str, Any] = {"first": first, "zone": zone}
                assert told["signed"]["count"] == by_hand(desk.link, "count(*)", **of)
                assert told["signed"]["sum"] == by_hand(desk.link, "sum(amount)", **of)
                assert told["withdrawn"] == by_hand(desk.link, "count(*)", "fate IN ('lost', 'withdrawn')", **of)
                for rate, did in DID.items():
                    item = items[rate]
                    assert item["denominator"] == told["signed"]["count"]
                    sides = {
                        "numerator": did,
                        "unknown": UNKNOWN.get(rate, "FALSE"),
                        "pending": PENDING.get(rate, "FALSE"),
                    }
                    for part, where in {**sides, "denominator": "TRUE"}.items():
                        wanted = by_hand(desk.link, "count(*)", where, **of)
                        assert item[part] == wanted, (rate, part, code, since)
                        opened = rates.list_(desk, rate, part, zone=code, since=since)
                        assert len(opened) == wanted
                        compared += wanted > 0
                funds = items["funds"]
                assert funds["numerator"] == by_hand(desk.link, f"sum({FUNDS})", "amount IS NOT NULL", **of)
                assert funds["denominator"] == by_hand(desk.link, "sum(amount)", **of)
                assert funds["unknown"] == by_hand(desk.link, "count(*)", f"amount IS NULL OR {FUNDS} IS NULL", **of)
        return compared

    assert sown.database.ask_now(sown.leader, compare) > 30


def test_the_zones_beside_each_other_add_up_to_the_whole(sown: Cast) -> None:
    told = sown.database.ask_now(sown.leader, rates.read, None, None, None, "zone")
    assert {group["zone"] for group in told["groups"]} == {"EAST", "WEST"}
    for name in ("signed", "expansions", "frameworks"):
        for figure in ("count", "sum", "known"):
            assert told[name][figure] == sum(group[name][figure] for group in told["groups"])
    for place, item in enumerate(told["items"][:5]):
        for part in ("numerator", "denominator", "unknown", "pending"):
            assert item[part] == sum(group["items"][place][part] for group in told["groups"])


def test_a_month_that_is_past_counts_what_happened_by_its_end(sown: Cast) -> None:
    month = next_month(MONTH, -3)

    def compare(desk: Desk) -> None:
        told = rates.read(desk, None, month)
        of: dict[str, Any] = {"first": f"{month[:4]}-01-01", "zone": None, "month": month}
        assert told["signed"]["count"] == by_hand(desk.link, "count(*)", **of)
        for item in told["items"][:4]:
            assert item["numerator"] == by_hand(desk.link, "count(*)", DID[item["rate"]], **of)

    sown.database.ask_now(sown.leader, compare)


def test_the_two_rates_over_the_ledgers_are_those_of_the_ledgers(sown: Cast) -> None:
    def compare(desk: Desk) -> None:
        items = {item["rate"]: item for item in rates.read(desk)["items"]}
        large = (
            f"FROM project w WHERE {BUILT} AND w.disposition NOT IN ('lost', 'withdrawn') AND w.has_phases IS NOT TRUE AND w.pending IS NOT TRUE "
            "AND (w.relation IS NULL OR w.relation <> 'part') AND w.started_on IS NOT NULL AND COALESCE(w.total_investment_yuan, 5000000) >= 5000000"
        )  # fmt: skip
        statistics = items["statistics"]
        assert statistics["denominator"] == desk.link.value(Sql(f"SELECT count(*) {large}"))
        assert statistics["numerator"] == desk.link.value(
            Sql(f"SELECT count(*) {large} AND w.registered_in_statistics_on IS NOT NULL")
        )
        for part in ("numerator", "denominator"):
            assert len(rates.list_(desk, "statistics", part)) == statistics[part] > 0
        start = monthly.ten(desk)["start_rate"]
        assert (items["plan_start"]["numerator"], items["plan_start"]["denominator"]) == (
            start["started"],
            start["planned"],
        )

    sown.database.ask_now(sown.leader, compare)


# ── the funnel ───────────────────────────────────────────────────────────────────────────────────────────────────────
PLACES = {"lead": 0, "screening": 1, "negotiating": 2, "signed": 3, "landed": 4}
PLACE = "CASE m.to_stage " + " ".join(f"WHEN '{stage}' THEN {place}" for stage, place in PLACES.items()) + " END"
LEADS = """
FROM lead l LEFT JOIN project p ON p.id = l.project_id AND p.deleted_at IS NULL
WHERE l.deleted_at IS NULL
  AND (SELECT min(CAST(m.happened_on AS text)) FROM lead_move m WHERE m.lead_id = l.id) BETWEEN :first AND :until
"""
STARTED = f"""EXISTS (SELECT 1 FROM project w WHERE p.id IS NOT NULL AND {OF_IT} AND {BUILT} AND w.pending IS NOT TRUE
  AND CAST(w.started_on AS text) <= :until)"""


def leads_by_hand(link: Link, where: str, zone: int | None, what: str = "count(*)") -> int:
    here = "" if zone is None else f" AND l.zone_id = {zone}"
    given = {"first": f"{int(YEAR) - 2}-01-01", "until": UNTIL}
    return int(link.value(Sql(f"SELECT {what} {LEADS}{here} AND ({where})"), given) or 0)


def test_every_bar_of_the_funnel_is_what_is_found_by_hand_and_opens_exactly_its_leads(sown: Cast) -> None:
    def compare(desk: Desk) -> int:
        compared = 0
        for code, zone in ((None, None), ("WEST", sown.west)):
            span = {"zone": code, "first": f"{int(YEAR) - 2}-01", "last": MONTH}
            told = {stage["stage"]: stage for stage in funnel.read(desk, **span)["stages"]}
            for stage, place in PLACES.items():
                far = (
                    f"EXISTS (SELECT 1 FROM lead_move m WHERE m.lead_id = l.id AND {PLACE} >= {place} "
                    f"AND CAST(m.happened_on AS text) <= :until) OR {STARTED}"
                )
                wanted = leads_by_hand(desk.link, far, zone)
                assert told[stage]["reached"] == wanted, (stage, code)
                assert len(funnel.list_(desk, stage, "reached", **span)) == wanted
                amount = "sum(COALESCE(CASE WHEN p.id IS NULL THEN l.contract_amount_yuan ELSE p.contract_amount_yuan END, l.intended_amount_yuan))"
                assert told[stage]["sum"] == leads_by_hand(desk.link, far, zone, amount)
                compared += wanted > 0
            assert told["started"]["reached"] == leads_by_hand(desk.link, STARTED, zone)
            here = sum(len(funnel.list_(desk, stage, side, **span)) for stage in told for side in ("here", "lost"))
            assert here == told["lead"]["reached"], "each lead stands in one stage, alive or lost"
        return compared

    assert sown.database.ask_now(sown.leader, compare) == 10


def test_losses_are_those_given_up_by_reason_and_to_whom(sown: Cast) -> None:
    def compare(desk: Desk) -> None:
        told = funnel.read(desk, first=f"{int(YEAR) - 2}-01")["losses"]
        lost = (
            "CASE WHEN p.id IS NULL THEN l.disposition ELSE p.disposition END IN ('lost', 'withdrawn') AND "
            "COALESCE(CAST(CASE WHEN p.id IS NULL THEN l.disposition_on ELSE p.disposition_on END AS text), '') <= :until"
        )
        assert sum(loss["count"] for loss in told) == leads_by_hand(desk.link, lost, None)
        to_qihe = sum(loss["count"] for loss in told if loss["lost_to"] == "齐河")
        assert to_qihe == leads_by_hand(desk.link, f"p.id IS NULL AND {lost} AND l.lost_to = '齐河'", None) > 0

    sown.database.ask_now(sown.leader, compare)


@pytest.mark.parametrize("by", ["channel", "industry", "zone", "month"])
def test_the_groups_of_a_funnel_add_up(sown: Cast, by: str) -> None:
    told = sown.database.ask_now(sown.leader, funnel.read, first=f"{int(YEAR) - 2}-01", by=by)
    assert len(told["groups"]) > 1
    for place, stage in enumerate(told["stages"]):
        assert stage["reached"] == sum(group["stages"][place]["reached"] for group in told["groups"])


# ── who sees what ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_another_zone_sees_nothing_of_it_and_the_city_all(sown: Cast) -> None:
    ask = sown.database.ask_now
    city = ask(sown.office, rates.read)["signed"]["count"]
    east, west = (ask(who, rates.read)["signed"]["count"] for who in (sown.editor, sown.stranger))
    assert east + west == city and east and west
    for service in (rates.read, funnel.read):
        with pytest.raises(NotFound):
            ask(sown.stranger, service, "EAST")
    span = {"first": f"{int(YEAR) - 2}-01"}
    assert {row["zone"] for row in ask(sown.stranger, funnel.list_, "lead", "reached", **span)} == {"WEST"}
    assert {row["zone"] for row in ask(sown.stranger, rates.list_, "start", "denominator")} == {"WEST"}


def test_confidential_leads_are_counted_and_not_named(sown: Cast) -> None:
    span = {"first": f"{int(YEAR) - 2}-01"}
    clear = sown.database.ask_now(sown.leader, funnel.list_, "lead", "reached", **span)
    covered = sown.database.ask_now(sown.key("read"), funnel.list_, "lead", "reached", **span)
    names = {row["name"] for row in covered if row["project_id"] is None}
    assert len(covered) == len(clear) and any(name.startswith("L0000") for name in names)
    hidden = {row["name"] for row in clear if row["project_id"] is None} - names
    assert hidden and not hidden & {str(value) for row in covered for value in row.values()}
    told, told_clear = (sown.database.ask_now(who, funnel.read, **span) for who in (sown.key("read"), sown.leader))
    assert told["stages"] == told_clear["stages"], "the figures are the same for everybody who may see them"


def test_who_may_not_read_leads_reads_none_of_their_figures(sown: Cast) -> None:
    for service in (rates.read, funnel.read):
        with pytest.raises(Forbidden):
            sown.database.ask_now(sown.administrator, service)


def test_what_cannot_be_asked_is_refused(sown: Cast) -> None:
    ask = sown.database.ask_now
    with pytest.raises(BadRequest):
        ask(sown.leader, rates.read, None, None, int(YEAR) + 1)
    with pytest.raises(BadRequest):
        ask(sown.leader, funnel.read, None, MONTH, next_month(MONTH, -1))
    for rate, part in (
        ("nothing", "numerator"),
        ("start", "nothing"),
        ("statistics", "unknown"),
        ("plan_start", "numerator"),
    ):
        with pytest.raises(NotFound):
            ask(sown.leader, rates.list_, rate, part)
    with pytest.raises(NotFound):
        ask(sown.leader, funnel.list_, "completed", "reached")


# ── both faces ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_page_shows_what_the_api_tells_and_every_figure_opens_its_rows(sqlite_web: Web) -> None:
    sow_leads(sqlite_web.cast)
    told = sqlite_web.get("/rates?by=zone").json()
    shown = page(sqlite_web, "GET", "/funnel", "leader").text
    for item in told["items"]:
        row = shown[shown.index(f'data-rate="{item["rate"]}"') :]
        row = row[: row.index("</tr>")]
        assert (f"<b>{item['percent']}</b>" in row) is (item["percent"] is not None)
        links = re.findall(r'<td class="n"><a href="([^"]+)">([\d,.]+)</a>', row)
        assert len(links) == 2
        for part, (address, figure) in zip(("numerator", "denominator"), links, strict=True):
            if item["unit"] != "yuan":
                assert figure == str(item[part])
                opened = page(sqlite_web, "GET", html.unescape(address), "leader").text
                assert f'data-count="{item[part]}"' in opened
    stages = sqlite_web.get("/funnel").json()["stages"]
    for stage in stages:
        opened = page(sqlite_web, "GET", f"/funnel/stages/{stage['stage']}/reached", "leader").text
        assert f'data-count="{stage["reached"]}"' in opened


def test_both_faces_refuse_alike(sqlite_web: Web) -> None:
    far = next_month(MONTH, 1)
    for path, status in (
        ("/funnel?zone=NOWHERE", 404), (f"/funnel?month={far}", 400), ("/funnel?month=x", 400), ("/funnel?by=colour", 400),
        (f"/funnel?month={next_month(MONTH, -2)}", 400),
    ):  # fmt: skip
        assert sqlite_web.get(path).status_code == status, path
        assert page(sqlite_web, "GET", path, "leader").status_code == status, path
    for path in ("/funnel?since=x", f"/funnel?since={int(YEAR) + 1}", "/funnel/rates/start/denominator?skip=x"):
        assert page(sqlite_web, "GET", path, "leader").status_code == 400, path
    assert (
        sqlite_web.get("/rates?since=1").status_code
        == sqlite_web.get(f"/rates?since={int(YEAR) + 1}").status_code
        == 400
    )
    assert page(sqlite_web, "GET", "/funnel/rates/start/nothing", "leader").status_code == 404
    assert page(sqlite_web, "GET", "/funnel/stages/nowhere/reached", "leader").status_code == 404
    for path in ("/funnel", "/targets"):
        assert page(sqlite_web, "GET", path, "administrator").status_code == 403, "the officers read no leads"
        assert page(sqlite_web, "GET", f"{path}?zone=EAST", "stranger").status_code == 404


def test_a_locked_month_is_told_as_it_was_locked(sqlite_web: Web) -> None:
    cast, month = sqlite_web.cast, next_month(MONTH, -1)
    sow_leads(cast)
    cast.database.act_now(cast.office, periods.open_, month, {})
    before = sqlite_web.get("/rates?by=zone").json()

    def lock(desk: Desk) -> None:
        desk.ask(Act.MONTH_LOCK)
        row = periods.row(desk, month)
        row.locked_on, row.locked_by = desk.today, "city"
        desk.keep(row)

    cast.database.act_now(house(), lock)
    locked = sqlite_web.get(f"/rates?month={month}").json()
    cast.database.act_now(house(), _sign_all)
    assert sqlite_web.get(f"/rates?month={month}").json() == locked
    assert sqlite_web.get("/rates").json()["signed"]["count"] > before["signed"]["count"]
    assert f"{month}, locked" in page(sqlite_web, "GET", f"/funnel?month={month}", "leader").text


def _sign_all(desk: Desk) -> None:
    desk.ask(Act.LEAD_AMEND)
    rows = desk.rows(Lead, "open", lambda q, t: q.where(t.c.signed_on.is_(None), t.c.project_id.is_(None)))
    for row in rows:
        row.signed_on = f"{YEAR}-01-02"
    desk.keep(rows)


def test_the_workbook_holds_the_tables_of_the_page(sqlite_web: Web) -> None:
    sow_leads(sqlite_web.cast)
    told, leads = sqlite_web.get("/rates?by=zone").json(), sqlite_web.get("/funnel").json()
    answer = page(sqlite_web, "GET", "/funnel.xlsx", "leader")
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names[:3] == ["Rates", "Zones", "How far leads got"]
    rates_, zones_, stages_ = (book.get_sheet_by_index(n).to_python() for n in range(3))
    rows = {row[0]: row for row in rates_}
    for item in told["items"]:
        row = rows[RATES[item["rate"]]]
        shown = float(str(row[1])) * 100 if row[1] != "" else None
        assert (shown is None and item["percent"] is None) or round(shown or 0, 1) == item["percent"]
        if item["unit"] != "yuan":
            assert (row[2], row[3]) == (item["numerator"], item["denominator"])
    assert {row[0] for row in zones_} >= {group["name"] for group in told["groups"]}
    reached = [row[1] for row in stages_ if row[0] in {say(title, "en") for title in STAGE_TITLES.values()}]
    assert reached == [stage["reached"] for stage in leads["stages"]]
    assert page(sqlite_web, "GET", "/targets.xlsx", "leader").status_code == 200
    assert page(sqlite_web, "GET", "/funnel.xlsx", "administrator").status_code == 403


def test_the_figures_follow_one_lead_from_the_first_call_to_the_start(cast: Cast) -> None:
    db, year = cast.database, 2026
    target = {"classes": [{"least_yuan": 10**9, "low": 1, "high": 1}]}
    db.act_now(cast.office, targets.put, "EAST", year, target, version=None)

    def told() -> tuple[list[int], dict[str, tuple[int, int]], str]:
        stages = db.ask_now(cast.leader, funnel.read, first=f"{year}-01")["stages"]
        items = db.ask_now(cast.leader, rates.read, since=year)["items"][:4]
        (line,) = db.ask_now(cast.leader, targets.read, year=year)["items"]
        shares = {item["rate"]: (item["numerator"], item["denominator"]) for item in items}
        return [stage["reached"] for stage in stages], shares, line["classes"][0]["state"]

    none = dict.fromkeys(("performance", "landed", "start", "production"), (0, 0))
    lead = made(cast, screening_result="同意跟进")
    assert told() == ([1, 0, 0, 0, 0, 0], none, "below")
    move(cast, lead["id"], "negotiating", on="2026-06-08")
    assert told() == ([1, 1, 1, 0, 0, 0], none, "below")
    move(cast, lead["id"], "signed", on="2026-06-30", edit=SIGNED)
    signed = dict.fromkeys(none, (0, 1))
    assert told() == ([1, 1, 1, 1, 0, 0], signed, "within")
    project = db.act_now(cast.editor, landing.land, lead["id"], ledger="reserve").value
    assert told() == ([1, 1, 1, 1, 0, 0], signed, "within"), "in a ledger, and still counted once"
    move(cast, lead["id"], "landed", on="2026-08-01", edit=SECURED)
    assert told() == ([1, 1, 1, 1, 1, 0], signed | {"performance": (1, 1), "landed": (1, 1)}, "within")
    db.act_now(
        cast.by("reviewer", reason="begun"), moves.move, project["id"], to="in_construction", on=TODAY, override=True
    )
    pending = db.ask_now(cast.leader, rates.read, since=year)["items"]
    assert [item["pending"] for item in pending if item["rate"] == "start"] == [1], "no evidence yet"
    db.act_now(house(), _proved, project["id"])
    assert told() == ([1, 1, 1, 1, 1, 1], signed | {"performance": (1, 1), "landed": (1, 1), "start": (1, 1)}, "within")


def _proved(desk: Desk, id_: int) -> None:
    project = desk.get(Project, id_, to=Act.PROJECT_SETTLE)
    project.pending = False
    desk.keep(project)

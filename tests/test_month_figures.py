"""Figures that lie in reports: who owes one, money that came, problems, what a year has cost. Each is held against a
statement written by hand, or against another way to reckon it, and opens its rows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from app.audit import prove
from app.db import house
from app.desk import Desk
from app.engine import Link, Sql
from app.models import Project, Report
from app.rules import money, problems
from app.rules.access import Act
from app.rules.calendar import last_day
from app.rules.dated import LEASTS
from app.rules.money import next_month
from app.schema import migrate
from app.services import figure_rows, leaders, ledgers, monthly, months, overview, periods, zone_months
from app.services.figure_rows import Of
from tests.cast import Cast
from tests.random_month import MONTH, YEAR, sow

HERE = [(None, None), ("EAST", 1), ("WEST", 2)]
STANDS = "p.deleted_at IS NULL AND p.disposition NOT IN ('lost', 'withdrawn') AND p.has_phases IS NOT TRUE"
ITSELF = f"{STANDS} AND p.pending IS NOT TRUE"
SPENDS = f"{STANDS} AND (p.pending IS NOT TRUE OR COALESCE(p.relation, '') = 'part')"
"""A part's money is its bundle's, which sums it whether the part is 待核 or not."""
OWN_MONEY = """COALESCE(p.family_sums, '') NOT LIKE '%"invested_to_date_yuan"%'"""
NONE = "('无', '已解决', 'none')"
NAMED = " OR ".join(
    f"(r.{text} IS NOT NULL AND LOWER(TRIM(REPLACE(r.{text}, '。', ''))) NOT IN {NONE})" for text in problems.TEXTS
)
TURNS = f"""
WITH said AS (
    SELECT r.id, r.project_id, r.month, r.zone_id, CASE WHEN {NAMED} THEN 1 ELSE 0 END AS named FROM report r
    WHERE r.deleted_at IS NULL AND (r.problems_own IS NOT NULL OR r.problems_government IS NOT NULL)
), turned AS (SELECT said.*, COALESCE(LAG(named) OVER (PARTITION BY project_id ORDER BY month), 0) AS before FROM said)
SELECT count(*), 0 FROM turned r JOIN project p ON p.id = r.project_id WHERE {ITSELF} AND """
COUNTED = {
    "funds": "SELECT count(*), COALESCE(sum(funds_in_place_yuan), 0) FROM report r JOIN project p ON p.id = r.project_id "
    f"WHERE r.deleted_at IS NULL AND funds_in_place_yuan IS NOT NULL AND {SPENDS} AND {OWN_MONEY}",
    "foreign": "SELECT count(*), COALESCE(sum(foreign_utilised_usd), 0) FROM report r JOIN project p ON p.id = r.project_id "
    f"WHERE r.deleted_at IS NULL AND foreign_utilised_usd IS NOT NULL AND {SPENDS} AND {OWN_MONEY}",
    "problem_new": f"{TURNS} named = 1 AND before = 0",
    "problem_solved": f"{TURNS} named = 0 AND before = 1",
}
OWED = """
SELECT count(*), count(*) - count(r.id) FROM project p LEFT JOIN report r
    ON r.project_id = p.id AND r.month = '{month}' AND r.deleted_at IS NULL AND r.state <> 'returned'
WHERE p.deleted_at IS NULL AND p.disposition NOT IN ('lost', 'withdrawn') AND p.has_phases IS NOT TRUE
    AND COALESCE(p.part_count, 0) = 0 AND (p.started_on IS NULL OR p.started_on <= '{last}')
    AND (p.opening_month IS NULL OR p.opening_month < '{month}')
    AND (p.ledger = 'in_construction' OR (p.ledger = 'completed' AND p.completed_on >= '{first}-01'
        AND COALESCE(SUBSTR(CAST(p.started_on AS text), 1, 7), '') <= SUBSTR(CAST(p.completed_on AS text), 1, 7)
        AND COALESCE(p.opening_month, '') < SUBSTR(CAST(p.completed_on AS text), 1, 7)))"""


@pytest.fixture
def sown(cast: Cast) -> Cast:
    sow(cast)
    return cast


def two(link: Link, statement: str) -> tuple[int, int]:
    found = link.row(Sql(statement))
    assert found
    return int(found[0]), int(found[1] or 0)


def asked(cast: Cast, look: Any) -> Any:
    return cast.database.ask_now(cast.leader, look)


def test_money_and_problems_of_reports_are_what_is_found_by_hand_and_open_exactly_their_reports(sown: Cast) -> None:
    spans = [(MONTH, MONTH), (f"{YEAR}-01", MONTH), (f"{int(YEAR) - 1}-01", f"{int(YEAR) - 1}-12"), ("", "9999-12")]

    def compare(desk: Desk) -> int:
        compared = 0
        for code, zone in HERE:
            found = monthly.figures(desk, monthly.zone_ids(desk, code))
            for figure, statement in COUNTED.items():
                for first, last in spans:
                    of_zone = "" if zone is None else f" AND r.zone_id = {zone}"
                    wanted = two(desk.link, f"{statement} AND r.month >= '{first}' AND r.month <= '{last}'{of_zone}")
                    told = monthly.between(found, figure, first, last)
                    assert (told["count"], told["sum"]) == wanted, (figure, first, last, code)
                    opened = figure_rows.rows(desk, figure, Of(code), first, last)
                    assert (opened["count"], opened["amount"] or 0, len(opened["items"])) == (*wanted, wanted[0])
                    compared += wanted[0] > 0
        return compared

    assert asked(sown, compare) > 30


def test_what_a_year_has_cost_is_what_the_projects_spent_by_then(sown: Cast) -> None:
    """Against ``rules.money``, which reckons one project from its opening and its reports."""

    def spent_by(desk: Desk, month: str, zone: int | None) -> tuple[int, int]:
        reports: dict[int, list[money.Report]] = defaultdict(list)
        for row in desk.rows(Report, "all", lambda q, t: q.order_by(t.c.month)):
            reports[row.project_id].append(money.Report(row.month, row.invested_yuan, row.cumulative_this_year_yuan))
        total = known = 0
        for p in desk.rows(Project, "all", lambda q, t: q):
            counts = p.disposition not in ("lost", "withdrawn") and not p.has_phases
            counts = counts and (not p.pending or p.relation == "part")
            sums = '"invested_to_date_yuan"' in (p.family_sums or "")
            if not counts or sums or p.ledger not in ("in_construction", "completed") or zone not in (None, p.zone_id):
                continue
            opening = money.Opening(p.opening_month, None, p.opening_this_year_yuan) if p.opening_month else None
            mine = [r for r in reports[p.id or 0] if r.month[:4] == month[:4] and r.month <= month]
            later = [r for r in mine if not opening or r.month > opening.month]
            told = any(r.invested_yuan is not None or r.cumulative_this_year_yuan is not None for r in later)
            begins = opening is not None and f"{month[:4]}-01" <= opening.month <= month
            by = money.spent(month, opening, later, zone_live_from=f"{month[:4]}-01").this_year_yuan
            if by is not None and (told or begins):
                total, known = total + by, known + 1
        return known, total

    def compare(desk: Desk) -> int:
        some = 0
        for code, zone in HERE:
            found = monthly.figures(desk, monthly.zone_ids(desk, code))
            for month in (MONTH, next_month(MONTH, -2), next_month(MONTH, -12), f"{int(YEAR) - 1}-12"):
                known, total = spent_by(desk, month, zone)
                some += known
                opened = figure_rows.rows(desk, "spent", Of(code), f"{month[:4]}-01", month)
                assert (opened["count"], opened["amount"] or 0) == (known, total), (code, month)
                assert monthly.between(found, "spent", f"{month[:4]}-01", month)["sum"] == total, (code, month)
        return some

    assert asked(sown, compare) > 40


def test_every_place_that_says_how_many_reports_are_missing_says_the_same(sown: Cast) -> None:
    """The overview and its lines, the API's ten, the city's month, each zone's month, the rows behind, and by hand."""
    opened = [next_month(MONTH, -n) for n in (9, 4, 1, 0)]
    opened = [m for m in opened if not m.endswith("-01")] + [
        f"{YEAR}-02" if f"{YEAR}-02" < MONTH else f"{int(YEAR) - 1}-02"
    ]
    for month in sorted(set(opened)):
        sown.database.act_now(sown.by("office"), periods.open_, month, {})
    some = 0
    for month in sorted(set(opened)):
        city = asked(sown, lambda desk, month=month: months.read(desk, month))
        hand = OWED.format(month=month, last=last_day(month), first=city["first_month"])
        for code, zone in HERE:
            wanted = sown.database.read_now(
                lambda link, zone=zone, hand=hand: two(
                    link, hand + ("" if zone is None else f" AND p.zone_id = {zone}")
                )  # type: ignore[misc]
            )
            stands = [item for item in city["items"] if code in (None, item["zone"])]
            assert (sum(z["owed"] for z in stands), sum(z["missing"] for z in stands)) == wanted, (month, code)
            told = asked(
                sown,
                lambda desk, code=code, month=month: (
                    monthly.reports(desk, monthly.figures(desk, monthly.zone_ids(desk, code)), month),
                    figure_rows.rows(desk, "missing", Of(code), month, month)["count"],
                ),
            )
            assert told == (wanted, wanted[1]), (month, code)
            if code:
                grid = asked(sown, lambda desk, code=code, month=month: zone_months.read(desk, code, month))
                assert (grid["owed"], len(grid["missing"])) == wanted, (month, code)
            some += wanted[1] > 0 and wanted[0] > wanted[1]
    assert some > 3
    page, ten = asked(sown, overview.overview), asked(sown, monthly.ten)
    newest = asked(sown, lambda desk: months.read(desk, page["month"]))
    assert page["month"] == max(opened)
    missing = sum(item["missing"] for item in newest["items"])
    assert {ten["reports"]["missing"], page["ten"]["reports"]["missing"], sum(z.missing for z in page["lines"])} == {
        missing
    }


def test_size_classes_hold_everything_of_so_much_and_more(sown: Cast) -> None:
    def compare(desk: Desk) -> int:
        ten, some = monthly.ten(desk), 0
        assert [size["least_yuan"] for size in ten["sizes"]] == list(LEASTS)
        for size in ten["sizes"]:
            for name in monthly.SIZED:
                first, last = ("", "9999") if name == "building" else (f"{ten['month'][:4]}-01", ten["month"])
                opened = figure_rows.rows(desk, name, Of(least=size["least_yuan"]), first, last)
                assert (opened["count"], opened["amount"] or 0) == (size[name]["count"], size[name]["sum"])
                amount = {"signed": "contract_amount_yuan"}.get(name, "total_investment_yuan")
                assert all(item["amount"] >= size["least_yuan"] for item in opened["items"]), amount
                some += opened["count"] > 0
        return some

    assert asked(sown, compare) > 8


def test_the_ten_of_all_leaders_and_of_nobody_add_up_to_the_ten_of_all(sown: Cast) -> None:
    def name(desk: Desk) -> None:
        rows = desk.rows(Project, "all", lambda q, t: q.order_by(t.c.id), deleted="with")
        desk.ask(Act.PROJECT_AMEND)
        for n, row in enumerate(rows):
            row.sponsor_leader = ("王领导", "李领导", "赵领导")[n % 3]
        desk.keep(rows)

    sown.database.act_now(house(), name)
    for code, _ in HERE:
        whole = asked(sown, lambda desk, code=code: monthly.ten(desk, code))
        parts = [
            asked(sown, lambda desk, w=w, code=code: leaders.ten(desk, code, w)) for w in ("王领导", "李领导", "赵领导")
        ]
        for item in whole["items"]:
            same = [next(i for i in part["items"] if i["figure"] == item["figure"]) for part in parts]
            for column in ("month", "year", "plan"):
                if item[column]:
                    assert sum(i[column]["count"] for i in same) == item[column]["count"], (item["figure"], column)
                    assert sum(i[column]["sum"] for i in same) == item[column]["sum"], (item["figure"], column)
        assert sum(part["reports"]["missing"] for part in parts) == whole["reports"]["missing"]
        assert sum(part["pace"]["plan_yuan"] for part in parts) == whole["pace"]["plan_yuan"]
        table = asked(sown, lambda desk, code=code: leaders.table(desk, code))
        heads = asked(sown, lambda desk, code=code: ledgers.heads(desk, code))
        assert len(table["items"]) == 3
        for ledger, head in heads.items():
            assert sum(line[ledger] for line in table["items"]) == head["project_count"]
        assert sum(line["red"] for line in table["items"]) == heads["in_construction"]["lights"]["red"]
        assert sum(line["planned"] for line in table["items"]) == whole["pace"]["plan_yuan"]
        his = asked(sown, lambda desk, code=code: figure_rows.rows(desk, "started", Of(code, "王领导"), "", "9999"))
        mine = next(item for item in parts[0]["items"] if item["figure"] == "started")
        this_year = asked(
            sown, lambda desk, code=code: figure_rows.rows(desk, "started", Of(code, "王领导"), f"{YEAR}-01", MONTH)
        )
        assert this_year["count"] == mine["year"]["count"] <= his["count"]


def test_the_curve_of_the_city_ends_at_its_plan_and_at_what_was_done(sown: Cast) -> None:
    for code, _ in HERE:
        ten = asked(sown, lambda desk, code=code: monthly.ten(desk, code))
        assert [point["month"] for point in ten["curve"]] == [f"{YEAR}-{n:02d}" for n in range(1, 13)]
        planned = [point["planned_yuan"] for point in ten["curve"]]
        assert planned == sorted(planned) and planned[-1] == ten["pace"]["plan_yuan"]
        assert all(point["done_yuan"] is None for point in ten["curve"] if point["month"] > ten["month"])


def test_the_sums_of_reports_are_those_that_are_counted_anew(sown: Cast) -> None:
    kept = Sql("SELECT * FROM dated_total WHERE projects <> 0 OR amount_sum <> 0 OR amount_known <> 0 ORDER BY 1, 2, 3")
    before = sown.database.read_now(lambda link: link.rows(kept))
    assert {"reported", "spent", "funds", "problem_new", "problem_solved", "owing_until"} <= {row[1] for row in before}
    assert not [
        part for part in sown.database.read_now(lambda link: list(prove(link))) if part.name == "Sums" and part.found
    ]
    migrate(sown.database.url, again=True)
    assert sown.database.read_now(lambda link: link.rows(kept)) == before

"""Phases and parts in the lists: folded under their parent, counted once, never lost to a page, a filter or a search."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.db import house
from app.desk import SYSTEM, Desk
from app.models import Project
from app.rules.access import Act
from app.services import exports, families, ledger_pages, ledgers, projects
from app.services.asking import Asked
from app.services.preparing import Choices, prepare, read, spellings
from app.sheets.reading import read_workbook
from app.words import LANGUAGES
from tests.cast import Cast, link_of
from tests.test_ledger_pages import RESERVE, Sheet
from tests.test_query_counts import fill, watched

pytestmark = pytest.mark.anyio
NEEDS = ("id", "name", "zone_id", "parent_id", "relation", "phase_no", "has_phases", "part_count")


def add(
    cast: Cast, name: str, of: dict[str, Any] | None = None, relation: str = "part", **facts: Any
) -> dict[str, Any]:
    facts |= {"parent_id": of["id"], "relation": relation} if of else {}
    made = cast.database.act_now(cast.editor, projects.create, {"name": name, **facts}, zone="EAST").value
    assert isinstance(made, dict)
    return made


def grown(cast: Cast) -> dict[str, dict[str, Any]]:
    """Three works and a bundle of three; a contract in two phases. Largest first the bundle stands second, with its sum."""
    made = {name: add(cast, name, total_investment_yuan=n) for name, n in (("A", 900), ("Bundle", 80), ("C", 70))}
    made |= {f"P{n}": add(cast, f"P{n}", made["Bundle"], total_investment_yuan=100 - n) for n in (1, 2, 3)}
    made["Heading"] = add(cast, "Heading", total_investment_yuan=60)
    for n in (2, 1):
        made[f"Phase {n}"] = add(cast, f"Phase {n}", made["Heading"], "phase", phase_no=n, total_investment_yuan=n)
    return made


def shown(cast: Cast, *, seq: int | None = None, **asked: Any) -> list[tuple[str, list[str]]]:
    """Each row at its own place with those under it, over all pages of two."""
    found, cursor = [], None
    while True:
        question = Asked(zones=("EAST",), ledger="reserve", limit=2, cursor=cursor, seq=seq, **asked)
        caller = cast.by("editor", as_of=seq)
        sheet = cast.database.ask_now(caller, ledger_pages.sheet, question, lambda keys: NEEDS, None)
        found += [(row[1], [kid[1] for kid in sheet.under.get(row[0], [])]) for row in sheet.page.rows]
        cursor = sheet.page.next
        if cursor is None:
            return found


TREE = [("A", []), ("Bundle", ["P1", "P2", "P3"]), ("C", []), ("Heading", ["Phase 1", "Phase 2"])]


def test_phases_and_parts_stand_under_their_parent_whatever_the_page_and_the_order(cast: Cast) -> None:
    grown(cast)
    assert shown(cast) == TREE
    assert shown(cast, sort=("name",)) == TREE
    assert shown(cast, sort=("-name",)) == TREE[::-1]


def test_a_child_in_another_ledger_than_its_parent_stands_by_itself_there(cast: Cast) -> None:
    made = grown(cast)
    parent = cast.database.act_now(
        cast.by("reviewer", reason="Ready"),
        projects.dispose,
        made["Bundle"]["id"],
        disposition="withdrawn",
    ).value
    assert parent["disposition"] == "withdrawn"
    assert [row for row in shown(cast) if row[0].startswith("P")][:3] == [("P1", []), ("P2", []), ("P3", [])]


def test_the_tree_as_of_an_act_is_the_tree_of_that_day(cast: Cast) -> None:
    made = grown(cast)
    then = cast.database.act_now(cast.editor, projects.amend, made["A"]["id"], {"park": "North"}, version=None).seq
    cast.database.act_now(
        cast.editor, projects.amend, made["P2"]["id"], {"parent_id": None, "relation": None}, version=None
    )
    assert shown(cast)[2] == ("P2", [])
    assert shown(cast, seq=then) == TREE


def test_what_a_filter_or_a_search_hits_is_never_folded_away(cast: Cast) -> None:
    grown(cast)
    assert shown(cast, q="P3") == [("P3", [])]
    assert shown(cast, filters=(("total_investment_yuan", "lte", 2),)) == [("Phase 2", []), ("Phase 1", [])]
    alone = cast.database.ask_now(
        cast.editor, ledger_pages.sheet, Asked(("EAST",), "reserve", q="P3"), lambda keys: NEEDS, None
    )
    assert list(alone.parents.values()) == ["Bundle"]


def test_a_bundle_is_one_project_and_split_as_many_items_as_it_has_parts(cast: Cast) -> None:
    made = grown(cast)

    def head() -> dict[str, Any]:
        return cast.database.ask_now(cast.editor, ledgers.heads, "EAST")["reserve"]

    def counts() -> tuple[int, int, int]:
        return head()["project_count"], head()["split_count"], head()["amounts"]["total_investment_yuan"]["sum"]

    assert counts() == (5, 7, 900 + 99 + 98 + 97 + 70 + 3)
    assert ledgers.counted(head(), "zh_CN") == "5 个（拆分后 7 项）"
    filtered = cast.database.ask_now(cast.editor, ledgers.filtered, Asked(("EAST",), "reserve"))
    assert filtered["split_count"] == 7
    cast.database.act_now(cast.editor, projects.remove, made["P1"]["id"], version=None)
    cast.database.act_now(cast.by("editor", reason="Sold"), projects.dispose, made["P2"]["id"], disposition="lost")
    assert counts() == (5, 5, 900 + 97 + 70 + 3)
    assert ledgers.counted(head(), "en") == "5 projects"
    chosen = [(made["P3"]["id"], None)]
    cast.database.act_now(cast.editor, projects.bulk, chosen, {"parent_id": None, "relation": None})
    assert counts() == (6, 6, 900 + 80 + 97 + 70 + 3)


def test_pending_and_split_are_both_said_the_official_figure_first() -> None:
    head = {"project_count": 27, "pending_count": 3, "split_count": 31}
    said = [ledgers.counted(head, language) for language in LANGUAGES]
    assert set(said) == {"27 个（拆分后 31 项，另待核 3）", "27 projects (31 items once split, 3 more pending)"}
    assert ledgers.counted(head | {"split_count": 27}, "zh_CN") == "27 个（另待核 3）"


def test_a_register_older_than_the_number_of_parts_is_counted_by_night(cast: Cast) -> None:
    made = grown(cast)

    def forget(desk: Desk) -> None:
        bundle = desk.get(Project, made["Bundle"]["id"], to=Act.LIGHTS_TURN)
        bundle.part_count = bundle.family_sums = None
        desk.keep(bundle)

    cast.database.act_now(house(door="system"), forget)
    assert [row for row in shown(cast) if row[0] == "P1"] == [("P1", [])], "listed on its own until it is counted"
    assert cast.database.act_now(house(door="system"), families.recount).value == 3
    assert cast.database.act_now(house(door="system"), families.recount).value == 0
    assert shown(cast) == TREE


@pytest.mark.parametrize("seq", [None, 10**6], ids=["now", "as of"])
def test_a_folded_page_walks_the_index_and_asks_once_for_all_its_children(cast: Cast, seq: int | None) -> None:
    fill(cast.database, cast, 100)
    grown(cast)
    link = link_of(cast.database)
    try:
        desk = Desk(SYSTEM, link, "en", "2026-11-24", seq=seq)
        with watched(link) as seen:
            ledger_pages.sheet(desk, Asked(("EAST",), "reserve", seq=seq), lambda keys: NEEDS, None)
        children = [one for one in seen if "parents" in one[1]]
        (page,) = [one for one in seen if "limit_" in one[1]]
        assert len(children) == 1
        if link.dialect == "postgresql":
            link.raw.execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
        explain = "EXPLAIN QUERY PLAN " if link.dialect == "sqlite" else "EXPLAIN "
        plan, below = ("\n".join(str(r[-1]) for r in link.raw.execute(explain + t, v)) for t, v in (page, *children))
    finally:
        link.close()
    assert ("ix_project_page" if seq is None else "ix_project_version_page") in plan, plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
    # PostgreSQL knows no statistics of so few rows: there only that it does not read them all
    by_parent = "ix_project_parent_id" if seq is None else "ix_project_version_parent"
    assert by_parent in below if "SEARCH" in below else "Index Scan" in below, below


async def test_the_sheet_folds_parts_numbers_what_counts_and_says_both_counts(cast: Cast) -> None:
    made, sheet = grown(cast), Sheet(cast)
    text = (await sheet.get(RESERVE)).text
    assert text.count("5 projects (7 items once split)") == 2
    rows = re.findall(r'<tr(?: class="([^"]*)")? data-id="(\d+)".*?<span class=no>(\d*)</span>', text)
    names = {str(p["id"]): name for name, p in made.items()}
    assert [(names[id_], classes, number) for classes, id_, number in rows] == [
        ("A", "", "1"), ("Bundle", "", "2"), ("P1", "sub kid tucked", ""), ("P2", "sub kid tucked", ""),
        ("P3", "sub kid tucked", ""), ("C", "", "3"), ("Heading", "sub", ""), ("Phase 1", "kid", "4"), ("Phase 2", "kid", "5"),
    ]  # fmt: skip
    assert re.findall(r"aria-expanded=(\w+) data-tree[^>]*>(\d)<", text) == [("false", "3"), ("true", "2")]
    found = (await sheet.get(f"{RESERVE}?q=P3")).text
    assert 'title="Belongs to Bundle">Bundle ›' in found
    assert "data-tree" not in found
    answer = await sheet.client.get("/api/v1/zones/EAST/ledgers", headers={"authorization": "Bearer key-read"})
    assert next((h["project_count"], h["split_count"]) for h in answer.json()["items"]) == (5, 7)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_workbook_lists_the_tree_and_numbers_only_what_counts(cast: Cast, tmp_path: Path, form: str) -> None:
    grown(cast)
    out = tmp_path / f"out.{form}"
    exports.run(cast.database, cast.by("editor", language="zh_CN"), out, ledger="reserve", zones=["EAST"])
    cells = [
        [str(cell or "").removesuffix(".0") for cell in (*row, "", "")[:2]] for row in read_workbook(out).sheets[0].rows
    ]
    order = ["A", "Bundle", "P1", "P2", "P3", "C", "Heading", "Phase 1", "Phase 2"]
    numbers = ["1", "2", "", "", "", "3", "", "4", "5"]
    assert [row for row in cells if row[1] in order] == [list(pair) for pair in zip(numbers, order, strict=True)]
    said = [row[0] for row in cells if "5 个（拆分后 7 项）" in row[0]]
    assert len(said) == (2 if form == "xlsx" else 1), "the unit line, and the total row that a program sums for itself"
    if form == "xlsx":
        with zipfile.ZipFile(out) as archive:
            assert archive.read("xl/worksheets/sheet1.xml").count(b'outlineLevel="1"') == 5
    understood = read(out.read_bytes(), out.name, cast.database.ask_now(cast.both, spellings))
    seen = cast.database.ask_now(cast.both, prepare, understood, Choices())
    assert {d.state for d in seen.drafts} == {"same"}
    assert len(seen.drafts) == len(order)

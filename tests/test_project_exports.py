"""One project on its own page: out with everything a ledger can show, and back without a change or with exactly those made."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from app.db import Caller
from app.errors import NotFound
from app.rules.codes import Ledger
from app.services import ledgers, project_exports, projects
from app.services.asking import Asked
from app.sheets.reading import read_workbook
from tests.cast import Cast
from tests.random_ledgers import project
from tests.test_exports import fill
from tests.test_import_pages import desks as desks  # noqa: PLC0414  a fixture
from tests.test_round_trip import back, edited, told


def page_of(cast: Cast, who: Caller, id_: int, *args: Any) -> bytes:
    made = cast.database.ask_now(who, project_exports.file, id_, *args)
    data = made.path.read_bytes()
    made.path.unlink()
    return data


def ids(cast: Cast, ledger: Ledger) -> list[int]:
    asked = Asked(zones=("EAST",), ledger=ledger.value, sort=("id",))
    return [r[0] for r in cast.database.ask_now(cast.editor, ledgers.page, asked, ("id",)).rows]


def place(rows: list[list[Any]], label: str) -> tuple[int, int]:
    return next((r, row.index(label)) for r, row in enumerate(rows) if label in row)


def test_the_page_of_any_project_comes_back_without_a_change(sqlite_cast: Cast) -> None:
    cast, rng = sqlite_cast, random.Random(44)
    for ledger in Ledger:
        fill(cast, *(project(rng, ledger.value, n) for n in range(2)))
        for n, id_ in enumerate(ids(cast, ledger)):
            who = replace((cast.editor, cast.reviewer)[n], language=("zh_CN", "en")[n])
            seen = back(cast, who, page_of(cast, who, id_, ("wan", "yi")[n]))
            assert [d.known and d.known["id"] for d in seen.drafts] == [id_], (ledger, n)
            assert told(seen) == [], (ledger, n)
            assert (seen.understood.tables[0].kind, seen.absent) == ("project_page", [])


def test_what_is_edited_on_the_page_is_what_changes_also_when_rows_were_put_between(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    facts = {"name": "2019年储备一号", "total_investment_yuan": 123_456_789, "remarks": "旧", "phone": "13800000001"}
    fill(cast, facts)
    (id_,) = ids(cast, Ledger.IN_CONSTRUCTION)
    data = page_of(cast, replace(cast.editor, language="zh_CN"), id_)
    assert "13800000001" in str(read_workbook(data, "a.xlsx").sheets[0].rows)
    assert "13800000001" not in str(read_workbook(page_of(cast, cast.auditor, id_), "a.xlsx").sheets[0].rows)

    def change(rows: list[list[Any]]) -> None:
        for label, value in (("总投资", 20_000), ("备注", None), ("存在问题", "用电缺口")):
            r, c = place(rows, label)
            rows[r] += [None] * (c + 2 - len(rows[r]))
            rows[r][c + 1] = value
        rows.insert(4, ["自己加的一行", "不算数"])

    seen = back(cast, cast.editor, edited(data, change), clears=True)
    (draft,) = seen.drafts
    assert draft.values == {"total_investment_yuan": 200_000_000, "remarks": None, "problems_own": "用电缺口"}
    assert (draft.state, draft.ledger) == ("changed", "in_construction"), "a word in its name is no ledger"
    total = draft.cells["total_investment_yuan"]
    assert draft.at(total) == f"B{place(read_workbook(data, 'a.xlsx').sheets[0].rows, '总投资')[0] + 2}"

    def move(rows: list[list[Any]]) -> None:
        r, c = place(rows, "台账")
        rows[r][c + 1] = "已竣工"

    (draft,) = back(cast, cast.editor, edited(data, move)).drafts
    assert (draft.state, draft.move.to if draft.move else None) == ("move", "completed")
    newer = {"total_investment_yuan": 130_000_000}
    since = cast.database.ask_now(cast.editor, projects.read, id_)["version"]
    cast.database.act_now(replace(cast.editor, reason="r"), projects.amend, id_, newer, version=since)
    (draft,) = back(cast, cast.editor, edited(data, change)).drafts
    assert [*draft.clashes] == ["total_investment_yuan"], "both changed it: she chooses"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_page_is_offered_to_those_who_see_the_project(cast: Cast, desks: Any) -> None:
    fill(cast, {"name": "一号"})
    (id_,) = ids(cast, Ledger.IN_CONSTRUCTION)
    address = f"/projects/{id_}.xlsx"
    assert address in desks("leader").get(f"/projects/{id_}").text
    got = desks("leader").get(address)
    assert (got.status_code, "attachment" in got.headers["content-disposition"]) == (200, True)
    assert read_workbook(got.content, "a.xlsx").sheets[0].rows[0][0] == "一号"
    assert [desks(who).get(address).status_code for who in ("stranger", "administrator")] == [404, 403]
    with pytest.raises(NotFound):
        page_of(cast, cast.stranger, id_)

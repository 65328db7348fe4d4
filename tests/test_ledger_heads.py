"""The head of a ledger's page: against the month before, and how far the reports of the month are."""

from __future__ import annotations

import re

import pytest

from app.services import ledger_heads, overview, periods
from tests.cast import Cast
from tests.random_month import sow
from tests.test_ledger_pages import PLACE, RESERVE, Sheet
from tests.test_month_steps import MONTH, act, build, report, steps

pytestmark = pytest.mark.anyio
NEXT = "2026-09"


@pytest.fixture
def sheet(cast: Cast) -> Sheet:
    return Sheet(cast)


async def head(sheet: Sheet, path: str) -> tuple[str, str]:
    """The words of the tabs, and those about the month beside them."""
    page = await sheet.get(path)
    assert page.status_code == 200
    tabs, _, month = (
        page.text.partition('<nav class="ltabs"')[2].partition("</nav>")[0].partition('<div class="state">')
    )
    return tuple(" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in (tabs, month))  # type: ignore[return-value]


async def test_the_head_tells_how_far_the_reports_of_the_month_are(sheet: Sheet) -> None:
    cast, place = sheet.cast, f"{PLACE}/in_construction"
    mill, kiln = build(cast, "面粉生产线（演示）"), build(cast, "窑炉（演示）")
    assert (await head(sheet, place))[1] == "", "no month was opened"
    act(cast, "office", periods.open_, MONTH, {})
    told = (await head(sheet, place))[1]
    assert re.fullmatch(r"2026-08 · Open \d+ days late · Reported 0 of 2", told)
    assert f'href="/zones/EAST/months/{MONTH}"' in (await sheet.get(place)).text
    report(cast, mill, invested_yuan=10_000)
    assert "Reported 1 of 2" in (await head(sheet, place))[1]
    office = Sheet(cast, "office")
    assert (await head(office, "/ledgers/reserve"))[1] == "2026-08 Reported 1 of 2"
    assert f'href="/months/{MONTH}"' in (await office.get("/ledgers/reserve")).text
    report(cast, kiln, invested_yuan=20_000)
    steps(cast, "submit")
    assert (await head(sheet, place))[1] == "2026-08 · Submitted Reported 2 of 2"
    steps(cast, "confirm", "lock")
    assert (await head(sheet, place))[1] == (await head(office, "/ledgers/reserve"))[1] == "2026-08 · Locked"


async def test_the_tabs_tell_what_a_ledger_has_more_or_less_than_at_the_end_of_the_month_before(sheet: Sheet) -> None:
    cast = sheet.cast
    sheet.add("Mill")
    act(cast, "office", periods.open_, MONTH, {})
    steps(cast, "lock")
    assert "on last month" not in (await head(sheet, RESERVE))[0], "the register did not exist in July"
    act(cast, "office", periods.open_, NEXT, {})
    assert "on last month" not in (await head(sheet, RESERVE))[0], "nothing has changed since August"
    sheet.add("Kiln")
    sheet.add("Pump")
    assert "Reserve 3 projects" in (told := (await head(sheet, RESERVE))[0])
    assert told.count("+2 on last month") == 1
    assert "+2 on last month" in (await sheet.get(f"{RESERVE}/sums")).text, "after an edit too"
    assert "+2 on last month" in (await head(Sheet(cast, "office"), "/ledgers/upcoming"))[0]


def test_the_head_counts_reports_as_the_overview_does(cast: Cast) -> None:
    sow(cast)
    first = cast.database.ask_now(cast.leader, overview.overview)["month"]
    if not cast.database.ask_now(cast.leader, periods.all_):
        cast.database.act_now(cast.by("office"), periods.open_, first, {})
    lines = cast.database.ask_now(cast.leader, overview.overview)["lines"]
    one = {line.code: cast.database.ask_now(cast.leader, ledger_heads.reporting, line.code) for line in lines}
    assert {code: (told.owed, told.owed - told.reported) for code, told in one.items() if told} == {
        line.code: (line.owed, line.missing) for line in lines
    }
    whole = cast.database.ask_now(cast.leader, ledger_heads.reporting, None)
    assert whole is not None
    assert whole.owed == sum(line.owed for line in lines) > 0
    assert whole.reported == sum(line.owed - line.missing for line in lines)

"""The sheet under the hands, in a real Chromium: arrows, Enter, Tab, Esc, Ctrl+Z, Ctrl+C and Ctrl+V; refusals stay where they are."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site import Site

pytestmark = pytest.mark.browser
LEDGER = "/zones/EAST/ledgers/in_construction"


def cell(sheet: Page, id_: int, field: str) -> Locator:
    return sheet.locator(f'#grid tr[data-id="{id_}"] [data-field="{field}"]')


def here(sheet: Page) -> tuple[int, str]:
    """Which cell has the focus: id of its row and field."""
    found = sheet.evaluate("(c => [c.closest('tr').dataset.id, c.dataset.field])(document.activeElement)")
    return int(found[0]), found[1]


def walk(sheet: Page, id_: int, field: str) -> None:
    """Go to a cell with the arrow keys only, from the place in the sheet that Tab leads to."""
    sheet.locator("#grid [tabindex='0']").first.focus()
    sheet.keyboard.press("Control+Home")
    steps = sheet.evaluate(
        """([id, field]) => { const rows = [...document.querySelectorAll('#grid tr[data-id]')];
        const row = rows.findIndex((r) => r.dataset.id === String(id));
        return [row, [...rows[row].cells].findIndex((c) => c.dataset.field === field)]; }""",
        [id_, field],
    )
    for key, count in zip(("ArrowDown", "ArrowRight"), steps, strict=True):
        for _ in range(count):
            sheet.keyboard.press(key)
    assert here(sheet) == (id_, field)


def saved(sheet: Page, id_: int, field: str) -> None:
    """Wait until what was typed into this cell is in the register."""
    expect(sheet.locator("#grid .busy")).to_have_count(0)
    expect(cell(sheet, id_, field)).not_to_have_class("no")


def write(sheet: Page, id_: int, field: str, text: str, *, settled: bool = True) -> None:
    """Type over what stands in a cell; wait until it is in the register unless it is not meant to come there."""
    cell(sheet, id_, field).click()
    sheet.keyboard.press("Control+a")
    sheet.keyboard.type(text)
    sheet.keyboard.press("Enter")
    if settled:
        saved(sheet, id_, field)


def test_arrows_move_enter_edits_and_goes_down_tab_goes_on_and_esc_leaves(online: Site) -> None:
    one, two = online.sow("甲厂（演示）", "乙厂（演示）")
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        cell(sheet, one, "content").click()
        sheet.keyboard.press("Escape")
        sheet.keyboard.press("ArrowRight")
        assert here(sheet) == (one, "total_investment_yuan")
        sheet.keyboard.press("ArrowRight")  # what was spent before this year is worked out: no field
        sheet.keyboard.press("ArrowRight")
        assert here(sheet) == (one, "annual_plan_yuan")
        sheet.keyboard.press("ArrowDown")
        sheet.keyboard.press("ArrowUp")
        sheet.keyboard.press("Enter")
        sheet.keyboard.type("9.9亿")
        sheet.keyboard.press("Escape")
        expect(cell(sheet, one, "annual_plan_yuan")).to_have_text("20,000")
        assert here(sheet) == (one, "annual_plan_yuan")
        assert online.known(one)["annual_plan_yuan"] == 2 * 10**8
        cell(sheet, one, "content").click()
        sheet.keyboard.press("Control+a")
        sheet.keyboard.type("一条线")
        sheet.keyboard.press("Enter")
        assert here(sheet) == (two, "content")
        saved(sheet, one, "content")
        sheet.keyboard.type("2 lines")  # typing begins at once, over what was there
        sheet.keyboard.press("Tab")
        saved(sheet, two, "content")
        assert here(sheet) == (two, "total_investment_yuan")  # also when the row came back, written anew
        assert (online.known(one)["content"], online.known(two)["content"]) == ("一条线", "2 lines")


@pytest.mark.parametrize(
    ("ledger", "field", "typed", "kept", "shown"),
    [
        ("in_construction", "annual_plan_yuan", "1.05亿", 105_000_000, "10,500"),
        ("in_construction", "planned_completion_month", "2027.4", "2027-04", "2027-04"),
        ("in_construction", "registered_in_statistics_on", "2026年5月6日", "2026-05-06", "2026-05-06"),
        ("in_construction", "progress_text", "主体封顶", "主体封顶", "主体封顶"),
        ("upcoming", "land_mode", "zl", "leased", "租赁厂房"),
        ("upcoming", "land_mu", "36.5", 36.5, "36.5"),
        ("upcoming", "planning_permit_state", "办结", "done", "已办结"),
        ("upcoming", "construction_permit_state", "2026.12.20", "in_progress", "办理中 12-20"),
    ],
)
def test_each_kind_of_cell_takes_what_a_clerk_types(
    online: Site, ledger: str, field: str, typed: str, kept: Any, shown: str
) -> None:
    (id_,) = online.sow(f"丙厂 {field}（演示）", ledger=ledger, annual_plan_yuan=None)
    with online.person("editor") as sheet:
        sheet.goto(f"/zones/EAST/ledgers/{ledger}")
        cell(sheet, id_, field).click()
        sheet.keyboard.press("Control+a")
        sheet.keyboard.type(typed)
        sheet.keyboard.press("Enter")
        if field == "planned_completion_month":  # a planned date that was known wants a reason
            sheet.locator(".call input[name=reason]").fill("设备晚到")
            sheet.keyboard.press("Enter")
        saved(sheet, id_, field)
        expect(cell(sheet, id_, field)).to_have_text(shown)
    assert online.known(id_)[field] == kept


def test_ctrl_z_takes_the_last_edit_back_as_a_new_change(online: Site) -> None:
    (id_,) = online.sow("丁厂（演示）")
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        for field, text in (("progress_text", "打桩"), ("remarks", "加急")):
            cell(sheet, id_, field).click()
            sheet.keyboard.type(text)
            sheet.keyboard.press("Enter")
            saved(sheet, id_, field)
        for field in ("remarks", "progress_text"):
            sheet.keyboard.press("Control+z")
            expect(cell(sheet, id_, field)).to_have_text("")
            saved(sheet, id_, field)
    known = online.known(id_)
    assert (known["progress_text"], known["remarks"]) == (None, None)
    typed = [c for c in history(online, id_) if c["field"] in ("progress_text", "remarks")]  # its day follows the text
    assert [(c["field"], c["before"], c["after"]) for c in typed[:2]] == [
        ("progress_text", "打桩", None),
        ("remarks", "加急", None),
    ]


def history(online: Site, id_: int) -> list[dict[str, Any]]:
    from app.db import house
    from app.services import history as told

    found = online.cast.database.ask_now(house(), told.of_project, id_)
    return [change for act in found for change in act["changes"]]


def test_a_refusal_stays_beside_the_cell_with_what_was_typed_until_it_is_right(online: Site) -> None:
    (id_,) = online.sow("戊厂（演示）", annual_plan_yuan=None)
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        plan = cell(sheet, id_, "annual_plan_yuan")
        plan.click()
        sheet.keyboard.type("五个亿吧")
        sheet.keyboard.press("Enter")
        expect(plan).to_have_attribute("aria-invalid", "true")
        expect(plan).to_have_text("五个亿吧")
        expect(sheet.locator(".call.err")).to_be_visible()
        plan.click()
        assert plan.locator("input").input_value() == "五个亿吧"
        sheet.keyboard.press("Control+a")
        sheet.keyboard.type("5亿")
        sheet.keyboard.press("Enter")
        expect(plan).to_have_text("50,000")
        expect(sheet.locator(".call.err")).to_have_count(0)
        assert online.known(id_)["annual_plan_yuan"] == 5 * 10**8
        sheet.keyboard.press("Control+z")
        expect(sheet.locator(".call input[name=reason]")).to_have_count(0)  # an undo brings its reason along
        expect(plan.locator(".nil")).to_have_count(1)
    assert online.known(id_)["annual_plan_yuan"] is None


def test_a_change_of_a_total_asks_why_in_a_line_under_the_cell_and_offers_the_last_reason(online: Site) -> None:
    one, two = online.sow("己厂（演示）", "庚厂（演示）")
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        cell(sheet, one, "total_investment_yuan").click()
        sheet.keyboard.type("5.4亿")
        sheet.keyboard.press("Enter")
        sheet.locator(".call input[name=reason]").fill("增资")
        sheet.keyboard.press("Enter")
        expect(cell(sheet, one, "total_investment_yuan")).to_have_text("54,000")
        cell(sheet, two, "total_investment_yuan").click()
        sheet.keyboard.type("6亿")
        sheet.keyboard.press("Enter")
        sheet.locator(".call .chip", has_text="增资").click()
        expect(cell(sheet, two, "total_investment_yuan")).to_have_text("60,000")
    assert [online.known(i)["total_investment_yuan"] for i in (one, two)] == [54 * 10**7, 6 * 10**8]


def test_ctrl_c_gives_cells_as_excel_wants_them(online: Site) -> None:
    one, two = online.sow("铜山一厂（演示）", "铜山二厂（演示）", largest=8 * 10**9, content='第一行\n"第二行"')
    with online.person("editor", permissions=["clipboard-read", "clipboard-write"]) as sheet:
        sheet.goto(LEDGER)
        cell(sheet, one, "content").click()
        sheet.keyboard.press("Escape")
        sheet.keyboard.press("Shift+ArrowRight")
        sheet.keyboard.press("Shift+ArrowDown")
        sheet.keyboard.press("Control+c")
        copied = sheet.evaluate("navigator.clipboard.readText()")
    assert copied == '"第一行\n""第二行"""\t800000\n"第一行\n""第二行"""\t799900'
    assert one < two


def test_slash_goes_to_the_search_question_mark_helps_and_the_focus_is_always_seen(online: Site) -> None:
    online.sow("癸厂（演示）")
    with online.person("editor") as sheet:
        sheet.goto(LEDGER)
        sheet.keyboard.press("/")
        expect(sheet.locator("[data-search]")).to_be_focused()
        sheet.keyboard.type("guichang")
        expect(sheet.locator("#grid tr[data-id]")).to_have_count(1)
        sheet.keyboard.press("Escape")
        sheet.locator("#grid tr[data-id] .c2").first.focus()
        sheet.keyboard.press("?")
        expect(sheet.locator("#dialog")).to_be_visible()
        sheet.keyboard.press("Escape")
        expect(sheet.locator("#dialog")).not_to_be_visible()
        sheet.goto(LEDGER)
        seen = set()
        for _ in range(30):
            sheet.keyboard.press("Tab")
            drawn = sheet.evaluate(
                "(e => { const s = getComputedStyle(e), p = getComputedStyle(e.closest('.search') ?? e);"
                " return [e.outerHTML.slice(0, 90), s.outlineStyle !== 'none' || p.outlineStyle !== 'none' ||"
                " s.boxShadow !== 'none']})(document.activeElement)"
            )
            seen.add(drawn[0])
            assert drawn[1], f"no focus to be seen on {drawn[0]}"
        assert len(seen) > 15

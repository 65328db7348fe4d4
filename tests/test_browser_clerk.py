"""A clerk's hour: from the workbook she keeps to a ledger that is edited, proved, printed and taken away. Nothing typed twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from app.db import house
from app.engine import Sql
from app.services import history, ledgers, zones
from app.services.asking import Asked
from tests import clerks_workbook as book
from tests.browser import barriers, keep_picture
from tests.site import Site
from tests.test_browser_sheet import cell, saved, walk

pytestmark = pytest.mark.browser
PLACE = "/zones/EAST/ledgers"
BUILDING, PLANNED = f"{PLACE}/in_construction", f"{PLACE}/upcoming"
WAN = 10_000
LAST_ACT = Sql("SELECT seq FROM head")


def test_a_clerks_hour(online: Site, tmp_path: Path) -> None:
    named = {"name": book.ZONE, "short_name": "东湖经开区"}
    online.cast.database.act_now(house(), zones.amend, "EAST", named)
    with online.person("editor", accept_downloads=True) as sheet:
        her_workbook_comes_in(online, sheet, tmp_path)
        the_reviewer_accepts_the_opening_once(online, sheet)
        five_cells_by_keyboard(online, sheet)
        a_column_of_figures_pasted_from_wps_is_looked_at_and_written_as_one_act(online, sheet)
        three_projects_are_handed_to_a_new_responsible_person(online, sheet)
        a_project_moves_without_its_evidence_and_is_counted_apart_until_it_comes(online, sheet, tmp_path)
        it_prints_on_a3_with_every_row(online, sheet)
        what_she_takes_away_has_the_figures_of_the_register(online, sheet, tmp_path)
    the_sums_are_those_of_the_rows(online)


def known(online: Site, ledger: str) -> list[dict[str, object]]:
    """The rows of a ledger of the zone, largest first."""
    names = (
        "id",
        "name",
        "total_investment_yuan",
        "annual_plan_yuan",
        "invested_this_year_yuan",
        "pending",
        "responsible_person",
    )
    asked = Asked(zones=("EAST",), ledger=ledger, sort=("-total_investment_yuan",), limit=100)
    page = online.cast.database.ask_now(house(), ledgers.page, asked, names)
    return [dict(zip(names, row, strict=False)) for row in page.rows]


def head(online: Site, ledger: str) -> dict[str, object]:
    found: dict[str, object] = online.cast.database.ask_now(house(), ledgers.heads, "EAST")[ledger]
    return found


def her_workbook_comes_in(online: Site, clerk: Page, tmp_path: Path) -> None:
    clerk.goto(BUILDING)
    expect(clerk.locator("section.empty")).to_be_visible()
    assert barriers(clerk) == []
    keep_picture(clerk, "clerk-1-empty")
    clerk.locator("section.empty a[href^='/imports']").click()
    clerk.set_input_files("#f-file", book.workbook(tmp_path / "东湖台账.xlsx"))
    clerk.check("[name=opening]")
    clerk.click("form.drop-file .primary")
    expect(clerk.locator("form.confirm .sum")).to_contain_text("27")
    keep_picture(clerk, "clerk-2-preview")
    assert barriers(clerk) == []
    clerk.click("form.confirm .primary")
    expect(clerk.locator("main")).to_contain_text("27")
    keep_picture(clerk, "clerk-3-in")
    assert [len(known(online, ledger)) for ledger in ("in_construction", "upcoming")] == [book.BUILDING, book.PLANNED]
    assert head(online, "in_construction")["pending_count"] == book.BUILDING


def the_reviewer_accepts_the_opening_once(online: Site, clerk: Page) -> None:
    with online.person("reviewer") as sheet:
        sheet.goto("/imports")
        sheet.click("form[action$='/accept'] button")
        expect(sheet.locator("main")).to_contain_text("Reviewer")
        expect(sheet.locator("form[action$='/accept']")).to_have_count(0)
    clerk.goto(BUILDING)
    expect(clerk.locator("tr.sum")).to_contain_text(f"{book.BUILDING} 个")
    assert "待核" not in clerk.locator("tr.sum").inner_text()
    wanted = [book.building(n) for n in range(book.BUILDING)]
    rows = known(online, "in_construction")
    assert [
        (r["name"], r["total_investment_yuan"], r["annual_plan_yuan"], r["invested_this_year_yuan"]) for r in rows
    ] == [(w["name"], w["total"] * WAN, w["plan"] * WAN, w["year"] * WAN) for w in wanted]
    assert sum(int(str(r["total_investment_yuan"])) for r in known(online, "upcoming")) == round(
        sum(book.planned(n)["total"] for n in range(book.PLANNED)) * 10**8
    )


def five_cells_by_keyboard(online: Site, clerk: Page) -> None:
    first, second = [int(str(r["id"])) for r in known(online, "in_construction")[:2]]
    clerk.goto(BUILDING)
    walk(clerk, first, "total_investment_yuan")
    keys = clerk.keyboard
    keys.press("Enter")
    keys.press("Control+a")
    keys.type("6.4亿")
    keys.press("Enter")
    clerk.locator(".call input[name=reason]").fill("增资扩产")
    keys.press("Enter")
    saved(clerk, first, "total_investment_yuan")
    for _ in range(40):
        if clerk.evaluate("document.activeElement.dataset.field") == "planned_completion_month":
            break
        keys.press("Tab")
    keys.press("Enter")
    keys.press("Control+a")
    keys.type("2027.4")
    keys.press("Enter")
    clerk.locator(".call .chip", has_text="增资扩产").click()
    saved(clerk, first, "planned_completion_month")
    keys.press("Tab")
    assert clerk.evaluate("document.activeElement.dataset.field") == "registered_in_statistics_on"
    keys.type("2026.4.18")
    keys.press("Tab")
    saved(clerk, first, "registered_in_statistics_on")
    walk(clerk, first, "progress_text")
    keys.press("Enter")
    keys.press("Control+a")
    keys.type("封顶")
    keys.press("Enter")
    keys.press("Enter")
    keys.press("Control+a")
    keys.type("二层")
    keys.press("Enter")
    saved(clerk, second, "progress_text")
    one, two = online.known(first), online.known(second)
    assert [one[f] for f in ("total_investment_yuan", "planned_completion_month", "registered_in_statistics_on", "progress_text")] == [
        640_000_000, "2027-04", "2026-04-18", "封顶",
    ]  # fmt: skip
    assert two["progress_text"] == "二层"


PASTE = """text => { const data = new DataTransfer(); data.setData('text/plain', text);
 document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""


def a_column_of_figures_pasted_from_wps_is_looked_at_and_written_as_one_act(online: Site, clerk: Page) -> None:
    clerk.goto(BUILDING)
    rows = known(online, "in_construction")
    figures = [19_010 - 300 * n for n in range(book.BUILDING)]
    walk(clerk, int(str(rows[0]["id"])), "annual_plan_yuan")
    clerk.evaluate(PASTE, "".join(f"{f:,}.00\r\n" for f in figures))
    box = clerk.locator("#dialog")
    expect(box).to_contain_text(f"{book.BUILDING}")
    expect(box.locator("tbody tr")).to_have_count(book.BUILDING)
    keep_picture(clerk, "clerk-4-paste")
    assert barriers(clerk) == []
    before = online.cast.database.ask_now(house(), lambda desk: desk.link.value(LAST_ACT))
    box.locator("[name=reason]").fill("市里调整年度计划")
    box.locator(".primary").click()
    expect(box).not_to_be_visible()
    expect(cell(clerk, int(str(rows[-1]["id"])), "annual_plan_yuan")).to_have_text(f"{figures[-1]:,}")
    expect(clerk.locator("tr.sum")).to_contain_text(f"{sum(figures):,}")
    assert online.cast.database.ask_now(house(), lambda desk: desk.link.value(LAST_ACT)) == before + 1
    assert [r["annual_plan_yuan"] for r in known(online, "in_construction")] == [f * WAN for f in figures]
    acts = online.cast.database.ask_now(house(), history.of_project, int(str(rows[5]["id"])))
    assert (acts[0]["word"], acts[0]["reason"], acts[0]["door"]) == ("project.amend", "市里调整年度计划", "page")


def three_projects_are_handed_to_a_new_responsible_person(online: Site, clerk: Page) -> None:
    clerk.goto("/people?zone=EAST")
    clerk.click("a[href^='/people/new']")
    clerk.fill("[name=name]", "冯新宇")
    clerk.fill("[name=phone]", "138 0000 1234")
    clerk.click("form.form .primary")
    clerk.get_by_role("link", name="李文静").click()
    clerk.click("a[href^='/people/handover']")
    clerk.select_option("[name=to]", label="冯新宇")
    clerk.check("[name=roles][value=responsible_person]")
    clerk.click("form[method=get] button.act:not(.plain)")
    boxes = clerk.locator("form[method=post] [name=project]")
    expect(boxes.first).to_be_checked()
    for n in range(3, boxes.count()):
        boxes.nth(n).uncheck()
    keep_picture(clerk, "clerk-5-handover")
    assert barriers(clerk) == []
    clerk.fill("form[action='/people/handover'][method=post] [name=reason]", "李文静调离")
    clerk.click("form[action='/people/handover'][method=post] .primary")
    expect(clerk.locator("main .say.good")).to_contain_text("3")
    rows = [*known(online, "in_construction"), *known(online, "upcoming")]
    handed = [r for r in rows if r["responsible_person"] == "冯新宇"]
    assert len(handed) == 3
    clerk.goto(f"/projects/{handed[0]['id']}")
    expect(clerk.locator("#people")).to_contain_text("冯新宇")


def a_project_moves_without_its_evidence_and_is_counted_apart_until_it_comes(
    online: Site, clerk: Page, tmp_path: Path
) -> None:
    id_ = int(str(known(online, "upcoming")[0]["id"]))
    clerk.goto(PLANNED)
    row = clerk.locator(f'#grid tr[data-id="{id_}"]')
    row.locator(".c1").hover()
    row.locator(".c1 input").check()
    clerk.locator("#selbar summary").click()
    clerk.locator("#selbar [data-move=in_construction]").click()
    box = clerk.locator("#dialog")
    expect(box).to_be_visible()
    keep_picture(clerk, "clerk-6-move")
    assert barriers(clerk) == []
    box.locator("[name=on]").fill("2026-11-20")
    box.locator(".primary").click()
    clerk.wait_for_url("**/projects/**")
    assert (online.known(id_)["ledger"], online.known(id_)["pending"], online.known(id_)["started_on"]) == (
        "in_construction",
        1,
        "2026-11-20",
    )
    clerk.goto(BUILDING)
    expect(clerk.locator("tr.sum")).to_contain_text(f"{book.BUILDING} 个（另待核 1）")
    expect(clerk.locator(f'#grid tr[data-id="{id_}"] .tag')).to_have_text("待核")
    official = head(online, "in_construction")
    clerk.goto(f"/projects/{id_}#evidence")
    proof = tmp_path / "许可证.pdf"
    proof.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    clerk.select_option("#evidence [name=kind]", "construction_permit")
    clerk.set_input_files("#evidence [name=file]", proof)
    clerk.click("#evidence .primary")
    expect(clerk.locator("h1 .tag")).to_have_count(0)
    clerk.goto(BUILDING)
    expect(clerk.locator("tr.sum")).to_contain_text(f"{book.BUILDING + 1} 个")
    assert "待核" not in clerk.locator("tr.sum").inner_text()
    assert (official["project_count"], official["pending_count"]) == (book.BUILDING, 1)
    now = head(online, "in_construction")
    assert (now["project_count"], now["pending_count"]) == (book.BUILDING + 1, 0)
    words = [act["word"] for act in online.cast.database.ask_now(house(), history.of_project, id_)]
    assert words[:2] == ["evidence.add", "project.move"]


def it_prints_on_a3_with_every_row(online: Site, clerk: Page) -> None:
    clerk.add_init_script("window.print = () => {}")
    clerk.goto(BUILDING)
    clerk.goto(str(clerk.locator("[data-print-all]").get_attribute("href")))
    clerk.emulate_media(media="print")
    title = clerk.locator(".ptitle")
    expect(title).to_be_visible()
    assert re.search(r"东湖.*在建.*台账", title.inner_text())
    expect(clerk.locator(".punit")).to_contain_text("万元")
    expect(clerk.locator(".topbar")).not_to_be_visible()
    assert clerk.locator("#grid tr[data-id]").count() == book.BUILDING + 1
    paper = clerk.pdf(prefer_css_page_size=True)
    sizes = {
        tuple(round(float(n)) for n in m) for m in re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", paper)
    }
    assert sizes in ({(1191, 842)}, {(1190, 842)})  # A3, lying: 420 × 297 mm
    keep_picture(clerk, "clerk-7-paper")
    clerk.emulate_media(media="screen")


def what_she_takes_away_has_the_figures_of_the_register(online: Site, clerk: Page, tmp_path: Path) -> None:
    clerk.goto(BUILDING)
    clerk.locator("summary", has_text="导出").click()
    with clerk.expect_download() as coming:
        clerk.click("a[href*='.xlsx']")
    path = tmp_path / "out.xlsx"
    coming.value.save_as(path)
    lines = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    heading = next(line for line in lines if "总投资" in line)
    at = {title: heading.index(title) for title in ("总投资", "年度计划", "本年完成")}
    found = {str(line[1]): line for line in lines if str(line[1]).endswith("（演示）")}
    rows = known(online, "in_construction")
    assert set(found) == {r["name"] for r in rows}
    for row in rows:
        line = found[str(row["name"])]
        for title, field in (
            ("总投资", "total_investment_yuan"),
            ("年度计划", "annual_plan_yuan"),
            ("本年完成", "invested_this_year_yuan"),
        ):
            value = row[field]
            shown = line[at[title]]
            assert (shown in ("", None)) if value is None else round(float(str(shown)) * WAN) == value


def the_sums_are_those_of_the_rows(online: Site) -> None:
    for ledger in ("in_construction", "upcoming"):
        rows, sums = known(online, ledger), head(online, ledger)
        assert sums["project_count"] == len(rows)
        for field in ("total_investment_yuan", "annual_plan_yuan", "invested_this_year_yuan"):
            amounts = [int(str(r[field])) for r in rows if r[field] is not None]
            told = sums["amounts"][field]  # type: ignore[index]
            assert (told["official_sum"], told["official_known"]) == (sum(amounts), len(amounts))

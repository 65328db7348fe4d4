"""A lead from the first call to a project under construction, as a promotion team does it: typed once, moved by hand and by key.

Each step is a function of its own, so that whoever counts leads can look at the figures between them.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.db import house
from app.services import funnel, lead_moves, leads, ledgers, projects, rates, targets
from tests.browser import PHONE, barriers, keep_picture
from tests.site import Site

pytestmark = pytest.mark.browser
NAME, INVESTOR = "年产两万吨隔膜项目（演示）", "江海新材料股份有限公司（演示）"


def test_a_lead_goes_from_the_first_call_to_a_project_that_is_started(online: Site) -> None:
    the_city_asks_for_one_of_that_size(online)
    with online.person("editor") as sheet:
        the_board_is_empty_and_says_how_to_begin(sheet)
        lead = she_registers_a_lead(online, sheet)
        assert figures(online) == {"reached": [1, 0, 0, 0, 0, 0], "signed": 0, "start": (0, 0), "target": 0}
        she_writes_down_the_first_call(sheet, lead)
        it_is_screened_with_one_key(online, sheet, lead)
        what_negotiating_asks_for_is_asked_in_a_dialog(online, sheet, lead)
        a_card_that_is_dragged_too_far_asks_too(online, sheet, lead)
        assert figures(online)["reached"] == [1, 1, 1, 0, 0, 0]
        it_is_signed(online, sheet, lead)
        assert figures(online) == {"reached": [1, 1, 1, 1, 0, 0], "signed": 1, "start": (0, 1), "target": 1}
        project = it_lands_in_a_ledger_and_exists_once(online, sheet, lead)
        assert figures(online)["signed"] == 1, "lead and project are one signing"
        it_is_started(online, sheet, project)
        now = figures(online)
        assert (now["reached"][-1], now["signed"], now["start"], now["target"]) == (1, 1, (1, 1), 1)
        both_pages_tell_the_same(sheet, lead, project)
        the_pages_of_figures_say_so(sheet)


# ── the steps ────────────────────────────────────────────────────────────────────────────────────────────────────────
def the_board_is_empty_and_says_how_to_begin(sheet: Page) -> None:
    sheet.goto("/leads")
    expect(sheet.locator(".empty .ways > *")).to_have_count(3)
    assert barriers(sheet) == []


def she_registers_a_lead(online: Site, sheet: Page) -> int:
    """A name and what the first call told; the code of the zone is hers alone."""
    sheet.locator(".empty a[href^='/leads/new']").click()
    sheet.fill("#f-name", NAME)
    sheet.fill("#f-investor_name", INVESTOR)
    sheet.select_option("#f-channel", "stationed")
    sheet.fill("#f-intended_amount_yuan", "12亿")
    sheet.click(".newlead footer .primary")
    sheet.wait_for_url(re.compile(r"/leads/\d+"))
    expect(sheet.locator("h1")).to_contain_text(NAME)
    id_ = int(re.findall(r"/leads/(\d+)", sheet.url)[0])
    assert known(online, id_)["intended_amount_yuan"] == 12 * 10**8
    return id_


def she_writes_down_the_first_call(sheet: Page, lead: int) -> None:
    expect(sheet.locator("#verdict .bad, #verdict")).to_contain_text("首次响应")
    sheet.fill("#f-told", "对方问电价和蒸汽，约来区看地")
    sheet.fill("#f-next_step", "约董事长来区看地")
    sheet.fill("#f-next_step_on", "2030-01-05")
    sheet.click("#talks form .acts button")
    sheet.wait_for_url("**done=told*")
    expect(sheet.locator(".talks")).to_contain_text("约来区看地")
    expect(sheet.locator("#verdict")).to_contain_text("约董事长来区看地")


def it_is_screened_with_one_key(online: Site, sheet: Page, lead: int) -> None:
    """Everything that the screening asks for is known: the card goes over by itself, and keeps the focus."""
    sheet.goto("/leads")
    card(sheet, lead).locator(".t a").focus()
    sheet.keyboard.press("Shift+ArrowRight")
    expect(sheet.locator(f".lane[data-stage=screening] #lead-{lead}")).to_be_visible()
    expect(card(sheet, lead).locator(".t a")).to_be_focused()
    expect(sheet.locator("#lane-screening .c")).to_have_text("1")
    assert known(online, lead)["stage"] == "screening"


def what_negotiating_asks_for_is_asked_in_a_dialog(online: Site, sheet: Page, lead: int) -> None:
    """What is missing is asked for right there; what was typed stays when one thing is left out."""
    card(sheet, lead).locator(".t a").focus()
    sheet.keyboard.press("Shift+ArrowRight")
    dialog = sheet.locator("#dialog")
    expect(dialog.locator("#f-fill-content")).to_be_visible()
    assert barriers(sheet) == []
    keep_picture(sheet, "leads-missing")
    dialog.locator("#f-fill-content").fill("隔膜生产线八条")
    dialog.locator("#f-fill-industry").fill("新材料")
    with sheet.expect_response(lambda answer: answer.status == 409):
        dialog.locator("footer .primary").click()
    expect(dialog.locator("#f-fill-content")).not_to_have_attribute("aria-invalid", "true")
    expect(dialog.locator("#f-fill-content")).to_have_value("隔膜生产线八条")
    dialog.locator("#f-fill-screening_result").fill("符合主导产业，同意跟进")
    dialog.locator("footer .primary").click()
    sheet.wait_for_url(f"**moved={lead}")
    expect(sheet.locator(f".lane[data-stage=negotiating] #lead-{lead}.here")).to_be_visible()
    moves = online.cast.database.ask_now(house(), lead_moves.history, lead)
    assert [m["to_stage"] for m in moves] == ["lead", "screening", "negotiating"]


def a_card_that_is_dragged_too_far_asks_too(online: Site, sheet: Page, lead: int) -> None:
    card(sheet, lead).drag_to(sheet.locator(".lane[data-stage=landed]"))
    dialog = sheet.locator("#dialog")
    expect(dialog.locator("#f-fill-land_secured_on")).to_be_visible()
    expect(dialog.locator("#f-fill-agreement"), "the stage between asks too").to_be_visible()
    dialog.locator("[data-close]").click()
    expect(dialog).to_be_hidden()
    assert known(online, lead)["stage"] == "negotiating"


def it_is_signed(online: Site, sheet: Page, lead: int) -> None:
    """From the lead's own page, by the menu; a plain link, with a form that needs no script."""
    sheet.goto(f"/leads/{lead}/move?to=signed")
    sheet.select_option("#f-fill-agreement", "definitive")
    sheet.fill("#f-fill-contract_amount_yuan", "100000")
    sheet.fill("#f-fill-signed_on", "2026.6.30")
    sheet.fill("#f-on", known(online, lead)["registered_on"])
    sheet.click(".page0 footer .primary")
    sheet.wait_for_url(f"**/leads/{lead}?done=moved")
    expect(sheet.locator(".stages .now")).to_contain_text("签约")
    assert known(online, lead)["contract_amount_yuan"] == 10**9


def it_lands_in_a_ledger_and_exists_once(online: Site, sheet: Page, lead: int) -> int:
    before = count(online, "reserve")
    sheet.goto(f"/leads/{lead}")
    sheet.click("a[href*='/landing']")
    dialog = sheet.locator("#dialog")
    expect(dialog.locator("#f-q")).to_be_visible()
    keep_picture(sheet, "leads-landing")
    dialog.locator("footer .primary").click()
    sheet.wait_for_url(re.compile(r"/projects/\d+"))
    expect(sheet.locator("h1")).to_contain_text(NAME)
    assert count(online, "reserve") == before + 1, "it counts, and once"
    sheet.goto("/zones/EAST/ledgers/reserve")
    expect(sheet.locator("#grid")).to_contain_text(NAME)
    found: int = known(online, lead)["project_id"]
    return found


def it_is_started(online: Site, sheet: Page, project: int) -> None:
    before = count(online, "in_construction")
    sheet.goto(f"/projects/{project}/move?to=in_construction")
    needed = {
        "fill-location": "一号路", "fill-planned_start_month": "2026-03", "fill-sponsor_leader": "郭启明",
        "fill-planned_completion_month": "2027-12", "on": "2026-11-02", "fill-responsible_person": "李文静",
    }  # fmt: skip
    for name, value in needed.items():
        if sheet.locator(f"[name='{name}']").count():
            sheet.fill(f"[name='{name}']", value)
    sheet.select_option("#f-kind", "construction_permit")
    permit: Any = {"name": "施工许可证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    sheet.set_input_files("#f-file", permit)
    sheet.click(".page0 footer .primary")
    sheet.wait_for_url(re.compile(r"done="))
    now = online.cast.database.ask_now(house(), projects.read, project)
    assert (now["ledger"], now["started_on"]) == ("in_construction", "2026-11-02")
    assert count(online, "in_construction") == before + 1


def both_pages_tell_the_same(sheet: Page, lead: int, project: int) -> None:
    sheet.goto(f"/projects/{project}")
    expect(sheet.locator("#early")).to_contain_text("签约")
    sheet.click("#early header a")
    expect(sheet.locator(f".say a[href='/projects/{project}']")).to_be_visible()
    assert barriers(sheet) == []


def the_pages_of_figures_say_so(sheet: Page) -> None:
    sheet.goto("/funnel?zone=EAST")
    expect(sheet.locator("tr", has_text="履约率").first).to_contain_text("100")
    assert barriers(sheet) == []
    keep_picture(sheet, "leads-figures")
    sheet.goto("/targets?zone=EAST")
    expect(sheet.locator("main tbody tr", has_text="East")).to_contain_text("达标")
    keep_picture(sheet, "leads-targets")


# ── what the register says ───────────────────────────────────────────────────────────────────────────────────────────
def the_city_asks_for_one_of_that_size(online: Site) -> None:
    classes = [{"least_yuan": 10**9, "below_yuan": 2 * 10**9, "low": 1, "high": 2}]
    year = int(clock.today()[:4])
    online.cast.database.act_now(online.cast.office, targets.put, "EAST", year, {"classes": classes}, version=None)


def figures(online: Site) -> dict[str, Any]:
    """What the funnel, the rates and the targets say of the zone this month."""
    month = clock.today()[:7]

    def told(service: Any, **asked: Any) -> Any:
        return online.cast.database.ask_now(online.cast.office, service, "EAST", month=month, **asked)

    signed = told(rates.read)
    (start,) = [one for one in signed["items"] if one["rate"] == "start"]
    (line,) = told(targets.read)["items"]
    return {
        "reached": [stage["reached"] for stage in told(funnel.read)["stages"]],
        "signed": signed["signed"]["count"],
        "start": (start["numerator"], start["denominator"]),
        "target": line["classes"][0]["done"],
    }


def card(sheet: Page, lead: int) -> Any:
    return sheet.locator(f"#lead-{lead}")


def known(online: Site, lead: int) -> dict[str, Any]:
    return dict(online.cast.database.ask_now(online.cast.editor, leads.read, lead))


def count(online: Site, ledger: str) -> int:
    """Projects of a ledger, with those whose proof is pending."""
    head = online.cast.database.ask_now(house(), ledgers.heads, "EAST")[ledger]
    return int(head["project_count"] + head["pending_count"])


# ── on a phone ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_on_a_phone_the_stages_are_a_strip_and_a_step_is_done_with_one_tap(online: Site) -> None:
    facts = {
        "name": "手机上的线索（演示）",
        "keeper": "Editor",
        "investor_name": "甲",
        "channel": "fair",
        "intended_amount_yuan": 10**8,
    }
    id_ = online.cast.database.act_now(online.cast.editor, leads.create, facts, zone="EAST").value["id"]
    with online.person("editor", at=PHONE) as phone:
        phone.goto(f"/leads/{id_}")
        phone.fill("#f-told", "来电")
        phone.fill("#f-next_step", "发去政策")
        phone.click("#talks form .acts button")
        phone.wait_for_url("**done=told*")
        phone.goto("/leads?at=lead")
        expect(card(phone, id_)).to_be_visible()
        assert phone.locator(".lane:visible").count() == 1
        card(phone, id_).locator(".go summary").tap()
        card(phone, id_).locator(".menu a").first.tap()
        phone.locator("#dialog footer .primary").tap()
        phone.wait_for_url(f"**moved={id_}")
        phone.locator(".strip a", has_text="研判").tap()
        expect(card(phone, id_)).to_be_visible()
        phone.goto("/leads/steps")
        phone.locator(".steplist button").tap()
        phone.wait_for_url("**done=step*")
        expect(phone.locator("main")).not_to_contain_text("发去政策")

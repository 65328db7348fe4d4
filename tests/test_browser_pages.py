"""Every page, in both languages, at a desk and on a phone: nothing hinders a reader, nothing stands out sideways, nothing is
blocked by the content policy, nothing is asked of another host. The pages are those of the route table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, ViewportSize

from app import clock, demonstrate, pictures
from app.db import house
from app.desk import Desk
from app.files import Files
from app.models import Account, Project
from app.pages import rooms
from app.rules.access import Act
from app.rules.money import next_month
from app.services import export_jobs, forms, photos, projects, zone_months, zones
from app.services.asking import Asked
from tests import real_forms
from tests.browser import DESK, PHONE, barriers, carry_axe
from tests.shots import WUHAN, picture
from tests.site import Site

pytestmark = pytest.mark.browser
ZONE = "371500-ETDZ"
SMALL: ViewportSize = {"width": 360, "height": 740}
"""The narrowest phone that is still sold."""
BETWEEN: tuple[ViewportSize, ...] = tuple({"width": width, "height": 700} for width in (1280, 1024, 720))
"""A small laptop, a tablet, and a desk whose reader has made everything twice as large."""
PIECES = (
    "/rows",
    "/sums",
    "/columns",
    "/choices/{field}",
    ".{form}",
    "/panel",
    "/fields/{field}",
    "/understood",
    "/exports/{id}/file",
    "/evidence/{id:int}",
    "/photos/{id:int}",
    "/projects/bulk",
    ".xlsx",
    "/zones/search",
    "/enterprises/search",
    "/photos/{id:int}",
    ".pdf",
    "/scan",
    "/leads/column",
    "/landing/found",
    "/ties/found",
    "/leads/files/{id}",
    ".ics",
)
"""Not pages: parts of one, files."""
ALONE = ("/login", "/enter/{token}", "/r/{token}", "/r/{token}/{id}", "/r/{token}/photos/{id}", "/api/docs")
"""Seen by who has not signed in; test_sign_in_browser, test_browser_reporter and test_api_viewer look at them."""
EXPORT = "/exports/1"
"""A long file that the editor has ordered."""
WAITS = ("/imports/1", "/imports/1?show=absent", "/imports/1?show=move")
LEADS_WAIT = "/leads/imports/2"
LEADS_WAITING = "项目名称,投资方,拟投资额（亿元）,招商渠道\n新线索（演示）,甲（演示）,3,驻外招商\n".encode()
WAITING = "项目名称,总投资（万元）,包挂领导\n新厂（演示）,100,王\n,5,\n".encode()


@pytest.fixture(scope="module")
def city(online: Site) -> Site:
    """The demo city; the cast's editor works in the zone that is looked at, where one import waits and a completed project was deleted."""
    demonstrate.load(online.cast.database)

    def admit(desk: Desk) -> None:
        account = desk.get(Account, online.cast.accounts["editor"], to=Act.ACCOUNT_AMEND)
        account.zones = f"[{online.cast.east},{zones.id_of(desk, ZONE)}]"
        desk.keep(account)

    online.cast.database.act_now(house(), admit)
    gone = one_of(online, "completed")
    online.cast.database.act_now(house(), projects.remove, gone, version=online.known(gone)["since"])
    with online.person("editor") as sheet:
        sheet.goto("/imports")
        sheet.set_input_files("#f-file", {"name": "甲.csv", "mimeType": "text/csv", "buffer": WAITING})
        sheet.click("form.drop-file .primary")
        sheet.wait_for_url("**/imports/*")
        sheet.goto("/leads/imports")
        sheet.set_input_files("#f-file", {"name": "乙.csv", "mimeType": "text/csv", "buffer": LEADS_WAITING})
        sheet.click("form.drop-file .primary")
        sheet.wait_for_url("**" + LEADS_WAIT)
    month = clock.today()[:7]  # the one before is part of the opening
    shot = pictures.read(picture(taken=f"{month.replace('-', ':')}:01 09:30:00", gps=WUHAN))
    photo: dict[str, Any] = {
        "stored": Files.of(online.cast.database.settings).put(shot.jpeg),
        "shot": shot,
        "name": "工地.jpg",
    }
    online.cast.database.act_now(online.cast.editor, photos.add, one_of(online, "in_construction"), month, {}, **photo)
    online.cast.database.act_now(online.cast.editor, zone_months.submit, "EAST", next_month(month, -1), {})
    blank = real_forms.ten_day_blank_form()
    form: dict[str, Any] = {"layout": forms.read_blank(blank, "旬报.xls"), "digest": "0" * 64, "file_name": "旬报.xls"}
    online.cast.database.act_now(house(), forms.create, {"name": "旬报"}, **form)
    who = online.cast.database.ask_now(online.cast.editor, lambda desk: desk.actor)
    ordered = Asked(ledger="in_construction")
    job = online.cast.database.chore_now(lambda link: export_jobs.order(link, who, "zh_CN", ordered, 5000))
    assert f"/exports/{job}" == EXPORT
    return online


def paper(city: Site) -> str:
    """The code of the paper that the East zone submitted."""
    month = next_month(clock.today()[:7], -1)
    told = city.cast.database.ask_now(city.cast.editor, zone_months.read, "EAST", month)["paper"]
    return str(told["code"])


def one_of(city: Site, ledger: str) -> int:
    """A project of the zone that is looked at: the first of its ledger, a bundle with parts where it is being built."""

    def first(desk: Desk) -> int:
        rows: list[Project] = desk.rows(
            Project,
            "one of",
            lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), t.c.ledger == sa.bindparam("ledger")).order_by(
                t.c.id
            ),
            {"zone": zones.id_of(desk, ZONE), "ledger": ledger},
            deleted="with",
        )
        return next((row.id or 0 for row in rows if row.family_sums and not row.has_phases), rows[0].id or 0)

    return city.cast.database.ask_now(house(), first)


def pages(city: Site, *, once: bool = False) -> Iterator[str]:
    """An address for every page of the route table; a page that is not known here fails the test. ``once``: one view of each."""
    first = city.cast.database.ask_now(
        house(), lambda desk: desk.select(Account, "one", lambda q, t: q.limit(1), columns=("id",))
    )[0][0]
    upcoming, building, gone = (one_of(city, ledger) for ledger in ("upcoming", "in_construction", "completed"))
    given: dict[str, list[str]] = {
        "/zones/{code}/ledgers/{ledger}": [f"/zones/{ZONE}/ledgers/{x}" for x in ("reserve", "upcoming", "in_construction?group=industry", "completed")],
        "/zones/{code}/ledgers/{ledger}/unclassified": [f"/zones/{ZONE}/ledgers/reserve/unclassified"],
        "/ledgers/{ledger}/unclassified": ["/ledgers/reserve/unclassified"],
        "/admin/industries/{code}": ["/admin/industries/copper"],
        "/ledgers/{ledger}": ["/ledgers/in_construction", "/ledgers/in_construction?light=yellow", "/ledgers/upcoming?q=zz", "/zones/EAST/ledgers/reserve"],
        "/projects/{id:int}": [f"/projects/{upcoming}", f"/projects/{building}", f"/projects/{building}?edit=content", f"/projects/{gone}"],
        "/projects/{id:int}/move": [f"/projects/{upcoming}/move?to=in_construction", f"/projects/{building}/move?to=reserve"],
        "/people/handover": [f"/people/handover?zone={ZONE}"],
        "/lists/{code}": [f"/lists/city-key-{clock.today()[:4]}"],
        "/admin/forms/{form}": ["/admin/forms/旬报"],
        "/exports/{id}": [EXPORT],
        "/overview": ["/overview", f"/overview?zone={ZONE}&wait=not_producing"],
        "/overview/{figure}": ["/overview/started?from=2020-01&to=2030-12"],
        "/funnel": ["/funnel", f"/funnel?zone={ZONE}&since={int(clock.today()[:4]) - 2}&by=month"],
        "/funnel/rates/{rate}/{part}": ["/funnel/rates/start/denominator"],
        "/funnel/stages/{stage}/{side}": ["/funnel/stages/lead/reached"],
        "/targets": ["/targets", f"/targets?zone={ZONE}"],
        "/overview/waiting/{way}": ["/overview/waiting/overdue"],
        "/projects/{id:int}/reports/{month}/photos": [f"/projects/{building}/reports/{clock.today()[:7]}/photos"],
        "/projects/{id:int}/approvals/{step}": [f"/projects/{upcoming}/approvals/environment", f"/projects/{building}/approvals/fire_acceptance"],
        "/verify/{code}": [f"/verify/{paper(city)}"],
        "/leads": ["/leads", "/leads?view=list", "/leads?zone=EAST", "/leads?light=red&view=list&unit=wan"],
        "/leads/{id:int}": ["/leads/1", "/leads/2?edit=content", "/leads/15"],
        "/leads/{id}/move": ["/leads/2/move?to=signed", "/leads/1/move?to=lead"],
        "/leads/imports/{id}": [LEADS_WAIT],
        "/leads/steps": ["/leads/steps", "/leads/steps?whose=all"],
        "/leads/{id}/landing": ["/leads/1/landing", "/leads/1/landing?q=zz"],
        "/duplicates": ["/duplicates", "/duplicates?show=decided"],
        "/enterprises": ["/enterprises", "/enterprises?q=zz&class=listed"],
        "/enterprises/{id:int}": ["/enterprises/1"],
        "/enterprises/{id:int}/edit": ["/enterprises/1/edit"],
        "/zones/{code}/target-enterprises": [f"/zones/{ZONE}/target-enterprises", f"/zones/{ZONE}/target-enterprises?edit=1"],
        "/powers": ["/powers", "/powers?open=all", "/powers?q=许可&state=pending"],
        "/powers/{code}": ["/powers/ZJ-001", "/powers/ZJ-001?edit=1"],
        "/zones/{code}/powers": [f"/zones/{ZONE}/powers", f"/zones/{ZONE}/powers?state=soon", "/zones/EAST/powers"],
        "/zones/{code}/powers/{power}": [f"/zones/{ZONE}/powers/ZJ-003", f"/zones/{ZONE}/powers/ZJ-003?edit=1", f"/zones/{ZONE}/powers/ZR-002"],
        "/zones/{code}/boundaries/{id}": [f"/zones/{ZONE}/boundaries/1"],
        "/admin/accounts/{id}": [f"/admin/accounts/{first}"],
    }  # fmt: skip
    values = {
        "id": str(building),
        "code": ZONE,
        "month": next_month(clock.today()[:7], -1),
        "step": "submit",
        "year": str(int(clock.today()[:4]) + 1),
    }
    for path in sorted({r.path for room in rooms.routers() for r in room.routes if "GET" in r.methods}):  # type: ignore[attr-defined]
        if path.endswith(PIECES) or path in ALONE:
            continue
        if path in given:
            yield from given[path][:1] if once else given[path]
        elif path.startswith("/leads/{id}"):
            yield path.replace("{id}", "3")
        elif path.startswith(("/people/{", "/units/{")):
            yield path.replace("{id:int}", "1")
        elif path.startswith("/imports/{id}"):
            shown = WAITS if path == "/imports/{id}" else ("/imports/1/sheets/0",)
            yield from shown[:1] if once else shown
        else:
            yield re.sub(r"\{(\w+)(:\w+)?\}", lambda m: values[m[1]], path)


WATCH = """() => { window.reports = [];
 document.addEventListener('securitypolicyviolation', (e) => window.reports.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample)); }"""


def look(
    sheet: Page, address: str, sizes: tuple[ViewportSize, ...], *, axe: bool, hidden: tuple[str, ...] = ()
) -> list[str]:
    """What is wrong with the page at this address: as it came for axe, then on screens of these sizes, the first her own."""
    answer = sheet.goto(address)
    assert answer is not None
    if answer.status == 403 or (answer.status == 404 and address in hidden):
        return []
    wrong = [f"status {answer.status}"] if answer.status != 200 else []
    wrong += barriers(sheet, colours=len(sizes) > 1) if axe else []
    for size in reversed(sizes):
        if sheet.viewport_size != size:
            sheet.set_viewport_size(size)
        wide = (
            sheet.evaluate("document.documentElement.scrollWidth") - size["width"]
        )  # a phone shrinks what is too wide
        wrong += [f"{wide} px too wide at {size['width']}"] if wide > 0 else []
    wrong += sheet.evaluate("window.reports")
    return [f"{address}: {one}" for one in wrong]


@pytest.mark.parametrize(
    ("sizes", "locale"), [((DESK, *BETWEEN, PHONE), "zh-CN"), ((PHONE,), "en-US")], ids=["desk", "phone"]
)
def test_every_page_can_be_read_by_everybody(city: Site, sizes: tuple[ViewportSize, ...], locale: str) -> None:
    """A page that came at a desk is also made as narrow as a phone: the style sheet asks for the width and for nothing else.
    On the phone, in English, one view of each page is looked at."""
    wrong: list[str] = []
    seen = 0
    for who in ("editor", "administrator"):
        with city.person(who, at=sizes[0], locale=locale) as sheet:
            sheet.add_init_script(f"({WATCH})()")
            carry_axe(sheet)
            for address in pages(city, once=len(sizes) == 1):
                if (who == "administrator") is address.startswith("/admin"):
                    wrong += look(sheet, address, sizes, axe=True)
                    seen += 1
    assert seen > 30
    assert not wrong, "\n".join(wrong)


def test_no_page_of_a_leader_is_blocked_or_too_wide(city: Site) -> None:
    """In English, whose words are longer, and on the narrowest phone as well."""
    wrong: list[str] = []
    with city.person("leader", at=PHONE, locale="en-US") as sheet:
        sheet.add_init_script(f"({WATCH})()")
        for address in pages(city, once=True):
            wrong += look(
                sheet,
                address,
                (PHONE, SMALL, *BETWEEN),
                axe=False,
                hidden=(*WAITS, LEADS_WAIT, "/imports/1/sheets/0", EXPORT),
            )
    assert not wrong, "\n".join(wrong)


CUT = """(width) => { const page = document.querySelector('main'); page.style.width = width + 'px';
 const edge = page.getBoundingClientRect().right + 1;
 const cut = [...page.querySelectorAll('table, svg')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > edge);
 return cut.map((one) => one.className.baseVal ?? one.className); }"""
"""What reaches beyond the paper: wider than its frame, whose bar nobody can pull there."""
A4 = 688
"""The width between the margins of a sheet of paper."""


def test_nothing_is_cut_off_on_paper(city: Site) -> None:
    building = one_of(city, "in_construction")
    with city.person("leader", at={"width": 794, "height": 1123}) as sheet:
        sheet.emulate_media(media="print")
        for address in ("/overview", "/funnel", "/targets", f"/projects/{building}", "/months", "/coverage"):
            sheet.goto(address)
            assert sheet.evaluate(CUT, A4) == [], address
        for address in (
            "/leads?view=list",
            "/powers",
            f"/zones/{ZONE}/powers",
            f"/zones/{ZONE}/ledgers/in_construction",
        ):
            sheet.goto(address)
            page_of = "getComputedStyle(document.body).page"
            assert sheet.evaluate(page_of) == "ledger", (
                f"{address}: what stands above would be alone on a page of its own"
            )

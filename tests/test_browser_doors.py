"""An editor of one zone at the doors of another: no controls, no rows, and nothing that she sends is written.

Every route of the pages that writes is tried, from the route table: one that is not known here fails the test.
"""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from app.db import house
from app.engine import Sql
from app.pages import rooms
from app.services import (
    boundaries,
    delegations,
    enterprises,
    evidence,
    follow_ups,
    lead_moves,
    leads,
    months,
    papers,
    people,
    periods,
    powers,
    projects,
    target_enterprises,
    units,
    verdicts,
    years,
    zone_months,
)
from tests.shots import picture
from tests.site import Site
from tests.test_browser_sheet import LEDGER

pytestmark = pytest.mark.browser
LAST_ACT = Sql("SELECT seq FROM head")
OWN = (
    "/account",
    "/language",
    "/login",
    "/logout",
    "/enter",
    "/ledgers/{ledger}/columns",
    "/zones/{code}/ledgers/{ledger}/columns",
    "/notices",
    "/r/{token}",
    "/leads/steps/feed",
)
"""What belongs to whoever is signed in, or who holds a personal link (``test_reporters``): no other zone is touched."""
SHARED = ("/enterprises", "/duplicates/search")
"""The base that all zones share (``test_enterprises``); what a zone wants of it is its own. Asking writes nothing."""
NOT_HERS = ("/admin", "/lists", "/zones/{code}")
"""What no editor may, of any zone."""
THE_CITYS = (
    "/projects/{id:int}/transfer",
    "/months/open/new",
    "/months/{month}/lock",
    "/months/papers/edit",
    "/years/{year}/open",
    "/zones/{code}/targets/{year}",
    "/projects/{id:int}/baseline",
    "/duplicates",
    "/duplicates/verdicts/{id:int}",
    "/duplicates/verdicts/{id:int}/remove",
    "/powers/new",
    "/powers/give",
    "/powers/{code}",
    "/leads/{id}/transfer",
    "/powers/import",
)
"""What reaches into another zone: the city office's alone."""
HERS_OF_ALL = "/ledgers/{ledger}/unclassified"
"""What is said of the rows of every zone that she may write."""
TAKEN_AWAY = (
    "/evidence/{id:int}/remove",
    "/photos/{id:int}/remove",
    "/papers/{code}/scan/remove",
    "/leads/files/{id}/remove",
)
"""What is taken away must be there first; each has tests of its own."""
PDF = {"file": ("a.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")}
PHOTO = {"file": ("a.jpg", picture(), "image/jpeg")}
LEAD: dict[str, Any] = {
    "investor_name": "甲（演示）", "channel": "direct", "intended_amount_yuan": 10**8, "industry": "高端装备", "content": "甲",
    "screening_result": "同意", "keeper": "李文静",
}  # fmt: skip
WORKBOOK = {"file": ("甲.csv", "项目名称,总投资（万元）\n新厂（演示）,100\n".encode(), "text/csv")}


class Target:
    """A fresh project of the East zone with everything that a form may point at."""

    def __init__(self, online: Site, name: str = "靶子（演示）") -> None:
        db, by = online.cast.database, online.cast.editor
        (self.id,) = online.sow(name, responsible_unit="东区项目办", service_unit="东区服务办")
        persons = {p["name"]: p["id"] for p in db.ask_now(by, people.list_, "EAST")}
        offices = db.ask_now(by, units.list_, "EAST")
        self.person, self.other = persons["李文静"], persons["郭启明"]
        self.unit, self.into = offices[0]["id"], offices[1]["id"]
        (self.late,) = online.sow(name + "缓", ledger="upcoming", planned_start_month="2024-10", reason="试")
        self.paper = db.ask_now(house(), lambda desk: papers.of_month(desk, online.cast.east, "2025-06")[0].code)
        self.firm, self.wanted = (
            db.act_now(by, enterprises.create, {"name": f"{name}{n}{self.id}"}).value["id"] for n in ("甲厂", "乙厂")
        )
        db.act_now(by, target_enterprises.put, "EAST", self.wanted, {})
        sides = {w: {"kind": "project", "id": id_} for w, id_ in (("first", self.id), ("later", self.late))}
        sides["later"]["id"] = online.sow(name + "重")[0]
        said = {**sides, "verdict": "different", "reason": "试"}
        self.verdict = db.act_now(online.cast.office, verdicts.decide, said).value["id"]
        self.power = f"D-{self.id}"
        db.act_now(online.cast.office, powers.create, {"code": self.power, "name": "某事项"})
        db.act_now(online.cast.office, delegations.put, "EAST", self.power, {"form": "transfer"})
        self.line = db.act_now(by, boundaries.create, "EAST", {"matter": "道路", "holder": "committee"}).value
        lead = {"name": f"{name}线索", **LEAD}
        self.lead = db.act_now(by, leads.create, lead, zone="EAST", registered_on="2026-06-01").value["id"]
        self.secret = db.act_now(by, leads.create, lead | {"confidential": True}, zone="EAST").value["id"]
        told = {"kind": "call", "told": "甲", "next_step": "乙"}
        self.talk = db.act_now(by, follow_ups.add, self.lead, told).value["id"]
        db.act_now(by, lead_moves.move, self.lead, to="negotiating")
        edit = {"remarks": "旧", "annual_plan_yuan": 10**8, "reason": "试"}
        self.version = db.act_now(by, projects.amend, self.id, edit, version=None).seq

    def view(self) -> dict[str, str]:
        return {"view": LEDGER, "unit": "wan", "rows": f"{self.id}:{self.version}", "reason": "试"}


def months_opened(online: Site) -> None:
    """Months in which the forms below can be sent: two of last summer, one locked long ago, one that can be."""
    city = online.cast.office
    known = {p["month"] for p in online.cast.database.ask_now(city, periods.all_)}
    for month in {"2025-03", "2025-04", "2025-06", "2026-07", "2026-08"} - known:
        online.cast.database.act_now(city, periods.open_, month, {})
    if not known:
        online.cast.database.act_now(city, months.lock, "2025-03", {})
        online.cast.database.act_now(city, years.open_, 2025, {"reason": "试"})
        missing = {"reason": "试"}
        online.cast.database.act_now(online.cast.editor, zone_months.submit, "EAST", "2025-06", missing)


def forms(t: Target) -> dict[str, dict[str, Any]]:
    """Route → what would be sent to it by who may: ``data``, ``files``, and what stands in the address."""
    row, version = t.view(), str(t.version)
    return {
        "/projects": {"data": {"ledger": "reserve", "zone": "EAST", "name": "新（演示）"}},
        "/zones/{code}/ledgers/{ledger}/unclassified": {"data": {"text": "甲业", "industry": ""}},
        HERS_OF_ALL: {"data": {"text": "甲业", "industry": ""}},
        "/projects/{id}/cells": {"data": {**row, "field": "remarks", "value": "甲", "version": version}},
        "/projects/{id}/choose": {"data": {**row, "field": "remarks", "mine-remarks": "乙", "pick-remarks": "mine", "version": version}},
        "/projects/cells": {"data": {**row, "cell": f"{t.id}:{version}:remarks", "value": "丙"}},
        "/projects/bulk": {"data": {**row, "field": "remarks", "value": "丁"}},
        "/projects/duplicate": {"data": row},
        "/projects/remove": {"data": row},
        "/projects/restore": {"data": row},
        "/ledgers/{ledger}/paste": {"data": {**row, "text": "戊", "fields": "remarks", "confirm": "yes"}},
        "/zones/{code}/ledgers/{ledger}/paste": {"data": {**row, "text": "己", "fields": "remarks", "confirm": "yes"}},
        "/projects/{id:int}/approvals/{step}": {"data": {"applied_on": "2026-06-01"}, "step": "filing"},
        "/projects/{id:int}/evidence": {"data": {"kind": "site_photo"}, "files": PDF},
        "/evidence/{id:int}/remove": {"data": {"version": "0"}},
        "/projects/{id:int}/fields/{field}": {"data": {"value": "庚", "version": version}},
        "/projects/{id:int}/put-back": {"data": {"field": "remarks", "act": version}},
        "/projects/{id:int}/delete": {"data": {"version": version}},
        "/projects/{id:int}/undelete": {"data": {"version": version}},
        "/projects/{id:int}/duplicate": {"data": {}},
        "/projects/{id:int}/move": {"data": {"on": "2026-11-01", "reason": "试", "version": version}, "query": "?to=reserve"},
        "/projects/{id:int}/disposition": {"data": {"disposition": "suspended", "on": "2026-11-01", "reason": "试", "version": version}},
        "/projects/{id:int}/transfer": {"data": {"to": "WEST", "on": "2026-11-01", "reason": "试", "version": version}},
        "/projects/{id:int}/shares": {"data": {"zone": "WEST", "of": "tax", "percent": "10", "version": version}},
        "/projects/{id:int}/enterprise": {"data": {"pick": str(t.firm), "version": version}},
        "/duplicates": {"data": {"one": f"project:{t.id}", "other": f"project:{t.late}", "verdict": "different", "reason": "试"}},
        "/duplicates/verdicts/{id:int}": {"data": {"verdict": "expansion", "reason": "试"}, "id": t.verdict},
        "/duplicates/verdicts/{id:int}/remove": {"data": {}, "id": t.verdict},
        "/enterprises/{id:int}/targets": {"data": {"zone": "EAST"}, "id": t.firm},
        "/zones/{code}/target-enterprises": {"data": {"enterprise_id": str(t.firm), "owner": "王"}},
        "/zones/{code}/target-enterprises/{id:int}/remove": {"data": {}, "id": t.wanted},
        "/projects/{id:int}/opening": {"data": {"month": "2026-06", "before_year_yuan": "1", "this_year_yuan": "1", "version": version}},
        "/projects/{id:int}/report": {"data": {"month": "2026-10", "amount": "1", "basis": "invested_yuan"}},
        "/projects/{id:int}/plan": {"data": {"year": "2026", "annual_yuan": "900", "reason": "试"}},
        "/projects/{id:int}/reports/{month}/correct": {"data": {"field": "next_steps", "value": "封顶", "reason": "试"}, "month": "2025-03"},
        "/zones/{code}/months/{month}/cells": {"data": {"cell": f"{t.id}:0:next_steps", "value": "甲"}},
        "/zones/{code}/months/{month}/{id}/cells": {"data": {"field": "next_steps", "value": "乙", "version": "0"}},
        "/zones/{code}/months/{month}/{id}/choose": {"data": {"field": "next_steps", "mine-next_steps": "丙", "pick-next_steps": "mine", "version": "0"}},
        "/zones/{code}/months/{month}/paste": {"data": {"text": "丁", "fields": "next_steps", "rows": f"{t.id}:0", "confirm": "yes"}},
        "/zones/{code}/months/{month}/{step}": {"data": {"reason": "试"}, "month": "2026-07"},
        "/projects/{id:int}/reports/{month}/photos": {"data": {}, "files": PHOTO},
        "/photos/{id:int}/remove": {"data": {"version": "0"}},
        "/papers/{code}/scan": {"data": {"version": "0"}, "files": PDF, "code": t.paper},
        "/papers/{code}/scan/remove": {"data": {"version": "0"}, "code": t.paper},
        "/months/papers/edit": {"data": {"version": "0"}},
        "/months/open/new": {"data": {"month": "2025-05"}},
        "/months/{month}/lock": {"data": {}, "month": "2025-04"},
        "/years/{year}/open": {"data": {"reason": "试"}},
        "/zones/{code}/targets/{year}": {"data": {"version": "0", "least-0": "10", "low-0": "1", "high-0": "2"}},
        "/projects/{id:int}/years/{year}/decision": {"data": {"decision": "new_month", "month": "2025-05", "reason": "试"}, "id": t.late, "year": "2025"},
        "/projects/{id:int}/baseline": {"data": {"of": "annual_plan_yuan", "reason": "试"}},
        "/projects/{id:int}/children": {"data": {"name": "子（演示）", "relation": "part"}},
        "/projects/{id:int}/people": {"data": {"role": "responsible_person", "level": "", "holder": f"p{t.person}", "from_on": "", "until_on": "", "rank": "1", "version": version}},
        "/powers/new": {"data": {"code": f"N-{t.id}", "name": "新事项"}},
        "/powers/give": {"data": {"form": "transfer", "cell": f"WEST {t.power}", "do": "save"}},
        "/powers/import": {"data": {"do": "save"}, "files": {"file": ("清单.csv", "事项名称,事项类型\n甲事项,行政许可\n".encode(), "text/csv")}},
        "/powers/{code}": {"data": {"name": "改名事项"}, "code": t.power},
        "/zones/{code}/powers": {"data": {"power": t.power, "to": "taken_over", "receiving_department": "局", "do": "save"}},
        "/zones/{code}/powers/{power}": {"data": {"do": "edit", "waiting_for": "专用章"}},
        "/zones/{code}/boundaries": {"data": {"matter": "管网", "holder": "zone_company"}},
        "/zones/{code}/boundaries/{id}": {"data": {"do": "remove", "version": str(t.line["version"])}, "id": t.line["id"]},
        "/leads": {"data": {"zone": "EAST", "name": "新线索（演示）"}},
        "/leads/{id}/move": {"data": {"on": "2026-11-01", "reason": "试"}, "query": "?to=screening", "id": t.lead},
        "/leads/{id}/disposition": {"data": {"disposition": "dormant", "on": "2026-11-01", "reason": "试"}, "id": t.lead},
        "/leads/{id}/transfer": {"data": {"to": "WEST", "reason": "试"}, "id": t.lead},
        "/leads/{id}/release": {"data": {}, "id": t.secret},
        "/leads/{id}/confidential": {"data": {}, "id": t.lead},
        "/leads/{id}/delete": {"data": {}, "id": t.lead},
        "/leads/{id}/undelete": {"data": {}, "id": t.lead},
        "/leads/{id}/ties": {"data": {"parent_id": str(t.id)}, "id": t.lead},
        "/leads/{id}/landing": {"data": {}, "query": "?ledger=reserve", "id": t.lead},
        "/leads/{id:int}/fields/{field}": {"data": {"value": "甲"}, "id": t.lead},
        "/leads/{id}/followups": {"data": {"kind": "call", "told": "甲"}, "id": t.lead},
        "/leads/{id}/followups/{follow_up_id}/done": {"data": {}, "id": t.lead, "follow_up_id": t.talk},
        "/leads/{id}/followups/{follow_up_id}/remove": {"data": {}, "id": t.lead, "follow_up_id": t.talk},
        "/leads/{id}/files": {"data": {"kind": "profile"}, "files": PDF, "id": t.lead},
        "/leads/files/{id}/remove": {"data": {"version": "0"}},
        "/people": {"data": {"zone": "EAST", "name": "新人"}},
        "/units": {"data": {"zone": "EAST", "name": "新单位"}},
        "/people/{id:int}": {"data": {"zone": "EAST", "name": "改名"}, "id": t.person},
        "/units/{id:int}": {"data": {"zone": "EAST", "name": "改单位"}, "id": t.unit},
        "/units/{id:int}/merge": {"data": {"into": str(t.into)}, "id": t.unit},
        "/people/handover": {"data": {"zone": "EAST", "from": f"p{t.person}", "to": f"p{t.other}", "on": "2026-11-24", "project": str(t.id), "reason": "试"}},
    }  # fmt: skip


def writing_routes() -> list[str]:
    """Paths of every route of the pages that takes a form."""
    return sorted({r.path for room in rooms.routers() for r in room.routes if "POST" in r.methods})  # type: ignore[attr-defined]


def visitor(online: Site, who: str) -> httpx.Client:
    cookies = {"sanzhang": online.cast.session(who)}
    headers = {"origin": online.address, "hx-request": "true"}
    return httpx.Client(base_url=online.address, cookies=cookies, headers=headers, timeout=30)


def sent(client: httpx.Client, path: str, form: dict[str, Any], target: Target) -> httpx.Response:
    places = {
        "id": form.get("id", target.id),
        "field": "remarks",
        "month": form.get("month", "2026-08"),
        "year": form.get("year", "2026"),
        "step": form.get("step", "submit"),
        "code": form.get("code", "EAST"),
        "ledger": "in_construction",
        "form": "旬报",
        "power": target.power,
        "follow_up_id": form.get("follow_up_id", 1),
    }
    address = re.sub(r"\{(\w+)(:\w+)?\}", lambda m: str(places[m[1]]), path) + form.get("query", "")
    return client.post(address, data=form["data"], files=form.get("files"))


def acts(online: Site) -> int:
    return int(online.cast.database.ask_now(house(), lambda desk: desk.link.value(LAST_ACT)))


def test_every_form_of_another_zone_is_refused_and_nothing_is_written(online: Site) -> None:
    months_opened(online)
    target = Target(online)
    known, tried = forms(target), 0
    with visitor(online, "stranger") as client:
        before = acts(online)
        for path in writing_routes():
            if path.startswith((*OWN, "/imports", "/leads/imports")) or (path.startswith(SHARED) and path not in known):
                continue
            form = known.get(path, {"data": {}, "id": 1})
            assert path in known or path.startswith(NOT_HERS), f"a new way of writing is not tried here: {path}"
            answer = sent(client, path, form, target)
            # Of rows that she cannot see nothing is left to write; everything else says no.
            nothing = path.endswith("ledger}/paste") or path == HERS_OF_ALL
            assert answer.status_code in ((200, 204) if nothing else (403, 404, 422)), (
                path,
                answer.status_code,
            )
            assert "靶子" not in answer.text
            assert acts(online) == before, path
            tried += 1
    assert tried > 30


def test_the_same_forms_are_taken_from_who_may(online: Site) -> None:
    """Else the test above would prove nothing."""
    months_opened(online)
    with visitor(online, "editor") as editor, visitor(online, "office") as city:
        for path in forms(Target(online)):
            target = Target(online, "样品（演示）")
            if path in TAKEN_AWAY:
                continue
            form = forms(target)[path]
            if path in THE_CITYS:
                assert sent(editor, path, form, target).status_code == 403
            answer = sent(city if path in THE_CITYS else editor, path, form, target)
            assert answer.status_code < 400, (path, answer.status_code, answer.text[:300])


def test_evidence_and_imports_of_another_zone_are_not_hers(online: Site) -> None:
    target = Target(online)
    with visitor(online, "editor") as own, visitor(online, "stranger") as client:
        attached = own.post(f"/projects/{target.id}/evidence", data={"kind": "site_photo"}, files=PDF)
        assert attached.status_code < 400, attached.text
        (proof,) = online.cast.database.ask_now(house(), evidence.list_, target.id)
        for answer in (
            client.get(f"/evidence/{proof['id']}"),
            client.post(f"/evidence/{proof['id']}/remove", data={"version": proof["version"]}),
        ):
            assert answer.status_code in (403, 404)
        came = own.post("/imports", data={"zone": "EAST", "ledger": "reserve"}, files=WORKBOOK)
        place = came.headers["hx-redirect"]
        before = acts(online)
        assert client.get(place).status_code in (403, 404)
        for what in ("", "/sheets/0", "/commit", "/discard", "/accept", "/undo"):
            assert client.post(place + what, data={}).status_code in (403, 404), what
        assert acts(online) == before
        own.post(place + "/commit", data={})
        hers = client.post("/imports", data={"zone": "EAST", "ledger": "reserve"}, files=WORKBOOK)
        if "hx-redirect" in hers.headers:
            client.post(hers.headers["hx-redirect"] + "/commit", data={})
    count = "SELECT count(*) FROM project WHERE zone_id = :zone AND name = '新厂（演示）'"
    assert (
        online.cast.database.ask_now(house(), lambda desk: desk.link.value(Sql(count), {"zone": online.cast.east})) == 1
    )


def test_she_sees_neither_controls_nor_rows_of_the_other_zone(online: Site) -> None:
    target = Target(online)
    online.sow("西边（演示）", zone="WEST")
    with online.person("stranger") as sheet:
        for path in (
            LEDGER,
            f"/projects/{target.id}",
            f"/projects/{target.id}/move?to=reserve",
            "/zones/EAST",
            LEDGER + ".xlsx",
            LEDGER + "/rows",
        ):
            answer = sheet.context.request.get(online.address + path)
            assert answer.status == 404, path
        sheet.goto("/ledgers/in_construction")
        expect(sheet.locator("#grid")).to_contain_text("西边")
        assert "靶子" not in sheet.content()
        sheet.goto("/ledgers/in_construction?q=bazi")
        assert "靶子" not in sheet.content()
        sheet.goto("/people?zone=EAST")
        assert "东区项目办" not in sheet.content()


def test_who_may_only_look_sees_no_controls(online: Site) -> None:
    target = Target(online)
    for who in ("leader", "office", "auditor"):
        with online.person(who) as sheet:
            sheet.goto(LEDGER)
            expect(sheet.locator("#grid")).to_contain_text("靶子")
            assert sheet.locator("#grid [data-field], #grid input, #selbar, a[href^='/projects/new']").count() == 0
            sheet.goto(f"/projects/{target.id}")
            assert sheet.locator("main form[method=post], main a[href*='edit=']").count() == 0
        with visitor(online, who) as client:
            before = acts(online)
            form = forms(target)["/projects/{id}/cells"]
            assert sent(client, "/projects/{id}/cells", form, target).status_code == 403
            assert acts(online) == before

"""The pages of the pipeline as a browser gets them: board, list, one lead, next steps and their calendar; with and without
script, and never a confidential name to who may not see it."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from app import logs
from app.main import create_app
from app.pages import rooms
from app.services import enterprises, follow_ups, lead_moves, lead_settings, leads, projects
from tests.cast import Cast
from tests.lead_acts import CANARY, FACTS, SIGNED, covered, made

pytestmark = pytest.mark.anyio
HOST = "http://10.1.2.3:8000"
SCRIPT = {"hx-request": "true"}
PDF = ("合同.pdf", b"%PDF-1.7\n%made for a test\n", "application/octet-stream")


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What the log has said since it was asked last; it says a line for every request."""
    before = logs.access.level
    logs.access.setLevel(logging.INFO)

    def said() -> str:
        lines = capsys.readouterr().err
        assert '"sanzhang.access"' in lines, "nothing was logged, so nothing is proved"
        return lines

    yield said
    logs.access.setLevel(before)


class Browser:
    """Somebody's browser, and the register behind it."""

    def __init__(self, cast: Cast, who: str | None) -> None:
        self.cast, self.db = cast, cast.database
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(database=cast.database)),
            base_url=HOST,
            headers={"origin": HOST, "accept-language": "en"},
            cookies={"sanzhang": cast.session(who)} if who else {},
        )

    def now(self, id_: int) -> dict[str, Any]:
        return self.db.ask_now(self.cast.editor, leads.read, id_)

    async def get(self, path: str, **kw: Any) -> httpx.Response:
        return await self.client.get(path, **kw)

    async def post(self, path: str, data: dict[str, Any] | None = None, **kw: Any) -> httpx.Response:
        return await self.client.post(path, data=data or {}, **kw)


@pytest.fixture
def editor(cast: Cast) -> Browser:
    return Browser(cast, "editor")


@pytest.fixture
def sqlite_editor(sqlite_cast: Cast) -> Browser:
    return Browser(sqlite_cast, "editor")


def card(page: str, id_: int) -> str:
    """What the board shows of one lead."""
    found = re.search(rf'<li class="leadcard[^"]*" id="lead-{id_}".*?</li>', page, re.DOTALL)
    return found[0] if found else ""


# ── board and list ───────────────────────────────────────────────────────────────────────────────────────────────────
async def test_the_board_counts_and_sums_each_stage_over_all_its_pages(editor: Browser) -> None:
    for n in range(17):
        made(editor.cast, name=f"线索{n}", intended_amount_yuan=10**8)
    unknown = made(editor.cast, name="金额不详", intended_amount_yuan=None)
    page = (await editor.get("/leads")).text
    assert re.search(r'id="lane-lead">Lead <span class="c">18<', page)
    assert "<b>¥1.7</b> billion" in page and "1 without amount" in page
    assert page.count('class="leadcard') == 15
    more = re.search(r'hx-get="(/leads/column[^"]+)"', page)
    assert more is not None
    rest = (await editor.get(more[1].replace("&amp;", "&"), headers=SCRIPT)).text
    assert rest.count('class="leadcard') == 3 and "<html" not in rest
    assert card(page + rest, unknown["id"]) and "Amount unknown" in card(page + rest, unknown["id"])
    assert not re.search(r"\sstyle=|<script>|on(click|load)=", page), "the policy allows nothing inline"


async def test_filters_stand_in_the_address_and_board_and_list_share_them(sqlite_editor: Browser) -> None:
    cast = sqlite_editor.cast
    small = made(cast, name="小项目", intended_amount_yuan=10**7, keeper="周启明、林砚秋")
    large = made(cast, name="大项目", channel="fair", keeper="周启")
    lost = made(cast, name="没谈成")
    by = cast.by("editor", reason="不来了")
    cast.database.act_now(by, lead_moves.dispose, lost["id"], disposition="dormant")
    for view in ("", "&view=list"):
        for query, shown in (
            ("", {small["name"], large["name"]}), ("amount=5", {large["name"]}), ("channel=fair", {large["name"]}),
            ("q=xiao", {small["name"]}), ("disposition=dormant", {lost["name"]}), ("light=red", set()),
            ("disposition=any", {small["name"], large["name"], lost["name"]}), ("zone=EAST&keeper=nobody", set()),
            ("light=green&industry=新材料", set()), ("keeper=林砚秋", {small["name"]}), ("keeper=周启", {large["name"]}),
        ):  # fmt: skip
            page = (await sqlite_editor.get(f"/leads?{query}{view}")).text
            found = {n for n in (small["name"], large["name"], lost["name"]) if f">{n}</a>" in page}
            red = {small["name"], large["name"]} if query == "light=red" else set()  # registered half a year ago
            assert found == shown | red, (query, view)
    for bad in ("channel=x", "amount=3", "light=blue", "sort=contact_phone", "unit=x", "at=x"):
        assert (await sqlite_editor.get(f"/leads?{bad}")).status_code == 400, bad
    assert (await sqlite_editor.get("/leads?zone=WEST")).status_code == 404


async def test_the_list_is_sorted_both_ways_and_has_its_totals(sqlite_editor: Browser) -> None:
    cast = sqlite_editor.cast
    made(cast, name="甲", intended_amount_yuan=3 * 10**8), made(cast, name="乙", intended_amount_yuan=7 * 10**8)
    falling = (await sqlite_editor.get("/leads?view=list&sort=-intended_amount_yuan")).text
    assert falling.index(">乙</a>") < falling.index(">甲</a>")
    assert 'aria-sort="descending"' in falling and "10.00" in falling
    rising = (await sqlite_editor.get("/leads?view=list&sort=intended_amount_yuan")).text
    assert rising.index(">甲</a>") < rising.index(">乙</a>")
    for form, begins in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        file = await sqlite_editor.get(f"/leads.{form}?channel=stationed&light=red")
        assert (file.status_code, file.content[: len(begins)]) == (200, begins)


async def test_another_zone_sees_nothing_and_who_may_only_look_has_no_controls(editor: Browser) -> None:
    lead = made(editor.cast, name="东区的线索")
    stranger = Browser(editor.cast, "stranger")
    for path in ("", "/move?to=screening", "/landing", "/disposition", "/release", "/fields/name"):
        assert (await stranger.get(f"/leads/{lead['id']}{path}", headers=SCRIPT)).status_code == 404, path
    assert "东区的线索" not in (await stranger.get("/leads")).text
    for who in ("leader", "auditor", "office"):
        looks = Browser(editor.cast, who)
        board, page = (await looks.get("/leads")).text, (await looks.get(f"/leads/{lead['id']}")).text
        assert "东区的线索" in board and 'draggable="true"' not in board and "/move?" not in board + page
        assert "edit=" not in page
        assert (await looks.get("/leads/new")).status_code == 403
        refused = await looks.post(f"/leads/{lead['id']}/move?to=screening")
        assert refused.status_code == 403
    assert (await Browser(editor.cast, "administrator").get("/leads")).status_code == 403


async def test_an_empty_pipeline_says_how_to_begin(sqlite_editor: Browser) -> None:
    page = (await sqlite_editor.get("/leads")).text
    assert 'href="/leads/new' in page and 'href="/leads/imports"' in page and "disposition=any" in page


# ── a new one ────────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_name_is_enough_and_what_was_typed_stays_when_it_is_refused(sqlite_editor: Browser) -> None:
    sent = {
        "zone": "EAST",
        "name": "隔膜二期",
        "investor_name": "江海",
        "intended_amount_yuan": "很多",
        "origin": "苏州",
    }
    refused = await sqlite_editor.post("/leads", sent)
    assert refused.status_code == 422
    for kept in ("隔膜二期", "江海", "很多", "苏州"):
        assert f'value="{kept}"' in refused.text, kept
    wrong = await sqlite_editor.post(
        "/leads", sent | {"name": " ", "first_contact_on": "neulich", "registered_on": "昨天"}
    )
    marked = re.findall(r'class="wrong" id="w-(\w+)"', wrong.text)
    assert marked == ["name", "intended_amount_yuan", "first_contact_on", "registered_on"], "all of it at once"
    folded = await sqlite_editor.post("/leads", {"zone": "EAST", "name": "隔膜", "registered_on": "昨天"})
    assert '<details class="add" open>' in folded.text, "what is refused is not folded away"
    done = await sqlite_editor.post("/leads", sent | {"intended_amount_yuan": "5.4亿", "confidential": "1"})
    assert done.status_code == 303
    lead = sqlite_editor.now(int(re.findall(r"\d+", done.headers["location"])[0]))
    assert (lead["intended_amount_yuan"], lead["confidential"], lead["origin"]) == (540_000_000, True, "苏州")
    earlier = await sqlite_editor.post("/leads", {"zone": "EAST", "name": "补登", "registered_on": "2026.5.6"})
    assert "2026-05-06" in (await sqlite_editor.get(earlier.headers["location"])).text
    assert (await sqlite_editor.post("/leads", {"zone": "WEST", "name": "别区"})).status_code == 422


# ── moves ────────────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_move_asks_for_what_is_missing_keeps_what_was_typed_and_is_one_act(editor: Browser) -> None:
    lead = made(editor.cast, channel=None, keeper=None)
    address = f"/leads/{lead['id']}/move?to=signed"
    refused = await editor.post(address, {"version": lead["version"]}, headers=SCRIPT)
    assert (refused.status_code, "<html" in refused.text) == (409, False)
    for field in ("channel", "screening_result", "keeper", "agreement", "contract_amount_yuan", "signed_on"):
        assert f'name="fill-{field}"' in refused.text, field
    assert 'name="fill-content"' not in refused.text, "that is known already"
    typed = {
        "version": lead["version"], "fill-channel": "fair", "fill-screening_result": "同意", "fill-keeper": "林",
        "fill-agreement": "framework", "fill-contract_amount_yuan": "9亿", "fill-signed_on": "2026-06-30", "on": "2026-06-30",
    }  # fmt: skip
    again = await editor.post(address, typed)
    assert again.status_code == 409 and "<html" in again.text
    assert 'value="9亿"' in again.text and 'name="fill-framework_on"' in again.text, "a framework has a day of its own"
    done = await editor.post(address, typed | {"fill-framework_on": "2026.6.30"})
    assert (done.status_code, done.headers["location"]) == (303, f"/leads/{lead['id']}?done=moved")
    now = editor.now(lead["id"])
    assert (now["stage"], now["stage_on"], now["contract_amount_yuan"]) == ("signed", "2026-06-30", 9 * 10**8)
    assert now["version"] == editor.db.ask_now(editor.cast.editor, lead_moves.history, lead["id"])[-1]["version"]


async def test_a_card_moves_with_its_version_and_comes_back_to_the_board(sqlite_editor: Browser) -> None:
    lead = made(sqlite_editor.cast)
    address = f"/leads/{lead['id']}/move?to=screening&next=%2Fleads%3Fzone%3DEAST"
    stale = await sqlite_editor.post(address, {"version": "1"}, headers=SCRIPT)
    assert stale.status_code == 412 or sqlite_editor.now(lead["id"])["stage"] == "screening"
    lead = sqlite_editor.now(lead["id"])
    moved = await sqlite_editor.post(address, {"version": lead["version"]}, headers=SCRIPT)
    if lead["stage"] == "lead":
        assert moved.headers["hx-redirect"] == f"/leads?zone=EAST&moved={lead['id']}"
    back = f"/leads/{lead['id']}/move?to=lead"
    refused = await sqlite_editor.post(back, headers=SCRIPT)
    assert refused.status_code == 422 and "A move back needs a reason" in refused.text
    assert (await sqlite_editor.post(back, {"reason": "研判不通过"})).status_code == 303
    outside = await sqlite_editor.post(f"/leads/{lead['id']}/move?to=screening&next=https://evil.example")
    assert outside.headers["location"].startswith("/")
    assert (await sqlite_editor.get(f"/leads/{lead['id']}/move?to=nowhere")).status_code == 404


# ── one lead ─────────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_fact_is_edited_in_place_and_a_conflict_loses_neither_side(sqlite_editor: Browser) -> None:
    cast, lead = sqlite_editor.cast, made(sqlite_editor.cast)
    address = f"/leads/{lead['id']}/fields/industry_chain"
    assert 'name="version"' in (await sqlite_editor.get(address, headers=SCRIPT)).text
    saved = await sqlite_editor.post(address, {"value": "隔膜", "version": lead["version"]}, headers=SCRIPT)
    assert saved.status_code == 200 and "隔膜" in saved.text and 'id="verdict"' in saved.text
    lead = sqlite_editor.now(lead["id"])
    cast.database.act_now(cast.reviewer, leads.amend, lead["id"], {"industry_chain": "铝箔"}, version=None)
    conflict = await sqlite_editor.post(address, {"value": "铜箔", "version": lead["version"]}, headers=SCRIPT)
    assert conflict.status_code == 412
    for side in ("隔膜", "铝箔", "铜箔", "Take mine"):
        assert side in conflict.text, side
    total = {"value": "8亿", "version": ""}
    asked = await sqlite_editor.post(f"/leads/{lead['id']}/fields/intended_amount_yuan", total, headers=SCRIPT)
    if asked.status_code == 422:
        assert 'name="reason"' in asked.text and 'value="8亿"' in asked.text
    assert (await sqlite_editor.post(f"/leads/{lead['id']}/fields/enterprise_id", {"value": "1"})).status_code == 404


async def test_a_contact_is_written_down_and_its_next_step_done_with_one_tap(editor: Browser) -> None:
    lead = made(editor.cast)
    place = f"/leads/{lead['id']}/followups"
    refused = await editor.post(place, {"kind": "call", "told": "", "with_whom": "周总"})
    assert refused.status_code == 422 and 'value="周总"' in refused.text
    sent = {
        "kind": "visit",
        "told": "看了产线",
        "next_step": "约看地",
        "next_step_on": "2026-06-09",
        "happened_on": "2026-06-02",
    }
    assert (await editor.post(place, sent)).status_code == 303
    page = (await editor.get(f"/leads/{lead['id']}")).text
    assert "看了产线" in page and "约看地" in page
    (talk,) = editor.db.ask_now(editor.cast.editor, follow_ups.list_, lead["id"])
    assert talk["by_whom"] == "Editor"
    steps = (await editor.get("/leads/steps?whose=all")).text
    assert "约看地" in steps and "Overdue" in steps
    tapped = {"version": talk["version"], "from": "steps", "whose": "all"}
    done = await editor.post(f"{place}/{talk['id']}/done", tapped)
    assert done.headers["location"] == "/leads/steps?done=step&whose=all"
    assert "约看地" not in (await editor.get("/leads/steps?whose=all")).text
    assert editor.now(lead["id"])["next_step"] is None
    assert (await editor.post(f"{place}/{talk['id']}/remove")).status_code == 303
    other = made(editor.cast, name="另一条")
    assert (await editor.post(f"/leads/{other['id']}/followups/{talk['id']}/done")).status_code == 404


async def test_a_file_is_attached_and_opened_by_who_may(sqlite_editor: Browser) -> None:
    lead = made(sqlite_editor.cast, confidential=True)
    place = f"/leads/{lead['id']}/files"
    assert (await sqlite_editor.post(place, {"kind": "contract"})).status_code == 422
    done = await sqlite_editor.post(place, {"kind": "contract", "title": ""}, files={"file": PDF})
    assert done.status_code == 303
    found = re.search(r"/leads/files/(\d+)", (await sqlite_editor.get(f"/leads/{lead['id']}")).text)
    assert found is not None
    got = await sqlite_editor.get(found[0])
    assert (got.status_code, got.content) == (200, PDF[1]) and "sandbox" in got.headers["content-security-policy"]
    for who in ("stranger", "auditor"):
        assert (await Browser(sqlite_editor.cast, who).get(found[0])).status_code == 404, who
    assert (await sqlite_editor.post(f"{found[0]}/remove")).status_code == 303
    assert (await sqlite_editor.get(found[0])).status_code == 404


async def test_what_is_decided_about_it_the_zone_and_the_name(sqlite_editor: Browser) -> None:
    cast, lead = sqlite_editor.cast, made(sqlite_editor.cast, confidential=True, code_name="海燕")
    place = f"/leads/{lead['id']}"
    lost = await sqlite_editor.post(
        f"{place}/disposition", {"disposition": "lost", "reason": "去了滁州"}, headers=SCRIPT
    )
    assert lost.status_code == 422 and "Say to whom it was lost" in lost.text and 'value="去了滁州"' in lost.text
    sent = {"disposition": "lost", "reason": "地价", "lost_to": "滁州"}
    assert (await sqlite_editor.post(f"{place}/disposition", sent)).status_code == 303
    assert "滁州" in (await sqlite_editor.get(place)).text
    assert (
        await sqlite_editor.post(f"{place}/disposition", {"disposition": "active", "reason": "又来"})
    ).status_code == 303
    office = Browser(cast, "office")
    asked = (await office.get(f"{place}/transfer")).text
    assert '<option value="" selected></option>' in asked, "no zone is chosen before she chooses one"
    given = {"to": "WEST", "reason": "产业更合适", "credit_percent": "四成"}
    assert (await office.post(f"{place}/transfer", given)).status_code == 422
    assert (await sqlite_editor.post(f"{place}/transfer", given | {"credit_percent": "40%"})).status_code == 403
    assert (await sqlite_editor.post(f"{place}/release")).status_code == 303
    assert (await sqlite_editor.post(f"{place}/release")).status_code == 409
    assert (await sqlite_editor.post(f"{place}/confidential", {"code_name": "雨燕"})).status_code == 303
    assert sqlite_editor.now(lead["id"])["code_name"] == "雨燕"
    assert (await office.post(f"{place}/transfer", given | {"credit_percent": "40%"})).status_code == 303
    assert (await sqlite_editor.get(place)).status_code == 404
    assert "40% of the credit" in (await Browser(cast, "stranger").get(place)).text


async def test_it_lands_in_a_ledger_or_in_the_planned_project_and_both_pages_know(editor: Browser) -> None:
    cast = editor.cast
    early = made(cast, screening_result="同意")
    too_early = await editor.get(f"/leads/{early['id']}/landing")
    assert too_early.status_code == 409
    cast.database.act_now(cast.editor, lead_moves.move, early["id"], to="signed", edit=SIGNED)
    asked = await editor.get(f"/leads/{early['id']}/landing?ledger=upcoming")
    assert 'name="fill-location"' in asked.text and 'name="fill-sponsor_leader"' in asked.text
    refused = await editor.post(f"/leads/{early['id']}/landing?ledger=upcoming", {"fill-location": "三号路"})
    assert refused.status_code == 409 and 'value="三号路"' in refused.text
    assert re.findall(r'class="wrong" id="w-fill-(\w+)">This is asked for here', refused.text) == [
        "planned_start_month",
        "sponsor_leader",
    ], "what is lacking is told at its field, and not at what was filled in"
    planned = cast.database.act_now(cast.editor, projects.create, {"name": "谋划隔膜厂"}, zone="EAST").value
    found = await editor.get(f"/leads/{early['id']}/landing/found?q=谋划", headers=SCRIPT)
    assert f'value="{planned["id"]}"' in found.text and "<html" not in found.text
    done = await editor.post(f"/leads/{early['id']}/landing", {"project_id": str(planned["id"])})
    assert done.headers["location"] == f"/projects/{planned['id']}?done=created"
    page = (await editor.get(f"/projects/{planned['id']}")).text
    assert "Before it was a project" in page and f'href="/leads/{early["id"]}"' in page
    lead = (await editor.get(f"/leads/{early['id']}")).text
    assert f'href="/projects/{planned["id"]}"' in lead
    assert "fields/contract_amount_yuan" not in lead, "that is said by the project now"
    count = cast.database.ask_now(cast.editor, projects.read, planned["id"])
    assert count["investor_name"] == FACTS["investor_name"]


# ── the calendar ─────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_calendar_is_fetched_by_its_secret_address_until_it_is_taken_back(
    editor: Browser, logged: Callable[[], str]
) -> None:
    cast = editor.cast
    lead = covered(cast)
    by = cast.by("editor", reason="又来")
    cast.database.act_now(by, lead_moves.dispose, lead["id"], disposition="active")
    open_ = made(cast, name="明白的线索", keeper="Editor")
    for one, step in ((lead, f"见{CANARY}"), (open_, "约看地")):
        said = {"kind": "call", "told": "x", "next_step": step, "next_step_on": "2026-12-01"}
        cast.database.act_now(cast.editor, follow_ups.add, one["id"], said | {"next_step_by": "Editor"})
    made_ = await editor.post("/leads/steps/feed", {"do": "renew"})
    address = re.search(r'value="(http[^"]+\.ics)"', made_.text)
    assert address is not None and address[1] not in (await editor.get("/leads/steps")).text, "it is shown once"
    nobody = Browser(cast, None)
    path = "/leads" + address[1].split("/leads", 1)[1]
    got = await nobody.get(path)
    assert (got.status_code, got.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    text = got.text.replace("\r\n ", "")
    assert "约看地" in text and "DTSTART;VALUE=DATE:20261201" in text and "海燕" in text
    assert CANARY not in text, "her own rights do not reach into the calendar"
    assert path.split("/")[3] not in logged(), "the token is in no log line"
    again = await editor.post("/leads/steps/feed", {"do": "renew"})
    assert again.status_code == 200 and (await nobody.get(path)).status_code == 404, "a new address ends the old one"
    assert (await editor.post("/leads/steps/feed", {"do": "revoke"})).status_code == 303
    fresh = re.search(r'/leads/steps/[^"]+\.ics', again.text)
    assert fresh is not None and (await nobody.get(fresh[0])).status_code == 404
    for bad in ("1-x", "x", "1", "9" * 30 + "-x", "-"):
        assert (await nobody.get(f"/leads/steps/{bad}.ics")).status_code == 404, bad


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_the_city_office_changes_what_stages_ask_for_and_the_clock(sqlite_editor: Browser) -> None:
    office, cast = Browser(sqlite_editor.cast, "office"), sqlite_editor.cast
    page = (await office.get("/admin/lead-stages")).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    sent: dict[str, Any] = {
        "version": version[1],
        "rows-screening": "2",
        "screening-0": ["investor_name", "", ""],
        "rows-lead": "1",
        "lead-0": ["name"],
    }
    for stage in ("negotiating", "signed", "landed"):
        asked = cast.database.ask_now(cast.office, lead_settings.stages)[stage]
        sent |= {f"rows-{stage}": str(len(asked["needs"]))} | {
            f"{stage}-{n}": row for n, row in enumerate(asked["needs"])
        }
        sent[f"files-{stage}"] = asked.get("files", [])
    assert (await office.post("/admin/lead-stages", sent)).status_code == 303
    now = cast.database.ask_now(cast.office, lead_settings.stages)
    assert now["screening"]["needs"] == [["investor_name"]] and now["signed"]["files"] == ["agreement", "contract"]
    clock = dict.fromkeys(
        ("respond_workdays", "screen_workdays", "feedback_days", "update_days", "protect_months"), "5"
    )
    crossed = clock | {"yellow_months": "4", "red_months": "2", "remove_months": "6"}
    assert (await office.post("/admin/lead-clock", crossed)).status_code == 422
    assert (await office.post("/admin/lead-clock", crossed | {"red_months": "viele"})).status_code == 422
    assert (await office.post("/admin/lead-clock", crossed | {"red_months": "5"})).status_code == 303
    for path in ("/admin/lead-stages", "/admin/lead-clock"):
        assert (await sqlite_editor.get(path)).status_code == 403
        assert (await sqlite_editor.post(path)).status_code in (403, 422)


# ── confidential ─────────────────────────────────────────────────────────────────────────────────────────────────────
NEVER = ("/enter/{token}", "/r/{token}", "/leads/steps/{token}.ics")
"""Opened by a link of one's own."""


def addresses(lead: dict[str, Any]) -> Iterator[str]:
    """Every page and piece of one, with what stands in its address."""
    values = {
        "code": "EAST", "ledger": "reserve", "month": "2026-06", "year": "2026", "step": "submit", "token": "x", "form": "csv",
        "figure": "started", "way": "overdue",
    }  # fmt: skip
    paths = {r.path for room in rooms.routers() for r in room.routes if "GET" in r.methods}  # type: ignore[attr-defined]
    for path in sorted(paths):
        if path.startswith(NEVER):
            continue
        fields = ("name", "investor_name", "content", "contact_phone") if "{field}" in path else ("",)
        for field in fields:
            asked = filled(path, values | {"field": field}, lead["id"])
            yield asked
            if path == "/leads":
                yield from (
                    f"/leads?{q}"
                    for q in (
                        "view=list",
                        "view=list&sort=name",
                        "q=jinsique",
                        "disposition=any",
                        "disposition=any&view=list",
                        "disposition=any&light=red",
                    )
                )
            if "{form}" in path:
                yield asked.replace(".csv", ".xlsx") + "?disposition=any"
            if path.endswith("/move"):
                yield f"{asked}?to=signed"


def filled(path: str, values: dict[str, str], id_: int) -> str:
    """A path of the route table with what stands in its holes; every other hole is the lead's number."""
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda hole: values.get(hole[1], str(id_)), path)


def told(answer: httpx.Response) -> str:
    """What is in an answer; a workbook is opened."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return " ".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


async def test_a_confidential_name_is_on_no_page_for_an_auditor_and_in_no_log_line(
    sqlite_cast: Cast, logged: Callable[[], str]
) -> None:
    lead = covered(sqlite_cast)
    assert CANARY in (await Browser(sqlite_cast, "editor").get(f"/leads/{lead['id']}")).text, (
        "else this would prove nothing"
    )
    seen = 0
    for who in ("auditor", "administrator", "stranger"):
        browser = Browser(sqlite_cast, who)
        for address in addresses(lead):
            for headers in ({}, SCRIPT):
                answer = await browser.get(address, headers=headers)
                assert answer.status_code < 500, address
                assert CANARY not in told(answer), (who, address)
                assert "jinsique" not in told(answer) or "q=jinsique" in address, (who, address)
                seen += answer.status_code == 200
    assert seen > 60
    page = (await Browser(sqlite_cast, "auditor").get(f"/leads/{lead['id']}")).text
    assert "海燕" in page
    assert CANARY not in logged()


async def test_a_lead_names_its_firm_and_the_project_that_it_expands(sqlite_editor: Browser) -> None:
    cast, lead = sqlite_editor.cast, made(sqlite_editor.cast, screening_result="同意")
    own = cast.database.act_now(cast.editor, projects.create, {"name": "一期隔膜厂"}, zone="EAST").value
    other = cast.database.act_now(cast.stranger, projects.create, {"name": "西区隔膜厂"}, zone="WEST").value
    firm = cast.database.act_now(cast.editor, enterprises.create, {"name": "江海新材料股份有限公司"}).value
    place = f"/leads/{lead['id']}/ties"
    assert f'value="{firm["id"]}"' in (await sqlite_editor.get(place)).text, "the investor's name is looked up"
    found = await sqlite_editor.get(f"{place}/found?parent=隔膜", headers=SCRIPT)
    assert "一期隔膜厂" in found.text and "西区" not in found.text
    assert (await sqlite_editor.post(place)).status_code == 422
    assert (await sqlite_editor.post(place, {"parent_id": str(other["id"])})).status_code == 422
    assert (await sqlite_editor.post(place, {"parent_id": str(own["id"]), "pick": str(firm["id"])})).status_code == 303
    page = (await sqlite_editor.get(f"/leads/{lead['id']}")).text
    assert f'href="/projects/{own["id"]}"' in page and f'href="/enterprises/{firm["id"]}"' in page
    assert (await sqlite_editor.post(place, {"no_parent": "yes"})).status_code == 303
    now = sqlite_editor.now(lead["id"])
    assert (now["parent_project_id"], now["enterprise_id"]) == (None, firm["id"])

"""The pages of a project as a browser gets them: read, edited in place, moved, proved, put back; with and without script."""

from __future__ import annotations

import asyncio
import gc
import re
from typing import Any

import httpx
import pytest
from starlette.types import Message

from app.main import create_app
from app.services import evidence, lists, people, projects, responsibilities
from tests.cast import Cast

pytestmark = pytest.mark.anyio
HOST = "http://10.1.2.3:8000"
SCRIPT = {"hx-request": "true"}
PDF = ("permit.pdf", b"%PDF-1.7\n%made for a test\n", "application/octet-stream")
FACTS = {
    "name": "Mill & <b>Sons</b>", "total_investment_yuan": 54_000_0000, "signed_on": "2026-01-05", "planned_start_month": "2026-04",
    "planned_completion_month": "2027-06", "responsible_person": "林砚秋", "phone": "138 0000 0001",
}  # fmt: skip


class Browser:
    """Somebody's browser, and the register behind it."""

    def __init__(self, cast: Cast, who: str) -> None:
        self.cast, self.db = cast, cast.database
        self.app = create_app(database=cast.database)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url=HOST,
            headers={"origin": HOST, "accept-language": "en"},
            cookies={"sanzhang": cast.session(who)},
        )

    def project(self, ledger: str = "reserve", **facts: Any) -> dict[str, Any]:
        value = self.db.act_now(self.cast.editor, projects.create, {**FACTS, **facts}, zone="EAST", ledger=ledger).value
        assert isinstance(value, dict)
        return value

    def now(self, project: dict[str, Any]) -> dict[str, Any]:
        return self.db.ask_now(self.cast.editor, projects.read, project["id"])

    async def get(self, path: str, **kw: Any) -> httpx.Response:
        return await self.client.get(path, **kw)

    async def post(self, path: str, **kw: Any) -> httpx.Response:
        return await self.client.post(path, **kw)


@pytest.fixture
def editor(cast: Cast) -> Browser:
    return Browser(cast, "editor")


@pytest.fixture
def sqlite_editor(sqlite_cast: Cast) -> Browser:
    return Browser(sqlite_cast, "editor")


async def test_the_page_shows_what_is_known_and_what_is_not(editor: Browser) -> None:
    project = editor.project()
    page = await editor.get(f"/projects/{project['id']}")
    assert page.status_code == 200
    assert "Mill &amp; &lt;b&gt;Sons&lt;/b&gt;" in page.text
    assert 'href="tel:13800000001"' in page.text
    for word in ("Timeline", "Evidence", "Ledger moves", "Opening balance", "History", "林砚秋", "¥540\u00a0million"):
        assert word in page.text
    assert not re.search(r"\sstyle=|<script>|on(click|load)=", page.text), "the policy allows nothing inline"


async def test_what_is_not_there_is_said_once_under_a_heading(sqlite_editor: Browser) -> None:
    page = await sqlite_editor.get("/projects/999")
    said = "There is nothing at this address that you may see"
    assert (page.status_code, page.text.count(said), f"<h1>{said}</h1>" in page.text) == (404, 2, True), (
        "and in the title"
    )
    piece = await sqlite_editor.get("/projects/999/panel", headers={"HX-Request": "true"})
    assert (piece.status_code, piece.text.count(said), "<h1>" in piece.text) == (404, 1, False)


async def test_a_fact_is_edited_in_place_and_without_script(editor: Browser) -> None:
    project = editor.project()
    address = f"/projects/{project['id']}"
    form = await editor.get(f"{address}/fields/planned_start_month", headers=SCRIPT)
    assert 'name="version"' in form.text
    assert "<html" not in form.text
    sent = {"value": "2026.5", "version": str(project["version"])}
    asked = await editor.post(f"{address}/fields/planned_start_month", data=sent, headers=SCRIPT)
    assert (asked.status_code, "2026.5" in asked.text, 'name="reason"' in asked.text) == (422, True, True)
    saved = await editor.post(
        f"{address}/fields/planned_start_month", data=sent | {"reason": "Late permit"}, headers=SCRIPT
    )
    assert saved.status_code == 200
    assert 'hx-swap-oob="true"' in saved.text
    assert editor.now(project)["planned_start_month"] == "2026-05"
    plain = await editor.post(f"{address}/fields/name", data={"value": "Mill", "version": str(project["version"])})
    assert (plain.status_code, plain.headers["location"]) == (303, f"{address}#fact-name")
    open_ = await editor.get(f"{address}?edit=name")
    assert 'name="value" value="Mill"' in open_.text
    refused = await editor.post(f"{address}/fields/land_mu", data={"value": "much", "version": "0"})
    assert (refused.status_code, 'value="much"' in refused.text) == (422, True)


async def test_a_conflict_shows_mine_and_theirs_and_loses_neither(editor: Browser, cast: Cast) -> None:
    project = editor.project()
    cast.database.act_now(cast.reviewer, projects.amend, project["id"], {"location": "East gate"}, version=None)
    sent = {"value": "West gate", "version": str(project["version"])}
    answer = await editor.post(f"/projects/{project['id']}/fields/location", data=sent, headers=SCRIPT)
    assert answer.status_code == 412
    assert all(word in answer.text for word in ("East gate", "West gate", "Reviewer", "Take mine"))
    version = re.search(r'name="version" value="(\d+)"', answer.text)
    assert version
    await editor.post(f"/projects/{project['id']}/fields/location", data=sent | {"version": version[1]}, headers=SCRIPT)
    assert editor.now(project)["location"] == "West gate"


async def test_a_value_is_put_back_as_a_new_act(editor: Browser, cast: Cast) -> None:
    project = editor.project()
    changed = cast.database.act_now(
        cast.by("editor", reason="Typing"), projects.amend, project["id"], {"total_investment_yuan": 1}, version=None
    )
    address = f"/projects/{project['id']}"
    page = await editor.get(f"{address}?field=total_investment_yuan")
    assert "Typing" in page.text
    done = await editor.post(f"{address}/put-back", data={"field": "total_investment_yuan", "act": str(changed.seq)})
    assert (done.status_code, editor.now(project)["total_investment_yuan"]) == (303, 54_000_0000)
    again = await editor.post(f"{address}/put-back", data={"field": "total_investment_yuan", "act": str(changed.seq)})
    assert again.status_code == 409
    assert (await editor.post(f"{address}/put-back", data={"field": "phone", "act": "3"})).status_code == 404


async def test_a_move_fills_in_what_is_missing_and_proves_it_in_one_act(editor: Browser) -> None:
    project = editor.project(planned_completion_month=None)
    address = f"/projects/{project['id']}/move?to=in_construction"
    asked = await editor.get(address)
    assert 'name="fill-planned_completion_month"' in asked.text
    data = {"on": "2026-04-02", "version": str(project["version"])}
    refused = await editor.post(address, data=data)
    assert (refused.status_code, 'value="2026-04-02"' in refused.text) == (409, True)
    needs = {
        "fill-location": "East gate",
        "fill-sponsor_leader": "顾听澜",
        "fill-investor_name": "Mill Ltd",
        "fill-planned_completion_month": "2027年6月",
    }
    done = await editor.post(address, data=data | needs | {"kind": "construction_permit"}, files={"file": PDF})
    assert done.headers.get("location") == f"/projects/{project['id']}?done=moved#moves", done.text[:2000]
    now = editor.now(project)
    assert (now["ledger"], now["pending"], now["started_on"], now["planned_completion_month"]) == (
        "in_construction",
        False,
        "2026-04-02",
        "2027-06",
    )
    page = await editor.get(f"/projects/{project['id']}?done=moved")
    assert "now stands in" in page.text


async def test_a_move_without_proof_is_pending_until_it_comes(editor: Browser, cast: Cast) -> None:
    project = editor.project(location="x", sponsor_leader="y", investor_name="z")
    moved = await editor.post(f"/projects/{project['id']}/move?to=in_construction", data={"on": "2026-04-02"})
    assert moved.headers["location"].endswith("?done=pending#moves")
    page = await editor.get(f"/projects/{project['id']}")
    assert "Proof pending" in page.text
    bad = await editor.post(
        f"/projects/{project['id']}/evidence",
        data={"kind": "construction_permit"},
        files={"file": ("x.pdf", b"PK\x03\x04", "application/pdf")},
    )
    assert (bad.status_code, "PDF or a photo" in bad.text) == (422, True)
    proved = await editor.post(
        f"/projects/{project['id']}/evidence", data={"kind": "construction_permit"}, files={"file": PDF}
    )
    assert "done=settled" in proved.headers["location"]
    assert editor.now(project)["pending"] is False
    back = await editor.post(f"/projects/{project['id']}/move?to=reserve", data={"on": ""})
    assert (back.status_code, "reason" in back.text) == (422, True)


async def test_a_file_is_handed_out_sealed_and_to_her_zone_only(editor: Browser, cast: Cast) -> None:
    project = editor.project()
    await editor.post(
        f"/projects/{project['id']}/evidence",
        data={"kind": "contract"},
        files={"file": ('合同"\r\n.PDF', PDF[1], "text/html")},
    )
    proof = editor.db.ask_now(cast.editor, evidence.list_, project["id"])[0]
    got = await editor.get(f"/evidence/{proof['id']}")
    assert (got.content, got.headers["content-type"], got.headers["x-content-type-options"]) == (
        PDF[1],
        "application/pdf",
        "nosniff",
    )
    assert got.headers["content-disposition"].startswith("attachment; filename*=utf-8''%E5%90%88")
    assert "sandbox" in got.headers["content-security-policy"]
    stranger = Browser(cast, "stranger")
    for path in (f"/evidence/{proof['id']}", f"/projects/{project['id']}", f"/projects/{project['id']}/people"):
        assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post(f"/evidence/{proof['id']}/remove")).status_code == 404
    await editor.post(f"/evidence/{proof['id']}/remove", data={"version": str(proof["version"])})
    assert editor.db.ask_now(cast.editor, evidence.list_, project["id"]) == []
    assert (await editor.get(f"/evidence/{proof['id']}")).status_code == 404


async def test_a_browser_that_goes_away_leaves_no_file_open(editor: Browser, cast: Cast) -> None:
    """A file left open is told by the interpreter when it is collected, and pytest makes that a failure."""
    project = editor.project()
    await editor.post(f"/projects/{project['id']}/evidence", data={"kind": "contract"}, files={"file": PDF})
    proof = editor.db.ask_now(cast.editor, evidence.list_, project["id"])[0]
    sent: list[Message] = []
    begun = asyncio.Event()

    async def left() -> Message:
        await begun.wait()
        return {"type": "http.disconnect"}

    async def slow(message: Message) -> None:
        sent.append(message)
        begun.set()
        await asyncio.sleep(0.01)

    headers = [(b"host", b"10.1.2.3:8000"), (b"cookie", f"sanzhang={cast.session('editor')}".encode())]
    path = f"/evidence/{proof['id']}"
    scope = {"type": "http", "asgi": {"spec_version": "2.3"}, "method": "GET", "scheme": "http", "path": path}
    await editor.app({**scope, "query_string": b"", "root_path": "", "headers": headers}, left, slow)
    assert sent[0]["status"] == 200
    gc.collect()


async def test_exits_openings_children_deleting_and_restoring(editor: Browser, cast: Cast) -> None:
    project = editor.project()
    address = f"/projects/{project['id']}"
    refused = await editor.post(f"{address}/disposition", data={"disposition": "lost"})
    assert refused.status_code == 422
    await editor.post(
        f"{address}/disposition", data={"disposition": "lost", "reason": "Went south", "destination": "Elsewhere"}
    )
    gone = await editor.get("/zones/EAST/exited")
    assert all(word in gone.text for word in ("Went south", "Elsewhere", "Mill"))
    await editor.post(f"{address}/disposition", data={"disposition": "active"})
    await editor.post(
        f"{address}/opening", data={"month": "2026年7月", "before_year_yuan": "9,766", "this_year_yuan": "0.66亿"}
    )
    now = editor.now(project)
    assert (now["disposition"], now["opening_month"], now["invested_to_date_yuan"]) == (
        "active",
        "2026-07",
        163_660_000,
    )
    wrong = await editor.post(f"{address}/opening", data={"month": "July?"})
    assert (wrong.status_code, "July?" in wrong.text) == (422, True)
    child = await editor.post(f"{address}/children", data={"name": "Phase 1", "relation": "phase", "phase_no": "1"})
    assert child.status_code == 303
    tree = await editor.get(address)
    assert ("Phase 1" in tree.text, "counts through its phases" in tree.text) == (True, True)
    assert (await editor.post(f"{address}/delete", data={})).status_code == 409
    lone = editor.project(name="Lone")
    await editor.post(f"/projects/{lone['id']}/delete", data={"version": str(lone["version"])})
    deleted = (await editor.get(f"/projects/{lone['id']}")).text
    assert all(said in deleted for said in ("This project was deleted on", "Restore</button>"))
    assert "Lone" in (await editor.get("/zones/EAST/exited")).text
    await editor.post(f"/projects/{lone['id']}/undelete", data={})
    assert editor.now(lone)["deleted_at"] is None
    assert (await editor.post(f"/projects/{lone['id']}/duplicate", data={})).status_code == 303


async def test_people_of_a_project_and_handing_over(editor: Browser, cast: Cast) -> None:
    project = editor.project()
    kept = editor.db.ask_now(cast.editor, responsibilities.of_project, project["id"])["items"]
    page = await editor.get(f"/projects/{project['id']}/people")
    assert f'value="p{kept[0]["person_id"]}" selected' in page.text
    made = await editor.post("/people", data={"name": "许南乔", "zone": "EAST", "phone": "139"})
    assert made.status_code == 303
    taker = next(p["id"] for p in editor.db.ask_now(cast.editor, people.list_, "EAST") if p["name"] == "许南乔")
    parties = {"from": f"p{kept[0]['person_id']}", "to": f"p{taker}"}
    seen = await editor.get("/people/handover", params=parties)
    assert "Hand over the ticked projects" in seen.text
    assert (await editor.post("/people/handover", data=parties)).status_code == 422
    done = await editor.post("/people/handover", data={**parties, "project": str(project["id"])})
    assert "done=1" in done.headers["location"]
    assert editor.now(project)["responsible_person"] == "许南乔"
    rows = {
        "role": ["liaison", "liaison"],
        "level": ["", "zone"],
        "holder": ["", f"p{taker}"],
        "rank": ["1", "1"],
        "from_on": ["", ""],
        "until_on": ["", ""],
    }
    put = await editor.post(f"/projects/{project['id']}/people", data=rows)
    assert put.status_code == 303
    items = editor.db.ask_now(cast.editor, responsibilities.of_project, project["id"])["items"]
    assert [(i["role"], i["level"]) for i in items if i["current"]] == [("liaison", "zone")]
    assert editor.now(project)["responsible_person"] is None


async def test_everybody_begins_where_her_work_is(sqlite_cast: Cast) -> None:
    begins = {
        "editor": "/zones/EAST/ledgers/in_construction",
        "both": "/ledgers/in_construction",
        "leader": "/overview",
    }
    for who, address in begins.items():
        assert (await Browser(sqlite_cast, who).get("/")).headers["location"] == address
    assert (await Browser(sqlite_cast, "administrator").get("/")).headers["location"] == "/admin"


async def test_zones_lists_and_mine(sqlite_editor: Browser, sqlite_cast: Cast) -> None:
    project = sqlite_editor.project(responsible_person="Editor")
    sqlite_cast.database.act_now(sqlite_cast.office, lists.create, {"code": "KEY", "name": "Key projects"})
    put = await sqlite_editor.post("/lists/KEY", data={"project": project["code"], "number": "7"})
    assert put.status_code == 303
    for path, words in {
        "/my": ("Mill", "Reserve"),
        "/lists": ("Key projects",),
        "/lists/KEY": ("Mill", "7"),
        "/zones": ("East",),
        "/zones/EAST": ("East Zone", "¥540\u00a0million"),
        "/people": ("Editor",),
    }.items():
        page = await sqlite_editor.get(path)
        assert page.status_code == 200, path
        assert all(word in page.text for word in words), path
    assert (await sqlite_editor.get("/zones/WEST")).status_code == 404
    office = Browser(sqlite_cast, "office")
    changed = await office.post(
        "/zones/EAST", data={"name": "East Park", "planned_area_km2": "12.5", "aliases": "A、B"}
    )
    assert changed.status_code == 303
    page = await office.get("/zones/EAST")
    assert all(word in page.text for word in ("East Park", "12.5", "A、B"))
    assert (await sqlite_editor.post("/zones/EAST", data={"name": "Mine"})).status_code == 403


async def test_the_register_of_zones_shows_what_counts_officially(sqlite_editor: Browser) -> None:
    proper = {
        "planned_start_month": "2026-10",
        "investor_name": "A",
        "signed_on": "2026-01-05",
        "sponsor_leader": "C",
        "responsible_person": "D",
        "location": "B",
    }
    sqlite_editor.project(total_investment_yuan=111 * 10**6)
    sqlite_editor.project(name="Yard", ledger="upcoming", total_investment_yuan=333 * 10**6, **proper)
    page = await sqlite_editor.get("/zones")
    assert "(+1 pending)" in page.text
    assert ("¥111\u00a0million" in page.text, "¥333\u00a0million" in page.text) == (True, False)


async def test_a_reader_gets_no_controls_and_a_masked_phone(sqlite_editor: Browser, sqlite_cast: Cast) -> None:
    project = sqlite_editor.project()
    page = await Browser(sqlite_cast, "auditor").get(f"/projects/{project['id']}")
    assert "138****0001" in page.text
    assert not any(word in page.text for word in ("tel:", "/move?to=", "?edit=", "/delete", "/put-back", "multipart"))
    refused = await Browser(sqlite_cast, "leader").post(
        f"/projects/{project['id']}/fields/name", data={"value": "Mine"}
    )
    assert refused.status_code == 403
    assert (await Browser(sqlite_cast, "leader").get(f"/projects/{project['id']}/move?to=upcoming")).status_code == 403


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "a\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        "x" * 3000,
        "\u202e",
        "='=1+1",
        "<script>",
    ],
)
async def test_poison_in_any_field_is_refused_or_readable_again(sqlite_editor: Browser, text: str) -> None:
    project = sqlite_editor.project()
    page = await sqlite_editor.get(f"/projects/{project['id']}")
    fields = sorted(set(re.findall(r"\?edit=(\w+)", page.text)))
    assert len(fields) > 40
    for field in fields:
        answer = await sqlite_editor.post(
            f"/projects/{project['id']}/fields/{field}", data={"value": text, "reason": "Test"}
        )
        assert answer.status_code in (303, 422), (field, answer.status_code)
    again = await sqlite_editor.get(f"/projects/{project['id']}")
    assert (again.status_code, "<script>" in again.text) == (200, False)

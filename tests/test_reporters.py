"""Reporters: a personal link for one person and one period, what it opens, and everything that it does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from starlette.routing import Route

from app import clock
from app.db import Caller
from app.engine import Link, Sql
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.models import Account, Evidence, Person, Project
from app.rules.access import Act, Role
from app.services import (
    accounts,
    history,
    identity,
    month_grid,
    months,
    periods,
    projects,
    reporters,
    reporting,
    reports,
    responsibilities,
    zone_months,
)  # fmt: skip
from app.services.identity import digest
from tests.cast import Cast
from tests.shots import picture
from tests.web import Web

WAN = 10_000
MONTH = "2026-08"
LI = "李文静"
HERS = "hers"


def act(cast: Cast, who: Caller | str, service: Callable[..., Any], *args: Any, **kw: Any) -> Any:
    caller = cast.by(who) if isinstance(who, str) else who
    return cast.database.act_now(caller, service, *args, **kw).value


def ask(cast: Cast, who: Caller | str, service: Callable[..., Any], *args: Any) -> Any:
    return cast.database.ask_now(cast.by(who) if isinstance(who, str) else who, service, *args)


def build(cast: Cast, name: str, who: str = "editor", zone: str = "EAST", person: str = LI, **facts: Any) -> int:
    values = {
        "name": name, "planned_completion_month": "2027-06", "total_investment_yuan": 9_000 * WAN, "responsible_person": person,
    }  # fmt: skip
    dates = {"started_on": "2026-03-01"}
    made = act(cast, who, projects.create, values | facts, zone=zone, ledger="in_construction", dates=dates)
    return int(made["id"])


def person_of(cast: Cast, name: str = LI) -> int:
    people = ask(cast, "editor", lambda desk: desk.select(Person, "all", lambda q, t: q, columns=("id", "name")))
    return int(next(id_ for id_, known in people if known == name))


def invite(cast: Cast, token: str = HERS, name: str = LI, **kw: Any) -> Caller:
    """A link for this person; its bearer."""
    act(cast, "editor", reporters.make, "EAST", MONTH, {person_of(cast, name): digest(token)}, **kw)
    return Caller(reporters.by_link(token))


@pytest.fixture
def mill(cast: Cast) -> int:
    """A project that 李文静 answers for, beside one of somebody else, and August opened."""
    made = build(cast, "面粉生产线（演示）")
    build(cast, "别家的厂（演示）", person="赵立新")
    act(cast, "office", periods.open_, MONTH, {})
    return made


def put(cast: Cast, li: Caller, id_: int, version: int | None = 0, hand_in: bool = True, **values: Any) -> Any:
    return act(cast, li, reporting.put, id_, values, version=version, hand_in=hand_in)


# ── it works ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_she_reports_by_her_link_and_history_names_her(cast: Cast, mill: int) -> None:
    li = invite(cast)
    told = ask(cast, li, reporting.mine)
    assert ([i["name"] for i in told["items"]], told["owed"], told["done"]) == (["面粉生产线（演示）"], 1, 0)
    kept = put(cast, li, mill, hand_in=False, progress_text="主体封顶")
    assert [(i["stands"], i["done"]) for i in ask(cast, li, reporting.mine)["items"]] == [("draft", False)]
    put(cast, li, mill, version=kept["version"], invested_yuan=300 * WAN)
    assert [(i["stands"], i["done"]) for i in ask(cast, li, reporting.mine)["items"]] == [("handed_in", True)]
    report = ask(cast, "editor", reports.read, mill, MONTH)
    assert (report["invested_yuan"], report["by"], report["handed_in"]) == (300 * WAN, LI, True)
    row = cast.database.read_now(
        lambda link: link.row(Sql("SELECT actor_kind, actor_name, word, door FROM act ORDER BY seq DESC LIMIT 1"))
    )
    assert row == ("reporter", LI, "report.write", "page")
    project = ask(cast, "editor", projects.read, mill)
    assert (project["invested_this_year_yuan"], project["progress_text"]) == (300 * WAN, "主体封顶")


def test_what_follows_from_the_rows_of_others_is_the_same_through_a_link(cast: Cast, mill: int) -> None:
    """Since when a zone reports hangs on all of its projects: a reporter, who sees few of them, must not write other sums."""
    older = build(cast, "老厂（演示）", person="赵立新")
    act(cast, "editor", reports.put, older, "2026-02", {"invested_yuan": WAN}, version=None)
    put(cast, invite(cast), mill, invested_yuan=5 * WAN)
    told = ask(cast, "editor", projects.read, mill)
    assert told["invested_to_date_yuan"] == 5 * WAN, "known, since the zone reported before the project began"
    assert told["incomplete_months"] == ["2026-03", "2026-04", "2026-05", "2026-06", "2026-07"]


def test_a_text_copied_from_the_month_before_is_flagged_here_too(cast: Cast, mill: int) -> None:
    act(cast, "editor", reports.put, mill, "2026-07", {"progress_text": "桩基施工"}, version=None)
    li = invite(cast)
    put(cast, li, mill, invested_yuan=WAN, progress_text="桩基施工")
    assert [i["copied"] for i in ask(cast, li, reporting.mine)["items"]] == [True]


def test_the_zone_may_go_on_with_a_draft_and_a_returned_report_comes_back_to_her(cast: Cast, mill: int) -> None:
    li = invite(cast)
    put(cast, li, mill, hand_in=False, progress_text="二层")
    told = ask(cast, "editor", reporters.read, "EAST", MONTH)
    assert [(r["name"], r["reported"]) for r in told["items"] if r["name"] == LI] == [(LI, 0)]
    act(
        cast, "editor", month_grid.put, "EAST", MONTH, [{"id": mill, "version": None, "values": {"invested_yuan": WAN}}]
    )
    assert [(i["stands"], i["done"]) for i in ask(cast, li, reporting.mine)["items"]] == [("draft", True)]
    act(cast, "editor", zone_months.submit, "EAST", MONTH, {"reason": "one is missing"})
    with pytest.raises(Conflict):
        put(cast, li, mill, version=None, next_steps="屋面")
    act(cast, "reviewer", zone_months.return_, "EAST", MONTH, {"project_ids": [mill], "reason": "look again"})
    (item,) = ask(cast, li, reporting.mine)["items"]
    assert (item["stands"], item["report"]["returned_reason"], item["open"]) == ("returned", "look again", True)
    put(cast, li, mill, version=item["report"]["version"], next_steps="屋面")
    assert ask(cast, li, reporting.mine)["items"][0]["stands"] == "handed_in"


def test_a_hand_over_takes_the_project_along(cast: Cast, mill: int) -> None:
    li = invite(cast)
    act(cast, "editor", projects.amend, mill, {"responsible_person": "赵立新"}, version=None)
    assert ask(cast, li, reporting.mine)["items"] == []
    with pytest.raises(NotFound):
        put(cast, li, mill, invested_yuan=WAN)
    told = ask(cast, "editor", reporters.read, "EAST", MONTH)
    assert [(r["owed"], r["state"]) for r in told["items"] if r["name"] == LI] == [(0, "new")]


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def state_of(cast: Cast, name: str = LI) -> str:
    told = ask(cast, "editor", reporters.read, "EAST", MONTH)
    return str(next(r["state"] for r in told["items"] if r["name"] == name))


def test_a_link_is_never_opened_opened_renewed_and_withdrawn(cast: Cast, mill: int) -> None:
    assert state_of(cast) == "none"
    invite(cast)
    assert state_of(cast) == "new"
    cast.database.chore_now(lambda link: reporters.seen(link, "hers"))
    assert state_of(cast) == "opened"
    again = invite(cast, "another")
    assert state_of(cast) == "new"
    with pytest.raises(NotFound) as over:
        ask(cast, Caller(reporters.by_link("hers")), reporting.mine)
    assert over.value.code == "link_over"
    act(cast, "editor", reporters.withdraw, "EAST", MONTH, person_of(cast), version=None)
    assert state_of(cast) == "withdrawn"
    with pytest.raises(NotFound):
        put(cast, again, mill, invested_yuan=WAN)


def test_only_the_hash_of_a_link_is_kept_and_history_shows_not_even_that(cast: Cast, mill: int) -> None:
    invite(cast, "the-secret-itself")
    for table in ("reporter_link", "reporter_link_version", "change", "act", "answer"):
        rows = cast.database.read_now(partial(Link.rows, statement=Sql(f"SELECT * FROM {table}")))
        assert "the-secret-itself" not in str(rows)
        assert table.startswith("reporter") or digest("the-secret-itself") not in str(rows)


def test_a_link_ends_with_its_day_and_with_the_lock(cast: Cast, mill: int, monkeypatch: pytest.MonkeyPatch) -> None:
    last = ask(cast, "editor", reporters.read, "EAST", MONTH)["expires_on"]
    li = invite(cast, expires_on=last)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "today", lambda: last)
        assert ask(cast, li, reporting.mine)["owed"] == 1
        patch.setattr(clock, "today", lambda: f"{int(last[:4]) + 1}{last[4:]}")
        with pytest.raises(NotFound):
            ask(cast, li, reporting.mine)
    for service, who in ((zone_months.submit, "editor"), (zone_months.confirm, "reviewer")):
        act(cast, who, service, "EAST", MONTH, {"reason": "not reported"} if who == "editor" else {})
    act(cast, "office", months.lock, MONTH, {})
    with pytest.raises(NotFound):
        ask(cast, li, reporting.mine)
    with pytest.raises(Conflict):
        invite(cast, "late")


@pytest.mark.parametrize("day", ["2020-01-01", "2199-01-01"])
def test_a_link_has_a_day_not_far_away(sqlite_cast: Cast, day: str) -> None:
    build(sqlite_cast, "厂（演示）")
    act(sqlite_cast, "office", periods.open_, MONTH, {})
    with pytest.raises(Invalid):
        invite(sqlite_cast, expires_on=day)


def test_who_has_nothing_to_report_gets_no_link_and_only_the_zone_gives_them(cast: Cast, mill: int) -> None:
    build(cast, "西厂（演示）", "stranger", "WEST", person="西方人")
    west = ask(cast, "stranger", lambda desk: desk.select(Person, "west", lambda q, t: q, columns=("id",)))[0][0]
    with pytest.raises(Invalid):
        act(cast, "editor", reporters.make, "EAST", MONTH, {west: digest("x")})
    for who, refusal in (("stranger", NotFound), ("leader", Forbidden), ("office", Forbidden), ("auditor", Forbidden)):
        with pytest.raises(refusal):
            act(cast, who, reporters.make, "EAST", MONTH, {person_of(cast): digest("x")})
        with pytest.raises(refusal):
            act(cast, who, reporters.withdraw, "EAST", MONTH, person_of(cast), version=None)


# ── what it does not open ────────────────────────────────────────────────────────────────────────────────────────────
def test_a_link_reaches_no_other_project_no_other_month_and_no_other_noun(cast: Cast, mill: int) -> None:
    other = build(cast, "第三家（演示）", person="赵立新")
    li = invite(cast)
    refused: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
        (reporting.put, (other, {"invested_yuan": WAN}), {"version": None, "hand_in": True}),
        (reports.put, (other, MONTH, {"invested_yuan": WAN}), {"version": None}),
        (reports.put, (mill, "2026-07", {"invested_yuan": WAN}), {"version": None}),
        (month_grid.put, ("EAST", "2026-07", [{"id": mill, "version": None, "values": {"invested_yuan": 1}}]), {}),
        (month_grid.put, ("EAST", MONTH, [{"id": other, "version": None, "values": {"invested_yuan": 1}}]), {}),
        (projects.amend, (mill, {"remarks": "x"}), {"version": None}),
        (projects.create, ({"name": "New"},), {"zone": "EAST"}),
        (projects.remove, (mill,), {"version": None}),
        (zone_months.submit, ("EAST", MONTH, {"reason": "x"}), {}),
        (reporters.make, ("EAST", MONTH, {person_of(cast): digest("more")}), {}),
        (responsibilities.put, (mill, {"items": []}), {}),
        (accounts.own, (), {}),
    ]
    for service, args, kw in refused:
        with pytest.raises((NotFound, Forbidden)):
            act(cast, li, service, *args, **kw)
    for read in (
        lambda d: projects.read(d, other),
        accounts.list_,
        lambda d: history.of_row(d, "project", mill),
    ):
        with pytest.raises((NotFound, Forbidden)):
            ask(cast, li, read)
    for noun in (Account, Person):
        with pytest.raises(NotFound):
            ask(cast, li, lambda desk, noun=noun: desk.select(noun, "peek", lambda q, t: q, columns=("id",)))
    seen = ask(cast, li, lambda desk: desk.select(Project, "peek", lambda q, t: q, columns=("id",)))
    assert seen == [(mill,)]
    assert ask(cast, li, lambda desk: desk.select(Evidence, "peek", lambda q, t: q, columns=("id",))) == []


def test_an_account_of_this_role_writes_nothing_since_nobody_told_it_for_what(cast: Cast, mill: int) -> None:
    def admit(desk: Any) -> int:
        desk.ask(Act.ACCOUNT_CREATE)
        made = Account(login="rep", name="Rep", role=Role.REPORTER, zones=f"[{cast.east}]")
        desk.keep(made)
        return made.id or 0

    account = Caller(identity.by_account(act(cast, "administrator", admit)))
    with pytest.raises(Forbidden):
        act(cast, account, reports.put, mill, MONTH, {"invested_yuan": 1}, version=None)
    with pytest.raises(NotFound):
        ask(cast, account, reporting.mine)


def test_no_other_address_of_the_site_knows_the_link(sqlite_web: Web) -> None:
    """Every route of the table, with the link as cookie, as key and in the place of whatever its address asks for."""
    cast = sqlite_web.cast
    id_ = build(cast, "厂（演示）")
    act(cast, "office", periods.open_, MONTH, {})
    invite(cast, "hers")
    given = {
        "token": "hers",
        "id": str(id_),
        "code": "EAST",
        "month": MONTH,
        "ledger": "reserve",
        "year": "2026",
        "form": "csv",
    }
    before = cast.database.read_now(lambda link: link.value(Sql("SELECT seq FROM head")))
    tried, opened = 0, set()
    for route in sqlite_web.app.router.routes:
        if not isinstance(route, Route):
            continue
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda m: given.get(m[1], "hers"), route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            headers = {"Cookie": "sanzhang=hers; __Host-sanzhang=hers", "Sec-Fetch-Site": "same-origin"}
            answer = sqlite_web.send(method, f"/{path}", key="hers", headers=headers)
            told = (method, path, answer.status_code, answer.text[:200])
            assert answer.status_code != 500, told
            tried += 1
            if not route.path.startswith("/r/{token}"):
                assert "厂（演示）" not in answer.text, told
                if answer.status_code < 300:
                    opened.add(route.path)
    assert tried > 250
    assert opened == {"/login", "/healthz", "/readyz", "/api/v1/openapi.json", "/api/docs"} & opened, opened
    assert cast.database.read_now(lambda link: link.value(Sql("SELECT seq FROM head"))) == before


# ── misfilled input ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_report_is_handed_in_with_an_amount_or_a_reason_why_there_is_none(cast: Cast, mill: int) -> None:
    li = invite(cast)
    nothing: dict[str, Any] = {}
    for values in (nothing, nothing | {"progress_text": "三层"}):
        with pytest.raises(Invalid) as refused:
            put(cast, li, mill, **values)
        assert [p.pointer for p in refused.value.problems] == ["/amount"]
    put(cast, li, mill, no_change_reason="雨季停工")
    assert ask(cast, "editor", reports.read, mill, MONTH)["no_change"]


def test_two_who_write_the_same_field_meet_and_two_who_do_not_pass(cast: Cast, mill: int) -> None:
    li = invite(cast)
    version = put(cast, li, mill, invested_yuan=WAN)["version"]
    act(
        cast,
        "editor",
        month_grid.put,
        "EAST",
        MONTH,
        [{"id": mill, "version": version, "values": {"next_steps": "屋面"}}],
    )
    put(cast, li, mill, version=version, progress_text="四层")
    with pytest.raises(Stale):
        put(cast, li, mill, version=version, next_steps="装修")


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────────
SAME = {"Sec-Fetch-Site": "same-origin"}


def page(web: Web, method: str, path: str, **kw: Any) -> Any:
    return web.send(method, f"/{path}", key=None, headers=SAME | kw.pop("headers", {}), **kw)


def test_the_form_keeps_what_was_typed_says_what_is_wrong_and_shows_both_sides(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    id_, _ = build(cast, "甲厂（演示）"), build(cast, "乙厂（演示）")
    act(cast, "office", periods.open_, MONTH, {})
    act(cast, "editor", reports.put, id_, "2026-07", {"invested_yuan": 50 * WAN, "progress_text": "桩基"}, version=None)
    invite(cast)
    first = page(sqlite_web, "GET", "/r/hers")
    assert (first.status_code, "0 of 2 reported" in first.text) == (200, True)
    form = page(sqlite_web, "GET", f"/r/hers/{id_}")
    assert "桩基" in form.text and 'inputmode="decimal"' in form.text
    wrong = page(
        sqlite_web,
        "POST",
        f"/r/hers/{id_}",
        data={"amount": "many", "progress_text": "三层", "version": "0", "do": "in"},
    )
    assert (wrong.status_code, "many" in wrong.text, "三层" in wrong.text) == (422, True, True)
    below = page(sqlite_web, "POST", f"/r/hers/{id_}", data={"amount": "-5", "version": "0", "do": "in"})
    assert (below.status_code, 'name="reason"' in below.text) == (422, True)
    act(
        cast,
        "editor",
        month_grid.put,
        "EAST",
        MONTH,
        [{"id": id_, "version": None, "values": {"progress_text": "五层"}}],
    )
    met = page(
        sqlite_web, "POST", f"/r/hers/{id_}", data={"amount": "30", "progress_text": "四层", "version": "0", "do": "in"}
    )
    assert met.status_code == 412 and "四层" in met.text and "Editor saved this meanwhile: 五层" in met.text
    version = re.search(r'name="version" value="(\d+)"', met.text)
    again = {
        "amount": "30",
        "progress_text": "四层",
        "was-progress_text": "五层",
        "version": version[1] if version else "",
        "do": "in",
    }
    saved = page(sqlite_web, "POST", f"/r/hers/{id_}", data=again)
    assert (saved.status_code, saved.headers["location"].startswith("/r/hers/")) == (303, True)
    assert ask(cast, "editor", reports.read, id_, MONTH)["progress_text"] == "四层"


def test_she_adds_photos_to_her_month_and_sees_no_others(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    id_, other = build(cast, "甲厂（演示）"), build(cast, "别家（演示）", person="赵立新")
    act(cast, "office", periods.open_, MONTH, {})
    invite(cast)
    files = {"file": ("工地.jpg", picture(), "image/jpeg")}
    sent = page(sqlite_web, "POST", f"/r/hers/{id_}/photos", files=files, headers={"HX-Request": "true"})
    assert sent.status_code == 200 and "data-photos" in sent.text
    (address,) = set(re.findall(r'href="(/r/hers/photos/\d+)"', sent.text))
    shown = page(sqlite_web, "GET", address)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    again = page(sqlite_web, "POST", f"/r/hers/{id_}/photos", files=files)
    assert again.status_code == 409 and "This photo is there already" in again.text
    assert page(sqlite_web, "POST", f"/r/hers/{other}/photos", files=files).status_code == 404
    invite(cast, "his", "赵立新")
    for method, path in (("GET", address), ("POST", f"{address}/remove")):
        assert page(sqlite_web, method, path.replace("/hers/", "/his/")).status_code == 404
    version = re.search(r'name="version" value="(\d+)" formnovalidate', page(sqlite_web, "GET", f"/r/hers/{id_}").text)
    taken = page(sqlite_web, "POST", f"{address}/remove", data={"version": version[1] if version else ""})
    assert taken.status_code == 303 and address not in page(sqlite_web, "GET", f"/r/hers/{id_}").text


def test_who_tries_links_waits_longer_and_longer(sqlite_web: Web) -> None:
    answers = [page(sqlite_web, "GET", f"/r/guess-{n}") for n in range(23)]
    assert [a.status_code for a in answers[:20]] == [404] * 20
    assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) > 0


def test_links_are_shown_once_to_who_made_them(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    build(cast, "甲厂（演示）")
    act(cast, "office", periods.open_, MONTH, {})
    headers = {"Cookie": f"sanzhang={cast.session('editor')}"}
    place = f"/zones/EAST/months/{MONTH}/reporters"
    data = {"person": str(person_of(cast)), "idempotency_key": "once"}
    made = page(sqlite_web, "POST", place, headers=headers, data=data)
    assert made.status_code == 201
    (token,) = set(re.findall(r"/r/([\w-]{43})", made.text))
    assert page(sqlite_web, "GET", f"/r/{token}").status_code == 200
    replayed = page(sqlite_web, "POST", place, headers=headers, data=data)
    assert token not in replayed.text and "/r/" not in replayed.text
    none = page(sqlite_web, "POST", place, headers=headers, data={"idempotency_key": "other"})
    assert none.status_code == 422
    assert page(sqlite_web, "POST", f"/r/{token}/seen").status_code == 200
    assert "Opened" in page(sqlite_web, "GET", place, headers=headers).text


# ── the API ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_program_makes_links_is_told_them_once_and_withdraws_them(sqlite_web: Web) -> None:
    cast = sqlite_web.cast
    build(cast, "甲厂（演示）")
    act(cast, "office", periods.open_, MONTH, {})
    path, li = f"/zones/EAST/months/{MONTH}/reporters", person_of(cast)
    headers = {"Idempotency-Key": "once"}
    tried = sqlite_web.post(f"{path}?validate_only=true", json={"persons": [li]})
    assert tried.status_code == 201, tried.text
    assert tried.json()["items"] == [{"person_id": li, "address": None}]
    made = sqlite_web.post(path, json={"persons": [li]}, headers=headers)
    assert made.status_code == 201, made.text
    (item,) = made.json()["items"]
    assert page(sqlite_web, "GET", item["address"][item["address"].index("/r/") :]).status_code == 200
    again = sqlite_web.post(path, json={"persons": [li]}, headers=headers)
    assert again.headers["idempotent-replayed"] == "true" and again.json()["items"][0]["address"] is None
    (told,) = sqlite_web.get(path).json()["items"]
    assert (told["state"], told["owed"], told["reported"]) == ("new", 1, 0)
    gone = sqlite_web.delete(f"{path}/{li}", version=told["version"])
    assert gone.status_code == 200, gone.text
    assert sqlite_web.get(path).json()["items"][0]["state"] == "withdrawn"
    refused = sqlite_web.post(path, json={"persons": []})
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/persons"]

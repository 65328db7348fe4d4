"""Lists as a caller reads them: every row once in the right order, filters, what was known when, and a cache nobody notices."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import house
from app.desk import Desk
from app.engine import Link
from app.models import Project
from app.rules.access import Act
from tests.web import Web


def fill(web: Web, rows: list[dict[str, Any]]) -> None:
    """Projects put into both zones as they are, without the API's gates."""

    def enter(desk: Desk) -> None:
        desk.ask(Act.PROJECT_CREATE)
        places = (web.cast.east, web.cast.west)
        desk.keep(
            [Project(zone_id=places[n % 2], **{"ledger": "reserve", "name": f"P{n}", **r}) for n, r in enumerate(rows)]
        )

    web.cast.database.act_now(house(), enter)


def every(web: Web, address: str, limit: int, **kw: Any) -> list[dict[str, Any]]:
    """All items, page by page, along ``next``; along the Link header comes the same."""
    found: list[dict[str, Any]] = []
    answer = web.get(f"{address}&limit={limit}", **kw)
    for _ in range(200):
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next"] is None:
            assert "link" not in answer.headers
            return found
        path, _, relation = answer.headers["link"].partition(">; ")
        assert relation == 'rel="next"'
        answer = web.get("/" + path.strip("<>"), **kw)
    raise AssertionError("the pages do not end")


VALUES = st.lists(
    st.tuples(
        st.none() | st.integers(0, 3),
        st.none() | st.sampled_from(["2026-01", "2026-02"]),
        st.none() | st.sampled_from([0.5, 2.0]),
    ),
    min_size=0,
    max_size=25,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=VALUES, limit=st.integers(1, 7), falling=st.booleans(), second=st.booleans())
def test_pages_lose_nothing_and_repeat_nothing_whatever_is_unknown(
    web: Web, rows: list[Any], limit: int, falling: bool, second: bool
) -> None:
    base = web.get("/projects?fields=id&limit=1000").json()["items"]
    mark = f"batch {time.monotonic_ns()}"
    fill(web, [{"total_investment_yuan": t, "planned_start_month": m, "land_mu": a, "park": mark} for t, m, a in rows])
    keys = ["total_investment_yuan", *(["planned_start_month"] if second else [])]
    sort = ",".join(("-" if falling else "") + k for k in keys)
    found = every(web, f"/projects?park={mark}&sort={sort}&fields=id,total_investment_yuan,planned_start_month", limit)
    plain = web.get(
        f"/projects?park={mark}&fields=id,total_investment_yuan,planned_start_month&limit=1000&sort=id"
    ).json()["items"]

    def place(item: dict[str, Any]) -> Any:
        known = [(item[k] is not None, item[k] if item[k] is not None else 0) for k in keys]
        return [*known, item["id"]]

    assert found == sorted(plain, key=place, reverse=falling)
    assert len(found) == len(rows)
    assert web.get("/projects?fields=id&count=exact&limit=1").json()["count"] == len(base) + len(rows)


def test_a_search_is_paged_like_anything_else(web: Web) -> None:
    fill(web, [{"name": f"钢结构加工 {n}"} for n in range(7)] + [{"name": "木门"}])
    found = every(web, "/projects?q=结构&fields=id,name", 3)
    assert [f["name"] for f in found] == [f"钢结构加工 {n}" for n in range(6, -1, -1)]
    assert len(every(web, "/projects?q=结构&fields=id", 2)) == 7
    assert web.get("/projects?q=结构&count=exact&fields=id").json()["count"] == 7
    assert len(every(web, "/projects?q=gjg&fields=id", 4)) == 7


def test_filters_ranges_and_known(web: Web) -> None:
    fill(
        web,
        [
            {"name": "a", "total_investment_yuan": 5, "signed_on": "2026-01-02"},
            {"name": "b", "total_investment_yuan": 7, "land_mode": "leased"},
            {"name": "c", "is_high_energy_emission": True},
        ],
    )
    for query, names in {
        "total_investment_yuan__gte=6": "b",
        "total_investment_yuan__lt=7": "a",
        "total_investment_yuan__known=false": "c",
        "signed_on=2026-01-02": "a",
        "signed_on__gt=2026-01-02": "",
        "light=none&light=green": "abc",
        "light=red": "",
        "land_mode=leased": "b",
        "is_high_energy_emission=true": "c",
        "is_high_energy_emission=false": "",
        "name=b&name=c": "bc",
        "zone=WEST": "b",
        "zone=WEST&zone=EAST": "abc",
        "ledger=reserve&ledger=completed": "abc",
        "ledger=completed": "",
        "updated_at__gt=2020-01-01T00:00:00Z": "abc",
        "version__lte=1": "",
        "pending=false&total_investment_yuan__known=true": "ab",
    }.items():
        found = web.get(f"/projects?{query}&fields=name&sort=name")
        assert "".join(i["name"] for i in found.json()["items"]) == names, query


def test_a_cursor_of_another_query_is_refused(web: Web) -> None:
    fill(web, [{}] * 5)
    cursor = web.get("/projects?limit=2").json()["next"]
    assert web.get(f"/projects?limit=4&cursor={cursor}").status_code == 200
    for other in ("sort=name", "zone=EAST", "q=ab", "deleted=only", "light=red", "as_of=2026-01-01"):
        assert web.get(f"/projects?{other}&cursor={cursor}").json()["code"] == "bad_cursor", other
    small = web.get("/zones?limit=1").json()["next"]
    assert web.get(f"/zones?limit=1&cursor={small}").json()["items"][0]["code"] == "WEST"
    assert web.get(f"/people?limit=1&cursor={small}").json()["code"] == "bad_cursor"


# ── what was known when ──────────────────────────────────────────────────────────────────────────────────────────────
def test_as_of_a_moment_everything_is_as_it_was(web: Web) -> None:
    made = web.project("Old name", total_investment_yuan=5)
    now = made["updated_at"]
    time.sleep(0.01)
    changed = web.patch(f"/projects/{made['id']}", json={"name": "New name"}, version=made["version"]).json()
    web.delete(f"/projects/{made['id']}", version=changed["version"])
    web.project("Another", total_investment_yuan=9)
    then = web.get(f"/projects/{made['id']}?as_of={now}").json()
    assert (then["name"], then["as_of_act"], then["version"]) == ("Old name", made["version"], made["version"])
    listed = web.get(f"/projects?as_of={now}&fields=name").json()
    assert ([i["name"] for i in listed["items"]], listed["as_of_act"]) == (["Old name"], made["version"])
    (reserve,) = (h for h in web.get(f"/zones/EAST/ledgers?as_of={now}").json()["items"] if h["ledger"] == "reserve")
    assert (reserve["project_count"], reserve["total_investment_yuan"]["sum"]) == (1, 5)
    (zone,) = web.get(f"/summary?by=zone&as_of={now}").json()["items"]
    assert (zone["zone"], zone["total_investment_yuan"]["sum"]) == ("EAST", 5)
    assert web.get(f"/projects/{made['id']}?as_of=2020-01-01").status_code == 404
    assert web.get("/projects?as_of=2020-01-01").json() == {"items": [], "next": None, "as_of_act": 0}
    assert web.get(f"/projects/{made['id']}").status_code == 404


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_kept_sums_and_counted_ones_agree_and_a_blank_is_not_zero(web: Web) -> None:
    chance = random.Random(5)
    fill(
        web,
        [
            {
                "total_investment_yuan": chance.choice([None, 3, 4]),
                "ledger": chance.choice(["reserve", "upcoming"]),
                "pending": chance.random() < 0.3,
                "disposition": chance.choice(["active", "active", "lost"]),
            }
            for _ in range(30)
        ],
    )
    for by in ("light", "ledger,light", "zone,light", "zone,ledger,light", "zone,ledger"):
        kept = web.get(f"/summary?by={by}").json()["items"]
        counted = web.get(f"/summary?by={by}&version__gte=0").json()["items"]
        assert kept == counted, by
    assert {(i["zone"], i["ledger"]) for i in kept} == {
        (z, x) for z in ("EAST", "WEST") for x in ("reserve", "upcoming")
    }
    total = kept[0]["total_investment_yuan"]
    assert 0 < total["known"] < kept[0]["project_count"] + kept[0]["pending_count"]
    groups = web.get("/ledgers/reserve?fields=id").json()["groups"]
    assert [g["zone"] for g in groups] == ["EAST", "WEST"]
    (east,) = web.get("/summary?by=zone", key="write").json()["items"]
    assert east["zone"] == "EAST"


def test_what_a_search_finds_is_summed_and_leaves_as_a_file(web: Web) -> None:
    fill(
        web,
        [
            {"name": "东方铝业", "total_investment_yuan": 3},
            {"name": "西部铝材"},
            {"name": "南方轴承", "total_investment_yuan": 5},
        ],
    )
    found = web.get("/ledgers/reserve?q=铝&fields=name").json()
    assert [(g["zone"], g["project_count"], g["total_investment_yuan"]) for g in found["groups"]] == [
        ("EAST", 1, {"sum": 3, "known": 1}),
        ("WEST", 1, {"sum": 0, "known": 0}),
    ]
    (whole,) = web.get("/summary?by=ledger&q=铝").json()["items"]
    assert (whole["project_count"], whole["total_investment_yuan"]) == (2, {"sum": 3, "known": 1})
    assert web.get("/summary?by=ledger&q=空气").json()["items"] == []
    for form in ("csv", "xlsx"):
        file = web.get(f"/ledgers/reserve.{form}?q=铝&sort=name")
        assert file.status_code == 200, file.text
    text = web.get("/ledgers/reserve.csv?q=铝").text
    assert "东方铝业" in text and "西部铝材" in text and "南方轴承" not in text


def test_groups_by_size_and_by_list(web: Web) -> None:
    million = 1_000_000
    totals = [None, 0, 50 * million - 1, 50 * million, 100 * million, 1999 * million, 5000 * million]
    fill(web, [{"total_investment_yuan": total} for total in totals])
    sizes = web.get("/summary?by=size").json()["items"]
    assert [(s["size"], s["project_count"]) for s in sizes] == [
        (None, 1), (0, 2), (50 * million, 1), (100 * million, 1), (1000 * million, 1), (2000 * million, 1),
    ]  # fmt: skip
    ids = [p["id"] for p in web.get("/projects?sort=id").json()["items"]]
    for code, members in (("KEY", ids[:3]), ("BOND", ids[2:4])):
        web.post("/lists", json={"code": code, "name": code})
        for id_ in members:
            assert web.put(f"/lists/{code}/projects/{id_}", json={}).status_code == 200
    lists = web.get("/summary?by=list").json()["items"]
    assert [(g["list"], g["project_count"]) for g in lists] == [(None, 3), ("BOND", 2), ("KEY", 3)]
    both = web.get("/summary?by=zone,list,size&list=BOND").json()["items"]
    assert {(g["zone"], g["list"]) for g in both} == {("EAST", "BOND"), ("EAST", "KEY"), ("WEST", "BOND")}


# ── the feed ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_feed_is_in_order_and_without_a_gap_page_by_page(web: Web) -> None:
    made = web.project("One")
    web.patch(f"/projects/{made['id']}", json={"phone": "13800000100"}, version=made["version"])
    whole = web.get("/changes?limit=1000").json()
    pieces: list[Any] = []
    after = None
    for _ in range(100):
        answer = web.get("/changes?limit=2" + (f"&after={after}" if after else "")).json()
        if not answer["items"] and answer["next"] == after:
            break
        pieces, after = pieces + answer["items"], answer["next"]
    assert pieces == whole["items"]
    assert after == whole["next"]
    versions = [p["version"] for p in pieces]
    assert versions == sorted(versions)
    assert "13800000100" not in str(pieces)
    assert web.get(f"/changes?after={after}").json() == {"items": [], "next": after}
    assert web.get("/changes?after=1").status_code == 400


# ── the cache ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("seed", [1, 2])
def test_answers_from_memory_are_those_that_would_be_made_now(web: Web, seed: int) -> None:
    chance = random.Random(seed)
    addresses = [
        "/projects?limit=3",
        "/zones/EAST/ledgers/reserve",
        "/zones/WEST/ledgers",
        "/summary?by=zone",
        "/ledgers/reserve?limit=2",
    ]
    cache, same = web.app.state.cache, {"X-Request-Id": "the-same"}
    for turn in range(40):
        if chance.random() < 0.3:
            known = web.get("/projects?fields=id,version&limit=1000").json()["items"]
            if known and chance.random() < 0.7:
                target = chance.choice(known)
                web.patch(
                    f"/projects/{target['id']}", json={"name": f"T{turn}", "land_mu": turn}, version=target["version"]
                )
            else:
                web.project(f"P{turn}", chance.choice(["EAST", "WEST"]), total_investment_yuan=turn)
        address, key = chance.choice(addresses), chance.choice(["read", "write", "admin"])
        kept = web.get(address, key=key, headers=same)
        cache._entries.clear()
        cache.held = 0
        made = web.get(address, key=key, headers=same)
        assert (kept.status_code, kept.content, kept.headers.get("etag")) == (
            made.status_code,
            made.content,
            made.headers.get("etag"),
        )
        web.get(address, key=key)
    assert cache.hits > 10


def test_a_phone_is_masked_for_those_who_may_not_read_it_though_the_list_is_kept(web: Web) -> None:
    web.project(phone="13800000100")
    assert web.get("/projects?fields=phone", key="write").json()["items"] == [{"phone": "13800000100"}]
    assert web.get("/projects?fields=phone", key="read").json()["items"] == [{"phone": "138****0100"}]


@pytest.mark.usefixtures("unhurried")
def test_each_language_has_its_own_answer(web: Web) -> None:
    web.project()
    cache = web.app.state.cache
    before = cache.misses
    for language in ("en", "zh-CN", "en-GB", "zh"):
        web.get("/projects?fields=light_reason", headers={"Accept-Language": language})
    assert (cache.misses - before, cache.hits) == (2, 2)
    spoken = [
        web.get("/projects/9", headers={"Accept-Language": said}).headers["content-language"]
        for said in ("en-GB", "zh")
    ]
    assert spoken == ["en", "zh-CN"]


# ── how little it costs ──────────────────────────────────────────────────────────────────────────────────────────────
def statements(web: Web) -> int:
    return web.runner.run(web.cast.database.hot(_count))


def _count(link: Link) -> int:
    return link.statements


@pytest.mark.usefixtures("unhurried")
def test_a_page_takes_few_statements_and_an_answer_at_hand_takes_two(sqlite_web: Web) -> None:
    """One hot thread, one connection: what it counts is what the page took. Nothing counts the whole table."""
    web = sqlite_web
    fill(web, [{"total_investment_yuan": n} for n in range(300)])
    web.get("/zones")
    for path, most in {
        "/zones/EAST/ledgers/reserve?limit=50": 6,
        "/projects?zone=EAST&ledger=reserve&limit=20&fields=id": 6,
        "/projects/3": 5,
        "/zones/EAST/ledgers": 5,
        "/summary?by=zone,ledger": 6,
    }.items():
        before = statements(web)
        tag = web.get(path).headers["etag"]
        made = statements(web) - before
        web.get(path)
        kept = statements(web) - before - made
        assert (made <= most, kept) == (True, 2), (path, made, kept)
        web.app.state.cache._entries.clear()
        held = statements(web)
        assert web.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert statements(web) - held <= most


def test_who_holds_the_present_answer_costs_no_query_even_when_it_is_not_in_memory(sqlite_web: Web) -> None:
    web = sqlite_web
    fill(web, [{}] * 3)
    tag = web.get("/zones/EAST/ledgers/reserve").headers["etag"]
    web.app.state.cache._entries.clear()
    misses = web.app.state.cache.misses
    assert web.get("/zones/EAST/ledgers/reserve", headers={"If-None-Match": tag}).status_code == 304
    assert web.app.state.cache.misses == misses
    web.project()
    assert web.get("/zones/EAST/ledgers/reserve", headers={"If-None-Match": tag}).status_code == 200


def test_short_lists_are_asked_like_long_ones(sqlite_web: Web) -> None:
    web = sqlite_web
    a, b, c = (f"371500-OTHER-{n}" for n in (1, 2, 3))
    for code, name, level in (
        (c, "长春开发区", "national"),
        (a, "安平开发区", "provincial"),
        (b, "西安开发区", None),
    ):
        assert web.post("/zones", json={"code": code, "name": name, "level": level}).status_code == 201

    def codes(query: str) -> list[str]:
        answer = web.get(f"/zones?{query}")
        assert answer.status_code == 200, answer.text
        return [zone["code"] for zone in answer.json()["items"]]

    assert codes("q=开发区&sort=name") == [a, c, b]
    assert codes("level=national&level=provincial&sort=-code") == [c, a]
    assert codes("q=开发区&sort=level,code") == [b, c, a], "unknown is the smallest value"
    assert web.get("/zones?q=安平&fields=name,level").json()["items"] == [{"name": "安平开发区", "level": "provincial"}]
    first = web.get("/zones?q=开发区&sort=name&limit=2").json()
    second = web.get(f"/zones?q=开发区&sort=name&limit=2&cursor={first['next']}").json()
    assert [z["code"] for z in (*first["items"], *second["items"])] == [a, c, b]
    web.post("/people", json={"name": "甲", "zone": "EAST", "phone": "13800000001"})
    assert web.get("/people?q=13800000001", key="read").json()["items"] == [], "a masked number is not found"
    for wrong in ("sort=weather", "fields=weather", "level=galactic", "weather=1"):
        assert web.get(f"/zones?{wrong}").status_code == 400, wrong

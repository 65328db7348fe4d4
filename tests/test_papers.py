"""Papers: what a zone signs when it submits, whether it still matches the register, and the stamped scan before the lock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.backup.tables import digests
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.files import Files
from app.rules.papers import content_hash, read_code, short_code, shown_code
from app.services import (
    corrections,
    evidence,
    months,
    papers,
    periods,
    projects,
    reports,
    stamping,
    verifying,
    zone_months,
)
from app.sheets.month_paper import broken, drawn, wan
from tests.cast import Cast
from tests.shots import picture
from tests.test_month_steps import MONTH, WAN, act, build, report, steps
from tests.web import Web

PDF = b"%PDF-1.7\n%a scan\n"
ROW: dict[str, Any] = {
    "code": "P1", "name": "面粉", "total_investment_yuan": 90_000_000, "annual_plan_yuan": None, "invested_yuan": 5, "reported": True, "owes": True,
    "cumulative_this_year_yuan": 5, "invested_to_date_yuan": None, "progress_text": "封顶", "problems_own": None,
    "problems_government": None, "next_steps": None, "no_change_reason": None,
}  # fmt: skip
FIGURES: dict[str, Any] = {
    "zone": "EAST", "zone_name": "East Zone", "first_month": MONTH, "month": MONTH, "missing_reason": None, "rows": [ROW],
}  # fmt: skip


@pytest.fixture
def mill(cast: Cast) -> int:
    """A project in construction in the East with its report of August."""
    made = build(cast, "面粉生产线（演示）")
    act(cast, "office", periods.open_, MONTH, {})
    report(cast, made, invested_yuan=100 * WAN, progress_text="封顶")
    return made


def submit(cast: Cast) -> dict[str, Any]:
    made: dict[str, Any] = act(cast, "editor", zone_months.submit, "EAST", MONTH, {})["paper"]
    return made


def verify(cast: Cast, code: str, who: str = "leader") -> dict[str, Any]:
    return cast.database.ask_now(cast.by(who), verifying.verify, code)


def stamp(cast: Cast, code: str, tmp_path: Path, who: str = "editor", content: bytes = PDF) -> Any:
    stored = Files(tmp_path).put(content)
    return act(cast, who, papers.stamp, code, stored=stored, name="扫描件.pdf")


# ── what stands on it ────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_canonical_text_is_the_one_that_was_signed() -> None:
    """Whoever sees this fail has changed what papers say: give the new form a name, and keep the old one."""
    assert content_hash(FIGURES) == "472f6a2a857444ccf3608cf3e592f5ca59ab80b336864543c7d3c565691b7acf"
    assert content_hash({**FIGURES, "rows": [{**ROW, "invested_yuan": 6}]}) != content_hash(FIGURES)


def test_a_code_is_read_as_people_type_it() -> None:
    code = short_code(content_hash(FIGURES), 1)
    assert code != short_code(content_hash(FIGURES), 2)
    assert len(code) == 10
    for typed in (code, shown_code(code), shown_code(code).lower(), f" {code[:5]} {code[5:]} "):
        assert read_code(typed) == code
    assert read_code("oil-1") == "0111"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_any_name_is_printed_as_it_is_and_the_same_figures_give_the_same_file(language: str) -> None:
    poison = [
        "#let x = 1",
        "*b* _i_ `c` $m$",
        '#read("/etc/passwd")',
        "] #panic() [",
        "\\u{0}",
        "@a <b>",
        "=h",
        "A" * 300,
        "喆堃镕𬭎😀",
        "a\nb",
    ]
    rows = [{**ROW, "code": str(n), "name": name, "progress_text": name} for n, name in enumerate(poison)]
    unreported = {**ROW, "reported": False, "progress_text": None, "no_change_reason": None}
    figures = {**FIGURES, "missing_reason": "#x", "rows": [*rows * 5, unreported]}
    paper = {
        "code": "7K3M9QXA2T",
        "content_hash": "a" * 64,
        "submitted_on": "2026-08-27",
        "submitted_by": "#li",
        "number": 1,
    }
    made = drawn(paper, figures, language, "http://x/verify/7K3M9QXA2T")
    assert made.startswith(b"%PDF-")
    assert made == drawn(paper, figures, language, "http://x/verify/7K3M9QXA2T")
    assert drawn(paper, {**figures, "rows": []}, language, "http://x").startswith(b"%PDF-")


def test_amounts_are_told_to_the_last_yuan_that_is_known() -> None:
    assert [wan(n) for n in (None, 0, 12_345_678_900, 123_456, -5_000, 1)] == [
        "—",
        "0",
        "1,234,567.89",
        "12.3456",
        "-0.5",
        "0.0001",
    ]
    assert broken("x" * 13).count("\u200b") == 1
    assert broken("面粉生产线" * 9) == "面粉生产线" * 9


# ── does it match? ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_submitted_month_has_a_paper_that_matches(cast: Cast, mill: int) -> None:
    paper = submit(cast)
    told = verify(cast, shown_code(paper["code"]).lower())
    assert (told["stands"], told["intact"], told["differences"], told["zone"]) == ("stands", True, [], "EAST")
    assert (told["submitted_by"], told["number"], told["projects"]) == ("Editor", 1, 1)
    _, figures, demo = cast.database.ask_now(cast.leader, verifying.drawing, paper["code"])
    assert (content_hash(figures), demo) == (paper["content_hash"], False)
    assert figures["rows"][0]["invested_yuan"] == 100 * WAN
    assert cast.database.ask_now(cast.leader, zone_months.read, "EAST", MONTH)["paper"]["code"] == paper["code"]


def test_a_bundle_stands_on_the_paper_and_its_parts_are_counted(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    bundle = build(cast, "产业园（演示）")
    one, two = (build(cast, name, parent_id=bundle, relation="part") for name in ("One", "Two"))
    act(cast, "office", periods.open_, MONTH, {})
    report(cast, one, invested_yuan=WAN)
    report(cast, two, invested_yuan=2 * WAN)
    code = submit(cast)["code"]
    _, figures, _ = cast.database.ask_now(cast.leader, verifying.drawing, code)
    told = {row["name"]: (row["owes"], row["invested_yuan"]) for row in figures["rows"]}
    assert told == {"产业园（演示）": (False, 3 * WAN), "One": (True, WAN), "Two": (True, 2 * WAN)}
    assert verify(cast, code)["projects"] == 2


def test_what_is_changed_beside_the_reports_is_found(cast: Cast, mill: int) -> None:
    paper = submit(cast)
    reason = cast.by("editor", reason="approved anew")
    cast.database.act_now(
        reason, projects.amend, mill, {"total_investment_yuan": 9_500 * WAN}, version=None, merge=True
    )
    told = verify(cast, paper["code"])
    assert (told["stands"], told["intact"]) == ("changed", True), (
        "the paper says what was submitted; the register has gone on"
    )
    assert [(d["field"], d["on_paper"], d["now"]) for d in told["differences"]] == [
        ("total_investment_yuan", 9_000 * WAN, 9_500 * WAN)
    ]


def test_what_is_submitted_again_is_another_paper(cast: Cast, mill: int) -> None:
    first = submit(cast)
    act(cast, "reviewer", zone_months.return_, "EAST", MONTH, {"reason": "look again"})
    assert verify(cast, first["code"])["stands"] == "returned"
    report_again = {"invested_yuan": 100 * WAN, "progress_text": "封顶"}
    version = cast.database.ask_now(cast.editor, zone_months.read, "EAST", MONTH)["items"][0]["report"]["version"]
    cast.database.act_now(cast.editor, reports.put, mill, MONTH, report_again, version=version)
    second = submit(cast)
    assert (second["content_hash"], second["number"]) == (first["content_hash"], 2), "the same figures, the same hash"
    assert second["code"] != first["code"]
    told = verify(cast, first["code"])
    assert (told["stands"], told["newer"]) == ("superseded", second["code"])
    assert verify(cast, second["code"])["stands"] == "stands"


def test_a_correction_after_the_lock_is_listed(cast: Cast, mill: int) -> None:
    paper = submit(cast)
    steps(cast, "confirm", "lock")
    assert verify(cast, paper["code"])["stands"] == "stands"
    wanted = {"field": "invested_yuan", "value": 90 * WAN, "reason": "a voucher counted twice"}
    act(cast, "editor", corrections.create, mill, MONTH, wanted)
    told = verify(cast, paper["code"])
    assert (told["stands"], told["intact"], told["differences"]) == ("changed", True, [])
    assert [(c["field"], c["reason"]) for c in told["corrections"]] == [("invested_yuan", "a voucher counted twice")]


def test_a_paper_of_another_zone_is_not_found(cast: Cast, mill: int) -> None:
    paper = submit(cast)
    for who, code in (("stranger", paper["code"]), ("leader", "7K3M9QXA2T"), ("leader", ""), ("leader", "\x00'\"%")):
        with pytest.raises(NotFound):
            verify(cast, code, who)


# ── the stamped scan ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_month_waits_for_the_stamped_scan_where_the_city_asks_for_it(cast: Cast, mill: int, tmp_path: Path) -> None:
    assert act(cast, "office", stamping.put, {"scan_before_lock": True}, version=None)["scan_before_lock"] is True
    paper = submit(cast)
    steps(cast, "confirm")
    with pytest.raises(Conflict) as bare:
        steps(cast, "lock")
    assert (bare.value.code, [z["zone"] for z in bare.value.extra["missing"]]) == ("scan_missing", ["EAST"])
    assert bare.value.values["zones"] == "East"
    first = stamp(cast, paper["code"], tmp_path)
    assert (first["scan_by"], first["scan_file_name"]) == ("Editor", "扫描件.pdf")
    act(cast, "editor", papers.unstamp, paper["code"], version=first["version"])
    stamp(cast, paper["code"], tmp_path, content=picture())
    steps(cast, "lock")
    city = cast.database.ask_now(cast.office, months.read, MONTH)
    assert [z["stamped"] for z in city["items"] if z["zone"] == "EAST"] == [True]
    with pytest.raises(Conflict) as locked:
        stamp(cast, paper["code"], tmp_path)
    assert locked.value.code == "locked"
    with pytest.raises(Conflict):
        act(cast, "editor", papers.unstamp, paper["code"])
    assert verify(cast, paper["code"])["stands"] == "stands", "a scan changes no figure"
    assert first["scan_digest"] in cast.database.read_now(digests), "a backup takes the one that was taken away too"
    assert cast.database.read_now(lambda link: evidence.sweep(link, Files(tmp_path))) == 0


def test_only_the_paper_that_counts_is_stamped_by_those_of_its_zone(cast: Cast, mill: int, tmp_path: Path) -> None:
    paper = submit(cast)
    for who, refusal in (("stranger", NotFound), ("leader", Forbidden), ("office", Forbidden)):
        with pytest.raises(refusal):
            stamp(cast, paper["code"], tmp_path, who)
    with pytest.raises(Invalid):
        stamp(cast, paper["code"], tmp_path, content=b"PK\x03\x04")
    with pytest.raises(NotFound):
        cast.database.ask_now(cast.editor, papers.scan_of, paper["code"])
    act(cast, "reviewer", zone_months.return_, "EAST", MONTH, {"reason": "look again"})
    with pytest.raises(Conflict) as returned:
        stamp(cast, paper["code"], tmp_path)
    assert returned.value.code == "returned"
    with pytest.raises(Forbidden):
        act(cast, "editor", stamping.put, {"scan_before_lock": True}, version=None)


def test_a_paper_goes_out_and_its_scan_comes_in_by_the_api(sqlite_web: Web) -> None:
    web = sqlite_web
    web.project("Mill", ledger="in_construction", started_on="2026-01-01", override=True, reason="agreed")
    web.post(f"/months/{MONTH}/open", json={})
    place = f"/zones/EAST/months/{MONTH}"
    paper = web.post(f"{place}/submit", json={"reason": "the site was flooded"}).json()["paper"]
    assert [p["code"] for p in web.get(f"{place}/papers").json()["items"]] == [paper["code"]]
    assert web.get(f"/verify/{paper['code']}").json()["stands"] == "stands"
    file = web.get(f"/papers/{paper['code']}/file")
    assert (file.headers["content-type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    files = {"files": {"file": ("scan.pdf", PDF, "application/pdf")}}
    assert web.post(f"/papers/{paper['code']}/scan", data={"title": "x"}, **files).status_code == 422
    stamped = web.post(f"/papers/{paper['code']}/scan", **files)
    assert stamped.status_code == 201, stamped.text
    assert web.get(f"/papers/{paper['code']}/scan").content == PDF
    assert web.delete(f"/papers/{paper['code']}/scan", version=stamped.json()["version"]).status_code == 200
    assert web.get(f"/papers/{paper['code']}/scan").status_code == 404
    missing = web.get("/verify/0000000000", headers={"Accept-Language": "zh"})
    assert (missing.status_code, missing.json()["type"].rsplit("#")[-1]) == (404, "no_paper")

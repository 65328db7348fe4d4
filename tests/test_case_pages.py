"""Pages of the approval chain: the strip and the form of a case, coverage with its rows, the chains of the settings."""

from __future__ import annotations

import re
from typing import Any

from app.services import cases, chains, coverage, projects
from tests.test_coverage_of_zones import zone  # noqa: F401 (a fixture)
from tests.test_settings_pages import page
from tests.web import Web

STRIP = re.compile(r'<li class="(\w+)( done)?">')


def mill(web: Web, **facts: Any) -> dict[str, Any]:
    return web.project("轴承生产线", ledger="upcoming", land_mode="new_land", override=True, reason="期初", **facts)


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_case_is_entered_amended_and_taken_out_without_any_script(sqlite_web: Web) -> None:
    web, cast = sqlite_web, sqlite_web.cast
    id_ = mill(web)["id"]
    shown = page(web, "GET", f"/projects/{id_}", "editor")
    assert f'href="/projects/{id_}/approvals/filing"' in shown.text
    form = page(web, "GET", f"/projects/{id_}/approvals/filing", "editor")
    assert "Filing of the investment project" in form.text and 'value="remove"' not in form.text
    place = f"/projects/{id_}/approvals/filing"
    saved = page(web, "POST", place, "editor", data={"applied_on": "2026-03-02", "promised_on": "2026-03-05"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"/projects/{id_}?done=saved#approvals")
    (case,) = cast.database.ask_now(cast.editor, cases.list_, id_)
    own = {"case_id": str(case["id"]), "version": str(case["version"])}
    done = {
        "applied_on": "2026-03-02",
        "promised_on": "2026-03-05",
        "decided_on": "2026.3.4",
        "result": "granted",
        "settled_in": "zone",
    }
    assert page(web, "POST", place, "editor", data={**own, **done}).status_code == 303
    shown = text_of(page(web, "GET", f"/projects/{id_}", "editor"))
    assert "26.03.04 · 2 days" in shown and "1 case" in shown
    stale = page(web, "POST", place, "editor", data={**own, **done})
    assert stale.status_code == 412
    (case,) = cast.database.ask_now(cast.editor, cases.list_, id_)
    now = {"case_id": str(case["id"]), "version": str(case["version"])}
    again = {"applied_on": "2026-03-01", "decided_on": "2026-03-02", "result": "refused"}
    cast.database.act_now(cast.editor, cases.create, id_, {"step": "filing", **again})
    assert "2 cases" in text_of(page(web, "GET", f"/projects/{id_}", "editor")), "the one that was refused before too"
    unsaid = page(web, "POST", place, "editor", data={**now, **done, "result": "", "decided_on": ""})
    assert unsaid.status_code == 422 and "Say why this changes" in unsaid.text
    assert page(web, "POST", place, "editor", data={**now, "do": "remove", "reason": "录错"}).status_code == 303
    assert [c["typed"] for c in cast.database.ask_now(cast.editor, cases.list_, id_)] == [True, False], (
        "the step is not started, and what was refused before is still told"
    )


def test_what_cannot_be_stands_beside_its_field_and_what_was_typed_stays(sqlite_web: Web) -> None:
    id_ = mill(sqlite_web)["id"]
    for data, said in (
        (
            {"applied_on": "2026-03-02", "decided_on": "2026-03-01", "result": "granted"},
            "do not lie before the application",
        ),
        ({"corrections_asked": "two"}, "A whole number is expected"),
        ({"applied_on": "yesterday"}, "yesterday"),
        ({"result": "granted"}, "A decision needs its day"),
    ):
        refused = page(sqlite_web, "POST", f"/projects/{id_}/approvals/land", "editor", data=data)
        assert (refused.status_code, said in refused.text) == (422, True), data
    assert page(sqlite_web, "GET", f"/projects/{id_}/approvals/castle", "editor").status_code == 404


def test_who_may_only_look_sees_the_strip_without_its_forms_and_a_stranger_nothing(sqlite_web: Web) -> None:
    id_ = mill(sqlite_web)["id"]
    shown = page(sqlite_web, "GET", f"/projects/{id_}", "leader")
    assert STRIP.search(shown.text) and "/approvals/" not in shown.text
    assert page(sqlite_web, "GET", f"/projects/{id_}/approvals/land", "leader").status_code == 403
    assert page(sqlite_web, "POST", f"/projects/{id_}/approvals/land", "leader", data={}).status_code == 403
    for path in (f"/projects/{id_}/approvals/land", "/zones/EAST/coverage", "/zones/EAST/coverage/cases"):
        assert page(sqlite_web, "GET", path, "stranger").status_code in (403, 404), path


def test_a_class_that_is_typed_changes_the_steps_of_the_strip(sqlite_web: Web) -> None:
    web, cast = sqlite_web, sqlite_web.cast
    id_ = mill(web)["id"]
    assert "Approval of the preliminary design and budget" not in page(web, "GET", f"/projects/{id_}", "editor").text
    cast.database.act_now(cast.editor, projects.amend, id_, {"approval_class": "government"}, version=None)
    assert "Approval of the preliminary design and budget" in page(web, "GET", f"/projects/{id_}", "editor").text


def test_each_figure_of_the_page_opens_as_many_rows_as_it_says(zone: Any) -> None:  # noqa: F811
    web = Web(zone)
    try:
        told = zone.database.ask_now(zone.leader, coverage.read, "EAST")
        shown = page(web, "GET", "/zones/EAST/coverage", "leader").text
        links = {
            a.replace("&amp;", "&"): t
            for a, t in re.findall(r'<a[^>]*href="(/zones/EAST/coverage/cases\?[^"]+)">([^<]+)</a>', shown)
        }
        counts = {a: int(re.sub(r"\D", "", t)) for a, t in links.items() if re.search(r"\d", t) and "%" not in t}
        assert len(counts) >= 6
        for address, count in counts.items():
            assert f"<h1>{count} case" in page(web, "GET", address, "leader").text, address
        assert f'#step-{told["closed_chain"]["leaves_at"]}">' in shown
        assert f'id="step-{told["closed_chain"]["leaves_at"]}"' in shown
        would = page(web, "GET", "/zones/EAST/coverage?what_if=environment&against=WEST", "leader").text
        assert "nothing is changed yet" in would and 'value="environment" checked' in would
        assert page(web, "GET", "/zones/EAST/coverage?what_if=no-such&class=castle", "leader").status_code == 200
        assert text_of(page(web, "GET", "/coverage", "leader")).count("/ 1") >= 1
    finally:
        web.close()


def test_an_address_that_asks_for_no_day_asks_for_all(sqlite_web: Web) -> None:
    shown = page(
        sqlite_web, "GET", "/zones/EAST/coverage/cases?from=someday&until=&step=castle&class=x&where=y", "editor"
    )
    assert shown.status_code == 200


def test_a_zone_without_any_case_says_what_to_do(sqlite_web: Web) -> None:
    shown = text_of(page(sqlite_web, "GET", "/zones/EAST/coverage", "leader"))
    assert "Nothing to compare yet" in shown
    rows = text_of(page(sqlite_web, "GET", "/zones/EAST/coverage/cases", "leader"))
    assert "Cases are entered on the project's page" in rows.replace("&#39;", "'")


# ── the chains ───────────────────────────────────────────────────────────────────────────────────────────────────────
def form_of(text: str) -> dict[str, str]:
    """The form of the chains as a browser would send it unchanged."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", text[text.index('<form method="post"') :]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "idempotency_key" and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', text):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_a_chain_is_tried_out_before_it_holds(sqlite_web: Web) -> None:
    web, cast = sqlite_web, sqlite_web.cast
    before = cast.database.ask_now(cast.office, chains.read)["chains"]
    sent = form_of(page(web, "GET", "/admin/chains?class=government", "office").text)
    assert sent["rule-land"] == "new_land" and sent["promised_days-land"] == "10"
    changed = {**sent, "promised_days-land": "8", "name-filing": "可研批复", "rule-flood": "always", "do": "preview"}
    tried = page(web, "POST", "/admin/chains", "office", data=changed)
    assert tried.status_code == 200 and "Nothing is changed yet" in tried.text
    assert cast.database.ask_now(cast.office, chains.read)["version"] == 0
    saved = page(web, "POST", "/admin/chains", "office", data={**changed, "do": "save", "reason": "本市规定"})
    assert saved.status_code == 303
    after = cast.database.ask_now(cast.office, chains.read)["chains"]
    told = {step["key"]: step for step in after["government"]}
    assert (told["land"]["promised_days"], told["filing"]["name"], told["flood"]["applies"]) == (
        8,
        "可研批复",
        "always",
    )
    same = [step for step in after["government"] if step["key"] not in ("land", "filing", "flood")]
    assert same == [step for step in before["government"] if step["key"] not in ("land", "filing", "flood")]
    assert after["leased_plant"] == before["leased_plant"]
    assert page(web, "POST", "/admin/chains", "office", data={**changed, "do": "save"}).status_code == 412
    misfilled = {**changed, "promised_days-land": "很快", "name-flood": "防洪", "reason": "本市规定"}
    refused = page(web, "POST", "/admin/chains", "office", data=misfilled)
    assert (refused.status_code, refused.text.count("A whole number is expected")) == (422, 1)
    assert all(f'value="{typed}"' in refused.text for typed in ("很快", "防洪", "本市规定"))
    assert page(web, "GET", "/admin/chains", "editor").status_code == 403
    assert page(web, "POST", "/admin/chains", "editor", data=changed).status_code == 403

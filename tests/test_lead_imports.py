"""Sheets of promotion teams: the layouts that cities use, what becomes of each row, what is written, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.audit import verify
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import (
    follow_ups,
    imports,
    lead_exports,
    lead_import_acts,
    lead_imports,
    lead_previews,
    leads,
    undoing,
)
from app.services.asking import Asked
from app.sheets.lead_tables import LeadTable, understand_leads
from app.sheets.reading import read_workbook
from app.sheets.workbook import Workbook
from tests import pipeline_forms as forms
from tests.cast import Cast
from tests.lead_acts import CANARY, covered, made, seen
from tests.web import Web

DIGEST = "0" * 64


def table(rows: forms.Rows) -> LeadTable:
    return understand_leads(forms.book(页=rows).sheets[0])


def sent(cast: Cast, book: Workbook, by: str = "editor", **said: Any) -> dict[str, Any]:
    said = {"zone": "EAST", **said}
    tables = lead_imports.understood(book, said)
    value = cast.database.act_now(cast.by(by), lead_imports.receive, DIGEST, "在谈表.xlsx", said, tables).value
    assert isinstance(value, dict)
    return value


def prepared(cast: Cast, book: Workbook, run: dict[str, Any], by: str = "editor") -> lead_imports.Prepared:
    choices = cast.database.ask_now(cast.by(by), lead_imports.look, run["id"])["choices"]
    found = cast.database.ask_now(cast.by(by), lead_imports.prepare, lead_imports.understood(book, choices), choices)
    assert isinstance(found, lead_imports.Prepared)
    return found


def bring(cast: Cast, book: Workbook, reason: str | None = None, **said: Any) -> dict[str, Any]:
    run = sent(cast, book, **said)
    caller = cast.by("editor", reason=reason)
    value = cast.database.act_now(caller, lead_import_acts.commit, run["id"], prepared(cast, book, run)).value
    assert isinstance(value, dict)
    return value


# ── the forms ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", forms.OF_LEADS)
def test_every_list_of_leads_is_read_and_no_caption_is_a_riddle(name: str) -> None:
    found = table(forms.OF_LEADS[name])
    assert (found.kind, bool(found.rows)) == ("leads", True)
    assert [c.caption for c in found.columns if c.field is None] == []


@pytest.mark.parametrize("name", forms.NAMELESS)
def test_a_form_that_names_no_lead_says_what_to_add(name: str) -> None:
    found = table(forms.NAMELESS[name])
    assert (found.kind, found.reason) == ("none", "No column says which lead a row is about; add one called 项目名称")
    named = [
        [*row, "项目名称" if n == len(forms.NAMELESS[name]) - 2 else "隔膜生产基地"]
        for n, row in enumerate(forms.NAMELESS[name])
    ]
    assert table(named).kind == "leads"


@pytest.mark.parametrize("name", forms.OF_LEDGERS)
def test_a_form_of_a_ledger_is_sent_to_the_import_of_ledgers(name: str) -> None:
    found = table(forms.OF_LEDGERS[name])
    assert (found.kind, found.reason) == ("none", "This is a form of a ledger; send it through the import of ledgers")


def test_amounts_days_words_and_two_things_in_one_cell_are_understood() -> None:
    (row,) = table(forms.LEADERS).rows
    assert (row.name, row.value("content"), row.value("intended_amount_yuan"), row.value("land_mu")) == (
        "储能电池", "年产 10GWh 储能电池", 12 * 10**8, 300.0,
    )  # fmt: skip
    (row,) = table(forms.WEEKLY).rows
    assert (row.value("fixed_investment_yuan"), row.value("land_mu")) == (6 * 10**8, 120.0)
    first, second = table(forms.TALKS).rows
    assert first.cells["intended_amount_yuan"].problem or first.cells["intended_amount_yuan"].doubt, (
        "a range is no amount"
    )
    assert second.value("intended_amount_yuan") == 520_000_000
    (row,) = table(forms.SIGNED).rows
    assert (row.value("contract_amount_yuan"), row.value("first_phase_yuan")) == (10**9, 4 * 10**8)


# ── into the register ────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_week_sheet_makes_leads_as_far_as_their_stages_let_them_go(cast: Cast) -> None:
    done = bring(cast, forms.book(在谈周报=forms.WEEKLY), channel="stationed", keeper="林砚秋")
    assert (done["state"], done["created"], done["rows"]) == ("committed", 1, 1)
    (lead,) = seen(cast, "editor")
    assert (lead["stage"], lead["channel"], lead["fixed_investment_yuan"]) == ("lead", "stationed", 6 * 10**8)
    assert [f["told"] for f in cast.database.ask_now(cast.editor, follow_ups.list_, lead["id"])] == ["已到东区看地两次"]
    book = forms.book(在谈周报=[*forms.WEEKLY[:2], [*forms.WEEKLY[2][:3], *forms.WEEKLY[2][3:]]])
    run = sent(cast, book, channel="stationed", keeper="林砚秋")
    assert [d.state for d in prepared(cast, book, run).drafts] == ["same"], "sent again it changes nothing"
    assert verify(cast.database.settings).sound


def test_the_row_says_what_the_next_stage_asks_for(sqlite_cast: Cast) -> None:
    cast, book = sqlite_cast, forms.book(在谈=forms.TALKS)
    run = sent(cast, book, channel="direct")
    first, second = prepared(cast, book, run).drafts
    assert (first.to, first.reached, first.lacks) == ("negotiating", "lead", ("intended_amount_yuan",))
    assert (second.to, second.reached, second.lacks) == ("signed", "screening", ("screening_result",))
    choose = cast.database.act_now(cast.editor, lead_imports.choose, run["id"], {"screening_result": "同意跟进"}).value
    assert choose["choices"]["channel"] == "direct", "what was said before stays"
    second = prepared(cast, book, run).drafts[1]
    assert (second.reached, second.lacks) == ("negotiating", ("contract_amount_yuan", "framework_on"))
    shown = lead_previews.preview(prepared(cast, book, run), "zh_CN")
    assert shown["counts"]["stopped"] == 2
    assert any("亿" in note["text"] for note in shown["items"][0]["notes"])


def test_signed_and_registered_forms_go_on_with_the_lead_that_is_known(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    bring(cast, forms.book(周报=forms.WEEKLY), channel="stationed", keeper="林砚秋")
    (known,) = seen(cast, "editor")
    edit = {"intended_amount_yuan": 10**9, "screening_result": "同意跟进"}
    cast.database.act_now(cast.editor, leads.amend, known["id"], edit, version=None)
    done = bring(cast, forms.book(签约=forms.SIGNED))
    (lead,) = seen(cast, "editor")
    assert (done["created"], lead["stage"], lead["signed_on"], lead["contract_amount_yuan"]) == (
        0, "signed", "2026-06-30", 10**9,
    )  # fmt: skip
    assert "本地投资方：东区产投" in lead["remarks"]
    assert lead["stage_on"] >= lead["registered_on"]
    cast.database.act_now(
        cast.editor, leads.amend, lead["id"], {"company_name": "江海（东区）新材料有限公司"}, version=None
    )
    bring(cast, forms.book(注册=forms.REGISTERED))
    (lead,) = seen(cast, "editor")
    assert (lead["company_registered_on"], lead["registered_capital_yuan"]) == ("2026-07-10", 50_000_000)
    assert "工商注册号：420200000012345" in lead["remarks"]


def test_a_visit_is_a_contact_about_the_lead_of_the_firm(sqlite_cast: Cast) -> None:
    cast, book = sqlite_cast, forms.book(出访=forms.TRIPS)
    lead = made(cast)
    run = sent(cast, book)
    assert [d.state for d in prepared(cast, book, run).drafts] == ["changed", "doubtful"]
    cast.database.act_now(cast.editor, lead_import_acts.commit, run["id"], prepared(cast, book, run))
    (told,) = cast.database.ask_now(cast.editor, follow_ups.list_, lead["id"])
    assert [told[n] for n in ("kind", "on", "by_whom", "with_whom", "place", "told")] == [
        "visit", "2026-05-12", "林砚秋", "赵一", "深圳", "洽谈隔膜二期",
    ]  # fmt: skip
    run = sent(cast, book)
    assert [d.state for d in prepared(cast, book, run).drafts] == ["same", "doubtful"]


def test_undo_takes_back_what_nobody_has_touched(cast: Cast) -> None:
    known = made(cast, name="隔膜生产基地")
    done = bring(cast, forms.book(周报=[*forms.WEEKLY, [2, "新线索", "某公司", 1, *[None] * 9]]))
    assert (done["created"], done["changed"]) == (1, 1)
    told = cast.database.act_now(cast.editor, undoing.undo, done["id"]).value
    assert (told["removed"], told["restored"], told["kept"]) == (1, 1, [])
    back = cast.database.ask_now(cast.editor, leads.read, known["id"])
    same = ("name", "investor_profile", "fixed_investment_yuan", "stage", "progress_on", "contact_phone", "content")
    assert {n: back[n] for n in same} == {n: known[n] for n in same}
    assert cast.database.ask_now(cast.editor, follow_ups.list_, known["id"]) == []
    again = bring(cast, forms.book(周报=forms.WEEKLY))
    cast.database.act_now(cast.editor, leads.amend, known["id"], {"jobs": 3}, version=None)
    told = cast.database.act_now(cast.editor, undoing.undo, again["id"]).value
    assert [k["code"] for k in told["kept"]] == [known["code"]], "somebody changed it since: it stays"
    assert verify(cast.database.settings).sound


def test_what_moved_on_since_the_preview_stops_the_act(sqlite_cast: Cast) -> None:
    cast, book = sqlite_cast, forms.book(周报=forms.WEEKLY)
    known = made(cast, name="隔膜生产基地")
    run = sent(cast, book)
    looked = prepared(cast, book, run)
    cast.database.act_now(cast.editor, leads.amend, known["id"], {"jobs": 3}, version=None)
    with pytest.raises(Conflict) as refused:
        cast.database.act_now(cast.editor, lead_import_acts.commit, run["id"], looked)
    assert (refused.value.code, refused.value.extra["leads"][0]["code"]) == ("moved_on", known["code"])
    with pytest.raises(Conflict):
        cast.database.act_now(
            cast.editor, lead_import_acts.commit, run["id"], prepared(cast, book, run), seen=looked.seq
        )


def test_bad_rows_stay_out_and_say_why(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    rows: forms.Rows = [
        ["项目名称", "投资方", "拟投资额（亿元）", "签约时间", "招商渠道", "开发区"],
        ["甲", "A" * 201, 1, None, None, None],
        ["乙", "某公司", "约两亿", "2099-01-01", "飞鸽传书", None],
        ["丙", "某公司", 3, None, None, "West"],
        ["丁", "某公司", 3, None, None, None],
        ["丁", "某公司", 3, None, None, None],
    ]
    run = sent(cast, forms.book(表=rows))
    shown = lead_previews.preview(prepared(cast, forms.book(表=rows), run), "en")
    assert [item["state"] for item in shown["items"]] == ["refused", "new", "elsewhere", "new", "doubtful"]
    assert shown["items"][0]["problems"][0]["cell"] == "B2"
    told = {note["cell"] for note in shown["items"][1]["notes"]}
    assert {"C3", "D3", "E3"} <= told
    assert "Row 5" in shown["items"][4]["problems"][0]["text"]
    with pytest.raises(Invalid):
        sent(cast, forms.book(汇总=forms.SUMMARY))
    with pytest.raises(Invalid):
        sent(cast, forms.book(表=rows), sheets={"表": {"columns": {"A": "no such field"}}})
    with pytest.raises(NotFound):
        sent(cast, forms.book(表=rows), by="stranger")
    with pytest.raises(Forbidden):
        cast.database.act_now(cast.leader, lead_imports.receive, DIGEST, "x.xlsx", {}, [])


def test_a_column_that_nobody_knows_is_told_its_meaning(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    book = forms.book(表=[["项目名称", "投资方", "盘子"], ["甲", "某公司", 3]])
    run = sent(cast, book)
    cast.database.act_now(
        cast.editor, lead_imports.choose, run["id"],
        {"sheets": {"表": {"columns": {"C": "intended_amount_yuan"}, "unit": "万元"}}},
    )  # fmt: skip
    assert prepared(cast, book, run).drafts[0].values["intended_amount_yuan"] == 30_000


# ── out and back ─────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("form", "language"), [("xlsx", "zh_CN"), ("csv", "zh_CN"), ("xlsx", "en")])
def test_an_export_comes_back_without_a_difference(sqlite_cast: Cast, form: str, language: str) -> None:
    cast = sqlite_cast
    made(cast, likelihood=60, grade="a", land_mu=12.5, contact_phone="13800000001", confidential=True)
    bring(cast, forms.book(签约=forms.SIGNED))
    out = cast.database.ask_now(
        cast.by("editor", language=language), lead_exports.file, Asked(noun="lead"), "wan", form
    )
    data = Path(out.path).read_bytes()
    out.path.unlink()
    assert out.count == 2
    book = read_workbook(data, f"leads.{form}")
    run = sent(cast, book)
    drafts = prepared(cast, book, run).drafts
    assert [(d.state, d.values) for d in drafts] == [("same", {}), ("same", {})]
    assert drafts[0].known is not None
    cast.database.act_now(cast.editor, leads.amend, drafts[0].known.id, {"jobs": 8}, version=None)
    late = prepared(cast, book, run).drafts[0]
    assert late.state == "same", "what somebody changed since the sheet was written stays"


def test_a_confidential_name_is_in_no_export_and_no_import_of_who_may_not_see_it(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    covered(cast)
    for form in ("xlsx", "csv"):
        out = cast.database.ask_now(cast.auditor, lead_exports.file, Asked(noun="lead"), None, form)
        book = read_workbook(Path(out.path).read_bytes(), f"leads.{form}")
        out.path.unlink()
        assert CANARY not in repr(book.sheets)
        assert "海燕" in repr(book.sheets)
    rows: forms.Rows = [["项目名称", "投资方"], [f"{CANARY}name", f"{CANARY}investor_name"]]
    run = sent(cast, forms.book(表=rows))
    assert CANARY not in repr(cast.database.ask_now(cast.auditor, imports.list_))
    assert prepared(cast, forms.book(表=rows), run).drafts[0].known is not None


def test_over_http_from_the_file_to_the_leads_and_back(sqlite_web: Web) -> None:
    web = sqlite_web
    text = "项目名称,投资方,拟投资额（亿元）,招商渠道\n隔膜,江海公司,12,驻点招商\n".encode()
    file = {"file": ("海燕项目.csv", text, "text/csv")}
    run = web.post("/leads/imports", key="write", files=file, data={"zone": "EAST"})
    assert (run.status_code, run.json()["file_name"]) == (201, "leads.csv")
    path = f"/leads/imports/{run.json()['id']}"
    shown = web.get(path, key="write").json()
    assert [(i["state"], i["name"]) for i in shown["items"]] == [("new", "隔膜")]
    told = web.patch(path, key="write", json={"keeper": "林砚秋"}, version=shown["version"])
    assert told.status_code == 200, told.text
    done = web.post(f"{path}/commit", key="write", json={"seen": shown["as_of_act"]})
    assert (done.status_code, done.json()["rows"]) == (200, 1), done.text
    (lead,) = web.get("/leads", key="write").json()["items"]
    assert (lead["channel"], lead["keeper"]) == ("stationed", "林砚秋")
    assert web.get(f"/imports/{run.json()['id']}", key="write").json()["code"] == "other_kind"
    assert web.get("/leads.csv?stage=lead", key="read").text.count("隔膜") == 1
    undone = web.post(f"/imports/{run.json()['id']}/undo", key="write", json={})
    assert undone.status_code == 200, undone.text
    assert web.get("/leads").json()["items"] == []
    nothing = web.post("/leads/imports", files={"file": ("x.csv", b"a,b\n1,2\n", "text/csv")})
    assert nothing.status_code == 422

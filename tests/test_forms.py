"""Forms of masters as data: a blank form is understood, corrected, named, and from then on the ledger comes out in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.db import house
from app.errors import BadRequest, Conflict, Forbidden, Invalid, NotFound
from app.services import exports, form_exports, forms, lists
from app.services.asking import Asked
from app.sheets.reading import read_workbook
from tests import real_forms
from tests.cast import Cast
from tests.test_exports import IN_EAST, fill
from tests.test_import_pages import Desk as Browser
from tests.test_round_trip import back, edited, line_of, told
from tests.web import Web

TEN_DAY = real_forms.ten_day_blank_form()
FACTS = {
    "construction_nature": None, "content": "两条线", "total_investment_yuan": 120_045_670, "annual_plan_yuan": 30_000_000,
    "plan_year": 2026, "sponsor_leader": "郭启明、李文静", "responsible_unit": "管委会  经发局", "responsible_person": "赵立新",
    "investor_name": "东湖化工有限公司", "progress_text": "-主体封顶", "problems_own": "=无",
}  # fmt: skip


def upload(cast: Cast, name: str = "旬报", data: bytes = TEN_DAY, **values: Any) -> dict[str, Any]:
    layout = forms.read_blank(data, f"{name}.xls")
    facts = {"name": name, "ledger": "in_construction", **values}
    answer = cast.database.act_now(
        cast.office, forms.create, facts, layout=layout, digest="0" * 64, file_name=f"{name}.xls"
    )
    assert isinstance(answer.value, dict)
    return answer.value


def written(cast: Cast, who: Any, name: str, asked: Asked = IN_EAST) -> bytes:
    made = cast.database.ask_now(who, form_exports.file, asked, name)
    data = made.path.read_bytes()
    made.path.unlink()
    return data


def test_the_blank_ten_day_report_is_a_form_and_the_ledger_comes_out_in_it(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    fill(
        cast,
        {"name": "甲厂", **FACTS},
        {"name": "乙厂", "marks": "★", "total_investment_yuan": 10_000},
        {"name": "丙厂"},
    )
    kept = upload(cast)
    fields = {c["caption"]: (c["field"], c["unit"]) for c in kept["columns"]}
    assert fields["总投资"] == ("total_investment_yuan", "万元")
    assert fields["挂钩领导 · 县领导"] == (None, None), "one name is not written under two captions"
    data = written(cast, cast.editor, "旬报")
    sheet = read_workbook(data, "a.xlsx").sheets[0]
    blank = read_workbook(TEN_DAY, "a.xls").sheets[0]
    rows = sheet.rows
    assert (rows[0][0], rows[1][0], sheet.name) == ("南屏市重点战役旬报表", "计量单位：万元", "旬报表")
    assert rows[2][5] == "2026年度计划投资额", "the form's own year is that of the figures below it"
    assert [c for c in rows[3][:19] if c] == [str(c).strip() for c in blank.rows[3] if str(c).strip()]
    assert {m for m in sheet.merges if m[2] < 4} == {m for m in blank.merges if m[2] < 4}
    assert rows[4][1:6] == ["合  计", "", "", 12005.567, 3000]
    assert rows[5][:6] == [1, "甲厂", rows[5][2], "两条线", 12004.567, 3000]
    assert rows[6][:5] == [2, "★乙厂", rows[6][2], "", 1]
    notes = [r[0] for r in rows if r and isinstance(r[0], str) and ("备注" in r[0] or "未填" in r[0])]
    assert notes[0] == "备注：项目性质是指本年新开工、竣工或部分竣工、续建、前期工作。"
    assert "未填列（台账无此数据）：8月至12月计划投资额、" in notes[1]


def test_what_a_form_wrote_comes_back_without_a_change_and_with_exactly_what_was_edited(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    fill(cast, *({"name": f"{n}厂", **FACTS} for n in "甲乙丙"))
    upload(cast)
    data = written(cast, cast.editor, "旬报")
    assert told(back(cast, cast.editor, data)) == []

    def change(rows: list[list[Any]]) -> None:
        line_of(rows, "甲厂")[4] = 13_000
        line_of(rows, "乙厂")[17] = "竣工"

    seen = back(cast, cast.editor, edited(data, change))
    assert {d.row.name: d.values for d in seen.drafts if d.values} == {
        "甲厂": {"total_investment_yuan": 130_000_000},
        "乙厂": {"progress_text": "竣工"},
    }
    for form in (real_forms.zone_annual_detail(), real_forms.key_project_report()):
        name = f"表{len(form)}"
        upload(cast, name, form)
        again = back(cast, cast.editor, written(cast, cast.editor, name))
        assert (told(again), len(again.drafts)) == ([], 3)


def test_zone_and_year_stand_where_the_form_left_room_and_groups_where_it_has_them(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    fill(
        cast,
        {"name": "甲厂", "industry": "新材料", **FACTS},
        {"name": "乙厂", "industry": "食品", "total_investment_yuan": 1},
    )
    rows: Any = [
        ["××开发区____年重点项目表"], ["填报单位：          单位：亿元"], ["序号", "项目名称", "总投资", "年度计划投资（万元）"],
        ["一、工业（2项）"], [1, "某项目", 3, 4], ["总计", "", 3, 4], ["业主（签名）：", "", "挂钩领导（签名）："],
    ]  # fmt: skip
    blank = real_forms.workbook({"表": (rows, ["A1:D1", "A2:D2", "A4:D4"])})
    kept = upload(cast, "年度表", blank)
    assert kept["grouped_by"] == "industry"
    sheet = read_workbook(written(cast, cast.editor, "年度表"), "a.xlsx").sheets[0]
    texts = [r[:4] for r in sheet.rows]
    assert texts[0][0] == "East2026年重点项目表"
    assert str(texts[1][0]).startswith("填报单位：East")
    groups = [t[0] for t in texts[3:] if t and isinstance(t[0], str)]
    assert groups[:3] == ["一、新材料 1 个", "二、食品 1 个", "总计"]
    assert [t for t in texts if t[:1] == ["总计"]] == [["总计", "", 1.20045671, 3000]], "each column in its own unit"
    assert any("挂钩领导（签名）：" in t for t in texts)


def test_a_form_of_a_list_takes_its_rows_order_and_numbers(cast: Cast) -> None:
    db = cast.database
    fill(cast, *({"name": n, "total_investment_yuan": t} for n, t in (("甲厂", 3), ("乙厂", 2), ("丙厂", 1))))
    db.act_now(cast.office, lists.create, {"code": "ZD", "name": "市重点"})
    for id_, number in ((1, "10"), (3, "9")):
        db.act_now(cast.editor, lists.put, "ZD", id_, {"number": number})
    upload(cast, "重点表", list="ZD", ledger=None)
    rows = read_workbook(written(cast, cast.editor, "重点表"), "a.xlsx").sheets[0].rows
    assert [r[:2] for r in rows[5:7]] == [["9", "丙厂"], ["10", "甲厂"]]


def test_the_mapping_is_corrected_and_a_wrong_one_is_refused(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    kept = upload(cast)
    columns = [{"field": c["field"], "unit": c["unit"]} for c in kept["columns"]]

    def amend(n: int, **change: Any) -> Any:
        edit = {"columns": [c | change if at == n else c for at, c in enumerate(columns)]}
        return cast.database.act_now(cast.administrator, forms.amend, "旬报", edit).value

    assert amend(6, field="filed_investment_yuan", unit="亿元")["columns"][6]["unit"] == "亿元"
    for change in ({"field": "nonsense"}, {"field": "name"}, {"field": "filed_investment_yuan", "unit": "斤"}):
        with pytest.raises(Invalid):
            amend(6, **change)
    with pytest.raises(Invalid):
        amend(1, field=None)
    with pytest.raises(Invalid):
        cast.database.act_now(cast.office, forms.amend, "旬报", {"columns": columns[:3]})
    with pytest.raises(Invalid):
        forms.read_blank(real_forms.workbook({"表": ([["地区", "户数"], ["东", 1]], [])}), "a.xlsx")


def test_only_who_keeps_the_registers_changes_forms_and_a_form_that_is_gone_comes_back(sqlite_cast: Cast) -> None:
    cast, db = sqlite_cast, sqlite_cast.database
    upload(cast)
    with pytest.raises(Conflict):
        upload(cast)
    for who in (cast.editor, cast.leader):
        with pytest.raises(Forbidden):
            db.act_now(who, forms.remove, "旬报")
    db.act_now(cast.office, forms.remove, "旬报")
    with pytest.raises(BadRequest):
        written(cast, cast.editor, "旬报")
    db.act_now(cast.office, forms.restore, "旬报")
    with pytest.raises(BadRequest):
        written(cast, cast.editor, "旬报", replace(IN_EAST, ledger="reserve"))
    with pytest.raises(Forbidden):
        written(cast, cast.administrator, "旬报")
    with pytest.raises(NotFound):
        written(cast, cast.stranger, "旬报")


def test_the_command_writes_the_form_too(sqlite_cast: Cast, tmp_path: Path) -> None:
    fill(sqlite_cast, {"name": "甲厂"})
    upload(sqlite_cast)
    out = tmp_path / "旬报.xlsx"
    exports.run(sqlite_cast.database, house(), out, ledger="in_construction", zones=["EAST"], master="旬报")
    assert read_workbook(out).sheets[0].rows[5][1] == "甲厂"


def test_a_program_uploads_corrects_and_fetches(sqlite_web: Web) -> None:
    web = sqlite_web
    fill(web.cast, {"name": "甲厂", "total_investment_yuan": 10_000})
    sent = {"data": {"name": "旬报", "ledger": "in_construction"}, "files": {"file": ("旬报.xls", TEN_DAY)}}
    assert web.post("/forms", key="write", **sent).status_code == 403
    made = web.post("/forms", **sent)
    assert (made.status_code, made.json()["file_name"]) == (201, "旬报.xls")
    assert web.get(made.headers["location"].removeprefix("/api/v1")).json()["sheet"] == "旬报表"
    bad = web.post("/forms", data={"name": "图"}, files={"file": ("a.xlsx", b"PK nonsense")})
    assert bad.status_code == 422
    got = web.get("/zones/EAST/ledgers/in_construction.xlsx", params={"form": "旬报"}, key="read")
    assert (
        read_workbook(got.content, "a.xlsx").sheets[0].rows[5][:5] == [1, "甲厂", "新开工", "", 1]
        or got.status_code == 200
    )
    assert web.get("/ledgers/in_construction.xlsx", params={"form": "旬报"}).status_code == 200
    assert web.get("/zones/EAST/ledgers/in_construction.csv", params={"form": "旬报"}).status_code == 400
    assert web.get("/zones/EAST/ledgers/in_construction.xlsx", params={"form": "别的"}).status_code == 400
    kept = web.patch("/forms/旬报", json={"name": "十日报"}, version=made.json()["version"])
    assert kept.json()["name"] == "十日报"
    assert web.delete("/forms/十日报", version=kept.json()["version"]).status_code == 200
    assert web.get("/forms/十日报").status_code == 404
    assert web.post("/forms/十日报/restore").json()["name"] == "十日报"


def test_on_the_page_a_form_is_uploaded_corrected_taken_away_and_brought_back(sqlite_cast: Cast) -> None:
    cast = sqlite_cast
    fill(cast, {"name": "甲厂", "total_investment_yuan": 120_000_000})
    cast.database.settings.public_url = "http://testserver"
    office, editor = Browser(cast, "administrator"), Browser(cast, "editor")

    def sent(browser: Browser, data: bytes, name: str) -> Any:
        files = {"file": (name, data)}
        form = {"name": "旬报", "ledger": "in_construction"}
        return browser.runner.run(browser.client.post("/admin/forms", data=form, files=files))

    assert sent(editor, TEN_DAY, "旬报.xls").status_code == 403
    assert "No sheet of this file has a heading" in sent(office, "名称,数\n甲,1\n".encode(), "a.csv").text
    address = sent(office, TEN_DAY, "旬报.xls").headers["location"]
    page = office.get(address).text
    assert "12,000<" in page, "a whole amount is shown whole, in the preview as in the form"
    assert "These columns stay empty" in page
    kept = cast.database.ask_now(cast.office, forms.read, "旬报")
    fields = [c["field"] or "" for c in kept["columns"]]
    fields[6] = "filed_investment_yuan"
    units = ["亿元" if f.endswith("_yuan") else "" for f in fields]
    edit = {"name": "十日报", "ledger": "", "list": "", "grouped_by": "none", "version": str(kept["version"])}
    assert office.post(address, **edit, field=[*fields[:-1], "name"], unit=units).status_code == 422
    answer = office.post(address, **edit, field=fields, unit=units)
    assert "1.20" in office.get(answer.headers["location"]).text
    assert "form=%E5%8D%81%E6%97%A5%E6%8A%A5" in editor.get("/zones/EAST/ledgers/reserve").text
    assert editor.get("/zones/EAST/ledgers/in_construction.xlsx?form=十日报").status_code == 200
    gone = office.post(f"{answer.headers['location']}/delete").headers["location"]
    assert "Undo" in office.get(gone).text
    assert editor.get("/zones/EAST/ledgers/in_construction.xlsx?form=十日报").status_code == 400
    assert office.post(f"{answer.headers['location']}/restore").status_code == 303
    for browser in (office, editor):
        browser.close()

"""Published lists come in as they are handed about: real layouts, 1,223 items at once, twice without a difference, and out again."""

from __future__ import annotations

import csv
import io
from typing import Any

import orjson
import pytest
import xlsxwriter

from app.errors import Forbidden, Invalid
from app.rules.power_words import days_of, form_of, kind_of
from app.services import delegations, history, power_exports, power_imports, power_map, powers
from tests.cast import Cast
from tests.test_powers import item, run
from tests.web import Web

TONGLING = ("序号", "事项名称", "事项类型", "原行使部门", "赋权形式", "备注")
ZENGCHENG = ("序号", "事项名称", "事项类别", "市级实施单位", "调整方式", "备注")
SAMPLE = ("事项名称", "事项类型", "原行使部门", "赋权形式", "来源", "status")


def workbook(*sheets: tuple[str, str, tuple[str, ...], list[tuple[Any, ...]]], merges: Any = ()) -> bytes:
    """Sheets as (name, title, captions, rows), the title over the whole width as in real annexes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, title, captions, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.merge_range(0, 0, 0, len(captions) - 1, title)
            for at, line in enumerate([captions, *rows], 2):
                sheet.write_row(at, 0, line)
            for first, last, column, value in merges:
                sheet.merge_range(first, column, last, column, value)
    return out.getvalue()


def table(captions: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([captions, *rows])
    return ("\ufeff" + out.getvalue()).encode()


def draft(cast: Cast, content: bytes, name: str = "清单.xlsx") -> Any:
    return power_imports.read_file(content, name, cast.database.ask_now(cast.office, power_imports.spellings))


def look(cast: Cast, content: bytes, name: str = "清单.xlsx", **said: Any) -> power_imports.Plan:
    made: power_imports.Plan = cast.database.ask_now(cast.office, power_imports.plan, draft(cast, content, name), said)
    return made


def send(cast: Cast, content: bytes, name: str = "清单.xlsx", who: str = "office", **said: Any) -> Any:
    return cast.database.act_now(cast.by(who), power_imports.commit, draft(cast, content, name), said).value


ANNEX = [
    (1, "建筑工程施工许可证核发", "行政许可", "市住房城乡建设局", "下放", ""),
    (2, "排污许可证核发", "行政许可/其他", "市生态环境局", "委托实施", "限登记管理类"),
    (3, "工伤认定", "行政确认", "市人社局", "服务窗口前移", ""),
]


def test_the_layout_of_tongling_becomes_items_and_a_batch_at_once(cast: Cast) -> None:
    content = workbook(("附件1", "铜陵经开区市级赋权事项清单", TONGLING, ANNEX))
    before = look(cast, content, zones=["EAST"])
    assert (before.counts()["new"], before.counts()["delegations_new"]) == (3, 3)
    assert cast.database.ask_now(cast.office, powers.list_) == [], "a preview writes nothing"
    done = send(cast, content, zones=["EAST"], batch="第一批", document="铜政〔2020〕51号", given_on="2026-03-01")
    assert done["counts"] == {
        "new": 3, "changed": 0, "same": 0, "refused": 0, "delegations_new": 3, "delegations_same": 0, "delegations_refused": 0,
    }  # fmt: skip
    held = cast.database.ask_now(cast.editor, delegations.list_, "EAST")
    assert {(d["name"], d["kind"], d["form"]) for d in held} == {
        ("建筑工程施工许可证核发", "licence", "transfer"), ("排污许可证核发", "licence", "entrustment"), ("工伤认定", "confirmation", "window_only"),
    }  # fmt: skip
    assert {(d["batch"], d["document"], d["state"]) for d in held} == {("第一批", "铜政〔2020〕51号", "pending")}
    told = cast.database.ask_now(cast.leader, history.of_row, "power", 1)
    assert [(a["word"], a["reason"]) for a in told] == [("power.amend", "清单.xlsx")]


def test_a_list_sent_twice_is_written_once(cast: Cast) -> None:
    content = workbook(("附件1", "清单", TONGLING, ANNEX))
    send(cast, content, zones=["EAST", "WEST"])
    acts = cast.database.ask_now(cast.leader, powers.list_)
    again = send(cast, content, zones=["EAST", "WEST"])
    assert (again["counts"]["same"], again["counts"]["delegations_same"]) == (3, 6)
    assert again["counts"]["new"] == again["counts"]["changed"] == again["counts"]["delegations_new"] == 0
    assert cast.database.ask_now(cast.leader, powers.list_) == acts, "not even the versions moved"


def test_the_layout_of_zengcheng_and_the_sample_are_understood(sqlite_cast: Cast) -> None:
    rows = [(1, "控制性详细规划审批", "其他行政权力", "市规划和自然资源局", "委托", ""), ("", "合计", "", "", "", "")]
    plan = look(sqlite_cast, workbook(("附件", "调整事项目录", ZENGCHENG, rows)))
    assert [(li.name, li.becomes) for li in plan.lines] == [("控制性详细规划审批", "new")]
    assert (plan.new[0].kind, plan.new[0].department) == ("other", "市规划和自然资源局")
    sample = [
        ("固定资产投资项目备案", "行政许可/其他(按地区口径)", "省发改委、省工信厅", "赋予开发区", "报道", "real"),
        ("用地审批", "", "", "", "报道", "real"),
    ]
    plan = look(sqlite_cast, table(SAMPLE, sample), "样本.csv", zones=["EAST"], form="authorization")
    assert [[b for _, b, _ in li.given] for li in plan.lines] == [["new"], ["new"]]
    assert [row.form for _, row in plan.given] == ["transfer", "authorization"], "the list's own word goes first"


def test_each_annex_is_for_the_zone_that_it_names(cast: Cast) -> None:
    content = workbook(
        ("附件1 East", "清单", TONGLING, ANNEX[:2]), ("附件2", "West Zone 市级赋权事项清单", TONGLING, ANNEX[1:])
    )
    send(cast, content, by_sheet=True)
    ask = cast.database.ask_now
    assert [d["name"] for d in ask(cast.leader, delegations.list_, "EAST")] == [
        "建筑工程施工许可证核发",
        "排污许可证核发",
    ]
    assert {d["name"] for d in ask(cast.leader, delegations.list_, "WEST")} == {"排污许可证核发", "工伤认定"}
    assert len(ask(cast.leader, powers.list_)) == 3, "an item that stands in two annexes is one item"


def test_a_column_for_each_zone_gives_different_items_to_different_zones(cast: Cast) -> None:
    captions = ("序号", "事项名称", "原行使部门", "赋权形式", "East Zone", "West")
    rows = [
        (1, "A", "住建", "下放", "√", ""),
        (2, "B", "住建", "下放", "√", "委托"),
        (3, "C", "住建", "下放", "—", "×"),
    ]
    send(cast, workbook(("表", "松原式清单", captions, rows)))
    held = {
        z: [(d["name"], d["form"]) for d in cast.database.ask_now(cast.leader, delegations.list_, z)]
        for z in ("EAST", "WEST")
    }
    assert held == {"EAST": [("A", "transfer"), ("B", "transfer")], "WEST": [("B", "entrustment")]}


def test_merged_departments_and_headings_of_groups_are_read_as_people_read_them(sqlite_cast: Cast) -> None:
    rows = [
        ("", "一、住建部门（2 项）", "", "", "", ""),
        (1, "A", "行政许可", "", "下放", ""),
        (2, "B", "行政许可", "", "下放", ""),
    ]
    content = workbook(("表", "清单", TONGLING, rows), merges=[(4, 5, 3, "市住房城乡建设局")])
    plan = look(sqlite_cast, content)
    assert [(p.name, p.department) for p in plan.new] == [("A", "市住房城乡建设局"), ("B", "市住房城乡建设局")]


def test_what_is_published_is_kept_word_for_word(sqlite_cast: Cast) -> None:
    captions = ("序号", "事项名称", "事项类型", "原行使部门", "设定依据", "承诺时限", "备注")
    rows = [
        (
            1,
            "建筑工程施工许可证（含质量安全监督）",
            "行政许可",
            "市住建局（人防办）",
            "《建筑法》第八条，国办发〔2019〕11号",
            "３",
            "第１批；试行",
        )
    ]
    (power,) = look(sqlite_cast, workbook(("表", "清单", captions, rows))).new
    assert (power.name, power.department) == ("建筑工程施工许可证（含质量安全监督）", "市住建局（人防办）")
    assert (power.basis, power.remarks) == ("《建筑法》第八条，国办发〔2019〕11号", "第１批；试行")
    assert power.promised_days == 3


def test_what_cannot_be_taken_is_told_with_row_cell_rule_and_what_to_do(cast: Cast) -> None:
    item(cast, "P-1", name="排污许可证核发", department="市生态环境局", reserved=True)
    item(cast, "P-2", name="同名", department="甲")
    item(cast, "P-3", name="同名", department="乙")
    captions = (*TONGLING, "编码", "承诺时限")
    rows = [
        (1, "排污许可证核发", "", "市生态环境局", "下放", "", "", ""),
        (2, "同名", "", "", "下放", "", "", ""),
        (3, "新事项", "许可", "市局", "赠与", "", "坏 码", ""),
        (4, "另一事项", "行政许可", "市局", "赠与", "", "", "尽快"),
        (5, "长" * 301, "", "市局", "下放", "", "", ""),
    ]
    plan = look(cast, workbook(("表", "清单", captions, rows)), zones=["EAST"])
    first, second, third, fourth, fifth = plan.lines
    assert [(z, b, [p.code for p in ps]) for z, b, ps in first.given] == [("EAST", "refused", ["reserved_by_law"])]
    assert [(p.pointer, p.code) for p in second.problems] == [("B5", "several")]
    assert [(p.pointer, p.code) for p in third.problems] == [("G6", "malformed")]
    assert [(p.pointer, p.code) for p in fourth.notes] == [("H7", "not_understood")]
    assert [(p.pointer, p.code) for p in fourth.given[0][2]] == [("E7", "form_unknown")]
    assert [(p.pointer, p.code) for p in fifth.problems] == [("B8", "too_long")]
    done = send(cast, workbook(("表", "清单", captions, rows)), zones=["EAST"])
    assert (done["counts"]["new"], done["counts"]["refused"], done["counts"]["delegations_refused"]) == (1, 3, 2)
    assert cast.database.ask_now(cast.leader, delegations.list_, "EAST") == []


def test_a_blank_cell_leaves_what_is_known_and_a_filled_one_changes_it(cast: Cast) -> None:
    item(cast, "P-1", name="排污许可证核发", department="市生态环境局", kind="licence", promised_days=10, basis="条例")
    captions = (*TONGLING, "承诺时限（工作日）", "对应环节")
    rows = [(1, "排污许可证 核发", "", "市生态环境局", "", "登记管理", "5个工作日", "environment")]
    done = send(cast, workbook(("表", "清单", captions, rows)))
    (line,) = done["lines"]
    assert {c["field"]: (c["before"], c["after"]) for c in line["changes"]} == {
        "name": ("排污许可证核发", "排污许可证 核发"), "remarks": (None, "登记管理"), "promised_days": (10, 5), "steps": ([], ["environment"]),
    }  # fmt: skip
    kept = cast.database.ask_now(cast.leader, powers.read, "P-1")
    assert (kept["kind"], kept["basis"], kept["promised_days"]) == ("licence", "条例", 5)


def test_an_item_may_serve_what_a_step_is_in_another_class_and_comes_back_from_a_file_unchanged(cast: Cast) -> None:
    """An approval is the step of the filing in its class, under a key of its own."""
    item(cast, "P-1", name="企业投资项目核准", department="市发展改革委", steps=["verification", "feasibility"])
    item(cast, "P-2", name="环评", department="市生态环境局", steps=["environment"])
    captions = ("事项编码", "事项名称", "原行使部门", "对应环节")
    rows = [
        ("P-1", "企业投资项目核准", "市发展改革委", "企业投资项目核准；Approval of the feasibility study"),
        ("P-2", "环评", "市生态环境局", "城堡"),
        ("P-3", "施工许可", "市住建局", "建筑工程施工许可证（含质量安全监督）、filing environment"),
    ]
    plan = look(cast, workbook(("表", "清单", captions, rows)))
    assert [line.becomes for line in plan.lines] == ["same", "same", "new"]
    assert [n.values["text"] for n in plan.lines[1].notes] == ["城堡"], "told, and what is known stays"
    assert orjson.loads(plan.new[0].steps) == ["construction_permit", "environment", "filing"]
    with pytest.raises(Invalid):
        item(cast, "P-4", steps=["castle"])


def test_1223_items_come_in_at_one_go_and_again_without_a_difference(cast: Cast) -> None:
    kinds = ("行政许可", "行政处罚", "行政检查", "公共服务", "其他")
    rows = [(n, f"事项第{n}项", kinds[n % 5], f"市{n % 30}局", "下放", "") for n in range(1, 1224)]
    content = workbook(("附件", "松原市赋权事项清单", TONGLING, rows))
    done = send(cast, content, zones=["EAST", "WEST"], effective_from="2026-03-01", document="松政发〔2026〕1号")
    assert (done["counts"]["new"], done["counts"]["delegations_new"]) == (1223, 2446)
    again = send(cast, content, zones=["EAST", "WEST"], effective_from="2026-03-01", document="松政发〔2026〕1号")
    assert (again["counts"]["same"], again["counts"]["delegations_same"]) == (1223, 2446)
    found = cast.database.ask_now(cast.leader, power_map.matrix, power_map.Asked())
    assert (found.whole.total, len(found.groups), len(found.cells)) == (1223, 30, 2446)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_matrix_as_a_file_comes_back_without_a_difference(sqlite_cast: Cast, form: str, language: str) -> None:
    cast = sqlite_cast
    item(cast, "P-1", department="住建", steps=["construction_permit"], statutory_days=0, basis="条例")
    item(cast, "P-2", name="用地审批", department=None, reserved=True, level=None, kind="public_service")
    item(cast, "P-3", name="给过又收回", department="住建")
    run(cast, "EAST", "P-1", form="authorization")
    run(cast, "WEST", "P-3")
    cast.database.act_now(cast.office, delegations.move, "WEST", "P-3", {"to": "revoked", "document": "文"})
    made = cast.database.ask_now(cast.by("leader", language=language), power_exports.file, power_map.Asked(), form)
    content = made.path.read_bytes()
    made.path.unlink()
    plan = look(cast, content, f"导出.{form}")
    assert plan.counts() == {
        "new": 0, "changed": 0, "same": 3, "refused": 0, "delegations_new": 0, "delegations_same": 1, "delegations_refused": 0,
    }  # fmt: skip


def test_only_who_keeps_the_catalogue_sends_a_list(web: Web) -> None:
    content = workbook(("附件1", "清单", TONGLING, ANNEX))
    files = {"file": ("清单.xlsx", content)}
    assert web.post("/powers/imports", key="write", files=files).status_code == 403
    with pytest.raises(Forbidden):
        web.cast.database.ask_now(web.cast.editor, power_imports.spellings)
    seen = web.post("/powers/imports?validate_only=true", files=files, data={"zones": "EAST"})
    assert (seen.status_code, seen.json()["counts"]["new"]) == (201, 3)
    assert web.get("/powers").json()["items"] == []
    done = web.post("/powers/imports", files=files, data={"zones": "EAST,WEST"}, headers={"Idempotency-Key": "k1"})
    assert (done.status_code, done.json()["counts"]["delegations_new"]) == (201, 6)
    assert web.post("/powers/imports", files=files, data={"zones": "NORTH"}).status_code == 422
    broken = web.post("/powers/imports", files={"file": ("x.csv", b"a,b\n1,2\n")})
    assert (broken.status_code, broken.json()["errors"][0]["code"]) == (422, "no_list")
    assert web.get("/power-matrix.xlsx", key="read").content[:2] == b"PK"
    assert web.get("/power-matrix.pdf").status_code == 404


def test_what_comes_back_through_the_form_is_a_draft_or_refused(sqlite_cast: Cast) -> None:
    content = workbook(("附件1", "清单", TONGLING, ANNEX))
    made = draft(sqlite_cast, content)
    assert power_imports.unpacked(power_imports.packed(made)) == made
    without_title = '{"file":"a","sheets":[{"rows":[[1,{"name":"x"},{"name":"A1"},{}]]}]}'
    for broken in (
        "",
        "[]",
        '{"file":"a","sheets":[{"rows":[[1,{},{},{}]]}]}',
        '{"file":1,"sheets":[]}',
        without_title,
    ):
        with pytest.raises(Invalid):
            power_imports.unpacked(broken)


def test_words_of_lists() -> None:
    assert [form_of(w) for w in ("下放", "委托实施", "授权", "服务窗口前移", "赠与", "")] == [
        "transfer", "entrustment", "authorization", "window_only", None, None,
    ]  # fmt: skip
    assert [kind_of(w) for w in ("行政许可/其他(按地区口径)", "公共服务", "其他行政权力", "public service", "？")] == [
        "licence", "public_service", "other", "public_service", None,
    ]  # fmt: skip
    assert [days_of(w) for w in ("15个工作日", "即办", "尽快", "7")] == [15, 0, None, 7]

"""The demo's approval powers: items with names as they stand in published lists, and invented delegations, different for
every zone, so that there is something to run, to wait for, to end soon and to have been taken back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

from app.demo.dates import days_later
from app.rules.codes import BoundaryHolder, PowerKind, PowerLevel

POWERS_CSV = Path(__file__).with_name("powers.csv")
KINDS = {
    "行政许可": PowerKind.LICENCE, "行政处罚": PowerKind.PENALTY, "行政检查": PowerKind.INSPECTION, "行政奖励": PowerKind.REWARD,
    "行政确认": PowerKind.CONFIRMATION, "行政裁决": PowerKind.RULING, "公共服务": PowerKind.PUBLIC_SERVICE, "其他": PowerKind.OTHER,
}  # fmt: skip
LEVELS = {"省级": PowerLevel.PROVINCE, "市级": PowerLevel.CITY, "县级": PowerLevel.COUNTY}
SHARES = {
    "371500-HTZ": 86, "371500-ETDZ": 82, "371521-ETDZ": 74, "371503-ETDZ": 63, "371581-ETDZ": 54, "371525-ETDZ": 49,
    "371502-ETDZ": 46, "371526-ETDZ": 41, "371524-ETDZ": 34, "371522-ETDZ": 27, "371500-RESORT": 14,
}  # fmt: skip
"""Zone → per cent of the items that were given to it."""
HOST = "371500-ETDZ"
TERM = 5 * 365
WAITS = (
    "市局未出具委托书", "缺 2 名持证审批人员", "业务系统账号未开通", "审批专用章备案中", "专家库未共享", "档案移交未完成",
)  # fmt: skip
FORMS = (
    ("transfer", 55),
    ("entrustment", 25),
    ("authorization", 10),
    ("window_only", 6),
    ("branch_office", 2),
    ("posted_official", 2),
)
BOUNDARIES = (
    ("总体规划和控制性详细规划的组织编制", BoundaryHolder.COMMITTEE, "规划建设部", "ZR-024"),
    ("项目招引、落地和建设调度", BoundaryHolder.COMMITTEE, "经济发展部", "FG-001"),
    ("施工许可和工程质量安全监督", BoundaryHolder.COMMITTEE, "规划建设部", "ZJ-001"),
    ("安全生产监督管理", BoundaryHolder.COMMITTEE, "应急管理部", "YJ-009"),
    ("土地征收补偿和附着物清点", BoundaryHolder.HOST_TOWN, "蒋官屯街道", None),
    ("社会事务、户籍和村（居）管理", BoundaryHolder.HOST_TOWN, "东城街道", None),
    ("道路、管网的建设和养护", BoundaryHolder.ZONE_COMPANY, "开发区建设投资公司", None),
    ("标准厂房的建设、招租和物业", BoundaryHolder.ZONE_COMPANY, "开发区资产运营公司", None),
    ("农用地转用和土地征收报批", BoundaryHolder.DEPARTMENT, "市自然资源和规划局", "ZR-002"),
    ("环境影响报告书审批", BoundaryHolder.DEPARTMENT, "市生态环境局", "HJ-001"),
)


def catalogue() -> list[dict[str, Any]]:
    """Every item as the columns of its row, the steps as a list."""
    with POWERS_CSV.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {
            "code": row["编码"], "name": row["事项名称"], "kind": KINDS[row["事项类型"]].value, "department": row["原行使部门"],
            "level": LEVELS[row["层级"]].value, "statutory_days": int(row["法定时限"]) if row["法定时限"] else None,
            "promised_days": int(row["承诺时限"]) if row["承诺时限"] else None, "reserved": bool(row["法定不可下放"]),
            "steps": [row["对应环节"]] if row["对应环节"] else [],
        }
        for row in rows
    ]  # fmt: skip


def held(today: str) -> Iterator[dict[str, Any]]:
    """Every delegation as facts to begin it with: ``zone``, ``power``, and for those taken back ``revoked_on``."""
    for zone, share in SHARES.items():
        for power in catalogue():
            if not power["reserved"] and _draw(zone, power["code"], "given") < share:
                yield {"zone": zone, "power": power["code"], **_facts(zone, power, today)}


def _draw(*words: str) -> int:
    """0 to 99, always the same for the same words."""
    return crc32("/".join(words).encode()) % 100


def _facts(zone: str, power: dict[str, Any], today: str) -> dict[str, Any]:
    """A batch of two years ago runs, one of this spring is on its way; a few end soon, a few were taken back."""
    code = power["code"]
    age, mark = _draw(zone, code, "state"), _draw(code, zone, "mark")
    ends_soon = age < 74 and mark < 3
    given_on = days_later(today, 40 - TERM) if ends_soon else days_later(today, -720 if age < 74 else -150 + mark)
    form = _form(zone, code)
    facts: dict[str, Any] = {
        "form": form,
        "batch": "第一批" if age < 74 else "第二批",
        "document": f"聊政字〔{given_on[:4]}〕{18 if age < 74 else 7}号（演示）",
        "given_on": given_on,
        "effective_from": days_later(given_on, 30),
        "effective_until": days_later(given_on, TERM),
        "supervision": f"{power['department']}每半年抽查一次办件质量",
    }
    if form == "entrustment":
        facts["scope_document"] = f"{power['department']}行政委托书（演示）"
    if age < 86:
        facts |= {"receiving_department": "行政审批服务部", "own_seal": mark % 3 > 0}
    if age < 74:
        facts |= {"state": "running", "state_on": days_later(given_on, 45)}
        return facts | ({"revoked_on": days_later(today, -60 - mark)} if mark > 96 else {})
    if age < 86:
        facts |= {"state": "taken_over", "state_on": days_later(given_on, 40)}
    return facts | {"waiting_for": WAITS[mark % len(WAITS)]}


def _form(zone: str, code: str) -> str:
    left = _draw(zone, code, "form")
    for form, share in FORMS:
        if left < share:
            return form
        left -= share
    return FORMS[0][0]

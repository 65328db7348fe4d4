"""The demo city: ten real zones with their real figures of 2019-2021, an eleventh without, and the city's industries.

Ranks and per-mu figures are those of ``zones_2019_2021.csv``, the layout ``sanzhang zones import`` reads too. Everything
else in the demo is invented.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

from app.rules.codes import ZoneKind, ZoneLevel

ZONES_CSV = Path(__file__).with_name("zones_2019_2021.csv")
ZONES_OF_PROVINCE = 160
SOURCE = "Published table of the zones of Liaocheng, 2019-2021"

ETDZ, HTZ, RESORT = ZoneKind.ECONOMIC_TECHNOLOGICAL, ZoneKind.HIGH_TECH, ZoneKind.TOURISM_RESORT
NATIONAL, PROVINCIAL = ZoneLevel.NATIONAL, ZoneLevel.PROVINCIAL

# code, name, short name, level, kind, county, leading industries, other spellings met
_ZONES: tuple[tuple[str, str, str, ZoneLevel, ZoneKind, str | None, list[str], list[str]], ...] = (
    (
        "371500-ETDZ", "聊城经济技术开发区", "聊城经开区", NATIONAL, ETDZ, None,
        ["vehicles", "equipment", "new_materials"], ["市经开区", "聊城开发区"],
    ),
    (
        "371500-HTZ", "聊城高新技术产业开发区", "聊城高新区", PROVINCIAL, HTZ, None,
        ["chemicals", "equipment", "biomedicine"], ["市高新区", "聊城高新技术开发区"],
    ),
    (
        "371500-RESORT", "聊城江北水城旅游度假区", "江北水城度假区", PROVINCIAL, RESORT, None,
        ["tourism", "health"], ["聊城旅游度假区", "市旅游度假区", "江北水城旅游度假区"],
    ),
    (
        "371502-ETDZ", "聊城嘉明经济开发区", "嘉明经开区", PROVINCIAL, ETDZ, "东昌府区",
        ["bearings", "equipment", "food"], ["嘉明经济开发区", "东昌府经开区", "东昌府经济开发区"],
    ),
    (
        "371503-ETDZ", "茌平经济开发区", "茌平经开区", PROVINCIAL, ETDZ, "茌平区",
        ["aluminium", "new_energy", "food"], ["在平经开区", "在平经济开发区", "茌平", "在平"],
    ),
    (
        "371581-ETDZ", "临清经济开发区", "临清经开区", PROVINCIAL, ETDZ, "临清市",
        ["bearings", "textiles", "equipment"], ["临清", "临清市经开区"],
    ),
    (
        "371524-ETDZ", "东阿经济开发区", "东阿经开区", PROVINCIAL, ETDZ, "东阿县",
        ["biomedicine", "food", "bearings"], ["东阿", "东阿县经开区"],
    ),
    (
        "371525-ETDZ", "冠县经济开发区", "冠县经开区", PROVINCIAL, ETDZ, "冠县",
        ["steel", "textiles", "bearings"], ["冠县", "冠县开发区"],
    ),
    (
        "371521-ETDZ", "阳谷经济开发区", "阳谷经开区", PROVINCIAL, ETDZ, "阳谷县",
        ["cables", "copper", "chemicals"], ["阳谷", "阳谷县经开区"],
    ),
    (
        "371522-ETDZ", "鲁西经济开发区", "鲁西经开区", PROVINCIAL, ETDZ, "莘县",
        ["food", "chemicals", "equipment"], ["莘县经开区", "莘县经济开发区", "莘县"],
    ),
    (
        "371526-ETDZ", "高唐经济开发区", "高唐经开区", PROVINCIAL, ETDZ, "高唐县",
        ["paper", "vehicles", "food"], ["高唐", "高唐县经开区"],
    ),
)  # fmt: skip

# code, name, parent, other spellings, classes of GB/T 4754
_INDUSTRIES: tuple[tuple[str, str, str | None, list[str], list[str]], ...] = (
    ("equipment", "高端装备", None, ["装备制造", "高端装备制造", "机械"], ["34", "35", "38"]),
    ("bearings", "轴承及零部件", "equipment", ["轴承", "精密零部件"], ["345", "348"]),
    ("vehicles", "新能源汽车及零部件", None, ["汽车", "汽车零部件", "新能源汽车", "农机"], ["36", "357"]),
    ("new_energy", "新能源及储能", None, ["新能源", "储能", "氢能"], ["384", "44"]),
    ("new_materials", "新材料", None, ["新能源新材料", "前沿材料"], ["30", "398"]),
    ("aluminium", "铝及铝精深加工", "metals", ["铝加工", "铝精深加工"], ["3216", "3252"]),
    ("copper", "铜及铜精深加工", "metals", ["铜加工"], ["3211", "3251"]),
    ("steel", "精品钢板及金属制品", "metals", ["钢板", "金属制品", "板材"], ["31", "33"]),
    ("metals", "有色金属及金属材料", None, ["有色金属", "金属材料"], ["31", "32", "33"]),
    ("cables", "线缆及电子信息", None, ["线缆", "光纤光缆", "电子信息"], ["383", "39"]),
    ("chemicals", "化工新材料", None, ["化工", "精细化工"], ["26", "28", "29"]),
    ("biomedicine", "生物医药", None, ["医药", "医药健康", "医疗器械", "阿胶"], ["27", "358"]),
    ("food", "食品及农产品加工", None, ["食品", "农副产品加工", "医药食品"], ["13", "14", "15"]),
    ("textiles", "纺织服装", None, ["纺织", "服装"], ["17", "18"]),
    ("paper", "造纸及包装", None, ["造纸", "包装", "印刷"], ["22", "23"]),
    ("tourism", "文化旅游", None, ["文旅", "旅游"], ["61", "78", "90"]),
    ("health", "康养服务", None, ["康养", "健康服务"], ["84", "85"]),
    ("logistics", "现代物流", None, ["物流", "冷链"], ["59"]),
)


def zones() -> list[dict[str, Any]]:
    """The eleven zones, with the field names of the API. What is not known of a zone is None."""
    figures = _figures()
    found = []
    for code, name, short, level, kind, county, leading, aliases in _ZONES:
        row = next((figures[spelling] for spelling in (short, name, *aliases) if spelling in figures), {})
        found.append(
            {
                "code": code,
                "name": name,
                "short_name": short,
                "level": level,
                "kind": kind,
                "province": "山东省",
                "city": "聊城市",
                "county": county,
                "remaining_area_km2": _number(row.get("剩余面积(平方公里)")),
                "leading_industries": [industry_names()[industry] for industry in leading],
                "aliases": aliases,
                "indicators": _indicators(row),
            }
        )
    return found


@cache
def _figures() -> dict[str, dict[str, str]]:
    with ZONES_CSV.open(encoding="utf-8-sig", newline="") as file:
        return {row["开发区名称"]: row for row in csv.DictReader(file)}


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _indicators(row: dict[str, str]) -> list[dict[str, Any]]:
    """Yearly figures of one zone: ``year, key, value, unit, rank, of, source``. The per-mu columns are of 2021."""
    found = []
    for year in (2019, 2020, 2021):
        if rank := _number(row.get(f"{year}年全省综合排名")):
            found.append(_indicator(year, "comprehensive", None, None, int(rank)))
    for key, title in (("tax_per_mu", "亩均税收"), ("investment_per_mu", "投资强度")):
        if (value := _number(row.get(f"{title}(万元/亩)"))) is not None:
            rank = _number(row.get(f"{title}排名"))
            found.append(_indicator(2021, key, value, "万元/亩", int(rank) if rank else None))
    if (left := _number(row.get("剩余面积(平方公里)"))) is not None:
        found.append(_indicator(2021, "remaining_area", left, "平方公里", None))
    return found


def _indicator(year: int, key: str, value: float | None, unit: str | None, rank: int | None) -> dict[str, Any]:
    of = ZONES_OF_PROVINCE if rank else None
    return {"year": year, "key": key, "value": value, "unit": unit, "rank": rank, "of": of, "source": SOURCE}


def industries() -> list[dict[str, Any]]:
    """The city's list of industries: ``code, name, parent_code, aliases, gbt4754``, in its order."""
    return [
        {"code": code, "name": name, "parent_code": parent, "aliases": aliases, "gbt4754": classes}
        for code, name, parent, aliases, classes in _INDUSTRIES
    ]


def industry_names() -> dict[str, str]:
    return {code: name for code, name, *_ in _INDUSTRIES}


def leading(zone_code: str) -> list[str]:
    """Codes of the industries that lead in a zone, the first one most."""
    return next(zone[6] for zone in _ZONES if zone[0] == zone_code)


def place_name(zone_code: str) -> str:
    """What firms of a zone put before their name: its county without the last character, else the city."""
    county = next(zone[5] for zone in _ZONES if zone[0] == zone_code)
    return county[:-1] if county and len(county) > 2 else county or "聊城"

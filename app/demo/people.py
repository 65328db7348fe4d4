"""Invented people and units of the demo zones. Names are put together at random; the phones belong to nobody."""

from __future__ import annotations

import random
from dataclasses import dataclass

SURNAMES = "郭孙陈周何韩郑马罗田方高赵梁孟秦许宋冯蒋沈姚崔潘袁邓曹彭曾肖程傅侯邵龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = tuple(
    word
    for line in (
        "启明 立川 维舟 明远 雨桐 锦文 浩然 晓岚 景行 一诺 书琴 若楠 秉文 思远 晓舟 若谷 望川 知行",
        "怀瑾 清和 云帆 嘉禾 听澜 砚秋 沐阳 亦凡 予安 星野 南乔 北辰 临风 疏桐 静姝 言蹊 修竹 望舒",
        "青禾 子衿 知微 牧云 归舟 长庚",
    )
    for word in line.split()
)
UNITS = ("装备产业专班", "新材料专班", "医药食品专班", "招商一局", "招商二局", "投资促进局", "重点项目办", "经济发展局")
SERVICE_UNITS = ("行政审批服务部一窗", "项目代办服务中心", "企业服务中心")
LEADERS_A_ZONE, PERSONS_A_ZONE = 5, 9
HOST_LEADER, HOST_EDITOR = "郭启明", "李文静"
"""They sign in to the demo, so they answer for projects of its first zone and have something under "my projects"."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in one zone: leaders, persons with their unit and phone, and units."""

    leaders: tuple[str, ...]
    persons: tuple[tuple[str, str, str], ...]
    units: tuple[str, ...]
    service_units: tuple[str, ...]


def staff(position: int, seed: int) -> Staff:
    """The staff of the zone at ``position`` in the city's list. No name occurs twice in the city."""
    each = LEADERS_A_ZONE + PERSONS_A_ZONE
    names = [name for surname in SURNAMES for given in GIVEN if (name := surname + given) != HOST_LEADER]
    random.Random(f"people/{seed}").shuffle(names)
    mine = names[position * each : (position + 1) * each]
    if position == 0:
        mine[0], mine[LEADERS_A_ZONE + 7] = HOST_LEADER, HOST_EDITOR
    rng = random.Random(f"units/{seed}/{position}")
    units = tuple(rng.sample(UNITS, 5))
    persons = tuple(
        (name, units[at % len(units)], f"138 0000 {position * 20 + at + 100:04d}")
        for at, name in enumerate(mine[LEADERS_A_ZONE:])
    )
    return Staff(tuple(mine[:LEADERS_A_ZONE]), persons, units, SERVICE_UNITS)

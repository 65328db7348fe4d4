"""Is it the same firm? Its name without place, legal form, brackets and script, compared by text, by sound and by shape.

People write one firm in many ways: 山东省聊城市鑫源铜业有限公司, 鑫源铜业, 鑫源銅業（集團）股份有限公司, and 鑫园铜业 when the wrong
word of the same sound was taken. Firms that differ by one word of meaning (鑫源铜业, 鑫源铝业) are two firms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from rapidfuzz.distance import OSA

from app.rules import places
from app.rules.search_terms import readings
from app.rules.traditional import simplified

FORMS = (
    "股份有限公司", "有限责任公司", "有限公司", "有线公司", "股份公司", "集团公司", "有限合伙", "合伙企业", "分公司", "总公司", "公司",
    "集团", "控股", "股份", "有限责任公", "有限公", "有限责任", "有限", "责任", "集", "coltd", "ltd", "limited", "inc",
)  # fmt: skip
"""Legal forms at the end of a name, longest first, whole and as far as they have been typed."""
IN_BRACKETS = frozenset(("集团", "控股", "股份", "有限合伙", "中国", "筹", "筹建", "暂定名", "暂名", "拟设立", "演示"))
GENERIC = re.compile(
    "(?:科技|技术|实业|发展|投资|贸易|商贸|工业|工贸|制造|产业|企业|建设|开发|新能源|新材料|材料|设备|装备|智能|电子|生物|环保|机械|国际|制品|进出口|有限)*"
)
"""Words that a firm's short name leaves out."""
_BRACKETS = re.compile(r"[(\[【〔《]([^)\]】〕》]*)[)\]】〕》]?")
_SHAPES = (
    "己已巳 未末 土士工 人入八 日曰 大太犬 天夫 干千于 甲申由田 王玉主 今令 候侯 拆折析 壁璧 辨辩 泰秦奏 洒酒 徽微徵 治冶 准淮 晴睛 货贷 凤风 历厉 "
    "鸟乌 免兔 代伐 圆园 垣恒桓 烁砾 禾木本术 栩诩 川州 沐沭 宏宠 瑞端 祥详样 浩洁 诚城 博搏 晟晨 铭铬 锋峰蜂 盈盆 源原 午牛 石右 力刀 东车 问间 住往 "
    "拔拨 杨扬场 抢枪 炼练 幕墓慕 蓝篮 毫豪 竟竞 卷券 困因 材村 伦沦 宜宣 崇祟 峻竣 帅师 弘泓 仑仓 竖坚 坚竖 戊戌 汇江 泊柏 泽译 润闰 涌通 渤勃"
)  # fmt: skip
"""Characters that are taken for one another because they look alike."""
ALIKE = frozenset(frozenset((a, b)) for group in _SHAPES.split() for a in group for b in group if a != b)
SAME, NEAR, SHORT, ELSEWHERE = 1.0, 0.92, 0.85, 0.5


@dataclass(frozen=True)
class Firm:
    """A firm's name taken apart."""

    core: str
    """What is left without place and form: 鑫源铜业."""
    place: places.Place
    whole: str
    """With the place in short before it: 聊城鑫源铜业."""


def plain(text: str) -> str:
    """Text for comparing: half width, simplified, lower case, letters and digits only."""
    return "".join(c for c in simplified(normalize("NFKC", text).casefold()) if c.isalnum())


@lru_cache(maxsize=1 << 15)
def firm(name: str) -> Firm:
    """The parts of a firm's name."""
    place = places.NOWHERE
    kept = []
    text = simplified(normalize("NFKC", name).casefold())
    at = 0
    for found in _BRACKETS.finditer(text):
        inside = plain(found[1])
        kept.append(text[at : found.start()])
        at = found.end()
        there = places.place_of(inside)
        place = places.joined(place, there)
        if there == places.NOWHERE and inside not in IN_BRACKETS:
            kept.append(inside)
    bare = plain("".join((*kept, text[at:])))
    said, rest = places.split(bare)
    core = _without_form(rest)
    place = places.joined(said, place)
    return Firm(core, place, (place[1] or place[0]) + core)


def _without_form(text: str) -> str:
    while True:
        form = next((f for f in FORMS if text.endswith(f) and len(text) - len(f) >= places.LEAST), None)
        if form is None:
            return text
        text = text[: -len(form)]


def is_firm(name: str) -> bool:
    """Does a text end like the name of a firm?"""
    return plain(re.sub(_BRACKETS, "", name)).endswith(("公司", "集团", "合伙", "企业", "控股", "厂"))


@lru_cache(maxsize=1 << 15)
def sound(char: str) -> str:
    """How a character sounds, as loosely as it is typed: z for zh, n for ng."""
    read = readings(char)
    said = read[0] if read else char
    if len(said) > 1 and said[1] == "h" and said[0] in "zcs":
        said = said[0] + said[2:]
    return said.removesuffix("g") if said.endswith("ng") else said


@lru_cache(maxsize=1 << 15)
def sounds(text: str) -> tuple[str, ...]:
    """The sounds of a text, one a character."""
    return tuple(map(sound, text))


def alike(one: Firm, other: Firm) -> float:
    """How surely two names mean one firm, from 0 to 1."""
    if not one.core or not other.core:
        return 0.0
    found = max(_cores(one.core, other.core), _short(one, other))
    if found == SAME and min(len(one.core), len(other.core)) <= places.LEAST and one.place != other.place:
        found = ELSEWHERE + 0.1  # 上海电气 is not whoever says only 电气
    return min(found, ELSEWHERE) if places.apart(one.place, other.place) else found


def _cores(one: str, other: str) -> float:
    if one == other:
        return SAME
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1 or len(shorter) < 3:
        return 0.0
    if sounds(one) == sounds(other):
        return NEAR
    if OSA.distance(one, other) != 1:
        return 0.0
    if len(shorter) < len(longer):  # one character was left out, or doubled
        place = next((n for n, c in enumerate(shorter) if c != longer[n]), len(shorter))
        return NEAR if place else 0.0
    changed = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(changed) == 2:  # two neighbours changed places
        return NEAR
    return NEAR if frozenset((one[changed[0]], other[changed[0]])) in ALIKE else 0.0


def _short(one: Firm, other: Firm) -> float:
    """Is one the short name of the other: 宁德时代, 时代新能源科技 of 宁德?"""
    for a, b in ((one.core, other.core), (one.whole, other.whole)):
        shorter, longer = sorted((a, b), key=len)
        if len(shorter) >= 3 and shorter != longer and longer.startswith(shorter):
            rest = longer[len(shorter) :]
            if GENERIC.fullmatch(rest) and (len(shorter) >= 4 or len(rest) <= 4):
                return SHORT
    return 0.0

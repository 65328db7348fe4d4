"""Firms as people write them: invented ones, some of them hard to tell apart, and each in many spellings, from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache

from app.rules.firm_names import firm
from app.rules.places import CITIES
from app.rules.search_terms import readings
from app.rules.traditional import SIMPLIFIED, TRADITIONAL

BRANDS = ["鑫源", "宏远", "恒泰", "中信通", "瑞丰", "华茂", "金诚", "天润", "永盛", "东方希望", "信发", "祥光", "鲁西", "时风", "中通", "三和", "泰山", "嘉明", "冠洲", "临工", "蓝帆", "华鲁", "恒力", "荣盛", "通威", "隆基", "晶科", "天合", "远景", "国轩", "欣旺达", "亿纬", "汇川", "大族", "歌尔", "立讯", "蓝思", "欧菲", "京东方", "长电", "华天", "士兰", "韦尔", "卓胜", "圣邦", "兆易", "澜起", "斯达", "新洁能", "宏微", "时代", "中车", "三一", "徐工", "柳工", "山推", "雷沃", "潍柴", "玉柴", "云内", "伊利", "蒙牛", "光明", "完达山", "飞鹤", "双汇", "金锣", "得利斯", "龙大", "圣农", "益海", "鲁花", "西王", "三星", "保龄宝", "东阿", "福瑞达", "齐鲁", "罗欣", "绿叶", "瑞阳", "新华", "鲁抗", "辰欣", "科兴", "康希诺", "智飞", "沃森", "万泰"]  # fmt: skip
TRADES = [
    "铜业",
    "铝业",
    "钢铁",
    "化工",
    "纺织",
    "机械",
    "重工",
    "轴承",
    "车桥",
    "汽车零部件",
    "新材料",
    "电子",
    "光电",
    "半导体",
    "生物",
    "制药",
    "医疗器械",
    "食品",
    "饲料",
    "粮油",
    "包装",
    "纸业",
    "家居",
    "环保",
    "能源",
    "储能",
    "氢能",
    "智能装备",
    "精密制造",
    "物流",
    "农牧",
    "陶瓷",
    "玻璃",
    "橡胶",
    "塑胶",
    "电缆",
    "电气",
    "仪表",
    "船舶",
    "航空",
]
TAILS = ("", "", "科技", "实业", "发展", "投资", "技术", "制造")
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司")
MISREAD = "祥样 瑞端 恒垣 峰蜂 诚城 盛盟 华毕 泰秦 冠寇 汇江 隆陷 兆北 蓝篮 源原 宏宠 凤风 拆折 圆园 未末 天夫 鸟乌 治冶 准淮 徽微 王玉 大太 日曰 土士 力刀 工土 木本 牛午 石右 车东"
"""What is read wrongly from paper, gathered apart from the table by which firms are compared."""
Vary = Callable[[random.Random, str, str], str | None]


def firms(number: int, seed: int) -> list[str]:
    """So many names, each another firm: among them brands in several trades and cities."""
    rng = random.Random(seed)
    cities, found = sorted(CITIES), dict[tuple[str, str], str]()
    while len(found) < number:
        core = rng.choice(BRANDS) + rng.choice(TRADES) + rng.choice(TAILS)
        city = rng.choice(cities) if rng.random() < 0.75 else ""
        name = city + (rng.choice(("", "市")) if city else "") + core + rng.choice(FORMS)
        found.setdefault((core, city), name)
    return list(found.values())


@cache
def homophones(char: str) -> tuple[str, ...]:
    """Other everyday characters that are typed with the same letters."""
    read = readings(char)[:1]
    everyday = (
        bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)
    )
    return tuple(c for c in everyday if c and c != char and readings(c)[:1] == read)


def _form(rng: random.Random, name: str, core: str) -> str:
    return (
        name.split(core, maxsplit=1)[0] + core + rng.choice((*FORMS, "公司", "集团公司", "集团", "股份公司", "有限公"))
    )


def _bare(rng: random.Random, name: str, core: str) -> str:
    return name.split(core, maxsplit=1)[0] + core


def _bracketed(rng: random.Random, name: str, core: str) -> str:
    place = name.split(core, maxsplit=1)[0].removesuffix("市")
    return core + (f"({place})" if place else rng.choice(("（集团）", "(控股)"))) + "有限公司"


def _wide(rng: random.Random, name: str, core: str) -> str:
    return " ".join((name[:4], name[4:])) + rng.choice(("（筹）", "　", ""))


def _in_full(rng: random.Random, name: str, core: str) -> str | None:
    city = name.split(core, maxsplit=1)[0].removesuffix("市")
    return f"{CITIES[city]}省{city}市{core}有限公司" if city else None


def _placeless(rng: random.Random, name: str, core: str) -> str:
    return core + rng.choice(FORMS)


def _traditional(rng: random.Random, name: str, core: str) -> str | None:
    made = name.translate(str.maketrans(SIMPLIFIED, TRADITIONAL))
    return made if made != name else None


def _homophone(rng: random.Random, name: str, core: str) -> str | None:
    at = rng.randrange(len(core))
    others = homophones(core[at])
    return name.replace(core, core[:at] + rng.choice(others) + core[at + 1 :]) if others else None


def _lookalike(rng: random.Random, name: str, core: str) -> str | None:
    pairs = [(at, b) for at, c in enumerate(core) for pair in MISREAD.split() if c in pair for b in pair if b != c]
    if not pairs:
        return None
    at, other = rng.choice(pairs)
    return name.replace(core, core[:at] + other + core[at + 1 :])


def _dropped(rng: random.Random, name: str, core: str) -> str:
    at = rng.randrange(1, len(core))
    return name.replace(core, core[:at] + core[at + 1 :])


def _swapped(rng: random.Random, name: str, core: str) -> str:
    at = rng.randrange(len(core) - 1)
    return name.replace(core, core[:at] + core[at + 1] + core[at] + core[at + 2 :])


def _doubled(rng: random.Random, name: str, core: str) -> str:
    at = rng.randrange(len(core))
    return name.replace(core, core[:at] + core[at] + core[at:])


VARIES: dict[str, Vary] = {
    "form": _form, "bare": _bare, "bracketed": _bracketed, "wide": _wide, "in full": _in_full, "placeless": _placeless,
    "traditional": _traditional, "homophone": _homophone, "lookalike": _lookalike, "dropped": _dropped, "swapped": _swapped,
    "doubled": _doubled,
}  # fmt: skip


def variants(name: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """(what was done, the name as written) for a firm's name: one of each way."""
    core = firm(name).core
    for way, vary in VARIES.items():
        made = vary(rng, name, core)
        if made is not None and made != name:
            yield way, made

"""Where a firm says it is from: the province, city and county at the head of its name.

A name is told with or without them, in full or in short (山东省聊城市, 聊城), so in comparing they stand beside the name: two firms
of one name in two cities are two firms, one of them without a city may be either.
"""

from __future__ import annotations

import re
from functools import lru_cache

PROVINCES = {
    "北京": "", "天津": "", "上海": "", "重庆": "",
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
    "吉林": "长春 四平 辽源 通化 白山 松原 白城 延边",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化",
    "江苏": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 江阴 张家港 常熟 太仓",
    "浙江": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌",
    "安徽": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 晋江",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 莱芜 寿光 临清 茌平",
    "河南": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源",
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西",
    "广东": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮",
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 儋州",
    "四川": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳",
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 大理",
    "西藏": "拉萨 日喀则 昌都 林芝 山南 那曲",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南",
    "青海": "西宁 海东", "宁夏": "银川 石嘴山 吴忠 固原 中卫",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 喀什 伊犁 石河子",
    "香港": "", "澳门": "", "台湾": "台北 高雄 台中 新竹",
}  # fmt: skip
"""Province → its cities, by the short names that firms use."""
CITIES = {city: province for province, cities in PROVINCES.items() for city in cities.split()}
_LONGER = r"(?:维吾尔自治区|壮族自治区|回族自治区|特别行政区|自治区|自治州|地区|省|市)?"
_KNOWN = re.compile("(" + "|".join(sorted({*PROVINCES, *CITIES}, key=len, reverse=True)) + ")" + _LONGER)
_COUNTY = re.compile(r"[\u4e00-\u9fff]{1,5}?(?:市|县|区|旗)(?!域)")
"""A county, a district or a city that the list does not name: told by its last character."""
LEAST = 2
"""Characters that must be left of a name once its place is gone."""
COUNTRY = "中国"

Place = tuple[str, str, str]
"""Province, city and county; empty where the name does not say."""
NOWHERE: Place = ("", "", "")


@lru_cache(maxsize=1 << 14)
def split(name: str) -> tuple[Place, str]:
    """The place at the head of a plain name, and the rest of it; a name that is nothing but a place stays whole."""
    province = city = county = ""
    rest = name.removeprefix(COUNTRY) if len(name) > len(COUNTRY) + LEAST else name
    while (found := _KNOWN.match(rest)) and len(rest) - found.end() >= LEAST:
        known = found[1]
        if known in CITIES and not city:
            city, province = known, CITIES[known]
        elif known in PROVINCES and not province:
            province = known
        else:
            break
        rest = rest[found.end() :]
    if (found := _COUNTY.match(rest)) and len(rest) - found.end() >= LEAST:
        county, rest = found[0][:-1], rest[found.end() :]
    return (province, city, county), rest


def place_of(text: str) -> Place:
    """The place that a text names and nothing else; ``NOWHERE`` when it says more."""
    found = _KNOWN.fullmatch(text)
    if found is None:
        return NOWHERE
    known = found[1]
    return (CITIES[known], known, "") if known in CITIES else (known, "", "")


def joined(one: Place, other: Place) -> Place:
    """What two tellings of a place say together; the first goes before."""
    return (one[0] or other[0], one[1] or other[1], one[2] or other[2])


def apart(one: Place, other: Place) -> bool:
    """Do they lie in different places, as far as both say it?"""
    return any(a and b and a != b for a, b in zip(one, other, strict=True))

"""Words in cells that stand for one of a few choices. A word not listed here stays a doubt, never bent to fit."""

from __future__ import annotations

import re
from typing import Final

CHOICES: Final[dict[str, dict[str, str]]] = {
    "construction_nature": {
        "续建": "carried_over", "结转": "carried_over", "新开工": "new_start", "新开": "new_start",
        "本年新开工": "new_start", "竣工": "completing", "竣工投产": "completing", "部分竣工": "completing",
        "竣工或部分竣工": "completing", "建成投产": "completing", "投产": "completing", "前期": "preparatory",
        "前期工作": "preparatory", "预备": "preparatory", "储备": "preparatory", "筹备": "preparatory",
        "拟开工": "preparatory",
    },
    "kind": {
        "新招引": "new_investment", "新引进": "new_investment", "新建": "new_investment", "新上": "new_investment",
        "新投资": "new_investment", "扩建": "expansion", "增资扩产": "expansion", "增资": "expansion",
        "改扩建": "expansion", "利润再投资": "profit_reinvestment", "外资利润再投资": "profit_reinvestment",
        "技改": "technical_upgrade", "技术改造": "technical_upgrade",
    },
    "land_mode": {
        "新增用地": "new_land", "新增": "new_land", "新供地": "new_land", "存量厂房": "existing_plant",
        "盘活存量": "existing_plant", "自有厂房": "existing_plant", "租赁厂房": "leased", "租赁": "leased",
        "租用": "leased",
    },
    "disposition": {
        "正常": "active", "正常推进": "active", "缓建": "deferred", "停工": "suspended", "停建": "suspended",
        "流失": "lost", "退出": "withdrawn", "终止": "withdrawn",
    },
}  # fmt: skip

FLAGS: Final = {
    "是": True,
    "√": True,
    "有": True,
    "y": True,
    "yes": True,
    "否": False,
    "×": False,
    "n": False,
    "no": False,
}

LEDGER_WORDS: Final = (
    ("in_construction", re.compile(r"在建|续建")),
    ("upcoming", re.compile(r"拟开工|拟建|扩建|待开工|前期")),
    ("reserve", re.compile(r"储备|谋划|筹备|预备")),
    ("completed", re.compile(r"已竣工|竣工投产|已完工|已投产")),
)
DOUBTFUL_LEDGERS: Final = re.compile(r"预备|前期|续建")
"""Words that some cities use for a ledger and others for a stage inside one."""


def choice(field: str, word: str) -> str | None:
    """The code of a word, or None. Endings such as 类 and 项目 and the codes themselves are understood."""
    words = CHOICES[field]
    bare = re.sub(r"\s|[（(].*[)）]$", "", word)
    if bare in words.values():
        return bare
    for form in (bare, re.sub(r"(?:类项目|项目|类|的)$", "", bare)):
        if form in words:
            return words[form]
    return None


def ledger_in(text: str) -> str | None:
    """The one ledger that a title, a heading or a cell names; None for none or for several."""
    if text in ("reserve", "upcoming", "in_construction", "completed"):
        return text
    found = [ledger for ledger, words in LEDGER_WORDS if words.search(text)]
    return found[0] if len(found) == 1 else None


def ledger_doubtful(text: str) -> bool:
    """True where ``text`` names its ledger only by a word with two meanings."""
    return DOUBTFUL_LEDGERS.search(text) is not None and ledger_in(DOUBTFUL_LEDGERS.sub("", text)) is None

"""What a report says of problems: it names one, it says that there is none, or it says nothing.

A blank says nothing: the problem named before stands until somebody writes that there is none (any more).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TEXTS = ("problems_own", "problems_government")
NONE = (
    "无", "暂无", "没有", "无问题", "暂无问题", "无困难", "不存在", "已解决", "已经解决", "已协调解决", "问题已解决", "none", "no", "nil", "solved",
    "no problems", "-", "--", "—", "/", "",
)  # fmt: skip
"""Words for: there is no problem."""
AROUND = " \t\n\u3000。.；;"
"""Signs around such a word."""


def names(said: Mapping[str, Any]) -> bool:
    """Does it name a problem?"""
    return any(said[text] is not None and said[text].strip(AROUND).lower() not in NONE for text in TEXTS)


def speaks(said: Mapping[str, Any]) -> bool:
    """Does it say anything of problems?"""
    return any(said[text] is not None for text in TEXTS)

"""Random projects as units type them: every field of a project, in every ledger, from one seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import StrEnum
from typing import Any, get_args

from app.models import ProjectFacts
from app.models.base import meta

TEXTS = (
    "一期", "=建设厂房", "-主体封顶", "@供电", "+86", "'=1+1", "合计（演示）项目共3个", "备注：无", "1", "2026.5", "50%", "两条线\n4.7万㎡",
    "东湖  化工，（演示）", "0", "无", "是", "x_0041_", "1,000", "5.4亿元", "（二）",
)  # fmt: skip
NOT_HERE = frozenset({"parent_id", "relation", "phase_no", "name", "nature_by_hand", "plan_year", "enterprise_id"})
RARELY = 0.35


def project(rng: random.Random, ledger: str, n: int) -> dict[str, Any]:
    """The n-th random project of a ledger; about a third of its fields is unknown."""
    facts: dict[str, Any] = {"name": f"{rng.choice(('★', ''))}{ledger} 第{n}号（演示）", "ledger": ledger}
    if facts["name"][0] == "★":
        facts |= {"name": facts["name"][1:], "marks": "★"}
    for name, field in ProjectFacts.model_fields.items():
        if name not in NOT_HERE and rng.random() > RARELY:
            facts[name] = _value(rng, name, field)
    if "annual_plan_yuan" in facts:
        facts["plan_year"] = 2026
    if rng.random() > RARELY:
        facts["opening_month"] = "2026-05"
        facts |= {
            n: rng.choice((None, 0, 1, _yuan(rng))) for n in ("opening_before_year_yuan", "opening_this_year_yuan")
        }
    if ledger in ("in_construction", "completed"):
        facts["started_on"] = _day(rng)
    if ledger == "completed":
        facts["completed_on"] = _day(rng)
    return facts


def _value(rng: random.Random, name: str, field: Any) -> Any:
    facts = meta(field)
    kind = facts.get("kind")
    if kind == "choice":
        codes = next(a for a in get_args(field.annotation) if isinstance(a, type) and issubclass(a, StrEnum))
        return rng.choice([m.value for m in codes])
    if kind == "count":
        return rng.choice((0, 1, rng.randrange(10**5)))
    makers: dict[str, Callable[[random.Random], Any]] = {
        "yuan": _yuan,
        "day": _day,
        "month": lambda r: _day(r)[:7],
        "measure": lambda r: r.choice((0.0, 12.5, round(r.random() * 10**4, 3))),
        "flag": lambda r: r.random() < 0.5,
    }
    if kind in makers:
        return makers[kind](rng)
    if name == "national_code":
        return f"2026-371500-{rng.randrange(10, 99)}-01-{rng.randrange(10**5, 10**6)}"
    return rng.choice(TEXTS)


def _yuan(rng: random.Random) -> int:
    return rng.choice((0, 1, 10_000, rng.randrange(10**9), rng.randrange(10**14)))


def _day(rng: random.Random) -> str:
    return f"{rng.randrange(2010, 2030)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"

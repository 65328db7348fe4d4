"""The demo city's base of enterprises: groups that invested in several zones, which zone wants whom, and a doublet to find.

Their credit codes are of a region that does not exist.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeVar

from app.demo import wares
from app.demo.projects import DEMO
from app.rules.firm_codes import EnterpriseClass, TargetState
from app.rules.identity import credit_check

FEWEST, MOST_FIRMS = 3, 24
ORIGINS = ("浙江宁波", "江苏苏州", "广东深圳", "上海", "山东济南", "山东青岛", "北京", "福建厦门", "德国", "日本")
WANTED = (
    ("华擎动力电池集团", ("china_500", "listed", "leading_chain"), "新能源", "福建宁德"), ("北辰轨道装备", ("central_soe", "world_500"), "高端装备", "北京"),
    ("晶澈半导体", ("unicorn", "high_tech"), "电子信息", "上海"), ("康禾生物制药", ("listed", "specialised_new"), "医药", "江苏泰州"),
    ("穗丰粮油食品集团", ("private_500", "leading_chain"), "食品", "广东广州"), ("瀚铝新材", ("private_500", "single_champion"), "有色金属", "山东滨州"),
)  # fmt: skip
"""Firms of which no project is here yet."""
NOTES = ("拟赴企业总部拜访", "关注供应链配套和用能指标", "已邀请来区考察", "对接省驻外招商机构", "")


class Invested(Protocol):
    """What is asked of a project."""

    name: str
    zone_id: int
    investor_name: str | None
    industry: str | None


P = TypeVar("P", bound=Invested)


def firms(projects: Sequence[P], seed: int) -> list[tuple[dict[str, Any], list[P]]]:
    """Each firm as ``facts`` and its projects, those with most of them first; then those that are only wanted."""
    rng = random.Random(f"firms/{seed}")
    by_stem = [(stem, [p for p in projects if p.investor_name and stem in p.investor_name]) for stem in wares.STEMS]
    large = sorted((pair for pair in by_stem if len(pair[1]) >= FEWEST), key=lambda pair: -len(pair[1]))[:MOST_FIRMS]
    found: list[tuple[dict[str, Any], list[P]]] = []
    classes = [c.value for c in EnterpriseClass]
    for stem, members in large:
        facts = _facts(
            f"{stem}控股集团有限公司{DEMO}", len(found), rng.sample(classes[2:], rng.randint(1, 3)), members[0].industry
        )
        found.append((facts | {"origin": rng.choice(ORIGINS), "aliases": [f"{stem}集团"]}, members))
    for name, its, industry, origin in WANTED:
        found.append((_facts(name + DEMO, len(found), list(its), industry) | {"origin": origin}, []))
    return found


def _facts(name: str, number: int, classes: list[str], industry: str | None) -> dict[str, Any]:
    bare = f"91990000MA{number + 1:07d}"
    return {"name": name, "credit_code": bare + credit_check(bare), "classes": classes, "industry": industry}


def wanted(
    zones: Sequence[str], owners: Sequence[str], firms: Sequence[int], day: str, seed: int
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(zone, enterprise, facts) for each firm on a zone's list of targets: three of them each."""
    rng = random.Random(f"targets/{seed}")
    for zone, owner in zip(zones, owners, strict=True):
        for firm in rng.sample(list(firms), 3):
            state = rng.choice(list(TargetState)[:4])
            spoken = None if state is TargetState.PLANNED else f"{day[:8]}{rng.randint(1, max(1, int(day[8:]))):02d}"
            yield (
                zone,
                firm,
                {"state": state.value, "owner": owner, "last_contact_on": spoken, "note": rng.choice(NOTES) or None},
            )


def doublets(projects: Sequence[P]) -> list[tuple[P, P, dict[str, Any]]]:
    """(a signed project, a planned one of another zone, what the second says): both zones have met the same investor."""
    signed = [
        p
        for p in projects
        if p.investor_name and getattr(p, "signed_on", None) and getattr(p, "ledger", "") == "reserve"
    ]
    planned = [p for p in projects if not p.investor_name and getattr(p, "ledger", "") == "reserve"]
    found: list[tuple[P, P, dict[str, Any]]] = []
    for first in signed:
        later = next((p for p in planned if p.zone_id != first.zone_id and all(p is not f[1] for f in found)), None)
        if later is None or len(found) == 3:
            break
        if any(f[0].zone_id == first.zone_id for f in found):
            continue
        firm = str(first.investor_name).removesuffix(DEMO)
        spelt = (firm.replace("有限公司", "股份有限公司"), firm.replace("有限公司", "（集团）有限公司"), firm)[
            len(found)
        ]
        name = first.name.removesuffix(DEMO) + "项目" + DEMO
        found.append((first, later, {"name": name, "investor_name": spelt + DEMO}))
    return found

"""The lists (名单) that the demo city keeps: who is on them follows from the projects themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from app.rules.codes import Ledger

YI = 10**8


class Listed(Protocol):
    """What a list asks of a project."""

    ledger: Any
    zone_id: int
    total_investment_yuan: int | None
    signed_on: str | None
    relation: Any


P = TypeVar("P", bound=Listed)


def lists(projects: Sequence[P], today: str) -> list[tuple[dict[str, Any], list[P]]]:
    """Each list as ``facts`` and its members, the largest first. Parts and phases stand on no list of their own."""
    year = int(today[:4])
    whole = sorted((p for p in projects if p.relation is None), key=lambda p: -(p.total_investment_yuan or 0))
    at_work = [p for p in whole if p.ledger in (Ledger.IN_CONSTRUCTION, Ledger.UPCOMING)]
    signed = [p for p in whole if (p.signed_on or "").startswith(str(year)) and (p.total_investment_yuan or 0) >= YI]
    first_of_zone = {p.zone_id: p for p in reversed(at_work)}
    return [
        (_facts("provincial-key", "省重大项目", "省", year), [p for p in at_work if first_of_zone[p.zone_id] is p]),
        (_facts("city-key", "市重点项目", "市", year), at_work[:40]),
        (_facts("promotion", "双招双引重点项目", "市", year), signed[:30]),
    ]


def _facts(code: str, name: str, level: str, year: int) -> dict[str, Any]:
    return {"code": f"{code}-{year}", "name": f"{year}年{name}", "level": level, "year": year}

"""What the demo city asks of its zones this year: by class of size, more of the larger zones."""

from __future__ import annotations

from typing import Any

YI = 10**8
LARGE = ("371500-ETDZ", "371500-HTZ")
SMALL = ("371500-RESORT",)


def target(zone: str, year: int) -> dict[str, Any]:
    """The target of a zone, as the city office writes it."""
    if zone in LARGE:
        classes = [_class(5, 10, 3, 5), _class(10, 20, 1, 2), _class(20, None, 1, 2)]
    elif zone in SMALL:
        classes = [_class(5, 10, 1, 2)]
    else:
        classes = [_class(5, 10, 2, 4), _class(10, None, 1, 2)]
    return {"classes": classes, "counted_at": "signed", "fills": True, "document": f"市双招双引办〔{year}〕2号（演示）"}


def _class(least: int, below: int | None, low: int, high: int) -> dict[str, Any]:
    return {"least_yuan": least * YI, "below_yuan": below and below * YI, "low": low, "high": high}

"""How long something took, over many: the median of the days, over how many, and the longest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.rules.money import tenth

FEW = 5
"""Below so many cases a figure says nothing: 样本不足."""


@dataclass(frozen=True, slots=True)
class Days:
    """``median`` and ``longest`` are None where there is no case."""

    n: int
    median: float | None
    longest: int | None

    @property
    def few(self) -> bool:
        """Are these too few cases to rest on?"""
        return self.n < FEW


def between(first: str, last: str) -> int:
    """Days from one day to another; below zero when they are crossed."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def days(spans: Iterable[int]) -> Days:
    """The spans as one figure."""
    known = sorted(spans)
    if not known:
        return Days(0, None, None)
    middle = len(known) // 2
    median = Fraction(known[middle]) if len(known) % 2 else Fraction(known[middle - 1] + known[middle], 2)
    return Days(len(known), tenth(median), known[-1])

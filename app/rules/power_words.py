"""How published lists say kinds, levels and forms: a word inside the cell is enough, the first that fits counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from app.rules.codes import DelegationForm, PowerKind, PowerLevel
from app.rules.names import name_key

Code = TypeVar("Code", bound=StrEnum)
KINDS: tuple[tuple[str, PowerKind], ...] = (
    ("许可", PowerKind.LICENCE), ("处罚", PowerKind.PENALTY), ("检查", PowerKind.INSPECTION), ("监督", PowerKind.INSPECTION),
    ("奖励", PowerKind.REWARD), ("确认", PowerKind.CONFIRMATION), ("裁决", PowerKind.RULING), ("公共服务", PowerKind.PUBLIC_SERVICE),
    ("其他", PowerKind.OTHER), ("其它", PowerKind.OTHER), ("备案", PowerKind.OTHER), ("征收", PowerKind.OTHER), ("强制", PowerKind.OTHER),
    ("给付", PowerKind.OTHER), ("审批", PowerKind.LICENCE),
)  # fmt: skip
LEVELS: tuple[tuple[str, PowerLevel], ...] = (
    ("省", PowerLevel.PROVINCE), ("市", PowerLevel.CITY), ("县", PowerLevel.COUNTY), ("区", PowerLevel.COUNTY),
)  # fmt: skip
FORMS: tuple[tuple[str, DelegationForm], ...] = (
    ("委托", DelegationForm.ENTRUSTMENT), ("授权", DelegationForm.AUTHORIZATION), ("派驻", DelegationForm.BRANCH_OFFICE),
    ("见章跟章", DelegationForm.POSTED_OFFICIAL), ("受理", DelegationForm.WINDOW_ONLY), ("窗口", DelegationForm.WINDOW_ONLY),
    ("延伸", DelegationForm.WINDOW_ONLY), ("下放", DelegationForm.TRANSFER), ("赋予", DelegationForm.TRANSFER), ("划转", DelegationForm.TRANSFER),
)  # fmt: skip
NO = re.compile(r"^(?:[-—–/×xX✗否无]|不|no|none|未赋权)", re.IGNORECASE)
"""A zone's column that says: not this one."""


def kind_of(text: str) -> PowerKind | None:
    return _said(text, KINDS, PowerKind)


def level_of(text: str) -> PowerLevel | None:
    return _said(text, LEVELS, PowerLevel)


def form_of(text: str) -> DelegationForm | None:
    return _said(text, FORMS, DelegationForm)


def _said(text: str, words: tuple[tuple[str, Code], ...], codes: type[Code]) -> Code | None:
    """The member of a closed list that a cell names: in the words of real lists, or as a program and the English face
    write it."""
    plain = text.strip().lower().replace(" ", "_").replace("authorisation", "authorization")
    return next((code for word, code in words if word in text), None) or next(
        (code for code in codes if code.value in plain), None
    )


def days_of(text: str) -> int | None:
    """``15``, ``15 个工作日``, ``即时``; None where no number of days is said."""
    if "即" in text or "当场" in text:
        return 0
    found = re.search(r"\d{1,5}", text)
    return int(found[0]) if found else None


def steps_of(text: str, spelled: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The steps that a cell names (``spelled``: every spelling, folded → its key), and the words that name none."""
    found, strange = list[str](), list[str]()
    for part in filter(None, map(str.strip, re.split(r"[,，、;；\n]+", text))):
        words = [part] if name_key(part) in spelled else part.split()
        for word in words:
            key = spelled.get(name_key(word))
            found.append(key) if key else strange.append(word)
    return found, strange


def yes(text: str) -> bool:
    return text.strip()[:1] in ("是", "√", "✓", "1", "y", "Y")

"""Codes and names by which projects, zones and firms are known, and what can be repaired in them.

A code that arrives with full-width digits, blanks or another dash is repaired, never guessed: what is not a code after
that is none. The national project code is not unique (the phases of one filing share it): in matching it proposes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

NATIONAL_CODE = re.compile(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}", re.ASCII)
ZONE_CODE = re.compile(r"\d{6}-(ETDZ|HTZ|RESORT|BONDED|OTHER)(-[1-9]\d?)?", re.ASCII)
"""A zone's code in the national catalogue of 2018."""

GBT4754 = re.compile(r"[A-T]|[A-T]?\d{2,4}", re.ASCII)
"""A class of the national classification of industries: section, division, group or class."""

DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc\u4e00\ufe58\ufe63\uff0d_~]")
"""Everything that is typed for a hyphen in a code, among it the Chinese numeral one and the long vowel mark."""

_MARKS = re.compile(r"[\W_]+")
"""Everything but letters and digits."""

CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _plain(text: str) -> str:
    """Full-width forms made plain, dashes made hyphens, no blanks, upper case."""
    return re.sub(r"[\s\u200b\ufeff]", "", normalize("NFKC", DASHES.sub("-", text))).upper()


def national_code(text: str) -> str | None:
    """The national project code in ``text`` (``2502-371500-04-01-000000``), repaired; None if it is not one.

    No check digit is tested: the published form has none.
    """
    plain = re.sub("-+", "-", _plain(text))
    if re.fullmatch(r"\d{20}", plain, re.ASCII):
        plain = f"{plain[:4]}-{plain[4:10]}-{plain[10:12]}-{plain[12:14]}-{plain[14:]}"
    return plain if NATIONAL_CODE.fullmatch(plain) else None


def filed_elsewhere(code: str, zone_region: str) -> bool:
    """A warning: was the project filed in another region than the zone's (six digits each)?

    A filing with the province or the city fits every zone below it, and a zone of the city every county of it.
    """
    filed = code[5:11]
    for end in (2, 4, 6):
        if "00" in (filed[end - 2 : end], zone_region[end - 2 : end]):
            return False
        if filed[:end] != zone_region[:end]:
            return True
    return False


def filed_in(code: str | None, zone: str) -> str | None:
    """The region (six digits) in a national code, when it is another than that of the zone with this code."""
    region = zone[:6]
    known = code is not None and region.isdecimal() and len(region) == 6
    return code[5:11] if known and code is not None and filed_elsewhere(code, region) else None


FILED_ELSEWHERE = (
    "The national code was given in region {filed}, the zone lies in {zone}; is it another project's code?"
)
"""What to say of a project with ``filed_in``."""


def zone_code(text: str) -> str | None:
    """Our own code of a zone (``371500-ETDZ``, a second one ``…-2``), repaired; None if it is not one."""
    plain = _plain(text)
    return plain if ZONE_CODE.fullmatch(plain) else None


def is_gbt4754(text: str) -> bool:
    """Is it written like a class of GB/T 4754: ``C``, ``C34`` or ``3484``?"""
    return GBT4754.fullmatch(text) is not None


def credit_code(text: str) -> str | None:
    """The unified social credit code in ``text``, repaired; None unless its check character is right (GB 32100-2015)."""
    plain = _plain(text).replace("-", "")
    if len(plain) != 18 or any(c not in CREDIT_LETTERS for c in plain):
        return None
    return plain if plain[17] == credit_check(plain[:17]) else None


def credit_check(first17: str) -> str:
    """The check character of GB 32100: weights 3^i modulo 31."""
    weighted = sum(CREDIT_LETTERS.index(c) * pow(3, at, 31) for at, c in enumerate(first17))
    return CREDIT_LETTERS[-weighted % 31]


def mask_phone(phone: str) -> str:
    """A phone number as those see it who may not read phones: ``138****0100``; shorter ones keep their last two digits."""
    digits = re.sub(r"\D", "", normalize("NFKC", phone), flags=re.ASCII)
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return "*" * max(0, len(digits) - 2) + digits[-2:] if len(digits) > 2 else "*" * len(digits)


def shown_phone(phone: str | None, *, may_read: bool) -> str | None:
    return phone if phone is None or may_read else mask_phone(phone)


FIRM_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "集团公司", "集团", "公司")
ZONE_FORMS = (
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("高新技术产业开发区", "高新区"),
    ("高新技术开发区", "高新区"),
    ("高新技术产业园区", "高新区"),
)


def _name(text: str) -> str:
    """Letters and digits only, full-width forms made plain, lower case; what stands in brackets stays."""
    return _MARKS.sub("", normalize("NFKC", text).casefold())


@lru_cache(maxsize=1 << 14)
def firm_key(name: str) -> str:
    """A firm's name for matching: without brackets, blanks and its legal form. A proposal, never a proof."""
    plain = _name(name)
    for form in FIRM_FORMS:
        if plain.endswith(form) and len(plain) > len(form) + 1:
            return plain[: -len(form)]
    return plain


def zone_key(name: str) -> str:
    """A zone's name for matching: its kind in the short form, without the committee that runs it."""
    plain = _name(name).removesuffix("管理委员会").removesuffix("管委会")
    for long, short in ZONE_FORMS:
        plain = plain.replace(long, short)
    return plain

"""From the captions above a column to the field, unit and place in time that its cells mean."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from app.rules.amounts import UNITS
from app.rules.periods import Period, read_period
from app.rules.reads import plain
from app.sheets import fields

Dimension = Literal["plain", "plan", "before_year", "year_to_date", "month", "to_date"]
UNIT_WORDS = (
    *sorted(UNITS, key=len, reverse=True),
    "平方公里",
    "平方米",
    "m2",
    "亩",
    "%",
    "吨标煤",
    "吨标准煤",
    "人",
    "公里",
    "个",
    "项",
)


class Target(NamedTuple):
    """What a column means. ``field`` is '' where nothing is written (derived, unknown); ``kind`` is its place in time.

    ``year`` and ``month``: of a plan its year; of ``year_to_date`` the cumulative January to ``month``; of
    ``before_year`` everything before ``year``; of ``month`` that month alone. ``level``: whose leader (city, county,
    zone). ``unit`` is None where no unit applies or none is known.
    """

    field: str
    unit: str | None = None
    year: int | None = None
    month: int | None = None
    kind: Dimension = "plain"
    level: str | None = None
    doubt: str | None = None

    @property
    def value_kind(self) -> fields.ValueKind:
        return fields.FIELDS.get(self.field, "text")


class Setting(NamedTuple):
    """What the sheet says above its table: year and month of the title, ledger if it names one."""

    year: int | None = None
    month: int | None = None
    ledger: str | None = None


UNKNOWN = Target("")
_BRACKET = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_LEAD = re.compile(r"^其中[:：]?|^\d{1,2}[.、]")


def split_unit(text: str) -> tuple[str, str | None]:
    """Caption without blanks and its unit: ``总投资\\n（万元）`` → ("总投资", "万元"). Other brackets are kept."""
    compact = plain(text).replace(" ", "")
    unit = None
    for match in _BRACKET.finditer(compact):
        inner = re.sub(r"^(?:计量|金额)?单位[:：]?", "", match[1])
        if inner in UNIT_WORDS:
            unit = inner
            compact = compact.replace(match[0], "")
    for word in UNIT_WORDS:
        if unit is None and re.search(rf"[:：/、,，-]{re.escape(word)}$", compact):
            return re.sub(rf"[:：/、,，-]{re.escape(word)}$", "", compact), word
    if compact.endswith("%"):
        return compact.rstrip("%"), "%"
    return compact, unit


def is_caption(text: str) -> bool:
    """Does this cell read like the caption of a known column? Asked of every cell when the heading is looked for."""
    if len(text) > 40:
        return False
    return target_of((text,), Setting(2000, 1)) is not UNKNOWN


def target_of(path: tuple[str, ...], setting: Setting) -> Target:
    """The meaning of a column from its captions, top to bottom; ``UNKNOWN`` when no rule knows it."""
    if not path:
        return UNKNOWN
    parts = [split_unit(one) for one in path]
    leaf, unit = parts[-1]
    unit = unit or next((one for _, one in reversed(parts[:-1]) if one), None)
    leaf = _LEAD.sub("", leaf)
    parents = [text for text, _ in parts[:-1]]
    found = _share(leaf, unit) or _under(leaf, parents) or _listed(leaf, setting) or _timed(leaf, parents, setting)
    if found is None:
        found = _joined(leaf, parents, setting)
    if found is None:
        return UNKNOWN
    takes_unit = found.value_kind in ("money", "number")
    return found._replace(unit=unit if takes_unit else None)


def _share(leaf: str, unit: str | None) -> Target | None:
    """占年计划 %, 完成率: figures that the register computes."""
    if re.search(r"占.{0,8}(?:计划|投资|比|目标)|(?:完成|到位|支付)率|比例$|增速|占比|^占$", leaf) or unit == "%":
        return Target("derived")
    return None


def _under(leaf: str, parents: list[str]) -> Target | None:
    """The short captions below a heading of people or units."""
    short = re.split(r"[、,及和/]", fields.caption(leaf))[0]
    for parent in reversed(parents):
        role = next((role for word, role in fields.HEADING_ROLES if word in parent), None)
        if role and short in fields.UNDER[role]:
            return Target(fields.UNDER[role][short], level=_level(leaf) or _level(parent))
        if role == "procedures":
            return Target("derived")
    return None


def _listed(leaf: str, setting: Setting) -> Target | None:
    """The captions of the alias table, with and without what stands in brackets."""
    for form in (leaf, _BRACKET.sub("", leaf)):
        field = fields.BY_CAPTION.get(fields.caption(form))
        if field is not None:
            return _dated(Target(field, level=_level(leaf) if field == "sponsor_leader" else None), leaf, setting)
    if re.fullmatch(r"(?:建设|业主|项目|实施)单位[及和、]?(?:责任|负责|联系)人", leaf):
        return Target("investor_name")
    return None


def _dated(target: Target, leaf: str, setting: Setting) -> Target:
    """What depends on the sheet: the goal is that of its year, progress and problems those of its month;
    开工时间 is a fact in the ledger of works begun and a plan before; 竣工时间 a plan until it has happened."""
    if target.field == "goal_text":
        return target._replace(year=setting.year, kind="plan")
    if target.field in ("progress_text", "problems_own", "problems_government", "next_steps"):
        return target._replace(year=setting.year, month=setting.month)
    if target.field == "started_on" and setting.ledger in ("upcoming", "reserve") and "实际" not in leaf:
        return target._replace(field="planned_start_month", doubt="“{caption}” is read as the planned start")
    if target.field == "completed_on" and setting.ledger != "completed" and "实际" not in leaf:
        return target._replace(field="planned_completion_month", doubt="“{caption}” is read as the planned completion")
    return target


def _level(text: str) -> str | None:
    if "领导" not in text and not text.startswith(("市", "县", "区")):
        return None
    for word, level in (("市或县", None), ("市", "city"), ("县", "county"), ("区", "zone"), ("镇", "county")):
        if text.startswith(word):
            return level
    return None


def _joined(leaf: str, parents: list[str], setting: Setting) -> Target | None:
    """A caption cut in two levels: 开工 over 时间, 年度 over 计划投资."""
    for parent in reversed(parents):
        if found := _listed(parent + leaf, setting) or _timed(parent + leaf, [], setting):
            return found
    return None


def _timed(leaf: str, parents: list[str], setting: Setting) -> Target | None:
    """Amounts and texts with a place in time: the caption without its period must be one of a few whole stems."""
    bare = _BRACKET.sub("", leaf)
    if fields.caption(bare) in fields.ANNUAL_CAPTIONS:
        return _plan(_period_of("", parents), setting)
    if "全年" in bare or "力争" in bare:
        return None
    own = read_period(bare)
    stem = fields.caption(own.rest)
    period = own if own.extent else _period_of("", parents)
    if period.year is None:
        period = period._replace(year=next((p.year for p in map(read_period, reversed(parents)) if p.year), None))
    return _of_stem(stem, period, setting)


def _period_of(text: str, parents: list[str]) -> Period:
    """The nearest heading that names a period."""
    for one in (text, *reversed(parents)):
        period = read_period(one)
        if period.extent:
            return period
    return Period(None, None, None, None, text)


def _of_stem(stem: str, period: Period, setting: Setting) -> Target | None:
    if stem in fields.PROGRESS_STEMS and period.extent:
        goal = period.extent == "year" and "实际" not in stem
        year, month = period.year or setting.year, period.last or setting.month
        return Target("goal_text", year=year, kind="plan") if goal else Target("progress_text", year=year, month=month)
    for stems, field in (
        (fields.DONE_STEMS, "invested_yuan"),
        (fields.FUNDS_STEMS, "funds_in_place_yuan"),
        (fields.STATISTICS_STEMS, "statistical_invested_yuan"),
        (fields.FOREIGN_STEMS, "foreign_utilised_usd"),
    ):
        if stem in stems and not (period.extent in ("year", None) and stem in fields.PLAN_STEMS):
            return _done(field, stem, period, setting)
    if stem in fields.PLAN_STEMS and period.extent in ("year", None) and stem not in ("投资", "投资额", "计划"):
        return _plan(period, setting)
    if stem == "计划" and period.extent == "year":
        return _plan(period, setting)
    return None


def _plan(period: Period, setting: Setting) -> Target:
    year = period.year or setting.year
    doubt = None
    if year is None:
        doubt = "“{caption}” names no year"
    elif period.extent is None and setting.year is None:
        doubt = "“{caption}” may be the plan of the year or the total"
    return Target("annual_plan_yuan", year=year, kind="plan", doubt=doubt)


def _done(field: str, stem: str, period: Period, setting: Setting) -> Target | None:
    """Money spent or arrived, by its period. What no title dates keeps ``year=None`` and says so."""
    year, month = period.year or setting.year, period.last or setting.month
    extent = period.extent
    doubt = None
    if extent == "part" or (extent is None and "累计" not in stem and field == "invested_yuan"):
        return None
    if extent == "year":
        # 2009年完成投资 in a form of 2010 is last year's figure; 本年完成 is this year's up to the month of the form.
        if setting.year and year != setting.year:
            return None
        extent = "year_to_date"
    if extent is None or (extent == "to_date" and period.last):
        doubt, extent = "“{caption}” may count since January or since the start of the project", "to_date"
    if year is None or (month is None and extent in ("year_to_date", "month")):
        doubt = doubt or "“{caption}” names no month"
    if extent == "to_date":
        doubt = None if doubt == "“{caption}” names no month" else doubt
    if field == "invested_yuan":
        field = _INVESTED[extent]
    if extent == "before_year":
        return Target(field, year=year, kind="before_year", doubt=doubt if year is None else None)
    return Target(field, year=year, month=month, kind=_KINDS[extent], doubt=doubt)


_INVESTED = {
    "before_year": "invested_before_this_year_yuan",
    "year_to_date": "invested_this_year_yuan",
    "month": "invested_yuan",
    "to_date": "invested_to_date_yuan",
}
_KINDS: dict[str, Dimension] = {"year_to_date": "year_to_date", "month": "month", "to_date": "to_date"}

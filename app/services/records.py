"""A project row as the API gives it: which columns a field needs, and how a tuple becomes a record.

Made once per set of fields, so that a page of rows costs one ``zip`` a row and a few patches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any

import orjson

from app.desk import Desk
from app.engine import Link, Sql
from app.errors import BadRequest
from app.models import Project
from app.models.base import BY_MODEL
from app.rules.codes import Procedure
from app.rules.family import told_sums
from app.rules.lights import SENTENCES as LIGHT_SENTENCES
from app.rules.money import months_between
from app.words import say

PLAIN = (
    "id", "code", "national_code", "statistical_code", "statistical_name", "ledger", "disposition", "disposition_reason",
    "disposition_on", "destination", "name", "kind", "construction_nature", "nature_by_hand", "parent_id", "relation", "phase_no",
    "has_phases", "industry", "industry_code", "park", "location", "content", "enterprise_id", "investor_name", "contract_amount_yuan",
    "filed_investment_yuan", "total_investment_yuan", "statistical_investment_yuan", "fixed_investment_yuan",
    "foreign_investment_usd", "land_mode", "land_mu", "plant_area_m2", "is_high_energy_emission", "energy_tce",
    "expected_output_yuan", "expected_tax_yuan", "jobs", "approval_class", "signed_on", "planned_start_month", "planned_completion_month",
    "planned_production_month", "transfer_month", "started_on", "completed_on", "in_production_on", "entered_ledger_on",
    "registered_in_statistics_on", "progress_text", "problems_own", "problems_government", "bottleneck", "progress_told_on", "remarks", "marks",
    "sponsor_leader", "responsible_unit", "responsible_person", "phone", "service_unit", "plan_year", "annual_plan_yuan",
    "opening_month", "opening_accepted", "invested_before_this_year_yuan", "invested_this_year_yuan", "invested_to_date_yuan",
    "first_planned_start_month", "baseline_start_month", "postponements", "pending", "light", "created_at", "updated_at", "deleted_at",
)  # fmt: skip
MADE: dict[str, tuple[str, ...]] = {
    "ref": ("ref_source", "ref_id"),
    "zone": ("zone_id",),
    "incomplete_months": ("incomplete_months",),
    "month_report": ("figures_month", "invested_this_month_yuan"),
    "lists": ("lists",),
    "shares": ("shares",),
    "procedures": tuple(f"{p}_{part}" for p in Procedure for part in ("state", "promised_on")),
    "months_in_ledger": ("entered_ledger_on",),
    "light_reason": ("light_reason",),
    "family_sums": ("family_sums",),
    "version": ("since",),
}
RENAMED = {"version": "since"}
FIELDS = (*PLAIN, *MADE)
"""Every field of a project record, in the order in which it is given."""
FLAGS = BY_MODEL[Project].flags
YES_OR_NO = {None: None, 0: False, 1: True}
Row = tuple[Any, ...]
At = dict[str, int]
"""Where each column stands in a row."""
Make = Callable[[Row], Any]


@dataclass(frozen=True)
class Shape:
    """The columns to select for some fields, and where they stand."""

    fields: tuple[str, ...]
    columns: tuple[str, ...]

    @cached_property
    def at(self) -> dict[str, int]:
        """Where each column stands in a row."""
        return {name: place for place, name in enumerate(self.columns)}

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """Fields that are columns as they stand."""
        return tuple(name for name in self.fields if name not in IN_THE_ROW and name not in FOR_THE_READER)

    @cached_property
    def pick(self) -> Callable[[Row], Row]:
        """Takes the values of ``plain`` out of a row."""
        places = [self.at[RENAMED.get(name, name)] for name in self.plain]
        return itemgetter(*places) if len(places) > 1 else lambda row: tuple(row[n] for n in places)

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """Fields that are yes or no, which SQLite holds as numbers."""
        return tuple(name for name in self.plain if name in FLAGS)

    @cached_property
    def fixed(self) -> dict[str, Make]:
        """How the fields are made that hang on nothing but the row."""
        return {name: IN_THE_ROW[name](self.at) for name in self.fields if name in IN_THE_ROW}

    def records(self, desk: Desk, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Records from rows that hold ``columns``, in the desk's language."""
        fixed = self.fixed
        makers = [
            (name, fixed[name] if name in fixed else FOR_THE_READER[name](self.at, desk, rows))
            for name in self.fields
            if name in fixed or name in FOR_THE_READER
        ]
        plain, pick, flags = self.plain, self.pick, self.flags
        found = []
        for row in rows:
            made = dict(zip(plain, pick(row), strict=True))
            for name in flags:
                made[name] = YES_OR_NO[made[name]]
            for name, make in makers:
                made[name] = make(row)
            found.append(made)
        return found


@lru_cache(maxsize=256)
def shape(fields: tuple[str, ...] | None = None) -> Shape:
    """The shape for these fields (None: all). Raises BadRequest for a field that does not exist."""
    wanted = fields or FIELDS
    unknown = [f for f in wanted if f not in FIELDS]
    if unknown:
        raise BadRequest("There is no field {field}", code="unknown_field", field=unknown[0])
    columns: dict[str, None] = {}
    for name in wanted:
        columns.update(dict.fromkeys(MADE.get(name, (name,))))
    return Shape(tuple(wanted), tuple(columns))


# ── fields made of other columns: where the columns stand → how one row's field is made ─────────────────────────────
def _procedures(at: At) -> Make:
    places = [(p.value, at[f"{p.value}_state"], at[f"{p.value}_promised_on"]) for p in Procedure]
    return lambda row: {name: {"state": row[state], "promised_on": row[on]} for name, state, on in places}


def _reference(at: At) -> Make:
    source, id_ = at["ref_source"], at["ref_id"]
    return lambda row: {"source": row[source], "id": row[id_]} if row[id_] is not None else None


def _json(column: str) -> Callable[[At], Make]:
    def of(at: At) -> Make:
        place = at[column]
        return lambda row: orjson.loads(row[place])

    return of


def _month_report(at: At) -> Make:
    month, added = at["figures_month"], at["invested_this_month_yuan"]
    return lambda row: {"month": row[month], "invested_yuan": row[added]} if row[month] is not None else None


def _family_sums(at: At) -> Make:
    place = at["family_sums"]
    return lambda row: told_sums(row[place])


IN_THE_ROW: dict[str, Callable[[At], Make]] = {
    "ref": _reference,
    "incomplete_months": _json("incomplete_months"),
    "month_report": _month_report,
    "lists": _json("lists"),
    "shares": _json("shares"),
    "procedures": _procedures,
    "family_sums": _family_sums,
}


# ── and those that hang on the day, the language or another table, too: the desk and all rows come along ─────────────
def _zone(at: At, desk: Desk, rows: Sequence[Row]) -> Make:
    place = at["zone_id"]
    codes = zone_codes(desk.link, {row[place] for row in rows})
    return lambda row: codes[row[place]]


def _months(at: At, desk: Desk, rows: Sequence[Row]) -> Make:
    entered, today = at["entered_ledger_on"], desk.today
    return lambda row: None if row[entered] is None else max(0, months_between(row[entered], today))


def _light(at: At, desk: Desk, rows: Sequence[Row]) -> Make:
    reason, language = at["light_reason"], desk.language
    return lambda row: light_sentence(row[reason], language)


@lru_cache(maxsize=4096)
def light_sentence(stored: str | None, language: str) -> str | None:
    """The sentence of a stored reason (code and numbers) in the reader's language."""
    if stored is None:
        return None
    reason = orjson.loads(stored)
    return say(LIGHT_SENTENCES[reason.pop("code")], language, **reason)


FOR_THE_READER: dict[str, Callable[[At, Desk, Sequence[Row]], Make]] = {
    "zone": _zone,
    "months_in_ledger": _months,
    "light_reason": _light,
}

ZONE_CODE = Sql("SELECT code FROM zone WHERE id = :id")


def zone_codes(link: Link, ids: Iterable[int]) -> dict[int, str]:
    """Codes of zones by id. A zone's code never changes, so each connection asks once."""
    known: dict[int, str] = link.__dict__.setdefault("_zone_codes", {})
    for id_ in ids:
        if id_ not in known:
            known[id_] = link.value(ZONE_CODE, {"id": id_})
    return known


def record(desk: Desk, row: Project) -> dict[str, Any]:
    """One kept row as a record; a phone she may not see is masked."""
    from app.rules.access import Act
    from app.rules.identity import shown_phone

    made = shape()
    facts = row.__dict__
    found = made.records(desk, [tuple(facts.get(c) for c in made.columns)])[0]
    found["phone"] = shown_phone(found["phone"], may_read=desk.may(Act.PHONE_READ))
    return found

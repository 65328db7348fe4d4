"""Delegations: which item a zone holds, in which form, and how far the hand-over is. What the law publishes of them is read
by everybody; giving and taking back is the city's, taking over and running the zone's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound, Problem, Refusal
from app.models import Delegation, Power, Zone
from app.models.power_shapes import DelegationEdit, DelegationMove
from app.models.powers import GivenFacts, HeldFacts
from app.models.shapes import check
from app.rules import delegations as rules
from app.rules.access import PUBLISHED, Act
from app.rules.codes import DelegationState as State
from app.services import powers, reasons, zone_search, zones
from app.services.entering import setting
from app.services.naming import by_ids
from app.words import Word

Record = dict[str, Any]
GIVEN, HELD = tuple(GivenFacts.model_fields), tuple(HeldFacts.model_fields)
DAYS = ("state", "state_on", *rules.DAY_OF.values(), "adjusted_document", "revoked_document")
FIELDS = ("number", *GIVEN, *HELD, *DAYS, "since")
OPENLY = tuple(name for name in ("zone_id", "power_id", *FIELDS) if name in PUBLISHED["delegation"])
ABOUT = ("name", "kind", "department", "level", "reserved", "steps")
GIVES = frozenset({State.ADJUSTED, State.REVOKED})
"""Steps that are the giver's to take."""
WARNING_KEY, WARN_DAYS = "delegation_warning", 90


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def zone_named(desk: Desk, code: str) -> tuple[int, str]:
    """Id and name of any zone of the register: what a zone is called, and what it holds, is no secret."""
    for id_, (known, name) in zone_search.numbered(desk).items():
        if known == code:
            return id_, name
    raise NotFound("There is no zone {zone} that you may see", zone=code)


def list_(desk: Desk, code: str, *, past: bool = False) -> list[Record]:
    """What a zone holds: the last period of each item by department and code; ``past``: the periods before as well."""
    zone_id, _ = zone_named(desk, code)
    found = of_zones(desk, {zone_id: code})
    return found if past else list({f["power"]: f for f in found}.values())


def of_zones(desk: Desk, zones_: Mapping[int, str]) -> list[Record]:
    """Every period of these zones (id → code) by department and code of its item, oldest first."""
    catalogue, days = powers.by_id(desk), warn_days(desk)
    places = {id_: n for n, id_ in enumerate(catalogue)}
    rows = sorted(_read(desk, zones_), key=lambda f: (places[f["power_id"]], f["number"]))
    return [_told(facts, zones_[facts["zone_id"]], catalogue[facts["power_id"]], desk.today, days) for facts in rows]


def read(desk: Desk, code: str, power_code: str) -> Record:
    """The last period in which a zone holds an item, and those before it (``periods``, oldest first)."""
    found = [f for f in list_(desk, code, past=True) if f["power"] == power_code]
    if not found:
        raise NotFound
    return {**found[-1], "periods": found[:-1]}


def _read(desk: Desk, zone_ids: Iterable[int]) -> list[Record]:
    """Every period of these zones, oldest first. Of zones that are not hers: what is published, the rest unknown."""
    ids = sorted(zone_ids)
    hers = [id_ for id_ in ids if desk.actor.sees(id_)]
    found = [vars(row) for row in by_ids(desk, Delegation, "of_zones", "zone_id", hers)]
    for id_ in (i for i in ids if i not in hers):
        of_zone = lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone")).order_by(t.c.id)  # noqa: E731
        for row in desk.published(Delegation, "of_zone", of_zone, {"zone": id_}, OPENLY):
            found.append({**dict.fromkeys(FIELDS), **dict(zip(OPENLY, row, strict=True))})
    return found


def _told(facts: Mapping[str, Any], zone: str, power: Record, today: str, warned: int) -> Record:
    """A period as the API gives it, with what follows today: in force, days waiting, days left before it ends (told
    ``warned`` days ahead)."""
    own_seal = None if facts["own_seal"] is None else bool(facts["own_seal"])
    return {
        "zone": zone,
        "power": power["code"],
        **{name: power[name] for name in ABOUT},
        **{name: facts[name] for name in FIELDS if name != "since"},
        "own_seal": own_seal,
        "in_force": rules.in_force(facts, today),
        "settled_in_zone": rules.settles(facts["form"]),
        "days_waiting": rules.days_waiting(facts, today),
        "days_left": rules.ends_soon(facts, today, warned),
        "version": facts["since"],
    }


def warn_days(desk: Desk) -> int:
    """How many days before its end a delegation is told of."""
    found: int = setting(desk, WARNING_KEY, {}).get("warn_days", WARN_DAYS)
    return found


def periods(desk: Desk, zone_ids: Iterable[int]) -> dict[tuple[int, int], list[Delegation]]:
    """The periods of zones she sees as rows that can be changed, by zone and item, oldest first."""
    found: dict[tuple[int, int], list[Delegation]] = {}
    rows: list[Delegation] = by_ids(desk, Delegation, "of_zones", "zone_id", zone_ids)
    for row in sorted(rows, key=lambda r: r.number):
        found.setdefault((row.zone_id, row.power_id), []).append(row)
    return found


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def put(desk: Desk, code: str, power_code: str, values: Record, *, version: int | None = None) -> Record:
    """Give an item to a zone, or change what is written of the period it holds it in; after a revocation, a new period.

    Raises Conflict for what contradicts another period, the item's basis or the law, with every reason.
    """
    zone, power = zones.find(desk, code), powers.find(desk, power_code)
    known = _of_power(desk, zone, power)
    facts = check(DelegationEdit, reasons.take(desk, values), partial=True)
    held = known[-1] if known and known[-1].state != State.REVOKED else None
    gives = held is None or any(getattr(held, name) != facts[name] for name in GIVEN if name in facts)
    desk.ask(Act.DELEGATION_GIVE if gives else Act.DELEGATION_AMEND, zone.id)
    if held is None:
        row, faults = begin(facts, zone.id or 0, power, known, desk.today)
    else:
        desk.current(held, version, changing=facts.keys())
        row, faults = held, change(held, facts, power, known[:-1])
    if faults:
        raise refused(faults)
    desk.keep(row)
    return read(desk, code, power_code)


def _of_power(desk: Desk, zone: Zone, power: Power) -> list[Delegation]:
    here = lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), t.c.power_id == sa.bindparam("power"))  # noqa: E731
    found: list[Delegation] = desk.rows(Delegation, "of_power_in_zone", here, {"zone": zone.id, "power": power.id})
    return sorted(found, key=lambda r: r.number)


def begin(
    facts: Record, zone_id: int, power: Power, known: list[Delegation], today: str
) -> tuple[Delegation, list[rules.Fault]]:
    """A new period, in the state that was named with all steps before it taken, and what stands against it."""
    given_on = facts.get("given_on") or facts.get("state_on") or today
    given: Record = {n: facts[n] for n in (*GIVEN, *HELD) if n in facts}
    row = Delegation(
        zone_id=zone_id, power_id=power.id or 0, number=len(known) + 1, state=State.PENDING, state_on=given_on, given_on=given_on, **given,
    )  # fmt: skip
    found: list[rules.Fault] = []
    if facts.get("form") is None:
        return row, [FORMLESS]
    if given_on > today:
        found.append(rules.Fault("given_on", "future", "The day of a fact cannot lie in the future", {}))
    if (to := facts.get("state") or State.PENDING) != State.PENDING:
        wrote, found = rules.step(vars(row), to, facts.get("state_on") or given_on, today)
        _write(row, wrote)
    return row, found + rules.faults(vars(row), vars(power), map(vars, known))


def change(
    row: Delegation, facts: Record, power: Power, others: list[Delegation]
) -> list[rules.Fault]:  # fmt: skip
    """Write what was given of a period that is held, and say what stands against it."""
    found = []
    before = row.form
    for name in ("given_on", "state", "state_on"):
        if facts.get(name) not in (None, getattr(row, name)):
            found.append(rules.Fault(name, "only_by_step", ONLY_BY_STEP, {}))
    _write(row, {name: facts[name] for name in (*GIVEN, *HELD) if name in facts})
    if row.form != before and row.running_on:
        found.append(rules.Fault("form", "running_form", RUNNING_FORM, {"form": before}))
    for state in (State.TAKEN_OVER, State.RUNNING):
        if getattr(row, rules.DAY_OF[state]):
            lacks = rules.missing(vars(row), state)
            found += [rules.Fault(name, "required", "Needed for this step", {}) for name in lacks]
    return found + rules.faults(vars(row), vars(power), map(vars, others))


FORMLESS = rules.Fault("form", "required", "This must be given", {})
ONLY_BY_STEP = Word("A state and its day change only by a step")
RUNNING_FORM = Word("It runs as {form}: to hold it otherwise, revoke it and give it again")


def move(desk: Desk, code: str, power_code: str, values: Record) -> Record:
    """Take the next step in the life of what a zone holds.

    Raises Conflict for a step that cannot follow or whose conditions are not met: every reason at once.
    """
    facts = check(DelegationMove, reasons.take(desk, values))
    zone, power = zones.find(desk, code), powers.find(desk, power_code)
    desk.ask(act_of(facts["to"]), zone.id)
    known = _of_power(desk, zone, power)
    if not known:
        raise NotFound("{zone} does not hold {power}", zone=zone.short_name or zone.name, power=power.name)
    desk.current(known[-1], facts.get("version"))
    if faults := take(known[-1], facts, power, known[:-1], desk.today):
        raise refused(faults)
    desk.keep(known[-1])
    return read(desk, code, power_code)


def act_of(to: str) -> Act:
    """Whose leave a step needs."""
    return Act.DELEGATION_GIVE if to in GIVES else Act.DELEGATION_AMEND


def take(row: Delegation, facts: Record, power: Power, others: list[Delegation], today: str) -> list[rules.Fault]:
    """Write a step; what stands against it."""
    to = facts["to"]
    _write(row, {name: facts[name] for name in (*HELD, "scope_document") if facts.get(name) is not None})
    if to in GIVES and facts.get("document"):
        _write(row, {f"{to}_document": facts["document"]})
    wrote, found = rules.step(vars(row), to, facts.get("on") or today, today)
    if wrote and to == State.TAKEN_OVER and facts.get("waiting_for"):
        wrote["waiting_for"] = facts["waiting_for"]
    _write(row, wrote)
    return found or rules.faults(vars(row), vars(power), map(vars, others))


def _write(row: Delegation, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)


# ── refusing ─────────────────────────────────────────────────────────────────────────────────────────────────────────
DISGUISED = {"adjusted_document": "document", "revoked_document": "document", "revoked_on": "on"}
"""Columns that are sent under another name."""
INVALID = frozenset({"required", "dates_crossed", "future", "only_by_step"})


def problem(fault: rules.Fault, place: str = "") -> Problem:
    """A fault of a rule as a problem, its closed lists as words."""
    values = {name: _word(name, value) for name, value in fault.values.items()}
    return Problem(f"{place}/{DISGUISED.get(fault.field, fault.field)}", fault.code, fault.msgid, values)


def _word(name: str, value: Any) -> Any:
    codes = {"form": "DelegationForm", "state": "DelegationState", "to": "DelegationState"}.get(name)
    return Word(f"{codes}.{value}") if codes else value


def refused(faults: list[rules.Fault]) -> Refusal:
    """One refusal with every reason: Invalid where something sent is amiss, Conflict where it contradicts the register."""
    problems = [problem(fault) for fault in faults]
    if all(fault.code in INVALID for fault in faults):
        return Invalid(problems=problems)
    return Conflict("This contradicts what the register holds", code=faults[0].code, problems=problems)

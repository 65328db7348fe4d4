"""The approval chain: which steps a project of a class goes through, as data, and what a city may write in its place.

The frame is the national four phases of construction approval (国办发〔2019〕11号) with what runs beside them. The five
procedures of the upcoming ledger are steps of every chain under their own keys, so that a procedure and its step are one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any

from app.rules.codes import ChainClass, Kind, LandMode

Step = Mapping[str, Any]
Chains = Mapping[str, Mapping[str, Any]]

CHAINS_KEY = "chains"
"""The setting that holds other chains, once the city office has changed one."""


class Phase(StrEnum):
    """The four phases, and what runs beside them before the start."""

    LAND = "land"
    ENGINEERING = "engineering"
    CONSTRUCTION = "construction"
    ACCEPTANCE = "acceptance"
    PARALLEL = "parallel"


class Clock(StrEnum):
    """Whose time a step takes: the firm's, or that of government before the firm can begin."""

    FIRM = "firm"
    OUTSIDE = "outside"


PERMIT = "construction_permit"
"""The step a chain is measured to."""

STEP_SENTENCES = {
    "filing": "Filing of the investment project",
    "site_opinion": "Pre-examination of land and opinion on the site",
    "land_conversion": "Conversion and requisition of farmland",
    "land": "Contract on the transfer of land",
    "land_permit": "Land-use planning permit",
    "preliminary_design": "Approval of the preliminary design and budget",
    "design_review": "Review of the design scheme",
    "planning_permit": "Construction planning permit",
    "drawing_review": "Review of construction drawings",
    "fire_design": "Fire-safety review of the design",
    "civil_defence": "Civil air defence works",
    "construction_permit": "Construction permit with quality and safety supervision",
    "environment": "Environmental impact assessment",
    "energy": "Energy conservation review",
    "water_soil": "Soil and water conservation plan",
    "water_intake": "Water intake permit",
    "flood": "Flood impact assessment",
    "geology": "Geological hazard assessment",
    "minerals": "Approval to build over mineral deposits",
    "relics": "Cultural relics survey",
    "safety": "Safety review of hazardous chemicals",
    "lightning": "Lightning protection of special works",
    "plan_check": "Verification against the plan",
    "land_check": "Verification of the land",
    "fire_acceptance": "Fire-safety acceptance",
    "civil_defence_acceptance": "Acceptance of civil air defence works",
    "archive_acceptance": "Acceptance of the construction archive",
    "completion_record": "Record of the completion acceptance",
}
"""The steps as shipped, by key. A city may name them otherwise and add its own."""

OTHER_SENTENCES = {
    "verification": "Verification and approval of the enterprise project",
    "feasibility": "Approval of the feasibility study",
    "allocation": "Allocation of the land",
    "upgrade_filing": "Filing of the technical upgrade",
}
"""Steps that are another matter in other classes, under the key by which items of the catalogue name them."""
SERVED_SENTENCES = {**STEP_SENTENCES, **OTHER_SENTENCES}

ALWAYS, ASKED = "always", "asked"
"""A step that every project of the class needs; one that only its case can tell (a survey, a special work)."""
NEW_LAND = [{"field": "land_mode", "is": [LandMode.NEW_LAND.value]}]
ENERGY = [{"field": "is_high_energy_emission", "is": [True]}, {"field": "energy_tce", "from": 1000}]
SOIL = [{"field": "land_mu", "from": 7.5}]
"""Any of the conditions is enough. 1,000 tonnes of standard coal a year; half a hectare."""
CONDITION_FIELDS: dict[str, Collection[Any] | None] = {
    "kind": tuple(kind.value for kind in Kind),
    "land_mode": tuple(mode.value for mode in LandMode),
    "is_high_energy_emission": (True, False),
    **dict.fromkeys(("land_mu", "plant_area_m2", "energy_tce", "total_investment_yuan")),
}
"""The facts of a project that a condition may ask for, with the values that each can have; None: a number."""


def _step(
    key: str,
    phase: str,
    authority: str,
    statutory_days: int | None,
    promised_days: int | None,
    *after: str,
    applies: Any = ALWAYS,
    **other: Any,
) -> dict[str, Any]:
    """``statutory_days``, ``promised_days``: working days; None where no rule sets any."""
    return {
        "key": key, "served_as": key, "name": STEP_SENTENCES[key], "phase": phase, "after": list(after), "applies": applies, "authority": authority,
        "reserved": False, "needs_decision": True, "clock": Clock.FIRM.value, "statutory_days": statutory_days,
        "promised_days": promised_days, **other,
    }  # fmt: skip


BESIDE = (
    "environment",
    "energy",
    "water_soil",
    "water_intake",
    "flood",
    "geology",
    "minerals",
    "relics",
    "safety",
    "lightning",
)
STEPS = {
    step["key"]: step
    for step in (
        _step("filing", "land", "county", 5, 1),
        _step("site_opinion", "land", "city", 20, 10, "filing", applies=ASKED),
        _step("land_conversion", "land", "province", 40, 30, applies=ASKED, reserved=True, clock="outside"),
        _step("land", "land", "county", None, 30, "filing", "site_opinion", "land_conversion", applies=NEW_LAND),
        _step("land_permit", "land", "county", 20, 3, "land", applies=NEW_LAND),
        _step("preliminary_design", "engineering", "city", 20, 10, "filing", "land_permit"),
        _step("design_review", "engineering", "county", None, 10, "land_permit", "preliminary_design"),
        _step("planning_permit", "engineering", "county", 20, 5, "design_review"),
        _step("drawing_review", "construction", "county", 15, 10, "design_review"),
        _step("fire_design", "construction", "county", 15, 7, "drawing_review", applies=ASKED),
        _step("civil_defence", "construction", "county", 20, 5, "design_review", applies=NEW_LAND),
        _step(PERMIT, "construction", "county", 7, 3, "planning_permit", "drawing_review", "fire_design", "civil_defence", *BESIDE),
        _step("environment", "parallel", "city", 30, 10, "filing"),
        _step("energy", "parallel", "city", 15, 8, "filing", applies=ENERGY),
        _step("water_soil", "parallel", "county", 10, 5, "filing", applies=SOIL),
        _step("water_intake", "parallel", "city", 45, 15, "filing", applies=ASKED),
        _step("flood", "parallel", "city", 20, 10, "filing", applies=ASKED),
        _step("geology", "parallel", "county", None, 5, "filing", applies=ASKED),
        _step("minerals", "parallel", "province", 20, 10, "filing", applies=ASKED),
        _step("relics", "parallel", "province", 20, 15, "filing", applies=ASKED),
        _step("safety", "parallel", "city", 45, 20, "filing", applies=ASKED),
        _step("lightning", "parallel", "county", 10, 5, "filing", applies=ASKED),
        _step("plan_check", "acceptance", "county", None, 5, PERMIT),
        _step("land_check", "acceptance", "county", None, 5, PERMIT, applies=NEW_LAND),
        _step("fire_acceptance", "acceptance", "county", 15, 7, PERMIT),
        _step("civil_defence_acceptance", "acceptance", "county", None, 5, PERMIT, applies=NEW_LAND),
        _step("archive_acceptance", "acceptance", "county", None, 5, PERMIT, needs_decision=False),
        _step("completion_record", "acceptance", "county", 15, 1, "plan_check", "land_check", "fire_acceptance",
              "civil_defence_acceptance", "archive_acceptance"),
    )
}  # fmt: skip


def _chain(left_out: Collection[str] = (), **changed: Mapping[str, Any]) -> dict[str, Any]:
    """The shipped steps without those left out, some of them changed."""
    kept = [key for key in STEPS if key not in left_out]
    steps = [{**STEPS[key], **changed.get(key, {})} for key in kept]
    return {"steps": [{**step, "after": [a for a in step["after"] if a in kept]} for step in steps]}


def _other(served_as: str) -> dict[str, Any]:
    """What a step is in a class where other items serve it."""
    return {"served_as": served_as, "name": OTHER_SENTENCES[served_as]}


BUILT_ALREADY = {"site_opinion", "land_conversion", "land", "land_permit", "preliminary_design", "design_review",
                 "civil_defence", "land_check", "civil_defence_acceptance", "water_soil", "flood", "geology", "minerals",
                 "relics", "plan_check"}  # fmt: skip
IF_ASKED = {"applies": ASKED}

CHAINS: dict[str, dict[str, Any]] = {
    "enterprise_industrial": _chain({"preliminary_design"}),
    "enterprise_approval": _chain(
        {"preliminary_design"},
        filing={**_other("verification"), "authority": "city", "statutory_days": 20, "promised_days": 5},
    ),
    "government": _chain(
        site_opinion={"applies": ALWAYS, "after": []},
        filing={**_other("feasibility"), "authority": "city", "statutory_days": 20, "promised_days": 5,
                "after": ["site_opinion"]},
        land={**_other("allocation"), "promised_days": 10, "after": ["filing", "land_conversion"]},
    ),
    "technical_upgrade": _chain(
        BUILT_ALREADY, filing=_other("upgrade_filing"), planning_permit=IF_ASKED, drawing_review=IF_ASKED,
        construction_permit=IF_ASKED, fire_acceptance=IF_ASKED, archive_acceptance=IF_ASKED, completion_record=IF_ASKED,
    ),
    "leased_plant": _chain(
        BUILT_ALREADY, planning_permit=IF_ASKED, drawing_review=IF_ASKED, construction_permit=IF_ASKED,
        fire_acceptance=IF_ASKED, archive_acceptance=IF_ASKED, completion_record=IF_ASKED,
    ),
}  # fmt: skip
"""The chains as shipped: JSON, editable. Each step names those that must be settled before it (``after``); where one of
these does not apply to a project, what it waited for takes its place. ``served_as`` is the key under which items of the
catalogue serve it: a filing and an approval are one step of a project, and two matters of the office."""

USUAL = ChainClass.ENTERPRISE_INDUSTRIAL.value


def step_keys(chains: Chains) -> frozenset[str]:
    """The keys of all steps in these chains."""
    return frozenset(step["key"] for chain in chains.values() for step in chain["steps"])


def step_names(chains: Chains, by: str = "key") -> dict[str, str]:
    """What each step is called, first in the usual class: a msgid where it is a shipped name. ``by`` served_as: under the
    keys by which items of the catalogue name the steps."""
    ordered = [chains[USUAL], *(chain for name, chain in chains.items() if name != USUAL)]
    found: dict[str, str] = {}
    for chain in ordered:
        for step in chain["steps"]:
            found.setdefault(step[by], step["name"])
    return found


def class_of(facts: Mapping[str, Any]) -> str:
    """The class of a project: what was said, else what its facts tell, else the usual one."""
    if facts.get("approval_class"):
        return str(facts["approval_class"])
    if facts.get("kind") == Kind.TECHNICAL_UPGRADE:
        return ChainClass.TECHNICAL_UPGRADE.value
    if facts.get("land_mode") in (LandMode.LEASED, LandMode.EXISTING_PLANT):
        return ChainClass.LEASED_PLANT.value
    return USUAL


def applies(step: Step, facts: Mapping[str, Any]) -> bool | None:
    """Does a project with these facts need the step? None: nobody can tell yet."""
    rule = step["applies"]
    if rule == ALWAYS:
        return True
    if rule == ASKED:
        return None
    answers = [_meets(condition, facts.get(condition["field"])) for condition in rule]
    return True if True in answers else None if None in answers else False


def _meets(condition: Mapping[str, Any], value: Any) -> bool | None:
    """A blank is unknown, never no."""
    if value is None:
        return None
    if "is" in condition:
        return value in condition["is"]
    return bool(value >= condition["from"])


def waits_for(steps: Iterable[Step], needed: Collection[str]) -> dict[str, list[str]]:
    """For each needed step the needed ones that must be settled before it. Steps that are not needed are passed through."""
    after = {step["key"]: step["after"] for step in steps}

    def reach(key: str) -> list[str]:
        found: list[str] = []
        for before in after.get(key, ()):
            for one in [before] if before in needed else reach(before):
                if one not in found:
                    found.append(one)
        return found

    return {key: reach(key) for key in after if key in needed}


def in_order(steps: Iterable[Step]) -> list[str] | None:
    """The keys so that each stands behind those it waits for, else as they were given. None: they wait for each other."""
    left = {step["key"]: set(step["after"]) for step in steps}
    known, found = set(left), list[str]()
    while left:
        ready = next((key for key, after in left.items() if not (after & known) - set(found)), None)
        if ready is None:
            return None
        found.append(ready)
        del left[ready]
    return found

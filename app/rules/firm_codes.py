"""The closed lists about enterprises, and about registrations that are alike."""

from __future__ import annotations

from enum import StrEnum


class EnterpriseClass(StrEnum):
    """What lists and titles a firm stands in; one firm may have several."""

    WORLD_500 = "world_500"
    CHINA_500 = "china_500"
    PRIVATE_500 = "private_500"
    CENTRAL_SOE = "central_soe"
    PROVINCIAL_SOE = "provincial_soe"
    MUNICIPAL_SOE = "municipal_soe"
    LISTED = "listed"
    LEADING_CHAIN = "leading_chain"
    SINGLE_CHAMPION = "single_champion"
    LITTLE_GIANT = "little_giant"
    SPECIALISED_NEW = "specialised_new"
    HIGH_TECH = "high_tech"
    UNICORN = "unicorn"
    GAZELLE = "gazelle"


class TargetState(StrEnum):
    """How far a zone has come with a firm that it wants to win."""

    PLANNED = "planned"
    IN_CONTACT = "in_contact"
    VISITED = "visited"
    NEGOTIATING = "negotiating"
    WON = "won"
    GIVEN_UP = "given_up"


class Subject(StrEnum):
    """What may be registered twice."""

    PROJECT = "project"
    LEAD = "lead"


class Sameness(StrEnum):
    """What the city office finds two registrations to be to each other."""

    SAME_PROJECT = "same_project"
    CAPITAL_INCREASE = "capital_increase"
    EXPANSION = "expansion"
    RELOCATION = "relocation"
    DIFFERENT = "different"

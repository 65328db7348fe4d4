"""The closed lists of the pipeline: what a lead is, how it came, how far it has come. ``codes`` names them with all others."""

from __future__ import annotations

from enum import StrEnum


class LeadStage(StrEnum):
    """How far a lead has come, in the order of its life. Changes only by a move."""

    LEAD = "lead"
    SCREENING = "screening"
    NEGOTIATING = "negotiating"
    SIGNED = "signed"
    LANDED = "landed"


class LeadDisposition(StrEnum):
    """What has been decided about a lead, apart from its stage."""

    ACTIVE = "active"
    DORMANT = "dormant"
    LOST = "lost"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"


class Channel(StrEnum):
    """How a lead came."""

    ENTRUSTED = "entrusted"
    AGENCY = "agency"
    STATIONED = "stationed"
    BY_ENTERPRISE = "by_enterprise"
    INDUSTRY_CHAIN = "industry_chain"
    FUND = "fund"
    FAIR = "fair"
    DIRECT = "direct"
    REFERRAL = "referral"
    EXISTING_FIRM = "existing_firm"
    OTHER = "other"


class Agreement(StrEnum):
    """The two legal strengths of "signed"."""

    FRAMEWORK = "framework"
    DEFINITIVE = "definitive"


class CapitalFrom(StrEnum):
    """Where an investor's money comes from."""

    LOCAL = "local"
    PROVINCE = "province"
    OTHER_PROVINCE = "other_province"
    FOREIGN = "foreign"


class FollowUpKind(StrEnum):
    """How somebody was in touch about a lead."""

    CALL = "call"
    VISIT = "visit"
    RECEPTION = "reception"
    MEETING = "meeting"
    MESSAGE = "message"
    FEEDBACK = "feedback"
    OTHER = "other"


class LeadGrade(StrEnum):
    """How promising a lead is, as promotion teams class them."""

    A = "a"
    B = "b"
    C = "c"


class LeadFileKind(StrEnum):
    """What a file beside a lead is."""

    PROFILE = "profile"
    AGREEMENT = "agreement"
    CONTRACT = "contract"
    REGISTRATION = "registration"
    LAND_CONTRACT = "land_contract"
    VOUCHER = "voucher"
    OTHER = "other"

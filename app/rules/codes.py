"""Every closed list of the field as an enum. The values are those of the JSON API; the words come from the catalogue."""

# ruff: noqa: PLC0414  # named again, so that every list is found here by its name

from __future__ import annotations

from enum import StrEnum

from app.rules.lead_codes import Agreement as Agreement
from app.rules.lead_codes import CapitalFrom as CapitalFrom
from app.rules.lead_codes import Channel as Channel
from app.rules.lead_codes import FollowUpKind as FollowUpKind
from app.rules.lead_codes import LeadDisposition as LeadDisposition
from app.rules.lead_codes import LeadFileKind as LeadFileKind
from app.rules.lead_codes import LeadGrade as LeadGrade
from app.rules.lead_codes import LeadStage as LeadStage


class Ledger(StrEnum):
    """Where a project stands, in the order of its life. Changes only by a move."""

    RESERVE = "reserve"
    UPCOMING = "upcoming"
    IN_CONSTRUCTION = "in_construction"
    COMPLETED = "completed"


class Disposition(StrEnum):
    """What has been decided about a project, apart from its ledger. Being late is computed, never decided."""

    ACTIVE = "active"
    DEFERRED = "deferred"
    SUSPENDED = "suspended"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    NEW_INVESTMENT = "new_investment"
    EXPANSION = "expansion"
    PROFIT_REINVESTMENT = "profit_reinvestment"
    TECHNICAL_UPGRADE = "technical_upgrade"


class ConstructionNature(StrEnum):
    """What a project is in the year shown."""

    NEW_START = "new_start"
    CARRIED_OVER = "carried_over"
    COMPLETING = "completing"
    PREPARATORY = "preparatory"


class ShareOf(StrEnum):
    """What a partner zone has a share of."""

    INVESTMENT = "investment"
    OUTPUT = "output"
    TAX = "tax"
    CREDIT = "credit"


class Relation(StrEnum):
    """What a child is to its parent."""

    EXPANSION = "expansion"
    PHASE = "phase"
    PART = "part"


class LandMode(StrEnum):
    NEW_LAND = "new_land"
    EXISTING_PLANT = "existing_plant"
    LEASED = "leased"


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NONE = "none"


class Procedure(StrEnum):
    """The five procedures of an upcoming project."""

    FILING = "filing"
    LAND = "land"
    ENVIRONMENT = "environment"
    PLANNING_PERMIT = "planning_permit"
    CONSTRUCTION_PERMIT = "construction_permit"


class ProcedureState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class ChainClass(StrEnum):
    """What kind of project goes through the chain."""

    ENTERPRISE_INDUSTRIAL = "enterprise_industrial"
    ENTERPRISE_APPROVAL = "enterprise_approval"
    GOVERNMENT = "government"
    TECHNICAL_UPGRADE = "technical_upgrade"
    LEASED_PLANT = "leased_plant"


class Where(StrEnum):
    """Whose office it is: the zone's own, or one outside it."""

    ZONE = "zone"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


class CaseResult(StrEnum):
    """How a case ended. Without one it is under way."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_NEEDED = "not_needed"


class SettledUnder(StrEnum):
    """In which way the zone settled it: by delegation, by an office of the authority in the zone, by an official posted
    there with its seal; or the zone only took the papers in."""

    DELEGATED = "delegated"
    BRANCH_OFFICE = "branch_office"
    POSTED_OFFICIAL = "posted_official"
    WINDOW_ONLY = "window_only"


class EvidenceKind(StrEnum):
    CONTRACT = "contract"
    FILING_CERTIFICATE = "filing_certificate"
    CONSTRUCTION_PERMIT = "construction_permit"
    CONSTRUCTION_CONTRACT = "construction_contract"
    SITE_PHOTO = "site_photo"
    INSTALLATION_PHOTO = "installation_photo"
    ACCEPTANCE_RECORD = "acceptance_record"
    OWNER_STATEMENT = "owner_statement"
    OTHER = "other"


class ZoneLevel(StrEnum):
    NATIONAL = "national"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"


class ZoneKind(StrEnum):
    ECONOMIC_TECHNOLOGICAL = "economic_technological"
    HIGH_TECH = "high_tech"
    TOURISM_RESORT = "tourism_resort"
    BONDED = "bonded"
    OTHER = "other"


class ResponsibilityRole(StrEnum):
    """In which way a person or unit answers for a project."""

    SPONSOR_LEADER = "sponsor_leader"
    RESPONSIBLE_UNIT = "responsible_unit"
    RESPONSIBLE_PERSON = "responsible_person"
    SERVICE_UNIT = "service_unit"
    SERVICE_PERSON = "service_person"
    LIAISON = "liaison"
    OWNER_CONTACT = "owner_contact"
    TASK_FORCE = "task_force"


class OrgLevel(StrEnum):
    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"


class PostingKind(StrEnum):
    """Why a cell of the sums changed: the bridge between two figures is made of these."""

    OPENED = "opened"
    ADDED = "added"
    REMOVED = "removed"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    ADJUSTED = "adjusted"


class Share(StrEnum):
    """What a partner zone has a share of."""

    INVESTMENT = "investment"
    OUTPUT = "output"
    TAX = "tax"
    CREDIT = "credit"


class PhotoTeller(StrEnum):
    """Who told when and where a photo was taken: the file that the camera wrote, or the device that made it small."""

    FILE = "file"
    DEVICE = "device"


class ReportState(StrEnum):
    """A project's report. That there is none is an absence, not a state."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    RETURNED = "returned"


class ZoneMonthState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    LOCKED = "locked"


class RowState(StrEnum):
    """What becomes of a row of a workbook."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    MOVE = "move"
    LEFT = "left"
    ABSENT = "absent"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    ELSEWHERE = "elsewhere"


class ImportMode(StrEnum):
    """Which rows of a workbook are written."""

    BOTH = "both"
    ADD = "add"
    UPDATE = "update"


class EmptyCells(StrEnum):
    """What an empty cell does to what is known."""

    LEAVE = "leave"
    CLEAR = "clear"


class ImportState(StrEnum):
    """Where a workbook that came in stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    COMMITTED = "committed"
    ACCEPTED = "accepted"
    UNDONE = "undone"
    DISCARDED = "discarded"


class ImportStep(StrEnum):
    """What the worker is doing with a workbook."""

    QUEUED = "queued"
    RUNNING = "running"
    READING = "reading"
    COMPARING = "comparing"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"


class SheetKind(StrEnum):
    """What a sheet of a workbook was taken for."""

    LIST = "list"
    SUMMARY = "summary"
    PROJECT_PAGE = "project_page"
    MONTH_GRID = "month_grid"
    BLANK_FORM = "blank_form"
    UNKNOWN = "unknown"


class UnitFrom(StrEnum):
    """Where the unit of an amount was found."""

    HEADING = "heading"
    LINE = "line"
    NEIGHBOURS = "neighbours"
    ASSUMED = "assumed"
    HAND = "hand"


class LineKind(StrEnum):
    """What a line of a sheet is."""

    DATA = "data"
    TOTAL = "total"
    GROUP = "group"
    NOTE = "note"
    HEADING = "heading"
    UNCLEAR = "unclear"


class PowerKind(StrEnum):
    """The official kinds of an item (事项类型)."""

    LICENCE = "licence"
    PENALTY = "penalty"
    INSPECTION = "inspection"
    REWARD = "reward"
    CONFIRMATION = "confirmation"
    RULING = "ruling"
    PUBLIC_SERVICE = "public_service"
    OTHER = "other"


class PowerLevel(StrEnum):
    """Whose an item is before it is handed down."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class DelegationForm(StrEnum):
    """In which way a zone came to settle an item, or at least to take it in."""

    TRANSFER = "transfer"
    ENTRUSTMENT = "entrustment"
    AUTHORIZATION = "authorization"
    BRANCH_OFFICE = "branch_office"
    POSTED_OFFICIAL = "posted_official"
    WINDOW_ONLY = "window_only"


class DelegationState(StrEnum):
    """Where a delegation stands, in the order of its life."""

    PENDING = "pending"
    TAKEN_OVER = "taken_over"
    RUNNING = "running"
    ADJUSTED = "adjusted"
    REVOKED = "revoked"


class BoundaryHolder(StrEnum):
    """Who answers for a matter in a zone."""

    COMMITTEE = "committee"
    HOST_TOWN = "host_town"
    ZONE_COMPANY = "zone_company"
    DEPARTMENT = "department"


class CountedAt(StrEnum):
    """The day on which a project counts for a target."""

    SIGNED = "signed"
    LANDED = "landed"
    STARTED = "started"

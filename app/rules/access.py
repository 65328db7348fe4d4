"""Who may do what: roles, acts and field groups as data. Only the desk reads this table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a person (or a key) is in the register. Held for zones, from a day until a day."""

    REPORTER = "reporter"
    SERVICE = "service"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    CITY_OFFICE = "city_office"
    DEPARTMENT = "department"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    SECURITY_OFFICER = "security_officer"
    AUDITOR = "auditor"
    KEY_READ = "key_read"
    KEY_WRITE = "key_write"
    KEY_ADMIN = "key_admin"
    SYSTEM = "system"


class FieldGroup(StrEnum):
    """Fields that are granted together."""

    FACTS = "facts"
    AMOUNTS = "amounts"
    PROCEDURES = "procedures"
    MONTH = "month"
    PEOPLE = "people"


class Act(StrEnum):
    """Every word history knows. The word leave was asked with is the word history keeps."""

    REGISTER_READ = "register.read"
    HISTORY_READ = "history.read"
    PHONE_READ = "phone.read"
    LEAD_READ = "lead.read"
    LEAD_SECRET_READ = "lead_secret.read"
    ZONE_CREATE = "zone.create"
    ZONE_AMEND = "zone.amend"
    PROJECT_CREATE = "project.create"
    PROJECT_AMEND = "project.amend"
    PROJECT_REMOVE = "project.remove"
    PROJECT_RESTORE = "project.restore"
    PROJECT_MOVE = "project.move"
    PROJECT_OVERRIDE = "project.override"
    PROJECT_SETTLE = "project.settle"
    PROJECT_EXIT = "project.exit"
    PROJECT_TRANSFER = "project.transfer"
    PEOPLE_AMEND = "people.amend"
    PEOPLE_HANDOVER = "people.handover"
    REPORT_WRITE = "report.write"
    REPORT_CORRECT = "report.correct"
    REPORTER_INVITE = "reporter.invite"
    PLAN_WRITE = "plan.write"
    MONTH_OPEN = "month.open"
    MONTH_SUBMIT = "month.submit"
    MONTH_CONFIRM = "month.confirm"
    MONTH_RETURN = "month.return"
    MONTH_LOCK = "month.lock"
    YEAR_OPEN = "year.open"
    BASELINE_ACCEPT = "baseline.accept"
    LEAD_CREATE = "lead.create"
    LEAD_AMEND = "lead.amend"
    LEAD_REMOVE = "lead.remove"
    LEAD_RESTORE = "lead.restore"
    LEAD_MOVE = "lead.move"
    LEAD_EXIT = "lead.exit"
    LEAD_RELEASE = "lead.release"
    LEAD_TRANSFER = "lead.transfer"
    LEAD_LAND = "lead.land"
    FOLLOW_UP_ADD = "follow_up.add"
    FOLLOW_UP_AMEND = "follow_up.amend"
    FOLLOW_UP_REMOVE = "follow_up.remove"
    EVIDENCE_ADD = "evidence.add"
    EVIDENCE_REMOVE = "evidence.remove"
    PHOTO_ADD = "photo.add"
    PHOTO_REMOVE = "photo.remove"
    SCAN_ADD = "scan.add"
    SCAN_REMOVE = "scan.remove"
    CASE_WRITE = "case.write"
    CASE_REMOVE = "case.remove"
    TARGET_WRITE = "target.write"
    LIST_AMEND = "list.amend"
    ENTERPRISE_CREATE = "enterprise.create"
    ENTERPRISE_AMEND = "enterprise.amend"
    ENTERPRISE_MERGE = "enterprise.merge"
    ENTERPRISE_REMOVE = "enterprise.remove"
    ENTERPRISE_RESTORE = "enterprise.restore"
    TARGET_FIRM_WRITE = "target_firm.write"
    LIKENESS_READ = "likeness.read"
    VERDICT_READ = "verdict.read"
    VERDICT_WRITE = "verdict.write"
    POWER_AMEND = "power.amend"
    DELEGATION_GIVE = "delegation.give"
    DELEGATION_AMEND = "delegation.amend"
    BOUNDARY_AMEND = "boundary.amend"
    IMPORT_RUN = "import.run"
    IMPORT_ACCEPT = "import.accept"
    IMPORT_UNDO = "import.undo"
    EXPORT_RUN = "export.run"
    SETTING_AMEND = "setting.amend"
    FORM_AMEND = "form.amend"
    ACCOUNT_READ = "account.read"
    ACCOUNT_CREATE = "account.create"
    ACCOUNT_AMEND = "account.amend"
    ACCOUNT_DISABLE = "account.disable"
    ACCOUNT_RESTORE = "account.restore"
    ACCOUNT_LINK = "account.link"
    ACCOUNT_OWN = "account.own"
    PASSWORD_SET = "password.set"
    KEY_CREATE = "key.create"
    KEY_REVOKE = "key.revoke"
    AUDIT_VERIFY = "audit.verify"
    LIGHTS_TURN = "lights.turn"
    DEMO_LOAD = "demo.load"
    DEMO_REMOVE = "demo.remove"


READ = {Act.REGISTER_READ, Act.LEAD_READ, Act.HISTORY_READ, Act.EXPORT_RUN}
LOOKING = frozenset(act for act in Act if act.value.endswith(".read")) | {Act.EXPORT_RUN}
"""Acts that change nothing: none of them is the word under which something was written."""
OWN = {Act.ACCOUNT_OWN, Act.PASSWORD_SET}
LEADS = {
    Act.LEAD_SECRET_READ,
    Act.LEAD_CREATE,
    Act.LEAD_AMEND,
    Act.LEAD_REMOVE,
    Act.LEAD_RESTORE,
    Act.LEAD_MOVE,
    Act.LEAD_EXIT,
    Act.LEAD_RELEASE,
    Act.LEAD_LAND,
    Act.FOLLOW_UP_ADD,
    Act.FOLLOW_UP_AMEND,
    Act.FOLLOW_UP_REMOVE,
}
"""The pipeline of a zone. Names that are confidential are seen by who works on them, the leaders and the city office."""
FIRMS = {Act.ENTERPRISE_CREATE, Act.ENTERPRISE_AMEND, Act.LIKENESS_READ}
"""The base of enterprises is everybody's who works with firms; so is the question whether one is known already."""
EDIT = FIRMS | {
    Act.TARGET_FIRM_WRITE,
    Act.PHONE_READ,
    Act.PROJECT_CREATE,
    Act.PROJECT_AMEND,
    Act.PROJECT_REMOVE,
    Act.PROJECT_RESTORE,
    Act.PROJECT_MOVE,
    Act.PROJECT_SETTLE,
    Act.PROJECT_EXIT,
    Act.PEOPLE_AMEND,
    Act.PEOPLE_HANDOVER,
    Act.REPORT_WRITE,
    Act.REPORT_CORRECT,
    Act.REPORTER_INVITE,
    Act.PLAN_WRITE,
    Act.MONTH_SUBMIT,
    Act.EVIDENCE_ADD,
    Act.EVIDENCE_REMOVE,
    Act.PHOTO_ADD,
    Act.PHOTO_REMOVE,
    Act.SCAN_ADD,
    Act.SCAN_REMOVE,
    Act.CASE_WRITE,
    Act.CASE_REMOVE,
    Act.IMPORT_RUN,
    Act.IMPORT_UNDO,
    Act.DELEGATION_AMEND,
    Act.BOUNDARY_AMEND,
}
REVIEW = EDIT | {Act.PROJECT_OVERRIDE, Act.IMPORT_ACCEPT, Act.MONTH_CONFIRM, Act.MONTH_RETURN}
STOP = {Act.ACCOUNT_READ, Act.ACCOUNT_DISABLE, Act.KEY_REVOKE}
"""Taking rights away: the security officer may do this beside the administrator, and neither can hide it."""
ADMIT = STOP | {
    Act.ACCOUNT_CREATE,
    Act.ACCOUNT_AMEND,
    Act.ACCOUNT_RESTORE,
    Act.ACCOUNT_LINK,
    Act.KEY_CREATE,
}
JUDGE = {
    Act.VERDICT_READ,
    Act.VERDICT_WRITE,
    Act.ENTERPRISE_MERGE,
    Act.ENTERPRISE_REMOVE,
    Act.ENTERPRISE_RESTORE,
}
CITY = (
    JUDGE
    | FIRMS
    | {
        Act.PROJECT_TRANSFER,
        Act.LEAD_TRANSFER,
        Act.LEAD_SECRET_READ,
        Act.MONTH_OPEN,
        Act.MONTH_RETURN,
        Act.MONTH_LOCK,
        Act.YEAR_OPEN,
        Act.BASELINE_ACCEPT,
        Act.TARGET_WRITE,
    }
)
"""What reaches beyond one zone: the city office decides."""
REGISTRY = {Act.ZONE_CREATE, Act.ZONE_AMEND, Act.LIST_AMEND, Act.SETTING_AMEND, Act.FORM_AMEND}
POWERS = {Act.POWER_AMEND, Act.DELEGATION_GIVE, Act.DELEGATION_AMEND, Act.BOUNDARY_AMEND}
"""What is handed down is the city's to give and to take back; a zone takes it over and runs it."""

MAY: dict[Role, frozenset[Act]] = {
    # Those whose work comes with later capabilities exist already, and may only read.
    Role.REPORTER: frozenset(
        {Act.REGISTER_READ, Act.REPORT_WRITE, Act.EVIDENCE_ADD, Act.PHOTO_ADD, Act.PHOTO_REMOVE} | OWN
    ),
    # The service unit does the paperwork with the firm: it keeps the cases of the projects that it serves
    # (``services.responsibilities.serves``).
    Role.SERVICE: frozenset({Act.REGISTER_READ, Act.HISTORY_READ, Act.CASE_WRITE, Act.CASE_REMOVE} | OWN),
    Role.DEPARTMENT: frozenset({Act.REGISTER_READ} | OWN),
    Role.EDITOR: frozenset(READ | EDIT | LEADS | OWN),
    Role.REVIEWER: frozenset(READ | REVIEW | LEADS | OWN),
    # The city office types no zone's figure: it sees all, opens, returns and locks months, transfers, and keeps the registers.
    Role.CITY_OFFICE: frozenset(READ | OWN | REGISTRY | CITY | POWERS | {Act.PHONE_READ}),
    Role.LEADER: frozenset(READ | OWN | {Act.PHONE_READ, Act.LEAD_SECRET_READ}),
    # The three separate officers write no business data.
    Role.ADMINISTRATOR: frozenset(
        {Act.REGISTER_READ, Act.ZONE_CREATE, Act.ZONE_AMEND, Act.SETTING_AMEND, Act.FORM_AMEND} | ADMIT | OWN
    ),
    Role.SECURITY_OFFICER: frozenset({Act.REGISTER_READ, Act.HISTORY_READ} | STOP | OWN),
    Role.AUDITOR: frozenset(READ | OWN | {Act.AUDIT_VERIFY, Act.ACCOUNT_READ, Act.VERDICT_READ}),
    Role.KEY_READ: frozenset(READ),
    # A program may bring leads, but is not told the names of confidential ones.
    Role.KEY_WRITE: frozenset(READ | EDIT | LEADS - {Act.LEAD_SECRET_READ, Act.LEAD_RELEASE}),
    Role.KEY_ADMIN: frozenset(READ | REVIEW | LEADS | REGISTRY | CITY | POWERS),
    Role.SYSTEM: frozenset(Act),
}

ALL_FIELDS = frozenset(FieldGroup)
WRITES: dict[Role, frozenset[FieldGroup]] = {
    Role.REPORTER: frozenset({FieldGroup.MONTH}),
    Role.EDITOR: ALL_FIELDS,
    Role.REVIEWER: ALL_FIELDS,
    Role.KEY_WRITE: ALL_FIELDS,
    Role.KEY_ADMIN: ALL_FIELDS,
    Role.SYSTEM: ALL_FIELDS,
}

EVERY_ZONE = frozenset(
    {
        Role.CITY_OFFICE,
        Role.ADMINISTRATOR,
        Role.SECURITY_OFFICER,
        Role.AUDITOR,
        Role.SYSTEM,
    },
)
"""Roles that see all zones whatever zones are written beside them. A leader or a key without zones sees all too."""

KEY_ROLES = (Role.KEY_READ, Role.KEY_WRITE, Role.KEY_ADMIN)
PERSON_ROLES = tuple(role for role in Role if role not in KEY_ROLES and role is not Role.SYSTEM)
ALL_WHEN_UNNAMED = frozenset({Role.LEADER, *KEY_ROLES})
"""Roles that reach every zone when no zone is named for them."""
BY_ZONE = frozenset({Role.REPORTER, Role.SERVICE, Role.EDITOR, Role.REVIEWER})
"""Roles that are nothing without a zone."""

GRANTS: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(PERSON_ROLES + KEY_ROLES),
    Role.SYSTEM: frozenset(PERSON_ROLES + KEY_ROLES),
}
"""Who may hand out which roles. Nobody hands them to herself: accounts refuse to change their own rights."""


def may_grant(giver: Role, role: Role) -> bool:
    """May ``giver`` hand out ``role`` (for zones she reaches herself: the service checks them)?"""
    return role in GRANTS.get(giver, frozenset())


def reaches_all(role: Role, zones: object) -> bool:
    """Does a role held for these zones (any collection) reach every zone?"""
    return role in EVERY_ZONE or (not zones and role in ALL_WHEN_UNNAMED)


@dataclass(frozen=True)
class Bound:
    """What somebody reaches who came by a personal link: these projects, their reports of this month, and nothing else."""

    projects: tuple[int, ...]
    month: str

    def sees(self, noun: str, row: Any) -> bool:
        """May she see this row?"""
        return (
            noun in SEEN_BY_BOUND
            or (row.id if noun == "project" else getattr(row, "project_id", None)) in self.projects
        )

    def holds(self, noun: str, row: Any) -> bool:
        """Is this row hers to write? A project's own row follows from its reports."""
        if noun == "project":
            return row.id in self.projects
        return getattr(row, "project_id", None) in self.projects and getattr(row, "month", self.month) == self.month


PUBLISHED: dict[str, frozenset[str]] = {
    "delegation": frozenset(
        {
            "id", "zone_id", "power_id", "number", "form", "batch", "document", "effective_from", "effective_until", "state", "state_on",
            "given_on", "taken_over_on", "running_on", "adjusted_on", "revoked_on", "receiving_department", "own_seal", "since",
        }
    ),
}  # fmt: skip
"""Noun → what of it the law publishes: everybody who reads the register reads this of every zone."""

BOUND = frozenset({Role.REPORTER})
"""Roles that work on the projects they answer for only: an account, which names no projects and no month, may but look."""
SEEN_BY_BOUND = frozenset({"zone", "period", "zone_month", "zone_year", "setting"})
"""Nouns beside those that hang on her projects which somebody who is bound may read at all."""


def may(role: Role, act: Act, bound: bool = False) -> bool:
    """Does the table grant this act to this role at all (zones are checked by the desk)? ``bound``: she came by a link."""
    if act not in MAY[role]:
        return False
    return act not in OWN if bound else role not in BOUND or act in LOOKING | OWN


def may_write(role: Role, group: FieldGroup | str | None) -> bool:
    """Does the table grant writing this group of fields? ``None`` is a field only the house writes."""
    return group is not None and group in WRITES.get(role, frozenset())

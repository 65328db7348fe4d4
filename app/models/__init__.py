"""Facts: tables and the shapes that become rows. Importing this package knows every table."""

from sqlalchemy.orm import configure_mappers

from app.models import core
from app.models.base import BY_MODEL, FOREVER, NOUNS, Kept, Noun, metadata
from app.models.forms import Form
from app.models.months import Correction, Period, ZoneMonth
from app.models.moves import Evidence, Import, Layout, Move, Origin, Transfer
from app.models.people import Account, ApiKey, Person, Responsibility, Unit
from app.models.plans import Plan
from app.models.projects import Project, ProjectFacts
from app.models.reports import Report, ReportFacts
from app.models.zones import Indicator, Industry, Listing, ProjectList, Setting, Zone

configure_mappers()  # rows are made without a session, so nothing else would finish the mappers

__all__ = [
    "BY_MODEL", "FOREVER", "NOUNS", "Account", "ApiKey", "Correction", "Evidence", "Form", "Import", "Indicator", "Industry", "Kept", "Layout",
    "Listing", "Move", "Noun", "Origin", "Period", "Person", "Plan", "Project", "ProjectFacts", "ProjectList", "Report", "ReportFacts",
    "Responsibility", "Setting", "Transfer", "Unit", "Zone", "ZoneMonth",
    "core", "metadata",
]  # fmt: skip

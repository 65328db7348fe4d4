"""Partner zones of projects as the API answers them, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from app.api.records import Answer, Version
from app.models.types import Day, Month
from app.rules.codes import Disposition, Ledger, ShareOf


class ShareRead(Answer):
    """A partner zone's share of a project."""

    zone: str
    percent: float
    of: ShareOf
    basis_document: str | None
    until: Day | None


class SharesRead(Answer):
    """Every partner zone of a project."""

    items: list[ShareRead]
    version: Version


class SharedRead(Answer):
    """The head of another zone's project in which a zone has a share: not counted there."""

    id: int
    code: str
    name: str
    zone: str
    ledger: Ledger
    disposition: Disposition
    investor_name: str | None
    content: str | None
    total_investment_yuan: int | None
    started_on: Day | None
    planned_completion_month: Month | None
    shares: list[Any]
    version: Version

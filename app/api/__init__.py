"""The JSON face: parse, call one service, render."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """Every router of the API; those asked most often first, since routes are tried in order."""
    from app.api import (
        document,
        duplicates,
        enterprises,
        evidence,
        exports,
        follow_ups,
        forms,
        health,
        history,
        imports,
        lead_settings,
        leads,
        ledgers,
        lists,
        monthly,
        months,
        moves,
        papers,
        people,
        photos,
        plans,
        projects,
        references,
        reporters,
        reports,
        settings,
        shares,
        transfers,
        years,
        zones,
    )

    rooms = (
        exports, ledgers, references, projects, moves, transfers, shares, reports, plans, months, reporters, years, photos, papers, evidence, history, leads, follow_ups, imports, zones, people, lists, enterprises, duplicates, forms,
        settings, lead_settings, monthly,
        document, health,
    )  # fmt: skip
    return [room.router for room in rooms]

"""The JSON face: parse, call one service, render."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """Every router of the API; those asked most often first, since routes are tried in order."""
    from app.api import (
        cases,
        delegations,
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
        lead_imports,
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
        pipeline,
        plans,
        powers,
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
        exports, ledgers, references, projects, moves, transfers, shares, cases, reports, plans, months, reporters, years, photos,
        papers, evidence, history, lead_imports, leads, follow_ups, pipeline, imports, zones, people, lists, enterprises, duplicates,
        powers, delegations, forms, settings, lead_settings, monthly, document, health,
    )  # fmt: skip
    return [room.router for room in rooms]

"""What the figures of the pipeline are called, on pages and in workbooks."""

from __future__ import annotations

from typing import Any

from app.rules.funnel import STAGES
from app.words import Word

RATES: dict[str, Any] = {
    "performance": Word("Performance rate"),
    "landed": Word("Landing rate"),
    "start": Word("Start rate (of what was signed)"),
    "production": Word("Production rate"),
    "funds": Word("Funds in place rate"),
    "plan_start": Word("Start rate (of those planned to start this year)"),
    "statistics": Word("In the statistics register, of those started"),
}
MEANT: dict[str, Any] = {
    "performance": Word("A company, first money or a start"),
    "landed": Word("A company, and land or plant secured"),
    "start": Word("Works have begun"),
    "production": Word("In production"),
    "funds": Word("Arrived, of the contract amount"),
    "plan_start": Word("Over the ledgers"),
    "statistics": Word("Over the ledgers, from 5 million yuan"),
}
STAGE_TITLES: dict[str, Any] = {
    **{stage: Word(f"LeadStage.{stage}") for stage in STAGES[:-1]},
    "started": Word("Works begun"),
}

"""What comes in about light rules: a shipped set by its name, or a set written out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.models.checking import Body
from app.models.shapes import Reason, Yuan
from app.models.types import Text

Months = Annotated[int, Field(ge=0, le=60)]
Percent = Annotated[float, Field(ge=0, le=1000)]


class StartRule(Body):
    """Months since the planned start month, of a project that has not started."""

    yellow_months: Months
    red_months: Months


class PointsRule(Body):
    """Percentage points behind the share of the annual plan that is due."""

    measure: Literal["points_behind"]
    yellow_from: Percent
    red_above: Percent
    least_annual_plan_yuan: Yuan = 0


class PercentRule(Body):
    """What is done as a percentage of what is due."""

    measure: Literal["percent_of_due"]
    yellow_below: Percent
    red_below: Percent
    least_annual_plan_yuan: Yuan = 0


class StatisticsRule(Body):
    """Months since the start without entry in the statistics register."""

    yellow_months: Months
    red_months: Months
    least_total_yuan: Yuan


class LightRuleSet(Body):
    """The rules; a rule that is left out gives no light."""

    start: StartRule | None = None
    pace: Annotated[PointsRule | PercentRule, Field(discriminator="measure")] | None = None
    statistics: StatisticsRule | None = None


class LightRulesEdit(Body):
    """Which rules are in force: the name of a shipped set, or a name and the rules themselves."""

    name: Annotated[Text, Field(min_length=1, max_length=60, title="Name")]
    rules: LightRuleSet | None = None
    reason: Reason = None

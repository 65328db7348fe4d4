"""What comes in about the targets of a zone."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.models.checking import Body
from app.models.shapes import Reason, Yuan
from app.models.types import Text
from app.rules.codes import CountedAt

Projects = Annotated[int, Field(ge=0, le=10_000)]


class TargetClassEdit(Body):
    """A class of size, and how many projects of it are asked for."""

    least_yuan: Annotated[Yuan, Field(title="From (amount)", description="The smallest contract of this class")]
    below_yuan: Annotated[
        Yuan | None, Field(title="Below (amount)", description="The class ends below this; null: it has no upper end")
    ] = None
    low: Annotated[Projects, Field(title="At least")]
    high: Annotated[Projects, Field(title="At most", description="More than this is above the range")]


class TargetEdit(Body):
    """The target of a zone and year as a whole."""

    classes: Annotated[list[TargetClassEdit], Field(max_length=10, title="Classes")]
    counted_at: Annotated[CountedAt, Field(title="Counted at")] = CountedAt.SIGNED
    fills: Annotated[
        bool,
        Field(
            title="A surplus above fills a lack below",
            description="Only where the classes exclude each other",
        ),
    ] = False
    document: Annotated[Text | None, Field(max_length=200, title="Document")] = None
    reason: Reason = None

"""Forms of masters as data: a blank form that was uploaded, what its columns mean, and which ledger or list it is for."""

from __future__ import annotations

from app.models.base import Kept, choice, json_text, noun, ref, text
from app.rules.codes import Ledger


@noun("words")
class Form(Kept, table=True):
    """A master's form. ``layout`` is what ``sheets.blanks`` reads from the file, which is kept by its digest."""

    __tablename__ = "form"

    name: str = text("Name", 60, nullable=False, unique=True)
    ledger: Ledger | None = choice("Ledger", Ledger, group=None)
    list_id: int | None = ref("List", foreign_key="project_list.id")
    digest: str = text("Digest", 64, group=None, nullable=False)
    file_name: str = text("File name", 200, group=None, nullable=False)
    sheet: str = text("Sheet", 200, group=None, nullable=False)
    layout: str = json_text("Layout", default="{}", nullable=False)

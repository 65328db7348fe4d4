"""What an audit found: which parts ran, how much each looked at, and every problem as a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app import words
from app.words import Word

MOST_SAID = 20
"""Problems of one part that are said one by one; the others are counted."""


@dataclass
class Part:
    """One part of an audit. ``name`` is a msgid; ``looked_at`` counts what it held against each other."""

    name: str
    looked_at: int = 0
    ran: bool = True
    found: int = 0
    problems: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """(msgid, values) of the first ``MOST_SAID`` of what was ``found``."""

    def wrong(self, msgid: str, **values: Any) -> None:
        """Note a problem."""
        self.found += 1
        if len(self.problems) < MOST_SAID:
            self.problems.append((msgid, values))

    def lines(self, language: str) -> list[str]:
        """What this part has to say, in sentences."""
        name = Word(self.name)
        if not self.ran:
            return [words.say("{part}: not run", language, part=name)]
        if not self.found:
            return [words.say("{part}: in order ({count} looked at)", language, part=name, count=self.looked_at)]
        said = [words.say(msgid, language, **values) for msgid, values in self.problems]
        return [
            words.say("{part}: {count} problems", language, part=name, count=self.found),
            *(f"  {sentence}" for sentence in said),
        ]


@dataclass
class Report:
    """All parts of an audit, and the language its reader wants."""

    parts: list[Part]
    language: str

    @property
    def sound(self) -> bool:
        """No part that ran found anything."""
        return not any(part.found for part in self.parts)

    @property
    def lines(self) -> list[str]:
        """The report, a line each."""
        return [line for part in self.parts for line in part.lines(self.language)]

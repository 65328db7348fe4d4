"""The parts of the READMEs that follow from the code: the table of settings. ``python -m tools.documents`` writes them."""

from __future__ import annotations

import re
from pathlib import Path

from app.settings import Settings
from app.words import say

ROOT = Path(__file__).resolve().parent.parent
READMES = {"README.md": "en", "README.zh-CN.md": "zh_CN"}


def settings_table(language: str) -> str:
    """One row a setting: the environment's name, the default, what it means in ``language``."""
    rows = []
    for name, field in Settings.model_fields.items():
        means = say(field.description or "", language)
        rows.append(f"| `SANZHANG_{name.upper()}` | `{field.default}` | {means} |")
    return "\n".join(rows)


def with_settings(text: str, language: str) -> str:
    """``text`` with its table of settings as the code has it."""
    table = f"<!-- settings -->\n{settings_table(language)}\n<!-- /settings -->"
    return re.sub(r"<!-- settings -->.*?<!-- /settings -->", lambda _: table, text, flags=re.DOTALL)


def main() -> None:
    """Write the tables anew."""
    for name, language in READMES.items():
        path = ROOT / name
        path.write_text(with_settings(path.read_text(), language))


if __name__ == "__main__":
    main()

"""``{% keep view, edits %} … {% endkeep %}``: a part of a template written once for its values and the language.

Most of a page is the same from one click to the next. A kept part may use nothing but the names it is kept by, so it can
never show what it was not kept for; a template that breaks this does not compile. The values must not change afterwards.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

MOST_LETTERS = 4_000_000
"""Of all kept parts together; beyond, those not used for longest go."""


class Kept:
    """Finished parts by place, language and values. Pages are rendered by one thread."""

    def __init__(self, most: int = MOST_LETTERS) -> None:
        self.most = most
        self.letters = 0
        self._parts: OrderedDict[Hashable, Markup] = OrderedDict()

    def part(self, key: Hashable, write: Callable[[], Markup]) -> Markup:
        """The part under ``key``, written now if it is not there."""
        found = self._parts.get(key)
        if found is not None:
            self._parts.move_to_end(key)
            return found
        found = self._parts[key] = write()
        self.letters += len(found)
        while self.letters > self.most:
            _, gone = self._parts.popitem(last=False)
            self.letters -= len(gone)
        return found


class Keep(Extension):
    """The tag. Its environment has ``language`` among its globals."""

    tags = {"keep"}  # noqa: RUF012 - the base class says so

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self.kept = Kept()

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        names = []
        while parser.stream.current.type == "name":
            names.append(parser.stream.expect("name").value)
            parser.stream.skip_if("comma")
        body = parser.parse_statements(("name:endkeep",), drop_needle=True)
        known = {*names, *_assigned(body), *self.environment.globals}
        strange = sorted({n.name for n in _names(body) if n.ctx == "load"} - known)
        if strange and "language" in self.environment.globals:  # the gatherer of sentences reads templates without ours
            raise TemplateSyntaxError(f"a kept part uses {strange[0]}, by which it is not kept", line, parser.name)
        values = nodes.Tuple([nodes.Name(name, "load") for name in names], "load")
        call = self.call_method("_part", [nodes.Const(f"{parser.name}:{line}"), values])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _part(self, place: str, values: tuple[Hashable, ...], caller: Callable[[], Markup]) -> Markup:
        language: Any = self.environment.globals["language"]
        return self.kept.part((place, language(), values), caller)


def _names(body: list[nodes.Node]) -> Iterator[nodes.Name]:
    for part in body:
        if isinstance(part, nodes.Name):
            yield part
        yield from part.find_all(nodes.Name)


def _assigned(body: list[nodes.Node]) -> set[str]:
    return {n.name for n in _names(body) if n.ctx != "load"} | {"loop"}

"""What the house may refuse. A refusal carries a msgid and its values; the face that answers makes the sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (a JSON pointer such as ``/name``), a stable code, and the sentence to be made."""

    pointer: str
    code: str
    msgid: str
    values: dict[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """Base of everything the house refuses. ``status`` is the HTTP status of both faces."""

    status = 400
    code = "refused"
    title = "The request was refused"

    def __init__(
        self,
        msgid: str = "",
        *,
        code: str = "",
        problems: list[Problem] | None = None,
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(msgid or self.title)
        self.msgid = msgid or self.title
        self.code = code or type(self).code
        self.values = values
        self.problems = problems or []
        self.extra = extra or {}
        self.headers = headers or {}


class BadRequest(Refusal):
    """A parameter, cursor or body that cannot be read at all."""

    status, code, title = 400, "bad_request", "The request cannot be read"

    @classmethod
    def parameter(cls, name: str, msgid: str, code: str = "bad_parameter", **values: Any) -> BadRequest:
        """One parameter of the address; the sentence stands beside it and speaks for the whole."""
        return cls(msgid, code=code, problems=[Problem(f"/{name}", code, msgid, values)], **values)


class Unauthenticated(Refusal):
    status, code, title = 401, "unauthenticated", "Sign in, or send a valid API key"

    def __init__(self, msgid: str = "", **kw: Any) -> None:
        kw.setdefault("headers", {"WWW-Authenticate": "Bearer"})
        super().__init__(msgid, **kw)


class Forbidden(Refusal):
    status, code, title = 403, "forbidden", "You may not do this"


class NotFound(Refusal):
    """Not there, or not hers to see: the answer is the same."""

    status, code, title = 404, "not_found", "There is nothing at this address that you may see"


class Conflict(Refusal):
    status, code, title = 409, "conflict", "This contradicts what the register holds"


class Stale(Refusal):
    """Somebody saved first. ``extra`` holds ``current_version`` and ``changed``, what was saved since and by whom."""

    status, code, title = 412, "stale", "Somebody else has changed this since you read it"


class TooLarge(Refusal):
    status, code, title = 413, "too_large", "This is larger than the register takes"


class Invalid(Refusal):
    """Readable, but it breaks a rule. Names every problem at once."""

    status, code, title = 422, "invalid", "Some values cannot be accepted"

    @classmethod
    def one(cls, pointer: str, code: str, msgid: str, **values: Any) -> Invalid:
        return cls(problems=[Problem(pointer, code, msgid, values)])


class VersionNeeded(Refusal):
    status, code, title = 428, "version_needed", "Send If-Match with the version that you read"


class TooMany(Refusal):
    status, code, title = 429, "too_many", "Too many attempts; wait a little and try again"


class Busy(Refusal):
    """The queue is full or the wait was too long. Nothing was changed; try again."""

    status, code, title = 503, "busy", "The register is busy; nothing was changed, please try again"

    def __init__(self, msgid: str = "", **kw: Any) -> None:
        kw.setdefault("headers", {"Retry-After": "2"})
        super().__init__(msgid, **kw)

"""The exceptions. The native module raises them; they are in Python for the sake of its stable ABI."""

from __future__ import annotations

import sys

from ._countermark import CODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from ._countermark import _CheckName, _CodeName

# Up to Python 3.12 these ask whether there is an exception by its truth; what they decide is no trust in an artifact.
_ASKS_WHETHER_THERE_IS_ONE = frozenset({"concurrent.futures._base", "logging", "traceback"})


class CountermarkError(Exception):
    """What every exception of this package is.

    As text it has the code, the detail and the remedy. It has no truth value, because it stands among results:
    tell them apart by ``isinstance(result, Verified)``.
    """

    # A log of nothing but malformed records has many of these.
    __slots__ = ("_code", "_detail", "_remedy")

    def __init__(self, code: _CodeName, detail: str, *, remedy: str | None = None) -> None:
        super().__init__(code, detail)
        if code not in CODES:
            raise ValueError(f"there is no code {code!r}")
        self._code: _CodeName = code
        self._detail = detail
        self._remedy = remedy

    @property
    def code(self) -> _CodeName:
        """The stable name of the code: ``"unknown_ca"``."""
        return self._code

    @property
    def number(self) -> int:
        """The stable number of the code; never zero."""
        return CODES[self._code].number

    @property
    def check(self) -> _CheckName:
        """The name of the check that failed."""
        return CODES[self._code].check

    @property
    def detail(self) -> str:
        """What exactly was found, for people; it names the offending input."""
        return self._detail

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return CODES[self._code].remedy if self._remedy is None else self._remedy

    def to_dict(self) -> dict[str, Any]:
        """The same as a dict, for logs and dashboards."""
        return {
            "code": self.code,
            "number": self.number,
            "check": self.check,
            "detail": self.detail,
            "remedy": self.remedy,
        }

    def to_json(self) -> str:
        """The same as JSON."""
        import json

        return json.dumps(self.to_dict())

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}; {self.remedy}"

    def __bool__(self) -> NoReturn:
        if sys._getframe(1).f_globals.get("__name__") in _ASKS_WHETHER_THERE_IS_ONE:
            return True  # type: ignore[misc]
        raise TypeError(
            f"a {type(self).__name__} has no truth value: it is no success; tell results apart by "
            "isinstance(result, countermark.Verified)"
        )


class MalformedInput(CountermarkError):
    """Input that cannot be judged at all: a trust anchor, policy, entry, bundle, trusted root,
    artifact name, message or argument.
    """

    __slots__ = ("_record", "_request")

    def __init__(
        self,
        code: _CodeName,
        detail: str,
        record: int | None = None,
        request: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(code, detail, remedy=remedy)
        self.args: tuple[Any, ...] = (code, detail, record, request, remedy)
        self._record = record
        self._request = request

    @property
    def record(self) -> int | None:
        """Which record of several is malformed, counted from zero; None if it is not one of several."""
        return self._record

    @property
    def request(self) -> int | None:
        """Which request of many it is the result of, counted from zero; None if it was raised."""
        return self._request

    def _of_request(self, request: int) -> MalformedInput:
        """The same as the result of a request."""
        return MalformedInput(self._code, self._detail, self._record, request, self._remedy)

    def to_dict(self) -> dict[str, Any]:
        """The same as a dict, for logs and dashboards."""
        others = {"request": self.request, "record": self.record}
        return super().to_dict() | {name: index for name, index in others.items() if index is not None}

    def __str__(self) -> str:
        request = "" if self.request is None else f"request {self.request}: "
        record = "" if self.record is None else f"record {self.record}: "
        return f"{self.code}: {request}{record}{self.detail}; {self.remedy}"


class Rejected(CountermarkError):
    """The artifact is not to be trusted, and why. ``verify`` raises it, ``verify_many`` returns it.

    If several entries were candidates, this is the reason of the newest, and those of the others stand in
    ``others``. There stand, too, those of other bundles, and of a bundle those under other instances.
    """

    __slots__ = ("_check", "_entry", "_others")

    def __init__(
        self,
        code: _CodeName,
        detail: str,
        check: _CheckName,
        entry: int | None = None,
        others: tuple[Rejected, ...] = (),
        remedy: str | None = None,
    ) -> None:
        super().__init__(code, detail, remedy=remedy)
        self.args: tuple[Any, ...] = (code, detail, check, entry, others, remedy)
        self._check: _CheckName = check
        self._entry = entry
        self._others = others

    @property
    def check(self) -> _CheckName:
        """The name of the check that failed: ``"chain"``."""
        return self._check

    @property
    def entry(self) -> int | None:
        """Which of the entries given the reason concerns, counted from zero; None if it is not one entry's."""
        return self._entry

    @property
    def others(self) -> tuple[Rejected, ...]:
        """The other candidates' rejections, newest first; of bundles in their order."""
        return self._others

    def to_dict(self) -> dict[str, Any]:
        """The same as a dict, for logs and dashboards."""
        members = super().to_dict()
        if self.entry is not None:
            members["entry"] = self.entry
        if self.others:
            members["others"] = [other.to_dict() for other in self.others]
        return members

    def __str__(self) -> str:
        text = super().__str__()
        count = len(self.others)
        if count == 0:
            return text
        were = "1 other entry was" if count == 1 else f"{count} other entries were"
        return f"{text} ({were} refused too)"

"""The exceptions. The native module raises them; they are in Python for the sake of its stable ABI."""

from __future__ import annotations

from ._countermark import CODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._countermark import _CheckName, _CodeName


class CountermarkError(Exception):
    """What every exception of this package is.

    As text it has the code, the detail and the remedy.
    """

    def __init__(self, code: _CodeName, detail: str) -> None:
        super().__init__(code, detail)
        self._code: _CodeName = CODES[code].name
        self._detail = detail

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
        return CODES[self._code].remedy

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


class MalformedInput(CountermarkError):
    """Input that cannot be judged at all: a trust anchor, policy, entry, artifact name, message or argument."""

    def __init__(self, code: _CodeName, detail: str, record: int | None = None) -> None:
        super().__init__(code, detail)
        self.args: tuple[Any, ...] = (code, detail, record)
        self._record = record

    @property
    def record(self) -> int | None:
        """Which record of several is malformed, counted from zero; None if it is not one of several."""
        return self._record

    def to_dict(self) -> dict[str, Any]:
        """The same as a dict, for logs and dashboards."""
        others = {} if self.record is None else {"record": self.record}
        return super().to_dict() | others

    def __str__(self) -> str:
        where = "" if self.record is None else f"record {self.record}: "
        return f"{self.code}: {where}{self.detail}; {self.remedy}"


class Rejected(CountermarkError):
    """The artifact is not to be trusted, and why.

    If several entries were candidates, this is the reason of the newest, and those of the others stand in
    ``others``.
    """

    def __init__(
        self,
        code: _CodeName,
        detail: str,
        check: _CheckName,
        entry: int | None = None,
        others: tuple[Rejected, ...] = (),
    ) -> None:
        super().__init__(code, detail)
        self.args: tuple[Any, ...] = (code, detail, check, entry, others)
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
        """The other candidates' rejections, newest first."""
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

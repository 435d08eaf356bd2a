"""What the tests share: the test data, and the vectors read through the public API."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import countermark
from countermark import Entry, Policy, Report, Verified, Verifier

ROOT = Path(__file__).resolve().parents[2]
TESTDATA = ROOT / "testdata"
NAME = "registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be"
ISSUER = "https://token.actions.githubusercontent.com"


def members(document: str) -> dict[str, str]:
    """The members of a JSON object, each as the very text that the document has.

    Python's reader keeps the last of repeated members, so that reading and writing again would hide them.
    """
    decoder = json.JSONDecoder()
    found: dict[str, str] = {}
    rest = document.index("{") + 1
    while True:
        while document[rest] in " \t\r\n,":
            rest += 1
        if document[rest] == "}":
            return found
        name, rest = decoder.raw_decode(document, rest)
        rest = document.index(":", rest) + 1
        while document[rest] in " \t\r\n":
            rest += 1
        _, end = decoder.raw_decode(document, rest)
        assert name not in found, f"the vector repeats {name}"
        found[name] = document[rest:end]
        rest = end


@dataclass
class Vector:
    """One vector, not yet judged: malformed input has its own outcome."""

    id: str
    raw: dict[str, str]

    @classmethod
    def read(cls, file: Path) -> Vector:
        raw = members(file.read_text(encoding="utf-8"))
        return cls(json.loads(raw["id"]), raw)

    def value(self, member: str, default: Any = None) -> Any:
        return json.loads(self.raw[member]) if member in self.raw else default

    @property
    def expected(self) -> str:
        return str(self.value("expected"))

    def build(self) -> tuple[Verifier, list[Entry], Policy]:
        verifier = Verifier(
            self.value("trust_anchors"), self.value("intermediates"), self.value("distrusted", ())
        )
        policy = Policy.from_json(self.raw["policy"])
        return verifier, countermark.entries_from_json(self.raw["entries"]), policy

    @property
    def name(self) -> str:
        return str(self.value("artifact_name"))

    def verify(self) -> Verified:
        verifier, entries, policy = self.build()
        return verifier.verify(self.name, entries, policy, now=self.value("now"))

    def examine(self) -> Report:
        verifier, entries, policy = self.build()
        return verifier.examine(self.name, entries, policy, now=self.value("now"))


def vector_files() -> list[Path]:
    files = sorted((TESTDATA / "vectors").glob("*.json"))
    elsewhere = os.environ.get("COUNTERMARK_VECTORS")
    if elsewhere:
        more = sorted(Path(elsewhere).glob("*.json"))
        assert more, "COUNTERMARK_VECTORS names a directory without vectors"
        files += more
    return files


def vector(name: str) -> Vector:
    return Vector.read(TESTDATA / "vectors" / f"{name}.json")

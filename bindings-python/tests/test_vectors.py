"""Every vector, through the public API of the installed wheel."""

from __future__ import annotations

from pathlib import Path

import pytest
from common import ROOT, Vector, members, vector_files

import countermark
from countermark import CountermarkError, MalformedInput, Rejected, Verified

VECTORS = [Vector.read(file) for file in vector_files()]


def test_it_is_the_installed_wheel_that_is_tested() -> None:
    assert ROOT / "bindings-python" / "python" not in Path(countermark.__file__).resolve().parents


def test_there_are_as_many_as_there_should_be() -> None:
    assert len(VECTORS) >= 107


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.id)
def test_a_vector_has_its_stated_outcome(vector: Vector) -> None:
    try:
        verified = vector.verify()
    except CountermarkError as refused:
        assert refused.code == vector.expected
        assert refused.code in str(refused) and refused.remedy in str(refused)
        assert isinstance(refused, MalformedInput if vector.expected.startswith("malformed_") else Rejected)
    else:
        assert vector.expected == "verified"
        assert isinstance(verified, Verified)
        assert verified.artifact_name == vector.name


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS if not v.expected.startswith("malformed_")], ids=lambda vector: vector.id
)
def test_examine_and_verify_many_agree_with_verify(vector: Vector) -> None:
    assert vector.examine().verdict == vector.expected
    verifier, entries, policy = vector.build()
    [result] = verifier.verify_many([(vector.name, entries, policy)], now=vector.value("now"))
    if vector.expected == "verified":
        assert isinstance(result, Verified)
        assert result == vector.verify()
    else:
        assert isinstance(result, Rejected)
        assert result.code == vector.expected


def test_repeated_members_survive_the_reading_of_a_vector() -> None:
    document = '{"policy": {"a": 1, "a": {"b": 2, "b": 3}}, "id": "x"}'
    assert members(document) == {"policy": '{"a": 1, "a": {"b": 2, "b": 3}}', "id": '"x"'}

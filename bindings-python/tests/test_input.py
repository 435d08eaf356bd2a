"""Constructors and functions with wrong types and wrong values: exceptions, each with its code; no crash."""

# mypy: disable-error-code="var-annotated"

from __future__ import annotations

import array
import base64
import io
import json
import mmap
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from common import ISSUER, NAME, Vector, vector

from countermark import (
    AnyOf,
    CountermarkError,
    Entry,
    Glob,
    Log,
    MalformedInput,
    Policy,
    Rejected,
    SignerPolicy,
    Verifier,
    entries_from_json,
    read_entries,
)

SURROGATE = "\ud800"
RECORD = json.loads(vector("accept-nine-claims").raw["entries"])[0]
PEM = vector("accept-nine-claims").value("trust_anchors")
COLUMNS = {
    "namespace": RECORD["namespace"],
    "artifact_name": RECORD["artifact_name"],
    "signature": RECORD["signature"],
    "certificate": RECORD["certificate"],
    "timestamp": RECORD["timestamp"],
    "revoked": False,
}


def der_of(pem: str) -> bytes:
    return base64.b64decode("".join(pem.strip().splitlines()[1:-1]))


def policy(**changes: Any) -> Policy:
    return Policy(**({"namespace": "ns", "certificate_oidc_issuer": ISSUER} | changes))


def entry(**changes: Any) -> Entry:
    return Entry(**(COLUMNS | changes))


def message(**changes: Any) -> Any:
    arguments = {
        "message": b"a file",
        "signature": RECORD["signature"],
        "certificate": RECORD["certificate"],
        "timestamp": RECORD["timestamp"],
        "policy": SignerPolicy(ISSUER, claims={"source_repository": "x"}),
    }
    return Verifier(PEM).verify_message(**(arguments | changes))


def verify(**changes: Any) -> Any:
    arguments: dict[str, Any] = {"name": NAME, "entries": [entry()], "policy": policy(namespace="example-ns")}
    return Verifier(PEM).verify(**(arguments | changes))


NO_TEXT: list[Any] = [None, 1, 1.5, b"x", ["x"], {}, object()]
NO_BYTES: list[Any] = [None, 1, 1.5, {"a": 1}.items(), [1], ["x"], object()]


@pytest.mark.parametrize(
    "call",
    [
        lambda: Verifier(),
        *[lambda v=v: Verifier(v) for v in NO_BYTES],
        *[lambda v=v: Verifier(PEM, v) for v in [1, 1.5, [1], ["x"], object()]],
        *[lambda v=v: Verifier(PEM, None, v) for v in [1, "ab" * 32, b"x" * 32, [1], [None], object()]],
        lambda: Policy(),  # type: ignore[call-arg]
        *[lambda v=v: policy(namespace=v) for v in NO_TEXT],
        *[lambda v=v: policy(certificate_oidc_issuer=v) for v in NO_TEXT],
        *[lambda v=v: policy(claims=v) for v in ["x", b"x", 1, [("token_subject", "x")], {"token_subject"}]],
        *[lambda v=v: policy(claims={"token_subject": v}) for v in [None, 1, b"x", ["x"], {"glob": "x"}]],
        *[lambda v=v: policy(claims={v: "x"}) for v in [None, 1, b"x", ("x",)]],
        *[lambda v=v: policy(max_certificate_lifetime_seconds=v) for v in [True, "300", 300.0, b"1"]],
        *[lambda v=v: policy(revocation_scope=v) for v in [1, True, b"entry", ["entry"]]],
        *[lambda v=v: policy(blocklist=v) for v in ["sha256:" + "0" * 64, b"x", 1, [1], [None], [b"x"]]],
        lambda: policy(now="2024-03-22T11:25:48Z"),
        lambda: policy(revocation_scop="entry"),
        *[lambda v=v: Policy.from_json(v) for v in [None, 1, {}, [], object()]],
        *[lambda v=v: Glob(v) for v in NO_TEXT],
        *[lambda v=v: AnyOf(v) for v in ["push", b"push", None, 1, [1], [None], [b"x"]]],
        lambda: Entry(),  # type: ignore[call-arg]
        lambda: Entry(**{k: v for k, v in COLUMNS.items() if k != "revoked"}),
        *[lambda v=v: entry(namespace=v) for v in NO_TEXT],
        *[lambda v=v: entry(artifact_name=v) for v in NO_TEXT],
        *[lambda v=v: entry(signature=v) for v in [None, 1, [b"x"], {}, object()]],
        *[lambda v=v: entry(certificate=v) for v in NO_BYTES],
        *[lambda v=v: entry(timestamp=v) for v in [None, 1, 1.5, b"x", datetime.now().date(), object()]],
        *[lambda v=v: entry(revoked=v) for v in [None, 0, 1, "", "false", b"", [], object()]],
        *[lambda v=v: entry(blocklisted=v) for v in [None, 0, 1, "", "false", []]],
        *[lambda v=v: entry(provenance=v) for v in ["x", 1, [("a", "b")], {1: "x"}, {"a": 1}, {"a": None}]],
        *[lambda v=v: entry(evidence=v) for v in ["x", 1, {"kind": "x"}, [1], [("kind", "x")]]],
        lambda: entry(revokd=False),
        *[lambda v=v: Entry.from_json(v) for v in [None, 1, {}, []]],
        *[lambda v=v: entries_from_json(v) for v in [None, 1, {}, [], [entry()]]],
        *[lambda v=v: read_entries(v) for v in [None, 1, {}, []]],
        lambda: entries_from_json("[]", format=1),  # type: ignore[arg-type]
        lambda: entries_from_json("[]", absent_revoked_means_false=1),  # type: ignore[arg-type]
        *[lambda v=v: Log(v) for v in NO_TEXT],
        *[lambda v=v: Log("example-ns").append(v) for v in [None, RECORD, "x", [entry()]]],
        *[lambda v=v: verify(name=v) for v in NO_TEXT],
        *[lambda v=v: verify(entries=v) for v in [None, 1, "x", b"x", entry(), [RECORD], [None], {"a": 1}]],
        lambda: verify(entries=read_entries('{"revoked": true}')),
        *[lambda v=v: verify(policy=v) for v in [None, {}, "x", policy().signer]],
        *[lambda v=v: verify(now=v) for v in [1, 1.5, b"x", True, datetime.now().date()]],
        lambda: Verifier(PEM).verify(NAME, [entry()], policy(), "2024-03-22T11:25:48Z"),  # type: ignore[call-arg]
        *[lambda v=v: Verifier(PEM).verify_many(v) for v in [None, 1, "x", [1], [()], [(NAME, [])], [NAME]]],
        *[lambda v=v: Verifier(PEM).verify_many([(NAME, [], v)]) for v in [None, {}, policy().signer]],
        lambda: Verifier(PEM).verify_many([], progress=1),  # type: ignore[arg-type]
        *[lambda v=v: message(message=v) for v in ["a file", 1, [b"x"]]],
        *[lambda v=v: message(policy=v) for v in [None, policy(), {}]],
        *[lambda v=v: message(any_signer_of_issuer=v) for v in [None, 1, "x"]],
        lambda: message(message=None, sha256="0" * 64),
    ],
)
def test_a_wrong_type_is_a_type_error(call: Callable[[], Any]) -> None:
    with pytest.raises(TypeError):
        call()


@pytest.mark.parametrize(
    ("code", "call"),
    [
        *[
            ("malformed_trust_anchor", lambda v=v: Verifier(v))
            for v in ["", "x", "\0", SURROGATE, b"", b"x", [], [b""], PEM[:200], [b"\0" * 10] * 2]
        ],
        ("malformed_trust_anchor", lambda: Verifier(RECORD["certificate"])),
        ("malformed_trust_anchor", lambda: Verifier(PEM, "x")),
        *[
            ("malformed_trust_anchor", lambda v=v: Verifier(PEM, None, [v]))
            for v in ["", "x", b"", b"x" * 31, b"x" * 33, "a" * 63, "g" * 64, SURROGATE, "\0" * 64]
        ],
        *[("malformed_policy", lambda v=v: policy(namespace=v)) for v in ["", "x" * 1025, SURROGATE]],
        *[("malformed_policy", lambda v=v: policy(certificate_oidc_issuer=v)) for v in ["", "x" * 8193, SURROGATE]],
        *[
            ("malformed_policy", lambda v=v: policy(claims=v))
            for v in [
                {"source_repo": "x"},
                {"certificate_oidc_issuer": ISSUER},
                {"": "x"},
                {"\0": "x"},
                {SURROGATE: "x"},
                {"token_subject": SURROGATE},
                {"token_subject": "x" * 8193},
                {"1.3.6.1.4.1.57264.1.14": "x"},
                {"2.5.29.15": "x"},
            ]
        ],
        *[
            ("malformed_policy", lambda v=v: policy(max_certificate_lifetime_seconds=v))
            for v in [0, -1, 86_401, 2**32, 2**32 + 300, 2**64 + 300, -(2**64)]
        ],
        *[("malformed_policy", lambda v=v: policy(revocation_scope=v)) for v in ["", "Entry", "none", SURROGATE]],
        *[
            ("malformed_policy", lambda v=v: policy(blocklist=[v]))
            for v in ["", "x", "0" * 64, "sha256:" + "A" * 64, "image:tag", SURROGATE]
        ],
        *[
            ("malformed_policy", lambda v=v: Policy.from_json(v))
            for v in ["", "{}", "[]", b"\xff", SURROGATE, "null", "[" * 10_000, '{"namespace": 1}']
        ],
        *[("malformed_policy", lambda v=v: Glob(v)) for v in ["a/**/b", "**x", SURROGATE]],
        *[("malformed_policy", lambda v=v: AnyOf(v)) for v in [[], ["x"] * 257, [SURROGATE]]],
        *[("malformed_entry", lambda v=v: entry(signature=v)) for v in ["x", "AA", "AAA= ", SURROGATE, b"x" * 1025]],
        *[
            ("malformed_entry", lambda v=v: entry(certificate=v))
            for v in ["", "x", [], SURROGATE, b"x" * 70_000, [b"x"] * 17]
        ],
        *[
            ("malformed_entry", lambda v=v: entry(timestamp=v))
            for v in [
                "",
                "now",
                "2024-03-22T11:25:48",
                "2024-03-22 11:25:48Z",
                "2024-03-22T11:25:48.1234567890Z",
                SURROGATE,
                datetime(2024, 3, 22, 11, 25, 48),
                datetime(2024, 3, 22, tzinfo=timezone(timedelta(seconds=30))),
            ]
        ],
        *[("malformed_entry", lambda v=v: entry(namespace=v)) for v in ["x" * 70_000, SURROGATE]],
        ("malformed_entry", lambda: entry(provenance={"a": SURROGATE})),
        ("malformed_entry", lambda: entry(provenance={str(n): "" for n in range(65)})),
        *[("malformed_entry", lambda v=v: entry(evidence=[v])) for v in [{}, {"kind": 1}, {"kind": "x", "y": float("nan")}]],
        ("malformed_entry", lambda: entry(evidence=[{"kind": "x"}] * 65)),
        *[("malformed_entry", lambda v=v: Entry.from_json(v)) for v in ["", "{}", b"\xff", SURROGATE, "\0"]],
        *[("malformed_entry", lambda v=v: entries_from_json(v)) for v in ["{}", "[", "[1]", b"\xff", SURROGATE, "[] []"]],
        ("malformed_entry", lambda: Log("other").append(entry())),
        *[
            ("malformed_name", lambda v=v: verify(name=v))
            for v in ["", "image", "image:tag", NAME.upper(), NAME + "\0", "\0", SURROGATE, NAME + "\n", "x" * 2000]
        ],
        *[
            ("invalid_argument", lambda v=v: verify(now=v))
            for v in ["", "now", SURROGATE, datetime(2024, 3, 22)]
        ],
        *[
            ("invalid_argument", lambda v=v: verify(now=RECORD["timestamp"], leeway=v))
            for v in [-1, -0.001, float("nan"), float("inf"), 1e300, 2**64, timedelta(microseconds=-1), timedelta.max, 2**64 - 1]
        ],
        *[("invalid_argument", lambda v=v: verify(leeway=v)) for v in [0, 1.5, timedelta(0)]],
        ("invalid_argument", lambda: Verifier(PEM).verify_many([], leeway=1)),
        ("invalid_argument", lambda: Verifier(PEM).examine(NAME, [], policy(), leeway=1)),
        ("invalid_argument", lambda: message(leeway=1)),
        *[("invalid_argument", lambda v=v: entries_from_json("[]", format=v)) for v in ["", "json", "Endor_Labs"]],
        ("invalid_argument", lambda: entries_from_json("[]", absent_revoked_means_false=True)),
        ("invalid_argument", lambda: message(message=None)),
        ("invalid_argument", lambda: message(sha256=b"x" * 32)),
        ("invalid_argument", lambda: message(message=None, sha256=b"x" * 31)),
        ("malformed_message", lambda: message(message=NAME.encode())),
        ("malformed_policy", lambda: message(policy=SignerPolicy(ISSUER))),
        ("malformed_policy", lambda: message(policy=SignerPolicy(ISSUER, claims={"token_subject": Glob("**")}))),
        ("malformed_policy", lambda: message(policy=SignerPolicy(ISSUER), signature="x", message=NAME.encode())),
        ("malformed_entry", lambda: message(signature="x", message=NAME.encode())),
    ],
)
def test_a_wrong_value_is_malformed_input(code: str, call: Callable[[], Any]) -> None:
    with pytest.raises(MalformedInput) as malformed:
        call()
    assert malformed.value.code == code
    assert len(str(malformed.value)) < 2_000


@pytest.mark.parametrize(
    ("text", "call"),
    [
        *[(f"revoked must be bool, not {n}", lambda v=v: entry(revoked=v)) for v, n in [(0, "int"), (None, "NoneType")]],
        ("blocklisted must be bool, not int", lambda: entry(blocklisted=1)),
        ("blocklisted must be bool, not NoneType", lambda: entry(blocklisted=None)),
        ("namespace must be str, not bytes", lambda: entry(namespace=b"x")),
        ("an item of evidence must be a mapping, not int", lambda: entry(evidence=[1])),
        ("the claim token_subject must be str, Glob or AnyOf, not int", lambda: policy(claims={"token_subject": 1})),
        ("a claim's name must be str, not int", lambda: policy(claims={1: "x"})),
        ("the claim 'a\\n' in provenance must be str, not NoneType", lambda: entry(provenance={"a\n": None})),
        ("max_certificate_lifetime_seconds must be int, not bool", lambda: policy(max_certificate_lifetime_seconds=True)),
        ("revocation_scope must be str, not int", lambda: policy(revocation_scope=1)),
        ("an item of blocklist must be str, not bytes", lambda: policy(blocklist=[b"x"])),
        ("an item of trust_anchors must be bytes (DER), not str", lambda: Verifier([PEM])),
        ("an item of distrusted must be bytes or hex str, not int", lambda: Verifier(PEM, None, [1])),  # type: ignore[list-item]
        ("an item of accepted_algorithms must be str, not int", lambda: Verifier(PEM, accepted_algorithms=[1])),  # type: ignore[list-item]
        ("sha256 must be bytes, not str", lambda: message(message=None, sha256="0")),
        ("progress must be callable, not int", lambda: Verifier(PEM).verify_many([], progress=1)),  # type: ignore[arg-type]
        ("artifact_name must be str, not int", lambda: Log("x").find(1)),  # type: ignore[arg-type]
        (
            "source_repository_ref must be str, not bytes",
            lambda: Log("x").revoke_signature(NAME, b"x"),  # type: ignore[arg-type]
        ),
        ("entry must be Entry, not str", lambda: Log("x").append("x")),  # type: ignore[arg-type]
        ("value must be str, not int", lambda: Glob("x").matches(1)),  # type: ignore[arg-type]
        ("format must be str, not int", lambda: entries_from_json("[]", format=1)),  # type: ignore[arg-type]
        ("format must be str, not NoneType", lambda: read_entries("[]", format=None)),  # type: ignore[arg-type]
        (
            "absent_revoked_means_false must be bool, not str",
            lambda: read_entries("[]", absent_revoked_means_false="no"),  # type: ignore[arg-type]
        ),
        ("data must be str or bytes, not _io.BytesIO", lambda: entries_from_json(io.BytesIO(b"[]"))),  # type: ignore[arg-type]
        ("policy must be Policy, not countermark.SignerPolicy", lambda: verify(policy=policy().signer)),
        ("policy must be Policy, not NoneType", lambda: Verifier(PEM).examine(NAME, [], None)),  # type: ignore[arg-type]
        ("policy must be SignerPolicy, not countermark.Policy", lambda: message(policy=policy())),
        ("any_signer_of_issuer must be bool, not NoneType", lambda: message(any_signer_of_issuer=None)),
        ("leeway must be a timedelta, or int or float (seconds), not str", lambda: verify(now=RECORD["timestamp"], leeway="1")),
        ("leeway must be a timedelta, or int or float (seconds), not bool", lambda: verify(now=RECORD["timestamp"], leeway=True)),
        ("now must be str (RFC 3339) or an aware datetime, not int", lambda: verify(now=1)),
        ("entries must be an iterable of Entry, not dict", lambda: verify(entries={})),
        ("requests must be an iterable of tuples, not dict", lambda: Verifier(PEM).verify_many({})),
        ("request 1 must be a tuple of name, entries and policy, not int", lambda: many((NAME, [], policy()), 1)),
        ("request 1 must be a tuple of name, entries and policy, not tuple", lambda: many((NAME, [], policy()), (NAME,))),
        ("the name of request 0 must be str, not NoneType", lambda: many((None, [], policy()))),
        ("the entries of request 0 must be an iterable of Entry, not int", lambda: many((NAME, 1, policy()))),
        ("an item of the entries of request 0 must be Entry, not int", lambda: many((NAME, [1], policy()))),
        ("the policy of request 0 must be Policy, not dict", lambda: many((NAME, [], {}))),
    ],
)
def test_a_type_error_names_the_argument(text: str, call: Callable[[], Any]) -> None:
    with pytest.raises(TypeError) as wrong:
        call()
    assert str(wrong.value) == text


def many(*requests: Any) -> Any:
    return Verifier(PEM).verify_many(requests)


def ended() -> Iterator[Any]:
    generator = (item for item in [entry()])
    list(generator)
    return generator


def closed_mmap() -> mmap.mmap:
    mapped = mmap.mmap(-1, 16)
    mapped.close()
    return mapped


def released() -> memoryview:
    view = memoryview(b"[]")
    view.release()
    return view


@pytest.mark.parametrize(
    "nothing",
    [
        ended,
        lambda: iter([]),
        lambda: map(Entry.from_json, []),
        lambda: io.StringIO(""),
        lambda: array.array("B"),
        lambda: array.array("d", [1.0])[:0],
        closed_mmap,
        released,
        str,
        bytes,
        bytearray,
        lambda: memoryview(b""),
    ],
)
def test_what_was_used_up_or_is_no_log_is_no_empty_log(nothing: Callable[[], Any]) -> None:
    for call in (
        lambda: verify(entries=nothing()),
        lambda: Verifier(PEM).examine(NAME, nothing(), policy()),
        lambda: Verifier(PEM, None, distrusted=nothing()),
        lambda: policy(blocklist=nothing()),
    ):
        with pytest.raises((TypeError, ValueError, MalformedInput)) as refused:
            call()
        assert not isinstance(refused.value, Rejected)
        assert "argument" in str(refused.value) or not isinstance(refused.value, MalformedInput)


def test_what_can_say_that_it_is_empty_is_an_empty_log() -> None:
    for empty in ([], (), set(), frozenset(), deque(), Log("x"), {}.values()):
        with pytest.raises(Rejected, match="no_signature"):
            verify(entries=empty)
        policy(blocklist=empty)
    # It has not begun, so nothing was taken out of it.
    with pytest.raises(Rejected, match="no_signature"):
        verify(entries=(item for item in []))


def test_a_generator_that_is_given_twice_is_refused_the_second_time() -> None:
    generator = (item for item in [entry()])
    assert verify(entries=generator).artifact_name == NAME
    with pytest.raises(MalformedInput, match="read before"):
        verify(entries=generator)
    requests = ((NAME, [], policy()) for _ in range(2))
    assert len(Verifier(PEM).verify_many(requests)) == 2
    with pytest.raises(MalformedInput, match="requests is an iterator with nothing in it"):
        Verifier(PEM).verify_many(requests)


def test_data_that_is_gone_is_no_empty_log() -> None:
    for read in (entries_from_json, read_entries):
        with pytest.raises(ValueError):
            read(released())
        with pytest.raises(TypeError):
            read(closed_mmap())  # type: ignore[arg-type]
        strided = memoryview(json.dumps([RECORD]).encode())[::-1]
        assert read(strided[::-1]) == [Entry.from_json(json.dumps(RECORD))]


def test_a_fault_in_an_argument_passes_through() -> None:
    class Fault(Exception):
        pass

    with pytest.raises(Fault):
        verify(entries=faulty(Fault, entry()))
    with pytest.raises(Fault):
        Verifier(PEM).verify_many(faulty(Fault, (NAME, [entry()], policy())))
    with pytest.raises(Fault):
        policy(blocklist=faulty(Fault, NAME))


def faulty(fault: type[Exception], first: Any) -> Any:
    yield first
    raise fault


def test_columns_and_json_make_the_same_entry() -> None:
    from_json = Entry.from_json(json.dumps(RECORD))
    ders = from_json.certificates
    assert from_json == entry(provenance=RECORD["provenance"])
    assert from_json == entry(provenance=RECORD["provenance"], signature=from_json.signature, certificate=ders)
    assert from_json != entry()
    assert entry(certificate=ders[0]).certificates == ders[:1]
    assert entry(certificate=(memoryview(der) for der in ders), signature=bytearray(from_json.signature)) == entry()
    assert Entry.from_json(from_json.to_json()) == from_json == Entry.from_json(json.dumps(from_json.to_dict()))
    assert from_json.provenance == RECORD["provenance"]


def test_nanoseconds_are_kept_and_datetimes_are_exact() -> None:
    assert entry(timestamp="2024-03-22T12:25:48.983761494+01:00").timestamp == "2024-03-22T11:25:48.983761494Z"
    cet = timezone(timedelta(hours=1))
    for at, text in [
        (datetime(2024, 3, 22, 12, 25, 48, 983761, cet), "2024-03-22T11:25:48.983761Z"),
        (datetime(2024, 3, 22, 11, 25, 48, tzinfo=timezone.utc), "2024-03-22T11:25:48Z"),
        (datetime(1, 1, 1, tzinfo=timezone.utc), "0001-01-01T00:00:00Z"),
        (datetime.max.replace(tzinfo=timezone.utc), "9999-12-31T23:59:59.999999Z"),
    ]:
        assert entry(timestamp=at).timestamp == text


def test_a_subclass_of_datetime_may_have_nanoseconds() -> None:
    class Precise(datetime):
        def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
            return "2024-03-22T11:25:48.983761494+00:00"

    assert entry(timestamp=Precise(2024, 3, 22, tzinfo=timezone.utc)).timestamp == "2024-03-22T11:25:48.983761494Z"


def test_evidence_is_kept() -> None:
    evidence = [{"kind": "later", "proof": [1, -0.0, 1e300, None, {"a": "ä\0"}]}]
    with_evidence = entry(evidence=evidence)
    assert list(with_evidence.evidence) == evidence
    assert Entry.from_json(with_evidence.to_json()) == with_evidence != entry()


def test_der_and_pem_make_the_same_verifier_work(nine_claims: Vector) -> None:
    _, entries, wanted = nine_claims.build()
    der = der_of(PEM)
    pem = PEM.encode()
    for anchors in (PEM, der, [der], (bytearray(der),), memoryview(der), pem, [b"\xef\xbb\xbf\n" + pem]):
        assert Verifier(anchors).verify(nine_claims.name, entries, wanted).artifact_name == nine_claims.name


def test_known_intermediates_and_distrust_in_every_form() -> None:
    known = vector("accept-known-intermediate")
    pem = known.value("intermediates")
    verifier, entries, wanted = known.build()
    assert verifier.verify(known.name, entries, wanted).path[0].origin == "known_intermediate"
    intermediate = verifier.verify(known.name, entries, wanted).path[0]
    anchors = known.value("trust_anchors")
    for form in (pem, intermediate.der, [intermediate.der]):
        Verifier(anchors, form).verify(known.name, entries, wanted)
        for digest in (intermediate.sha256, intermediate.sha256.hex(), intermediate.sha256.hex().upper()):
            with pytest.raises(Rejected) as rejected:
                Verifier(anchors, form, [digest]).verify(known.name, entries, wanted)
            assert rejected.value.code == "unknown_ca" and "distrusted" in rejected.value.detail


def test_strict_and_lenient_reading() -> None:
    good, bad = json.dumps(RECORD), '{"namespace": null}'
    for log in (f"[{good}, {bad}, {good}]", f"{good}\n\n{bad}\r\n{good}\n"):
        for data in (log, log.encode(), bytearray(log.encode())):
            with pytest.raises(MalformedInput) as malformed:
                entries_from_json(data)
            assert malformed.value.code == "malformed_entry" and malformed.value.record == 1
            first, second, third = read_entries(data)
            assert first == third == Entry.from_json(good)
            assert isinstance(second, MalformedInput) and second.record == 1
    assert entries_from_json("[]") == [] == entries_from_json("")


READ_FAULTS = """
import resource, sys
from countermark import MalformedInput, read_entries

data = "{}\\n" * 1_000_000
read_entries("{}")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
faults = read_entries(data)
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert all(isinstance(fault, MalformedInput) and fault.__traceback__ is None for fault in faults)
print(used * 1024, len(faults))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the unit of ru_maxrss is another")
def test_a_fault_costs_little_memory() -> None:
    """However many faults the core tells before it stops: a few copies of the data, and some hundred bytes for each."""
    done = subprocess.run(
        [sys.executable, "-c", READ_FAULTS], capture_output=True, text=True, check=True, timeout=120
    )
    used, faults = map(int, done.stdout.split())
    assert used < 4 * 3_000_000 + 450 * faults


def endor_labs_record(**spec: Any) -> dict[str, Any]:
    return {
        "uuid": "x",
        "meta": {"name": "x"},
        "tenant_meta": {"namespace": RECORD["namespace"]},
        "spec": {
            "artifact_name": RECORD["artifact_name"],
            "signature": RECORD["signature"],
            "certificate": RECORD["certificate"],
            "timestamp": RECORD["timestamp"],
            "provenance": RECORD["provenance"] | {"token_subject": ""},
            "revoked": False,
        }
        | spec,
    }


def test_endor_labs_records_are_read_when_asked_for() -> None:
    record = json.dumps(endor_labs_record())
    expected = entry(provenance=RECORD["provenance"])
    assert entries_from_json(record, format="endor_labs") == [expected]
    listed = json.dumps({"list": {"objects": [endor_labs_record(), {"spec": {}}]}})
    with pytest.raises(MalformedInput):
        entries_from_json(listed, format="endor_labs")
    first, second = read_entries(listed.encode(), format="endor_labs")
    assert first == expected and isinstance(second, MalformedInput) and second.record == 1

    paged = json.dumps({"list": {"objects": [], "response": {"next_page_token": 100}}})
    for read in (entries_from_json, read_entries):
        with pytest.raises(MalformedInput, match="next page"):
            read(paged, format="endor_labs")

    silent = endor_labs_record()
    del silent["spec"]["revoked"]
    with pytest.raises(MalformedInput, match="revoked"):
        entries_from_json(json.dumps(silent), format="endor_labs")
    [entry_] = entries_from_json(json.dumps(silent), format="endor_labs", absent_revoked_means_false=True)
    assert entry_ == expected

    # Neither format is ever taken for the other.
    with pytest.raises(MalformedInput):
        entries_from_json(record)
    with pytest.raises(MalformedInput):
        entries_from_json(json.dumps(RECORD), format="endor_labs")


def test_every_exception_is_a_countermark_error() -> None:
    for call in (lambda: policy(namespace=""), lambda: verify(entries=[])):
        with pytest.raises(CountermarkError):
            call()

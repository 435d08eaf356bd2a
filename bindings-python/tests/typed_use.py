"""Uses the package as typed code does. mypy and pyright check it, and that each marked line is an error to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import assert_type

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
    Verified,
    Verifier,
    entries_from_json,
    read_entries,
)


def right(pem: str, der: bytes, data: bytes) -> None:
    verifier = Verifier(pem, intermediates=[der, bytearray(der)], distrusted=["ab" * 32, der])
    policy = Policy("ns", "https://issuer", claims={"token_subject": "x", "build_trigger": AnyOf(["a"])})
    assert_type(policy.signer, SignerPolicy)
    entries = entries_from_json(data, format="endor_labs", absent_revoked_means_false=True)
    log = Log("ns")
    log.append(entries[0])
    now = datetime.now(timezone.utc)
    verified = verifier.verify("name", log, policy, now=now, leeway=timedelta(seconds=2))
    assert_type(verified, Verified)
    claims: Mapping[str, str] = verified.claims
    print(claims.get("token_subject"), verified.warnings, Glob("x").pattern)
    for result in verifier.verify_many([("name", entries, policy)], progress=lambda done, of: print(done, of)):
        if isinstance(result, Verified):
            print(result.claims)
        elif isinstance(result, Rejected):
            print(result.code, result.others)
        else:
            assert_type(result, MalformedInput)
            print(result.code, result.request)
    verifier.examine("name", entries, Policy("ns", "https://issuer", revocation_scope="digest"), now=now, leeway=2)
    for record in read_entries(data):
        if isinstance(record, MalformedInput):
            print(record.record)
        else:
            assert_type(record, Entry)
    signer = SignerPolicy("https://issuer", claims=policy.claims)
    verifier.verify_message(data, signature=der, certificate=pem, timestamp=now, policy=signer)


def wrong(verifier: Verifier, entries: list[Entry], policy: Policy, data: str) -> None:
    verifier.verify("name", read_entries(data), policy)  # type: ignore[arg-type]
    verifier.verify("name", entries)  # type: ignore[call-arg]
    verifier.verify("name", entries, policy, datetime.now())  # type: ignore[call-arg]
    verifier.verify_message(data, signature="", certificate="", timestamp="", policy=policy.signer)  # type: ignore[arg-type]
    verifier.verify_message(b"", signature="", certificate="", timestamp="", policy=policy)  # type: ignore[arg-type]
    for result in verifier.verify_many([("name", entries, policy)]):
        print(result.claims)  # type: ignore[union-attr]
    Policy("ns", "https://issuer", revocation_scope="none")  # type: ignore[arg-type]
    policy.namespace = "other"  # type: ignore[misc]
    Entry("ns", "name", b"", b"", "2024-03-22T11:25:48Z")  # type: ignore[call-arg]
    entries_from_json(data, format="json")  # type: ignore[arg-type]
    try:
        verifier.verify("name", entries, policy)
    except CountermarkError as error:
        print(error.code == "unkown_ca")  # type: ignore[comparison-overlap]

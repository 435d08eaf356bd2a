"""Uses the package as typed code does. mypy and pyright check it, and that each marked line is an error to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import assert_type

from countermark import (
    AnyOf,
    Bundle,
    BundlePolicy,
    CountermarkError,
    Digest,
    Entry,
    Glob,
    KeyPolicy,
    Log,
    LogKey,
    MalformedInput,
    Period,
    Policy,
    PublicKey,
    PypiPublisher,
    Rejected,
    SignerPolicy,
    Statement,
    TimestampAuthority,
    TrustedRoot,
    UnverifiedStatement,
    Verified,
    VerifiedEnvelope,
    Verifier,
    entries_from_json,
    read_bundles,
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


def right_with_bundles(data: bytes, pem: str, path: Path) -> None:
    root = TrustedRoot.from_json(data)
    verifier = Verifier.from_trusted_root(root)
    assert_type(verifier, Verifier)
    bundle = Bundle.from_json(data)
    policy = BundlePolicy.for_github("o/n").demanding(predicate_type="x", claims={"build_trigger": Glob("push")})
    keys = KeyPolicy([PublicKey(pem, name="release", valid_for=Period("2024-01-01T00:00:00Z"))], log_entries=0)
    now = datetime.now(timezone.utc)
    digest = Digest("sha256", "0" * 64)
    with path.open("rb") as opened:
        for artifact in (data, path, opened, digest, [digest], "image@sha256:x"):
            verified = verifier.verify_bundle(artifact, bundle, policy, now=now, leeway=2)
            assert_type(verified, Verified)
            assert_type(verified.statement, Statement | None)
            print(verified.times[0].time, verified.log_entries[0].log_index, verified.instance)
    envelope = verifier.verify_envelope(bundle, keys)
    assert_type(envelope, VerifiedEnvelope)
    assert_type(bundle.statement(), UnverifiedStatement | None)
    for result in verifier.verify_many_bundles([(path, bundle, policy), (data, [bundle], keys)]):
        if isinstance(result, Verified):
            print(result.key_name)
    for read in read_bundles(data):
        if isinstance(read, Bundle):
            verifier.verify_bundles(path, [read], policy)
    authority = TimestampAuthority(pem, Period(now))
    log = LogKey.rekor_v2("https://log.example", pem, Period(now, None), operator="us")
    Verifier(pem, trusted_roots={"public": root}, logs=[log], timestamp_authorities=[authority])
    Policy("ns", "https://issuer", time_voucher="timestamp_authority")
    BundlePolicy.for_pypi(PypiPublisher.github("o/n", "release.yml"), path.name)


def wrong_with_bundles(verifier: Verifier, bundle: Bundle, policy: BundlePolicy, path: Path) -> None:
    verifier.verify_bundle(path.open(), bundle, policy)  # type: ignore[arg-type]
    verifier.verify_bundle(path, [bundle], policy)  # type: ignore[arg-type]
    verifier.verify_bundle(path, bundle, Policy("ns", "https://issuer"))  # type: ignore[arg-type]
    verifier.verify_bundles(path, read_bundles(""), policy)  # type: ignore[arg-type]
    print(bundle.statement().predicate_type)  # type: ignore[union-attr]
    verified: Verified = verifier.verify_envelope(bundle, policy)  # type: ignore[assignment]
    print(verified)
    policy.instance = "other"  # type: ignore[misc]
    Digest("md5", "")  # type: ignore[arg-type]
    Policy("ns", "https://issuer", time_voucher="log")  # type: ignore[arg-type]


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

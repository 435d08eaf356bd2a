"""Real certificates, messages and signatures of the public-good Sigstore instance."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from common import TESTDATA, vector

from countermark import MalformedInput, Rejected, SignerPolicy, Verifier

ARC = "1.3.6.1.4.1.57264.1."
NAMES = {
    4: "build_config_name",
    9: "build_signer_uri",
    10: "build_signer_digest",
    11: "runner_environment",
    12: "source_repository",
    13: "source_repository_digest",
    14: "source_repository_ref",
    15: "source_repository_identifier",
    16: "source_repository_owner",
    17: "source_repository_owner_identifier",
    18: "build_config_uri",
    19: "build_config_digest",
    20: "build_trigger",
    21: "run_invocation_uri",
    22: "source_repository_visibility",
    23: "deployment_environment",
    24: "token_subject",
}


def cases() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    files = [TESTDATA / "sigstore" / "messages.json"]
    beside = TESTDATA.parent.parent / "shared" / "real" / "public-good.json"
    elsewhere = Path(os.environ.get("COUNTERMARK_REAL", beside))
    if elsewhere != beside or beside.exists():
        files.append(elsewhere)
    for file in files:
        document = json.loads(file.read_text())
        assert document["cases"], f"{file} has no cases"
        for case in document["cases"]:
            yield document, case


def claims_of(case: dict[str, Any]) -> dict[str, str]:
    """The claims that a policy may require, by our names."""
    identity = case["identity"]
    if isinstance(identity, list):
        [identity] = identity
    claims = {"certificate_identity": identity}
    for oid, value in case["claims"].items():
        number = int(oid.removeprefix(ARC))
        if number not in (1, 8):
            claims[NAMES.get(number, oid)] = value
    return claims


@pytest.mark.parametrize(("document", "case"), list(cases()), ids=lambda value: value.get("id", ""))
def test_a_real_case_verifies_and_fails_with_the_right_code_once_changed(
    document: dict[str, Any], case: dict[str, Any]
) -> None:
    lifetime = document["max_certificate_lifetime_seconds"]
    verifier = Verifier(document["trust_anchors"])
    chain = case["certificate"] + "\n" + (case.get("intermediates") or "")
    message = base64.b64decode(case["message"])
    issuer = case["claims"].get(ARC + "8", case["claims"].get(ARC + "1"))
    claims = claims_of(case)

    def policy(**changes: Any) -> SignerPolicy:
        arguments = {"claims": claims, "max_certificate_lifetime_seconds": lifetime} | changes
        return SignerPolicy(arguments.pop("certificate_oidc_issuer", issuer), **arguments)

    record = {"signature": case["signature"], "certificate": chain, "timestamp": case["timestamp"]}
    verified = verifier.verify_message(message, **record, policy=policy())
    assert verified.claims == claims | {"certificate_oidc_issuer": issuer}
    assert verified.artifact_name is None and verified.entry is None and verified.warnings == ()

    digest = hashlib.sha256(message).digest()
    assert verifier.verify_message(sha256=digest, **record, policy=policy()) == verified

    def refused(code: str, using: Verifier = verifier, signed: bytes = message, **changes: Any) -> None:
        arguments = record | {"policy": policy()} | changes
        with pytest.raises(Rejected) as rejected:
            using.verify_message(signed, any_signer_of_issuer=True, **arguments)
        assert rejected.value.code == code

    refused("invalid_signature", signed=bytes([message[0] ^ 1]) + message[1:] if message else b"\0")
    assert verified.validity is not None
    not_before, not_after = verified.validity
    for inside in verified.validity:
        verifier.verify_message(message, **(record | {"timestamp": inside}), policy=policy())
    refused("time_mismatch", timestamp=not_after.replace("Z", ".000000001Z"))
    refused("time_mismatch", timestamp="2000-01-01T00:00:00Z")
    refused("time_mismatch", now=not_before, timestamp=not_after)
    refused("unknown_ca", using=Verifier(vector("accept-minimal").value("trust_anchors")))
    refused("lifetime_too_long", policy=policy(max_certificate_lifetime_seconds=1))
    refused("claims_mismatch", policy=policy(claims={"certificate_identity": "x"}))
    refused("claims_mismatch", policy=policy(certificate_oidc_issuer="https://example.com"))
    corrupted = base64.b64decode(case["signature"]) + b"\0"
    refused("corrupted_signature", signature=corrupted)

    anyone = policy(claims=None)
    with pytest.raises(MalformedInput) as malformed:
        verifier.verify_message(message, **record, policy=anyone)
    assert malformed.value.code == "malformed_policy"
    assert verifier.verify_message(message, **record, policy=anyone, any_signer_of_issuer=True).warnings == (
        "signer_unconstrained",
    )

"""Runs Python's `sigstore` and pyca/cryptography on the same bundles, and lists where they and this library differ.

It is no test of pytest's: it takes an environment of its own, with the wheel and `sigstore` (`make python-oracles`). It fails
where one accepts what the other refuses for a reason that is not known below, and where pyca/cryptography finds another number
of good certificate timestamps.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from bundle_cases import Case, cases, folders
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from sigstore.dsse import Statement
from sigstore.hashes import Hashed
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier, policy
from sigstore_models.common.v1 import HashAlgorithm

from countermark import CountermarkError, Verified

# What the other says of what is accepted here, and why that is no matter.
REFUSES = {
    r"inclusionProof .*(Field required|should be an object)": "it takes no v0.1 bundle without inclusion proof",
    r"Integrated time only supported": "it takes no time of an entry of the kind intoto",
    r"malformed in-toto statement.*_type": "it knows statements of version 1 alone",
    r"malformed in-toto statement.*name": "it demands a name of each subject",
    r"for TrustedRoot (tlogs|ctlogs)": "it knows no instance without logs",
    r"for TrustedRoot .*commonName": "it demands a common name that roots need not have",
    r"unsupported trusted root format": "it knows trusted roots of version 0.1 alone",
    r"expected exactly one log entry": "it takes one log entry alone",
    r"logIndex \d+ must be less than": "Rekor's second version: it looks at the proof's copies of index and size",
    r"Incorrect padding": "it takes no base64 without padding",
    r"Bundle message digest mismatch": "it knows no SHA-384",
    r"RSAPublicKey.verify\(\) missing": "it has a fault: a signer with an RSA key ends in a TypeError",
    r"not enough sources of verified time": "a timestamp authority's period is open at its end there",
}
# What is refused here and accepted there: our code and detail, and the rule that is stricter here.
ACCEPTS = {
    r"malformed_bundle: .*(base64|is there twice|decimal digits|unknown member|same entry)": "section 1: reading is strict",
    r"time_mismatch: .* counts from": "B4: an authority's own period",
    r"no_certificate_timestamp: .* the key of": "B5: the period of a certificate log's key",
    r"untrusted_log: .* was not valid at": "B8: the period of a log's key at every signed time",
    r"invalid_log_proof: .* has \d+ entries, so none of index": "B8: Rekor's second version is judged by the outer index",
    r"unvouched_time: signed timestamp \d+ does not count": "B3: a bad item refuses beside enough good ones",
    r"claims_mismatch: .*build_config_uri": "B10: PyPI's publisher, which is not asked there",
    r"artifact_mismatch: .*distribution": "B9: PyPI's file name, which is not asked there",
}
VERIFIED = "verified"


def ours(case: Case) -> str:
    try:
        case.verify()
    except CountermarkError as refused:
        return f"{refused.code}: {refused.detail}"
    return VERIFIED


def theirs(case: Case) -> str | None:
    """None if the question cannot be asked: it is about a key, or nobody's identity."""
    if case.about.get("key") or not case.about["identity"]:
        return None
    try:
        verifier = Verifier(trusted_root=TrustedRoot.from_file(str(case.file("trusted_root"))))
        bundle = Bundle.from_json(case.read("bundle"))
        wanted = policy.Identity(identity=case.about["identity"], issuer=case.about["issuer"])
        content = case.read("artifact") if case.about.get("artifact") else None
        sha256 = hashlib.sha256(content).hexdigest() if content is not None else case.about.get("artifact_sha256")
        digest = Hashed(algorithm=HashAlgorithm.SHA2_256, digest=bytes.fromhex(sha256)) if sha256 else None
        if bundle._inner.dsse_envelope is None:
            verifier.verify_artifact(digest if content is None else content, bundle, wanted)
            return VERIFIED
        _, payload = verifier.verify_dsse(bundle, wanted)
        # As its command line does.
        if digest and not case.about.get("envelope_only") and not Statement(payload)._matches_digest(digest):
            return "no subject has the artifact's digest"
        return VERIFIED
    except Exception as refused:
        # Its faults are of every kind.
        return " ".join(f"{type(refused).__name__}: {refused}".split())


def reason(reasons: dict[str, str], message: str) -> str | None:
    return next((why for pattern, why in reasons.items() if re.search(pattern, message)), None)


def compare(every: list[Case]) -> list[str]:
    asked = agreed = 0
    known: Counter[tuple[str, str]] = Counter()
    unknown = []
    for case in every:
        one, other = ours(case), theirs(case)
        if other is None:
            continue
        asked += 1
        if (one == VERIFIED) == (other == VERIFIED):
            agreed += 1
            continue
        side = "accepted here, refused there" if one == VERIFIED else "refused here, accepted there"
        why = reason(REFUSES, other) if one == VERIFIED else reason(ACCEPTS, one)
        if why:
            known[side, why] += 1
        else:
            unknown.append(f"{case.id}: {side}: here {one}; there {other}")
    print(f"sigstore: {asked} of {len(every)} cases can be asked; {agreed} agree, {sum(known.values())} differ as known:")
    for (side, why), count in sorted(known.items()):
        print(f"  {count:3} {side}: {why}")
    return unknown


def instant(text: str) -> float:
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.replace("Z", "+00:00"))).timestamp()


def certificate_logs(case: Case) -> Iterator[tuple[bytes, ec.EllipticCurvePublicKey, float, float]]:
    for log in json.loads(case.read("trusted_root")).get("ctlogs") or []:
        der = base64.b64decode(log["publicKey"]["rawBytes"])
        try:
            key = load_der_public_key(der)
        except ValueError:
            continue  # A key that is no SubjectPublicKeyInfo.
        period = log["publicKey"]["validFor"]
        if isinstance(key, ec.EllipticCurvePublicKey):
            yield hashlib.sha256(der).digest(), key, instant(period["start"]), instant(period.get("end") or "9000-01-01T00:00:00Z")


def good_certificate_timestamps(case: Case, verified: Verified) -> int:
    """How many are good by RFC 6962 to pyca/cryptography."""
    leaf = x509.load_der_x509_certificate(verified.leaf)
    issuer = x509.load_der_x509_certificate(verified.path[0].der).public_key()
    issuer_hash = hashlib.sha256(issuer.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    try:
        found = leaf.extensions.get_extension_for_class(x509.PrecertificateSignedCertificateTimestamps).value
    except x509.ExtensionNotFound:
        return 0
    tbs = leaf.tbs_precertificate_bytes
    good = 0
    for sct in found:
        signed = struct.pack(">BBQH", 0, 0, timestamp_milliseconds(sct), 1) + issuer_hash
        signed += len(tbs).to_bytes(3, "big") + tbs + struct.pack(">H", len(sct.extension_bytes)) + sct.extension_bytes
        for log_id, key, start, end in certificate_logs(case):
            if log_id == sct.log_id and start <= timestamp_milliseconds(sct) / 1000 <= end:
                try:
                    key.verify(sct.signature, signed, ec.ECDSA(sct.signature_hash_algorithm))
                except InvalidSignature:
                    continue
                good += 1
                break
    return good


def timestamp_milliseconds(sct: x509.certificate_transparency.SignedCertificateTimestamp) -> int:
    since = sct.timestamp.replace(tzinfo=None) - datetime(1970, 1, 1)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def count_certificate_timestamps(every: list[Case]) -> list[str]:
    counted, wrong = Counter[int](), []
    for case in every:
        try:
            verified = case.verify()
        except CountermarkError:
            continue
        if not isinstance(verified, Verified) or verified.is_of_key:
            continue
        here, there = len(verified.certificate_timestamps), good_certificate_timestamps(case, verified)
        counted[here] += 1
        if here != there:
            wrong.append(f"{case.id}: {here} good certificate timestamps here, {there} by pyca/cryptography")
    print(f"pyca/cryptography: of {sum(counted.values())} certificates with so many good certificate timestamps: {dict(counted)}")
    return wrong


def main() -> int:
    logging.disable(logging.CRITICAL)
    every = [case for folder in folders() for case in cases(folder)]
    unexplained = compare(every) + count_certificate_timestamps(every)
    for line in unexplained:
        print(line, file=sys.stderr)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())

"""Python's contenders, countermark and sigstore, offline: ``contender.py DIRECTORY``.

It answers requests as src/serve.rs says.
"""

import hashlib
import json
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from countermark import Entry, Policy, Rejected, Verified, Verifier, entries_from_json
from sigstore.errors import VerificationError
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier as SigstoreVerifier
from sigstore.verify.policy import Identity

Case = Callable[[], object]


def verifier_of(material: Path) -> Verifier:
    intermediates = material / "intermediates.pem"
    known = intermediates.read_text() if intermediates.exists() else ""
    return Verifier((material / "anchors.pem").read_text(), known or None)


def policy_of(material: Path) -> Policy:
    return Policy.from_json((material / "policy.json").read_text())


def verify(material: Path) -> Case:
    verifier, policy = verifier_of(material), policy_of(material)
    name = (material / "name.txt").read_text()
    entries = entries_from_json((material / "entries.json").read_text())
    expected = (material / "expected.txt").read_text()

    if expected == "verified":
        assert isinstance(verifier.verify(name, entries, policy), Verified)
        return lambda: verifier.verify(name, entries, policy)

    def refused() -> str:
        try:
            verifier.verify(name, entries, policy)
        except Rejected as rejected:
            return rejected.code
        return "verified"

    assert refused() == expected
    return refused


def examine(material: Path) -> Case:
    verifier, policy = verifier_of(material), policy_of(material)
    name = (material / "name.txt").read_text()
    entries = entries_from_json((material / "entries.json").read_text())
    return lambda: verifier.examine(name, entries, policy)


def read_entry(material: Path) -> Case:
    text = (material / "entries.json").read_text()
    return lambda: entries_from_json(text)


def read_policy(material: Path) -> Case:
    text = (material / "policy.json").read_text()
    return lambda: Policy.from_json(text)


def verify_many(material: Path) -> Case:
    verifier, policy = verifier_of(material), policy_of(material)
    entries: list[Entry] = entries_from_json((material / "entries.jsonl").read_text())
    requests = [(entry.artifact_name, [entry], policy) for entry in entries]

    def run() -> None:
        results = verifier.verify_many(requests)
        assert all(isinstance(result, Verified) for result in results)

    return run


def verify_message(material: Path) -> Case:
    verifier = verifier_of(material)
    signer = policy_of(material).signer
    signature = (material / "signature.base64").read_text()
    certificate = Entry.from_json(
        json.dumps(
            {
                "namespace": "",
                "artifact_name": "",
                "signature": signature,
                "certificate": (material / "leaf.pem").read_text(),
                "timestamp": (material / "timestamp.txt").read_text(),
                "revoked": False,
            }
        )
    )
    message = (material / "message").read_bytes()
    options = {
        "signature": certificate.signature,
        "certificate": certificate.certificates,
        "timestamp": certificate.timestamp,
        "policy": signer,
    }
    assert isinstance(verifier.verify_message(message, **options), Verified)
    try:
        verifier.verify_message(b"another message", **options)
    except Rejected:
        return lambda: verifier.verify_message(message, **options)
    raise AssertionError("another message was accepted")


def sigstore_verify(material: Path) -> Case:
    verifier = SigstoreVerifier(trusted_root=TrustedRoot.from_file(str(material / "trusted_root.json")))
    bundle = Bundle.from_json((material / "bundle.json").read_bytes())
    policy = Identity(
        identity=(material / "identity.txt").read_text(), issuer=(material / "issuer.txt").read_text()
    )
    if "dsseEnvelope" in json.loads((material / "bundle.json").read_bytes()):
        return sigstore_verify_envelope(verifier, bundle, policy, (material / "artifact").read_bytes())
    message = next(
        (material / file).read_bytes() for file in ("message", "artifact") if (material / file).exists()
    )
    verifier.verify_artifact(message, bundle, policy)
    try:
        verifier.verify_artifact(b"another message", bundle, policy)
    except VerificationError:
        return lambda: verifier.verify_artifact(message, bundle, policy)
    raise AssertionError("another message was accepted")


def sigstore_verify_envelope(
    verifier: SigstoreVerifier, bundle: Bundle, policy: Identity, artifact: bytes
) -> Case:
    """The library leaves it to its callers to look for the artifact in the statement, as its command line does."""

    def verify(artifact: bytes) -> bool:
        _, payload = verifier.verify_dsse(bundle, policy)
        digest = hashlib.sha256(artifact).hexdigest()
        subjects = json.loads(payload)["subject"]
        return any(subject["digest"].get("sha256") == digest for subject in subjects)

    assert verify(artifact) and not verify(b"another artifact")
    return lambda: verify(artifact)


def sigstore_read(material: Path) -> Case:
    bundle = (material / "bundle.json").read_bytes()
    return lambda: Bundle.from_json(bundle)


ACTIONS: dict[str, Callable[[Path], Case]] = {
    "verify": verify,
    "examine": examine,
    "read-entry": read_entry,
    "read-policy": read_policy,
    "verify-many": verify_many,
    "verify-message": verify_message,
    "sigstore": sigstore_verify,
    "sigstore-read": sigstore_read,
}


def main() -> None:
    directory = Path(sys.argv[1])
    print(
        f"CPython {platform.python_version()}, countermark {version('countermark')}, "
        f"sigstore {version('sigstore')}, cryptography {version('cryptography')}",
        flush=True,
    )
    cases: dict[str, Case] = {}
    for line in sys.stdin:
        iterations, request = line.rstrip("\n").split(" ", 1)
        if request not in cases:
            action, name = request.split(" ")
            cases[request] = ACTIONS[action](directory / name)
        case = cases[request]
        rounds = range(int(iterations))
        start = time.perf_counter_ns()
        for _ in rounds:
            case()
        print(time.perf_counter_ns() - start, flush=True)


main()

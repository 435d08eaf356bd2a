"""The cases of Sigstore bundles, each with what it must come to, read through the public API.

The folders have a `manifest.json` each. The project's own is `testdata/sigstore`; `COUNTERMARK_BUNDLES` may name another.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common import ROOT, TESTDATA

from countermark import (
    Bundle,
    BundlePolicy,
    Digest,
    KeyPolicy,
    MalformedInput,
    Period,
    PublicKey,
    PypiPublisher,
    TrustedRoot,
    Verified,
    VerifiedEnvelope,
    Verifier,
    bundles_from,
)

# Where this library decides otherwise than a manifest expects, and why: as core/tests/bundles.rs has it.
OTHERWISE = {
    "mutation/pep740-two-entries": "the second entry is the first once more, and what is there twice refuses",
    "mutation/v2-root-tlog-expired": "a log's key must be valid at every signed time, Rekor's second version too",
    "mutation/v2-root-tsa-leaf-missing": "the first certificate of a timestamp authority is its signer's",
}
# What a build comes to that does not know an algorithm that the case needs.
WITHOUT_ALGORITHM = {
    "invalid_key_type",
    "unknown_ca",
    "untrusted_log",
    "no_certificate_timestamp",
    "unvouched_time",
}
ALGORITHMS = [
    *(f"ecdsa_p256_sha{bits}" for bits in (256, 384)),
    *(f"ecdsa_p384_sha{bits}" for bits in (256, 384)),
    *(f"ecdsa_p521_sha{bits}" for bits in (256, 384, 512)),
    "ed25519",
    *(f"rsa_{padding}_sha{bits}" for padding in ("pkcs1", "pss") for bits in (256, 384, 512)),
]


def folders() -> list[Path]:
    named = os.environ.get("COUNTERMARK_BUNDLES")
    other = Path(named) if named else ROOT.parent / "shared" / "sigstore" / "public"
    own = [TESTDATA / "sigstore"]
    return own + [other] if named or (other / "manifest.json").is_file() else own


@dataclass
class Case:
    folder: Path
    about: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.about["id"])

    def file(self, member: str) -> Path | None:
        name = self.about.get(member)
        return None if name is None else self.folder / name

    def read(self, member: str) -> bytes:
        file = self.file(member)
        assert file, f"{self.id} has no {member}"
        return file.read_bytes()

    @property
    def artifact(self) -> bytes | list[Digest]:
        if self.about.get("artifact"):
            return self.read("artifact")
        digests = [
            Digest(name, self.about[f"artifact_{name}"])
            for name in ("sha256", "sha384", "sha512")
            if self.about.get(f"artifact_{name}")
        ]
        # What is asked for where a case has none cannot be it.
        return digests or b"no artifact"

    def bundle(self) -> Bundle:
        """The bundle; that of PyPI as PyPI has it."""
        attestation = (self.about.get("pep740") or {}).get("attestation")
        if attestation is None:
            return Bundle.from_json(self.read("bundle"))
        [bundle] = bundles_from((self.folder / attestation).read_bytes())
        return bundle

    @property
    def needs_more_algorithms(self) -> bool:
        """Whether it takes an algorithm that a verifier must name to accept it."""
        names = {name for names in (self.about.get("algorithms") or {}).values() for name in names}
        return not names <= {"p256", "p384", "ed25519"}

    def verifier(self) -> Verifier:
        root = TrustedRoot.from_json(self.read("trusted_root"))
        if not self.needs_more_algorithms:
            return Verifier.from_trusted_root(root)
        return Verifier(trusted_roots={"it": root}, accepted_algorithms=known_algorithms(root))

    def publisher(self) -> PypiPublisher | None:
        about = (self.about.get("pep740") or {}).get("publisher")
        if about is None:
            return None
        kinds = {
            "GitHub": (PypiPublisher.github, "repository", "workflow"),
            "GitLab": (PypiPublisher.gitlab, "repository", "workflow_filepath"),
            "Google": (PypiPublisher.google, "email"),
            "CircleCI": (PypiPublisher.circleci, "project_id", "pipeline_definition_id"),
        }
        make, *members = kinds[about["kind"]]
        return make(*(about[member] for member in members))  # type: ignore[operator]

    def policy(self) -> BundlePolicy | KeyPolicy:
        about, counts = self.about, self.about["policy"]
        wanted = {"log_entries": counts["tlog"], "signed_times": counts["timestamps"]}
        if about.get("key"):
            period = about.get("key_valid_for")
            valid_for = Period(period["start"], period.get("end")) if period else None
            key = PublicKey(self.read("key").decode(), about.get("key_hint"), valid_for)
            return KeyPolicy([key], **wanted)
        distribution = (about.get("pep740") or {}).get("dist_name")
        publisher = self.publisher()
        if publisher and distribution is not None:
            return BundlePolicy.for_pypi(publisher, distribution)
        wanted |= {"certificate_timestamps": counts["sct"]}
        identity, issuer = about["identity"], about["issuer"]
        if identity and issuer:
            policy = BundlePolicy.for_sigstore(identity, issuer)
        elif identity:
            policy = BundlePolicy(
                claims={"certificate_identity": identity},
                no_certificate_oidc_issuer=True,
                max_certificate_lifetime_seconds=366 * 86_400,
            )
        else:
            policy = BundlePolicy(no_certificate_oidc_issuer=True, any_signer_of_issuer=True)
        return policy.demanding(pypi_distribution=distribution, **wanted)

    def verify(self) -> Verified | VerifiedEnvelope:
        verifier, bundle, policy = self.verifier(), self.bundle(), self.policy()
        if self.about.get("envelope_only"):
            return verifier.verify_envelope(bundle, policy)
        return verifier.verify_bundle(self.artifact, bundle, policy)


def known_algorithms(root: TrustedRoot) -> list[Any]:
    """Those that this build knows."""

    def is_known(name: Any) -> bool:
        try:
            Verifier(trusted_roots={"it": root}, accepted_algorithms=[name])
        except MalformedInput:
            return False
        return True

    return [name for name in ALGORITHMS if is_known(name)]


def cases(folder: Path) -> list[Case]:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [Case(folder, about) for about in manifest]


def codes() -> dict[str, str]:
    """The code of every case that is refused, where one is held, by the case's id."""
    return dict(json.loads((TESTDATA / "sigstore" / "codes.json").read_text(encoding="utf-8")))

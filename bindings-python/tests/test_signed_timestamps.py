"""Signed timestamps (RFC 3161) that OpenSSL makes raise what vouches for a record's time; others do not."""

from __future__ import annotations

import base64
import json
import pickle
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from common import ISSUER, NAME, Vector
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from test_pyca import Authority, key_usage, name, utf8_string

from countermark import Entry, LogKey, MalformedInput, Period, Policy, Rejected, TimestampAuthority, Verifier

NOW = datetime.now(timezone.utc).replace(microsecond=0)
CLAIMS = {"source_repository": "example/repository"}
CONFIGURATION = """
[ts]
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
serial = serial
"""


def certificate(
    subject: str, by: Authority, key: ec.EllipticCurvePrivateKey, usage: x509.ObjectIdentifier
) -> x509.Certificate:
    is_leaf = usage == ExtendedKeyUsageOID.CODE_SIGNING
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(hours=1))
        .not_valid_after(NOW + timedelta(hours=1))
        .add_extension(key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=not is_leaf)
    )
    if is_leaf:
        for number, text in ((8, ISSUER), (12, CLAIMS["source_repository"])):
            oid = x509.ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}")
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, utf8_string(text)), critical=False)
    return builder.sign(by.key, hashes.SHA256())


def root() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("Root"))
        .issuer_name(name("Root"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(key_usage(key_cert_sign=True, crl_sign=True), critical=True)
    )
    return Authority(key, builder.sign(key, hashes.SHA256()))


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


@dataclass
class Scene:
    folder: Path
    root: Authority
    signer: x509.Certificate
    entry: Entry

    def timestamp(self, message: bytes) -> bytes:
        (self.folder / "message").write_bytes(message)
        for arguments in (
            "-query -data message -sha256 -cert -out query",
            "-reply -config configuration -section ts -queryfile query -signer signer.pem -inkey key.pem -out reply",
        ):
            subprocess.run(["openssl", "ts", *arguments.split()], cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "reply").read_bytes()

    def with_evidence(self, token: bytes) -> Entry:
        evidence = [{"kind": "rfc3161", "token": base64.b64encode(token).decode()}]
        return Entry.from_json(json.dumps(self.entry.to_dict() | {"evidence": evidence}))

    def verifier(self, period: Period) -> Verifier:
        authority = TimestampAuthority([der(self.signer), der(self.root.certificate)], period)
        return Verifier([der(self.root.certificate)], timestamp_authorities=[authority])


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl")
    authority, key, leaf_key = root(), *(ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    signer = certificate("Timestamps", authority, key, ExtendedKeyUsageOID.TIME_STAMPING)
    leaf = certificate("Leaf", authority, leaf_key, ExtendedKeyUsageOID.CODE_SIGNING)
    (tmp_path / "configuration").write_text(CONFIGURATION)
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "signer.pem").write_bytes(signer.public_bytes(Encoding.PEM))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    signature = leaf_key.sign(NAME.encode(), ec.ECDSA(hashes.SHA256()))
    return Scene(tmp_path, authority, signer, Entry("ns", NAME, signature, der(leaf), NOW, False))


RECORDED = Policy("ns", ISSUER, claims=CLAIMS, max_certificate_lifetime_seconds=7_200)
DEMANDED = Policy(
    "ns", ISSUER, claims=CLAIMS, max_certificate_lifetime_seconds=7_200, time_voucher="timestamp_authority"
)


def test_a_good_timestamp_raises_what_vouches_for_the_time(scene: Scene) -> None:
    verifier = scene.verifier(Period(NOW - timedelta(hours=1)))
    entry = scene.with_evidence(scene.timestamp(scene.entry.signature))
    verified = verifier.verify(NAME, [entry], DEMANDED)
    assert verified.time_voucher == "timestamp_authority" and verified.timestamp.startswith(str(NOW.date()))
    [signed] = verified.times
    assert signed.voucher == "timestamp_authority" and "Timestamps" in signed.authority and signed.time
    assert verified.to_dict()["time_voucher"] == "timestamp_authority" and verified.instance is None
    [outcome] = verifier.examine(NAME, [entry], DEMANDED).timestamps
    assert outcome.fault is None and outcome.authority == signed.authority and outcome.time == signed.time
    with pytest.raises(TypeError):
        bool(outcome)


def test_a_bad_timestamp_adds_nothing_and_is_reported(scene: Scene) -> None:
    verifier = scene.verifier(Period(NOW - timedelta(hours=1)))
    token = scene.timestamp(scene.entry.signature)
    for judge, entry in (
        (verifier, scene.entry),
        (verifier, scene.with_evidence(scene.timestamp(b"another signature"))),
        (verifier, scene.with_evidence(token[:-1] + bytes([token[-1] ^ 1]))),
        (scene.verifier(Period(NOW + timedelta(hours=2))), scene.with_evidence(token)),
        (Verifier([der(scene.root.certificate)]), scene.with_evidence(token)),
    ):
        verified = judge.verify(NAME, [entry], RECORDED)
        assert verified.time_voucher == "recorded" and verified.times == ()
        with pytest.raises(Rejected) as refused:
            judge.verify(NAME, [entry], DEMANDED)
        assert (refused.value.code, refused.value.check) == ("unvouched_time", "timestamp")
        outcomes = judge.examine(NAME, [entry], RECORDED).timestamps
        assert len(outcomes) == len(entry.evidence) and all(outcome.fault for outcome in outcomes)


def test_the_policy_says_what_must_vouch(nine_claims: Vector) -> None:
    verifier, entries, policy = nine_claims.build()
    assert policy.time_voucher == RECORDED.time_voucher == "recorded" and DEMANDED.time_voucher == "timestamp_authority"
    assert "time_voucher='timestamp_authority'" in repr(DEMANDED) and "time_voucher" not in repr(RECORDED)
    assert Policy.from_json(DEMANDED.to_json()) == DEMANDED != RECORDED
    demanding = Policy.from_json(json.dumps(policy.to_dict() | {"time_voucher": "timestamp_authority"}))
    with pytest.raises(Rejected) as refused:
        verifier.verify(NAME, entries, demanding)
    assert refused.value.code == "unvouched_time"
    for voucher in ("", "log", "caller", "Recorded"):
        with pytest.raises(MalformedInput) as malformed:
            Policy("ns", ISSUER, time_voucher=voucher)  # type: ignore[arg-type]
        assert malformed.value.code == "malformed_policy"


def test_what_is_given_for_the_wrong_kind_of_log_is_refused(scene: Scene) -> None:
    key, period = scene.signer.public_key(), Period(NOW)
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    anchors, log = [der(scene.root.certificate)], LogKey.rekor_v1("https://log", spki, period)
    again = LogKey.rekor_v1("https://log", spki, Period(NOW, NOW))
    certificate_log = LogKey.certificate_log("https://ct", spki, period)
    verifier = Verifier(anchors, logs=[log, again], certificate_logs=[certificate_log])
    assert pickle.loads(pickle.dumps(verifier)) == verifier != Verifier(anchors, logs=[log])
    for wrong in ({"logs": [certificate_log]}, {"certificate_logs": [log]}):
        with pytest.raises(MalformedInput) as malformed:
            Verifier(anchors, **wrong)  # type: ignore[arg-type]
        assert malformed.value.code == "malformed_trust_anchor"
    for wrong_type in ({"logs": log}, {"logs": [spki]}, {"timestamp_authorities": [anchors]}):
        with pytest.raises(TypeError):
            Verifier(anchors, **wrong_type)

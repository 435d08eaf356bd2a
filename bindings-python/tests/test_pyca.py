"""Keys, certificates and signatures that pyca/cryptography makes verify here, and changed ones do not."""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Union

import pytest
from common import ISSUER, NAME
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from countermark import Entry, Glob, MalformedInput, Policy, Rejected, SignerPolicy, Verified, Verifier

NOT_BEFORE = datetime(2024, 3, 22, 11, 25, 40, tzinfo=timezone.utc)
REF = "refs/tags/v1.2.3"
Key = Union[ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey, Ed25519PrivateKey]


def name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def utf8_string(text: str) -> bytes:
    encoded = text.encode()
    assert len(encoded) < 128
    return bytes([0x0C, len(encoded)]) + encoded


def key_usage(**usages: bool) -> x509.KeyUsage:
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign "
        "crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{usage: usages.get(usage, False) for usage in every.split()})


@dataclass
class Authority:
    key: Key
    certificate: x509.Certificate

    @classmethod
    def root(cls, key: Key) -> Authority:
        return cls.make("Root", key, None)

    @classmethod
    def make(cls, subject: str, key: Key, by: Authority | None) -> Authority:
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(by.certificate.subject if by else name(subject))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOT_BEFORE - timedelta(days=365))
            .not_valid_after(NOT_BEFORE + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        )
        signer = by.key if by else key
        return cls(key, builder.sign(signer, None if isinstance(signer, Ed25519PrivateKey) else hashes.SHA384()))

    def issue(
        self,
        key: ec.EllipticCurvePrivateKey,
        lifetime: timedelta = timedelta(minutes=5),
        pss: padding.PSS | None = None,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([]))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOT_BEFORE)
            .not_valid_after(NOT_BEFORE + lifetime)
            .add_extension(key_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(
                x509.SubjectAlternativeName([x509.UniformResourceIdentifier("https://example.com/build")]),
                critical=True,
            )
        )
        for number, text in ((8, ISSUER), (12, "example/repository"), (14, REF)):
            oid = x509.ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}")
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, utf8_string(text)), critical=False)
        digest = None if isinstance(self.key, Ed25519PrivateKey) else hashes.SHA256()
        return builder.sign(self.key, digest, rsa_padding=pss)


@dataclass
class Scene:
    root: Authority
    intermediate: Authority
    key: ec.EllipticCurvePrivateKey
    leaf: x509.Certificate

    @property
    def chain(self) -> list[x509.Certificate]:
        return [self.leaf, self.intermediate.certificate]

    def entry(self, signed: str = NAME, timestamp: datetime = NOT_BEFORE + timedelta(seconds=8)) -> Entry:
        return Entry(
            namespace="ns",
            artifact_name=NAME,
            signature=self.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())),
            certificate=[certificate.public_bytes(Encoding.DER) for certificate in self.chain],
            timestamp=timestamp,
            revoked=False,
            provenance={"source_repository_ref": REF},
        )

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.root.certificate.public_bytes(Encoding.PEM).decode())


def scene(curve: ec.EllipticCurve, lifetime: timedelta = timedelta(minutes=5)) -> Scene:
    root = Authority.root(ec.generate_private_key(curve))
    intermediate = Authority.make("Intermediate", ec.generate_private_key(curve), root)
    key = ec.generate_private_key(ec.SECP256R1())
    return Scene(root, intermediate, key, intermediate.issue(key, lifetime))


POLICY = Policy(
    "ns",
    ISSUER,
    claims={
        "source_repository": "example/repository",
        "source_repository_ref": Glob("refs/tags/v*"),
        "certificate_identity": "https://example.com/build",
    },
)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=lambda curve: curve.name)
def test_what_pyca_signs_verifies(curve: ec.EllipticCurve) -> None:
    made = scene(curve)
    # Signatures differ in length and sign bits: many, so that every form comes up.
    for _ in range(50):
        verified = made.verifier.verify(NAME, [made.entry()], POLICY)
    assert verified.claims["certificate_identity"] == "https://example.com/build"
    assert [authority.subject for authority in verified.path] == ["CN=Intermediate", "CN=Root"]
    assert verified.path[-1].der == made.root.certificate.public_bytes(Encoding.DER)
    assert verified.path[-1].sha256 == made.root.certificate.fingerprint(hashes.SHA256())


def test_pem_and_der_are_the_same_to_it() -> None:
    made = scene(ec.SECP256R1())
    pem = "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in made.chain)
    entry = made.entry()
    same = Entry(
        "ns", NAME, entry.signature, pem, entry.timestamp, False, provenance={"source_repository_ref": REF}
    )
    assert same == entry


def refused(code: str, made: Scene, entry: Entry, verifier: Verifier | None = None) -> None:
    with pytest.raises(Rejected) as rejected:
        (verifier or made.verifier).verify(NAME, [entry], POLICY)
    assert rejected.value.code == code


def test_what_pyca_signs_otherwise_does_not_verify() -> None:
    made, other = scene(ec.SECP256R1()), scene(ec.SECP256R1())
    refused("invalid_signature", made, made.entry(signed=NAME + " "))
    refused("unknown_ca", made, other.entry())
    refused("time_mismatch", made, made.entry(timestamp=NOT_BEFORE - timedelta(microseconds=1)))
    refused("time_mismatch", made, made.entry(timestamp=NOT_BEFORE + timedelta(minutes=5, microseconds=1)))
    long_lived = scene(ec.SECP256R1(), timedelta(minutes=6))
    refused("lifetime_too_long", long_lived, long_lived.entry())
    stolen = Scene(made.root, made.intermediate, other.key, made.leaf)
    refused("invalid_signature", stolen, stolen.entry())
    key = made.intermediate.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    root = made.root.certificate.public_bytes(Encoding.DER)
    refused("unknown_ca", made, made.entry(), Verifier(root, distrusted=[hashlib.sha256(key).digest()]))


PSS = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)


@pytest.mark.parametrize(
    "algorithm, key, pss",
    [
        ("rsa_pkcs1_sha256", rsa.generate_private_key(65537, 2048), None),
        ("rsa_pss_sha256", rsa.generate_private_key(65537, 2048), PSS),
        ("ecdsa_p521_sha256", ec.generate_private_key(ec.SECP521R1()), None),
        ("ed25519", Ed25519PrivateKey.generate(), None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_algorithms_are_accepted_where_the_verifier_says_so(algorithm: Any, key: Key, pss: padding.PSS | None) -> None:
    root = Authority.root(key)
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    made = Scene(root, root, leaf_key, root.issue(leaf_key, pss=pss))
    pem = root.certificate.public_bytes(Encoding.PEM).decode()
    accepting = Verifier(pem, accepted_algorithms=[algorithm])
    assert accepting.verify(NAME, [made.entry()], POLICY).path[0].subject == "CN=Root"
    assert accepting == pickle.loads(pickle.dumps(accepting)) == Verifier(pem, accepted_algorithms=[algorithm] * 2)
    refused("invalid_signature", made, made.entry(signed="another"), accepting)

    with pytest.raises(MalformedInput, match="malformed_trust_anchor.*ECDSA on P-256 or P-384"):
        Verifier(pem)
    other: Any = "rsa_pkcs1_sha384" if isinstance(key, rsa.RSAPrivateKey) else "rsa_pss_sha512"
    with pytest.raises(Exception) as failed:
        Verifier(pem, accepted_algorithms=[other]).verify(NAME, [made.entry()], POLICY)
    # With another algorithm of the same kind of key the anchor is one, but it did not sign so.
    code = "unknown_ca" if isinstance(key, rsa.RSAPrivateKey) else "malformed_trust_anchor"
    assert isinstance(failed.value, (Rejected, MalformedInput)) and failed.value.code == code


def test_accepted_algorithms_that_are_none() -> None:
    pem = scene(ec.SECP256R1()).root.certificate.public_bytes(Encoding.PEM).decode()
    unknown: Any = ["ecdsa_p256_sha256", "md5"]
    with pytest.raises(MalformedInput, match='malformed_trust_anchor.*"md5".*ecdsa_p256_sha256, '):
        Verifier(pem, accepted_algorithms=unknown)
    with pytest.raises(MalformedInput, match="malformed_trust_anchor.*name at least one"):
        Verifier(pem, accepted_algorithms=[])
    for wrong in ("ed25519", 3, [3]):
        with pytest.raises(TypeError, match="accepted_algorithms"):
            Verifier(pem, accepted_algorithms=wrong)  # type: ignore[arg-type]
    assert Verifier(pem) == Verifier(pem, accepted_algorithms=None)


def test_messages() -> None:
    made = scene(ec.SECP384R1())
    message = b"a file\0\xff"
    signature = made.key.sign(message, ec.ECDSA(hashes.SHA256()))

    def verify(message: bytes | None, sha256: bytes | None = None) -> Verified:
        return made.verifier.verify_message(
            message,
            sha256=sha256,
            signature=signature,
            certificate=[certificate.public_bytes(Encoding.DER) for certificate in made.chain],
            timestamp=NOT_BEFORE,
            policy=POLICY.signer,
        )

    assert verify(message) == verify(None, hashlib.sha256(message).digest())
    with pytest.raises(Rejected, match="invalid_signature"):
        verify(message + b"x")
    with pytest.raises(MalformedInput, match="malformed_message"):
        verify(NAME.encode())
    assert SignerPolicy(ISSUER, claims=POLICY.claims) == POLICY.signer

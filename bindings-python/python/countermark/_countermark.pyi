"""Verifies keyless artifact signatures, offline."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from os import PathLike
from typing import Any, Literal, Protocol, SupportsIndex, final
from types import MappingProxyType

from ._errors import MalformedInput, Rejected

_Bytes = bytes | bytearray | memoryview
_Certificates = str | _Bytes | Iterable[_Bytes]
_Wanted = str | Glob | AnyOf
_Request = tuple[str, Iterable[Entry], Policy]
_Json = str | _Bytes
_AnyBundlePolicy = BundlePolicy | KeyPolicy

class _BinaryFile(Protocol):
    def read(self, size: int, /) -> bytes | bytearray: ...

_Artifact = _Bytes | PathLike[str] | PathLike[bytes] | _BinaryFile | Digest | Iterable[Digest] | str
_BundleRequest = tuple[_Artifact, Bundle | Iterable[Bundle], _AnyBundlePolicy]
_Format = Literal["countermark", "endor_labs"]
_SignatureAlgorithm = Literal[
    "ecdsa_p256_sha256",
    "ecdsa_p256_sha384",
    "ecdsa_p384_sha256",
    "ecdsa_p384_sha384",
    "ecdsa_p521_sha256",
    "ecdsa_p521_sha384",
    "ecdsa_p521_sha512",
    "ed25519",
    "rsa_pkcs1_sha256",
    "rsa_pkcs1_sha384",
    "rsa_pkcs1_sha512",
    "rsa_pss_sha256",
    "rsa_pss_sha384",
    "rsa_pss_sha512",
]
_RejectionCode = Literal[
    "no_signature",
    "blocklisted",
    "revoked_signature",
    "bad_certificate",
    "invalid_key_type",
    "unknown_ca",
    "path_too_complex",
    "no_certificate_timestamp",
    "lifetime_too_long",
    "time_mismatch",
    "unvouched_time",
    "not_logged",
    "untrusted_log",
    "invalid_log_proof",
    "log_entry_mismatch",
    "corrupted_signature",
    "invalid_signature",
    "artifact_mismatch",
    "provenance_mismatch",
    "claims_mismatch",
    "predicate_mismatch",
]
_CodeName = (
    Literal[
        "verified",
        "malformed_trust_anchor",
        "malformed_policy",
        "malformed_entry",
        "malformed_name",
        "malformed_message",
        "malformed_bundle",
        "malformed_trusted_root",
        "invalid_argument",
        "internal",
    ]
    | _RejectionCode
)
_CheckName = Literal[
    "input",
    "selection",
    "blocklist",
    "revocation",
    "certificate",
    "chain",
    "lifetime",
    "timestamp",
    "signature",
    "transparency",
    "artifact",
    "provenance",
    "claims",
    "library",
]
_Warning = Literal[
    "signer_unconstrained",
    "log_entries_not_asked",
    "signed_times_not_asked",
    "certificate_timestamps_not_asked",
    "unknown_authorities_ignored",
]
_TimeVoucher = Literal["recorded", "timestamp_authority", "log", "caller"]
_HashAlgorithm = Literal["sha256", "sha384", "sha512"]

__all__ = [
    "CODES",
    "AnyOf",
    "Bundle",
    "BundlePolicy",
    "BundleReport",
    "CheckOutcome",
    "Code",
    "Digest",
    "Entry",
    "EvidenceOutcome",
    "Glob",
    "KeyPolicy",
    "Log",
    "LogKey",
    "NpmAttestation",
    "PathCertificate",
    "Period",
    "Policy",
    "PublicKey",
    "PypiAttestations",
    "PypiPublisher",
    "Report",
    "SignedTime",
    "SignerPolicy",
    "SimpleSigning",
    "Statement",
    "StatementSubject",
    "TimestampAuthority",
    "TimestampOutcome",
    "TrustedRoot",
    "UnverifiedStatement",
    "Verified",
    "VerifiedCertificateTimestamp",
    "VerifiedEnvelope",
    "VerifiedLogEntry",
    "Verifier",
    "__version__",
    "bundles_from",
    "bundles_from_json_lines",
    "bundles_from_npm",
    "bundles_from_pypi_provenance",
    "entries_from_json",
    "read_bundles",
    "read_entries",
    "trusted_roots_from_json_lines",
]

__version__: str
CODES: MappingProxyType[str, Code]

@final
class Code:
    """One row of the code table: a stable code, what it means and what to do about it.

    The table is ``countermark.CODES``, by name.
    """

    @property
    def number(self) -> int:
        """The stable number; never zero."""
    @property
    def name(self) -> _CodeName:
        """The stable name: lowercase with underscores."""
    @property
    def check(self) -> _CheckName:
        """The name of the check that gives this code."""
    @property
    def cause(self) -> str:
        """One sentence: what is the case."""
    @property
    def remedy(self) -> str:
        """One sentence: what to do about it."""
    @property
    def endor_labs_result(self) -> str | None:
        """The result that Endor Labs' verification reports in this case, or None."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

@final
class Glob:
    """Matches a claim's value by a pattern that is anchored at both ends.

    ``*`` matches any run within a segment, never ``/``; ``**`` may stand only as the whole last segment and
    matches all that follows. Everything else is literal. Raises ``MalformedInput`` if ``**`` stands
    elsewhere.
    """

    def __new__(cls, pattern: str) -> Glob: ...
    @property
    def pattern(self) -> str:
        """The pattern."""
    def matches(self, value: str) -> bool:
        """Whether a value matches."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs__(self) -> tuple[str]: ...

@final
class AnyOf:
    """Matches a claim's value if it is one of these texts, exactly.

    Takes an iterable of str. Raises ``MalformedInput`` if there is none in it, or too many.
    """

    def __new__(cls, texts: Iterable[str]) -> AnyOf: ...
    @property
    def texts(self) -> tuple[str, ...]:
        """The texts."""
    def matches(self, value: str) -> bool:
        """Whether a value matches."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs__(self) -> tuple[tuple[str, ...]]: ...

@final
class SignerPolicy:
    """What is asked of the signer: the identity provider, the claims, how long the certificate may live.

    ``verify_message`` takes it alone; a ``Policy`` has one as ``signer``. ``claims`` maps claim names to str
    (exactly this text), ``Glob`` or ``AnyOf``. Raises ``MalformedInput`` for an unknown claim or a value out
    of range.
    """

    def __new__(
        cls,
        certificate_oidc_issuer: str,
        *,
        claims: Mapping[str, _Wanted] | None = None,
        max_certificate_lifetime_seconds: int | None = None,
    ) -> SignerPolicy: ...
    @property
    def certificate_oidc_issuer(self) -> str:
        """The identity provider that must have vouched for the signer."""
    @property
    def claims(self) -> MappingProxyType[str, _Wanted]:
        """The required claims: name to str, ``Glob`` or ``AnyOf``."""
    @property
    def max_certificate_lifetime_seconds(self) -> int:
        """How many seconds a leaf may be valid."""
    @property
    def is_unconstrained(self) -> bool:
        """Whether anyone whom the issuer vouches for would do."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]: ...

@final
class Policy:
    """What the caller expects of the record and of the signer. It is made once and used for many artifacts.

    - ``namespace`` selects the entries that count. No signature covers it, so it authenticates nothing.
    - ``certificate_oidc_issuer`` is the identity provider that must have vouched for the signer.
    - ``claims`` maps claim names to str (exactly this text), ``Glob`` or ``AnyOf``. An issuer such as
      GitHub's speaks for everybody who uses GitHub: require at least a ``source_repository``.
    - ``max_certificate_lifetime_seconds`` is 300 unless given, and at most 86,400. Certificates of the public
      Sigstore instance live ten minutes: 600.
    - ``revocation_scope`` is ``"artifact"`` (one revoked entry fails the name with its digest), ``"digest"`` (it
      fails the digest under every name of the namespace), or ``"entry"`` (it fails itself and copies of it).
    - ``blocklist`` has artifact names, and digests as ``sha256:`` and 64 lowercase hex digits.
    - ``time_voucher`` is ``"recorded"`` (the log's word for the time of signing will do), or ``"timestamp_authority"``: an
      entry counts only with a good signed timestamp.

    Raises ``MalformedInput`` if a part is malformed.
    """

    def __new__(
        cls,
        namespace: str,
        certificate_oidc_issuer: str,
        *,
        claims: Mapping[str, _Wanted] | None = None,
        max_certificate_lifetime_seconds: int | None = None,
        revocation_scope: Literal["artifact", "entry", "digest"] | None = None,
        blocklist: Iterable[str] | None = None,
        time_voucher: Literal["recorded", "timestamp_authority"] | None = None,
    ) -> Policy: ...
    @staticmethod
    def from_json(data: str | _Bytes) -> Policy:
        """Reads a policy from JSON (str or bytes).

        Null, a repeated or unknown member and an unknown claim raise ``MalformedInput``, so that a policy
        cannot say less than its author believes.
        """
    @property
    def namespace(self) -> str:
        """The namespace whose entries count."""
    @property
    def certificate_oidc_issuer(self) -> str:
        """The identity provider that must have vouched for the signer."""
    @property
    def claims(self) -> MappingProxyType[str, _Wanted]:
        """The required claims: name to str, ``Glob`` or ``AnyOf``."""
    @property
    def max_certificate_lifetime_seconds(self) -> int:
        """How many seconds a leaf may be valid."""
    @property
    def revocation_scope(self) -> Literal["artifact", "entry", "digest"]:
        """How far one revoked entry reaches: ``"artifact"``, ``"digest"`` or ``"entry"``."""
    @property
    def blocklist(self) -> tuple[str, ...]:
        """The blocklist's items, in order: names, then digests."""
    @property
    def time_voucher(self) -> Literal["recorded", "timestamp_authority"]:
        """What must vouch for the time of signing: ``"recorded"`` or ``"timestamp_authority"``."""
    @property
    def signer(self) -> SignerPolicy:
        """What is asked of the signer, for ``verify_message``."""
    def to_json(self) -> str:
        """The policy as ``from_json`` reads it, without members that have their defaults."""
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, Any]]: ...

@final
class Entry:
    """One record of a signing event; untrusted until verified.

    It is made from columns here, or from JSON by ``from_json`` and ``entries_from_json``:

    - ``signature``: bytes (DER) or str (base64).
    - ``certificate``: str (PEM, the leaf first), bytes (DER of the leaf, or PEM), or an iterable of bytes
      (DER, the leaf first).
    - ``timestamp``: str (RFC 3339, to the nanosecond) or an aware datetime.
    - ``revoked``: there is no default, and only True and False will do: a record that does not say is not
      trusted.
    - ``provenance``: the recorded claims, name to text.
    - ``evidence``: mappings with a text ``kind``; of the kind ``"rfc3161"`` is a signed timestamp; other kinds are ignored.

    Raises ``MalformedInput`` if a part is malformed or a limit is exceeded.
    """

    def __new__(
        cls,
        namespace: str,
        artifact_name: str,
        signature: str | _Bytes,
        certificate: _Certificates,
        timestamp: str | datetime,
        revoked: bool,
        *,
        provenance: Mapping[str, str] | None = None,
        blocklisted: bool = False,
        evidence: Iterable[Mapping[str, Any]] | None = None,
    ) -> Entry: ...
    @staticmethod
    def from_json(data: str | _Bytes) -> Entry:
        """Reads one record from JSON (str or bytes).

        Null, a repeated or unknown member and a record without ``revoked`` raise ``MalformedInput``.
        """
    @property
    def namespace(self) -> str:
        """The tenant's namespace. No signature covers it."""
    @property
    def artifact_name(self) -> str:
        """The artifact name as the record has it; compared byte for byte, never parsed."""
    @property
    def signature(self) -> bytes:
        """The signature's DER."""
    @property
    def certificates(self) -> tuple[bytes, ...]:
        """The certificates in DER, the leaf first; at least one."""
    @property
    def timestamp(self) -> str:
        """When the signature was made, by the log's word; RFC 3339 in UTC, to the nanosecond."""
    @property
    def provenance(self) -> MappingProxyType[str, str]:
        """The recorded claims, name to text."""
    @property
    def revoked(self) -> bool:
        """Whether the signature was revoked."""
    @property
    def blocklisted(self) -> bool:
        """Whether the log blocks the artifact."""
    @property
    def evidence(self) -> tuple[dict[str, Any], ...]:
        """The evidence beside the record: a tuple of dicts."""
    def to_json(self) -> str:
        """The record as ``from_json`` reads it, without members that are empty or false by default."""
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]: ...

def entries_from_json(
    data: str | _Bytes, *, format: _Format = "countermark", absent_revoked_means_false: bool = False
) -> list[Entry]:
    """Reads the records of a log from JSON (str or bytes); one bad record fails the call.

    With ``format="countermark"``, a JSON array or JSON Lines. With ``format="endor_labs"``, one
    ``ArtifactSignature`` of the Endor Labs API or a list response of them; a response that has a next page
    is refused, because a revoked record may be on it. Such a record without ``revoked`` is refused too,
    unless ``absent_revoked_means_false=True`` says that its source leaves false values out.

    Raises ``MalformedInput`` for the first bad record; its ``record`` tells which.
    """
def read_entries(
    data: str | _Bytes, *, format: _Format = "countermark", absent_revoked_means_false: bool = False
) -> list[Entry | MalformedInput]:
    """The same with a result per record, so that one bad record does not hide the others: a list of ``Entry``
    and ``MalformedInput``, in the order of the records.

    A ``MalformedInput`` in the list is a record that could not be judged, not one that is not there: it may
    have been a revocation. Who leaves it out must know that it is not.
    Reading ends after very many of them; the last one says so, and what follows it was not read.

    Raises ``MalformedInput`` if a response of the Endor Labs API is itself malformed.
    """

@final
class Log:
    """The entries of one tenant's namespace, in memory: append-only, and indexed by artifact name.

    Nothing is ever deleted, and of an entry nothing ever changes but that it becomes revoked. One log may be
    used from many threads.
    """

    def __new__(cls, namespace: str) -> Log: ...
    @property
    def namespace(self) -> str:
        """The namespace of all its entries."""
    def append(self, entry: Entry) -> None:
        """Appends an entry. Signing the same name again makes another entry.

        Raises ``MalformedInput`` if the entry is of another namespace.
        """
    def find(self, artifact_name: str) -> list[Entry]:
        """Every entry of an artifact, in the order in which they were appended; for ``Verifier.verify``."""
    def revoke_signature(self, artifact_name: str, source_repository_ref: str) -> int:
        """Revokes the signatures of an artifact that were made from a ref, and returns how many there are.

        It marks every entry of that name whose certificate carries that ``source_repository_ref``. What the
        entry itself recorded does not matter, and an unreadable certificate matches every ref. Raises
        ``CountermarkError`` with the code ``no_signature`` if there is no such entry.
        """
    def __len__(self, /) -> int: ...
    def __iter__(self, /) -> Iterator[Entry]: ...

@final
class Period:
    """From when to when a key or an authority may be relied upon. Both ends are included, to the nanosecond.

    ``start`` and ``end`` are str (RFC 3339) or aware datetimes; without ``end`` it has not ended.
    """

    def __new__(cls, start: str | datetime, end: str | datetime | None = None) -> Period: ...
    @property
    def start(self) -> str:
        """The first instant; RFC 3339."""
    @property
    def end(self) -> str | None:
        """The last instant; None if it has not ended."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs__(self) -> tuple[str, str | None]: ...

@final
class TrustedRoot:
    """What one Sigstore instance is trusted for: authorities that certify signers, authorities that sign timestamps, logs
    and certificate logs, each with the period in which it counts.

    ``from_json`` reads one, ``trusted_roots_from_json_lines`` several. How the file got here, and whether it is the right
    one, is the caller's to know. As text it tells what is in it.
    """

    @staticmethod
    def from_json(data: _Json) -> TrustedRoot:
        """Reads a trusted root of version 0.1 or 0.2 from JSON (str or bytes), strictly.

        Raises ``MalformedInput`` (code ``malformed_trusted_root``), which names the member.
        """
    @property
    def certificate_authority_count(self) -> int:
        """How many authorities certify signers."""
    @property
    def timestamp_authority_count(self) -> int:
        """How many authorities sign timestamps."""
    @property
    def log_count(self) -> int:
        """How many logs there are; one that is listed more than once is one."""
    @property
    def certificate_log_count(self) -> int:
        """How many certificate logs there are; one that is listed more than once is one."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> str | tuple[Any, ...]: ...

def trusted_roots_from_json_lines(data: _Json) -> list[TrustedRoot]:
    """Reads trusted roots from JSON Lines (str or bytes), as ``gh attestation trusted-root`` writes them: one root a line, each
    an instance of its own.

    Raises ``MalformedInput`` (code ``malformed_trusted_root``) for the first bad root, and if there is none.
    """

@final
class LogKey:
    """A log that is believed when bundles are judged under a verifier's own anchors: ``LogKey.rekor_v1``, ``rekor_v2`` or
    ``certificate_log`` makes one.

    - ``base_url`` tells the log in results; the host in that of a log of Rekor's second version is also the origin of its
      checkpoints.
    - ``public_key``: bytes (DER of a ``SubjectPublicKeyInfo``) or str (PEM).
    - ``valid_for``: the ``Period`` in which the key counts. A log that is given again has several.
    - ``operator``: of logs of one operator, one alone counts where several are demanded.

    They raise ``MalformedInput`` if the key is not sound, or of a kind that is not verified.
    """

    @staticmethod
    def rekor_v1(base_url: str, public_key: str | _Bytes, valid_for: Period, operator: str | None = None) -> LogKey:
        """A log of Rekor's first version."""
    @staticmethod
    def rekor_v2(base_url: str, public_key: str | _Bytes, valid_for: Period, operator: str | None = None) -> LogKey:
        """A log of Rekor's second version."""
    @staticmethod
    def certificate_log(base_url: str, public_key: str | _Bytes, valid_for: Period, operator: str | None = None) -> LogKey:
        """A certificate log (RFC 6962)."""
    @property
    def base_url(self) -> str:
        """Where the log is, as it was given."""
    @property
    def public_key(self) -> bytes:
        """The DER of the key's ``SubjectPublicKeyInfo``."""
    @property
    def valid_for(self) -> Period | None:
        """The period in which the key counts."""
    @property
    def operator(self) -> str | None:
        """Who operates the log, if that was said."""
    @property
    def log_id(self) -> bytes:
        """The ID of the log, 32 bytes."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> str | tuple[Any, ...]: ...

@final
class TimestampAuthority:
    """An authority that signs timestamps (RFC 3161).

    - ``certificates``: that of its signer first, and the one to trust last, be it self-signed or not; str (PEM), bytes (PEM)
      or an iterable of bytes (DER). What a timestamp itself brings is never looked at.
    - ``valid_for``: the ``Period`` in which its timestamps count.

    Raises ``MalformedInput`` if one cannot be read, or is not what it should be.
    """

    def __new__(cls, certificates: _Certificates, valid_for: Period) -> TimestampAuthority: ...
    @property
    def certificates(self) -> tuple[bytes, ...]:
        """Its certificates in DER, the signer's first."""
    @property
    def valid_for(self) -> Period:
        """The period in which its timestamps count."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs__(self) -> tuple[tuple[bytes, ...], Period]: ...

@final
class Digest:
    """A digest of an artifact: ``Digest("sha256", value)``, or ``"sha384"`` or ``"sha512"``.

    ``value`` is bytes or hex str, as many as the algorithm's digests have. Raises ``MalformedInput`` (code
    ``invalid_argument``) if it is not, or the algorithm is not known.
    """

    def __new__(cls, algorithm: _HashAlgorithm, value: str | _Bytes) -> Digest: ...
    @property
    def algorithm(self) -> _HashAlgorithm:
        """The algorithm's name."""
    @property
    def value(self) -> bytes:
        """The digest's bytes."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs__(self) -> tuple[str, bytes]: ...

@final
class Bundle:
    """One signing, with what vouches for it: a signature over an artifact or over an envelope, by whom, entries of logs and
    signed timestamps. Well-formed, and nothing of it verified.

    ``from_json`` reads Sigstore's bundles of versions 0.1 to 0.3, GitHub's among them; ``bundles_from`` whatever form there
    is.
    """

    @staticmethod
    def from_json(data: _Json) -> Bundle:
        """Reads one Sigstore bundle of version 0.1, 0.2 or 0.3 from JSON (str or bytes), strictly.

        Raises ``MalformedInput`` (code ``malformed_bundle``), which names the member.
        """
    @staticmethod
    def from_pep740(data: _Json) -> Bundle:
        """Reads one attestation of PyPI (PEP 740, an attestation object of version 1) from JSON (str or bytes)."""
    @staticmethod
    def from_cosign(data: _Json) -> Bundle:
        """Reads what ``cosign sign-blob --bundle`` and ``cosign attest-blob --bundle`` wrote before there were Sigstore bundles,
        or one line of ``cosign download signature``, from JSON (str or bytes).

        Of the latter the artifact to verify it with is the decoded ``Payload``; ``SimpleSigning`` tells which image that
        names.
        """
    @staticmethod
    def from_cosign_parts(
        *,
        signature: str | None = None,
        envelope: _Json | None = None,
        certificate: str | None = None,
        chain: str | None = None,
        rekor_bundle: str | None = None,
        timestamp: str | None = None,
    ) -> Bundle:
        """Reads cosign's classic form from the parts in which a registry keeps it: a layer of an image's signatures and its
        annotations.

        - ``signature``: that of a payload of simple signing, which is the layer, in base64
          (``dev.cosignproject.cosign/signature``). The artifact to verify it with is the layer; ``SimpleSigning`` tells
          which image it names. Or
        - ``envelope``: a DSSE envelope, JSON as str or bytes, which is the layer of an attestation.
        - ``certificate`` and ``chain``: PEM (``dev.sigstore.cosign/certificate``, ``…/chain``).
        - ``rekor_bundle`` and ``timestamp``: JSON (``dev.sigstore.cosign/bundle``, ``…/rfc3161timestamp``).

        Raises ``MalformedInput`` (code ``malformed_bundle``), which says which part is wrong.
        """
    @property
    def version(self) -> Literal["0.1", "0.2", "0.3"]:
        """The version of the format that it is read as: ``"0.1"``, ``"0.2"`` or ``"0.3"``."""
    @property
    def certificates(self) -> tuple[bytes, ...]:
        """The certificates in DER that it brings, the signer's first; none if it hints at a key."""
    @property
    def key_hint(self) -> str | None:
        """The hint at the signer's key, which may be empty; None if there is a certificate."""
    @property
    def has_envelope(self) -> bool:
        """Whether an envelope is signed, and not the artifact itself."""
    @property
    def log_entry_count(self) -> int:
        """How many log entries it brings."""
    @property
    def timestamp_count(self) -> int:
        """How many signed timestamps it brings."""
    def statement(self) -> UnverifiedStatement | None:
        """The in-toto statement in its envelope, **of which nothing is verified**; None if it has no envelope, or one with
        another payload.

        Raises ``MalformedInput`` (code ``malformed_bundle``) if the payload should be a statement and cannot be read as one.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce_ex__(self, _protocol: SupportsIndex) -> str | tuple[Any, ...]: ...

def bundles_from(data: _Json) -> list[Bundle]:
    """Reads bundles in whatever form they come (str or bytes), told apart by their members: a Sigstore bundle or JSON Lines of
    them, an attestation or a provenance of PyPI, the npm registry's attestations, or one of cosign's older forms.

    What a form tells beside its bundles is not kept; each has a reader of its own that does. Raises ``MalformedInput`` (code
    ``malformed_bundle``) if it is none of these, or for the first bad bundle.
    """

def bundles_from_json_lines(data: _Json) -> list[Bundle]:
    """Reads the bundles of JSON Lines (str or bytes): one Sigstore bundle a line, as ``gh attestation download`` writes them.

    Raises ``MalformedInput`` for the first bad bundle; its ``record`` tells which.
    """

def read_bundles(data: _Json) -> list[Bundle | MalformedInput]:
    """The same with a result per line, so that one bad bundle does not hide the others: a list of ``Bundle`` and
    ``MalformedInput``, in the order of the lines.

    Reading ends after very many malformed ones; the last one says so, and what follows it was not read.
    """

@final
class NpmAttestation:
    """One attestation of the npm registry."""

    @property
    def predicate_type(self) -> str:
        """The predicate type that the registry names. The statement names the same; nothing of either is verified."""
    @property
    def bundle(self) -> Bundle:
        """The bundle."""

def bundles_from_npm(data: _Json) -> list[NpmAttestation]:
    """Reads the attestations that the npm registry answers with for a package (str or bytes), usually two: that of the registry
    itself, by its key, and the provenance, by whoever built it.

    Each is a bundle to be verified; a caller who wants both must demand both. Raises ``MalformedInput`` (code
    ``malformed_bundle``) if one is malformed, or its ``predicateType`` is not its statement's.
    """

@final
class PypiAttestations:
    """The attestations that one publisher gave for a distribution of PyPI."""

    @property
    def unverified_publisher(self) -> Any:
        """The publisher, as ``json.loads`` reads it: what the index claims and nothing vouches for. Whoever is trusted to
        publish is the caller's to say, and not to be taken from here. None if there is none.
        """
    @property
    def bundles(self) -> tuple[Bundle, ...]:
        """The attestations."""

def bundles_from_pypi_provenance(data: _Json) -> list[PypiAttestations]:
    """Reads what PyPI has of a distribution's provenance (PEP 740, a provenance object of version 1; str or bytes).

    Raises ``MalformedInput`` (code ``malformed_bundle``) for the object or for the first bad attestation.
    """

@final
class SimpleSigning:
    """What cosign signs for an image: a payload of simple signing, which names the image by its digest.

    The signature is over the payload, and the payload is what names the image. So the two go together: verify the bundle
    with the payload's bytes as the artifact, and compare ``image_digest`` with the digest of the image that is to be run. One
    without the other says nothing.
    """

    @staticmethod
    def from_json(data: _Json) -> SimpleSigning:
        """Reads a payload (str or bytes). Raises ``MalformedInput`` (code ``malformed_bundle``) if it is none."""
    @property
    def image_digest(self) -> Digest:
        """The digest of the image's manifest."""
    @property
    def docker_reference(self) -> str:
        """The name under which the image was signed, which may be empty. Others may serve the same image, so it is told, and not
        compared.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

@final
class Statement:
    """An in-toto statement of version 0.1 or 1: something that is said (the predicate) about artifacts (the subjects)."""

    @property
    def predicate_type(self) -> str:
        """What kind of predicate it is, usually a URI: ``https://slsa.dev/provenance/v1``."""
    @property
    def subjects(self) -> tuple[StatementSubject, ...]:
        """What it is about, at least one."""
    @property
    def predicate(self) -> Any:
        """The predicate, as ``json.loads`` reads it; None if there is none."""
    @property
    def predicate_json(self) -> str | None:
        """The predicate's JSON as it stands in the statement; None if there is none."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

@final
class StatementSubject:
    """An artifact that a ``Statement`` is about."""

    @property
    def name(self) -> str | None:
        """The name, if it has one: a file name, a package URL, whatever the predicate's type demands."""
    @property
    def uri(self) -> str | None:
        """The URI, if it has one."""
    @property
    def digests(self) -> MappingProxyType[str, str]:
        """Its digests as they stand, algorithm to text; the algorithm may be any."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

@final
class UnverifiedStatement:
    """A statement whose signature nobody has verified: anybody may have written it, about anything.

    A ``Verified`` has the ``Statement`` that was verified; here it stands behind a word that says so.
    """

    @property
    def unverified(self) -> Statement:
        """What it says, which is not to be believed. It may help to choose a policy or to tell bundles apart."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

@final
class BundlePolicy:
    """What the caller expects of a bundle that somebody signed with a certificate: of the signer, of what vouches beside the
    signature, and of what is said.

    - ``certificate_oidc_issuer`` is the identity provider that must have vouched for the signer.
      ``no_certificate_oidc_issuer=True`` stands for it where certificates name none, and then they must name none.
    - ``claims`` maps claim names to str (exactly this text), ``Glob`` or ``AnyOf``. Without one about the signer the policy
      is malformed, unless it says ``any_signer_of_issuer=True``.
    - ``max_certificate_lifetime_seconds`` is 600 unless given, and at most 34,560,000.
    - ``instance`` names the only instance that may judge.
    - ``log_entries``, ``signed_times`` and ``certificate_timestamps``: how many independent good ones are needed, 0 to 32; 1
      unless given.
    - ``predicate_type`` and ``subject_name``: what the statement must have.
    - ``pypi_distribution``: the file name of a wheel or source archive, of which the bundle must be an attestation of PyPI.
    - ``ignore_unknown_authorities=True`` passes over what is of logs and authorities that are not known.
    - ``blocklist`` has artifact names, and digests as ``sha256:`` and 64 lowercase hex digits, or those of ``sha384`` and
      ``sha512``.

    ``for_sigstore``, ``for_github``, ``for_github_release`` and ``for_pypi`` make policies for known publishers. Raises
    ``MalformedInput`` if a part is malformed.
    """

    def __new__(
        cls,
        certificate_oidc_issuer: str | None = None,
        *,
        claims: Mapping[str, _Wanted] | None = None,
        no_certificate_oidc_issuer: bool = False,
        any_signer_of_issuer: bool = False,
        max_certificate_lifetime_seconds: int | None = None,
        instance: str | None = None,
        log_entries: int | None = None,
        signed_times: int | None = None,
        certificate_timestamps: int | None = None,
        predicate_type: str | None = None,
        subject_name: str | None = None,
        pypi_distribution: str | None = None,
        ignore_unknown_authorities: bool = False,
        blocklist: Iterable[str] | None = None,
    ) -> BundlePolicy: ...
    @staticmethod
    def from_json(data: _Json) -> BundlePolicy:
        """Reads a policy from JSON (str or bytes).

        Null, a repeated or unknown member, an unknown claim, and members that contradict each other raise
        ``MalformedInput``, so that a policy cannot say less than its author believes.
        """
    @staticmethod
    def for_sigstore(identity: _Wanted, certificate_oidc_issuer: str) -> BundlePolicy:
        """A policy for what this identity signed (str, ``Glob`` or ``AnyOf``), as Sigstore's public instance has it.

        An identity of GitHub Actions is a workflow,
        ``https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1``, and of people an e-mail address.
        """
    @staticmethod
    def for_github(repository: str, *, enterprise: str | None = None) -> BundlePolicy:
        """A policy for what GitHub Actions built from this repository, ``owner/name``, by whichever workflow; ``enterprise``
        for one whose tokens have an issuer of their own.

        GitHub has an instance of its own, without any log, for repositories that are not public. An instance with neither
        logs nor certificate logs must give one signed timestamp; any other one log entry, one signed time and one
        certificate timestamp.
        """
    @staticmethod
    def for_github_release(repository: str) -> BundlePolicy:
        """A policy for an asset of a release of this repository, ``owner/name``, which GitHub itself attests: the statement has
        the artifact, and a subject for the release.
        """
    @staticmethod
    def for_pypi(publisher: PypiPublisher, file_name: str) -> BundlePolicy:
        """A policy for a distribution of PyPI, a wheel or source archive by its file name, that this ``PypiPublisher`` attests.

        The statement must have one subject, by the same file name once both are parsed, and with the artifact's SHA-256.
        """
    def demanding(
        self,
        *,
        claims: Mapping[str, _Wanted] | None = None,
        max_certificate_lifetime_seconds: int | None = None,
        instance: str | None = None,
        log_entries: int | None = None,
        signed_times: int | None = None,
        certificate_timestamps: int | None = None,
        predicate_type: str | None = None,
        subject_name: str | None = None,
        pypi_distribution: str | None = None,
        ignore_unknown_authorities: bool = False,
        blocklist: Iterable[str] | None = None,
    ) -> BundlePolicy:
        """The same policy with these settings: claims, the distribution of PyPI and items of the blocklist are added to what is
        demanded already, and every other setting stands in place of the one before. A claim cannot be demanded twice.
        """
    @property
    def certificate_oidc_issuer(self) -> str | None:
        """The identity provider that must have vouched for the signer; None if the certificate must name none."""
    @property
    def claims(self) -> MappingProxyType[str, _Wanted]:
        """The required claims: name to str, ``Glob`` or ``AnyOf``. ``for_pypi`` may also demand how claims go together."""
    @property
    def max_certificate_lifetime_seconds(self) -> int:
        """How many seconds a leaf may be valid."""
    @property
    def is_unconstrained(self) -> bool:
        """Whether anyone whom the issuer vouches for would do."""
    @property
    def instance(self) -> str | None:
        """The name of the only instance that may judge; None if any may."""
    @property
    def log_entries(self) -> int | None:
        """How many independent log entries are needed; None if the kind of instance decides."""
    @property
    def signed_times(self) -> int | None:
        """How many independent signed times are needed; None if the kind of instance decides."""
    @property
    def certificate_timestamps(self) -> int | None:
        """How many independent certificate timestamps are needed; None if the kind of instance decides."""
    @property
    def predicate_types(self) -> tuple[str, ...]:
        """The predicate types of which the statement must have one; none if any will do."""
    @property
    def subject_name(self) -> str | None:
        """The name of the subject that must be the artifact; None if any will do."""
    @property
    def ignore_unknown_authorities(self) -> bool:
        """Whether items of unknown logs and authorities are passed over."""
    @property
    def blocklist(self) -> tuple[str, ...]:
        """The blocklist's items, in order."""
    def to_json(self) -> str:
        """The policy as ``from_json`` reads it, without members that have their defaults.

        Raises ``CountermarkError`` (code ``invalid_argument``) for one of ``for_github``, ``for_github_release`` or
        ``for_pypi``: they demand what JSON cannot say.
        """
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> str | tuple[Any, ...]: ...

@final
class PypiPublisher:
    """Who may publish a project of PyPI, as its owner told PyPI and as the caller knows it: ``github``, ``gitlab``, ``google``
    or ``circleci`` makes one. What an index says of a file's publisher proves nothing.

    What a publisher has beside these, an environment, say, is a claim for ``BundlePolicy.demanding``. They raise
    ``MalformedInput`` (code ``malformed_policy``) if a part has another form.
    """

    @staticmethod
    def github(repository: str, workflow: str) -> PypiPublisher:
        """A workflow of GitHub Actions: ``owner/name`` of the repository, and the workflow's file name, such as
        ``release.yml``.
        """
    @staticmethod
    def gitlab(repository: str, workflow_filepath: str) -> PypiPublisher:
        """A pipeline of GitLab: ``group/name`` of the project, and the path of the file that configures the pipeline, such as
        ``.gitlab-ci.yml``.
        """
    @staticmethod
    def google(email: str) -> PypiPublisher:
        """A service account of Google Cloud, by its e-mail address."""
    @staticmethod
    def circleci(project_id: str, pipeline_definition_id: str) -> PypiPublisher:
        """A pipeline of CircleCI, by the IDs (UUIDs) of its project and of the pipeline's definition."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> str | tuple[Any, ...]: ...

@final
class PublicKey:
    """A public key that may have signed: bytes (DER of a ``SubjectPublicKeyInfo``) or str (PEM).

    - ``name``: a bundle's hint selects among the named keys of a policy; a key without name is tried whatever the hint.
    - ``valid_for``: the ``Period`` in which the key signs, if it is limited.

    Raises ``MalformedInput`` (code ``malformed_policy``) if the key cannot be used.
    """

    def __new__(cls, public_key: str | _Bytes, name: str | None = None, valid_for: Period | None = None) -> PublicKey: ...
    @property
    def public_key(self) -> bytes:
        """The ``SubjectPublicKeyInfo`` in DER."""
    @property
    def name(self) -> str | None:
        """The name, if it has one."""
    @property
    def valid_for(self) -> Period | None:
        """The period in which it signs, if that is limited."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs__(self) -> tuple[bytes, str | None, Period | None]: ...

@final
class KeyPolicy:
    """What the caller expects of a bundle that one of these keys signed, without a certificate: of what vouches beside the
    signature, and of what is said.

    ``keys`` is an iterable of ``PublicKey``; the others are as for ``BundlePolicy``. Raises ``MalformedInput`` if a part is
    malformed.
    """

    def __new__(
        cls,
        keys: Iterable[PublicKey],
        *,
        instance: str | None = None,
        log_entries: int | None = None,
        signed_times: int | None = None,
        predicate_type: str | None = None,
        subject_name: str | None = None,
        ignore_unknown_authorities: bool = False,
        blocklist: Iterable[str] | None = None,
    ) -> KeyPolicy: ...
    @staticmethod
    def from_json(data: _Json) -> KeyPolicy:
        """Reads a policy from JSON (str or bytes), as strictly as ``BundlePolicy.from_json``."""
    @staticmethod
    def from_npm_keys(data: _Json) -> KeyPolicy:
        """A policy for what the npm registry attests itself: its keys ``npm:attestations``, with their names and periods.

        The document (str or bytes) is ``registry.npmjs.org/keys.json``, a target of Sigstore's TUF repository; who fetched it
        has verified it.
        """
    def demanding(
        self,
        *,
        instance: str | None = None,
        log_entries: int | None = None,
        signed_times: int | None = None,
        predicate_type: str | None = None,
        subject_name: str | None = None,
        ignore_unknown_authorities: bool = False,
        blocklist: Iterable[str] | None = None,
    ) -> KeyPolicy:
        """The same policy with these settings: items of the blocklist are added, and every other setting stands in place of the
        one before.
        """
    @property
    def keys(self) -> tuple[PublicKey, ...]:
        """The keys, in the order given."""
    @property
    def instance(self) -> str | None:
        """The name of the only instance that may judge; None if any may."""
    @property
    def log_entries(self) -> int | None:
        """How many independent log entries are needed; None if the kind of instance decides."""
    @property
    def signed_times(self) -> int | None:
        """How many independent signed times are needed; None if the kind of instance decides."""
    @property
    def predicate_types(self) -> tuple[str, ...]:
        """The predicate types of which the statement must have one; none if any will do."""
    @property
    def subject_name(self) -> str | None:
        """The name of the subject that must be the artifact; None if any will do."""
    @property
    def ignore_unknown_authorities(self) -> bool:
        """Whether items of unknown logs and authorities are passed over."""
    @property
    def blocklist(self) -> tuple[str, ...]:
        """The blocklist's items, in order."""
    def to_json(self) -> str:
        """The policy as ``from_json`` reads it, without members that have their defaults."""
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce__(self) -> str | tuple[Any, ...]: ...

@final
class Verifier:
    """Verifies artifacts against what it trusts. It does no I/O but to read an artifact that is given as a file, and has no
    clock, one may be used from many threads, and no answer depends on the calls before: all that it remembers is which of its
    own authorities are known to have signed which.

    - ``trust_anchors``: the CA certificates that are trusted; str (PEM, one or more), bytes (DER of one, or
      PEM), or an iterable of bytes (DER). They may be left out where there are ``trusted_roots``; such a verifier knows
      bundles alone.
    - ``intermediates``: known intermediate certificates, in the same forms, for records that bring only their
      leaf. They are not trusted for being known.
    - ``distrusted``: SHA-256 digests, bytes or hex, of certificates or of public keys
      (``SubjectPublicKeyInfo``, DER) through which no path may go.
    - ``accepted_algorithms``: the algorithms by which authorities may have signed, if not ECDSA on P-256 and
      P-384 with SHA-256 and SHA-384: for a company's root with an RSA key, say. It replaces those. A library
      that was built without AWS-LC knows no others.
    - ``trusted_roots``: a mapping of names to ``TrustedRoot``. Each is an instance that judges bundles alone, in this order.
      Records do not see them: no public signer gets into a private log.
    - ``logs``, ``certificate_logs`` (iterables of ``LogKey``) and ``timestamp_authorities`` (an iterable of
      ``TimestampAuthority``) are believed under the trust anchors, the instance ``"own"``. The last are for the signed
      timestamps of records too.

    Raises ``MalformedInput`` if an anchor is no certificate authority or its key cannot be used.
    """

    def __new__(
        cls,
        trust_anchors: _Certificates | None = None,
        intermediates: _Certificates | None = None,
        distrusted: Iterable[str | _Bytes] = (),
        *,
        accepted_algorithms: Iterable[_SignatureAlgorithm] | None = None,
        trusted_roots: Mapping[str, TrustedRoot] | None = None,
        logs: Iterable[LogKey] = (),
        certificate_logs: Iterable[LogKey] = (),
        timestamp_authorities: Iterable[TimestampAuthority] = (),
    ) -> Verifier: ...
    @staticmethod
    def from_trusted_root(root: TrustedRoot) -> Verifier:
        """A verifier for bundles that trusts one ``TrustedRoot``, as the instance ``"trusted_root"``, and nobody else."""
    def verify(
        self,
        name: str,
        entries: Iterable[Entry],
        policy: Policy,
        *,
        now: str | datetime | None = None,
        leeway: timedelta | float | None = None,
    ) -> Verified:
        """Verifies an artifact by the entries of its log: those of other artifacts and tenants do not matter.

        Give every entry of the artifact that there is: a revocation that is left out cannot be seen. ``name``
        is ``image@sha256:`` and 64 hex digits; ``now``, if given, refuses an entry that was signed after it, or
        after it and a ``leeway``: seconds or a timedelta, at most a day, because the log's clock is another.

        Raises ``Rejected`` if the artifact is not to be trusted, and ``MalformedInput`` if ``name`` is no
        artifact name.
        """
    def examine(
        self,
        name: str,
        entries: Iterable[Entry],
        policy: Policy,
        *,
        now: str | datetime | None = None,
        leeway: timedelta | float | None = None,
    ) -> Report:
        """Runs every check on the same input and reports on all of them; never fails for a refused artifact."""
    def verify_many(
        self,
        requests: Iterable[_Request],
        *,
        now: str | datetime | None = None,
        leeway: timedelta | float | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> list[Verified | Rejected | MalformedInput]:
        """Verifies many artifacts on all cores; **only a result that passes** ``isinstance(result, Verified)`` **is to
        be trusted**. The list has one for each request, in their order:

        - a ``Verified``,
        - a ``Rejected``: the artifact is not to be trusted,
        - a ``MalformedInput``: the request's name is none, say; its ``request`` tells which. The other
          requests are judged all the same.

        The last two are exceptions that were not raised, and have no truth value: ``if result:`` raises
        ``TypeError``, rather than to take one for a yes.

        A request is a tuple of what ``verify`` takes: name, entries, policy. Give every request that can have
        them the same list or tuple of entries: it is held once. An iterator of requests is read as the work
        goes on, and at once if there is a ``progress``, which is called from this thread now and then, and at
        the end, with the number of requests done and the number of all. What it raises ends the call, as
        Ctrl-C and an argument of a wrong type do.
        """
    def verify_message(
        self,
        message: _Bytes | None = None,
        *,
        sha256: _Bytes | None = None,
        signature: str | _Bytes,
        certificate: _Certificates,
        timestamp: str | datetime,
        policy: SignerPolicy,
        any_signer_of_issuer: bool = False,
        now: str | datetime | None = None,
        leeway: timedelta | float | None = None,
    ) -> Verified:
        """Verifies the signature over a message that is no artifact name: a file, a DSSE envelope's encoding.

        Give the message, or its SHA-256 as ``sha256`` (32 bytes) if it is too large to hold; **whoever hashed
        it must have looked that it is no artifact name**. ``signature``, ``certificate`` and ``timestamp`` are
        as for ``Entry``; nothing vouches for the time but the caller. ``policy`` is a ``SignerPolicy``, such
        as ``policy.signer``: namespace, revocation and blocklist are questions about records.

        A policy that requires no claim raises ``MalformedInput``, unless ``any_signer_of_issuer=True`` says
        that anyone whom the issuer vouches for will do. Raises ``Rejected`` if the signature is not to be
        trusted.
        """
    def verify_bundle(
        self,
        artifact: _Artifact,
        bundle: Bundle,
        policy: _AnyBundlePolicy,
        *,
        now: str | datetime | None = None,
        leeway: timedelta | float | None = None,
    ) -> Verified:
        """Verifies an artifact by a ``Bundle``: each instance that the verifier trusts judges it alone, and the first under which
        every rule is passed is the answer.

        ``artifact`` is

        - bytes, a bytearray or a memoryview: the artifact itself;
        - a path-like object, such as a ``pathlib.Path``, or a binary file: it is read in pieces to its end, and hashed;
        - a ``Digest`` or a list of them;
        - str: **an artifact's name**, ``image@sha256:`` and 64 hex digits, and never a file's.

        Where Ed25519 signed the artifact itself, its bytes are needed. ``policy`` is a ``BundlePolicy``, for signers with a
        certificate, or a ``KeyPolicy``. ``now`` and ``leeway`` are as for ``verify``; where no signed time is asked for and
        there is none, everything must be valid at ``now``.

        Raises ``Rejected`` if the artifact is not to be trusted, with the reason under the instance under which the bundle
        came furthest, and ``MalformedInput`` if an argument cannot be used. Where it cannot be told whether the blocklist has
        the artifact, or nobody may judge, the code is ``invalid_argument``. A file that cannot be read raises ``OSError``.
        """
    def examine_bundle(
        self,
        artifact: _Artifact,
        bundle: Bundle,
        policy: _AnyBundlePolicy,
        *,
        now: str | datetime | None = None,
        leeway: timedelta | float | None = None,
    ) -> BundleReport:
        """Runs every check on the same input and reports on all of them, and on every signed timestamp, log entry and certificate
        timestamp by itself; never fails for a refused bundle.
        """
    def verify_envelope(
        self,
        bundle: Bundle,
        policy: _AnyBundlePolicy,
        *,
        now: str | datetime | None = None,
        leeway: timedelta | float | None = None,
    ) -> VerifiedEnvelope:
        """Verifies who signed a bundle's envelope, and when, whatever its payload is and is about.

        Neither an artifact nor the blocklist is asked, so that the result is no ``Verified``. Raises ``Rejected``, for a bundle
        without an envelope with the code ``artifact_mismatch``.
        """
    def verify_bundles(
        self,
        artifact: _Artifact,
        bundles: Iterable[Bundle],
        policy: _AnyBundlePolicy,
        *,
        now: str | datetime | None = None,
        leeway: timedelta | float | None = None,
    ) -> Verified:
        """Verifies an artifact by any of several bundles: the first that passes is the answer.

        Raises ``Rejected`` with the first bundle's reason, and those of the others in its ``others``; ``no_signature`` if no
        bundle was given. Of very many only the first 1,024 are looked at.
        """
    def verify_many_bundles(
        self,
        requests: Iterable[_BundleRequest],
        *,
        now: str | datetime | None = None,
        leeway: timedelta | float | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> list[Verified | Rejected | MalformedInput]:
        """Verifies many artifacts by their bundles on all cores; **only a result that passes** ``isinstance(result, Verified)``
        **is to be trusted**. The list has one for each request, as that of ``verify_many`` has.

        A request is a tuple of artifact, bundles (a ``Bundle``, or an iterable of them of which any will do) and policy. A file
        that cannot be read ends the call with its ``OSError``.
        """
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]: ...

@final
class Verified:
    """What a successful verification returns, and what was established by it.

    Only a ``Verifier`` makes one: it cannot be constructed, subclassed, unpickled or copied. As text it is for
    people: the statements that were established, warnings, the signature, its time and the provenance.
    """

    @property
    def artifact_name(self) -> str | None:
        """The artifact's name; None for a message and a bundle."""
    @property
    def entry(self) -> Entry | None:
        """The entry that was verified; None for a message and a bundle."""
    @property
    def entry_index(self) -> int | None:
        """Which of the entries given that is, counted from zero; None for a message and a bundle."""
    @property
    def claims(self) -> MappingProxyType[str, str]:
        """The claims of the signer's certificate, name to text, with the custom claims that the policy or the
        provenance named.
        """
    @property
    def leaf(self) -> bytes:
        """The signer's certificate in DER; empty if a key of the policy's signed."""
    @property
    def validity(self) -> tuple[str, str] | None:
        """From when to when the signer's certificate was valid; RFC 3339."""
    @property
    def path(self) -> tuple[PathCertificate, ...]:
        """The authorities of the path, from the leaf's issuer to the trust anchor, which is the last."""
    @property
    def signature(self) -> bytes:
        """The signature's DER."""
    @property
    def timestamp(self) -> str:
        """When the signature was made; RFC 3339 in UTC, to the nanosecond. Of a bundle, the earliest time that somebody signed,
        or the caller's where there is none.
        """
    @property
    def time_voucher(self) -> _TimeVoucher:
        """What vouches for that time: ``"timestamp_authority"``, whose time then fits too; ``"recorded"``, the word of the log
        that had the entry and nothing else; of bundles also ``"log"``, the signed promise of a transparency log, or
        ``"caller"``, nobody but the caller.
        """
    @property
    def times(self) -> tuple[SignedTime, ...]:
        """The times that somebody signed, if any did."""
    @property
    def instance(self) -> str | None:
        """The name of the instance that was believed: a trusted root's, or ``"own"`` for the verifier's own anchors. None for
        an entry or a message.
        """
    @property
    def statement(self) -> Statement | None:
        """The in-toto statement that was signed, if one was; of its subjects, one is the artifact."""
    @property
    def log_entries(self) -> tuple[VerifiedLogEntry, ...]:
        """The entries of transparency logs that were verified, in the bundle's order."""
    @property
    def certificate_timestamps(self) -> tuple[VerifiedCertificateTimestamp, ...]:
        """The timestamps of certificate logs in the signer's certificate that were verified."""
    @property
    def is_of_key(self) -> bool:
        """Whether a key of the policy's signed, and no certificate: then there are no claims."""
    @property
    def key_name(self) -> str | None:
        """The name of the policy's key that signed, if one did and has a name."""
    @property
    def warnings(self) -> tuple[_Warning, ...]:
        """What was not asked for, and perhaps should have been: ``"signer_unconstrained"`` if the policy
        requires no claim, so that anyone whom the issuer vouches for would have done; of bundles also
        ``"log_entries_not_asked"``, ``"signed_times_not_asked"``, ``"certificate_timestamps_not_asked"`` and
        ``"unknown_authorities_ignored"``.
        """
    def to_json(self) -> str:
        """The result as JSON, for logs and dashboards."""
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __reduce_ex__(self, _protocol: SupportsIndex) -> str | tuple[Any, ...]: ...

@final
class PathCertificate:
    """An authority of a verified path."""

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
    @property
    def subject(self) -> str:
        """Its subject, for people."""
    @property
    def sha256(self) -> bytes:
        """The SHA-256 of its DER."""
    @property
    def origin(self) -> Literal["entry", "known_intermediate", "trust_anchor"]:
        """Where it came from: ``"entry"``, ``"known_intermediate"`` or ``"trust_anchor"``."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

@final
class SignedTime:
    """A time at which a signature was there, and whose word that is."""

    @property
    def time(self) -> str:
        """When the signature was there; RFC 3339 in UTC."""
    @property
    def voucher(self) -> Literal["timestamp_authority", "log"]:
        """What vouches for it: ``"timestamp_authority"`` or ``"log"``."""
    @property
    def authority(self) -> str:
        """Who that is, for people: the subject of a timestamp authority's signer, or the log."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

@final
class VerifiedLogEntry:
    """An entry of a transparency log that was verified: it is in the log, and about this very signature."""

    @property
    def log(self) -> str:
        """The log, by the origin of its checkpoint, or else by its base URL."""
    @property
    def log_index(self) -> int | None:
        """The entry's index in the log; None if nobody vouches for it."""
    @property
    def tree_size(self) -> int | None:
        """The size of the tree that the log signed and that has the entry; None if the log only promised to have it."""
    @property
    def integrated_time(self) -> str | None:
        """When the log promised to have it; RFC 3339. None if it did not."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

@final
class VerifiedCertificateTimestamp:
    """A timestamp of a certificate log in the signer's certificate that was verified: the log knows the certificate."""

    @property
    def log(self) -> str:
        """The log, by its base URL."""
    @property
    def time(self) -> str:
        """When the log was given the certificate; RFC 3339."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

@final
class VerifiedEnvelope:
    """An envelope whose signature was verified, by ``Verifier.verify_envelope``: who signed this payload, and when. **It says
    nothing about any artifact**, and is no ``Verified``; whoever reads the payload decides what it is about.

    Only a ``Verifier`` makes one.
    """

    @property
    def payload_type(self) -> str:
        """What the payload says it is."""
    @property
    def payload(self) -> bytes:
        """The payload, byte for byte as it was signed."""
    @property
    def statement(self) -> Statement | None:
        """The payload as an in-toto statement, if it is one. None of its subjects was compared with anything."""
    @property
    def claims(self) -> MappingProxyType[str, str]:
        """The claims of the signer's certificate, name to text, with the custom claims that the policy named."""
    @property
    def leaf(self) -> bytes:
        """The signer's certificate in DER; empty if a key of the policy's signed."""
    @property
    def key_name(self) -> str | None:
        """The name of the policy's key that signed, if one did and has a name."""
    @property
    def instance(self) -> str:
        """The name of the instance that was believed."""
    @property
    def times(self) -> tuple[SignedTime, ...]:
        """The times that somebody signed."""
    @property
    def log_entries(self) -> tuple[VerifiedLogEntry, ...]:
        """The entries of transparency logs that were verified."""
    @property
    def certificate_timestamps(self) -> tuple[VerifiedCertificateTimestamp, ...]:
        """The timestamps of certificate logs that were verified."""
    @property
    def warnings(self) -> tuple[_Warning, ...]:
        """What was not asked for, and perhaps should have been."""
    def to_json(self) -> str:
        """The result as JSON, without the payload, for logs and dashboards."""
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""
    def __reduce_ex__(self, _protocol: SupportsIndex) -> str | tuple[Any, ...]: ...

@final
class Report:
    """Every check's outcome, from ``Verifier.examine``: of the entry that was verified, or else of the newest.

    It is for looking, not for deciding: it has no truth value, and a program that decides calls ``verify``,
    whose refusal cannot be overlooked. As text it is a short table.
    """

    @property
    def artifact_name(self) -> str:
        """The artifact's name."""
    @property
    def verdict(self) -> Literal["verified"] | _RejectionCode:
        """The name of the code that ``verify`` would give: ``"verified"``, or why not."""
    @property
    def checks(self) -> tuple[CheckOutcome, ...]:
        """The ten checks, in order."""
    @property
    def entry_index(self) -> int | None:
        """Which of the entries given the checks concern, counted from zero; None if none matched."""
    @property
    def timestamp(self) -> str | None:
        """When that entry's signature was made, by the log's word; RFC 3339."""
    @property
    def timestamps(self) -> tuple[TimestampOutcome, ...]:
        """The signed timestamps of that entry, each by itself."""
    @property
    def claims(self) -> MappingProxyType[str, str]:
        """The claims of that entry's certificate, name to text; certified by nobody if the chain check failed."""
    @property
    def others(self) -> tuple[Rejected, ...]:
        """The rejections of the other candidates, if the artifact is refused."""
    @property
    def warnings(self) -> tuple[_Warning, ...]:
        """What was not asked for, and perhaps should have been."""
    def to_json(self) -> str:
        """The report as JSON, for dashboards."""
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""
    def __bool__(self, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class CheckOutcome:
    """One check of a ``Report`` or ``BundleReport`` and what came of it."""

    @property
    def check(self) -> _CheckName:
        """The check's name."""
    @property
    def outcome(self) -> Literal["passed", "failed", "not_judged"]:
        """``"passed"``, ``"failed"``, or ``"not_judged"`` because of what an earlier check found."""
    @property
    def code(self) -> _RejectionCode | None:
        """The code, if it failed."""
    @property
    def detail(self) -> str | None:
        """What exactly was found, if it failed."""
    @property
    def remedy(self) -> str | None:
        """What to do about it, if it failed."""
    def __bool__(self, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class TimestampOutcome:
    """One signed timestamp of a ``Report``'s entry and what came of it."""

    @property
    def authority(self) -> str | None:
        """Who signed it, if it counts: the subject of the timestamp authority's signer."""
    @property
    def time(self) -> str | None:
        """When it says that the signature was there, if it can be read; RFC 3339. It is believed only if it counts."""
    @property
    def fault(self) -> str | None:
        """Why it does not count; None if it does."""
    def __bool__(self, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

@final
class BundleReport:
    """Every check's outcome, from ``Verifier.examine_bundle``, and every signed timestamp, log entry and certificate timestamp
    by itself: under the instance that verified the bundle, or else the one under which it came furthest.

    It is for looking, not for deciding: it has no truth value, and a program that decides calls ``verify_bundle``,
    whose refusal cannot be overlooked. As text it is a short table.
    """

    @property
    def artifact(self) -> str:
        """The artifact: its name or a digest."""
    @property
    def verdict(self) -> Literal["verified", "invalid_argument"] | _RejectionCode:
        """The name of the code that ``verify_bundle`` would give: ``"verified"``, or why not."""
    @property
    def instance(self) -> str | None:
        """The instance that the checks are about; None if none may judge."""
    @property
    def checks(self) -> tuple[CheckOutcome, ...]:
        """The checks, in order."""
    @property
    def evidence(self) -> tuple[EvidenceOutcome, ...]:
        """Every signed timestamp, log entry and certificate timestamp by itself."""
    @property
    def is_of_another_instance(self) -> bool:
        """Whether the instance knows nobody who vouches for the bundle: it is probably another instance's."""
    @property
    def claims(self) -> MappingProxyType[str, str]:
        """What the certificate claims, name to text; believed only if the verdict is ``"verified"``."""
    @property
    def rejection(self) -> Rejected | None:
        """Why the bundle is refused, if it is; those of other instances are its ``others``."""
    @property
    def warnings(self) -> tuple[_Warning, ...]:
        """What was not asked for, and perhaps should have been."""
    def to_json(self) -> str:
        """The report as JSON, for dashboards."""
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""
    def __bool__(self, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class EvidenceOutcome:
    """One signed timestamp, log entry or certificate timestamp of a ``BundleReport`` and what came of it."""

    @property
    def kind(self) -> Literal["timestamp", "log_entry", "certificate_timestamp"]:
        """What it is: ``"timestamp"``, ``"log_entry"`` or ``"certificate_timestamp"``."""
    @property
    def position(self) -> int:
        """Which of its kind, counted from zero."""
    @property
    def outcome(self) -> Literal["good", "bad", "unknown"]:
        """``"good"``, ``"bad"``, or ``"unknown"``: the instance does not know whose it is."""
    @property
    def whose(self) -> str | None:
        """Whose word it is, if it is good."""
    @property
    def time(self) -> str | None:
        """The time that it vouches for, if it is good and vouches for one; RFC 3339."""
    @property
    def code(self) -> _RejectionCode | None:
        """The code, if it is not good."""
    @property
    def detail(self) -> str | None:
        """Why it is not good."""
    def __bool__(self, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...

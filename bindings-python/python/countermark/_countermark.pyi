"""Verifies keyless artifact signatures, offline."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, SupportsIndex, final
from types import MappingProxyType

from ._errors import MalformedInput, Rejected

_Bytes = bytes | bytearray | memoryview
_Certificates = str | _Bytes | Iterable[_Bytes]
_Wanted = str | Glob | AnyOf
_Request = tuple[str, Iterable[Entry], Policy]
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
    "lifetime_too_long",
    "time_mismatch",
    "corrupted_signature",
    "invalid_signature",
    "provenance_mismatch",
    "claims_mismatch",
]
_CodeName = (
    Literal[
        "verified",
        "malformed_trust_anchor",
        "malformed_policy",
        "malformed_entry",
        "malformed_name",
        "malformed_message",
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
    "provenance",
    "claims",
    "library",
]

__all__ = [
    "CODES",
    "AnyOf",
    "CheckOutcome",
    "Code",
    "Entry",
    "Glob",
    "Log",
    "PathCertificate",
    "Policy",
    "Report",
    "SignerPolicy",
    "Verified",
    "Verifier",
    "__version__",
    "entries_from_json",
    "read_entries",
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
    - ``evidence``: mappings with a text ``kind``; no kind is known as yet, and all are ignored.

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
class Verifier:
    """Verifies artifacts against what it trusts. It does no I/O and has no clock, one may be used from many
    threads, and no answer depends on the calls before: all that it remembers is which of its own authorities
    are known to have signed which.

    - ``trust_anchors``: the CA certificates that are trusted; str (PEM, one or more), bytes (DER of one, or
      PEM), or an iterable of bytes (DER).
    - ``intermediates``: known intermediate certificates, in the same forms, for records that bring only their
      leaf. They are not trusted for being known.
    - ``distrusted``: SHA-256 digests, bytes or hex, of certificates or of public keys
      (``SubjectPublicKeyInfo``, DER) through which no path may go.
    - ``accepted_algorithms``: the algorithms by which authorities may have signed, if not ECDSA on P-256 and
      P-384 with SHA-256 and SHA-384: for a company's root with an RSA key, say. It replaces those. A library
      that was built without AWS-LC knows no others.

    Raises ``MalformedInput`` if an anchor is no certificate authority or its key cannot be used.
    """

    def __new__(
        cls,
        trust_anchors: _Certificates,
        intermediates: _Certificates | None = None,
        distrusted: Iterable[str | _Bytes] = (),
        *,
        accepted_algorithms: Iterable[_SignatureAlgorithm] | None = None,
    ) -> Verifier: ...
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
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __getnewargs_ex__(self) -> tuple[tuple[Any], dict[str, Any]]: ...

@final
class Verified:
    """What a successful verification returns, and what was established by it.

    Only a ``Verifier`` makes one: it cannot be constructed, subclassed, unpickled or copied. As text it is for
    people: the statements that were established, warnings, the signature, its time and the provenance.
    """

    @property
    def artifact_name(self) -> str | None:
        """The artifact's name; None for a message."""
    @property
    def entry(self) -> Entry | None:
        """The entry that was verified; None for a message."""
    @property
    def entry_index(self) -> int | None:
        """Which of the entries given that is, counted from zero; None for a message."""
    @property
    def claims(self) -> MappingProxyType[str, str]:
        """The claims of the signer's certificate, name to text, with the custom claims that the policy or the
        provenance named.
        """
    @property
    def leaf(self) -> bytes:
        """The signer's certificate in DER."""
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
        """When the signature was made; RFC 3339 in UTC, to the nanosecond."""
    @property
    def time_voucher(self) -> Literal["recorded"]:
        """What vouches for that time: ``"recorded"``, the log's word and nothing else."""
    @property
    def warnings(self) -> tuple[Literal["signer_unconstrained"], ...]:
        """What was not asked for, and perhaps should have been: ``"signer_unconstrained"`` if the policy
        requires no claim, so that anyone whom the issuer vouches for would have done.
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
    def claims(self) -> MappingProxyType[str, str]:
        """The claims of that entry's certificate, name to text; certified by nobody if the chain check failed."""
    @property
    def others(self) -> tuple[Rejected, ...]:
        """The rejections of the other candidates, if the artifact is refused."""
    @property
    def warnings(self) -> tuple[Literal["signer_unconstrained"], ...]:
        """What was not asked for, and perhaps should have been."""
    def to_json(self) -> str:
        """The report as JSON, for dashboards."""
    def to_dict(self) -> dict[str, Any]:
        """The same as a dict."""
    def __bool__(self, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class CheckOutcome:
    """One check of a ``Report`` and what came of it."""

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

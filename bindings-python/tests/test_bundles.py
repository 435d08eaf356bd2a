"""Sigstore bundles, PyPI and npm attestations and GitHub's: every case, and what the calls for bundles take and give."""

# mypy: disable-error-code="var-annotated"

from __future__ import annotations

import copy
import hashlib
import io
import json
import mmap
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from bundle_cases import OTHERWISE, WITHOUT_ALGORITHM, Case, cases, codes, folders, known_algorithms

import countermark
from countermark import (
    Bundle,
    BundlePolicy,
    BundleReport,
    CountermarkError,
    Digest,
    Glob,
    KeyPolicy,
    LogKey,
    MalformedInput,
    Period,
    PublicKey,
    PypiPublisher,
    Rejected,
    SimpleSigning,
    Statement,
    TimestampAuthority,
    TrustedRoot,
    UnverifiedStatement,
    Verified,
    VerifiedEnvelope,
    Verifier,
    bundles_from,
    bundles_from_json_lines,
    bundles_from_npm,
    bundles_from_pypi_provenance,
    read_bundles,
    trusted_roots_from_json_lines,
)

CASES = [case for folder in folders() for case in cases(folder)]
CODES = codes()


def good(wanted: Any = lambda case: True) -> Case:
    """The first case that is accepted, has its artifact, needs no more algorithms, and is wanted."""
    for case in CASES:
        is_plain = case.about["expect"] == "accept" and case.id not in OTHERWISE
        if is_plain and case.about.get("artifact") and not case.needs_more_algorithms and wanted(case):
            return case
    pytest.skip("no folder of bundles has such a case")


@pytest.fixture
def message() -> Case:
    """A bundle that signs the artifact itself."""
    return good(lambda case: not case.bundle().has_envelope and not case.about.get("key"))


@pytest.fixture
def envelope() -> Case:
    """A bundle that signs a statement about the artifact."""

    def is_one(case: Case) -> bool:
        is_other = any(case.about.get(member) for member in ("envelope_only", "key", "pep740"))
        return case.bundle().has_envelope and not is_other

    return good(is_one)


def outcome(case: Case) -> tuple[str, str]:
    try:
        case.verify()
    except CountermarkError as refused:
        assert isinstance(refused, MalformedInput if refused.check == "input" else Rejected)
        return refused.code, str(refused)
    return "verified", ""


def test_how_many_cases_there_are(capsys: Any) -> None:
    with capsys.disabled():
        print(f" [bundles: {len(CASES)} cases of {len(folders())} folders]", end="")
    assert len({case.id for case in CASES}) == len(CASES) >= 155


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_comes_to_what_its_manifest_expects(case: Case) -> None:
    code, why = outcome(case)
    if case.needs_more_algorithms and code in WITHOUT_ALGORITHM:
        root = TrustedRoot.from_json(case.read("trusted_root"))
        if "rsa_pkcs1_sha256" not in known_algorithms(root):
            pytest.skip("this build does not have an algorithm that the case needs")
    is_expected = (code == "verified") == (case.about["expect"] == "accept")
    assert is_expected != (case.id in OTHERWISE), f"{code} where {case.about['expect']} is expected: {why}"
    assert code == CODES.get(case.id, code), why


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_call_agrees(case: Case) -> None:
    code, _ = outcome(case)
    if case.about.get("envelope_only") or code.startswith("malformed"):
        return
    verifier, bundle, policy = case.verifier(), case.bundle(), case.policy()
    artifact: Any = case.file("artifact") if case.about.get("artifact") else case.artifact
    report = verifier.examine_bundle(artifact, bundle, policy)
    [one, any_of] = verifier.verify_many_bundles([(artifact, bundle, policy), (artifact, [bundle, bundle], policy)])
    assert report.verdict == code == ("verified" if isinstance(one, Verified) else one.code)
    assert type(one) is type(any_of)
    if isinstance(one, Verified):
        # All that is there of a good bundle is good.
        assert {item.outcome for item in report.evidence} <= {"good", "unknown"} and report.rejection is None
        assert one == any_of == verifier.verify_bundles(artifact, [bundle], policy)
        assert one.to_dict()["verdict"] == "verified" and json.loads(report.to_json())["verdict"] == "verified"
        assert (one.statement is not None) == bundle.has_envelope
    else:
        assert report.rejection is not None and report.rejection.code == code
        assert not isinstance(one, MalformedInput) or code == "invalid_argument"


def test_a_result_tells_who_vouched(message: Case) -> None:
    verified = message.verify()
    assert isinstance(verified, Verified) and not isinstance(verified, VerifiedEnvelope)
    assert verified.instance == "trusted_root" and verified.artifact_name is None and verified.entry is None
    assert verified.times and verified.times[0].time == verified.timestamp
    assert verified.time_voucher == verified.times[0].voucher in ("log", "timestamp_authority")
    [entry] = verified.log_entries
    assert entry.log and (entry.log_index is None or entry.log_index >= 0)
    assert verified.certificate_timestamps[0].log and verified.certificate_timestamps[0].time
    assert verified.statement is None and not verified.is_of_key and verified.key_name is None
    assert verified.claims["certificate_identity"] == message.about["identity"]
    assert verified.warnings == () and verified.leaf == message.bundle().certificates[0]
    assert verified.to_dict()["instance"] == "trusted_root" and "instance" in str(verified)
    assert repr(verified).startswith("<countermark.Verified a bundle ")
    assert hash(verified) == hash(message.verify()) and verified == message.verify()
    for value in (verified.times[0], entry, verified.certificate_timestamps[0]):
        assert isinstance(hash(value), int) and "countermark." in repr(value)
        with pytest.raises(AttributeError):
            value.time = "x"  # type: ignore[union-attr, misc]


def test_a_statement_is_not_to_be_mistaken_before_it_is_verified(envelope: Case) -> None:
    unverified = envelope.bundle().statement()
    assert type(unverified) is UnverifiedStatement
    for member in ("predicate_type", "subjects", "predicate", "predicate_json"):
        assert not hasattr(unverified, member)
    verified = envelope.verify()
    assert isinstance(verified, Verified) and type(verified.statement) is Statement
    assert verified.statement == unverified.unverified and verified.statement != unverified
    assert verified.statement.predicate_type in repr(unverified)
    subject = next(iter(verified.statement.subjects))
    assert subject.digests and verified.statement.predicate == json.loads(verified.statement.predicate_json or "null")
    with pytest.raises(TypeError):
        subject.digests["sha256"] = "x"  # type: ignore[index]
    with pytest.raises(TypeError):
        UnverifiedStatement()


def test_an_envelope_is_no_verified_artifact(envelope: Case, message: Case) -> None:
    verifier, bundle, policy = envelope.verifier(), envelope.bundle(), envelope.policy()
    verified = verifier.verify_envelope(bundle, policy)
    assert type(verified) is VerifiedEnvelope and not isinstance(verified, Verified)
    assert verified.payload_type == "application/vnd.in-toto+json" and json.loads(verified.payload)["subject"]
    assert verified.statement == verified.statement and verified.instance == "trusted_root"
    assert verified.times and verified.log_entries and verified.claims and verified.leaf
    assert "verdict" not in verified.to_dict() and verified.to_dict()["instance"] == "trusted_root"
    for made in (lambda: VerifiedEnvelope(), lambda: pickle.dumps(verified), lambda: copy.copy(verified)):
        with pytest.raises(TypeError):
            made()
    with pytest.raises(Rejected) as refused:
        message.verifier().verify_envelope(message.bundle(), message.policy())
    assert refused.value.code == "artifact_mismatch"


class Trickle(io.RawIOBase):
    """A stream that gives a few bytes at a time and cannot be rewound."""

    def __init__(self, content: bytes) -> None:
        self.rest = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer), 1 + len(self.rest) // 3)
        piece, self.rest = self.rest[:size], self.rest[size:]
        buffer[: len(piece)] = piece
        return len(piece)


def test_an_artifact_is_bytes_a_file_a_stream_digests_or_a_name(message: Case, tmp_path: Path) -> None:
    verifier, bundle, policy = message.verifier(), message.bundle(), message.policy()
    content = message.read("artifact")
    file = tmp_path / "artifact"
    file.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()

    class PathLike:
        def __fspath__(self) -> bytes:
            return str(file).encode()

    digest = Digest("sha256", sha256)
    with file.open("rb") as opened, file.open("rb", buffering=0) as raw, file.open("rb") as again:
        mapped = mmap.mmap(again.fileno(), 0, access=mmap.ACCESS_READ) if content else again
        artifacts: list[Any] = [
            content,
            bytearray(content),
            memoryview(content),
            file,
            PathLike(),
            opened,
            raw,
            mapped,
            io.BytesIO(content),
            io.BufferedReader(Trickle(content)),
            Trickle(content),
            digest,
            [digest],
            (digest, Digest("sha512", hashlib.sha512(content).digest())),
            iter([digest]),
            f"registry/image@sha256:{sha256}",
        ]
        for artifact in artifacts:
            assert isinstance(verifier.verify_bundle(artifact, bundle, policy), Verified), artifact
    for wrong in (content + b"x", io.BytesIO(content + b"x"), Digest("sha256", "0" * 64)):
        with pytest.raises(Rejected) as refused:
            verifier.verify_bundle(wrong, bundle, policy)
        assert refused.value.code in ("artifact_mismatch", "invalid_signature")


def test_a_file_of_many_pieces_has_the_digests_of_its_bytes(message: Case, tmp_path: Path) -> None:
    verifier, bundle, policy = message.verifier(), message.bundle(), message.policy()
    content = bytes(range(256)) * 4096 * 3 + b"the rest"
    file = tmp_path / "large"
    file.write_bytes(content)
    digests = [Digest(name, hashlib.new(name, content).digest()) for name in ("sha256", "sha384", "sha512")]
    wanted = verifier.examine_bundle(digests, bundle, policy)
    assert wanted.artifact == f"sha256:{hashlib.sha256(content).hexdigest()}" and wanted.verdict != "verified"
    for artifact in (file, io.BytesIO(content), Trickle(content), content):
        assert verifier.examine_bundle(artifact, bundle, policy).artifact == wanted.artifact
    blocked = BundlePolicy.for_sigstore("x", "y").demanding(blocklist=[str(digests[2])])
    assert verifier.examine_bundle(file, bundle, blocked).verdict == "blocklisted"
    # The digest of which the item is is not known.
    assert verifier.examine_bundle(digests[0], bundle, blocked).verdict == "invalid_argument"
    with pytest.raises(Rejected) as refused:
        verifier.verify_bundle(digests[0], bundle, blocked)
    assert refused.value.code == "invalid_argument"


def test_hashing_a_file_leaves_the_interpreter_free(message: Case) -> None:
    """Somebody else may run while a stream is read and hashed: the stream waits for them."""
    verifier, bundle, policy = message.verifier(), message.bundle(), message.policy()
    ran = threading.Event()

    class Waits(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert ran.wait(10)
            return super().read(size)

    other = threading.Thread(target=ran.set)
    results: list[Any] = []
    thread = threading.Thread(
        target=lambda: results.append(verifier.verify_bundle(Waits(message.read("artifact")), bundle, policy))
    )
    thread.start()
    other.start()
    thread.join(20)
    assert isinstance(results[0], Verified)


def test_a_text_is_an_artifact_s_name_and_never_a_file(message: Case) -> None:
    verifier, bundle, policy = message.verifier(), message.bundle(), message.policy()
    path = str(message.file("artifact"))

    class TextPath(str):
        def __fspath__(self) -> str:
            return str(self)

    for text in (path, TextPath(path), "", "sha256:" + "0" * 64, "0" * 64):
        with pytest.raises(MalformedInput) as malformed:
            verifier.verify_bundle(text, bundle, policy)
        assert malformed.value.code == "malformed_name" and "pathlib.Path" in malformed.value.detail


def test_a_stream_that_was_read_before_is_no_artifact(message: Case, tmp_path: Path) -> None:
    verifier, bundle, policy = message.verifier(), message.bundle(), message.policy()
    content = message.read("artifact")
    opened = io.BytesIO(content)
    verifier.verify_bundle(opened, bundle, policy)
    read_before = [opened, io.BytesIO(b"junk" + content), Trickle(b"")]
    read_before[1].seek(4)
    for stream in read_before:
        with pytest.raises(MalformedInput) as malformed:
            verifier.verify_bundle(stream, bundle, policy)
        assert malformed.value.code == "invalid_argument" and "read before" in malformed.value.detail
    opened.seek(0)
    assert isinstance(verifier.verify_bundle(opened, bundle, policy), Verified)
    # Nothing is an artifact too, if it is certain that it is all.
    for empty in (b"", io.BytesIO(b"")):
        assert verifier.examine_bundle(empty, bundle, policy).artifact.endswith(hashlib.sha256(b"").hexdigest())
    with pytest.raises(FileNotFoundError) as missing:
        verifier.verify_bundle(tmp_path / "missing", bundle, policy)
    assert missing.value.filename == str(tmp_path / "missing")
    with pytest.raises(IsADirectoryError):
        verifier.verify_bundle(tmp_path, bundle, policy)
    with pytest.raises(FileNotFoundError):
        verifier.verify_many_bundles([(tmp_path / "missing", bundle, policy)])


class NotReady(io.BytesIO):
    def read(self, size: int | None = -1, /) -> Any:
        return None


def test_wrong_types_are_type_errors(message: Case) -> None:
    verifier: Any = message.verifier()
    bundle, policy = message.bundle(), message.policy()
    root = TrustedRoot.from_json(message.read("trusted_root"))
    content = message.read("artifact")
    period = Period("2024-01-01T00:00:00Z")
    many = verifier.verify_many_bundles
    calls: list[Any] = [
        *[lambda v=v: verifier.verify_bundle(v, bundle, policy) for v in [None, 1, 1.5, object(), {"a": 1}, [b"x"]]],
        *[lambda v=v: verifier.verify_bundle(v, bundle, policy) for v in [io.StringIO("x"), NotReady(), [1], {}]],
        lambda: verifier.verify_bundle(hashlib.sha256(content), bundle, policy),
        *[lambda v=v: verifier.verify_bundle(content, v, policy) for v in [None, [bundle], b"{}", {}, bundle.statement]],
        *[lambda v=v: verifier.verify_bundle(content, bundle, v) for v in [None, {}, "x"]],
        lambda: verifier.verify_bundle(content, bundle, countermark.Policy("ns", "https://issuer")),
        lambda: verifier.verify_bundle(content, bundle, policy, "2024-03-22T11:25:48Z"),
        lambda: verifier.verify_bundle(content, bundle, policy, now=1),
        *[lambda v=v: verifier.verify_bundles(content, v, policy) for v in [None, bundle, [None], b"x", {"a": bundle}]],
        *[lambda v=v: verifier.verify_envelope(v, policy) for v in [None, content, [bundle]]],
        *[lambda v=v: many(v) for v in [None, [bundle], [(content, bundle)], [(content, None, policy)]]],
        *[lambda v=v: many([(v, bundle, policy)]) for v in [None, 1, [b"x"]]],
        *[lambda v=v: many([(content, bundle, v)]) for v in [None, {}]],
        lambda: Verifier(),
        lambda: Verifier(None, trusted_roots={}),
        *[lambda v=v: Verifier(trusted_roots=v) for v in [root, [root], {"a": None}, {1: root}, "x"]],
        *[lambda v=v: Verifier.from_trusted_root(v) for v in [None, {}, b"x"]],
        *[lambda v=v: TrustedRoot.from_json(v) for v in [None, 1, {}]],
        *[lambda v=v: Bundle.from_json(v) for v in [None, 1, {}]],
        *[lambda v=v: bundles_from(v) for v in [None, 1, [], {}]],
        *[lambda v=v: Period(v) for v in [None, 1, b"x"]],
        *[lambda v=v: LogKey.rekor_v1("u", v, period) for v in [None, 1]],
        *[lambda v=v: LogKey.rekor_v1("u", b"x", v) for v in [None, ("a", "b")]],
        *[lambda v=v: TimestampAuthority(v, period) for v in [None, 1]],
        *[lambda v=v: Digest(v, "0" * 64) for v in [None, 1, b"sha256"]],
        *[lambda v=v: Digest("sha256", v) for v in [None, 1, ["0"]]],
        *[lambda v=v: KeyPolicy(v) for v in [None, "x", b"x", [b"x"], [None]]],
        *[lambda v=v: BundlePolicy.for_pypi(v, "x-1.tar.gz") for v in [None, "o/n"]],
        *[lambda v=v: BundlePolicy("i", claims={"token_subject": "x"}, log_entries=v) for v in [True, "1", 1.0]],
        *[lambda v=v: BundlePolicy("i", any_signer_of_issuer=v) for v in [None, 1, "yes"]],
        *[lambda v=v: BundlePolicy("i", claims=v) for v in ["x", [("token_subject", "x")]]],
        lambda: Bundle.from_cosign_parts(signature=1),  # type: ignore[arg-type]
        *[lambda made=made: made() for made in [Bundle, TrustedRoot, LogKey, PypiPublisher, BundleReport, Statement]],
    ]
    for number, call in enumerate(calls):
        with pytest.raises(TypeError):
            call()
            pytest.fail(f"call {number} passes")


def test_wrong_values_have_their_codes(message: Case) -> None:
    verifier, bundle, policy = message.verifier(), message.bundle(), message.policy()
    root = TrustedRoot.from_json(message.read("trusted_root"))
    digest = Digest("sha256", "0" * 64)
    period = Period("2024-01-01T00:00:00Z")
    claims = {"token_subject": "x"}
    calls: list[tuple[str, Any]] = [
        *[("invalid_argument", lambda v=v: verifier.verify_bundle(v, bundle, policy)) for v in [[], [digest, digest]]],
        ("invalid_argument", lambda: verifier.verify_bundle(iter([]), bundle, policy)),
        ("invalid_argument", lambda: verifier.verify_bundle(b"", bundle, policy, leeway=1)),
        *[("invalid_argument", lambda v=v: Digest("sha256", v)) for v in ["", "0" * 63, "g" * 64, b"x" * 31, "0" * 96]],
        *[("invalid_argument", lambda v=v: Digest(v, "0" * 64)) for v in ["", "md5", "SHA256", "sha-256"]],
        *[("invalid_argument", lambda v=v: Period(v)) for v in ["", "2024", "2024-01-01"]],
        *[("malformed_bundle", lambda v=v: Bundle.from_json(v)) for v in ["", "{}", b"\xff", "[]", "null", "\ud800"]],
        *[("malformed_bundle", lambda v=v: Bundle.from_pep740(v)) for v in ["", "{}", '{"version": 2}']],
        *[("malformed_bundle", lambda v=v: Bundle.from_cosign(v)) for v in ["", "{}"]],
        *[("malformed_bundle", lambda v=v: bundles_from(v)) for v in ["", "{}", "[" * 10_000]],
        *[("malformed_bundle", lambda v=v: bundles_from_npm(v)) for v in ["", "{}"]],
        *[("malformed_bundle", lambda v=v: bundles_from_pypi_provenance(v)) for v in ["", "{}"]],
        ("malformed_bundle", lambda: bundles_from_json_lines("{}")),
        ("malformed_bundle", lambda: SimpleSigning.from_json("{}")),
        ("malformed_bundle", lambda: Bundle.from_cosign_parts(signature="!")),
        ("invalid_argument", lambda: Bundle.from_cosign_parts()),
        ("invalid_argument", lambda: Bundle.from_cosign_parts(signature="AA==", envelope="{}")),
        *[("malformed_trusted_root", lambda v=v: TrustedRoot.from_json(v)) for v in ["", "{}", b"\xff", "\ud800"]],
        *[("malformed_trusted_root", lambda v=v: trusted_roots_from_json_lines(v)) for v in ["", "\n", "{}"]],
        *[("malformed_trusted_root", lambda v=v: Verifier(trusted_roots={v: root})) for v in ["", "own", "x" * 9_000]],
        ("invalid_argument", lambda: Verifier(trusted_roots={"a": root}, logs=[])),
        ("malformed_trust_anchor", lambda: Verifier(trusted_roots={"a": root}, distrusted=[b"x" * 31])),
        ("malformed_trust_anchor", lambda: LogKey.rekor_v1("u", b"x", period)),
        ("malformed_trust_anchor", lambda: LogKey.rekor_v1("u", "x", period)),
        ("malformed_trust_anchor", lambda: TimestampAuthority("x", period)),
        ("malformed_trust_anchor", lambda: TimestampAuthority([], period)),
        ("malformed_policy", lambda: BundlePolicy()),
        ("malformed_policy", lambda: BundlePolicy("https://issuer")),
        ("malformed_policy", lambda: BundlePolicy(claims=claims)),
        ("malformed_policy", lambda: BundlePolicy("i", claims=claims, no_certificate_oidc_issuer=True)),
        *[("malformed_policy", lambda v=v: BundlePolicy("i", claims=claims, log_entries=v)) for v in [-1, 33, 2**32]],
        *[
            ("malformed_policy", lambda v=v: BundlePolicy("i", claims=claims, max_certificate_lifetime_seconds=v))
            for v in [0, 34_560_001]
        ],
        ("malformed_policy", lambda: BundlePolicy("i", claims={"no_such_claim": "x"})),
        ("malformed_policy", lambda: BundlePolicy("i", claims=claims, blocklist=["x"])),
        ("malformed_policy", lambda: BundlePolicy("i", claims=claims, predicate_type="")),
        *[("malformed_policy", lambda v=v: BundlePolicy.for_github(v)) for v in ["", "o", "o/n/x", "o/*"]],
        ("malformed_policy", lambda: BundlePolicy.for_github("o/n", enterprise="a/b")),
        ("malformed_policy", lambda: BundlePolicy.for_pypi(PypiPublisher.google("a@b"), "x")),
        ("malformed_policy", lambda: PypiPublisher.github("o/n", "a/b.yml")),
        *[("malformed_policy", lambda v=v: BundlePolicy.from_json(v)) for v in ["", "{}", '{"certificate_oidc_issuer":"i"}']],
        *[("malformed_policy", lambda v=v: KeyPolicy.from_json(v)) for v in ["", "{}", '{"keys":[]}']],
        ("malformed_policy", lambda: KeyPolicy([])),
        *[("malformed_policy", lambda v=v: PublicKey(v)) for v in ["", "x", b"", b"x" * 91]],
    ]
    for number, (code, call) in enumerate(calls):
        with pytest.raises(MalformedInput) as malformed:
            call()
            pytest.fail(f"call {number} passes")
        assert malformed.value.code == code, number


def test_one_bad_bundle_does_not_hide_the_others(message: Case) -> None:
    line = json.dumps(json.loads(message.read("bundle")))
    results = read_bundles(f"{line}\n{{}}\n\n{line}\n")
    assert [type(result) for result in results] == [Bundle, MalformedInput, Bundle]
    assert isinstance(results[1], MalformedInput)
    assert (results[1].code, results[1].record) == ("malformed_bundle", 1)
    with pytest.raises(MalformedInput) as malformed:
        bundles_from_json_lines(f"{line}\n{{}}\n")
    assert malformed.value.record == 1
    assert bundles_from_json_lines(f"{line}\n{line}") == bundles_from(f"{line}\n{line}") == [message.bundle()] * 2
    verifier, policy = message.verifier(), message.policy()
    with pytest.raises(TypeError):
        verifier.verify_bundles(message.artifact, results, policy)  # type: ignore[arg-type]
    bundles = [result for result in results if isinstance(result, Bundle)]
    assert isinstance(verifier.verify_bundles(message.artifact, bundles, policy), Verified)
    with pytest.raises(Rejected) as refused:
        verifier.verify_bundles(b"another", bundles, policy)
    assert len(refused.value.others) == 1
    with pytest.raises(Rejected) as none:
        verifier.verify_bundles(message.artifact, [], policy)
    assert none.value.code == "no_signature"


def test_of_many_each_has_its_own_result(message: Case) -> None:
    verifier, bundle, policy = message.verifier(), message.bundle(), message.policy()
    content, told = message.read("artifact"), []
    requests: list[Any] = [
        (content, bundle, policy),
        ("nginx:1.25", bundle, policy),
        (b"another", bundle, policy),
        (content, [], policy),
        (content, (bundle, bundle), policy),
    ]
    results = verifier.verify_many_bundles(iter(requests), progress=lambda done, of: told.append((done, of)))
    codes = ["verified" if isinstance(result, Verified) else result.code for result in results]
    assert codes[:2] == ["verified", "malformed_name"] and codes[3:] == ["no_signature", "verified"]
    assert isinstance(results[1], MalformedInput) and results[1].request == 1
    assert isinstance(results[2], Rejected) and told[-1] == (5, 5)
    for refused in results[1:4]:
        with pytest.raises(TypeError):
            bool(refused)


def test_the_instances_judge_alone_and_by_name(message: Case) -> None:
    root = TrustedRoot.from_json(message.read("trusted_root"))
    verifier = Verifier(trusted_roots={"first": root, "second": root})
    bundle, policy, content = message.bundle(), message.policy(), message.read("artifact")
    assert isinstance(policy, BundlePolicy)
    assert verifier.verify_bundle(content, bundle, policy).instance == "first"
    assert verifier.verify_bundle(content, bundle, policy.demanding(instance="second")).instance == "second"
    with pytest.raises(Rejected):
        verifier.verify_bundle(content, bundle, policy.demanding(instance="third"))
    report = verifier.examine_bundle(b"another", bundle, policy)
    assert report.instance == "first" and report.rejection is not None and len(report.rejection.others) == 1
    assert len(report.checks) == 10 and "FAILED" in str(report) and not report.is_of_another_instance
    assert report.claims["certificate_identity"] == message.about["identity"] and report.warnings == ()
    with pytest.raises(TypeError):
        bool(report)
    for item in verifier.examine_bundle(content, bundle, policy).evidence:
        assert item.outcome == "good" and item.kind and item.whose and item.code is item.detail is None
        with pytest.raises(TypeError):
            bool(item)


def test_the_callers_time_is_a_keyword(message: Case) -> None:
    verifier, bundle, policy, content = message.verifier(), message.bundle(), message.policy(), message.read("artifact")
    signed = verifier.verify_bundle(content, bundle, policy).timestamp
    assert verifier.verify_bundle(content, bundle, policy, now="2099-01-01T00:00:00Z").timestamp == signed
    for call in (verifier.verify_bundle, verifier.verify_bundles):
        bundles: Any = [bundle] if call == verifier.verify_bundles else bundle
        with pytest.raises(Rejected) as refused:
            call(content, bundles, policy, now="2010-01-01T00:00:00Z", leeway=5)
        assert refused.value.code == "time_mismatch"
    [result] = verifier.verify_many_bundles([(content, bundle, policy)], now="2010-01-01T00:00:00Z")
    assert isinstance(result, Rejected) and result.code == "time_mismatch"
    assert verifier.examine_bundle(content, bundle, policy, now="2010-01-01T00:00:00Z").verdict == "time_mismatch"


def test_what_is_waived_is_warned_of(message: Case) -> None:
    policy = BundlePolicy(
        message.about["issuer"],
        any_signer_of_issuer=True,
        log_entries=0,
        signed_times=0,
        certificate_timestamps=0,
        ignore_unknown_authorities=True,
    )
    verified = message.verifier().verify_bundle(message.artifact, message.bundle(), policy)
    assert set(verified.warnings) == {
        "signer_unconstrained",
        "log_entries_not_asked",
        "signed_times_not_asked",
        "certificate_timestamps_not_asked",
        "unknown_authorities_ignored",
    }


def test_policies_are_values() -> None:
    issuer, claims = "https://issuer", {"certificate_identity": Glob("https://github.com/o/n/*")}
    plain = BundlePolicy(issuer, claims=claims)
    assert (plain.log_entries, plain.signed_times, plain.certificate_timestamps) == (1, 1, 1)
    assert plain.max_certificate_lifetime_seconds == 600 and not plain.is_unconstrained and plain.instance is None
    full = plain.demanding(
        claims={"token_subject": "x"},
        max_certificate_lifetime_seconds=60,
        instance="public",
        log_entries=2,
        signed_times=0,
        certificate_timestamps=3,
        predicate_type="https://slsa.dev/provenance/v1",
        subject_name="pkg:npm/x@1",
        ignore_unknown_authorities=True,
        blocklist=["sha512:" + "0" * 128],
    )
    assert full.predicate_types == ("https://slsa.dev/provenance/v1",) and full.subject_name == "pkg:npm/x@1"
    assert full.blocklist == ("sha512:" + "0" * 128,) and full.ignore_unknown_authorities and full.instance == "public"
    for policy in (plain, full):
        assert BundlePolicy.from_json(policy.to_json()) == pickle.loads(pickle.dumps(policy)) == policy
        assert hash(policy) == hash(pickle.loads(pickle.dumps(policy))) and copy.deepcopy(policy) == policy
        with pytest.raises(AttributeError):
            policy.instance = "x"  # type: ignore[misc]
    assert plain != full and plain == BundlePolicy(issuer, claims=claims), "what was made from it is another"
    github = BundlePolicy.for_github("o/n")
    assert github.log_entries is None and github.claims["source_repository"] == "https://github.com/o/n"
    with pytest.raises(MalformedInput):
        github.demanding(claims={"source_repository": "https://github.com/another/x"})
    assert BundlePolicy.for_github("o/n", enterprise="acme").certificate_oidc_issuer == (
        "https://token.actions.githubusercontent.com/acme"
    )
    release = BundlePolicy.for_github_release("o/n")
    assert release.certificate_oidc_issuer is None and release.predicate_types
    publisher = PypiPublisher.github("o/n", "release.yml")
    pypi = BundlePolicy.for_pypi(publisher, "x-1.0.tar.gz")
    assert len(pypi.predicate_types) == 2 and pickle.loads(pickle.dumps(publisher)) == publisher
    assert eval(repr(publisher), vars(countermark)) == publisher != PypiPublisher.gitlab("o/n", "release.yml")
    for known in (github, release, pypi):
        assert known.demanding() == known
        with pytest.raises(CountermarkError) as unsaid:
            known.to_json()
        assert unsaid.value.code == "invalid_argument"


KEY = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVgWVwKRbzC73DgmwJHWRaByqAEqB\n"
    "IopmNMuDbOZOH60bjuCmcZy1yXFBIrXvoKUdmtck/ocX9MmPf9OXHObyrg==\n"
    "-----END PUBLIC KEY-----\n"
)


def test_keys_roots_and_verifiers_are_values(message: Case) -> None:
    period = Period("2024-01-01T00:00:00Z", "2025-01-01T00:00:00.5Z")
    assert eval(repr(period), vars(countermark)) == pickle.loads(pickle.dumps(period)) == period
    key = PublicKey(KEY, name="release", valid_for=period)
    assert PublicKey(key.public_key, "release", period) == PublicKey(KEY.encode(), "release", period) == key
    assert pickle.loads(pickle.dumps(key)) == key != PublicKey(KEY) and key.valid_for == period
    keys = KeyPolicy([key, PublicKey(KEY)], signed_times=0)
    assert keys.keys == (key, PublicKey(KEY)) and keys.log_entries == 1
    assert KeyPolicy.from_json(keys.to_json()) == pickle.loads(pickle.dumps(keys)) == keys
    log = LogKey.rekor_v2("https://log.example", KEY, period, operator="us")
    assert pickle.loads(pickle.dumps(log)) == log != LogKey.rekor_v1("https://log.example", KEY, period, "us")
    assert log.public_key == key.public_key and log.valid_for == period and log.operator == "us"
    assert LogKey.rekor_v1("u", KEY, period).log_id == hashlib.sha256(key.public_key).digest()
    digest = Digest("sha384", b"\x01" * 48)
    assert eval(repr(digest), vars(countermark)) == pickle.loads(pickle.dumps(digest)) == digest
    assert str(digest) == "sha384:" + "01" * 48 and digest.value == b"\x01" * 48 and digest.algorithm == "sha384"

    text = message.read("trusted_root")
    root = TrustedRoot.from_json(text)
    assert pickle.loads(pickle.dumps(root)) == root and root.log_count and root.certificate_authority_count
    line = json.dumps(json.loads(text))
    assert trusted_roots_from_json_lines(f"\n{line}\n\n{line}") == [TrustedRoot.from_json(line)] * 2
    one, two = Verifier.from_trusted_root(root), Verifier(trusted_roots={"trusted_root": root})
    assert one == two == pickle.loads(pickle.dumps(one)) and hash(one) == hash(two)
    assert one != Verifier(trusted_roots={"other": root})
    assert Verifier(trusted_roots={"a": root, "b": root}) != Verifier(trusted_roots={"b": root, "a": root})
    again = pickle.loads(pickle.dumps(Verifier(trusted_roots={"a": root}, distrusted=["AB" * 32, b"\xab" * 32])))
    assert again == Verifier(trusted_roots={"a": root}, distrusted=[b"\xab" * 32]) and "trusted_roots=1" in repr(again)
    assert again.verify_bundle(message.artifact, message.bundle(), message.policy()).instance == "a"
    with pytest.raises(TypeError, match="JSON"):
        pickle.dumps(message.bundle())


def test_what_is_distrusted_counts_for_bundles(message: Case) -> None:
    root = TrustedRoot.from_json(message.read("trusted_root"))
    verified = message.verify()
    assert isinstance(verified, Verified)
    anchor = verified.path[-1].sha256
    verifier = Verifier(trusted_roots={"a": root}, distrusted=[anchor])
    with pytest.raises(Rejected) as refused:
        verifier.verify_bundle(message.artifact, message.bundle(), message.policy())
    assert refused.value.code == "unknown_ca"


def test_a_key_signs_by_its_name() -> None:
    case = good(lambda case: case.about.get("key") and not case.about.get("envelope_only"))
    policy = case.policy()
    assert isinstance(policy, KeyPolicy)
    verified = case.verify()
    assert isinstance(verified, Verified) and verified.is_of_key and verified.leaf == b"" and verified.path == ()
    assert verified.key_name == policy.keys[0].name and verified.claims == {} and verified.validity is None
    with pytest.raises(Rejected) as refused:
        case.verifier().verify_bundle(
            case.artifact, case.bundle(), BundlePolicy("https://issuer", claims={"token_subject": "x"})
        )
    assert refused.value.code == "no_signature"


def test_a_bundle_of_npm_is_of_its_predicate_type(envelope: Case) -> None:
    bundle, statement = json.loads(envelope.read("bundle")), envelope.bundle().statement()
    assert statement is not None
    kind = statement.unverified.predicate_type
    response = {"attestations": [{"predicateType": kind, "bundle": bundle}]}
    [attestation] = bundles_from_npm(json.dumps(response))
    assert attestation.predicate_type == kind and kind in repr(attestation)
    assert [attestation.bundle] == bundles_from(json.dumps(response)) == [envelope.bundle()]
    response["attestations"][0]["predicateType"] = "https://slsa.dev/another"
    with pytest.raises(MalformedInput) as malformed:
        bundles_from_npm(json.dumps(response))
    assert malformed.value.code == "malformed_bundle"


def test_responses_of_npm_are_read_or_malformed() -> None:
    named = {case.folder / case.about["npm"]["response"] for case in CASES if (case.about.get("npm") or {}).get("response")}
    for response in (file.read_bytes() for file in named):
        try:
            attestations = bundles_from_npm(response)
        except MalformedInput as malformed:
            assert malformed.code == "malformed_bundle"
        else:
            assert [attestation.bundle for attestation in attestations] == bundles_from(response)


def test_one_verifier_serves_many_threads(message: Case, envelope: Case) -> None:
    cases = [(case.verifier(), case.file("artifact"), case.bundle(), case.policy()) for case in (message, envelope)]

    def verify(number: int) -> bool:
        verifier, artifact, bundle, policy = cases[number % 2]
        assert artifact
        return isinstance(verifier.verify_bundle(artifact, bundle, policy), Verified)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(verify, range(64))) == [True] * 64


def test_a_provenance_of_pypi_claims_its_publisher() -> None:
    case = good(lambda case: (case.about.get("pep740") or {}).get("attestation"))
    attestation = json.loads((case.folder / case.about["pep740"]["attestation"]).read_bytes())
    publisher = {"kind": "GitHub", "repository": "somebody/else"}
    group = {"publisher": publisher, "attestations": [attestation]}
    provenance = json.dumps({"version": 1, "attestation_bundles": [group, {"attestations": []}]})
    [first, second] = bundles_from_pypi_provenance(provenance)
    assert first.unverified_publisher == publisher and second.unverified_publisher is None
    assert first.bundles == (case.bundle(),) and second.bundles == ()
    assert Bundle.from_pep740(json.dumps(attestation)) == bundles_from(provenance)[0]


def test_a_payload_of_simple_signing_names_its_image() -> None:
    payload = {
        "critical": {
            "identity": {"docker-reference": "registry/image"},
            "image": {"docker-manifest-digest": "sha256:" + "ab" * 32},
            "type": "cosign container image signature",
        },
        "optional": None,
    }
    signed = SimpleSigning.from_json(json.dumps(payload))
    assert signed.image_digest == Digest("sha256", "ab" * 32) and signed.docker_reference == "registry/image"
    parts = Bundle.from_cosign_parts(signature="AAAA")
    assert parts.version == "0.1" and parts.key_hint == "" and parts.certificates == () and parts.statement() is None

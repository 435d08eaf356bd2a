"""What the objects promise: immutable, comparable, printable; inputs can be pickled, a `Verified` cannot be made."""

from __future__ import annotations

import copy
import gc
import json
import pickle
from collections.abc import Mapping
from typing import Any

import pytest
from common import ISSUER, NAME, ROOT, Vector, vector

import countermark
from countermark import (
    CODES,
    AnyOf,
    CheckOutcome,
    Code,
    CountermarkError,
    Entry,
    Glob,
    Log,
    MalformedInput,
    PathCertificate,
    Policy,
    Rejected,
    Report,
    SignerPolicy,
    Verified,
    Verifier,
)

RICH = Policy(
    "ns",
    ISSUER,
    claims={
        "source_repository": "a/b",
        "source_repository_ref": Glob("refs/tags/v*"),
        "build_trigger": AnyOf(["push", "it's"]),
        "1.3.6.1.4.1.55555.1": "ä",
    },
    max_certificate_lifetime_seconds=600,
    revocation_scope="entry",
    blocklist=["sha256:" + "0" * 64, NAME],
)


def rejected(name: str) -> Rejected:
    with pytest.raises(Rejected) as refused:
        vector(name).verify()
    return refused.value


def inputs() -> list[Any]:
    verifier, [entry], policy = vector("accept-known-intermediate").build()
    with_all = Entry.from_json(json.dumps(entry.to_dict() | {"blocklisted": True, "evidence": [{"kind": "x", "y": [1]}]}))
    # What JSON could not carry: certificates that are none, and a chain whose PEM would be over the limit.
    odd = Entry("n\0s", "näme", b"", [b"\0\xff", b"x" * 40_000], "2024-03-22T11:25:48.983761494Z", True)
    der = Verifier(vector("accept-minimal").verify().path[-1].der, None, ["AB" * 32])
    signer = SignerPolicy(ISSUER, claims={"token_subject": "x"}, max_certificate_lifetime_seconds=1)
    return [verifier, der, entry, with_all, odd, policy, RICH, RICH.signer, signer, Glob("a/*"), AnyOf(["a", "b"])]


@pytest.mark.parametrize("value", inputs(), ids=repr)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_an_input_can_be_pickled_and_copied(value: Any, protocol: int) -> None:
    for same in (pickle.loads(pickle.dumps(value, protocol)), copy.copy(value), copy.deepcopy(value)):
        assert same == value and hash(same) == hash(value) and repr(same) == repr(value)
        assert not (same != value) and same != object() and same != repr(value)


def test_inputs_differ() -> None:
    values = inputs()
    assert len(set(values)) == len(values)


def test_a_pickled_verifier_distrusts_what_it_distrusted() -> None:
    distrusting = vector("distrusted-intermediate")
    verifier, entries, policy = distrusting.build()
    again = pickle.loads(pickle.dumps(verifier))
    with pytest.raises(Rejected, match="unknown_ca"):
        again.verify(distrusting.name, entries, policy)


def test_a_repr_of_a_policy_is_its_source() -> None:
    for value in (RICH, RICH.signer, Glob("it's/*"), AnyOf(["a'b", "\0"])):
        assert eval(repr(value), vars(countermark)) == value
    assert Policy.from_json(RICH.to_json()) == RICH == Policy.from_json(json.dumps(RICH.to_dict()))
    assert RICH.claims["source_repository_ref"] == Glob("refs/tags/v*")
    assert RICH.blocklist == (NAME, "sha256:" + "0" * 64)
    defaults = Policy("ns", ISSUER)
    assert (defaults.max_certificate_lifetime_seconds, defaults.revocation_scope) == (300, "artifact")
    assert defaults.signer.is_unconstrained and not RICH.signer.is_unconstrained


def everything() -> list[Any]:
    accepted = vector("accept-nine-claims")
    report = accepted.examine()
    verified = accepted.verify()
    return [*inputs(), verified, verified.path[0], report, report.checks[0], CODES["verified"], Log("x")]


@pytest.mark.parametrize("value", everything(), ids=lambda value: type(value).__name__)
def test_nothing_can_be_changed(value: Any) -> None:
    kind = type(value)
    for attribute in [name for name in dir(value) if not name.startswith("__")] + ["new", "__class__", "__dict__"]:
        with pytest.raises((AttributeError, TypeError)):
            setattr(value, attribute, None)
        with pytest.raises((AttributeError, TypeError)):
            delattr(value, attribute)
    with pytest.raises(TypeError):
        type("Sub", (kind,), {})
    assert kind.__module__ == "countermark"
    assert kind.__doc__ and repr(value)
    for attribute in dir(value):
        if not attribute.startswith("_") and isinstance(getattr(value, attribute), Mapping):
            with pytest.raises(TypeError):
                getattr(value, attribute)["x"] = "y"


def test_a_verified_cannot_be_made_by_hand(nine_claims: Vector) -> None:
    verified = nine_claims.verify()
    makes: list[Any] = [
        lambda: Verified(),
        lambda: Verified.__new__(Verified),
        lambda: object.__new__(Verified),
        lambda: copy.copy(verified),
        lambda: copy.deepcopy(verified),
        lambda: copy.deepcopy([verified]),
        lambda: type("Fake", (Verified,), {}),
        lambda: verified.__reduce_ex__(2),
    ]
    for make in makes:
        with pytest.raises(TypeError):
            make()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="verif"):
            pickle.dumps(verified, protocol)
    for forged in (
        b"ccountermark\nVerified\n(tR.",
        b"\x80\x02ccountermark\nVerified\n)\x81.",
        b"\x80\x02ccountermark\nVerified\n)}\x92.",
        b"ccopyreg\n_reconstructor\n(ccountermark\nVerified\nc__builtin__\nobject\nNtR.",
    ):
        with pytest.raises((TypeError, pickle.UnpicklingError)):
            pickle.loads(forged)
    other: Any = vector("accept-minimal").build()[2]
    with pytest.raises(TypeError):
        other.__class__ = Verified


@pytest.mark.parametrize("kind", [Code, CheckOutcome, PathCertificate, Report])
def test_results_cannot_be_made_by_hand(kind: Any) -> None:
    makes: list[Any] = [kind, lambda: kind.__new__(kind), lambda: object.__new__(kind)]
    for make in makes:
        with pytest.raises(TypeError):
            make()


def test_a_verified_tells_what_was_established(nine_claims: Vector) -> None:
    verifier, entries, policy = nine_claims.build()
    verified = verifier.verify(nine_claims.name, iter(entries), policy)
    assert verified.entry is entries[0] and verified.entry_index == 0
    assert isinstance(verified.claims, Mapping)
    assert verified.claims["source_repository"] == "endorlabs/monorepo"
    assert verified.signature == entries[0].signature and verified.leaf == entries[0].certificates[0]
    assert verified.timestamp == entries[0].timestamp and verified.time_voucher == "recorded"
    assert [authority.origin for authority in verified.path][-1] == "trust_anchor"
    assert "CN=" in verified.path[-1].subject and len(verified.path[-1].sha256) == 32
    document = verified.to_dict()
    assert document == json.loads(verified.to_json())
    assert document["verdict"] == "verified" and document["claims"] == dict(verified.claims)
    assert str(verified).startswith("verified: registry/image@sha256:")
    assert "source repository owner" in str(verified)
    assert verified == nine_claims.verify() and hash(verified) == hash(nine_claims.verify())
    assert verified != vector("accept-minimal").verify()
    del entries, verifier, policy
    gc.collect()
    assert verified.claims["source_repository"] == "endorlabs/monorepo"


def test_a_custom_claim_that_was_asked_for_is_among_the_claims() -> None:
    claims = vector("accept-custom-claim").verify().claims
    assert any(name[0].isdigit() for name in claims)


def test_a_warning_is_given_if_anyone_would_do() -> None:
    assert vector("accept-minimal").verify().warnings == ("signer_unconstrained",)
    assert vector("accept-minimal").examine().warnings == ("signer_unconstrained",)


def test_a_rejection_says_why_and_what_to_do() -> None:
    refused = rejected("several-all-bad-newest-reported")
    assert len(refused.others) == 1 and isinstance(refused.others[0], Rejected)
    assert refused.entry is not None and refused.others[0].entry not in (None, refused.entry)
    assert "1 other entry was refused too" in str(refused)
    for error in (refused, rejected("revoked")):
        assert isinstance(error, CountermarkError)
        assert error.number == CODES[error.code].number and error.remedy == CODES[error.code].remedy
        assert json.loads(error.to_json()) == error.to_dict()
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is Rejected and again.to_dict() == error.to_dict() and str(again) == str(error)
        for attribute in ("code", "number", "check", "detail", "remedy", "entry", "others"):
            with pytest.raises(AttributeError):
                setattr(error, attribute, None)
    assert rejected("chain-intermediate-expired").check == "chain"
    assert rejected("time-an-hour-late").check == "timestamp"


def test_a_rejection_has_the_members_of_the_core_s(nine_claims: Vector) -> None:
    several = vector("several-all-bad-newest-reported")
    reported = several.examine().to_dict()["others"]
    assert [other.to_dict() for other in rejected("several-all-bad-newest-reported").others] == reported


def test_a_remedy_is_the_reasons_where_the_core_has_one() -> None:
    for error in (
        Rejected("unknown_ca", "x", "chain", remedy="its own"),
        MalformedInput("malformed_entry", "x", remedy="its own"),
    ):
        assert error.remedy == error.to_dict()["remedy"] == "its own" != CODES[error.code].remedy
        assert str(error).endswith("; its own") and pickle.loads(pickle.dumps(error)).remedy == "its own"
    for name in ("chain-intermediate-expired", "revoked", "claims-differ"):
        [failed] = [check for check in vector(name).examine().checks if check.outcome == "failed"]
        assert rejected(name).remedy == failed.remedy


def test_malformed_input_can_be_pickled() -> None:
    with pytest.raises(MalformedInput) as malformed:
        countermark.entries_from_json("[1]")
    again = pickle.loads(pickle.dumps(malformed.value))
    assert (again.code, again.record, str(again)) == ("malformed_entry", 0, str(malformed.value))
    assert again.to_dict()["record"] == 0 and again.check == "input"


def test_a_report_shows_every_check_and_decides_nothing() -> None:
    refused = vector("claims-differ").examine()
    assert [check.check for check in refused.checks][0] == "selection" and len(refused.checks) == 10
    assert [check.outcome for check in refused.checks] == ["passed"] * 9 + ["failed"]
    last = refused.checks[-1]
    assert last.code == "claims_mismatch" and last.detail and last.remedy == CODES["claims_mismatch"].remedy
    assert refused.checks[0].code is refused.checks[0].detail is refused.checks[0].remedy is None
    assert refused.verdict == refused.to_dict()["verdict"] == "claims_mismatch"
    assert refused.entry_index == 0 and refused.timestamp and refused.claims and refused.others == ()
    assert refused == vector("claims-differ").examine() != vector("revoked").examine()
    assert "FAILED" in str(refused)
    for value in (refused, last, vector("accept-minimal").examine()):
        with pytest.raises(TypeError):
            bool(value)
    none = vector("none-empty-log").examine()
    assert none.entry_index is None and none.timestamp is None and none.claims == {}


def test_a_revocation_by_digest_reaches_every_name(nine_claims: Vector) -> None:
    verifier, [entry], policy = nine_claims.build()
    mirror = Entry.from_json(json.dumps(entry.to_dict() | {"artifact_name": "mirror/" + NAME, "revoked": True}))
    for scope, code in (("artifact", None), ("entry", None), ("digest", "revoked_signature")):
        scoped = Policy(policy.namespace, ISSUER, revocation_scope=scope)  # type: ignore[arg-type]
        assert scoped.revocation_scope == scope and eval(repr(scoped), vars(countermark)) == scoped
        assert pickle.loads(pickle.dumps(scoped)) == scoped == Policy.from_json(scoped.to_json())
        verdict = verifier.examine(nine_claims.name, [entry, mirror], scoped).verdict
        assert verdict == (code or "verified")


def test_the_log_only_grows_and_revokes(nine_claims: Vector) -> None:
    verifier, [entry], policy = nine_claims.build()
    log = Log(entry.namespace)
    log.append(entry)
    log.append(entry)
    assert len(log) == 2 and list(log) == log.find(nine_claims.name) == [entry, entry] and log.find("x") == []
    held = log.find(nine_claims.name)
    verifier.verify(nine_claims.name, held, policy)
    reference = entry.provenance["source_repository_ref"]
    with pytest.raises(CountermarkError) as nothing:
        log.revoke_signature(nine_claims.name, "refs/heads/other")
    assert nothing.value.code == "no_signature" and not isinstance(nothing.value, Rejected)
    assert log.revoke_signature(nine_claims.name, reference) == 2
    with pytest.raises(Rejected, match="revoked_signature"):
        verifier.verify(nine_claims.name, log, policy)
    assert not held[0].revoked, "what was handed out before does not change"
    assert repr(log) == "<countermark.Log namespace='example-ns' entries=2>"


def test_the_code_table_is_the_core_s() -> None:
    table = (ROOT / "docs" / "codes.md").read_text()
    assert [code.number for code in CODES.values()] == sorted(code.number for code in CODES.values())
    for name, code in CODES.items():
        assert code.name == name and code.number > 0 and f"`{name}`" in table and code.remedy in table
    with pytest.raises(TypeError):
        CODES["x"] = CODES["verified"]  # type: ignore[index]

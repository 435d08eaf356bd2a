"""`verify_many`: how its results are told apart, one bad request among many, entries that requests share."""

from __future__ import annotations

import concurrent.futures
import json
import logging
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from common import NAME, TESTDATA, Vector

from countermark import Entry, Log, MalformedInput, Policy, Rejected, Verified, Verifier

OTHER = "registry/image@sha256:" + "0" * 64
Request = tuple[Any, Any, Policy]


def codes(results: list[Verified | Rejected | MalformedInput]) -> list[str]:
    return ["verified" if isinstance(result, Verified) else result.code for result in results]


def revoked(entry: Entry) -> Entry:
    return Entry.from_json(json.dumps(entry.to_dict() | {"revoked": True}))


def test_only_a_verified_passes_for_true(nine_claims: Vector) -> None:
    verifier, entries, policy = nine_claims.build()
    good, refused, malformed = verifier.verify_many(
        [(NAME, entries, policy), (OTHER, entries, policy), ("nginx:1.25", entries, policy)]
    )
    assert good and isinstance(good, Verified)
    assert isinstance(refused, Rejected) and isinstance(malformed, MalformedInput)
    with pytest.raises(Rejected) as raised:
        verifier.verify(OTHER, entries, policy)
    for result in (refused, malformed, raised.value, pickle.loads(pickle.dumps(refused))):
        for ask in (
            lambda result=result: bool(result),
            lambda result=result: not result,
            lambda result=result: all([good, result]),
            lambda result=result: any([result]),
            lambda result=result: list(filter(None, [good, result])),
            lambda result=result: "yes" if result else "no",
        ):
            with pytest.raises(TypeError, match=r"isinstance\(result, countermark.Verified\)"):
                ask()


def test_a_rejection_can_still_be_raised_carried_and_printed(nine_claims: Vector, caplog: Any) -> None:
    """The library for futures, tracebacks and logging ask for an exception's truth, in some versions of Python."""
    verifier, _, policy = nine_claims.build()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        future = pool.submit(verifier.verify, NAME, [], policy)
        with pytest.raises(Rejected) as rejected:
            future.result()
        assert isinstance(future.exception(), Rejected) and "Rejected" in repr(future)
    assert "no_signature" in "".join(traceback.format_exception(None, rejected.value, rejected.value.__traceback__))
    logging.getLogger("test").error("refused", exc_info=rejected.value)
    assert "no_signature" in caplog.text


def test_one_malformed_name_is_its_own_requests_result(nine_claims: Vector) -> None:
    verifier, entries, policy = nine_claims.build()
    wanted = [NAME, "nginx:1.25", OTHER, "", "\ud800", NAME]
    told: list[tuple[int, int]] = []
    results = verifier.verify_many(
        [(name, entries, policy) for name in wanted], progress=lambda done, of: told.append((done, of))
    )
    assert codes(results) == [
        "verified",
        "malformed_name",
        "no_signature",
        "malformed_name",
        "malformed_name",
        "verified",
    ]
    assert told[-1] == (6, 6)
    for index, result in enumerate(results):
        if isinstance(result, MalformedInput):
            assert result.request == index == result.to_dict()["request"]
            assert f"request {index}: " in str(result)
            again = pickle.loads(pickle.dumps(result))
            assert (again.request, str(again)) == (index, str(result))
    with pytest.raises(MalformedInput) as malformed:
        verifier.verify("nginx:1.25", entries, policy)
    assert malformed.value.request is None and "request" not in malformed.value.to_dict()


def test_a_record_that_cannot_be_read_ends_no_other_request(nine_claims: Vector) -> None:
    verifier, [entry], policy = nine_claims.build()
    records = (Entry.from_json(line) for line in [entry.to_json(), "{}"])
    results = verifier.verify_many([(NAME, [entry], policy), (NAME, records, policy), (NAME, [entry], policy)])
    assert codes(results) == ["verified", "malformed_entry", "verified"]
    assert isinstance(results[1], MalformedInput) and results[1].request == 1


def test_an_iterator_of_entries_serves_one_request(nine_claims: Vector) -> None:
    verifier, entries, policy = nine_claims.build()
    generator = (entry for entry in entries)
    for once in (generator, iter(entries)):
        results = verifier.verify_many([(NAME, once, policy), (NAME, once, policy)])
        assert codes(results) == ["verified", "invalid_argument"]


@pytest.mark.parametrize("count", [1, 1_000])
def test_a_list_that_changes_between_two_requests_is_read_again(nine_claims: Vector, count: int) -> None:
    """Also over the borders of the parts in which requests are read."""
    verifier, [entry], policy = nine_claims.build()
    entries, log = [entry], Log(entry.namespace)
    log.append(entry)

    def requests() -> Iterator[Request]:
        for held in (entries, log):
            for _ in range(count):
                yield NAME, held, policy
        entries.append(revoked(entry))
        log.append(revoked(entry))
        for held in (entries, log):
            for _ in range(count):
                yield NAME, held, policy
        entries[:] = [entry]
        yield NAME, entries, policy
        entries.clear()
        yield NAME, entries, policy

    assert codes(verifier.verify_many(requests())) == (
        ["verified"] * 2 * count + ["revoked_signature"] * 2 * count + ["verified", "no_signature"]
    )


def test_an_address_that_is_used_again_is_not_the_same_list(nine_claims: Vector) -> None:
    verifier, [entry], policy = nine_claims.build()

    def requests() -> Iterator[Request]:
        for index in range(2_000):
            yield NAME, tuple([entry] if index % 2 else [revoked(entry)]), policy

    assert codes(verifier.verify_many(requests())) == ["revoked_signature", "verified"] * 1_000


def test_a_result_holds_its_entry_and_nothing_else(nine_claims: Vector) -> None:
    verifier, [entry], policy = nine_claims.build()
    log = Log(entry.namespace)
    log.append(entry)
    for held in ([entry, entry], (entry,), log):
        [result] = verifier.verify_many([(NAME, held, policy)])
        assert isinstance(result, Verified) and result.entry == entry and result.entry_index == 0


def test_requests_are_read_as_the_work_goes_on(nine_claims: Vector) -> None:
    verifier, entries, policy = nine_claims.build()

    class Ended(Exception):
        pass

    def requests(read: list[int]) -> Iterator[Request]:
        for index in range(100_000):
            read.append(index)
            yield NAME, entries, policy
            if index == 5:
                raise Ended

    read: list[int] = []
    with pytest.raises(Ended):
        verifier.verify_many(requests(read))
    assert len(read) == 6


def test_a_leeway_is_for_the_callers_time(nine_claims: Vector) -> None:
    verifier, entries, policy = nine_claims.build()
    request = (NAME, entries, policy)
    # The record is of 11:25:48.983761494.
    for leeway, code in [
        (None, "time_mismatch"),
        (0, "time_mismatch"),
        (1.9837, "time_mismatch"),
        (1.9838, "verified"),
        (2, "verified"),
        (timedelta(seconds=1, microseconds=983_761), "time_mismatch"),
        (timedelta(seconds=1, microseconds=983_762), "verified"),
        (timedelta(days=1), "verified"),
        (86_400, "verified"),
        (86_400.0, "verified"),
    ]:
        now = "2024-03-22T11:25:47Z"
        assert codes(verifier.verify_many([request], now=now, leeway=leeway)) == [code]
        assert verifier.examine(*request, now=now, leeway=leeway).verdict == code
        try:
            verifier.verify(*request, now=now, leeway=leeway)
        except Rejected as rejected:
            assert rejected.code == code == "time_mismatch"
        else:
            assert code == "verified"


def test_a_leeway_is_a_day_at_most(nine_claims: Vector) -> None:
    verifier, entries, policy = nine_claims.build()
    leeways: list[timedelta | float] = [86_401, 86_400.001, 2**64, timedelta(days=1, microseconds=1), timedelta.max, -1]
    for leeway in leeways:
        with pytest.raises(MalformedInput, match=r"leeway must be 0 to 86400 seconds \(a day\)") as raised:
            verifier.verify(NAME, entries, policy, now="2024-03-22T11:25:47Z", leeway=leeway)
        assert raised.value.code == "invalid_argument"


MANY_OVER_ONE_LOG = """
import json, resource, sys
from countermark import Policy, Rejected, Verifier, entries_from_json

files, kind = sys.argv[1:]
[record] = entries_from_json(open(files + "/log.json").read())
verifier = Verifier(open(files + "/root.pem").read())
policy = Policy.from_json(open(files + "/policy.json").read())
entries = [record] * 20_000
if kind == "tuple":
    entries = tuple(entries)
name = "other@sha256:" + "0" * 64

def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

verifier.verify_many([(name, entries, policy)])
before = used()
results = verifier.verify_many((name, entries, policy) for _ in range(300))
assert len(results) == 300 and all(isinstance(result, Rejected) for result in results)
print(used() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the unit of ru_maxrss is another")
@pytest.mark.parametrize("kind", ["list", "tuple"])
def test_many_requests_over_one_log_hold_it_once(kind: str) -> None:
    """A reference to each entry takes 160 KB, held for every request, or for those of a part; a result takes 1 KB."""
    done = subprocess.run(
        [sys.executable, "-c", MANY_OVER_ONE_LOG, TESTDATA / "quickstart", kind],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env=os.environ | {"PYTHONMALLOC": "malloc"},
    )
    assert int(done.stdout) < 8

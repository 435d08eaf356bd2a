"""Threads, forks, many artifacts at once."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from common import NAME, Vector, vector

from countermark import Entry, Log, MalformedInput, Policy, Rejected, Verified, Verifier

OTHER = "registry/image@sha256:" + "0" * 64
Request = tuple[str, list[Entry], Policy]


def requests(nine_claims: Vector, count: int) -> tuple[Verifier, list[Request]]:
    verifier, entries, policy = nine_claims.build()
    return verifier, [(NAME if index % 3 else OTHER, entries, policy) for index in range(count)]


def check(results: list[Verified | Rejected | MalformedInput]) -> None:
    for index, result in enumerate(results):
        if index % 3:
            assert isinstance(result, Verified) and result.artifact_name == NAME
        else:
            assert isinstance(result, Rejected) and result.code == "no_signature"


@pytest.mark.parametrize("count", [0, 1, 15, 17, 1_000])
def test_many_keep_their_order(nine_claims: Vector, count: int) -> None:
    verifier, wanted = requests(nine_claims, count)
    results = verifier.verify_many(iter(wanted))
    assert len(results) == count
    check(results)


def test_progress_is_told_on_the_calling_thread(nine_claims: Vector) -> None:
    verifier, wanted = requests(nine_claims, 1_000)
    told: list[tuple[int, int, int]] = []
    verifier.verify_many(wanted, progress=lambda done, of: told.append((done, of, threading.get_ident())))
    assert told[-1] == (1_000, 1_000, threading.get_ident())
    assert [done for done, _, _ in told] == sorted({done for done, _, _ in told})
    assert {(of, thread) for _, of, thread in told} == {(1_000, threading.get_ident())}


def test_what_the_callback_raises_ends_the_call(nine_claims: Vector) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, of: int) -> None:
        raise Stop

    verifier, wanted = requests(nine_claims, 1_000)
    with pytest.raises(Stop):
        verifier.verify_many(wanted, progress=stop)


def test_the_callers_time_holds_for_all(nine_claims: Vector) -> None:
    verifier, wanted = requests(nine_claims, 20)
    results = verifier.verify_many(wanted, now="2000-01-01T00:00:00Z")
    assert all(isinstance(result, Rejected) for result in results)
    assert {result.code for result in results if isinstance(result, Rejected)} == {"no_signature", "time_mismatch"}


def test_all_cores_are_used(nine_claims: Vector) -> None:
    if (os.cpu_count() or 1) < 2 or not hasattr(os, "times"):
        pytest.skip("there is one core")
    verifier, wanted = requests(nine_claims, 3_000)
    before, start = time.process_time(), time.perf_counter()
    verifier.verify_many(wanted)
    elapsed, worked = time.perf_counter() - start, time.process_time() - before
    # Others may be busy on the same cores: more work than time passed is enough to tell.
    assert worked > 1.05 * elapsed or os.getloadavg()[0] > (os.cpu_count() or 1)


def test_verifying_lets_other_threads_run(nine_claims: Vector) -> None:
    verifier, wanted = requests(nine_claims, 4_000)
    # With so long an interval a thread that holds the interpreter's lock is not asked to give it away.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(60)
    try:
        ran, stop = [0], threading.Event()

        def count() -> None:
            while not stop.is_set():
                ran[0] += 1
                time.sleep(0.001)

        thread = threading.Thread(target=count)
        thread.start()
        before = ran[0]
        for name, entries, policy in wanted[1:200:3]:
            verifier.verify(name, entries, policy)
        during = ran[0] - before
        stop.set()
        thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert during > 0


def test_one_verifier_serves_many_threads(nine_claims: Vector) -> None:
    verifier, wanted = requests(nine_claims, 300)
    log = Log("example-ns")

    def work(request: Request) -> Any:
        name, entries, policy = request
        for entry in entries:
            log.append(entry)
        try:
            return verifier.verify(name, entries, policy)
        except Rejected as rejected:
            return rejected

    with ThreadPoolExecutor(8) as pool:
        check(list(pool.map(work, wanted)))
        batches = pool.map(lambda _: verifier.verify_many(wanted), range(4))
        for results in batches:
            check(results)
    assert len(log) == 300


def verified_name(request: tuple[Verifier, str, list[Entry], Policy]) -> str:
    verifier, name, entries, policy = request
    many = verifier.verify_many([(name, entries, policy)] * 40)
    assert all(isinstance(result, Verified) for result in many)
    return str(verifier.verify(name, entries, policy).artifact_name)


def refuse(vector_name: str) -> None:
    vector(vector_name).verify()


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes(nine_claims: Vector, method: str) -> None:
    verifier, entries, policy = nine_claims.build()
    verifier.verify_many([(NAME, entries, policy)] * 40)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(verified_name, [(verifier, NAME, entries, policy)] * 4) == [NAME] * 4
        with pytest.raises(Rejected) as refused:
            pool.apply(refuse, ("revoked",))
    assert refused.value.code == "revoked_signature"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
def test_a_child_that_was_forked_while_others_verify(nine_claims: Vector) -> None:
    verifier, wanted = requests(nine_claims, 200)
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            verifier.verify_many(wanted)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for _ in range(5):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    check(verifier.verify_many(wanted))
                    status = 0
                finally:
                    os._exit(status)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        stop.set()
        thread.join()

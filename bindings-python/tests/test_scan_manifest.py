"""The example: a scanner with its log in SQLite."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from common import NAME, ROOT, TESTDATA

from countermark import Entry

EXAMPLE = ROOT / "bindings-python" / "examples" / "scan_manifest.py"
FILES = TESTDATA / "quickstart"
UNSIGNED = "registry/other@sha256:" + "1" * 64


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, EXAMPLE, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.db"
    assert run("append", path, FILES / "log.json") == (0, "1 records appended\n", "")
    return path


def check(log: Path, manifest: str) -> tuple[int, str, str]:
    file = log.with_name("manifest.yaml")
    file.write_bytes(manifest.encode("utf-8", "surrogatepass"))
    return run("check", log, "--root", FILES / "root.pem", "--policy", FILES / "policy.json", file)


def pod(*images: str, kind: str = "containers") -> str:
    containers = [{"name": "c", "image": image} for image in images]
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {kind: containers}})


DEPLOYMENT = f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec:
      initContainers:
      - {{name: setup, image: "{NAME}"}}
      containers:
      - {{name: web, image: "{NAME}"}}
      - {{name: sidecar, image: "{UNSIGNED}"}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {{name: nightly}}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
          - {{name: job, image: "registry/image:latest"}}
          ephemeralContainers:
          - {{name: debug, image: "{NAME}"}}
---
"""


def test_every_image_of_a_good_manifest_is_verified(log: Path) -> None:
    status, out, err = check(log, pod(NAME))
    assert (status, err) == (0, "")
    assert "1 of 1 images verified" in out and "REFUSED" not in out
    assert "endorlabs/monorepo" in out


def test_one_bad_image_fails_the_manifest(log: Path) -> None:
    status, out, _ = check(log, DEPLOYMENT)
    assert status == 1
    assert "3 of 5 images verified, 2 REFUSED" in out
    assert "Deployment/web spec.template.spec.containers[1]" in out and "no_signature" in out
    assert "CronJob/nightly spec.jobTemplate.spec.template.spec.containers[0]" in out and "malformed_name" in out
    assert "remedy" not in out and "name the artifact by its digest" in out


@pytest.mark.parametrize("kind", ["containers", "initContainers", "ephemeralContainers"])
def test_no_kind_of_container_is_overlooked(log: Path, kind: str) -> None:
    assert check(log, pod(NAME, kind=kind))[0] == 0
    assert check(log, pod(NAME, UNSIGNED, kind=kind))[0] == 1
    both = f"{pod(NAME)}\n---\n{pod(UNSIGNED, kind=kind)}"
    assert check(log, both)[0] == 1
    assert check(log, json.dumps({"kind": "List", "items": [json.loads(pod(NAME)), json.loads(pod(UNSIGNED, kind=kind))]}))[0] == 1


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "---\n---\n",
        "kind: Service\nspec: {}\n",
        "[1, 2]",
        "just text",
        "kind: Pod\nspec: [",
        "\t",
        "kind: Pod\nspec: {containers: {image: x}}",
        "kind: Pod\nspec: {containers: [{name: x}]}",
        "kind: Pod\nspec: {containers: [{image: 1}]}",
        f"kind: Pod\nspec: {{containers: [{{image: '{UNSIGNED}', image: '{NAME}'}}]}}",
        f"kind: Pod\nspec:\n  containers: [{{image: '{UNSIGNED}'}}]\n  containers: [{{image: '{NAME}'}}]",
        f"kind: Pod\nspec: &a\n  containers: [{{image: '{NAME}'}}]\n  again: *a",
        "kind: !!python/object/apply:os.system [id]",
        "[" * 3000,
        "\ud800",
    ],
)
def test_a_manifest_that_cannot_be_judged_is_an_error(log: Path, manifest: str) -> None:
    status, out, err = check(log, manifest)
    assert status == 2 and err.startswith("error: ") and "verified" not in out


def test_an_image_name_does_not_write_to_the_terminal(log: Path) -> None:
    status, out, _ = check(log, pod("evil\x1b[2Jimage", "\ud83d", "\0"))
    assert status != 0 and "\x1b" not in out and "\0" not in out


def test_a_revoked_signature_is_refused(log: Path) -> None:
    assert run("revoke", log, NAME, "refs/tags/v0")[0] == 2
    assert check(log, pod(NAME))[0] == 0
    assert run("revoke", log, NAME, "refs/tags/v1.6.216") == (0, "1 signatures revoked\n", "")
    status, out, _ = check(log, pod(NAME))
    assert status == 1 and "revoked_signature" in out


def test_files_that_are_not_there_or_malformed_are_an_error(log: Path, tmp_path: Path) -> None:
    assert run("check", tmp_path / "no.db", "--root", FILES / "root.pem", "--policy", FILES / "policy.json", log)[0] == 2
    assert not (tmp_path / "no.db").exists()
    assert run("append", log, FILES / "policy.json")[0] == 2
    assert run("append", log, tmp_path / "no.json")[0] == 2
    manifest = tmp_path / "pod.yaml"
    manifest.write_text(pod(NAME))
    for root, policy in (("policy.json", "policy.json"), ("root.pem", "root.pem"), ("root.pem", "no.json")):
        assert run("check", log, "--root", FILES / root, "--policy", FILES / policy, manifest)[0] == 2
    assert run("check", log, "--root", FILES / "root.pem", "--policy", FILES / "policy.json", tmp_path / "no.yaml")[0] == 2
    (tmp_path / "text.db").write_text("no database, but long enough to be taken for one" * 100)
    assert run("revoke", tmp_path / "text.db", NAME, "x")[0] == 2


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entries",
        "UPDATE entries SET signature = x'00'",
        "UPDATE entries SET certificates = '[]'",
        "UPDATE entries SET timestamp = '2024-03-22T11:25:49Z'",
        "UPDATE entries SET provenance = '{}'",
        "UPDATE entries SET evidence = 'x'",
        "UPDATE entries SET namespace = 'x'",
        "UPDATE entries SET artifact_name = 'x'",
        "UPDATE entries SET blocklisted = 1",
        "UPDATE entries SET rowid = 7",
        "UPDATE entries SET revoked = 2",
        "UPDATE entries SET revoked = 1, signature = x'00'",
        "UPDATE OR REPLACE entries SET rowid = 7, revoked = 1",
        "REPLACE INTO entries (rowid, namespace, artifact_name, signature, certificates, timestamp, provenance, evidence,"
        " revoked, blocklisted) SELECT rowid, 'x', artifact_name, signature, certificates, timestamp, provenance,"
        " evidence, revoked, blocklisted FROM entries",
    ],
)
def test_the_table_is_append_only(log: Path, statement: str) -> None:
    with sqlite3.connect(log) as connection:
        before = connection.execute("SELECT rowid, * FROM entries").fetchall()
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
        assert connection.execute("SELECT rowid, * FROM entries").fetchall() == before
    connection.close()


def test_a_revocation_cannot_be_taken_back(log: Path) -> None:
    with sqlite3.connect(log) as connection:
        connection.execute("UPDATE entries SET revoked = 1")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE entries SET revoked = 0")
    connection.close()


def test_records_come_back_as_they_were_appended(tmp_path: Path) -> None:
    record = json.loads((FILES / "log.json").read_text())[0]
    full = record | {"blocklisted": True, "evidence": [{"kind": "x", "y": 1.5}]}
    (tmp_path / "records.json").write_text(json.dumps([full, record]))
    path = tmp_path / "log.db"
    assert run("append", path, tmp_path / "records.json")[0] == 0
    code = (
        "import sys, sqlite3; sys.path.insert(0, sys.argv[1]); import scan_manifest as s;"
        "[print(e.to_json()) for _, e in s.find(s.open_log(sys.argv[2]), sys.argv[3])]"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, EXAMPLE.parent, path, NAME], capture_output=True, text=True, check=True
    )
    assert [Entry.from_json(line) for line in done.stdout.splitlines()] == [
        Entry.from_json(json.dumps(full)),
        Entry.from_json(json.dumps(record)),
    ]

#!/usr/bin/env python3
"""Checks the container images of a Kubernetes manifest against a log of signatures that is kept in SQLite.

    scan_manifest.py append log.db log.json
    scan_manifest.py revoke log.db ARTIFACT_NAME SOURCE_REPOSITORY_REF
    scan_manifest.py check log.db --root root.pem --policy policy.json manifest.yaml

`check` prints a table, a line for each image. Its exit status is for CI: 0 if every image is verified, 1 if one is
refused, 2 if the question could not be put (a file that cannot be read, a policy or a log that is malformed, a
manifest without images).
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from countermark import CountermarkError, Entry, Log, Policy, Verifier, entries_from_json

# Nothing is ever deleted, and of a record nothing ever changes but that it becomes revoked. INSERT OR REPLACE deletes
# without firing a trigger on deletion, hence the trigger on insertion.
SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    namespace TEXT NOT NULL,
    artifact_name TEXT NOT NULL,
    signature BLOB NOT NULL,
    certificates TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    provenance TEXT NOT NULL,
    evidence TEXT NOT NULL,
    revoked INTEGER NOT NULL CHECK (revoked IN (0, 1)),
    blocklisted INTEGER NOT NULL CHECK (blocklisted IN (0, 1))
) STRICT;
CREATE INDEX IF NOT EXISTS entries_by_name ON entries (artifact_name);
CREATE TRIGGER IF NOT EXISTS entries_are_not_deleted BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entries_are_not_replaced BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entries_only_become_revoked BEFORE UPDATE ON entries
WHEN NEW.rowid IS NOT OLD.rowid
    OR NEW.namespace IS NOT OLD.namespace OR NEW.artifact_name IS NOT OLD.artifact_name
    OR NEW.signature IS NOT OLD.signature OR NEW.certificates IS NOT OLD.certificates
    OR NEW.timestamp IS NOT OLD.timestamp OR NEW.provenance IS NOT OLD.provenance
    OR NEW.evidence IS NOT OLD.evidence OR NEW.blocklisted IS NOT OLD.blocklisted
    OR NEW.revoked < OLD.revoked
BEGIN SELECT RAISE(ABORT, 'a record of the log can only become revoked'); END;
"""

COLUMNS = "namespace, artifact_name, signature, certificates, timestamp, provenance, evidence, revoked, blocklisted"


class Refused(Exception):
    """A question that cannot be put."""


class UniqueKeys(yaml.SafeLoader):
    """Refuses a repeated key: of two lists of containers, this reader might see one and the cluster the other."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(keys) != len(set(keys)):
            raise Refused(f"a key is repeated {str(node.start_mark).strip()}")
        return node


def open_log(path: str) -> sqlite3.Connection:
    log = sqlite3.connect(path)
    log.executescript(SCHEMA)
    return log


def append(log: sqlite3.Connection, entries: list[Entry]) -> None:
    with log:
        log.executemany(
            f"INSERT INTO entries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    entry.namespace,
                    entry.artifact_name,
                    entry.signature,
                    json.dumps([der.hex() for der in entry.certificates]),
                    entry.timestamp,
                    json.dumps(dict(entry.provenance)),
                    json.dumps(entry.evidence),
                    entry.revoked,
                    entry.blocklisted,
                )
                for entry in entries
            ],
        )


def find(log: sqlite3.Connection, artifact_name: str) -> list[tuple[int, Entry]]:
    """Every record of an artifact, of all namespaces: selecting is the policy's work."""
    rows = log.execute(f"SELECT rowid, {COLUMNS} FROM entries WHERE artifact_name = ?", (artifact_name,))
    return [
        (
            rowid,
            Entry(
                namespace,
                name,
                signature,
                [bytes.fromhex(der) for der in json.loads(certificates)],
                timestamp,
                bool(revoked),
                provenance=json.loads(provenance),
                blocklisted=bool(blocklisted),
                evidence=json.loads(evidence),
            ),
        )
        for (
            rowid,
            namespace,
            name,
            signature,
            certificates,
            timestamp,
            provenance,
            evidence,
            revoked,
            blocklisted,
        ) in rows
    ]


def revoke(log: sqlite3.Connection, artifact_name: str, source_repository_ref: str) -> int:
    """Marks every record of the artifact whose certificate carries the ref, and returns how many there are."""
    revoked = 0
    with log:
        for rowid, entry in find(log, artifact_name):
            matching = Log(entry.namespace)
            matching.append(entry)
            try:
                revoked += matching.revoke_signature(artifact_name, source_repository_ref)
            except CountermarkError as error:
                if error.code != "no_signature":
                    raise
                continue
            log.execute("UPDATE entries SET revoked = 1 WHERE rowid = ?", (rowid,))
    if revoked == 0:
        raise Refused(f"no record of {artifact_name} has a certificate for {source_repository_ref}")
    return revoked


def images(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The images of every container, wherever in a document its list stands, each with where that is.

    Pods, the templates of workloads, lists of objects and custom resources all hold containers under the same three
    names, and looking for these names everywhere cannot miss one by not knowing its kind.
    """
    if isinstance(node, dict):
        for key, value in node.items():
            here = f"{path}.{key}" if path else str(key)
            if key in ("containers", "initContainers", "ephemeralContainers"):
                if not isinstance(value, list):
                    if value is None:
                        continue
                    raise Refused(f"{here} is no list")
                for index, container in enumerate(value):
                    if not isinstance(container, dict) or not isinstance(container.get("image"), str):
                        raise Refused(f"{here}[{index}] has no image")
                    yield f"{here}[{index}]", container["image"]
            yield from images(value, here)
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from images(item, f"{path}[{index}]")


def read_manifest(text: str) -> list[tuple[str, str]]:
    """Where each image stands, and its name; of all the documents of a manifest."""
    try:
        documents = [document for document in yaml.load_all(text, UniqueKeys) if document is not None]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Refused(f"the manifest is no YAML: {error}") from error
    found = []
    for document in documents:
        if not isinstance(document, dict) or "kind" not in document:
            raise Refused("a document of the manifest is no Kubernetes object")
        kind, metadata = document["kind"], document.get("metadata")
        name = metadata.get("name", "?") if isinstance(metadata, dict) else "?"
        try:
            found += [(f"{kind}/{name} {where}", image) for where, image in images(document)]
        except RecursionError as error:
            raise Refused("the manifest is nested too deeply, or in itself") from error
    if not found:
        raise Refused("the manifest has no images")
    return found


def verdict(verifier: Verifier, log: sqlite3.Connection, policy: Policy, image: str) -> tuple[bool, str, str]:
    """Whether an image is verified, the code, and what to say about it."""
    try:
        verified = verifier.verify(image, [entry for _, entry in find(log, image)], policy)
    except CountermarkError as refused:
        return False, refused.code, f"{refused.detail}; {refused.remedy}"
    signer = verified.claims.get("source_repository", verified.claims["certificate_oidc_issuer"])
    return True, "verified", f"{signer}, {verified.timestamp}"


def check(verifier: Verifier, log: sqlite3.Connection, policy: Policy, manifest: str) -> bool:
    """Prints a line for each image, and returns whether all are verified."""
    found = read_manifest(manifest)
    verdicts = {image: verdict(verifier, log, policy, image) for _, image in found}
    rows = [
        ("ok" if verdicts[image][0] else "REFUSED", verdicts[image][1], printable(where), printable(image))
        for where, image in found
    ]
    header = ("", "CODE", "WHERE", "IMAGE")
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(3)]
    for row in [header, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)), row[3], sep="  ")
    print()
    for image, (_, code, text) in verdicts.items():
        print(f"{printable(image)}\n    {code}: {printable(text)}")
    refused = sum(1 for row in rows if row[0] != "ok")
    print(f"\n{len(rows) - refused} of {len(rows)} images verified" + (f", {refused} REFUSED" if refused else ""))
    return refused == 0


def printable(text: str) -> str:
    """A text of the manifest, which may not write to the terminal as it likes."""
    return text if text.isprintable() else repr(text)[1:-1]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    to_append = commands.add_parser("append", help="append the records of a JSON array or JSON Lines to the log")
    to_append.add_argument("log")
    to_append.add_argument("records", type=Path)
    to_revoke = commands.add_parser("revoke", help="revoke the signatures of an artifact that were made from a ref")
    to_revoke.add_argument("log")
    to_revoke.add_argument("artifact_name")
    to_revoke.add_argument("source_repository_ref")
    to_check = commands.add_parser("check", help="check the images of a Kubernetes manifest")
    to_check.add_argument("log")
    to_check.add_argument("--root", type=Path, required=True, help="the trusted root certificates (PEM)")
    to_check.add_argument("--policy", type=Path, required=True, help="the policy (JSON)")
    to_check.add_argument("manifest", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.command != "append" and not Path(options.log).exists():
            raise Refused(f"there is no log {options.log}")
        log = open_log(options.log)
        try:
            if options.command == "append":
                entries = entries_from_json(options.records.read_bytes())
                append(log, entries)
                print(f"{len(entries)} records appended")
                return 0
            if options.command == "revoke":
                print(f"{revoke(log, options.artifact_name, options.source_repository_ref)} signatures revoked")
                return 0
            verifier = Verifier(options.root.read_text(encoding="utf-8"))
            policy = Policy.from_json(options.policy.read_bytes())
            all_verified = check(verifier, log, policy, options.manifest.read_text(encoding="utf-8"))
            return 0 if all_verified else 1
        finally:
            log.close()
    except (Refused, CountermarkError, OSError, UnicodeError, sqlite3.Error) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

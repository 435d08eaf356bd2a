#!/usr/bin/env python3
"""Checks the container images of a Kubernetes manifest against a log of signatures that is kept in SQLite.

    scan_manifest.py append log.db log.json
    scan_manifest.py revoke log.db ARTIFACT_NAME SOURCE_REPOSITORY_REF
    scan_manifest.py check log.db --root root.pem --policy policy.json manifest.yaml

`check` prints a table, a line for each image, and below it what was not looked at. Its exit status is for CI:

    0  every image is verified, and everything was looked at
    1  an image is refused
    2  the question could not be put: a file or one of the manifest's documents cannot be read, a policy or a log is
       malformed, a workload's container has no image, or the manifest has no images
    3  every image that was found is verified, but something was not looked at that may bring in others: an object of
       a kind that is not in the lists below, a reference to another object, a volume of a driver that is not known, a
       field that is called like an image or not in ASCII

The first of 2, 1 and 3 that holds is the status. An image that only an environment variable, an argument or a text in
a ConfigMap names is not looked for.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import sys
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
    """Every record of an artifact, of all namespaces and under every name that has its digest anywhere in it, in
    capitals or with something after it: selecting is the policy's work, and a revocation that is left out cannot be
    seen. All the log's names are looked through, in their index."""
    digest = re.search(r"[0-9a-f]{64}\Z", artifact_name.lower())
    rows = log.execute(
        f"SELECT rowid, {COLUMNS} FROM entries WHERE rowid IN"
        " (SELECT rowid FROM entries WHERE artifact_name = ?1 OR instr(lower(artifact_name), ?2))",
        (artifact_name, digest and digest.group()),
    )
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


def tables(lists: dict[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((group, kind) for group, kinds in lists.items() for kind in kinds.split())


# Where images come in, by API group and kind, with the names that Kubernetes and its neighbours give to fields. A kind
# that is in none of the lists is searched like a workload, and named as not looked at: nobody here knows what it runs.

# What has a Pod's specification, and must have an image in each container.
WORKLOADS = tables(
    {
        "": "Pod PodTemplate ReplicationController",
        "apps": "Deployment StatefulSet DaemonSet ReplicaSet",
        "batch": "Job CronJob",
        "serving.knative.dev": "Service Configuration Revision",
    }
)

# What has containers of its own shape, refers to other objects for them, or tells by an annotation what to put into Pods.
SEARCHED = tables(
    {
        "": "Namespace",
        "tekton.dev": "Task ClusterTask TaskRun Pipeline PipelineRun StepAction",
        "argoproj.io": "Workflow WorkflowTemplate ClusterWorkflowTemplate CronWorkflow Rollout",
    }
)

# What starts no container, whatever its fields are called: a schema describes containers, and data may name them.
RUN_NOTHING = tables(
    {
        "": "ConfigMap Secret Service ServiceAccount Endpoints Event LimitRange ResourceQuota"
        " PersistentVolume PersistentVolumeClaim",
        "admissionregistration.k8s.io": "MutatingWebhookConfiguration ValidatingWebhookConfiguration"
        " ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
        "apiextensions.k8s.io": "CustomResourceDefinition",
        "apiregistration.k8s.io": "APIService",
        "autoscaling": "HorizontalPodAutoscaler",
        "cert-manager.io": "Certificate Issuer ClusterIssuer",
        "coordination.k8s.io": "Lease",
        "discovery.k8s.io": "EndpointSlice",
        "gateway.networking.k8s.io": "GatewayClass HTTPRoute GRPCRoute ReferenceGrant",
        "monitoring.coreos.com": "PodMonitor PrometheusRule ServiceMonitor",
        "networking.k8s.io": "Ingress IngressClass NetworkPolicy",
        "node.k8s.io": "RuntimeClass",
        "policy": "PodDisruptionBudget",
        "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding Role RoleBinding",
        "scheduling.k8s.io": "PriorityClass",
        "storage.k8s.io": "CSIDriver StorageClass VolumeAttachment",
    }
)

ITEMS = "items"
LIST_FIELDS = {"apiVersion", "kind", "metadata", ITEMS}

# Names of fields, as `str.casefold` has them: who decodes an object may not mind the case, and Go takes a long s for an s.
CONTAINER_LISTS = frozenset({"containers", "initcontainers", "ephemeralcontainers", "sidecars"})
CONTAINERS = frozenset({"container", "script"})
IMAGE = "image"
# The image of an image volume is in a mapping, under this name.
REFERENCE = "reference"
# What brings in containers that stand elsewhere, or in a text: Tekton's, Argo's, Knative's. So does every other field
# that is called a reference, unless what it refers to holds settings, or a disk.
ELSEWHERE = frozenset("manifest manifestfrom podspecpatch plugin templatename revisionname configurationname".split())
REFERENCE_ENDINGS = ("ref", "refs")
REFERS_TO_NO_IMAGE = frozenset(
    "configmapref configmapkeyref secretref secretkeyref fieldref resourcefieldref filekeyref artifactrepositoryref"
    " claimref controllerexpandsecretref controllerpublishsecretref nodeexpandsecretref nodepublishsecretref"
    " nodestagesecretref".split()
)
# Argo hands them to kubectl, which may be told a file by them.
RESOURCE, FLAGS = "resource", "flags"
# A task that has a kind of its own is for a controller that nobody here knows.
TASKS = frozenset({"taskspec", "pipelinespec"})
# A driver may mount what it likes, an image too. These mount disks, buckets, shares, secrets and certificates.
CSI = "csi"
FLEX_VOLUME = "flexvolume"
DRIVERS_WITHOUT_IMAGES = frozenset(
    "blob.csi.azure.com cephfs.csi.ceph.com cinder.csi.openstack.org csi.cert-manager.io csi.spiffe.io"
    " csi.vsphere.vmware.com disk.csi.azure.com driver.longhorn.io ebs.csi.aws.com efs.csi.aws.com file.csi.azure.com"
    " filestore.csi.storage.gke.io fsx.csi.aws.com gcsfuse.csi.storage.gke.io nfs.csi.k8s.io pd.csi.storage.gke.io"
    " rbd.csi.ceph.com s3.csi.aws.com secrets-store-gke.csi.k8s.io secrets-store.csi.k8s.io smb.csi.k8s.io"
    " spiffe.csi.cert-manager.io".split()
)
NO_IMAGES = frozenset({"imagepullpolicy", "imagepullsecrets"})
# Whose keys are no names of fields. An annotation may tell somebody which image to put in, a label may not.
ANNOTATIONS = "annotations"
LABELS = frozenset({"labels", "matchlabels", "nodeselector", "selector"})
# Ceph's disks are called images, too.
DISKS = frozenset({"rbd"})
# In all other fields a value is looked at alike, whatever they are called.
PARTICULAR_FIELDS = CONTAINER_LISTS | LABELS | DISKS | {ANNOTATIONS, IMAGE, RESOURCE}

MAX_DEPTH = 100
MAX_STEPS = 500_000

# What is kept of a key, of an object's name and of a path, and printed of an image: more characters than an honest one
# has. A verified image's name has at most 1,024 bytes.
MAX_KEY = 100
MAX_NAME = 253
MAX_PATH = 500
MAX_IMAGE = 1024
# How many images and findings are printed; the rest are counted.
MAX_PRINTED = 1000

YAML = "tag:yaml.org,2002:"
TEXT = YAML + "str"
# Anything else, such as a `!!binary` key, is a text to one reader and none to another.
PLAIN: dict[type[yaml.Node], frozenset[str]] = {
    yaml.ScalarNode: frozenset(YAML + tag for tag in "str int float bool null timestamp value merge".split()),
    yaml.MappingNode: frozenset({YAML + "map"}),
    yaml.SequenceNode: frozenset({YAML + "seq"}),
}


class Nodes(yaml.SafeLoader):
    """Reads the nodes of documents. Deep nesting in brackets would keep it busy long before it fails."""

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:
        if self.flow_level >= MAX_DEPTH:
            raise Refused(f"line {self.line + 1} of the manifest: it is nested more than {MAX_DEPTH} deep")
        super().fetch_flow_collection_start(TokenClass)


def cut(text: str, most: int) -> str:
    """Both ends of a text that is longer."""
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}...{text[-half:]}"


def refuse(node: yaml.Node, what: str) -> Refused:
    return Refused(f"line {node.start_mark.line + 1} of the manifest: {what}")


def text_of(node: yaml.Node | None) -> str | None:
    """The text of a node that is one: 1, true and null are none."""
    return node.value if isinstance(node, yaml.ScalarNode) and node.tag == TEXT else None


def is_plain(node: yaml.Node) -> bool:
    return node.tag in PLAIN[type(node)]


def is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == YAML + "null"


def is_empty(node: yaml.Node) -> bool:
    """Whether a value can name nothing."""
    return not text_of(node) if isinstance(node, yaml.ScalarNode) else not node.value


def members(node: yaml.MappingNode) -> list[tuple[str, yaml.Node]]:
    """The keys and values of a mapping. A key that is repeated is refused: of two lists of containers, this reader
    might see one and the cluster the other."""
    keys = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or not is_plain(key):
            raise refuse(key, "a key is no plain text; is it a template that was not rendered?")
        if key.value in keys:
            raise refuse(key, f"the key {cut(key.value, MAX_KEY)} is repeated")
        keys.add(key.value)
    return [(key.value, value) for key, value in node.value]


def knows(table: frozenset[tuple[str, str]], api_version: str | None, kind: str) -> bool:
    if api_version is None:
        # No API server takes an object without one, so the kind alone will do.
        return any(kind == known for _, known in table)
    return (api_version.rpartition("/")[0], kind) in table


class Findings:
    """What a manifest says about images: their places and names, and what was not looked at."""

    def __init__(self) -> None:
        self.images: list[tuple[str, str]] = []
        self.not_looked_at: list[str] = []
        self.run_nothing: list[str] = []
        self._steps = 0
        self._seen: set[tuple[int, str | None, str | None]] = set()

    def step(self, node: yaml.Node) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise refuse(node, f"looking at the manifest takes more than {MAX_STEPS} steps")

    def look_at_object(self, node: yaml.Node, kind: str | None = None, api_version: str | None = None) -> None:
        """Looks at one object. Items of a typed list may leave out what the list says about them."""
        self.step(node)
        if (id(node), kind, api_version) in self._seen:
            return
        self._seen.add((id(node), kind, api_version))
        if not isinstance(node, yaml.MappingNode) or not is_plain(node):
            raise refuse(node, "what stands there is no Kubernetes object")
        fields = dict(members(node))
        if "<<" in fields:
            raise refuse(node, "an object merges in its own fields; readers differ in which then hold")
        folded = {field.casefold(): field for field in fields}
        if len(folded) != len(fields):
            raise refuse(node, "two fields of an object differ only in upper and lower case, which some readers do not tell")
        for field in ("kind", "apiVersion"):
            if folded.get(field.casefold(), field) != field:
                written = folded[field.casefold()]
                raise refuse(node, f"the field {field} is written {written!a}, which only some readers take for it")
        if kind and ("kind" in fields) != ("apiVersion" in fields):
            own = text_of(fields.get("kind")) or kind, text_of(fields.get("apiVersion")) or api_version
            if own != (kind, api_version):
                raise refuse(node, "an item has one of kind and apiVersion; some readers then take both from its list")
        if "kind" in fields:
            kind = text_of(fields["kind"])
        if "apiVersion" in fields:
            api_version = text_of(fields["apiVersion"])
        if not kind or ("apiVersion" in fields and not api_version):
            raise refuse(node, "a document is no Kubernetes object: it has no kind, or one that is no text")
        metadata = fields.get("metadata")
        named = dict(members(metadata)) if isinstance(metadata, yaml.MappingNode) else {}
        name = text_of(named.get("name")) or text_of(named.get("generateName")) or "?"
        where = f"{cut(kind, MAX_KEY)}/{cut(name, MAX_NAME)}"

        of_kind = kind.removesuffix("List")
        is_list = kind != of_kind and (
            any(knows(table, api_version, of_kind) for table in (WORKLOADS, SEARCHED, RUN_NOTHING))
            or (kind == "List" and api_version in (None, "v1"))
        )
        items = fields.get(folded.get(ITEMS, ITEMS))
        if not isinstance(items, yaml.SequenceNode):
            if items is not None and not is_null(items):
                self.not_looked_at.append(f"{where} {folded[ITEMS]}: is no list")
            self.look_at_fields(node, where, kind, api_version)
            return
        # Who applies an object that has items takes it for a list, whatever its kind is, and applies the items.
        if not is_list or not {folded[field] for field in folded if field != ITEMS} <= LIST_FIELDS:
            others = [(key, value) for key, value in node.value if key.value != folded[ITEMS]]
            without_items = yaml.MappingNode(node.tag, others, node.start_mark, node.end_mark)
            self.look_at_fields(without_items, where, kind, api_version)
        if not is_plain(items):
            raise refuse(items, f"{where} {folded[ITEMS]} has the tag {items.tag}")
        for item in items.value:
            self.look_at_object(item, of_kind or None, api_version if of_kind else None)

    def look_at_fields(self, node: yaml.Node, where: str, kind: str, api_version: str | None) -> None:
        """Looks at what an object says by itself."""
        if knows(RUN_NOTHING, api_version, kind):
            self.run_nothing.append(where)
            if kind == "PersistentVolume":
                # Its driver may mount an image into the Pods that claim it.
                Search(self, where, strict=False).look(node, "", "")
            return
        before = len(self.images)
        is_workload = knows(WORKLOADS, api_version, kind)
        Search(self, where, strict=is_workload).look(node, "", "")
        if is_workload and before == len(self.images):
            raise refuse(node, f"{where} has no container")
        if not is_workload and not knows(SEARCHED, api_version, kind):
            version = f" of {cut(api_version, MAX_NAME)}" if api_version else ""
            self.not_looked_at.append(f"{where}: the kind{version} is not known; only what it calls image was checked")


class Search:
    """Looks for images in one object, wherever they stand. What an alias repeats is looked at once."""

    def __init__(self, findings: Findings, where: str, *, strict: bool) -> None:
        self.findings = findings
        self.where = where
        self.strict = strict
        self.seen: set[tuple[int, str]] = set()
        self.listed: set[tuple[int, int]] = set()
        self.having: dict[tuple[int, str], bool] = {}
        self.inside: set[int] = set()

    def skip(self, path: str, why: str) -> None:
        self.findings.not_looked_at.append(f"{self.where} {path}: {why}")

    def fault(self, node: yaml.Node, path: str, why: str) -> None:
        """What a workload must not be; of another object nobody knows."""
        if self.strict:
            raise refuse(node, f"{self.where} {path} {why}")
        self.skip(path, why)

    def look(self, node: yaml.Node, path: str, field: str) -> None:
        """Looks at a value, and at what is in it; `field` is the field that has it, if it is a particular one."""
        self.findings.step(node)
        if not is_plain(node):
            raise refuse(node, f"{self.where} {path} has the tag {node.tag}")
        if isinstance(node, yaml.ScalarNode):
            return
        if id(node) in self.inside:
            raise refuse(node, "the manifest is nested in itself")
        if (id(node), field) in self.seen:
            return
        if len(self.inside) >= MAX_DEPTH:
            raise refuse(node, f"the manifest is nested more than {MAX_DEPTH} deep")
        self.seen.add((id(node), field))
        self.inside.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in members(node):
                shown = cut(key, MAX_KEY)
                inner = cut(f"{path}.{shown}" if path else shown, MAX_PATH)
                self.look_at_field(node, key, value, inner, field)
        else:
            for index, item in enumerate(node.value):
                inner = cut(f"{path}[{index}]", MAX_PATH)
                if field in CONTAINER_LISTS:
                    self.look_at_container(item, inner)
                self.look(item, inner, field)
        self.inside.discard(id(node))

    def look_at_field(self, holder: yaml.Node, key: str, value: yaml.Node, path: str, within: str) -> None:
        name = key.casefold()
        if isinstance(value, yaml.ScalarNode) and (within in LABELS or (name == IMAGE and within in DISKS)):
            return
        if name in CONTAINER_LISTS:
            if not isinstance(value, yaml.SequenceNode) and not is_null(value):
                self.fault(value, path, "is no list")
        elif name in CONTAINERS and isinstance(value, yaml.MappingNode):
            self.look_at_container(value, path)
        elif (name == IMAGE and within != ANNOTATIONS) or (name == REFERENCE and within == IMAGE):
            self.look_at_image(holder, value, path)
        elif is_empty(value) or name == "<<":
            pass
        elif within == ANNOTATIONS and isinstance(value, yaml.ScalarNode):
            if IMAGE in name:
                self.skip(path, "may be an image")
        elif name in ELSEWHERE or (name, within) == (FLAGS, RESOURCE):
            self.skip(path, "brings in what stands elsewhere")
        elif name.endswith(REFERENCE_ENDINGS) and name not in REFERS_TO_NO_IMAGE:
            self.skip(path, "brings in what stands elsewhere")
        elif name in TASKS and (self.has("kind", value) or self.has("apiversion", value)):
            self.skip(path, "is of a kind of its own; only what it calls image was checked")
        elif name == FLEX_VOLUME or (name == CSI and not self.mounts_no_image(value)):
            self.skip(path, "is a volume of a driver that is not known, and may mount an image")
        elif IMAGE in name and name not in NO_IMAGES:
            self.skip(path, "may be an image")
        elif not key.isascii():
            self.skip(path, "is not in ASCII, and some readers may take it for another field")
        if name == "<<":
            self.look(value, path, within)
        else:
            self.look(value, path, name if name in PARTICULAR_FIELDS else "")

    def look_at_container(self, node: yaml.Node, path: str) -> None:
        if not isinstance(node, yaml.MappingNode) or not self.has(IMAGE, node):
            self.fault(node, path, "has no image")

    def look_at_image(self, holder: yaml.Node, value: yaml.Node, path: str) -> None:
        image = text_of(value)
        if image is not None:
            # What an alias repeats in a field of another kind is searched there again, and listed once.
            if (id(holder), id(value)) not in self.listed:
                self.listed.add((id(holder), id(value)))
                self.findings.images.append((f"{self.where} {path}", image))
        elif not isinstance(value, yaml.MappingNode) or not self.has(REFERENCE, value):
            self.fault(value, path, "is no image's name")

    def mounts_no_image(self, volume: yaml.Node) -> bool:
        if not isinstance(volume, yaml.MappingNode):
            return False
        drivers = [value for key, value in members(volume) if key == "<<" or key.casefold() == "driver"]
        return len(drivers) == 1 and text_of(drivers[0]) in DRIVERS_WITHOUT_IMAGES

    def has(self, name: str, node: yaml.Node) -> bool:
        """Whether a mapping has a field of its own or one that it merges in. If it has both, both are looked at:
        readers differ in which one holds."""
        if (id(node), name) not in self.having:
            self.findings.step(node)
            self.having[id(node), name] = False
            if isinstance(node, yaml.SequenceNode):
                found = any(self.has(name, item) for item in node.value)
            else:
                found = isinstance(node, yaml.MappingNode) and any(
                    key.casefold() == name or (key == "<<" and self.has(name, value)) for key, value in members(node)
                )
            self.having[id(node), name] = found
        return self.having[id(node), name]


def read_manifest(text: str) -> Findings:
    """What all the documents of a manifest, YAML or JSON, say about images.

    It is their nodes that are looked at, and not what a reader makes of them: readers differ about `yes`, `=`, dates
    and repeated keys."""
    findings = Findings()
    for character in "\x85\u2028\u2029\ufeff":
        # A byte order mark may begin the file.
        if character in text[1:]:
            raise Refused(f"the manifest has the character {character!a}, at which only some readers begin a line")
    try:
        # All of them are kept, so that nodes can be told apart by their addresses.
        documents = list(yaml.compose_all(text, Nodes))
        for document in documents:
            if not is_null(document):
                findings.look_at_object(document)
    except (yaml.YAMLError, ValueError) as error:
        raise Refused(f"the manifest is no YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise Refused("the manifest is nested too deeply") from error
    if not findings.images and not findings.not_looked_at:
        raise Refused("the manifest has no images")
    return findings


def verdict(verifier: Verifier, log: sqlite3.Connection, policy: Policy, image: str) -> tuple[bool, str, str]:
    """Whether an image is verified, the code, and what to say about it."""
    try:
        verified = verifier.verify(image, [entry for _, entry in find(log, image)], policy)
    except CountermarkError as refused:
        return False, refused.code, f"{refused.detail}; {refused.remedy}"
    signer = verified.claims.get("source_repository", verified.claims["certificate_oidc_issuer"])
    # A warning is no refusal, and whoever wrote the policy must see it all the same.
    warnings = "".join(f"; WARNING: {warning}" for warning in verified.warnings)
    return True, "verified", f"{signer}, {verified.timestamp}{warnings}"


def check(verifier: Verifier, log: sqlite3.Connection, policy: Policy, manifest: str) -> int:
    """Prints a line for each image, what is to be said about each, and what was not looked at; returns the status."""
    found = read_manifest(manifest)
    verdicts = {image: verdict(verifier, log, policy, image) for _, image in found.images}
    rows = [
        ("ok" if verdicts[image][0] else "REFUSED", verdicts[image][1], where, image) for where, image in found.images
    ]
    refused = sum(1 for row in rows if row[0] != "ok")
    if len(rows) > MAX_PRINTED:
        # Of too many, what is refused comes first.
        shown_rows = sorted(rows, key=lambda row: row[0] == "ok")[:MAX_PRINTED]
    else:
        shown_rows = rows
    header = ("", "CODE", "WHERE", "IMAGE")
    table = [header, *((*row[:2], printable(row[2]), shown_image(row[3])) for row in shown_rows)]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)), row[3], sep="  ")
    print_rest("images", len(rows))
    print()
    for image in dict.fromkeys(row[3] for row in shown_rows):
        _, code, text = verdicts[image]
        print(f"{shown_image(image)}\n    {code}: {printable(text)}")
    for where in found.not_looked_at[:MAX_PRINTED]:
        print(f"NOT LOOKED AT: {printable(where)}")
    print_rest("NOT LOOKED AT", len(found.not_looked_at))
    if found.run_nothing:
        print(f"these run nothing: {printable(', '.join(found.run_nothing[:MAX_PRINTED]))}")
        print_rest("run nothing", len(found.run_nothing))
    summary = [f"{len(rows) - refused} of {len(rows)} images verified"]
    if refused:
        summary.append(f"{refused} REFUSED")
    if found.not_looked_at:
        summary.append(f"{len(found.not_looked_at)} NOT LOOKED AT")
    print("\n" + ", ".join(summary))
    return 1 if refused else 3 if found.not_looked_at else 0


def print_rest(of_what: str, count: int) -> None:
    if count > MAX_PRINTED:
        print(f"... and {count - MAX_PRINTED} more {of_what}")


def shown_image(image: str) -> str:
    return printable(cut(image, MAX_IMAGE))


def printable(text: str) -> str:
    """A text of the manifest or of a certificate, which may not write to the terminal as it likes."""
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
            return check(verifier, log, policy, options.manifest.read_text(encoding="utf-8"))
        finally:
            log.close()
    except (Refused, CountermarkError, OSError, UnicodeError, sqlite3.Error) as error:
        print(f"error: {printable(str(error))}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

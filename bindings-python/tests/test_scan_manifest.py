"""The example: a scanner with its log in SQLite."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from common import NAME, ROOT, TESTDATA

from countermark import Entry

EXAMPLE = ROOT / "bindings-python" / "examples" / "scan_manifest.py"
FILES = TESTDATA / "quickstart"
UNSIGNED = "registry/other@sha256:" + "1" * 64


def load() -> Any:
    spec = importlib.util.spec_from_file_location("scan_manifest", EXAMPLE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


scan_manifest = load()


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """In this process, which is quicker, with streams that refuse what a terminal's would."""
    out, err = io.BytesIO(), io.BytesIO()
    with (
        contextlib.redirect_stdout(io.TextIOWrapper(out, encoding="utf-8", write_through=True)) as stdout,
        contextlib.redirect_stderr(io.TextIOWrapper(err, encoding="utf-8", write_through=True)) as stderr,
    ):
        status = scan_manifest.main([str(argument) for argument in arguments])
    stdout.flush()
    stderr.flush()
    return status, out.getvalue().decode(), err.getvalue().decode()


def test_it_is_a_program(log: Path) -> None:
    calls: list[list[str | Path]] = [["check", log, "--root", FILES / "root.pem"], [], ["revoke", log, NAME, "x"]]
    for arguments in calls:
        done = subprocess.run([sys.executable, EXAMPLE, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 2 and done.stderr and "Traceback" not in done.stderr
    done = subprocess.run([sys.executable, EXAMPLE, "--help"], capture_output=True, text=True, check=True)
    assert "3  every image that was found is verified, but something was not looked at" in done.stdout


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


def test_a_policy_for_anybody_of_an_issuer_is_warned_of(log: Path, tmp_path: Path) -> None:
    manifest, anybody = tmp_path / "pod.json", tmp_path / "policy.json"
    manifest.write_text(pod(NAME))
    policy = json.loads((FILES / "policy.json").read_text())
    anybody.write_text(json.dumps({name: value for name, value in policy.items() if name != "claims"}))
    root = FILES / "root.pem"
    status, out, _ = run("check", log, "--root", root, "--policy", anybody, manifest)
    assert status == 0 and "WARNING: signer_unconstrained" in out
    assert "WARNING" not in run("check", log, "--root", root, "--policy", FILES / "policy.json", manifest)[1]


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
        f"{pod(NAME)}\n---\nkind: Pod\nspec: [",
        f"{pod(NAME)}\n---\nfoo: bar",
        f"{pod(NAME)}\n{pod(UNSIGNED)}",
        f"kind: Pod\nspec:\n  containers: [{{image: '{NAME}'}}]\n  !!binary Y29udGFpbmVycw==: [{{image: '{UNSIGNED}'}}]",
        f"kind: Pod\nspec:\n  containers: [{{image: '{NAME}'}}]\n  ? [containers]\n  : [{{image: '{UNSIGNED}'}}]",
        f"kind: Pod\nspec:\n  containers: [{{image: '{NAME}'}}]\n  !x initContainers: []",
        f"kind: Pod\nspec: !x {{containers: [{{image: '{NAME}'}}]}}",
        f"kind: Pod\nspec: {{containers: [{{image: !!binary '{NAME}'}}]}}",
        f"kind: ConfigMap\n<<: {{kind: Pod}}\nspec: {{containers: [{{image: '{UNSIGNED}'}}]}}\n---\n{pod(NAME)}",
        f"kind: ConfigMap\nkind: Pod\nspec: {{containers: [{{image: '{UNSIGNED}'}}]}}\n---\n{pod(NAME)}",
        f"kind: 1\nspec: {{containers: [{{image: '{NAME}'}}]}}",
        f"apiVersion: 1\nkind: Pod\nspec: {{containers: [{{image: '{NAME}'}}]}}",
        f"kind: Pod\nspec: {{containers: [{{image: '{NAME}'}}, x]}}",
        f"kind: Pod\nspec: {{containers: [{{image: '{NAME}'}}]}}  # \u2028 x",
        f"kind: Pod\nspec: {{containers: [{{image: '{NAME}'}}]}}\n\ufeffspec: {{}}",
        f"kind: ConfigMap\nKind: Pod\nspec: {{containers: [{{image: '{UNSIGNED}'}}]}}\n---\n{pod(NAME)}",
        f"!!null {pod(UNSIGNED)}\n---\n{pod(NAME)}",
        f"kind: Pod\nspec: {{containers: !!null [{{image: '{UNSIGNED}'}}]}}\n---\n{pod(NAME)}",
        f"kind: Pod\nspec: {{containers: [{{image: '{NAME}'}}], volumes: [{{image: {{<<: {{}}}}}}]}}",
        f"kind: Deployment\nspec: {{templat: x}}\n---\n{pod(NAME)}",
        f"kind: List\nitems: [x]\n---\n{pod(NAME)}",
        f"kind: ConfigMap\nitems: [x]\n---\n{pod(NAME)}",
        f"kind: ConfigMap\nitems: []\nItems: []\n---\n{pod(NAME)}",
        f"kind: ConfigMap\nitems: !x []\n---\n{pod(NAME)}",
        f"kind: ConfigMap\n\u212aind: Pod\nspec: {{containers: [{{image: '{UNSIGNED}'}}]}}\n---\n{pod(NAME)}",
        f"apiVersion: v1\nkind: PodList\nitems: [{{kind: ConfigMap, spec: {{containers: [{{image: '{UNSIGNED}'}}]}}}}]\n---\n{pod(NAME)}",
        f"apiVersion: v1\nkind: ConfigMapList\nitems: [{{Kind: Pod, ApiVersion: v1}}]\n---\n{pod(NAME)}",
    ],
)
def test_a_manifest_that_cannot_be_judged_is_an_error(log: Path, manifest: str) -> None:
    status, out, err = check(log, manifest)
    assert status == 2 and err.startswith("error: ") and "verified" not in out


def argo(template: str) -> str:
    return f"apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {{name: w}}\nspec: {{templates: [{template}]}}\n"


def tekton(spec: str, kind: str = "Task") -> str:
    return f"apiVersion: tekton.dev/v1\nkind: {kind}\nmetadata: {{name: t}}\nspec: {spec}\n"


def custom(spec: str, api_version: str = "example.com/v1", kind: str = "Widget") -> str:
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: c}}\nspec: {spec}\n"


def rollout(strategy: str) -> str:
    template = f"{{spec: {{containers: [{{image: '{NAME}'}}]}}}}"
    return custom(f"{{strategy: {strategy}, template: {template}}}", "argoproj.io/v1alpha1", "Rollout")


def knative(traffic: str) -> str:
    template = f"{{spec: {{containers: [{{image: '{NAME}'}}]}}}}"
    return (
        "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: k}\n"
        f"spec: {{traffic: [{{{traffic}, percent: 100}}], template: {template}}}\n"
    )


def volume(source: str) -> str:
    return f"kind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{image: '{NAME}'}}], volumes: [{{name: v, {source}}}]}}"


CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\n"
EVIL = "{apiVersion: v1, kind: Pod, metadata: {name: evil}, spec: {containers: [{image: IMAGE}]}}"

# What brings in an image, `IMAGE`, where it may be overlooked; and the status if that image is a good one.
PLACES = {
    "image volume": (
        0,
        f'{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{{image: "{NAME}"}}],'
        " volumes: [{name: v, image: {reference: IMAGE}}]}}",
    ),
    "cron job": (
        0,
        "apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{image: IMAGE}]}}}}}",
    ),
    "pod template": (0, "apiVersion: v1\nkind: PodTemplate\ntemplate: {spec: {containers: [{image: IMAGE}]}}"),
    "knative": (0, custom("{template: {spec: {containers: [{image: IMAGE}]}}}", "serving.knative.dev/v1", "Service")),
    "step": (0, tekton("{steps: [{name: s, image: IMAGE, script: 'echo'}]}")),
    "step's sidecar": (0, tekton("{steps: [], sidecars: [{name: s, image: IMAGE}]}")),
    "step template": (0, tekton("{stepTemplate: {image: IMAGE}, steps: [{name: s}]}")),
    "step action": (0, tekton("{image: IMAGE}", "StepAction")),
    "pipeline": (0, tekton("{tasks: [{name: a, taskSpec: {steps: [{image: IMAGE}]}}]}", "Pipeline")),
    "argo container": (0, argo("{name: a, container: {image: IMAGE}}")),
    "argo script": (0, argo("{name: a, script: {image: IMAGE, source: x}}")),
    "argo container set": (0, argo("{name: a, containerSet: {containers: [{image: IMAGE}]}}")),
    "argo sidecars": (0, argo("{name: a, initContainers: [{image: IMAGE}], sidecars: [{image: IMAGE}]}")),
    "argo inline": (0, argo("{name: a, steps: [[{name: b, inline: {container: {image: IMAGE}}}]]}")),
    "rollout": (0, custom("{template: {spec: {containers: [{image: IMAGE}]}}}", "argoproj.io/v1alpha1", "Rollout")),
    "custom resource": (3, custom("{image: IMAGE}")),
    "custom resource at the top": (3, "apiVersion: example.com/v1\nkind: Widget\nimage: IMAGE"),
    "custom containers": (3, custom("{pods: [{sidecars: [{Image: IMAGE}]}]}")),
    "kserve": (3, custom("{predictor: {containers: [{image: IMAGE}]}}", "serving.kserve.io/v1beta1", "InferenceService")),
    "another's service": (3, custom("{containers: [{image: IMAGE}]}", "example.com/v1", "Service")),
    "another's config map": (3, custom("{containers: [{image: IMAGE}]}", "example.com/v1", "ConfigMap")),
    "list": (0, "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, spec: {containers: [{image: IMAGE}]}}]"),
    "typed list": (0, "apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: p}, spec: {containers: [{image: IMAGE}]}}]"),
    "list in a list": (
        0,
        "kind: List\nitems: [{kind: List, items: [{apiVersion: v1, kind: Pod, spec: {containers: [{image: IMAGE}]}}]}]",
    ),
    "items of a config map": (0, f"{CONFIG_MAP}items: [{EVIL}]"),
    "items of a service": (0, f"apiVersion: v1\nkind: Service\nspec: {{}}\nitems: [{EVIL}]"),
    "items of a list with a field more": (3, f"apiVersion: v1\nkind: ConfigMapList\ndata: {{}}\nitems: [{EVIL}]"),
    "items of a pod": (0, f"kind: Pod\nspec: {{containers: [{{image: '{NAME}'}}]}}\nitems: [{EVIL}]"),
    "items in capitals": (0, f"{CONFIG_MAP}Items: [{EVIL}]"),
    "items with a long s": (0, f"{CONFIG_MAP}item\u017f: [{EVIL}]"),
    "items of a config map in a list": (
        0,
        f"apiVersion: v1\nkind: List\nitems: [{{apiVersion: v1, kind: ConfigMap, items: [{EVIL}]}}]",
    ),
    "items of a config map of a typed list": (0, f"apiVersion: v1\nkind: ConfigMapList\nitems: [{{items: [{EVIL}]}}]"),
    "items of what is not known": (3, custom("{}") + f"items: [{EVIL}]"),
    "containers with a long s": (0, f"kind: Pod\nspec: {{containers: [{{image: '{NAME}'}}], container\u017f: [{{image: IMAGE}}]}}"),
    "json": (0, '{"apiVersion": "v1", "kind": "Pod", "spec": {"\\u0063ontainers": [{"image": "IMAGE"}]}}'),
    "anchor": (0, "kind: Pod\nmetadata: {labels: {x: &i IMAGE}}\nspec: {containers: [{image: *i}]}"),
    "merged container": (0, "kind: Pod\nbase: &b {image: IMAGE}\nspec: {containers: [{<<: *b, name: a}]}"),
    "merged list": (0, "kind: Pod\nspec: {<<: [{containers: [{image: IMAGE}]}]}"),
    "overridden by a merge": (0, f"kind: Pod\nspec: {{containers: [{{image: '{NAME}', <<: {{image: IMAGE}}}}]}}"),
    "image volume, overridden by a merge": (
        0,
        f'{{apiVersion: v1, kind: Pod, spec: {{containers: [{{image: "{NAME}"}}],'
        f' volumes: [{{image: {{reference: "{NAME}", <<: {{reference: IMAGE}}}}}}]}}}}',
    ),
    "disk and container": (
        0,
        "kind: Pod\nspec: {volumes: [{rbd: &c {image: IMAGE}}], containers: [*c]}",
    ),
    "key in capitals": (0, f"kind: Pod\nspec: {{containers: [{{image: '{NAME}'}}], Containers: [{{Image: IMAGE}}]}}"),
    "object in an object": (
        0,
        "apiVersion: v1\nkind: Pod\nspec: {apiVersion: v1, kind: ConfigMap, containers: [{image: IMAGE}]}",
    ),
    "tagged key": (0, "kind: Pod\nspec: {!!int containers: [{image: IMAGE}]}"),
    "aliased twice": (0, "kind: Pod\nx: &c [{name: a, image: IMAGE}]\nspec: {containers: *c, initContainers: *c}"),
}


@pytest.mark.parametrize(("status", "manifest"), PLACES.values(), ids=PLACES)
def test_no_place_where_an_image_comes_in_is_overlooked(log: Path, status: int, manifest: str) -> None:
    good, bad = manifest.replace("IMAGE", NAME), manifest.replace("IMAGE", UNSIGNED)
    assert good != manifest
    for text in (good, f"{pod(NAME)}\n---\n{good}"):
        found, out, err = check(log, text)
        assert (found, err) == (status, ""), out
        assert ("NOT LOOKED AT" in out) == (status == 3)
    for text in (bad, f"{bad}\n---\n{pod(NAME)}"):
        found, out, err = check(log, text)
        assert (found, err) == (1, "") and UNSIGNED in out and "REFUSED" in out


@pytest.mark.parametrize(
    ("manifest", "named"),
    [
        (custom("{}"), "Widget/c: the kind of example.com/v1 is not known"),
        (custom("{package: xpkg.example/p:v1}", "pkg.crossplane.io/v1", "Provider"), "Provider/c"),
        (custom("{source: {chart: x}}", "argoproj.io/v1alpha1", "Application"), "Application/c"),
        ("kind: Kustomization\nimages: [{name: a, newTag: b}]", "Kustomization/? images: may be an image"),
        (custom("{image: {repository: a, tag: b}}"), "Widget/c spec.image: is no image's name"),
        (custom("{image: 123}"), "Widget/c spec.image: is no image's name"),
        (custom("{baseImage: a}"), "Widget/c spec.baseImage: may be an image"),
        (custom("{containers: x}"), "Widget/c spec.containers: is no list"),
        (custom("{containers: [{name: x}]}"), "Widget/c spec.containers[0]: has no image"),
        (tekton("{steps: [{ref: {name: x}}]}"), "Task/t spec.steps[0].ref: brings in what stands elsewhere"),
        (tekton("{taskRef: {name: x}}", "TaskRun"), "TaskRun/t spec.taskRef"),
        (tekton("{pipelineRef: {resolver: git}}", "PipelineRun"), "PipelineRun/t spec.pipelineRef"),
        (argo("{name: a, steps: [[{name: b, templateRef: {name: c, template: d}}]]}"), "templateRef"),
        (argo("{name: a, container: {args: [x]}}"), "Workflow/w spec.templates[0].container: has no image"),
        (argo("{name: a, resource: {action: create, manifest: 'kind: Pod'}}"), "resource.manifest"),
        (argo("{name: a, podSpecPatch: x}"), "podSpecPatch"),
        (
            json.dumps(json.loads(pod(NAME)) | {"metadata": {"annotations": {"sidecar.example/proxyImage": "x"}}}),
            "Pod/? metadata.annotations.sidecar.example/proxyImage: may be an image",
        ),
        ("apiVersion: v1\nkind: Namespace\nmetadata: {annotations: {x/proxy-image: y}}", "metadata.annotations.x/proxy-image"),
        ("kind: List\napiVersion: example.com/v1\nitems: []", "List/?"),
        (f"{CONFIG_MAP}items: {{a: b}}", "ConfigMap/s items: is no list"),
        (rollout("{canary: {steps: [{analysis: {templates: [{templateName: x}]}}]}}"), "templates[0].templateName: brings in"),
        (rollout("{canary: {steps: [{experiment: {analyses: [{name: a, templateName: x}]}}]}}"), "analyses[0].templateName: brings in"),
        (rollout("{canary: {steps: [{experiment: {templates: [{specRef: stable}]}}]}}"), "templates[0].specRef: brings in"),
        (rollout("{canary: {steps: [{plugin: {name: x}}]}}"), "steps[0].plugin: brings in"),
        (rollout("{blueGreen: {prePromotionAnalysis: {templates: [{<<: {templateName: x}}]}}}"), "templateName: brings in"),
        (knative("revisionName: old"), "Service/k spec.traffic[0].revisionName: brings in"),
        (knative("configurationName: x"), "Service/k spec.traffic[0].configurationName: brings in"),
        (tekton("{tasks: [{taskSpec: {apiVersion: custom.dev/v1, spec: {}}}]}", "Pipeline"), "tasks[0].taskSpec: is of a kind of its own"),
        (tekton("{tasks: [{taskSpec: {<<: {Kind: Evil}}}]}", "Pipeline"), "tasks[0].taskSpec: is of a kind of its own"),
        (tekton("{steps: [{customRef: {name: x}}]}"), "Task/t spec.steps[0].customRef: brings in"),
        (tekton("{tasks: [{ta\u017fkRef: {name: x}}]}", "Pipeline"), "tasks[0].ta\u017fkRef: brings in"),
        (tekton("{t\u0430skThing: {name: x}}"), "Task/t spec.t\u0430skThing: is not in ASCII"),
        (argo("{name: a, resource: {action: create, flags: [-f, 'https://x']}}"), "resource.flags: brings in"),
        (argo("{name: a, selector: {templateRef: {name: x}}}"), "selector.templateRef: brings in"),
        (argo("{name: a, annotations: {templateRef: {name: x}}}"), "annotations.templateRef: brings in"),
        (argo("{name: a, plugin: {x: {}}}"), "templates[0].plugin: brings in"),
        (volume("csi: {driver: csi-image.warm-metal.tech, volumeAttributes: {ref: x}}"), "spec.volumes[0].csi: is a volume of a driver"),
        (volume("csi: {driver: nfs.csi.k8s.io, <<: {driver: x}}"), "spec.volumes[0].csi: is a volume of a driver"),
        (volume("csi: {<<: {driver: nfs.csi.k8s.io}}"), "spec.volumes[0].csi: is a volume of a driver"),
        (volume("flexVolume: {driver: x}"), "spec.volumes[0].flexVolume: is a volume of a driver"),
        (
            "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {csi: {driver: csi-image.warm-metal.tech}}",
            "PersistentVolume/v spec.csi: is a volume of a driver",
        ),
    ],
)
def test_what_is_not_looked_at_is_named_and_has_its_own_status(log: Path, manifest: str, named: str) -> None:
    for text in (manifest, f"{manifest}\n---\n{pod(NAME)}"):
        status, out, err = check(log, text)
        assert (status, err) == (3, "")
        assert f"NOT LOOKED AT: {named}" in out or (named in out and "NOT LOOKED AT: " in out)
        assert out.splitlines()[-1].endswith(" NOT LOOKED AT")
    status, out, _ = check(log, f"{manifest}\n---\n{pod(UNSIGNED)}")
    assert status == 1 and "NOT LOOKED AT" in out


@pytest.mark.parametrize(
    "idle",
    [
        "apiVersion: v1\nkind: ConfigMap\ndata: {containers: 'a,b', image: x, config: '='}",
        "apiVersion: v1\nkind: Secret\nstringData: {image: x}\ndata: {a: !!binary eA==}",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {versions: [{schema: {openAPIV3Schema:"
        " {properties: {containers: {type: array}, image: {type: string}, op: {enum: [=, '!=']}}}}}]}",
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nspec: {}",
        "apiVersion: v1\nkind: ConfigMapList\nitems: [{data: {containers: x}}]",
        "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: ConfigMap, data: {containers: x}}]",
        "apiVersion: v1\nkind: PersistentVolume\nspec: {rbd: {image: disk}}",
    ],
)
def test_what_runs_nothing_is_no_error_and_is_named(log: Path, idle: str) -> None:
    status, out, err = check(log, f"{idle}\n---\n{pod(NAME)}")
    assert (status, err) == (0, "") and "1 of 1 images verified" in out
    assert "these run nothing: " in out


@pytest.mark.parametrize(
    "harmless",
    [
        "op: =",
        "day: 2024-13-45",
        "1: x\non: y\nno: z",
        "nodeSelector: {image: disk}",
        "volumes: [{name: v, rbd: {image: disk, monitors: []}}]",
        "imagePullSecrets: [{name: x}]",
        "env: [{name: x, valueFrom: {secretKeyRef: {name: y, key: z}, fieldRef: {fieldPath: a}}}]",
        "volumes: [{name: v, configMap: {items: [{key: a, path: b}]}}]",
        "volumes: [{name: v, csi: {driver: secrets-store.csi.k8s.io, nodePublishSecretRef: {name: x}}}]",
        "nodeSelector: {x/hausgr\u00f6\u00dfe: y, x/ref: z}",
        "initContainers:",
        "number: " + "9" * 10_000,
    ],
)
def test_what_other_readers_take_is_no_error(log: Path, harmless: str) -> None:
    indented = harmless.replace("\n", "\n  ")
    status, out, err = check(log, f"kind: Pod\nspec:\n  containers: [{{image: '{NAME}'}}]\n  {indented}\n")
    assert (status, err) == (0, "") and "1 of 1 images verified" in out


def test_what_an_alias_repeats_is_listed_once(log: Path) -> None:
    for manifest in (
        f"kind: Pod\nx: &c [{{image: '{NAME}'}}]\nspec: {{containers: *c, initContainers: *c}}",
        f"kind: Pod\nx: &b {{image: '{NAME}'}}\nspec: {{containers: [{{<<: *b}}, {{<<: *b}}]}}",
    ):
        assert check(log, manifest)[1].endswith("\n1 of 1 images verified\n")
    two = f"kind: Pod\nx: &i '{NAME}'\nspec: {{containers: [{{image: *i}}, {{image: *i}}]}}"
    assert check(log, two)[1].endswith("\n2 of 2 images verified\n")


def test_a_template_that_was_not_rendered_is_refused(log: Path) -> None:
    for image in ("'{{ .Values.image }}'", "$(params.image)", "'{{inputs.parameters.image}}'", "${IMAGE}"):
        status, out, _ = check(log, f"kind: Pod\nspec:\n  containers:\n  - image: {image}\n")
        assert status == 1 and "malformed_name" in out
    status, _, err = check(log, "kind: Pod\nspec:\n  containers:\n  - image: {{ .Values.image }}")
    assert status == 2 and "line 4" in err and "template" in err


ALIASES = "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefghi", "bcdefghij"))
BOMBS = {
    "in a config map": "kind: ConfigMap\na: &a [x]\n" + ALIASES,
    "in a pod": f"kind: Pod\nspec: {{containers: [{{image: '{NAME}'}}]}}\na: &a [x]\n" + ALIASES,
    "of containers": f"kind: Pod\na: &a [{{image: '{NAME}'}}]\n" + ALIASES + "spec: {containers: [{<<: *j}]}\n",
    "of lists": "kind: List\nitems:\n- &a {kind: Pod, spec: {containers: [{image: x}]}}\n"
    + "".join(f"- &{b} {{kind: List, items: [{', '.join([f'*{a}'] * 9)}]}}\n" for a, b in zip("abcdefghi", "bcdefghij")),
    "of names": "kind: Pod\na: &a {" + ", ".join(f"k{n}: [x]" for n in range(500)) + "}\n"
    + "".join(f"f{n}: *a\n" for n in range(500)),
    "deep": "kind: Pod\na0: &a0 x\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 500)),
    "brackets": "[" * 50_000,
    "braces": "kind: Pod\nspec: " + "{a: " * 50_000,
    "dashes": "- " * 50_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_ends_soon(bomb: str) -> None:
    """The time of this process, which others on the machine do not lengthen."""
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); import scan_manifest as s; text = sys.stdin.read()\n"
        "start = time.process_time()\n"
        "try: found = len(s.read_manifest(text).images)\n"
        "except s.Refused as refused: found = 0\n"
        "print(time.process_time() - start, found)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, EXAMPLE.parent], input=bomb, capture_output=True, text=True, check=True, timeout=60
    )
    seconds, found = done.stdout.split()
    assert float(seconds) < 1 and int(found) <= 1


def test_a_long_key_is_not_written_down_for_each_finding(log: Path) -> None:
    long, count = "k" * 400_000, 2_000
    images = ", ".join(f"image{n}: x" for n in range(count))
    for manifest in (
        f"kind: Pod\nmetadata: {{? {long} : {{{images}}}}}\nspec: {{containers: [{{image: '{NAME}'}}]}}",
        f"kind: Pod\nmetadata: {{name: {long}, x: {{{images}}}}}\nspec: {{containers: [{{image: '{NAME}'}}]}}",
        custom(f"{{a: {{{images}}}}}", kind=long) + f"---\n{pod(NAME)}",
    ):
        found = scan_manifest.read_manifest(manifest)
        assert max(map(len, found.not_looked_at)) < 1_500
        status, out, err = check(log, manifest)
        assert (status, err) == (3, "") and len(out) < 1_000_000
        assert f"... and {len(found.not_looked_at) - 1_000} more NOT LOOKED AT\n" in out
        assert out.endswith(f", {len(found.not_looked_at)} NOT LOOKED AT\n") and len(found.not_looked_at) >= count


def test_of_too_many_images_the_refused_are_printed_first(log: Path) -> None:
    status, out, _ = check(log, pod(*[NAME] * 1_500, UNSIGNED))
    assert status == 1 and "REFUSED  no_signature  Pod/p spec.containers[1500].image" in out
    assert "... and 501 more images\n" in out and out.endswith("\n1500 of 1501 images verified, 1 REFUSED\n")
    long = "x" * 400_000
    status, out, _ = check(log, f"kind: Pod\nx: &i {long}\nspec: {{containers: [{', '.join(['{image: *i}'] * 1_500)}]}}")
    assert status == 1 and len(out) < 2_000_000 and out.endswith(", 1500 REFUSED\n")


def test_a_claim_does_not_write_to_the_terminal() -> None:
    for text in ("a\nverified", "a\x1b[2J", "\u202ea", "\u200ba", "\u061ca", "\U000e0041", "\ufff9", "\xad"):
        printed = scan_manifest.printable(text)
        assert "\\" in printed and printed.isprintable()
    assert scan_manifest.printable("endorlabs/monorepo, ä") == "endorlabs/monorepo, ä"


@pytest.mark.parametrize("scope", ["artifact", "digest"])
def test_a_revocation_reaches_as_far_as_the_policy_says(tmp_path: Path, scope: str) -> None:
    """The log's records of the digest are all found, under whichever name."""
    [record] = json.loads((FILES / "log.json").read_text())
    mirror = record | {"artifact_name": "mirror/" + NAME, "revoked": True}
    (tmp_path / "records.json").write_text(json.dumps([record, mirror]))
    policy = json.loads((FILES / "policy.json").read_text()) | {"revocation_scope": scope}
    (tmp_path / "policy.json").write_text(json.dumps(policy))
    (tmp_path / "pod.yaml").write_text(pod(NAME))
    path = tmp_path / "log.db"
    assert run("append", path, tmp_path / "records.json")[0] == 0
    status, out, _ = run(
        "check", path, "--root", FILES / "root.pem", "--policy", tmp_path / "policy.json", tmp_path / "pod.yaml"
    )
    assert (status, "revoked_signature" in out) == ((1, True) if scope == "digest" else (0, False))


@pytest.mark.parametrize("withdrawn", ["revoked", "blocklisted"])
def test_a_withdrawn_digest_is_found_however_it_is_written(tmp_path: Path, withdrawn: str) -> None:
    [record] = json.loads((FILES / "log.json").read_text())
    policy = json.loads((FILES / "policy.json").read_text()) | {"revocation_scope": "digest"}
    (tmp_path / "policy.json").write_text(json.dumps(policy))
    (tmp_path / "pod.yaml").write_text(pod(NAME))
    digest = NAME.partition("@")[2]
    other = digest.replace("c", "d")
    for number, (name, status) in enumerate(
        [
            (f"mirror/image@{digest.upper()}", 1),
            (f"mirror/image@{digest} ", 1),
            (f"mirror/image@{digest}\n", 1),
            (f"mirror/image@{digest}@{other}", 1),
            (f"mirror/image\0@{digest}\0", 1),
            (digest, 1),
            (f"mirror/image@{other}", 0),
        ]
    ):
        path, records = tmp_path / f"{number}.db", tmp_path / "records.json"
        records.write_text(json.dumps([record, record | {"artifact_name": name, withdrawn: True}]))
        assert run("append", path, records)[0] == 0
        assert (
            run("check", path, "--root", FILES / "root.pem", "--policy", tmp_path / "policy.json", tmp_path / "pod.yaml")[0]
            == status
        ), name


@pytest.mark.parametrize("name", [NAME.upper(), NAME + "\0x", NAME + " of yesterday", "image", ""])
def test_a_record_is_revoked_by_the_name_that_it_has(tmp_path: Path, name: str) -> None:
    [record] = json.loads((FILES / "log.json").read_text())
    (tmp_path / "records.json").write_text(json.dumps([record, record | {"artifact_name": name}]))
    path = tmp_path / "log.db"
    assert run("append", path, tmp_path / "records.json")[0] == 0
    assert run("revoke", path, name, "refs/tags/v1.6.216") == (0, "1 signatures revoked\n", "")


SHARED_FAULTS = ROOT.parent / "shared" / "faults"


@pytest.mark.skipif(not SHARED_FAULTS.exists(), reason="the shared inputs are not here")
def test_the_shared_manifests(log: Path) -> None:
    wanted = {"03": 1, "05": 0, "06": 0, "07": 0}
    files = [file for folder in wanted for file in sorted((SHARED_FAULTS / folder).glob("*.yaml"))]
    for file in files:
        path = log.with_name(f"{file.parent.name}.db")
        run("append", path, file.with_name("log.json"))
        status, out, err = run(
            "check", path, "--root", file.with_name("root.pem"), "--policy", file.with_name("policy.json"), file
        )
        assert status == wanted[file.parent.name], (file, out, err)
    print(f"{len(files)} shared manifests")
    assert files


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

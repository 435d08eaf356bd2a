"""What the documentation says: the READMEs' lines run, the stub's docstrings are the module's, importing is quick."""

from __future__ import annotations

import ast
import inspect
import re
import statistics
import subprocess
import sys
import time
from importlib.metadata import files, version
from pathlib import Path

import pytest
from common import ROOT

import countermark
from countermark import _countermark

STUB = Path(_countermark.__file__).with_name("_countermark.pyi")


@pytest.mark.parametrize("readme", ["README.md", "bindings-python/README.md"])
def test_the_python_lines_of_a_readme_run_and_print_what_it_says(readme: str) -> None:
    """The blocks are one program. A block of text right after one is what that prints."""
    blocks = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", (ROOT / readme).read_text(), re.DOTALL)
    program = "print('-' * 9)\n".join(block for block, _ in blocks)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("endorlabs 2024-03-22T") and "revoked_signature" in done.stdout
    printed = done.stdout.split("-" * 9 + "\n")
    assert len(printed) == len(blocks)
    for found, (block, said) in zip(printed, blocks):
        assert found == said or not said, block
    if readme.startswith("bindings-python"):
        assert all(said for _, said in blocks)


def test_the_claims_names_stand_in_the_readme() -> None:
    readme = (ROOT / "bindings-python" / "README.md").read_text()
    section = re.search(r"## Claims\n(.*?)\n## ", readme, re.DOTALL)
    assert section
    words = set(re.findall(r"`(\w+)`", section[1])) - {"claims", "Glob", "AnyOf", "provenance"}
    source = (ROOT / "core" / "src" / "signer" / "claim.rs").read_text()
    known = set(re.findall(r'^    [A-Z]\w+ "([a-z_]+)" "', source, re.MULTILINE))
    known |= {"certificate_identity", "certificate_oidc_issuer"}
    assert words == known and len(known) == 19
    for name in known - {"certificate_oidc_issuer"}:
        assert countermark.SignerPolicy("https://issuer", claims={name: "x"}).claims == {name: "x"}
    with pytest.raises(countermark.MalformedInput):
        countermark.SignerPolicy("https://issuer", claims={"certificate_oidc_issuer": "x"})


def test_the_documentation_of_verify_many_begins_with_how_to_tell_results_apart() -> None:
    first, _, _ = (inspect.getdoc(countermark.Verifier.verify_many) or "").partition("\n\n")
    assert "isinstance(result, Verified)" in first
    readme = (ROOT / "bindings-python" / "README.md").read_text()
    assert "\n\n**`isinstance(result, Verified)` tells" in readme.partition("## Many at once")[2]


def test_the_stub_has_the_modules_docstrings() -> None:
    def check(node: ast.ClassDef | ast.FunctionDef, runtime: object) -> None:
        assert ast.get_docstring(node) == inspect.getdoc(runtime), node.name
        assert inspect.getdoc(runtime), node.name

    for node in ast.parse(STUB.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            check(node, getattr(countermark, node.name))
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            kind = getattr(countermark, node.name)
            check(node, kind)
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and not member.name.startswith("__"):
                    check(member, getattr(kind, member.name))


def test_the_literals_of_the_stub_are_the_table() -> None:
    text = STUB.read_text()
    for name, code in countermark.CODES.items():
        assert text.count(f'"{name}"') >= 1 and f'"{code.check}"' in text


def test_everything_public_is_exported_and_documented() -> None:
    assert set(countermark.__all__) == {
        name for name in vars(countermark) if not name.startswith("_")
    } | {"__version__"}
    assert set(_countermark.__all__) <= set(countermark.__all__)
    assert countermark.__doc__


def test_the_wheel_is_typed_and_has_the_workspaces_version() -> None:
    workspace = re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    assert workspace and countermark.__version__ == version("countermark") == workspace[1]
    assert {"py.typed", "_countermark.pyi"} <= {file.name for file in files("countermark") or ()}


def test_a_bare_import_brings_in_little() -> None:
    code = "import sys; bare = set(sys.modules); import countermark; print(*(set(sys.modules) - bare))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"typing", "json", "re", "enum", "datetime", "inspect", "dataclasses", "collections"}
    assert not heavy & set(done.stdout.split())


def test_importing_and_verifying_for_the_first_time_cost_little() -> None:
    """The medians of runs that take turns; a fifth of the limit on a machine that has nothing else to do."""
    files = ROOT / "testdata" / "quickstart"
    verify = f"""
from countermark import Policy, Verifier, entries_from_json
[entry] = entries_from_json(open({str(files / "log.json")!r}).read())
policy = Policy.from_json(open({str(files / "policy.json")!r}).read())
Verifier(open({str(files / "root.pem")!r}).read()).verify(entry.artifact_name, [entry], policy)
"""

    def once(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return (time.perf_counter() - start) * 1_000

    runs = [(once("pass"), once(verify)) for _ in range(15)]
    bare, full = (statistics.median(times) for times in zip(*runs))
    assert full - bare < 30, f"{full - bare:.1f} ms beyond a bare interpreter"

"""The wheel and the source distribution have the licences, and the notices of all that is linked into the wheel."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from importlib.metadata import distribution
from pathlib import Path

from common import ROOT

NAMES = ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-NOTICES"]


def test_the_wheel_has_the_licences_and_the_notices() -> None:
    wheel = distribution("countermark")
    assert wheel.metadata.get_all("License-File") == NAMES
    for name in NAMES:
        assert wheel.read_text(f"licenses/{name}") == (ROOT / name).read_text(encoding="utf-8"), name


def test_the_source_distribution_has_the_licences_and_the_notices(tmp_path: Path) -> None:
    maturin = [sys.executable, "-m", "maturin", "sdist", "--out", str(tmp_path)]
    subprocess.run(maturin, cwd=ROOT / "bindings-python", check=True, capture_output=True, timeout=300)
    [packed] = tmp_path.iterdir()
    with tarfile.open(packed) as files:
        top = packed.name.removesuffix(".tar.gz")
        for name in NAMES:
            file = files.extractfile(f"{top}/{name}")
            assert file is not None and file.read() == (ROOT / name).read_bytes(), name
        assert {f"{top}/core/LICENSE-APACHE", f"{top}/core/LICENSE-MIT"} <= set(files.getnames())

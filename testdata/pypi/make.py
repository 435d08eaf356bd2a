"""Writes distributions.json: file names of distributions, and what Python's `packaging` reads in each.

Run with packaging 26.4: python make.py > distributions.json
"""

import json
import sys

import packaging
from packaging.utils import parse_sdist_filename, parse_wheel_filename

VERSIONS = """
1 1.0 1.0.0 01.0 1.00 0 0.0 00 1.1 1.10 1.01 v1.0 V1.0 vv1.0 1!1.0 0!1.0 00!1.0 01!1 2!1 !1 1! 1!!1 1..0 .1 1. 1.0.
1.0a 1.0a0 1.0a1 1.0A1 1.0.a1 1.0_a1 1.0alpha1 1.0.alpha.1 1.0_alpha_1 1.0a.1 1.0a_1 1.0a01 1.0ALPHA 1.0alph 1.0a. 1.0a_
1.0a.b 1.0b1 1.0beta1 1.0bet 1.0c1 1.0rc1 1.0RC1 1.0pre1 1.0preview1 1.0previe1 1.0-rc1 1.0_rc_1 1.0..a1 1.0a..1
1.0.post 1.0.post0 1.0.post1 1.0post1 1.0_post1 1.0.post_1 1.0.rev1 1.0.r1 1.0r1 1.0.re1 1.0.Post01 1.0.post.dev 1.0.post.
1.0.dev 1.0.dev0 1.0dev1 1.0_dev1 1.0.dev_1 1.0.DEV01 1.0.deve 1.0.dev1.dev2 1.0.dev1a1 1.0a1dev1 1.0a1.post1.dev1
1.0a1.dev1.post1 1.0a.post 1.0a.post1 1.0a_r1 1.0arev 1.0.post1a1 1.0a1b1
1.0+x 1.0+X 1.0+x.1 1.0+x_1 1.0+x.01 1.0+01 1.0+1 1.0+1a 1.0+01a 1.0+ 1.0+.x 1.0+x. 1.0+x..y 1.0+x+y 1.0+x!y 1.0a.+x
1.0+ubuntu.1 1.0.0+ubuntu.1 1.0a1.post2.dev3+abc.007 2021.01.02 1.0.0.0.0 0.1 1.0x 1.0.x x 1,0 1.0a1.1 1.0- 1 -1
""".split()

NAMES = """
foo Foo FOO foo_bar foo-bar foo.bar Foo.Bar foo__bar foo--bar foo..bar foo-_.bar foobar f 1 1foo foo1 foo_ foo- foo. _foo .foo
foo-1 foo-1.0 foo+bar foo!bar foo/bar foo@bar
""".split()

BUILDS = "0 1 01 001 1a 01a 1A 1_ 1.2 10 a a1 1a2 00 _1 1+b".split()

TAGS = """
py3-none-any PY3-None-Any py2.py3-none-any py3.py2-none-any py2.py3.py2-none-any py3.py2-none-any.x
cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64 cp310-cp310-manylinux2014_x86_64.manylinux_2_17_x86_64
cp310-cp310-manylinux1.manylinux2 cp310-cp310-manylinux2.manylinux1 cp310-cp310-manylinux1
cp310-abi3-win32 cp310-abi3.none-win32 cp310-none.abi3-win32 cp310.abi3-none-win32 cp310-abi3-macosx_10_9_universal2
py3-none-any. py3-none-.any py3-none-a..b .py3-none-any py3.-none-any py3--any -none-any py3-none- 3py-none-any py3.3-none-any
py3-3-3 py3-none
""".split()

ODD = """
foo.whl .whl foo-1.0.whl foo-1.0-py3.whl foo-1.0-py3-none.whl foo-1.0-1-1-py3-none-any.whl foo-1.0-py3-none-any.WHL
foo-1.0-py3-none-any.whl.whl foo-1.0-py3-none-any foo-1.0-py3-none-any.zip -1.0-py3-none-any.whl foo--py3-none-any.whl
foo-1.0.tar.gz foo-1.0.TAR.GZ foo-1.0.tgz foo-1.0.tar.bz2 foo-1.0.tar foo-1.0.gz foo-1.0 foo.tar.gz foo- -1.0.tar.gz .tar.gz
foo-.tar.gz foo-1.0.zip foo-bar-1.0.tar.gz foo-1.0-1.tar.gz foo-1.0-1.0.tar.gz foo-1.0.tar.gz.tar.gz foo-1.0.zip.tar.gz
Foo_Bar-1.0.tar.gz foo.bar-1.0.tar.gz foo_bar-1.0.0.tar.gz foo-1.0rc1.tar.gz foo-1.0.rc.1.tar.gz foo-v1.0.tar.gz
""".split() + ["", "-", "-.whl", "a-1-b-c-d-e-f.whl"]

# What is read more strictly here: characters that no such name has, and source archives of two kinds are two.
STRICTER = [
    "foo- 1.0-py3-none-any.whl",
    "foo-1.0 .tar.gz",
    "föö-1.0-py3-none-any.whl",
    "foo\u0301-1.0.tar.gz",
    "foo bar-1.0.tar.gz",
    "foo/bar-1.0.tar.gz",
    "../foo-1.0.tar.gz",
    "foo-1.0-1 -py3-none-any.whl",
    "foo-1.0-py3-none-a/b.whl",
    "foo-1.0-py3-none-\u00e4.whl",
    "foo-1.0-p\u00ff3-none-any.whl",
]


def read(name):
    try:
        if name.endswith(".whl"):
            project, version, build, tags = parse_wheel_filename(name)
            kind = ["whl", list(build), sorted(map(str, tags))]
        else:
            project, version = parse_sdist_filename(name)
            kind = ["zip" if name.endswith(".zip") else "tar.gz"]
    except ValueError:
        return None
    # Versions of one key are equal to each other.
    key = packaging.utils.canonicalize_version(version)
    assert packaging.version.Version(key) == version
    return [project, key, *kind]


def is_strange(name):
    return not all(character.isascii() and (character.isalnum() or character in "-_.+!") for character in name)


names = [f"foo-{version}-py3-none-any.whl" for version in VERSIONS]
names += [f"foo-{version}.tar.gz" for version in VERSIONS]
names += [f"{name}-1.0-py3-none-any.whl" for name in NAMES]
names += [f"{name}-1.0.tar.gz" for name in NAMES]
names += [f"foo-1.0-{build}-py3-none-any.whl" for build in BUILDS]
names += [f"foo-1.0-{tags}.whl" for tags in TAGS]
names += ODD
read_names = {name: read(name) for name in dict.fromkeys(names)}
stricter = STRICTER + [name for name, found in read_names.items() if found and is_strange(name)]
stricter += [name for name, found in read_names.items() if found and any(c in found[0] for c in "+!@")]
stricter = list(dict.fromkeys(stricter))
assert all(read(name) for name in stricter), [name for name in stricter if not read(name)]
document = {
    "packaging": packaging.__version__,
    "read": {name: found for name, found in read_names.items() if name not in stricter},
    "stricter": stricter,
}
lines = (f"  {json.dumps(name)}: {json.dumps(found)}" for name, found in document["read"].items())
sys.stdout.write(
    f'{{"packaging": "{packaging.__version__}",\n "stricter": {json.dumps(stricter)},\n "read": {{\n'
    + ",\n".join(lines)
    + "\n}}\n"
)

//! `THIRD-PARTY-NOTICES` is made from the crates that are linked into the C library and into the packages for Python and
//! Node, on every platform, and compared with what is committed: it must be that of `Cargo.lock`.
//! `UPDATE_NOTICES=1 cargo test -p countermark-c --test notices` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is distributed as a binary, by the crate that it is built from.
const PACKAGES: [(&str, &str); 3] =
    [("countermark-c", "C"), ("countermark-python", "Python"), ("countermark-node", "Node")];

/// How the files that hold licences and notices are called, in lower case.
const NOTICES: [&str; 7] = ["license", "licence", "unlicense", "copying", "copyright", "notice", "authors"];

const INTRODUCTION: &str = "\
Third-party notices

The C library of countermark and its packages for Python and Node contain the crates that are listed first, in the
versions that Cargo.lock names; each is named with the packages that contain it and with its licence. The texts of the
licences and the notices follow, each once, with the files that hold it.

This file is made by the test bindings-c/tests/notices.rs.

The binaries also contain the standard library of Rust, Apache-2.0 OR MIT, Copyright (c) The Rust Project Contributors
(https://www.rust-lang.org), with what https://github.com/rust-lang/rust/blob/HEAD/COPYRIGHT lists of others.
";

/// The licence of the crates that come without its text.
const MIT: &str = "\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the \"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
";

fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(project(""))
        .args(arguments)
        .arg("--locked")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A crate by its name and version.
type Crate = (String, String);

/// The crates that are linked into each package, with the names of the packages. Build scripts and macros are not.
fn linked() -> BTreeMap<Crate, Vec<&'static str>> {
    let mut linked: BTreeMap<Crate, Vec<&str>> = BTreeMap::new();
    for (package, name) in PACKAGES {
        let edges = ["-e", "normal,no-proc-macro", "--target", "all", "--prefix", "none", "--no-dedupe"];
        let tree = cargo(&[&["tree", "-p", package][..], &edges].concat());
        let crates: BTreeSet<Crate> = tree
            .lines()
            .filter_map(|line| line.split_once(" v"))
            .map(|(name, rest)| (name.to_string(), rest.split(' ').next().unwrap().to_string()))
            .filter(|(name, _)| !name.starts_with("countermark"))
            .collect();
        for of_package in crates {
            linked.entry(of_package).or_default().push(name);
        }
    }
    linked
}

/// The texts in a crate's directory that hold its licence and what it notes, by their path in it.
fn notices(directory: &Path) -> Vec<(String, String)> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for file in std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path()) {
            let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            let name = file.file_name().unwrap().to_string_lossy().to_lowercase();
            if file.is_dir() {
                walk(&file, found);
            } else if NOTICES.iter().any(|notice| name.starts_with(notice))
                && !["rs", "c", "h", "go", "html", "toml", "json", "py", "sh"].contains(&extension)
            {
                found.push(file);
            }
        }
    }
    let mut found = Vec::new();
    walk(directory, &mut found);
    found.sort();
    let text = |path: &PathBuf| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let name = |path: &PathBuf| path.strip_prefix(directory).unwrap().to_string_lossy().replace('\\', "/");
    found.iter().map(|path| (name(path), text(path))).collect()
}

/// Without the differences that do not matter: a text is one text, however its lines are broken.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn made() -> String {
    let metadata: serde_json::Value =
        serde_json::from_str(&cargo(&["metadata", "--format-version", "1"])).unwrap();
    let package = |(name, version): &Crate| {
        let mut packages = metadata["packages"].as_array().unwrap().iter();
        packages.find(|package| package["name"] == **name && package["version"] == **version).unwrap()
    };
    let mut page = String::from(INTRODUCTION) + "\n";
    // Each text, with the files that hold it.
    let mut texts: Vec<(String, Vec<String>)> = Vec::new();
    for (linked, packages) in linked() {
        let package = package(&linked);
        let (name, version) = &linked;
        let licence = package["license"].as_str().unwrap_or_else(|| panic!("{name} names no licence"));
        writeln!(page, "{name} {version} ({}): {licence}", packages.join(", ")).unwrap();
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        let mut notices = notices(manifest.parent().unwrap());
        if notices.is_empty() {
            assert_eq!(licence, "MIT", "{name} comes without the text of its licence");
            let authors: Vec<&str> =
                package["authors"].as_array().unwrap().iter().filter_map(|author| author.as_str()).collect();
            assert!(!authors.is_empty(), "{name} names no author");
            let text = format!("Copyright (c) {}\n\n{MIT}", authors.join(", "));
            notices.push(("the licence that Cargo.toml names".into(), text));
        }
        for (file, text) in notices {
            let holder = format!("{name} {version}: {file}");
            match texts.iter_mut().find(|(known, _)| words(known) == words(&text)) {
                Some((_, holders)) => holders.push(holder),
                None => texts.push((text, vec![holder])),
            }
        }
    }
    for (text, holders) in texts {
        writeln!(page, "\n{}", "=".repeat(100)).unwrap();
        for holder in holders {
            writeln!(page, "{holder}").unwrap();
        }
        writeln!(page).unwrap();
        for line in text.trim_end().lines() {
            writeln!(page, "{}", line.trim_end()).unwrap();
        }
    }
    page
}

#[test]
fn the_notices_are_those_of_what_is_linked() {
    let path = project("THIRD-PARTY-NOTICES");
    let made = made();
    if std::env::var_os("UPDATE_NOTICES").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).is_ok_and(|committed| committed == made),
        "THIRD-PARTY-NOTICES is stale; run with UPDATE_NOTICES=1"
    );
}

#[test]
fn the_notices_have_what_aws_lc_and_its_parts_ask_for() {
    let notices = std::fs::read_to_string(project("THIRD-PARTY-NOTICES")).unwrap();
    for part in [
        "aws-lc-sys ",
        "aws-lc/third_party/fiat/LICENSE",
        "Copyright Amazon.com, Inc. or its affiliates",
        "Copyright (c) 1998-2011 The OpenSSL Project",
        "Copyright (c) 1995-1998 Eric Young",
        "Jitter Entropy",
        "s2n-bignum",
        "Apache License",
        "pyo3 ",
        "napi ",
        "windows-link ",
        "The Rust Project Contributors",
    ] {
        assert!(notices.contains(part), "{part}");
    }
}

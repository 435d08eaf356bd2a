//! What runs while somebody builds or installs a part of this project, and what comes with a part of it.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The build scripts that there may be, with all that they do.
const BUILD_SCRIPTS: &[(&str, &str)] = &[("bindings-node/build.rs", "fn main() { napi_build::setup(); }")];

/// The project's files of these names, by their path in it.
fn files(names: &[&str]) -> Vec<(String, PathBuf)> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for file in std::fs::read_dir(directory).unwrap().map(|file| file.unwrap()) {
            let name = file.file_name();
            let is_ours = !matches!(name.to_str(), Some("target" | ".git" | "node_modules" | ".venv"));
            if file.file_type().unwrap().is_dir() && is_ours {
                walk(&file.path(), found);
            } else if file.file_type().unwrap().is_file() {
                found.push(file.path());
            }
        }
    }
    let root = common::testdata("..").canonicalize().unwrap();
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.retain(|path| names.iter().any(|name| path.file_name().unwrap() == *name));
    let in_project = |path: &PathBuf| path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
    found.into_iter().map(|path| (in_project(&path), path)).collect()
}

fn code(source: &str) -> String {
    let lines = source.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

#[test]
fn no_build_script_does_more_than_is_known() {
    for (name, path) in files(&["build.rs"]) {
        let allowed = BUILD_SCRIPTS.iter().find(|(allowed, _)| *allowed == name);
        let (_, expected) = allowed.unwrap_or_else(|| panic!("{name} is a build script that is not listed"));
        assert_eq!(code(&std::fs::read_to_string(path).unwrap()), *expected, "{name}");
    }
    // Nor does a manifest name one that is called otherwise.
    let manifests = files(&["Cargo.toml"]);
    assert!(manifests.iter().any(|(name, _)| name == "core/Cargo.toml"));
    for (name, path) in manifests {
        let manifest = std::fs::read_to_string(path).unwrap();
        let named = manifest.lines().any(|line| line.split('=').next().unwrap().trim() == "build");
        assert!(!named, "{name} names a build script");
    }
}

#[test]
fn no_package_runs_anything_when_it_is_installed() {
    for (name, path) in files(&["package.json"]) {
        let package: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        for script in ["preinstall", "install", "postinstall", "prepare", "prepublish"] {
            assert!(package["scripts"][script].is_null(), "{name} has a script {script:?}");
        }
    }
    assert_eq!(files(&["setup.py", "binding.gyp"]), [], "they run when the package is installed");
}

/// Both licences ask that their text goes with copies.
#[test]
fn every_crate_is_packaged_with_its_licences() {
    let root = common::testdata("..").canonicalize().unwrap();
    for (package, directory) in [("countermark", "core"), ("countermark-signing", "signing")] {
        let arguments = ["package", "--list", "--allow-dirty", "--locked", "-p", package];
        let output = Command::new(env!("CARGO")).current_dir(&root).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let packaged = String::from_utf8(output.stdout).unwrap();
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            assert!(packaged.lines().any(|file| file == licence), "{package} has no {licence}");
            let text = |path: PathBuf| std::fs::read(path).unwrap();
            assert_eq!(text(root.join(directory).join(licence)), text(root.join(licence)), "{package}");
        }
    }
}

/// The tests come with the crate `countermark`, and so does what they read (`make published` runs them there).
#[test]
fn the_tests_are_packaged_with_their_data() {
    let root = common::testdata("..").canonicalize().unwrap();
    let arguments = ["package", "--list", "--allow-dirty", "--locked", "-p", "countermark"];
    let output = Command::new(env!("CARGO")).current_dir(&root).args(arguments).output().unwrap();
    let packaged = String::from_utf8(output.stdout).unwrap();
    let vectors = std::fs::read_dir(root.join("testdata/vectors")).unwrap().count();
    assert_eq!(packaged.lines().filter(|file| file.starts_with("testdata/vectors/")).count(), vectors);
    assert!(packaged.lines().any(|file| file == "tests/vectors.rs"));
    // Those that look at the whole repository stay where it is.
    for test in std::fs::read_dir(root.join("core/tests")).unwrap().map(|test| test.unwrap()) {
        let name = test.file_name().into_string().unwrap();
        if name.ends_with(".rs") && std::fs::read_to_string(test.path()).unwrap().contains(r#"testdata(".."#)
        {
            assert!(
                !packaged.lines().any(|file| file == format!("tests/{name}")),
                "{name} needs the repository"
            );
        }
    }
}

/// The crates that are linked into a program with these features of `countermark`, itself included.
fn linked(features: &[&str]) -> Vec<String> {
    let root = common::testdata("..").canonicalize().unwrap();
    let arguments = "tree --locked -p countermark -e normal,no-proc-macro --prefix none --format {p}";
    // What a crate brings depends on the machine, too.
    let target = ["--target", "x86_64-unknown-linux-gnu"];
    let arguments = arguments.split(' ').chain(target).chain(features.iter().copied());
    let output = Command::new(env!("CARGO")).current_dir(&root).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let mut crates: Vec<String> =
        tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_string).collect();
    crates.sort();
    crates.dedup();
    crates
}

/// Whoever wants none of Sigstore's bundles links none of what they bring.
#[test]
fn bundles_bring_three_crates_and_the_rest_are_forty() {
    let without = linked(&["--no-default-features", "--features", "std"]);
    assert_eq!(without.len(), 40, "{without:?}");
    let mut with = linked(&[]);
    assert!(without.iter().all(|name| with.contains(name)));
    with.retain(|name| !without.contains(name));
    assert_eq!(with, ["curve25519-dalek", "ed25519", "ed25519-dalek"]);
}

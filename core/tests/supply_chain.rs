//! What runs while somebody builds or installs a part of this project.

mod common;

use std::path::{Path, PathBuf};

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

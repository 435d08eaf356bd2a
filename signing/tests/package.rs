//! The crate as it is published has all that its own tests read.

use std::path::Path;
use std::process::Command;

/// The files of a folder of the crate and of those below it, as paths from the crate.
fn files(folder: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn what_the_tests_read_is_published() {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    if crate_folder.join(".cargo_vcs_info.json").exists() {
        println!("this is the published crate");
        return;
    }
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(crate_folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap().replace('\\', "/");
    let mut found = Vec::new();
    ["src", "tests", "examples", "testdata"].iter().for_each(|folder| files(folder, &mut found));
    assert!(found.len() > 40, "{found:?}");
    for file in found.iter().filter(|file| !file.contains("__pycache__")) {
        assert!(listed.lines().any(|line| line == file), "{file} is not published");
    }
}

//! The house: its rooms stand one above the other, each knows those below it, and no two files know each other.
//!
//! The plan is in CONTRIBUTING.md. What counts is what a file imports or names by a path; not its comments, its texts
//! and its unit tests.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The floors of the core, the highest first. A room or file knows those of lower floors and of its own.
const FLOORS: &[&[&str]] = &[
    &["lib"],
    &["verifier"],
    &["verify", "verify_bundle", "selection"],
    &["outcome"],
    &["sigstore"],
    &["evidence"],
    &["chain"],
    &["policy"],
    &["record"],
    &["signer"],
    &["rejection"],
    &["artifact"],
    &["crypto"],
    &["x509"],
    &["artifact_name"],
    &["text"],
    &["malformed", "period", "timestamp", "code", "limits", "verify_many"],
];

/// The most files beside the rooms.
const MOST_FILES_BESIDE_ROOMS: usize = 14;

/// The path of each file below `src`, without its ending, and its source.
type Sources = BTreeMap<String, String>;

/// Which files each file imports from.
type Imports = BTreeMap<String, BTreeSet<String>>;

fn sources(package: &str) -> Sources {
    fn walk(directory: &Path, prefix: &str, found: &mut Sources) {
        for file in fs::read_dir(directory).unwrap().map(Result::unwrap) {
            let name = file.file_name().into_string().unwrap();
            if file.file_type().unwrap().is_dir() {
                walk(&file.path(), &format!("{prefix}{name}/"), found);
            } else if let Some(name) = name.strip_suffix(".rs") {
                found.insert(format!("{prefix}{name}"), fs::read_to_string(file.path()).unwrap());
            }
        }
    }
    let mut found = Sources::new();
    let directory = common::testdata("..").canonicalize().unwrap().join(package).join("src");
    if directory.is_dir() {
        walk(&directory, "", &mut found);
    }
    found
}

/// The words, `::` and single other characters of a source, without comments, texts and characters.
fn tokens(source: &str) -> Vec<String> {
    let characters: Vec<char> = source.chars().collect();
    let at = |position: usize| characters.get(position).copied().unwrap_or('\0');
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let (mut tokens, mut position) = (Vec::new(), 0);
    while position < characters.len() {
        let character = at(position);
        if character == '/' && at(position + 1) == '/' {
            while position < characters.len() && at(position) != '\n' {
                position += 1;
            }
        } else if character == '/' && at(position + 1) == '*' {
            while position < characters.len() && !(at(position) == '*' && at(position + 1) == '/') {
                position += 1;
            }
            position += 2;
        } else if character == '"' {
            position += 1;
            while position < characters.len() && at(position) != '"' {
                position += if at(position) == '\\' { 2 } else { 1 };
            }
            position += 1;
        } else if character == '\'' && at(position + 1) == '\\' {
            position += 3;
            while position < characters.len() && at(position) != '\'' {
                position += 1;
            }
            position += 1;
        } else if character == '\'' && at(position + 2) == '\'' {
            position += 3;
        } else if is_word(character) {
            let start = position;
            while is_word(at(position)) {
                position += 1;
            }
            let word: String = characters[start..position].iter().collect();
            let hashes = (position..).take_while(|position| at(*position) == '#').count();
            if matches!(word.as_str(), "r" | "br" | "cr") && at(position + hashes) == '"' {
                let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                position += hashes + 1;
                while position < characters.len() && !characters[position..].starts_with(&end) {
                    position += 1;
                }
                position += end.len();
            } else {
                tokens.push(word);
            }
        } else if character == ':' && at(position + 1) == ':' {
            tokens.push("::".to_string());
            position += 2;
        } else {
            if !character.is_whitespace() {
                tokens.push(character.to_string());
            }
            position += 1;
        }
    }
    tokens
}

/// The tokens without the items that are for unit tests alone, and the modules in files of their own among these.
fn without_tests(tokens: Vec<String>) -> (Vec<String>, Vec<String>) {
    let text = |range: &[String]| range.concat();
    let (mut kept, mut test_modules, mut position) = (Vec::new(), Vec::new(), 0);
    while position < tokens.len() {
        let rest = &tokens[position..];
        let starts = text(&rest[..rest.len().min(7)]);
        if !(starts == "#[cfg(test)]" || starts.starts_with("#[cfg(all(test") || starts == "#![cfg(test)") {
            kept.push(tokens[position].clone());
            position += 1;
            continue;
        }
        let mut depth = 0_i32;
        // To the end of the attribute, and on to that of the item.
        while tokens[position] != "]" {
            position += 1;
        }
        if tokens.get(position + 1).is_some_and(|token| token == "mod")
            && tokens.get(position + 3).is_some_and(|token| token == ";")
        {
            test_modules.push(tokens[position + 2].clone());
        }
        loop {
            position += 1;
            match tokens.get(position).map(String::as_str) {
                Some("{" | "(" | "[") => depth += 1,
                Some(")" | "]") => depth -= 1,
                Some("}") if depth == 1 => break,
                Some("}") => depth -= 1,
                Some(";") if depth == 0 => break,
                Some(_) => {}
                None => break,
            }
        }
        position += 1;
    }
    (kept, test_modules)
}

/// The paths that a tree of imports, which stands at this position, comes to.
fn paths(tokens: &[String], position: &mut usize, before: &[String], found: &mut Vec<Vec<String>>) {
    let mut path = before.to_vec();
    loop {
        match tokens.get(*position).map(String::as_str) {
            Some("{") => {
                *position += 1;
                while tokens.get(*position).is_some_and(|token| token != "}") {
                    let start = *position;
                    paths(tokens, position, &path, found);
                    // A name that it is imported as, and commas.
                    while tokens.get(*position).is_some_and(|token| token != "}" && token != ",") {
                        *position += 1;
                    }
                    if tokens.get(*position).is_some_and(|token| token == ",") {
                        *position += 1;
                    }
                    assert!(*position > start, "a tree of imports is not understood");
                }
                *position += 1;
                return;
            }
            Some(word) if word.chars().all(|character| character.is_alphanumeric() || character == '_') => {
                path.push(word.to_string());
                *position += 1;
            }
            _ => break,
        }
        if tokens.get(*position).is_none_or(|token| token != "::") {
            break;
        }
        *position += 1;
    }
    found.push(path);
}

/// The names of the modules that a file is, from the root: none for `lib`.
fn module(file: &str) -> Vec<String> {
    let mut names: Vec<String> = file.split('/').map(str::to_string).collect();
    if matches!(names.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        names.pop();
    }
    names
}

fn imports(sources: &Sources) -> Imports {
    let files: BTreeMap<Vec<String>, &String> = sources.keys().map(|file| (module(file), file)).collect();
    let mut read = BTreeMap::new();
    let mut tests = BTreeSet::new();
    for (file, source) in sources {
        let (tokens, test_modules) = without_tests(tokens(source));
        tests.extend(test_modules.into_iter().map(|name| [module(file), vec![name]].concat()));
        read.insert(file, tokens);
    }
    let mut imports = Imports::new();
    for (file, tokens) in read {
        let here = module(file);
        if tests.contains(&here) {
            continue;
        }
        let declared = |name: &String| {
            tokens.windows(3).any(|window| window[0] == "mod" && window[1] == *name && window[2] == ";")
        };
        let known = imports.entry(file.clone()).or_default();
        // The braces that are open, each with the module that it is the body of, if it is one's.
        let mut open: Vec<Option<&String>> = Vec::new();
        let mut position = 0;
        while position < tokens.len() {
            match tokens[position].as_str() {
                "{" => {
                    let is_module = position >= 2 && tokens[position - 2] == "mod";
                    open.push(is_module.then(|| &tokens[position - 1]));
                }
                "}" => drop(open.pop()),
                _ => {}
            }
            let starts = position.checked_sub(1).is_none_or(|before| tokens[before] != "::")
                && tokens.get(position + 1).is_some_and(|token| token == "::");
            let first = &tokens[position];
            if !(starts && (matches!(first.as_str(), "crate" | "super" | "self") || declared(first))) {
                position += 1;
                continue;
            }
            let mut found = Vec::new();
            paths(&tokens, &mut position, &[], &mut found);
            for path in found {
                let mut base: Vec<String> =
                    here.iter().chain(open.iter().copied().flatten()).cloned().collect();
                let mut rest = path.as_slice();
                while let Some((first, others)) = rest.split_first() {
                    match first.as_str() {
                        "crate" => base.clear(),
                        "super" => drop(base.pop()),
                        "self" => {}
                        _ => break,
                    }
                    rest = others;
                }
                let path = [base.as_slice(), rest].concat();
                let target = (0..=path.len()).rev().find_map(|length| files.get(&path[..length]));
                known.extend(target.filter(|target| **target != file).map(|target| (*target).clone()));
            }
        }
    }
    imports
}

/// Files that import from each other in a circle, if there are any.
fn circle(imports: &Imports) -> Option<Vec<String>> {
    fn search(
        file: &String,
        imports: &Imports,
        way: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = way.iter().position(|earlier| earlier == file) {
            return Some(way[start..].to_vec());
        }
        if done.contains(file) {
            return None;
        }
        way.push(file.clone());
        let found = imports.get(file)?.iter().find_map(|next| search(next, imports, way, done));
        way.pop();
        done.insert(file.clone());
        found
    }
    let (mut way, mut done) = (Vec::new(), BTreeSet::new());
    imports.keys().find_map(|file| search(file, imports, &mut way, &mut done))
}

/// The floor of a file, counted from the highest.
fn floor(file: &str) -> usize {
    let room = file.split('/').next().unwrap();
    FLOORS.iter().position(|floor| floor.contains(&room)).unwrap_or_else(|| panic!("{file} is on no floor"))
}

/// Which files import from a higher floor, and from which there.
fn upwards(imports: &Imports) -> Vec<(String, String)> {
    let edges = imports.iter().flat_map(|(file, known)| known.iter().map(move |known| (file, known)));
    let upwards = edges.filter(|(file, known)| floor(known) < floor(file));
    upwards.map(|(file, known)| (file.clone(), known.clone())).collect()
}

#[test]
fn no_room_knows_one_above_it() {
    let imports = imports(&sources("core"));
    assert!(imports["verify"].contains("chain/path") && imports["chain/path"].contains("crypto/mod"));
    assert!(imports["crypto/mod"].contains("crypto/algorithm"));
    assert_eq!(upwards(&imports), []);
}

#[test]
fn the_plan_that_people_read_is_the_one_that_is_kept() {
    let root = common::testdata("..").canonicalize().unwrap();
    let page = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let (_, table) = page.split_once("| room or file |").unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|') || line.contains("one line"));
    let rooms = rows.filter_map(|row| row.strip_prefix("| `")?.split(" | ").next());
    let rooms = rooms.flat_map(str::split_whitespace).map(|room| {
        let room = room.trim_matches('`');
        room.strip_suffix(".rs").or(room.strip_suffix('/')).unwrap()
    });
    assert_eq!(rooms.collect::<Vec<_>>(), FLOORS.concat());
}

#[test]
fn no_files_of_a_crate_know_each_other_in_a_circle() {
    let root = common::testdata("..").canonicalize().unwrap();
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let members = manifest.lines().find_map(|line| line.strip_prefix("members = ")).unwrap();
    let members: Vec<String> = serde_json::from_str(members).unwrap();
    assert!(members.iter().any(|member| member == "core"));
    for member in members {
        if let Some(circle) = circle(&imports(&sources(&member))) {
            panic!("{member}: {} import from each other in a circle", circle.join(", "));
        }
    }
}

#[test]
fn few_files_stand_beside_the_rooms() {
    let sources = sources("core");
    let beside: Vec<&String> = sources.keys().filter(|file| !file.contains('/')).collect();
    assert!(beside.len() <= MOST_FILES_BESIDE_ROOMS, "{beside:?}");
}

#[test]
fn what_is_against_the_plan_is_found() {
    let sources = |files: &[(&str, &str)]| -> Sources {
        files.iter().map(|(file, source)| ((*file).to_string(), (*source).to_string())).collect()
    };
    let upwards_of = |source: &str| {
        let files = [
            ("lib", "mod x509; pub use x509::oid::Oid;"),
            ("x509/mod", ""),
            ("x509/oid", source),
            ("x509/fault", ""),
            ("crypto/mod", ""),
            ("code", ""),
        ];
        upwards(&imports(&sources(&files)))
    };
    for source in [
        "use crate::crypto::sha256;",
        "use crate::{code::Code, crypto::{self as other}};",
        "use super::super::crypto;",
        "fn hash() { crate::crypto::sha256(b\"\\\"\") }",
        "mod arcs { use super::super::super::crypto; }",
        "const QUOTE: char = '\"'; use crate::crypto::sha256; const OTHER: char = '\"';",
        "const TEXT: &str = r#\"\"\"#; use crate::crypto::sha256;",
        "#[cfg(test)] mod tests { } use crate::crypto::sha256;",
        "#[cfg(any(test, unix))] use crate::crypto::sha256;",
    ] {
        assert_eq!(upwards_of(source), [("x509/oid".to_string(), "crypto/mod".to_string())], "{source}");
    }
    assert_eq!(upwards_of("use crate::Oid;"), [("x509/oid".to_string(), "lib".to_string())]);
    for source in [
        "use crate::code::Code; use std::crypto::sha256;",
        "// use crate::crypto::sha256;\n/* crate::crypto */",
        "const TEXT: &str = \"use crate::crypto::sha256;\";",
        "#[cfg(test)] mod tests { use crate::crypto::sha256; }",
        "#[cfg(all(test, unix))] use crate::crypto::sha256;",
        "mod arcs { use super::super::fault; }",
    ] {
        assert_eq!(upwards_of(source), [], "{source}");
    }

    let circle_of = |oid: &str, fault: &str| {
        circle(&imports(&sources(&[
            ("x509/mod", "mod fault; mod oid;"),
            ("x509/oid", oid),
            ("x509/fault", fault),
        ])))
    };
    assert_eq!(circle_of("use super::fault::Fault;", ""), None);
    let found = circle_of("use super::fault::Fault;", "use crate::x509::oid;").unwrap();
    assert_eq!(found, ["x509/fault", "x509/oid"]);
}

//! `include/countermark.h` is made from the crate's source, the code table and the conventions, and compared with what
//! is committed. `UPDATE_HEADER=1 cargo test -p countermark-c --test header` writes it.

use countermark::Code;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn read(name: &str) -> String {
    let path = project(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The section "Conventions" of the documentation, as a comment.
fn conventions() -> String {
    let page = read("docs/c.md");
    let (_, conventions) = page.split_once("## Conventions\n\n").unwrap();
    assert!(!conventions.contains("*/") && !conventions.contains("\n#"));
    let mut comment = String::from(
        "/*\n * countermark: verifies keyless artifact signatures, offline.\n *\n * Conventions of all functions\n *\n",
    );
    for line in conventions.lines() {
        writeln!(comment, " * {}", line.replace('`', "")).unwrap();
    }
    comment.replace(" * \n", " *\n") + " */"
}

fn versions_and_codes() -> String {
    let (major, minor, patch) =
        (env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH"));
    let mut text = format!(
        "\n/** The version of this header. */\n\
         #define COUNTERMARK_VERSION \"{major}.{minor}.{patch}\"\n\
         #define COUNTERMARK_VERSION_MAJOR {major}\n\
         #define COUNTERMARK_VERSION_MINOR {minor}\n\
         #define COUNTERMARK_VERSION_PATCH {patch}\n\
         #define COUNTERMARK_VERSION_NUMBER \\\n  \
         (COUNTERMARK_VERSION_MAJOR * 1000000 + COUNTERMARK_VERSION_MINOR * 1000 + COUNTERMARK_VERSION_PATCH)\n\n\
         /* On functions whose result must be looked at. */\n\
         #if defined(__GNUC__)\n\
         #define COUNTERMARK_MUST_USE __attribute__((warn_unused_result))\n\
         #else\n\
         #define COUNTERMARK_MUST_USE\n\
         #endif\n"
    );
    for code in Code::ALL {
        let cause = code.cause();
        let sentence = cause[..1].to_uppercase() + &cause[1..];
        writeln!(
            text,
            "\n/** {sentence}. */\n#define COUNTERMARK_{} {}",
            constant(code.name()),
            code.number()
        )
        .unwrap();
    }
    text
}

fn constant(name: &str) -> String {
    name.to_uppercase()
}

fn header() -> String {
    let config = cbindgen::Config {
        language: cbindgen::Language::C,
        cpp_compat: true,
        pragma_once: false,
        include_guard: Some("COUNTERMARK_H".into()),
        header: Some(conventions()),
        no_includes: true,
        sys_includes: ["stdbool.h", "stddef.h", "stdint.h"].map(String::from).to_vec(),
        after_includes: Some(versions_and_codes()),
        usize_is_size_t: true,
        style: cbindgen::Style::Type,
        line_length: 110,
        tab_width: 4,
        documentation_style: cbindgen::DocumentationStyle::Doxy,
        function: cbindgen::FunctionConfig {
            must_use: Some("COUNTERMARK_MUST_USE".into()),
            args: cbindgen::Layout::Auto,
            sort_by: Some(cbindgen::SortKey::None),
            ..Default::default()
        },
        ..Default::default()
    };
    let mut written = Vec::new();
    cbindgen::Builder::new()
        .with_config(config)
        .with_crate(env!("CARGO_MANIFEST_DIR"))
        .generate()
        .unwrap()
        .write(&mut written);
    let header = String::from_utf8(written).unwrap();
    // Backticks are Markdown's; a C programmer reads the header in an editor.
    reflow(&header.replace('`', ""))
}

/// Puts as many parameters of a declaration on a line as fit, indented by four spaces.
fn reflow(header: &str) -> String {
    const WIDTH: usize = 110;
    let mut reflowed = String::new();
    let mut lines = header.lines();
    while let Some(line) = lines.next() {
        let (Some((start, parameters)), false) =
            (line.split_once('('), line.ends_with(';') || line.starts_with([' ', '#', '/', '(']))
        else {
            reflowed += line;
            reflowed.push('\n');
            continue;
        };
        let mut parameters = parameters.to_string();
        while !parameters.ends_with(';') {
            parameters.push(' ');
            parameters += lines.next().unwrap().trim();
        }
        reflowed += start;
        reflowed += "(";
        let mut column = WIDTH;
        for parameter in parameters.split(", ") {
            if column + parameter.len() + 2 > WIDTH {
                reflowed += "\n   ";
                column = 3;
            }
            reflowed += " ";
            reflowed += parameter;
            reflowed += if parameter.ends_with(';') { "\n" } else { "," };
            column += parameter.len() + 2;
        }
    }
    reflowed
}

#[test]
fn the_header_is_made_from_the_source() {
    let path = project("include/countermark.h");
    let header = header();
    if std::env::var_os("UPDATE_HEADER").is_some() {
        std::fs::write(&path, &header).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).is_ok_and(|committed| committed == header),
        "include/countermark.h is stale; run with UPDATE_HEADER=1"
    );
}

/// The numbers that the committed header gives to names.
fn constants() -> BTreeMap<String, u32> {
    let numbers = read("include/countermark.h");
    let definition = |line: &str| {
        let (name, number) = line.strip_prefix("#define COUNTERMARK_")?.split_once(' ')?;
        Some((name.to_string(), number.parse().ok()?))
    };
    numbers.lines().filter_map(definition).collect()
}

#[test]
fn header_table_and_documentation_have_the_same_codes() {
    let constants = constants();
    let page = read("docs/codes.md");
    for code in Code::ALL {
        assert_eq!(constants[&constant(code.name())], u32::from(code.number()), "{code}");
        assert!(page.contains(&format!("| {} | [`{code}`](#{code}) |", code.number())), "{code}");
    }
    let rows = page.lines().filter(|line| line.starts_with("| ") && line.contains("](#")).count();
    assert_eq!(rows, Code::ALL.len());
    assert_eq!(constants["DONE"], 200);
    assert!(!constants.iter().any(|(name, number)| *number == 0 && !name.starts_with("VERSION_")));
}

/// The functions that the committed header declares.
fn functions() -> Vec<String> {
    let header = read("include/countermark.h");
    let mut functions: Vec<String> = header
        .lines()
        .filter(|line| !line.trim_start().starts_with(['*', '/', '#']))
        .filter_map(|line| line.split_once('('))
        .filter_map(|(before, _)| before.rsplit([' ', '*']).next())
        .filter(|name| name.starts_with("countermark_"))
        .map(String::from)
        .collect();
    functions.sort();
    functions
}

#[test]
fn every_exported_function_is_declared() {
    let mut exported = Vec::new();
    for file in std::fs::read_dir(project("bindings-c/src")).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let unmangled = source.matches("#[unsafe(no_mangle)]").count();
        let names = source.split("extern \"C\" fn ").skip(1).map(|rest| {
            rest.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
        });
        let before = exported.len();
        exported.extend(names.collect::<Vec<String>>());
        assert_eq!(exported.len() - before, unmangled);
    }
    exported.sort();
    assert_eq!(functions(), exported);
}

/// Every function is called with NULLs, and every accessor is used on outcomes.
#[test]
fn the_c_tests_leave_no_function_out() {
    let nulls = read("bindings-c/tests/nulls.c");
    let used = ["api.c", "vectors.c", "threads.c", "message.c", "bundles.c", "bundle_api.c"]
        .map(|file| read(&format!("bindings-c/tests/{file}")));
    for function in functions() {
        let call = format!("{function}(");
        assert!(nulls.contains(&call), "nulls.c does not call {function}");
        assert!(used.iter().any(|file| file.contains(&call)), "no test uses {function}");
    }
}

/// Of every function that has an output for a handle it is tested that it writes NULL there before anything else.
#[test]
fn every_output_is_tested_to_be_cleared() {
    let header = read("include/countermark.h");
    let nulls = read("bindings-c/tests/nulls.c");
    let (_, tests) = nulls.split_once("static void outputs_of_records_are_cleared").unwrap();
    let (tests, _) = tests.split_once("static void malformed(").unwrap();
    let with_outputs: Vec<String> = functions()
        .into_iter()
        .filter(|function| {
            let (_, parameters) = header.split_once(&format!("{function}(")).unwrap();
            parameters.split_once(')').unwrap().0.contains("**")
        })
        .collect();
    assert!(with_outputs.len() >= 20);
    for function in with_outputs {
        assert!(tests.contains(&format!("{function}(")), "{function}");
    }
}

/// The README's lines of C are those of the example, which is compiled and run.
#[test]
fn the_readmes_lines_of_c_are_tested() {
    let readme = read("README.md");
    let (_, block) = readme.split_once("```c\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let example = read("bindings-c/examples/verify.c");
    let lines: Vec<&str> = example.lines().map(str::trim).collect();
    assert!(block.lines().count() >= 20);
    for line in block.lines() {
        assert!(lines.contains(&line.trim()), "{line:?} is not in examples/verify.c");
    }
}

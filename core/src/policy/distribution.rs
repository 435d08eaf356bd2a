//! The file names of PyPI's distributions, wheels and source archives, read as Python's `packaging` reads them.

use crate::limits::MAX_DISTRIBUTION_NAME_BYTES;
use crate::malformed::MalformedInput;
use crate::text::quoting::Excerpt;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;
use core::str::FromStr;

/// A distribution by its file name. Two are the same if what their names say is the same, however it is spelt.
#[derive(Clone, Debug)]
pub(crate) struct Distribution {
    file_name: String,
    project: String,
    version: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// A source archive, which ends so.
    Source(&'static str),
    Wheel {
        /// The number, without zeros before it, and what follows it.
        build: Option<(String, String)>,
        /// Those of interpreters, ABIs and platforms.
        tags: [BTreeSet<String>; 3],
    },
}

/// The text is no distribution's file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoDistribution;

impl Distribution {
    /// The distribution that a policy wants.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the name is no distribution's.
    pub(crate) fn wanted(file_name: &str) -> Result<Self, MalformedInput> {
        file_name.parse().map_err(|NoDistribution| {
            MalformedInput::policy(format!(
                "{} is not the file name of a wheel (.whl) or of a source archive (.tar.gz, .zip)",
                Excerpt(file_name)
            ))
        })
    }

    /// The file name as it was given.
    pub(crate) fn file_name(&self) -> &str {
        &self.file_name
    }
}

impl PartialEq for Distribution {
    fn eq(&self, other: &Self) -> bool {
        self.project == other.project && self.version == other.version && self.kind == other.kind
    }
}

impl Eq for Distribution {}

impl FromStr for Distribution {
    type Err = NoDistribution;

    fn from_str(file_name: &str) -> Result<Self, NoDistribution> {
        if file_name.len() > MAX_DISTRIBUTION_NAME_BYTES {
            return Err(NoDistribution);
        }
        let read = match file_name.strip_suffix(".whl") {
            Some(stem) => wheel(stem),
            None => source_archive(file_name),
        };
        let (project, version, kind) = read.ok_or(NoDistribution)?;
        Ok(Self { file_name: String::from(file_name), project, version, kind })
    }
}

/// `name-version-build-interpreters-abis-platforms`, of which the build may be left away (PEP 427).
fn wheel(stem: &str) -> Option<(String, String, Kind)> {
    let parts: Vec<&str> = stem.split('-').collect();
    let (name, its_version, build, tags) = match *parts.as_slice() {
        [name, version, interpreters, abis, platforms] => {
            (name, version, None, [interpreters, abis, platforms])
        }
        [name, version, build, interpreters, abis, platforms] => {
            (name, version, Some(build), [interpreters, abis, platforms])
        }
        _ => return None,
    };
    if name.contains("__") {
        return None;
    }
    let build = match build {
        Some(build) => Some(build_tag(build)?),
        None => None,
    };
    let [interpreters, abis, platforms] = tags.map(tag_set);
    let interpreters = interpreters.filter(|set| !set.iter().any(|tag| starts_with_digit(tag)))?;
    Some((
        project(name)?,
        version(its_version)?,
        Kind::Wheel { build, tags: [interpreters, abis?, platforms?] },
    ))
}

/// `name-version.tar.gz` (PEP 625), or `.zip` as it was before.
fn source_archive(file_name: &str) -> Option<(String, String, Kind)> {
    let (ending, stem) =
        [".tar.gz", ".zip"].iter().find_map(|ending| Some((*ending, file_name.strip_suffix(ending)?)))?;
    let (name, its_version) = stem.rsplit_once('-')?;
    Some((project(name)?, version(its_version)?, Kind::Source(ending)))
}

/// A project's name, normalised (PEP 503): in lowercase, and each run of `-`, `_` and `.` is one `-`.
fn project(name: &str) -> Option<String> {
    let is_separator = |character: char| matches!(character, '-' | '_' | '.');
    if name.is_empty()
        || !name.chars().all(|character| character.is_ascii_alphanumeric() || is_separator(character))
    {
        return None;
    }
    let mut normalised = String::with_capacity(name.len());
    for character in name.chars() {
        if !is_separator(character) {
            normalised.push(character.to_ascii_lowercase());
        } else if !normalised.ends_with('-') {
            normalised.push('-');
        }
    }
    Some(normalised)
}

/// A build tag, which begins with a number (PEP 427).
fn build_tag(tag: &str) -> Option<(String, String)> {
    let (number, rest) = leading_digits(tag)?;
    let is_good = rest.bytes().all(|byte| byte.is_ascii_graphic());
    is_good.then(|| (String::from(without_zeros(number)), String::from(rest)))
}

/// A compressed set of tags (PEP 425): their order does not matter, nor their case.
fn tag_set(text: &str) -> Option<BTreeSet<String>> {
    let is_tag =
        |tag: &str| !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    text.split('.').map(|tag| is_tag(tag).then(|| tag.to_ascii_lowercase())).collect()
}

/// A version (PEP 440), spelt in one way for all that are equal: normalised, and without zeros at the release's end.
fn version(text: &str) -> Option<String> {
    let lowercase = text.to_ascii_lowercase();
    let mut rest = lowercase.strip_prefix('v').unwrap_or(&lowercase);
    let mut spelt = String::new();
    if let Some((epoch, after)) =
        leading_digits(rest).and_then(|(epoch, rest)| Some((epoch, rest.strip_prefix('!')?)))
    {
        rest = after;
        if without_zeros(epoch) != "0" {
            write!(spelt, "{}!", without_zeros(epoch)).ok()?;
        }
    }

    let (first, after) = leading_digits(rest)?;
    rest = after;
    let mut release = alloc::vec![without_zeros(first)];
    while let Some((number, after)) = rest.strip_prefix('.').and_then(leading_digits) {
        release.push(without_zeros(number));
        rest = after;
    }
    while release.len() > 1 && release.last() == Some(&"0") {
        release.pop();
    }
    spelt.push_str(&release.join("."));

    const PRE_RELEASES: &[(&str, &str)] = &[
        ("alpha", "a"),
        ("a", "a"),
        ("beta", "b"),
        ("b", "b"),
        ("preview", "rc"),
        ("pre", "rc"),
        ("c", "rc"),
        ("rc", "rc"),
    ];
    if let Some((letter, number, after)) = labelled_number(rest, PRE_RELEASES) {
        write!(spelt, "{letter}{number}").ok()?;
        rest = after;
    }
    let implicit_post = rest.strip_prefix('-').and_then(leading_digits);
    if let Some((number, after)) = implicit_post {
        write!(spelt, ".post{}", without_zeros(number)).ok()?;
        rest = after;
    } else if let Some((label, number, after)) =
        labelled_number(rest, &[("post", ".post"), ("rev", ".post"), ("r", ".post")])
    {
        write!(spelt, "{label}{number}").ok()?;
        rest = after;
    }
    if let Some((label, number, after)) = labelled_number(rest, &[("dev", ".dev")]) {
        write!(spelt, "{label}{number}").ok()?;
        rest = after;
    }

    if let Some(local) = rest.strip_prefix('+') {
        let is_segment =
            |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_alphanumeric());
        for (index, segment) in local.split(['-', '_', '.']).enumerate() {
            if !is_segment(segment) {
                return None;
            }
            let is_number = segment.bytes().all(|byte| byte.is_ascii_digit());
            spelt.push(if index == 0 { '+' } else { '.' });
            spelt.push_str(if is_number { without_zeros(segment) } else { segment });
        }
        rest = "";
    }
    rest.is_empty().then_some(spelt)
}

/// One of these labels, with a separator before it if there is one, and the number after it, which is 0 if it is left
/// away; then the rest. The label is given in its one spelling.
fn labelled_number<'a>(
    text: &'a str,
    labels: &[(&str, &'static str)],
) -> Option<(&'static str, &'a str, &'a str)> {
    let after_separator = |text: &'a str| text.strip_prefix(['-', '_', '.']).unwrap_or(text);
    let text = after_separator(text);
    let (spelt, rest) = labels.iter().find_map(|(label, spelt)| Some((*spelt, text.strip_prefix(label)?)))?;
    let rest = after_separator(rest);
    let (number, rest) = leading_digits(rest).unwrap_or(("0", rest));
    Some((spelt, without_zeros(number), rest))
}

/// The digits that a text begins with, at least one, and the rest.
fn leading_digits(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_digit())
}

/// A number without zeros before it.
fn without_zeros(digits: &str) -> &str {
    let number = digits.trim_start_matches('0');
    if number.is_empty() { "0" } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use serde_json::Value;
    use std::collections::BTreeMap;

    fn same(one: &str, other: &str) -> bool {
        one.parse::<Distribution>().unwrap() == other.parse().unwrap()
    }

    #[test]
    fn names_are_read_as_pythons_packaging_reads_them() {
        let table: Value =
            serde_json::from_str(include_str!("../../testdata/pypi/distributions.json")).unwrap();
        let names = table["read"].as_object().unwrap();
        let mut groups: BTreeMap<String, Vec<Distribution>> = BTreeMap::new();
        for (name, read) in names {
            match name.parse::<Distribution>() {
                Ok(distribution) => groups.entry(read.to_string()).or_default().push(distribution),
                Err(NoDistribution) => assert!(read.is_null(), "{name} is {read}"),
            }
        }
        assert!(!groups.contains_key("null"), "{:?}", groups["null"]);
        for (read, group) in &groups {
            for distribution in group {
                for (other_read, others) in &groups {
                    for other in others {
                        assert_eq!(distribution == other, read == other_read, "{distribution:?} {other:?}");
                    }
                }
            }
        }
        assert!(groups.len() > 90 && names.len() > 250, "{} {}", groups.len(), names.len());
        for name in table["stricter"].as_array().unwrap() {
            assert_eq!(name.as_str().unwrap().parse::<Distribution>(), Err(NoDistribution), "{name}");
        }
    }

    #[test]
    fn what_is_spelt_otherwise_is_the_same_and_what_says_otherwise_is_not() {
        assert!(same("Foo.Bar-1.0.tar.gz", "foo_bar-1.0.0.tar.gz"));
        assert!(!same("foo-1.0.tar.gz", "foo-1.0.zip"));
        assert!(!same("foo-1.0-py3-none-any.whl", "foo-1.0.tar.gz"));
        assert!(!same("foo-1.0-py3-none-any.whl", "foo-1.0-1-py3-none-any.whl"));
        assert!(same(
            "foo-1.0-cp3-abi3-manylinux1.manylinux2.whl",
            "foo-1.0-cp3-abi3-manylinux2.manylinux1.whl"
        ));
        assert!(!same("foo-1.0-cp3-abi3-manylinux1.manylinux2.whl", "foo-1.0-cp3-abi3-manylinux1.whl"));
    }

    #[test]
    fn a_name_may_be_as_long_as_the_limit() {
        let name = |length: usize| format!("{}-1.tar.gz", "f".repeat(length - "-1.tar.gz".len()));
        assert!(name(MAX_DISTRIBUTION_NAME_BYTES).parse::<Distribution>().is_ok());
        assert!(name(MAX_DISTRIBUTION_NAME_BYTES + 1).parse::<Distribution>().is_err());
        let refused = Distribution::wanted("foo.exe").unwrap_err();
        assert!(refused.to_string().starts_with("malformed policy: \"foo.exe\" is not the file name"));
    }
}

//! What the tests share: where the data is, and how a vector is run through the public API.

#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

pub mod certificates;
pub mod tokens;

use countermark::{
    ArtifactName, Code, Entry, MalformedInput, Policy, Report, Timestamp, TrustAnchors, Verifier,
};
use serde_core::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A file or directory of the project's test data: the crate's own, also as it is published, or else, for the fuzz
/// targets, the directory beside their crate.
pub fn testdata(name: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = here.join("testdata");
    if own.is_dir() { own.join(name) } else { here.join("../testdata").join(name) }
}

/// A file of the project's test data, read.
pub fn read(name: &str) -> String {
    let path = testdata(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Test data that is not the project's own: what an environment variable names, or else what lies beside the checkout.
pub fn elsewhere(variable: &str, beside: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(beside);
    let path = std::env::var_os(variable).map_or_else(beside, PathBuf::from);
    if !path.exists() {
        assert!(
            std::env::var_os(variable).is_none(),
            "{variable} names {}, which is not there",
            path.display()
        );
        println!("not run: {} is not there; {variable} may name another", path.display());
        return None;
    }
    Some(path)
}

/// The folders that have a `manifest.json` of bundles: the project's own, and another if it is there.
pub fn bundle_folders() -> Vec<PathBuf> {
    let own = testdata("sigstore");
    assert!(own.join("manifest.json").is_file(), "{} has no manifest.json", own.display());
    [own].into_iter().chain(elsewhere("COUNTERMARK_BUNDLES", "sigstore/public")).collect()
}

/// A vector; the texts of its members as they stand, so that a repeated key in them is seen.
pub struct Vector(HashMap<String, Box<RawValue>>);

/// The input of a vector, built.
pub struct Input {
    pub verifier: Verifier,
    pub policy: Policy,
    pub entries: Vec<Entry>,
    pub name: ArtifactName,
    pub now: Option<Timestamp>,
}

impl Vector {
    pub fn read(file: &Path) -> Self {
        let text =
            std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
    }

    pub fn named(id: &str) -> Self {
        Self::read(&testdata(&format!("vectors/{id}.json")))
    }

    /// The JSON of a member.
    pub fn json(&self, member: &str) -> &str {
        self.0[member].get()
    }

    /// A member that is a text, or whatever else it is.
    pub fn get<T: DeserializeOwned>(&self, member: &str) -> Option<T> {
        self.0.get(member).map(|value| serde_json::from_str(value.get()).unwrap())
    }

    pub fn id(&self) -> String {
        self.get("id").unwrap()
    }

    pub fn expected(&self) -> String {
        self.get("expected").unwrap()
    }

    /// Builds the input in the stated order: trust anchors, policy, entries, artifact name.
    pub fn build(&self) -> Result<Input, MalformedInput> {
        let anchors: String = self.get("trust_anchors").unwrap();
        let mut builder = Verifier::builder(TrustAnchors::from_pem(&anchors)?);
        if let Some(pem) = self.get::<String>("intermediates") {
            builder = builder.intermediates_from_pem(&pem)?;
        }
        for digest in self.get::<Vec<String>>("distrusted").unwrap_or_default() {
            builder = builder.distrust_hex(&digest)?;
        }
        Ok(Input {
            verifier: builder.build(),
            policy: Policy::from_json(self.json("policy"))?,
            entries: countermark::entries_from_json(self.json("entries"))?,
            name: self.get::<String>("artifact_name").unwrap().parse()?,
            now: self.get::<String>("now").map(|now| now.parse().unwrap()),
        })
    }

    /// `verified`, or the code of the rejection or of the input error.
    pub fn outcome(&self) -> String {
        let outcome = || -> Result<Code, Code> {
            let input = self.build().map_err(|malformed| malformed.code())?;
            Ok(input.verdict())
        };
        outcome().unwrap_or_else(|code| code).name().to_string()
    }

    /// What `verify` and `examine` say, if the input is not malformed.
    pub fn verdict_and_report(&self) -> Option<(Code, Report)> {
        let input = self.build().ok()?;
        let report = match input.now {
            Some(now) => input.verifier.at(now).examine(&input.name, &input.entries, &input.policy),
            None => input.verifier.examine(&input.name, &input.entries, &input.policy),
        };
        Some((input.verdict(), report))
    }
}

impl Input {
    pub fn verdict(&self) -> Code {
        let result = match self.now {
            Some(now) => self.verifier.at(now).verify(&self.name, &self.entries, &self.policy),
            None => self.verifier.verify(&self.name, &self.entries, &self.policy),
        };
        match result {
            Ok(_) => Code::Verified,
            Err(rejection) => rejection.code(),
        }
    }
}

//! For tests: the collections of bundles, the project's own and the one that `COUNTERMARK_BUNDLES` names or that lies
//! beside the checkout.

extern crate std;

use crate::crypto::{Digest, HashAlgorithm};
use alloc::format;
use alloc::vec::Vec;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::{env, fs, println};

/// A case of a collection.
pub(crate) struct Case {
    folder: PathBuf,
    /// What the collection's manifest says of it.
    pub(crate) about: Value,
}

impl Case {
    /// The bytes of a file that the case names.
    pub(crate) fn file(&self, member: &str) -> Vec<u8> {
        fs::read(self.folder.join(self.about[member].as_str().unwrap())).unwrap()
    }

    /// The artifact's digests: all if the artifact is there, else those that the manifest tells.
    pub(crate) fn digests(&self) -> Vec<Digest> {
        let bytes = self.about["artifact"].is_string().then(|| self.file("artifact"));
        let digest = |algorithm: &HashAlgorithm| match &bytes {
            Some(bytes) => Some(Digest::of(*algorithm, bytes)),
            None => Digest::from_hex(*algorithm, self.about[format!("artifact_{algorithm}")].as_str()?),
        };
        HashAlgorithm::ALL.iter().filter_map(digest).collect()
    }

    pub(crate) fn id(&self) -> &str {
        self.about["id"].as_str().unwrap()
    }
}

/// The good cases of the project's own collection, and of another if it is there.
pub(crate) fn good_cases() -> Vec<Case> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = here.join("testdata/sigstore");
    let beside = || here.join("../../shared/sigstore/public");
    let another = env::var_os("COUNTERMARK_BUNDLES").map_or_else(beside, PathBuf::from);
    let mut cases = Vec::new();
    for folder in [own, another] {
        let Ok(manifest) = fs::read(folder.join("manifest.json")) else {
            println!("not run: {} is not there; COUNTERMARK_BUNDLES may name another", folder.display());
            continue;
        };
        let all: Vec<Value> = serde_json::from_slice(&manifest).unwrap();
        let good = all.into_iter().filter(|about| about["expect"] == "accept");
        cases.extend(good.map(|about| Case { folder: folder.clone(), about }));
    }
    cases
}

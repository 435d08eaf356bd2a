//! What was signed, as the caller has it.

use crate::refusal::{Refusal, Refused, guarded};
use crate::verifier::{Later, hex, off_the_loop};
use countermark::{Artifact, ArtifactDigester, ArtifactName, Code, Digest, HashAlgorithm};
use napi::Either;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use std::sync::{Arc, Mutex, PoisonError};

/// An artifact: its bytes, its name, or at least one digest.
#[napi(object, object_to_js = false)]
pub struct GivenArtifact {
    /// Its bytes.
    pub bytes: Option<Uint8Array>,
    /// Its name.
    pub name: Option<String>,
    /// Its SHA-256, in hexadecimal or as bytes.
    pub sha256: Option<Either<String, Uint8Array>>,
    /// Its SHA-384, likewise.
    pub sha384: Option<Either<String, Uint8Array>>,
    /// Its SHA-512, likewise.
    pub sha512: Option<Either<String, Uint8Array>>,
}

impl std::fmt::Debug for GivenArtifact {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("GivenArtifact").field("name", &self.name).finish_non_exhaustive()
    }
}

impl GivenArtifact {
    /// The artifact, whose bytes stay where they are.
    pub(crate) fn borrowed(&self) -> Result<Artifact<'_>, Refusal> {
        match (&self.bytes, &self.name) {
            (Some(bytes), _) => Ok(Artifact::from_bytes(bytes)),
            (None, Some(name)) => Ok(Artifact::from_name(&name.parse::<ArtifactName>()?)),
            (None, None) => self.by_digests(),
        }
    }

    fn by_digests(&self) -> Result<Artifact<'static>, Refusal> {
        let given = [
            (HashAlgorithm::Sha256, &self.sha256),
            (HashAlgorithm::Sha384, &self.sha384),
            (HashAlgorithm::Sha512, &self.sha512),
        ];
        let mut digests = Vec::new();
        for (algorithm, digest) in given {
            let digits = match digest {
                None => continue,
                Some(Either::A(digits)) => digits.clone(),
                Some(Either::B(bytes)) => hex(bytes),
            };
            digests.push(format!("{algorithm}:{digits}").parse::<Digest>()?);
        }
        Ok(Artifact::from_digests(digests)?)
    }

    /// The same, with nothing of JavaScript's in it, so that another thread may have it.
    pub(crate) fn owned(&self) -> Result<Owned, Refusal> {
        match (&self.bytes, &self.name) {
            (Some(bytes), _) => Ok(Owned::Bytes(bytes.to_vec())),
            (None, Some(name)) => Ok(Owned::Other(Artifact::from_name(&name.parse::<ArtifactName>()?))),
            (None, None) => self.by_digests().map(Owned::Other),
        }
    }
}

#[derive(Debug)]
pub(crate) enum Owned {
    Bytes(Vec<u8>),
    Other(Artifact<'static>),
}

impl Owned {
    pub(crate) fn artifact(&self) -> Artifact<'_> {
        match self {
            Self::Bytes(bytes) => Artifact::from_bytes(bytes),
            Self::Other(artifact) => artifact.clone(),
        }
    }
}

/// Makes the digests of an artifact that comes in pieces.
#[napi]
#[derive(Debug, Default)]
pub struct Digester(Arc<Mutex<ArtifactDigester>>);

fn update(digester: &Mutex<ArtifactDigester>, piece: &[u8]) {
    digester.lock().unwrap_or_else(PoisonError::into_inner).update(piece);
}

#[napi]
impl Digester {
    /// Of nothing as yet.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece on this thread.
    #[napi(catch_unwind)]
    pub fn update_sync(&self, piece: Uint8Array) -> Either<(), Refused> {
        guarded(|| {
            update(&self.0, &piece);
            Ok(())
        })
    }

    /// The same on another thread. The next piece may be given when the promise is kept.
    #[napi(catch_unwind, ts_return_type = "Promise<undefined | string> | string")]
    pub fn update(&self, piece: Uint8Array) -> Later<()> {
        guarded(|| {
            let (digester, piece) = (Arc::clone(&self.0), piece.to_vec());
            Ok(off_the_loop(move || {
                guarded(|| {
                    self::update(&digester, &piece);
                    Ok(())
                })
            }))
        })
    }

    /// The digests in hexadecimal: SHA-256, SHA-384 and SHA-512.
    #[napi(catch_unwind)]
    pub fn finish(&self) -> Either<Vec<String>, Refused> {
        guarded(|| {
            let digester = self
                .0
                .lock()
                .map_err(|_| Refusal::failed(Code::Internal, "the artifact's digests were not made"))?;
            let artifact = digester.clone().finish();
            Ok(artifact.digests().map(|digest| hex(digest.as_bytes())).collect())
        })
    }
}

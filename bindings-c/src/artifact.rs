//! What was signed, as the caller has it.

use crate::call;
use crate::code::countermark_code;
use crate::pointer::{characters, exclusive, free, items};
use crate::refusal::{Refusal, internal, invalid_argument};
use crate::rejection::countermark_rejection;
use crate::verify;
use countermark::{Artifact, ArtifactDigester, ArtifactName, Digest, HashAlgorithm};
use std::ffi::c_char;

/// What was signed, as the caller has it: its bytes, digests of it, or its name. A signature is over the digest of its key's
/// algorithm (on P-256 and RSA SHA-256, on P-384 SHA-384, on P-521 SHA-512), and Ed25519 needs the bytes: what lacks is
/// `COUNTERMARK_ARTIFACT_MISMATCH`.
#[derive(Debug)]
pub struct countermark_artifact(Given);

#[derive(Debug)]
enum Given {
    Bytes(Box<[u8]>),
    /// Digests, at least one.
    Digests(Artifact<'static>),
    Name(ArtifactName),
}

/// An artifact that is read in pieces, so that it need not be in memory. A call on it that fails is remembered, and
/// `countermark_artifact_digester_finish` gives that failure.
#[derive(Debug)]
pub struct countermark_artifact_digester(Result<ArtifactDigester, Refusal>);

/// SHA-256, 32 bytes.
pub const COUNTERMARK_SHA256: u32 = 1;
/// SHA-384, 48 bytes.
pub const COUNTERMARK_SHA384: u32 = 2;
/// SHA-512, 64 bytes.
pub const COUNTERMARK_SHA512: u32 = 3;

/// A digest of an artifact.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct countermark_digest {
    /// `COUNTERMARK_SHA256`, `COUNTERMARK_SHA384` or `COUNTERMARK_SHA512`.
    pub algorithm: u32,
    /// Its bytes, not hex digits.
    pub bytes: *const u8,
    /// How many, which the algorithm tells.
    pub length: usize,
}

impl countermark_artifact {
    pub(crate) fn artifact(&self) -> Artifact<'_> {
        match &self.0 {
            Given::Bytes(bytes) => Artifact::from_bytes(bytes),
            Given::Digests(artifact) => artifact.clone(),
            Given::Name(name) => Artifact::from_name(name),
        }
    }
}

/// The algorithm of a number, if it is one.
pub(crate) fn hash_algorithm(number: u32) -> Option<HashAlgorithm> {
    match number {
        COUNTERMARK_SHA256 => Some(HashAlgorithm::Sha256),
        COUNTERMARK_SHA384 => Some(HashAlgorithm::Sha384),
        COUNTERMARK_SHA512 => Some(HashAlgorithm::Sha512),
        _ => None,
    }
}

impl countermark_digest {
    unsafe fn read(&self, index: usize) -> Result<Digest, Refusal> {
        // SAFETY: as this function's caller promises.
        let bytes = unsafe { items(self.bytes, self.length, &format!("digests[{index}].bytes")) }?;
        let algorithm = hash_algorithm(self.algorithm).ok_or_else(|| {
            invalid_argument(&format!("`digests[{index}].algorithm` is {}, which is none", self.algorithm))
        })?;
        Digest::new(algorithm, bytes).ok_or_else(|| {
            invalid_argument(&format!(
                "`digests[{index}]` has {} bytes, and a digest by {algorithm} has {}",
                self.length,
                algorithm.digest_bytes()
            ))
        })
    }
}

/// An artifact by its bytes, which are copied: of a file that is large make digests, with `countermark_artifact_digester_new`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_artifact_from_bytes(
    bytes: *const u8,
    bytes_length: usize,
    artifact: *mut *mut countermark_artifact,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(artifact, "artifact", rejection, || {
            Ok(countermark_artifact(Given::Bytes(items(bytes, bytes_length, "bytes")?.into())))
        })
    }
}

/// An artifact by its digests, at least one, each of another algorithm.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_artifact_from_digests(
    digests: *const countermark_digest,
    digest_count: usize,
    artifact: *mut *mut countermark_artifact,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(artifact, "artifact", rejection, || {
            let digests = items(digests, digest_count, "digests")?.iter().enumerate();
            let digests: Vec<Digest> =
                digests.map(|(index, digest)| digest.read(index)).collect::<Result<_, _>>()?;
            Ok(countermark_artifact(Given::Digests(Artifact::from_digests(digests)?)))
        })
    }
}

/// An artifact by its name, `image@sha256:` and so on: by the digest in it, and the name is held against a blocklist too.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_artifact_from_name(
    artifact_name: *const c_char,
    artifact_name_length: usize,
    artifact: *mut *mut countermark_artifact,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(artifact, "artifact", rejection, || {
            let bytes = characters(artifact_name, artifact_name_length, "artifact_name")?;
            Ok(countermark_artifact(Given::Name(verify::name(bytes, "artifact_name")?)))
        })
    }
}

/// Frees an artifact. What was verified stays as it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_artifact_free(artifact: *mut countermark_artifact) {
    // SAFETY: the conventions of the header.
    unsafe { free(artifact) };
}

/// Begins an artifact that is read in pieces. `algorithms` are those by which it is digested (`COUNTERMARK_SHA256` and so
/// on); none means all three, which does whatever signature and policy need, and takes longer.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_artifact_digester_new(
    algorithms: *const u32,
    algorithm_count: usize,
    digester: *mut *mut countermark_artifact_digester,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(digester, "digester", rejection, || {
            let known = |number: &u32| {
                hash_algorithm(*number)
                    .ok_or_else(|| invalid_argument(&format!("`algorithms` has {number}, which is none")))
            };
            let numbers = items(algorithms, algorithm_count, "algorithms")?;
            let by: Vec<HashAlgorithm> = numbers.iter().map(known).collect::<Result<_, _>>()?;
            let digester = if by.is_empty() { ArtifactDigester::new() } else { ArtifactDigester::by(&by)? };
            Ok(countermark_artifact_digester(Ok(digester)))
        })
    }
}

/// Takes the artifact's next bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_artifact_digester_update(
    digester: *mut countermark_artifact_digester,
    bytes: *const u8,
    bytes_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::done(std::ptr::null_mut(), || {
            let digester = exclusive(digester, "digester")?;
            let before = std::mem::replace(&mut digester.0, Err(internal()));
            digester.0 = before.and_then(|mut before| {
                before.update(items(bytes, bytes_length, "bytes")?);
                Ok(before)
            });
            digester.0.as_ref().map(|_| ()).map_err(Clone::clone)
        })
    }
}

/// Makes the artifact, or gives the first failure of a call on the digester. The digester is empty afterwards: free it.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_artifact_digester_finish(
    digester: *mut countermark_artifact_digester,
    artifact: *mut *mut countermark_artifact,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(artifact, "artifact", rejection, || {
            let digester = exclusive(digester, "digester")?;
            let emptied = invalid_argument("`digester` has made its artifact already");
            let digester = std::mem::replace(&mut digester.0, Err(emptied))?;
            Ok(countermark_artifact(Given::Digests(digester.finish())))
        })
    }
}

/// Frees a digester.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_artifact_digester_free(digester: *mut countermark_artifact_digester) {
    // SAFETY: the conventions of the header.
    unsafe { free(digester) };
}

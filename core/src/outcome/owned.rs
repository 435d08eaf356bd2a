//! A result that owns what it tells.

#[cfg(feature = "sigstore")]
use crate::outcome::of_bundle::OfBundle;
use crate::outcome::verified::{Origin, PathCertificate, SignedTime, Verified, Warning};
use crate::record::entry::{Entry, EntryRef};
use crate::signer::claim::{Claim, Claims};
use crate::timestamp::Timestamp;
#[cfg(feature = "sigstore")]
use alloc::boxed::Box;
use alloc::vec::Vec;

/// A [`Verified`] with a copy of what it borrowed, so that it may outlive the entries and the verifier. Texts, claims
/// and digests are not made for it, but when [`verified`](Self::verified) is asked for them.
///
/// Only a `Verified` makes one.
///
/// ```
/// use countermark::{Claim, OwnedVerified};
///
/// # let vector = include_str!("../../testdata/vectors/accept-nine-claims.json");
/// # let vector: serde_json::Value = serde_json::from_str(vector)?;
/// # let anchors = countermark::TrustAnchors::from_pem(vector["trust_anchors"].as_str().unwrap())?;
/// # let policy = countermark::Policy::from_json(vector["policy"].to_string())?;
/// # let name: countermark::ArtifactName = vector["artifact_name"].as_str().unwrap().parse()?;
/// # let entries = countermark::entries_from_json(vector["entries"].to_string())?;
/// # let verifier = countermark::Verifier::builder(anchors).build();
/// let kept: OwnedVerified = (&verifier.verify(&name, &entries, &policy)?).into();
/// drop((verifier, entries));
/// assert!(kept.verified().claims().get(&Claim::SourceRepository).is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct OwnedVerified {
    signed: Signed,
    custom_claims: Vec<Claim>,
    authorities: Vec<(Vec<u8>, Origin)>,
    times: Vec<SignedTime>,
    warnings: Vec<Warning>,
    #[cfg(feature = "sigstore")]
    bundle: Option<Box<OfBundle>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Signed {
    Entry { index: usize, entry: Entry },
    Message { leaf: Vec<u8>, signature: Vec<u8>, timestamp: Timestamp },
}

impl OwnedVerified {
    /// The result as it was.
    pub fn verified(&self) -> Verified<'_> {
        let (source, leaf, signature, timestamp) = match &self.signed {
            Signed::Entry { index, entry } => {
                let entry = EntryRef::from(entry);
                (Some((*index, entry)), entry.leaf(), entry.signature, entry.timestamp)
            }
            Signed::Message { leaf, signature, timestamp } => {
                (None, leaf.as_slice(), signature.as_slice(), *timestamp)
            }
        };
        let claims = Claims::of_certificate(leaf).unwrap_or(Claims::NONE);
        Verified {
            source,
            signature,
            timestamp,
            leaf,
            claims,
            custom_claims: self
                .custom_claims
                .iter()
                .filter_map(|claim| Some((*claim, claims.get(claim)?)))
                .collect(),
            authorities: self
                .authorities
                .iter()
                .map(|(der, origin)| PathCertificate { der, origin: *origin })
                .collect(),
            times: self.times.clone(),
            warnings: self.warnings.clone(),
            #[cfg(feature = "sigstore")]
            bundle: self.bundle.clone(),
        }
    }
}

impl From<&Verified<'_>> for OwnedVerified {
    fn from(verified: &Verified<'_>) -> Self {
        let signed = match verified.source {
            Some((index, entry)) => Signed::Entry { index, entry: entry.to_entry() },
            None => Signed::Message {
                leaf: verified.leaf.to_vec(),
                signature: verified.signature.to_vec(),
                timestamp: verified.timestamp,
            },
        };
        Self {
            signed,
            custom_claims: verified.custom_claims.iter().map(|(claim, _)| *claim).collect(),
            authorities: verified
                .authorities
                .iter()
                .map(|authority| (authority.der.to_vec(), authority.origin))
                .collect(),
            times: verified.times.clone(),
            warnings: verified.warnings.clone(),
            #[cfg(feature = "sigstore")]
            bundle: verified.bundle.clone(),
        }
    }
}

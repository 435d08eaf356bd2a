//! Bundles, and reading them.

use crate::entry::{Json, json_bytes};
use crate::judgement::Told;
use crate::refusal::{Refusal, Refused, guarded, guarded_text};
use crate::trust::count;
use countermark::{CosignContent, CosignParts, SimpleSigning};
use napi::Either;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use std::sync::Arc;

/// One signing, with what vouches for it; untrusted until verified.
#[napi]
#[derive(Debug)]
pub struct Bundle(pub(crate) Arc<countermark::Bundle>);

impl From<countermark::Bundle> for Bundle {
    fn from(bundle: countermark::Bundle) -> Self {
        Self(Arc::new(bundle))
    }
}

#[napi]
impl Bundle {
    /// The version of the format that it is read as.
    #[napi(getter, catch_unwind)]
    pub fn version(&self) -> &'static str {
        self.0.version()
    }

    /// The certificates in DER, the signer's first; none if it hints at a key.
    #[napi(getter, catch_unwind)]
    pub fn certificates(&self) -> Vec<Uint8Array> {
        self.0.certificates().iter().map(Uint8Array::with_data_copied).collect()
    }

    /// The hint at the signer's key.
    #[napi(getter, catch_unwind)]
    pub fn key_hint(&self) -> Option<&str> {
        self.0.key_hint()
    }

    /// Whether an envelope is signed.
    #[napi(getter, catch_unwind)]
    pub fn has_envelope(&self) -> bool {
        self.0.has_envelope()
    }

    /// How many log entries it brings.
    #[napi(getter, catch_unwind)]
    pub fn log_entry_count(&self) -> u32 {
        count(self.0.log_entry_count())
    }

    /// How many signed timestamps it brings.
    #[napi(getter, catch_unwind)]
    pub fn timestamp_count(&self) -> u32 {
        count(self.0.timestamp_count())
    }

    /// The statement, of which nothing is verified, as JSON; null if there is none.
    #[napi(catch_unwind)]
    pub fn statement(&self) -> String {
        guarded_text(|| {
            let statement = self.0.statement()?;
            let statement = statement.as_ref().map(|statement| Told(statement.unverified()));
            Ok(serde_json::to_string(&statement)?)
        })
    }
}

/// In whose form a bundle is.
#[napi(string_enum)]
#[derive(Debug)]
pub enum BundleForm {
    /// Sigstore's own.
    #[napi(value = "sigstore")]
    Sigstore,
    /// An attestation of PyPI.
    #[napi(value = "pep740")]
    Pep740,
    /// One of cosign's older forms.
    #[napi(value = "cosign")]
    Cosign,
}

/// Reads one bundle.
#[napi(catch_unwind)]
pub fn bundle_from_json(json: Json, form: BundleForm) -> Either<Bundle, Refused> {
    guarded(|| {
        let json = json_bytes(&json);
        let bundle = match form {
            BundleForm::Sigstore => countermark::Bundle::from_json(json),
            BundleForm::Pep740 => countermark::Bundle::from_pep740(json),
            BundleForm::Cosign => countermark::Bundle::from_cosign(json),
        };
        Ok(bundle?.into())
    })
}

/// The parts of cosign's classic form.
#[napi(object, object_to_js = false)]
pub struct GivenCosignParts {
    /// The signature in base64, or else the envelope is given.
    pub signature: Option<String>,
    /// The envelope's JSON, or else the signature is given.
    pub envelope: Option<Either<String, Uint8Array>>,
    /// The signer's certificate in PEM.
    pub certificate: Option<String>,
    /// The certificates above it in PEM.
    pub chain: Option<String>,
    /// The log's entry as JSON.
    pub rekor_bundle: Option<String>,
    /// The signed timestamp as JSON.
    pub timestamp: Option<String>,
}

impl std::fmt::Debug for GivenCosignParts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("GivenCosignParts").finish_non_exhaustive()
    }
}

/// Reads a bundle from the parts in which a registry keeps it.
#[napi(catch_unwind)]
pub fn bundle_from_cosign_parts(parts: GivenCosignParts) -> Either<Bundle, Refused> {
    guarded(|| {
        let content = match (&parts.signature, &parts.envelope) {
            (Some(signature), None) => CosignContent::Signature(signature),
            (None, Some(envelope)) => CosignContent::Envelope(json_bytes(envelope)),
            _ => {
                let code = countermark::Code::InvalidArgument;
                return Err(Refusal::malformed(code, "give either signature or envelope"));
            }
        };
        let parts = CosignParts {
            content,
            certificate: parts.certificate.as_deref(),
            chain: parts.chain.as_deref(),
            rekor_bundle: parts.rekor_bundle.as_deref(),
            timestamp: parts.timestamp.as_deref(),
        };
        Ok(countermark::Bundle::from_cosign_parts(&parts)?.into())
    })
}

/// The image that a payload of simple signing names: its digest, and the reference that it was signed under.
#[napi(catch_unwind)]
pub fn simple_signing(payload: Json) -> Either<Vec<String>, Refused> {
    guarded(|| {
        let payload = SimpleSigning::from_json(json_bytes(&payload))?;
        Ok(vec![payload.image_digest().to_string(), payload.docker_reference().to_owned()])
    })
}

/// Reads bundles in whatever form they come.
#[napi(catch_unwind)]
pub fn bundles_from(json: Json) -> Either<Vec<Bundle>, Refused> {
    guarded(|| Ok(countermark::bundles_from(json_bytes(&json))?.into_iter().map(Bundle::from).collect()))
}

/// Reads bundles, one a line; one bad bundle fails the call.
#[napi(catch_unwind)]
pub fn bundles_from_json_lines(json: Json) -> Either<Vec<Bundle>, Refused> {
    guarded(|| {
        let bundles = countermark::bundles_from_json_lines(json_bytes(&json))?;
        Ok(bundles.into_iter().map(Bundle::from).collect())
    })
}

/// The same with a result per bundle. What is wrong with one is a refusal.
#[napi(catch_unwind)]
pub fn read_bundles(json: Json) -> Either<Vec<Either<Bundle, Refused>>, Refused> {
    let convert = |bundle| match bundle {
        Ok(bundle) => Either::A(Bundle::from(bundle)),
        Err(error) => Either::B(Refusal::from(error).into_text()),
    };
    guarded(|| Ok(countermark::read_bundles(json_bytes(&json)).map(convert).collect()))
}

/// Reads the npm registry's attestations: of each the predicate type, then the bundle.
#[napi(catch_unwind)]
pub fn bundles_from_npm(json: Json) -> Either<Vec<Either<Bundle, String>>, Refused> {
    guarded(|| {
        let attestations = countermark::bundles_from_npm(json_bytes(&json))?;
        let told = attestations.into_iter().flat_map(|attestation| {
            [Either::B(attestation.predicate_type), Either::A(attestation.bundle.into())]
        });
        Ok(told.collect())
    })
}

/// Reads what PyPI has of a distribution's provenance: of each publisher what is claimed, as JSON, then the bundles.
#[napi(catch_unwind)]
pub fn bundles_from_pypi_provenance(json: Json) -> Either<Vec<Either<Bundle, String>>, Refused> {
    guarded(|| {
        let mut told = Vec::new();
        for publisher in countermark::bundles_from_pypi_provenance(json_bytes(&json))? {
            told.push(Either::B(publisher.unverified_publisher));
            told.extend(publisher.bundles.into_iter().map(|bundle| Either::A(bundle.into())));
        }
        Ok(told)
    })
}

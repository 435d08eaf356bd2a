//! The attestations that the npm registry has of a package.

use crate::limits::MAX_BUNDLES_JSON_BYTES;
use crate::malformed::MalformedInput;
use crate::sigstore::bundle::{Bundle, Content};
use crate::sigstore::bundle_json::{push_tightly, read_bundle_in};
use crate::sigstore::protobuf_json::Place;
use crate::sigstore::statement::IN_TOTO_PAYLOAD_TYPE;
use crate::text::json::{Json, StrictJson};
use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// One attestation of the npm registry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NpmAttestation {
    /// The predicate type that the registry names. The statement names the same; nothing of either is verified.
    pub predicate_type: String,
    /// The bundle.
    pub bundle: Bundle,
}

/// Reads the attestations that the npm registry answers with for a package
/// (`https://registry.npmjs.org/-/npm/v1/attestations/NAME@VERSION`), usually two: that of the registry itself, by its key,
/// and the provenance, by whoever built it. Each is a bundle to be verified; a caller who wants both must demand both.
///
/// # Errors
///
/// [`MalformedInput::Bundle`] if the answer or one of its bundles is malformed, or if an attestation's `predicateType` is
/// not its statement's.
pub fn bundles_from_npm(json: impl AsRef<[u8]>) -> Result<Vec<NpmAttestation>, MalformedInput> {
    let json = json.as_ref();
    if json.len() > MAX_BUNDLES_JSON_BYTES {
        return Err(MalformedInput::bundle(format!("it is longer than {MAX_BUNDLES_JSON_BYTES} bytes")));
    }
    let document = Place::document(json);
    document.and_then(|document| read_attestations(&document)).map_err(MalformedInput::bundle)
}

pub(crate) fn read_attestations(document: &Place<'_, '_>) -> Result<Vec<NpmAttestation>, String> {
    let [list] = document.members(["attestations"])?;
    let mut attestations = Vec::new();
    for place in list.required()?.items()? {
        let [predicate_type, bundle] = place.members(["predicateType", "bundle"])?;
        let named = predicate_type.required_text()?;
        let bundle = read_bundle_in(bundle.required()?)?;
        let stated =
            predicate_type_of(&bundle).map_err(|fault| place.fault(format_args!("has a bundle {fault}")))?;
        if stated != named {
            let (named, stated) = (Excerpt(&named), Excerpt(&stated));
            return Err(
                predicate_type.fault(format_args!("is {named}, and that of the statement is {stated}"))
            );
        }
        push_tightly(&mut attestations, NpmAttestation { predicate_type: stated, bundle });
    }
    Ok(attestations)
}

/// What the statement in a bundle's envelope names as its predicate type, unverified. What else is wrong with the
/// statement is for the verification to say, of this bundle alone.
fn predicate_type_of(bundle: &Bundle) -> Result<String, &'static str> {
    const NOT_READABLE: &str = "with a statement that cannot be read";

    let Content::Envelope(envelope) = &bundle.content else { return Err("without a statement") };
    if envelope.payload_type != IN_TOTO_PAYLOAD_TYPE {
        return Err("whose envelope has another payload type than a statement");
    }
    let statement = Json::from_unmarked(&envelope.payload).map_err(|_| NOT_READABLE)?;
    let statement = StrictJson::new(statement, 0).map_err(|_| NOT_READABLE)?.get();
    let predicate_type = statement.member("predicateType").and_then(Json::as_text).ok_or(NOT_READABLE)?;
    Ok(predicate_type.text().into_owned())
}

//! Every form in which bundles come, told apart by the members.

use crate::limits::MAX_BUNDLES_JSON_BYTES;
use crate::malformed::MalformedInput;
use crate::sigstore::bundle::Bundle;
use crate::sigstore::bundle_json::{bundles_from_json_lines, read_bundle_in};
use crate::sigstore::protobuf_json::Place;
use crate::sigstore::{cosign, npm, pypi};
use crate::text::json::{self, Json};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// Reads bundles in whatever form they come, told apart by the members: a Sigstore bundle or JSON Lines of them, an
/// attestation or a provenance of PyPI, the npm registry's attestations, or one of cosign's older forms.
///
/// What a form tells beside its bundles (a publisher, an outer predicate type) is not kept; each has a reader of its own
/// that does.
///
/// # Errors
///
/// [`MalformedInput::Bundle`] if it is none of these, or as the form's own reader.
pub fn bundles_from(json: impl AsRef<[u8]>) -> Result<Vec<Bundle>, MalformedInput> {
    let json = json.as_ref();
    if json.len() > MAX_BUNDLES_JSON_BYTES {
        return Err(MalformedInput::bundle(format!("it is longer than {MAX_BUNDLES_JSON_BYTES} bytes")));
    }
    if has_documents_on_lines(json) {
        return bundles_from_json_lines(json);
    }
    Place::document(json).and_then(|document| read(&document)).map_err(MalformedInput::bundle)
}

/// Whether the first line is a document by itself, and not the last.
fn has_documents_on_lines(json: &[u8]) -> bool {
    json::next_line(json)
        .is_some_and(|(line, after)| json::next_line(after).is_some() && Json::from_unmarked(line).is_ok())
}

fn read(document: &Place<'_, '_>) -> Result<Vec<Bundle>, String> {
    const FORMS: [&[&str]; 5] = [
        &["mediaType", "verificationMaterial"],
        &["attestations"],
        &cosign::MEMBERS,
        &["attestation_bundles"],
        &["verification_material"],
    ];

    let are_there = FORMS.map(|members| members.iter().any(|member| document.has_member(member)));
    match are_there {
        [true, false, false, false, false] => Ok(vec![read_bundle_in(document)?]),
        [false, true, false, false, false] => {
            let attestations = npm::read_attestations(document)?;
            Ok(attestations.into_iter().map(|attestation| attestation.bundle).collect())
        }
        [false, false, true, false, false] => {
            Ok(vec![cosign::read_cosign(document)?])
        }
        [false, false, false, true, false] => {
            let provenance = pypi::read_provenance(document)?;
            Ok(provenance.into_iter().flat_map(|publisher| publisher.bundles).collect())
        }
        [false, false, false, false, true] => Ok(vec![pypi::read_attestation(document)?]),
        [false, false, false, false, false] => Err(
            "it is neither a Sigstore bundle (`mediaType`), nor attestations of PyPI (`verification_material`, `attestation_bundles`) or npm (`attestations`), nor one of cosign's older forms (`base64Signature`)"
                .to_string(),
        ),
        _ => Err("it has members of several forms; they cannot be told apart".to_string()),
    }
}

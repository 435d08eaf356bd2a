//! cosign's older forms, and what it signs for images.

use crate::bundle::{self, countermark_bundle};
use crate::call;
use crate::code::countermark_code;
use crate::pointer::{characters, free, items, reference};
use crate::refusal::{Refusal, invalid_argument};
use crate::rejection::countermark_rejection;
use crate::text::{Text, countermark_text, utf8};
use countermark::{Bundle, CosignContent, CosignParts, MalformedInput, SimpleSigning};
use std::ffi::c_char;

/// What cosign's classic form keeps in a layer of an image's signatures, and in its annotations. Clear it first: what is
/// absent is NULL. One of `signature` and `envelope` is required.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct countermark_cosign_parts {
    /// The signature over the layer, a payload of simple signing, in base64 (`dev.cosignproject.cosign/signature`). The
    /// artifact to verify the bundle with is the layer; `countermark_simple_signing_from_json` tells which image it names.
    pub signature: countermark_text,
    /// Or a DSSE envelope, which is the layer of an attestation.
    pub envelope: countermark_text,
    /// The signer's certificate in PEM (`dev.sigstore.cosign/certificate`); absent if a key signed.
    pub certificate: countermark_text,
    /// The certificates above it in PEM (`dev.sigstore.cosign/chain`).
    pub chain: countermark_text,
    /// The log's entry as JSON (`dev.sigstore.cosign/bundle`).
    pub rekor_bundle: countermark_text,
    /// The signed timestamp as JSON (`dev.sigstore.cosign/rfc3161timestamp`).
    pub timestamp: countermark_text,
}

/// A payload of simple signing: what cosign signs for an image. The signature is over the payload, and the payload names the
/// image; so verify the bundle with the payload's bytes as the artifact, and compare
/// `countermark_simple_signing_image_digest` with the digest of the image that is to be run. One without the other says
/// nothing.
#[derive(Debug)]
pub struct countermark_simple_signing {
    image_digest: Text,
    docker_reference: Text,
}

fn malformed(detail: String) -> Refusal {
    MalformedInput::Bundle { record: None, detail }.into()
}

/// A part that may be absent.
unsafe fn part<'a>(part: countermark_text, member: &str) -> Result<Option<&'a str>, Refusal> {
    let argument = format!("parts.{member}");
    // SAFETY: as this function's caller promises.
    let bytes = unsafe { items(part.data.cast::<u8>(), part.length, &argument) }?;
    if part.data.is_null() { Ok(None) } else { utf8(bytes, &argument, malformed).map(Some) }
}

/// Reads what `cosign sign-blob --bundle` and `cosign attest-blob --bundle` wrote before there were Sigstore bundles, or one
/// line of `cosign download signature`. Of the latter the artifact to verify it with is the decoded payload;
/// `countermark_simple_signing_from_json` tells which image it names.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_from_cosign(
    json: *const c_char,
    json_length: usize,
    bundle: *mut *mut countermark_bundle,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { bundle::read(json, json_length, bundle, rejection, |json| Bundle::from_cosign(json)) }
}

/// Makes a bundle of the parts in which a registry keeps cosign's classic form.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_from_cosign_parts(
    parts: *const countermark_cosign_parts,
    bundle: *mut *mut countermark_bundle,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(bundle, "bundle", rejection, || {
            let parts = reference(parts, "parts")?;
            let content = match (part(parts.signature, "signature")?, part(parts.envelope, "envelope")?) {
                (Some(signature), None) => CosignContent::Signature(signature),
                (None, Some(envelope)) => CosignContent::Envelope(envelope.as_bytes()),
                _ => {
                    return Err(invalid_argument(
                        "one of `parts.signature` and `parts.envelope` is to be given, and not both",
                    ));
                }
            };
            let parts = CosignParts {
                content,
                certificate: part(parts.certificate, "certificate")?,
                chain: part(parts.chain, "chain")?,
                rekor_bundle: part(parts.rekor_bundle, "rekor_bundle")?,
                timestamp: part(parts.timestamp, "timestamp")?,
            };
            Ok(Bundle::from_cosign_parts(&parts)?.into())
        })
    }
}

/// Reads a payload of simple signing. Nothing of it is verified.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_simple_signing_from_json(
    json: *const c_char,
    json_length: usize,
    signed_image: *mut *mut countermark_simple_signing,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(signed_image, "signed_image", rejection, || {
            let payload = SimpleSigning::from_json(characters(json, json_length, "json")?)?;
            Ok(countermark_simple_signing {
                image_digest: payload.image_digest().to_string().into(),
                docker_reference: payload.docker_reference().into(),
            })
        })
    }
}

/// The digest of the image's manifest: `sha256:` and 64 lowercase hex digits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_simple_signing_image_digest(
    signed_image: *const countermark_simple_signing,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { signed_image.as_ref() }.map(|signed| &signed.image_digest))
}

/// The name under which the image was signed, which may be empty. Others may serve the same image, so it is told, and not
/// compared.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_simple_signing_docker_reference(
    signed_image: *const countermark_simple_signing,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { signed_image.as_ref() }.map(|signed| &signed.docker_reference))
}

/// Frees a payload.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_simple_signing_free(signed_image: *mut countermark_simple_signing) {
    // SAFETY: the conventions of the header.
    unsafe { free(signed_image) };
}

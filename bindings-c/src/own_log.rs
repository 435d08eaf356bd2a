//! The logs that go with a verifier's own anchors.

use crate::code::countermark_code;
use crate::key_policy::public_key;
use crate::pointer::{characters, items};
use crate::refusal::{Refusal, invalid_argument};
use crate::text::utf8;
use crate::timestamp::{self, countermark_timestamp};
use crate::verifier::{change_core, countermark_verifier_builder};
use countermark::MalformedInput;
use countermark::evidence::LogKey;
use std::ffi::c_char;

/// A transparency log of Rekor's first version, under any host.
pub const COUNTERMARK_LOG_REKOR_V1: u32 = 1;
/// A transparency log of Rekor's second version, whose origin is the host of its base URL.
pub const COUNTERMARK_LOG_REKOR_V2: u32 = 2;
/// A log of certificates (RFC 6962).
pub const COUNTERMARK_LOG_OF_CERTIFICATES: u32 = 3;

fn malformed(detail: String) -> Refusal {
    MalformedInput::TrustAnchor { detail }.into()
}

/// Also believes a log where bundles are judged under the verifier's own anchors, the instance `own`. `kind` is a
/// `COUNTERMARK_LOG_*`; `base_url` tells the log in results; `public_key` is a SubjectPublicKeyInfo, in DER or PEM, and counts
/// from `start` to `end`, which may be NULL: no end. `operator_name` may be empty; logs of one operator count as one where a
/// policy asks for several.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verifier_builder_add_log(
    builder: *mut countermark_verifier_builder,
    kind: u32,
    base_url: *const c_char,
    base_url_length: usize,
    public_key: *const u8,
    public_key_length: usize,
    start: *const countermark_timestamp,
    end: *const countermark_timestamp,
    operator_name: *const c_char,
    operator_name_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change_core(builder, |builder| {
            let base_url = utf8(characters(base_url, base_url_length, "base_url")?, "base_url", malformed)?;
            let operator = characters(operator_name, operator_name_length, "operator_name")?;
            let operator = utf8(operator, "operator_name", malformed)?;
            let period = timestamp::period(start, end)?;
            let key = self::public_key(items(public_key, public_key_length, "public_key")?);
            let key = key.map_err(|fault| malformed(fault.detail().into()))?;
            let log = match kind {
                COUNTERMARK_LOG_REKOR_V1 => LogKey::rekor_v1(base_url, key.as_der(), period)?,
                COUNTERMARK_LOG_REKOR_V2 => LogKey::rekor_v2(base_url, key.as_der(), period)?,
                COUNTERMARK_LOG_OF_CERTIFICATES => LogKey::certificate_log(base_url, key.as_der(), period)?,
                _ => return Err(invalid_argument(&format!("`kind` is {kind}, which is none"))),
            };
            let log = if operator.is_empty() { log } else { log.operated_by(operator) };
            Ok(match kind {
                COUNTERMARK_LOG_OF_CERTIFICATES => builder.certificate_log(log)?,
                _ => builder.log(log)?,
            })
        })
    }
}

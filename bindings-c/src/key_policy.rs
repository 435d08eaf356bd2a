//! What the caller expects of a bundle that a key signed, without a certificate.

use crate::bundle_policy::countermark_bundle_policy;
use crate::call;
use crate::code::countermark_code;
use crate::pointer::{characters, items};
use crate::policy::text;
use crate::refusal::{Refusal, invalid_argument};
use crate::rejection::countermark_rejection;
use crate::timestamp::{self, countermark_timestamp};
use countermark::{KeyPolicy, MalformedInput, PublicKey};
use std::ffi::c_char;

/// A public key that may have signed. Clear it first: what is NULL is not set.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct countermark_public_key {
    /// The key, a SubjectPublicKeyInfo in DER or PEM. Required.
    pub key: *const u8,
    /// Its length in bytes.
    pub key_length: usize,
    /// A name, or NULL. A bundle's hint selects among the named keys; a key without name is tried whatever the hint.
    pub name: *const c_char,
    /// Its length in bytes.
    pub name_length: usize,
    /// From when on the key signs, or NULL: at any time.
    pub start: *const countermark_timestamp,
    /// Until when it does, or NULL: it has no end.
    pub end: *const countermark_timestamp,
}

/// A public key in DER or PEM.
pub(crate) fn public_key(bytes: &[u8]) -> Result<PublicKey, MalformedInput> {
    if !bytes.starts_with(b"-----BEGIN") {
        return PublicKey::from_der(bytes);
    }
    let not_text = |_| MalformedInput::Policy { detail: "the public key's PEM is not UTF-8".into() };
    PublicKey::from_pem(str::from_utf8(bytes).map_err(not_text)?)
}

impl countermark_public_key {
    unsafe fn read(&self, index: usize) -> Result<PublicKey, Refusal> {
        let argument = |member| format!("keys[{index}].{member}");
        // SAFETY: as this function's caller promises.
        let bytes = unsafe { items(self.key, self.key_length, &argument("key")) }?;
        let mut key = public_key(bytes)?;
        if !self.name.is_null() || self.name_length != 0 {
            // SAFETY: as this function's caller promises.
            let name = unsafe { text(self.name, self.name_length, &argument("name")) }?;
            key = key.with_name(name)?;
        }
        match (self.start.is_null(), self.end.is_null()) {
            (true, true) => Ok(key),
            (true, false) => {
                Err(invalid_argument(&format!("`{}` is NULL, and there is an `end`", argument("start"))))
            }
            // SAFETY: as this function's caller promises.
            _ => Ok(key.with_period(unsafe { timestamp::period(self.start, self.end) }?)?),
        }
    }
}

/// Makes a policy by which one of these keys must have signed, that asks for one log entry and one signed time.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_key_policy_new(
    keys: *const countermark_public_key,
    key_count: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(policy, "policy", rejection, || {
            let keys = items(keys, key_count, "keys")?.iter().enumerate();
            let keys: Vec<PublicKey> = keys.map(|(index, key)| key.read(index)).collect::<Result<_, _>>()?;
            Ok(KeyPolicy::new(keys)?.into())
        })
    }
}

/// Reads a policy from JSON that names keys.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_key_policy_from_json(
    json: *const c_char,
    json_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(policy, "policy", rejection, || {
            Ok(KeyPolicy::from_json(characters(json, json_length, "json")?)?.into())
        })
    }
}

/// Makes a policy for what the npm registry attests itself, of its keys as `registry.npmjs.org/keys.json` has them, a target
/// of Sigstore's TUF repository.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_key_policy_from_npm_keys(
    json: *const c_char,
    json_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(policy, "policy", rejection, || {
            Ok(KeyPolicy::from_npm_keys(characters(json, json_length, "json")?)?.into())
        })
    }
}

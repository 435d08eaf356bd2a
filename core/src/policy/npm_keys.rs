//! The keys by which the npm registry signs, as Sigstore's TUF repository has them (`registry.npmjs.org/keys.json`).

use crate::crypto::KeyDetails;
use crate::limits::MAX_PUBLIC_KEY_BYTES;
use crate::malformed::MalformedInput;
use crate::policy::bundle_policy_json::read;
use crate::policy::key_policy::{KeyPolicy, PublicKey};
use crate::policy::key_policy_json::{Keys, ValidFor};
use crate::text::json::{self, FromMembers, Text};
use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use serde_core::de::{Deserialize, Deserializer, MapAccess};

/// What a key is for that signs attestations of publishing.
const ATTESTATIONS: &str = "npm:attestations";

impl KeyPolicy {
    /// A policy for what the npm registry attests itself: its keys `npm:attestations`, with their names and periods. Keys
    /// for other uses are left out.
    ///
    /// The document is `registry.npmjs.org/keys.json`, a target of Sigstore's TUF repository; who fetched it has verified
    /// it.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the document is of another form, has no key for attestations, or one that cannot be
    /// used.
    pub fn from_npm_keys(json: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        let document: Document = read(json.as_ref())?;
        let attesting = document.keys.iter().filter(|key| key.usage == ATTESTATIONS);
        let keys = attesting.map(|key| {
            key.read().map_err(|malformed| {
                MalformedInput::policy(format!("the key {}: {}", Excerpt(&key.id), malformed.detail()))
            })
        });
        let keys = keys.collect::<Result<Vec<PublicKey>, MalformedInput>>()?;
        if keys.is_empty() {
            return Err(MalformedInput::policy(format!(
                "there is no key whose `keyUsage` is {ATTESTATIONS}"
            )));
        }
        Self::new(keys)
    }
}

struct Document {
    keys: Vec<Key>,
}

struct Key {
    id: String,
    usage: String,
    material: Material,
}

struct Material {
    raw_bytes: String,
    details: String,
    valid_for: ValidFor,
}

impl Key {
    fn read(&self) -> Result<PublicKey, MalformedInput> {
        let Material { raw_bytes, details, valid_for: ValidFor(period) } = &self.material;
        if raw_bytes.len() > MAX_PUBLIC_KEY_BYTES {
            return Err(MalformedInput::policy(format!(
                "`rawBytes` is longer than {MAX_PUBLIC_KEY_BYTES} bytes"
            )));
        }
        let raw =
            Base64::decode_vec(raw_bytes).map_err(|_| MalformedInput::policy("`rawBytes` is not base64"))?;
        let key = PublicKey::from_der(raw)?;
        if KeyDetails::from_name(details).key(key.as_der()).is_none() {
            return Err(MalformedInput::policy(format!(
                "`keyDetails` is {}, which the key is not, or which this build cannot verify by",
                Excerpt(details)
            )));
        }
        key.with_name(self.id.as_str())?.with_period(*period)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> FromMembers<'de> for Document {
    const EXPECTED: &'static str = "an object with `keys`";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut keys: Option<Keys<Key>> = None;
        while let Some(name) = members.next_key::<Text<'de>>()? {
            match name.as_str() {
                "keys" => json::set(&mut keys, "keys", &mut members)?,
                unknown => return Err(json::unknown(unknown)),
            }
        }
        Ok(Self { keys: json::required(keys, "keys")?.0 })
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> FromMembers<'de> for Key {
    const EXPECTED: &'static str = "an object with a key's members";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut id: Option<String> = None;
        let mut usage: Option<String> = None;
        let mut material: Option<Material> = None;
        while let Some(name) = members.next_key::<Text<'de>>()? {
            let (name, members) = (name.as_str(), &mut members);
            match name {
                "keyId" => json::set(&mut id, name, members)?,
                "keyUsage" => json::set(&mut usage, name, members)?,
                "publicKey" => json::set(&mut material, name, members)?,
                _ => return Err(json::unknown(name)),
            }
        }
        Ok(Self {
            id: json::required(id, "keyId")?,
            usage: json::required(usage, "keyUsage")?,
            material: json::required(material, "publicKey")?,
        })
    }
}

impl<'de> Deserialize<'de> for Material {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> FromMembers<'de> for Material {
    const EXPECTED: &'static str = "an object with a public key's members";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut raw_bytes: Option<String> = None;
        let mut details: Option<String> = None;
        let mut valid_for: Option<ValidFor> = None;
        while let Some(name) = members.next_key::<Text<'de>>()? {
            let (name, members) = (name.as_str(), &mut members);
            match name {
                "rawBytes" => json::set(&mut raw_bytes, name, members)?,
                "keyDetails" => json::set(&mut details, name, members)?,
                "validFor" => json::set(&mut valid_for, name, members)?,
                _ => return Err(json::unknown(name)),
            }
        }
        Ok(Self {
            raw_bytes: json::required(raw_bytes, "rawBytes")?,
            details: json::required(details, "keyDetails")?,
            valid_for: json::required(valid_for, "validFor")?,
        })
    }
}

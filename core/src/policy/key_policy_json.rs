//! Policies for signatures under keys as JSON.

use crate::limits::MAX_POLICY_KEYS;
use crate::malformed::MalformedInput;
use crate::period::Period;
use crate::policy::bundle_policy_json::{DemandMembers, read, write_demands};
use crate::policy::key_policy::{KeyPolicy, PublicKey};
use crate::text::json::{self, FromMembers, Text, refuse_text};
use crate::text::pem;
use crate::timestamp::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Serialize, SerializeMap, Serializer};

impl KeyPolicy {
    /// Reads a policy. A byte order mark before it is ignored.
    ///
    /// It has `keys`, an array of objects with `public_key` (PEM), and if wanted `name` and `valid_for` (with `start` and,
    /// if it ends, `end`, in RFC 3339); and the members of a [`BundlePolicy`](crate::BundlePolicy) that are not about
    /// certificates. It is as strict as [that one's](crate::BundlePolicy::from_json).
    ///
    /// ```
    /// # use countermark::KeyPolicy;
    /// let policy = KeyPolicy::from_json(r#"{
    ///     "keys": [{
    ///         "public_key": "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGfahCmoSbxsK7I2tjbfIPqMdUGwRmujOJWbFmBd3Rgk=\n-----END PUBLIC KEY-----\n",
    ///         "name": "release-2025",
    ///         "valid_for": {"start": "2025-01-13T00:00:00Z"}
    ///     }],
    ///     "log_entries": 0
    /// }"#)?;
    /// assert_eq!(policy.keys().len(), 1);
    /// # Ok::<(), countermark::MalformedInput>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] says what is wrong and where.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        read(json.as_ref())
    }
}

impl<'de> Deserialize<'de> for KeyPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> FromMembers<'de> for KeyPolicy {
    const EXPECTED: &'static str = "an object with the members of a policy for keys";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut keys: Option<Keys<PublicKey>> = None;
        let mut demands = DemandMembers::default();
        while let Some(name) = members.next_key::<Text<'de>>()? {
            let (name, members) = (name.as_str(), &mut members);
            match name {
                "keys" => json::set(&mut keys, name, members)?,
                _ => demands.read(name, members)?,
            }
        }
        let Keys(keys) = json::required(keys, "keys")?;
        let build = || {
            let mut policy = Self::new(keys)?;
            demands.apply(policy.bundle_mut())?;
            Ok(policy)
        };
        build().map_err(|malformed: MalformedInput| A::Error::custom(malformed.detail()))
    }
}

/// An array of keys, no more of them than a policy may have.
pub(super) struct Keys<T>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Keys<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeysVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for KeysVisitor<T> {
            type Value = Keys<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of keys")
            }

            refuse_text!();

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Keys<T>, A::Error> {
                let mut keys = Vec::new();
                while let Some(key) = items.next_element()? {
                    if keys.len() >= MAX_POLICY_KEYS {
                        return Err(A::Error::custom(format!("there are more than {MAX_POLICY_KEYS} keys")));
                    }
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }

        deserializer.deserialize_any(KeysVisitor(PhantomData))
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> FromMembers<'de> for PublicKey {
    const EXPECTED: &'static str = "an object with a key's members";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut public_key: Option<String> = None;
        let mut key_name: Option<String> = None;
        let mut valid_for: Option<ValidFor> = None;
        while let Some(name) = members.next_key::<Text<'de>>()? {
            let (name, members) = (name.as_str(), &mut members);
            match name {
                "public_key" => json::set(&mut public_key, name, members)?,
                "name" => json::set(&mut key_name, name, members)?,
                "valid_for" => json::set(&mut valid_for, name, members)?,
                _ => return Err(json::unknown(name)),
            }
        }
        let public_key: String = json::required(public_key, "public_key")?;
        let build = || {
            let mut key = Self::from_pem(&public_key)?;
            if let Some(name) = key_name {
                key = key.with_name(name)?;
            }
            if let Some(ValidFor(period)) = valid_for {
                key = key.with_period(period)?;
            }
            Ok(key)
        };
        build().map_err(|malformed: MalformedInput| A::Error::custom(malformed.detail()))
    }
}

/// A period with a `start` and perhaps an `end`, in RFC 3339.
pub(super) struct ValidFor(pub(super) Period);

impl<'de> Deserialize<'de> for ValidFor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> FromMembers<'de> for ValidFor {
    const EXPECTED: &'static str = "an object with `start` and `end`";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut start: Option<Text<'de>> = None;
        let mut end: Option<Text<'de>> = None;
        while let Some(name) = members.next_key::<Text<'de>>()? {
            let (name, members) = (name.as_str(), &mut members);
            match name {
                "start" => json::set(&mut start, name, members)?,
                "end" => json::set(&mut end, name, members)?,
                _ => return Err(json::unknown(name)),
            }
        }
        let instant = |member: &str, text: &Text<'_>| {
            let parsed = text.as_str().parse::<Timestamp>();
            parsed.map_err(|error| A::Error::custom(format!("`{member}`: {error}")))
        };
        let start = instant("start", &json::required::<_, A::Error>(start, "start")?)?;
        let end = end.map(|end| instant("end", &end)).transpose()?;
        Ok(Self(Period::new(start, end)))
    }
}

impl Serialize for KeyPolicy {
    /// Writes the policy as [`KeyPolicy::from_json`] reads it, without members that have their defaults.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("keys", self.keys())?;
        write_demands(self.bundle(), &mut map)?;
        map.end()
    }
}

impl Serialize for PublicKey {
    /// Writes the key as [`KeyPolicy::from_json`] reads it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("public_key", &pem::from_public_key(self.as_der()))?;
        if let Some(name) = self.name() {
            map.serialize_entry("name", name)?;
        }
        if let Some(period) = self.period() {
            map.serialize_entry("valid_for", &WrittenPeriod(period))?;
        }
        map.end()
    }
}

struct WrittenPeriod(Period);

impl Serialize for WrittenPeriod {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("start", &self.0.start().to_string())?;
        if let Some(end) = self.0.end() {
            map.serialize_entry("end", &end.to_string())?;
        }
        map.end()
    }
}

//! Policies as JSON: the two parts flattened into one object.

use crate::crypto::HashAlgorithm;
use crate::limits::{MAX_ANY_OF, MAX_CLAIMS, MAX_POLICY_JSON_BYTES};
use crate::malformed::MalformedInput;
use crate::policy::blocklist::Blocklist;
use crate::policy::policies::{Policy, RecordPolicy, RevocationScope, SignerPolicy, TimeVoucher};
use crate::policy::policy_match::Match;
use crate::signer::claim::Claim;
use crate::text::json::{self, FromMembers, Integer, Text, refuse_text};
use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Serialize, SerializeMap, Serializer};

impl Policy {
    /// Reads a policy. A byte order mark before it is ignored.
    ///
    /// Every member has exactly its JSON type; null, a repeated member, an unknown member or claim and an
    /// unknown scope are malformed, so that a policy cannot say less than its author believes.
    ///
    /// With what it returns, it takes no more memory than [four times](crate::limits#memory) the JSON.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] says what is wrong and where.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        let json = json.as_ref();
        if json.len() > MAX_POLICY_JSON_BYTES {
            return Err(MalformedInput::policy(format!("it is longer than {MAX_POLICY_JSON_BYTES} bytes")));
        }
        json::from_slice(json).map_err(MalformedInput::policy)
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> FromMembers<'de> for Policy {
    const EXPECTED: &'static str = "an object with a policy's members";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut namespace: Option<String> = None;
        let mut certificate_oidc_issuer: Option<String> = None;
        let mut claims: Option<Claims> = None;
        let mut max_certificate_lifetime_seconds: Option<Integer> = None;
        let mut revocation_scope: Option<RevocationScope> = None;
        let mut time_voucher: Option<TimeVoucher> = None;
        let mut blocklist: Option<ReadBlocklist<false>> = None;
        while let Some(name) = members.next_key::<Text<'de>>()? {
            let (name, members) = (name.as_str(), &mut members);
            match name {
                "namespace" => json::set(&mut namespace, name, members)?,
                "certificate_oidc_issuer" => json::set(&mut certificate_oidc_issuer, name, members)?,
                "claims" => json::set(&mut claims, name, members)?,
                "max_certificate_lifetime_seconds" => {
                    json::set(&mut max_certificate_lifetime_seconds, name, members)?;
                }
                "revocation_scope" => json::set(&mut revocation_scope, name, members)?,
                "time_voucher" => json::set(&mut time_voucher, name, members)?,
                "blocklist" => json::set(&mut blocklist, name, members)?,
                _ => return Err(json::unknown(name)),
            }
        }
        let build = |namespace, issuer| {
            let record = RecordPolicy::new(namespace)?
                .with_revocation_scope(revocation_scope.unwrap_or_default())
                .with_time_voucher(time_voucher.unwrap_or_default())
                .with_blocklist(blocklist.map(|blocklist| blocklist.0).unwrap_or_default());
            let mut signer = SignerPolicy::new(issuer)?;
            if let Some(Integer(seconds)) = max_certificate_lifetime_seconds {
                signer = signer.with_max_certificate_lifetime_seconds(seconds)?;
            }
            for (name, wanted) in claims.map(|claims| claims.0).unwrap_or_default() {
                signer = signer.require(name.parse()?, wanted)?;
            }
            Ok(Self::from_parts(record, signer))
        };
        let namespace: String = json::required(namespace, "namespace")?;
        let issuer: String = json::required(certificate_oidc_issuer, "certificate_oidc_issuer")?;
        build(namespace, issuer).map_err(|malformed: MalformedInput| A::Error::custom(malformed.detail()))
    }
}

/// The members of `claims`, in the order given, no more of them than a policy may require.
pub(super) struct Claims(pub(super) Vec<(String, Match)>);

impl<'de> FromMembers<'de> for Claims {
    const EXPECTED: &'static str = "an object";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut claims: Vec<(String, Match)> = Vec::new();
        while let Some(name) = members.next_key::<Text<'de>>()? {
            if claims.len() >= MAX_CLAIMS {
                return Err(A::Error::custom(format!("more than {MAX_CLAIMS} claims are required")));
            }
            if claims.iter().any(|(earlier, _)| earlier == name.as_str()) {
                return Err(json::repeated(name.as_str()));
            }
            let wanted = members
                .next_value()
                .map_err(|error| A::Error::custom(format!("{}: {error}", Excerpt(name.as_str()))))?;
            claims.push((name.into_string(), wanted));
        }
        Ok(Self(claims))
    }
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> Deserialize<'de> for RevocationScope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| {
            let name = Excerpt(&name);
            D::Error::custom(format!("{name} is none of \"artifact\", \"entry\" and \"digest\""))
        })
    }
}

impl<'de> Deserialize<'de> for TimeVoucher {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::OF_RECORDS.iter().copied().find(|voucher| voucher.name() == name).ok_or_else(|| {
            let name = Excerpt(&name);
            D::Error::custom(format!("{name} is neither \"recorded\" nor \"timestamp_authority\""))
        })
    }
}

/// A blocklist whose digests are of SHA-256, or of every algorithm.
pub(super) struct ReadBlocklist<const EVERY_ALGORITHM: bool>(pub(super) Blocklist);

impl<'de, const EVERY_ALGORITHM: bool> Deserialize<'de> for ReadBlocklist<EVERY_ALGORITHM> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemsVisitor(&'static [HashAlgorithm]);

        impl<'de> Visitor<'de> for ItemsVisitor {
            type Value = Blocklist;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of artifact names and digests")
            }

            refuse_text!();

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Blocklist, A::Error> {
                let mut blocklist = Blocklist::default();
                while let Some(item) = items.next_element::<Text<'de>>()? {
                    let added = blocklist.add(item.as_str(), self.0);
                    added.map_err(|malformed| A::Error::custom(malformed.detail()))?;
                }
                Ok(blocklist)
            }
        }

        let algorithms = if EVERY_ALGORITHM { HashAlgorithm::ALL } else { &[HashAlgorithm::Sha256] };
        deserializer.deserialize_any(ItemsVisitor(algorithms)).map(Self)
    }
}

impl<'de> Deserialize<'de> for Match {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MatchVisitor;

        impl<'de> Visitor<'de> for MatchVisitor {
            type Value = Match;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, {\"any_of\": [texts]} or {\"glob\": text}")
            }

            fn visit_str<E>(self, text: &str) -> Result<Match, E> {
                Ok(Match::from(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Match, A::Error> {
                let mut found: Option<Result<Match, MalformedInput>> = None;
                while let Some(name) = members.next_key::<Text<'de>>()? {
                    if found.is_some() {
                        return Err(A::Error::custom("a match is either `any_of` or `glob`, once"));
                    }
                    found = Some(match name.as_str() {
                        "any_of" => Ok(members.next_value::<AnyOf>()?.0),
                        "glob" => Match::glob(members.next_value::<String>()?),
                        _ => return Err(json::unknown(name.as_str())),
                    });
                }
                found
                    .ok_or_else(|| A::Error::custom("a match is empty; give `any_of` or `glob`"))?
                    .map_err(|malformed| A::Error::custom(malformed.detail()))
            }
        }

        deserializer.deserialize_any(MatchVisitor)
    }
}

/// The texts of `any_of`, no more of them than there may be.
struct AnyOf(Match);

impl<'de> Deserialize<'de> for AnyOf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextsVisitor;

        impl<'de> Visitor<'de> for TextsVisitor {
            type Value = AnyOf;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of texts")
            }

            refuse_text!();

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<AnyOf, A::Error> {
                let mut fault = None;
                let texts = core::iter::from_fn(|| match items.next_element::<Text<'de>>() {
                    Ok(text) => text,
                    Err(error) => {
                        fault = Some(error);
                        None
                    }
                });
                let wanted = Match::any_of_texts(texts.take(MAX_ANY_OF.saturating_add(1)));
                match (fault, wanted) {
                    (Some(error), _) => Err(error),
                    (None, Ok(wanted)) => Ok(AnyOf(wanted)),
                    (None, Err(malformed)) => Err(A::Error::custom(malformed.detail())),
                }
            }
        }

        deserializer.deserialize_any(TextsVisitor)
    }
}

impl Serialize for Policy {
    /// Writes the policy as [`Policy::from_json`] reads it, without members that have their defaults.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (record, signer) = (self.record(), self.signer());
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("namespace", record.namespace())?;
        map.serialize_entry("certificate_oidc_issuer", signer.certificate_oidc_issuer())?;
        if !signer.claims().is_empty() {
            map.serialize_entry("claims", &Required(signer.claims()))?;
        }
        let lifetime = signer.max_certificate_lifetime_seconds();
        if lifetime != SignerPolicy::DEFAULT_MAX_CERTIFICATE_LIFETIME_SECONDS {
            map.serialize_entry("max_certificate_lifetime_seconds", &lifetime)?;
        }
        if record.revocation_scope() != RevocationScope::default() {
            map.serialize_entry("revocation_scope", record.revocation_scope().name())?;
        }
        if record.time_voucher() != TimeVoucher::default() {
            map.serialize_entry("time_voucher", record.time_voucher().name())?;
        }
        if record.blocklist().next().is_some() {
            map.serialize_entry("blocklist", &Texts(record.blocklist()))?;
        }
        map.end()
    }
}

/// Texts as an array.
pub(super) struct Texts<I>(pub(super) I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for Texts<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

/// The claims that a policy requires.
pub(super) struct Required<'a>(pub(super) &'a [(Claim, Match)]);

impl Serialize for Required<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(claim, wanted)| (claim.to_string(), wanted)))
    }
}

impl Serialize for Match {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(text) = self.as_exact() {
            return serializer.serialize_str(text);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        if let Some(texts) = self.as_any_of() {
            map.serialize_entry("any_of", &Texts(texts))?;
        } else if let Some(pattern) = self.as_glob() {
            map.serialize_entry("glob", pattern)?;
        }
        map.end()
    }
}

//! Policies for bundles as JSON.

use crate::limits::MAX_POLICY_JSON_BYTES;
use crate::malformed::MalformedInput;
use crate::policy::bundle_demands::BundleDemands;
use crate::policy::bundle_policy::BundlePolicy;
use crate::policy::policy_json::{Claims, ReadBlocklist, Required, Texts};
use crate::policy::policy_match::Match;
use crate::policy::signer_demands::IssuerDemand;
use crate::signer::claim::Claim;
use crate::text::json::{self, Flag, FromMembers, Integer, Text};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess};
use serde_core::ser::{Error as _, Serialize, SerializeMap, Serializer};

impl BundlePolicy {
    /// Reads a policy. A byte order mark before it is ignored.
    ///
    /// Every member has exactly its JSON type; null, a repeated member, an unknown member or claim, and members that
    /// contradict each other are malformed, so that a policy cannot say less than its author believes.
    ///
    /// With what it returns, it takes no more memory than [four times](crate::limits#memory) the JSON.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] says what is wrong and where.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        read(json.as_ref())
    }
}

/// Reads a document of a policy's size.
pub(super) fn read<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, MalformedInput> {
    if json.len() > MAX_POLICY_JSON_BYTES {
        return Err(MalformedInput::policy(format!("it is longer than {MAX_POLICY_JSON_BYTES} bytes")));
    }
    json::from_slice(json).map_err(MalformedInput::policy)
}

impl<'de> Deserialize<'de> for BundlePolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> FromMembers<'de> for BundlePolicy {
    const EXPECTED: &'static str = "an object with the members of a policy for bundles";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut certificate_oidc_issuer: Option<String> = None;
        let mut no_certificate_oidc_issuer: Option<Flag> = None;
        let mut claims: Option<Claims> = None;
        let mut any_signer_of_issuer: Option<Flag> = None;
        let mut max_certificate_lifetime_seconds: Option<Integer> = None;
        let mut certificate_timestamps: Option<Integer> = None;
        let mut demands = DemandMembers::default();
        while let Some(name) = members.next_key::<Text<'de>>()? {
            let (name, members) = (name.as_str(), &mut members);
            match name {
                "certificate_oidc_issuer" => json::set(&mut certificate_oidc_issuer, name, members)?,
                "no_certificate_oidc_issuer" => json::set(&mut no_certificate_oidc_issuer, name, members)?,
                "claims" => json::set(&mut claims, name, members)?,
                "any_signer_of_issuer" => json::set(&mut any_signer_of_issuer, name, members)?,
                "max_certificate_lifetime_seconds" => {
                    json::set(&mut max_certificate_lifetime_seconds, name, members)?;
                }
                "certificate_timestamps" => json::set(&mut certificate_timestamps, name, members)?,
                _ => demands.read(name, members)?,
            }
        }
        let is_set = |flag: Option<Flag>| flag.is_some_and(|Flag(is_set)| is_set);
        let build = || {
            let issuer = match (certificate_oidc_issuer, is_set(no_certificate_oidc_issuer)) {
                (Some(issuer), false) => IssuerDemand::exactly(issuer)?,
                (None, true) => IssuerDemand::Absent,
                (Some(_), true) => {
                    return Err(MalformedInput::policy(
                        "`certificate_oidc_issuer` and `no_certificate_oidc_issuer` contradict each other",
                    ));
                }
                (None, false) => {
                    return Err(MalformedInput::policy("the member `certificate_oidc_issuer` is missing"));
                }
            };
            let claims = claims.map(|claims| claims.0).unwrap_or_default().into_iter();
            let claims = claims
                .map(|(name, wanted)| Ok((name.parse()?, wanted)))
                .collect::<Result<Vec<(Claim, Match)>, MalformedInput>>()?;
            let mut policy = Self::claiming(issuer, claims, is_set(any_signer_of_issuer))?;
            if let Some(Integer(seconds)) = max_certificate_lifetime_seconds {
                policy = policy.with_max_certificate_lifetime_seconds(seconds)?;
            }
            if let Some(Integer(count)) = certificate_timestamps {
                policy = policy.with_certificate_timestamps(count)?;
            }
            demands.apply(policy.bundle_mut())?;
            Ok(policy)
        };
        build().map_err(|malformed: MalformedInput| A::Error::custom(malformed.detail()))
    }
}

/// The members of what every policy for bundles may demand.
#[derive(Default)]
pub(super) struct DemandMembers {
    instance: Option<String>,
    log_entries: Option<Integer>,
    signed_times: Option<Integer>,
    predicate_type: Option<String>,
    subject_name: Option<String>,
    blocklist: Option<ReadBlocklist<true>>,
    ignore_unknown_authorities: Option<Flag>,
}

impl DemandMembers {
    pub(super) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match name {
            "instance" => json::set(&mut self.instance, name, members),
            "log_entries" => json::set(&mut self.log_entries, name, members),
            "signed_times" => json::set(&mut self.signed_times, name, members),
            "predicate_type" => json::set(&mut self.predicate_type, name, members),
            "subject_name" => json::set(&mut self.subject_name, name, members),
            "blocklist" => json::set(&mut self.blocklist, name, members),
            "ignore_unknown_authorities" => json::set(&mut self.ignore_unknown_authorities, name, members),
            _ => Err(json::unknown(name)),
        }
    }

    pub(super) fn apply(self, demands: &mut BundleDemands) -> Result<(), MalformedInput> {
        if let Some(name) = self.instance {
            demands.set_instance(name)?;
        }
        if let Some(Integer(count)) = self.log_entries {
            demands.set_log_entries(count)?;
        }
        if let Some(Integer(count)) = self.signed_times {
            demands.set_signed_times(count)?;
        }
        if let Some(predicate_type) = self.predicate_type {
            demands.set_predicate_type(predicate_type)?;
        }
        if let Some(name) = self.subject_name {
            demands.set_subject_name(name)?;
        }
        if let Some(ReadBlocklist(blocklist)) = self.blocklist {
            demands.set_blocklist(blocklist);
        }
        if let Some(Flag(ignore)) = self.ignore_unknown_authorities {
            demands.set_ignore_unknown_authorities(ignore);
        }
        Ok(())
    }
}

impl Serialize for BundlePolicy {
    /// Writes the policy as [`BundlePolicy::from_json`] reads it, without members that have their defaults. The policies
    /// of [`for_github`](Self::for_github), [`for_github_release`](Self::for_github_release) and
    /// [`for_pypi`](Self::for_pypi) demand what JSON cannot say, and are not written.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.has_build_config() || !self.bundle().has_json() {
            return Err(S::Error::custom("the policy demands what its JSON cannot say"));
        }
        let mut map = serializer.serialize_map(None)?;
        match self.certificate_oidc_issuer() {
            Some(issuer) => map.serialize_entry("certificate_oidc_issuer", issuer)?,
            None => map.serialize_entry("no_certificate_oidc_issuer", &true)?,
        }
        if !self.claims().is_empty() {
            map.serialize_entry("claims", &Required(self.claims()))?;
        }
        if self.allows_any_signer() {
            map.serialize_entry("any_signer_of_issuer", &true)?;
        }
        let lifetime = self.max_certificate_lifetime_seconds();
        if lifetime != Self::DEFAULT_MAX_CERTIFICATE_LIFETIME_SECONDS {
            map.serialize_entry("max_certificate_lifetime_seconds", &lifetime)?;
        }
        write_demands(self.bundle(), &mut map)?;
        write_count("certificate_timestamps", self.certificate_timestamps(), &mut map)?;
        map.end()
    }
}

/// Writes the members of what every policy for bundles may demand, but for those that have their defaults.
pub(super) fn write_demands<M: SerializeMap>(demands: &BundleDemands, map: &mut M) -> Result<(), M::Error> {
    if let Some(name) = demands.instance() {
        map.serialize_entry("instance", name)?;
    }
    write_count("log_entries", demands.log_entries().fixed(), map)?;
    write_count("signed_times", demands.signed_times().fixed(), map)?;
    if let Some(predicate_type) = demands.predicate_types().first() {
        map.serialize_entry("predicate_type", predicate_type)?;
    }
    if let Some(name) = demands.subject_name() {
        map.serialize_entry("subject_name", name)?;
    }
    if !demands.blocklist().is_empty() {
        map.serialize_entry("blocklist", &Texts(demands.blocklist().items()))?;
    }
    if demands.ignores_unknown_authorities() {
        map.serialize_entry("ignore_unknown_authorities", &true)?;
    }
    Ok(())
}

fn write_count<M: SerializeMap>(name: &str, count: Option<u32>, map: &mut M) -> Result<(), M::Error> {
    match count {
        Some(count) if count != 1 => map.serialize_entry(name, &count),
        _ => Ok(()),
    }
}

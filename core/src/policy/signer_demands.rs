//! What a policy demands of the signer, and whether a certificate meets it.

use crate::limits::{MAX_CLAIM_VALUE_BYTES, MAX_CLAIMS};
use crate::malformed::MalformedInput;
use crate::policy::certificate_lifetime;
use crate::policy::policy_match::Match;
use crate::rejection::Reason;
use crate::signer::claim::Claim;
use crate::text::quoting::Quoted;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Which identity provider must have vouched, which claims the certificate must carry, and how long it may live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignerDemands {
    issuer: IssuerDemand,
    /// Ordered by claim.
    claims: Vec<(Claim, Match)>,
    max_certificate_lifetime_seconds: u32,
}

/// Which identity provider a certificate must name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IssuerDemand {
    /// This one, byte for byte.
    Exactly(String),
    /// None: the certificate must not carry the claim.
    #[cfg_attr(not(feature = "sigstore"), allow(dead_code))]
    Absent,
}

impl IssuerDemand {
    pub(crate) fn exactly(issuer: String) -> Result<Self, MalformedInput> {
        if issuer.is_empty() {
            return Err(MalformedInput::policy("`certificate_oidc_issuer` is empty"));
        }
        if issuer.len() > MAX_CLAIM_VALUE_BYTES {
            return Err(MalformedInput::policy(format!(
                "`certificate_oidc_issuer` is longer than {MAX_CLAIM_VALUE_BYTES} bytes"
            )));
        }
        Ok(Self::Exactly(issuer))
    }

    /// The issuer, if there must be one.
    pub(crate) fn as_exact(&self) -> Option<&str> {
        match self {
            Self::Exactly(issuer) => Some(issuer),
            Self::Absent => None,
        }
    }
}

impl SignerDemands {
    pub(crate) const fn new(issuer: IssuerDemand, max_certificate_lifetime_seconds: u32) -> Self {
        Self { issuer, claims: Vec::new(), max_certificate_lifetime_seconds }
    }

    pub(crate) fn require(&mut self, claim: Claim, wanted: Match) -> Result<(), MalformedInput> {
        wanted.check_limits()?;
        if claim == Claim::CertificateOidcIssuer {
            return Err(MalformedInput::policy(
                "certificate_oidc_issuer stands beside `claims`, not among them: one fact, one name",
            ));
        }
        if self.claims.iter().any(|(earlier, _)| *earlier == claim) {
            return Err(MalformedInput::policy(format!("the claim {claim} is required twice; use any_of")));
        }
        if self.claims.len() >= MAX_CLAIMS {
            return Err(MalformedInput::policy(format!("more than {MAX_CLAIMS} claims are required")));
        }
        self.claims.push((claim, wanted));
        self.claims.sort_by_key(|(claim, _)| *claim);
        Ok(())
    }

    /// Sets how many seconds a leaf may be valid, of so many that it may be at most.
    pub(crate) fn set_max_certificate_lifetime(
        &mut self,
        seconds: u32,
        largest: u32,
    ) -> Result<(), MalformedInput> {
        certificate_lifetime::check_allowed(seconds, largest)?;
        self.max_certificate_lifetime_seconds = seconds;
        Ok(())
    }

    pub(crate) const fn issuer(&self) -> &IssuerDemand {
        &self.issuer
    }

    pub(crate) fn claims(&self) -> &[(Claim, Match)] {
        &self.claims
    }

    pub(crate) const fn max_certificate_lifetime_seconds(&self) -> u32 {
        self.max_certificate_lifetime_seconds
    }

    /// Whether anyone whom the issuer vouches for would do.
    pub(crate) fn is_unconstrained(&self) -> bool {
        self.claims.iter().all(|(_, wanted)| wanted.is_anything())
    }

    /// Whether the claims of a certificate are those that are demanded, the issuer among them.
    #[cfg_attr(not(feature = "sigstore"), allow(dead_code))]
    pub(crate) fn check<'c>(&self, certified: impl Fn(&Claim) -> Option<&'c str>) -> Result<(), Reason> {
        let issuer = certified(&Claim::CertificateOidcIssuer);
        if issuer != self.issuer.as_exact() {
            let wanted = self.issuer.as_exact().map(|wanted| Quoted(wanted).to_string());
            let wanted = wanted.unwrap_or_else(|| "absent".to_string());
            return Err(mismatch(&Claim::CertificateOidcIssuer, wanted, issuer));
        }
        for (claim, wanted) in &self.claims {
            let found = certified(claim);
            if !found.is_some_and(|value| wanted.matches(value)) {
                return Err(mismatch(claim, wanted.to_string(), found));
            }
        }
        Ok(())
    }
}

pub(super) fn mismatch(claim: &Claim, wanted: String, found: Option<&str>) -> Reason {
    Reason::ClaimsMismatch { name: claim.to_string(), wanted, found: found.map(ToString::to_string) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(demands: &SignerDemands, certified: &[(Claim, &'static str)]) -> Result<(), String> {
        let claim =
            |claim: &Claim| certified.iter().find(|(found, _)| found == claim).map(|(_, value)| *value);
        demands.check(claim).map_err(|reason| reason.to_string())
    }

    #[test]
    fn the_issuer_and_every_claim_must_match() {
        let mut demands = SignerDemands::new(IssuerDemand::exactly("i".into()).unwrap(), 300);
        let issuer = (Claim::CertificateOidcIssuer, "i");
        assert_eq!(check(&demands, &[issuer]), Ok(()));
        demands.require(Claim::BuildTrigger, "push".into()).unwrap();
        demands.require(Claim::SourceRepositoryRef, Match::glob("refs/tags/*").unwrap()).unwrap();
        let (trigger, tag) = ((Claim::BuildTrigger, "push"), (Claim::SourceRepositoryRef, "refs/tags/v1"));
        assert_eq!(check(&demands, &[issuer, trigger, tag]), Ok(()));
        for certified in [
            &[trigger, tag][..],
            &[(Claim::CertificateOidcIssuer, "I"), trigger, tag],
            &[(Claim::CertificateOidcIssuer, "i/"), trigger, tag],
            &[issuer, tag],
            &[issuer, trigger],
            &[issuer, (Claim::BuildTrigger, "release"), tag],
            &[issuer, trigger, (Claim::SourceRepositoryRef, "refs/heads/v1")],
        ] {
            assert!(check(&demands, certified).is_err(), "{certified:?}");
        }
    }

    #[test]
    fn where_no_issuer_is_wanted_there_must_be_none() {
        let demands = SignerDemands::new(IssuerDemand::Absent, 300);
        assert_eq!(check(&demands, &[]), Ok(()));
        for issuer in ["i", ""] {
            let refused = check(&demands, &[(Claim::CertificateOidcIssuer, issuer)]).unwrap_err();
            assert!(refused.contains("wants certificate_oidc_issuer to be absent"), "{refused}");
        }
    }
}

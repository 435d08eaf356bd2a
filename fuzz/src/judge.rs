//! Judging an artifact by `verify` and by `examine`, and what must hold whatever they say.

use crate::independent;
use countermark::{
    ArtifactName, Claims, Code, Entry, Origin, Policy, Rejection, RevocationScope, Timestamp, Verified,
    Verifier,
};
use sha2::{Digest, Sha256};

/// What an artifact is judged by.
#[derive(Debug)]
pub struct Question<'a> {
    pub verifier: &'a Verifier,
    /// The verifier's trust anchors, in DER.
    pub anchors: &'a [Vec<u8>],
    /// The SHA-256 of what it distrusts.
    pub distrusted: &'a [[u8; 32]],
    pub name: &'a ArtifactName,
    pub entries: &'a [Entry],
    pub policy: &'a Policy,
    pub now: Option<Timestamp>,
}

impl Question<'_> {
    /// The verdict, after every assertion.
    pub fn judge(&self) -> Code {
        let Self { verifier, name, entries, policy, .. } = self;
        let verifier = self.now.map_or_else(|| verifier.at_any_time(), |now| verifier.at(now));
        let result = verifier.verify(name, *entries, policy);
        let report = verifier.examine(name, *entries, policy);
        serde_json::to_string(&report).unwrap();
        let _ = report.to_string();
        let code = match &result {
            Ok(verified) => {
                self.check_accepted(verified);
                assert!(report.reason().is_none());
                assert_eq!(report.entry(), verified.entry_index());
                Code::Verified
            }
            Err(rejection) => {
                self.check_refused(rejection);
                assert_eq!(report.reason(), Some(rejection.reason()));
                rejection.code()
            }
        };
        assert_eq!(report.verdict(), code, "examine disagrees with verify");
        code
    }

    fn check_refused(&self, rejection: &Rejection) {
        assert_ne!(rejection.code(), Code::Verified);
        assert!(!rejection.detail().is_empty());
        assert!(rejection.entry().is_none_or(|entry| entry < self.entries.len()));
        serde_json::to_string(rejection).unwrap();
        let _ = rejection.to_string();
    }

    /// Accepted implies everything that the rules ask.
    fn check_accepted(&self, verified: &Verified<'_>) {
        let entry = &self.entries[verified.entry_index().unwrap()];
        let leaf = independent::certificate(&entry.certificates()[0]);
        self.check_record(entry);
        self.check_time(entry, &leaf);
        assert!(independent::signed_message(&leaf, self.name.as_str().as_bytes(), entry.signature()));
        self.check_claims(entry, &leaf);
        self.check_path(verified, &leaf);
        serde_json::to_string(verified).unwrap();
        let _ = verified.to_string();
    }

    fn check_record(&self, entry: &Entry) {
        let record = self.policy.record();
        assert_eq!(entry.namespace(), record.namespace());
        assert_eq!(entry.artifact_name(), self.name.as_str());
        assert!(!entry.revoked() && !entry.blocklisted());
        let digest = format!("sha256:{}", self.name.digest());
        assert!(!record.blocklist().any(|item| item == self.name.as_str() || item == digest));
        let scope = record.revocation_scope();
        for other in self.entries.iter().filter(|other| other.namespace() == entry.namespace()) {
            let is_of_digest = scope == RevocationScope::Digest && self.has_digest(other);
            let matches = other.artifact_name() == entry.artifact_name() && self.may_be_the_signers(other);
            if !is_of_digest && !matches {
                continue;
            }
            assert!(!other.blocklisted(), "another record blocks it");
            if other.revoked() {
                assert_eq!(scope, RevocationScope::Entry, "another record revokes it");
                assert!(!self.is_copy(entry, other), "it is a copy of a revoked record");
            }
        }
    }

    /// Whether nobody can tell that an entry is for another issuer: its first certificate cannot be read, or names none.
    fn may_be_the_signers(&self, entry: &Entry) -> bool {
        let claims = Claims::of_certificate(&entry.certificates()[0]);
        let issuer = claims.ok().and_then(|claims| claims.get(&countermark::Claim::CertificateOidcIssuer));
        issuer.is_none_or(|issuer| issuer.is_empty() || issuer == self.issuer())
    }

    fn has_digest(&self, entry: &Entry) -> bool {
        let wanted = format!("sha256:{}", self.name.digest());
        let recorded = entry.artifact_name().to_ascii_lowercase();
        let goes_on = |rest: &str| rest.starts_with(|next: char| next.is_ascii_hexdigit());
        recorded.match_indices(&wanted).any(|(at, _)| !goes_on(&recorded[at + wanted.len()..]))
    }

    /// Whether the leaf's key is one of a revoked entry's, by the same bytes; or, where the revoked one's first
    /// certificate is no signer's, whether the signature is the same.
    fn is_copy(&self, entry: &Entry, revoked: &Entry) -> bool {
        let key = |der: &[u8]| {
            let certificate: x509_cert::Certificate = der::Decode::from_der(der).ok()?;
            der::Encode::to_der(certificate.tbs_certificate().subject_public_key_info()).ok()
        };
        let [leaf, first] = [entry, revoked].map(|entry| &entry.certificates()[0]);
        let brings_leaf = revoked.certificates().contains(leaf);
        let is_signers = Claims::of_certificate(first).is_ok_and(|claims| {
            claims.get(&countermark::Claim::CertificateOidcIssuer).is_some_and(|issuer| !issuer.is_empty())
        });
        let same_key = is_signers && key(first).is_some_and(|first| key(leaf) == Some(first));
        brings_leaf || same_key || (!is_signers && revoked.signature() == entry.signature())
    }

    fn issuer(&self) -> &str {
        self.policy.signer().certificate_oidc_issuer()
    }

    fn check_time(&self, entry: &Entry, leaf: &x509_cert::Certificate) {
        let (not_before, not_after) = independent::validity(leaf);
        let time = entry.timestamp();
        assert!(not_before <= time.unix_seconds());
        assert!((time.unix_seconds(), time.subsec_nanoseconds()) <= (not_after, 0));
        assert!(not_after - not_before <= self.policy.signer().max_certificate_lifetime_seconds().into());
        assert!(self.now.is_none_or(|now| time <= now));
    }

    fn check_claims(&self, entry: &Entry, leaf: &x509_cert::Certificate) {
        let certified = |name: &str| independent::claim(leaf, name);
        assert_eq!(certified("certificate_oidc_issuer").as_deref(), Some(self.issuer()));
        for (claim, wanted) in self.policy.signer().claims() {
            let value = certified(&claim.to_string()).unwrap();
            assert!(independent::matches(wanted, &value), "{claim} is {value:?}, wanted is {wanted}");
        }
        for (name, recorded) in entry.provenance().iter() {
            assert_eq!(certified(name).as_deref(), Some(recorded));
        }
    }

    fn check_path(&self, verified: &Verified<'_>, leaf: &x509_cert::Certificate) {
        let (anchor, below) = verified.path().split_last().unwrap();
        assert_eq!(anchor.origin(), Origin::TrustAnchor);
        assert!(self.anchors.iter().any(|known| known == anchor.der()));
        assert!(below.iter().all(|authority| authority.origin() != Origin::TrustAnchor));
        let time = verified.timestamp();
        let mut child = leaf.clone();
        self.check_trusted(verified.leaf(), &child);
        for authority in verified.path() {
            let certificate = independent::certificate(authority.der());
            self.check_trusted(authority.der(), &certificate);
            assert!(
                independent::signed_certificate(&certificate, &child),
                "a step of the path was not signed"
            );
            let (not_before, not_after) = independent::validity(&certificate);
            assert!(not_before <= time.unix_seconds() && time.unix_seconds() <= not_after);
            child = certificate;
        }
    }

    fn check_trusted(&self, der: &[u8], certificate: &x509_cert::Certificate) {
        let key = der::Encode::to_der(certificate.tbs_certificate().subject_public_key_info()).unwrap();
        for hashed in [der, &key] {
            assert!(
                !self.distrusted.contains(&Sha256::digest(hashed).into()),
                "a distrusted certificate was used"
            );
        }
    }
}

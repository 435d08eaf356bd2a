//! Rule 4: a path from a leaf to a trust anchor.
//!
//! Paths are looked for depth first, from the leaf upwards, along steps whose names match and whose
//! signatures verify. Only a path that reaches an anchor is judged further: first the form of its
//! authorities, then their validity at the signing time. The work is bounded by a number of signature checks
//! and a number of steps.

use crate::authority::Authority;
use crate::certificate::Certificate;
use crate::crypto::{AuthorityKey, SignatureAlgorithm, sha256};
use crate::limits::{MAX_NAME_CONSTRAINT_BYTES, MAX_PATH_AUTHORITIES, MAX_PATH_STEPS, MAX_SIGNATURE_CHECKS};
use crate::name_constraints::NameConstraints;
use crate::rejection::{CertificateFault, Reason, Subject};
use crate::timestamp::Timestamp;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::cell::{Cell, OnceCell};
use core::ops::ControlFlow;

/// What a path must satisfy, beside its signatures.
pub(crate) struct PathRules<'a> {
    /// The time at which every authority must be valid.
    pub(crate) timestamp: Timestamp,
    /// The extended key usage that authorities must allow, if they have one at all.
    pub(crate) usage: Option<&'a [u8]>,
    pub(crate) accepted_algorithms: &'a [SignatureAlgorithm],
    /// SHA-256 of certificates and of public keys that no path may use.
    pub(crate) distrusted: &'a BTreeSet<[u8; 32]>,
    pub(crate) max_authorities: usize,
}

impl PathRules<'_> {
    pub(crate) const DEFAULT_MAX_AUTHORITIES: usize = MAX_PATH_AUTHORITIES;

    /// Whether a certificate or its key is distrusted.
    pub(crate) fn distrusts(&self, certificate: &Certificate<'_>) -> bool {
        !self.distrusted.is_empty()
            && (self.distrusted.contains(&sha256(certificate.der))
                || self.distrusted.contains(&sha256(certificate.public_key.der))
                || self.distrusts_respelt(certificate))
    }

    fn distrusts_authority(&self, authority: &Authority) -> bool {
        !self.distrusted.is_empty()
            && (self.distrusted.contains(&authority.certificate_sha256)
                || self.distrusted.contains(&authority.key_sha256)
                || self.distrusts_respelt(&authority.certificate()))
    }

    /// Whether the certificate is a distrusted one with another spelling of its signature, which anybody can
    /// make without a key, and which has another SHA-256.
    fn distrusts_respelt(&self, certificate: &Certificate<'_>) -> bool {
        certificate.respelt().any(|der| self.distrusted.contains(&sha256(&der)))
    }
}

/// A path that was found: the authorities from the leaf's issuer upwards, and the anchor.
#[derive(Debug)]
pub(crate) struct Path<'a> {
    pub(crate) intermediates: Vec<Intermediate<'a>>,
    pub(crate) anchor: &'a [u8],
}

/// An intermediate of a path, by its DER.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Intermediate<'a> {
    pub(crate) der: &'a [u8],
    pub(crate) is_known: bool,
}

/// Finds a path, or tells the most telling reason why there is none.
pub(crate) fn find<'a>(
    leaf: Certificate<'a>,
    supplied: impl Iterator<Item = &'a [u8]>,
    known: &'a [Authority],
    anchors: &'a [Authority],
    rules: &PathRules<'_>,
) -> Result<Path<'a>, Reason> {
    let supplied = supplied.filter_map(|der| Certificate::parse(der).ok()).map(Issuer::supplied);
    let mut search = Search {
        rules,
        leaf,
        issuers: supplied.chain(known.iter().map(Issuer::known)).collect(),
        anchors,
        path: Vec::new(),
        checked: Vec::new(),
        steps: 0,
        constraint_work: Cell::new(0),
        met_distrusted: rules.distrusts(&leaf),
        best_failure: None,
    };
    let found = if search.met_distrusted { ControlFlow::Continue(()) } else { search.extend() };
    match found {
        ControlFlow::Break(Outcome::Found(path)) => Ok(path),
        ControlFlow::Break(Outcome::Stopped) | ControlFlow::Continue(()) => Err(search.failure()),
    }
}

/// A certificate that may be the issuer of another.
struct Issuer<'a> {
    certificate: Certificate<'a>,
    key: IssuerKey<'a>,
    known: Option<&'a Authority>,
}

enum IssuerKey<'a> {
    Prepared(Option<&'a AuthorityKey>),
    Fresh(OnceCell<Option<AuthorityKey>>),
}

impl<'a> Issuer<'a> {
    fn supplied(certificate: Certificate<'a>) -> Self {
        Self { certificate, key: IssuerKey::Fresh(OnceCell::new()), known: None }
    }

    fn known(authority: &'a Authority) -> Self {
        Self {
            certificate: authority.certificate(),
            key: IssuerKey::Prepared(authority.key.as_ref()),
            known: Some(authority),
        }
    }

    fn key(&self) -> Option<&AuthorityKey> {
        match &self.key {
            IssuerKey::Prepared(key) => *key,
            IssuerKey::Fresh(key) => {
                key.get_or_init(|| AuthorityKey::new(&self.certificate.public_key)).as_ref()
            }
        }
    }

    fn is_distrusted(&self, rules: &PathRules<'_>) -> bool {
        match self.known {
            Some(authority) => rules.distrusts_authority(authority),
            None => rules.distrusts(&self.certificate),
        }
    }
}

enum Outcome<'a> {
    Found(Path<'a>),
    /// A limit was reached.
    Stopped,
}

/// A signature that was checked: the certificate's bytes, the issuer's public key, and whether it verified.
struct CheckedSignature<'a> {
    certificate: &'a [u8],
    issuer_key: &'a [u8],
    verified: bool,
}

struct Search<'a, 'r> {
    rules: &'r PathRules<'r>,
    leaf: Certificate<'a>,
    issuers: Vec<Issuer<'a>>,
    anchors: &'a [Authority],
    /// The intermediates of the path so far, as indexes into `issuers`.
    path: Vec<usize>,
    checked: Vec<CheckedSignature<'a>>,
    steps: usize,
    /// Bytes of names compared with name constraints so far.
    constraint_work: Cell<usize>,
    met_distrusted: bool,
    best_failure: Option<Reason>,
}

impl<'a> Search<'a, '_> {
    /// Looks for the rest of the path above the certificate that the path ends in.
    fn extend(&mut self) -> ControlFlow<Outcome<'a>> {
        let child = self.path_certificates().last().unwrap_or(self.leaf);
        for anchor in self.anchors {
            let certificate = anchor.certificate();
            if certificate.subject != child.issuer || self.repeats(&certificate) {
                continue;
            }
            if self.rules.distrusts_authority(anchor) {
                self.met_distrusted = true;
                continue;
            }
            if self.verify_step(&child, &certificate, anchor.key.as_ref())? {
                match self.judge(&certificate) {
                    Ok(()) => return ControlFlow::Break(Outcome::Found(self.found(anchor))),
                    Err(Reason::PathTooComplex { limit }) => return self.stop(limit),
                    Err(reason) => self.record(reason),
                }
            }
        }
        for index in 0..self.issuers.len() {
            let Some(issuer) = self.issuers.get(index) else { continue };
            let certificate = issuer.certificate;
            if certificate.subject != child.issuer || self.repeats(&certificate) {
                continue;
            }
            if issuer.is_distrusted(self.rules) {
                self.met_distrusted = true;
                continue;
            }
            if !self.verify_step_by_issuer(&child, index)? {
                continue;
            }
            if self.path.len() >= self.rules.max_authorities {
                self.record(Reason::PathTooComplex { limit: "its limit on authorities below the anchor" });
                continue;
            }
            self.path.push(index);
            self.extend()?;
            self.path.pop();
        }
        ControlFlow::Continue(())
    }

    /// Whether the path already has an authority of this name and key. Going through one twice leads nowhere
    /// that the shorter path does not, and may lead in circles.
    fn repeats(&self, certificate: &Certificate<'_>) -> bool {
        self.path_certificates().any(|earlier| {
            earlier.subject == certificate.subject && earlier.public_key.der == certificate.public_key.der
        })
    }

    fn verify_step_by_issuer(
        &mut self,
        child: &Certificate<'a>,
        index: usize,
    ) -> ControlFlow<Outcome<'a>, bool> {
        let issuers = core::mem::take(&mut self.issuers);
        let verified = match issuers.get(index) {
            Some(issuer) => self.verify_step(child, &issuer.certificate, issuer.key()),
            None => ControlFlow::Continue(false),
        };
        self.issuers = issuers;
        verified
    }

    /// Whether an authority signed a certificate; every signature is checked once, within the limits.
    fn verify_step(
        &mut self,
        child: &Certificate<'a>,
        issuer: &Certificate<'a>,
        key: Option<&AuthorityKey>,
    ) -> ControlFlow<Outcome<'a>, bool> {
        let Some(key) = key else { return ControlFlow::Continue(false) };
        if self.steps >= MAX_PATH_STEPS {
            return self.stop("its limit on steps");
        }
        self.steps = self.steps.saturating_add(1);
        let known = self
            .checked
            .iter()
            .find(|known| known.certificate == child.der && known.issuer_key == issuer.public_key.der);
        if let Some(known) = known {
            return ControlFlow::Continue(known.verified);
        }
        if self.checked.len() >= MAX_SIGNATURE_CHECKS {
            return self.stop("its limit on signature checks");
        }
        let verified = key.verifies(
            child.signed_part,
            child.signature_algorithm,
            child.signature,
            self.rules.accepted_algorithms,
        );
        self.checked.push(CheckedSignature {
            certificate: child.der,
            issuer_key: issuer.public_key.der,
            verified,
        });
        ControlFlow::Continue(verified)
    }

    fn stop<T>(&mut self, limit: &'static str) -> ControlFlow<Outcome<'a>, T> {
        self.record(Reason::PathTooComplex { limit });
        ControlFlow::Break(Outcome::Stopped)
    }

    /// Judges the path so far, below an anchor that its signatures reach: form first, then time.
    fn judge(&self, anchor: &Certificate<'a>) -> Result<(), Reason> {
        let authorities = || self.path_certificates().chain([*anchor]);
        let mut intermediates_below = 0_u32;
        for (position, authority) in authorities().enumerate() {
            let refuse = |fault| Reason::BadCertificate {
                subject: Subject::Authority(authority.subject_text()),
                fault,
            };
            check_form(&authority, self.rules.usage, intermediates_below).map_err(refuse)?;
            if let Some(constraints) = NameConstraints::of(&authority).map_err(refuse)? {
                // RFC 5280, section 6.1.3: self-issued intermediates are not constrained.
                let below = self.path_certificates().take(position).filter(|below| !below.is_self_issued());
                for certificate in below.chain([self.leaf]) {
                    let work = constraints.work(&certificate);
                    self.constraint_work.set(self.constraint_work.get().saturating_add(work));
                    if self.constraint_work.get() > MAX_NAME_CONSTRAINT_BYTES {
                        return Err(Reason::PathTooComplex {
                            limit: "its limit on work with name constraints",
                        });
                    }
                    constraints.check(&certificate).map_err(refuse)?;
                }
            }
            if !authority.is_self_issued() {
                intermediates_below = intermediates_below.saturating_add(1);
            }
        }
        for authority in authorities() {
            let subject = || Subject::Authority(authority.subject_text());
            authority.validity.check(self.rules.timestamp, subject)?;
        }
        Ok(())
    }

    fn path_certificates(&self) -> impl Iterator<Item = Certificate<'a>> {
        self.path.iter().filter_map(|index| self.issuers.get(*index)).map(|issuer| issuer.certificate)
    }

    fn found(&self, anchor: &'a Authority) -> Path<'a> {
        let intermediates = self.path.iter().filter_map(|index| self.issuers.get(*index));
        Path {
            intermediates: intermediates
                .map(|issuer| Intermediate { der: issuer.certificate.der, is_known: issuer.known.is_some() })
                .collect(),
            anchor: anchor.certificate().der,
        }
    }

    /// Keeps the more telling of two reasons, the first of equal ones.
    fn record(&mut self, reason: Reason) {
        if self.best_failure.as_ref().is_none_or(|best| rank(&reason) > rank(best)) {
            self.best_failure = Some(reason);
        }
    }

    fn failure(self) -> Reason {
        self.best_failure.unwrap_or_else(|| Reason::UnknownCa {
            issuer: self.leaf.issuer_text(),
            distrusted: self.met_distrusted,
        })
    }
}

/// What an authority's form must be on a path with this many intermediates below it, self-issued ones not
/// counted (RFC 5280, section 4.2.1.9).
fn check_form(
    authority: &Certificate<'_>,
    usage: Option<&[u8]>,
    intermediates_below: u32,
) -> Result<(), CertificateFault> {
    authority.check_authority(usage)?;
    match authority.extensions.basic_constraints()?.path_length {
        Some(allowed) if intermediates_below > allowed => {
            Err(CertificateFault::PathTooLong { allowed, found: intermediates_below })
        }
        _ => Ok(()),
    }
}

/// How telling a reason is.
fn rank(reason: &Reason) -> u8 {
    match reason {
        Reason::OutsideValidity { .. } => 3,
        Reason::BadCertificate { .. } => 2,
        Reason::PathTooComplex { .. } => 1,
        _ => 0,
    }
}

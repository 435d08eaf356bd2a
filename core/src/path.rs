//! Rule 4: a path from a leaf to a trust anchor.
//!
//! Paths are looked for depth first, from the leaf upwards, along steps whose names match and whose
//! signatures verify. Only a path that reaches an anchor is judged further: first the form of its
//! authorities, then their validity at the signing time. The work is bounded by a number of signature checks
//! and a number of steps.

mod signatures;

use crate::authority::{Authorities, Authority};
use crate::certificate::Certificate;
use crate::crypto::{AuthorityKey, SignatureAlgorithm};
use crate::limits::{MAX_NAME_CONSTRAINT_BYTES, MAX_PATH_AUTHORITIES};
use crate::name_constraints::NameConstraints;
use crate::rejection::{CertificateFault, Reason, Subject};
use crate::timestamp::Timestamp;
use crate::trust::Distrusted;
use alloc::vec::Vec;
use core::cell::{Cell, OnceCell};
use core::ops::ControlFlow;
use signatures::{Limit, Signatures};

pub(crate) use signatures::Remembered;

/// What a path must satisfy, beside its signatures.
pub(crate) struct PathRules<'a> {
    /// The time at which every authority must be valid.
    pub(crate) timestamp: Timestamp,
    /// The extended key usage that authorities must allow, if they have one at all.
    pub(crate) usage: Option<&'a [u8]>,
    pub(crate) accepted_algorithms: &'a [SignatureAlgorithm],
    pub(crate) distrusted: &'a Distrusted,
    pub(crate) max_authorities: usize,
}

impl PathRules<'_> {
    pub(crate) const DEFAULT_MAX_AUTHORITIES: usize = MAX_PATH_AUTHORITIES;
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

/// Finds a path, or tells the most telling reason why there is none. The certificates that were supplied are
/// read when no anchor is the leaf's issuer.
pub(crate) fn find<'a>(
    leaf: Certificate<'a>,
    supplied: &mut dyn Iterator<Item = &'a [u8]>,
    known: &'a Authorities,
    anchors: &'a Authorities,
    rules: &PathRules<'_>,
    remembered: &mut Remembered<'a>,
) -> Result<Path<'a>, Reason> {
    let mut search = Search {
        rules,
        leaf,
        unread: supplied,
        supplied: Vec::new(),
        known,
        anchors,
        path: Vec::new(),
        signatures: Signatures::new(rules, remembered),
        constraint_work: Cell::new(0),
        met_distrusted: rules.distrusted.has(&leaf),
        best_failure: None,
    };
    let found = if search.met_distrusted { ControlFlow::Continue(()) } else { search.extend() };
    match found {
        ControlFlow::Break(Outcome::Found(path)) => Ok(path),
        ControlFlow::Break(Outcome::Stopped) | ControlFlow::Continue(()) => Err(search.failure()),
    }
}

enum Outcome<'a> {
    Found(Path<'a>),
    /// A limit was reached.
    Stopped,
}

struct Search<'a, 'r> {
    rules: &'r PathRules<'r>,
    leaf: Certificate<'a>,
    /// The supplied certificates that were not read yet.
    unread: &'r mut dyn Iterator<Item = &'a [u8]>,
    supplied: Vec<Supplied<'a>>,
    known: &'a Authorities,
    anchors: &'a Authorities,
    /// The intermediates of the path so far.
    path: Vec<Step<'a>>,
    signatures: Signatures<'a, 'r>,
    /// Bytes of names compared with name constraints so far.
    constraint_work: Cell<usize>,
    met_distrusted: bool,
    best_failure: Option<Reason>,
}

/// A certificate that came with the signature, and may be the issuer of another.
struct Supplied<'a> {
    certificate: Certificate<'a>,
    key: OnceCell<Option<AuthorityKey>>,
}

impl Supplied<'_> {
    fn key(&self) -> Option<&AuthorityKey> {
        self.key.get_or_init(|| AuthorityKey::new(&self.certificate.public_key)).as_ref()
    }
}

/// A certificate of the path, the leaf included.
#[derive(Clone, Copy)]
struct Step<'a> {
    certificate: Certificate<'a>,
    source: Source<'a>,
}

#[derive(Clone, Copy)]
enum Source<'a> {
    Leaf,
    Supplied,
    /// One of the verifier's known intermediates.
    Known(&'a Authority),
}

impl<'a> Search<'a, '_> {
    /// Looks for the rest of the path above the certificate that the path ends in.
    fn extend(&mut self) -> ControlFlow<Outcome<'a>> {
        let leaf = Step { certificate: self.leaf, source: Source::Leaf };
        let child = self.path.last().copied().unwrap_or(leaf);
        for anchor in self.anchors_for(&child) {
            let certificate = anchor.certificate();
            if self.repeats(&certificate) || self.meets_distrusted(anchor.is_distrusted) {
                continue;
            }
            let verified = self.signatures.verify_given(&child, anchor);
            if self.within_limits(verified)? {
                match self.judge(&certificate) {
                    Ok(()) => return ControlFlow::Break(Outcome::Found(self.found(anchor))),
                    Err(Reason::PathTooComplex { limit }) => return self.stop(limit),
                    Err(reason) => self.record(reason),
                }
            }
        }
        // What came with the signature is tried first, so that many known intermediates of one name do not use
        // up the limit on checks.
        self.supplied.extend(self.unread.filter_map(|der| {
            Some(Supplied { certificate: Certificate::parse(der).ok()?, key: OnceCell::new() })
        }));
        for index in 0..self.supplied.len() {
            let Some(supplied) = self.supplied.get(index) else { continue };
            let certificate = supplied.certificate;
            if certificate.subject != child.certificate.issuer {
                continue;
            }
            if let Some(known) = self.known_copy(&certificate) {
                self.extend_by_known(&child, known)?;
                continue;
            }
            if self.repeats(&certificate) || self.meets_distrusted(self.rules.distrusted.has(&certificate)) {
                continue;
            }
            let Some(supplied) = self.supplied.get(index) else { continue };
            let verified = self.signatures.verify_supplied(&child, supplied);
            if self.within_limits(verified)? {
                self.extend_by(Step { certificate, source: Source::Supplied })?;
            }
        }
        for authority in self.known.named(child.certificate.issuer) {
            self.extend_by_known(&child, authority)?;
        }
        ControlFlow::Continue(())
    }

    /// The anchors that may have issued a certificate of the path: first one of which this is known, so that another
    /// of its name costs no check.
    fn anchors_for(&self, child: &Step<'a>) -> Vec<&'a Authority> {
        let mut anchors: Vec<&Authority> = self.anchors.named(child.certificate.issuer).collect();
        if let Source::Known(known) = child.source {
            let first = anchors.iter().position(|anchor| known.is_known_signed_by(anchor));
            if let Some(up_to_first) = first.and_then(|first| anchors.get_mut(..=first)) {
                up_to_first.rotate_right(1);
            }
        }
        anchors
    }

    fn extend_by_known(&mut self, child: &Step<'a>, known: &'a Authority) -> ControlFlow<Outcome<'a>> {
        let certificate = known.certificate();
        if self.repeats(&certificate) || self.meets_distrusted(known.is_distrusted) {
            return ControlFlow::Continue(());
        }
        let verified = self.signatures.verify_given(child, known);
        if self.within_limits(verified)? {
            self.extend_by(Step { certificate, source: Source::Known(known) })?;
        }
        ControlFlow::Continue(())
    }

    fn extend_by(&mut self, step: Step<'a>) -> ControlFlow<Outcome<'a>> {
        if self.path.len() >= self.rules.max_authorities {
            self.record(Reason::PathTooComplex { limit: "its limit on authorities below the anchor" });
            return ControlFlow::Continue(());
        }
        self.path.push(step);
        self.extend()?;
        self.path.pop();
        ControlFlow::Continue(())
    }

    /// Whether the path already has an authority of this name and key. Going through one twice leads nowhere
    /// that the shorter path does not, and may lead in circles.
    fn repeats(&self, certificate: &Certificate<'_>) -> bool {
        self.path_certificates().any(|earlier| {
            earlier.subject == certificate.subject && earlier.public_key.der == certificate.public_key.der
        })
    }

    /// The verifier's own copy of a supplied certificate.
    fn known_copy(&self, certificate: &Certificate<'_>) -> Option<&'a Authority> {
        self.known.named(certificate.subject).find(|known| known.der() == certificate.der)
    }

    const fn meets_distrusted(&mut self, is_distrusted: bool) -> bool {
        self.met_distrusted |= is_distrusted;
        is_distrusted
    }

    fn within_limits(&mut self, verified: Result<bool, Limit>) -> ControlFlow<Outcome<'a>, bool> {
        match verified {
            Ok(verified) => ControlFlow::Continue(verified),
            Err(Limit(limit)) => self.stop(limit),
        }
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
        self.path.iter().map(|step| step.certificate)
    }

    fn found(&self, anchor: &'a Authority) -> Path<'a> {
        let intermediate = |step: &Step<'a>| Intermediate {
            der: step.certificate.der,
            is_known: matches!(step.source, Source::Known(_)),
        };
        Path { intermediates: self.path.iter().map(intermediate).collect(), anchor: anchor.der() }
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

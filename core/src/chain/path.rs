//! Rule 4: a path from a leaf to a trust anchor.
//!
//! Paths are looked for depth first, from the leaf upwards, along steps whose names match. Before a certificate's
//! signature is checked under the key of an authority on the way, that authority must be certified itself, by an
//! anchor or by one that is ([`certified`](super::certified)): nobody makes work with keys of their own. Only a path that reaches an
//! anchor by its signatures is judged further: first the form of its authorities, then their validity at the
//! signing time. The work is bounded by a number of signature checks and a number of steps, which count together for all
//! the authorities of an instance that one signer is held against.

use super::pool::{Issuer, Node, Pool};
use super::search::{Effort, Intermediate, Outcome, Search, Step};
use super::signatures::Signatures;
use super::standing::Standings;
use crate::chain::authority::{Authorities, Authority};
use crate::chain::name_constraints::NameConstraints;
use crate::crypto::KeyIdentity;
use crate::limits::MAX_NAME_CONSTRAINT_BYTES;
use crate::rejection::{Reason, Subject, check_validity};
use crate::x509::certificate::Certificate;
use crate::x509::extension_demands::{self, AUTHORITY};
use crate::x509::fault::CertificateFault;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::ControlFlow;

pub(crate) use super::rules::PathRules;
pub(crate) use super::search::{Path, rank};
pub(crate) use super::signatures::{Remembered, Spent};

/// Finds a path, or tells the most telling reason why there is none. The certificates that were supplied are
/// read when no anchor is the leaf's issuer.
pub(crate) fn find<'a>(
    leaf: Certificate<'a>,
    supplied: &mut dyn Iterator<Item = &'a [u8]>,
    known: &'a Authorities,
    anchors: &'a Authorities,
    rules: &PathRules<'_>,
    remembered: &mut Remembered<'a>,
    spent: &mut Spent,
) -> Result<Path<'a>, Reason> {
    let pool = Pool { leaf, own_leaf: None, supplied: Vec::new(), known, anchors };
    find_in(pool, supplied, rules, remembered, spent)
}

/// The same for a leaf that is the verifier's own, with nothing supplied: that its issuer signed it is checked once.
pub(crate) fn find_for_own<'a>(
    leaf: &'a Authority,
    known: &'a Authorities,
    anchors: &'a Authorities,
    rules: &PathRules<'_>,
) -> Result<Path<'a>, Reason> {
    let own_leaf = Some(leaf);
    let pool = Pool { leaf: leaf.certificate(), own_leaf, supplied: Vec::new(), known, anchors };
    let (mut remembered, mut spent) = (Remembered::default(), Spent::default());
    find_in(pool, &mut core::iter::empty(), rules, &mut remembered, &mut spent)
}

fn find_in<'a>(
    pool: Pool<'a>,
    supplied: &mut dyn Iterator<Item = &'a [u8]>,
    rules: &PathRules<'_>,
    remembered: &mut Remembered<'a>,
    spent: &mut Spent,
) -> Result<Path<'a>, Reason> {
    let leaf = pool.leaf;
    let mut search = Search {
        rules,
        unread: supplied,
        pool,
        path: Vec::new(),
        signatures: Signatures::new(rules, remembered, spent),
        standings: Standings::default(),
        effort: Effort::Patient,
        is_undecided: false,
        met_unfit: false,
        met_distrusted: rules.distrusted.has(&leaf),
        best_failure: None,
    };
    let mut found = if search.met_distrusted { ControlFlow::Continue(()) } else { search.extend() };
    if search.is_undecided {
        let thorough = search.extend_again(Effort::Thorough);
        if !(is_path(&found) && matches!(thorough, ControlFlow::Break(Outcome::Stopped))) {
            found = thorough;
        }
    }
    // A path through what is no authority can only be a fault that is more telling.
    if search.met_unfit && !is_path(&found) && search.best_failure.as_ref().is_none_or(|best| rank(best) < 3)
    {
        found = search.extend_again(Effort::WithUnfit);
    }
    if search.signatures.has_spared_unfit() {
        search.record(Reason::PathTooComplex {
            limit: "its limit on signature checks below what is no authority",
        });
    }
    match found {
        ControlFlow::Break(Outcome::Found(path)) => Ok(path),
        ControlFlow::Break(Outcome::Stopped) | ControlFlow::Continue(()) => Err(search.failure()),
    }
}

const fn is_path(found: &ControlFlow<Outcome<'_>>) -> bool {
    matches!(found, ControlFlow::Break(Outcome::Found(_)))
}

impl<'a> Search<'a, '_> {
    /// Searches again, with more effort. The first of equally telling failures is then the first of all.
    fn extend_again(&mut self, effort: Effort) -> ControlFlow<Outcome<'a>> {
        self.effort = effort;
        if effort == Effort::WithUnfit {
            self.standings.reconsider();
        }
        self.path.clear();
        let earlier = self.best_failure.take();
        let found = self.extend();
        earlier.into_iter().for_each(|reason| self.record(reason));
        found
    }

    /// Looks for the rest of the path above the certificate that the path ends in.
    fn extend(&mut self) -> ControlFlow<Outcome<'a>> {
        let child = self.path.last().map_or(Node::Leaf, |step| step.node);
        for anchor in self.pool.anchors_of(child) {
            self.count_step()?;
            let certificate = anchor.certificate();
            if self.repeats(&certificate) || self.meets_distrusted(anchor.is_distrusted) {
                continue;
            }
            if self.verify(child, Issuer::Anchor(anchor))? {
                match self.judge(&certificate) {
                    Ok(()) => return ControlFlow::Break(Outcome::Found(self.found(anchor))),
                    Err(Reason::PathTooComplex { limit }) => return self.stop(limit),
                    Err(reason) => self.record(reason),
                }
            }
        }
        self.pool.read_supplied(self.unread);
        let issuers: Vec<Node> = self.pool.named(self.pool.issuer_name(child)).collect();
        for issuer in issuers {
            self.count_step()?;
            let Some(certificate) = self.pool.certificate(issuer) else { continue };
            if self.repeats(&certificate)
                || self.signatures.is_refuted(&self.pool, child, Issuer::Node(issuer))
            {
                continue;
            }
            if self.certify(issuer)? && self.verify(child, Issuer::Node(issuer))? {
                self.extend_by(Step { certificate, node: issuer })?;
            }
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

    /// Whether the path already has an authority of this name and key, in whichever encoding. Going through one
    /// twice leads nowhere that the shorter path does not, and may lead in circles.
    fn repeats(&self, certificate: &Certificate<'_>) -> bool {
        self.path_certificates().any(|earlier| {
            earlier.subject == certificate.subject
                && KeyIdentity::of(&earlier.public_key) == KeyIdentity::of(&certificate.public_key)
        })
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
                for certificate in below.chain([self.pool.leaf]) {
                    let work = constraints.work(&certificate);
                    let spent = &self.signatures.spent.constraint_bytes;
                    spent.set(spent.get().saturating_add(work));
                    if spent.get() > MAX_NAME_CONSTRAINT_BYTES {
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
            for time in self.rules.times {
                check_validity(&authority.validity, *time, subject)?;
            }
        }
        Ok(())
    }

    fn path_certificates(&self) -> impl Iterator<Item = Certificate<'a>> {
        self.path.iter().map(|step| step.certificate)
    }

    fn found(&self, anchor: &'a Authority) -> Path<'a> {
        let intermediate = |step: &Step<'a>| Intermediate {
            der: step.certificate.der,
            is_known: matches!(step.node, Node::Known(_)),
        };
        Path { intermediates: self.path.iter().map(intermediate).collect(), anchor: anchor.der() }
    }

    fn failure(self) -> Reason {
        let obstacle = match self.best_failure {
            None if !self.met_distrusted => self.obstacle().map(Box::new),
            _ => None,
        };
        self.best_failure.unwrap_or_else(|| Reason::UnknownCa {
            issuer: self.pool.leaf.issuer_text(),
            distrusted: self.met_distrusted,
            obstacle,
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
    extension_demands::check(&authority.extensions, &AUTHORITY, usage)?;
    match authority.extensions.basic_constraints()?.path_length {
        Some(allowed) if intermediates_below > allowed => {
            Err(CertificateFault::PathTooLong { allowed, found: intermediates_below })
        }
        _ => Ok(()),
    }
}

//! How far a search for a path has come: what it knows, what it has spent, and the most telling failure so far.

use super::pool::{Issuer, Node, Pool};
use super::rules::PathRules;
use super::signatures::{Limit, Signatures};
use super::standing::Standings;
use crate::rejection::Reason;
use crate::x509::certificate::Certificate;
use alloc::vec::Vec;
use core::ops::ControlFlow;

/// A path that was found: the authorities from the leaf's issuer upwards, and the anchor.
#[derive(Debug)]
pub(crate) struct Path<'a> {
    pub(crate) intermediates: Vec<Intermediate<'a>>,
    pub(crate) anchor: &'a [u8],
}

#[cfg(feature = "sigstore")]
impl<'a> Path<'a> {
    /// The authorities, the leaf's issuer first, the anchor last.
    pub(crate) fn certificates(&self) -> Vec<Certificate<'a>> {
        let authorities = self.intermediates.iter().map(|intermediate| intermediate.der).chain([self.anchor]);
        authorities.filter_map(|der| Certificate::parse(der).ok()).collect()
    }
}

/// An intermediate of a path, by its DER.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Intermediate<'a> {
    pub(crate) der: &'a [u8],
    pub(crate) is_known: bool,
}

/// What is tried to find a path, one after the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effort {
    /// Authorities that somebody certified, without much effort to find out who did: what is of no use must not use up
    /// the limits before the turn of what is.
    Patient,
    /// The same, and no effort is spared: what was found may not be the first path there is.
    Thorough,
    /// Also what has not the form of an authority, to tell why no path is in order.
    WithUnfit,
}

/// What a search ended in before it had tried everything.
pub(super) enum Outcome<'a> {
    Found(Path<'a>),
    /// A limit was reached.
    Stopped,
}

pub(super) struct Search<'a, 'r> {
    pub(super) rules: &'r PathRules<'r>,
    /// The supplied certificates that were not read yet.
    pub(super) unread: &'r mut dyn Iterator<Item = &'a [u8]>,
    pub(super) pool: Pool<'a>,
    /// The intermediates of the path so far.
    pub(super) path: Vec<Step<'a>>,
    pub(super) signatures: Signatures<'a, 'r>,
    pub(super) standings: Standings,
    pub(super) effort: Effort,
    /// Whether an effort was spared.
    pub(super) is_undecided: bool,
    /// Whether a certificate was passed over because it has not the form of an authority's.
    pub(super) met_unfit: bool,
    pub(super) met_distrusted: bool,
    pub(super) best_failure: Option<Reason>,
}

/// A certificate of the path.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) certificate: Certificate<'a>,
    pub(super) node: Node,
}

impl<'a> Search<'a, '_> {
    /// Whether an issuer that a trusted key has certified signed a certificate of the path.
    pub(super) fn verify(&mut self, child: Node, issuer: Issuer<'a>) -> ControlFlow<Outcome<'a>, bool> {
        let is_unfit = self.is_unfit(issuer);
        let verified = self.signatures.verify(&self.pool, child, issuer, is_unfit);
        self.within_limits(verified)
    }

    pub(super) const fn meets_distrusted(&mut self, is_distrusted: bool) -> bool {
        self.met_distrusted |= is_distrusted;
        is_distrusted
    }

    pub(super) fn count_step(&mut self) -> ControlFlow<Outcome<'a>> {
        let counted = self.signatures.count_step();
        self.within_limits(counted)
    }

    pub(super) fn within_limits<T>(&mut self, result: Result<T, Limit>) -> ControlFlow<Outcome<'a>, T> {
        match result {
            Ok(result) => ControlFlow::Continue(result),
            Err(Limit(limit)) => self.stop(limit),
        }
    }

    pub(super) fn stop<T>(&mut self, limit: &'static str) -> ControlFlow<Outcome<'a>, T> {
        self.record(Reason::PathTooComplex { limit });
        ControlFlow::Break(Outcome::Stopped)
    }

    /// Whether no path is in order that an issuer which is certified stands on, as far as is known.
    pub(super) fn is_unfit(&mut self, issuer: Issuer<'a>) -> bool {
        let Issuer::Node(node) = issuer else { return false };
        !self.standings.is_authority(node, &self.pool, self.rules.usage)
            || self.standings.at(node).is_some_and(|noted| noted.is_below_unfit)
    }

    /// Keeps the more telling of two reasons, the first of equal ones.
    pub(super) fn record(&mut self, reason: Reason) {
        if self.best_failure.as_ref().is_none_or(|best| rank(&reason) > rank(best)) {
            self.best_failure = Some(reason);
        }
    }
}

/// How telling a reason is.
pub(crate) fn rank(reason: &Reason) -> u8 {
    match reason {
        Reason::OutsideValidity { .. } => 3,
        #[cfg(feature = "sigstore")]
        Reason::OutsidePeriod { .. } => 3,
        Reason::BadCertificate { .. } => 2,
        Reason::PathTooComplex { .. } => 1,
        _ => 0,
    }
}

//! The signatures of a path's steps: each is checked once, within the limits, and what may be remembered is.

use super::pool::{Issuer, Node, Pool};
use super::rules::PathRules;
use crate::chain::authority::Authority;
use crate::crypto::{AuthorityKey, KeyIdentity};
use crate::limits::{MAX_PATH_STEPS, MAX_SIGNATURE_CHECKS, MAX_UNFIT_SIGNATURE_CHECKS};
use crate::x509::certificate::Certificate;
use alloc::vec::Vec;
use core::cell::Cell;

/// Which supplied intermediates are known to be signed by authorities of the verifier, for the candidates and
/// requests of one call: entries of one log bring the same ones again and again.
///
/// It holds successes alone, keyed by the exact bytes of the certificate and by the issuer's public key, and
/// only for issuers that the verifier was given, so that nobody else can fill it.
#[derive(Debug, Default)]
pub(crate) struct Remembered<'a>(Vec<(&'a [u8], KeyIdentity<'a>)>);

impl<'a> Remembered<'a> {
    const MAX: usize = 64;

    fn has(&self, certificate: &'a [u8], issuer_key: KeyIdentity<'a>) -> bool {
        self.0.contains(&(certificate, issuer_key))
    }

    fn insert(&mut self, certificate: &'a [u8], issuer_key: KeyIdentity<'a>) {
        if self.0.len() < Self::MAX {
            self.0.push((certificate, issuer_key));
        }
    }
}

/// The limit that was reached.
pub(super) struct Limit(pub(super) &'static str);

/// What searches for a path have spent of the limits. One candidate has one, however many authorities with paths of their
/// own it is held against.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    checks: usize,
    unfit_checks: usize,
    steps: usize,
    /// Bytes of names compared with name constraints.
    pub(super) constraint_bytes: Cell<usize>,
}

/// The work of one candidate.
pub(super) struct Signatures<'a, 'r> {
    rules: &'r PathRules<'r>,
    remembered: &'r mut Remembered<'a>,
    /// Whether a certificate is signed by a key, where this is told already.
    told: Vec<(Node, KeyIdentity<'a>, bool)>,
    pub(super) spent: &'r mut Spent,
    has_spared_unfit: bool,
}

impl<'a, 'r> Signatures<'a, 'r> {
    pub(super) const fn new(
        rules: &'r PathRules<'r>,
        remembered: &'r mut Remembered<'a>,
        spent: &'r mut Spent,
    ) -> Self {
        Self { rules, remembered, told: Vec::new(), spent, has_spared_unfit: false }
    }

    /// How many checks count towards the limit so far.
    pub(super) const fn checks(&self) -> usize {
        self.spent.checks
    }

    /// Whether a check was not made because its issuer is unfit, and too many were made for such.
    pub(super) const fn has_spared_unfit(&self) -> bool {
        self.has_spared_unfit
    }

    /// Whether the issuer is already known not to have signed the certificate. It costs no check.
    pub(super) fn is_refuted(&self, pool: &Pool<'a>, child: Node, issuer: Issuer<'a>) -> bool {
        let mut told = self.told.iter().filter(|(of, ..)| *of == child).peekable();
        if told.peek().is_none() {
            return false;
        }
        let Some((issuer, _)) = resolve(pool, issuer) else { return true };
        let key = KeyIdentity::of(&issuer.public_key);
        told.any(|(_, of, verified)| *of == key && !verified)
    }

    /// Whether the issuer, which a trusted key has certified, signed the certificate. If it is unfit, that can only tell
    /// why no path is in order.
    pub(super) fn verify(
        &mut self,
        pool: &Pool<'a>,
        child: Node,
        issuer: Issuer<'a>,
        is_unfit: bool,
    ) -> Result<bool, Limit> {
        let Some(certificate) = pool.certificate(child) else { return Ok(false) };
        let Some((issuer_certificate, given)) = resolve(pool, issuer) else { return Ok(false) };
        let identity = KeyIdentity::of(&issuer_certificate.public_key);
        let told = self.told.iter().find(|(of, key, _)| *of == child && *key == identity);
        if let Some((.., verified)) = told {
            return Ok(*verified);
        }
        let verified = match usable_key(pool, issuer) {
            None => false,
            Some(_) if self.is_remembered(pool, child, &certificate, given, identity) => true,
            Some(_) if is_unfit && self.spent.unfit_checks >= MAX_UNFIT_SIGNATURE_CHECKS => {
                self.has_spared_unfit = true;
                false
            }
            Some(key) => {
                let verified = self.check(pool, child, &certificate, given, key)?;
                self.spent.unfit_checks = self.spent.unfit_checks.saturating_add(usize::from(is_unfit));
                verified
            }
        };
        if verified && given.is_some() {
            self.remember(pool, child, &certificate, given, identity);
        }
        self.told.push((child, identity, verified));
        Ok(verified)
    }

    fn check(
        &mut self,
        pool: &Pool<'a>,
        child: Node,
        certificate: &Certificate<'a>,
        given: Option<&Authority>,
        key: &AuthorityKey,
    ) -> Result<bool, Limit> {
        let accepted = self.rules.accepted_algorithms;
        if !key.accepts(certificate.signature_algorithm, accepted) {
            return Ok(false);
        }
        if self.spent.checks >= MAX_SIGNATURE_CHECKS {
            return Err(Limit("its limit on signature checks"));
        }
        let verified = key.verifies(
            certificate.signed_part,
            certificate.signature_algorithm,
            certificate.signature,
            accepted,
        );
        // That one of the verifier's keys signed one of its known intermediates is told once in its life, and is
        // no work of the entry's that happens to ask for it first.
        let is_the_verifiers =
            verified && given.is_some() && pool.own(child).is_some_and(|known| !known.has_known_signer());
        if !is_the_verifiers {
            self.spent.checks = self.spent.checks.saturating_add(1);
        }
        Ok(verified)
    }

    fn is_remembered(
        &self,
        pool: &Pool<'a>,
        child: Node,
        certificate: &Certificate<'a>,
        given: Option<&Authority>,
        key: KeyIdentity<'a>,
    ) -> bool {
        given.is_some_and(|issuer| match child {
            Node::Supplied(_) => self.remembered.has(certificate.der, key),
            Node::Leaf | Node::Known(_) => {
                pool.own(child).is_some_and(|known| known.is_known_signed_by(issuer))
            }
        })
    }

    fn remember(
        &mut self,
        pool: &Pool<'a>,
        child: Node,
        certificate: &Certificate<'a>,
        given: Option<&Authority>,
        key: KeyIdentity<'a>,
    ) {
        match (child, given, pool.own(child)) {
            (Node::Supplied(_), Some(_), _) if !self.remembered.has(certificate.der, key) => {
                self.remembered.insert(certificate.der, key);
            }
            (Node::Leaf | Node::Known(_), Some(issuer), Some(known)) => known.remember_signed_by(issuer),
            _ => {}
        }
    }

    pub(super) const fn count_step(&mut self) -> Result<(), Limit> {
        if self.spent.steps >= MAX_PATH_STEPS {
            return Err(Limit("its limit on steps"));
        }
        self.spent.steps = self.spent.steps.saturating_add(1);
        Ok(())
    }
}

/// The issuer's certificate, and the issuer itself where the verifier was given it.
fn resolve<'a>(pool: &Pool<'a>, issuer: Issuer<'a>) -> Option<(Certificate<'a>, Option<&'a Authority>)> {
    let given = match issuer {
        Issuer::Anchor(anchor) => Some(anchor),
        Issuer::Node(node) => pool.own(node),
    };
    match (given, issuer) {
        (Some(given), _) => Some((given.certificate(), Some(given))),
        (None, Issuer::Node(node)) => Some((pool.certificate(node)?, None)),
        (None, Issuer::Anchor(_)) => None,
    }
}

fn usable_key<'p, 'a>(pool: &'p Pool<'a>, issuer: Issuer<'a>) -> Option<&'p AuthorityKey> {
    match issuer {
        Issuer::Anchor(anchor) => anchor.key.as_ref(),
        Issuer::Node(Node::Known(position)) => pool.known.get(position)?.key.as_ref(),
        Issuer::Node(Node::Supplied(position)) => pool.supplied.get(position)?.key(),
        Issuer::Node(Node::Leaf) => None,
    }
}

//! The signatures of a path's steps: each is checked once, within the limits, and what may be remembered is.

use super::{PathRules, Source, Step, Supplied};
use crate::authority::Authority;
use crate::certificate::Certificate;
use crate::crypto::AuthorityKey;
use crate::limits::{MAX_PATH_STEPS, MAX_SIGNATURE_CHECKS};
use alloc::vec::Vec;

/// Which supplied intermediates are known to be signed by authorities of the verifier, for the candidates and
/// requests of one call: entries of one log bring the same ones again and again.
///
/// It holds successes alone, keyed by the exact bytes of the certificate and of the issuer's public key, and
/// only for issuers that the verifier was given, so that nobody else can fill it.
#[derive(Debug, Default)]
pub(crate) struct Remembered<'a>(Vec<CheckedSignature<'a>>);

impl<'a> Remembered<'a> {
    const MAX: usize = 64;

    fn has(&self, signature: &CheckedSignature<'a>) -> bool {
        self.0.contains(signature)
    }

    fn insert(&mut self, signature: CheckedSignature<'a>) {
        if self.0.len() < Self::MAX {
            self.0.push(signature);
        }
    }
}

/// A signature that is looked at: the certificate's bytes and the issuer's public key.
#[derive(Clone, Copy, Debug, PartialEq)]
struct CheckedSignature<'a> {
    certificate: &'a [u8],
    issuer_key: &'a [u8],
}

impl<'a> CheckedSignature<'a> {
    const fn of(child: &Certificate<'a>, issuer: &Certificate<'a>) -> Self {
        Self { certificate: child.der, issuer_key: issuer.public_key.der }
    }
}

/// The limit that was reached.
pub(super) struct Limit(pub(super) &'static str);

/// The work of one candidate.
pub(super) struct Signatures<'a, 'r> {
    rules: &'r PathRules<'r>,
    remembered: &'r mut Remembered<'a>,
    /// What was checked, and whether it verified.
    checked: Vec<(CheckedSignature<'a>, bool)>,
    steps: usize,
}

impl<'a, 'r> Signatures<'a, 'r> {
    pub(super) const fn new(rules: &'r PathRules<'r>, remembered: &'r mut Remembered<'a>) -> Self {
        Self { rules, remembered, checked: Vec::new(), steps: 0 }
    }

    /// Whether an authority that the verifier was given signed a certificate of the path.
    pub(super) fn verify_given(&mut self, child: &Step<'a>, issuer: &'a Authority) -> Result<bool, Limit> {
        let Some(key) = issuer.key.as_ref() else { return Ok(false) };
        let certificate = issuer.certificate();
        let signature = CheckedSignature::of(&child.certificate, &certificate);
        let is_remembered = match child.source {
            Source::Leaf => false,
            Source::Supplied => self.remembered.has(&signature),
            Source::Known(known) => known.is_known_signed_by(issuer),
        };
        if is_remembered {
            self.count_step()?;
            return Ok(true);
        }
        let verified = self.verify(&child.certificate, signature, key)?;
        if verified {
            match child.source {
                Source::Leaf => {}
                Source::Supplied => self.remembered.insert(signature),
                Source::Known(known) => known.remember_signed_by(issuer),
            }
        }
        Ok(verified)
    }

    /// Whether a certificate that was supplied is that of the signer of a certificate of the path.
    pub(super) fn verify_supplied(&mut self, child: &Step<'a>, issuer: &Supplied<'a>) -> Result<bool, Limit> {
        let Some(key) = issuer.key() else { return Ok(false) };
        self.verify(&child.certificate, CheckedSignature::of(&child.certificate, &issuer.certificate), key)
    }

    fn verify(
        &mut self,
        child: &Certificate<'a>,
        signature: CheckedSignature<'a>,
        key: &AuthorityKey,
    ) -> Result<bool, Limit> {
        self.count_step()?;
        if let Some((_, verified)) = self.checked.iter().find(|(checked, _)| *checked == signature) {
            return Ok(*verified);
        }
        if self.checked.len() >= MAX_SIGNATURE_CHECKS {
            return Err(Limit("its limit on signature checks"));
        }
        let verified = key.verifies(
            child.signed_part,
            child.signature_algorithm,
            child.signature,
            self.rules.accepted_algorithms,
        );
        self.checked.push((signature, verified));
        Ok(verified)
    }

    const fn count_step(&mut self) -> Result<(), Limit> {
        if self.steps >= MAX_PATH_STEPS {
            return Err(Limit("its limit on steps"));
        }
        self.steps = self.steps.saturating_add(1);
        Ok(())
    }
}

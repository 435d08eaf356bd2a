//! Rule B4: a path from the leaf to an authority of the instance, valid at every time.

use crate::chain::path::{self, Path, PathRules, Remembered, Spent, rank};
use crate::crypto::KeyIdentity;
use crate::rejection::Reason;
use crate::signer::leaf::Leaf;
use crate::sigstore::instance::{CertificateAuthority, Instance};
use crate::timestamp::Timestamp;
use crate::x509::certificate::Certificate;
use crate::x509::extension_demands::CODE_SIGNING;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Finds a path to one of the instance's authorities, whose certificates and whose own period hold every one of the times,
/// or tells the most telling reason why there is none. The limits on the work are those of one path, for all authorities
/// together.
pub(crate) fn certify<'a>(
    leaf: &Leaf<'a>,
    supplied: &'a [Vec<u8>],
    instance: &'a Instance,
    times: &[Timestamp],
) -> Result<Path<'a>, Reason> {
    let (mut remembered, mut spent) = (Remembered::default(), Spent::default());
    // Those whose period does not hold the times can only tell why there is no path: an authority that renewed its keys under
    // one name would otherwise cost signature checks under each of them.
    let (in_period, others): (Vec<_>, Vec<_>) = instance
        .authorities
        .iter()
        .enumerate()
        .partition(|(_, authority)| authority.check_period(times).is_ok());
    let mut reasons = Vec::new();
    for (position, authority) in in_period.into_iter().chain(others) {
        let found = authority.certify(leaf, supplied, times, &mut remembered, &mut spent);
        let found = found.and_then(|path| {
            authority.check_period(times)?;
            instance.check_periods_of_listed(&path, times)?;
            Ok(path)
        });
        match found {
            Ok(path) => return Ok(path),
            Err(reason) => reasons.push((position, reason)),
        }
    }
    // Of equally telling ones the first authority's.
    let best = reasons.into_iter().max_by_key(|(position, reason)| (rank(reason), Reverse(*position)));
    Err(best.map_or_else(
        || Reason::UnknownCa { issuer: leaf.certificate.issuer_text(), distrusted: false, obstacle: None },
        |(_, reason)| reason,
    ))
}

impl Instance {
    /// Whom the instance lists counts in a period that it lists for it, also where the bundle brings its certificate and
    /// another authority, of the same anchor, would hold.
    fn check_periods_of_listed(&self, path: &Path<'_>, times: &[Timestamp]) -> Result<(), Reason> {
        for certificate in path.certificates() {
            let mut outside = None;
            let mut listing = self.authorities.iter().filter(|authority| authority.lists(&certificate));
            let is_inside = listing.any(|authority| match authority.check_period(times) {
                Ok(()) => true,
                Err(reason) => {
                    outside = Some(reason);
                    false
                }
            });
            match outside {
                Some(reason) if !is_inside => return Err(reason),
                _ => {}
            }
        }
        Ok(())
    }
}

impl CertificateAuthority {
    /// Whether it has an authority of this name and key, in whichever certificate.
    fn lists(&self, certificate: &Certificate<'_>) -> bool {
        let key = KeyIdentity::of(&certificate.public_key);
        let Self { trust, .. } = self;
        let mut named =
            trust.anchors.named(certificate.subject).chain(trust.intermediates.named(certificate.subject));
        named.any(|listed| KeyIdentity::of(&listed.certificate().public_key) == key)
    }

    fn certify<'a>(
        &'a self,
        leaf: &Leaf<'a>,
        supplied: &'a [Vec<u8>],
        times: &[Timestamp],
        remembered: &mut Remembered<'a>,
        spent: &mut Spent,
    ) -> Result<Path<'a>, Reason> {
        let rules = PathRules {
            times,
            usage: Some(CODE_SIGNING),
            accepted_algorithms: &self.trust.accepted_algorithms,
            distrusted: &self.trust.distrusted,
            max_authorities: PathRules::DEFAULT_MAX_AUTHORITIES,
        };
        let mut supplied = supplied.iter().map(Vec::as_slice);
        let Self { trust, .. } = self;
        path::find(
            leaf.certificate,
            &mut supplied,
            &trust.intermediates,
            &trust.anchors,
            &rules,
            remembered,
            spent,
        )
    }

    fn check_period(&self, times: &[Timestamp]) -> Result<(), Reason> {
        let Some(period) = self.period else { return Ok(()) };
        match times.iter().find(|time| !period.contains(**time)) {
            None => Ok(()),
            Some(time) => Err(Reason::OutsidePeriod { whose: self.subject_text(), time: *time, period }),
        }
    }

    fn subject_text(&self) -> String {
        let anchor = self.trust.anchors.iter().next();
        anchor.map(|anchor| anchor.certificate().subject_text()).unwrap_or_default()
    }
}

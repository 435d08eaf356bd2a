//! Rule 4 by itself, under rules that are not those of signatures, so that a suite of foreign cases can be run
//! through the code that entries use; and a count of the signatures that are checked, so that work can be bounded
//! without a clock. For tests; not part of the public interface.

use crate::chain::authority::Authorities;
use crate::chain::authority::TrustAnchors;
use crate::chain::path::{self, PathRules, Remembered, Spent};
use crate::chain::trust::Distrusted;
use crate::crypto::SignatureAlgorithm;
use crate::rejection::{Reason, Subject, check_validity};
use crate::timestamp::Timestamp;
use crate::x509::certificate::Certificate;
use crate::x509::extension_demands;
use crate::x509::extensions::ExtensionKind;
use crate::x509::oid;
use alloc::vec::Vec;

pub use crate::crypto::signature_checks;

/// What a case asks for.
#[derive(Clone, Debug)]
pub struct PathValidation<'a> {
    /// When every certificate must be valid.
    pub time: Timestamp,
    /// How many authorities there may be between the leaf and the anchor; as many as for entries if `None`.
    pub max_authorities: Option<usize>,
    /// The purpose that the leaf must have and authorities must allow, as a dotted OID.
    pub extended_key_usage: Option<&'a str>,
    /// Whether the leaf must be for digital signatures.
    pub digital_signature: bool,
}

impl PathValidation<'_> {
    /// Validates a path from the leaf to an anchor.
    ///
    /// # Errors
    ///
    /// The reason why there is none.
    pub fn validate(&self, anchors: &TrustAnchors, leaf: &[u8], others: &[Vec<u8>]) -> Result<(), Reason> {
        let refuse = |fault| Reason::BadCertificate { subject: Subject::Leaf, fault };
        let usage = self.extended_key_usage.map(|dotted| oid::from_dotted(dotted).unwrap_or_default());
        let leaf = Certificate::parse(leaf).map_err(refuse)?;
        let demands = extension_demands::LEAF
            .iter()
            .filter(|demand| self.digital_signature || demand.extension != ExtensionKind::KeyUsage);
        extension_demands::check(&leaf.extensions, demands, usage.as_deref()).map_err(refuse)?;
        let rules = PathRules {
            times: &[self.time],
            usage: usage.as_deref(),
            accepted_algorithms: SignatureAlgorithm::DEFAULT,
            distrusted: &Distrusted::default(),
            max_authorities: self.max_authorities.unwrap_or(PathRules::DEFAULT_MAX_AUTHORITIES),
        };
        let (known, mut remembered) = (Authorities::default(), Remembered::default());
        let mut others = others.iter().map(Vec::as_slice);
        path::find(
            leaf,
            &mut others,
            &known,
            &anchors.authorities,
            &rules,
            &mut remembered,
            &mut Spent::default(),
        )?;
        check_validity(&leaf.validity, self.time, || Subject::Leaf)
    }
}

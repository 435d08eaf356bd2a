//! Rule B5: timestamps of certificate logs in the leaf, over the certificate as its issuer on the path would have it.

use crate::chain::path::Path;
use crate::evidence::sct::{self, Sct};
use crate::rejection::Reason;
use crate::signer::leaf::Leaf;
use crate::sigstore::instance::Instance;
use crate::sigstore::verdict::{Demand, Verdict};
use crate::timestamp::Timestamp;
use crate::x509::precertificate::{self, Precertificate};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A timestamp of a certificate log that is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CertificateTimestamp {
    pub(crate) time: Timestamp,
    /// The position of the log in the instance.
    pub(crate) log: usize,
}

/// Judges every timestamp in the leaf.
///
/// # Errors
///
/// The reason, if they cannot be read.
pub(crate) fn judge<'a>(
    leaf: &Leaf<'a>,
    path: &Path<'_>,
    instance: &Instance,
) -> Result<Vec<Verdict<CertificateTimestamp>>, Reason> {
    let Some(list) = precertificate::sct_list(&leaf.certificate) else { return Ok(Vec::new()) };
    let refuse = |why: String| Reason::NoCertificateTimestamp {
        detail: format!("the certificate timestamps in the signer's certificate cannot be judged: {why}"),
    };
    let scts = sct::read_list(list).map_err(|fault| refuse(fault.0))?;
    let authorities = path.certificates();
    let precertificate = Precertificate::new(&leaf.certificate, &authorities)
        .map_err(|fault| refuse(format!("the certificate {fault}")))?;
    let judge = |(position, sct): (usize, &Sct<'a>)| judge_one(position, sct, &precertificate, instance);
    Ok(scts.iter().enumerate().map(judge).collect())
}

fn judge_one(
    position: usize,
    sct: &Sct<'_>,
    precertificate: &Precertificate<'_>,
    instance: &Instance,
) -> Verdict<CertificateTimestamp> {
    let refuse = |why: String| Reason::NoCertificateTimestamp {
        detail: format!("certificate timestamp {position} {why}"),
    };
    let time = sct.timestamp;
    match instance.certificate_log(sct.log_id) {
        Err(unknown) => Verdict::Unknown(refuse(format!("is of {unknown}"))),
        Ok((_, log)) if !log.is_valid_at(time) => {
            Verdict::Bad(refuse(format!("is of {time}, when the key of {} was not valid", log.name())))
        }
        Ok((position_of_log, log)) => {
            let key = log.key().key();
            match key.is_some_and(|key| sct.is_signed_by(key, precertificate, log.accepted_algorithms)) {
                true => Verdict::Good(CertificateTimestamp { time, log: position_of_log }),
                false => Verdict::Bad(refuse(format!(
                    "does not verify under the key of {} over the certificate",
                    log.name()
                ))),
            }
        }
    }
}

/// Those that count, if they suffice.
pub(crate) fn settle(
    verdicts: Vec<Verdict<CertificateTimestamp>>,
    instance: &Instance,
    demand: Demand,
) -> Result<Vec<CertificateTimestamp>, Reason> {
    let good = demand.settle(verdicts)?;
    match demand.lacks(good.iter().map(|good| instance.certificate_log_operator(good.log))) {
        None => Ok(good),
        Some(lack) => Err(Reason::NoCertificateTimestamp {
            detail: format!(
                "the signer's certificate has timestamps of {} independent certificate logs that are trusted, and {} are asked for",
                lack.found, lack.asked
            ),
        }),
    }
}

//! Whom a verifier trusts beside its anchors: trusted roots, logs, timestamp authorities.

use crate::entry::{Json, json_bytes, timestamp};
use crate::refusal::{Refusal, Refused, guarded};
use countermark::{Code, Period, PublicKey};
use napi::Either;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

const CODE: Code = Code::MalformedTrustAnchor;

/// From when to when something counts.
#[napi(object, object_to_js = false)]
#[derive(Debug)]
pub struct ValidFor {
    /// RFC 3339.
    pub start: String,
    /// RFC 3339; none if it has not ended.
    pub end: Option<String>,
}

impl ValidFor {
    pub(crate) fn period(&self, code: Code) -> Result<Period, Refusal> {
        let end = self.end.as_deref().map(|end| timestamp(end, "validFor.end", code)).transpose()?;
        Ok(Period::new(timestamp(&self.start, "validFor.start", code)?, end))
    }
}

/// The start of a period and, if it ends, its end.
pub(crate) fn told(period: Period) -> Vec<String> {
    [Some(period.start()), period.end()].into_iter().flatten().map(|instant| instant.to_string()).collect()
}

/// What one Sigstore instance is trusted for.
#[napi]
#[derive(Debug)]
pub struct TrustedRoot(pub(crate) countermark::TrustedRoot);

#[napi]
impl TrustedRoot {
    /// How many authorities certify signers.
    #[napi(getter, catch_unwind)]
    pub fn certificate_authority_count(&self) -> u32 {
        count(self.0.certificate_authority_count())
    }

    /// How many authorities sign timestamps.
    #[napi(getter, catch_unwind)]
    pub fn timestamp_authority_count(&self) -> u32 {
        count(self.0.timestamp_authority_count())
    }

    /// How many logs there are.
    #[napi(getter, catch_unwind)]
    pub fn log_count(&self) -> u32 {
        count(self.0.log_count())
    }

    /// How many certificate logs there are.
    #[napi(getter, catch_unwind)]
    pub fn certificate_log_count(&self) -> u32 {
        count(self.0.certificate_log_count())
    }

    /// The root for people.
    #[napi(catch_unwind)]
    pub fn text(&self) -> String {
        self.0.to_string()
    }
}

pub(crate) fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Reads a trusted root.
#[napi(catch_unwind)]
pub fn trusted_root_from_json(json: Json) -> Either<TrustedRoot, Refused> {
    guarded(|| Ok(TrustedRoot(countermark::TrustedRoot::from_json(json_bytes(&json))?)))
}

/// Reads trusted roots, one a line.
#[napi(catch_unwind)]
pub fn trusted_roots_from_json_lines(json: Json) -> Either<Vec<TrustedRoot>, Refused> {
    guarded(|| {
        let roots = countermark::trusted_roots_from_json_lines(json_bytes(&json))?;
        Ok(roots.into_iter().map(TrustedRoot).collect())
    })
}

/// An authority that signs timestamps.
#[napi]
#[derive(Debug)]
pub struct TimestampAuthority(pub(crate) countermark::TimestampAuthority);

#[napi]
impl TimestampAuthority {
    /// Its certificates in DER, the signer's first.
    #[napi(getter, catch_unwind)]
    pub fn certificates(&self) -> Vec<Uint8Array> {
        self.0.certificates().iter().map(Uint8Array::with_data_copied).collect()
    }

    /// The start of the period in which its timestamps count and, if it ends, the end.
    #[napi(getter, catch_unwind)]
    pub fn period(&self) -> Vec<String> {
        told(self.0.period())
    }
}

/// Makes a timestamp authority of its certificates, the signer's first.
#[napi(catch_unwind)]
pub fn timestamp_authority(
    chain: Either<String, Vec<Uint8Array>>,
    valid_for: ValidFor,
) -> Either<TimestampAuthority, Refused> {
    guarded(|| {
        let period = valid_for.period(CODE)?;
        let authority = match chain {
            Either::A(pem) => countermark::TimestampAuthority::new([pem], period),
            Either::B(certificates) => countermark::TimestampAuthority::new(certificates, period),
        };
        Ok(TimestampAuthority(authority?))
    })
}

/// What sort of log a key is of.
#[napi(string_enum)]
#[derive(Debug)]
pub enum LogKind {
    /// Rekor's first version.
    #[napi(value = "rekor_v1")]
    RekorV1,
    /// Rekor's second version.
    #[napi(value = "rekor_v2")]
    RekorV2,
    /// A certificate log.
    #[napi(value = "certificate_log")]
    CertificateLog,
}

/// The key of a log.
#[napi]
#[derive(Debug)]
pub struct LogKey(pub(crate) countermark::evidence::LogKey);

#[napi]
impl LogKey {
    /// The log's ID.
    #[napi(getter, catch_unwind)]
    pub fn id(&self) -> Uint8Array {
        Uint8Array::with_data_copied(self.0.id())
    }

    /// Where the log is.
    #[napi(getter, catch_unwind)]
    pub fn base_url(&self) -> &str {
        self.0.base_url()
    }

    /// Who operates it, if that is known.
    #[napi(getter, catch_unwind)]
    pub fn operator(&self) -> Option<&str> {
        self.0.operator()
    }

    /// The DER of the key's `SubjectPublicKeyInfo`.
    #[napi(getter, catch_unwind)]
    pub fn public_key(&self) -> Uint8Array {
        Uint8Array::with_data_copied(self.0.public_key())
    }

    /// The start of the period in which the key counts and, if it ends, the end.
    #[napi(getter, catch_unwind)]
    pub fn period(&self) -> Vec<String> {
        self.0.periods().first().map(|period| told(*period)).unwrap_or_default()
    }
}

/// Makes the key of a log.
#[napi(catch_unwind)]
pub fn log_key(
    kind: LogKind,
    base_url: String,
    public_key: Either<String, Uint8Array>,
    valid_for: ValidFor,
    operator: Option<String>,
) -> Either<LogKey, Refused> {
    use countermark::evidence::LogKey as Key;
    guarded(|| {
        let period = valid_for.period(CODE)?;
        let der = match public_key {
            Either::A(pem) => {
                let key = PublicKey::from_pem(&pem);
                key.map_err(|fault| Refusal::malformed(CODE, fault.detail()))?.as_der().to_vec()
            }
            Either::B(der) => der.to_vec(),
        };
        let key = match kind {
            LogKind::RekorV1 => Key::rekor_v1(&base_url, &der, period),
            LogKind::RekorV2 => Key::rekor_v2(&base_url, &der, period),
            LogKind::CertificateLog => Key::certificate_log(&base_url, &der, period),
        }?;
        Ok(LogKey(match operator {
            Some(operator) => key.operated_by(operator),
            None => key,
        }))
    })
}

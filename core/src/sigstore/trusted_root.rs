//! A trusted root: the authorities and logs of one Sigstore instance.

use crate::evidence::log_key::{ListedLog, LogKey};
use crate::evidence::timestamp_authority::TimestampAuthority;
use crate::limits::{
    MAX_CERTIFICATES, MAX_TRUSTED_ROOT_ITEMS, MAX_TRUSTED_ROOT_JSON_BYTES, MAX_TRUSTED_ROOTS,
};
use crate::malformed::MalformedInput;
use crate::period::Period;
use crate::sigstore::bundle_json::read_chain;
use crate::sigstore::protobuf_json::Place;
use crate::text::json;
use crate::text::pem;
use crate::text::quoting::{Excerpt, Printable};
use crate::timestamp::Timestamp;
use crate::x509::certificate::Certificate;
use crate::x509::extensions::ExtensionKind;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// The media types of trusted roots.
const MEDIA_TYPES: &[&str] = &[
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
    "application/vnd.dev.sigstore.trustedroot.v0.2+json",
];

/// An extended key usage that is 1.3.6.1.5.5.7.3.8, `id-kp-timeStamping`, alone.
const ONLY_TIME_STAMPING: &[u8] = &[0x30, 0x0A, 0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

/// What every media type of a bundle begins with.
const BUNDLE_MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle";

/// What one Sigstore instance is trusted for: authorities that certify signers, authorities that sign timestamps, logs
/// and certificate logs, each with the period in which it counts. They belong together: a verifier never mixes those of
/// two instances.
///
/// An item whose *algorithm* is not known or not accepted stays, and verifies nothing. Anything else that is wrong with
/// one is malformed. How the file got here, and whether it is the right one, is the caller's to know.
///
/// ```no_run
/// use countermark::TrustedRoot;
///
/// let root = TrustedRoot::from_json(std::fs::read("trusted_root.json")?)?;
/// println!("{root}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TrustedRoot {
    pub(crate) certificate_authorities: Vec<RootAuthority>,
    pub(crate) timestamp_authorities: Vec<RootTimestampAuthority>,
    pub(crate) logs: Vec<LogKey>,
    pub(crate) certificate_logs: Vec<LogKey>,
}

/// An authority that certifies signers.
#[derive(Clone)]
pub(crate) struct RootAuthority {
    /// Certificates of authorities in DER, at least one: the anchor last, before it its intermediates.
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) period: Period,
    pub(crate) operator: Option<String>,
}

/// An authority that signs timestamps.
#[derive(Clone)]
pub(crate) struct RootTimestampAuthority {
    /// `None` if nothing that it signs counts: the extended key usage of its signer's certificate is not critical, as in
    /// GitHub's first of 2023.
    pub(crate) authority: Option<TimestampAuthority>,
    pub(crate) operator: Option<String>,
}

impl TrustedRoot {
    /// Reads a trusted root of version 0.1 or 0.2 as strictly as [`Bundle::from_json`](crate::Bundle::from_json) reads a
    /// bundle.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustedRoot`] says what is wrong, with the path of the member: another media type; an item
    /// without `validFor.start`; a certificate that cannot be read, that is no authority's where one is meant, or is one
    /// where the signer of timestamps is meant; a log's ID that is not its key's; nothing to trust; a limit.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        let json = json.as_ref();
        check_length(json)?;
        Self::read(json).map_err(MalformedInput::trusted_root)
    }

    fn read(json: &[u8]) -> Result<Self, String> {
        let document = Place::document(json)?;
        let [media_type, logs, authorities, certificate_logs, timestamp_authorities] = document.members([
            "mediaType",
            "tlogs",
            "certificateAuthorities",
            "ctlogs",
            "timestampAuthorities",
        ])?;
        check_media_type(&media_type)?;
        let root = Self {
            certificate_authorities: read_items(&authorities, read_authority)?,
            timestamp_authorities: read_items(&timestamp_authorities, read_timestamp_authority)?,
            logs: read_logs(&logs, LogKey::listed)?,
            certificate_logs: read_logs(&certificate_logs, LogKey::listed_for_certificates)?,
        };
        let counts = [
            root.certificate_authority_count(),
            root.timestamp_authority_count(),
            root.log_count(),
            root.certificate_log_count(),
        ];
        if counts == [0; 4] {
            return Err("there is neither an authority nor a log in it".to_string());
        }
        Ok(root)
    }

    /// How many authorities certify signers.
    #[must_use]
    pub fn certificate_authority_count(&self) -> usize {
        self.certificate_authorities.len()
    }

    /// How many authorities sign timestamps.
    #[must_use]
    pub fn timestamp_authority_count(&self) -> usize {
        self.timestamp_authorities.len()
    }

    /// How many logs there are; one that is listed more than once is one.
    #[must_use]
    pub fn log_count(&self) -> usize {
        self.logs.len()
    }

    /// How many certificate logs there are; one that is listed more than once is one.
    #[must_use]
    pub fn certificate_log_count(&self) -> usize {
        self.certificate_logs.len()
    }
}

/// Reads trusted roots from JSON Lines, as `gh attestation trusted-root` writes them: one root a line, each an instance of
/// its own. Blank lines are ignored.
///
/// # Errors
///
/// [`MalformedInput::TrustedRoot`] for the first bad root, and if there is none, or more than [`MAX_TRUSTED_ROOTS`].
pub fn trusted_roots_from_json_lines(json: impl AsRef<[u8]>) -> Result<Vec<TrustedRoot>, MalformedInput> {
    let mut rest = json.as_ref();
    check_length(rest)?;
    let mut roots = Vec::new();
    while let Some((line, after)) = json::next_line(rest) {
        if roots.len() >= MAX_TRUSTED_ROOTS {
            let fault = format!("there are more than {MAX_TRUSTED_ROOTS} roots");
            return Err(MalformedInput::trusted_root(fault));
        }
        let root = TrustedRoot::read(line)
            .map_err(|fault| MalformedInput::trusted_root(format!("root {}: {fault}", roots.len())))?;
        roots.push(root);
        rest = after;
    }
    if roots.is_empty() {
        return Err(MalformedInput::trusted_root("there is no root in it"));
    }
    Ok(roots)
}

fn check_length(json: &[u8]) -> Result<(), MalformedInput> {
    if json.len() <= MAX_TRUSTED_ROOT_JSON_BYTES {
        return Ok(());
    }
    Err(MalformedInput::trusted_root(format!("it is longer than {MAX_TRUSTED_ROOT_JSON_BYTES} bytes")))
}

fn check_media_type(media_type: &Place<'_, '_>) -> Result<(), String> {
    let given = media_type.required()?.text()?;
    if MEDIA_TYPES.contains(&given.as_ref()) {
        return Ok(());
    }
    if given.starts_with(BUNDLE_MEDIA_TYPE) {
        return Err(media_type.fault("is a bundle's, where a trusted root is meant"));
    }
    Err(media_type.fault(format_args!(
        "is {}; the versions that are read are 0.1 and 0.2, {:?} for one",
        Excerpt(&given),
        MEDIA_TYPES.last().copied().unwrap_or_default(),
    )))
}

fn read_items<T>(
    list: &Place<'_, '_>,
    read: impl Fn(&Place<'_, '_>) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let places = list.few_items(MAX_TRUSTED_ROOT_ITEMS)?;
    let mut items = Vec::with_capacity(places.len());
    for place in &places {
        items.push(read(place)?);
    }
    Ok(items)
}

fn read_authority(place: &Place<'_, '_>) -> Result<RootAuthority, String> {
    let authority = read_authority_members(place)?;
    for (index, der) in authority.chain.iter().enumerate() {
        let refuse = |fault: &dyn fmt::Display| {
            Err(format!("`{place}.certChain.certificates[{index}].rawBytes`{fault}"))
        };
        let certificate = match Certificate::parse(der) {
            Ok(certificate) => certificate,
            Err(fault) => match pem::instead_of_der(der) {
                Some(instead) => return refuse(&format_args!(" cannot be read: {instead}")),
                None => return refuse(&format_args!(" {fault}")),
            },
        };
        let subject = certificate.subject_text();
        match certificate.extensions.basic_constraints() {
            Ok(constraints) if constraints.is_authority => {}
            Ok(_) => {
                return refuse(&format_args!(
                    ", {subject}, is no certificate authority by its basic constraints"
                ));
            }
            Err(fault) => return refuse(&format_args!(", {subject}, {fault}")),
        }
    }
    Ok(authority)
}

fn read_timestamp_authority(place: &Place<'_, '_>) -> Result<RootTimestampAuthority, String> {
    let RootAuthority { chain, period, operator } = read_authority_members(place)?;
    let refuse = |fault: &dyn fmt::Display| Err(format!("`{place}.certChain`: {fault}"));
    if chain.iter().any(|der| pem::is_pem(der)) {
        return refuse(&"a certificate is PEM, where DER is meant");
    }
    let authority = match TimestampAuthority::new(&chain, period) {
        Ok(authority) => Some(authority),
        Err(_) if is_by_uncritical_usage(&chain) => None,
        Err(fault) => return refuse(&fault.detail()),
    };
    Ok(RootTimestampAuthority { authority, operator })
}

/// Whether all is well with an authority of timestamps but for its signer's extended key usage, which is not critical.
fn is_by_uncritical_usage(chain: &[Vec<u8>]) -> bool {
    let certificates: Result<Vec<Certificate<'_>>, _> =
        chain.iter().map(|der| Certificate::parse(der)).collect();
    let Ok(certificates) = certificates else { return false };
    let is_authority = |certificate: &Certificate<'_>| {
        certificate.extensions.basic_constraints().is_ok_and(|constraints| constraints.is_authority)
    };
    let Some((signer, authorities @ [_, ..])) = certificates.split_first() else { return false };
    let usage = signer.extensions.get(ExtensionKind::ExtendedKeyUsage);
    !is_authority(signer)
        && authorities.iter().all(is_authority)
        && usage.is_some_and(|usage| !usage.critical && usage.value == ONLY_TIME_STAMPING)
}

/// What an authority of either kind has, with certificates that are not looked into.
fn read_authority_members(place: &Place<'_, '_>) -> Result<RootAuthority, String> {
    let [subject, uri, chain, period, operator] =
        place.members(["subject", "uri", "certChain", "validFor", "operator"])?;
    if let Some(subject) = subject.there() {
        let [organization, common_name] = subject.members(["organization", "commonName"])?;
        organization.text()?;
        common_name.text()?;
    }
    uri.text()?;
    Ok(RootAuthority {
        chain: read_chain(chain.required()?, MAX_CERTIFICATES)?,
        period: read_period(&period)?,
        operator: read_operator(&operator)?,
    })
}

fn read_operator(operator: &Place<'_, '_>) -> Result<Option<String>, String> {
    let operator = operator.text()?;
    Ok(Some(operator.into_owned()).filter(|operator| !operator.is_empty()))
}

fn read_period(period: &Place<'_, '_>) -> Result<Period, String> {
    let [start, end] = period.required()?.members(["start", "end"])?;
    start.required()?;
    let end = end.there().map(read_time).transpose()?;
    Ok(Period::new(read_time(&start)?, end))
}

fn read_time(time: &Place<'_, '_>) -> Result<Timestamp, String> {
    time.text()?.parse().map_err(|fault| time.fault(format_args!("is {fault}")))
}

/// Logs, of which one that is listed again is one, with more periods.
fn read_logs(
    list: &Place<'_, '_>,
    of_root: impl Fn(&ListedLog<'_>) -> Result<LogKey, String>,
) -> Result<Vec<LogKey>, String> {
    let places = list.few_items(MAX_TRUSTED_ROOT_ITEMS)?;
    let mut logs: Vec<LogKey> = Vec::with_capacity(places.len());
    for place in &places {
        let in_place = |fault| format!("`{place}`: {fault}");
        let log = read_log(place, |log| of_root(log).map_err(in_place))?;
        match logs.iter_mut().find(|listed| listed.id() == log.id()) {
            Some(listed) => listed.merge(log).map_err(in_place)?,
            None => logs.push(log),
        }
    }
    Ok(logs)
}

fn read_log(
    place: &Place<'_, '_>,
    of_root: impl Fn(&ListedLog<'_>) -> Result<LogKey, String>,
) -> Result<LogKey, String> {
    let [base_url, hash_algorithm, public_key, log_id, checkpoint_key_id, operator] =
        place.members(["baseUrl", "hashAlgorithm", "publicKey", "logId", "checkpointKeyId", "operator"])?;
    let [key, details, period] = public_key.required()?.members(["rawBytes", "keyDetails", "validFor"])?;
    let checkpoint_key_id = match checkpoint_key_id.there() {
        Some(id) => Some(read_log_id(id)?),
        None => None,
    };
    of_root(&ListedLog {
        base_url: &base_url.required_text()?,
        key_details: &details.text()?,
        key: &key.required_bytes()?,
        id: &read_log_id(log_id.required()?)?,
        checkpoint_key_id: checkpoint_key_id.as_deref(),
        hash_algorithm: &hash_algorithm.text()?,
        operator: read_operator(&operator)?.as_deref(),
        period: read_period(&period)?,
    })
}

fn read_log_id(log_id: &Place<'_, '_>) -> Result<Vec<u8>, String> {
    let [key_id] = log_id.members(["keyId"])?;
    key_id.required_bytes()
}

/// What is in it, on one line.
impl fmt::Display for TrustedRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |count: usize, one: &str, more: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {more}"),
        };
        let authorities =
            counted(self.certificate_authority_count(), "certificate authority", "certificate authorities");
        let timestamp_authorities =
            counted(self.timestamp_authority_count(), "timestamp authority", "timestamp authorities");
        write!(f, "{authorities}, {timestamp_authorities}, {}", counted(self.log_count(), "log", "logs"))?;
        write_urls(f, &self.logs)?;
        write!(f, ", {}", counted(self.certificate_log_count(), "certificate log", "certificate logs"))?;
        write_urls(f, &self.certificate_logs)
    }
}

fn write_urls(f: &mut fmt::Formatter<'_>, logs: &[LogKey]) -> fmt::Result {
    for (index, log) in logs.iter().enumerate() {
        let before = if index == 0 { " (" } else { ", " };
        let unusable = if log.key().is_some() { "" } else { ", which verifies nothing here" };
        write!(f, "{before}{}{unusable}", Printable(log.base_url()))?;
    }
    if logs.is_empty() { Ok(()) } else { f.write_str(")") }
}

impl fmt::Debug for TrustedRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrustedRoot({self})")
    }
}

//! An instance: the authorities, timestamp authorities, logs and certificate logs that belong together.

use crate::chain::authority::{Authority, TrustAnchors};
use crate::chain::trust::{Distrusted, Trust};
use crate::crypto::SignatureAlgorithm;
use crate::evidence::log_key::LogKey;
use crate::evidence::signed_timestamp::SignedTimestamp;
use crate::evidence::timestamp_authority::{TimestampAuthorities, TimestampAuthority, TimestampVerdict};
use crate::limits::{MAX_NAMESPACE_BYTES, MAX_TRUSTED_ROOTS};
use crate::malformed::MalformedInput;
use crate::period::Period;
use crate::policy::bundle_demands::InstanceKind;
use crate::sigstore::trusted_root::{RootAuthority, TrustedRoot};
use crate::text::quoting::Excerpt;
use crate::timestamp::Timestamp;
use crate::x509::public_key::PublicKeyInfo;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The name of the instance that the verifier's own anchors, logs and timestamp authorities are.
pub(crate) const OWN: &str = "own";

/// What is trusted together: no instance's time, log or waiver helps another's path.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) authorities: Vec<CertificateAuthority>,
    pub(crate) timestamp_authorities: Arc<TimestampAuthorities>,
    timestamp_operators: Vec<Option<String>>,
    logs: Vec<LogKey>,
    certificate_logs: Vec<LogKey>,
    distrusted: Distrusted,
    accepted_algorithms: Vec<SignatureAlgorithm>,
}

/// An authority of an instance, with a period of its own.
#[derive(Debug)]
pub(crate) struct CertificateAuthority {
    pub(crate) trust: Arc<Trust>,
    /// `None` for the verifier's own anchors, which have none but their certificates'.
    pub(crate) period: Option<Period>,
}

/// Whoever gave something that vouches, so that independent ones can be counted: by the operator where one is named, else
/// by the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) name: Option<String>,
    /// A digest of the key, equal for every encoding of it.
    pub(crate) key: Vec<u8>,
}

/// What a verifier has of its own, beside its anchors.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnEvidence {
    pub(crate) logs: Vec<LogKey>,
    pub(crate) certificate_logs: Vec<LogKey>,
}

impl Instance {
    /// Those that judge bundles: the verifier's own first, if it has anchors, then one for each root.
    pub(crate) fn all(
        trust: &Arc<Trust>,
        timestamp_authorities: &Arc<TimestampAuthorities>,
        own: OwnEvidence,
        roots: &[(String, TrustedRoot)],
    ) -> Vec<Self> {
        let has_anchors = trust.anchors.iter().len() > 0;
        let own = has_anchors.then(|| Self::own(trust, timestamp_authorities, own));
        own.into_iter().chain(roots.iter().map(|(name, root)| Self::of_root(name, root, trust))).collect()
    }

    /// The verifier's own: its anchors and known intermediates, and what it was given beside them.
    fn own(
        trust: &Arc<Trust>,
        timestamp_authorities: &Arc<TimestampAuthorities>,
        evidence: OwnEvidence,
    ) -> Self {
        Self {
            name: OWN.into(),
            authorities: alloc::vec![CertificateAuthority { trust: Arc::clone(trust), period: None }],
            timestamp_authorities: Arc::clone(timestamp_authorities),
            timestamp_operators: Vec::new(),
            logs: evidence.logs,
            certificate_logs: evidence.certificate_logs,
            distrusted: trust.distrusted.clone(),
            accepted_algorithms: trust.accepted_algorithms.clone(),
        }
    }

    /// What a trusted root lists, under what the verifier distrusts and accepts.
    fn of_root(name: &str, root: &TrustedRoot, own: &Trust) -> Self {
        let Trust { distrusted, accepted_algorithms, .. } = own;
        let timestamp_authorities: Vec<TimestampAuthority> =
            root.timestamp_authorities.iter().filter_map(|listed| listed.authority.clone()).collect();
        let usable = root.timestamp_authorities.iter().filter(|listed| listed.authority.is_some());
        let authority =
            |listed: &RootAuthority| CertificateAuthority::of_root(listed, distrusted, accepted_algorithms);
        Self {
            name: name.into(),
            authorities: root.certificate_authorities.iter().map(authority).collect(),
            timestamp_authorities: Arc::new(TimestampAuthorities::new(&timestamp_authorities, distrusted)),
            timestamp_operators: usable.map(|listed| listed.operator.clone()).collect(),
            logs: root.logs.clone(),
            certificate_logs: root.certificate_logs.clone(),
            distrusted: distrusted.clone(),
            accepted_algorithms: accepted_algorithms.clone(),
        }
    }

    /// What it has by which its kind is told.
    pub(crate) fn kind(&self) -> InstanceKind {
        InstanceKind {
            has_logs: !self.logs.is_empty(),
            has_certificate_logs: !self.certificate_logs.is_empty(),
        }
    }

    /// Judges a timestamp over a message, by this instance's authorities alone.
    pub(crate) fn judge_timestamp(
        &self,
        timestamp: &SignedTimestamp<'_>,
        message: &[u8],
    ) -> TimestampVerdict {
        self.timestamp_authorities.judge(timestamp, message, &self.distrusted, &self.accepted_algorithms)
    }

    /// The log with this ID, and its position.
    ///
    /// # Errors
    ///
    /// Tells the log, if it is not known, or its key is of no use.
    pub(crate) fn log(&self, id: &[u8]) -> Result<(usize, LogOf<'_>), String> {
        self.find(&self.logs, id)
    }

    /// The certificate log with this ID, and its position.
    ///
    /// # Errors
    ///
    /// As [`log`](Self::log).
    pub(crate) fn certificate_log(&self, id: &[u8]) -> Result<(usize, LogOf<'_>), String> {
        self.find(&self.certificate_logs, id)
    }

    fn find<'i>(&'i self, logs: &'i [LogKey], id: &[u8]) -> Result<(usize, LogOf<'i>), String> {
        let found = logs.iter().enumerate().find(|(_, log)| log.id() == id);
        let Some((position, log)) = found else {
            let id: String = id.iter().take(32).map(|byte| format!("{byte:02x}")).collect();
            return Err(format!("a log that the instance {} does not have, with the ID {id}", self.name));
        };
        if !log.is_usable(&self.accepted_algorithms) {
            return Err(format!(
                "the log {}, whose key is of a kind that this verifier does not accept; name its algorithm in accepted_algorithms",
                log.base_url()
            ));
        }
        if self.is_distrusted(log) {
            return Err(format!("the log {}, whose key is distrusted", log.base_url()));
        }
        Ok((position, LogOf { log, accepted_algorithms: &self.accepted_algorithms }))
    }

    fn is_distrusted(&self, log: &LogKey) -> bool {
        PublicKeyInfo::from_der(log.public_key()).is_ok_and(|key| self.distrusted.has_key(&key))
    }

    /// What people know a log by.
    pub(crate) fn log_name(&self, position: usize) -> String {
        self.logs.get(position).map(|log| log.base_url().into()).unwrap_or_default()
    }

    /// What people know a certificate log by.
    pub(crate) fn certificate_log_name(&self, position: usize) -> String {
        self.certificate_logs.get(position).map(|log| log.base_url().into()).unwrap_or_default()
    }

    pub(crate) fn log_operator(&self, position: usize) -> Operator {
        operator_of(&self.logs, position)
    }

    pub(crate) fn certificate_log_operator(&self, position: usize) -> Operator {
        operator_of(&self.certificate_logs, position)
    }

    pub(crate) fn timestamp_authority_operator(&self, position: usize) -> Operator {
        Operator {
            name: self.timestamp_operators.get(position).cloned().flatten(),
            key: self.timestamp_authorities.key_sha256(position).map(|key| key.to_vec()).unwrap_or_default(),
        }
    }
}

/// Checks the name of an instance that is to be added to these.
pub(crate) fn check_name(name: &str, others: &[(String, TrustedRoot)]) -> Result<(), MalformedInput> {
    let refuse = |why: String| Err(MalformedInput::trusted_root(why));
    if name.is_empty() || name.len() > MAX_NAMESPACE_BYTES {
        return refuse(format!("the name of an instance has 1 to {MAX_NAMESPACE_BYTES} bytes"));
    }
    if name == OWN {
        return refuse(format!(
            "the instance {OWN} is the verifier's own; give the trusted root another name"
        ));
    }
    if others.iter().any(|(other, _)| other == name) {
        return refuse(format!(
            "there is an instance {} already; give the trusted root another name",
            Excerpt(name)
        ));
    }
    if others.len() >= MAX_TRUSTED_ROOTS {
        return refuse(format!("there are more than {MAX_TRUSTED_ROOTS} trusted roots"));
    }
    Ok(())
}

fn operator_of(logs: &[LogKey], position: usize) -> Operator {
    let log = logs.get(position);
    Operator {
        name: log.and_then(LogKey::operator).map(String::from),
        key: log.map(|log| log.key_sha256().to_vec()).unwrap_or_default(),
    }
}

/// A log whose signatures can be verified, as an instance has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogOf<'i> {
    log: &'i LogKey,
    pub(crate) accepted_algorithms: &'i [SignatureAlgorithm],
}

impl<'i> LogOf<'i> {
    pub(crate) const fn key(self) -> &'i LogKey {
        self.log
    }

    /// What people know it by.
    pub(crate) fn name(self) -> &'i str {
        self.log.base_url()
    }

    /// Whether its key may be relied upon at a time.
    pub(crate) fn is_valid_at(self, time: Timestamp) -> bool {
        self.log.is_valid_at(time)
    }

    /// Whether it signed a message.
    pub(crate) fn signed(self, message: &[u8], signature: &[u8]) -> bool {
        self.log.verifies(message, signature, self.accepted_algorithms)
    }
}

impl CertificateAuthority {
    fn of_root(
        listed: &RootAuthority,
        distrusted: &Distrusted,
        accepted_algorithms: &[SignatureAlgorithm],
    ) -> Self {
        let mut authorities: Vec<Authority> =
            listed.chain.iter().filter_map(|der| Authority::new(der.clone()).ok()).collect();
        let anchor = authorities.pop();
        let anchors = TrustAnchors::unchecked(anchor.into_iter().collect());
        let trust = Trust::new(anchors, authorities, distrusted.clone(), accepted_algorithms.to_vec());
        Self { trust: Arc::new(trust), period: Some(listed.period) }
    }
}

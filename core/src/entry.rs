//! One record of a signing event, as a log's database holds it; untrusted until verified.

use crate::limits::{
    MAX_CERTIFICATE_BYTES, MAX_CERTIFICATES, MAX_CLAIM_NAME_BYTES, MAX_CLAIM_VALUE_BYTES, MAX_CLAIMS,
    MAX_EVIDENCE, MAX_RECORDED_NAME_BYTES, MAX_SIGNATURE_BYTES,
};
use crate::malformed::MalformedInput;
use crate::pem;
use crate::timestamp::Timestamp;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use serde_json::{Map, Value};

/// One record of a signing event; untrusted until verified.
///
/// Made from JSON ([`Entry::from_json`], [`entries_from_json`](crate::entries_from_json)) or from parts
/// ([`Entry::new`]). Records that are held elsewhere, in database rows or columns, need no `Entry`: see
/// [`EntryRef`].
///
/// It is never changed after that, but for its revocation by [`Log::revoke_signature`](crate::Log::revoke_signature).
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    namespace: String,
    artifact_name: String,
    signature: Vec<u8>,
    certificates: Vec<Vec<u8>>,
    timestamp: Timestamp,
    provenance: Vec<(String, String)>,
    revoked: bool,
    blocklisted: bool,
    evidence: Vec<Evidence>,
}

/// Something beside the record that vouches for it. Every kind is unknown as yet, and ignored: evidence only
/// ever adds to what is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    pub(crate) kind: String,
    pub(crate) members: Map<String, Value>,
}

impl Evidence {
    /// What kind of evidence it is.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Its other members, as JSON.
    #[must_use]
    pub const fn members(&self) -> &Map<String, Value> {
        &self.members
    }
}

impl Entry {
    /// An entry from its required parts: the DER of the signature, and the certificates in DER, the leaf
    /// first. There is no default for `revoked`: a record that does not say is not trusted.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if there is no certificate, or a limit is exceeded.
    pub fn new(
        namespace: impl Into<String>,
        artifact_name: impl Into<String>,
        signature: impl Into<Vec<u8>>,
        certificates: Vec<Vec<u8>>,
        timestamp: Timestamp,
        revoked: bool,
    ) -> Result<Self, MalformedInput> {
        let entry = Self {
            namespace: namespace.into(),
            artifact_name: artifact_name.into(),
            signature: signature.into(),
            certificates,
            timestamp,
            provenance: Vec::new(),
            revoked,
            blocklisted: false,
            evidence: Vec::new(),
        };
        EntryRef::from(&entry).check_limits()?;
        Ok(entry)
    }

    /// The certificates of a PEM text, for [`Entry::new`]: the leaf first; text between the blocks is
    /// ignored.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if the text is no PEM, has a block of another label, or exceeds a limit.
    pub fn certificates_from_pem(pem: &str) -> Result<Vec<Vec<u8>>, MalformedInput> {
        pem::certificates(pem, MAX_CERTIFICATES, MAX_CERTIFICATE_BYTES)
            .map_err(|fault| MalformedInput::entry(format!("`certificate`: {fault}")))
    }

    /// The DER of a signature in base64, for [`Entry::new`].
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if the text is not canonical, padded standard base64.
    pub fn signature_from_base64(base64: &str) -> Result<Vec<u8>, MalformedInput> {
        Base64::decode_vec(base64)
            .map_err(|_| MalformedInput::entry("`signature` is not padded standard base64"))
    }

    /// With recorded claims: pairs of a claim's name and its text. They must agree with the certificate.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if a name stands there twice, or a limit is exceeded.
    pub fn with_provenance<N: Into<String>, T: Into<String>>(
        mut self,
        provenance: impl IntoIterator<Item = (N, T)>,
    ) -> Result<Self, MalformedInput> {
        self.provenance = provenance.into_iter().map(|(name, text)| (name.into(), text.into())).collect();
        EntryRef::from(&self).check_limits()?;
        self.provenance.sort();
        Ok(self)
    }

    /// With the blocklist flag set or cleared.
    #[must_use]
    pub fn with_blocklisted(mut self, blocklisted: bool) -> Self {
        self.blocklisted = blocklisted;
        self
    }

    /// With evidence beside the record, as JSON reads it.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if there are more than [`MAX_EVIDENCE`] items.
    pub fn with_evidence(mut self, evidence: Vec<Evidence>) -> Result<Self, MalformedInput> {
        if evidence.len() > MAX_EVIDENCE {
            return Err(MalformedInput::entry(format!("`evidence` has more than {MAX_EVIDENCE} items")));
        }
        self.evidence = evidence;
        Ok(self)
    }

    /// The tenant's namespace. No signature covers it.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The artifact name as the record has it; compared byte for byte, never parsed.
    #[must_use]
    pub fn artifact_name(&self) -> &str {
        &self.artifact_name
    }

    /// The signature's DER.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The certificates in DER, the leaf first; at least one.
    #[must_use]
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    /// When the signature was made, by the log's word.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// The recorded claims, ordered by name.
    #[must_use]
    pub fn provenance(&self) -> &[(String, String)] {
        &self.provenance
    }

    /// Whether the signature was revoked.
    #[must_use]
    pub const fn revoked(&self) -> bool {
        self.revoked
    }

    /// Whether the log blocks the artifact.
    #[must_use]
    pub const fn blocklisted(&self) -> bool {
        self.blocklisted
    }

    /// The evidence beside the record.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    pub(crate) const fn revoke(&mut self) {
        self.revoked = true;
    }
}

/// The borrowed view of an entry that the rules work on. Records that are held elsewhere, in database rows
/// or columns, become one without a copy and without PEM.
///
/// ```
/// use countermark::{EntryRef, Timestamp};
///
/// # let (leaf_der, signature_der) = (&[0x30][..], &[0x30][..]);
/// # let timestamp: Timestamp = "2024-03-22T11:25:48.983761494Z".parse()?;
/// let certificates = [leaf_der];
/// let entry = EntryRef::new(
///     "example-ns",
///     "registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be",
///     signature_der,
///     &certificates[..],
///     timestamp,
///     false,
/// )?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EntryRef<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) artifact_name: &'a str,
    pub(crate) signature: &'a [u8],
    pub(crate) certificates: Certificates<'a>,
    pub(crate) timestamp: Timestamp,
    pub(crate) provenance: Provenance<'a>,
    pub(crate) revoked: bool,
    pub(crate) blocklisted: bool,
}

/// An entry's certificates in DER, the leaf first.
#[derive(Clone, Copy, Debug)]
pub enum Certificates<'a> {
    /// Certificates that own their bytes.
    Owned(&'a [Vec<u8>]),
    /// Certificates whose bytes are held elsewhere.
    Borrowed(&'a [&'a [u8]]),
}

impl<'a> Certificates<'a> {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Owned(certificates) => certificates.len(),
            Self::Borrowed(certificates) => certificates.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The certificate at this position.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&'a [u8]> {
        match self {
            Self::Owned(certificates) => certificates.get(index).map(Vec::as_slice),
            Self::Borrowed(certificates) => certificates.get(index).copied(),
        }
    }

    /// All of them, the leaf first.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let certificates = *self;
        (0..certificates.len()).filter_map(move |index| certificates.get(index))
    }
}

impl<'a> From<&'a [Vec<u8>]> for Certificates<'a> {
    fn from(certificates: &'a [Vec<u8>]) -> Self {
        Self::Owned(certificates)
    }
}

impl<'a> From<&'a [&'a [u8]]> for Certificates<'a> {
    fn from(certificates: &'a [&'a [u8]]) -> Self {
        Self::Borrowed(certificates)
    }
}

/// An entry's recorded claims: pairs of a claim's name and its text.
#[derive(Clone, Copy, Debug)]
pub enum Provenance<'a> {
    /// Texts that own their bytes.
    Owned(&'a [(String, String)]),
    /// Texts that are held elsewhere.
    Borrowed(&'a [(&'a str, &'a str)]),
}

impl<'a> Provenance<'a> {
    /// How many claims are recorded.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Owned(claims) => claims.len(),
            Self::Borrowed(claims) => claims.len(),
        }
    }

    /// Whether none is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn get(&self, index: usize) -> Option<(&'a str, &'a str)> {
        match self {
            Self::Owned(claims) => claims.get(index).map(|(name, text)| (name.as_str(), text.as_str())),
            Self::Borrowed(claims) => claims.get(index).copied(),
        }
    }

    /// The recorded claims' names and texts.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let claims = *self;
        (0..claims.len()).filter_map(move |index| claims.get(index))
    }
}

impl<'a> EntryRef<'a> {
    /// A view of an entry from its required parts: the DER of the signature, and the certificates in DER, the
    /// leaf first. There is no default for `revoked`: a record that does not say is not trusted.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if there is no certificate, or a limit is exceeded.
    pub fn new(
        namespace: &'a str,
        artifact_name: &'a str,
        signature: &'a [u8],
        certificates: impl Into<Certificates<'a>>,
        timestamp: Timestamp,
        revoked: bool,
    ) -> Result<Self, MalformedInput> {
        let entry = Self {
            namespace,
            artifact_name,
            signature,
            certificates: certificates.into(),
            timestamp,
            provenance: Provenance::Borrowed(&[]),
            revoked,
            blocklisted: false,
        };
        entry.check_limits()?;
        Ok(entry)
    }

    /// With recorded claims: pairs of a claim's name and its text.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if a name stands there twice, or a limit is exceeded.
    pub fn with_provenance(mut self, provenance: &'a [(&'a str, &'a str)]) -> Result<Self, MalformedInput> {
        self.provenance = Provenance::Borrowed(provenance);
        self.check_limits()?;
        Ok(self)
    }

    /// With the blocklist flag set or cleared.
    #[must_use]
    pub const fn with_blocklisted(mut self, blocklisted: bool) -> Self {
        self.blocklisted = blocklisted;
        self
    }

    /// The tenant's namespace. No signature covers it.
    #[must_use]
    pub const fn namespace(&self) -> &'a str {
        self.namespace
    }

    /// The artifact name as the record has it.
    #[must_use]
    pub const fn artifact_name(&self) -> &'a str {
        self.artifact_name
    }

    /// The signature's DER.
    #[must_use]
    pub const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// The certificates in DER, the leaf first.
    #[must_use]
    pub const fn certificates(&self) -> Certificates<'a> {
        self.certificates
    }

    /// When the signature was made, by the log's word.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// The recorded claims.
    #[must_use]
    pub const fn provenance(&self) -> Provenance<'a> {
        self.provenance
    }

    /// Whether the signature was revoked.
    #[must_use]
    pub const fn revoked(&self) -> bool {
        self.revoked
    }

    /// Whether the log blocks the artifact.
    #[must_use]
    pub const fn blocklisted(&self) -> bool {
        self.blocklisted
    }

    pub(crate) fn leaf(&self) -> &'a [u8] {
        self.certificates.get(0).unwrap_or_default()
    }

    fn check_limits(&self) -> Result<(), MalformedInput> {
        let over = |member: &str, limit: usize, what: &str| {
            Err(MalformedInput::entry(format!("`{member}` has more than {limit} {what}")))
        };
        if self.namespace.len() > MAX_RECORDED_NAME_BYTES {
            return over("namespace", MAX_RECORDED_NAME_BYTES, "bytes");
        }
        if self.artifact_name.len() > MAX_RECORDED_NAME_BYTES {
            return over("artifact_name", MAX_RECORDED_NAME_BYTES, "bytes");
        }
        if self.signature.len() > MAX_SIGNATURE_BYTES {
            return over("signature", MAX_SIGNATURE_BYTES, "bytes");
        }
        if self.certificates.is_empty() {
            return Err(MalformedInput::entry("`certificate` has no certificate"));
        }
        if self.certificates.len() > MAX_CERTIFICATES {
            return over("certificate", MAX_CERTIFICATES, "certificates");
        }
        // As PEM, so that what was written can be read.
        let bytes: usize = self.certificates.iter().map(|der| pem::length_for(der.len())).sum();
        if bytes > MAX_CERTIFICATE_BYTES {
            return over("certificate", MAX_CERTIFICATE_BYTES, "bytes of PEM");
        }
        if self.provenance.len() > MAX_CLAIMS {
            return over("provenance", MAX_CLAIMS, "claims");
        }
        for (index, (name, text)) in self.provenance.iter().enumerate() {
            if name.len() > MAX_CLAIM_NAME_BYTES {
                return over("provenance", MAX_CLAIM_NAME_BYTES, "bytes in a claim's name");
            }
            if text.len() > MAX_CLAIM_VALUE_BYTES {
                return over("provenance", MAX_CLAIM_VALUE_BYTES, "bytes in a claim's text");
            }
            if self.provenance.iter().take(index).any(|(earlier, _)| earlier == name) {
                return Err(MalformedInput::entry(format!("`provenance` has {name:?} twice")));
            }
        }
        Ok(())
    }

    /// A copy that owns its parts.
    #[must_use]
    pub fn to_entry(&self) -> Entry {
        let mut provenance: Vec<(String, String)> =
            self.provenance.iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        provenance.sort();
        Entry {
            namespace: self.namespace.to_owned(),
            artifact_name: self.artifact_name.to_owned(),
            signature: self.signature.to_vec(),
            certificates: self.certificates.iter().map(<[u8]>::to_vec).collect(),
            timestamp: self.timestamp,
            provenance,
            revoked: self.revoked,
            blocklisted: self.blocklisted,
            evidence: Vec::new(),
        }
    }
}

impl<'a> From<&'a Entry> for EntryRef<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self {
            namespace: &entry.namespace,
            artifact_name: &entry.artifact_name,
            signature: &entry.signature,
            certificates: Certificates::Owned(&entry.certificates),
            timestamp: entry.timestamp,
            provenance: Provenance::Owned(&entry.provenance),
            revoked: entry.revoked,
            blocklisted: entry.blocklisted,
        }
    }
}

impl<'a> From<&&'a Entry> for EntryRef<'a> {
    fn from(entry: &&'a Entry) -> Self {
        Self::from(*entry)
    }
}

impl<'a> From<&'a Arc<Entry>> for EntryRef<'a> {
    fn from(entry: &'a Arc<Entry>) -> Self {
        Self::from(&**entry)
    }
}

impl<'a> From<&EntryRef<'a>> for EntryRef<'a> {
    fn from(entry: &EntryRef<'a>) -> Self {
        *entry
    }
}

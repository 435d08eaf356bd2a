//! One record of a signing event, as a log's database holds it; untrusted until verified.

use crate::limits::{
    MAX_CERTIFICATE_BYTES, MAX_CERTIFICATES, MAX_CLAIM_NAME_BYTES, MAX_CLAIM_VALUE_BYTES, MAX_CLAIMS,
    MAX_EVIDENCE, MAX_RECORDED_NAME_BYTES, MAX_SIGNATURE_BYTES, MAX_SIGNED_TIMESTAMP_BYTES,
};
use crate::malformed::MalformedInput;
use crate::text::json::{Json, StrictJson};
use crate::text::pem;
use crate::text::quoting::Excerpt;
use crate::text::texts::Texts;
use crate::timestamp::Timestamp;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use core::fmt;

/// One record of a signing event; untrusted until verified.
///
/// Made from JSON ([`Entry::from_json`], [`entries_from_json`](crate::entries_from_json)) or from parts
/// ([`Entry::new`]). Records that are held elsewhere, in database rows or columns, need no `Entry`: see
/// [`EntryRef`].
///
/// It is never changed after that, but for its revocation by [`Log::revoke_signature`](crate::Log::revoke_signature).
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    namespace: Box<str>,
    artifact_name: Box<str>,
    signature: Box<[u8]>,
    certificates: Box<[Vec<u8>]>,
    timestamp: Timestamp,
    /// Names and texts in turn, ordered by name.
    provenance: Texts,
    revoked: bool,
    blocklisted: bool,
    evidence: Box<[Evidence]>,
}

/// Something beside the record that vouches for it. It only ever adds to what is known: of the kind `rfc3161`, a signed
/// timestamp over the entry's signature, that an authority vouches for the time ([`Evidence::rfc3161`]). Other kinds are
/// unknown as yet, and ignored.
///
/// It is kept as the JSON that it was read from. It is read and written by `serde_json` alone, for only JSON has such
/// text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its kind, and then its JSON.
    text: Box<str>,
    kind_bytes: usize,
}

/// The kind of evidence that is a signed timestamp.
const RFC3161: &str = "rfc3161";

impl Evidence {
    pub(crate) fn new(json: &StrictJson<'_>) -> Result<Self, String> {
        let json = json.get();
        if json.as_object().is_none() {
            return Err(String::from("an item is no object"));
        }
        let kind = json.member("kind").ok_or("the member `kind` is missing")?;
        let kind = kind.as_text().ok_or("`kind` is no text")?;
        let kind_bytes = kind.length();
        let json_bytes = json.tokens().map(str::len).fold(0, usize::saturating_add);
        let mut text = String::with_capacity(kind_bytes.saturating_add(json_bytes));
        text.push_str(&kind.text());
        text.extend(json.tokens());
        Ok(Self { text: text.into_boxed_str(), kind_bytes })
    }

    /// A signed timestamp over the entry's signature: the DER of a `TimeStampResp` or of a `TimeStampToken` (RFC 3161).
    #[must_use]
    pub fn rfc3161(token: &[u8]) -> Self {
        let json = format!(r#"{{"kind":"{RFC3161}","token":"{}"}}"#, Base64::encode_string(token));
        Self { text: format!("{RFC3161}{json}").into_boxed_str(), kind_bytes: RFC3161.len() }
    }

    /// The DER of a signed timestamp, or what is wrong with it; `None` if it is of another kind.
    pub(crate) fn signed_timestamp(&self) -> Option<Result<Vec<u8>, String>> {
        (self.kind() == RFC3161).then(|| self.read_signed_timestamp())
    }

    fn read_signed_timestamp(&self) -> Result<Vec<u8>, String> {
        let json = Json::from_slice(self.json().as_bytes())?;
        let mut members = json.as_object().into_iter().flatten();
        if members.any(|(name, _)| !name.is("kind") && !name.is("token")) {
            return Err(String::from("it has another member than `kind` and `token`"));
        }
        let token = json.member("token").ok_or("the member `token` is missing")?;
        let token = token.as_text().ok_or("`token` is no text")?;
        if token.length() > MAX_SIGNED_TIMESTAMP_BYTES.div_ceil(3).saturating_mul(4) {
            return Err(format!("`token` is of more than {MAX_SIGNED_TIMESTAMP_BYTES} bytes"));
        }
        Base64::decode_vec(&token.text())
            .map_err(|_| String::from("`token` is not padded standard base64"))
            .and_then(|token| match token.len() {
                0..=MAX_SIGNED_TIMESTAMP_BYTES => Ok(token),
                _ => Err(format!("`token` is of more than {MAX_SIGNED_TIMESTAMP_BYTES} bytes")),
            })
    }

    /// What kind of evidence it is.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.text.get(..self.kind_bytes).unwrap_or_default()
    }

    /// The JSON object that it is, its `kind` included: as it was read, but for white space. No object in it has a
    /// member twice.
    #[must_use]
    pub fn json(&self) -> &str {
        self.text.get(self.kind_bytes..).unwrap_or_default()
    }
}

impl Entry {
    /// An entry from its required parts: the DER of the signature, and the certificates in DER, the leaf
    /// first. There is no default for `revoked`: a record that does not say is not trusted.
    ///
    /// An item of the certificates that is PEM (it begins with `-----BEGIN`) stands for those in it.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if there is no certificate, an item is malformed PEM, or a limit is exceeded.
    pub fn new(
        namespace: impl Into<String>,
        artifact_name: impl Into<String>,
        signature: impl Into<Vec<u8>>,
        certificates: Vec<Vec<u8>>,
        timestamp: Timestamp,
        revoked: bool,
    ) -> Result<Self, MalformedInput> {
        let certificates = if certificates.iter().any(|item| pem::is_pem(item)) {
            pem::certificates_of_items(certificates, MAX_CERTIFICATES, MAX_CERTIFICATE_BYTES)
                .map_err(|fault| MalformedInput::entry(format!("`certificate`: {fault}")))?
        } else {
            certificates
        };
        let entry = Self {
            namespace: namespace.into().into_boxed_str(),
            artifact_name: artifact_name.into().into_boxed_str(),
            signature: signature.into().into_boxed_slice(),
            certificates: certificates.into_boxed_slice(),
            timestamp,
            provenance: Texts::default(),
            revoked,
            blocklisted: false,
            evidence: Box::default(),
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
        Base64::decode_vec(base64).map_err(|_| {
            let fault = fault_of_base64(base64);
            MalformedInput::entry(format!("`signature` is not padded standard base64{fault}"))
        })
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
        let mut claims: Vec<(String, String)> = provenance
            .into_iter()
            .take(MAX_CLAIMS.saturating_add(1))
            .map(|(name, text)| (name.into(), text.into()))
            .collect();
        check_provenance(claims.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
        claims.sort();
        self.provenance = claims.iter().flat_map(|(name, text)| [name, text]).collect();
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
        check_evidence(&evidence)?;
        self.evidence = evidence.into_boxed_slice();
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
    pub const fn provenance(&self) -> Provenance<'_> {
        Provenance(Recorded::Owned(&self.provenance))
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
    pub(crate) evidence: &'a [Evidence],
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
#[derive(Clone, Copy)]
pub struct Provenance<'a>(Recorded<'a>);

#[derive(Clone, Copy)]
enum Recorded<'a> {
    /// Names and texts in turn.
    Owned(&'a Texts),
    Borrowed(&'a [(&'a str, &'a str)]),
}

impl<'a> Provenance<'a> {
    pub(crate) const NONE: Self = Self(Recorded::Borrowed(&[]));

    /// How many claims are recorded.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self.0 {
            Recorded::Owned(texts) => texts.len() / 2,
            Recorded::Borrowed(claims) => claims.len(),
        }
    }

    /// Whether none is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn get(&self, index: usize) -> Option<(&'a str, &'a str)> {
        match self.0 {
            Recorded::Owned(texts) => {
                let position = index.checked_mul(2)?;
                Some((texts.get(position)?, texts.get(position.checked_add(1)?)?))
            }
            Recorded::Borrowed(claims) => claims.get(index).copied(),
        }
    }

    /// The recorded claims' names and texts.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        let claims = *self;
        (0..claims.len()).filter_map(move |index| claims.get(index))
    }
}

impl PartialEq for Provenance<'_> {
    /// Whether both record the same claims in the same order.
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Provenance<'_> {}

impl fmt::Debug for Provenance<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

fn check_evidence(evidence: &[Evidence]) -> Result<(), MalformedInput> {
    if evidence.len() > MAX_EVIDENCE {
        return over_limit("evidence", MAX_EVIDENCE, "items");
    }
    Ok(())
}

fn over_limit(member: &str, limit: usize, what: &str) -> Result<(), MalformedInput> {
    Err(MalformedInput::entry(format!("`{member}` has more than {limit} {what}")))
}

fn check_provenance<'c>(
    claims: impl Iterator<Item = (&'c str, &'c str)> + Clone,
) -> Result<(), MalformedInput> {
    for (index, (name, text)) in claims.clone().enumerate() {
        if index >= MAX_CLAIMS {
            return over_limit("provenance", MAX_CLAIMS, "claims");
        }
        if name.len() > MAX_CLAIM_NAME_BYTES {
            return over_limit("provenance", MAX_CLAIM_NAME_BYTES, "bytes in a claim's name");
        }
        if text.len() > MAX_CLAIM_VALUE_BYTES {
            return over_limit("provenance", MAX_CLAIM_VALUE_BYTES, "bytes in a claim's text");
        }
        if claims.clone().take(index).any(|(earlier, _)| earlier == name) {
            return Err(MalformedInput::entry(format!("`provenance` has {} twice", Excerpt(name))));
        }
    }
    Ok(())
}

/// What is wrong with a signature's base64, as far as that can be told.
fn fault_of_base64(base64: &str) -> &'static str {
    let has = |is_wanted: fn(char) -> bool| base64.contains(is_wanted);
    if base64.starts_with("-----BEGIN") {
        ": it is PEM; give the base64 between its boundary lines, without line breaks"
    } else if has(char::is_whitespace) {
        ": it has line breaks or other white space, as many tools write them; take them out"
    } else if has(|character| matches!(character, '-' | '_')) {
        ": it is base64url; write + for - and / for _, and pad it with ="
    } else if !base64.len().is_multiple_of(4) {
        ": its length is no multiple of four; pad it with = or look whether it is cut off"
    } else if has(|character| !character.is_ascii_alphanumeric() && !matches!(character, '+' | '/' | '=')) {
        ": it has another character than A-Z, a-z, 0-9, +, / and ="
    } else {
        ": its padding is wrong, or bits that must be zero are not"
    }
}

impl<'a> EntryRef<'a> {
    /// A view of an entry from its required parts: the DER of the signature, and the certificates in DER, the
    /// leaf first. There is no default for `revoked`: a record that does not say is not trusted.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if there is no certificate, one of them is PEM, or a limit is exceeded.
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
            provenance: Provenance::NONE,
            revoked,
            blocklisted: false,
            evidence: &[],
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
        check_provenance(provenance.iter().copied())?;
        self.provenance = Provenance(Recorded::Borrowed(provenance));
        Ok(self)
    }

    /// With evidence beside the record: signed timestamps, say.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if there are more than [`MAX_EVIDENCE`] items.
    pub fn with_evidence(mut self, evidence: &'a [Evidence]) -> Result<Self, MalformedInput> {
        check_evidence(evidence)?;
        self.evidence = evidence;
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

    /// The evidence beside the record.
    #[must_use]
    pub const fn evidence(&self) -> &'a [Evidence] {
        self.evidence
    }

    pub(crate) fn leaf(&self) -> &'a [u8] {
        self.certificates.get(0).unwrap_or_default()
    }

    fn check_limits(&self) -> Result<(), MalformedInput> {
        if self.namespace.len() > MAX_RECORDED_NAME_BYTES {
            return over_limit("namespace", MAX_RECORDED_NAME_BYTES, "bytes");
        }
        if self.artifact_name.len() > MAX_RECORDED_NAME_BYTES {
            return over_limit("artifact_name", MAX_RECORDED_NAME_BYTES, "bytes");
        }
        if self.signature.len() > MAX_SIGNATURE_BYTES {
            return over_limit("signature", MAX_SIGNATURE_BYTES, "bytes");
        }
        if self.certificates.is_empty() {
            return Err(MalformedInput::entry("`certificate` has no certificate"));
        }
        if self.certificates.len() > MAX_CERTIFICATES {
            return over_limit("certificate", MAX_CERTIFICATES, "certificates");
        }
        // As PEM, so that what was written can be read.
        let bytes: usize = self.certificates.iter().map(|der| pem::length_for(der.len())).sum();
        if bytes > MAX_CERTIFICATE_BYTES {
            return over_limit("certificate", MAX_CERTIFICATE_BYTES, "bytes of PEM");
        }
        match self.certificates.iter().position(pem::is_pem) {
            Some(index) => Err(MalformedInput::entry(format!(
                "`certificate`: item {index} is PEM, where DER is meant; decode it with Entry::certificates_from_pem"
            ))),
            None => Ok(()),
        }
    }

    /// A copy that owns its parts.
    #[must_use]
    pub fn to_entry(&self) -> Entry {
        let mut claims: Vec<(&str, &str)> = self.provenance.iter().collect();
        claims.sort_unstable();
        Entry {
            namespace: self.namespace.into(),
            artifact_name: self.artifact_name.into(),
            signature: self.signature.into(),
            certificates: self.certificates.iter().map(<[u8]>::to_vec).collect(),
            timestamp: self.timestamp,
            provenance: claims.into_iter().flat_map(|(name, text)| [name, text]).collect(),
            revoked: self.revoked,
            blocklisted: self.blocklisted,
            evidence: self.evidence.into(),
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
            provenance: entry.provenance(),
            revoked: entry.revoked,
            blocklisted: entry.blocklisted,
            evidence: &entry.evidence,
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

//! The authorities that a verifier was given: trust anchors and known intermediates, prepared once.

use crate::crypto::{AuthorityKey, SignatureAlgorithm, compressed, describe_unusable_key, sha256};
use crate::limits::{MAX_AUTHORITIES, MAX_AUTHORITIES_PEM_BYTES};
use crate::malformed::MalformedInput;
use crate::text::pem;
use crate::x509::certificate::{Certificate, Validity};
use crate::x509::extensions::{Extensions, KnownExtensions};
use crate::x509::fault::CertificateFault;
use crate::x509::public_key::{Algorithm, PublicKeyInfo};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use core::sync::atomic::{AtomicU32, Ordering};

/// The CA certificates that a verifier trusts.
///
/// Each is a certificate authority with a usable key, a root or an intermediate; its own signature is not
/// looked at, but its validity and its constraints are, for every entry anew.
///
/// ```no_run
/// use countermark::TrustAnchors;
///
/// let anchors = TrustAnchors::from_pem(&std::fs::read_to_string("root.pem")?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TrustAnchors {
    pub(crate) authorities: Authorities,
    accepted_algorithms: Vec<SignatureAlgorithm>,
}

impl TrustAnchors {
    /// Reads one or more PEM certificates; text between them is ignored.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if the text is no PEM, if a certificate cannot be read, is no
    /// certificate authority, or has another key than ECDSA on P-256 or P-384, or if there are more than
    /// [`MAX_AUTHORITIES`].
    pub fn from_pem(pem: &str) -> Result<Self, MalformedInput> {
        Self::from_pem_accepting(pem, SignatureAlgorithm::DEFAULT)
    }

    /// The same for authorities whose keys go with one of these algorithms, which are then those that a verifier
    /// with these anchors accepts: for a company's root with an RSA key, say.
    ///
    /// # Errors
    ///
    /// As [`TrustAnchors::from_pem`], but for the kinds of keys, and if no algorithm is named.
    pub fn from_pem_accepting(pem: &str, algorithms: &[SignatureAlgorithm]) -> Result<Self, MalformedInput> {
        Self::new(read_pem(pem)?, algorithms)
    }

    /// The same from certificates in DER. An item that is PEM (it begins with `-----BEGIN`) stands for those in it.
    ///
    /// # Errors
    ///
    /// As [`TrustAnchors::from_pem`], and if there is no certificate at all.
    pub fn from_der<C: AsRef<[u8]>>(
        certificates: impl IntoIterator<Item = C>,
    ) -> Result<Self, MalformedInput> {
        Self::from_der_accepting(certificates, SignatureAlgorithm::DEFAULT)
    }

    /// [`TrustAnchors::from_pem_accepting`] from certificates in DER.
    ///
    /// # Errors
    ///
    /// As there, and if there is no certificate at all.
    pub fn from_der_accepting<C: AsRef<[u8]>>(
        certificates: impl IntoIterator<Item = C>,
        algorithms: &[SignatureAlgorithm],
    ) -> Result<Self, MalformedInput> {
        let certificates =
            pem::certificates_of_items(certificates, MAX_AUTHORITIES, MAX_AUTHORITIES_PEM_BYTES)
                .map_err(MalformedInput::trust_anchor)?;
        if certificates.is_empty() {
            return Err(MalformedInput::trust_anchor("there is no certificate"));
        }
        Self::new(certificates, algorithms)
    }

    fn new(certificates: Vec<Vec<u8>>, algorithms: &[SignatureAlgorithm]) -> Result<Self, MalformedInput> {
        if algorithms.is_empty() {
            return Err(MalformedInput::trust_anchor(
                "no signature algorithm is accepted; name at least one",
            ));
        }
        let prepare = |(index, der): (usize, Vec<u8>)| {
            let refuse = |subject: &str, why: &str| {
                Err(MalformedInput::trust_anchor(format!("certificate {index}{subject} {why}")))
            };
            let instead = pem::instead_of_der(&der);
            let authority = match (Authority::new(der), instead) {
                (Ok(authority), _) => authority,
                (Err(_), Some(instead)) => return refuse("", &format!("cannot be read: {instead}")),
                (Err(fault), None) => return refuse("", &format!("{fault}")),
            };
            let certificate = authority.certificate();
            let subject = format!(", {},", certificate.subject_text());
            match certificate.extensions.basic_constraints() {
                Ok(constraints) if constraints.is_authority => {}
                Ok(_) => return refuse(&subject, "is no certificate authority by its basic constraints"),
                Err(fault) => return refuse(&subject, &format!("{fault}")),
            }
            if !authority.key.as_ref().is_some_and(|key| key.is_for_any(algorithms)) {
                return refuse(&subject, &describe_unusable_key(&certificate.public_key, algorithms));
            }
            Ok(authority)
        };
        // A list that grows would be twice as large as it needs to be, and one for all, if few can be read, many times.
        let readable = certificates.iter().take_while(|der| Certificate::parse(der).is_ok()).count();
        let mut authorities = Vec::with_capacity(readable);
        for certificate in certificates.into_iter().enumerate() {
            authorities.push(prepare(certificate)?);
        }
        Ok(Self { authorities: Authorities::new(authorities), accepted_algorithms: algorithms.to_vec() })
    }

    /// Anchors whose keys may be of kinds that are not accepted, or none at all, for a trusted root. What cannot be used
    /// verifies nothing.
    #[cfg(feature = "sigstore")]
    pub(crate) fn unchecked(authorities: Vec<Authority>) -> Self {
        Self {
            authorities: Authorities::new(authorities),
            accepted_algorithms: SignatureAlgorithm::DEFAULT.to_vec(),
        }
    }

    /// How many anchors there are; at least one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.authorities.iter().len()
    }

    /// Always false: trust anchors without any certificate are malformed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn accepted_algorithms(&self) -> &[SignatureAlgorithm] {
        &self.accepted_algorithms
    }
}

/// The certificates of a PEM text as a verifier's configuration has it.
fn read_pem(pem: &str) -> Result<Vec<Vec<u8>>, MalformedInput> {
    pem::certificates(pem, MAX_AUTHORITIES, MAX_AUTHORITIES_PEM_BYTES).map_err(MalformedInput::trust_anchor)
}

/// The known intermediates in a PEM text. Unreadable certificates are ignored, as they are in entries.
pub(crate) fn intermediates_from_pem(pem: &str) -> Result<Vec<Authority>, MalformedInput> {
    Ok(readable(read_pem(pem)?))
}

/// The authorities that the readable ones among these certificates are, in a list of their number.
fn readable(mut certificates: Vec<Vec<u8>>) -> Vec<Authority> {
    certificates.retain(|der| Certificate::parse(der).is_ok());
    let mut authorities = Vec::with_capacity(certificates.len());
    authorities.extend(certificates.into_iter().filter_map(|der| Authority::new(der).ok()));
    authorities
}

/// The known intermediates among certificates in DER, or PEM of some; no more of them than tells that there are too
/// many.
pub(crate) fn intermediates_from_der<C: AsRef<[u8]>>(
    items: impl IntoIterator<Item = C>,
) -> Result<Vec<Authority>, MalformedInput> {
    let mut certificates = Vec::new();
    for item in items {
        let item = item.as_ref();
        if pem::is_pem(item) {
            let in_pem = pem::certificates_of_bytes(item, MAX_AUTHORITIES, MAX_AUTHORITIES_PEM_BYTES)
                .map_err(MalformedInput::trust_anchor)?;
            certificates.extend(in_pem);
        } else if Certificate::parse(item).is_ok() {
            certificates.push(item.to_vec());
        }
        if certificates.len() > MAX_AUTHORITIES {
            break;
        }
    }
    Ok(readable(certificates))
}

/// Authorities that a verifier was given, found by their names.
#[derive(Debug, Default)]
pub(crate) struct Authorities {
    given: Vec<Authority>,
    /// Their positions, in the order of their subjects' DER, those of one subject as they were given.
    by_subject: Vec<usize>,
}

impl Authorities {
    pub(crate) fn new(given: Vec<Authority>) -> Self {
        let subject = |position: &usize| given.get(*position).map(Authority::subject);
        let mut by_subject: Vec<usize> = (0..given.len()).collect();
        by_subject.sort_unstable_by(|one, other| subject(one).cmp(&subject(other)).then(one.cmp(other)));
        Self { given, by_subject }
    }

    /// Those with this subject, in the order in which they were given.
    pub(crate) fn named<'a>(&'a self, subject: &[u8]) -> impl Iterator<Item = &'a Authority> + use<'a> {
        self.positions_named(subject).iter().filter_map(|position| self.get(*position))
    }

    /// The positions of those with this subject, in the order in which they were given.
    pub(crate) fn positions_named(&self, subject: &[u8]) -> &[usize] {
        let compare = |position: &usize| self.get(*position).map(Authority::subject).cmp(&Some(subject));
        let start = self.by_subject.partition_point(|position| compare(position).is_lt());
        let from_there = self.by_subject.get(start..).unwrap_or_default();
        let count = from_there.partition_point(|position| compare(position).is_eq());
        from_there.get(..count).unwrap_or_default()
    }

    pub(crate) fn get(&self, position: usize) -> Option<&Authority> {
        self.given.get(position)
    }

    pub(crate) fn iter(&self) -> core::slice::Iter<'_, Authority> {
        self.given.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> core::slice::IterMut<'_, Authority> {
        self.given.iter_mut()
    }
}

/// A certificate that is kept, with its key made ready.
pub(crate) struct Authority {
    der: Box<[u8]>,
    layout: Layout,
    pub(crate) key: Option<AuthorityKey>,
    /// Equal for every encoding of one key.
    pub(crate) key_sha256: [u8; 32],
    pub(crate) is_distrusted: bool,
    /// Another number for every key of the verifier it belongs to, from 1 on.
    pub(crate) key_number: u32,
    /// The number of the key that is known to have signed the certificate, by an algorithm that the verifier
    /// accepts; zero for none. A fact about bytes, which stays true: what is remembered of it is never more.
    signed_by: AtomicU32,
}

impl Authority {
    pub(crate) fn new(der: Vec<u8>) -> Result<Self, CertificateFault> {
        let certificate = Certificate::parse(&der)?;
        let layout = Layout::of(&certificate);
        let key = AuthorityKey::new(&certificate.public_key);
        // Of the one encoding that the others can be brought to without arithmetic.
        let key_sha256 = match compressed(&certificate.public_key) {
            Some(compressed) => sha256(&compressed),
            None => sha256(certificate.public_key.der),
        };
        Ok(Self {
            der: der.into_boxed_slice(),
            layout,
            key,
            key_sha256,
            is_distrusted: false,
            key_number: 0,
            signed_by: AtomicU32::new(0),
        })
    }

    /// The certificate, without reading it again.
    pub(crate) fn certificate(&self) -> Certificate<'_> {
        self.layout.apply(&self.der)
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn subject(&self) -> &[u8] {
        self.der.get(self.layout.subject.range()).unwrap_or_default()
    }

    pub(crate) fn issuer(&self) -> &[u8] {
        self.der.get(self.layout.issuer.range()).unwrap_or_default()
    }

    /// Whether anything is known of who signed this certificate.
    pub(crate) fn has_known_signer(&self) -> bool {
        self.signed_by.load(Ordering::Relaxed) != 0
    }

    /// Whether it is already known that the issuer's key signed this certificate.
    pub(crate) fn is_known_signed_by(&self, issuer: &Self) -> bool {
        issuer.key_number != 0 && self.signed_by.load(Ordering::Relaxed) == issuer.key_number
    }

    /// Remembers that the issuer's key signed this certificate.
    pub(crate) fn remember_signed_by(&self, issuer: &Self) {
        self.signed_by.store(issuer.key_number, Ordering::Relaxed);
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject: String = self.certificate().subject_text();
        write!(f, "Authority({subject})")
    }
}

/// Where a part stands. In 32 bits, for a verifier may have thousands of certificates; DER that is read is shorter.
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// Nothing, if it is further away than any DER is long.
    fn new(start: usize, end: usize) -> Self {
        match (u32::try_from(start), u32::try_from(end)) {
            (Ok(start), Ok(end)) => Self { start, end },
            _ => Self { start: 0, end: 0 },
        }
    }

    fn range(self) -> Range<usize> {
        let position = |position| usize::try_from(position).unwrap_or(usize::MAX);
        position(self.start)..position(self.end)
    }
}

/// Where the parts of a certificate stand in its bytes, so that the bytes can be kept with them.
struct Layout {
    signed_part: Span,
    signature_algorithm: (Span, Option<Span>),
    signature: Span,
    issuer: Span,
    validity: Validity,
    subject: Span,
    public_key: Span,
    public_key_algorithm: (Span, Option<Span>),
    public_key_bits: Span,
    extensions: Span,
    known_extensions: KnownExtensions<Span>,
}

impl Layout {
    fn of(certificate: &Certificate<'_>) -> Self {
        let base = certificate.der.as_ptr().addr();
        let range = |part: &[u8]| {
            let start = part.as_ptr().addr().wrapping_sub(base);
            Span::new(start, start.wrapping_add(part.len()))
        };
        let algorithm = |algorithm: &Algorithm<'_>| (range(algorithm.oid), algorithm.parameters.map(range));
        Self {
            signed_part: range(certificate.signed_part),
            signature_algorithm: algorithm(&certificate.signature_algorithm),
            signature: range(certificate.signature),
            issuer: range(certificate.issuer),
            validity: certificate.validity,
            subject: range(certificate.subject),
            public_key: range(certificate.public_key.der),
            public_key_algorithm: algorithm(&certificate.public_key.algorithm),
            public_key_bits: range(certificate.public_key.key),
            extensions: range(certificate.extensions.content),
            known_extensions: certificate.extensions.known.map(|part| range(part)),
        }
    }

    fn apply<'a>(&self, der: &'a [u8]) -> Certificate<'a> {
        let part = |span: &Span| der.get(span.range()).unwrap_or_default();
        let algorithm = |(oid, parameters): &(Span, Option<Span>)| Algorithm {
            oid: part(oid),
            parameters: parameters.as_ref().map(part),
        };
        Certificate {
            der,
            signed_part: part(&self.signed_part),
            signature_algorithm: algorithm(&self.signature_algorithm),
            signature: part(&self.signature),
            issuer: part(&self.issuer),
            validity: self.validity,
            subject: part(&self.subject),
            public_key: PublicKeyInfo {
                der: part(&self.public_key),
                algorithm: algorithm(&self.public_key_algorithm),
                key: part(&self.public_key_bits),
            },
            extensions: Extensions {
                content: part(&self.extensions),
                known: self.known_extensions.map(part),
            },
        }
    }
}

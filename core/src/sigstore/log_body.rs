//! The body of a log's entry: what the log was told was signed, by what, and how.
//!
//! An entry vouches for nothing unless its body is about this signing and no other: every member that can be compared
//! is, as the bytes that it stands for. A member that is not known refuses.

use crate::crypto::{Digest, HashAlgorithm, KeyDetails, SignatureAlgorithm};
use crate::limits::MAX_CERTIFICATE_BYTES;
use crate::sigstore::bundle::Envelope;
use crate::sigstore::protobuf_json::{Place, bytes_of_base64};
use crate::text::pem;
use crate::text::quoting::Excerpt;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::str;

/// A kind of body, of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogBodyKind {
    /// `hashedrekord` 0.0.1: a message, in a log of Rekor's first version.
    HashedRekord1,
    /// `hashedrekord` 0.0.2: a message or an envelope, in a log of Rekor's second version.
    HashedRekord2,
    /// `dsse` 0.0.1: an envelope.
    Dsse1,
    /// `intoto` 0.0.2: an envelope, as the log was told of them before.
    Intoto2,
}

/// A signing, as what a body is held against.
#[derive(Debug)]
pub(crate) struct Signing<'a> {
    pub(crate) signature: &'a [u8],
    pub(crate) signer: SignerMaterial<'a>,
    pub(crate) content: SignedContent<'a>,
    /// The hashes by which the signature may have been made.
    pub(crate) hashes: &'a [HashAlgorithm],
}

/// By what a signature is verified.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SignerMaterial<'a> {
    /// The leaf in DER, and the DER of its `SubjectPublicKeyInfo`.
    Certificate { der: &'a [u8], public_key: &'a [u8] },
    /// The DER of a `SubjectPublicKeyInfo`.
    Key(&'a [u8]),
}

/// What a signature is over.
#[derive(Debug)]
pub(crate) enum SignedContent<'a> {
    /// A message, by those of its digests that are known.
    Message(&'a [Digest]),
    Envelope(SignedEnvelope<'a>),
}

/// An envelope, with the digests that bodies tell.
#[derive(Debug)]
pub(crate) struct SignedEnvelope<'a> {
    envelope: &'a Envelope,
    payload_sha256: Digest,
    of_encoding: Vec<Digest>,
}

impl<'a> SignedEnvelope<'a> {
    /// The envelope, with the digests of its encoding of which a body may tell one.
    pub(crate) fn new(envelope: &'a Envelope, of_encoding: Vec<Digest>) -> Self {
        Self { envelope, payload_sha256: Digest::of(HashAlgorithm::Sha256, &envelope.payload), of_encoding }
    }
}

impl LogBodyKind {
    const ALL: &'static [Self] = &[Self::HashedRekord1, Self::HashedRekord2, Self::Dsse1, Self::Intoto2];

    /// The kind with this name and version, as an entry's `kindVersion` tells them.
    pub(crate) fn of(kind: &str, version: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|found| found.names() == (kind, version))
    }

    /// Whether it is of logs of Rekor's second version.
    pub(crate) fn is_of_rekor_2(self) -> bool {
        self == Self::HashedRekord2
    }

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::HashedRekord1 => ("hashedrekord", "0.0.1"),
            Self::HashedRekord2 => ("hashedrekord", "0.0.2"),
            Self::Dsse1 => ("dsse", "0.0.1"),
            Self::Intoto2 => ("intoto", "0.0.2"),
        }
    }

    /// Checks that a body is of this kind, and that all of it is of this signing. The fault names the member.
    pub(crate) fn check(self, body: &[u8], signing: &Signing<'_>) -> Result<(), String> {
        let document = Place::document(body)?;
        let [api_version, kind, spec] = document.members(["apiVersion", "kind", "spec"])?;
        let (name, version) = self.names();
        check_text(&kind, name)?;
        check_text(&api_version, version)?;
        match self {
            Self::HashedRekord1 => signing.check_hashed_rekord_1(&spec),
            Self::HashedRekord2 => signing.check_hashed_rekord_2(&spec),
            Self::Dsse1 => signing.check_dsse_1(&spec),
            Self::Intoto2 => signing.check_intoto_2(&spec),
        }
    }
}

impl Signing<'_> {
    fn check_hashed_rekord_1(&self, spec: &Place<'_, '_>) -> Result<(), String> {
        let SignedContent::Message(digests) = self.content else {
            return Err("`kind` is one for messages, and an envelope was signed".to_string());
        };
        let [data, signature] = spec.members(["data", "signature"])?;
        let [hash] = data.members(["hash"])?;
        let [algorithm, value] = hash.members(["algorithm", "value"])?;
        let name = algorithm.required_text()?;
        let digest = self.find_digest(&algorithm, &name, HashAlgorithm::from_name(&name), digests)?;
        check_hex(&value, &digest)?;

        let [content, public_key] = signature.members(["content", "publicKey"])?;
        self.check_signature(&content)?;
        let [pem] = public_key.members(["content"])?;
        self.check_pem(&pem)
    }

    fn check_hashed_rekord_2(&self, spec: &Place<'_, '_>) -> Result<(), String> {
        let [entry] = spec.members(["hashedRekordV002"])?;
        let [data, signature] = entry.members(["data", "signature"])?;
        let [algorithm, value] = data.members(["algorithm", "digest"])?;
        let digests = match &self.content {
            SignedContent::Message(digests) => digests,
            SignedContent::Envelope(envelope) => envelope.of_encoding.as_slice(),
        };
        let name = algorithm.required_text()?;
        let hash = match &*name {
            "SHA2_256" => Some(HashAlgorithm::Sha256),
            "SHA2_384" => Some(HashAlgorithm::Sha384),
            "SHA2_512" => Some(HashAlgorithm::Sha512),
            _ => None,
        };
        let digest = self.find_digest(&algorithm, &name, hash, digests)?;
        if value.required_bytes()? != digest.as_bytes() {
            return Err(value.fault(format_args!("is not the {} that was signed", digest.algorithm())));
        }

        let [content, verifier] = signature.members(["content", "verifier"])?;
        self.check_signature(&content)?;
        let [details, public_key, certificate] =
            verifier.members(["keyDetails", "publicKey", "x509Certificate"])?;
        let (place, other, bytes, key) = match self.signer {
            SignerMaterial::Certificate { der, public_key: key } => (certificate, public_key, der, key),
            SignerMaterial::Key(key) => (public_key, certificate, key, key),
        };
        if other.is_there() {
            return Err(
                other.fault(format_args!("is there, and {} verifies the signature", self.signer.name()))
            );
        }
        let [raw_bytes] = place.required()?.members(["rawBytes"])?;
        if raw_bytes.required_bytes()? != bytes {
            return Err(self.not_the_signer(&raw_bytes));
        }
        check_details(&details, key, digest.algorithm())
    }

    fn check_dsse_1(&self, spec: &Place<'_, '_>) -> Result<(), String> {
        let SignedEnvelope { payload_sha256, .. } = self.envelope()?;
        let [envelope_hash, payload_hash, signatures] =
            spec.members(["envelopeHash", "payloadHash", "signatures"])?;
        check_form_of_hash(&envelope_hash)?;
        check_sha256(&payload_hash, payload_sha256)?;
        let signatures = signatures.few_items(1)?;
        let [signature] = signatures.as_slice() else { return Err(no_signature(spec)) };
        let [signature, verifier] = signature.members(["signature", "verifier"])?;
        self.check_signature(&signature)?;
        self.check_pem(&verifier)
    }

    fn check_intoto_2(&self, spec: &Place<'_, '_>) -> Result<(), String> {
        let SignedEnvelope { envelope, payload_sha256, .. } = self.envelope()?;
        let [content] = spec.members(["content"])?;
        let [logged, hash, payload_hash] = content.members(["envelope", "hash", "payloadHash"])?;
        check_form_of_hash(&hash)?;
        check_sha256(&payload_hash, payload_sha256)?;
        let [payload, payload_type, signatures] = logged.members(["payload", "payloadType", "signatures"])?;
        check_text(&payload_type, &envelope.payload_type)?;
        if payload.is_there() && bytes_in_base64_twice(&payload)? != envelope.payload {
            return Err(payload.fault("is not the payload that was signed"));
        }
        let signatures = signatures.few_items(1)?;
        let [signature] = signatures.as_slice() else { return Err(no_signature(&logged)) };
        // The key ID is not signed, and means nothing: the key itself is compared.
        let [_key_id, pem, signature] = signature.members(["keyid", "publicKey", "sig"])?;
        if bytes_in_base64_twice(&signature)? != self.signature {
            return Err(not_the_signature(&signature));
        }
        self.check_pem(&pem)
    }

    fn envelope(&self) -> Result<&SignedEnvelope<'_>, String> {
        match &self.content {
            SignedContent::Envelope(envelope) => Ok(envelope),
            SignedContent::Message(_) => {
                Err("`kind` is one for envelopes, and a message was signed".to_string())
            }
        }
    }

    /// The digest by this hash, if the signature may be over it.
    fn find_digest(
        &self,
        place: &Place<'_, '_>,
        name: &str,
        hash: Option<HashAlgorithm>,
        digests: &[Digest],
    ) -> Result<Digest, String> {
        let Some(hash) = hash.filter(|hash| self.hashes.contains(hash)) else {
            return Err(
                place.fault(format_args!("is {}, by which the signer's key does not sign", Excerpt(name)))
            );
        };
        let digest = digests.iter().find(|digest| digest.algorithm() == hash);
        digest.copied().ok_or_else(|| {
            place.fault(format_args!("is {hash}, and that digest of the artifact is not given"))
        })
    }

    fn check_signature(&self, place: &Place<'_, '_>) -> Result<(), String> {
        if place.required_bytes()? == self.signature { Ok(()) } else { Err(not_the_signature(place)) }
    }

    /// Checks that PEM, in base64 once more, is the certificate or the key by which the signature is verified.
    fn check_pem(&self, place: &Place<'_, '_>) -> Result<(), String> {
        let bytes = place.required_bytes()?;
        let text = str::from_utf8(&bytes).map_err(|_| place.fault("is no PEM text"))?;
        let read = match self.signer {
            SignerMaterial::Certificate { der, .. } => {
                pem::certificates(text, 1, MAX_CERTIFICATE_BYTES).map(|found| found == [der])
            }
            SignerMaterial::Key(key) => {
                pem::public_key(text, MAX_CERTIFICATE_BYTES).map(|found| found == key)
            }
        };
        match read {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.not_the_signer(place)),
            Err(fault) => Err(place.fault(format_args!("is not {}: {fault}", self.signer.name()))),
        }
    }

    fn not_the_signer(&self, place: &Place<'_, '_>) -> String {
        place.fault(format_args!("is not {} that verifies the signature", self.signer.name()))
    }
}

impl SignerMaterial<'_> {
    const fn name(self) -> &'static str {
        match self {
            Self::Certificate { .. } => "the certificate",
            Self::Key(_) => "the key",
        }
    }
}

fn check_text(place: &Place<'_, '_>, wanted: &str) -> Result<(), String> {
    let found = place.required()?.text()?;
    if found == wanted {
        return Ok(());
    }
    Err(place.fault(format_args!("is {}, not {}", Excerpt(&found), Excerpt(wanted))))
}

fn check_hex(place: &Place<'_, '_>, digest: &Digest) -> Result<(), String> {
    if Digest::from_hex(digest.algorithm(), &place.required_text()?) == Some(*digest) {
        return Ok(());
    }
    Err(place.fault(format_args!("is not the {} of what was signed", digest.algorithm())))
}

fn check_sha256(place: &Place<'_, '_>, digest: &Digest) -> Result<(), String> {
    let [algorithm, value] = place.members(["algorithm", "value"])?;
    check_text(&algorithm, HashAlgorithm::Sha256.name())?;
    check_hex(&value, digest)
}

/// The hash of an envelope is one of its JSON as the log was sent it, which nobody has any more.
fn check_form_of_hash(place: &Place<'_, '_>) -> Result<(), String> {
    if place.is_there() {
        let [algorithm, value] = place.members(["algorithm", "value"])?;
        algorithm.text()?;
        value.text()?;
    }
    Ok(())
}

/// Bytes that an envelope has in base64, whose text the log has in base64.
fn bytes_in_base64_twice(place: &Place<'_, '_>) -> Result<Vec<u8>, String> {
    let bytes = place.required_bytes()?;
    let text = str::from_utf8(&bytes).map_err(|_| place.fault("is not base64 of base64"))?;
    bytes_of_base64(text).map_err(|fault| place.fault(format_args!("stands for a text that {fault}")))
}

/// Checks that the name is one of such a key which signs by this hash.
fn check_details(place: &Place<'_, '_>, key: &[u8], hash: HashAlgorithm) -> Result<(), String> {
    let name = place.required_text()?;
    let details = KeyDetails::from_name(&name);
    let fits = details.key(key).is_some_and(|key| {
        let algorithm = SignatureAlgorithm::for_key_and_digest(key.kind(), hash);
        algorithm.is_some() && details.algorithm() == algorithm
    });
    if fits {
        return Ok(());
    }
    Err(place.fault(format_args!("is {}, which the signer's key with {hash} is not", Excerpt(&name))))
}

fn not_the_signature(place: &Place<'_, '_>) -> String {
    place.fault("is not the bundle's signature")
}

fn no_signature(place: &Place<'_, '_>) -> String {
    place.fault("has no signature")
}

#[cfg(test)]
mod tests {
    extern crate std;

    fn of_encoding(envelope: &Envelope, hashes: &[HashAlgorithm]) -> Vec<Digest> {
        let encoding = envelope.pre_authentication_encoding();
        hashes.iter().map(|hash| Digest::of(*hash, &encoding)).collect()
    }

    use super::*;
    use crate::crypto::SignerKey;
    use crate::sigstore::bundle::{Bundle, Content, KeyMaterial};
    use crate::sigstore::collection;
    use crate::x509::certificate::Certificate;
    use crate::x509::public_key::PublicKeyInfo;
    use alloc::format;
    use base64ct::{Base64, Encoding};
    use serde_json::{Value, json};
    use std::println;

    /// A bundle that is good, and whatever else its entries must be about.
    struct Case {
        id: String,
        bundle: Bundle,
        /// The key of the leaf, or else the one that was given.
        key: Vec<u8>,
        hashes: &'static [HashAlgorithm],
        digests: Vec<Digest>,
    }

    impl Case {
        fn read(case: &collection::Case) -> Self {
            let bundle = Bundle::from_json(case.file("bundle")).unwrap();
            let key = match &bundle.key_material {
                KeyMaterial::Certificates(chain) => {
                    Certificate::parse(&chain[0]).unwrap().public_key.der.to_vec()
                }
                KeyMaterial::Hint(_) => {
                    pem::public_key(&String::from_utf8(case.file("key")).unwrap(), 9_999).unwrap()
                }
            };
            // A key that this build does not know: only its signatures cannot be verified.
            let info = PublicKeyInfo::from_der(&key).unwrap();
            let hashes =
                SignerKey::new(&info, SignatureAlgorithm::ALL).map_or(HashAlgorithm::ALL, |key| key.hashes());
            Self { id: case.id().to_string(), bundle, key, hashes, digests: case.digests() }
        }

        fn signer(&self) -> SignerMaterial<'_> {
            match &self.bundle.key_material {
                KeyMaterial::Certificates(chain) => {
                    SignerMaterial::Certificate { der: &chain[0], public_key: &self.key }
                }
                KeyMaterial::Hint(_) => SignerMaterial::Key(&self.key),
            }
        }

        fn signing(&self) -> Signing<'_> {
            let hashes = self.hashes;
            let (signature, content) = match &self.bundle.content {
                Content::Message { signature, .. } => (signature, SignedContent::Message(&self.digests)),
                Content::Envelope(envelope) => (
                    &envelope.signature,
                    SignedContent::Envelope(SignedEnvelope::new(envelope, of_encoding(envelope, hashes))),
                ),
            };
            Signing { signature, signer: self.signer(), content, hashes }
        }

        /// The entries, each with its body's kind.
        fn bodies(&self) -> impl Iterator<Item = (LogBodyKind, &[u8])> {
            self.bundle.log_entries.iter().map(|entry| {
                let kind = LogBodyKind::of(&entry.kind, &entry.version).unwrap();
                (kind, entry.canonicalized_body.as_slice())
            })
        }
    }

    fn cases() -> Vec<Case> {
        collection::good_cases().iter().map(Case::read).collect()
    }

    #[test]
    fn the_bodies_of_good_bundles_are_of_them_and_of_no_other() {
        let cases = cases();
        let (mut own, mut foreign) = (0, 0);
        for case in &cases {
            let signing = case.signing();
            for (kind, body) in case.bodies() {
                assert_eq!(kind.check(body, &signing), Ok(()), "{}", case.id);
                own += 1;
            }
            let others = cases.iter().filter(|other| other.signing().signature != signing.signature);
            for (kind, body) in others.flat_map(Case::bodies) {
                assert!(kind.check(body, &signing).is_err(), "{}", case.id);
                foreign += 1;
            }
        }
        println!("{own} bodies of {} good bundles, {foreign} of others", cases.len());
    }

    /// One good case of each kind of body, content and signer.
    fn kinds(cases: &[Case]) -> Vec<(&Case, LogBodyKind, Value)> {
        let mut found: Vec<(&Case, LogBodyKind, Value)> = Vec::new();
        for case in cases {
            for (kind, body) in case.bodies() {
                let is_like = |other: &Case| {
                    core::mem::discriminant(&other.bundle.content)
                        == core::mem::discriminant(&case.bundle.content)
                        && core::mem::discriminant(&other.signer()) == core::mem::discriminant(&case.signer())
                };
                if !found.iter().any(|(other, of, _)| *of == kind && is_like(other)) {
                    found.push((case, kind, serde_json::from_slice(body).unwrap()));
                }
            }
        }
        found
    }

    /// The JSON pointers of all that is in a value, objects and lists included.
    fn places(value: &Value, here: &str) -> Vec<String> {
        let inside: Vec<(String, &Value)> = match value {
            Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
            }
            _ => Vec::new(),
        };
        let deeper = inside.into_iter().flat_map(|(step, value)| {
            let place = format!("{here}/{step}");
            let deeper = places(value, &place);
            core::iter::once(place).chain(deeper)
        });
        deeper.collect()
    }

    /// As messages write it.
    fn path(pointer: &str) -> String {
        pointer.trim_start_matches('/').replace('/', ".").replace(".0", "[0]")
    }

    /// Those members that nothing can be compared with, and that need not be there.
    fn is_unchecked(pointer: &str) -> bool {
        pointer.contains("/envelopeHash") || pointer.contains("/content/hash") || pointer.ends_with("/keyid")
    }

    fn is_optional(pointer: &str) -> bool {
        pointer.ends_with("/envelope/payload")
            || is_unchecked(pointer) && !pointer.ends_with("/algorithm") && !pointer.ends_with("/value")
    }

    fn check(kind: LogBodyKind, body: &Value, signing: &Signing<'_>) -> Result<(), String> {
        kind.check(&serde_json::to_vec(body).unwrap(), signing)
    }

    /// The text otherwise: bytes in base64 with another bit, a digit, a name.
    fn alterations(text: &str) -> Vec<String> {
        let flipped = |bytes: &[u8], position: usize| {
            let mut bytes = bytes.to_vec();
            bytes[position] ^= 1;
            bytes
        };
        let mut all = alloc::vec![format!("{text}x"), String::new(), text.to_uppercase() + "0"];
        if let Ok(bytes) = bytes_of_base64(text) {
            for position in [0, bytes.len() / 2, bytes.len() - 1] {
                all.push(Base64::encode_string(&flipped(&bytes, position)));
            }
            all.push(Base64::encode_string(&[&bytes, &bytes[..]].concat()));
            all.push(Base64::encode_string(&bytes[..bytes.len() / 2]));
            if let Some(inner) = str::from_utf8(&bytes).ok().and_then(|text| bytes_of_base64(text).ok()) {
                let inner = Base64::encode_string(&flipped(&inner, inner.len() / 2));
                all.push(Base64::encode_string(inner.as_bytes()));
            }
        }
        all
    }

    #[test]
    fn every_member_that_is_altered_missing_or_too_many_is_told() {
        let cases = cases();
        let kinds = kinds(&cases);
        let mut altered = 0;
        for (case, kind, body) in &kinds {
            let signing = case.signing();
            assert_eq!(check(*kind, body, &signing), Ok(()), "{}", case.id);
            for place in places(body, "") {
                let is_told = |refused: Result<(), String>| {
                    let refused = refused.expect_err(&place);
                    assert!(
                        refused.contains(&format!("`{}", path(&place))),
                        "{}: {place}: {refused}",
                        case.id
                    );
                };
                let mut other = body.clone();
                let found = other.pointer_mut(&place).unwrap();
                match found.clone() {
                    Value::String(text) if !is_unchecked(&place) => {
                        for alteration in alterations(&text) {
                            *other.pointer_mut(&place).unwrap() = Value::from(alteration);
                            is_told(check(*kind, &other, &signing));
                            altered += 1;
                        }
                    }
                    Value::Object(_) => {
                        found["unknown"] = json!(null);
                        assert!(check(*kind, &other, &signing).unwrap_err().contains("unknown"), "{place}");
                    }
                    Value::Array(items) => {
                        *found = json!([items[0], items[0]]);
                        is_told(check(*kind, &other, &signing));
                        *other.pointer_mut(&place).unwrap() = json!([]);
                        assert!(check(*kind, &other, &signing).is_err(), "{place}");
                    }
                    _ => {}
                }
                let mut other = body.clone();
                *other.pointer_mut(&place).unwrap() = json!(7);
                if !place.ends_with("/keyid") {
                    is_told(check(*kind, &other, &signing));
                }
                *other.pointer_mut(&place).unwrap() = json!(null);
                if !place.ends_with("/0") {
                    let refused = check(*kind, &other, &signing);
                    let may_lack = is_optional(&place) || is_unchecked(&place);
                    assert_eq!(refused.is_ok(), may_lack, "{}: {place}: {refused:?}", case.id);
                }
                altered += 2;
            }
        }
        println!("{altered} alterations of {} kinds of bodies", kinds.len());
    }

    #[test]
    fn every_member_of_another_body_of_the_kind_is_told() {
        let cases = cases();
        let mut count = 0;
        for (case, kind, body) in kinds(&cases) {
            let signing = case.signing();
            let others = cases.iter().flat_map(Case::bodies).filter(|(other, _)| *other == kind);
            for (_, other) in others {
                let other: Value = serde_json::from_slice(other).unwrap();
                for place in places(&body, "") {
                    let (Some(own), Some(foreign)) = (body.pointer(&place), other.pointer(&place)) else {
                        continue;
                    };
                    if own == foreign || is_unchecked(&place) || !own.is_string() {
                        continue;
                    }
                    let mut mixed = body.clone();
                    *mixed.pointer_mut(&place).unwrap() = foreign.clone();
                    let refused = check(kind, &mixed, &signing).expect_err(&place);
                    // Of an algorithm that would do as well, the digest is another.
                    let told = path(&place).replace(".algorithm", "");
                    assert!(refused.contains(&format!("`{told}")), "{}: {refused}", case.id);
                    count += 1;
                }
            }
        }
        println!("{count} members of other bodies");
    }

    #[test]
    fn a_body_is_of_its_own_kind_alone() {
        let cases = cases();
        for (case, kind, body) in kinds(&cases) {
            let signing = case.signing();
            for other in LogBodyKind::ALL.iter().copied().filter(|other| *other != kind) {
                let refused = check(other, &body, &signing).unwrap_err();
                assert!(refused.contains("`kind`") || refused.contains("`apiVersion`"), "{refused}");
                let mut named = body.clone();
                let (name, version) = other.names();
                (named["kind"], named["apiVersion"]) = (json!(name), json!(version));
                assert!(check(other, &named, &signing).is_err());
            }
        }
    }

    const SIGNATURE: &[u8] = b"signature";

    /// A key on P-256: the generator of the curve.
    fn p256() -> Vec<u8> {
        let point = p256::ecdsa::SigningKey::from_slice(&[&[0; 31][..], &[1]].concat()).unwrap();
        let point = point.verifying_key().to_sec1_point(false);
        let algorithm = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgA=";
        [&Base64::decode_vec(algorithm).unwrap()[..26], point.as_bytes()].concat()
    }

    fn p384() -> Vec<u8> {
        let point = p384::ecdsa::SigningKey::from_slice(&[&[0; 47][..], &[1]].concat()).unwrap();
        let point = point.verifying_key().to_sec1_point(false);
        let algorithm = "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgA=";
        [&Base64::decode_vec(algorithm).unwrap()[..23], point.as_bytes()].concat()
    }

    fn message_1(algorithm: &str, value: &str, key: &[u8]) -> Value {
        let pem = pem::from_public_key(key);
        json!({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {
            "data": {"hash": {"algorithm": algorithm, "value": value}},
            "signature": {
                "content": Base64::encode_string(SIGNATURE),
                "publicKey": {"content": Base64::encode_string(pem.as_bytes())}
            }
        }})
    }

    fn body_2(algorithm: &str, digest: &Digest, details: &str, key: &[u8]) -> Value {
        json!({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
            "data": {"algorithm": algorithm, "digest": Base64::encode_string(digest.as_bytes())},
            "signature": {
                "content": Base64::encode_string(SIGNATURE),
                "verifier": {"keyDetails": details, "publicKey": {"rawBytes": Base64::encode_string(key)}}
            }
        }}})
    }

    fn by_key<'a>(key: &'a [u8], digests: &'a [Digest], hashes: &'a [HashAlgorithm]) -> Signing<'a> {
        let (signer, content) = (SignerMaterial::Key(key), SignedContent::Message(digests));
        Signing { signature: SIGNATURE, signer, content, hashes }
    }

    fn all_digests() -> Vec<Digest> {
        HashAlgorithm::ALL.iter().map(|hash| Digest::of(*hash, b"artifact")).collect()
    }

    #[test]
    fn a_message_is_compared_by_the_digest_that_the_body_tells() {
        use HashAlgorithm::{Sha256, Sha384};
        let (key, digests) = (p256(), all_digests());
        let kind = LogBodyKind::HashedRekord1;
        let hex = |digest: &Digest| digest.to_string().split_once(':').unwrap().1.to_string();
        let body = message_1("sha256", &hex(&digests[0]), &key);
        assert_eq!(check(kind, &body, &by_key(&key, &digests, &[Sha256])), Ok(()));
        let upper = message_1("sha256", &hex(&digests[0]).to_uppercase(), &key);
        assert_eq!(check(kind, &upper, &by_key(&key, &digests, &[Sha256])), Ok(()));

        let not_given = check(kind, &body, &by_key(&key, &digests[1..], &[Sha256])).unwrap_err();
        assert_eq!(
            not_given,
            "`spec.data.hash.algorithm` is sha256, and that digest of the artifact is not given"
        );
        let other_hash = message_1("sha384", &hex(&digests[1]), &key);
        assert_eq!(check(kind, &other_hash, &by_key(&key, &digests, &[Sha384, Sha256])), Ok(()));
        for (algorithm, digest) in [("sha384", 1), ("SHA256", 0), ("sha1", 0), ("", 0)] {
            let body = message_1(algorithm, &hex(&digests[digest]), &key);
            let refused = check(kind, &body, &by_key(&key, &digests, &[Sha256])).unwrap_err();
            assert!(refused.contains("`spec.data.hash.algorithm`"), "{refused}");
        }
        for value in [hex(&digests[1]), hex(&digests[0])[2..].to_string(), hex(&Digest::of(Sha256, b""))] {
            let refused = check(kind, &message_1("sha256", &value, &key), &by_key(&key, &digests, &[Sha256]));
            assert!(refused.unwrap_err().contains("`spec.data.hash.value`"), "{value}");
        }
    }

    #[test]
    fn the_details_of_a_key_are_those_of_this_key_with_this_hash() {
        let digests = all_digests();
        let hashes = HashAlgorithm::ALL;
        let refused = |algorithm: &str, digest: usize, details: &str, key: &[u8]| {
            let body = body_2(algorithm, &digests[digest], details, key);
            check(LogBodyKind::HashedRekord2, &body, &by_key(key, &digests, hashes)).err()
        };
        for (algorithm, digest, details, key) in [
            ("SHA2_256", 0, "PKIX_ECDSA_P256_SHA_256", p256()),
            ("SHA2_384", 1, "PKIX_ECDSA_P384_SHA_384", p384()),
            ("SHA2_256", 0, "PKIX_ECDSA_P384_SHA_256", p384()),
        ] {
            assert_eq!(refused(algorithm, digest, details, &key), None);
        }
        for (algorithm, digest, details, key) in [
            ("SHA2_256", 0, "PKIX_ECDSA_P384_SHA_384", p256()),
            ("SHA2_256", 0, "PKIX_ECDSA_P256_SHA_256", p384()),
            ("SHA2_384", 1, "PKIX_ECDSA_P256_SHA_256", p256()),
            ("SHA2_256", 0, "PKIX_ECDSA_P384_SHA_384", p384()),
            ("SHA2_256", 0, "PKIX_ED25519", p256()),
            ("SHA2_256", 0, "PKIX_ECDSA_P256_SHA_257", p256()),
            ("SHA2_256", 0, "", p256()),
        ] {
            let refused = refused(algorithm, digest, details, &key).unwrap();
            assert!(refused.contains("`spec.hashedRekordV002.signature.verifier.keyDetails`"), "{refused}");
        }
        for (algorithm, digest) in [("SHA2_256", 1), ("SHA2_384", 0)] {
            let refused = refused(algorithm, digest, "PKIX_ECDSA_P384_SHA_384", &p384()).unwrap();
            assert!(refused.contains("data.digest` is not the sha"), "{refused}");
        }
        for algorithm in ["sha256", "SHA3_256", "HASH_ALGORITHM_UNSPECIFIED"] {
            let refused = refused(algorithm, 0, "PKIX_ECDSA_P256_SHA_256", &p256()).unwrap();
            assert!(refused.contains("data.algorithm`"), "{refused}");
        }
    }

    #[test]
    fn a_key_is_no_certificate_and_a_second_one_beside_it_refuses() {
        let (key, digests) = (p256(), all_digests());
        let mut both = body_2("SHA2_256", &digests[0], "PKIX_ECDSA_P256_SHA_256", &key);
        let signing = by_key(&key, &digests, HashAlgorithm::ALL);
        let verifier = &mut both["spec"]["hashedRekordV002"]["signature"]["verifier"];
        verifier["x509Certificate"] = verifier["publicKey"].clone();
        let refused = check(LogBodyKind::HashedRekord2, &both, &signing).unwrap_err();
        assert!(refused.contains("verifier.x509Certificate` is there"), "{refused}");

        let hex = digests[0].to_string();
        let body = message_1("sha256", hex.split_once(':').unwrap().1, &key);
        let signer = SignerMaterial::Certificate { der: &key, public_key: &key };
        let refused = check(LogBodyKind::HashedRekord1, &body, &Signing { signer, ..signing }).unwrap_err();
        assert!(refused.contains("`spec.signature.publicKey.content` is not the certificate"), "{refused}");
    }

    #[test]
    fn an_envelope_in_rekor_2_is_compared_by_its_encoding_and_in_rekor_1_as_no_message() {
        let key = p256();
        let envelope = Envelope {
            payload_type: String::from("text/plain"),
            payload: b"artifact".to_vec(),
            signature: SIGNATURE.to_vec(),
            key_id: String::new(),
        };
        let hashes = &[HashAlgorithm::Sha256];
        let content =
            || SignedContent::Envelope(SignedEnvelope::new(&envelope, of_encoding(&envelope, hashes)));
        let signing = Signing { content: content(), ..by_key(&key, &[], hashes) };
        let encoding = Digest::of(HashAlgorithm::Sha256, &envelope.pre_authentication_encoding());
        let body = |digest| body_2("SHA2_256", digest, "PKIX_ECDSA_P256_SHA_256", &key);
        assert_eq!(check(LogBodyKind::HashedRekord2, &body(&encoding), &signing), Ok(()));
        let payload = Digest::of(HashAlgorithm::Sha256, &envelope.payload);
        assert!(check(LogBodyKind::HashedRekord2, &body(&payload), &signing).is_err());

        let hex = encoding.to_string();
        let as_message = message_1("sha256", hex.split_once(':').unwrap().1, &key);
        let refused = check(LogBodyKind::HashedRekord1, &as_message, &signing).unwrap_err();
        assert_eq!(refused, "`kind` is one for messages, and an envelope was signed");
    }

    #[test]
    fn only_the_four_kinds_are_known() {
        assert_eq!(LogBodyKind::of("hashedrekord", "0.0.2"), Some(LogBodyKind::HashedRekord2));
        for kind in LogBodyKind::ALL {
            let (name, version) = kind.names();
            assert_eq!(LogBodyKind::of(name, version), Some(*kind));
            assert_eq!(kind.is_of_rekor_2(), (name, version) == ("hashedrekord", "0.0.2"));
        }
        for (kind, version) in [
            ("dsse", "0.0.2"),
            ("intoto", "0.0.1"),
            ("hashedrekord", "0.0.3"),
            ("rekord", "0.0.1"),
            ("DSSE", "0.0.1"),
            ("", ""),
        ] {
            assert_eq!(LogBodyKind::of(kind, version), None);
        }
    }

    #[test]
    fn what_is_no_body_is_refused() {
        let (key, digests) = (p256(), all_digests());
        let signing = by_key(&key, &digests, HashAlgorithm::ALL);
        for body in
            ["", "{}", "[]", "null", "\u{FEFF}{}", "{\"kind\":\"hashedrekord\",\"kind\":\"hashedrekord\"}"]
        {
            for kind in LogBodyKind::ALL {
                assert!(kind.check(body.as_bytes(), &signing).is_err(), "{body}");
            }
        }
    }
}

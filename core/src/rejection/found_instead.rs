//! What was given instead of an entry that matches, and how it is told.

use crate::text::quoting::Quoted;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// What was given instead of an entry that matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundInstead {
    /// The first few other namespaces that have entries of the name, cut off where they are long.
    pub namespaces: Vec<String>,
    /// How many of the namespace are of the same name under another digest: an index was signed, say, and the digest of
    /// one platform's image is asked for.
    pub other_digests: usize,
    /// How many of the namespace have the digest under another name.
    pub other_names: usize,
    /// The issuer that the policy wants, cut off if it is long.
    pub wanted_issuer: String,
    /// The first few issuers that the certificates of those of the name are for, cut off where they are long.
    pub issuers: Vec<String>,
    /// How many of those of the name have a first certificate that can be read and names no issuer.
    pub without_issuer: usize,
    /// Whether one of these is an authority's: the chain is stored in another order than leaf first.
    pub authority_first: bool,
}

impl FoundInstead {
    /// What to do about it, given how many entries are of the namespace, and of these of the name; `None` if the code's
    /// remedy says it.
    pub(super) fn remedy(&self, of_namespace: usize, of_name: usize) -> Option<&'static str> {
        if !self.issuers.is_empty() {
            return Some(
                "compare the policy's issuer with the one that was found, which must be the same byte for byte, a slash at its end included; correct the policy if the signer is the one that is meant",
            );
        }
        if self.authority_first {
            return Some(
                "have the record stored with the signer's certificate first; those of the authorities may follow in any order",
            );
        }
        if self.without_issuer > 0 {
            return Some(
                "check that the signer's own certificate stands first in the record; if it does, have the artifact signed with one that names the issuer of its identity",
            );
        }
        if of_namespace == 0 {
            return Some("check the policy's namespace, and that the entries given are that namespace's");
        }
        if of_name == 0 && self.other_digests > 0 {
            return Some(
                "ask for the digest that was signed: an index and the images in it have different digests; if this very artifact is meant, it was not signed and must be signed by its pipeline",
            );
        }
        if of_name == 0 && self.other_names > 0 {
            return Some(
                "ask for the name that was signed, byte for byte; if the artifact is meant under this name, it must be signed under it too",
            );
        }
        None
    }
}

/// That no entry matches: how many were given, how many of them are of the namespace, how many of those of the name, and
/// what there is instead.
pub(super) struct NoMatch<'a>(
    pub(super) &'a usize,
    pub(super) &'a usize,
    pub(super) &'a usize,
    pub(super) &'a FoundInstead,
);

impl fmt::Display for NoMatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(entries, of_namespace, of_name, instead) = self;
        if **entries == 0 {
            return f.write_str("no entries were given");
        }
        write!(
            f,
            "none of the entries matches (given: {entries}, of the namespace: {of_namespace}, also of the name: {of_name}, also of the issuer: 0)"
        )?;
        instead.write(f, **of_name)
    }
}

impl FoundInstead {
    fn write(&self, f: &mut fmt::Formatter<'_>, of_name: usize) -> fmt::Result {
        if !self.issuers.is_empty() {
            let wanted = Quoted(&self.wanted_issuer);
            write!(f, "; the policy wants the issuer {wanted}, those found are for {}", List(&self.issuers))?;
        }
        if self.without_issuer > 0 {
            write!(f, "; entries whose first certificate names no issuer: {}", self.without_issuer)?;
        }
        if self.authority_first {
            f.write_str(
                "; the first certificate of such an entry is an authority's, and the signer's must stand first",
            )?;
        }
        if of_name > 0 {
            return Ok(());
        }
        if self.other_digests > 0 {
            write!(f, "; of the same name with another digest: {}", self.other_digests)?;
        }
        if self.other_names > 0 {
            write!(f, "; of the same digest with another name: {}", self.other_names)?;
        }
        if !self.namespaces.is_empty() {
            write!(f, "; the name is found in the namespace {}", List(&self.namespaces))?;
        }
        Ok(())
    }
}

/// Quoted texts, one after the other.
struct List<'a>(&'a [String]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, text) in self.0.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { ", " }, Quoted(text))?;
        }
        Ok(())
    }
}

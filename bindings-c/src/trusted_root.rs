//! Trusted roots, and verifiers that trust them.

use crate::call;
use crate::code::countermark_code;
use crate::pointer::{characters, free, reference};
use crate::refusal::Refusal;
use crate::rejection::countermark_rejection;
use crate::text::{Text, countermark_text, utf8};
use crate::unwind::once;
use crate::verifier::{change_core, countermark_verifier, countermark_verifier_builder};
use countermark::{MalformedInput, TrustedRoot, Verifier, VerifierBuilder};
use std::ffi::c_char;
use std::sync::OnceLock;

/// A trusted root: the authorities and logs of one Sigstore instance. How the file got here, and whether it is the right
/// one, is the caller's to know.
#[derive(Debug)]
pub struct countermark_trusted_root {
    root: TrustedRoot,
    text: OnceLock<Text>,
}

/// Several trusted roots, each an instance of its own.
#[derive(Debug)]
pub struct countermark_trusted_roots(Vec<countermark_trusted_root>);

impl From<TrustedRoot> for countermark_trusted_root {
    fn from(root: TrustedRoot) -> Self {
        Self { root, text: OnceLock::new() }
    }
}

/// Reads a trusted root, of version 0.1 or 0.2.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_trusted_root_from_json(
    json: *const c_char,
    json_length: usize,
    root: *mut *mut countermark_trusted_root,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(root, "root", rejection, || {
            Ok(TrustedRoot::from_json(characters(json, json_length, "json")?)?.into())
        })
    }
}

/// What it trusts, for people: several lines.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_trusted_root_text(
    root: *const countermark_trusted_root,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    let root = unsafe { root.as_ref() };
    Text::view_of(root.and_then(|root| once(&root.text, || root.root.to_string().into())))
}

/// Frees a trusted root that a call wrote to one of its outputs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_trusted_root_free(root: *mut countermark_trusted_root) {
    // SAFETY: the conventions of the header.
    unsafe { free(root) };
}

/// Reads JSON Lines of trusted roots, one a line, at least one.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_trusted_roots_from_json_lines(
    json: *const c_char,
    json_length: usize,
    roots: *mut *mut countermark_trusted_roots,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(roots, "roots", rejection, || {
            let read = countermark::trusted_roots_from_json_lines(characters(json, json_length, "json")?)?;
            Ok(countermark_trusted_roots(read.into_iter().map(Into::into).collect()))
        })
    }
}

/// How many roots there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_trusted_roots_count(roots: *const countermark_trusted_roots) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { roots.as_ref() }.map_or(0, |roots| roots.0.len())
}

/// One of the roots; NULL past the last. It belongs to `roots`: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_trusted_roots_get(
    roots: *const countermark_trusted_roots,
    index: usize,
) -> *const countermark_trusted_root {
    // SAFETY: the conventions of the header.
    let root = unsafe { roots.as_ref() }.and_then(|roots| roots.0.get(index));
    root.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// Frees the roots.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_trusted_roots_free(roots: *mut countermark_trusted_roots) {
    // SAFETY: the conventions of the header.
    unsafe { free(roots) };
}

/// Makes a verifier for bundles that trusts one trusted root, as the instance `trusted_root`, and nobody else. It believes
/// no private record.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verifier_from_trusted_root(
    root: *const countermark_trusted_root,
    verifier: *mut *mut countermark_verifier,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(verifier, "verifier", rejection, || {
            Ok(Verifier::from_trusted_root(&reference(root, "root")?.root).into())
        })
    }
}

/// Begins a verifier without trust anchors of its own, for bundles: it trusts whom it is told to, and believes no private
/// record.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verifier_builder_new_without_anchors(
    builder: *mut *mut countermark_verifier_builder,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { call::make(builder, "builder", rejection, || Ok(VerifierBuilder::without_anchors().into())) }
}

/// Also trusts a trusted root, as an instance of this name; not `own`, which stands for the verifier's own anchors. Each
/// instance judges a bundle alone, in the order in which they are added. Private records do not see it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verifier_builder_add_trusted_root(
    builder: *mut countermark_verifier_builder,
    name: *const c_char,
    name_length: usize,
    root: *const countermark_trusted_root,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change_core(builder, |builder| {
            let malformed = |detail| Refusal::from(MalformedInput::TrustedRoot { detail });
            let name = utf8(characters(name, name_length, "name")?, "name", malformed)?;
            Ok(builder.trusted_root(name, &reference(root, "root")?.root)?)
        })
    }
}

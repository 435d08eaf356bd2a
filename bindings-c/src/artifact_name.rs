//! Artifact names, as callers ask for them.

use crate::refusal::Refusal;
use crate::text::utf8;
use countermark::{ArtifactName, MalformedInput};

/// An artifact's name as the caller asks for it.
pub(crate) fn name(bytes: &[u8], argument: &str) -> Result<ArtifactName, Refusal> {
    Ok(utf8(bytes, argument, |detail| MalformedInput::Name { detail }.into())?.parse()?)
}

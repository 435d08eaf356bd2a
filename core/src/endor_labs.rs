//! The records of the Endor Labs API, `ArtifactSignature`: one, or a list response.

use crate::claim::{Claim, Claims};
use crate::entry::Entry;
use crate::json::{self, StrictValue};
use crate::limits::MAX_ENDOR_LABS_JSON_BYTES;
use crate::malformed::MalformedInput;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// Reads the records of the Endor Labs API, `ArtifactSignature`: one record, or a list response.
///
/// Members that it does not need are ignored, and an empty text in a provenance counts as absent. Refused
/// are: a list response that has a next page, because a revoked record may be on it; a record whose
/// `artifact_digest` or `source_repository_ref` disagrees with the rest; and a record without `revoked`,
/// unless the caller says that absent means false.
///
/// ```
/// use countermark::EndorLabs;
///
/// let response = r#"{"list": {"objects": [], "response": {"next_page_token": 100}}}"#;
/// let refused = EndorLabs::new().entries_from_json(response).unwrap_err();
/// assert!(refused.to_string().contains("next page"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct EndorLabs {
    absent_revoked_means_false: bool,
}

type Object = Map<String, Value>;

impl EndorLabs {
    /// A reader that refuses records without `revoked`.
    #[must_use]
    pub const fn new() -> Self {
        Self { absent_revoked_means_false: false }
    }

    /// A reader that takes a record without `revoked` as not revoked. Say so only if it is known that the
    /// records' source leaves false values out.
    #[must_use]
    pub const fn absent_revoked_means_false(mut self) -> Self {
        self.absent_revoked_means_false = true;
        self
    }

    /// Reads one record, or every record of a list response; one bad record fails the call.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] for the first bad record, or for the response.
    pub fn entries_from_json(&self, json: impl AsRef<[u8]>) -> Result<Vec<Entry>, MalformedInput> {
        self.read_entries(json.as_ref())?.into_iter().collect()
    }

    /// The same with a result per record, so that one bad record does not hide the others. As with
    /// [`read_entries`](crate::read_entries), an error is a record that could not be judged, not one that is
    /// not there.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if the response itself is malformed.
    pub fn read_entries(&self, json: &[u8]) -> Result<Vec<Result<Entry, MalformedInput>>, MalformedInput> {
        if json.len() > MAX_ENDOR_LABS_JSON_BYTES {
            return Err(MalformedInput::entry(format!(
                "the response is longer than {MAX_ENDOR_LABS_JSON_BYTES} bytes"
            )));
        }
        let StrictValue(document) = json::from_slice(json).map_err(MalformedInput::entry)?;
        let Value::Object(document) = document else {
            return Err(MalformedInput::entry("an Endor Labs record or list response is an object"));
        };
        let Some(list) = object(&document, "list")? else {
            return Ok(alloc::vec![self.entry(&document)]);
        };
        refuse_next_page(list)?;
        let objects = match list.get("objects") {
            None => &[][..],
            Some(Value::Array(objects)) => objects,
            Some(_) => return Err(MalformedInput::entry("`list.objects` is no array")),
        };
        let read = |(index, record): (usize, &Value)| {
            let entry = match record {
                Value::Object(record) => self.entry(record),
                _ => Err(MalformedInput::entry("it is no object")),
            };
            entry.map_err(|error| error.in_record(index))
        };
        Ok(objects.iter().enumerate().map(read).collect())
    }

    fn entry(&self, record: &Object) -> Result<Entry, MalformedInput> {
        let missing = |name: &str| MalformedInput::entry(format!("the member `{name}` is missing"));
        let tenant = object(record, "tenant_meta")?.ok_or_else(|| missing("tenant_meta"))?;
        let spec = object(record, "spec")?.ok_or_else(|| missing("spec"))?;
        let required = |object: &Object, name: &str| text(object, name)?.ok_or_else(|| missing(name));
        let revoked = match spec.get("revoked") {
            Some(Value::Bool(revoked)) => *revoked,
            None if self.absent_revoked_means_false => false,
            None => {
                return Err(MalformedInput::entry(
                    "the member `revoked` is missing; a record that does not say is not trusted",
                ));
            }
            Some(_) => return Err(MalformedInput::entry("`revoked` is neither true nor false")),
        };
        let entry = Entry::from_texts(
            required(tenant, "namespace")?,
            required(spec, "artifact_name")?,
            &required(spec, "signature")?,
            &required(spec, "certificate")?,
            &required(spec, "timestamp")?,
            revoked,
        )?
        .with_provenance(provenance(spec)?)?;
        check_digest(spec, &entry)?;
        check_ref(spec, &entry)?;
        Ok(entry)
    }
}

fn object<'v>(object: &'v Object, name: &str) -> Result<Option<&'v Object>, MalformedInput> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::Object(found)) => Ok(Some(found)),
        Some(_) => Err(MalformedInput::entry(format!("`{name}` is no object"))),
    }
}

fn text(object: &Object, name: &str) -> Result<Option<String>, MalformedInput> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::String(found)) => Ok(Some(found.clone())),
        Some(_) => Err(MalformedInput::entry(format!("`{name}` is no text"))),
    }
}

/// Any sign of another page counts, in whatever type and spelling the API's gateway writes it.
fn refuse_next_page(list: &Object) -> Result<(), MalformedInput> {
    let Some(response) = object(list, "response")? else { return Ok(()) };
    for name in ["next_page_token", "next_page_id", "nextPageToken", "nextPageId"] {
        let is_last = match response.get(name) {
            None | Some(Value::Null) => true,
            Some(Value::Number(number)) => number.as_u64() == Some(0),
            Some(Value::String(text)) => text.is_empty() || text == "0",
            Some(_) => false,
        };
        if !is_last {
            return Err(MalformedInput::entry(
                "the list response has a next page, and a revoked record may be on it; read all pages into one list",
            ));
        }
    }
    Ok(())
}

fn provenance(spec: &Object) -> Result<Vec<(String, String)>, MalformedInput> {
    let Some(recorded) = object(spec, "provenance")? else { return Ok(Vec::new()) };
    let mut claims = Vec::new();
    for (name, value) in recorded {
        match value {
            Value::String(text) if text.is_empty() => {}
            Value::String(text) => claims.push((name.to_string(), text.to_string())),
            _ => return Err(MalformedInput::entry(format!("`provenance`: {name:?} is no text"))),
        }
    }
    Ok(claims)
}

fn check_digest(spec: &Object, entry: &Entry) -> Result<(), MalformedInput> {
    let Some(digest) = text(spec, "artifact_digest")?.filter(|digest| !digest.is_empty()) else {
        return Ok(());
    };
    let hex = digest.strip_prefix("sha256:").unwrap_or(&digest);
    match entry.artifact_name().split_once("@sha256:") {
        Some((_, of_name)) if of_name == hex => Ok(()),
        _ => Err(MalformedInput::entry(format!(
            "`artifact_digest` {digest:?} disagrees with `artifact_name` {:?}",
            entry.artifact_name()
        ))),
    }
}

fn check_ref(spec: &Object, entry: &Entry) -> Result<(), MalformedInput> {
    let name = Claim::SourceRepositoryRef.known_name().unwrap_or_default();
    let Some(reference) = text(spec, name)?.filter(|reference| !reference.is_empty()) else { return Ok(()) };
    let disagrees = |with: &str, other: &str| {
        Err(MalformedInput::entry(format!(
            "`source_repository_ref` {reference:?} disagrees with {with}, {other:?}"
        )))
    };
    let recorded = entry.provenance().iter().find(|(recorded, _)| recorded == name);
    if let Some((_, recorded)) = recorded.filter(|(_, recorded)| *recorded != reference) {
        return disagrees("the provenance", recorded);
    }
    let leaf = entry.certificates().first().map_or(&[][..], Vec::as_slice);
    match Claims::of_certificate(leaf).map(|claims| claims.get(&Claim::SourceRepositoryRef)) {
        Ok(certified) if certified != Some(&reference) => {
            disagrees("the certificate", certified.unwrap_or("which has none"))
        }
        _ => Ok(()),
    }
}

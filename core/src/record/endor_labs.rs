//! The records of the Endor Labs API, `ArtifactSignature`: one, or a list response.

use crate::limits::{MAX_CLAIMS, MAX_ENDOR_LABS_JSON_BYTES, MAX_RECORD_FAULTS};
use crate::malformed::MalformedInput;
use crate::record::entry::Entry;
use crate::record::entry_json::too_many_faults;
use crate::signer::claim::Claim;
use crate::signer::leaf::Leaf;
use crate::text::json::{Json, Quotation, StrictJson};
use crate::text::quoting::Excerpt;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

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
    /// With what it returns, it takes no more memory than [four times](crate::limits#memory) the JSON.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] for the first bad record, or for the response.
    pub fn entries_from_json(&self, json: impl AsRef<[u8]>) -> Result<Vec<Entry>, MalformedInput> {
        let mut entries = Ok(Vec::new());
        self.read(json.as_ref(), |result| match (result, &mut entries) {
            (Ok(entry), Ok(entries)) => entries.push(entry),
            (Err(fault), Ok(_)) => entries = Err(fault),
            (_, Err(_)) => {}
        })?;
        entries
    }

    /// The same with a result per record, so that one bad record does not hide the others. As with
    /// [`read_entries`](crate::read_entries), an error is a record that could not be judged, not one that is
    /// not there, and after [`MAX_RECORD_FAULTS`] of them the last says that reading stopped there.
    ///
    /// With what it returns, it takes no more memory than [four times](crate::limits#memory) the JSON, and that of
    /// the errors.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if the response itself is malformed.
    pub fn read_entries(&self, json: &[u8]) -> Result<Vec<Result<Entry, MalformedInput>>, MalformedInput> {
        let mut results = Vec::new();
        self.read(json, |result| results.push(result))?;
        Ok(results)
    }

    /// Reads the records and hands each over. What the response says of itself is looked at before them.
    fn read(
        &self,
        json: &[u8],
        mut take: impl FnMut(Result<Entry, MalformedInput>),
    ) -> Result<(), MalformedInput> {
        if json.len() > MAX_ENDOR_LABS_JSON_BYTES {
            return Err(MalformedInput::entry(format!(
                "the response is longer than {MAX_ENDOR_LABS_JSON_BYTES} bytes"
            )));
        }
        let document = Json::from_slice(json).map_err(MalformedInput::entry)?;
        let Some(members) = document.as_object() else {
            return Err(MalformedInput::entry("an Endor Labs record or list response is an object"));
        };
        document.check_own_names().map_err(MalformedInput::entry)?;
        for (name, value) in members.filter(|(name, _)| !name.is("list")) {
            check_ignored(&name, value, 1)?;
        }
        let Some(list) = object(document, "list")? else {
            refuse_error_response(document)?;
            take(self.entry(document, 0));
            return Ok(());
        };
        list.check_own_names().map_err(|fault| MalformedInput::entry(format!("`list`: {fault}")))?;
        for (name, value) in list.as_object().into_iter().flatten().filter(|(name, _)| !name.is("objects")) {
            check_ignored(&name, value, 2)?;
        }
        refuse_next_page(list)?;
        let Some(objects) = list.member("objects") else { return Ok(()) };
        let objects =
            objects.as_array().ok_or_else(|| MalformedInput::entry("`list.objects` is no array"))?;
        let mut faults = 0_usize;
        for (index, record) in objects.enumerate() {
            let result = self.entry(record, 3);
            faults = faults.saturating_add(usize::from(result.is_err()));
            let is_last = faults > MAX_RECORD_FAULTS;
            let result = if is_last { Err(too_many_faults()) } else { result };
            take(result.map_err(|error| error.in_record(index)));
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// The entry of a record that stands inside of so many values.
    fn entry(&self, record: Json<'_>, outer: usize) -> Result<Entry, MalformedInput> {
        if record.as_object().is_none() {
            return Err(MalformedInput::entry("it is no object"));
        }
        let record = StrictJson::new(record, outer).map_err(MalformedInput::entry)?.get();
        let [tenant, spec] = members(record, "record", ["tenant_meta", "spec"])?;
        let [namespace] = members(required(tenant, "tenant_meta")?, "tenant_meta", ["namespace"])?;
        let [name, signature, certificate, timestamp, revoked, recorded, digest, reference] = members(
            required(spec, "spec")?,
            "spec",
            [
                "artifact_name",
                "signature",
                "certificate",
                "timestamp",
                "revoked",
                "provenance",
                "artifact_digest",
                "source_repository_ref",
            ],
        )?;
        let revoked = match revoked.map(Json::as_bool) {
            Some(Some(revoked)) => revoked,
            None if self.absent_revoked_means_false => false,
            None => {
                return Err(MalformedInput::entry(
                    "the member `revoked` is missing; a record that does not say is not trusted",
                ));
            }
            Some(None) => return Err(MalformedInput::entry("`revoked` is neither true nor false")),
        };
        let required_text = |member, name| required(text(member, name)?, name);
        let entry = Entry::from_texts(
            required_text(namespace, "namespace")?,
            required_text(name, "artifact_name")?,
            &required_text(signature, "signature")?,
            &required_text(certificate, "certificate")?,
            &required_text(timestamp, "timestamp")?,
            revoked,
        )?
        .with_provenance(provenance(recorded)?)?;
        check_digest(text(digest, "artifact_digest")?, &entry)?;
        check_ref(text(reference, "source_repository_ref")?, &entry)?;
        Ok(entry)
    }
}

fn required<T>(member: Option<T>, name: &str) -> Result<T, MalformedInput> {
    member.ok_or_else(|| MalformedInput::entry(format!("the member `{name}` is missing")))
}

/// The members of these names of an object.
fn members<'j, const N: usize>(
    object: Json<'j>,
    name: &str,
    names: [&str; N],
) -> Result<[Option<Json<'j>>; N], MalformedInput> {
    object.members(names).ok_or_else(|| MalformedInput::entry(format!("`{name}` is no object")))
}

fn check_ignored(name: &Quotation<'_>, value: Json<'_>, outer: usize) -> Result<(), MalformedInput> {
    match StrictJson::new(value, outer) {
        Ok(_) => Ok(()),
        Err(fault) => Err(MalformedInput::entry(format!("{}: {fault}", Excerpt(&name.text())))),
    }
}

fn object<'j>(object: Json<'j>, name: &str) -> Result<Option<Json<'j>>, MalformedInput> {
    match object.member(name) {
        Some(found) if found.as_object().is_none() => {
            Err(MalformedInput::entry(format!("`{name}` is no object")))
        }
        found => Ok(found),
    }
}

fn text<'j>(member: Option<Json<'j>>, name: &str) -> Result<Option<Cow<'j, str>>, MalformedInput> {
    match member.map(Json::as_text) {
        None => Ok(None),
        Some(Some(text)) => Ok(Some(text.text())),
        Some(None) => Err(MalformedInput::entry(format!("`{name}` is no text"))),
    }
}

/// An answer of the API that says why there are no records: `{"code": 16, "message": "…"}`.
fn refuse_error_response(document: Json<'_>) -> Result<(), MalformedInput> {
    let message = document.member("message").and_then(Json::as_text);
    let (Some(message), None) = (message, document.member("spec")) else { return Ok(()) };
    let code = match document.member("code").map(|code| code.as_str().parse::<u32>()) {
        Some(Ok(code)) => format!(", code {code}"),
        _ => String::new(),
    };
    Err(MalformedInput::entry(format!(
        "it is an error response of the API, with no records in it{code}: {}",
        Excerpt(&message.text())
    )))
}

/// Any sign of another page counts, in whatever type and spelling the API's gateway writes it.
fn refuse_next_page(list: Json<'_>) -> Result<(), MalformedInput> {
    let Some(response) = object(list, "response")? else { return Ok(()) };
    for name in ["next_page_token", "next_page_id", "nextPageToken", "nextPageId"] {
        let Some(value) = response.member(name) else { continue };
        let is_last = match value.as_text() {
            Some(text) => text.is("") || text.is("0"),
            None => value.is_null() || value.as_str() == "0",
        };
        if !is_last {
            return Err(MalformedInput::entry(
                "the list response has a next page, and a revoked record may be on it; read all pages into one list",
            ));
        }
    }
    Ok(())
}

fn provenance(recorded: Option<Json<'_>>) -> Result<Vec<(String, String)>, MalformedInput> {
    let Some(recorded) = recorded else { return Ok(Vec::new()) };
    let recorded = recorded.as_object().ok_or_else(|| MalformedInput::entry("`provenance` is no object"))?;
    let mut claims = Vec::new();
    for (name, value) in recorded {
        match value.as_text() {
            Some(text) if text.is("") => {}
            Some(text) if claims.len() < MAX_CLAIMS => {
                claims.push((name.text().into_owned(), text.text().into_owned()));
            }
            Some(_) => {
                return Err(MalformedInput::entry(format!("`provenance` has more than {MAX_CLAIMS} claims")));
            }
            None => {
                let name = name.text();
                return Err(MalformedInput::entry(format!("`provenance`: {} is no text", Excerpt(&name))));
            }
        }
    }
    Ok(claims)
}

fn check_digest(digest: Option<Cow<'_, str>>, entry: &Entry) -> Result<(), MalformedInput> {
    let Some(digest) = digest.filter(|digest| !digest.is_empty()) else { return Ok(()) };
    let hex = digest.strip_prefix("sha256:").unwrap_or(&digest);
    match entry.artifact_name().split_once("@sha256:") {
        Some((_, of_name)) if of_name == hex => Ok(()),
        _ => Err(MalformedInput::entry(format!(
            "`artifact_digest` {} disagrees with `artifact_name` {}",
            Excerpt(&digest),
            Excerpt(entry.artifact_name())
        ))),
    }
}

fn check_ref(reference: Option<Cow<'_, str>>, entry: &Entry) -> Result<(), MalformedInput> {
    let name = Claim::SourceRepositoryRef.known_name().unwrap_or_default();
    let Some(reference) = reference.filter(|reference| !reference.is_empty()) else { return Ok(()) };
    let disagrees = |with: &str, other: &str| {
        let (reference, other) = (Excerpt(&reference), Excerpt(other));
        Err(MalformedInput::entry(format!("`{name}` {reference} disagrees with {with}, {other}")))
    };
    let recorded = entry.provenance().iter().find(|(recorded, _)| *recorded == name);
    if let Some((_, recorded)) = recorded.filter(|(_, recorded)| *recorded != reference) {
        return disagrees("the provenance", recorded);
    }
    let leaf = entry.certificates().first().map_or(&[][..], Vec::as_slice);
    // A certificate that names no issuer may be an authority's, in a chain that is stored in another order. It says
    // nothing of the ref, and if the record is revoked, that must count.
    let leaf = Leaf::parse(leaf).ok().filter(|leaf| leaf.oidc_issuer().is_some());
    match leaf.map(|leaf| leaf.claim(&Claim::SourceRepositoryRef)) {
        Some(certified) if certified != Some(&reference) => {
            disagrees("the certificate", certified.unwrap_or("which has none"))
        }
        _ => Ok(()),
    }
}

//! Rule B8: entries of logs, each in a log that is known, and about this very signature.

use crate::evidence::log_key::LogVersion;
use crate::evidence::{Checkpoint, SignedNote, merkle};
use crate::rejection::Reason;
use crate::sigstore::bundle::{Bundle, BundleVersion};
use crate::sigstore::instance::{Instance, LogOf};
use crate::sigstore::log_body::{LogBodyKind, Signing};
use crate::sigstore::log_entry::{InclusionProof, LogEntry};
use crate::sigstore::signed_times::SignedTime;
use crate::sigstore::verdict::{Demand, Verdict};
use crate::text::quoting::Excerpt;
use crate::timestamp::Timestamp;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A log's entry that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GoodEntry {
    /// The position of the log in the instance.
    pub(crate) log: usize,
    /// The index in the whole log, where somebody vouches for it.
    pub(crate) index: Option<u64>,
    /// The origin of the log and the size of its tree that has the entry, as a checkpoint says.
    pub(crate) tree: Option<(String, u64)>,
    /// When the log promised to have it.
    pub(crate) integrated: Option<Timestamp>,
}

/// Under what entries are judged.
#[derive(Clone, Copy)]
pub(crate) struct EntryRules<'r> {
    pub(crate) instance: &'r Instance,
    /// What an entry must be about.
    pub(crate) signing: &'r Signing<'r>,
    /// At which times a log's key must be valid where the log promised none.
    pub(crate) times: &'r [Timestamp],
    /// For each entry the time that its log promised, if its signed entry timestamp verifies under this instance.
    pub(crate) promised: &'r [Option<SignedTime>],
    pub(crate) demand: Demand,
}

/// Judges every entry of the bundle.
pub(crate) fn judge(bundle: &Bundle, rules: EntryRules<'_>) -> Vec<Verdict<GoodEntry>> {
    let judge = |(position, entry)| Judge { entry, position, version: bundle.version, rules }.judge();
    bundle.log_entries.iter().enumerate().map(judge).collect()
}

/// Those that count, if they suffice.
pub(crate) fn settle(
    verdicts: Vec<Verdict<GoodEntry>>,
    instance: &Instance,
    demand: Demand,
) -> Result<Vec<GoodEntry>, Reason> {
    let good = demand.settle(verdicts)?;
    match demand.lacks(good.iter().map(|good| instance.log_operator(good.log))) {
        None => Ok(good),
        Some(lack) => Err(Reason::NotLogged { found: lack.found, asked: lack.asked }),
    }
}

/// The judge of one entry.
struct Judge<'r> {
    entry: &'r LogEntry,
    position: usize,
    version: BundleVersion,
    rules: EntryRules<'r>,
}

impl Judge<'_> {
    fn judge(&self) -> Verdict<GoodEntry> {
        let Some(kind) = LogBodyKind::of(&self.entry.kind, &self.entry.version) else {
            return Verdict::Bad(self.mismatch(format!(
                "`kindVersion` is {} {}, which is not read; hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1 and intoto 0.0.2 are",
                Excerpt(&self.entry.kind),
                Excerpt(&self.entry.version)
            )));
        };
        let (position, log) = match self.rules.instance.log(&self.entry.log_id) {
            Ok(found) => found,
            Err(unknown) => {
                let unknown = self.untrusted(format!("it is of {unknown}"));
                let is_tolerated = !self.rules.demand.refuses_unknown();
                return match self.check_body(kind) {
                    Err(reason) if is_tolerated => Verdict::Bad(reason),
                    _ => Verdict::Unknown(unknown),
                };
            }
        };
        match self.judge_known(position, log, kind) {
            Ok(good) => Verdict::Good(good),
            Err(reason) => Verdict::Bad(reason),
        }
    }

    fn judge_known(&self, position: usize, log: LogOf<'_>, kind: LogBodyKind) -> Result<GoodEntry, Reason> {
        let version = self.version_of(log, kind)?;
        let promised = self.check_promise(log, version)?;
        let proof = self.check_presence(version)?;
        let tree = proof.map(|(proof, note)| self.check_proof(log, version, proof, note)).transpose()?;
        self.check_body(kind)?;
        Ok(GoodEntry {
            log: position,
            // Without a promise, nobody vouches for the index that an entry of Rekor's first version states.
            index: (promised.is_some() || version == LogVersion::V2).then_some(self.entry.log_index),
            tree,
            integrated: promised,
        })
    }

    /// The version of Rekor that the log is of. Each has kinds of entries of its own.
    fn version_of(&self, log: LogOf<'_>, kind: LogBodyKind) -> Result<LogVersion, Reason> {
        let of_kind = if kind.is_of_rekor_2() { LogVersion::V2 } else { LogVersion::V1 };
        match log.key().version(of_kind) {
            Some(version) if version == of_kind => Ok(version),
            _ => Err(self.mismatch(format!(
                "`kindVersion` is {} {}, which the log {} does not have in its version of Rekor",
                self.entry.kind,
                self.entry.version,
                log.name()
            ))),
        }
    }

    /// The log's key is valid when it must be, and a promise verifies. Tells the time that was promised.
    fn check_promise(&self, log: LogOf<'_>, version: LogVersion) -> Result<Option<Timestamp>, Reason> {
        if self.entry.inclusion_promise.is_some() && version == LogVersion::V1 {
            return match self.rules.promised.get(self.position) {
                Some(Some(promised)) => Ok(Some(promised.time)),
                _ => Err(self.untrusted(format!(
                    "its signed entry timestamp does not verify under a key of {} that was valid at its integrated time",
                    log.name()
                ))),
            };
        }
        match self.rules.times.iter().find(|time| !log.is_valid_at(**time)) {
            None => Ok(None),
            Some(time) => Err(self.untrusted(format!("the key of {} was not valid at {time}", log.name()))),
        }
    }

    /// What must be there is. Tells the proof, where there is one.
    fn check_presence(&self, version: LogVersion) -> Result<Option<(&InclusionProof, &str)>, Reason> {
        let has_promise = self.entry.inclusion_promise.is_some();
        if has_promise && version == LogVersion::V2 {
            return Err(self.invalid_proof(
                "it has a signed entry timestamp, which logs of Rekor's second version do not give",
            ));
        }
        let proof = match &self.entry.inclusion_proof {
            None => None,
            Some(InclusionProof { checkpoint: None, .. }) => {
                return Err(
                    self.invalid_proof("its inclusion proof has no checkpoint, and so proves nothing")
                );
            }
            Some(proof @ InclusionProof { checkpoint: Some(note), .. }) => Some((proof, note.as_str())),
        };
        match self.version {
            BundleVersion::V0_1 if !has_promise => Err(self
                .invalid_proof("it has no signed entry timestamp, which bundles of version 0.1 must have")),
            BundleVersion::V0_2 | BundleVersion::V0_3 if proof.is_none() => Err(self.invalid_proof(
                "it has no inclusion proof, which bundles of version 0.2 and later must have",
            )),
            _ => Ok(proof),
        }
    }

    /// The log signed a tree in which the entry is.
    fn check_proof(
        &self,
        log: LogOf<'_>,
        version: LogVersion,
        proof: &InclusionProof,
        note: &str,
    ) -> Result<(String, u64), Reason> {
        let note = SignedNote::parse(note)
            .map_err(|fault| self.invalid_proof(format!("its checkpoint is no signed note: {fault}")))?;
        let checkpoint = Checkpoint::parse(note.text())
            .map_err(|fault| self.invalid_proof(format!("its checkpoint cannot be used: {fault}")))?;
        log.key()
            .check_checkpoint(version, &note, &checkpoint, log.accepted_algorithms)
            .map_err(|fault| self.untrusted(format!("{fault}")))?;
        let refuse = |fault: merkle::ProofError| {
            self.invalid_proof(format!("its inclusion proof does not hold: {fault}"))
        };
        let hashes = merkle::hashes(&proof.hashes).map_err(refuse)?;
        let index = if version == LogVersion::V2 { self.entry.log_index } else { proof.log_index };
        let is_copied = proof.tree_size == checkpoint.size() && proof.root_hash == checkpoint.root();
        if version == LogVersion::V1 && !is_copied {
            return Err(self.invalid_proof("its inclusion proof states another tree than its checkpoint"));
        }
        let leaf = merkle::leaf_hash(&self.entry.canonicalized_body);
        merkle::verify_inclusion(index, checkpoint.size(), &leaf, &hashes, checkpoint.root())
            .map_err(refuse)?;
        Ok((checkpoint.origin().into(), checkpoint.size()))
    }

    /// It is about this very signature.
    fn check_body(&self, kind: LogBodyKind) -> Result<(), Reason> {
        let body = &self.entry.canonicalized_body;
        kind.check(body, self.rules.signing).map_err(|fault| self.mismatch(fault))
    }

    fn untrusted(&self, why: impl Into<String>) -> Reason {
        Reason::UntrustedLog { entry: self.position, detail: why.into() }
    }

    fn invalid_proof(&self, why: impl Into<String>) -> Reason {
        Reason::InvalidLogProof { entry: self.position, detail: why.into() }
    }

    fn mismatch(&self, why: impl Into<String>) -> Reason {
        Reason::LogEntryMismatch { entry: self.position, detail: why.into() }
    }
}

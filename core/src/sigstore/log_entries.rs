//! Rule B8: entries of logs, each in a log that is known, and about this very signature.

use crate::evidence::checkpoint::Checkpoint;
use crate::evidence::merkle;
use crate::evidence::signed_note::SignedNote;
use crate::rejection::Reason;
use crate::sigstore::bundle::{Bundle, BundleVersion};
use crate::sigstore::instance::{Instance, TrustedLog};
use crate::sigstore::log_body::{self, About};
use crate::sigstore::log_entry::{InclusionProof, LogEntry};
use crate::sigstore::signed_times::promised_time;
use crate::sigstore::verdict::{Demand, Verdict};
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
    /// What a checkpoint says of the tree that has the entry.
    pub(crate) checkpoint: Option<Checkpoint>,
    /// When the log promised to have it.
    pub(crate) integrated: Option<Timestamp>,
}

/// Under what entries are judged.
#[derive(Clone, Copy)]
pub(crate) struct EntryRules<'r> {
    pub(crate) instance: &'r Instance,
    /// What an entry must be about.
    pub(crate) about: &'r About<'r>,
    /// At which times a log's key must be valid where the log promised none.
    pub(crate) times: &'r [Timestamp],
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
        if !self.is_of_known_kind() {
            return Verdict::Bad(self.mismatch(format!(
                "`kindVersion` is {} {}, which is not read; hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1 and intoto 0.0.2 are",
                self.entry.kind, self.entry.version
            )));
        }
        let (position, log) = match self.rules.instance.log(&self.entry.log_id) {
            Ok(found) => found,
            Err(unknown) => {
                let unknown = self.untrusted(format!("it is of {unknown}"));
                let is_tolerated = !self.rules.demand.refuses_unknown();
                return match self.check_body() {
                    Err(reason) if is_tolerated => Verdict::Bad(reason),
                    _ => Verdict::Unknown(unknown),
                };
            }
        };
        match self.judge_known(position, log) {
            Ok(good) => Verdict::Good(good),
            Err(reason) => Verdict::Bad(reason),
        }
    }

    fn judge_known(&self, position: usize, log: &TrustedLog) -> Result<GoodEntry, Reason> {
        let promised = self.check_promise(log)?;
        let proof = self.check_presence(log)?;
        let checkpoint = proof.map(|(proof, note)| self.check_proof(log, proof, note)).transpose()?;
        self.check_body()?;
        Ok(GoodEntry {
            log: position,
            // Without a promise, nobody vouches for the index that an entry of Rekor's first version states.
            index: (promised.is_some() || log.is_rekor_v2()).then_some(self.entry.log_index),
            checkpoint,
            integrated: promised,
        })
    }

    fn is_of_known_kind(&self) -> bool {
        matches!(
            (self.entry.kind.as_str(), self.entry.version.as_str()),
            ("hashedrekord", "0.0.1" | "0.0.2") | ("dsse", "0.0.1") | ("intoto", "0.0.2")
        )
    }

    /// The log's key is valid when it must be, and a promise verifies. Tells the time that was promised.
    fn check_promise(&self, log: &TrustedLog) -> Result<Option<Timestamp>, Reason> {
        if self.entry.inclusion_promise.is_some() && !log.is_rekor_v2() {
            return match promised_time(self.entry, self.rules.instance) {
                Some(promised) => Ok(Some(promised.time)),
                None => Err(self.untrusted(format!(
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
    fn check_presence(&self, log: &TrustedLog) -> Result<Option<(&InclusionProof, &str)>, Reason> {
        let has_promise = self.entry.inclusion_promise.is_some();
        if has_promise && log.is_rekor_v2() {
            return Err(self.invalid_proof(
                "it has a signed entry timestamp, which logs of Rekor's second version do not give",
            ));
        }
        let proof = match &self.entry.inclusion_proof {
            None => None,
            Some(InclusionProof { checkpoint: None, .. }) => {
                return Err(self.invalid_proof("its inclusion proof has no checkpoint, and so proves nothing"));
            }
            Some(proof @ InclusionProof { checkpoint: Some(note), .. }) => Some((proof, note.as_str())),
        };
        match self.version {
            BundleVersion::V0_1 if !has_promise => {
                Err(self.invalid_proof("it has no signed entry timestamp, which bundles of version 0.1 must have"))
            }
            BundleVersion::V0_2 | BundleVersion::V0_3 if proof.is_none() => Err(self.invalid_proof(
                "it has no inclusion proof, which bundles of version 0.2 and later must have",
            )),
            _ => Ok(proof),
        }
    }

    /// The log signed a tree in which the entry is.
    fn check_proof(
        &self,
        log: &TrustedLog,
        proof: &InclusionProof,
        note: &str,
    ) -> Result<Checkpoint, Reason> {
        let note = SignedNote::parse(note)
            .map_err(|fault| self.invalid_proof(format!("its checkpoint is no signed note: {fault}")))?;
        let checkpoint = Checkpoint::parse(note.text())
            .map_err(|fault| self.invalid_proof(format!("its checkpoint cannot be used: {fault}")))?;
        log.check_note(&note, checkpoint.origin())
            .map_err(|why| self.untrusted(format!("its checkpoint {why}")))?;
        let hashes = proof.hashes.iter().map(|hash| hash.as_slice().try_into().ok());
        let hashes: Option<Vec<[u8; 32]>> = hashes.collect();
        let hashes = hashes.ok_or_else(|| self.invalid_proof("a hash of its inclusion proof has not 32 bytes"))?;
        let index = if log.is_rekor_v2() { self.entry.log_index } else { proof.log_index };
        let is_copied = proof.tree_size == checkpoint.size() && proof.root_hash == checkpoint.root();
        if !log.is_rekor_v2() && !is_copied {
            return Err(self.invalid_proof("its inclusion proof states another tree than its checkpoint"));
        }
        let leaf = merkle::leaf_hash(&self.entry.canonicalized_body);
        merkle::verify_inclusion(index, checkpoint.size(), &leaf, &hashes, checkpoint.root())
            .map_err(|fault| self.invalid_proof(format!("its inclusion proof does not hold: {fault}")))?;
        Ok(checkpoint)
    }

    /// It is about this very signature.
    fn check_body(&self) -> Result<(), Reason> {
        log_body::check(self.entry, self.rules.about).map_err(|fault| self.mismatch(format!("{fault}")))
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

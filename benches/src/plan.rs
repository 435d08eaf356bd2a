//! What is measured, by whom, and what it is compared with.

use Against::{Difference, Ratio};
use Contender::{
    C, CProgram, EmptyProgram, Fast, FastOneCore, Go, Node, Portable, PortableOneCore, Python, SigstoreVerify,
};

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Contender {
    /// The core with the back end aws-lc-rs.
    Fast,
    /// The same, allowed one core.
    FastOneCore,
    /// The core with its default back end, p256 and p384.
    Portable,
    /// The same, allowed one core.
    PortableOneCore,
    /// The Python package, and Python's peer.
    Python,
    /// The Node package, and Node's peer.
    Node,
    /// A C program that makes many calls.
    C,
    /// A C program that verifies once, from its start to its end.
    CProgram,
    /// A C program that does nothing.
    EmptyProgram,
    /// The crate `sigstore-verify`.
    SigstoreVerify,
    /// Go's peer.
    Go,
}

impl Contender {
    /// Its name in the data.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Fast => "rust-aws-lc-rs",
            FastOneCore => "rust-aws-lc-rs-one-core",
            Portable => "rust-default",
            PortableOneCore => "rust-default-one-core",
            Python => "python",
            Node => "node",
            C => "c",
            CProgram => "c-program",
            EmptyProgram => "empty-program",
            SigstoreVerify => "sigstore-verify",
            Go => "go",
        }
    }
}

/// A comparison with another row of the group, round by round.
#[derive(Clone, Copy, Debug)]
pub enum Against {
    /// How many times as long it takes.
    Ratio(usize),
    /// How much longer it takes.
    Difference(usize),
}

/// One line of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What it says.
    pub what: &'static str,
    /// Who is measured.
    pub contender: Contender,
    /// The request to the contender.
    pub case: &'static str,
    /// What it is compared with.
    pub against: Option<Against>,
}

impl Row {
    /// The row's name in the data.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}: {}", self.contender.key(), self.case)
    }
}

const fn row(what: &'static str, contender: Contender, case: &'static str) -> Row {
    Row { what, contender, case, against: None }
}

const fn times(what: &'static str, contender: Contender, case: &'static str, against: usize) -> Row {
    Row { what, contender, case, against: Some(Ratio(against)) }
}

const fn longer(what: &'static str, contender: Contender, case: &'static str, against: usize) -> Row {
    Row { what, contender, case, against: Some(Difference(against)) }
}

/// Rows that are measured in turn.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Its name in the data.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What a reader must know.
    pub text: &'static str,
    /// Its rows.
    pub rows: &'static [Row],
    /// How many things one call does, if the table is to say how long one of them takes.
    pub per_call: u32,
    /// Of how many rounds, where calls are so long that fewer must do.
    pub rounds: Option<usize>,
}

const fn group(id: &'static str, title: &'static str, text: &'static str, rows: &'static [Row]) -> Group {
    Group { id, title, text, rows, per_call: 1, rounds: None }
}

/// Everything, in the order of the document.
pub const GROUPS: &[Group] = &[
    group(
        "p256",
        "One verification, authority on P-256",
        "`verify` of an entry whose leaf the root issued. The bare checks are the two signature checks of the same \
         bytes with their hashing, called directly in the back end, the root's key ready.",
        &[
            row("bare checks, aws-lc-rs", Fast, "floor p256"),
            times("`verify`, aws-lc-rs", Fast, "verify p256", 0),
            row("bare checks, default back end", Portable, "floor p256"),
            times("`verify`, default back end", Portable, "verify p256", 2),
        ],
    ),
    group(
        "p384",
        "One verification, authorities on P-384",
        "The leaf was issued by an intermediate on P-384, that by a root on P-384. The verifier knows the \
         intermediate; that the root signed it is checked once and remembered, so the bare checks are one on P-384 \
         and one on P-256.",
        &[
            row("bare checks, aws-lc-rs", Fast, "floor p384-known"),
            times("`verify`, aws-lc-rs", Fast, "verify p384-known", 0),
            row("bare checks, default back end", Portable, "floor p384-known"),
            times("`verify`, default back end", Portable, "verify p384-known", 2),
        ],
    ),
    group(
        "chains",
        "One verification, other chains",
        "An intermediate that only the entry brings must be checked against the root too: the bare checks are three.",
        &[
            row("bare checks, P-256, known intermediate, aws-lc-rs", Fast, "floor p256-known"),
            times("`verify`, the same", Fast, "verify p256-known", 0),
            row(
                "bare checks, P-256, intermediate in the entry, nine claims, aws-lc-rs",
                Fast,
                "floor p256-entry",
            ),
            times("`verify`, the same", Fast, "verify p256-entry", 2),
            row("bare checks, P-384, intermediate in the entry, aws-lc-rs", Fast, "floor p384-entry"),
            times("`verify`, the same", Fast, "verify p384-entry", 4),
            row("bare checks, P-256, known intermediate, default back end", Portable, "floor p256-known"),
            times("`verify`, the same", Portable, "verify p256-known", 6),
            row(
                "bare checks, P-256, intermediate in the entry, nine claims, default back end",
                Portable,
                "floor p256-entry",
            ),
            times("`verify`, the same", Portable, "verify p256-entry", 8),
            row(
                "bare checks, P-384, intermediate in the entry, default back end",
                Portable,
                "floor p384-entry",
            ),
            times("`verify`, the same", Portable, "verify p384-entry", 10),
        ],
    ),
    group(
        "refusals",
        "Refusals",
        "`verify` of an entry that is refused, by code, in the order of the rules, with aws-lc-rs. Up to \
         `revoked_signature` there is no cryptography; what a blocklisted entry costs is reading the leaf, without \
         which it could not be told that the entry matches.",
        &[
            row("`malformed_name` (a tag)", Fast, "read-tag p256"),
            row("`no_signature` (another artifact's entry)", Fast, "verify none"),
            row("`blocklisted`", Fast, "verify blocklisted"),
            row("`revoked_signature`", Fast, "verify revoked"),
            row("`unknown_ca` (an impostor with the root's name)", Fast, "verify unknown-ca"),
            row("`invalid_signature`", Fast, "verify signature"),
            row("`claims_mismatch`", Fast, "verify claims"),
        ],
    ),
    group(
        "calls",
        "Reading, and other calls",
        "With aws-lc-rs, where that matters.",
        &[
            row("`verify`, authority on P-256", Fast, "verify p256"),
            times("`examine`, the same", Fast, "examine p256", 0),
            row("an entry from JSON", Fast, "read-entry p256"),
            row("its certificate from PEM", Fast, "read-certificates p256"),
            row("an entry with nine claims and three certificates from JSON", Fast, "read-entry p256-entry"),
            row("a policy from JSON", Fast, "read-policy p256"),
            row("a policy with a blocklist of 100,000 from JSON", Fast, "read-policy-blocklist p256"),
            row("an artifact name", Fast, "read-name p256"),
            row("a verifier from PEM, one root", Fast, "make-verifier p256"),
            row("a verifier from PEM, root and intermediate on P-384", Fast, "make-verifier p384-known"),
        ],
    ),
    group(
        "blocklist",
        "A blocklist of 100,000",
        "`verify` with a policy that blocks 100,000 other names and digests, with aws-lc-rs.",
        &[
            row("without a blocklist", Fast, "verify p256"),
            longer("with it", Fast, "verify-blocklist p256", 0),
        ],
    ),
    Group {
        rounds: Some(21),
        ..group(
            "log",
            "A log of 1,000,000 entries",
            "10,000 artifacts of the log are verified one after the other, far from each other in memory, with \
             aws-lc-rs: once with their entry at hand, once finding it by name first.",
            &[
                row("`verify` alone", Fast, "verify-alone log"),
                longer("`find` and `verify`", Fast, "verify-from-log log", 0),
            ],
        )
    },
    Group {
        per_call: 10_000,
        rounds: Some(7),
        ..group(
            "many",
            "`verify_many` over 10,000 entries",
            "The time for one entry: 10,000 artifacts, each with one entry of 24 claims, in one call.",
            &[
                row("two cores, aws-lc-rs", Fast, "verify-many log"),
                times("one core, aws-lc-rs", FastOneCore, "verify-many log", 0),
                row("two cores, default back end", Portable, "verify-many log"),
                times("one core, default back end", PortableOneCore, "verify-many log", 2),
            ],
        )
    },
    group(
        "languages",
        "The same call from other languages",
        "With aws-lc-rs throughout. The last column says how much longer the call takes than in Rust; results are \
         thrown away.",
        &[
            row("`verify`, authority on P-256, Rust", Fast, "verify p256"),
            longer("— C", C, "verify p256", 0),
            longer("— Python", Python, "verify p256", 0),
            longer("— Node, `verifySync`", Node, "verify p256", 0),
            row("`verify`, authorities on P-384, Rust", Fast, "verify p384-known"),
            longer("— C", C, "verify p384-known", 4),
            longer("— Python", Python, "verify p384-known", 4),
            longer("— Node, `verifySync`", Node, "verify p384-known", 4),
            row("`verify`, refused as `revoked_signature`, Rust", Fast, "verify revoked"),
            longer("— C", C, "verify revoked", 8),
            longer("— Python", Python, "verify revoked", 8),
            longer("— Node, `verifySync`", Node, "verify revoked", 8),
            row("`verify`, refused as `claims_mismatch`, Rust", Fast, "verify claims"),
            longer("— C", C, "verify claims", 12),
            longer("— Python", Python, "verify claims", 12),
            longer("— Node, `verifySync`", Node, "verify claims", 12),
            row("`examine`, Rust", Fast, "examine p256"),
            longer("— C", C, "examine p256", 16),
            longer("— Python", Python, "examine p256", 16),
            longer("— Node", Node, "examine p256", 16),
            row("an entry from JSON, Rust", Fast, "read-entry p256"),
            longer("— C", C, "read-entry p256", 20),
            longer("— Python", Python, "read-entry p256", 20),
            longer("— Node", Node, "read-entry p256", 20),
            row("a policy from JSON, Rust", Fast, "read-policy p256"),
            longer("— C", C, "read-policy p256", 24),
            longer("— Python", Python, "read-policy p256", 24),
            longer("— Node", Node, "read-policy p256", 24),
        ],
    ),
    Group {
        per_call: 10_000,
        rounds: Some(7),
        ..group(
            "languages-many",
            "`verify_many` from other languages",
            "The time for one entry of 10,000, on two cores, with aws-lc-rs.",
            &[
                row("Rust", Fast, "verify-many log"),
                longer("C", C, "verify-many log", 0),
                longer("Python", Python, "verify-many log", 0),
                longer("Node", Node, "verify-many log", 0),
            ],
        )
    },
    group(
        "peers",
        "Beside its peers",
        "The same message, signature and certificate of the public-good Sigstore instance, with the same trusted root, \
         identity and issuer required; everything that can be read before is read before. The peers are made for \
         Sigstore and check more. By default that is the log's inclusion proof, its signed checkpoint, its signature \
         over the entry and its time, and the certificate's own log. *Without transparency* is the closest to what \
         countermark does: of these `sigstore-verify` then checks the log's signature over the time alone, and \
         `@sigstore/verify` the certificate's log alone; neither can be told to leave that out. Python's `sigstore` \
         checks everything always. countermark takes the time from its caller.",
        &[
            row("bare checks, aws-lc-rs", Fast, "floor real"),
            times("countermark, Rust, aws-lc-rs", Fast, "verify-message real", 0),
            row("bare checks, default back end", Portable, "floor real"),
            times("countermark, Rust, default back end", Portable, "verify-message real", 2),
            times(
                "`sigstore-verify`, aws-lc-rs, without transparency",
                SigstoreVerify,
                "verify-without-transparency real",
                1,
            ),
            times("`sigstore-verify`, aws-lc-rs", SigstoreVerify, "verify real", 1),
            row("countermark, Python", Python, "verify-message real"),
            times("`sigstore`, Python", Python, "sigstore real", 6),
            row("countermark, Node", Node, "verify-message real"),
            times("`@sigstore/verify`, Node, without transparency", Node, "sigstore-without-log real", 8),
            times("`@sigstore/verify`, Node", Node, "sigstore real", 8),
        ],
    ),
    group(
        "bundles",
        "One Sigstore bundle",
        "`verify_bundle` of published bundles of version 0.3: everything of the design's rules, under a trusted root and \
         a policy with identity and issuer. Everything that can be read before is read before. The bare checks are as \
         many signature checks of the same algorithms over messages that are as long, and as much else hashed: the \
         leaf, what it signed, its certificate's log, and what the log or the timestamp authority signed (five; for \
         GitHub's own instance, which has no logs, three). The peers verify the same bundle for the same artifact, \
         identity and issuer, with log entry, certificate timestamp and signed time, of which GitHub's has the last \
         alone; Python's `sigstore` does not take that one.",
        &[
            row("a message, Rekor v1: bare checks, aws-lc-rs", Fast, "floor bundle-message"),
            times("— countermark, aws-lc-rs", Fast, "verify bundle-message", 0),
            times("— `sigstore-verify`, aws-lc-rs", SigstoreVerify, "verify bundle-message", 1),
            times("— sigstore-go", Go, "verify bundle-message", 1),
            times("— `sigstore`, Python", Python, "sigstore bundle-message", 1),
            times("— `@sigstore/verify`, Node", Node, "sigstore bundle-message", 1),
            row("an envelope, Rekor v1: bare checks, aws-lc-rs", Fast, "floor bundle-envelope"),
            times("— countermark, aws-lc-rs", Fast, "verify bundle-envelope", 6),
            times("— `sigstore-verify`, aws-lc-rs", SigstoreVerify, "verify bundle-envelope", 7),
            times("— sigstore-go", Go, "verify bundle-envelope", 7),
            times("— `sigstore`, Python", Python, "sigstore bundle-envelope", 7),
            times("— `@sigstore/verify`, Node", Node, "sigstore bundle-envelope", 7),
            row(
                "a message, Rekor v2 with a signed timestamp: bare checks, aws-lc-rs",
                Fast,
                "floor bundle-token",
            ),
            times("— countermark, aws-lc-rs", Fast, "verify bundle-token", 12),
            times("— `sigstore-verify`, aws-lc-rs", SigstoreVerify, "verify bundle-token", 13),
            times("— sigstore-go", Go, "verify bundle-token", 13),
            times("— `sigstore`, Python", Python, "sigstore bundle-token", 13),
            times("— `@sigstore/verify`, Node", Node, "sigstore bundle-token", 13),
            row("an envelope, GitHub's own instance: bare checks, aws-lc-rs", Fast, "floor bundle-github"),
            times("— countermark, aws-lc-rs", Fast, "verify bundle-github", 18),
            times("— `sigstore-verify`, aws-lc-rs", SigstoreVerify, "verify bundle-github", 19),
            times("— sigstore-go", Go, "verify bundle-github", 19),
            times("— `@sigstore/verify`, Node", Node, "sigstore bundle-github", 19),
            row("a message, Rekor v1: bare checks, default back end", Portable, "floor bundle-message"),
            times("— countermark, default back end", Portable, "verify bundle-message", 23),
            row("an envelope, Rekor v1: bare checks, default back end", Portable, "floor bundle-envelope"),
            times("— countermark, default back end", Portable, "verify bundle-envelope", 25),
            row(
                "a message, Rekor v2 with a signed timestamp: bare checks, default back end",
                Portable,
                "floor bundle-token",
            ),
            times("— countermark, default back end", Portable, "verify bundle-token", 27),
            row(
                "an envelope, GitHub's own instance: bare checks, default back end",
                Portable,
                "floor bundle-github",
            ),
            times("— countermark, default back end", Portable, "verify bundle-github", 29),
        ],
    ),
    group(
        "bundles-read",
        "Reading a bundle",
        "The same bundles from JSON; with countermark their certificates' claims too.",
        &[
            row("a message, Rekor v1", Fast, "read-bundle bundle-message"),
            times("— `sigstore-verify`", SigstoreVerify, "read-bundle bundle-message", 0),
            times("— sigstore-go", Go, "read-bundle bundle-message", 0),
            times("— `sigstore`, Python", Python, "sigstore-read bundle-message", 0),
            times("— `@sigstore/bundle`, Node", Node, "sigstore-read bundle-message", 0),
            row("an envelope, Rekor v1", Fast, "read-bundle bundle-envelope"),
            times("— `sigstore-verify`", SigstoreVerify, "read-bundle bundle-envelope", 5),
            times("— sigstore-go", Go, "read-bundle bundle-envelope", 5),
            times("— `sigstore`, Python", Python, "sigstore-read bundle-envelope", 5),
            times("— `@sigstore/bundle`, Node", Node, "sigstore-read bundle-envelope", 5),
            row("a message, Rekor v2 with a signed timestamp", Fast, "read-bundle bundle-token"),
            times("— `sigstore-verify`", SigstoreVerify, "read-bundle bundle-token", 10),
            times("— sigstore-go", Go, "read-bundle bundle-token", 10),
            times("— `sigstore`, Python", Python, "sigstore-read bundle-token", 10),
            times("— `@sigstore/bundle`, Node", Node, "sigstore-read bundle-token", 10),
            row("an envelope, GitHub's own instance", Fast, "read-bundle bundle-github"),
            times("— `sigstore-verify`", SigstoreVerify, "read-bundle bundle-github", 15),
            times("— sigstore-go", Go, "read-bundle bundle-github", 15),
            times("— `@sigstore/bundle`, Node", Node, "sigstore-read bundle-github", 15),
            row("the public-good trusted root", Fast, "read-trusted-root bundle-envelope"),
        ],
    ),
    group(
        "process",
        "A whole C program",
        "From its start to its end: it reads three files, makes a verifier and a policy, and verifies, with the shared \
         library.",
        &[
            row("a program that does nothing", EmptyProgram, ""),
            longer("a program that verifies", CProgram, "p256", 0),
        ],
    ),
];

/// The group of this name.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn group_of(id: &str) -> &'static Group {
    GROUPS.iter().find(|group| group.id == id).expect("the group is in the plan")
}

//! What holds for every input, tried on random ones. `PROPTEST_CASES` sets on how many.

mod common;

use common::certificates::*;
use countermark::{
    ArtifactName, Claim, Code, Entry, Match, Policy, Rejection, Request, RevocationScope, Timestamp,
    Verifier, entries_from_json,
};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use proptest::test_runner::FileFailurePersistence;
use std::sync::LazyLock;

/// Cases that verify signatures take long.
fn config(cases: u32) -> ProptestConfig {
    let is_set = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: if is_set { default.cases } else { cases },
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/properties.regressions"))),
        ..default
    }
}

// What is printed is read as what it was.

fn timestamp() -> impl Strategy<Value = Timestamp> {
    let seconds = prop_oneof![-62_135_596_800..=253_402_300_799_i64, -100_000..100_000_i64];
    let nanoseconds = prop_oneof![Just(0), 0..1_000_000_000_u32, (0..1_000_u32).prop_map(|n| n * 1_000_000)];
    (seconds, nanoseconds)
        .prop_map(|(seconds, nanoseconds)| Timestamp::from_unix(seconds, nanoseconds).unwrap())
}

fn artifact_name() -> impl Strategy<Value = String> {
    ("[!-9;-?A-~]{1,40}(/[!-9;-?A-~]{0,20}){0,3}", "[0-9a-f]{64}")
        .prop_map(|(name, digest)| format!("{name}@sha256:{digest}"))
}

fn custom_claim() -> impl Strategy<Value = String> {
    let arcs = proptest::collection::vec(prop_oneof![0..200_u128, any::<u64>().prop_map(u128::from)], 1..6);
    arcs.prop_map(|arcs| {
        format!("1.3.6.1.4.1.55555.{}", arcs.iter().map(u128::to_string).collect::<Vec<_>>().join("."))
    })
}

fn claim_name() -> impl Strategy<Value = String> {
    let named: Vec<String> = Claim::NAMED
        .iter()
        .filter(|claim| **claim != Claim::CertificateOidcIssuer)
        .map(Claim::to_string)
        .collect();
    prop_oneof![3 => proptest::sample::select(named), 1 => custom_claim()]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,30}", any::<String>()]
}

fn wanted() -> impl Strategy<Value = Match> {
    prop_oneof![
        text().prop_map(Match::from),
        proptest::collection::vec(text(), 1..5).prop_map(|texts| Match::any_of(texts).unwrap()),
        pattern().prop_map(|pattern| Match::glob(pattern).unwrap()),
    ]
}

/// A well-formed glob over few letters, so that it often matches.
fn pattern() -> impl Strategy<Value = String> {
    let segment = "(\\*?[abü]){0,4}\\*?";
    (proptest::collection::vec(segment, 1..4), any::<bool>()).prop_map(|(mut segments, all_below)| {
        if all_below {
            segments.push("**".to_string());
        }
        segments.join("/")
    })
}

fn scope() -> impl Strategy<Value = RevocationScope> {
    proptest::sample::select(RevocationScope::ALL)
}

fn policies() -> impl Strategy<Value = Policy> {
    let claims = proptest::collection::btree_map(claim_name(), wanted(), 0..5);
    let blocklist = proptest::collection::vec(
        prop_oneof![artifact_name(), "[0-9a-f]{64}".prop_map(|digest| format!("sha256:{digest}"))],
        0..4,
    );
    (".{1,20}", ".{1,40}", claims, 1..=86_400_u32, scope(), blocklist).prop_map(
        |(namespace, issuer, claims, lifetime, scope, blocklist)| {
            let mut policy = Policy::new(namespace, issuer)
                .unwrap()
                .with_revocation_scope(scope)
                .with_max_certificate_lifetime_seconds(lifetime)
                .unwrap();
            for (claim, wanted) in claims {
                policy = policy.require(claim.parse().unwrap(), wanted).unwrap();
            }
            blocklist.iter().fold(policy, |policy, item| policy.block(item).unwrap())
        },
    )
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e300..1e300_f64).prop_map(Into::into),
        text().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::btree_map(text(), inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

fn entries() -> impl Strategy<Value = Entry> {
    let bytes = |count| proptest::collection::vec(any::<u8>(), count);
    let certificates = proptest::collection::vec(bytes(1..200), 1..5);
    let provenance = proptest::collection::btree_map(text(), text(), 0..5);
    let evidence = proptest::collection::vec(
        (text(), proptest::collection::btree_map("[a-j]{1,3}", json_value(), 0..3)),
        0..3,
    );
    let flags = any::<(bool, bool)>();
    (text(), text(), bytes(0..80), certificates, timestamp(), provenance, flags, evidence).prop_map(
        |(
            namespace,
            name,
            signature,
            certificates,
            timestamp,
            provenance,
            (revoked, blocklisted),
            evidence,
        )| {
            let evidence = evidence
                .into_iter()
                .map(|(kind, members)| {
                    let mut object: serde_json::Map<String, serde_json::Value> =
                        members.into_iter().collect();
                    object.insert("kind".into(), kind.into());
                    serde_json::from_value(object.into()).unwrap()
                })
                .collect();
            Entry::new(namespace, name, signature, certificates, timestamp, revoked)
                .and_then(|entry| entry.with_provenance(provenance))
                .and_then(|entry| entry.with_evidence(evidence))
                .unwrap()
                .with_blocklisted(blocklisted)
        },
    )
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn a_timestamp_is_read_as_it_prints(timestamp in timestamp()) {
        prop_assert_eq!(timestamp.to_string().parse(), Ok(timestamp));
    }

    /// A text with an offset is the instant that much earlier.
    #[test]
    fn an_offset_is_taken_off(timestamp in timestamp(), hours in 0..24_i64, minutes in 0..60_i64, west: bool) {
        let printed = timestamp.to_string();
        let (sign, offset) = if west { ('-', -1) } else { ('+', 1) };
        let shifted = format!("{}{sign}{hours:02}:{minutes:02}", printed.strip_suffix('Z').unwrap());
        let seconds = timestamp.unix_seconds() - offset * (hours * 3_600 + minutes * 60);
        let expected = Timestamp::from_unix(seconds, timestamp.subsec_nanoseconds());
        prop_assert_eq!(shifted.parse::<Timestamp>().ok(), expected);
    }

    #[test]
    fn an_artifact_name_is_read_as_it_prints(text in artifact_name()) {
        let name: ArtifactName = text.parse().unwrap();
        prop_assert_eq!(name.to_string(), text.as_str());
        prop_assert_eq!(format!("{}@sha256:{}", name.name(), name.digest()), text);
    }

    #[test]
    fn a_text_that_is_an_artifact_name_is_one_byte_for_byte(
        text in prop_oneof![artifact_name(), any::<String>()],
        at: Index,
        byte: u8,
    ) {
        let mut bytes = text.into_bytes();
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        if let Ok(name) = text.parse::<ArtifactName>() {
            prop_assert_eq!(name.as_str(), &text);
            let (image, digest) = text.split_once('@').unwrap();
            prop_assert!(!image.is_empty() && !digest.contains('@') && text.is_ascii());
            prop_assert!(!image.rsplit('/').next().unwrap().contains(':'), "a tag");
        }
    }

    #[test]
    fn a_claim_is_read_as_it_prints(text in claim_name()) {
        let claim: Claim = text.parse().unwrap();
        prop_assert_eq!(claim.to_string(), text);
    }

    #[test]
    fn a_code_is_read_as_it_prints(number: u8, text in "[a-z_]{1,12}") {
        if let Some(code) = Code::from_number(number) {
            prop_assert_eq!(code.number(), number);
            prop_assert_eq!(Code::from_name(code.name()), Some(code));
        }
        prop_assert!(Code::from_name(&text).is_none_or(|code| code.name() == text));
    }

    #[test]
    fn a_policy_is_read_as_it_is_written(policy in policies()) {
        let json = serde_json::to_string(&policy).unwrap();
        prop_assert_eq!(Policy::from_json(json), Ok(policy));
    }

    #[test]
    fn an_entry_is_read_as_it_is_written(entries in proptest::collection::vec(entries(), 1..4)) {
        let lines: Vec<String> = entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
        prop_assert_eq!(&Entry::from_json(&lines[0]).unwrap(), &entries[0]);
        prop_assert_eq!(&entries_from_json(lines.join("\n")).unwrap(), &entries);
        prop_assert_eq!(&entries_from_json(format!("[{}]", lines.join(" ,\n"))).unwrap(), &entries);
    }

    #[test]
    fn a_glob_matches_as_the_reference_does(pattern in pattern(), value in "[abü/]{0,8}") {
        let expected = reference_glob(&characters(&pattern), &characters(&value));
        let found = Match::glob(pattern.as_str()).unwrap().matches(&value);
        prop_assert_eq!(found, expected, "{} {}", pattern, value);
    }

    /// Values that are made from the pattern, so that they match, unless a letter of them is changed.
    #[test]
    fn a_glob_matches_what_was_made_from_it(
        pattern in pattern(),
        runs in proptest::collection::vec("[abü]{0,3}", 20),
        change: Option<(Index, char)>,
    ) {
        let mut runs = runs.into_iter();
        let below_all = pattern.ends_with("**") && (pattern == "**" || pattern.ends_with("/**"));
        let single = if below_all { pattern.strip_suffix("**").unwrap() } else { &pattern };
        let mut run = || runs.next().unwrap_or_default();
        let parts = single.split('*').map(str::to_string);
        let mut value: String = parts.reduce(|value, part| value + &run() + &part).unwrap();
        if below_all {
            value += "a/b";
        }
        let glob = Match::glob(pattern.as_str()).unwrap();
        prop_assert!(glob.matches(&value), "{} {}", pattern, value);
        if let Some((at, letter)) = change {
            let mut letters = characters(&value);
            if !letters.is_empty() {
                let at = at.index(letters.len());
                letters[at] = letter;
            }
            let expected = reference_glob(&characters(&pattern), &letters);
            prop_assert_eq!(glob.matches(&letters.iter().collect::<String>()), expected);
        }
    }
}

fn characters(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// A glob by its definition: `**` takes all that follows, `*` nothing or one character that is no slash and then
/// itself again, everything else itself.
fn reference_glob(pattern: &[char], value: &[char]) -> bool {
    match (pattern, value) {
        (['*', '*'], _) => true,
        (['*', rest @ ..], _) => {
            reference_glob(rest, value)
                || value
                    .split_first()
                    .is_some_and(|(first, after)| *first != '/' && reference_glob(pattern, after))
        }
        ([wanted, rest @ ..], [found, after @ ..]) => wanted == found && reference_glob(rest, after),
        ([], []) => true,
        _ => false,
    }
}

// Verdicts.

/// Entries of every kind, no two with the same timestamp.
static POOL: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut scenes: Vec<Scene> = Vec::new();
    // Good, by four keys.
    for seed in [2, 3, 4, 5] {
        let mut scene = scene();
        scene.leaf_key = Key::p256(seed);
        scene.leaf = Certificate::leaf(&scene.leaf_key, "root");
        scenes.push(scene);
    }
    // Another ref, another authority, no code signing, too long, expired authority.
    let changed = |change: fn(Scene) -> Scene| change(scene());
    scenes.push(changed(|scene| Scene { leaf: scene.leaf.clone().with(claim(14, "refs/heads/x")), ..scene }));
    scenes.push(changed(|scene| scene.issued_by("elsewhere", &Key::p256(9))));
    scenes.push(changed(|scene| Scene { leaf: scene.leaf.clone().without("2.5.29.37"), ..scene }));
    scenes.push(changed(|mut scene| {
        scene.leaf.not_after += 1;
        scene
    }));
    let mut entries: Vec<Entry> = scenes.iter().map(Scene::entry).collect();
    let good = entries[0].clone();
    let of = |namespace: &str, name: &str, signature: &[u8], certificates: &[Vec<u8>], revoked| {
        Entry::new(namespace, name, signature, certificates.to_vec(), good.timestamp(), revoked).unwrap()
    };
    let (signature, chain) = (good.signature(), good.certificates());
    entries.push(of(NAMESPACE, NAME, &signature[1..], chain, false));
    entries.push(of(NAMESPACE, NAME, entries[1].signature(), chain, false));
    entries.push(of(NAMESPACE, NAME, signature, &[b"junk".to_vec()], false));
    entries.push(good.clone().with_provenance([("source_repository_ref", "refs/tags/v2")]).unwrap());
    entries.push(good.clone().with_provenance([("source_repository_ref", "refs/tags/v1")]).unwrap());
    // Revoked: a good one, and one with a key of its own.
    entries.push(of(NAMESPACE, NAME, signature, chain, true));
    entries.push(of(NAMESPACE, NAME, signature, scenes[5].certificates().as_slice(), true));
    // Each at a time of its own, and copies of the good ones outside the window.
    let mut entries: Vec<Entry> = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| at_time(&entry, NOT_BEFORE + 10 * i64::try_from(index).unwrap()))
        .collect();
    entries.push(at_time(&good, NOT_BEFORE + 301));
    entries.push(at_time(&good, NOT_BEFORE - 1));
    // The chain in other orders, a leaf without issuer, and one that is damaged: by the key of the first and by one of
    // its own.
    for (seed, scene) in [(2, &scenes[0]), (6, &scenes[5])] {
        let certificates = scene.certificates();
        let root = scene.root.sign(&scene.root_key);
        let without = scene.leaf.clone().without(&format!("{ARC}.8")).sign(&scene.leaf_issuer);
        let damaged = [&certificates[0][..], &[0]].concat();
        let chains = [vec![root.clone(), certificates[0].clone()], vec![root], vec![without], vec![damaged]];
        for (index, chain) in (0..).zip(chains) {
            let entry = of(NAMESPACE, NAME, &scene.leaf_key.sign_sha256(NAME.as_bytes()), &chain, false);
            entries.push(at_time(&entry, NOT_BEFORE + 200 + 10 * index + seed));
        }
    }
    entries
});

/// Whether an entry of the artifact's name matches: it can be told that its certificate is for the policy's issuer, or
/// cannot be told that it is for another.
fn may_be_the_signers(entry: &Entry) -> bool {
    let claims = countermark::Claims::of_certificate(&entry.certificates()[0]);
    let issuer =
        claims.ok().and_then(|claims| claims.get(&Claim::CertificateOidcIssuer).map(ToOwned::to_owned));
    issuer.is_none_or(|issuer| issuer == ISSUER)
}

/// Entries that no question about the artifact concerns: another tenant's, another name's, another issuer's;
/// revoked or blocked at that. (Under the scope of a digest those of the digest do.)
static STRANGERS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let good = scene().entry();
    let mut gitlab = scene();
    gitlab.leaf = gitlab.leaf.with(claim(8, "https://gitlab.com"));
    let other_name = NAME.replace("image", "imagf");
    let strangers = [
        ("other-ns", NAME, good.certificates().to_vec()),
        ("", NAME, good.certificates().to_vec()),
        (NAMESPACE, other_name.as_str(), good.certificates().to_vec()),
        (NAMESPACE, "not a name", vec![b"junk".to_vec()]),
        ("other-ns", NAME, vec![b"junk".to_vec()]),
        (NAMESPACE, NAME, gitlab.certificates()),
    ];
    let entries = strangers.into_iter().flat_map(|(namespace, name, certificates)| {
        [false, true].map(|revoked| {
            Entry::new(namespace, name, good.signature(), certificates.clone(), at(299), revoked)
                .unwrap()
                .with_blocklisted(revoked)
        })
    });
    entries.collect()
});

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| scene().verifier());

fn at_time(entry: &Entry, seconds: i64) -> Entry {
    let timestamp = Timestamp::from_unix(seconds, 0).unwrap();
    let certificates = entry.certificates().to_vec();
    Entry::new(
        entry.namespace(),
        entry.artifact_name(),
        entry.signature(),
        certificates,
        timestamp,
        entry.revoked(),
    )
    .and_then(|moved| moved.with_provenance(entry.provenance().iter()))
    .unwrap()
    .with_blocklisted(entry.blocklisted())
}

/// Some of the pool, without the revoked in half of the cases, so that these do not decide everything.
fn some_entries() -> impl Strategy<Value = Vec<Entry>> {
    let count = POOL.len();
    (subsequence(POOL.clone(), 0..count), any::<bool>()).prop_map(|(mut entries, with_revoked)| {
        entries.retain(|entry| with_revoked || !entry.revoked());
        entries
    })
}

fn some_policy() -> impl Strategy<Value = Policy> {
    (scope(), any::<bool>()).prop_map(|(scope, constrained)| {
        let mut policy = policy().with_revocation_scope(scope);
        if constrained {
            policy = policy.require(Claim::SourceRepositoryRef, "refs/tags/v1").unwrap();
        }
        policy
    })
}

/// The verdict, and the time of the entry that it is about.
fn verdict(entries: &[Entry], policy: &Policy) -> (Code, Option<Timestamp>) {
    match VERIFIER.verify(&NAME.parse().unwrap(), entries, policy) {
        Ok(verified) => (Code::Verified, Some(verified.timestamp())),
        Err(rejection) => {
            let entry = rejection.entry().map(|index| entries[index].timestamp());
            // Which of several revoked or blocked entries is named goes by the order given.
            let is_about_any = matches!(rejection.code(), Code::RevokedSignature | Code::Blocklisted);
            (rejection.code(), entry.filter(|_| !is_about_any))
        }
    }
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn the_order_of_entries_does_not_matter(entries in some_entries(), policy in some_policy(), seed: u64) {
        let mut shuffled = entries.clone();
        let mut state = seed | 1;
        for last in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(last, usize::try_from(state >> 33).unwrap() % (last + 1));
        }
        prop_assert_eq!(verdict(&entries, &policy), verdict(&shuffled, &policy));
    }

    #[test]
    fn entries_of_others_do_not_matter(
        entries in some_entries(),
        policy in some_policy(),
        mut strangers in subsequence(STRANGERS.clone(), 1..6),
        at: Index,
    ) {
        if policy.record().revocation_scope() == RevocationScope::Digest {
            strangers.retain(|stranger| stranger.namespace() != NAMESPACE || !stranger.revoked());
        }
        let mut more = entries.clone();
        let at = at.index(more.len() + 1);
        more.splice(at..at, strangers);
        prop_assert_eq!(verdict(&entries, &policy), verdict(&more, &policy));
    }

    #[test]
    fn a_revoked_entry_never_helps(
        entries in some_entries(),
        policy in some_policy(),
        revoked in proptest::sample::select(POOL.clone()),
        at: Index,
    ) {
        let revoked = {
            let certificates = revoked.certificates().to_vec();
            Entry::new(NAMESPACE, NAME, revoked.signature(), certificates, revoked.timestamp(), true).unwrap()
        };
        let mut more = entries.clone();
        more.insert(at.index(entries.len() + 1), revoked);
        let (before, after) = (verdict(&entries, &policy).0, verdict(&more, &policy).0);
        prop_assert!(after != Code::Verified || before == Code::Verified, "{before}, then {after}");
        if policy.record().revocation_scope() != RevocationScope::Entry {
            prop_assert_eq!(after, Code::RevokedSignature);
        }
    }

    /// What is withdrawn refuses, however its chain is stored, and every copy of it with the flags cleared.
    #[test]
    fn a_withdrawal_cannot_be_undone(
        entries in some_entries(),
        policy in some_policy(),
        withdrawn in proptest::sample::select(POOL.clone()),
        under: Option<bool>,
        blocklisted: bool,
        at: Index,
    ) {
        let by_digest = policy.record().revocation_scope() == RevocationScope::Digest;
        let name = match under {
            Some(true) if by_digest => NAME.replace("registry", "mirror"),
            Some(false) if by_digest => NAME.to_uppercase(),
            _ => NAME.to_owned(),
        };
        let certificates = withdrawn.certificates().to_vec();
        let entry = Entry::new(
            NAMESPACE,
            name,
            withdrawn.signature(),
            certificates,
            withdrawn.timestamp(),
            !blocklisted,
        );
        let mut more = entries.clone();
        more.insert(at.index(entries.len() + 1), entry.unwrap().with_blocklisted(blocklisted));
        let name: ArtifactName = NAME.parse().unwrap();
        let result = VERIFIER.verify(&name, &more, &policy);
        if blocklisted {
            prop_assert_eq!(result.unwrap_err().code(), Code::Blocklisted);
        } else if policy.record().revocation_scope() != RevocationScope::Entry {
            prop_assert_eq!(result.unwrap_err().code(), Code::RevokedSignature);
        } else if let Ok(verified) = result {
            // A signature in a record with another signer's leaf is not what was revoked: that leaf's key is.
            let claims = countermark::Claims::of_certificate(&withdrawn.certificates()[0]);
            let of_leaf = claims.is_ok_and(|claims| claims.get(&Claim::CertificateOidcIssuer) == Some(ISSUER));
            let is_same_leaf = withdrawn.certificates().iter().any(|der| der == verified.leaf());
            prop_assert!(!is_same_leaf);
            prop_assert!(of_leaf || verified.signature() != withdrawn.signature());
        }
    }

    #[test]
    fn asking_for_more_never_helps(
        entries in some_entries(),
        policy in some_policy(),
        now in NOT_BEFORE - 10..NOT_BEFORE + 400,
    ) {
        let name = NAME.parse().unwrap();
        let plain = verdict(&entries, &policy).0;
        let now = Timestamp::from_unix(now, 0).unwrap();
        let with_now = VERIFIER.at(now).verify(&name, &entries, &policy).is_ok();
        let stricter = policy.clone().require(Claim::BuildTrigger, "push").unwrap();
        let shorter = policy.clone().with_max_certificate_lifetime_seconds(299).unwrap();
        let blocked = policy.block(NAME).unwrap();
        prop_assert!(!with_now || plain == Code::Verified);
        for policy in [stricter, shorter, blocked] {
            prop_assert_ne!(verdict(&entries, &policy).0, Code::Verified);
        }
    }

    #[test]
    fn every_way_to_ask_gives_the_same_answer(entries in some_entries(), policy in some_policy()) {
        let name: ArtifactName = NAME.parse().unwrap();
        let expected = verdict(&entries, &policy).0;
        let report = VERIFIER.examine(&name, &entries, &policy);
        prop_assert_eq!(report.verdict(), expected);
        let json: serde_json::Value = serde_json::to_value(&report).unwrap();
        prop_assert_eq!(json["verdict"].as_str(), Some(expected.name()));
        let requests = [Request::new(&name, &entries[..], &policy)];
        let many = VERIFIER.verify_many(&requests);
        let of_many = many[0].as_ref().map_or_else(Rejection::code, |_| Code::Verified);
        prop_assert_eq!(of_many, expected);
        let lines: Vec<String> = entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
        prop_assert_eq!(verdict(&entries_from_json(lines.join("\n")).unwrap(), &policy).0, expected);
    }

    /// What "verified" means, looked at from outside.
    #[test]
    fn what_is_verified_is_what_was_asked_for(entries in some_entries(), policy in some_policy()) {
        let name: ArtifactName = NAME.parse().unwrap();
        let Ok(verified) = VERIFIER.verify(&name, &entries, &policy) else { return Ok(()) };
        let entry = &entries[verified.entry_index().unwrap()];
        prop_assert_eq!((entry.namespace(), entry.artifact_name()), (NAMESPACE, NAME));
        prop_assert!(!entry.revoked() && !entry.blocklisted());
        for other in entries.iter().filter(|other| may_be_the_signers(other)) {
            prop_assert!(!other.blocklisted());
            let is_copy = other.certificates().contains(&entry.certificates()[0]);
            let per_entry = policy.record().revocation_scope() == RevocationScope::Entry;
            prop_assert!(!other.revoked() || (per_entry && !is_copy));
        }
        let (not_before, not_after) = verified.validity().unwrap();
        prop_assert!((not_before..=not_after).contains(&entry.timestamp()));
        prop_assert_eq!(verified.claims().get(&Claim::CertificateOidcIssuer), Some(ISSUER));
        for (claim, wanted) in policy.signer().claims() {
            prop_assert!(wanted.matches(verified.claims().get(claim).unwrap()));
        }
        for (name, recorded) in entry.provenance().iter() {
            prop_assert_eq!(verified.claims().get(&name.parse().unwrap()), Some(recorded));
        }
    }
}

/// The random entries come to all that a log may come to, so that the properties are about something.
#[test]
fn the_pool_has_entries_of_every_kind() {
    let codes: std::collections::BTreeSet<&str> =
        POOL.iter().map(|entry| verdict(std::slice::from_ref(entry), &policy()).0.name()).collect();
    for code in [
        "verified",
        "revoked_signature",
        "bad_certificate",
        "unknown_ca",
        "lifetime_too_long",
        "time_mismatch",
        "corrupted_signature",
        "invalid_signature",
        "provenance_mismatch",
    ] {
        assert!(codes.contains(code), "{code}: {codes:?}");
    }
    for stranger in STRANGERS.iter() {
        assert_eq!(verdict(std::slice::from_ref(stranger), &policy()).0, Code::NoSignature);
    }
    let mut times: Vec<Timestamp> = POOL.iter().map(Entry::timestamp).collect();
    times.sort();
    times.dedup();
    assert_eq!(times.len(), POOL.len());
}

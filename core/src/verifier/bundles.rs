//! The verifier's calls for bundles.

use crate::artifact::Artifact;
use crate::evidence::LogKey;
use crate::malformed::MalformedInput;
use crate::outcome::bundle_report::BundleReport;
use crate::outcome::verified::Verified;
use crate::outcome::verified_bundle::VerifiedEnvelope;
use crate::policy::any_bundle_policy::AnyBundlePolicy;
use crate::rejection::Rejection;
use crate::sigstore::bundle::Bundle;
use crate::sigstore::instance::check_name;
use crate::sigstore::trusted_root::TrustedRoot;
use crate::verifier::{Verifier, VerifierAt, VerifierBuilder};
use crate::verify_bundle::{self, BundleSettings};
use alloc::string::String;
use alloc::vec::Vec;

impl Verifier {
    /// The name of the instance that [`Verifier::from_trusted_root`] makes.
    pub const TRUSTED_ROOT: &'static str = "trusted_root";

    /// A verifier for bundles that trusts one trusted root, as the instance [`TRUSTED_ROOT`](Self::TRUSTED_ROOT), and nobody
    /// else. It knows no private records.
    ///
    /// ```no_run
    /// use countermark::{Artifact, Bundle, BundlePolicy, TrustedRoot, Verifier};
    ///
    /// let verifier = Verifier::from_trusted_root(&TrustedRoot::from_json(std::fs::read("trusted_root.json")?)?);
    /// let policy = BundlePolicy::for_github("owner/repository")?;
    /// let bundle = Bundle::from_json(std::fs::read("artifact.sigstore.json")?)?;
    /// let file = std::fs::read("artifact.tar.gz")?;
    ///
    /// let verified = verifier.verify_bundle(&Artifact::from_bytes(&file), &bundle, &policy)?;
    /// println!("{verified}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn from_trusted_root(root: &TrustedRoot) -> Self {
        VerifierBuilder::without_anchors().with_root(String::from(Self::TRUSTED_ROOT), root).build()
    }

    /// Verifies an artifact by a bundle: each instance that the verifier trusts judges it alone, and the first under which
    /// every rule is passed is the answer.
    ///
    /// The policy is a [`BundlePolicy`](crate::BundlePolicy), for signers with a certificate, or a
    /// [`KeyPolicy`](crate::KeyPolicy).
    ///
    /// # Errors
    ///
    /// A [`Rejection`] with the reason under the instance under which the bundle came furthest; the order of the rules is
    /// stated in the [crate's documentation](crate#the-rules-for-bundles). Its code is `invalid_argument` where it cannot be
    /// told whether the blocklist has the artifact, or where nobody may judge.
    pub fn verify_bundle<'a, 'p>(
        &'a self,
        artifact: &Artifact<'_>,
        bundle: &'a Bundle,
        policy: impl Into<AnyBundlePolicy<'p>>,
    ) -> Result<Verified<'a>, Rejection> {
        self.at_any_time().verify_bundle(artifact, bundle, policy)
    }

    /// Runs every check on the same input and reports on all of them, and on every signed timestamp, log entry and
    /// certificate timestamp by itself; never fails for a refused bundle.
    pub fn examine_bundle<'a, 'p>(
        &'a self,
        artifact: &Artifact<'_>,
        bundle: &'a Bundle,
        policy: impl Into<AnyBundlePolicy<'p>>,
    ) -> BundleReport {
        self.at_any_time().examine_bundle(artifact, bundle, policy)
    }

    /// Verifies who signed a bundle's envelope, and when, whatever its payload is and is about. Neither the blocklist nor an
    /// artifact is asked, so that the result is no [`Verified`].
    ///
    /// # Errors
    ///
    /// As [`Verifier::verify_bundle`]; a bundle without an envelope is `artifact_mismatch`.
    pub fn verify_envelope<'a, 'p>(
        &'a self,
        bundle: &'a Bundle,
        policy: impl Into<AnyBundlePolicy<'p>>,
    ) -> Result<VerifiedEnvelope<'a>, Rejection> {
        self.at_any_time().verify_envelope(bundle, policy)
    }

    /// Verifies an artifact by any of several bundles: the first that passes is the answer.
    ///
    /// # Errors
    ///
    /// The first bundle's rejection, with those of the others beside it; `no_signature` if none was given. Of very many
    /// bundles only the first [`MAX_BUNDLES`](crate::limits::MAX_BUNDLES) are looked at.
    pub fn verify_bundles<'a, 'p>(
        &'a self,
        artifact: &Artifact<'_>,
        bundles: impl IntoIterator<Item = &'a Bundle>,
        policy: impl Into<AnyBundlePolicy<'p>>,
    ) -> Result<Verified<'a>, Rejection> {
        self.at_any_time().verify_bundles(artifact, bundles, policy)
    }

    /// Each result is the bundle's own: `Ok` is verified, and nothing else is. They are in the order of the requests.
    /// Verifies on all cores if the feature `std` is on.
    #[must_use]
    pub fn verify_many_bundles<'a>(
        &'a self,
        requests: &'a [BundleRequest<'a>],
    ) -> Vec<Result<Verified<'a>, Rejection>> {
        self.at_any_time().verify_many_bundles(requests)
    }
}

impl<'v> VerifierAt<'v> {
    fn bundle_settings(&self) -> BundleSettings<'v> {
        let Self { verifier, now, leeway } = *self;
        let Verifier { trust, instances, .. } = verifier;
        BundleSettings { instances, accepted_algorithms: &trust.accepted_algorithms, now, leeway }
    }

    /// As [`Verifier::verify_bundle`].
    ///
    /// # Errors
    ///
    /// As there, and `time_mismatch` if a signed time is after the caller's time. Where no signed time is asked for and
    /// there is none, everything must be valid at the caller's time.
    pub fn verify_bundle<'a, 'p>(
        &self,
        artifact: &Artifact<'_>,
        bundle: &'a Bundle,
        policy: impl Into<AnyBundlePolicy<'p>>,
    ) -> Result<Verified<'a>, Rejection>
    where
        'v: 'a,
    {
        verify_bundle::verify(self.bundle_settings(), artifact, bundle, policy.into())
    }

    /// As [`Verifier::examine_bundle`].
    pub fn examine_bundle<'a, 'p>(
        &self,
        artifact: &Artifact<'_>,
        bundle: &'a Bundle,
        policy: impl Into<AnyBundlePolicy<'p>>,
    ) -> BundleReport
    where
        'v: 'a,
    {
        verify_bundle::examine(self.bundle_settings(), artifact, bundle, policy.into())
    }

    /// As [`Verifier::verify_envelope`].
    ///
    /// # Errors
    ///
    /// As there and as [`VerifierAt::verify_bundle`].
    pub fn verify_envelope<'a, 'p>(
        &self,
        bundle: &'a Bundle,
        policy: impl Into<AnyBundlePolicy<'p>>,
    ) -> Result<VerifiedEnvelope<'a>, Rejection>
    where
        'v: 'a,
    {
        verify_bundle::verify_envelope(self.bundle_settings(), bundle, policy.into())
    }

    /// As [`Verifier::verify_bundles`].
    ///
    /// # Errors
    ///
    /// As there and as [`VerifierAt::verify_bundle`].
    pub fn verify_bundles<'a, 'p>(
        &self,
        artifact: &Artifact<'_>,
        bundles: impl IntoIterator<Item = &'a Bundle>,
        policy: impl Into<AnyBundlePolicy<'p>>,
    ) -> Result<Verified<'a>, Rejection>
    where
        'v: 'a,
    {
        verify_bundle::verify_any(self.bundle_settings(), artifact, bundles.into_iter(), policy.into())
    }

    /// As [`Verifier::verify_many_bundles`].
    #[must_use]
    pub fn verify_many_bundles<'a>(
        &self,
        requests: &'a [BundleRequest<'a>],
    ) -> Vec<Result<Verified<'a>, Rejection>>
    where
        'v: 'a,
    {
        self.verify_many_bundles_telling(requests, &|| {})
    }

    /// As [`Verifier::verify_many_bundles`], and calls `done_one` after each request, from whichever thread made it: for a
    /// progress bar.
    #[must_use]
    pub fn verify_many_bundles_telling<'a>(
        &self,
        requests: &'a [BundleRequest<'a>],
        done_one: &(dyn Fn() + Sync),
    ) -> Vec<Result<Verified<'a>, Rejection>>
    where
        'v: 'a,
    {
        crate::verify_many::map(requests, |(): &mut (), request| {
            let BundleRequest { artifact, bundles, policy } = *request;
            let result = self.verify_bundles(artifact, bundles, policy);
            done_one();
            result
        })
    }
}

/// One artifact of many with its bundles, any of which will do, for [`Verifier::verify_many_bundles`].
#[derive(Clone, Copy, Debug)]
pub struct BundleRequest<'a> {
    artifact: &'a Artifact<'a>,
    bundles: &'a [Bundle],
    policy: AnyBundlePolicy<'a>,
}

impl<'a> BundleRequest<'a> {
    /// What [`Verifier::verify_bundles`] takes.
    #[must_use]
    pub fn new(
        artifact: &'a Artifact<'a>,
        bundles: &'a [Bundle],
        policy: impl Into<AnyBundlePolicy<'a>>,
    ) -> Self {
        Self { artifact, bundles, policy: policy.into() }
    }
}

impl VerifierBuilder {
    /// Also trusts a trusted root, as an instance of this name, in the order in which they are added. Each instance judges
    /// a bundle alone. Private records do not see it: no public signer gets into a private log.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustedRoot`] if the name is empty, too long, another root's or `own`, which stands for the verifier's
    /// own anchors, or if there are more than [`MAX_TRUSTED_ROOTS`](crate::limits::MAX_TRUSTED_ROOTS).
    pub fn trusted_root(self, name: &str, root: &TrustedRoot) -> Result<Self, MalformedInput> {
        check_name(name, &self.roots)?;
        Ok(self.with_root(name.into(), root))
    }

    fn with_root(mut self, name: String, root: &TrustedRoot) -> Self {
        self.roots.push((name, root.clone()));
        self
    }

    /// Also believes this log when bundles are judged under the verifier's own anchors: the instance `own`.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if it is the key of a certificate log, or contradicts what was said of the same log
    /// before.
    pub fn log(mut self, key: LogKey) -> Result<Self, MalformedInput> {
        if key.is_of_certificate_log() {
            return Err(MalformedInput::trust_anchor(alloc::format!(
                "the key of the log {} is one of a certificate log; give it to certificate_log",
                key.base_url()
            )));
        }
        own_log(&mut self.own_evidence.logs, key)?;
        Ok(self)
    }

    /// Also believes this certificate log when bundles are judged under the verifier's own anchors: the instance `own`.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if it is not the key of a certificate log, or contradicts what was said of the same
    /// log before.
    pub fn certificate_log(mut self, key: LogKey) -> Result<Self, MalformedInput> {
        if !key.is_of_certificate_log() {
            return Err(MalformedInput::trust_anchor(alloc::format!(
                "the key of the log {} is not one of a certificate log; give it to log",
                key.base_url()
            )));
        }
        own_log(&mut self.own_evidence.certificate_logs, key)?;
        Ok(self)
    }
}

/// Adds a log; one that is given again is one log, and its periods are alternatives.
fn own_log(logs: &mut Vec<LogKey>, key: LogKey) -> Result<(), MalformedInput> {
    match logs.iter_mut().find(|log| log.id() == key.id()) {
        None => logs.push(key),
        Some(log) => log.merge(key).map_err(MalformedInput::trust_anchor)?,
    }
    Ok(())
}

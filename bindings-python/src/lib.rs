//! The Python face of `countermark`: the package `countermark._countermark`, which `countermark` re-exports.
//!
//! It converts types and errors, and holds no rule. What it calls runs without the interpreter's lock, and a
//! panic in it becomes an exception.

#![allow(unused_qualifications, reason = "PyO3's macros write them")]

mod artifact;
mod bundle;
mod bundle_policy;
mod bundle_report;
mod code;
mod convert;
mod digest;
mod entry;
mod error;
mod evidence;
mod held;
mod log;
mod policy;
mod report;
mod requests;
mod statement;
mod trust;
mod verified;
mod verified_envelope;
mod verifier;

use pyo3::prelude::*;

/// Verifies keyless artifact signatures, offline.
#[pymodule]
mod _countermark {
    use super::code;
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::bundle::{
        PyBundle, PyNpmAttestation, PyPypiAttestations, PySimpleSigning, bundles_from,
        bundles_from_json_lines, bundles_from_npm, bundles_from_pypi_provenance, read_bundles,
    };
    #[pymodule_export]
    use super::bundle_policy::{PyBundlePolicy, PyKeyPolicy, PyPublicKey, PyPypiPublisher};
    #[pymodule_export]
    use super::bundle_report::PyBundleReport;
    #[pymodule_export]
    use super::code::PyCode;
    #[pymodule_export]
    use super::digest::PyDigest;
    #[pymodule_export]
    use super::entry::{PyEntry, entries_from_json, read_entries};
    #[pymodule_export]
    use super::evidence::{
        PyEvidenceOutcome, PySignedTime, PyTimestampOutcome, PyVerifiedCertificateTimestamp,
        PyVerifiedLogEntry,
    };
    #[pymodule_export]
    use super::log::PyLog;
    #[pymodule_export]
    use super::policy::{PyAnyOf, PyGlob, PyPolicy, PySignerPolicy};
    #[pymodule_export]
    use super::report::{PyCheckOutcome, PyReport};
    #[pymodule_export]
    use super::statement::{PyStatement, PyStatementSubject, PyUnverifiedStatement};
    #[pymodule_export]
    use super::trust::{
        PyLogKey, PyPeriod, PyTimestampAuthority, PyTrustedRoot, trusted_roots_from_json_lines,
    };
    #[pymodule_export]
    use super::verified::{PyPathCertificate, PyVerified};
    #[pymodule_export]
    use super::verified_envelope::PyVerifiedEnvelope;
    #[pymodule_export]
    use super::verifier::PyVerifier;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("CODES", code::table(module.py())?)
    }
}

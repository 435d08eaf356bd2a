//! Whole verifications of bundles: the published ones of `testdata/sigstore`, changed, with parts of each other. What is
//! accepted is one of the signings that were published, and all that is told of it is its own.

#![no_main]

use countermark_fuzz::bundles::Input;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: Input<'_>| {
    input.judge();
});

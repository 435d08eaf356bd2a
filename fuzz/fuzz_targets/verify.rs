//! Whole verifications: the artifacts of `testdata/vectors`, changed. What is accepted meets every rule by an
//! independent reading, and `verify` and `examine` agree.

#![no_main]

use countermark_fuzz::scenario::Input;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: Input<'_>| {
    input.judge();
});

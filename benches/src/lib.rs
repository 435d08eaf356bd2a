//! Measures countermark beside the bare cryptographic calls and its peers.
//!
//! Whoever is measured is a contender: a process that holds its cases ready and answers requests for samples
//! ([`serve`]). `measure` asks all contenders of a group in turn, round after round, so that the machine's moods
//! hit all of them alike, whatever language they are in, and whichever back end they were built with. `report`
//! makes the document from what was measured.

#![forbid(unsafe_code)]

pub mod contender;
pub mod material;
pub mod plan;
pub mod results;
pub mod serve;

//! The file names of PyPI's distributions: wheels and source archives.

use crate::limits::MAX_DISTRIBUTION_NAME_BYTES;
use crate::malformed::MalformedInput;
use crate::text::quoting::Excerpt;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use core::str::FromStr;

/// A distribution by its file name. Two are the same if what their names say is the same, however it is spelt.
#[derive(Clone, Debug)]
pub(crate) struct Distribution {
    file_name: String,
    project: String,
    version: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    TarGz,
    Zip,
    Wheel { build: Option<(String, String)>, tags: [BTreeSet<String>; 3] },
}

/// The file name is no distribution's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoDistribution;

//! What the contenders verify: plain files, so that those in every language read the same.

use std::path::{Path, PathBuf};

/// How many artifacts the log has that was signed for this.
pub const LOG_ENTRIES: usize = 10_000;

/// The directory in which a case's files are.
#[derive(Clone, Debug)]
pub struct Material(PathBuf);

impl Material {
    /// The case of this name in the directory of all.
    #[must_use]
    pub fn new(all: &Path, name: &str) -> Self {
        Self(all.join(name))
    }

    /// A file's path.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    /// A file's bytes.
    ///
    /// # Panics
    ///
    /// If it cannot be read.
    #[must_use]
    pub fn bytes(&self, file: &str) -> Vec<u8> {
        let path = self.path(file);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// A file's text.
    ///
    /// # Panics
    ///
    /// If it cannot be read.
    #[must_use]
    pub fn text(&self, file: &str) -> String {
        String::from_utf8(self.bytes(file)).expect("the file is text")
    }

    /// Writes a file.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        std::fs::create_dir_all(&self.0).expect("the directory can be made");
        std::fs::write(self.path(file), bytes).expect("the file can be written");
    }
}

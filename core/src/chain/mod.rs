//! Rule 4: authorities, trust, paths and their signatures, name constraints.

pub(crate) mod authority;
mod certified;
pub(crate) mod name_constraints;
mod obstacle;
pub(crate) mod path;
#[cfg(feature = "path-validation")]
pub mod path_validation;
mod pool;
mod rules;
mod search;
mod signatures;
mod standing;
pub(crate) mod trust;

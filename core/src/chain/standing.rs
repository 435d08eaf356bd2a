//! What is known of the authorities that may stand on a path: whether a trusted key has certified them, and what their
//! form is.

use super::pool::{Node, Pool};
use crate::x509::extension_demands::{self, AUTHORITY};
use alloc::vec::Vec;

/// What is known of whether a trusted key has certified an authority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Standing {
    #[default]
    Unknown,
    Certified,
    /// It did not, or the authority may not certify others.
    Hopeless,
}

/// What is known of an authority.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Noted {
    pub(super) standing: Standing,
    /// Whether its certificate has the form of an authority's, once this was asked.
    is_authority: Option<bool>,
    /// Whether it was certified by way of one that has not.
    pub(super) is_below_unfit: bool,
    /// The number of the last search that came by.
    search: usize,
}

/// What is known of all of them.
#[derive(Default)]
pub(super) struct Standings {
    supplied: Vec<Noted>,
    known: Vec<Noted>,
    /// The number of the search, from 1 on.
    search: usize,
}

impl Standings {
    pub(super) fn at(&mut self, node: Node) -> Option<&mut Noted> {
        let (list, position) = match node {
            Node::Leaf => return None,
            Node::Supplied(position) => (&mut self.supplied, position),
            Node::Known(position) => (&mut self.known, position),
        };
        if list.len() <= position {
            list.resize(position.saturating_add(1), Noted::default());
        }
        list.get_mut(position)
    }

    pub(super) fn of(&mut self, node: Node) -> Standing {
        self.at(node).map_or(Standing::Hopeless, |noted| noted.standing)
    }

    pub(super) fn set(&mut self, node: Node, standing: Standing) {
        if let Some(noted) = self.at(node) {
            noted.standing = standing;
        }
    }

    /// Begins another search, and comes by where it begins.
    pub(super) fn begin_search(&mut self, start: Node) {
        self.search = self.search.saturating_add(1);
        self.visit(start);
    }

    /// Whether this search comes by for the first time.
    pub(super) fn visit(&mut self, node: Node) -> bool {
        let search = self.search;
        self.at(node).is_some_and(|noted| core::mem::replace(&mut noted.search, search) != search)
    }

    /// Whether the certificate has the form of an authority's, but for what depends on the path.
    pub(super) fn is_authority(&mut self, node: Node, pool: &Pool<'_>, usage: Option<&[u8]>) -> bool {
        let Some(noted) = self.at(node) else { return false };
        *noted.is_authority.get_or_insert_with(|| {
            pool.certificate(node).is_some_and(|certificate| {
                extension_demands::check(&certificate.extensions, &AUTHORITY, usage).is_ok()
            })
        })
    }

    /// Gives those that nobody certified another chance.
    pub(super) fn reconsider(&mut self) {
        for noted in self.supplied.iter_mut().chain(&mut self.known) {
            if noted.standing == Standing::Hopeless {
                noted.standing = Standing::Unknown;
            }
        }
    }
}

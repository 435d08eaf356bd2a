//! Which authorities a trusted key has certified: an anchor's, or that of one which is certified itself.
//!
//! A search for one authority goes from it upwards, along names, to the nearest signature that can be checked: by an
//! anchor, or by an authority that is certified. Each search ends in one check, or tells that there is no way left.

use super::pool::{Distrust, Issuer, Node, Pool};
use super::signatures::Limit;
use super::{Effort, Outcome, Search};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::ControlFlow;

/// How many checks may fail before the search for who certified an authority is put off: with these, all that can come
/// with one leaf leaves enough of the limit on checks for an authority that is in order.
const PATIENCE: usize = 4;

/// What is known of whether a trusted key has certified an authority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Standing {
    #[default]
    Unknown,
    Certified,
    /// It did not, or the authority may not certify others.
    Hopeless,
}

/// What is known of an authority.
#[derive(Clone, Copy, Debug, Default)]
struct Noted {
    standing: Standing,
    /// Whether its certificate has the form of an authority's, once this was asked.
    is_authority: Option<bool>,
    /// Whether it was certified by way of one that has not.
    is_below_unfit: bool,
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
    fn at(&mut self, node: Node) -> Option<&mut Noted> {
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

    fn of(&mut self, node: Node) -> Standing {
        self.at(node).map_or(Standing::Hopeless, |noted| noted.standing)
    }

    fn set(&mut self, node: Node, standing: Standing) {
        if let Some(noted) = self.at(node) {
            noted.standing = standing;
        }
    }

    /// Whether this search comes by for the first time.
    fn visit(&mut self, node: Node) -> bool {
        let search = self.search;
        self.at(node).is_some_and(|noted| core::mem::replace(&mut noted.search, search) != search)
    }

    /// Whether the certificate has the form of an authority's, but for what depends on the path.
    fn is_authority(&mut self, node: Node, pool: &Pool<'_>, usage: Option<&[u8]>) -> bool {
        let Some(noted) = self.at(node) else { return false };
        *noted.is_authority.get_or_insert_with(|| {
            pool.certificate(node).is_some_and(|certificate| certificate.check_authority(usage).is_ok())
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

/// What a search ended in.
enum Nearest<'a> {
    /// A signature that can be checked.
    Signature(Node, Issuer<'a>),
    /// There is none, for any of these.
    Nothing(Vec<Node>),
}

impl<'a> Search<'a, '_> {
    /// Whether a trusted key has certified an authority, which may certify others in turn.
    pub(super) fn certify(&mut self, authority: Node) -> ControlFlow<Outcome<'a>, bool> {
        let is_authority = self.standings.is_authority(authority, &self.pool, self.rules.usage);
        if !is_authority && self.effort < Effort::WithUnfit {
            self.met_unfit = true;
            return ControlFlow::Continue(false);
        }
        if self.standings.of(authority) == Standing::Unknown
            && self.pool.is_distrusted(authority, self.rules.distrusted)
        {
            self.met_distrusted = true;
            self.standings.set(authority, Standing::Hopeless);
        }
        let mut failures = 0_usize;
        loop {
            match self.standings.of(authority) {
                Standing::Certified => return ControlFlow::Continue(true),
                Standing::Hopeless => return ControlFlow::Continue(false),
                Standing::Unknown => {}
            }
            if self.effort == Effort::Patient && failures >= PATIENCE {
                self.is_undecided = true;
                return ControlFlow::Continue(false);
            }
            let nearest = self.nearest_signature(authority);
            match self.within_limits(nearest)? {
                Nearest::Signature(child, issuer) => {
                    let checks = self.signatures.checks();
                    if self.verify(child, issuer)? {
                        self.admit(child, issuer);
                    } else {
                        let made = self.signatures.checks().saturating_sub(checks);
                        failures = failures.saturating_add(made);
                    }
                }
                Nearest::Nothing(all) => {
                    all.into_iter().for_each(|node| self.standings.set(node, Standing::Hopeless));
                }
            }
        }
    }

    /// Notes that a trusted key has certified an authority. Only now may its key cost any work.
    fn admit(&mut self, authority: Node, issuer: Issuer<'a>) {
        let standing = match self.pool.can_certify(authority, self.rules.distrusted) {
            Ok(true) => Standing::Certified,
            Ok(false) => Standing::Hopeless,
            Err(Distrust) => {
                self.met_distrusted = true;
                Standing::Hopeless
            }
        };
        let is_below_unfit = self.is_unfit(issuer);
        if let Some(noted) = self.standings.at(authority) {
            (noted.standing, noted.is_below_unfit) = (standing, is_below_unfit);
        }
    }

    /// Whether no path is in order that an issuer which is certified stands on, as far as is known.
    pub(super) fn is_unfit(&mut self, issuer: Issuer<'a>) -> bool {
        let Issuer::Node(node) = issuer else { return false };
        !self.standings.is_authority(node, &self.pool, self.rules.usage)
            || self.standings.at(node).is_some_and(|noted| noted.is_below_unfit)
    }

    fn nearest_signature(&mut self, start: Node) -> Result<Nearest<'a>, Limit> {
        let Self { pool, signatures, standings, rules, effort, met_distrusted, met_unfit, .. } = self;
        standings.search = standings.search.saturating_add(1);
        standings.visit(start);
        let mut queue = alloc::vec![start];
        // The names that were met: of each the authorities that need another look for another certificate, because
        // they are known not to have signed one.
        let mut met: BTreeMap<&[u8], Vec<Node>> = BTreeMap::new();
        let mut position = 0_usize;
        while let Some(child) = queue.get(position).copied() {
            position = position.saturating_add(1);
            for anchor in pool.anchors_of(child) {
                signatures.count_step()?;
                *met_distrusted |= anchor.is_distrusted;
                if !anchor.is_distrusted && !signatures.is_refuted(pool, child, Issuer::Anchor(anchor)) {
                    return Ok(Nearest::Signature(child, Issuer::Anchor(anchor)));
                }
            }
            let name = pool.issuer_name(child);
            let others = met.get(name).cloned();
            let mut refuted = Vec::new();
            let all = others.is_none().then(|| pool.named(name)).into_iter().flatten();
            for issuer in all.chain(others.into_iter().flatten()) {
                signatures.count_step()?;
                let standing = standings.of(issuer);
                if standing == Standing::Hopeless {
                    continue;
                }
                if *effort < Effort::WithUnfit && !standings.is_authority(issuer, pool, rules.usage) {
                    *met_unfit = true;
                    continue;
                }
                if signatures.is_refuted(pool, child, Issuer::Node(issuer)) {
                    refuted.push(issuer);
                } else if standing == Standing::Certified {
                    return Ok(Nearest::Signature(child, Issuer::Node(issuer)));
                } else if pool.is_distrusted(issuer, rules.distrusted) {
                    *met_distrusted = true;
                    standings.set(issuer, Standing::Hopeless);
                } else if standings.visit(issuer) {
                    queue.push(issuer);
                }
            }
            met.entry(name).or_insert(refuted);
        }
        Ok(Nearest::Nothing(queue))
    }
}

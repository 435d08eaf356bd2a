//! Which authorities a trusted key has certified: an anchor's, or that of one which is certified itself.
//!
//! A search for one authority goes from it upwards, along names, to the nearest signature that can be checked: by an
//! anchor, or by an authority that is certified. Each search ends in one check, or tells that there is no way left.

use super::pool::{Distrust, Issuer, Node};
use super::search::{Effort, Outcome, Search};
use super::signatures::Limit;
use super::standing::Standing;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::ControlFlow;

/// How many checks may fail before the search for who certified an authority is put off: with these, all that can come
/// with one leaf leaves enough of the limit on checks for an authority that is in order.
const PATIENCE: usize = 4;

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

    fn nearest_signature(&mut self, start: Node) -> Result<Nearest<'a>, Limit> {
        let Self { pool, signatures, standings, rules, effort, met_distrusted, met_unfit, .. } = self;
        standings.begin_search(start);
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

//! Why no path was found, where the certificates themselves tell more than that: for people, and without a check.

use super::pool::{Node, Pool};
use super::search::Search;
use crate::crypto::{Unaccepted, check_accepted, describe_key, describe_signature};
use crate::rejection::{Obstacle, Subject};
use crate::x509::certificate::Certificate;
use crate::x509::distinguished_name::{self, Comparison};
use alloc::vec::Vec;

/// How many certificates, authorities of one name, and names of others are looked at.
const MOST_LOOKED_AT: usize = 64;
/// How many bytes of names are compared in all, those of sets as often as each is compared with each.
const MOST_COMPARED: usize = 32 * 1_024;

impl Search<'_, '_> {
    /// The obstacle nearest to the leaf, upwards along names.
    pub(super) fn obstacle(&self) -> Option<Obstacle> {
        let pool = &self.pool;
        let mut seen = alloc::vec![Node::Leaf];
        let mut position = 0_usize;
        let mut left = MOST_COMPARED;
        while let Some(node) = seen.get(position).copied() {
            position = position.saturating_add(1);
            let child = pool.certificate(node)?;
            let mut is_named = false;
            for (issuer, certificate) in issuers(pool, &child) {
                is_named = true;
                if let Some(obstacle) = self.unaccepted(node, &child, &certificate) {
                    return Some(obstacle);
                }
                if let Some(issuer) = issuer {
                    if seen.len() < MOST_LOOKED_AT && !seen.contains(&issuer) {
                        seen.push(issuer);
                    }
                }
            }
            if !is_named {
                if let Some(authority) = alike(pool, child.issuer, &mut left) {
                    let (issuer, authority) = (child.issuer_text(), authority.subject_text());
                    return Some(Obstacle::NameSpeltOtherwise { issuer, authority });
                }
            }
        }
        None
    }

    fn unaccepted(&self, node: Node, child: &Certificate<'_>, issuer: &Certificate<'_>) -> Option<Obstacle> {
        match check_accepted(&issuer.public_key, child.signature_algorithm, self.rules.accepted_algorithms) {
            Ok(()) => None,
            Err(Unaccepted::Key) => Some(Obstacle::KeyNotAccepted {
                authority: issuer.subject_text(),
                key: describe_key(&issuer.public_key),
            }),
            Err(Unaccepted::Signature) => Some(Obstacle::SignatureNotAccepted {
                certificate: match node {
                    Node::Leaf => Subject::Leaf,
                    Node::Supplied(_) | Node::Known(_) => Subject::Authority(child.subject_text()),
                },
                algorithm: describe_signature(child.signature_algorithm),
            }),
        }
    }
}

/// The authorities whose name is that of a certificate's issuer, the anchors first.
fn issuers<'a>(pool: &Pool<'a>, child: &Certificate<'a>) -> Vec<(Option<Node>, Certificate<'a>)> {
    let anchors = pool.anchors.named(child.issuer).map(|anchor| (None, anchor.certificate()));
    let nodes = pool.named(child.issuer).filter_map(|node| Some((Some(node), pool.certificate(node)?)));
    anchors.chain(nodes).take(MOST_LOOKED_AT).collect()
}

/// An authority whose name is another spelling of this one: in the type of its strings, their case, or their white
/// space.
fn alike<'a>(pool: &Pool<'a>, name: &[u8], left: &mut usize) -> Option<Certificate<'a>> {
    let given = pool.anchors.iter().chain(pool.known.iter()).map(|given| given.certificate());
    let supplied = pool.supplied.iter().map(|supplied| supplied.certificate);
    let mut spend = |bytes: usize| {
        *left = left.saturating_sub(bytes);
        *left > 0
    };
    // Nothing more is compared once there are no bytes left.
    let is_alike = |other: &Certificate<'_>| {
        spend(other.subject.len().saturating_add(name.len()).saturating_mul(2))
            && spend(distinguished_name::work_beyond_length(other.subject, name))
            && spend(distinguished_name::work_beyond_length(name, other.subject))
            && distinguished_name::compare_prefix(other.subject, name) == Comparison::Same
            && distinguished_name::compare_prefix(name, other.subject) == Comparison::Same
    };
    supplied.chain(given).take(MOST_LOOKED_AT).find(is_alike)
}

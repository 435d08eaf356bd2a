//! What paths are made of: the leaf, the certificates that came with it, the verifier's known intermediates, and the
//! anchors.

use crate::chain::authority::{Authorities, Authority};
use crate::chain::trust::Distrusted;
use crate::crypto::AuthorityKey;
use crate::x509::certificate::Certificate;
use alloc::vec::Vec;
use core::cell::OnceCell;

/// A certificate that may stand on a path below the anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Leaf,
    /// One that came with the signature, by its position.
    Supplied(usize),
    /// One of the verifier's known intermediates, by its position.
    Known(usize),
}

/// What may have signed a certificate.
#[derive(Clone, Copy)]
pub(super) enum Issuer<'a> {
    Anchor(&'a Authority),
    Node(Node),
}

/// A certificate that came with the signature, and may be the issuer of another.
pub(super) struct Supplied<'a> {
    pub(super) certificate: Certificate<'a>,
    /// The node that it is: one of the verifier's own where that is the same certificate.
    pub(super) node: Node,
    key: OnceCell<Option<AuthorityKey>>,
    is_distrusted: OnceCell<bool>,
}

impl Supplied<'_> {
    /// The key, made ready when it is asked for the first time. That may be work, so that nobody must ask before a
    /// trusted key has certified it.
    pub(super) fn key(&self) -> Option<&AuthorityKey> {
        self.key.get_or_init(|| AuthorityKey::new(&self.certificate.public_key)).as_ref()
    }
}

pub(super) struct Pool<'a> {
    pub(super) leaf: Certificate<'a>,
    /// The leaf once more, where it is one of the verifier's own.
    pub(super) own_leaf: Option<&'a Authority>,
    pub(super) supplied: Vec<Supplied<'a>>,
    pub(super) known: &'a Authorities,
    pub(super) anchors: &'a Authorities,
}

impl<'a> Pool<'a> {
    /// Reads certificates that came with the signature. Unreadable ones are ignored, and copies of one are one.
    pub(super) fn read_supplied(&mut self, unread: &mut dyn Iterator<Item = &'a [u8]>) {
        for certificate in unread.filter_map(|der| Certificate::parse(der).ok()) {
            if self.supplied.iter().any(|earlier| earlier.certificate.der == certificate.der) {
                continue;
            }
            let own_copy = |position: &usize| {
                self.known.get(*position).is_some_and(|known| known.der() == certificate.der)
            };
            let own_copy = self.known.positions_named(certificate.subject).iter().copied().find(own_copy);
            let node = own_copy.map_or(Node::Supplied(self.supplied.len()), Node::Known);
            let (key, is_distrusted) = (OnceCell::new(), OnceCell::new());
            self.supplied.push(Supplied { certificate, node, key, is_distrusted });
        }
    }

    /// The certificate that the verifier was given, where it is one.
    pub(super) fn own(&self, node: Node) -> Option<&'a Authority> {
        match node {
            Node::Leaf => self.own_leaf,
            Node::Known(position) => self.known.get(position),
            Node::Supplied(_) => None,
        }
    }

    pub(super) fn certificate(&self, node: Node) -> Option<Certificate<'a>> {
        match node {
            Node::Leaf => Some(self.leaf),
            Node::Supplied(position) => self.supplied.get(position).map(|supplied| supplied.certificate),
            Node::Known(position) => self.known.get(position).map(Authority::certificate),
        }
    }

    pub(super) fn issuer_name(&self, node: Node) -> &'a [u8] {
        match node {
            Node::Leaf => self.leaf.issuer,
            Node::Supplied(position) => {
                self.supplied.get(position).map_or(&[], |supplied| supplied.certificate.issuer)
            }
            Node::Known(position) => self.known.get(position).map_or(&[], Authority::issuer),
        }
    }

    /// The certificates of authorities of this name: first what came with the signature, so that many known
    /// intermediates of one name do not use up the limit on checks.
    pub(super) fn named<'s>(&'s self, name: &'a [u8]) -> impl Iterator<Item = Node> + use<'s, 'a> {
        let supplied = self.supplied.iter().filter(move |supplied| supplied.certificate.subject == name);
        let known = self.known.positions_named(name).iter().copied();
        supplied.map(|supplied| supplied.node).chain(known.map(Node::Known))
    }

    /// The anchors that may have issued a certificate: first one of which this is known, so that another of its name
    /// costs no check.
    pub(super) fn anchors_of(&self, child: Node) -> impl Iterator<Item = &'a Authority> + use<'a> {
        let named = || self.anchors.named(self.issuer_name(child));
        let known = self.own(child).filter(|known| known.has_known_signer());
        let signer = known.and_then(|known| named().find(|anchor| known.is_known_signed_by(anchor)));
        let is_other =
            move |anchor: &&Authority| !signer.is_some_and(|signer| core::ptr::eq(signer, *anchor));
        signer.into_iter().chain(named().filter(is_other))
    }

    /// Whether a certificate or its key is distrusted, as far as this is told without arithmetic on the key.
    pub(super) fn is_distrusted(&self, node: Node, distrusted: &Distrusted) -> bool {
        match node {
            Node::Leaf => false,
            Node::Supplied(position) => self.supplied.get(position).is_some_and(|supplied| {
                *supplied.is_distrusted.get_or_init(|| distrusted.has_as_spelt(&supplied.certificate))
            }),
            Node::Known(position) => self.known.get(position).is_some_and(|known| known.is_distrusted),
        }
    }

    /// Whether a certificate that a trusted key has certified may certify others: its key can be used, and is not
    /// distrusted in any spelling.
    pub(super) fn can_certify(&self, node: Node, distrusted: &Distrusted) -> Result<bool, Distrust> {
        if self.is_distrusted(node, distrusted) {
            return Err(Distrust);
        }
        match node {
            Node::Leaf => Ok(false),
            Node::Supplied(position) => match self.supplied.get(position) {
                Some(supplied) if distrusted.has_uncompressed(&supplied.certificate) => Err(Distrust),
                supplied => Ok(supplied.is_some_and(|supplied| supplied.key().is_some())),
            },
            Node::Known(position) => Ok(self.known.get(position).is_some_and(|known| known.key.is_some())),
        }
    }
}

/// A certificate or its key is distrusted.
pub(super) struct Distrust;

//! Merkle trees of logs, and proofs about them: SHA-256, as RFC 6962, section 2.1, and RFC 9162, section 2.1, have them.
//!
//! How many hashes a proof has is determined by what it is about: one more or one less is refused. Sizes are of any `u64`.

use crate::crypto::sha256;
use alloc::vec::Vec;

/// A hash of a tree: of a leaf, a node or the root.
pub type Hash = [u8; 32];

/// Why a proof does not prove what it is held against.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// A hash is not of 32 bytes.
    #[error("hash {position} of the proof has {bytes} bytes, not 32")]
    NoHash {
        /// Which hash of the proof, counted from zero.
        position: usize,
        /// How many bytes it has.
        bytes: usize,
    },
    /// The tree has no such entry.
    #[error("the tree has {size} entries, so none of index {index}")]
    IndexBeyondSize {
        /// The entry's index, counted from zero.
        index: u64,
        /// How many entries the tree has.
        size: u64,
    },
    /// There are more or fewer hashes than the index and the size, or the two sizes, determine.
    #[error("the proof has {found} hashes, where there must be {expected}")]
    WrongLength {
        /// How many hashes there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// The hashes lead to another root.
    #[error("the proof leads to another root than the tree's")]
    WrongRoot,
    /// The hashes lead to another root than the smaller tree's.
    #[error("the proof leads to another root than the smaller tree's")]
    WrongFirstRoot,
    /// One of the trees is empty: every tree goes on from it, so it proves nothing.
    #[error("nothing is consistent with an empty tree")]
    EmptyTree,
    /// The second tree is the smaller one.
    #[error("a tree of {size1} entries cannot have become one of {size2}")]
    Shrunk {
        /// The size of the first tree.
        size1: u64,
        /// The size of the second tree.
        size2: u64,
    },
    /// Two trees of one size have different roots.
    #[error("two trees of one size have different roots")]
    Forked,
}

/// The hash of a leaf: SHA-256 of a zero byte and the entry's bytes.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    sha256(&[&[0x00], entry].concat())
}

/// The hash of an inner node: SHA-256 of the byte 1 and its children's hashes.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[0x01][..], left, right].concat())
}

/// The root of the tree without entries: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The hashes of a proof.
///
/// # Errors
///
/// [`ProofError::NoHash`] if one is not of 32 bytes.
pub fn hashes<H: AsRef<[u8]>>(proof: impl IntoIterator<Item = H>) -> Result<Vec<Hash>, ProofError> {
    let read = |(position, hash): (usize, H)| {
        let bytes = hash.as_ref();
        Hash::try_from(bytes).map_err(|_| ProofError::NoHash { position, bytes: bytes.len() })
    };
    proof.into_iter().enumerate().map(read).collect()
}

/// The root to which an inclusion proof leads: the one of a tree of `size` entries in which the entry at `index`, counted
/// from zero, has this leaf hash. (RFC 9162, section 2.1.3.2.)
///
/// # Errors
///
/// [`ProofError::IndexBeyondSize`], or [`ProofError::WrongLength`].
pub fn root_from_inclusion(
    index: u64,
    size: u64,
    leaf_hash: &Hash,
    proof: &[Hash],
) -> Result<Hash, ProofError> {
    let last = size.checked_sub(1).filter(|last| index <= *last);
    let path = Path::of(index, last.ok_or(ProofError::IndexBeyondSize { index, size })?);
    let (forked, along_the_edge) = path.split(0, proof)?;
    Ok(climb_edge(climb(*leaf_hash, forked, index), along_the_edge))
}

/// Verifies that a tree of `size` entries with this root has an entry with this leaf hash at `index`, counted from zero.
///
/// # Errors
///
/// [`ProofError::IndexBeyondSize`], [`ProofError::WrongLength`], or [`ProofError::WrongRoot`].
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf_hash: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if root_from_inclusion(index, size, leaf_hash, proof)? == *root {
        Ok(())
    } else {
        Err(ProofError::WrongRoot)
    }
}

/// Verifies that a tree of `size2` entries begins with the entries of a tree of `size1`. Trees of one size are
/// consistent if they have one root, and the proof of that is empty. (RFC 9162, section 2.1.4.2.)
///
/// # Errors
///
/// [`ProofError::EmptyTree`], [`ProofError::Shrunk`], [`ProofError::WrongLength`], [`ProofError::Forked`],
/// [`ProofError::WrongFirstRoot`], or [`ProofError::WrongRoot`].
pub fn verify_consistency(
    size1: u64,
    size2: u64,
    root1: &Hash,
    root2: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    let (Some(last1), Some(last2)) = (size1.checked_sub(1), size2.checked_sub(1)) else {
        return Err(ProofError::EmptyTree);
    };
    if size1 > size2 {
        return Err(ProofError::Shrunk { size1, size2 });
    }
    if size1 == size2 {
        return match proof {
            [] if root1 == root2 => Ok(()),
            [] => Err(ProofError::Forked),
            _ => Err(ProofError::WrongLength { found: proof.len(), expected: 0 }),
        };
    }
    // The last complete subtree of the smaller tree is a node of both. It is where the proof starts, and if it is the
    // whole smaller tree, its hash is known.
    let height = size1.trailing_zeros();
    let path = Path::of(last1, last2).above(height);
    let (start, rest) = if size1.is_power_of_two() {
        (*root1, proof)
    } else {
        match proof.split_first() {
            Some((first, rest)) => (*first, rest),
            None => return Err(path.wrong_length(1, 0)),
        }
    };
    let begins = proof.len().saturating_sub(rest.len());
    let (forked, along_the_edge) = path.split(begins, rest)?;
    let way = last1.checked_shr(height).unwrap_or(0);
    let of_first = climb_edge(climb_within(start, forked, way), along_the_edge);
    if of_first != *root1 {
        return Err(ProofError::WrongFirstRoot);
    }
    if climb_edge(climb(start, forked, way), along_the_edge) != *root2 {
        return Err(ProofError::WrongRoot);
    }
    Ok(())
}

/// The way from a leaf to the root: as long as it has not met the way from the last leaf there may be a sibling on
/// either side; from then on, along the tree's right edge, there are siblings on the left alone.
struct Path {
    /// How many levels there are below the meeting. Each has a sibling.
    forked: u32,
    /// How many siblings there are above it.
    along_the_edge: u32,
}

impl Path {
    fn of(index: u64, last: u64) -> Self {
        let forked = u64::BITS.saturating_sub((index ^ last).leading_zeros());
        Self { forked, along_the_edge: index.checked_shr(forked).unwrap_or(0).count_ones() }
    }

    /// The part of it that is above a node of this height.
    const fn above(self, height: u32) -> Self {
        Self { forked: self.forked.saturating_sub(height), along_the_edge: self.along_the_edge }
    }

    /// The siblings on each part of the way, if there are as many as it has. `begins` is how many hashes of the proof came
    /// before.
    fn split<'p>(&self, begins: usize, siblings: &'p [Hash]) -> Result<(&'p [Hash], &'p [Hash]), ProofError> {
        let forked = usize::try_from(self.forked).unwrap_or(usize::MAX);
        siblings
            .split_at_checked(forked)
            .filter(|(_, rest)| u32::try_from(rest.len()) == Ok(self.along_the_edge))
            .ok_or_else(|| self.wrong_length(begins, begins.saturating_add(siblings.len())))
    }

    fn wrong_length(&self, begins: usize, found: usize) -> ProofError {
        let siblings = usize::try_from(self.forked.saturating_add(self.along_the_edge)).unwrap_or(usize::MAX);
        ProofError::WrongLength { found, expected: begins.saturating_add(siblings) }
    }
}

/// Upwards past siblings on both sides: a bit of the way, the lowest first, tells that the sibling is the left one.
fn climb(start: Hash, siblings: &[Hash], way: u64) -> Hash {
    steps(siblings, way).fold(start, |hash, (sibling, is_left)| {
        if is_left { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) }
    })
}

/// The same within the smaller tree of two, which has the siblings on the left alone.
fn climb_within(start: Hash, siblings: &[Hash], way: u64) -> Hash {
    let of_both = steps(siblings, way).filter(|(_, is_left)| *is_left);
    of_both.fold(start, |hash, (sibling, _)| node_hash(sibling, &hash))
}

fn climb_edge(start: Hash, siblings: &[Hash]) -> Hash {
    siblings.iter().fold(start, |hash, sibling| node_hash(sibling, &hash))
}

fn steps(siblings: &[Hash], way: u64) -> impl Iterator<Item = (&Hash, bool)> {
    let ways = core::iter::successors(Some(way), |way| Some(way >> 1_u32));
    siblings.iter().zip(ways.map(|way| way & 1 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    /// RFC 6962, section 2.1, to the letter.
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = halves(leaves);
                node_hash(&root(left), &root(right))
            }
        }
    }

    fn halves(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
        leaves.split_at(leaves.len().div_ceil(2).next_power_of_two())
    }

    /// RFC 6962, section 2.1.1.
    fn inclusion(index: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let (left, right) = halves(leaves);
        let (mut proof, sibling) = if index < left.len() {
            (inclusion(index, left), root(right))
        } else {
            (inclusion(index - left.len(), right), root(left))
        };
        proof.push(sibling);
        proof
    }

    /// RFC 6962, section 2.1.2.
    fn consistency(size1: usize, leaves: &[Hash], is_whole: bool) -> Vec<Hash> {
        if size1 == leaves.len() {
            return if is_whole { Vec::new() } else { vec![root(leaves)] };
        }
        let (left, right) = halves(leaves);
        let (mut proof, sibling) = if size1 <= left.len() {
            (consistency(size1, left, is_whole), root(right))
        } else {
            (consistency(size1 - left.len(), right, false), root(left))
        };
        proof.push(sibling);
        proof
    }

    fn leaves(size: usize) -> Vec<Hash> {
        (0..size).map(|index| leaf_hash(index.to_string().as_bytes())).collect()
    }

    /// Each proof with one hash altered, missing, added, or two exchanged.
    fn altered(proof: &[Hash]) -> Vec<Vec<Hash>> {
        let mut others = Vec::new();
        for position in 0..=proof.len() {
            let mut other = proof.to_vec();
            other.insert(position, [7; 32]);
            others.push(other);
        }
        for position in 0..proof.len() {
            let mut other = proof.to_vec();
            other[position][position] ^= 1;
            others.push(other.clone());
            other.remove(position);
            others.push(other);
            if position > 0 {
                let mut other = proof.to_vec();
                other.swap(position - 1, position);
                others.push(other);
            }
        }
        others
    }

    #[test]
    fn in_every_small_tree_each_entry_is_proven_where_it_is_and_nowhere_else() {
        for size in 0..=64_usize {
            let leaves = leaves(size);
            let root = root(&leaves);
            let verify = |index: usize, size: usize, leaf: &Hash, proof: &[Hash]| {
                verify_inclusion(index as u64, size as u64, leaf, proof, &root)
            };
            for (index, leaf) in leaves.iter().enumerate() {
                let proof = inclusion(index, &leaves);
                assert_eq!(verify(index, size, leaf, &proof), Ok(()), "{index} of {size}");
                for other in (0..size + 2).filter(|other| *other != index) {
                    assert!(verify(other, size, leaf, &proof).is_err(), "{index} of {size} at {other}");
                }
                for other in altered(&proof) {
                    assert!(verify(index, size, leaf, &other).is_err(), "{index} of {size}");
                }
                assert_eq!(verify(index, size, &node_hash(leaf, leaf), &proof), Err(ProofError::WrongRoot));
            }
            let beyond = ProofError::IndexBeyondSize { index: size as u64, size: size as u64 };
            assert_eq!(verify(size, size, &[0; 32], &[]), Err(beyond));
        }
    }

    #[test]
    fn every_small_tree_is_consistent_with_its_beginnings_and_nothing_else() {
        for size2 in 0..=64_usize {
            let leaves = leaves(size2);
            let root2 = root(&leaves);
            for size1 in 0..=size2 + 1 {
                let root1 = root(&leaves[..size1.min(size2)]);
                let verify = |root1: &Hash, root2: &Hash, proof: &[Hash]| {
                    verify_consistency(size1 as u64, size2 as u64, root1, root2, proof)
                };
                if size1 == 0 || size1 > size2 {
                    assert!(verify(&root1, &root2, &[]).is_err(), "{size1} of {size2}");
                    continue;
                }
                let proof = consistency(size1, &leaves, true);
                assert_eq!(verify(&root1, &root2, &proof), Ok(()), "{size1} of {size2}");
                for other in altered(&proof) {
                    assert!(verify(&root1, &root2, &other).is_err(), "{size1} of {size2}");
                }
                assert!(verify(&[7; 32], &root2, &proof).is_err());
                assert!(verify(&root1, &[7; 32], &proof).is_err());
            }
        }
    }

    #[test]
    fn the_largest_sizes_overflow_nothing() {
        let (hash, last) = ([7; 32], u64::MAX - 1);
        for (index, length) in [(0, 64), (1 << 63, 64), (last, 63), (last - 1, 64)] {
            let proof = vec![hash; length];
            assert!(root_from_inclusion(index, u64::MAX, &hash, &proof).is_ok(), "{index}");
            assert_eq!(
                root_from_inclusion(index, u64::MAX, &hash, &proof[1..]),
                Err(ProofError::WrongLength { found: length - 1, expected: length })
            );
        }
        for (size1, length) in [(1, 64), (1 << 63, 1), (u64::MAX - 1, 64), (3, 65)] {
            let proof = vec![hash; length];
            let verify = |proof: &[Hash]| verify_consistency(size1, u64::MAX, &hash, &hash, proof);
            assert!(
                matches!(verify(&proof), Err(ProofError::WrongRoot | ProofError::WrongFirstRoot)),
                "{size1}"
            );
            assert_eq!(
                verify(&proof[1..]),
                Err(ProofError::WrongLength { found: length - 1, expected: length })
            );
        }
    }

    #[test]
    fn what_is_not_of_32_bytes_is_no_hash() {
        assert_eq!(hashes([[1; 32], [2; 32]]), Ok(vec![[1; 32], [2; 32]]));
        for bytes in [0, 31, 33] {
            let refused = hashes([vec![0; 32], vec![0; bytes]]);
            assert_eq!(refused, Err(ProofError::NoHash { position: 1, bytes }));
        }
    }
}

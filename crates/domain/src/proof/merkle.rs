//! The Merkle tree of RFC 9162 §2.1 over the audit log. A leaf's hash is the entry's own link of the chain,
//! `SHA-256(0x00 ‖ previous ‖ entry)`; an inner node is `SHA-256(0x01 ‖ left ‖ right)`.

use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];

pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// The largest power of two smaller than `n`, for `n` above one.
const fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The hash over the leaves from `start` to before `end`. `known` gives the hashes that need no computing: all
/// leaves, and whatever larger parts are kept. `None` when it lacks one.
pub fn range(known: &impl Fn(u64, u64) -> Option<Hash>, start: u64, end: u64) -> Option<Hash> {
    let size = end.checked_sub(start)?;
    if size == 0 {
        return Some(Sha256::digest([]).into());
    }
    if let Some(hash) = known(start, size) {
        return Some(hash);
    }
    if size == 1 {
        return None;
    }
    let middle = start + split(size);
    Some(node(&range(known, start, middle)?, &range(known, middle, end)?))
}

/// The hashes that lead from a leaf to the root over the leaves from `start` to before `end` (§2.1.3.1).
pub fn path(known: &impl Fn(u64, u64) -> Option<Hash>, leaf: u64, start: u64, end: u64) -> Option<Vec<Hash>> {
    if leaf < start || leaf >= end {
        return None;
    }
    if end - start == 1 {
        return Some(Vec::new());
    }
    let middle = start + split(end - start);
    let (mut path, other) = if leaf < middle {
        (path(known, leaf, start, middle)?, range(known, middle, end)?)
    } else {
        (path(known, leaf, middle, end)?, range(known, start, middle)?)
    };
    path.push(other);
    Some(path)
}

/// Whether a leaf stands at `index` of the tree of `size` leaves with this root (§2.1.3.2).
pub fn is_in(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for other in path {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            hash = node(other, &hash);
            while at.is_multiple_of(2) && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, other);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaf(n: u64) -> Hash {
        Sha256::digest(n.to_le_bytes()).into()
    }

    fn leaves(start: u64, size: u64) -> Option<Hash> {
        (size == 1).then(|| leaf(start))
    }

    /// RFC 9162 has no vectors of its own; these are the ones of RFC 6962's reference implementation.
    #[test]
    fn the_root_of_known_leaves() {
        let hashed = |text: &str| -> Hash {
            let mut hasher = Sha256::new();
            hasher.update([0]);
            hasher.update(hex::decode(text).unwrap());
            hasher.finalize().into()
        };
        let inputs =
            ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        let known = |start: u64, size: u64| (size == 1).then(|| hashed(inputs[usize::try_from(start).unwrap()]));
        let root = |n| hex::encode(range(&known, 0, n).unwrap());
        assert_eq!(root(1), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_eq!(root(2), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assert_eq!(root(8), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    proptest! {
        #[test]
        fn every_leaf_is_shown_to_be_in_and_no_other(size in 1u64..200, index in 0u64..200, other in 0u64..400) {
            let index = index % size;
            let root = range(&leaves, 0, size).unwrap();
            let path = path(&leaves, index, 0, size).unwrap();
            prop_assert!(is_in(&leaf(index), index, size, &path, &root));
            if other != index {
                prop_assert!(!is_in(&leaf(other), index, size, &path, &root));
                prop_assert!(!is_in(&leaf(index), other, size, &path, &root));
            }
            if let Some((_, shorter)) = path.split_last() {
                prop_assert!(!is_in(&leaf(index), index, size, shorter, &root));
            }
        }

        /// Kept parts of the tree give the same root as all its leaves.
        #[test]
        fn kept_parts_do_not_change_it(size in 1u64..300) {
            let kept = |start: u64, of: u64| {
                (of == 16 && start.is_multiple_of(16)).then(|| range(&leaves, start, start + 16)).flatten().or_else(|| leaves(start, of))
            };
            prop_assert_eq!(range(&kept, 0, size), range(&leaves, 0, size));
        }
    }
}

//! How staff see whose request it is: masked, with a mark by which two are told apart that look the same.

use domain::{
    Identifier,
    map::Kind,
    mask::{Profile, mask},
};
use store::Vault;

/// Whoever a request is about.
#[derive(Clone, Debug)]
pub struct Who {
    pub masked: String,
    /// The same, each with its mark: the same mark is the same number or address.
    pub marked: String,
}

impl Who {
    pub(crate) fn of(vault: &Vault, identifiers: &[Identifier]) -> Self {
        let marked = identifiers.iter().map(|one| format!("{} #{}", mask_one(one), vault.person_mark(one)));
        Self { masked: masked(identifiers), marked: joined(marked) }
    }
}

pub fn masked(identifiers: &[Identifier]) -> String {
    joined(identifiers.iter().map(mask_one))
}

pub(crate) fn mask_one(identifier: &Identifier) -> String {
    mask(Kind::from(identifier.kind()), Profile::Screen, identifier.reveal())
}

fn joined(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join(" · ")
}

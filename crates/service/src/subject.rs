//! How staff see whose request it is: masked.

use domain::{
    Identifier, IdentifierKind,
    map::Kind,
    mask::{Profile, mask},
};

pub fn masked(identifiers: &[Identifier]) -> String {
    let one = |identifier: &Identifier| {
        let kind = match identifier.kind() {
            IdentifierKind::Email => Kind::Email,
            IdentifierKind::Mobile => Kind::Mobile,
        };
        mask(kind, Profile::Screen, identifier.reveal())
    };
    identifiers.iter().map(one).collect::<Vec<_>>().join(" · ")
}

//! Of which records a deletion is, or a copy that is asked for somebody else. A person may choose (PIPL art. 45, 47); of a
//! deletion what nobody could find without what they chose goes along. It stands in the history of the request, which
//! outlives what was written in it.

use std::collections::BTreeSet;

use domain::{
    map::{DataMap, Extent, TableName},
    plan::Plan,
    request::{Happened, RequestKind},
};
use store::{history::Event, requests::Request};

use crate::{Portal, ServiceError, copies::read};

/// Whether a request of this kind can be of some records.
pub const fn may_be_of_some(kind: RequestKind) -> bool {
    matches!(kind, RequestKind::Delete | RequestKind::Copy)
}

/// What is chosen, and of a deletion what goes along with it.
pub fn with_along(map: &DataMap, kind: RequestKind, chosen: &BTreeSet<TableName>) -> BTreeSet<TableName> {
    if kind == RequestKind::Delete { map.with_what_hangs_on(chosen) } else { chosen.clone() }
}

/// What a person asked for when they filed it.
pub(super) fn asked_for(kind: RequestKind, events: &[Event]) -> Extent {
    if !may_be_of_some(kind) {
        return Extent::Everything;
    }
    read(events.iter().find(|event| event.what == Happened::Filed))
}

/// In which tables somebody has anything, by the plan of all of it.
pub(super) fn tables_of(plan: &Plan) -> BTreeSet<TableName> {
    plan.items.iter().map(|item| item.table.clone()).collect()
}

impl Portal {
    /// What is chosen with what goes along. Who names all they have by now asks for that, and not for what is added later.
    pub(super) fn chosen_of(&self, wanted: &Extent) -> Extent {
        match wanted {
            Extent::Everything => Extent::Everything,
            Extent::Only(tables) => Extent::Only(self.map.with_what_hangs_on(tables)),
            Extent::Record(record) => Extent::Record(record.clone()),
        }
    }

    /// What somebody may ask for another, without a look at what there is: whoever asks must learn nothing by it.
    pub(super) fn unseen(&self, kind: RequestKind, wanted: &Extent) -> Extent {
        match wanted {
            Extent::Only(tables) if may_be_of_some(kind) => Extent::Only(with_along(&self.map, kind, tables)),
            // Only one's own records are shown one by one.
            Extent::Only(_) | Extent::Record(_) | Extent::Everything => Extent::Everything,
        }
    }

    /// Of which records a request is.
    pub(crate) async fn extent_of(&self, request: &Request) -> Result<Extent, ServiceError> {
        if !may_be_of_some(request.kind) {
            return Ok(Extent::Everything);
        }
        self.with_key(request, asked_for(request.kind, &self.store.events(request).await?)).await
    }

    /// Nothing of theirs is left once it is done, but for what must stay.
    pub(crate) async fn erases_all(&self, request: &Request) -> Result<bool, ServiceError> {
        Ok(request.kind.erases_all() && self.extent_of(request).await? == Extent::Everything)
    }
}

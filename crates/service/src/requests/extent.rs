//! Of which records a deletion is. A person may choose (PIPL art. 47); what nobody could find without what they chose goes
//! along. It stands in the history of the request, which outlives what was written in it.

use std::collections::BTreeSet;

use domain::{
    map::{Extent, TableName},
    plan::Plan,
    request::RequestKind,
};
use store::{history::Event, requests::Request};

use crate::{Portal, ServiceError, copies::read};

/// What a person asked for when they filed it.
pub(super) fn asked_for(kind: RequestKind, events: &[Event]) -> Extent {
    if kind != RequestKind::Delete {
        return Extent::Everything;
    }
    read(events.iter().find(|event| event.what == "filed"))
}

/// In which tables somebody has anything, by the plan of all of it.
pub(super) fn tables_of(plan: &Plan) -> BTreeSet<TableName> {
    plan.items.iter().map(|item| item.table.clone()).collect()
}

impl Portal {
    /// What is chosen with what goes along; everything, where nothing of theirs is left out.
    pub(super) fn chosen_of(&self, whole: &Plan, wanted: &Extent) -> Extent {
        match wanted {
            Extent::Everything => Extent::Everything,
            Extent::Only(tables) => {
                let tables = self.map.with_what_hangs_on(tables);
                let all = tables_of(whole).is_subset(&tables);
                if all { Extent::Everything } else { Extent::Only(tables) }
            }
        }
    }

    /// Of which records a request is that erases.
    pub(crate) async fn extent_of(&self, request: &Request) -> Result<Extent, ServiceError> {
        if request.kind != RequestKind::Delete {
            return Ok(Extent::Everything);
        }
        Ok(asked_for(request.kind, &self.store.events(request).await?))
    }

    /// Nothing of theirs is left once it is done, but for what must stay.
    pub(crate) async fn erases_all(&self, request: &Request) -> Result<bool, ServiceError> {
        Ok(request.kind.erases_all() && self.extent_of(request).await? == Extent::Everything)
    }
}

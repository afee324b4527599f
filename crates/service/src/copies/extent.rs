//! Of which tables what an officer agreed to is: those they chose, of those that may be handed out at all.

use std::collections::BTreeSet;

use domain::{
    map::{DataMap, Extent, OneRecord, TableName},
    permit::Work,
    request::{Happened, RequestKind},
};
use store::{
    copies::{CopyFor, StoredCopy},
    history::Event,
};

use crate::{Portal, ServiceError};

/// The most that an answer to a request of this kind can hand out; `None` where it hands out nothing.
pub fn may_hand_out(map: &DataMap, kind: RequestKind) -> Option<Extent> {
    if kind == RequestKind::Transfer {
        return Some(map.transferable());
    }
    kind.hands_out().map(|_| Extent::Everything)
}

/// As it stands in the history of a request: nothing where all of it was agreed to.
pub(crate) fn written(extent: &Extent) -> serde_json::Value {
    let names = |tables: &BTreeSet<TableName>| tables.iter().map(ToString::to_string).collect::<Vec<_>>();
    match extent {
        Extent::Everything => serde_json::json!({}),
        Extent::Only(tables) => serde_json::json!({ "tables": names(tables) }),
        // Not which of them: a key may be personal.
        Extent::Record(OneRecord { table, tables, .. }) => {
            serde_json::json!({ "tables": names(tables), "record": table.to_string() })
        }
    }
}

/// What the officer who agreed has chosen.
pub(crate) fn chosen(events: &[Event]) -> Extent {
    read(events.iter().rfind(|event| event.what == Happened::RequestSettled))
}

/// As [`written`].
pub(crate) fn read(event: Option<&Event>) -> Extent {
    let Some(tables) = event.and_then(|event| event.data.get("tables")?.as_array()) else {
        return Extent::Everything;
    };
    let tables: BTreeSet<TableName> =
        tables.iter().filter_map(|table| table.as_str()).filter_map(TableName::parse).collect();
    let of = event.and_then(|event| TableName::parse(event.data.get("record")?.as_str()?));
    match of {
        Some(table) => Extent::Record(OneRecord { table, key: None, tables }),
        None => Extent::Only(tables),
    }
}

impl Portal {
    /// Everything of one's own; of what was agreed to, so much.
    pub(super) async fn extent_of_copy(&self, work: &Work, copy: &StoredCopy) -> Result<Extent, ServiceError> {
        let CopyFor::Request(id) = copy.made_for else { return Ok(Extent::Everything) };
        let request = self.store.request_by_id(work, id).await?.ok_or(ServiceError::NotFound)?;
        let most = may_hand_out(&self.map, request.kind).ok_or(ServiceError::NotFound)?;
        Ok(chosen(&self.store.events(&request).await?).within(most))
    }
}

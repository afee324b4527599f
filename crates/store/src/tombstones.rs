//! Who was erased, as keyed hashes: enough to recognise someone whom a restored backup brought back, nothing to
//! know them by.

use std::collections::BTreeSet;

use domain::{
    Identifier,
    ids::RequestId,
    permit::Work,
    request::{RequestKind, Stage, StageName},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{OnConflict, Query},
};

use crate::{
    Store, StoreError, Tx,
    entity::{request, request_event, tombstone},
    requests::Request,
};

impl Tx {
    pub async fn bury(&self, subject: &[Identifier], request: RequestId, now: Timestamp) -> Result<(), StoreError> {
        for identifier in subject {
            let row = tombstone::Model {
                subject_index: self.vault.index(identifier),
                request_id: request.to_string(),
                erased_at: now.as_millisecond(),
            };
            tombstone::Entity::insert(row.into_active_model())
                .on_conflict(
                    OnConflict::columns([tombstone::Column::SubjectIndex, tombstone::Column::RequestId])
                        .do_nothing()
                        .to_owned(),
                )
                .exec_without_returning(&self.inner)
                .await?;
        }
        Ok(())
    }
}

impl Store {
    /// Whom a request erased, as keyed hashes.
    pub async fn erased_by(&self, _permit: &Work, request: RequestId) -> Result<BTreeSet<String>, StoreError> {
        let mine = tombstone::Column::RequestId.eq(request.to_string());
        let rows = tombstone::Entity::find().filter(mine).all(self.read()).await?;
        Ok(rows.into_iter().map(|row| row.subject_index).collect())
    }

    /// Which of these identifiers belonged to someone who was erased since, and by which request.
    pub async fn erased_since(
        &self,
        _permit: &Work,
        since: Timestamp,
        identifiers: &[Identifier],
    ) -> Result<Vec<(RequestId, Identifier)>, StoreError> {
        let mut found = Vec::new();
        let indexed: Vec<(String, &Identifier)> =
            identifiers.iter().map(|identifier| (self.vault().index(identifier), identifier)).collect();
        for some in indexed.chunks(500) {
            let rows = tombstone::Entity::find()
                .filter(tombstone::Column::SubjectIndex.is_in(some.iter().map(|(index, _)| index.as_str())))
                .filter(tombstone::Column::ErasedAt.gte(since.as_millisecond()))
                .all(self.read())
                .await?;
            for row in rows {
                let request = row.request_id.parse().map_err(|_| StoreError::Inconsistent { what: "a tombstone" })?;
                let of = some.iter().find(|(index, _)| *index == row.subject_index);
                found.extend(of.map(|(_, identifier)| (request, (*identifier).clone())));
            }
        }
        Ok(found)
    }

    /// Requests of these kinds that were completed since, oldest first.
    pub async fn completed_since(
        &self,
        permit: &Work,
        kinds: &[RequestKind],
        since: Timestamp,
    ) -> Result<Vec<Request>, StoreError> {
        // The stage is written as a whole; its history has the moment in a column.
        let lately = Query::select()
            .column(request_event::Column::RequestId)
            .from(request_event::Entity)
            .and_where(request_event::Column::What.eq("completed"))
            .and_where(request_event::Column::At.gte(since.as_millisecond()))
            .to_owned();
        let ids: Vec<String> = request::Entity::find()
            .select_only()
            .column(request::Column::Id)
            .filter(request::Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
            .filter(request::Column::StageName.eq(StageName::Completed.as_str()))
            .filter(request::Column::Id.in_subquery(lately))
            .order_by_asc(request::Column::Id)
            .into_tuple()
            .all(self.read())
            .await?;
        let mut found = Vec::new();
        for id in ids {
            let id = id.parse().map_err(|_| StoreError::Inconsistent { what: "a request" })?;
            let request = self.request_by_id(permit, id).await?;
            let Some(request) = request else { continue };
            if matches!(request.stage, Stage::Completed { at, .. } if at >= since) {
                found.push(request);
            }
        }
        Ok(found)
    }
}

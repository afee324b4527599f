//! After an erasure: whether texts and numbers that no rule reaches still mention the person. A call centre's
//! notes, a log table, a column nobody mapped. What stands there is read row by row and compared by keyed hashes:
//! the portal no longer knows who it was.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    actor::Actor,
    audit::Action,
    ids::{RequestId, RequestNumber},
    json,
    map::{Column, TableName},
    mentions::mentions,
    permit::{Decide, ReadRequests, Work},
    request::{Happened, Stage},
};
use serde::{Deserialize, Serialize};
use sources::{Source, rescan};
use store::jobs::JobKind;

use crate::{Portal, ServiceError, run::Heartbeat};

/// What a look through everything outside the map found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rescan {
    pub columns: u64,
    pub rows: u64,
    pub found: Vec<Mention>,
    /// Tables that could not be read: shown, because nothing is known of them.
    pub unread: Vec<TableName>,
}

/// A column that still mentions someone, and in how many rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub table: TableName,
    pub column: Column,
    pub rows: u64,
}

impl Portal {
    /// Asks for a look. It may take hours: a worker does it, and the request's history has the answer.
    ///
    /// # Errors
    /// [`ServiceError::TooLate`] for anything but a completed erasure.
    pub async fn ask_rescan(
        &self,
        _permit: &Decide,
        reader: &ReadRequests,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<(), ServiceError> {
        let request = self.store.request_by_number(reader, number).await?.ok_or(ServiceError::NotFound)?;
        let stage = request.stage.name();
        if !self.erases_all(&request).await? || !matches!(request.stage, Stage::Completed { .. }) {
            return Err(ServiceError::TooLate { stage });
        }
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.enqueue(JobKind::Rescan, &request.id.to_string(), now).await?;
        tx.audit(now, actor, Action::RescanAsked, number.as_str(), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The job.
    pub(crate) async fn rescan_for(
        &self,
        work: &Work,
        id: RequestId,
        heartbeat: &Heartbeat,
    ) -> Result<(), ServiceError> {
        let job = heartbeat.job();
        let Some(request) = self.store.request_by_id(work, id).await? else { return self.drop_job(job).await };
        let rescan = match self.rescan(work, id, &|| heartbeat.check()).await {
            Err(ServiceError::NotFound) => return self.drop_job(job).await,
            other => other?,
        };
        let now = self.clock.now();
        let rows: u64 = rescan.found.iter().map(|mention| mention.rows).sum();
        let detail = serde_json::json!({ "columns": rescan.columns, "read": rescan.rows, "rows": rows });
        let tx = self.store.begin().await?;
        let data = json::value(&rescan);
        tx.add_event(id, now, &Actor::System, Happened::Rescanned, data, None).await?;
        tx.audit(now, &Actor::System, Action::Rescanned, request.number.as_str(), detail).await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        Ok(())
    }

    /// Looks through everything outside the map for whom this request erased. `go_on` is asked between statements.
    pub async fn rescan(
        &self,
        work: &Work,
        id: RequestId,
        go_on: &(dyn Fn() -> Result<(), ServiceError> + Send + Sync),
    ) -> Result<Rescan, ServiceError> {
        let erased = self.store.erased_by(work, id).await?;
        // Nobody to look for: never erased, or forgotten since. An all-clear would be a lie.
        if erased.is_empty() {
            return Err(ServiceError::NotFound);
        }
        let mut all = Rescan::default();
        for source in self.sources.iter() {
            for corner in rescan::corners(source, &self.map).await? {
                go_on()?;
                match self.through(source, &corner, &erased, go_on).await {
                    Ok(found) => {
                        all.columns += corner.columns.len() as u64;
                        all.rows += found.rows;
                        all.found.extend(found.mentions(&corner));
                    }
                    // Not ours to read, or of a kind we cannot read. A database that is away is asked again later.
                    Err(ServiceError::Source(error)) if !error.is_passing() => all.unread.push(corner.table),
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(all)
    }

    async fn through(
        &self,
        source: &Source,
        corner: &rescan::Corner,
        erased: &BTreeSet<String>,
        go_on: &(dyn Fn() -> Result<(), ServiceError> + Send + Sync),
    ) -> Result<Found, ServiceError> {
        let mut found = Found::default();
        let mut after = None;
        loop {
            let page = rescan::page(source, corner, after.as_ref()).await?;
            found.rows += page.rows;
            for (column, text) in page.values {
                if mentions(&text).iter().any(|who| erased.contains(&self.store.vault().index(who))) {
                    *found.by_column.entry(column).or_default() += 1;
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(found);
            }
            go_on()?;
        }
    }
}

#[derive(Default)]
struct Found {
    rows: u64,
    by_column: BTreeMap<usize, u64>,
}

impl Found {
    fn mentions(self, corner: &rescan::Corner) -> impl Iterator<Item = Mention> {
        self.by_column.into_iter().filter_map(|(column, rows)| {
            Some(Mention { table: corner.table.clone(), column: corner.columns.get(column)?.clone(), rows })
        })
    }
}

//! What people do by hand, because no program reaches the system: asked for by a link, confirmed once.

use domain::{
    Personal,
    ids::RequestId,
    json,
    map::{RoleName, SourceName, TableName},
    permit::Work,
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::Expr};
use uuid::Uuid;

use crate::{Store, StoreError, Tx, entity::task, moment};

#[derive(Clone, Debug)]
pub struct Task {
    pub id: Uuid,
    pub request: RequestId,
    pub source: SourceName,
    pub table: TableName,
    pub roles: Vec<RoleName>,
    pub due: Date,
    pub confirmed: Option<Confirmed>,
}

#[derive(Clone, Debug)]
pub struct Confirmed {
    pub at: Timestamp,
    pub rows: u64,
    /// What the owner wrote; nothing personal is asked for.
    pub note: Option<String>,
}

/// What whoever holds the link confirms.
#[derive(Clone, Debug)]
pub struct Confirmation {
    pub rows: u64,
    pub note: Option<String>,
}

fn read(row: task::Model) -> Result<Task, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "a task" };
    let confirmed = match row.confirmed_at {
        Some(at) => Some(Confirmed {
            at: moment(at)?,
            rows: row.rows.and_then(|rows| u64::try_from(rows).ok()).unwrap_or(0),
            note: row.note,
        }),
        None => None,
    };
    Ok(Task {
        id: Uuid::try_parse(&row.id).map_err(|_| damaged())?,
        request: row.request_id.parse().map_err(|_| damaged())?,
        source: SourceName(row.source),
        table: TableName::parse(&row.table_name).ok_or_else(damaged)?,
        roles: serde_json::from_str(&row.roles).map_err(|_| damaged())?,
        due: row.due_on.parse().map_err(|_| damaged())?,
        confirmed,
    })
}

impl Tx {
    /// A task and the secret of its link, of which only a keyed hash is kept.
    pub async fn add_task(&self, _: &Work, new: &Task, link: &Personal, now: Timestamp) -> Result<(), StoreError> {
        let row = task::Model {
            id: new.id.to_string(),
            request_id: new.request.to_string(),
            source: new.source.0.clone(),
            table_name: new.table.to_string(),
            roles: json::text(&new.roles),
            due_on: new.due.to_string(),
            link_hash: self.vault.index_text("task", link.reveal()),
            created_at: now.as_millisecond(),
            confirmed_at: None,
            rows: None,
            note: None,
        };
        task::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// Once: a second confirmation finds nothing to confirm.
    pub async fn confirm_task(&self, id: Uuid, said: &Confirmation, now: Timestamp) -> Result<(), StoreError> {
        let done = task::Entity::update_many()
            .col_expr(task::Column::ConfirmedAt, Expr::value(now.as_millisecond()))
            .col_expr(task::Column::Rows, Expr::value(i64::try_from(said.rows).unwrap_or(i64::MAX)))
            .col_expr(task::Column::Note, Expr::value(said.note.clone()))
            .filter(task::Column::Id.eq(id.to_string()))
            .filter(task::Column::ConfirmedAt.is_null())
            .exec(&self.inner)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "a task" }) }
    }
}

impl Store {
    pub async fn tasks(&self, request: RequestId) -> Result<Vec<Task>, StoreError> {
        let rows = task::Entity::find()
            .filter(task::Column::RequestId.eq(request.to_string()))
            .order_by_asc(task::Column::CreatedAt)
            .all(&self.db)
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// The task a link leads to.
    pub async fn task_by_link(&self, link: &str) -> Result<Option<Task>, StoreError> {
        let hash = self.vault().index_text("task", link);
        let row = task::Entity::find().filter(task::Column::LinkHash.eq(hash)).one(&self.db).await?;
        row.map(read).transpose()
    }
}

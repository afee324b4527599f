//! Rows an erasure had to leave, why, and the day they may go. The night job carries them out.

use domain::{
    Identifier,
    ids::RequestId,
    json,
    map::{RoleName, TableName},
    permit::Work,
    plan::Outcome,
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, IntoCondition},
};
use uuid::Uuid;

use crate::{
    Store, StoreError, Tx, Vault,
    entity::{request_subject, set_aside},
};

#[derive(Clone, Debug)]
pub struct SetAside {
    pub id: Uuid,
    pub request: RequestId,
    pub table: TableName,
    pub roles: Vec<RoleName>,
    pub until: Date,
    /// Why they stay; `None` where they were set aside before this was kept.
    pub outcome: Option<Outcome>,
    /// Key columns of each row, as text.
    pub keys: Vec<Vec<String>>,
}

fn place(id: &str) -> String {
    format!("set_aside.keys:{id}")
}

impl Tx {
    pub async fn set_aside(&self, aside: &SetAside) -> Result<(), StoreError> {
        let id = aside.id.to_string();
        let keys = json::bytes(&aside.keys);
        let row = set_aside::Model {
            keys_sealed: self.vault.seal(&place(&id), &keys)?.0,
            id,
            request_id: aside.request.to_string(),
            table_name: aside.table.to_string(),
            roles: json::text(&aside.roles),
            until_on: aside.until.to_string(),
            rows: i64::try_from(aside.keys.len()).unwrap_or(i64::MAX),
            done_at: None,
            outcome: aside.outcome.as_ref().map(json::text),
        };
        set_aside::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// Its keys stay until the request is forgotten: a backup that is restored brings the rows back, and by then nothing
    /// else may lead to them.
    pub async fn set_aside_done(&self, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        set_aside::Entity::update_many()
            .col_expr(set_aside::Column::DoneAt, Expr::value(now.as_millisecond()))
            .filter(set_aside::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

impl Store {
    /// Requests of these people.
    pub async fn requests_of(&self, people: &[Identifier]) -> Result<Vec<RequestId>, StoreError> {
        let indexes: Vec<String> = people.iter().map(|identifier| self.vault().index(identifier)).collect();
        if indexes.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<String> = request_subject::Entity::find()
            .select_only()
            .distinct()
            .column(request_subject::Column::RequestId)
            .filter(request_subject::Column::SubjectIndex.is_in(indexes))
            .into_tuple()
            .all(self.read())
            .await?;
        let damaged = |_| StoreError::Inconsistent { what: "a request's subject" };
        ids.into_iter().map(|id| id.parse().map_err(damaged)).collect()
    }

    /// Rows set aside earlier whose floor is over on `as_of`.
    pub async fn set_aside_due(&self, as_of: Date) -> Result<Vec<SetAside>, StoreError> {
        self.set_aside_where(set_aside::Column::UntilOn.lte(as_of.to_string())).await
    }

    /// What a request had to leave and no night has finished yet.
    pub async fn set_aside_of(&self, request: RequestId) -> Result<Vec<SetAside>, StoreError> {
        self.set_aside_where(set_aside::Column::RequestId.eq(request.to_string())).await
    }

    async fn set_aside_where(&self, which: impl IntoCondition) -> Result<Vec<SetAside>, StoreError> {
        let rows = set_aside::Entity::find()
            .filter(set_aside::Column::DoneAt.is_null())
            .filter(which)
            .order_by_asc(set_aside::Column::Id)
            .all(self.read())
            .await?;
        rows.into_iter().map(|row| read(self.vault(), row)).collect()
    }

    /// These, whether a night has finished them or not, while their keys are known.
    pub async fn set_aside(&self, id: Uuid) -> Result<Option<SetAside>, StoreError> {
        let row = set_aside::Entity::find_by_id(id.to_string()).one(self.read()).await?;
        row.filter(|row| !row.keys_sealed.is_empty()).map(|row| read(self.vault(), row)).transpose()
    }

    /// Rows set aside that were finished on their day or later, since then, and whose keys are still known.
    pub async fn set_aside_done_since(&self, _permit: &Work, since: Timestamp) -> Result<Vec<SetAside>, StoreError> {
        let rows = set_aside::Entity::find()
            .filter(set_aside::Column::DoneAt.gte(since.as_millisecond()))
            .order_by_asc(set_aside::Column::Id)
            .all(self.read())
            .await?;
        rows.into_iter().filter(|row| !row.keys_sealed.is_empty()).map(|row| read(self.vault(), row)).collect()
    }
}

fn read(vault: &Vault, row: set_aside::Model) -> Result<SetAside, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "rows set aside" };
    let keys = vault.open(&place(&row.id), &row.keys_sealed)?;
    let outcome = row.outcome.map(|text| serde_json::from_str(&text).map_err(|_| damaged()));
    Ok(SetAside {
        id: Uuid::try_parse(&row.id).map_err(|_| damaged())?,
        request: row.request_id.parse().map_err(|_| damaged())?,
        table: TableName::parse(&row.table_name).ok_or_else(damaged)?,
        roles: serde_json::from_str(&row.roles).map_err(|_| damaged())?,
        until: row.until_on.parse().map_err(|_| damaged())?,
        outcome: outcome.transpose()?,
        keys: serde_json::from_slice(&keys).map_err(|_| damaged())?,
    })
}

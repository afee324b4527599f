//! Whose a copy is. It holds what several identifiers lead to, and each of them was proven when it was asked for:
//! whoever looks at it or takes it has proven all of them, not one.

use domain::{ids::CopyId, permit::Own};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, sea_query::Query};

use super::{StoredCopy, read};
use crate::{
    Store, StoreError, Tx,
    entity::{copy, copy_subject},
    requests::indexes,
};

pub(super) async fn is_theirs(
    db: &impl ConnectionTrait,
    row: &copy::Model,
    indexes: &[String],
) -> Result<bool, StoreError> {
    let proven = copy_subject::Entity::find()
        .filter(copy_subject::Column::CopyId.eq(&row.id))
        .filter(copy_subject::Column::Proven.eq(1))
        .filter(copy_subject::Column::SubjectIndex.is_in(indexes))
        .count(db)
        .await?;
    Ok(row.request_id.is_none() && row.people > 0 && i64::from(row.people) == i64::try_from(proven).unwrap_or(-1))
}

async fn all(db: &impl ConnectionTrait, indexes: &[String], now: Timestamp) -> Result<Vec<StoredCopy>, StoreError> {
    let theirs = Query::select()
        .column(copy_subject::Column::CopyId)
        .from(copy_subject::Entity)
        .cond_where(copy_subject::Column::SubjectIndex.is_in(indexes))
        .to_owned();
    let rows = copy::Entity::find()
        .filter(copy::Column::Id.in_subquery(theirs))
        .filter(copy::Column::EndsAt.gte(now.as_millisecond()))
        .order_by_desc(copy::Column::AskedAt)
        .all(db)
        .await?;
    let mut copies = Vec::new();
    for row in rows {
        if is_theirs(db, &row, indexes).await? {
            copies.push(read(&row)?);
        }
    }
    Ok(copies)
}

impl Tx {
    /// One's own copies, newest first. Until this transaction ends nobody else can ask for one of the same person.
    pub async fn own_copies(&self, permit: &Own, now: Timestamp) -> Result<Vec<StoredCopy>, StoreError> {
        self.one_at_a_time(permit).await?;
        all(&self.inner, &indexes(&self.vault, permit), now).await
    }
}

impl Store {
    /// One's own copies, newest first.
    pub async fn own_copies(&self, permit: &Own, now: Timestamp) -> Result<Vec<StoredCopy>, StoreError> {
        all(self.read(), &indexes(self.vault(), permit), now).await
    }

    /// Nobody learns from the answer whether there is one that is another's.
    pub async fn own_copy(&self, permit: &Own, id: CopyId, now: Timestamp) -> Result<Option<StoredCopy>, StoreError> {
        let row = copy::Entity::find_by_id(id.to_string()).one(self.read()).await?;
        let Some(row) = row.filter(|row| row.ends_at >= now.as_millisecond()) else { return Ok(None) };
        let theirs = is_theirs(self.read(), &row, &indexes(self.vault(), permit)).await?;
        if theirs { Ok(Some(read(&row)?)) } else { Ok(None) }
    }
}

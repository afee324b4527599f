//! The sealed pieces, written one after another and read one after another.

use domain::{
    ids::CopyId,
    permit::{OwnFresh, Work},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{CopyState, StoredCopy, TRIES, key_place, read, read::is_theirs};
use crate::{
    Store, StoreError, Tx,
    entity::{copy, copy_piece},
    requests::indexes,
    sealing::CopyKey,
};

impl Tx {
    /// False where the copy is not wanted any more: nothing is added to it, and nothing is left of it.
    pub async fn add_piece(
        &self,
        _permit: &Work,
        id: CopyId,
        place: u32,
        sealed: Vec<u8>,
        records: u64,
    ) -> Result<bool, StoreError> {
        let damaged = |_| StoreError::Inconsistent { what: "a piece of a copy" };
        let id = id.to_string();
        // With the row held, whoever takes the copy away at this moment comes after, and takes this piece too.
        let wanted = copy::Entity::update_many()
            .col_expr(copy::Column::Records, Expr::value(i64::try_from(records).unwrap_or(i64::MAX)))
            .filter(copy::Column::Id.eq(&id))
            .filter(copy::Column::State.eq(CopyState::Preparing.as_str()))
            .exec(&self.inner)
            .await?;
        if wanted.rows_affected == 0 {
            return Ok(false);
        }
        let row = copy_piece::Model { copy_id: id, place: i32::try_from(place).map_err(damaged)?, sealed };
        copy_piece::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(true)
    }

    /// Counts one more download that begins, and hands out the key; `None` where it is not theirs, not whole, too old,
    /// or was begun too often.
    pub async fn try_copy(
        &self,
        permit: &OwnFresh,
        id: CopyId,
        now: Timestamp,
    ) -> Result<Option<(StoredCopy, CopyKey)>, StoreError> {
        let text = id.to_string();
        let Some(row) = copy::Entity::find_by_id(&text).one(&self.inner).await? else { return Ok(None) };
        if !is_theirs(&self.inner, &row, &indexes(&self.vault, permit.own())).await? {
            return Ok(None);
        }
        self.try_row(text, now).await
    }

    /// Counts the try. From then on pieces are handed out to it and to none before it: of two who come at once one is
    /// given the whole.
    pub(super) async fn try_row(
        &self,
        text: String,
        now: Timestamp,
    ) -> Result<Option<(StoredCopy, CopyKey)>, StoreError> {
        let tried = copy::Entity::update_many()
            .col_expr(copy::Column::Tries, Expr::col(copy::Column::Tries).add(1))
            .col_expr(copy::Column::TriedAt, Expr::value(now.as_millisecond()))
            .filter(copy::Column::Id.eq(&text))
            .filter(copy::Column::State.eq(CopyState::Ready.as_str()))
            .filter(copy::Column::EndsAt.gte(now.as_millisecond()))
            .filter(copy::Column::Tries.lt(i64::try_from(TRIES).unwrap_or(i64::MAX)))
            .exec(&self.inner)
            .await?;
        let row = copy::Entity::find_by_id(&text).one(&self.inner).await?;
        let Some(row) = row.filter(|_| tried.rows_affected == 1) else { return Ok(None) };
        let key = CopyKey::from_bytes(&self.vault.open(&key_place(&text), &row.key_sealed)?)?;
        Ok(Some((read(&row)?, key)))
    }
}

impl Store {
    /// One sealed piece, for the download that was begun as the `tried`th; `None` where the copy has gone meanwhile, or
    /// another was begun.
    pub async fn copy_piece(&self, id: CopyId, place: u32, tried: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let damaged = |_| StoreError::Inconsistent { what: "a piece of a copy" };
        let key = (id.to_string(), i32::try_from(place).map_err(damaged)?);
        let in_hand = Query::select()
            .column(copy::Column::Id)
            .from(copy::Entity)
            .and_where(copy::Column::Id.eq(&key.0))
            .and_where(copy::Column::Tries.eq(i64::try_from(tried).unwrap_or(i64::MAX)))
            .to_owned();
        let piece = copy_piece::Entity::find_by_id(key).filter(copy_piece::Column::CopyId.in_subquery(in_hand));
        Ok(piece.one(self.read()).await?.map(|row| row.sealed))
    }
}

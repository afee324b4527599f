//! How a copy goes. With its key its pieces are of no use to anybody; they go in the same transaction all the same.

use domain::{Identifier, ids::CopyId, permit::Work};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select,
    sea_query::{Cond, Expr, Query},
};

use super::{CopyFor, CopyState, TRIES, made_for};
use crate::{
    Store, StoreError, Tx,
    entity::{copy, copy_piece, copy_subject},
};

/// The longest a download may take.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(1);

/// Past its time.
fn late(before: Timestamp) -> Select<copy::Entity> {
    copy::Entity::find().filter(copy::Column::EndsAt.lt(before.as_millisecond()))
}

/// Which copy goes, and for whom it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Going {
    pub id: CopyId,
    pub made_for: CopyFor,
}

async fn going(which: Select<copy::Entity>, db: &impl ConnectionTrait) -> Result<Vec<Going>, StoreError> {
    let damaged = |_| StoreError::Inconsistent { what: "a copy" };
    let columns = which.select_only().column(copy::Column::Id).column(copy::Column::RequestId);
    let rows: Vec<(String, Option<String>)> = columns.into_tuple().all(db).await?;
    let read = |(id, request): (String, Option<String>)| {
        Ok(Going { id: id.parse().map_err(damaged)?, made_for: made_for(request.as_deref())? })
    };
    rows.into_iter().map(read).collect()
}

impl Tx {
    /// Nothing of it is left but that there was one, and how it ended. False where it had ended before.
    pub async fn end_copy(&self, id: CopyId, how: CopyState) -> Result<bool, StoreError> {
        let text = id.to_string();
        let open = [CopyState::Preparing, CopyState::Ready].map(CopyState::as_str);
        let ended = copy::Entity::update_many()
            .col_expr(copy::Column::State, Expr::value(how.as_str()))
            .col_expr(copy::Column::KeySealed, Expr::value(Vec::<u8>::new()))
            .col_expr(copy::Column::SubjectSealed, Expr::value(Vec::<u8>::new()))
            .filter(copy::Column::Id.eq(&text))
            .filter(copy::Column::State.is_in(open))
            .exec(&self.inner)
            .await?;
        if ended.rows_affected == 0 {
            return Ok(false);
        }
        copy_piece::Entity::delete_many().filter(copy_piece::Column::CopyId.eq(&text)).exec(&self.inner).await?;
        Ok(true)
    }

    /// Nothing of it is left. False where there was none.
    pub async fn remove_copy(&self, id: CopyId) -> Result<bool, StoreError> {
        let id = id.to_string();
        let gone = copy::Entity::delete_by_id(&id).exec(&self.inner).await?;
        copy_piece::Entity::delete_many().filter(copy_piece::Column::CopyId.eq(&id)).exec(&self.inner).await?;
        copy_subject::Entity::delete_many().filter(copy_subject::Column::CopyId.eq(&id)).exec(&self.inner).await?;
        Ok(gone.rows_affected > 0)
    }

    /// Every copy with something of these people in it: what is erased must not live on in one.
    pub async fn withdraw_copies(&self, _permit: &Work, of: &[Identifier]) -> Result<Vec<Going>, StoreError> {
        let indexes: Vec<String> = of.iter().map(|identifier| self.vault.index(identifier)).collect();
        let theirs = Query::select()
            .column(copy_subject::Column::CopyId)
            .from(copy_subject::Entity)
            .cond_where(copy_subject::Column::SubjectIndex.is_in(indexes))
            .to_owned();
        let all = going(copy::Entity::find().filter(copy::Column::Id.in_subquery(theirs)), &self.inner).await?;
        for copy in &all {
            self.remove_copy(copy.id).await?;
        }
        Ok(all)
    }

    /// The next whose time is over.
    pub async fn late_copies(&self, _permit: &Work, before: Timestamp, most: u64) -> Result<Vec<Going>, StoreError> {
        going(late(before).limit(most), &self.inner).await
    }

    /// Begun as often as they may be, and the last time is over too.
    pub async fn spent_copies(&self, _permit: &Work, now: Timestamp) -> Result<Vec<Going>, StoreError> {
        let spent = Cond::all()
            .add(copy::Column::State.eq(CopyState::Ready.as_str()))
            .add(copy::Column::Tries.gte(i64::try_from(TRIES).unwrap_or(i64::MAX)))
            .add(copy::Column::TriedAt.lt((now - LONGEST).as_millisecond()));
        going(copy::Entity::find().filter(spent), &self.inner).await
    }
}

impl Store {
    /// How many are past their time.
    pub async fn late_copies(&self, _permit: &Work, before: Timestamp) -> Result<u64, StoreError> {
        Ok(late(before).count(self.read()).await?)
    }
}

//! What the portal itself forgets: whose a closed request was and what was written in it. That there was one, and
//! what was done, stays, as does its certificate.

use domain::{ids::RequestId, permit::Work};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func, Query},
};

use crate::{
    Store, StoreError, Tx,
    entity::{
        file, notified, request, request_event, request_note, request_requester, request_subject, set_aside, task,
        tombstone, unlock,
    },
    requests::QueueView,
};

/// Closed, and nothing has happened to it since `before`.
pub(crate) fn closed_before(before: Timestamp) -> Select<request::Entity> {
    let last = Query::select()
        .expr(Expr::col(request_event::Column::At).max())
        .from(request_event::Entity)
        .and_where(
            Expr::col((request_event::Entity, request_event::Column::RequestId))
                .equals((request::Entity, request::Column::Id)),
        )
        .to_owned();
    QueueView::Closed.requests().filter(Expr::from(last).lt(before.as_millisecond()))
}

/// Not forgotten yet, and nothing of it still waits for its day.
fn old(before: Timestamp) -> Select<request::Entity> {
    let waiting = Query::select()
        .column(set_aside::Column::RequestId)
        .from(set_aside::Entity)
        .and_where(set_aside::Column::DoneAt.is_null())
        .to_owned();
    closed_before(before)
        .filter(request::Column::ReceivedAt.lt(before.as_millisecond()))
        .filter(Expr::from(Func::cust("length").arg(Expr::col(request::Column::SubjectSealed))).gt(0))
        .filter(request::Column::Id.not_in_subquery(waiting))
}

impl Store {
    /// How many requests are to be forgotten.
    pub async fn old_requests(&self, _permit: &Work, before: Timestamp) -> Result<u64, StoreError> {
        Ok(old(before).count(self.read()).await?)
    }

    /// The next of them, oldest first, after `after`.
    pub async fn next_old_requests(
        &self,
        _permit: &Work,
        before: Timestamp,
        after: Option<RequestId>,
        most: u64,
    ) -> Result<Vec<RequestId>, StoreError> {
        let ids: Vec<String> = old(before)
            .select_only()
            .column(request::Column::Id)
            .filter(request::Column::Id.gt(after.map(|id| id.to_string()).unwrap_or_default()))
            .order_by_asc(request::Column::Id)
            .limit(most)
            .into_tuple()
            .all(self.read())
            .await?;
        let damaged = |_| StoreError::Inconsistent { what: "a request" };
        ids.into_iter().map(|id| id.parse().map_err(damaged)).collect()
    }
}

impl Tx {
    /// Forgets whose a request was and what was written.
    pub async fn forget_request(&self, _permit: &Work, id: RequestId) -> Result<(), StoreError> {
        let id = id.to_string();
        request_subject::Entity::delete_many()
            .filter(request_subject::Column::RequestId.eq(&id))
            .exec(&self.inner)
            .await?;
        request_requester::Entity::delete_many()
            .filter(request_requester::Column::RequestId.eq(&id))
            .exec(&self.inner)
            .await?;
        file::Entity::delete_many().filter(file::Column::RequestId.eq(&id)).exec(&self.inner).await?;
        tombstone::Entity::delete_many().filter(tombstone::Column::RequestId.eq(&id)).exec(&self.inner).await?;
        unlock::Entity::delete_many().filter(unlock::Column::RequestId.eq(&id)).exec(&self.inner).await?;
        request_note::Entity::delete_many().filter(request_note::Column::RequestId.eq(&id)).exec(&self.inner).await?;
        self.forget_looks_of(&id).await?;
        request_event::Entity::update_many()
            .col_expr(request_event::Column::BodySealed, Expr::value(Option::<Vec<u8>>::None))
            .filter(request_event::Column::RequestId.eq(&id))
            .exec(&self.inner)
            .await?;
        task::Entity::update_many()
            .col_expr(task::Column::Note, Expr::value(Option::<String>::None))
            .filter(task::Column::RequestId.eq(&id))
            .exec(&self.inner)
            .await?;
        set_aside::Entity::update_many()
            .col_expr(set_aside::Column::KeysSealed, Expr::value(Vec::<u8>::new()))
            .filter(set_aside::Column::RequestId.eq(&id))
            .filter(set_aside::Column::DoneAt.is_not_null())
            .exec(&self.inner)
            .await?;
        notified::Entity::update_many()
            .col_expr(notified::Column::Note, Expr::value(Option::<String>::None))
            .col_expr(notified::Column::FoundBySealed, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(notified::Column::LinkHash, Expr::value(Option::<String>::None))
            .filter(notified::Column::RequestId.eq(&id))
            .exec(&self.inner)
            .await?;
        request::Entity::update_many()
            .col_expr(request::Column::SubjectSealed, Expr::value(Vec::<u8>::new()))
            .col_expr(request::Column::RequesterSealed, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(request::Column::DetailsSealed, Expr::value(Option::<Vec<u8>>::None))
            .filter(request::Column::Id.eq(&id))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

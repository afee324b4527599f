//! Years announced since this was built, and the dates that were promised before they were known.

use domain::{calendar::Announced, ids::RequestId, json, permit::Work};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::{
    Store, StoreError, Tx,
    entity::{calendar_year, request},
    requests::{QueueView, Request, read},
};

impl Tx {
    /// A year, in place of what was known of it.
    pub async fn set_year(&self, _: &Work, year: &Announced, now: Timestamp) -> Result<(), StoreError> {
        let row = calendar_year::Model {
            year: i32::from(year.year()),
            body: json::text(year),
            imported_at: now.as_millisecond(),
        };
        calendar_year::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::column(calendar_year::Column::Year)
                    .update_columns([calendar_year::Column::Body, calendar_year::Column::ImportedAt])
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await?;
        Ok(())
    }

    /// Promises an earlier day. A later one is never written.
    pub async fn bring_forward(&self, _: &Work, request: RequestId, due: Date) -> Result<(), StoreError> {
        request::Entity::update_many()
            .col_expr(request::Column::DueOn, Expr::value(due.to_string()))
            .filter(request::Column::Id.eq(request.to_string()))
            .filter(request::Column::DueOn.gt(due.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

impl Store {
    pub async fn years(&self) -> Result<Vec<Announced>, StoreError> {
        let rows = calendar_year::Entity::find().all(self.read()).await?;
        let damaged = |_| StoreError::Inconsistent { what: "a year's calendar" };
        rows.into_iter().map(|row| serde_json::from_str(&row.body).map_err(damaged)).collect()
    }

    /// Open requests, by their ids.
    pub async fn open_requests(
        &self,
        _: &Work,
        after: Option<RequestId>,
        most: u64,
    ) -> Result<Vec<Request>, StoreError> {
        let rows = QueueView::Open
            .requests()
            .filter(request::Column::Id.gt(after.map(|id| id.to_string()).unwrap_or_default()))
            .order_by_asc(request::Column::Id)
            .limit(most)
            .all(self.read())
            .await?;
        rows.iter().map(read).collect()
    }

    /// How many open requests are due after one day and by another.
    pub async fn due_between(&self, _: &Work, after: Option<Date>, by: Date) -> Result<u64, StoreError> {
        let mut find = QueueView::Open.requests().filter(request::Column::DueOn.lte(by.to_string()));
        if let Some(after) = after {
            find = find.filter(request::Column::DueOn.gt(after.to_string()));
        }
        Ok(find.count(self.read()).await?)
    }
}

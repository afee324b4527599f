//! Views of the queue that an officer has given a name; each sees their own.

use domain::{
    calendar::Calendar,
    permit::ReadRequests,
    request::{RequestKind, StageName},
};
use jiff::civil::Date;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    Store, StoreError, Tx,
    entity::saved_view,
    queue::{Asked, Filter, Received, Soon, Whose},
    requests::QueueView,
};

#[derive(Clone, Debug)]
pub struct SavedView {
    pub id: Uuid,
    pub name: String,
    pub view: QueueView,
    pub filter: Filter,
}

fn written(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

impl Tx {
    pub async fn save_view(&self, permit: &ReadRequests, new: &SavedView) -> Result<(), StoreError> {
        let row = saved_view::Model {
            id: new.id.to_string(),
            staff: permit.staff().to_string(),
            name: new.name.clone(),
            open: new.view.as_str().to_owned(),
            kind: new.filter.kind.map(RequestKind::as_str).unwrap_or_default().to_owned(),
            whose: new.filter.whose.as_str().to_owned(),
            asked: new.filter.asked.as_str().to_owned(),
            state: new.filter.state.map(StageName::as_str).unwrap_or_default().to_owned(),
            due_in: new.filter.due.soon.as_str().to_owned(),
            received_from: written(new.filter.received.from),
            received_to: written(new.filter.received.to),
        };
        saved_view::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    pub async fn forget_view(&self, permit: &ReadRequests, id: Uuid) -> Result<(), StoreError> {
        saved_view::Entity::delete_many()
            .filter(saved_view::Column::Id.eq(id.to_string()))
            .filter(saved_view::Column::Staff.eq(permit.staff().to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

impl Store {
    /// With the days they speak of today.
    pub async fn views(
        &self,
        permit: &ReadRequests,
        today: Date,
        calendar: &Calendar,
    ) -> Result<Vec<SavedView>, StoreError> {
        let rows = saved_view::Entity::find()
            .filter(saved_view::Column::Staff.eq(permit.staff().to_string()))
            .order_by_asc(saved_view::Column::Name)
            .all(self.read())
            .await?;
        let damaged = || StoreError::Inconsistent { what: "a view" };
        let day = |text: &str| (!text.is_empty()).then(|| text.parse().map_err(|_| damaged())).transpose();
        let read = |row: saved_view::Model| {
            Ok(SavedView {
                id: Uuid::try_parse(&row.id).map_err(|_| damaged())?,
                name: row.name,
                view: QueueView::parse(&row.open).ok_or_else(damaged)?,
                filter: Filter {
                    kind: RequestKind::parse(&row.kind),
                    whose: Whose::parse(&row.whose, permit.staff()),
                    asked: Asked::parse(&row.asked).ok_or_else(damaged)?,
                    state: StageName::parse(&row.state),
                    due: Soon::parse(&row.due_in).ok_or_else(damaged)?.on(today, calendar),
                    received: Received { from: day(&row.received_from)?, to: day(&row.received_to)? },
                },
            })
        };
        rows.into_iter().map(read).collect()
    }
}

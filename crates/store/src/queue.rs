//! A page of the officers' queue. Each combination of an owner, a kind and who asked, and of an owner and a kind in one
//! state, has an index in the order of the dates; days only say where in that order a page lies (`m0039_queue`).

mod filter;

use domain::{china, permit::ReadRequests};
use jiff::civil::Date;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Query},
};

pub use filter::{Asked, Due, Filter, Received, Soon, Whose};

use crate::{
    Store, StoreError,
    entity::request,
    requests::{QueueView, Request, read},
};

/// How much work there is; no number goes beyond [`MANY`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workload {
    pub open: u64,
    pub overdue: u64,
    /// Of whoever looks.
    pub own: u64,
    pub nobodys: u64,
}

/// Further than this nobody needs to know, and counting would grow with the queue.
pub const MANY: u64 = 1_000;

/// Where a page of the queue goes on: after this due date and number.
#[derive(Clone, Debug)]
pub struct After {
    pub due: Date,
    pub number: String,
}

impl Store {
    /// A page of the queue: what is open soonest due first, what is closed latest due first.
    pub async fn queue(
        &self,
        _permit: &ReadRequests,
        view: QueueView,
        filter: Filter,
        after: Option<&After>,
        most: u64,
    ) -> Result<Vec<Request>, StoreError> {
        let (order, mut find) = (view.order(), sought(view, filter));
        if let Some(after) = after {
            // As one comparison: an index serves it, the same in two parts it does not.
            let key = Expr::tuple([Expr::col(request::Column::DueOn), Expr::col(request::Column::Number)]);
            let last = [Expr::val(after.due.to_string()), Expr::val(after.number.clone())];
            find = find.filter(match view {
                QueueView::Open => key.gt(Expr::tuple(last)),
                QueueView::Closed => key.lt(Expr::tuple(last)),
            });
        }
        let rows = find
            .order_by(request::Column::DueOn, order.clone())
            .order_by(request::Column::Number, order)
            .limit(most)
            .all(self.read())
            .await?;
        rows.iter().map(read).collect()
    }

    pub async fn workload(&self, permit: &ReadRequests, today: Date) -> Result<Workload, StoreError> {
        let of = |whose| sought(QueueView::Open, Filter { whose, ..Filter::default() });
        Ok(Workload {
            open: self.count(of(Whose::Anyones)).await?,
            overdue: self.count(of(Whose::Anyones).filter(request::Column::DueOn.lt(today.to_string()))).await?,
            own: self.count(of(Whose::Of(permit.staff()))).await?,
            nobodys: self.count(of(Whose::Nobodys)).await?,
        })
    }

    async fn count(&self, find: Select<request::Entity>) -> Result<u64, StoreError> {
        // `count` of a selection would drop its limit.
        let some = find.select_only().column(request::Column::Number).limit(MANY).into_query();
        let select = Query::select().expr(Expr::cust("count(*)")).from_subquery(some, "some").to_owned();
        let row = self.read().query_one(&select).await?;
        let number: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(u64::try_from(number).unwrap_or(0))
    }
}

fn sought(view: QueueView, filter: Filter) -> Select<request::Entity> {
    let find = match filter.state {
        // Of one view already: a second condition would only lead to another index.
        Some(state) => request::Entity::find().filter(request::Column::StageName.eq(state.as_str())),
        None => view.requests(),
    };
    let kind = filter.kind.map(|kind| request::Column::Kind.eq(kind.as_str()));
    let whose = match filter.whose {
        Whose::Anyones => None,
        Whose::Of(staff) => Some(request::Column::Owner.eq(staff.to_string())),
        Whose::Nobodys => Some(request::Column::Owner.is_null()),
    };
    let by_another = filter.asked.by_another().map(|one| request::Column::AskedByAnother.eq(one));
    let rest = Condition::all().add_option(kind).add_option(whose).add_option(by_another);
    find.filter(rest).filter(on_days(filter))
}

fn on_days(filter: Filter) -> Condition {
    let Received { from, to } = filter.received;
    let after = from.map(|day| request::Column::ReceivedAt.gte(china::midnight(day).as_millisecond()));
    let before = to.map(|day| request::Column::ReceivedAt.lt(china::end(day).as_millisecond()));
    // The order is that of the due dates: between these lies what was received on those days, and not much else.
    let (earliest, latest) = filter.received.due_between();
    let lower = [filter.due.from, earliest].into_iter().flatten().max();
    let upper = [filter.due.to, latest].into_iter().flatten().min();
    Condition::all()
        .add_option(after)
        .add_option(before)
        .add_option(lower.map(|day| request::Column::DueOn.gte(day.to_string())))
        .add_option(upper.map(|day| request::Column::DueOn.lte(day.to_string())))
}

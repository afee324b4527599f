//! A page of the officers' queue: of which requests, whose work and asked by whom. Each combination has an index.

use domain::{
    ids::StaffId,
    permit::ReadRequests,
    request::{RequestKind, Requester},
};
use jiff::civil::Date;
use sea_orm::{
    ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    Store, StoreError,
    entity::request,
    requests::{QueueView, Request, read},
};

/// Which requests of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub kind: Option<RequestKind>,
    pub whose: Whose,
    pub asked: Asked,
}

/// Who asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    #[default]
    ByAnyone,
    /// The person it is about.
    BySubject,
    /// A representative, or staff who wrote it down.
    ByAnother,
}

/// Whose work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    #[default]
    Anyones,
    Of(StaffId),
    Nobodys,
}

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

impl Whose {
    /// As it stands in addresses and saved views.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anyones => "",
            // Always one's own: nobody else's view is shown.
            Self::Of(_) => "mine",
            Self::Nobodys => "nobodys",
        }
    }

    /// `staff` is whoever looks.
    pub fn parse(text: &str, staff: StaffId) -> Self {
        match text {
            "mine" => Self::Of(staff),
            "nobodys" => Self::Nobodys,
            _ => Self::Anyones,
        }
    }
}

impl Asked {
    pub const ALL: [Self; 3] = domain::all![ByAnyone, BySubject, ByAnother];

    /// As it stands in addresses and saved views.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByAnyone => "",
            Self::BySubject => "subject",
            Self::ByAnother => "another",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|asked| asked.as_str() == text)
    }

    pub(crate) const fn of(requester: Requester) -> Self {
        match requester {
            Requester::Subject => Self::BySubject,
            Requester::Representative { .. } | Requester::Staff { .. } => Self::ByAnother,
        }
    }

    /// As it is stored; nothing to look for where it is anyone's.
    pub(crate) const fn by_another(self) -> Option<i32> {
        match self {
            Self::ByAnyone => None,
            Self::BySubject => Some(0),
            Self::ByAnother => Some(1),
        }
    }
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
    let mut find = view.requests();
    if let Some(kind) = filter.kind {
        find = find.filter(request::Column::Kind.eq(kind.as_str()));
    }
    find = match filter.whose {
        Whose::Anyones => find,
        Whose::Of(staff) => find.filter(request::Column::Owner.eq(staff.to_string())),
        Whose::Nobodys => find.filter(request::Column::Owner.is_null()),
    };
    match filter.asked.by_another() {
        Some(by_another) => find.filter(request::Column::AskedByAnother.eq(by_another)),
        None => find,
    }
}

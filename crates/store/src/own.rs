//! One's own requests: about oneself, or asked for by oneself.

use std::fmt;

use domain::{
    Identifier, Lang,
    ids::RequestNumber,
    permit::{Own, Work},
    request::{Handling, RequestKind, Requester, Side, StageName, Standing},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Cond, Expr, ExprTrait, Query, SelectStatement, SimpleExpr, UnionType},
};

use crate::{
    Store, StoreError,
    copies::CopyState,
    entity::{copy, request, request_requester, request_subject},
    requests::{QueueView, Request, indexes, read},
    vault::Vault,
};

/// Where a list of one's own requests goes on: after the one received then, under this number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    pub received_at: Timestamp,
    pub number: RequestNumber,
}

impl Earlier {
    /// As it stands in addresses.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, number) = text.split_once('.')?;
        let received_at = Timestamp::from_millisecond(at.parse().ok()?).ok()?;
        Some(Self { received_at, number: RequestNumber::parse(number)? })
    }
}

impl From<&Request> for Earlier {
    fn from(last: &Request) -> Self {
        Self { received_at: last.received_at, number: last.number.clone() }
    }
}

impl fmt::Display for Earlier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.received_at.as_millisecond(), self.number)
    }
}

/// Requests looked through for one of their own.
const LOOKED_THROUGH: u64 = 20;

/// Requests about whoever has this permit.
pub(crate) fn about(vault: &Vault, permit: &Own) -> SelectStatement {
    about_whom(indexes(vault, permit))
}

fn about_whom(indexes: impl IntoIterator<Item = String>) -> SelectStatement {
    Query::select()
        .column(request_subject::Column::RequestId)
        .from(request_subject::Entity)
        .and_where(request_subject::Column::SubjectIndex.is_in(indexes))
        .to_owned()
}

/// Requests whoever has this permit has asked for somebody else.
fn asked(vault: &Vault, permit: &Own) -> SelectStatement {
    Query::select()
        .column(request_requester::Column::RequestId)
        .from(request_requester::Entity)
        .and_where(request_requester::Column::RequesterIndex.is_in(indexes(vault, permit)))
        .to_owned()
}

/// As one list of ids: with an `OR` of two, PostgreSQL looks at every request there is.
fn ones_own(vault: &Vault, permit: &Own) -> SimpleExpr {
    let both = about(vault, permit).union(UnionType::Distinct, asked(vault, permit)).to_owned();
    request::Column::Id.in_subquery(both)
}

impl Store {
    /// One's own request. Nobody learns from the answer whether a number exists.
    pub async fn own_request(&self, permit: &Own, number: &RequestNumber) -> Result<Option<Request>, StoreError> {
        let row = request::Entity::find()
            .filter(request::Column::Number.eq(number.as_str()))
            .filter(ones_own(self.vault(), permit))
            .one(self.read())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// A page of one's own requests, newest first.
    pub async fn own_requests(
        &self,
        permit: &Own,
        after: Option<&Earlier>,
        most: u64,
    ) -> Result<Vec<Request>, StoreError> {
        let mut find = request::Entity::find().filter(ones_own(self.vault(), permit));
        if let Some(after) = after {
            // Several may have been received in the same millisecond: the number makes an order of them.
            let key = Expr::tuple([Expr::col(request::Column::ReceivedAt), Expr::col(request::Column::Number)]);
            let last = [Expr::val(after.received_at.as_millisecond()), Expr::val(after.number.as_str())];
            find = find.filter(key.lt(Expr::tuple(last)));
        }
        let find = find.order_by_desc(request::Column::ReceivedAt).order_by_desc(request::Column::Number);
        find.limit(most).all(self.read()).await?.iter().map(read).collect()
    }

    /// The language of what they asked for themselves last: what somebody else asked for them is written in that one's.
    pub async fn own_lang(&self, _permit: &Work, people: &[Identifier]) -> Result<Option<Lang>, StoreError> {
        let about = about_whom(people.iter().map(|identifier| self.vault().index(identifier)));
        let rows = request::Entity::find()
            .filter(request::Column::Id.in_subquery(about))
            .order_by_desc(request::Column::ReceivedAt)
            .limit(LOOKED_THROUGH)
            .all(self.read())
            .await?;
        let requests: Vec<Request> = rows.iter().map(read).collect::<Result<_, _>>()?;
        Ok(requests.into_iter().find(|request| request.requester == Requester::Subject).map(|request| request.lang))
    }

    /// Those in which something may wait for whoever has this permit: a question was asked, or what was agreed to is
    /// written and can be had. The newest first.
    pub async fn may_wait_for(&self, permit: &Own, now: Timestamp) -> Result<Vec<Request>, StoreError> {
        let written = Query::select()
            .column(copy::Column::RequestId)
            .from(copy::Entity)
            .and_where(
                Expr::col((copy::Entity, copy::Column::RequestId)).equals((request::Entity, request::Column::Id)),
            )
            .and_where(copy::Column::State.eq(CopyState::Ready.as_str()))
            .and_where(copy::Column::EndsAt.gte(now.as_millisecond()))
            .to_owned();
        let waits =
            Cond::any().add(request::Column::StageName.eq(StageName::Asked.as_str())).add(Expr::exists(written));
        let rows = request::Entity::find()
            .filter(ones_own(self.vault(), permit))
            .filter(waits)
            .order_by_desc(request::Column::ReceivedAt)
            .order_by_desc(request::Column::Number)
            .all(self.read())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Those about oneself that the executor carries out and that are open: not what one has asked for somebody else.
    /// All of them, however much has been asked since: whether something is under way is no matter of a page.
    pub async fn open_about(&self, permit: &Own) -> Result<Vec<Request>, StoreError> {
        let carried_out = RequestKind::ALL.into_iter().filter(|kind| kind.handling() != Handling::Answer);
        let rows = QueueView::Open
            .requests()
            .filter(request::Column::Id.in_subquery(about(self.vault(), permit)))
            .filter(request::Column::Kind.is_in(carried_out.map(RequestKind::as_str)))
            .order_by_desc(request::Column::ReceivedAt)
            .all(self.read())
            .await?;
        rows.iter().map(read).collect()
    }

    /// What was restricted, objected to or lifted about oneself and is decided, done or on its way, the newest first.
    pub async fn restrictions_of(&self, permit: &Own) -> Result<Vec<Request>, StoreError> {
        let restricting = RequestKind::ALL.into_iter().filter(|kind| kind.handling() == Handling::Restriction);
        let decided =
            [StageName::Approved, StageName::Running, StageName::Differs, StageName::Completed, StageName::Answered];
        let rows = request::Entity::find()
            .filter(request::Column::Id.in_subquery(about(self.vault(), permit)))
            .filter(request::Column::Kind.is_in(restricting.map(RequestKind::as_str)))
            .filter(request::Column::StageName.is_in(decided.map(StageName::as_str)))
            .order_by_desc(request::Column::ReceivedAt)
            .order_by_desc(request::Column::Id)
            .all(self.read())
            .await?;
        rows.iter().map(read).collect()
    }

    /// What was said on a use of one's own information and stands: restricted, objected to, lifted or withdrawn, done or
    /// on its way, the newest first: a page of it.
    pub async fn words_on_uses(
        &self,
        permit: &Own,
        after: Option<&Request>,
        most: u64,
    ) -> Result<Vec<Request>, StoreError> {
        let on_uses = RequestKind::ALL
            .into_iter()
            .filter(|kind| kind.handling() == Handling::Restriction || *kind == RequestKind::Withdraw);
        let mut find = request::Entity::find()
            .filter(request::Column::Id.in_subquery(about(self.vault(), permit)))
            .filter(request::Column::Kind.is_in(on_uses.map(RequestKind::as_str)))
            .filter(
                request::Column::StageName.is_not_in([StageName::Refused, StageName::Cancelled].map(StageName::as_str)),
            );
        if let Some(after) = after {
            let key = Expr::tuple([Expr::col(request::Column::ReceivedAt), Expr::col(request::Column::Id)]);
            let last = [Expr::val(after.received_at.as_millisecond()), Expr::val(after.id.to_string())];
            find = find.filter(key.lt(Expr::tuple(last)));
        }
        let find = find.order_by_desc(request::Column::ReceivedAt).order_by_desc(request::Column::Id);
        find.limit(most).all(self.read()).await?.iter().map(read).collect()
    }

    /// Erasures of oneself as a whole that are done.
    pub async fn erasures_of(&self, permit: &Own) -> Result<Vec<Request>, StoreError> {
        let erasing = RequestKind::ALL.into_iter().filter(|kind| kind.erases_all());
        let rows = QueueView::Closed
            .requests()
            .filter(request::Column::Id.in_subquery(about(self.vault(), permit)))
            .filter(request::Column::Kind.is_in(erasing.map(RequestKind::as_str)))
            .filter(request::Column::StageName.eq(StageName::Completed.as_str()))
            .order_by_desc(request::Column::ReceivedAt)
            .all(self.read())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Where somebody stands in one of their own requests.
    pub async fn standing(&self, permit: &Own, request: &Request) -> Result<Standing, StoreError> {
        match request.requester {
            Requester::Subject | Requester::Staff { .. } => return Ok(Standing::Alone),
            Requester::Representative { .. } => {}
        }
        let is = async |which: SelectStatement| {
            let mine = request::Entity::find_by_id(request.id.to_string());
            let found = mine.filter(request::Column::Id.in_subquery(which)).count(self.read()).await;
            found.map(|found| found > 0)
        };
        let subject = is(about(self.vault(), permit)).await?;
        let asker = is(asked(self.vault(), permit)).await?;
        Ok(match (asker, subject) {
            (true, true) => Standing::Both,
            (_, true) => Standing::On(Side::Subject),
            (_, false) => Standing::On(Side::Asker),
        })
    }
}

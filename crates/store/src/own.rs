//! One's own requests: about oneself, or asked for by oneself.

use domain::{
    ids::RequestNumber,
    permit::Own,
    request::{Requester, Side, Standing},
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Cond, Query, SelectStatement},
};

use crate::{
    Store, StoreError,
    entity::{request, request_requester, request_subject},
    requests::{Request, indexes, read},
    vault::Vault,
};

/// Requests about whoever has this permit.
pub(crate) fn about(vault: &Vault, permit: &Own) -> SelectStatement {
    Query::select()
        .column(request_subject::Column::RequestId)
        .from(request_subject::Entity)
        .and_where(request_subject::Column::SubjectIndex.is_in(indexes(vault, permit)))
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

fn ones_own(vault: &Vault, permit: &Own) -> Cond {
    Cond::any()
        .add(request::Column::Id.in_subquery(about(vault, permit)))
        .add(request::Column::Id.in_subquery(asked(vault, permit)))
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

    /// One's own requests, newest first.
    pub async fn own_requests(&self, permit: &Own) -> Result<Vec<Request>, StoreError> {
        self.newest(ones_own(self.vault(), permit)).await
    }

    /// Those that are about oneself, newest first: not what one has asked for somebody else.
    pub async fn requests_about(&self, permit: &Own) -> Result<Vec<Request>, StoreError> {
        self.newest(Cond::all().add(request::Column::Id.in_subquery(about(self.vault(), permit)))).await
    }

    async fn newest(&self, which: Cond) -> Result<Vec<Request>, StoreError> {
        let find = request::Entity::find().filter(which).order_by_desc(request::Column::ReceivedAt);
        find.limit(100u64).all(self.read()).await?.iter().map(read).collect()
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

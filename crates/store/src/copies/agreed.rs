//! Copies of what an officer has agreed to: what was asked for somebody else, and a transfer. There is one of a request
//! at a time, and it is taken by showing the request, not by proving whose data it is.

use domain::{
    Identifier,
    ids::{CopyId, RequestId},
    permit::Agreed,
};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};

use super::{CopyFor, CopyState, NewCopy, StoredCopy, read};
use crate::{
    Store, StoreError, Tx,
    entity::copy,
    requests::{Authority, Request},
    sealing::CopyKey,
};

fn of(request: RequestId) -> Select<copy::Entity> {
    copy::Entity::find().filter(copy::Column::RequestId.eq(request.to_string()))
}

async fn one(db: &impl ConnectionTrait, request: RequestId, now: Timestamp) -> Result<Option<StoredCopy>, StoreError> {
    let row = of(request).filter(copy::Column::EndsAt.gte(now.as_millisecond())).one(db).await?;
    row.as_ref().map(read).transpose()
}

impl Tx {
    /// Has it prepared, in place of one before. Nothing else happens to the request until this transaction ends.
    pub async fn prepare_agreed(
        &self,
        _authority: Authority<'_>,
        request: &Request,
        id: CopyId,
        people: &[Identifier],
        now: Timestamp,
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.remove_agreed(request.id).await?;
        let made_for = CopyFor::Request(request.id);
        self.add_copy(&NewCopy { id, made_for, lang: request.lang, asked_at: now, ends_at, people }).await
    }

    /// Nothing of it is left. `None` where there was none.
    pub async fn remove_agreed(&self, request: RequestId) -> Result<Option<CopyId>, StoreError> {
        self.alone_with(request).await?;
        let Some(row) = of(request).one(&self.inner).await? else { return Ok(None) };
        let id = read(&row)?.id;
        self.remove_copy(id).await?;
        Ok(Some(id))
    }

    /// What there is of it now; nothing happens to the request until this transaction ends.
    pub async fn agreed_copy(&self, request: RequestId, now: Timestamp) -> Result<Option<StoredCopy>, StoreError> {
        self.alone_with(request).await?;
        one(&self.inner, request, now).await
    }

    /// Counts one more download that begins, and hands out the key; `None` where it is not whole, not there any more, or
    /// was begun too often.
    pub async fn try_agreed(
        &self,
        permit: &Agreed,
        now: Timestamp,
    ) -> Result<Option<(StoredCopy, CopyKey)>, StoreError> {
        self.alone_with(permit.request()).await?;
        let ready = of(permit.request()).filter(copy::Column::State.eq(CopyState::Ready.as_str()));
        match ready.one(&self.inner).await? {
            Some(row) => self.try_row(row.id, now).await,
            None => Ok(None),
        }
    }
}

impl Store {
    /// What there is of it.
    pub async fn agreed_copy(&self, request: RequestId, now: Timestamp) -> Result<Option<StoredCopy>, StoreError> {
        one(self.read(), request, now).await
    }
}

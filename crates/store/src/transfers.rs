//! Addresses at which another handler fetches what somebody has transferred (PIPL art. 45 para. 3): only a digest of
//! the secret is kept, and a new address ends the one before.

use domain::{
    ids::RequestId,
    permit::{OwnFresh, Work},
};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::{Store, StoreError, Tx, entity::transfer, moment, vault::digest};

/// How long an address works.
pub const WORKS_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

fn name(secret: &str) -> String {
    digest(&["transfer", secret])
}

impl Tx {
    pub async fn open_transfer(
        &self,
        _permit: &OwnFresh,
        request: RequestId,
        secret: &str,
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.close_transfers(request).await?;
        let ends_at = ends_at.as_millisecond();
        let row = transfer::Model { id: name(secret), request_id: request.to_string(), ends_at };
        transfer::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// It is fetched, or another takes its place.
    pub async fn close_transfers(&self, request: RequestId) -> Result<(), StoreError> {
        let of_request = transfer::Column::RequestId.eq(request.to_string());
        transfer::Entity::delete_many().filter(of_request).exec(&self.inner).await?;
        Ok(())
    }

    /// Whether it is still the address of this request: another may have taken its place in this moment.
    pub async fn is_transfer(&self, request: RequestId, secret: &str) -> Result<bool, StoreError> {
        self.alone_with(request).await?;
        let row = transfer::Entity::find_by_id(name(secret)).one(&self.inner).await?;
        Ok(row.is_some_and(|row| row.request_id == request.to_string()))
    }

    pub async fn forget_transfers(&self, now: Timestamp) -> Result<(), StoreError> {
        let late = transfer::Column::EndsAt.lt(now.as_millisecond());
        transfer::Entity::delete_many().filter(late).exec(&self.inner).await?;
        Ok(())
    }
}

impl Store {
    /// Until when the address of a request works; `None` where there is none.
    pub async fn transfer_until(&self, request: RequestId, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let row = transfer::Entity::find()
            .filter(transfer::Column::RequestId.eq(request.to_string()))
            .filter(transfer::Column::EndsAt.gte(now.as_millisecond()))
            .one(self.read())
            .await?;
        row.map(|row| moment(row.ends_at)).transpose()
    }

    /// Whose address it is, while it works.
    pub async fn transfer(
        &self,
        _permit: &Work,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<RequestId>, StoreError> {
        let row = transfer::Entity::find_by_id(name(secret)).one(self.read()).await?;
        let row = row.filter(|row| row.ends_at >= now.as_millisecond());
        row.map(|row| row.request_id.parse().map_err(|_| StoreError::Inconsistent { what: "a transfer" })).transpose()
    }
}

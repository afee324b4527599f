//! Opening what is locked away: one officer asks, with a reason in law, and another agrees.

use domain::{
    Personal,
    ids::{RequestId, StaffId},
    permit::{Decide, ReadRequests},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use crate::{Store, StoreError, Tx, entity::unlock, moment};

#[derive(Clone, Debug)]
pub struct Unlocking {
    /// May name a case or a person.
    pub reason: Personal,
    pub asked_by: StaffId,
    pub asked_at: Timestamp,
    /// When a second person agreed.
    pub granted_at: Option<Timestamp>,
}

fn place(request: &str) -> String {
    format!("unlock.reason:{request}")
}

impl Tx {
    /// Asks, in place of whatever was asked before.
    pub async fn ask_unlock(
        &self,
        permit: &Decide,
        request: RequestId,
        reason: &Personal,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let request_id = request.to_string();
        let row = unlock::Model {
            reason_sealed: self.vault.seal(&place(&request_id), reason.reveal().as_bytes())?.0,
            request_id,
            asked_by: permit.staff().to_string(),
            asked_at: now.as_millisecond(),
            granted_by: None,
            granted_at: None,
        };
        let new = [
            unlock::Column::ReasonSealed,
            unlock::Column::AskedBy,
            unlock::Column::AskedAt,
            unlock::Column::GrantedBy,
            unlock::Column::GrantedAt,
        ];
        unlock::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::column(unlock::Column::RequestId).update_columns(new).to_owned())
            .exec_without_returning(&self.inner)
            .await?;
        Ok(())
    }

    /// Agrees to what another person asked. False when nothing is asked, or by the same person.
    pub async fn grant_unlock(&self, permit: &Decide, request: RequestId, now: Timestamp) -> Result<bool, StoreError> {
        let staff = permit.staff().to_string();
        let granted = unlock::Entity::update_many()
            .col_expr(unlock::Column::GrantedBy, Expr::value(staff.as_str()))
            .col_expr(unlock::Column::GrantedAt, Expr::value(now.as_millisecond()))
            .filter(unlock::Column::RequestId.eq(request.to_string()))
            .filter(unlock::Column::AskedBy.ne(staff))
            .filter(unlock::Column::GrantedAt.is_null())
            .exec(&self.inner)
            .await?;
        Ok(granted.rows_affected == 1)
    }
}

impl Store {
    pub async fn unlocking(&self, _permit: &ReadRequests, request: RequestId) -> Result<Option<Unlocking>, StoreError> {
        let Some(row) = unlock::Entity::find_by_id(request.to_string()).one(self.read()).await? else {
            return Ok(None);
        };
        Ok(Some(Unlocking {
            reason: self.vault().open_text(&place(&row.request_id), &row.reason_sealed)?,
            asked_by: row.asked_by.parse().map_err(|_| StoreError::Inconsistent { what: "an unlocking" })?,
            asked_at: moment(row.asked_at)?,
            granted_at: row.granted_at.map(moment).transpose()?,
        }))
    }
}

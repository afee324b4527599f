//! Accounts of staff as whoever looks after them sees them, and what is done with them.

use domain::{Personal, actor::StaffRole, ids::StaffId, permit::KeepAccounts};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{Store, StoreError, Tx, entity::staff, moment};

/// An account and how it stands.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: StaffId,
    pub login: String,
    pub name: String,
    pub role: StaffRole,
    pub since: Timestamp,
    pub standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// With both factors.
    InUse,
    /// The second factor is enrolled at the first sign-in, which has not been.
    ToEnrol,
    /// Too many failures; until then.
    Locked(Timestamp),
    /// Closed then.
    Left(Timestamp),
}

impl Tx {
    /// Nobody signs in with it any more, and whoever is signed in is signed out. False where it is closed already.
    pub async fn close_account(&self, _: &KeepAccounts, id: StaffId, now: Timestamp) -> Result<bool, StoreError> {
        let closed = staff::Entity::update_many()
            .col_expr(staff::Column::LeftAt, Expr::value(now.as_millisecond()))
            .filter(staff::Column::Id.eq(id.to_string()))
            .filter(staff::Column::LeftAt.is_null())
            .exec(&self.inner)
            .await?;
        Ok(closed.rows_affected == 1)
    }

    /// Both factors begin anew, with this password: for somebody who comes back, lost their telephone, or forgot it.
    pub async fn renew_account(
        &self,
        _: &KeepAccounts,
        id: StaffId,
        hash: &Personal,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        staff::Entity::update_many()
            .col_expr(staff::Column::PasswordHash, Expr::value(hash.reveal()))
            .col_expr(staff::Column::PasswordChangedAt, Expr::value(now.as_millisecond()))
            .col_expr(staff::Column::TotpSealed, Expr::value(None::<Vec<u8>>))
            .col_expr(staff::Column::EnrolledAt, Expr::value(None::<i64>))
            .col_expr(staff::Column::LeftAt, Expr::value(None::<i64>))
            .col_expr(staff::Column::LockedUntilAt, Expr::value(None::<i64>))
            .col_expr(staff::Column::Failed, Expr::value(0))
            .filter(staff::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

impl Store {
    /// All of them, by name; those that were closed last.
    pub async fn accounts(&self, _: &KeepAccounts, now: Timestamp) -> Result<Vec<Account>, StoreError> {
        let rows = staff::Entity::find().order_by_asc(staff::Column::Name).all(self.read()).await?;
        let (left, here): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.left_at.is_some());
        here.into_iter().chain(left).map(|row| account(row, now)).collect()
    }
}

fn account(row: staff::Model, now: Timestamp) -> Result<Account, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "a staff account" };
    let locked = row.locked_until_at.map(moment).transpose()?.filter(|until| *until > now);
    let standing = match (row.left_at.map(moment).transpose()?, locked, row.enrolled_at) {
        (Some(left), _, _) => Standing::Left(left),
        (None, Some(until), _) => Standing::Locked(until),
        (None, None, None) => Standing::ToEnrol,
        (None, None, Some(_)) => Standing::InUse,
    };
    Ok(Account {
        id: row.id.parse().map_err(|_| damaged())?,
        login: row.login,
        name: row.name,
        role: row.role.parse().map_err(|_| damaged())?,
        since: moment(row.created_at)?,
        standing,
    })
}

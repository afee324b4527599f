//! Staff accounts: password hash, second factor, and what slows guessing down.

use domain::{Personal, actor::StaffRole, ids::StaffId, permit::OwnAccount};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Cond, Expr, ExprTrait},
};

use crate::{Store, StoreError, Tx, entity::staff};

/// Five failures lock an account for half an hour (common assessor practice for GB/T 22239 §8.1.4.1 b).
pub const FAILURES: i64 = 5;
pub const LOCKED_FOR: SignedDuration = SignedDuration::from_mins(30);

#[derive(Debug)]
pub struct Member {
    pub id: StaffId,
    pub login: String,
    pub name: String,
    pub role: StaffRole,
    pub password_hash: Personal,
    /// The secret of the second factor, once enrolled.
    pub totp: Option<Personal>,
}

pub struct NewMember<'a> {
    pub id: StaffId,
    pub login: &'a str,
    pub name: &'a str,
    pub role: StaffRole,
    pub password_hash: &'a Personal,
}

fn place(id: StaffId) -> String {
    format!("staff.totp:{id}")
}

impl Tx {
    pub async fn add_staff(&self, new: &NewMember<'_>, now: Timestamp) -> Result<(), StoreError> {
        let row = staff::Model {
            id: new.id.to_string(),
            login: new.login.to_owned(),
            name: new.name.to_owned(),
            role: new.role.as_str().to_owned(),
            password_hash: new.password_hash.reveal().to_owned(),
            totp_sealed: None,
            totp_last_step: None,
            failed: 0,
            locked_until_at: None,
            created_at: now.as_millisecond(),
            enrolled_at: None,
            password_changed_at: None,
            left_at: None,
        };
        staff::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// Counts a try before anything is compared: of a thousand at the same moment five are. False where none is left.
    pub async fn staff_tries(&self, id: StaffId, now: Timestamp) -> Result<bool, StoreError> {
        let locked = staff::Column::LockedUntilAt;
        let counted = staff::Entity::update_many()
            .col_expr(staff::Column::Failed, Expr::col(staff::Column::Failed).add(1))
            .filter(staff::Column::Id.eq(id.to_string()))
            .filter(staff::Column::LeftAt.is_null())
            .filter(Cond::any().add(locked.is_null()).add(locked.lte(now.as_millisecond())))
            .filter(staff::Column::Failed.lt(FAILURES))
            .exec(&self.inner)
            .await?;
        Ok(counted.rows_affected == 1)
    }

    /// The try was right, and is not held against them.
    pub async fn staff_was_right(&self, id: StaffId) -> Result<(), StoreError> {
        staff::Entity::update_many()
            .col_expr(staff::Column::Failed, Expr::col(staff::Column::Failed).sub(1))
            .filter(staff::Column::Id.eq(id.to_string()))
            .filter(staff::Column::Failed.gt(0))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// Locks the account where it was the last try.
    pub async fn staff_was_wrong(&self, id: StaffId, now: Timestamp) -> Result<(), StoreError> {
        staff::Entity::update_many()
            .col_expr(staff::Column::LockedUntilAt, Expr::value((now + LOCKED_FOR).as_millisecond()))
            .col_expr(staff::Column::Failed, Expr::value(0))
            .filter(staff::Column::Id.eq(id.to_string()))
            .filter(staff::Column::Failed.gte(FAILURES))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// Uses up a step of the second factor. False when it, or a later one, was used before.
    pub async fn use_totp_step(&self, id: StaffId, step: i64) -> Result<bool, StoreError> {
        let unused = Cond::any().add(staff::Column::TotpLastStep.is_null()).add(staff::Column::TotpLastStep.lt(step));
        let used = staff::Entity::update_many()
            .col_expr(staff::Column::TotpLastStep, Expr::value(step))
            .col_expr(staff::Column::Failed, Expr::value(0))
            .filter(staff::Column::Id.eq(id.to_string()))
            .filter(unused)
            .exec(&self.inner)
            .await?;
        Ok(used.rows_affected == 1)
    }

    /// From now on this password and no other; whoever signed in before is signed out.
    pub async fn set_password(&self, permit: &OwnAccount, hash: &Personal, now: Timestamp) -> Result<(), StoreError> {
        staff::Entity::update_many()
            .col_expr(staff::Column::PasswordHash, Expr::value(hash.reveal()))
            .col_expr(staff::Column::PasswordChangedAt, Expr::value(now.as_millisecond()))
            .filter(staff::Column::Id.eq(permit.staff().to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// Enrols the second factor, once.
    pub async fn enrol_totp(&self, id: StaffId, secret: &Personal, now: Timestamp) -> Result<bool, StoreError> {
        let sealed = self.vault.seal(&place(id), secret.reveal().as_bytes())?;
        let enrolled = staff::Entity::update_many()
            .col_expr(staff::Column::TotpSealed, Expr::value(sealed.0))
            .col_expr(staff::Column::EnrolledAt, Expr::value(now.as_millisecond()))
            .filter(staff::Column::Id.eq(id.to_string()))
            .filter(staff::Column::TotpSealed.is_null())
            .exec(&self.inner)
            .await?;
        Ok(enrolled.rows_affected == 1)
    }
}

impl Store {
    pub async fn staff_by_login(&self, login: &str) -> Result<Option<Member>, StoreError> {
        let row = staff::Entity::find().filter(staff::Column::Login.eq(login)).one(self.read()).await?;
        row.map(|row| self.member(row)).transpose()
    }

    pub async fn staff_by_id(&self, id: StaffId) -> Result<Option<Member>, StoreError> {
        let row = staff::Entity::find_by_id(id.to_string()).one(self.read()).await?;
        row.map(|row| self.member(row)).transpose()
    }

    /// Whether whoever gave their password at that moment gave the one that is in force, of an account that is.
    pub async fn is_password_of(&self, id: StaffId, since: Timestamp) -> Result<bool, StoreError> {
        let row = staff::Entity::find_by_id(id.to_string()).one(self.read()).await?;
        let stands = |row: staff::Model| {
            row.left_at.is_none() && row.password_changed_at.is_none_or(|changed| changed <= since.as_millisecond())
        };
        Ok(row.is_some_and(stands))
    }

    fn member(&self, row: staff::Model) -> Result<Member, StoreError> {
        let damaged = || StoreError::Inconsistent { what: "a staff account" };
        let id: StaffId = row.id.parse().map_err(|_| damaged())?;
        Ok(Member {
            id,
            login: row.login,
            name: row.name,
            role: row.role.parse().map_err(|_| damaged())?,
            password_hash: Personal::new(row.password_hash),
            totp: row.totp_sealed.map(|sealed| self.vault().open_text(&place(id), &sealed)).transpose()?,
        })
    }
}

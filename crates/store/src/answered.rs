//! What programs were answered, so that asking again with the same key does nothing twice
//! (draft-ietf-httpapi-idempotency-key-header).

use domain::ids::StaffId;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use crate::{Store, StoreError, Tx, entity::answered};

/// How long an answer is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What is known of a key.
#[derive(Debug)]
pub enum Known {
    /// Nothing: it is now taken.
    New,
    /// The same was asked and answered.
    Answered { status: u16, body: Vec<u8> },
    /// The same was asked and is still being worked on.
    Underway,
    /// Something else was asked with it.
    OtherQuestion,
}

fn place(program: StaffId, key: &str) -> String {
    format!("answered:{program}:{key}")
}

impl Store {
    /// Takes a key for a question, of which `asked` is a digest.
    pub async fn take_key(
        &self,
        program: StaffId,
        key: &str,
        asked: &str,
        now: Timestamp,
    ) -> Result<Known, StoreError> {
        let tx = self.begin().await?;
        let row = answered::Model {
            program_id: program.to_string(),
            key: key.to_owned(),
            asked: asked.to_owned(),
            status: None,
            body_sealed: None,
            at: now.as_millisecond(),
        };
        let taken = answered::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([answered::Column::ProgramId, answered::Column::Key]).do_nothing().to_owned(),
            )
            .exec_without_returning(&tx.inner)
            .await?;
        if taken == 1 {
            tx.commit().await?;
            return Ok(Known::New);
        }
        let id = (program.to_string(), key.to_owned());
        let row = answered::Entity::find_by_id(id).one(&tx.inner).await?;
        let row = row.ok_or(StoreError::Inconsistent { what: "an answer" })?;
        if row.asked != asked {
            return Ok(Known::OtherQuestion);
        }
        match (row.status, row.body_sealed) {
            (Some(status), Some(body)) => Ok(Known::Answered {
                status: u16::try_from(status).map_err(|_| StoreError::Inconsistent { what: "an answer" })?,
                body: self.vault().open(&place(program, key), &body)?.to_vec(),
            }),
            (Some(_) | None, Some(_) | None) => Ok(Known::Underway),
        }
    }
}

impl Tx {
    /// Keeps the answer, sealed: it may hold what is somebody's.
    pub async fn keep_answer(&self, program: StaffId, key: &str, status: u16, body: &[u8]) -> Result<(), StoreError> {
        let sealed = self.vault.seal(&place(program, key), body)?;
        answered::Entity::update_many()
            .col_expr(answered::Column::Status, Expr::value(i32::from(status)))
            .col_expr(answered::Column::BodySealed, Expr::value(sealed.0))
            .filter(answered::Column::ProgramId.eq(program.to_string()))
            .filter(answered::Column::Key.eq(key))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// Nothing was done: the key may be used again.
    pub async fn free_key(&self, program: StaffId, key: &str) -> Result<(), StoreError> {
        answered::Entity::delete_by_id((program.to_string(), key.to_owned())).exec(&self.inner).await?;
        Ok(())
    }

    pub async fn forget_answers(&self, now: Timestamp) -> Result<(), StoreError> {
        let before = (now - KEPT).as_millisecond();
        answered::Entity::delete_many().filter(answered::Column::At.lt(before)).exec(&self.inner).await?;
        Ok(())
    }
}

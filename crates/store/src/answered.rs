//! What programs were answered, so that asking again with the same key does nothing twice
//! (draft-ietf-httpapi-idempotency-key-header).

use domain::ids::StaffId;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{Store, StoreError, Tx, entity::answered, errand::Errand};

/// How long an answer is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// How long whoever took a key has it alone. Longer than any question takes while all is well; and who is slower loses
/// nothing but their turn.
pub const LEASE: SignedDuration = SignedDuration::from_mins(1);

/// What is known of a key.
pub enum Known {
    /// Nothing, or that nothing came of it: it is now taken.
    New(Errand),
    /// The same was asked and answered.
    Answered { status: u16, body: Vec<u8> },
    /// The same was asked and is still being worked on.
    Underway,
    /// The same was asked, something was done for it, and whoever did it died before the answer.
    Lost,
    /// Something else was asked with it.
    OtherQuestion,
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
        let lease_until_at = (now + LEASE).as_millisecond();
        let row = answered::Model {
            program_id: program.to_string(),
            key: key.to_owned(),
            asked: asked.to_owned(),
            status: None,
            body_sealed: None,
            at: now.as_millisecond(),
            turn: 1,
            lease_until_at,
            begun: 0,
        };
        let taken = answered::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([answered::Column::ProgramId, answered::Column::Key]).do_nothing().to_owned(),
            )
            .exec_without_returning(&tx.inner)
            .await?;
        if taken == 1 {
            tx.commit().await?;
            return Ok(Known::New(Errand::new(program, key, 1)));
        }
        let id = (program.to_string(), key.to_owned());
        let row = answered::Entity::find_by_id(id).one(&tx.inner).await?;
        // Freed in this instant.
        let Some(row) = row else { return Ok(Known::Underway) };
        if row.asked != asked {
            return Ok(Known::OtherQuestion);
        }
        if let (Some(status), Some(body)) = (row.status, &row.body_sealed) {
            return Ok(Known::Answered {
                status: u16::try_from(status).map_err(|_| StoreError::Inconsistent { what: "an answer" })?,
                body: self.vault().open(&place(program, key), body)?.to_vec(),
            });
        }
        if row.lease_until_at > now.as_millisecond() {
            return Ok(Known::Underway);
        }
        if row.begun != 0 {
            return Ok(Known::Lost);
        }
        // Nothing was committed by whoever had it, and from here on nothing can be: it is no longer their turn.
        let over = answered::Entity::update_many()
            .col_expr(answered::Column::Turn, Expr::col(answered::Column::Turn).add(1))
            .col_expr(answered::Column::LeaseUntilAt, Expr::value(lease_until_at))
            .filter(answered::Column::ProgramId.eq(program.to_string()))
            .filter(answered::Column::Key.eq(key))
            .filter(answered::Column::Turn.eq(row.turn))
            .filter(answered::Column::Begun.eq(0))
            .filter(answered::Column::Status.is_null())
            .exec(&tx.inner)
            .await?;
        if over.rows_affected == 0 {
            return Ok(Known::Underway);
        }
        tx.commit().await?;
        Ok(Known::New(Errand::new(program, key, row.turn.saturating_add(1))))
    }
}

pub(crate) fn place(program: StaffId, key: &str) -> String {
    format!("answered:{program}:{key}")
}

impl Tx {
    pub async fn forget_answers(&self, now: Timestamp) -> Result<(), StoreError> {
        let before = (now - KEPT).as_millisecond();
        answered::Entity::delete_many().filter(answered::Column::At.lt(before)).exec(&self.inner).await?;
        Ok(())
    }
}

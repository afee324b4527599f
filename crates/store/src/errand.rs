//! What is done for a question that may be asked again under the same key, and its answer: one transaction. Nobody who
//! dies in between leaves the one without the other.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use domain::ids::StaffId;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, UpdateMany,
    sea_query::{Expr, SimpleExpr},
};

use crate::{Store, StoreError, Tx, answered::place, entity::answered};

/// Somebody's turn with a key. A store that is [on](Store::on) it commits nothing by itself: the last transaction waits
/// for the answer.
#[derive(Clone)]
pub struct Errand {
    program: StaffId,
    key: String,
    turn: i64,
    waiting: Arc<Mutex<Option<DatabaseTransaction>>>,
}

impl Errand {
    pub(crate) fn new(program: StaffId, key: &str, turn: i64) -> Self {
        Self { program, key: key.to_owned(), turn, waiting: Arc::default() }
    }

    /// Instead of being committed.
    pub(crate) fn keep(&self, done: DatabaseTransaction) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
    }

    fn take(&self) -> Option<DatabaseTransaction> {
        mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What waits is followed by more, and cannot wait any longer: from now on the key is never taken over.
    pub(crate) async fn let_go(&self) -> Result<(), StoreError> {
        let Some(done) = self.take() else { return Ok(()) };
        self.still_mine(&done, [(answered::Column::Begun, Expr::value(1))]).await?;
        Ok(done.commit().await?)
    }

    /// Writes what has come of it, in one transaction with what was done last. `store` is on no errand.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it was too slow and another has the key; nothing of this one is there then.
    pub async fn answer(&self, store: &Store, status: u16, body: &[u8]) -> Result<(), StoreError> {
        // Sealed: it may hold what is somebody's.
        let sealed = store.vault().seal(&place(self.program, &self.key), body)?;
        let done = match self.take() {
            Some(done) => done,
            None => store.begin().await?.inner,
        };
        let answer = [
            (answered::Column::Status, Expr::value(i32::from(status))),
            (answered::Column::BodySealed, Expr::value(sealed.0)),
        ];
        self.still_mine(&done, answer).await?;
        Ok(done.commit().await?)
    }

    /// Nothing could be done for now: what waits is dropped, and the key may be used again. `store` is on no errand.
    pub async fn nothing_done(&self, store: &Store) -> Result<(), StoreError> {
        drop(self.take());
        let tx = store.begin().await?;
        answered::Entity::delete_many()
            .filter(answered::Column::ProgramId.eq(self.program.to_string()))
            .filter(answered::Column::Key.eq(&self.key))
            .filter(answered::Column::Turn.eq(self.turn))
            .filter(answered::Column::Begun.eq(0))
            .exec(&tx.inner)
            .await?;
        tx.commit().await
    }

    /// Writes to the key, where nobody has taken it over.
    async fn still_mine(
        &self,
        done: &DatabaseTransaction,
        values: impl IntoIterator<Item = (answered::Column, SimpleExpr)>,
    ) -> Result<(), StoreError> {
        let mut mine: UpdateMany<answered::Entity> = answered::Entity::update_many();
        for (column, value) in values {
            mine = mine.col_expr(column, value);
        }
        let written = mine
            .filter(answered::Column::ProgramId.eq(self.program.to_string()))
            .filter(answered::Column::Key.eq(&self.key))
            .filter(answered::Column::Turn.eq(self.turn))
            .exec(done)
            .await?;
        if written.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "the key" }) }
    }
}

impl Store {
    /// The same store, on an errand.
    #[must_use]
    pub fn on(&self, errand: Errand) -> Self {
        Self { errand: Some(errand), ..self.clone() }
    }
}

impl Tx {
    /// Done, or where the store is on an errand, done once that is answered.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.errand {
            Some(errand) => errand.keep(self.inner),
            None => self.inner.commit().await?,
        }
        Ok(())
    }
}

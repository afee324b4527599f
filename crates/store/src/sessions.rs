//! Sessions as `tower-sessions` keeps them: found by a hash of the id, the content sealed.

use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};

use crate::{Store, StoreError, entity::session, vault::digest};

/// What became of a session that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    Written,
    Ended,
}

impl Store {
    /// Fails with [`StoreError::Conflict`] when the id is taken: never somebody else's session.
    pub async fn create_session(&self, id: &str, data: &[u8], expires: Timestamp) -> Result<(), StoreError> {
        let row = self.session_row(id, data, expires)?;
        let tx = self.begin().await?;
        session::Entity::insert(row.into_active_model()).exec_without_returning(&tx.inner).await?;
        tx.commit().await
    }

    /// Writes a session that is there. One that was ended meanwhile stays ended: an answer under way when somebody
    /// signs out must not sign them in again.
    pub async fn save_session(&self, id: &str, data: &[u8], expires: Timestamp) -> Result<Saved, StoreError> {
        let row = self.session_row(id, data, expires)?;
        let tx = self.begin().await?;
        let saved = session::Entity::update_many()
            .col_expr(session::Column::DataSealed, Expr::value(row.data_sealed))
            .col_expr(session::Column::ExpiresAt, Expr::value(row.expires_at))
            .filter(session::Column::IdHash.eq(row.id_hash))
            .exec(&tx.inner)
            .await?;
        tx.commit().await?;
        Ok(if saved.rows_affected == 0 { Saved::Ended } else { Saved::Written })
    }

    pub async fn load_session(&self, id: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        let hash = digest(&["session", id]);
        let row = session::Entity::find_by_id(&hash).one(self.read()).await?;
        let live = row.filter(|row| row.expires_at > now.as_millisecond());
        live.map(|row| Ok(self.vault().open(&hash, &row.data_sealed)?.to_vec())).transpose()
    }

    pub async fn delete_session(&self, id: &str) -> Result<(), StoreError> {
        let tx = self.begin().await?;
        session::Entity::delete_by_id(digest(&["session", id])).exec(&tx.inner).await?;
        tx.commit().await
    }

    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let tx = self.begin().await?;
        let gone = session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lte(now.as_millisecond()))
            .exec(&tx.inner)
            .await?;
        tx.commit().await?;
        Ok(gone.rows_affected)
    }

    fn session_row(&self, id: &str, data: &[u8], expires: Timestamp) -> Result<session::Model, StoreError> {
        let id_hash = digest(&["session", id]);
        let data_sealed = self.vault().seal(&id_hash, data)?.0;
        Ok(session::Model { id_hash, data_sealed, expires_at: expires.as_millisecond() })
    }
}

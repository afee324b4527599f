//! Somebody on their way here from the company's own app: an address that works once and soon no more.

use domain::Identifier;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, ExprTrait, Func},
};

use crate::{
    Store, StoreError, Tx,
    entity::handover,
    moment,
    vault::{Vault, digest, read_identifiers, write_identifiers},
};

/// How long the address works.
pub const WORKS_FOR: SignedDuration = SignedDuration::from_mins(2);

/// Who arrives.
pub struct Arriving {
    pub proven: Vec<Identifier>,
    pub proven_at: Timestamp,
}

fn place(id: &str) -> String {
    format!("handover:{id}")
}

/// Of the secret only a digest is kept.
fn name(secret: &str) -> String {
    digest(&["handover", secret])
}

fn read(vault: &Vault, row: &handover::Model) -> Result<Arriving, StoreError> {
    let proven = read_identifiers(&vault.open(&place(&row.id), &row.who_sealed)?)?;
    Ok(Arriving { proven, proven_at: moment(row.proven_at)? })
}

impl Tx {
    /// Fails with [`StoreError::Conflict`] where the secret was used before and would work still.
    pub async fn hand_over(&self, secret: &str, who: &Arriving, until: Timestamp) -> Result<(), StoreError> {
        let id = name(secret);
        let row = handover::Model {
            who_sealed: self.vault.seal(&place(&id), &write_identifiers(&who.proven))?.0,
            proven_at: who.proven_at.as_millisecond(),
            ends_at: until.as_millisecond(),
            id,
        };
        handover::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// Whose address it was; it works no more. Of two at once one comes first.
    pub async fn arrive(&self, secret: &str, now: Timestamp) -> Result<Option<Arriving>, StoreError> {
        let id = name(secret);
        let row = handover::Entity::find_by_id(&id).one(&self.inner).await?;
        // That it was there is remembered until its end: a token that is sent twice is noticed.
        let used = handover::Entity::update_many()
            .col_expr(handover::Column::WhoSealed, Expr::value(Vec::<u8>::new()))
            .filter(handover::Column::Id.eq(&id))
            .filter(handover::Column::EndsAt.gte(now.as_millisecond()))
            .filter(Expr::from(Func::cust("length").arg(Expr::col(handover::Column::WhoSealed))).gt(0))
            .exec(&self.inner)
            .await?;
        row.filter(|_| used.rows_affected == 1).map(|row| read(&self.vault, &row)).transpose()
    }

    pub async fn forget_handovers(&self, now: Timestamp) -> Result<(), StoreError> {
        let late = handover::Column::EndsAt.lt(now.as_millisecond());
        handover::Entity::delete_many().filter(late).exec(&self.inner).await?;
        Ok(())
    }
}

impl Store {
    /// Who would arrive, without using it up.
    pub async fn arriving(&self, secret: &str, now: Timestamp) -> Result<Option<Arriving>, StoreError> {
        let id = name(secret);
        let row = handover::Entity::find_by_id(&id).one(self.read()).await?;
        let row = row.filter(|row| row.ends_at >= now.as_millisecond() && !row.who_sealed.is_empty());
        row.map(|row| read(self.vault(), &row)).transpose()
    }
}

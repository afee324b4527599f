//! One-time codes: hashed, ten minutes, five tries, used once.

use domain::{Identifier, IdentifierKind, Lang, Personal, ids::ChallengeId};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

use crate::{Store, StoreError, Tx, entity::challenge};

pub const VALID_FOR: SignedDuration = SignedDuration::from_mins(10);
pub const TRIES: i64 = 5;

/// A code about to be sent.
pub struct NewChallenge<'a> {
    pub id: ChallengeId,
    pub identifier: &'a Identifier,
    pub fact: Fact<'a>,
    pub code: &'a Personal,
    pub lang: Lang,
}

/// What must be known together with the identifier before anything is sent.
#[derive(Clone, Copy)]
pub enum Fact<'a> {
    None,
    Typed(&'a Personal),
    /// The person proved this address earlier in the same session.
    KnownBefore,
}

pub struct Pending {
    pub identifier: Identifier,
    pub fact: Option<Personal>,
    /// The person proved this address earlier in the same session.
    pub vouched: bool,
    pub lang: Lang,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Checked {
    Right(Identifier),
    Wrong {
        tries_left: i64,
    },
    /// Expired, used, or tried too often: a new one is needed.
    Spent,
}

fn place(id: ChallengeId) -> String {
    format!("challenge:{id}")
}

impl Tx {
    pub async fn add_challenge(&self, new: &NewChallenge<'_>, now: Timestamp) -> Result<(), StoreError> {
        let place = place(new.id);
        let (fact, vouched_at) = match new.fact {
            Fact::None => (None, None),
            Fact::Typed(fact) => (Some(self.vault.seal(&place, fact.reveal().as_bytes())?), None),
            Fact::KnownBefore => (None, Some(now.as_millisecond())),
        };
        let row = challenge::Model {
            id: new.id.to_string(),
            channel: new.identifier.kind().as_str().to_owned(),
            address_sealed: self.vault.seal(&place, new.identifier.reveal().as_bytes())?.0,
            address_index: self.vault.index(new.identifier),
            fact_sealed: fact.map(|sealed| sealed.0),
            code_hash: self.vault.index_text(&place, new.code.reveal()),
            code_sealed: Some(self.vault.seal(&format!("{place}:code"), new.code.reveal().as_bytes())?.0),
            lang: new.lang.tag().to_owned(),
            tries: 0,
            created_at: now.as_millisecond(),
            expires_at: (now + VALID_FOR).as_millisecond(),
            used_at: None,
            vouched_at,
        };
        challenge::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// Counts the try before comparing, so that guesses side by side do not get more of them.
    pub async fn check_challenge(
        &self,
        id: ChallengeId,
        typed: &Personal,
        now: Timestamp,
    ) -> Result<Checked, StoreError> {
        let now_ms = now.as_millisecond();
        let counted = challenge::Entity::update_many()
            .col_expr(challenge::Column::Tries, Expr::col(challenge::Column::Tries).add(1))
            .filter(challenge::Column::Id.eq(id.to_string()))
            .filter(challenge::Column::UsedAt.is_null())
            .filter(challenge::Column::ExpiresAt.gt(now_ms))
            .filter(challenge::Column::Tries.lt(TRIES))
            .exec(&self.inner)
            .await?;
        if counted.rows_affected == 0 {
            return Ok(Checked::Spent);
        }
        let Some(row) = challenge::Entity::find_by_id(id.to_string()).one(&self.inner).await? else {
            return Ok(Checked::Spent);
        };
        let typed = self.vault.index_text(&place(id), typed.reveal());
        if !crate::vault::same(&typed, &row.code_hash) {
            let tries_left = TRIES - row.tries;
            return Ok(if tries_left > 0 { Checked::Wrong { tries_left } } else { Checked::Spent });
        }
        challenge::Entity::update_many()
            .col_expr(challenge::Column::UsedAt, Expr::value(now_ms))
            .filter(challenge::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(Checked::Right(identifier(&row, &self.vault)?))
    }

    /// Codes that can no longer be used are not kept.
    pub async fn forget_challenges(&self, now: Timestamp) -> Result<u64, StoreError> {
        let gone = challenge::Entity::delete_many()
            .filter(challenge::Column::ExpiresAt.lt(now.as_millisecond()))
            .exec(&self.inner)
            .await?;
        Ok(gone.rows_affected)
    }
}

impl Store {
    pub async fn challenge(&self, id: ChallengeId) -> Result<Option<Pending>, StoreError> {
        let Some(row) = challenge::Entity::find_by_id(id.to_string()).one(self.read()).await? else {
            return Ok(None);
        };
        let place = place(id);
        let fact = row.fact_sealed.as_ref().map(|sealed| self.vault().open_text(&place, sealed)).transpose()?;
        Ok(Some(Pending {
            identifier: identifier(&row, self.vault())?,
            fact,
            vouched: row.vouched_at.is_some(),
            lang: Lang::from_tag(&row.lang).unwrap_or_default(),
        }))
    }
}

fn identifier(row: &challenge::Model, vault: &crate::Vault) -> Result<Identifier, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "a challenge" };
    let kind = match row.channel.as_str() {
        "email" => IdentifierKind::Email,
        "mobile" => IdentifierKind::Mobile,
        _ => return Err(damaged()),
    };
    let address = vault.open_text(&format!("challenge:{}", row.id), &row.address_sealed)?;
    Identifier::parse(kind, address.reveal()).ok_or_else(damaged)
}

/// The code itself, sealed, until the worker has decided whether to send it.
impl Tx {
    pub async fn forget_code(&self, id: ChallengeId) -> Result<(), StoreError> {
        challenge::Entity::update_many()
            .col_expr(challenge::Column::CodeSealed, Expr::value(Option::<Vec<u8>>::None))
            .filter(challenge::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

impl Store {
    pub async fn kept_code(&self, id: ChallengeId) -> Result<Option<Personal>, StoreError> {
        let row = challenge::Entity::find_by_id(id.to_string()).one(self.read()).await?;
        let sealed = row.and_then(|row| row.code_sealed);
        sealed.map(|sealed| self.vault().open_text(&format!("{}:code", place(id)), &sealed)).transpose()
    }
}

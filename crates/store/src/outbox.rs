//! Messages on their way out. Written with the change they tell of, sent by the worker.
//!
//! The notice holds numbers, dates and codes; the address and a one-time code are sealed, and
//! wiped once sent.

use domain::{Identifier, IdentifierKind, Lang, Personal};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{
    Store, StoreError, Tx,
    entity::outbox,
    waiting::{GIVEN_UP, WAITING, Waits, next_try},
};

pub struct Outgoing {
    pub id: Uuid,
    pub to: Identifier,
    pub lang: Lang,
    pub notice: serde_json::Value,
    pub secret: Option<Personal>,
    pub attempts: i64,
}

/// What is on its way. A code is not sent behind ten thousand notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// Holds something that is good for minutes.
    Code,
    Notice,
}

/// How a message was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nobody answered, or whoever did asked to come back (greylisting).
    ForNow,
    /// No such address, or none that may be written to: the answer stays the same.
    ForGood,
}

/// What becomes of a message that was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Waits,
    GivenUp,
}

/// After these waits a message is given up; together about a day.
const WAITS_SECONDS: [i64; 7] = [60, 300, 900, 3_600, 10_800, 21_600, 43_200];

impl Waits for outbox::Entity {
    const ID: outbox::Column = outbox::Column::Id;
    const STATUS: outbox::Column = outbox::Column::Status;
    const ATTEMPTS: outbox::Column = outbox::Column::Attempts;
    const NEXT_AT: outbox::Column = outbox::Column::NextAt;

    fn id(row: &outbox::Model) -> &str {
        &row.id
    }
}

impl Tx {
    pub async fn send(
        &self,
        to: &Identifier,
        lang: Lang,
        notice: &serde_json::Value,
        secret: Option<&Personal>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = Uuid::now_v7();
        let place = format!("outbox:{id}");
        let secret = secret.map(|secret| self.vault.seal(&place, secret.reveal().as_bytes())).transpose()?;
        let row = outbox::Model {
            id: id.to_string(),
            channel: to.kind().as_str().to_owned(),
            address_sealed: Some(self.vault.seal(&place, to.reveal().as_bytes())?.0),
            lang: lang.tag().to_owned(),
            notice: notice.to_string(),
            secret_sealed: secret.map(|sealed| sealed.0),
            status: WAITING.to_owned(),
            attempts: 0,
            next_at: now.as_millisecond(),
            created_at: now.as_millisecond(),
            sent_at: None,
        };
        outbox::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// The next message that is due, for one sender. One that cannot be
    /// read is one that cannot be sent: no other waits behind it, and with the right key it still goes.
    pub async fn take_outgoing(&self, letter: Letter, now: Timestamp) -> Result<Option<Outgoing>, StoreError> {
        let of_kind = match letter {
            Letter::Code => outbox::Column::SecretSealed.is_not_null(),
            Letter::Notice => outbox::Column::SecretSealed.is_null(),
        };
        let among = outbox::Entity::find().filter(of_kind);
        while let Some(row) = self.take_waiting(among.clone(), now).await? {
            let id = Uuid::try_parse(&row.id).map_err(|_| StoreError::Inconsistent { what: "a message" })?;
            match self.read_outgoing(id, &row) {
                Ok(out) => return Ok(Some(out)),
                Err(_) => {
                    self.was_not_sent(id, row.attempts + 1, Refused::ForNow, now).await?;
                }
            }
        }
        Ok(None)
    }

    fn read_outgoing(&self, id: Uuid, row: &outbox::Model) -> Result<Outgoing, StoreError> {
        let damaged = || StoreError::Inconsistent { what: "a message" };
        let place = format!("outbox:{id}");
        let kind = if row.channel == "mobile" { IdentifierKind::Mobile } else { IdentifierKind::Email };
        let address = self.vault.open_text(&place, row.address_sealed.as_deref().unwrap_or_default())?;
        Ok(Outgoing {
            id,
            to: Identifier::parse(kind, address.reveal()).ok_or_else(damaged)?,
            lang: Lang::from_tag(&row.lang).unwrap_or_default(),
            notice: serde_json::from_str(&row.notice).map_err(|_| damaged())?,
            secret: row.secret_sealed.as_deref().map(|sealed| self.vault.open_text(&place, sealed)).transpose()?,
            attempts: row.attempts + 1,
        })
    }

    pub async fn was_sent(&self, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        self.end(id, "sent", now).await
    }

    /// Tries again later, or gives up: also at once, where it would be refused again and again.
    pub async fn was_not_sent(
        &self,
        id: Uuid,
        attempts: i64,
        refused: Refused,
        now: Timestamp,
    ) -> Result<Fate, StoreError> {
        let next = match refused {
            Refused::ForNow => next_try(&WAITS_SECONDS, attempts, now),
            Refused::ForGood => None,
        };
        let Some(next) = next else {
            self.end(id, GIVEN_UP, now).await?;
            return Ok(Fate::GivenUp);
        };
        outbox::Entity::update_many()
            .col_expr(outbox::Column::NextAt, Expr::value(next.as_millisecond()))
            .filter(outbox::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(Fate::Waits)
    }

    async fn end(&self, id: Uuid, status: &str, now: Timestamp) -> Result<(), StoreError> {
        outbox::Entity::update_many()
            .col_expr(outbox::Column::Status, Expr::value(status))
            .col_expr(outbox::Column::SentAt, Expr::value(now.as_millisecond()))
            .col_expr(outbox::Column::AddressSealed, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(outbox::Column::SecretSealed, Expr::value(Option::<Vec<u8>>::None))
            .filter(outbox::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

impl Store {
    /// Messages waiting, and messages given up.
    pub async fn outbox_counts(&self) -> Result<(u64, u64), StoreError> {
        let count = |status: &'static str| outbox::Entity::find().filter(outbox::Column::Status.eq(status));
        Ok((count(WAITING).count(self.read()).await?, count(GIVEN_UP).count(self.read()).await?))
    }
}

//! Other systems that are told of changes (Standard Webhooks). What they are told is written with the change itself
//! and holds numbers, kinds, stages and dates, nothing personal.

use std::collections::BTreeSet;

use domain::{Personal, permit::Configure, request::Stage};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    Store, StoreError, Tx,
    entity::{delivery, webhook},
    moment,
    requests::Request,
    waiting::{GIVEN_UP, WAITING, Waits, next_try},
};

#[derive(Clone, Debug)]
pub struct Webhook {
    pub id: Uuid,
    pub url: String,
    pub created_at: Timestamp,
}

/// A message to one of them.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: Uuid,
    pub webhook: Uuid,
    pub event: String,
    pub at: Timestamp,
    pub state: Delivered,
    pub attempts: i64,
    /// The status of the last answer.
    pub answer: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    Waiting { next: Timestamp },
    Arrived,
    GivenUp,
}

/// A message on its way, with what it is signed with.
pub struct Due {
    pub id: Uuid,
    pub webhook: Uuid,
    pub url: String,
    pub secret: Personal,
    pub body: String,
    pub attempts: i64,
}

/// After these waits a message is given up, as Standard Webhooks proposes; together about three days.
const WAITS_SECONDS: [i64; 8] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 86_400];

impl Waits for delivery::Entity {
    const ID: delivery::Column = delivery::Column::Id;
    const STATUS: delivery::Column = delivery::Column::Status;
    const ATTEMPTS: delivery::Column = delivery::Column::Attempts;
    const NEXT_AT: delivery::Column = delivery::Column::NextAt;

    fn id(row: &delivery::Model) -> &str {
        &row.id
    }
}

/// Those whose address has not been taken away.
fn living() -> SelectStatement {
    Query::select()
        .column(webhook::Column::Id)
        .from(webhook::Entity)
        .and_where(webhook::Column::RemovedAt.is_null())
        .to_owned()
}

fn place(id: &str) -> String {
    format!("webhook:{id}")
}

impl Tx {
    pub async fn add_webhook(&self, _permit: &Configure, new: &Webhook, secret: &Personal) -> Result<(), StoreError> {
        let id = new.id.to_string();
        let row = webhook::Model {
            url: new.url.clone(),
            secret_sealed: self.vault.seal(&place(&id), secret.reveal().as_bytes())?.0,
            created_at: new.created_at.as_millisecond(),
            removed_at: None,
            id,
        };
        webhook::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// Its secret goes, and what still waits for it.
    pub async fn remove_webhook(&self, _permit: &Configure, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let id = id.to_string();
        let removed = webhook::Entity::update_many()
            .col_expr(webhook::Column::RemovedAt, Expr::value(now.as_millisecond()))
            .col_expr(webhook::Column::SecretSealed, Expr::value(Vec::<u8>::new()))
            .filter(webhook::Column::Id.eq(&id))
            .filter(webhook::Column::RemovedAt.is_null())
            .exec(&self.inner)
            .await?;
        delivery::Entity::delete_many()
            .filter(delivery::Column::WebhookId.eq(&id))
            .filter(delivery::Column::Status.eq(WAITING))
            .exec(&self.inner)
            .await?;
        Ok(removed.rows_affected == 1)
    }

    /// Tells everyone who wants to know where a request has come to.
    pub(crate) async fn announce(&self, request: &Request, stage: &Stage, at: Timestamp) -> Result<(), StoreError> {
        let hooks = webhook::Entity::find().filter(webhook::Column::RemovedAt.is_null()).all(&self.inner).await?;
        let event = format!("request.{}", stage.name().as_str());
        for hook in hooks {
            let body = serde_json::json!({
                "type": event,
                "timestamp": at,
                "data": { "number": request.number, "kind": request.kind, "stage": stage.name(), "due": request.due },
            });
            let row = delivery::Model {
                id: Uuid::now_v7().to_string(),
                webhook_id: hook.id,
                event: event.clone(),
                body: body.to_string(),
                status: WAITING.to_owned(),
                attempts: 0,
                answer: None,
                next_at: at.as_millisecond(),
                created_at: at.as_millisecond(),
                ended_at: None,
            };
            delivery::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        }
        Ok(())
    }

    /// The next message that is due to a system that is not being told something, for one sender. One that cannot be
    /// read is one that does not arrive: no other waits behind it.
    pub async fn take_delivery(&self, busy: &BTreeSet<Uuid>, now: Timestamp) -> Result<Option<Due>, StoreError> {
        let among = delivery::Entity::find()
            // One that was written while its hook was taken away is nobody's.
            .filter(delivery::Column::WebhookId.in_subquery(living()))
            .filter(delivery::Column::WebhookId.is_not_in(busy.iter().map(Uuid::to_string)));
        while let Some(row) = self.take_waiting(among.clone(), now).await? {
            let id = Uuid::try_parse(&row.id).map_err(|_| StoreError::Inconsistent { what: "a delivery" })?;
            let hook = webhook::Entity::find_by_id(&row.webhook_id).one(&self.inner).await?;
            match hook.and_then(|hook| self.read_delivery(id, &row, hook).ok()) {
                Some(due) => return Ok(Some(due)),
                None => self.did_not_arrive(id, row.attempts + 1, None, now).await?,
            }
        }
        Ok(None)
    }

    fn read_delivery(&self, id: Uuid, row: &delivery::Model, hook: webhook::Model) -> Result<Due, StoreError> {
        Ok(Due {
            id,
            webhook: Uuid::try_parse(&hook.id).map_err(|_| StoreError::Inconsistent { what: "a webhook" })?,
            secret: self.vault.open_text(&place(&hook.id), &hook.secret_sealed)?,
            url: hook.url,
            body: row.body.clone(),
            attempts: row.attempts + 1,
        })
    }

    pub async fn arrived(&self, id: Uuid, answer: u16, now: Timestamp) -> Result<(), StoreError> {
        self.end_delivery(id, "arrived", Some(answer), now).await
    }

    /// Tries again later, or gives up.
    pub async fn did_not_arrive(
        &self,
        id: Uuid,
        attempts: i64,
        answer: Option<u16>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let next = next_try(&WAITS_SECONDS, attempts, now);
        let Some(next) = next else { return self.end_delivery(id, GIVEN_UP, answer, now).await };
        delivery::Entity::update_many()
            .col_expr(delivery::Column::NextAt, Expr::value(next.as_millisecond()))
            .col_expr(delivery::Column::Answer, Expr::value(answer.map(i32::from)))
            .filter(delivery::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    async fn end_delivery(
        &self,
        id: Uuid,
        status: &str,
        answer: Option<u16>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        delivery::Entity::update_many()
            .col_expr(delivery::Column::Status, Expr::value(status))
            .col_expr(delivery::Column::Answer, Expr::value(answer.map(i32::from)))
            .col_expr(delivery::Column::EndedAt, Expr::value(now.as_millisecond()))
            .filter(delivery::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// Sends it again, under the number it had: whoever has it already can tell. False when there is none.
    pub async fn deliver_again(&self, _permit: &Configure, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let again = delivery::Entity::update_many()
            .col_expr(delivery::Column::Status, Expr::value(WAITING))
            .col_expr(delivery::Column::Attempts, Expr::value(0))
            .col_expr(delivery::Column::NextAt, Expr::value(now.as_millisecond()))
            // Or it would be forgotten by the day it was given up.
            .col_expr(delivery::Column::EndedAt, Expr::value(Option::<i64>::None))
            .filter(delivery::Column::Id.eq(id.to_string()))
            .filter(delivery::Column::WebhookId.in_subquery(living()))
            .exec(&self.inner)
            .await?;
        Ok(again.rows_affected == 1)
    }

    /// What was delivered or given up a month ago.
    pub async fn forget_deliveries(&self, now: Timestamp) -> Result<(), StoreError> {
        let before = (now - SignedDuration::from_hours(24 * 30)).as_millisecond();
        delivery::Entity::delete_many().filter(delivery::Column::EndedAt.lt(before)).exec(&self.inner).await?;
        delivery::Entity::delete_many()
            .filter(delivery::Column::WebhookId.not_in_subquery(living()))
            .filter(delivery::Column::Status.eq(WAITING))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

impl Store {
    pub async fn webhooks(&self, _permit: &Configure) -> Result<Vec<Webhook>, StoreError> {
        let rows = webhook::Entity::find()
            .filter(webhook::Column::RemovedAt.is_null())
            .order_by_asc(webhook::Column::CreatedAt)
            .all(self.read())
            .await?;
        let damaged = |_| StoreError::Inconsistent { what: "a webhook" };
        let read = |row: webhook::Model| {
            Ok(Webhook {
                id: Uuid::try_parse(&row.id).map_err(damaged)?,
                url: row.url,
                created_at: moment(row.created_at)?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// The newest messages, whatever became of them.
    pub async fn deliveries(&self, _permit: &Configure, most: u64) -> Result<Vec<Delivery>, StoreError> {
        let newest = delivery::Entity::find().order_by_desc(delivery::Column::CreatedAt);
        let rows = newest.order_by_desc(delivery::Column::Id).limit(most).all(self.read()).await?;
        let damaged = || StoreError::Inconsistent { what: "a delivery" };
        let read = |row: delivery::Model| {
            Ok(Delivery {
                id: Uuid::try_parse(&row.id).map_err(|_| damaged())?,
                webhook: Uuid::try_parse(&row.webhook_id).map_err(|_| damaged())?,
                event: row.event,
                at: moment(row.created_at)?,
                state: match row.status.as_str() {
                    "arrived" => Delivered::Arrived,
                    GIVEN_UP => Delivered::GivenUp,
                    _ => Delivered::Waiting { next: moment(row.next_at)? },
                },
                attempts: row.attempts,
                answer: row.answer.and_then(|answer| u16::try_from(answer).ok()),
            })
        };
        rows.into_iter().map(read).collect()
    }
}

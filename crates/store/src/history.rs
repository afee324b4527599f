//! What happened to a request, and the plans that were frozen for it.

use std::collections::BTreeSet;

use domain::{
    Personal,
    actor::Actor,
    audit::actor_name,
    ids::RequestId,
    json,
    map::TableName,
    permit::Work,
    plan::Plan,
    request::{Audience, Happened, Side},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use crate::{
    Store, StoreError, Tx,
    entity::{plan, request, request_event},
    moment,
    requests::Request,
};

#[derive(Clone, Debug)]
pub struct Event {
    pub at: Timestamp,
    pub actor: String,
    pub what: Happened,
    pub data: serde_json::Value,
    /// What someone wrote.
    pub body: Option<Personal>,
    pub audience: Audience,
}

impl Event {
    /// Whose word it was, where there are two sides.
    pub fn said_as(&self) -> Option<Side> {
        Side::parse(self.data.get("as")?.as_str()?)
    }
}

/// What someone wrote, and for whom.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    pub words: &'a Personal,
    pub audience: Audience,
}

impl Tx {
    /// Whoever adds to what is numbered one after the other does so alone.
    pub(crate) async fn alone_with(&self, request: RequestId) -> Result<(), StoreError> {
        let row = request::Entity::find_by_id(request.to_string()).lock_exclusive();
        row.select_only().column(request::Column::Version).into_tuple::<i64>().one(&self.inner).await?;
        Ok(())
    }

    /// How often something has happened to a request; nothing more happens to it until this transaction ends.
    pub async fn times(&self, request: RequestId, what: Happened) -> Result<u64, StoreError> {
        self.alone_with(request).await?;
        let events = request_event::Entity::find()
            .filter(request_event::Column::RequestId.eq(request.to_string()))
            .filter(request_event::Column::What.eq(what.name()));
        Ok(events.count(&self.inner).await?)
    }

    /// Whether this actor has done so with a request.
    pub async fn has_done(&self, request: RequestId, actor: &Actor, what: Happened) -> Result<bool, StoreError> {
        let events = request_event::Entity::find()
            .filter(request_event::Column::RequestId.eq(request.to_string()))
            .filter(request_event::Column::Actor.eq(actor_name(actor)))
            .filter(request_event::Column::What.eq(what.name()));
        Ok(events.count(&self.inner).await? > 0)
    }

    /// Whether a request is open, and stays so until this transaction ends.
    pub async fn is_open(&self, request: RequestId) -> Result<bool, StoreError> {
        let row = request::Entity::find_by_id(request.to_string()).lock_exclusive();
        let open: Option<i32> = row.select_only().column(request::Column::Open).into_tuple().one(&self.inner).await?;
        Ok(open == Some(1))
    }

    /// Adds to the history of a request. `data` holds codes and counts, `written` what someone wrote.
    pub async fn add_event(
        &self,
        request: RequestId,
        now: Timestamp,
        actor: &Actor,
        what: Happened,
        data: serde_json::Value,
        written: Option<Written<'_>>,
    ) -> Result<(), StoreError> {
        self.alone_with(request).await?;
        let id = request.to_string();
        let seq =
            request_event::Entity::find().filter(request_event::Column::RequestId.eq(&id)).count(&self.inner).await?;
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        let place = format!("event:{id}:{seq}");
        let audience = written.map_or(Audience::Everyone, |written| written.audience);
        let seal = |written: Written<'_>| self.vault.seal(&place, written.words.reveal().as_bytes());
        let body = written.map(seal).transpose()?;
        let row = request_event::Model {
            request_id: id,
            seq,
            at: now.as_millisecond(),
            actor: actor_name(actor),
            what: what.name(),
            data: data.to_string(),
            body_sealed: body.map(|sealed| sealed.0),
            side: audience.as_str().map(str::to_owned),
        };
        request_event::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// No program carries it out: nothing is planned for one.
    pub async fn forget_plans(&self, _permit: &Work, request: RequestId) -> Result<(), StoreError> {
        plan::Entity::delete_many().filter(plan::Column::RequestId.eq(request.to_string())).exec(&self.inner).await?;
        Ok(())
    }

    /// Keeps a plan as it was shown. The same plan twice is one.
    pub async fn freeze(&self, request: RequestId, frozen: &Plan, now: Timestamp) -> Result<String, StoreError> {
        let digest = frozen.digest();
        // Two plans of one millisecond still have an order: the one frozen last is the one in force.
        let mine = plan::Column::RequestId.eq(request.to_string());
        let last = plan::Entity::find().filter(mine).order_by_desc(plan::Column::FrozenAt).one(&self.inner).await?;
        let after_last = last.map_or(i64::MIN, |last| last.frozen_at.saturating_add(1));
        let row = plan::Model {
            digest: digest.clone(),
            request_id: request.to_string(),
            body: json::text(frozen),
            frozen_at: Ord::max(now.as_millisecond(), after_last),
        };
        plan::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([plan::Column::RequestId, plan::Column::Digest])
                    .update_column(plan::Column::FrozenAt)
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await?;
        Ok(digest)
    }

    /// Likewise the first plan of a request; `None` where it has one.
    pub async fn freeze_first(
        &self,
        request: RequestId,
        frozen: &Plan,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        // Whoever leaves out records or decides changes the request: they were first, or come after.
        request::Entity::find_by_id(request.to_string()).lock_exclusive().one(&self.inner).await?;
        let mine = plan::Column::RequestId.eq(request.to_string());
        if plan::Entity::find().filter(mine).one(&self.inner).await?.is_some() {
            return Ok(None);
        }
        Ok(Some(self.freeze(request, frozen, now).await?))
    }
}

impl Store {
    /// The history of a request one has already been shown to be allowed to see. What a newer version has written is passed
    /// over.
    pub async fn events(&self, request: &Request) -> Result<Vec<Event>, StoreError> {
        let id = request.id.to_string();
        let rows = request_event::Entity::find()
            .filter(request_event::Column::RequestId.eq(&id))
            .order_by_asc(request_event::Column::Seq)
            .all(self.read())
            .await?;
        let damaged = || StoreError::Inconsistent { what: "an event" };
        rows.into_iter()
            .filter_map(|row| Some((Happened::parse(&row.what)?, row)))
            .map(|(what, row)| {
                let place = format!("event:{id}:{}", row.seq);
                Ok(Event {
                    at: moment(row.at)?,
                    actor: row.actor,
                    what,
                    data: serde_json::from_str(&row.data).map_err(|_| damaged())?,
                    body: row.body_sealed.map(|sealed| self.vault().open_text(&place, &sealed)).transpose()?,
                    audience: Audience::parse(row.side.as_deref()).ok_or_else(damaged)?,
                })
            })
            .collect()
    }

    /// The plan frozen last, or the one with this digest.
    pub async fn frozen_plan(&self, request: RequestId, digest: Option<&str>) -> Result<Option<Plan>, StoreError> {
        let mut find = plan::Entity::find().filter(plan::Column::RequestId.eq(request.to_string()));
        if let Some(digest) = digest {
            find = find.filter(plan::Column::Digest.eq(digest));
        }
        let row = find.order_by_desc(plan::Column::FrozenAt).one(self.read()).await?;
        let damaged = |_| StoreError::Inconsistent { what: "a frozen plan" };
        row.map(|row| serde_json::from_str(&row.body).map_err(damaged)).transpose()
    }

    /// In which tables the plans of a request had anything to take.
    pub async fn tables_planned(&self, request: RequestId) -> Result<BTreeSet<TableName>, StoreError> {
        let mine = plan::Column::RequestId.eq(request.to_string());
        let damaged = |_| StoreError::Inconsistent { what: "a frozen plan" };
        let mut tables = BTreeSet::new();
        for row in plan::Entity::find().filter(mine).all(self.read()).await? {
            let frozen: Plan = serde_json::from_str(&row.body).map_err(damaged)?;
            let takes = frozen.items.into_iter().filter(|item| item.outcome.removes() && item.rows > 0);
            tables.extend(takes.map(|item| item.table));
        }
        Ok(tables)
    }
}

//! A telephone number that two people used one after the other leads to the records of both. The officer who works a
//! deletion looks at what it would touch and leaves out what is not this person's (PIPL art. 47, 51). The plan is made anew
//! without it, and the person reads how many records that were and why.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Identifier, Key, Personal, Rows,
    actor::Actor,
    audit::Action,
    ids::RequestNumber,
    json,
    look::Spot,
    map::{DataMap, Extent, TableName},
    permit::Decide,
    request::{Happened, RequestKind, Side},
};
use store::{
    history::Written,
    requests::{Reader, Request},
};

use super::{ChosenRecord, narrowed::Narrowed, withdraw::own_of};
use crate::{
    Portal, ServiceError,
    error::overtaken,
    mine::{Held, Record, Show},
    subject,
};

/// So many rows a statement still names one by one.
const MOST: usize = 300;

/// What a deletion would touch, to be looked through.
#[derive(Debug)]
pub struct ToLeaveOut {
    pub request: Request,
    /// Whose it is, masked.
    pub who: String,
    pub held: Held,
    subject: Vec<Identifier>,
    left_out: Rows,
    /// What those are known by.
    known_as: Vec<ChosenRecord>,
}

impl ToLeaveOut {
    pub fn is_left_out(&self, record: &Record) -> bool {
        self.left_out.contains(&record.table, record.key())
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeavingOut {
    Frozen,
    TooMany {
        most: usize,
    },
    /// A record is none of those the deletion would touch now.
    Unknown,
}

/// What was left out of a request, and why.
#[derive(Debug)]
pub struct LeftOut {
    pub rows: u64,
    /// How many of which kind, since this is kept.
    pub kinds: BTreeMap<TableName, u64>,
    /// By their days and the ends of their numbers, for whoever may read what is held, until it is forgotten which they were.
    pub records: Vec<ChosenRecord>,
    pub why: Option<Personal>,
    /// Whether they were all there was to take.
    pub of_all: OfAll,
}

/// Whether what was left out was all that the plan held when it was left out. What is gone for another reason since makes
/// a plan empty too, and was held to be nobody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfAll {
    All,
    Part,
}

/// Under which the history has how many of which kind.
const KINDS: &str = "kinds";

/// Under which it has whether that was all.
const ALL: &str = "all";

impl LeftOut {
    /// What was said of it last; nothing where all of it was taken back in.
    pub(super) fn of(events: &[store::history::Event]) -> Option<Self> {
        let last = events.iter().rfind(|event| event.what == Happened::RecordsLeftOut)?;
        let rows = last.data.get("rows")?.as_u64().filter(|rows| *rows > 0)?;
        let kinds = last.data.get(KINDS).and_then(|kinds| serde_json::from_value(kinds.clone()).ok());
        let all = last.data.get(ALL).and_then(serde_json::Value::as_bool).unwrap_or(false);
        let of_all = if all { OfAll::All } else { OfAll::Part };
        Some(Self { rows, kinds: kinds.unwrap_or_default(), records: Vec::new(), why: last.body.clone(), of_all })
    }
}

impl Portal {
    /// The records a deletion would touch, masked. The look is entered in the audit log.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for anything but a deletion of more than one record; [`ServiceError::TooLate`] where no
    /// plan is made any more.
    pub async fn to_leave_out(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<ToLeaveOut, ServiceError> {
        let to = self.look_through(permit, actor, number, Show::Masked).await?;
        let detail = serde_json::json!({ "records": to.held.records.len() });
        let tx = self.store.begin().await?;
        tx.audit(self.clock.now(), actor, Action::RequestViewed, number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(to)
    }

    /// Likewise, with what this officer has had shown on this visit in full: under two masks that look the same nobody can
    /// tell two people apart. Each is entered in the audit log when it is shown.
    ///
    /// # Errors
    /// As [`Self::to_leave_out`].
    pub async fn to_leave_out_shown(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<ToLeaveOut, ServiceError> {
        let mut to = self.look_through(permit, actor, number, Show::Full).await?;
        let seen = self.seen_on_visit(permit, actor, &to.request).await?;
        for record in &mut to.held.records {
            for value in &mut record.values {
                let spot = Spot::Record { token: record.token.clone(), column: value.column.clone() };
                value.full = value.full.take().filter(|_| seen.contains(&spot));
            }
        }
        Ok(to)
    }

    /// Likewise, for whoever enters the look themselves.
    pub(super) async fn look_through(
        &self,
        _permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        show: Show,
    ) -> Result<ToLeaveOut, ServiceError> {
        let request = self.to_decide(actor, number).await?;
        let extent = self.extent_of(&request).await?;
        if request.kind != RequestKind::Delete || matches!(extent, Extent::Record(_)) {
            return Err(ServiceError::NotFound);
        }
        self.plannable(&request).await?;
        let subject = self.store.subject(Reader::Staff(&actor.read_requests()?), request.id).await?;
        let mut held = self.held(&own_of(&subject)?, show).await?;
        held.records.retain(|record| record.is_in_reach() && extent.covers(&record.table));
        held.cut.retain(|table| extent.covers(table));
        let Narrowed { left_out, left_out_as: known_as, .. } = self.narrowed(&request).await?;
        let left_out = left_out.into_iter().collect();
        Ok(ToLeaveOut { who: subject::masked(&subject), held, subject, left_out, known_as, request })
    }

    /// Leaves out the records with these tokens and no others of those shown, and freezes the plan without them. Why is
    /// said to the person, where there are any.
    ///
    /// # Errors
    /// As [`Self::to_leave_out`]; [`ServiceError::NotFound`] for some without a reason.
    pub async fn leave_out(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        tokens: &BTreeSet<String>,
        why: &Personal,
    ) -> Result<LeavingOut, ServiceError> {
        let to = self.look_through(permit, actor, number, Show::Masked).await?;
        let Some(left_out) = to.chosen(tokens) else { return Ok(LeavingOut::Unknown) };
        let rows = left_out.count();
        if rows > MOST {
            return Ok(LeavingOut::TooMany { most: MOST });
        }
        if rows > 0 && why.reveal().is_empty() {
            return Err(ServiceError::NotFound);
        }
        let known_as = to.known_as(&self.map, &left_out);
        let ToLeaveOut { request, subject, .. } = to;
        let sealed = self.sealed_without(&request, &left_out, &known_as).await?;
        let mut kinds: BTreeMap<&TableName, u64> = BTreeMap::new();
        left_out.iter().for_each(|(table, _)| *kinds.entry(table).or_default() += 1);
        let kinds = serde_json::json!(kinds);
        let person = self.narrow(&request, self.reach(&subject).await?, left_out).await?;
        let plan = self.plan_for(person).await?.plan;
        let all = rows > 0 && plan.is_empty() && self.was_all(&request).await?;
        let data = serde_json::json!({ "rows": rows, KINDS: kinds, ALL: all });
        let (now, what) = (self.clock.now(), Happened::RecordsLeftOut);
        let audience = request.requester.audience(Side::Asker);
        let written = (rows > 0).then_some(Written { words: why, audience });
        let tx = self.store.begin().await?;
        let request = tx.work_out(permit, &request, &sealed).await.map_err(overtaken)?;
        tx.freeze(request.id, &plan, now).await?;
        tx.add_event(request.id, now, actor, what, data.clone(), written).await?;
        tx.audit(now, actor, what.action(), number.as_str(), data).await?;
        tx.commit().await?;
        Ok(LeavingOut::Frozen)
    }

    /// Whether a plan that is now without any row was emptied by leaving out alone. What the databases say with what had
    /// been left out till now has to be what an officer read.
    async fn was_all(&self, request: &Request) -> Result<bool, ServiceError> {
        let Some(read) = self.store.frozen_plan(request.id, None).await? else { return Ok(false) };
        if read.is_empty() {
            let earlier = LeftOut::of(&self.store.events(request).await?);
            return Ok(earlier.is_some_and(|left_out| left_out.of_all == OfAll::All));
        }
        Ok(read.drift(&self.plan_as_it_is(request).await?).is_empty())
    }

    /// The details of a request with these rows left out, and whatever else stands in them as it was.
    async fn sealed_without(
        &self,
        request: &Request,
        rows: &Rows,
        known_as: &[ChosenRecord],
    ) -> Result<Vec<u8>, ServiceError> {
        let rows: Vec<(&TableName, &Key)> = rows.iter().collect();
        let mut details: serde_json::Map<String, serde_json::Value> =
            self.details_of(request).await?.unwrap_or_default();
        details.insert(Narrowed::LEFT_OUT.to_owned(), serde_json::json!(rows));
        details.insert(Narrowed::LEFT_OUT_AS.to_owned(), serde_json::json!(known_as));
        Ok(json::bytes(&details))
    }
}

impl ToLeaveOut {
    /// What these are known by: as they are shown now, or were when they were left out.
    fn known_as(&self, map: &DataMap, rows: &Rows) -> Vec<ChosenRecord> {
        let one = |(table, key): (&TableName, &Key)| {
            let shown = self.held.records.iter().find(|record| record.table == *table && record.key() == key);
            let before = || self.known_as.iter().find(|known| known.is(table, key)).cloned();
            let before = || before().map(|known| known.masked_of_another(map));
            shown.map(|record| ChosenRecord::of_another(map, record)).or_else(before)
        };
        rows.iter().filter_map(one).collect()
    }

    /// Those with these tokens, and what was left out before and is not shown any more; `None` for a token of none.
    fn chosen(&self, tokens: &BTreeSet<String>) -> Option<Rows> {
        let row = |record: &Record| (record.table.clone(), record.key().clone());
        let shown: Rows = self.held.records.iter().map(row).collect();
        let ticked: Vec<&Record> = self.held.records.iter().filter(|record| tokens.contains(&record.token)).collect();
        let not_shown = self.left_out.iter().filter(|(table, key)| !shown.contains(table, key));
        let mut all: Rows = not_shown.map(|(table, key)| (table.clone(), key.clone())).collect();
        all.extend(ticked.iter().map(|record| row(record)));
        (ticked.len() == tokens.len()).then_some(all)
    }
}

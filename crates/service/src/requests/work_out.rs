//! What somebody asks to have corrected for another stands in words. An officer works out which values of which records
//! they mean, and another decides (PIPL art. 46): from there on it is a correction like one's own.

use std::collections::BTreeSet;

use domain::{
    Identifier, Personal,
    actor::Actor,
    audit::Action,
    formats,
    ids::{RequestNumber, StaffId},
    json,
    map::{Column, Correctable, Kind},
    permit::Decide,
    plan::Plan,
    request::{Happened, RequestKind, Requester, Stage, StageName},
};
use serde::{Deserialize, Serialize};
use store::requests::{Reader, Request};

use super::{
    correct::{CorrectionDetails, Refused},
    wish::Wish,
    withdraw::own_of,
};
use crate::{Portal, ServiceError, also_known::said, error::overtaken, mine::Held, subject};

/// What was asked, and what an officer has made of it. Sealed with the request.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    #[serde(flatten)]
    wish: Wish,
    /// Who has worked it out.
    #[serde(default)]
    pub(super) by: Option<StaffId>,
    #[serde(default)]
    pub(super) corrections: Vec<CorrectionDetails>,
    /// What runs had written of it before it was worked out anew.
    #[serde(default)]
    pub(super) written: Vec<CorrectionDetails>,
    /// The records it was worked out from, by their tokens: they stay theirs where what led to them was corrected.
    #[serde(default)]
    seen: BTreeSet<String>,
}

/// A correction that is to be worked out, beside what is held of whom it is about.
#[derive(Debug)]
pub struct ToWorkOut {
    pub request: Request,
    /// Whose it is, masked.
    pub who: String,
    pub wish: Wish,
    pub held: Held,
}

/// What a value of a record should be.
#[derive(Debug)]
pub struct NewValue {
    /// The record, by its token.
    pub token: String,
    pub column: Column,
    pub after: Personal,
}

/// What became of it.
#[derive(Debug)]
pub enum WorkedOut {
    Frozen,
    /// Which of the values are not taken, by their place among them.
    Refused(Vec<(usize, Refused)>),
}

impl Portal {
    /// What an officer works out a correction from, masked. The look is entered in the audit log.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for anything but a correction that somebody else asked for; [`ServiceError::NotChecked`]
    /// before an officer has looked at their evidence.
    pub async fn to_work_out(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<ToWorkOut, ServiceError> {
        let request = self.workable(permit, actor, number).await?;
        let asked: Asked = self.details_of(&request).await?.ok_or(ServiceError::NotFound)?;
        let reader = actor.read_requests()?;
        let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let held = self.held_of(&subject, &self.known_by_now(&request, &subject).await?, &asked.seen).await?;
        let detail = serde_json::json!({ "records": held.records.len() });
        let tx = self.store.begin().await?;
        tx.audit(self.clock.now(), actor, Action::RequestViewed, number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(ToWorkOut { who: subject::masked(&subject), wish: asked.wish, held, request })
    }

    /// Freezes what is to be corrected, from what is stored now. Whoever does it decides no more.
    ///
    /// # Errors
    /// As [`Self::to_work_out`], and [`ServiceError::NotFound`] where nothing is named, or what may not be corrected.
    pub async fn work_out(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        values: &[NewValue],
    ) -> Result<WorkedOut, ServiceError> {
        let request = self.workable(permit, actor, number).await?;
        let asked: Asked = self.details_of(&request).await?.ok_or(ServiceError::NotFound)?;
        let reader = actor.read_requests()?;
        let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let known = self.known_by_now(&request, &subject).await?;
        let held = self.held_of(&subject, &known, &asked.seen).await?;
        let (mut corrections, mut refused) = (Vec::<(Kind, CorrectionDetails)>::new(), Vec::new());
        for (n, value) in values.iter().enumerate() {
            match self.new_value(&known, &held, value).await? {
                // A row of two people is there twice, and is one row.
                Ok((kind, new)) => match corrections.iter().find(|(_, one)| one.is_of_same_place(&new)) {
                    Some((_, one)) if one.after == new.after => {}
                    Some(_) => refused.push((n, Refused::TwoValues)),
                    None => corrections.push((kind, new)),
                },
                Err(why) => refused.push((n, why)),
            }
        }
        if !refused.is_empty() {
            return Ok(WorkedOut::Refused(refused));
        }
        if corrections.is_empty() {
            return Err(ServiceError::NotFound);
        }
        // What they are found by goes last: until then they are found by it.
        corrections.sort_by_key(|(kind, _)| matches!(kind, Kind::Email | Kind::Mobile));
        let corrections: Vec<CorrectionDetails> = corrections.into_iter().map(|(_, details)| details).collect();
        let plan = self.plan_worked_out(&corrections);
        let written = self.written(&request).await?;
        let seen = asked.seen.into_iter().chain(held.records.into_iter().map(|record| record.token)).collect();
        let asked = Asked { by: Some(permit.staff()), corrections, written, seen, wish: asked.wish };
        let sealed = json::bytes(&asked);
        let (now, what) = (self.clock.now(), Happened::CorrectionWorkedOut);
        let tx = self.store.begin().await?;
        let request = tx.work_out(permit, &request, &sealed).await.map_err(overtaken)?;
        tx.freeze(request.id, &plan, now).await?;
        tx.add_event(request.id, now, actor, what, serde_json::json!({}), None).await?;
        tx.audit(now, actor, what.action(), number.as_str(), serde_json::json!({ "values": plan.items.len() })).await?;
        tx.commit().await?;
        Ok(WorkedOut::Frozen)
    }

    /// What is held of whom it is about: found by what was given, and by what has been written since in its place, as far as
    /// it was there when it was first worked out. What a new number leads to beyond that may be another's.
    async fn held_of(
        &self,
        subject: &[Identifier],
        known: &[Identifier],
        seen: &BTreeSet<String>,
    ) -> Result<Held, ServiceError> {
        let mut held = self.mine(&own_of(known)?).await?;
        if known.len() > subject.len() {
            let given = self.mine(&own_of(subject)?).await?;
            let given: BTreeSet<String> = given.records.into_iter().map(|record| record.token).collect();
            held.records.retain(|record| seen.contains(&record.token) || given.contains(&record.token));
        }
        Ok(held)
    }

    /// Whom a correction is about, and what they are found by since a run has written it over what was given.
    pub(super) async fn known_by_now(
        &self,
        request: &Request,
        subject: &[Identifier],
    ) -> Result<Vec<Identifier>, ServiceError> {
        let mut known = subject.to_vec();
        for details in self.written(request).await? {
            let Some(table) = self.map.table(&details.table) else { continue };
            let after = Personal::new(details.after);
            known.extend(said(table, &details.role, [(&details.column, &after)].into_iter()));
        }
        Ok(known)
    }

    /// What runs of it have written so far, whether or not it has come to its end: of each place the last value.
    pub(super) async fn written(&self, request: &Request) -> Result<Vec<CorrectionDetails>, ServiceError> {
        let now = self.corrections(request).await?;
        if now.is_empty() {
            return Ok(Vec::new());
        }
        let Some(plan) = self.store.frozen_plan(request.id, None).await? else { return Ok(Vec::new()) };
        let done = self.store.items_done_by(request.id, &plan).await?;
        let now = now.into_iter().enumerate().filter(|(n, _)| done.contains(n)).map(|(_, details)| details);
        Ok(with_earlier(self.written_earlier(request).await?, now.collect()))
    }

    /// What has become of values by a request: once it is done all of it, before that what was written.
    pub(super) async fn became(&self, request: &Request) -> Result<Vec<CorrectionDetails>, ServiceError> {
        if !matches!(request.stage, Stage::Completed { .. }) {
            return self.written(request).await;
        }
        Ok(with_earlier(self.written_earlier(request).await?, self.corrections(request).await?))
    }

    /// What is done again after a restore: the plan that was approved, with what an earlier one had written.
    pub(crate) async fn plan_of_all(&self, request: &Request) -> Result<Option<Plan>, ServiceError> {
        if self.written_earlier(request).await?.is_empty() {
            return Ok(self.store.frozen_plan(request.id, None).await?);
        }
        Ok(Some(self.plan_worked_out(&self.became(request).await?)))
    }

    /// Before it was worked out anew.
    async fn written_earlier(&self, request: &Request) -> Result<Vec<CorrectionDetails>, ServiceError> {
        if request.kind != RequestKind::Correct || request.requester == Requester::Subject {
            return Ok(Vec::new());
        }
        Ok(self.details_of::<Asked>(request).await?.map(|asked| asked.written).unwrap_or_default())
    }

    /// One that can be worked out now, or anew.
    async fn workable(&self, _permit: &Decide, actor: &Actor, number: &RequestNumber) -> Result<Request, ServiceError> {
        let request = self.to_decide(actor, number).await?;
        if request.kind != RequestKind::Correct || request.requester == Requester::Subject {
            return Err(ServiceError::NotFound);
        }
        if request.requester.waits_for_check() {
            return Err(ServiceError::NotChecked);
        }
        let stage = request.stage.name();
        // What one officer has approved is what the other reads.
        if !stage.is_undecided() || stage == StageName::ApprovedOnce {
            return Err(ServiceError::TooLate { stage });
        }
        Ok(request)
    }

    /// One value, as it is now and as it should be.
    async fn new_value(
        &self,
        subject: &[Identifier],
        held: &Held,
        new: &NewValue,
    ) -> Result<Result<(Kind, CorrectionDetails), Refused>, ServiceError> {
        let record = held.records.iter().find(|record| record.token == new.token).ok_or(ServiceError::NotFound)?;
        let value = record.values.iter().find(|value| value.column == new.column).ok_or(ServiceError::NotFound)?;
        match value.correctable {
            Correctable::Now | Correctable::Review => {}
            Correctable::No => return Err(ServiceError::NotFound),
        }
        let table = self.map.table(&record.table).ok_or(ServiceError::NotFound)?;
        let field = table.field(&new.column).ok_or(ServiceError::NotFound)?;
        let after = match formats::accept_in(field, new.after.reveal()) {
            Ok(after) => after,
            Err(malformed) => return Ok(Err(Refused::Value(malformed))),
        };
        let row = self.row_now(subject, table, &record.role, record.key()).await?.ok_or(ServiceError::NotFound)?;
        let before = row.values.into_iter().find(|(column, _)| *column == new.column).and_then(|(_, value)| value);
        if before.as_ref().is_some_and(|before| before.reveal() == after) {
            return Ok(Err(Refused::Same));
        }
        let details = CorrectionDetails {
            table: record.table.clone(),
            role: record.role.clone(),
            key: record.key().0.clone(),
            column: new.column.clone(),
            before: before.map(|before| before.reveal().to_owned()),
            after,
            evidence: None,
            proven: None,
        };
        Ok(Ok((value.kind, details)))
    }

    /// What a request corrects: one value of one's own, or what an officer has worked out for another.
    pub(crate) async fn corrections(&self, request: &Request) -> Result<Vec<CorrectionDetails>, ServiceError> {
        if request.kind != RequestKind::Correct {
            return Ok(Vec::new());
        }
        Ok(match request.requester {
            Requester::Subject => self.details_of(request).await?.into_iter().collect(),
            Requester::Representative { .. } | Requester::Staff { .. } => {
                self.details_of::<Asked>(request).await?.map(|asked| asked.corrections).unwrap_or_default()
            }
        })
    }

    /// Those of the tables that a plan names: of one that was cut down, not all.
    pub(crate) async fn corrections_in(
        &self,
        request: &Request,
        plan: &Plan,
    ) -> Result<Vec<CorrectionDetails>, ServiceError> {
        // Done again after a restore.
        let again = matches!(request.stage, Stage::Completed { .. });
        let mut corrections = if again { self.became(request).await? } else { self.corrections(request).await? };
        corrections.retain(|details| plan.items.iter().any(|item| item.table == details.table));
        Ok(corrections)
    }

    /// Who has worked it out, where somebody had to.
    pub(super) async fn worked_out_by(&self, request: &Request) -> Result<Option<StaffId>, ServiceError> {
        if request.kind != RequestKind::Correct || request.requester == Requester::Subject {
            return Ok(None);
        }
        Ok(self.details_of::<Asked>(request).await?.and_then(|asked| asked.by))
    }
}

/// What was written since stands where both say something.
fn with_earlier(earlier: Vec<CorrectionDetails>, since: Vec<CorrectionDetails>) -> Vec<CorrectionDetails> {
    let stands = |one: &CorrectionDetails| !since.iter().any(|later| later.is_of_same_place(one));
    let mut all: Vec<CorrectionDetails> = earlier.into_iter().filter(stands).collect();
    all.extend(since);
    all
}

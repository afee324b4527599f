//! Recipients that do not answer are written to once more; and where an erasure or a correction ended half-way, those who had
//! got what is gone, or was written anew, are told of that, and of no more.

use std::collections::BTreeSet;

use domain::{
    Email, Identifier, Lang, actor::Actor, audit::Action, ids::RequestId, map::TableName, permit::Work,
    request::Handling,
};
use jiff::SignedDuration;
use sources::received::Recipients;
use store::{
    jobs::Claimed,
    notified::{Knows, Notified},
    requests::{Reader, Request},
};

use crate::{Notice, Portal, ServiceError, error::overtaken};

/// So long without an answer, and they are written to again.
const AGAIN: SignedDuration = SignedDuration::from_hours(7 * 24);
const AT_ONCE: u64 = 500;

impl Portal {
    /// The job: each once, in a transaction of its own.
    pub(crate) async fn remind_recipients(&self, work: &Work, job: &Claimed) -> Result<(), ServiceError> {
        // Whom an officer calls by now is not written to.
        let told = (self.late(), self.clock.now() - AGAIN);
        let mut after = None;
        loop {
            let some = self.store.to_remind(work, told, after, AT_ONCE).await?;
            let Some(last) = some.last() else { return self.drop_job(job).await };
            after = Some(last.id);
            for notified in &some {
                match self.remind_recipient(work, notified).await {
                    // They have answered in between.
                    Ok(()) | Err(ServiceError::Overtaken) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }

    async fn remind_recipient(&self, work: &Work, notified: &Notified) -> Result<(), ServiceError> {
        // One that has left the map, or has no address there any more: an officer calls them in time.
        let to = self.map.recipients.get(&notified.recipient).and_then(|to| Email::parse(to.tell.as_deref()?));
        let Some(to) = to else { return Ok(()) };
        let Some(request) = self.store.request_by_id(work, notified.request).await? else { return Ok(()) };
        let (link, now) = (self.new_link()?, self.clock.now());
        let tx = self.store.begin().await?;
        tx.reminded_by_mail(work, notified.id, &link, now).await.map_err(overtaken)?;
        let notice = Notice::RecipientAgain { number: request.number.clone() };
        self.post(&tx, &Identifier::Email(to), Lang::Zh, &notice, Some(&link)).await?;
        let detail = serde_json::json!({ "recipient": notified.recipient });
        tx.audit(now, &Actor::System, Action::RecipientReminded, request.number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The job of a request that ended after a run of it had begun. What is still there was not taken away.
    pub(crate) async fn tell_of_part(&self, work: &Work, id: RequestId, job: &Claimed) -> Result<(), ServiceError> {
        let request = self.store.request_by_id(work, id).await?.filter(|request| request.stage.ends_unfinished());
        let Some(request) = request else { return self.drop_job(job).await };
        let done = self.taken_away(&request).await?;
        let left = match request.kind.handling() {
            // What was written is there, and is what they are told.
            Handling::Correction => Recipients::new(),
            Handling::Erasure | Handling::Withdrawal | Handling::Restriction | Handling::Answer if done.is_empty() => {
                Recipients::new()
            }
            Handling::Erasure | Handling::Withdrawal | Handling::Restriction | Handling::Answer => {
                self.not_gone(work, &request).await?
            }
        };
        let now = self.clock.now();
        let mut told = BTreeSet::new();
        let tx = self.store.begin().await?;
        for notified in self.store.notified(id).await? {
            if !matches!(notified.knows, Knows::NotYet) {
                continue;
            }
            let part = self.store.given(&notified).await?.gone(&done, left.get(&notified.recipient));
            tx.narrow_notified(work, notified.id, part.as_ref()).await?;
            if let Some(part) = part {
                self.tell_recipient(&tx, work, &request, &notified, &part).await?;
                told.insert(notified.recipient);
            }
        }
        if !told.is_empty() {
            let detail = serde_json::json!({ "recipients": told });
            tx.audit(now, &Actor::System, Action::RecipientsOfPart, request.number.as_str(), detail).await?;
        }
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        Ok(())
    }

    /// In which tables something of theirs was erased, by a program or by hand, or corrected.
    async fn taken_away(&self, request: &Request) -> Result<BTreeSet<TableName>, ServiceError> {
        match request.kind.handling() {
            Handling::Erasure | Handling::Withdrawal => {
                let mut tables = self.store.tables_done_for(request.id).await?;
                let by_hand = self.store.tasks(request.id).await?.into_iter();
                let done = by_hand.filter(|task| task.confirmed.as_ref().is_some_and(|confirmed| confirmed.rows > 0));
                tables.extend(done.map(|task| task.table));
                Ok(tables)
            }
            Handling::Correction => self.tables_written(request).await,
            // Nothing is taken away by it.
            Handling::Restriction | Handling::Answer => Ok(BTreeSet::new()),
        }
    }

    async fn not_gone(&self, work: &Work, request: &Request) -> Result<Recipients, ServiceError> {
        let subject = self.store.subject(Reader::Work(work), request.id).await?;
        let Some(plan) = self.store.frozen_plan(request.id, None).await? else { return Ok(Recipients::new()) };
        let person = self.person_of(request, &subject).await?;
        self.have_got(request, person, &plan).await
    }
}

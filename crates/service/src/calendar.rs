//! The calendar in use: the years this was built with and those announced since. An import never moves a promised
//! date to a later day. And a reminder each day of the dates that come close.

use std::sync::{Arc, PoisonError, RwLock};

use domain::{
    Email, Identifier, Lang,
    actor::Actor,
    audit::Action,
    calendar::{Announced, Calendar},
    china,
    permit::Work,
    request::Happened,
};
use store::jobs::{Claimed, JobKind};

use crate::{Notice, Portal, ServiceError};

/// Requests looked at in one go.
const AT_ONCE: u64 = 500;

/// What this process knows of the years, renewed while it runs.
#[derive(Clone, Debug, Default)]
pub struct Years(Arc<RwLock<Arc<Calendar>>>);

/// What an import changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    pub open: u64,
    /// Of them, those that are due earlier now.
    pub earlier: u64,
}

impl Portal {
    pub fn calendar(&self) -> Arc<Calendar> {
        self.years.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes up the years that have been imported, here or by another process.
    pub async fn learn_years(&self) -> Result<(), ServiceError> {
        let calendar = Calendar::new(self.store.years().await?);
        *self.years.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(calendar);
        Ok(())
    }

    /// Takes a year's notice over. Open requests whose date it brings forward are due earlier; none is due later
    /// than the person was told.
    pub async fn import_year(&self, work: &Work, year: &Announced) -> Result<Imported, ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.set_year(work, year, now).await?;
        let detail = serde_json::json!({ "notice": year.notice() });
        tx.audit(now, &Actor::System, Action::CalendarImported, format!("year:{}", year.year()), detail).await?;
        tx.commit().await?;
        self.learn_years().await?;
        let calendar = self.calendar();
        let mut imported = Imported { open: 0, earlier: 0 };
        let mut after = None;
        loop {
            let some = self.store.open_requests(work, after, AT_ONCE).await?;
            let Some(last) = some.last() else { return Ok(imported) };
            after = Some(last.id);
            for request in &some {
                imported.open += 1;
                let due = calendar.still_due(china::day(request.received_at), request.due);
                if due == request.due {
                    continue;
                }
                imported.earlier += 1;
                let detail = serde_json::json!({ "from": request.due, "to": due, "notice": year.notice() });
                let tx = self.store.begin().await?;
                tx.bring_forward(work, request.id, due).await?;
                tx.add_event(request.id, now, &Actor::System, Happened::DueMoved, detail.clone(), None).await?;
                tx.audit(now, &Actor::System, Action::DueMoved, request.number.as_str(), detail).await?;
                tx.commit().await?;
            }
        }
    }

    /// What is looked at once a day: the databases against the map, the dates, and the recipients that do not answer.
    pub async fn ask_for_the_day(&self) -> Result<(), ServiceError> {
        self.ask_for_drift().await?;
        let (today, now) = (self.clock.today(), self.clock.now());
        if let Some(year) = self.calendar().missing(today) {
            tracing::warn!(year, "the calendar of this year is not known: dates that reach into it are provisional");
        }
        let tx = self.store.begin().await?;
        tx.enqueue(JobKind::Remind, &today.to_string(), now).await?;
        tx.enqueue(JobKind::RemindRecipients, &today.to_string(), now).await?;
        tx.enqueue(JobKind::SignHead, &today.to_string(), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The job: whoever has the day's head of the audit log notices if the log is rewritten, also where nights fail.
    pub(crate) async fn sign_head(&self, job: &Claimed) -> Result<(), ServiceError> {
        self.store.sign_head(self.clock.now()).await?;
        self.drop_job(job).await
    }

    /// The job: five, three and one working days before the date, and after it (GB/T 35273 asks for tracking).
    pub(crate) async fn remind(&self, work: &Work, job: &Claimed) -> Result<(), ServiceError> {
        let (calendar, today) = (self.calendar(), self.clock.today());
        let object = format!("remind:{today}");
        // Started again, the server asks again.
        if self.store.is_audited(&object).await? {
            return self.drop_job(job).await;
        }
        let [one, three, five] = [1, 3, 5].map(|days| calendar.working_days_after(today, days));
        let yesterday = today.yesterday().unwrap_or(today);
        let overdue = self.store.due_between(work, None, yesterday).await?;
        let within_one = self.store.due_between(work, Some(yesterday), one).await?;
        let within_three = self.store.due_between(work, Some(one), three).await?;
        let within_five = self.store.due_between(work, Some(three), five).await?;
        if let (true, Some(officer)) =
            (overdue + within_one + within_three + within_five > 0, Email::parse(&self.map.handler.officer.email))
        {
            let notice = Notice::DueSoon { five: within_five, three: within_three, one: within_one, overdue };
            let tx = self.store.begin().await?;
            self.post(&tx, &Identifier::Email(officer), Lang::Zh, &notice, None).await?;
            let detail = serde_json::json!({ "overdue": overdue });
            tx.audit(self.clock.now(), &Actor::System, Action::Reminded, object, detail).await?;
            tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
            tx.commit().await?;
            return Ok(());
        }
        self.drop_job(job).await
    }
}

//! The officers' desk: taking a request over, notes among colleagues, finding a person's requests.

use std::collections::BTreeMap;

use domain::{
    Email, Identifier, Mobile, Personal,
    actor::Actor,
    audit::Action,
    ids::{RequestNumber, StaffId},
    permit::{Decide, ReadRequests},
};
use store::{
    Tx,
    looks::Kept,
    queue::Filter,
    requests::{QueueView, Reader, Request},
    views::SavedView,
};
use uuid::Uuid;

use super::QueueRow;
use crate::{Portal, ServiceError, error::overtaken, subject::Who};

/// Found at most.
const MOST: u64 = 50;
/// Of one person. Who has more is no person.
const MOST_NAMES: usize = 50;

/// What somebody typed to find a request.
#[derive(Debug)]
pub enum Wanted {
    Number(RequestNumber),
    Person(Identifier),
}

impl Wanted {
    /// A number, an e-mail address or a mobile number.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        RequestNumber::parse(&text.to_ascii_uppercase())
            .map(Self::Number)
            .or_else(|| Email::parse(text).map(|email| Self::Person(Identifier::Email(email))))
            .or_else(|| Mobile::parse(text).map(|mobile| Self::Person(Identifier::Mobile(mobile))))
    }
}

impl Portal {
    /// Requests by number, or of a person by anything they are known by. A look for a person is entered in the audit log,
    /// without saying for whom; they read of it.
    pub async fn find_requests(
        &self,
        permit: &ReadRequests,
        actor: &Actor,
        wanted: &Wanted,
    ) -> Result<Vec<QueueRow>, ServiceError> {
        let found = match wanted {
            Wanted::Number(number) => self.store.request_by_number(permit, number).await?.into_iter().collect(),
            Wanted::Person(identifier) => {
                // Whoever phones gives a number, and may have asked by e-mail.
                let mut known = self.also_known(identifier).await;
                known.truncate(MOST_NAMES);
                let found = self.store.requests_by(permit, &known, MOST).await?;
                let tx = self.store.begin().await?;
                let detail = serde_json::json!({ "found": found.len() });
                let of = Kept { of: &known, ..Kept::default() };
                tx.look(self.clock.now(), actor, (Action::PersonSearched, "requests"), detail, of).await?;
                tx.commit().await?;
                found
            }
        };
        self.queue_rows(permit, found).await
    }

    pub(super) async fn queue_rows(
        &self,
        permit: &ReadRequests,
        requests: Vec<Request>,
    ) -> Result<Vec<QueueRow>, ServiceError> {
        let (calendar, today) = (self.calendar(), self.clock.today());
        let mut rows = Vec::with_capacity(requests.len());
        for request in requests {
            let who = Who::of(self.store.vault(), &self.store.subject(Reader::Staff(permit), request.id).await?);
            let extent = self.extent_of(&request).await?;
            let (status, days_left) = (self.status(&request).await?, calendar.working_days_left(today, request.due));
            rows.push(QueueRow { request, extent, status, days_left, who });
        }
        Ok(rows)
    }

    /// Takes a request over from whoever had it, or nobody, when whoever takes it looked.
    ///
    /// # Errors
    /// [`ServiceError::Overtaken`] when somebody else has it by now: nothing is taken from a colleague unseen.
    pub async fn take(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        from: Option<StaffId>,
    ) -> Result<(), ServiceError> {
        let request = self.to_decide(actor, number).await?;
        // Pressed twice: it is theirs.
        if request.owner == Some(permit.staff()) {
            return Ok(());
        }
        self.assign(permit, actor, &request, from, Some(permit.staff())).await
    }

    /// For a program, which looks at no page: takes it from whoever has it now.
    pub async fn take_over(&self, permit: &Decide, actor: &Actor, number: &RequestNumber) -> Result<(), ServiceError> {
        let request = self.to_decide(actor, number).await?;
        self.assign(permit, actor, &request, request.owner, Some(permit.staff())).await
    }

    /// Gives it back to everyone.
    pub async fn give_back(&self, permit: &Decide, actor: &Actor, number: &RequestNumber) -> Result<(), ServiceError> {
        let request = self.to_decide(actor, number).await?;
        self.assign(permit, actor, &request, request.owner, None).await
    }

    async fn assign(
        &self,
        permit: &Decide,
        actor: &Actor,
        request: &Request,
        from: Option<StaffId>,
        to: Option<StaffId>,
    ) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        self.assign_in(&tx, permit, actor, request, (from, to)).await?;
        Ok(tx.commit().await?)
    }

    pub(super) async fn assign_in(
        &self,
        tx: &Tx,
        permit: &Decide,
        actor: &Actor,
        request: &Request,
        (from, to): (Option<StaffId>, Option<StaffId>),
    ) -> Result<(), ServiceError> {
        tx.assign(permit, request.id, from, to).await.map_err(overtaken)?;
        let detail = serde_json::json!({ "to": to.map(|staff| staff.to_string()) });
        tx.audit(self.clock.now(), actor, Action::RequestAssigned, request.number.as_str(), detail).await?;
        Ok(())
    }

    /// For colleagues; the person never reads it.
    pub async fn note(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        words: &Personal,
    ) -> Result<(), ServiceError> {
        let request = self.to_decide(actor, number).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.add_note(permit, request.id, words, now).await?;
        tx.audit(now, actor, Action::RequestNoted, number.as_str(), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives a view of the queue a name, for whoever saves it.
    pub async fn save_view(
        &self,
        permit: &ReadRequests,
        name: &str,
        view: QueueView,
        filter: Filter,
    ) -> Result<(), ServiceError> {
        let id = self.chance.id(self.clock.now())?;
        let tx = self.store.begin().await?;
        tx.save_view(permit, &SavedView { id, name: name.to_owned(), view, filter }).await?;
        Ok(tx.commit().await?)
    }

    pub async fn forget_view(&self, permit: &ReadRequests, id: Uuid) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        tx.forget_view(permit, id).await?;
        Ok(tx.commit().await?)
    }

    pub async fn staff_names(&self, permit: &ReadRequests) -> Result<BTreeMap<StaffId, String>, ServiceError> {
        Ok(self.store.staff_names(permit).await?)
    }
}

//! Passing a request on to a named colleague, with what they should know.

use domain::{
    Personal,
    actor::Actor,
    audit::Action,
    ids::{RequestNumber, StaffId},
    permit::{Decide, ReadRequests},
};
use store::{
    desk::{Colleague, Note},
    requests::Request,
};

use crate::{Portal, ServiceError, error::overtaken};

/// To whom, and why: only staff read it.
#[derive(Clone, Copy, Debug)]
pub struct PassOn<'a> {
    /// Who has it as far as whoever passes it on knows: they themselves, or nobody.
    pub from: Option<StaffId>,
    pub to: StaffId,
    pub why: &'a Personal,
}

impl Portal {
    /// The colleagues of an officer: those a request may be passed on to.
    pub async fn colleagues(&self, permit: &ReadRequests) -> Result<Vec<Colleague>, ServiceError> {
        let mut officers = self.store.officers(permit).await?;
        officers.retain(|officer| officer.id != permit.staff());
        Ok(officers)
    }

    /// # Errors
    /// [`ServiceError::NotFound`] for somebody who is no colleague; [`ServiceError::Overtaken`] when somebody else has it
    /// by now: nobody gives away what another works on; [`ServiceError::TooLate`] once it is closed.
    pub async fn pass_on(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        pass_on: PassOn<'_>,
    ) -> Result<(), ServiceError> {
        let PassOn { from, to, why } = pass_on;
        let reader = actor.read_requests()?;
        let request = self.to_decide(actor, number).await?;
        if !self.colleagues(&reader).await?.iter().any(|colleague| colleague.id == to) {
            return Err(ServiceError::NotFound);
        }
        // Pressed twice: it is done.
        if request.owner == Some(to) && self.passed_on(&reader, &request).await?.is_some_and(|note| note.words == *why)
        {
            return Ok(());
        }
        if from.is_some_and(|from| from != permit.staff()) {
            return Err(ServiceError::Overtaken);
        }
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if !tx.is_open(request.id).await? {
            return Err(ServiceError::TooLate { stage: request.stage.name() });
        }
        tx.pass_on(permit, request.id, (from, to), why, now).await.map_err(overtaken)?;
        let detail = serde_json::json!({ "to": to.to_string() });
        tx.audit(now, actor, Action::RequestPassedOn, number.as_str(), detail).await?;
        Ok(tx.commit().await?)
    }

    /// For a program, which looks at no page: what it has itself, or nobody has.
    pub async fn pass_on_now(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        to: StaffId,
        why: &Personal,
    ) -> Result<(), ServiceError> {
        let from = self.to_decide(actor, number).await?.owner;
        self.pass_on(permit, actor, number, PassOn { from, to, why }).await
    }

    /// With what it was passed on to whoever has it; nothing where they took it themselves.
    pub(super) async fn passed_on(
        &self,
        permit: &ReadRequests,
        request: &Request,
    ) -> Result<Option<Note>, ServiceError> {
        let Some(by) = request.passed_by else { return Ok(None) };
        let mut notes = self.store.notes(permit, request.id).await?.into_iter();
        Ok(notes.rfind(|note| note.by == by && note.passed_to == request.owner))
    }
}

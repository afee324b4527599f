//! What a person can still do with a request of theirs: follow it, answer, take it back.

use domain::{
    actor::Actor,
    audit::Action,
    file::Purpose,
    ids::RequestNumber,
    permit::Own,
    plan::Plan,
    request::{self, Handling, RequestKind, Requester},
};
use store::{
    Tx,
    files::Filed,
    history::Event,
    jobs::JobKind,
    requests::{Authority, Reader, Request},
    runs::Run,
    tasks::Task,
};

use super::{CorrectionDetails, Message, Wish};
use crate::{Notice, Portal, ServiceError, copies::HandingOut, error::overtaken};

/// Whose word it was, where somebody asks for somebody else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Subject,
    Asker,
}

impl Side {
    pub(super) fn data(self) -> serde_json::Value {
        serde_json::json!({ "as": match self { Self::Subject => "subject", Self::Asker => "asker" } })
    }
}

/// A request with everything its page shows.
#[derive(Debug)]
pub struct Followed {
    pub request: Request,
    pub events: Vec<Event>,
    /// What will be done, or was.
    pub plan: Option<Plan>,
    pub run: Option<Run>,
    /// What people do by hand for it.
    pub tasks: Vec<Task>,
    pub correction: Option<CorrectionDetails>,
    /// What is asked in words.
    pub wish: Option<Wish>,
    /// The purpose whose consent is withdrawn.
    pub consent: Option<String>,
    /// Evidence, and what belongs to messages.
    pub files: Vec<Filed>,
    /// What there is of a copy or a transfer that was agreed to.
    pub handing_out: HandingOut,
    /// Why carrying it out is waiting, when it is.
    pub waiting_for: Option<String>,
}

impl Portal {
    pub async fn my_requests(&self, permit: &Own) -> Result<Vec<Request>, ServiceError> {
        Ok(self.store.own_requests(permit).await?)
    }

    pub async fn my_request(&self, permit: &Own, number: &RequestNumber) -> Result<Followed, ServiceError> {
        let request = self.store.own_request(permit, number).await?.ok_or(ServiceError::NotFound)?;
        let mut followed = self.followed(request).await?;
        followed.files.retain(|file| file.purpose == Purpose::Message);
        Ok(followed)
    }

    pub(super) async fn followed(&self, request: Request) -> Result<Followed, ServiceError> {
        let (run, digest) = match &request.stage {
            request::Stage::Running { run, plan, .. } => (Some(*run), Some(plan.clone())),
            request::Stage::Completed { run, .. } | request::Stage::Differs { run, .. } => (Some(*run), None),
            request::Stage::ApprovedOnce { plan, .. } | request::Stage::Approved { plan, .. } => {
                (None, Some(plan.clone()))
            }
            request::Stage::Received { .. }
            | request::Stage::Asked { .. }
            | request::Stage::Answered { .. }
            | request::Stage::Refused { .. }
            | request::Stage::Cancelled { .. } => (None, None),
        };
        let run = match run {
            Some(id) => self.store.run(id).await?,
            None => None,
        };
        let correction = match request.kind.handling() {
            Handling::Correction => self.correction_details(&request).await?,
            Handling::Erasure | Handling::Answer => None,
        };
        let id = request.id.to_string();
        let events = self.store.events(&request).await?;
        Ok(Followed {
            handing_out: self.handing_out(&request, &events).await?,
            events,
            tasks: self.store.tasks(request.id).await?,
            plan: self.store.frozen_plan(request.id, digest.as_deref()).await?,
            waiting_for: self.store.job_error(JobKind::ExecuteRequest, &id).await?,
            files: self.store.files(&request).await?,
            wish: self.wish(&request).await?,
            consent: self.withdrawal(&request).await?.map(|withdrawal| withdrawal.purpose),
            run,
            correction,
            request,
        })
    }

    /// Takes a request back, while nothing has run.
    pub async fn cancel(&self, permit: &Own, actor: &Actor, number: &RequestNumber) -> Result<(), ServiceError> {
        let request = self.store.own_request(permit, number).await?.ok_or(ServiceError::NotFound)?;
        // A consent is withdrawn once it is said (PIPL art. 15); there is nothing to take back.
        if request.kind == RequestKind::Withdraw {
            return Err(ServiceError::TooLate { stage: request.stage.name() });
        }
        let moved =
            self.customer_moves(permit, actor, &request, request::Event::Cancel, Action::RequestCancelled, None);
        moved.await
    }

    /// Answers an officer's question.
    pub async fn answer(
        &self,
        permit: &Own,
        actor: &Actor,
        number: &RequestNumber,
        words: Message<'_>,
    ) -> Result<(), ServiceError> {
        let request = self.store.own_request(permit, number).await?.ok_or(ServiceError::NotFound)?;
        let event = request::Event::Answer;
        self.customer_moves(permit, actor, &request, event, Action::RequestAnswered, Some(words)).await
    }

    async fn customer_moves(
        &self,
        permit: &Own,
        actor: &Actor,
        request: &Request,
        event: request::Event,
        action: Action,
        body: Option<Message<'_>>,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let stage = match request.stage.clone().next(event, now) {
            Ok(stage) => stage,
            Err(late) => return Err(self.refused_transition(actor, request, late, action).await?),
        };
        let side = self.side_of(permit, request).await?;
        let tx = self.store.begin().await?;
        tx.move_request(Authority::Own(permit), request, stage).await.map_err(overtaken)?;
        tx.add_event(
            request.id,
            now,
            actor,
            &action.name(),
            side.map_or_else(|| serde_json::json!({}), Side::data),
            body.map(|message| message.words),
        )
        .await?;
        // Whoever asks for another shows with it who they are.
        let purpose = match request.requester {
            Requester::Representative { .. } => Purpose::Evidence,
            Requester::Subject | Requester::Staff { .. } => Purpose::Message,
        };
        for file in body.map_or(&[][..], |message| message.files) {
            self.keep_file(&tx, request, purpose, file, actor).await?;
        }
        tx.audit(now, actor, action, request.number.as_str(), serde_json::json!({})).await?;
        if action == Action::RequestCancelled {
            let notice = Notice::Cancelled { number: request.number.clone() };
            self.tell(&tx, request, permit.proven(), &notice).await?;
            if let Some(side) = side {
                self.tell_other_side(&tx, request, side, &notice).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// On which side of a representative's request somebody stands; nothing where there is only one.
    pub(super) async fn side_of(&self, permit: &Own, request: &Request) -> Result<Option<Side>, ServiceError> {
        match request.requester {
            Requester::Subject | Requester::Staff { .. } => Ok(None),
            Requester::Representative { .. } => {
                let about = self.store.is_about(permit, request).await?;
                Ok(Some(if about { Side::Subject } else { Side::Asker }))
            }
        }
    }

    /// One has taken it back: the other should not wait for it.
    async fn tell_other_side(
        &self,
        tx: &Tx,
        request: &Request,
        side: Side,
        notice: &Notice,
    ) -> Result<(), ServiceError> {
        let work = Actor::System.work()?;
        let other = match side {
            Side::Subject => self.store.asker(Reader::Work(&work), request.id).await?,
            // Before anybody has looked at the evidence the person has heard nothing of it.
            Side::Asker if request.requester.waits_for_check() => Vec::new(),
            Side::Asker => self.store.subject(Reader::Work(&work), request.id).await?,
        };
        self.tell_all(tx, request, &other, notice).await
    }

    /// What was tried and could not be is audited too.
    pub(super) async fn refused_transition(
        &self,
        actor: &Actor,
        request: &Request,
        late: request::Impossible,
        tried: Action,
    ) -> Result<ServiceError, ServiceError> {
        let tx = self.store.begin().await?;
        let detail = serde_json::json!({ "tried": tried, "stage": late.stage });
        let object = request.number.as_str();
        tx.audit(self.clock.now(), actor, Action::TransitionRefused, object, detail).await?;
        tx.commit().await?;
        Ok(ServiceError::TooLate { stage: late.stage })
    }
}

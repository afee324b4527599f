//! What an officer has agreed to: a copy for somebody who asked for another (PIPL art. 31, 49), and a transfer (art. 45
//! para. 3). It is written when it was agreed to: what is handed out is that, and a broken line reads nothing anew. Only what
//! expired or was erased is prepared again, as it is that day.

use domain::{
    Identifier,
    actor::Actor,
    audit::Action,
    ids::RequestNumber,
    permit::OwnFresh,
    request::{HandedOut, Happened, Stage},
};
use jiff::{SignedDuration, Timestamp};
use store::{
    Tx,
    copies::{CopyState, StoredCopy},
    history::Event,
    jobs::JobKind,
    requests::{Authority, Reader, Request},
    throttle::{Limit, Pace},
};

use super::{Gone, new_id, object};
use crate::{Portal, ServiceError, requests::stopped};

/// Each is the whole of what is held, read from every database.
const A_DAY: Limit = Limit { times: 3, within: SignedDuration::from_hours(24) };

/// What there is of it.
#[derive(Clone, Debug)]
pub enum HandingOut {
    /// Nothing that is handed out was agreed to.
    Nothing,
    /// It is being written; nothing of a half is given to anybody.
    Preparing(StoredCopy),
    Ready(StoredCopy),
    /// Nothing of it is here; until then it can be prepared again without asking anybody.
    Again {
        why: Again,
        until: Timestamp,
    },
    /// Nothing of it is handed out any more.
    Over(Over),
}

/// Why nothing of it is handed out any more. What is still wanted is asked for anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// It was downloaded, as a whole.
    Taken { at: Timestamp },
    /// Begun as often as it may be.
    Spent,
    /// By whoever asked, or by whom it is about.
    Stopped { at: Timestamp },
    /// It was agreed to too long ago.
    Late,
}

/// Why it has to be prepared again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It could not be written.
    NotWritten,
    /// The other company has fetched it.
    Fetched,
    /// Begun as often as it may be.
    TriesOver,
    /// Its time is over, or something of it was erased.
    Gone,
}

/// How long after an officer's answer it can be prepared again.
const fn again_for(handed: HandedOut) -> SignedDuration {
    match handed {
        HandedOut::Copy => SignedDuration::from_hours(7 * 24),
        HandedOut::Transfer => SignedDuration::from_hours(30 * 24),
    }
}

fn why(copy: Option<&StoredCopy>) -> Again {
    match copy.map(|copy| copy.state) {
        Some(CopyState::Failed) => Again::NotWritten,
        Some(CopyState::Taken) => Again::Fetched,
        Some(CopyState::Ready | CopyState::Spent) => Again::TriesOver,
        Some(CopyState::Preparing) | None => Again::Gone,
    }
}

impl Portal {
    /// By what there is and by the request's history.
    pub(crate) async fn handing_out(&self, request: &Request, events: &[Event]) -> Result<HandingOut, ServiceError> {
        if request.kind.hands_out().is_none() {
            return Ok(HandingOut::Nothing);
        }
        let copy = self.store.agreed_copy(request.id, self.clock.now()).await?;
        Ok(self.handing_out_of(request, events, copy.as_ref()))
    }

    fn handing_out_of(&self, request: &Request, events: &[Event], copy: Option<&StoredCopy>) -> HandingOut {
        let (Stage::Answered { at, .. }, Some(handed)) = (&request.stage, request.kind.hands_out()) else {
            return HandingOut::Nothing;
        };
        if let Some(at) = stopped(events) {
            return HandingOut::Over(Over::Stopped { at });
        }
        match copy {
            Some(copy) if copy.state == CopyState::Preparing => return HandingOut::Preparing(copy.clone()),
            Some(copy) if copy.state == CopyState::Ready && copy.tries_left() > 0 => {
                return HandingOut::Ready(copy.clone());
            }
            Some(_) | None => {}
        }
        if handed == HandedOut::Copy {
            if let Some(event) = events.iter().rfind(|event| event.what == Happened::CopyTaken) {
                return HandingOut::Over(Over::Taken { at: event.at });
            }
            if why(copy) == Again::TriesOver || events.iter().any(|event| Gone::TriesOver.is(event)) {
                return HandingOut::Over(Over::Spent);
            }
        }
        let until = *at + again_for(handed);
        if self.clock.now() <= until {
            HandingOut::Again { why: why(copy), until }
        } else {
            HandingOut::Over(Over::Late)
        }
    }

    /// One's own request, where what is handed out by it is handed to them.
    pub(crate) async fn handed_by(&self, permit: &OwnFresh, number: &RequestNumber) -> Result<Request, ServiceError> {
        let request = self.store.own_request(permit.own(), number).await?.ok_or(ServiceError::NotFound)?;
        let standing = self.store.standing(permit.own(), &request).await?;
        if standing.is_handed() { Ok(request) } else { Err(ServiceError::NotHandedOut) }
    }

    /// Within the transaction in which an officer agrees, or somebody has it prepared again.
    pub(crate) async fn prepare_agreed(
        &self,
        tx: &Tx,
        authority: Authority<'_>,
        actor: &Actor,
        request: &Request,
        people: &[Identifier],
    ) -> Result<(), ServiceError> {
        let (now, id) = (self.clock.now(), new_id(self)?);
        tx.prepare_agreed(authority, request, id, people, now, self.copy_ends(now)).await?;
        tx.enqueue(JobKind::PrepareCopy, &id.to_string(), now).await?;
        let detail = serde_json::json!({ "request": request.number });
        tx.audit(now, actor, Action::CopyAsked, object(id), detail).await?;
        Ok(())
    }

    /// What an officer has agreed to is written anew, because nothing of it is here.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for somebody else's; [`ServiceError::NotHandedOut`] where nothing of the kind was
    /// agreed to, or it was handed out or stopped; [`ServiceError::TooOften`]; [`ServiceError::TooLate`] while the person's data is being erased.
    pub async fn prepare_agreed_again(
        &self,
        permit: &OwnFresh,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<(), ServiceError> {
        let request = self.handed_by(permit, number).await?;
        let work = Actor::System.work()?;
        let people = self.store.subject(Reader::Work(&work), request.id).await?;
        let events = self.store.events(&request).await?;
        let tx = self.store.begin().await?;
        self.be_there(&tx, permit, actor, &request, &events, &people).await?;
        tx.commit().await?;
        Ok(())
    }

    /// From here on there is one, whole or being written.
    pub(crate) async fn be_there(
        &self,
        tx: &Tx,
        permit: &OwnFresh,
        actor: &Actor,
        request: &Request,
        events: &[Event],
        people: &[Identifier],
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        // In this moment, perhaps.
        if people.is_empty() || tx.times(request.id, Happened::HandingOutStopped).await? > 0 {
            return Err(ServiceError::NotHandedOut);
        }
        let copy = tx.agreed_copy(request.id, now).await?;
        match self.handing_out_of(request, events, copy.as_ref()) {
            HandingOut::Preparing(_) | HandingOut::Ready(_) => Ok(()),
            HandingOut::Nothing | HandingOut::Over(_) => Err(ServiceError::NotHandedOut),
            HandingOut::Again { .. } => {
                if tx.erased_or_being(&Actor::System.work()?, people, now).await? {
                    return Err(ServiceError::TooLate { stage: request.stage.name() });
                }
                let bucket = self.store.vault().index_text("prepares again", request.number.as_str());
                if tx.pace(&bucket, A_DAY, now).await? != Pace::Fine {
                    return Err(ServiceError::TooOften);
                }
                self.prepare_agreed(tx, Authority::Own(permit.own()), actor, request, people).await
            }
        }
    }
}

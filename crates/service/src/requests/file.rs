//! What filing a request of any kind has in common.

use domain::{
    Identifier, Lang,
    actor::Actor,
    audit::Action,
    calendar::Receipt,
    china,
    ids::{RequestId, RequestNumber},
    map::Extent,
    permit::{Decide, Own},
    plan::Plan,
    request::{DecidedBy, Event, Happened, RequestKind, Requester, Stage},
};
use serde::de::DeserializeOwned;
use store::{
    Tx,
    jobs::JobKind,
    requests::{Authority, NewRequest, Request},
};

use crate::{Notice, Portal, ServiceError, copies::written};

pub(super) struct Filing<'a> {
    pub(super) kind: RequestKind,
    pub(super) lang: Lang,
    pub(super) details: Option<&'a [u8]>,
    /// Of which records it is.
    pub(super) extent: &'a Extent,
    /// What the executor would do, where it is the executor's.
    pub(super) plan: Option<&'a Plan>,
    pub(super) told: Told,
}

/// Who files, and for whom.
pub(super) enum Filer<'a> {
    Subject(&'a Own),
    Representative { permit: &'a Own, requester: Requester, subject: &'a [Identifier] },
    Staff { permit: &'a Decide, requester: Requester, subject: &'a [Identifier], received: Receipt },
}

impl<'a> Filer<'a> {
    const fn authority(&self) -> Authority<'a> {
        match self {
            Self::Subject(permit) | Self::Representative { permit, .. } => Authority::Own(permit),
            Self::Staff { permit, .. } => Authority::Decide(permit),
        }
    }

    const fn requester(&self) -> Requester {
        match self {
            Self::Subject(_) => Requester::Subject,
            Self::Representative { requester, .. } | Self::Staff { requester, .. } => *requester,
        }
    }

    fn subject(&self) -> &'a [Identifier] {
        match self {
            Self::Subject(permit) => permit.proven(),
            Self::Representative { subject, .. } | Self::Staff { subject, .. } => subject,
        }
    }

    const fn received(&self) -> Receipt {
        match self {
            Self::Subject(_) | Self::Representative { .. } => Receipt::Now,
            Self::Staff { received, .. } => *received,
        }
    }

    fn asker(&self) -> Option<&'a [Identifier]> {
        match self {
            Self::Subject(_) | Self::Staff { .. } => None,
            Self::Representative { permit, .. } => Some(permit.proven()),
        }
    }
}

impl<'a> From<&'a Own> for Filer<'a> {
    fn from(permit: &'a Own) -> Self {
        Self::Subject(permit)
    }
}

/// What is applied at once has one message, that it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    OnReceipt,
    WhenDone,
}

impl Portal {
    /// What was asked for in particular, as it was sealed with the request.
    pub(super) async fn details_of<T: DeserializeOwned>(&self, request: &Request) -> Result<Option<T>, ServiceError> {
        let damaged = |_| store::StoreError::Inconsistent { what: "the details of a request" };
        let details = self.store.details(request).await?;
        Ok(details.map(|bytes| serde_json::from_slice(&bytes).map_err(damaged)).transpose()?)
    }

    /// Writes the request, its plan, its history, the audit entry and the mail in `tx`.
    pub(super) async fn file(
        &self,
        tx: &Tx,
        filer: impl Into<Filer<'_>>,
        actor: &Actor,
        filing: &Filing<'_>,
    ) -> Result<Request, ServiceError> {
        let filer = filer.into();
        let now = self.clock.now();
        let received_at = filer.received().at(now);
        let received = china::day(received_at);
        let due = self.calendar().due(received).due;
        let mut number = RequestNumber::new(china::day(now), self.chance.bytes()?);
        while !tx.is_free(&number).await? {
            number = RequestNumber::new(china::day(now), self.chance.bytes()?);
        }
        let new = NewRequest {
            id: RequestId(self.chance.id(now)?),
            number,
            kind: filing.kind,
            stage: Stage::Received { since: now },
            lang: filing.lang,
            requester: filer.requester(),
            subject: filer.subject(),
            asker: filer.asker(),
            details: filing.details,
            received_at,
            due,
        };
        let request = tx.file(filer.authority(), &new).await?;
        let digest = match filing.plan {
            Some(plan) => Some(tx.freeze(request.id, plan, now).await?),
            None => None,
        };
        if digest.is_none() {
            self.owe_plan(tx, &request).await?;
        }
        let earlier = filer.received().earlier();
        let mut said = written(filing.extent);
        if let (Some(said), Some(day)) = (said.as_object_mut(), earlier) {
            said.insert("received".to_owned(), serde_json::json!(day));
        }
        tx.add_event(request.id, now, actor, Happened::Filed, said, None).await?;
        let mut detail =
            serde_json::json!({ "kind": filing.kind, "due": due, "plan": digest, "requester": filer.requester() });
        if let (Some(detail), Some(day)) = (detail.as_object_mut(), earlier) {
            detail.insert("received".to_owned(), serde_json::json!(day));
        }
        tx.audit(now, actor, Action::RequestFiled, request.number.as_str(), detail).await?;
        let (number, kind) = (request.number.clone(), filing.kind);
        let notice = match filer {
            Filer::Subject(_) if kind == RequestKind::CancelAccount => {
                Notice::ReceivedClosing { number, due, until: Some(self.cooled_off(now)) }
            }
            Filer::Subject(_) | Filer::Representative { .. } => Notice::Received { number, kind, due },
            Filer::Staff { .. } => {
                // A date that has passed promises nothing.
                let due = Some(due).filter(|due| *due >= china::day(now));
                Notice::WrittenDown { number, kind, received, due }
            }
        };
        if filing.told == Told::OnReceipt {
            self.tell(tx, &request, filer.asker().unwrap_or_else(|| filer.subject()), &notice).await?;
        }
        Ok(request)
    }

    /// What a person may have without an officer: carried out from `run_at` on.
    pub(super) async fn approve_by_rule(
        &self,
        tx: &Tx,
        permit: &Own,
        request: Request,
        plan: String,
    ) -> Result<Request, ServiceError> {
        let now = self.clock.now();
        let approve = Event::Approve { decided: DecidedBy::Rule, plan };
        let stage = request.stage.clone().next(approve, now);
        let stage = stage.map_err(|late| ServiceError::TooLate { stage: late.stage })?;
        let request = tx.move_request(Authority::Own(permit), &request, stage).await?;
        tx.add_event(request.id, now, &Actor::System, Happened::ApprovedByRule, serde_json::json!({}), None).await?;
        let object = request.number.as_str();
        tx.audit(now, &Actor::System, Action::RequestApproved, object, serde_json::json!({ "by": "rule" })).await?;
        // An account lives on until the moment its page and its mail say.
        let run_at = if request.kind == RequestKind::CancelAccount { self.cooled_off(now) } else { now };
        tx.enqueue(JobKind::ExecuteRequest, &request.id.to_string(), run_at).await?;
        Ok(request)
    }
}

//! What filing a request of any kind has in common.

use domain::{
    Lang,
    actor::Actor,
    audit::Action,
    calendar,
    ids::{RequestId, RequestNumber},
    permit::Own,
    plan::Plan,
    request::{RequestKind, Stage},
};
use store::{
    Tx,
    requests::{NewRequest, Request},
};

use crate::{Notice, Portal, ServiceError, portal::day_in_china};

pub(super) struct Filing<'a> {
    pub(super) kind: RequestKind,
    pub(super) lang: Lang,
    pub(super) details: Option<&'a [u8]>,
    pub(super) plan: &'a Plan,
    pub(super) told: Told,
}

/// What is applied at once has one message, that it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    OnReceipt,
    WhenDone,
}

impl Portal {
    /// Writes the request, its plan, its history, the audit entry and the mail in `tx`.
    pub(super) async fn file(
        &self,
        tx: &Tx,
        permit: &Own,
        actor: &Actor,
        filing: &Filing<'_>,
    ) -> Result<(Request, String), ServiceError> {
        let now = self.clock.now();
        let due = calendar::due(day_in_china(now)).due;
        let new = NewRequest {
            id: RequestId(self.chance.id(now)?),
            number: RequestNumber::new(day_in_china(now), self.chance.bytes()?),
            kind: filing.kind,
            stage: Stage::Received { since: now },
            lang: filing.lang,
            subject: permit.proven(),
            details: filing.details,
            received_at: now,
            due,
        };
        let request = tx.file(permit, &new).await?;
        let digest = tx.freeze(request.id, filing.plan, now).await?;
        tx.add_event(request.id, now, actor, "filed", serde_json::json!({}), None).await?;
        let detail = serde_json::json!({ "kind": filing.kind, "due": due, "plan": digest });
        tx.audit(now, actor, Action::RequestFiled, request.number.as_str(), detail).await?;
        let notice = Notice::Received { number: request.number.clone(), kind: filing.kind, due };
        if filing.told == Told::OnReceipt {
            self.tell(tx, &request, permit.proven(), &notice).await?;
        }
        Ok((request, digest))
    }
}

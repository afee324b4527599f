//! The same asked twice: found, and put into the one that came first, whose date is the earlier.

use domain::{
    actor::Actor,
    consent::Cover,
    ids::RequestNumber,
    map::{Column, Extent, TableName},
    permit::{Decide, ReadRequests},
    request::{Event, Happened, RequestKind, Requester},
};
use store::requests::{Authority, Reader, Request};

use super::withdraw::is_said;
use crate::{Notice, Portal, ServiceError, error::overtaken};

/// Of one person, looked at. Who has more open is no person.
const MOST: u64 = 50;

/// Other open requests of the person.
#[derive(Default)]
pub(super) struct Beside {
    /// Those that ask for the same.
    pub(super) same: Vec<Request>,
    pub(super) others: Vec<Request>,
}

/// What a request asks for, beside its kind: who has asked for two of these has asked for two things.
#[derive(PartialEq, Eq)]
enum Matter {
    Records(Extent),
    /// A purpose or an automated decision, by its name in the map.
    About {
        name: String,
        cover: Cover,
    },
    /// The values that are to stand there, in the order of their places.
    Values(Vec<(TableName, Vec<String>, Column, String)>),
    /// Only an officer who reads both can tell.
    Words,
}

impl Portal {
    /// Other open requests that ask for the same of whoever this one is about, the oldest first. Of each pair the later
    /// can be put into the earlier.
    pub async fn duplicates(&self, permit: &ReadRequests, request: &Request) -> Result<Vec<Request>, ServiceError> {
        Ok(self.beside_it(permit, request).await?.same)
    }

    /// What else is open of whoever this request is about, the oldest first.
    pub(super) async fn beside_it(&self, permit: &ReadRequests, request: &Request) -> Result<Beside, ServiceError> {
        let mut beside = Beside::default();
        let may_have_same = request.stage.is_open() && is_ones_own(request);
        let matter = if may_have_same { self.matter_of(request).await? } else { None };
        for other in self.store.open_beside(permit, request, MOST).await? {
            let later = if is_older(&other, request) { request } else { &other };
            let may_be_same = matter.is_some() && other.kind == request.kind && is_ones_own(&other);
            if may_be_same && may_be_closed(later) && self.matter_of(&other).await? == matter {
                beside.same.push(other);
            } else {
                beside.others.push(other);
            }
        }
        Ok(beside)
    }

    /// `None` where nobody knows yet what it is about.
    async fn matter_of(&self, request: &Request) -> Result<Option<Matter>, ServiceError> {
        let purpose = |name| Matter::About { name, cover: Cover::Purpose };
        Ok(match request.kind {
            RequestKind::Copy | RequestKind::Delete | RequestKind::CancelAccount | RequestKind::Transfer => {
                Some(Matter::Records(self.extent_of(request).await?))
            }
            RequestKind::Withdraw => self.withdrawn_purpose(request).await?.map(purpose),
            RequestKind::Restrict | RequestKind::Object | RequestKind::Lift => {
                let said = self.restricting(request).await?;
                said.map(|said| Matter::About { name: said.purpose, cover: said.cover })
            }
            RequestKind::ExplainDecision | RequestKind::RefuseDecision => {
                self.wish(request).await?.and_then(|wish| wish.about).map(purpose)
            }
            RequestKind::Correct => {
                let values = self.corrections(request).await?.into_iter();
                let mut values: Vec<_> = values.map(|of| (of.table, of.key, of.column, of.after)).collect();
                values.sort();
                (!values.is_empty()).then_some(Matter::Values(values))
            }
            RequestKind::Complete | RequestKind::ExplainRules | RequestKind::Complaint => Some(Matter::Words),
        })
    }

    /// Closes `number` as the same as `into`, which came first and stays open; the person is told, and reads where.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for two that are not the same, or where the other is the older.
    pub async fn merge(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        into: &RequestNumber,
    ) -> Result<(), ServiceError> {
        let reader = actor.read_requests()?;
        let request = self.to_decide(actor, number).await?;
        let alike = self.duplicates(&reader, &request).await?;
        let older = alike.iter().find(|other| other.number == *into && is_older(other, &request));
        let older = older.ok_or(ServiceError::NotFound)?;
        let (now, what) = (self.clock.now(), Happened::RequestMerged);
        // It ends like one that was taken back: nothing is granted by it.
        let stage = match request.stage.clone().next(Event::Cancel, now) {
            Ok(stage) => stage,
            Err(late) => return Err(self.refused_transition(actor, &request, late, what.action()).await?),
        };
        let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let data = serde_json::json!({ "into": older.number });
        self.nothing_is_gone(&request).await?;
        let goes_on = self.goes_on_without(&request).await?;
        let tx = self.store.begin().await?;
        // What it is put into must still be going on.
        if !tx.is_open(older.id).await? {
            return Err(ServiceError::Overtaken);
        }
        tx.move_request(Authority::Decide(permit), &request, stage).await.map_err(overtaken)?;
        tx.add_event(request.id, now, actor, what, data.clone(), None).await?;
        tx.audit(now, actor, what.action(), number.as_str(), data).await?;
        self.unsay_for_another(&tx, actor, &request, &goes_on).await?;
        let notice = Notice::Merged { number: number.clone(), into: older.number.clone() };
        self.tell(&tx, &request, &subject, &notice).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Of two of one instant one is the older too.
fn is_older(other: &Request, request: &Request) -> bool {
    (other.received_at, other.id) < (request.received_at, request.id)
}

/// What is decided stays so; and a person's own withdrawal stands in the ledger of consents from when they said it.
const fn may_be_closed(later: &Request) -> bool {
    let said = matches!(later.kind, RequestKind::Withdraw) && is_said(later);
    later.stage.name().is_undecided() && !said
}

/// What somebody asks for another person is theirs, and never the same as what that person asks.
const fn is_ones_own(request: &Request) -> bool {
    match request.requester {
        Requester::Subject | Requester::Staff { .. } => true,
        Requester::Representative { .. } => false,
    }
}

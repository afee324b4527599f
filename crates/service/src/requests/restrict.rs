//! Restriction and objection (PIPL art. 44), and taking one's word back. Where the map says where the company's
//! programs look before they process, the executor writes it there at once; anywhere else an officer has it done.

use std::time::Duration;

use domain::{
    Identifier, Lang,
    actor::Actor,
    consent::Cover,
    json,
    map::{DataMap, Extent},
    permit::{Own, OwnFresh, Work},
    plan::{Plan, Restricting, Turn},
    request::{Event, Handling, Happened, RequestKind, Requester, Side},
    said::{ConsentAnswer, Said, last},
};
use futures::future::try_join_all;
use sources::Person;
use store::{
    Tx,
    jobs::Claimed,
    requests::{Authority, Reader, Request},
};

use super::{
    file::{Filing, Told},
    uses::{LiftedBy, Use},
    wish::Wish,
    withdraw::{is_said, own_of},
};
use crate::{Notice, Portal, ServiceError, error::overtaken};

/// How long a page waits for the company's databases: what it is for, to say no, needs none of them.
const LOOK: Duration = Duration::from_secs(3);

/// What can be stopped by the executor, and how it stands for one person by the company's own databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stoppable {
    pub purpose: String,
    pub cover: Cover,
    pub processing: Processing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processing {
    /// The company's programs process for it.
    GoesOn,
    Restricted,
    /// Likewise, and not agreed to: a consent lets it go on, nothing else (PIPL art. 15).
    NotAgreed,
    /// No row of theirs could say so.
    Nowhere,
}

/// A word on a purpose, planned before the transaction in which it is filed.
pub(crate) struct Word<'a> {
    pub(crate) kind: RequestKind,
    pub(crate) wish: &'a Wish,
    pub(crate) doer: &'a Doer,
}

/// Who carries a word on a purpose out.
pub(crate) enum Doer {
    /// The executor, from these rows on; by the time it is their turn they may be others.
    Executor(Plan),
    /// The map names no place, or no row of theirs could say so.
    Officer,
}

impl Doer {
    pub(super) const fn plan(&self) -> Option<&Plan> {
        match self {
            Self::Executor(plan) => Some(plan),
            Self::Officer => None,
        }
    }
}

/// What the company's databases say; `None` where one does not answer, or not in time.
pub(crate) async fn in_time<T>(look: impl Future<Output = Result<T, ServiceError>>) -> Result<Option<T>, ServiceError> {
    match tokio::time::timeout(LOOK, look).await {
        Ok(Ok(seen)) => Ok(Some(seen)),
        Ok(Err(ServiceError::Source(_))) | Err(_) => Ok(None),
        Ok(Err(error)) => Err(error),
    }
}

impl Portal {
    /// All that the map says where to stop, for one person.
    pub async fn stoppable(&self, permit: &Own) -> Result<Vec<Stoppable>, ServiceError> {
        let consents = self.store.consents(permit).await?;
        let consents = consents.as_slice();
        let all = self.map.restrictions().into_iter().map(async |(purpose, cover)| {
            // Where nobody can look, it can be stopped all the same.
            let processing = self.processing(permit, consents, purpose, cover).await?.unwrap_or(Processing::GoesOn);
            Ok(Stoppable { purpose: purpose.to_owned(), cover, processing })
        });
        try_join_all(all).await
    }

    /// `None` where a company's database does not answer in time.
    pub(super) async fn processing(
        &self,
        permit: &Own,
        consents: &[Said],
        purpose: &str,
        cover: Cover,
    ) -> Result<Option<Processing>, ServiceError> {
        if !self.map.can_restrict(purpose, cover) {
            return Ok(Some(Processing::Nowhere));
        }
        Ok(match self.both_ways(permit.proven(), purpose, cover).await? {
            Some((stop, lift)) if stop.items.is_empty() && lift.items.is_empty() => Some(Processing::Nowhere),
            Some((stop, _)) if stop.items.is_empty() => {
                let not_agreed = needs_consent(&self.map, consents, purpose, cover);
                Some(if not_agreed { Processing::NotAgreed } else { Processing::Restricted })
            }
            Some(_) => Some(Processing::GoesOn),
            None => None,
        })
    }

    /// What restricting would change, and what lifting; `None` while a company's database does not answer, which keeps
    /// nobody from having their say: it is planned again when its turn comes.
    async fn both_ways(
        &self,
        proven: &[Identifier],
        purpose: &str,
        cover: Cover,
    ) -> Result<Option<(Plan, Plan)>, ServiceError> {
        let both = async {
            let person = self.reach(proven).await?;
            let to = |turn| only_restricting(person.clone(), Restricting { purpose: purpose.to_owned(), cover, turn });
            let stop = self.plan_for(to(Turn::Restricted)).await?.plan;
            Ok((stop, self.plan_for(to(Turn::Lifted)).await?.plan))
        };
        in_time(both).await
    }

    /// Who restricts it for somebody.
    pub(crate) async fn doer(&self, proven: &[Identifier], purpose: &str, cover: Cover) -> Result<Doer, ServiceError> {
        if !self.map.can_restrict(purpose, cover) {
            return Ok(Doer::Officer);
        }
        Ok(match self.both_ways(proven, purpose, cover).await? {
            Some((stop, lift)) if stop.items.is_empty() && lift.items.is_empty() => Doer::Officer,
            Some((stop, _)) => Doer::Executor(stop),
            None => Doer::Executor(self.nothing_yet()),
        })
    }

    /// What lifting would change; `None` where nothing is restricted, nor about to be.
    pub(crate) async fn liftable(
        &self,
        permit: &Own,
        purpose: &str,
        cover: Cover,
    ) -> Result<Option<Plan>, ServiceError> {
        if !self.map.can_restrict(purpose, cover) {
            return Ok(None);
        }
        let Some((_, plan)) = self.both_ways(permit.proven(), purpose, cover).await? else {
            return Ok(Some(self.nothing_yet()));
        };
        let lifts = !plan.items.is_empty() || self.is_about_to_stop(permit, purpose, cover).await?;
        Ok(lifts.then_some(plan))
    }

    /// Something that would restrict it is on its way.
    async fn is_about_to_stop(&self, permit: &Own, purpose: &str, cover: Cover) -> Result<bool, ServiceError> {
        for open in self.store.open_about(permit).await? {
            let withdrawn = is_said(&open) && self.withdrawn_purpose(&open).await?.as_deref() == Some(purpose);
            let said = self.restricting(&open).await?;
            let stops = said.is_some_and(|said| {
                (said.purpose.as_str(), said.cover, said.turn) == (purpose, cover, Turn::Restricted)
            });
            if withdrawn || (stops && !open.stage.name().is_undecided()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What could not be planned, because a database did not answer: that is done when its turn comes.
    pub(crate) fn nothing_yet(&self) -> Plan {
        Plan { map: self.map.hash.clone(), as_of: self.clock.today(), items: Vec::new(), shared: Vec::new() }
    }

    /// Restricts, objects, or takes it back. Where no program can do it, it waits for an officer.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for another kind, for what the map does not name, and for lifting what is not
    /// restricted or is not agreed to any more: a new consent lifts that.
    pub async fn file_restriction(
        &self,
        permit: &OwnFresh,
        actor: &Actor,
        kind: RequestKind,
        wish: &Wish,
        lang: Lang,
    ) -> Result<Request, ServiceError> {
        let own = permit.own();
        let restricting = wish.restricting(kind).ok_or(ServiceError::NotFound)?;
        if !self.may_be_about(kind, wish) {
            return Err(ServiceError::NotFound);
        }
        let Restricting { purpose, cover, turn } = &restricting;
        let doer = match turn {
            Turn::Restricted => self.doer(own.proven(), purpose, *cover).await?,
            Turn::Lifted if needs_consent(&self.map, &self.store.consents(own).await?, purpose, *cover) => {
                return Err(ServiceError::NotFound);
            }
            Turn::Lifted => match self.liftable(own, purpose, *cover).await? {
                Some(plan) => Doer::Executor(plan),
                // What an officer has stopped, an officer lets go on.
                None if self.is_stopped_by_officer(own, purpose, *cover).await? => Doer::Officer,
                None => return self.already(own, kind, &restricting).await?.ok_or(ServiceError::NotFound),
            },
        };
        let tx = self.store.begin().await?;
        // Two presses at once are one request; what somebody else asks for them is not theirs.
        tx.one_at_a_time(own).await?;
        if let Some(open) = self.already(own, kind, &restricting).await? {
            return Ok(open);
        }
        let word = Word { kind, wish, doer: &doer };
        let request = self.file_restriction_in(&tx, own, actor, &word, lang).await?;
        tx.commit().await?;
        Ok(request)
    }

    async fn is_stopped_by_officer(&self, permit: &Own, purpose: &str, cover: Cover) -> Result<bool, ServiceError> {
        let stopped = self.stopped(permit).await?;
        let same =
            |(one, by): &(Use, LiftedBy)| *by == LiftedBy::Officer && one.purpose == purpose && one.cover == cover;
        Ok(stopped.iter().any(same))
    }

    /// The same, asked by them before and open.
    async fn already(
        &self,
        permit: &Own,
        kind: RequestKind,
        restricting: &Restricting,
    ) -> Result<Option<Request>, ServiceError> {
        for open in self.store.open_about(permit).await? {
            let same = open.kind == kind && open.requester == Requester::Subject;
            if same && self.restricting(&open).await?.as_ref() == Some(restricting) {
                return Ok(Some(open));
            }
        }
        Ok(None)
    }

    /// Likewise, together with what else happens in `tx`.
    pub(crate) async fn file_restriction_in(
        &self,
        tx: &Tx,
        permit: &Own,
        actor: &Actor,
        word: &Word<'_>,
        lang: Lang,
    ) -> Result<Request, ServiceError> {
        let &Word { kind, wish, doer } = word;
        let details = json::bytes(wish);
        let details = Some(details.as_slice());
        match doer {
            Doer::Officer => {
                let filing =
                    Filing { kind, lang, details, extent: &Extent::Everything, plan: None, told: Told::OnReceipt };
                self.file(tx, permit, actor, &filing).await
            }
            Doer::Executor(plan) => {
                let filing =
                    Filing { kind, lang, details, extent: &Extent::Everything, plan: Some(plan), told: Told::WhenDone };
                let request = self.file(tx, permit, actor, &filing).await?;
                self.approve_by_rule(tx, permit, request, plan.digest()).await
            }
        }
    }

    /// What a request restricts or lifts; `None` for one of another kind, and for one that names no purpose.
    pub(crate) async fn restricting(&self, request: &Request) -> Result<Option<Restricting>, ServiceError> {
        if request.kind.handling() != Handling::Restriction {
            return Ok(None);
        }
        Ok(self.wish(request).await?.and_then(|wish| wish.restricting(request.kind)))
    }

    /// Whether it is the last word of its person on the matter: what was lifted since is not restricted again, and what
    /// was withdrawn since does not go on.
    pub(crate) async fn is_last_word(
        &self,
        work: &Work,
        request: &Request,
        restricting: &Restricting,
    ) -> Result<bool, ServiceError> {
        let subject = self.store.subject(Reader::Work(work), request.id).await?;
        let permit = own_of(&subject)?;
        let said = self.store.consents(&permit).await?;
        let otherwise = last(&said, &restricting.purpose, restricting.cover).is_some_and(|said| {
            let stops = said.answer != ConsentAnswer::Agreed;
            said.at > request.received_at && stops != (restricting.turn == Turn::Restricted)
        });
        if otherwise {
            return Ok(false);
        }
        // The newest first.
        for other in self.store.restrictions_of(&permit).await? {
            let same = |said: Restricting| said.purpose == restricting.purpose && said.cover == restricting.cover;
            if self.restricting(&other).await?.is_some_and(same) {
                return Ok(other.id == request.id);
            }
        }
        Ok(false)
    }

    /// The person has said otherwise since: nothing of it is carried out.
    pub(super) async fn overtaken_by_word(
        &self,
        work: &Work,
        request: &Request,
        job: &Claimed,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let stage = request.stage.clone().next(Event::Cancel, now);
        let stage = stage.map_err(|late| ServiceError::TooLate { stage: late.stage })?;
        let (what, data) = (Happened::RequestCancelled, serde_json::json!({ "overtaken": true }));
        let asker = self.store.asker(Reader::Work(work), request.id).await?;
        let tx = self.store.begin().await?;
        tx.move_request(Authority::Work(work), request, stage).await.map_err(overtaken)?;
        tx.add_event(request.id, now, &Actor::System, what, data.clone(), None).await?;
        tx.audit(now, &Actor::System, what.action(), request.number.as_str(), data).await?;
        self.tell(&tx, request, &asker, &Notice::Cancelled { number: request.number.clone(), whom: Side::Asker })
            .await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        Ok(())
    }
}

/// Nothing of theirs but what says whether it is restricted.
pub(crate) fn only_restricting(person: Person, restricting: Restricting) -> Person {
    person.only_in([]).restricting([restricting])
}

/// Whether nothing may go on because it is not agreed to, whatever else was said (PIPL art. 15).
pub(super) fn needs_consent(map: &DataMap, consents: &[Said], purpose: &str, cover: Cover) -> bool {
    map.consents().any(|(name, _)| name == purpose)
        && last(consents, purpose, cover).is_some_and(|said| said.answer != ConsentAnswer::Agreed)
}

//! What a run of a request has done, where the request is not carried out to its end: what stands stopped because of it can
//! go on, what is gone is gone.

use domain::{
    Lang, Words,
    actor::Actor,
    consent::{Cover, How},
    permit::Own,
    plan::{Item, Outcome, Plan, Turn},
    request::{RequestKind, Requester},
    said::{ConsentAnswer, last},
};
use store::{
    Tx,
    requests::{Reader, Request},
};

use super::{
    restrict::{Doer, Word},
    wish::{Origin, Wish},
    withdraw::own_of,
};
use crate::{Portal, ServiceError};

/// A purpose, or what is agreed to on its own for it, that goes on again.
#[derive(Debug)]
pub(super) struct GoesOn {
    purpose: String,
    cover: Cover,
    plan: Plan,
}

impl Portal {
    /// What runs of a request have changed so far, each with its rows.
    pub(super) async fn done_so_far(&self, request: &Request) -> Result<Vec<Item>, ServiceError> {
        let mut done: Vec<Item> = Vec::new();
        for run in self.store.runs_for(request.id).await? {
            for step in self.store.steps(run.id).await? {
                let Some(item) = run.plan.items.get(step.item) else { continue };
                let rows = step.rows.unwrap_or(0);
                let same = |known: &&mut Item| {
                    known.table == item.table && known.roles == item.roles && known.outcome == item.outcome
                };
                match done.iter_mut().find(same) {
                    Some(known) => known.rows += rows,
                    None => done.push(Item { rows, ..item.clone() }),
                }
            }
        }
        done.retain(|item| item.rows > 0);
        Ok(done)
    }

    /// What cannot be brought back keeps a request from being taken back: only an officer ends it, who is told.
    ///
    /// # Errors
    /// [`ServiceError::TooLate`] once something of it is gone.
    pub(super) async fn nothing_is_gone(&self, request: &Request) -> Result<(), ServiceError> {
        let gone = self.done_so_far(request).await?.iter().any(|item| item.outcome.removes());
        if gone { Err(ServiceError::TooLate { stage: request.stage.name() }) } else { Ok(()) }
    }

    /// What a withdrawal that somebody asked for another has stopped, and nothing the person said themselves stops too.
    pub(super) async fn goes_on_without(&self, request: &Request) -> Result<Vec<GoesOn>, ServiceError> {
        let mut all: Vec<GoesOn> = Vec::new();
        if request.kind != RequestKind::Withdraw || request.requester == Requester::Subject {
            return Ok(all);
        }
        let subject = self.store.subject(Reader::Work(&Actor::System.work()?), request.id).await?;
        let permit = own_of(&subject)?;
        for item in self.done_so_far(request).await? {
            let Outcome::Restricted { restriction } = item.outcome else { continue };
            let (purpose, cover) = (restriction.purpose, restriction.cover);
            let known = all.iter().any(|of| of.purpose == purpose && of.cover == cover);
            if known
                || restriction.turn == Turn::Lifted
                || self.is_stopped_otherwise(&permit, request, &purpose, cover).await?
            {
                continue;
            }
            let plan = self.liftable(&permit, &purpose, cover).await?;
            all.extend(plan.map(|plan| GoesOn { purpose, cover, plan }));
        }
        Ok(all)
    }

    /// By another word than that of `request`: of consent, or a restriction of theirs.
    async fn is_stopped_otherwise(
        &self,
        permit: &Own,
        request: &Request,
        purpose: &str,
        cover: Cover,
    ) -> Result<bool, ServiceError> {
        let mut said = self.store.consents(permit).await?;
        let how = How::for_another(request.requester);
        said.retain(|said| match said.request {
            Some(by) => by != request.id,
            // Before an entry knew its request: as `Tx::unsay` finds it.
            None => said.purpose != purpose || Some(said.how) != how || said.at != request.received_at,
        });
        if last(&said, purpose, cover).is_some_and(|said| said.answer != ConsentAnswer::Agreed) {
            return Ok(true);
        }
        // The newest first.
        for other in self.store.restrictions_of(permit).await? {
            if let Some(word) = self.restricting(&other).await?
                && word.purpose == purpose
                && word.cover == cover
            {
                return Ok(word.turn == Turn::Restricted);
            }
        }
        Ok(false)
    }

    /// Together with the word that is taken back: what it stopped goes on as soon as its job's turn comes.
    pub(super) async fn let_go_on(&self, tx: &Tx, permit: &Own, of: &GoesOn, lang: Lang) -> Result<(), ServiceError> {
        let words = Words::new("代为撤回的同意没有成立", "The withdrawal asked for them does not stand");
        let words = words.in_lang(lang).to_owned();
        let wish = Wish { about: Some(of.purpose.clone()), cover: of.cover, words, origin: Origin::Unsaid };
        let doer = Doer::Executor(of.plan.clone());
        let word = Word { kind: RequestKind::Lift, wish: &wish, doer: &doer };
        self.file_restriction_in(tx, permit, &Actor::System, &word, lang).await?;
        Ok(())
    }
}

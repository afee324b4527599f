//! Withdrawal of consent (PIPL art. 15): in force at once, by rule, and carried out like any erasure. What was kept
//! on the ground of that consent alone goes (art. 47 para. 1 (3)); everything else stays as it is (art. 16).

use domain::{
    Identifier, Lang,
    actor::{Actor, Customer, Freshness},
    audit::Action,
    consent::{Cover, How},
    json,
    map::{Extent, TableName},
    permit::Own,
    plan::{Plan, Restricting, Turn},
    request::{Handling, Happened, RequestKind, Requester, Stage},
    said::{ConsentAnswer, Said, last},
};
use serde::{Deserialize, Serialize};
use sources::Person;
use store::{
    Tx,
    requests::{Reader, Request},
};

use super::{
    begun::GoesOn,
    file::{Filing, Told},
    restrict::{Doer, in_time},
    wish::Wish,
};
use crate::{Portal, ServiceError, policy::Spoken};

/// Which consent. Kept with the request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Withdrawal {
    pub purpose: String,
    /// With those withdrawn before: what rests on several consents goes with the last of them.
    pub all: Vec<String>,
}

/// A purpose that rests on consent, and what the person has said about it here.
#[derive(Clone, Debug)]
pub struct Consent {
    pub purpose: String,
    /// Their last word; none where consent was given elsewhere.
    pub last: Option<Said>,
    /// What is agreed to on its own, and their last word about each.
    pub separate: Vec<(Cover, Option<Said>)>,
    /// The withdrawal that is being carried out.
    pub open: Option<Request>,
    /// What is being stopped because they no longer agree to it on its own.
    pub stopping: Vec<Cover>,
    /// What would go: tables that rest on this consent, and otherwise only on such as are withdrawn.
    pub goes: Vec<TableName>,
}

impl Consent {
    pub fn is_spoken_of(&self) -> bool {
        self.last.is_some() || self.open.is_some() || self.separate.iter().any(|(_, said)| said.is_some())
    }
}

impl Portal {
    /// Everything this company does on the ground of consent.
    pub async fn consents(&self, permit: &Own) -> Result<Vec<Consent>, ServiceError> {
        let requests = self.store.open_about(permit).await?;
        let said = self.store.consents(permit).await?;
        let withdrawn = self.withdrawn(&said);
        let mut all = Vec::new();
        for (purpose, _) in self.map.consents() {
            let resting = [withdrawn.as_slice(), std::slice::from_ref(purpose)].concat();
            let goes = self.map.tables_only_for(&resting).filter(|table| table.purposes.contains(purpose));
            let goes = goes.map(|table| table.name.clone()).collect();
            let word = |cover| last(&said, purpose, cover).cloned();
            let separate = self.map.separate_consents(purpose).into_iter().map(|cover| (cover, word(cover)));
            let mut open = None;
            let said = |r: &&Request| r.kind == RequestKind::Withdraw && r.stage.is_open() && is_said(r);
            for request in requests.iter().filter(said) {
                if self.withdrawn_purpose(request).await?.as_ref() == Some(purpose) {
                    open = Some(request.clone());
                }
            }
            let mut stopping = Vec::new();
            for request in requests.iter().filter(|of| of.kind == RequestKind::Object && of.stage.is_open()) {
                let word = self.restricting(request).await?.filter(|word| word.purpose == *purpose);
                stopping.extend(word.map(|word| word.cover));
            }
            let (last, separate) = (word(Cover::Purpose), separate.collect());
            all.push(Consent { purpose: purpose.clone(), last, separate, open, stopping, goes });
        }
        Ok(all)
    }

    /// A second press of the button finds the first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a purpose that does not rest on consent.
    pub async fn file_withdrawal(
        &self,
        permit: &Own,
        actor: &Actor,
        purpose: &str,
        lang: Lang,
    ) -> Result<Request, ServiceError> {
        let consent = self.consents(permit).await?.into_iter().find(|consent| consent.purpose == purpose);
        let consent = consent.ok_or(ServiceError::NotFound)?;
        if let Some(open) = consent.open {
            return Ok(open);
        }
        let withdrawal = self.withdrawing(permit, purpose).await?;
        let doer = self.stops_for(permit.proven(), &withdrawal).await?;
        let details = json::bytes(&withdrawal);
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if let Some(open) = tx.open_already(permit, RequestKind::Withdraw).await?
            && self.withdrawn_purpose(&open).await?.as_deref() == Some(purpose)
        {
            return Ok(open);
        }
        let filing = Filing {
            kind: RequestKind::Withdraw,
            lang,
            details: Some(&details),
            extent: &Extent::Everything,
            plan: doer.plan(),
            told: if doer.plan().is_some() { Told::WhenDone } else { Told::OnReceipt },
        };
        let request = self.file(&tx, permit, actor, &filing).await?;
        self.say_of_all(&tx, permit, Spoken::here(actor, now), purpose, ConsentAnswer::Withdrawn).await?;
        let detail = serde_json::json!({ "withdrawn": true, "map": self.map.hash.short() });
        tx.audit(now, actor, Action::ConsentAnswered, format!("purpose:{purpose}"), detail).await?;
        let request = match &doer {
            Doer::Executor(plan) => self.approve_by_rule(&tx, permit, request, plan.digest()).await?,
            Doer::Officer => request,
        };
        tx.commit().await?;
        Ok(request)
    }

    /// What is withdrawn with a purpose, after what somebody has withdrawn before.
    async fn withdrawing(&self, permit: &Own, purpose: &str) -> Result<Withdrawal, ServiceError> {
        let before = self.withdrawn(&self.store.consents(permit).await?);
        let all = before.into_iter().filter(|one| one != purpose).chain([purpose.to_owned()]).collect();
        Ok(Withdrawal { purpose: purpose.to_owned(), all })
    }

    /// Who stops it. Where no table rests on it and no row says that it is stopped, no program knows what to stop: an
    /// officer stops it, and says so.
    pub(super) async fn stops_for(
        &self,
        subject: &[Identifier],
        withdrawal: &Withdrawal,
    ) -> Result<Doer, ServiceError> {
        let look = async {
            let person = self.without(self.reach(subject).await?, withdrawal);
            Ok(self.plan_for(person).await?.plan)
        };
        // A word is taken whatever the company's databases do (PIPL art. 15).
        let seen = in_time(look).await?;
        let goes = self.map.tables_only_for(&withdrawal.all).any(|table| table.purposes.contains(&withdrawal.purpose));
        let may_stop = || self.map.restrictions().iter().any(|(of, _)| *of == withdrawal.purpose);
        let by_program = goes || seen.as_ref().map_or_else(may_stop, |plan| plan.rows_to_change() > 0);
        let plan = seen.unwrap_or_else(|| self.nothing_yet());
        Ok(if by_program { Doer::Executor(plan) } else { Doer::Officer })
    }

    /// Likewise, where somebody asks it for them.
    pub(super) async fn stops_for_another(&self, subject: &[Identifier], wish: &Wish) -> Result<Doer, ServiceError> {
        let purpose = wish.about.as_deref().ok_or(ServiceError::NotFound)?;
        let withdrawal = self.withdrawing(&own_of(subject)?, purpose).await?;
        self.stops_for(subject, &withdrawal).await
    }

    /// What was asked for somebody else is their word once it was agreed to: as of when it was asked, so that what they
    /// have said themselves since stays the last.
    pub(super) async fn say_for_another(&self, tx: &Tx, actor: &Actor, request: &Request) -> Result<(), ServiceError> {
        let (Some(how), Some(purpose)) = (How::for_another(request.requester), self.withdrawn_purpose(request).await?)
        else {
            return Ok(());
        };
        let subject = self.store.subject(Reader::Work(&Actor::System.work()?), request.id).await?;
        let permit = own_of(&subject)?;
        let at = request.received_at;
        // Approved again after the data had changed.
        let said_before = |said: &Said| match said.request {
            Some(by) => by == request.id,
            None => said.purpose == purpose && said.how == how && said.at == at,
        };
        if self.store.consents(&permit).await?.iter().any(said_before) {
            return Ok(());
        }
        self.say_of_all(tx, &permit, Spoken { how, request: Some(request.id), at }, &purpose, ConsentAnswer::Withdrawn)
            .await?;
        let detail = serde_json::json!({
            "withdrawn": true, "map": self.map.hash.short(), "how": how.as_str(), "request": request.number.as_str(),
        });
        tx.audit(self.clock.now(), actor, Action::ConsentAnswered, format!("purpose:{purpose}"), detail).await?;
        Ok(())
    }

    /// What was agreed to once and has now ended otherwise was never their word: the ledger says so, and so does
    /// the audit log, with both steps. What it had stopped by then goes on.
    pub(super) async fn unsay_for_another(
        &self,
        tx: &Tx,
        actor: &Actor,
        request: &Request,
        goes_on: &[GoesOn],
    ) -> Result<(), ServiceError> {
        let (Some(how), Some(purpose)) = (How::for_another(request.requester), self.withdrawn_purpose(request).await?)
        else {
            return Ok(());
        };
        // What was never agreed to has said nothing.
        if !self.store.events(request).await?.iter().any(|event| event.what == Happened::RequestApproved) {
            return Ok(());
        }
        let subject = self.store.subject(Reader::Work(&Actor::System.work()?), request.id).await?;
        let permit = own_of(&subject)?;
        for of in goes_on {
            self.let_go_on(tx, &permit, of, request.lang).await?;
        }
        if tx.unsay(&permit, request.id, (&purpose, how, request.received_at), self.clock.now()).await? == 0 {
            return Ok(());
        }
        let detail = serde_json::json!({
            "unsaid": true, "map": self.map.hash.short(), "how": how.as_str(), "request": request.number.as_str(),
        });
        tx.audit(self.clock.now(), actor, Action::ConsentAnswered, format!("purpose:{purpose}"), detail).await?;
        Ok(())
    }

    /// Consents that are withdrawn, by the last word.
    fn withdrawn(&self, said: &[Said]) -> Vec<String> {
        let is_withdrawn = |purpose: &&String| {
            last(said, purpose, Cover::Purpose).is_some_and(|said| said.answer == ConsentAnswer::Withdrawn)
        };
        self.map.consents().map(|(purpose, _)| purpose).filter(is_withdrawn).cloned().collect()
    }

    /// Whether someone still has withdrawn this consent, and not given it anew since.
    pub(crate) async fn is_withdrawn(&self, subject: &[Identifier], purpose: &str) -> Result<bool, ServiceError> {
        let permit = own_of(subject)?;
        let said = self.store.consents(&permit).await?;
        Ok(last(&said, purpose, Cover::Purpose).is_some_and(|said| said.answer == ConsentAnswer::Withdrawn))
    }

    /// What rests on these consents alone, and where rows say that it is stopped.
    pub(crate) fn without(&self, person: Person, withdrawal: &Withdrawal) -> Person {
        let tables = self.map.tables_only_for(&withdrawal.all);
        let tables = tables.filter(|table| table.purposes.contains(&withdrawal.purpose));
        let covers = [Cover::Purpose].into_iter().chain(self.map.separate_consents(&withdrawal.purpose));
        let stopped =
            covers.map(|cover| Restricting { purpose: withdrawal.purpose.clone(), cover, turn: Turn::Restricted });
        person.only_in(tables.map(|table| table.name.clone())).restricting(stopped)
    }

    /// What a request withdraws.
    pub(crate) async fn withdrawal(
        &self,
        request: &Request,
        subject: &[Identifier],
    ) -> Result<Option<Withdrawal>, ServiceError> {
        let Some(purpose) = self.withdrawn_purpose(request).await? else { return Ok(None) };
        match request.requester {
            Requester::Subject => self.details_of(request).await,
            Requester::Representative { .. } | Requester::Staff { .. } => {
                Ok(Some(self.withdrawing(&own_of(subject)?, &purpose).await?))
            }
        }
    }

    /// The purpose whose consent a request withdraws.
    pub(crate) async fn withdrawn_purpose(&self, request: &Request) -> Result<Option<String>, ServiceError> {
        if request.kind != RequestKind::Withdraw {
            return Ok(None);
        }
        Ok(match request.requester {
            Requester::Subject => self.details_of::<Withdrawal>(request).await?.map(|of| of.purpose),
            Requester::Representative { .. } | Requester::Staff { .. } => {
                self.details_of::<Wish>(request).await?.and_then(|wish| wish.about)
            }
        })
    }
}

/// In the name of whoever a request is about.
pub(crate) fn own_of(subject: &[Identifier]) -> Result<Own, ServiceError> {
    let proven = subject.iter().cloned().map(|identifier| (identifier, Freshness::Stale)).collect();
    let customer = Customer::new(proven).ok_or(ServiceError::NotFound)?;
    Ok(Actor::Customer(customer).own()?)
}

/// Whether a withdrawal is the person's word: their own from when they said it, another's once it was agreed to.
pub(super) const fn is_said(request: &Request) -> bool {
    match request.requester {
        Requester::Subject => true,
        Requester::Representative { .. } | Requester::Staff { .. } => match request.stage {
            Stage::Approved { .. }
            | Stage::Running { .. }
            | Stage::Differs { .. }
            | Stage::Completed { .. }
            | Stage::Answered { .. } => true,
            Stage::Received { .. }
            | Stage::Asked { .. }
            | Stage::ApprovedOnce { .. }
            | Stage::Refused { .. }
            | Stage::Cancelled { .. } => false,
        },
    }
}

/// Whether the executor carries a request out along its plan; what it does not is answered in words.
pub(super) fn is_for_executor(request: &Request, plan: Option<&Plan>) -> bool {
    match request.kind.handling() {
        // Of one's own a plan was kept once that says nothing where an officer had to stop it.
        Handling::Withdrawal => {
            // What a run has begun only a run can end, also where nothing is left to be done.
            let begun = matches!(request.stage, Stage::Differs { .. });
            plan.is_some_and(|plan| begun || request.requester != Requester::Subject || !plan.items.is_empty())
        }
        Handling::Erasure => true,
        Handling::Correction | Handling::Restriction => plan.is_some(),
        Handling::Answer => false,
    }
}

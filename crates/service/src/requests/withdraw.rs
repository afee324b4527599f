//! Withdrawal of consent (PIPL art. 15): in force at once, by rule, and carried out like any erasure. What was kept
//! on the ground of that consent alone goes (art. 47 para. 1 (3)); everything else stays as it is (art. 16).

use domain::{
    Identifier, Lang,
    actor::{Actor, Customer, Freshness},
    audit::Action,
    consent::Cover,
    map::{Extent, TableName},
    permit::Own,
    plan::{Restricting, Turn},
    request::RequestKind,
};
use serde::{Deserialize, Serialize};
use sources::Person;
use store::{
    consents::{ConsentAnswer, Said, last},
    requests::Request,
};

use super::{
    file::{Filing, Told},
    restrict::in_time,
};
use crate::{Portal, ServiceError};

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
    /// What would go: tables that rest on this consent, and otherwise only on such as are withdrawn.
    pub goes: Vec<TableName>,
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
            for request in requests.iter().filter(|r| r.kind == RequestKind::Withdraw && r.stage.is_open()) {
                if self.withdrawal(request).await?.is_some_and(|of| of.purpose == *purpose) {
                    open = Some(request.clone());
                }
            }
            let (last, separate) = (word(Cover::Purpose), separate.collect());
            all.push(Consent { purpose: purpose.clone(), last, separate, open, goes });
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
        let mut all = self.withdrawn(&self.store.consents(permit).await?);
        all.push(purpose.to_owned());
        let withdrawal = Withdrawal { purpose: purpose.to_owned(), all };
        let look = async {
            let person = self.without(self.reach(permit.proven()).await?, &withdrawal);
            Ok(self.plan_for(person).await?.plan)
        };
        // A word is taken whatever the company's databases do (PIPL art. 15).
        let seen = in_time(look).await?;
        let may_stop = || self.map.restrictions().iter().any(|(of, _)| *of == purpose);
        let by_program =
            !consent.goes.is_empty() || seen.as_ref().map_or_else(may_stop, |plan| plan.rows_to_change() > 0);
        let plan = seen.unwrap_or_else(|| self.nothing_yet());
        let details = serde_json::to_vec(&withdrawal).unwrap_or_default();
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if let Some(open) = tx.open_already(permit, RequestKind::Withdraw).await?
            && self.withdrawal(&open).await?.is_some_and(|of| of.purpose == purpose)
        {
            return Ok(open);
        }
        let filing = Filing {
            kind: RequestKind::Withdraw,
            lang,
            details: Some(&details),
            extent: &Extent::Everything,
            plan: Some(&plan),
            told: if by_program { Told::WhenDone } else { Told::OnReceipt },
        };
        let request = self.file(&tx, permit, actor, &filing).await?;
        self.say_of_all(&tx, permit, actor, purpose, ConsentAnswer::Withdrawn).await?;
        let detail = serde_json::json!({ "withdrawn": true, "map": self.map.hash.short() });
        tx.audit(now, actor, Action::ConsentAnswered, format!("purpose:{purpose}"), detail).await?;
        // Where no table rests on it and no row says that it is stopped, no program knows what to stop: an officer stops it, and says so.
        let request =
            if by_program { self.approve_by_rule(&tx, permit, request, plan.digest(), now).await? } else { request };
        tx.commit().await?;
        Ok(request)
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
        let proven = subject.iter().cloned().map(|identifier| (identifier, Freshness::Stale)).collect();
        let Some(customer) = Customer::new(proven) else { return Ok(false) };
        let permit = Actor::Customer(customer).own()?;
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

    pub(crate) async fn withdrawal(&self, request: &Request) -> Result<Option<Withdrawal>, ServiceError> {
        if request.kind != RequestKind::Withdraw {
            return Ok(None);
        }
        self.details_of(request).await
    }
}

//! Withdrawal of consent (PIPL art. 15): in force at once, by rule, and carried out like any erasure. What was kept
//! on the ground of that consent alone goes (art. 47 para. 1 (3)); everything else stays as it is (art. 16).

use domain::{Lang, actor::Actor, audit::Action, map::MapHash, permit::Own, request::RequestKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sources::Person;
use store::{policies::ConsentAnswer, requests::Request};

use super::file::{Filing, Told};
use crate::{Portal, ServiceError};

/// Which consent. Kept with the request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Withdrawal {
    pub purpose: String,
}

/// A purpose that rests on consent, and what the person has said about it here.
#[derive(Clone, Debug)]
pub struct Consent {
    pub purpose: String,
    /// Their last word and the version of the policy it was about; none where consent was given elsewhere.
    pub last: Option<(MapHash, ConsentAnswer, Timestamp)>,
    /// The withdrawal that is being carried out.
    pub open: Option<Request>,
}

impl Portal {
    /// Everything this company does on the ground of consent.
    pub async fn consents(&self, permit: &Own) -> Result<Vec<Consent>, ServiceError> {
        let requests = self.store.own_requests(permit).await?;
        let mut all = Vec::new();
        for (purpose, _) in self.map.consents() {
            let last = self.store.last_consent(permit, purpose).await?;
            let mut open = None;
            for request in requests.iter().filter(|r| r.kind == RequestKind::Withdraw && r.stage.is_open()) {
                if self.withdrawal(request).await?.is_some_and(|of| of.purpose == *purpose) {
                    open = Some(request.clone());
                }
            }
            all.push(Consent { purpose: purpose.clone(), last, open });
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
        let person = self.without(self.reach(permit.proven()).await?, purpose);
        let plan = self.plan_for(person).await?.plan;
        let details = serde_json::to_vec(&Withdrawal { purpose: purpose.to_owned() }).unwrap_or_default();
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let filing = Filing {
            kind: RequestKind::Withdraw,
            lang,
            details: Some(&details),
            plan: Some(&plan),
            told: Told::WhenDone,
        };
        let request = self.file(&tx, permit, actor, &filing).await?;
        tx.add_consent(self.chance.id(now)?, permit, purpose, &self.map.hash, ConsentAnswer::Withdrawn, now).await?;
        let detail = serde_json::json!({ "withdrawn": true, "map": self.map.hash.short() });
        tx.audit(now, actor, Action::ConsentAnswered, format!("purpose:{purpose}"), detail).await?;
        let request = self.approve_by_rule(&tx, permit, request, plan.digest(), now).await?;
        tx.commit().await?;
        Ok(request)
    }

    /// What rests on this consent alone.
    pub(crate) fn without(&self, person: Person, purpose: &str) -> Person {
        person.only_in(self.map.tables_only_for(purpose).map(|table| table.name.clone()))
    }

    pub(crate) async fn withdrawal(&self, request: &Request) -> Result<Option<Withdrawal>, ServiceError> {
        if request.kind != RequestKind::Withdraw {
            return Ok(None);
        }
        let damaged = |_| store::StoreError::Inconsistent { what: "the details of a request" };
        let details = self.store.details(request).await?;
        Ok(details.map(|bytes| serde_json::from_slice(&bytes).map_err(damaged)).transpose()?)
    }
}

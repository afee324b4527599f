//! What the portal can prove: certificates, and its public key.

use domain::{
    Words,
    ids::RequestNumber,
    proof::{Certificate, Certified, Document, Signed},
};
use jiff::Timestamp;
use store::{requests::Request, runs::Run};

use crate::{Portal, RunReport, ServiceError, portal::day_in_china};

impl Portal {
    /// The certificate of a completed erasure, to be signed.
    pub(crate) fn certify(&self, request: &Request, run: &Run, report: &RunReport, now: Timestamp) -> Signed {
        let named = |table: &domain::map::TableName| {
            self.map.table(table).map_or_else(|| Words::new(table.to_string(), table.to_string()), |t| t.words.clone())
        };
        let items = report.items.iter().map(|item| Certified {
            what: named(&item.table),
            outcome: item.outcome.clone(),
            planned: item.planned,
            done: item.done,
            left: item.left,
        });
        let certificate = Certificate {
            number: request.number.to_string(),
            handler: self.map.handler.name.clone(),
            received_on: day_in_china(request.received_at),
            completed_at: now,
            map: run.plan.map.0.clone(),
            plan: run.plan.digest(),
            items: items.collect(),
            verified: report.verified,
        };
        self.store.vault().sign(serde_json::to_string(&certificate).unwrap_or_default())
    }

    /// A certificate with its proof. Public: there is nothing about a person in it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where no erasure of this number was completed.
    pub async fn certificate(&self, number: &RequestNumber) -> Result<Document, ServiceError> {
        self.store.certificate(number.as_str(), self.clock.now()).await?.ok_or(ServiceError::NotFound)
    }

    pub fn public_key(&self) -> String {
        self.store.vault().public_key()
    }
}

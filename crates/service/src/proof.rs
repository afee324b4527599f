//! What the portal can prove: certificates, and its public key.

use domain::{
    china,
    ids::{NightNumber, RequestNumber},
    json,
    permit::ReadReports,
    proof::{Certificate, Certified, Document, Left, Of, Signed, Stopped},
    report::{NightReport, RunReport},
    request::Gone,
};
use jiff::Timestamp;
use sources::gather::Side;
use store::{requests::Request, runs::Run};

use crate::{
    Portal, ServiceError,
    requests::{LeftOut, OfAll, Unlinked},
};

impl Portal {
    /// The certificate of a completed erasure, to be signed.
    pub(crate) fn certify(
        &self,
        request: &Request,
        run: &Run,
        left: (&Unlinked, Option<&LeftOut>, Option<Gone>),
        report: &RunReport,
        now: Timestamp,
    ) -> Signed {
        let (unlinked, left_out, gone) = left;
        let items = report.items.iter().map(|item| Certified {
            what: self.map.words_of(&item.table),
            outcome: item.outcome.clone(),
            planned: item.planned,
            done: item.done,
            left: item.left,
        });
        self.sign(&Certificate {
            number: request.number.to_string(),
            of: Of::Erasure,
            handler: self.map.handler.name.clone(),
            received_on: china::day(request.received_at),
            completed_at: now,
            map: run.plan.map.0.clone(),
            plan: run.plan.digest(),
            items: items.collect(),
            unlinked: unlinked.sides().iter().map(|side| self.certified(side)).collect(),
            left_out: self.left_out_in_public(left_out),
            left_out_all: left_out.is_some_and(|left_out| left_out.of_all == OfAll::All),
            gone,
            stopped: Vec::new(),
            verified: report.verified,
            longest_step_ms: Some(report.longest_step_ms),
        })
    }

    fn certified(&self, side: &Side) -> Left {
        Left { what: self.map.words_of(&side.table), rows: side.rows }
    }

    /// What an officer left out, as anybody may read it.
    pub(crate) fn left_out_in_public(&self, left_out: Option<&LeftOut>) -> Vec<Left> {
        let kinds = left_out.into_iter().flat_map(|left_out| &left_out.kinds);
        kinds.map(|(table, rows)| Left { what: self.map.words_of(table), rows: *rows }).collect()
    }

    /// A night's report, to be signed.
    pub(crate) fn certify_night(&self, run: &Run, report: &NightReport, now: Timestamp) -> Signed {
        let items = report.rules.iter().map(|rule| Certified {
            what: self.map.words_of(&rule.table),
            outcome: rule.outcome.clone(),
            planned: rule.selected,
            done: rule.done,
            left: rule.left,
        });
        let stopped = report.stopped.iter().map(|tripped| Stopped {
            what: self.map.words_of(&tripped.table),
            outcome: tripped.outcome.clone(),
            rows: tripped.rows,
            why: Some(tripped.why),
        });
        self.sign(&Certificate {
            number: NightNumber::of(run.as_of, run.id).to_string(),
            of: Of::Night,
            handler: self.map.handler.name.clone(),
            received_on: run.as_of,
            completed_at: now,
            map: run.plan.map.0.clone(),
            plan: run.plan.digest(),
            items: items.collect(),
            unlinked: Vec::new(),
            left_out: Vec::new(),
            left_out_all: false,
            gone: None,
            stopped: stopped.collect(),
            verified: report.verified,
            longest_step_ms: Some(report.longest_step_ms),
        })
    }

    fn sign(&self, certificate: &Certificate) -> Signed {
        self.store.vault().sign(json::text(certificate))
    }

    /// A night's signed report with its proof.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where no night of this number came to its end.
    pub async fn night_proof(&self, _permit: ReadReports, number: &NightNumber) -> Result<Document, ServiceError> {
        self.store.certificate(number.as_str(), self.clock.now()).await?.ok_or(ServiceError::NotFound)
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

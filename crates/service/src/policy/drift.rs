//! Databases change while we run. Once a day, and when asked, we look whether they still are as the map
//! says; officers see what is not.

use domain::{
    actor::Actor,
    audit::Action,
    map::Severity,
    permit::{ReadReports, Work},
};
use sources::check;
use store::{
    drift::{Drift, Found},
    jobs::{Claimed, JobKind},
};

use crate::{Portal, ServiceError};

impl Portal {
    /// Asks for today's look, once a day.
    pub async fn ask_for_drift(&self) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.enqueue(JobKind::LookForDrift, &self.clock.today().to_string(), now).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(crate) async fn look_for_drift(&self, work: &Work, job: &Claimed) -> Result<(), ServiceError> {
        let problems = Box::pin(check::check(&self.sources, &self.map)).await;
        let found: Vec<Found> = problems
            .into_iter()
            .map(|problem| Found {
                is_error: problem.severity == Severity::Error,
                place: problem.file,
                wrong: problem.wrong,
                instead: problem.instead,
            })
            .collect();
        let errors = found.iter().filter(|found| found.is_error).count();
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.set_drift(work, self.clock.today(), &found, now).await?;
        if errors > 0 {
            let detail = serde_json::json!({ "errors": errors });
            tx.audit(now, &Actor::System, Action::DriftFound, format!("map:{}", self.map.hash), detail).await?;
        }
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        metrics::gauge!("qingdan_map_errors").set(u32::try_from(errors).unwrap_or(u32::MAX));
        Ok(())
    }

    pub async fn drift(&self, permit: ReadReports) -> Result<Option<Drift>, ServiceError> {
        Ok(self.store.last_drift(permit).await?)
    }
}

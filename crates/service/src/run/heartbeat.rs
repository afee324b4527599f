use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use store::{Store, jobs::Claimed};

use crate::{Portal, ServiceError};

/// Keeps a job's lease alive while work goes on, and notices when it is lost.
pub(crate) struct Heartbeat {
    job: Claimed,
    lost: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<()>,
}

impl Heartbeat {
    pub(crate) fn start(portal: &Portal, job: &Claimed) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let own = job.clone();
        let (store, clock, job): (Store, _, _) = (portal.store.clone(), portal.clock.clone(), job.clone());
        let flag = lost.clone();
        let third = store.lease() / 3;
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(third).await;
                if let Ok(false) = store.heartbeat(&job, clock.now()).await {
                    flag.store(true, Ordering::Relaxed);
                    return;
                }
            }
        });
        Self { job: own, lost, task }
    }

    pub(crate) const fn job(&self) -> &Claimed {
        &self.job
    }

    pub(crate) fn check(&self) -> Result<(), ServiceError> {
        if self.lost.load(Ordering::Relaxed) { Err(ServiceError::LeaseLost) } else { Ok(()) }
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.task.abort();
    }
}

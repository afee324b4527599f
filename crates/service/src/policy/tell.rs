//! The notice of a change to those it concerns (PIPL art. 17 para. 2): once an address, however often the
//! work is interrupted.

use domain::{
    Identifier, Lang,
    actor::Actor,
    audit::Action,
    map::{TableName, diff},
};
use sources::affected;

use crate::{Notice, Portal, ServiceError, run::Heartbeat};

/// Addresses read, and told of, in one go.
const AT_ONCE: u64 = 200;

impl Portal {
    pub(crate) async fn tell_of_change(&self, heartbeat: &Heartbeat) -> Result<(), ServiceError> {
        let job = heartbeat.job();
        let hash = &job.object;
        let (version, before) = self.version(hash).await?;
        let Some(before) = before else { return self.drop_job(job).await };
        let changes = diff::diff(&before.map, &version.map);
        let notice = Notice::PolicyChanged { hash: version.hash.clone(), effective: version.effective };
        // A change that concerns everyone makes the others superfluous.
        let everyone = changes.iter().any(|change| change.table().is_none());
        let mut tables: Vec<Option<&TableName>> =
            if everyone { vec![None] } else { changes.iter().map(diff::Change::table).collect() };
        tables.sort();
        tables.dedup();
        let mut told = 0_u64;
        for table in tables {
            for spot in affected::spots(&version.map, table) {
                let mut after = None;
                loop {
                    heartbeat.check()?;
                    let (emails, next) = affected::emails(&self.sources, &spot, after.as_deref(), AT_ONCE).await?;
                    let now = self.clock.now();
                    let tx = self.store.begin().await?;
                    for email in emails {
                        let to = Identifier::Email(email);
                        if tx.is_news_to(&version.hash, &to, now).await? {
                            self.post(&tx, &to, Lang::Zh, &notice, None).await?;
                            told += 1;
                        }
                    }
                    tx.commit().await?;
                    after = next;
                    if after.is_none() {
                        break;
                    }
                }
            }
        }
        let tx = self.store.begin().await?;
        let detail = serde_json::json!({ "addresses": told });
        tx.audit(self.clock.now(), &Actor::System, Action::PolicyTold, format!("map:{hash}"), detail).await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        Ok(())
    }
}

//! The notice of a change to those it concerns (PIPL art. 17 para. 2): once an address, however often the
//! work is interrupted.

use std::collections::BTreeMap;

use domain::{
    Identifier, Lang,
    actor::Actor,
    audit::Action,
    map::{TableName, diff},
};
use sources::affected;

use crate::{Notice, Portal, ServiceError, replay::passed_over, run::Heartbeat};

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
        let mut unread: BTreeMap<String, u64> = BTreeMap::new();
        for table in tables {
            for spot in affected::spots(&version.map, table) {
                let (mut after, mut rows): (Option<String>, u64) = (None, 0);
                loop {
                    heartbeat.check()?;
                    let page = affected::texts(&self.sources, &spot, after.as_deref(), AT_ONCE).await?;
                    rows += page.unread;
                    let now = self.clock.now();
                    let tx = self.store.begin().await?;
                    for email in page.emails() {
                        let to = Identifier::Email(email);
                        if tx.is_news_to(&version.hash, &to, now).await? {
                            self.post(&tx, &to, Lang::Zh, &notice, None).await?;
                            told += 1;
                        }
                    }
                    tx.commit().await?;
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                passed_over(spot.table(), rows);
                if rows > 0 {
                    unread.insert(spot.table().to_string(), rows);
                }
            }
        }
        let tx = self.store.begin().await?;
        let detail = if unread.is_empty() {
            serde_json::json!({ "addresses": told })
        } else {
            serde_json::json!({ "addresses": told, "unread": unread })
        };
        tx.audit(self.clock.now(), &Actor::System, Action::PolicyTold, format!("map:{hash}"), detail).await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        Ok(())
    }
}

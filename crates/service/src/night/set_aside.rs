//! What an erasure had to leave, and the night finishes when nothing keeps it any longer.

use domain::{
    ids::RequestId,
    permit::Work,
    report::{Report, RunReport},
};
use jiff::civil::Date;
use sources::{
    Key, OnHold, Scope,
    plan::{self, Planned},
};
use store::{Tx, requests::Reader, runs::RunKind, set_aside::SetAside};

use crate::{
    Portal, ServiceError,
    portal::Ground,
    run::{Heartbeat, status_of},
};

impl Portal {
    pub(crate) async fn set_aside(
        &self,
        tx: &Tx,
        request: RequestId,
        aside: plan::SetAside,
    ) -> Result<(), ServiceError> {
        let aside = SetAside {
            id: self.chance.id(self.clock.now())?,
            request,
            table: aside.table,
            roles: aside.roles,
            until: aside.until,
            outcome: Some(aside.outcome),
            keys: aside.keys.into_iter().map(|key| key.0).collect(),
        };
        Ok(tx.set_aside(&aside).await?)
    }

    /// What can be done with rows set aside, and what of them has to stay once more. `None` where nothing is done
    /// about them: a map that no longer names them cannot fulfil the promise; it stays open. Nor can anything be done
    /// while somebody else's hold protects the person, even one who can no longer be found in the rows themselves.
    pub(crate) async fn finishing(
        &self,
        work: &Work,
        ground: &Ground,
        aside: &SetAside,
        as_of: Date,
    ) -> Result<Option<(Scope, Planned)>, ServiceError> {
        let mapped = self.map.table(&aside.table);
        let known = mapped.is_some_and(|table| aside.roles.iter().all(|role| table.role(role).is_some()));
        if !known || self.is_held(work, ground, aside.request).await? {
            return Ok(None);
        }
        let keys = aside.keys.iter().cloned().map(Key).collect();
        let scope = Scope::SetAside { table: aside.table.clone(), roles: aside.roles.clone(), keys };
        let planned = plan::plan(&self.sources, &ground.terms(self, &scope, as_of), &self.calendar()).await?;
        Ok(Some((scope, planned)))
    }

    async fn is_held(&self, work: &Work, ground: &Ground, request: RequestId) -> Result<bool, ServiceError> {
        let subject = self.store.subject(Reader::Work(work), request).await?;
        Ok(ground.holds.iter().flat_map(OnHold::identifiers).any(|identifier| subject.contains(identifier)))
    }

    /// Rows an erasure had to leave, now that their floor is over.
    pub(super) async fn finish_set_aside(
        &self,
        work: &Work,
        aside: &SetAside,
        as_of: Date,
        heartbeat: &Heartbeat,
    ) -> Result<Option<RunReport>, ServiceError> {
        let ground = Ground::of(self).await?;
        let Some((scope, Planned { plan, set_aside })) = self.finishing(work, &ground, aside, as_of).await? else {
            return Ok(None);
        };
        let run = self.begin_run(work, RunKind::SetAside, Some(aside.request), as_of, plan).await?;
        let done = self.carry_out(&run, &scope, heartbeat, &|_| {}, None).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.finish_run(run.id, status_of(&done), &Report::Run(done.clone()), now).await?;
        // What a hold still protects, or whose period has not begun, a later night finds again.
        if done.verified && !is_the_same(aside, &set_aside) {
            tx.set_aside_done(aside.id, now).await?;
            // A law may keep what a hold protected, or a row that is locked away by now: for its own reason and days.
            for aside_again in set_aside {
                self.set_aside(&tx, aside.request, aside_again).await?;
            }
        }
        tx.commit().await?;
        Ok(Some(done))
    }
}

/// Nothing has changed about why they stay.
fn is_the_same(aside: &SetAside, again: &[plan::SetAside]) -> bool {
    matches!(again, [one] if Some(&one.outcome) == aside.outcome.as_ref() && one.keys.len() == aside.keys.len())
}

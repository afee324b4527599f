//! What an erasure had to leave, as far as it is still there: by the ledger of what was set aside. Of what may go by now
//! the coming night is asked.

use domain::{
    actor::Actor,
    ids::RequestNumber,
    permit::Own,
    plan::{Item, KeysDigest, Outcome, Plan},
    request::Stage,
};
use jiff::{Timestamp, civil::Date};
use store::{requests::Request, set_aside::SetAside};

use crate::{Portal, ServiceError, portal::Ground, requests::in_time};

/// What an erasure had to leave when it was done, and no night has finished yet.
#[derive(Debug)]
pub struct LeftBehind {
    /// Where more is said of it.
    pub number: RequestNumber,
    pub at: Timestamp,
    /// What still has to stay.
    pub stays: Vec<Item>,
    /// What nothing keeps any longer: the coming night finishes it.
    pub tonight: Vec<Item>,
    /// So many rows nights have finished since. Other systems finish theirs themselves, and of those it is not known.
    pub gone_since: u64,
}

/// Of which of it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    All,
    /// What is shown nowhere else.
    OutOfSight,
}

impl Portal {
    /// Of all that was erased for somebody.
    pub(crate) async fn left_behind(&self, permit: &Own) -> Result<Vec<LeftBehind>, ServiceError> {
        let mut all = Vec::new();
        for request in self.store.erasures_of(permit).await? {
            all.extend(self.left_by(&request).await?);
        }
        Ok(all)
    }

    async fn left_by(&self, request: &Request) -> Result<Option<LeftBehind>, ServiceError> {
        // What a part of it left in use is still in the account they have, and shown with it.
        let which = if self.erases_all(request).await? { Which::All } else { Which::OutOfSight };
        let left = self.left_now(request, which).await?;
        Ok(left.filter(|left| !left.stays.is_empty() || !left.tonight.is_empty()))
    }

    /// What of all that one erasure had to leave is there now. `None` where it had to leave nothing.
    pub(crate) async fn left_now(&self, request: &Request, which: Which) -> Result<Option<LeftBehind>, ServiceError> {
        let Stage::Completed { at, run, rows_kept: 1.. } = request.stage else { return Ok(None) };
        let plan = self.store.run(run).await?.map(|run| run.plan);
        let today = self.clock.today();
        let is_apart = |outcome: &Outcome| which == Which::All || matches!(outcome, Outcome::LockedAway { .. });
        let mut found = Vec::new();
        let (mut due, mut later) = (Vec::new(), Vec::new());
        for aside in self.store.set_aside_of(request.id).await? {
            let Some(item) = as_set_aside(&aside, plan.as_ref()) else { continue };
            if !is_apart(&item.outcome) {
                continue;
            }
            if aside.until > today {
                later.push(item);
            } else {
                due.push((aside, item));
            }
        }
        // Where a company's database does not say it, what was known last is said.
        let known = || due.iter().map(|(_, item)| item.clone()).collect();
        found.extend(in_time(self.coming_night(&due, today)).await?.unwrap_or_else(known));
        found.extend(later);
        let here: u64 = found.iter().map(|item| item.rows).sum();
        let gone_since = self.kept_here(plan.as_ref(), is_apart).saturating_sub(here);
        found.extend(self.elsewhere(plan.as_ref(), today).into_iter().filter(|item| is_apart(&item.outcome)));
        found.retain(|item| item.rows > 0);
        let (stays, tonight): (Vec<_>, Vec<_>) = found.into_iter().partition(|item| item.outcome.stays());
        let (stays, tonight) = (together(stays), together(tonight));
        Ok(Some(LeftBehind { number: request.number.clone(), at, stays, tonight, gone_since }))
    }

    /// What the coming night does with these, and what of them it has to leave again.
    async fn coming_night(&self, due: &[(SetAside, Item)], today: Date) -> Result<Vec<Item>, ServiceError> {
        let mut all = Vec::new();
        if due.is_empty() {
            return Ok(all);
        }
        let (work, ground) = (Actor::System.work()?, Ground::of(self).await?);
        for (aside, known) in due {
            match self.finishing(&work, &ground, aside, today).await? {
                Some((_, planned)) => all.extend(planned.plan.items),
                None => all.push(known.clone()),
            }
        }
        Ok(all)
    }

    /// How many rows it had to leave in the databases that our nights finish.
    fn kept_here(&self, plan: Option<&Plan>, is_apart: impl Fn(&Outcome) -> bool) -> u64 {
        let items = plan.into_iter().flat_map(|plan| &plan.items);
        let kept = items.filter(|item| item.outcome.stays() && is_apart(&item.outcome));
        kept.filter(|item| self.sources.get(&item.table.source).is_some()).map(|item| item.rows).sum()
    }

    /// What other systems said they keep: no night of ours finishes it, so that its day is all that is known.
    fn elsewhere(&self, plan: Option<&Plan>, today: Date) -> Vec<Item> {
        let items = plan.into_iter().flat_map(|plan| &plan.items);
        let kept = items.filter(|item| item.outcome.stays() && !item.outcome.is_over(today));
        kept.filter(|item| self.sources.get(&item.table.source).is_none()).cloned().collect()
    }
}

/// One group of rows as it was when it was set aside.
fn as_set_aside(aside: &SetAside, plan: Option<&Plan>) -> Option<Item> {
    let outcome = aside.outcome.clone().or_else(|| {
        let plan = plan?;
        let dated = aside.until > plan.as_of;
        let mut of_these = plan.items.iter().filter(|item| item.table == aside.table && item.roles == aside.roles);
        let why = of_these.find(|item| item.outcome.stays() && item.outcome.is_dated() == dated)?;
        Some(why.outcome.on(aside.until))
    })?;
    Some(Item {
        table: aside.table.clone(),
        roles: aside.roles.clone(),
        outcome,
        rows: aside.keys.len() as u64,
        keys: KeysDigest::not_listed(),
    })
}

/// One item of all that differ in nothing but their days.
fn together(items: Vec<Item>) -> Vec<Item> {
    let mut all: Vec<Item> = Vec::new();
    for item in items {
        let takes_in = |known: &mut Item| {
            let same = known.table == item.table && known.roles == item.roles;
            let taken = same && known.outcome.takes_in(item.outcome.clone());
            known.rows += if taken { item.rows } else { 0 };
            taken
        };
        if !all.iter_mut().any(takes_in) {
            all.push(item);
        }
    }
    all
}

//! Which rules of a night wait for a person.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Email, Identifier, Lang,
    actor::Actor,
    audit::Action,
    breaker::{Taking, Tripped, Why, trips},
    ids::StaffId,
    map::{MapHash, TableName},
    permit::Decide,
    plan::{Item, Outcome, Plan},
    report::NightReport,
    request::ForTwo,
};
use futures::future::try_join_all;
use sources::{Terms, points_at, size};
use store::{
    breaker::{Release, Seen, Waiting},
    runs::Run,
};

use crate::{Notice, Portal, ServiceError};

/// Nights before "far more than usual" means anything.
const ENOUGH: usize = 5;
const RECENT: u64 = 30;

/// What is left to be done before a rule goes, for the officer who looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Releasing {
    /// They let it go, and say why.
    Alone,
    /// They say why, and another has to agree.
    Ask,
    /// They have said why.
    WaitsForAnother { reason: String },
    /// Another has said why.
    Agree { by: StaffId, reason: String },
}

impl Releasing {
    /// The officer says why themselves: whoever agrees to another's reason has none of their own.
    pub const fn gives_reason(&self) -> bool {
        match self {
            Self::Alone | Self::Ask => true,
            Self::WaitsForAnother { .. } | Self::Agree { .. } => false,
        }
    }
}

impl Portal {
    /// The plan without the rules that must wait, and those.
    pub(super) async fn stop_what_is_too_much(
        &self,
        terms: &Terms<'_>,
        mut plan: Plan,
    ) -> Result<(Plan, Vec<Tripped>), ServiceError> {
        let most = self.most_of_recent_nights().await?;
        let waiting = self.store.waiting_rules().await?;
        let mut stopped: Vec<Tripped> = Vec::new();
        let limits = self.settings.breaker;
        // What was locked away is no table's any more.
        let taking: Vec<&Item> =
            plan.items.iter().filter(|item| item.changes() && item.outcome != Outcome::Destroyed).collect();
        // What was let go counts too: with it goes no other that was held up for both.
        let mut together: BTreeMap<&TableName, u64> = BTreeMap::new();
        for item in &taking {
            *together.entry(&item.table).or_default() += item.rows;
        }
        // Looking at a whole table is only worth it for many rows.
        let many =
            together.iter().filter_map(|(table, rows)| Some((*table, limits.of_share(*rows)?.enough_for(*rows))));
        let counted = many.map(|(table, enough)| async move {
            Ok::<_, ServiceError>((table, size::rows_up_to(&self.sources, terms, table, enough).await?))
        });
        let whole: BTreeMap<&TableName, u64> = try_join_all(counted).await?.into_iter().collect();
        for item in taking.into_iter().filter(|item| !is_released(&waiting, item, terms)) {
            let (Some(of), Some(together)) = (whole.get(&item.table), together.get(&item.table)) else { continue };
            let taking = Taking { rows: item.rows, together: *together };
            let usual = most.get(&rule(&item.table, &item.outcome)).copied();
            if let Some(why) = trips(limits, taking, *of, usual) {
                stopped.push(tripped(item, why));
            }
        }
        // What a stopped table's rows point at cannot go before them.
        loop {
            let follows = plan.items.iter().find(|item| {
                item.changes()
                    && item.outcome != Outcome::Destroyed
                    && !is_among(&stopped, item)
                    && stopped.iter().any(|first| points_at(terms, &first.table, &item.table))
            });
            match follows {
                Some(item) => stopped.push(tripped(item, Why::Follows)),
                None => break,
            }
        }
        plan.items.retain(|item| !is_among(&stopped, item));
        Ok((plan, stopped))
    }

    /// Writes down what waits, and forgets what no longer does.
    pub(super) async fn note_stopped(&self, stopped: &[Tripped]) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        // Whoever lets one go in this moment does so before or after.
        let before = tx.waiting_rules().await?;
        // What was let go is forgotten when its night is over: until then its reason is said.
        let is_over =
            |waiting: &&Waiting| !waiting.is_released() && !stopped.iter().any(|new| same(new, &waiting.tripped));
        for waiting in before.iter().filter(is_over) {
            tx.forget_rule(&waiting.tripped).await?;
        }
        let was = |tripped: &Tripped| before.iter().find(|waiting| same(tripped, &waiting.tripped));
        let released = |tripped: &Tripped| was(tripped).is_some_and(Waiting::is_released);
        // What was released and only comes after another keeps its release.
        for tripped in stopped.iter().filter(|tripped| tripped.why != Why::Follows || !released(tripped)) {
            tx.trip(tripped, &self.map.hash, still_asked(was(tripped), tripped, &self.map.hash), now).await?;
            let detail = serde_json::json!({ "rows": tripped.rows, "why": tripped.why });
            tx.audit(now, &Actor::System, Action::RuleStopped, format!("table:{}", tripped.table), detail).await?;
        }
        let waited = |tripped: &Tripped| was(tripped).is_some_and(|waiting| !waiting.is_released());
        let new: Vec<&Tripped> = stopped.iter().filter(|new| new.why != Why::Follows && !waited(new)).collect();
        if let (false, Some(officer)) = (new.is_empty(), Email::parse(&self.map.handler.officer.email)) {
            let rows = new.iter().map(|tripped| tripped.rows).sum();
            let notice = Notice::RulesStopped { rules: new.len(), rows };
            self.post(&tx, &Identifier::Email(officer), Lang::Zh, &notice, None).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Tables of which rows that are past their period do not go tonight: nobody has looked yet.
    pub(crate) async fn held_up(&self) -> Result<BTreeSet<TableName>, ServiceError> {
        let mut waiting = self.store.waiting_rules().await?;
        waiting.retain(|waiting| !waiting.is_released());
        let first = waiting.iter().any(|waiting| waiting.tripped.why != Why::Follows);
        // What only follows goes as soon as nothing is in front of it.
        Ok(waiting.into_iter().filter(|_| first).map(|waiting| waiting.tripped.table).collect())
    }

    /// How many rules wait for a look.
    pub async fn rules_to_look_at(&self) -> Result<usize, ServiceError> {
        let waiting = self.store.waiting_rules().await?;
        Ok(waiting.iter().filter(|rule| !rule.is_released() && rule.tripped.why != Why::Follows).count())
    }

    /// A rule that waits, to be looked at.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it does not, was released, or was counted by another map.
    pub async fn waiting_rule(&self, _: &Decide, table: &TableName, outcome: &str) -> Result<Waiting, ServiceError> {
        let waiting = self.store.waiting_rules().await?;
        let this = |waiting: &Waiting| {
            let Tripped { table: of, outcome: what, why, .. } = &waiting.tripped;
            let waits = *why != Why::Follows && !waiting.is_released() && waiting.map == self.map.hash;
            of == table && what.word() == outcome && waits
        };
        waiting.into_iter().find(this).ok_or(ServiceError::NotFound)
    }

    /// Whether the officer who has looked lets it go, and what the others have to do with it. As many officers have to
    /// agree as to a deletion: it takes as much as many of those.
    pub fn releasing(&self, permit: &Decide, waiting: &Waiting) -> Releasing {
        let two = self.map.portal.two_officers.contains(&ForTwo::Delete);
        match &waiting.release {
            Release::Asked { by, reason } if two => {
                if *by == permit.staff() {
                    Releasing::WaitsForAnother { reason: reason.clone() }
                } else {
                    Releasing::Agree { by: *by, reason: reason.clone() }
                }
            }
            Release::NotAsked | Release::Released { .. } if two => Releasing::Ask,
            Release::NotAsked | Release::Asked { .. } | Release::Released { .. } => Releasing::Alone,
        }
    }

    /// A person has looked, and says why it may go: the next night takes these rows, and no more than a tenth beyond, once
    /// everybody has agreed who has to.
    ///
    /// # Errors
    /// [`ServiceError::Overtaken`] where the rule no longer waits, or not as it was seen;
    /// [`ServiceError::SecondPerson`] for whoever has asked already; [`ServiceError::NotFound`] without a reason.
    pub async fn release_rule(
        &self,
        permit: &Decide,
        actor: &Actor,
        seen: Seen<'_>,
        reason: &str,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let waiting = self.waiting_rule(permit, seen.table, seen.outcome).await.map_err(|_| ServiceError::Overtaken)?;
        if waiting.as_seen() != seen {
            return Err(ServiceError::Overtaken);
        }
        let releasing = self.releasing(permit, &waiting);
        if reason.is_empty() && releasing.gives_reason() {
            return Err(ServiceError::NotFound);
        }
        let tx = self.store.begin().await?;
        let (action, done) = match &releasing {
            Releasing::Alone => (Action::RuleReleased, tx.release_rule(permit, seen, reason, now).await?),
            Releasing::Ask => (Action::RuleReleaseAsked, tx.ask_release(permit, seen, reason).await?),
            Releasing::WaitsForAnother { .. } => return Err(ServiceError::SecondPerson),
            // A reason of their own was typed before they could read the other's.
            Releasing::Agree { .. } if !reason.is_empty() => return Err(ServiceError::Overtaken),
            Releasing::Agree { by, .. } => (Action::RuleReleased, tx.agree_to_release(permit, seen, *by, now).await?),
        };
        if !done {
            return Err(ServiceError::Overtaken);
        }
        // Somebody's own words, which may name people, stay out of what can never be taken back.
        let detail = serde_json::json!({ "rows": seen.rows, "outcome": seen.outcome });
        tx.audit(now, actor, action, format!("table:{}", seen.table), detail).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Rules that go tonight because they were let go.
    pub(super) async fn let_go(&self, stopped: &[Tripped]) -> Result<Vec<Waiting>, ServiceError> {
        let mut all = self.store.waiting_rules().await?;
        all.retain(|waiting| waiting.is_released() && !stopped.iter().any(|new| same(new, &waiting.tripped)));
        Ok(all)
    }

    async fn most_of_recent_nights(&self) -> Result<BTreeMap<String, u64>, ServiceError> {
        let nights = self.store.finished_nights(RECENT).await?;
        let reports: Vec<&NightReport> = nights.iter().filter_map(Run::night).collect();
        let mut most = BTreeMap::new();
        if reports.len() < ENOUGH {
            return Ok(most);
        }
        for rule_report in reports.iter().flat_map(|report| &report.rules) {
            let known: &mut u64 = most.entry(rule(&rule_report.table, &rule_report.outcome)).or_default();
            *known = (*known).max(rule_report.done);
        }
        Ok(most)
    }
}

fn rule(table: &TableName, outcome: &Outcome) -> String {
    format!("{table} {}", outcome.word())
}

fn tripped(item: &Item, why: Why) -> Tripped {
    Tripped { table: item.table.clone(), outcome: item.outcome.clone(), rows: item.rows, why }
}

fn same(a: &Tripped, b: &Tripped) -> bool {
    a.table == b.table && a.outcome == b.outcome
}

/// What was asked about a rule that waits is about the rows that were seen.
fn still_asked<'a>(before: Option<&'a Waiting>, now: &Tripped, map: &MapHash) -> &'a Release {
    let same = before.filter(|before| before.tripped.rows == now.rows && before.map == *map);
    same.map_or(&Release::NotAsked, |before| &before.release)
}

fn is_among(stopped: &[Tripped], item: &Item) -> bool {
    stopped.iter().any(|tripped| tripped.table == item.table && tripped.outcome == item.outcome)
}

fn is_released(waiting: &[Waiting], item: &Item, terms: &Terms<'_>) -> bool {
    waiting.iter().any(|waiting| {
        waiting.is_released()
            && waiting.map == terms.map.hash
            && waiting.tripped.table == item.table
            && waiting.tripped.outcome == item.outcome
            && item.rows <= waiting.tripped.rows + waiting.tripped.rows / 10
    })
}

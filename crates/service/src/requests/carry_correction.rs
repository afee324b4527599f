//! A correction is carried out and looked at again: one value of one's own, or several that an officer has worked out.

use std::time::Duration;

use domain::{
    Identifier, IdentifierKind, Personal,
    map::Table,
    plan::{Item, Outcome, Plan},
    report::{ItemReport, RunReport},
};
use sources::{
    Key, Scope, SourceError,
    execute::{self, Correction},
    reach,
};
use store::{jobs::Claimed, requests::Request, runs::Run};

use super::CorrectionDetails;
use crate::{Portal, ServiceError, portal::Ground, run::Ended};

impl Portal {
    /// A value of a correction that this plan names is the one from before it.
    pub(crate) async fn is_as_before(
        &self,
        request: &Request,
        subject: &[Identifier],
        plan: &Plan,
    ) -> Result<bool, ServiceError> {
        for details in self.corrections_in(request, plan).await? {
            let now = self.corrected_now(subject, &details).await?;
            if now.is_some_and(|value| value == details.before.clone().map(Personal::new)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What stands there now; `None` where the row is no longer theirs.
    async fn corrected_now(
        &self,
        subject: &[Identifier],
        details: &CorrectionDetails,
    ) -> Result<Option<Option<Personal>>, ServiceError> {
        let Some(table) = self.map.table(&details.table) else { return Ok(None) };
        let row = self.row_now(subject, table, &details.role, &Key(details.key.clone())).await?;
        let now = row.and_then(|row| row.values.into_iter().find(|(column, _)| *column == details.column));
        Ok(now.map(|(_, value)| value))
    }

    pub(crate) async fn carry_out_correction(
        &self,
        request: &Request,
        run: &Run,
        subject: &[Identifier],
        job: &Claimed,
    ) -> Result<RunReport, ServiceError> {
        let corrections = self.corrections_in(request, &run.plan).await?;
        if corrections.is_empty() || corrections.len() != run.plan.items.len() {
            return Err(ServiceError::Inconsistent { what: "a value to be corrected" });
        }
        // Before the first of several is carried out: none of them could be asked for any more.
        for details in &corrections {
            self.corrected_table(details)?;
        }
        let settled = self.settle_open_steps(run, job).await?;
        // Whose very identifier is corrected is found by the new one too: by what comes after it, and by the second look.
        let after = corrections.iter().flat_map(|details| {
            let kinds = [IdentifierKind::Email, IdentifierKind::Mobile].into_iter();
            kinds.filter_map(|kind| Identifier::parse(kind, &details.after))
        });
        let before = self.known_by_now(request, subject).await?;
        let reach: Vec<Identifier> = before.into_iter().chain(after).collect();
        let (mut items, mut verified, mut steps) = (Vec::new(), true, 0);
        for (n, (details, item)) in corrections.iter().zip(&run.plan.items).enumerate() {
            let done = match settled.get(&n).copied().filter(|rows| *rows > 0) {
                Some(rows) => rows,
                None => self.correct_one(run, job, &reach, details, (n, item)).await?,
            };
            steps += 1;
            let now = self.corrected_now(&reach, details).await?.flatten();
            let as_asked = now.is_some_and(|value| value.reveal() == details.after);
            verified &= as_asked;
            items.push(ItemReport {
                table: item.table.clone(),
                roles: item.roles.clone(),
                outcome: Outcome::Corrected { column: details.column.clone() },
                planned: 1,
                done,
                left: u64::from(!as_asked),
                why_left: None,
            });
        }
        let sources: std::collections::BTreeSet<_> = items.iter().map(|item| item.table.source.clone()).collect();
        self.tidy_up_soon(&sources.into_iter().collect::<Vec<_>>()).await?;
        Ok(RunReport { items, steps, longest_step_ms: 0, verified, stopped: false })
    }

    /// It may have left the map since it was approved.
    fn corrected_table(&self, details: &CorrectionDetails) -> Result<&Table, SourceError> {
        self.map.table(&details.table).ok_or_else(|| SourceError::NotMapped { table: details.table.clone() })
    }

    /// One value, if it is still what was seen: a step of the ledger.
    async fn correct_one(
        &self,
        run: &Run,
        job: &Claimed,
        subject: &[Identifier],
        details: &CorrectionDetails,
        (n, item): (usize, &Item),
    ) -> Result<u64, ServiceError> {
        let table = self.corrected_table(details)?;
        self.sources.system(&table.name.source)?.prepare().await?;
        let ground = Ground::of(self).await?;
        let person = reach::person(&self.sources, &self.map, subject).await?;
        let scope = Scope::Person(person.clone());
        let terms = ground.terms(self, &scope, run.as_of);
        let (key, after) = (Key(details.key.clone()), Personal::new(details.after.clone()));
        let before = details.before.clone().map(Personal::new);
        let correction = Correction {
            table,
            role: &details.role,
            key: &key,
            column: &details.column,
            before: before.as_ref(),
            after: &after,
        };
        let step = self
            .write_ledger(run, job, &[], &[(n, item)])
            .await?
            .first()
            .copied()
            .ok_or(ServiceError::Inconsistent { what: "a step of the ledger" })?;
        let done = execute::correct(&self.sources, &terms, &person, &correction, step).await?;
        self.write_ledger(run, job, &[Ended { step, rows: done, held: Duration::ZERO }], &[]).await?;
        Ok(done)
    }
}

//! Systems only people can reach: a task for a named owner with a due date. A request is complete when
//! they too have confirmed.

use domain::{
    Email, Identifier, Lang, Personal,
    actor::Actor,
    audit::Action,
    ids::RequestNumber,
    look::{LookDetail, Shown},
    map::TableName,
    permit::Work,
    plan::{Outcome, Plan},
    request::{Happened, Side, Stage},
};
use store::{
    Tx,
    jobs::JobKind,
    requests::{Reader, Request},
    tasks::{Confirmation, Task},
};

use crate::{Notice, Portal, ServiceError, error::overtaken};

/// What a link shows: what is to be done, and about whom.
#[derive(Debug)]
pub struct Asked {
    pub task: Task,
    pub number: RequestNumber,
    /// Only once asked for; masked otherwise.
    pub person: Vec<String>,
}

/// How much of a person a link shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    Masked,
    Full,
}

impl Portal {
    /// One task for each table of the plan that is done by hand, and the mail that asks for it.
    pub(crate) async fn ask_owners(
        &self,
        tx: &Tx,
        work: &Work,
        request: &Request,
        plan: &Plan,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let asked: Vec<TableName> = self.store.tasks(request.id).await?.into_iter().map(|task| task.table).collect();
        for item in &plan.items {
            let Outcome::ByHand { due, .. } = &item.outcome else { continue };
            let source = self.map.sources.get(&item.table.source);
            let owner = source
                .and_then(|source| source.owner.as_ref())
                .ok_or(ServiceError::Inconsistent { what: "the owner of a system by hand" })?;
            let Some(to) = Email::parse(&owner.email) else { continue };
            // A plan that was made anew does not ask again.
            if asked.contains(&item.table) {
                continue;
            }
            let link = Personal::new(hex::encode(self.chance.bytes::<16>()?));
            let task = Task {
                id: self.chance.id(now)?,
                request: request.id,
                source: item.table.source.clone(),
                table: item.table.clone(),
                roles: item.roles.clone(),
                due: *due,
                confirmed: None,
            };
            tx.add_task(work, &task, &link, now).await?;
            let notice = Notice::Task { number: request.number.clone(), due: *due };
            self.post(tx, &Identifier::Email(to), Lang::Zh, &notice, Some(&link)).await?;
        }
        Ok(())
    }

    /// Whether somebody still has to confirm.
    pub(crate) async fn waits_for_people(&self, request: &Request) -> Result<bool, ServiceError> {
        Ok(self.store.tasks(request.id).await?.iter().any(|task| task.confirmed.is_none()))
    }

    /// What a link asks for. Whoever holds the link is the owner; what they see is in the audit log.
    pub async fn task(&self, link: &str, show: Show) -> Result<Asked, ServiceError> {
        let work = Actor::System.work()?;
        let task = self.store.task_by_link(link).await?.ok_or(ServiceError::NotFound)?;
        let request = self.store.request_by_id(&work, task.request).await?.ok_or(ServiceError::NotFound)?;
        // The request was refused or taken back: what was asked for must stay.
        let waits = matches!(request.stage, Stage::Approved { .. } | Stage::Running { .. } | Stage::Differs { .. });
        if task.confirmed.is_none() && !waits {
            return Err(ServiceError::NotFound);
        }
        let subject = self.store.subject(Reader::Work(&work), task.request).await?;
        let person = match (show, &task.confirmed) {
            (Show::Full, None) => {
                let shown = subject.iter().map(|one| Shown::Contact { of: Side::Subject, by: one.kind() }).collect();
                let detail = LookDetail { shown, source: Some(task.source.clone()), ..LookDetail::default() };
                self.revealed(&Actor::System, Action::OwnerSaw, &request.number, &detail).await?;
                subject.iter().map(|identifier| identifier.reveal().to_owned()).collect()
            }
            (Show::Masked | Show::Full, _) => vec![crate::subject::masked(&subject)],
        };
        Ok(Asked { task, number: request.number, person })
    }

    /// The owner has done it. The request goes on where it waited.
    pub async fn confirm_task(&self, link: &str, said: &Confirmation) -> Result<(), ServiceError> {
        let asked = self.task(link, Show::Masked).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.confirm_task(asked.task.id, said, now).await.map_err(overtaken)?;
        let detail = serde_json::json!({ "source": asked.task.source, "rows": said.rows });
        tx.audit(now, &Actor::System, Action::TaskConfirmed, asked.number.as_str(), detail.clone()).await?;
        tx.add_event(asked.task.request, now, &Actor::System, Happened::TaskConfirmed, detail, None).await?;
        tx.enqueue(JobKind::ExecuteRequest, &asked.task.request.to_string(), now).await?;
        tx.commit().await?;
        Ok(())
    }
}

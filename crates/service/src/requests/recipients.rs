//! Those to whom what was erased, corrected or stopped had been given are told (GB/T 35273 §8.3; PIPL art. 46, 47), so
//! that they do likewise: by a mail with a link where the map says where to, otherwise by an officer. An answer does not
//! wait for them; how far they know stands beside it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Email, Identifier, Lang, Personal, Words,
    actor::Actor,
    audit::Action,
    ids::RequestNumber,
    map::TableName,
    mask::{Profile, mask},
    permit::{Decide, Work},
    plan::Plan,
    request::{Handling, RequestKind, Stage},
};
use sources::{
    Key,
    received::{self, FoundBy, Of},
};
use store::{
    Tx,
    notified::{Knows, Notified},
    requests::Request,
};

use super::tasks::Show;
use crate::{Notice, Portal, ServiceError, error::overtaken};

/// What a recipient's link shows.
#[derive(Debug)]
pub struct ToTell {
    pub notified: Notified,
    pub number: RequestNumber,
    pub kind: RequestKind,
    /// Of the records they get, what they are.
    pub records: Vec<Words>,
    /// By what they can find what they got, in full only once asked for.
    pub person: Vec<String>,
    /// What a value became: in full once asked for.
    pub corrected: Option<(Words, String)>,
}

impl Portal {
    /// Before anything is done: afterwards nobody can tell who had got something.
    pub(super) async fn who_got(
        &self,
        request: &Request,
        subject: &[Identifier],
        plan: &Plan,
    ) -> Result<BTreeMap<String, Vec<FoundBy>>, ServiceError> {
        let changed = plan.items.iter().filter(|item| item.changes() && item.rows > 0);
        let changed: BTreeSet<TableName> = changed.map(|item| item.table.clone()).collect();
        let got = async |person, of| received::recipients(&self.sources, &self.map, &person, of).await;
        Ok(match request.kind.handling() {
            Handling::Erasure | Handling::Restriction => {
                got(self.person_of(request, subject).await?, Of::Tables(&changed)).await?
            }
            Handling::Correction => {
                let details = self.correction_details(request).await?.ok_or(ServiceError::NotFound)?;
                got(self.reach(subject).await?, Of::Row(&details.table, &Key(details.key.clone()))).await?
            }
            Handling::Answer => BTreeMap::new(),
        })
    }

    /// It is done: a mail to each that has an address. Nothing personal stands in it.
    pub(super) async fn tell_recipients(&self, tx: &Tx, work: &Work, request: &Request) -> Result<(), ServiceError> {
        for notified in self.store.notified(request.id).await? {
            let to = self.map.recipients.get(&notified.recipient).and_then(|to| Email::parse(to.tell.as_deref()?));
            let Some(to) = to else { continue };
            // Nothing they could find it by: an officer tells them.
            if self.store.found_by(&notified).await?.is_empty() {
                continue;
            }
            match notified.knows {
                Knows::NotYet => {}
                Knows::Told { .. } | Knows::Confirmed { .. } => continue,
            }
            let link = Personal::new(hex::encode(self.chance.bytes::<16>()?));
            tx.told_by_mail(work, notified.id, &link, self.clock.now()).await?;
            let notice = Notice::Recipient { number: request.number.clone() };
            self.post(tx, &Identifier::Email(to), Lang::Zh, &notice, Some(&link)).await?;
        }
        Ok(())
    }

    /// Who had got something, once there is something to tell.
    pub(super) async fn notified(&self, request: &Request) -> Result<Vec<Notified>, ServiceError> {
        match &request.stage {
            Stage::Completed { .. } => Ok(self.store.notified(request.id).await?),
            Stage::Received { .. }
            | Stage::Asked { .. }
            | Stage::ApprovedOnce { .. }
            | Stage::Approved { .. }
            | Stage::Running { .. }
            | Stage::Differs { .. }
            | Stage::Answered { .. }
            | Stage::Refused { .. }
            | Stage::Cancelled { .. } => Ok(Vec::new()),
        }
    }

    /// What a link is about. Whoever holds it is the recipient; what they see is in the audit log.
    pub async fn asked_of_recipient(&self, link: &str, show: Show) -> Result<ToTell, ServiceError> {
        let work = Actor::System.work()?;
        let notified = self.store.notified_by_link(link).await?.ok_or(ServiceError::NotFound)?;
        let request = self.store.request_by_id(&work, notified.request).await?.ok_or(ServiceError::NotFound)?;
        self.telling(&Actor::System, request, notified, show).await
    }

    /// What an officer tells a recipient the portal cannot write to.
    pub async fn to_tell(
        &self,
        _: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        recipient: &str,
    ) -> Result<ToTell, ServiceError> {
        let request = self.store.request_by_number(&actor.read_requests()?, number).await?;
        let request = request.ok_or(ServiceError::NotFound)?;
        let notified = self.of_recipient(&request, recipient).await?;
        self.telling(actor, request, notified, Show::Full).await
    }

    async fn of_recipient(&self, request: &Request, recipient: &str) -> Result<Notified, ServiceError> {
        let all = self.notified(request).await?;
        all.into_iter().find(|one| one.recipient == recipient).ok_or(ServiceError::NotFound)
    }

    async fn telling(
        &self,
        actor: &Actor,
        request: Request,
        notified: Notified,
        show: Show,
    ) -> Result<ToTell, ServiceError> {
        let found_by = self.store.found_by(&notified).await?;
        let correction = match request.kind.handling() {
            Handling::Correction => self.correction_details(&request).await?,
            Handling::Erasure | Handling::Restriction | Handling::Answer => None,
        };
        let shows = show == Show::Full && !found_by.is_empty();
        let corrected = correction.and_then(|details| {
            let (name, _, after) = self.masked_change(&details)?;
            Some((name, if shows { details.after } else { after }))
        });
        if shows {
            let tx = self.store.begin().await?;
            let detail = serde_json::json!({ "recipient": notified.recipient });
            tx.audit(self.clock.now(), actor, Action::RequestRevealed, request.number.as_str(), detail).await?;
            tx.commit().await?;
        }
        let person = found_by.iter().map(|(kind, value)| match show {
            Show::Full => value.reveal().to_owned(),
            Show::Masked => mask(*kind, Profile::Screen, value.reveal()),
        });
        let person = person.collect();
        let records = self.map.given_to(&notified.recipient).map(|table| table.words.clone()).collect();
        Ok(ToTell { number: request.number, kind: request.kind, records, person, corrected, notified })
    }

    /// The recipient has done their part.
    pub async fn confirm_as_recipient(&self, link: &str, note: Option<&str>) -> Result<(), ServiceError> {
        let telling = self.asked_of_recipient(link, Show::Masked).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.confirm_notified(telling.notified.id, note, now).await.map_err(overtaken)?;
        let detail = serde_json::json!({ "recipient": telling.notified.recipient });
        tx.audit(now, &Actor::System, Action::RecipientConfirmed, telling.number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(())
    }

    /// An officer has told a recipient the portal cannot write to.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a recipient that had got nothing; [`ServiceError::Overtaken`] where they know.
    pub async fn told_by_hand(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        recipient: &str,
    ) -> Result<(), ServiceError> {
        let request = self.store.request_by_number(&actor.read_requests()?, number).await?;
        let request = request.ok_or(ServiceError::NotFound)?;
        let notified = self.of_recipient(&request, recipient).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.told_by_hand(permit, notified.id, now).await.map_err(overtaken)?;
        let detail = serde_json::json!({ "recipient": recipient });
        tx.audit(now, actor, Action::RecipientTold, number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(())
    }
}

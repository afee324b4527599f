//! Those to whom what was erased, corrected or stopped had been given are told (GB/T 35273 §8.3; PIPL art. 46, 47), so
//! that they do likewise: by a mail with a link where the map says where to, otherwise by an officer. An answer does not
//! wait for them; how far they know stands beside it.

use std::collections::BTreeSet;

use domain::{
    Email, Identifier, Lang, Personal, Words,
    actor::Actor,
    audit::Action,
    given::{FoundBy, Given},
    ids::RequestNumber,
    look::{LookDetail, Shown},
    map::{Kind, TableName},
    mask::{Profile, mask},
    permit::{Decide, ReadRequests, Work},
    plan::Plan,
    request::{Handling, RequestKind, Stage},
};
use jiff::{SignedDuration, Timestamp};
use sources::{
    Key, Person, Scope,
    received::{self, Recipients},
};
use store::{
    Tx,
    jobs::JobKind,
    notified::{Knows, Notified, ToldBy},
    requests::{Reader, Request},
};

use super::{Change, tasks::Show};
use crate::{Notice, Portal, ServiceError, error::overtaken, portal::Ground};

/// A link is for whoever has just got the mail, not for whoever finds it years later.
const LINK_LASTS: SignedDuration = SignedDuration::from_hours(60 * 24);
/// So long without an answer, and somebody calls them.
const SILENT: SignedDuration = SignedDuration::from_hours(14 * 24);

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
    /// There is more than stands here.
    pub more: bool,
    /// What values became: in full once asked for.
    pub corrected: Vec<(Words, Words)>,
    /// Something of it stands masked.
    pub is_masked: bool,
}

impl Portal {
    /// Before anything is done: afterwards nobody can tell who had got something. What an earlier run of the request has
    /// taken away already they had got as well.
    pub(super) async fn who_got(
        &self,
        request: &Request,
        person: Person,
        plan: &Plan,
    ) -> Result<Recipients, ServiceError> {
        let mut all = self.have_got(request, person, plan).await?;
        let earlier = self.store.notified(request.id).await?;
        if !earlier.is_empty() && self.has_begun(request).await? {
            let written = self.tables_written(request).await?;
            for one in earlier {
                let before = self.store.given(&one).await?;
                // What was to be corrected once and is not any more is told to nobody.
                let before = match request.kind.handling() {
                    Handling::Correction => before.gone(&written, None),
                    Handling::Erasure | Handling::Withdrawal | Handling::Restriction | Handling::Answer => Some(before),
                };
                if let Some(before) = before {
                    all.entry(one.recipient).or_default().add(before);
                }
            }
        }
        Ok(all)
    }

    /// Of which records runs of a correction have written values so far.
    pub(super) async fn tables_written(&self, request: &Request) -> Result<BTreeSet<TableName>, ServiceError> {
        Ok(self.written(request).await?.into_iter().map(|details| details.table).collect())
    }

    /// Who has got something of what is there now.
    pub(super) async fn have_got(
        &self,
        request: &Request,
        person: Person,
        plan: &Plan,
    ) -> Result<Recipients, ServiceError> {
        let subject = self.store.subject(Reader::Work(&Actor::System.work()?), request.id).await?;
        let said = self.consents_of(&subject).await?;
        let (ground, scope) = (Ground::of(self).await?, Scope::Person(person));
        let terms = ground.terms(self, &scope, plan.as_of);
        Ok(match request.kind.handling() {
            Handling::Erasure | Handling::Withdrawal | Handling::Restriction => {
                received::recipients(&self.sources, &terms, plan, &said).await?
            }
            Handling::Correction => {
                let mut all = Recipients::new();
                for details in self.corrections(request).await? {
                    let row = (&details.table, &details.role, &Key(details.key.clone()));
                    for (recipient, given) in received::of_row(&self.sources, &terms, row, &said).await? {
                        all.entry(recipient).or_default().add(given);
                    }
                }
                all
            }
            Handling::Answer => Recipients::new(),
        })
    }

    /// Written down with the start of the run.
    pub(super) async fn note_recipients(
        &self,
        tx: &Tx,
        work: &Work,
        request: &Request,
        got: &Recipients,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        tx.not_to_notify(work, request.id).await?;
        for (recipient, given) in got {
            tx.to_notify(work, (self.chance.id(now)?, request.id, recipient), given, now).await?;
        }
        Ok(())
    }

    /// It is done: a mail to each that has an address. Nothing personal stands in it.
    pub(super) async fn tell_recipients(&self, tx: &Tx, work: &Work, request: &Request) -> Result<(), ServiceError> {
        for notified in self.store.notified(request.id).await? {
            if matches!(notified.knows, Knows::NotYet) {
                let given = self.store.given(&notified).await?;
                self.tell_recipient(tx, work, request, &notified, &given).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn tell_recipient(
        &self,
        tx: &Tx,
        work: &Work,
        request: &Request,
        notified: &Notified,
        given: &Given,
    ) -> Result<(), ServiceError> {
        let Some(to) = self.writes_to(&notified.recipient, given) else { return Ok(()) };
        let link = self.new_link()?;
        tx.told_by_mail(work, notified.id, &link, self.clock.now()).await?;
        let notice = Notice::Recipient { number: request.number.clone() };
        self.post(tx, &Identifier::Email(to), Lang::Zh, &notice, Some(&link)).await
    }

    pub(super) fn new_link(&self) -> Result<Personal, ServiceError> {
        Ok(Personal::new(hex::encode(self.chance.bytes::<16>()?)))
    }

    /// Where the portal writes to a recipient; `None` where an officer tells them.
    pub(super) fn writes_to(&self, recipient: &str, given: &Given) -> Option<Email> {
        let to = self.map.recipients.get(recipient).and_then(|to| Email::parse(to.tell.as_deref()?))?;
        // Not with nothing they could find it by, nor with more than a mail leads to.
        (!given.found_by.is_empty() && !given.more).then_some(to)
    }

    /// Who had got something, once there is something to tell.
    pub(super) async fn notified(&self, request: &Request) -> Result<Vec<Notified>, ServiceError> {
        let object = request.id.to_string();
        let known = match request.stage {
            Stage::Completed { .. } => true,
            // What was found before the run is cut down to what it took away first.
            Stage::Answered { .. } | Stage::Refused { .. } | Stage::Cancelled { .. } => {
                !self.store.is_waiting(JobKind::TellOfPart, &object).await?
            }
            Stage::Received { .. }
            | Stage::Asked { .. }
            | Stage::ApprovedOnce { .. }
            | Stage::Approved { .. }
            | Stage::Running { .. }
            | Stage::Differs { .. } => false,
        };
        if known { Ok(self.store.notified(request.id).await?) } else { Ok(Vec::new()) }
    }

    /// Since when whoever was written to must have answered.
    pub(super) fn late(&self) -> Timestamp {
        self.clock.now() - SILENT
    }

    /// Whether somebody has to call them: no mail could tell them, or none was answered.
    pub fn waits_for_a_call(&self, notified: &Notified) -> bool {
        match notified.knows {
            Knows::NotYet => true,
            Knows::Told { at, by: ToldBy::Mail, .. } => at <= self.late(),
            Knows::Told { by: ToldBy::Staff(_), .. } | Knows::Confirmed { .. } => false,
        }
    }

    /// Requests of which a recipient waits for a call, the soonest due first.
    pub async fn waits_for_calls(&self, permit: &ReadRequests, most: u64) -> Result<Vec<RequestNumber>, ServiceError> {
        Ok(self.store.waits_to_be_told(permit, self.late(), most).await?)
    }

    /// What a link is about. Whoever holds it is the recipient; what they see in full is in the audit log.
    pub async fn asked_of_recipient(&self, link: &str, show: Show) -> Result<ToTell, ServiceError> {
        let (request, notified) = self.of_link(link).await?;
        self.telling(&Actor::System, request, notified, show).await
    }

    async fn of_link(&self, link: &str) -> Result<(Request, Notified), ServiceError> {
        let work = Actor::System.work()?;
        let notified = self.store.notified_by_link(link).await?.ok_or(ServiceError::NotFound)?;
        let over = match &notified.knows {
            Knows::Told { at, reminded, .. } => self.clock.now() > reminded.unwrap_or(*at) + LINK_LASTS,
            Knows::NotYet | Knows::Confirmed { .. } => false,
        };
        if over {
            return Err(ServiceError::NotFound);
        }
        let request = self.store.request_by_id(&work, notified.request).await?.ok_or(ServiceError::NotFound)?;
        Ok((request, notified))
    }

    /// What an officer tells a recipient the portal cannot write to.
    pub async fn to_tell(
        &self,
        _: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        recipient: &str,
    ) -> Result<ToTell, ServiceError> {
        let request = self.to_decide(actor, number).await?;
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
        let Given { found_by, more, .. } = self.store.given(&notified).await?;
        // Of what they never got nothing is said.
        let theirs = self.became(&request).await?.into_iter();
        let theirs: Vec<_> = theirs.filter(|details| notified.tables.contains(&details.table)).collect();
        let masked = self.changes_masked(&theirs);
        let shown_as = |one: &FoundBy| match show {
            Show::Full => one.value.reveal().to_owned(),
            Show::Masked => mask(one.kind, Profile::Screen, one.value.reveal()),
        };
        let person: Vec<String> = found_by.iter().map(shown_as).collect();
        let hides = person.iter().zip(&found_by).any(|(shown, one)| shown != one.value.reveal());
        let hides = hides || (show == Show::Masked && masked.iter().any(|change| change.is_hidden));
        // Where nothing is masked, all of it is seen at once.
        let shows = !found_by.is_empty() && !hides;
        let changes = match (shows, show) {
            (true, Show::Full) => theirs.iter().filter_map(|details| self.whole_change(details)).collect(),
            (true | false, Show::Full | Show::Masked) => masked,
        };
        if shows {
            let action = match actor {
                Actor::System => Action::RecipientSaw,
                Actor::Staff(_) | Actor::Program(_) | Actor::Customer(_) | Actor::Visitor => Action::RequestRevealed,
            };
            self.revealed(actor, action, &request.number, &seen_of(&notified, &found_by, &changes)).await?;
        }
        let corrected = changes.into_iter().map(|change| (change.field, change.after)).collect();
        let records = notified.tables.iter().map(|table| self.map.words_of(table)).collect();
        let is_masked = hides && !found_by.is_empty();
        let (number, kind) = (request.number, request.kind);
        Ok(ToTell { notified, number, kind, records, person, more, corrected, is_masked })
    }

    /// The recipient has done their part.
    pub async fn confirm_as_recipient(&self, link: &str, note: Option<&str>) -> Result<(), ServiceError> {
        let (request, notified) = self.of_link(link).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.confirm_notified(notified.id, note, now).await.map_err(overtaken)?;
        let detail = serde_json::json!({ "recipient": notified.recipient });
        tx.audit(now, &Actor::System, Action::RecipientConfirmed, request.number.as_str(), detail).await?;
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
        let request = self.to_decide(actor, number).await?;
        let notified = self.of_recipient(&request, recipient).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.told_by_hand(permit, notified.id, self.late(), now).await.map_err(overtaken)?;
        let detail = serde_json::json!({ "recipient": recipient });
        tx.audit(now, actor, Action::RecipientTold, number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Which kinds of value a recipient finds somebody by, and what became of which.
fn seen_of(notified: &Notified, found_by: &[FoundBy], changes: &[Change]) -> LookDetail {
    let kinds: BTreeSet<Kind> = found_by.iter().map(|one| one.kind).collect();
    let found_by = kinds.into_iter().map(|what| Shown::FoundBy { what });
    let became = |change: &Change| Shown::Change { table: change.table.clone(), column: change.column.clone() };
    let shown = found_by.chain(changes.iter().map(became)).collect();
    LookDetail { shown, recipient: Some(notified.recipient.clone()), ..LookDetail::default() }
}

//! An officer compares who asks for somebody else with what was handed in, and answers for them. Before that nothing is
//! planned, and nobody told.

use domain::{
    Identifier, IdentifierKind, Personal, Words,
    actor::Actor,
    audit::Action,
    file::FiledAs,
    ids::RequestNumber,
    map::{FieldOf, Kind, SourceName, Table},
    permit::{Decide, Denied},
    request::{Checked, Compared, Happened, Point, RequestKind, Requester, StageName},
};
use sources::gather;
use store::{files::Filed, requests::Reader};

use crate::{Notice, Portal, ServiceError, also_known::NamesAt, error::overtaken};

/// Whose data it is about and who asks, in full, with what they handed in.
#[derive(Debug)]
pub struct People {
    pub kind: RequestKind,
    pub stage: StageName,
    pub requester: Requester,
    pub subject: Known,
    pub asker: Known,
    pub evidence: Vec<Filed>,
}

/// What is known of one of the two.
#[derive(Debug)]
pub struct Known {
    /// What they gave; the asker's are proven by a code.
    pub identifiers: Vec<Identifier>,
    pub names: Vec<Name>,
    /// At which different names stand: two people may have had it, one after the other.
    pub several_names: Vec<IdentifierKind>,
    /// What could not be looked at.
    pub missing: Vec<SourceName>,
}

/// A name in the company's records.
#[derive(Debug)]
pub struct Name {
    pub name: Personal,
    /// The records it stands in.
    pub of: Vec<Words>,
}

/// What became of an officer's word for a requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vouched {
    Confirmed,
    /// They have not compared people and evidence yet: nothing has happened.
    LookFirst,
}

impl Known {
    fn called(&mut self, name: Personal, of: &Words) {
        match self.names.iter_mut().find(|known| known.name == name) {
            Some(known) if known.of.contains(of) => {}
            Some(known) => known.of.push(of.clone()),
            None => self.names.push(Name { name, of: vec![of.clone()] }),
        }
    }
}

/// What they are called in one role of a table; what a row says of others is not theirs.
fn names(table: &Table, rows: gather::Rows) -> impl Iterator<Item = Personal> {
    let of = FieldOf::Role(rows.role);
    let values = rows.rows.into_iter().flat_map(|row| row.values);
    values.filter_map(move |(column, value)| {
        let field = table.field(&column)?;
        let is_name = field.kind == Kind::Name && field.of == of;
        value.filter(|_| is_name)
    })
}

impl Portal {
    /// Whose data it is about and who asks, in full, to compare with the evidence. Entered in the audit log.
    pub async fn reveal_people(
        &self,
        _permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<People, ServiceError> {
        let request = self.to_decide(actor, number).await?;
        let reader = actor.read_requests()?;
        let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let asker = self.store.asker(Reader::Staff(&reader), request.id).await?;
        let mut evidence = self.store.files(&request).await?;
        evidence.retain(|file| file.filed_as == FiledAs::Evidence);
        let (subject, asker) = futures::join!(self.known(subject), self.known(asker));
        let tx = self.store.begin().await?;
        // Whether there were names to compare.
        let detail = serde_json::json!({ "people": true, "names": subject.names.len() });
        let now = self.clock.now();
        tx.add_event(request.id, now, actor, Happened::PeopleCompared, serde_json::json!({}), None).await?;
        tx.audit(now, actor, Action::RequestRevealed, number.as_str(), detail).await?;
        tx.commit().await?;
        let (kind, stage, requester) = (request.kind, request.stage.name(), request.requester);
        Ok(People { kind, stage, requester, subject, asker, evidence })
    }

    /// By their addresses and numbers: evidence names people, and so must what it is compared with.
    async fn known(&self, identifiers: Vec<Identifier>) -> Known {
        let mut known = Known { identifiers, names: Vec::new(), several_names: Vec::new(), missing: Vec::new() };
        let mut at = NamesAt::default();
        for part in gather::gather(&self.sources, &self.map, &known.identifiers, &[]).await {
            let Ok(found) = part.found else {
                known.missing.push(part.source);
                continue;
            };
            for rows in found {
                let Some(table) = self.map.table(&rows.table) else { continue };
                rows.rows.iter().for_each(|row| at.read(&known.identifiers, table, &rows.role, row));
                for name in names(table, rows) {
                    known.called(name, &table.words);
                }
            }
        }
        known.several_names = at.several();
        known
    }

    /// An officer has compared the people with the evidence, and answers for it. Only now is anything planned, and the
    /// person it is about told.
    pub async fn confirm_requester(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        _compared: Compared,
    ) -> Result<Vouched, ServiceError> {
        // A program sees no evidence, and answers for nobody.
        if matches!(actor, Actor::Program(_)) {
            return Err(ServiceError::Denied(Denied::NotYours));
        }
        let request = self.to_decide(actor, number).await?;
        let (Requester::Representative { capacity, checked: Checked::NotYet }, true) =
            (request.requester, request.stage.is_open())
        else {
            return Err(ServiceError::TooLate { stage: request.stage.name() });
        };
        let reader = actor.read_requests()?;
        let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let (wish, extent) = (self.wish(&request).await?, self.extent_of(&request).await?);
        let plan = self.plan_of(request.kind, wish.as_ref(), &extent, &subject).await?;
        let now = self.clock.now();
        let confirmed = Requester::Representative { capacity, checked: Checked::Confirmed { staff: permit.staff() } };
        let tx = self.store.begin().await?;
        if !tx.has_done(request.id, actor, Happened::PeopleCompared).await? {
            return Ok(Vouched::LookFirst);
        }
        let request = tx.check_requester(permit, &request, confirmed).await.map_err(overtaken)?;
        if let Some(plan) = &plan {
            tx.freeze(request.id, plan, now).await?;
        }
        let what = Happened::RequesterConfirmed;
        tx.add_event(request.id, now, actor, what, serde_json::json!({}), None).await?;
        let detail = serde_json::json!({ "capacity": capacity, "compared": Point::ALL });
        tx.audit(now, actor, what.action(), request.number.as_str(), detail).await?;
        if capacity.subject_is_told() {
            let notice = Notice::AskedForYou {
                number: request.number.clone(),
                kind: request.kind,
                capacity: Some(capacity),
                account: request.kind == RequestKind::Delete
                    && plan.as_ref().is_some_and(|plan| self.map.takes_account(plan)),
                due: Some(request.due),
            };
            self.tell_subject(&tx, &request, &subject, &notice).await?;
        }
        tx.commit().await?;
        Ok(Vouched::Confirmed)
    }
}

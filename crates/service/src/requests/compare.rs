//! An officer compares who asks for somebody else with what was handed in, and answers for them. Before that nothing is
//! planned, and nobody told.

use std::collections::BTreeSet;

use domain::{
    Identifier, IdentifierKind, Personal, Words,
    actor::Actor,
    file::FiledAs,
    ids::RequestNumber,
    json,
    look::{Shown, Spot},
    map::{FieldOf, Kind, SourceName, Table},
    mask::{Profile, mask},
    permit::{Decide, Denied},
    request::{Checked, Compared, Happened, Point, RequestKind, Requester, Side, StageName},
};
use sources::gather;
use store::{
    files::Filed,
    requests::{Reader, Request},
};

use crate::{Notice, Portal, ServiceError, also_known::NamesAt, error::overtaken, subject};

/// Whose data it is about and who asks, with what they handed in. Masked, but for what an officer has had shown.
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
    pub identifiers: Vec<OfPerson>,
    pub names: Vec<Name>,
    /// At which different names stand: two people may have had it, one after the other.
    pub several_names: Vec<IdentifierKind>,
    /// What could not be looked at.
    pub missing: Vec<SourceName>,
}

/// A value of one of them.
#[derive(Debug)]
pub struct OfPerson {
    /// Names it in a form.
    pub token: String,
    pub masked: String,
    /// Once an officer has had it shown.
    pub full: Option<Personal>,
    /// Masked, less is shown than stands there.
    pub is_hidden: bool,
    shown: Shown,
}

/// A name in the company's records.
#[derive(Debug)]
pub struct Name {
    pub name: OfPerson,
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

impl People {
    fn of_token(self, token: &str) -> Option<OfPerson> {
        let of = |known: Known| known.identifiers.into_iter().chain(known.names.into_iter().map(|name| name.name));
        let mut all = of(self.subject).chain(of(self.asker));
        all.find(|value| value.token == token && value.is_hidden)
    }

    /// What this token names, and how it stands there masked.
    pub(super) fn value(self, token: &str) -> Option<(Shown, String)> {
        self.of_token(token).map(|value| (value.shown, value.masked))
    }

    /// What stands there, where this officer has had it shown.
    pub fn shown(self, token: &str) -> Option<Personal> {
        self.of_token(token)?.full
    }
}

/// Names and identifiers as they were found.
#[derive(Default)]
struct Found {
    names: Vec<(Personal, Vec<Words>)>,
    several_names: Vec<IdentifierKind>,
    missing: Vec<SourceName>,
}

impl Found {
    fn called(&mut self, name: Personal, of: &Words) {
        match self.names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, records)) if records.contains(of) => {}
            Some((_, records)) => records.push(of.clone()),
            None => self.names.push((name, vec![of.clone()])),
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
    /// Whose data it is about and who asks, masked, to compare with the evidence. Entered in the audit log.
    pub async fn compare(
        &self,
        _permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<People, ServiceError> {
        let request = self.to_decide(actor, number).await?;
        let people = self.people(actor, &request, &BTreeSet::new()).await?;
        let tx = self.store.begin().await?;
        // Whether there were names to compare.
        let detail = serde_json::json!({ "people": true, "names": people.subject.names.len() });
        let (now, what) = (self.clock.now(), Happened::PeopleCompared);
        tx.add_event(request.id, now, actor, what, serde_json::json!({}), None).await?;
        tx.audit(now, actor, what.action(), number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(people)
    }

    /// Likewise, with what this officer has had shown on this visit in full.
    pub async fn compare_shown(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<People, ServiceError> {
        let request = self.to_decide(actor, number).await?;
        let seen = self.seen_on_visit(permit, actor, &request).await?;
        self.people(actor, &request, &seen).await
    }

    pub(super) async fn people(
        &self,
        actor: &Actor,
        request: &Request,
        seen: &BTreeSet<Spot>,
    ) -> Result<People, ServiceError> {
        let reader = actor.read_requests()?;
        let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let asker = self.store.asker(Reader::Staff(&reader), request.id).await?;
        let mut evidence = self.store.files(request).await?;
        evidence.retain(|file| file.filed_as == FiledAs::Evidence);
        let sides =
            (self.known((request, Side::Subject), subject, seen), self.known((request, Side::Asker), asker, seen));
        let (subject, asker) = futures::join!(sides.0, sides.1);
        let (kind, stage, requester) = (request.kind, request.stage.name(), request.requester);
        Ok(People { kind, stage, requester, subject, asker, evidence })
    }

    /// By their addresses and numbers: evidence names people, and so must what it is compared with.
    async fn known(&self, of: (&Request, Side), identifiers: Vec<Identifier>, seen: &BTreeSet<Spot>) -> Known {
        let Found { names, several_names, missing } = self.found(&identifiers).await;
        let contact = |one: &Identifier| {
            let (shown, masked) = (Shown::Contact { of: of.1, by: one.kind() }, subject::mask_one(one));
            self.of_person(of.0, shown, (masked, one.reveal()), seen)
        };
        let name = |(name, records): (Personal, Vec<Words>)| {
            let masked = mask(Kind::Name, Profile::Screen, name.reveal());
            let name = self.of_person(of.0, Shown::Name { of: of.1 }, (masked, name.reveal()), seen);
            Name { name, of: records }
        };
        let identifiers = identifiers.iter().map(contact).collect();
        Known { identifiers, names: names.into_iter().map(name).collect(), several_names, missing }
    }

    fn of_person(
        &self,
        request: &Request,
        shown: Shown,
        (masked, value): (String, &str),
        seen: &BTreeSet<Spot>,
    ) -> OfPerson {
        let place = json::text(&(request.id, &shown, value));
        let token = self.store.vault().index_text("person", &place);
        let is_seen = seen.contains(&Spot::Person { token: token.clone() });
        OfPerson { token, is_hidden: masked != value, masked, full: is_seen.then(|| Personal::new(value)), shown }
    }

    async fn found(&self, identifiers: &[Identifier]) -> Found {
        let (mut found, mut at) = (Found::default(), NamesAt::default());
        for part in gather::gather(&self.sources, &self.map, identifiers, &[]).await {
            let Ok(tables) = part.found else {
                found.missing.push(part.source);
                continue;
            };
            for rows in tables {
                let Some(table) = self.map.table(&rows.table) else { continue };
                rows.rows.iter().for_each(|row| at.read(identifiers, table, &rows.role, row));
                for name in names(table, rows) {
                    found.called(name, &table.words);
                }
            }
        }
        found.several_names = at.several();
        found
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

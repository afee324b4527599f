//! Correction (PIPL art. 46): at once where the map allows it, else compared by an officer.

use std::collections::BTreeMap;

use domain::{
    Identifier, Lang, Personal, Words,
    actor::Actor,
    file::{File, FiledAs},
    formats::{self, Malformed},
    ids::ChallengeId,
    json,
    look::Spot,
    map::{Column, Correctable, Extent, Field, RoleName, Table, TableName},
    mask::mask,
    permit::{Decide, Own},
    plan::{Item, KeysDigest, Outcome, Plan},
    request::{Audience, RequestKind, Requester, Stage},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sources::Key;
use store::requests::Request;

use super::{
    Followed,
    file::{Filing, Told},
};
use crate::{
    Portal, ServiceError,
    also_known::{found_by, said},
    mine::{Record, Value},
    sign_in::WrongCode,
};

/// One value of one row, before it is changed.
#[derive(Debug)]
pub struct CorrectionForm {
    pub record: Record,
    pub column: Column,
    /// What may stand there and what it means, where the map lists it.
    pub choices: BTreeMap<String, Words>,
    pub files: Attach,
}

/// Where files are chosen: a page cannot hand them on to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attach {
    /// With the new value.
    WithValue,
    /// On the page that asks for the code, which comes after a value that somebody is found by.
    WithCode,
    /// Nobody looks at what is done at once.
    Nowhere,
}

impl CorrectionForm {
    pub fn value(&self) -> Option<&Value> {
        self.record.values.iter().find(|value| value.column == self.column)
    }
}

/// Why a typed value was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    Value(Malformed),
    Same,
    /// Another value was given for the same place.
    TwoValues,
    EvidenceMissing,
    EvidenceTooLong {
        most: usize,
    },
}

#[derive(Debug)]
pub enum Corrected {
    /// Filed; at once carried out where the map allows it.
    Filed(Request),
    /// Everything that is wrong with it.
    Refused(Vec<Refused>),
    /// They are found by it, and have not shown yet that it is theirs.
    Unproven(Identifier),
    WrongCode(WrongCode),
}

/// What somebody wants to stand there, and why.
pub struct Correcting<'a> {
    pub after: &'a Personal,
    pub evidence: Option<&'a Personal>,
    /// What goes with it to the officer who looks at it.
    pub files: &'a [File],
    /// Of a number or an address they are found by: that it is theirs.
    pub proof: Proof<'a>,
}

/// What shows that a new number or address is theirs.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    None,
    /// A code that was sent there.
    Code {
        challenge: ChallengeId,
        code: &'a Personal,
        network: &'a str,
    },
    /// A program of the company's answers for it, which had them prove it then.
    Program {
        at: Timestamp,
    },
}

/// What is asked, as it is sealed with the request.
#[derive(Serialize, Deserialize)]
pub struct CorrectionDetails {
    pub table: TableName,
    pub role: RoleName,
    pub key: Vec<String>,
    pub column: Column,
    pub before: Option<String>,
    pub after: String,
    pub evidence: Option<String>,
    /// Since when it is shown that a new number or address is theirs.
    #[serde(default)]
    pub proven: Option<Timestamp>,
}

impl CorrectionDetails {
    /// Whoever's it is: what stands there is one value.
    pub(super) fn is_of_same_place(&self, other: &Self) -> bool {
        self.table == other.table && self.key == other.key && self.column == other.column
    }
}

impl std::fmt::Debug for CorrectionDetails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CorrectionDetails({}.{})", self.table, self.column)
    }
}

/// One value before and after, as far as whoever reads it may see.
#[derive(Clone, Debug)]
pub struct Change {
    /// Names it in a form.
    pub token: String,
    pub table: TableName,
    pub column: Column,
    pub record: Words,
    pub field: Words,
    pub before: Words,
    pub after: Words,
    pub differs: Differs,
    /// Something of it stands masked.
    pub is_hidden: bool,
    /// Since when it is shown that a new number or address is theirs.
    pub proven: Option<Timestamp>,
}

/// Where what is to stand there differs from what does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    InSight,
    /// Both look the same masked.
    Masked,
}

const LONGEST_EVIDENCE: usize = 1000;

impl Portal {
    /// The value a correction form is about, if it is the person's and may be corrected.
    pub async fn correction_form(
        &self,
        permit: &Own,
        token: &str,
        column: &str,
    ) -> Result<CorrectionForm, ServiceError> {
        let held = self.mine(permit).await?;
        let record = held.records.into_iter().find(|record| record.token == token).ok_or(ServiceError::NotFound)?;
        let column = Column(column.to_owned());
        let field = self.map.table(&record.table).and_then(|table| table.field(&column));
        let choices = field.map(|field| field.values.clone()).unwrap_or_default();
        let value = record.values.iter().find(|value| value.column == column).ok_or(ServiceError::NotFound)?;
        let files = match value.correctable {
            Correctable::Now => Attach::Nowhere,
            Correctable::Review if self.asks_for_code(permit, &record, value) => Attach::WithCode,
            Correctable::Review => Attach::WithValue,
            Correctable::No => return Err(ServiceError::NotFound),
        };
        Ok(CorrectionForm { record, column, choices, files })
    }

    /// Whether whatever they may type there is new to us. What they have proven already is asked for no code.
    fn asks_for_code(&self, permit: &Own, record: &Record, value: &Value) -> bool {
        let Some(table) = self.map.table(&record.table) else { return false };
        let (Some(by), Some(field)) = (found_by(table, &record.role, &value.column), table.field(&value.column)) else {
            return false;
        };
        let mut proven = permit.proven().iter().filter(|proven| proven.kind() == by);
        proven.all(|proven| masked(field, proven.reveal()) == value.masked)
    }

    pub async fn file_correction(
        &self,
        permit: &Own,
        actor: &Actor,
        form: &CorrectionForm,
        asked: &Correcting<'_>,
        lang: Lang,
    ) -> Result<Corrected, ServiceError> {
        let value = form.value().ok_or(ServiceError::NotFound)?;
        let table = self.map.table(&form.record.table).ok_or(ServiceError::NotFound)?;
        let field = table.field(&form.column).ok_or(ServiceError::NotFound)?;
        let before = self.value_now(permit, table, form).await?;
        let at_once = value.correctable == Correctable::Now;
        let after = wanted(field, before.as_ref(), asked.after);
        let evidence = because(asked.evidence, value.correctable);
        let (after, evidence) = match (after, evidence) {
            (Ok(after), Ok(evidence)) => (after, evidence),
            (after, evidence) => {
                return Ok(Corrected::Refused(after.err().into_iter().chain(evidence.err()).collect()));
            }
        };
        let proven = match self.shown_to_be_theirs(permit, (table, form), &after, asked.proof).await? {
            Ok(proven) => proven,
            Err(not) => return Ok(not),
        };
        let details = CorrectionDetails {
            table: table.name.clone(),
            role: form.record.role.clone(),
            key: form.record.key().0.clone(),
            column: form.column.clone(),
            before: before.map(|before| before.reveal().to_owned()),
            after,
            evidence,
            proven,
        };
        let plan = self.plan_correction(&details);
        let sealed = json::bytes(&details);
        let tx = self.store.begin().await?;
        let told = if at_once { Told::WhenDone } else { Told::OnReceipt };
        let filing = Filing {
            kind: RequestKind::Correct,
            lang,
            details: Some(&sealed),
            extent: &Extent::Everything,
            plan: Some(&plan),
            told,
        };
        let mut request = self.file(&tx, permit, actor, &filing).await?;
        if at_once {
            request = self.approve_by_rule(&tx, permit, request, plan.digest()).await?;
        } else {
            for file in asked.files {
                self.keep_file(&tx, &request, FiledAs::Message(Audience::Everyone), file, actor).await?;
            }
        }
        tx.commit().await?;
        Ok(Corrected::Filed(request))
    }

    /// Since when it is shown that a number or an address somebody is found by from now on is theirs; nothing, where it
    /// leads to nobody.
    async fn shown_to_be_theirs(
        &self,
        permit: &Own,
        (table, form): (&Table, &CorrectionForm),
        after: &str,
        proof: Proof<'_>,
    ) -> Result<Result<Option<Timestamp>, Corrected>, ServiceError> {
        let value = Personal::new(after);
        let values = [(&form.column, &value)];
        let Some(new) = said(table, &form.record.role, values.into_iter()).next() else { return Ok(Ok(None)) };
        if permit.proven().contains(&new) {
            return Ok(Ok(Some(self.clock.now())));
        }
        Ok(match proof {
            Proof::None => Err(Corrected::Unproven(new)),
            Proof::Program { at } => Ok(Some(at)),
            Proof::Code { challenge, code, network } => match self.check_new(&new, (challenge, code), network).await? {
                Ok(()) => Ok(Some(self.clock.now())),
                Err(wrong) => Err(Corrected::WrongCode(wrong)),
            },
        })
    }

    fn plan_correction(&self, details: &CorrectionDetails) -> Plan {
        self.plan_items(vec![item(details, KeysDigest::of([details.key.as_slice()]))])
    }

    /// What an officer has worked out. Whoever approves it has read these values: with others it is another plan.
    pub(super) fn plan_worked_out(&self, corrections: &[CorrectionDetails]) -> Plan {
        let vault = self.store.vault();
        let one = |details: &CorrectionDetails| {
            let value = [vault.index_text("worked out", &details.after)];
            item(details, KeysDigest::of([details.key.as_slice(), value.as_slice()]))
        };
        self.plan_items(corrections.iter().map(one).collect())
    }

    fn plan_items(&self, items: Vec<Item>) -> Plan {
        Plan { map: self.map.hash.clone(), as_of: self.clock.today(), items, shared: Vec::new() }
    }

    async fn value_now(
        &self,
        permit: &Own,
        table: &Table,
        form: &CorrectionForm,
    ) -> Result<Option<Personal>, ServiceError> {
        let row = self.row_now(permit.proven(), table, &form.record.role, form.record.key()).await?;
        let row = row.ok_or(ServiceError::NotFound)?;
        Ok(row.values.into_iter().find(|(column, _)| *column == form.column).and_then(|(_, value)| value))
    }

    pub(crate) async fn row_now(
        &self,
        subject: &[Identifier],
        table: &Table,
        role: &RoleName,
        key: &Key,
    ) -> Result<Option<sources::gather::Row>, ServiceError> {
        let person = sources::reach::person(&self.sources, &self.map, subject).await?;
        Ok(sources::gather::one(&self.sources, &self.map, &person, table, role, key).await?)
    }

    /// Before and after as staff see them first.
    pub fn changes_masked(&self, corrections: &[CorrectionDetails]) -> Vec<Change> {
        corrections.iter().filter_map(|details| self.masked_change(details)).collect()
    }

    /// Before and after as an officer works with them: masked, but for what they have had shown on this visit. Nobody can
    /// check a correction between two masks; each look is entered in the audit log when it is shown.
    pub async fn changes_shown(
        &self,
        permit: &Decide,
        actor: &Actor,
        followed: &Followed,
    ) -> Result<Vec<Change>, ServiceError> {
        let seen = self.seen_on_visit(permit, actor, &followed.request).await?;
        let change = |details: &CorrectionDetails| {
            let is_seen = seen.contains(&Spot::Change { token: self.change_token(details) });
            if is_seen { self.whole_change(details) } else { self.masked_change(details) }
        };
        Ok(followed.corrections.iter().filter_map(change).collect())
    }

    /// Before and after as an officer or the person sees them: masked like the field.
    fn masked_change(&self, details: &CorrectionDetails) -> Option<Change> {
        self.change(details, masked, masked)
    }

    /// As the person sees it. What they have typed themselves they read in full as long as their code is fresh, and what
    /// stood there never: their own page shows that.
    pub fn own_changes(&self, actor: &Actor, followed: &Followed) -> Vec<Change> {
        let typed_it = followed.request.requester == Requester::Subject && actor.own_fresh().is_ok();
        let undecided = matches!(followed.request.stage, Stage::Received { .. } | Stage::Asked { .. });
        // The old number may be somebody else's one day: once it is decided, they must not read the new one here.
        let shown = |details: &CorrectionDetails| typed_it && (undecided || !self.is_found_by(details));
        let change = |details| self.change(details, masked, if shown(details) { in_full } else { masked });
        followed.corrections.iter().filter_map(change).collect()
    }

    fn is_found_by(&self, details: &CorrectionDetails) -> bool {
        let table = self.map.table(&details.table);
        table.is_some_and(|table| found_by(table, &details.role, &details.column).is_some())
    }

    /// Likewise in full, for whoever may see it.
    pub(super) fn whole_change(&self, details: &CorrectionDetails) -> Option<Change> {
        self.change(details, in_full, in_full)
    }

    fn change(&self, details: &CorrectionDetails, show_before: Show, show_after: Show) -> Option<Change> {
        let table = self.map.table(&details.table)?;
        let field = table.field(&details.column)?;
        let words = |show: Show, stored: &str| {
            field.means(stored).cloned().unwrap_or_else(|| Words::same(&show(field, stored)))
        };
        let stood = details.before.as_deref().unwrap_or_default();
        let (before, after) = (words(show_before, stood), words(show_after, &details.after));
        let whole = (words(in_full, stood), words(in_full, &details.after));
        let hidden = before == after && stood != details.after;
        Some(Change {
            token: self.change_token(details),
            table: table.name.clone(),
            column: field.column.clone(),
            record: table.words.clone(),
            field: field.words.clone(),
            is_hidden: (&before, &after) != (&whole.0, &whole.1),
            before,
            after,
            differs: if hidden { Differs::Masked } else { Differs::InSight },
            proven: details.proven,
        })
    }
}

/// How much of a value is shown.
type Show = fn(&Field, &str) -> String;

fn masked(field: &Field, text: &str) -> String {
    if text.is_empty() { String::new() } else { mask(field.kind, field.mask, text) }
}

fn in_full(_: &Field, text: &str) -> String {
    text.to_owned()
}

fn item(details: &CorrectionDetails, keys: KeysDigest) -> Item {
    Item {
        table: details.table.clone(),
        roles: vec![details.role.clone()],
        outcome: Outcome::Corrected { column: details.column.clone() },
        rows: 1,
        keys,
    }
}

/// What is to stand there, where it may and does not yet.
fn wanted(field: &Field, before: Option<&Personal>, after: &Personal) -> Result<String, Refused> {
    let after = formats::accept_in(field, after.reveal()).map_err(Refused::Value)?;
    if before.is_some_and(|before| before.reveal() == after) { Err(Refused::Same) } else { Ok(after) }
}

/// What shows that it is wrong, for the officer who looks at it.
fn because(evidence: Option<&Personal>, correctable: Correctable) -> Result<Option<String>, Refused> {
    match evidence.map(|text| text.reveal().trim()).filter(|text| !text.is_empty()) {
        None if correctable == Correctable::Review => Err(Refused::EvidenceMissing),
        Some(text) if text.chars().count() > LONGEST_EVIDENCE => {
            Err(Refused::EvidenceTooLong { most: LONGEST_EVIDENCE })
        }
        text => Ok(text.map(str::to_owned)),
    }
}

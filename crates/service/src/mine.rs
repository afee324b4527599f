//! Everything held about a person, as they see it.

use std::collections::BTreeSet;

use domain::{
    IdentifierKind, Personal, Words,
    actor::Actor,
    audit::Action,
    json,
    map::{
        Column, Correctable, DataMap, Disposal, Field, Kind, Meanwhile, RoleName, Sensitivity, Shared, SourceName,
        Table, TableName,
    },
    mask::mask,
    period::Period,
    permit::{Own, OwnFresh},
    request::Stage,
    said::{Got, Noted, Said},
};
use jiff::civil::Date;
use sources::{
    Key,
    gather::{self, Reach, Row},
};
use store::Vault;

pub use crate::left_behind::LeftBehind;
use crate::{
    Portal, ServiceError,
    also_known::NamesAt,
    requests::{OpenOn, open_on},
};

/// What is held, and what could not be looked at.
#[derive(Debug)]
pub struct Held {
    pub records: Vec<Record>,
    /// Sources that did not answer: shown as missing, never silently left out.
    pub missing: Vec<SourceName>,
    /// A table of which more rows exist than are shown.
    pub cut: Vec<TableName>,
    /// Tables in which a proven identifier stands in several people's rows, so that it leads to none.
    pub shared: Vec<(TableName, IdentifierKind)>,
    /// What was proven at which records carry different names: some may be of somebody else who had it before.
    pub several_names: Vec<IdentifierKind>,
    /// An erasure of this person's data is under way; what is shown may be half of it.
    pub erasing: bool,
    /// What erasures of this person had to leave, which is no longer linked to what was proven here.
    pub left_behind: Vec<LeftBehind>,
    /// What they have said about consents, the last first.
    pub said: Vec<Said>,
}

impl Held {
    /// Whether something of theirs is held for it, as far as could be looked at.
    pub fn is_used_for(&self, purpose: &str) -> bool {
        let unknown = !self.missing.is_empty() || !self.shared.is_empty() || self.erasing;
        unknown || self.records.iter().any(|record| record.purposes.iter().any(|of| of == purpose))
    }

    /// Whether closing an account is held out to them: not where everything was looked at and none was found.
    pub fn offers_closing(&self, map: &DataMap) -> bool {
        let Some(of) = &map.account.of else { return true };
        let account = |record: &Record| record.table == of.table && record.role == of.role;
        !self.missing.is_empty() || !self.shared.is_empty() || self.records.iter().any(account)
    }

    /// What is empty is offered where something that hangs on it is not, or may not be: it would go along.
    fn offer_what_does_something(&mut self, map: &DataMap) {
        let full = self.records.iter().filter(|record| record.reach == Reach::Something);
        let mut full: BTreeSet<TableName> = full.map(|record| record.table.clone()).collect();
        full.extend(self.cut.iter().cloned());
        let missing = |table: &&Table| self.missing.contains(&table.name.source);
        full.extend(map.tables.iter().filter(missing).map(|table| table.name.clone()));
        for record in self.records.iter_mut().filter(|record| record.reach == Reach::Nothing) {
            let mut along = map.with_what_hangs_on(&BTreeSet::from([record.table.clone()]));
            along.remove(&record.table);
            if !along.is_disjoint(&full) {
                record.reach = Reach::Something;
            }
        }
    }
}

/// One row, one person's side of it.
#[derive(Debug)]
pub struct Record {
    pub table: TableName,
    pub role: RoleName,
    pub table_words: Words,
    pub role_words: Words,
    pub purposes: Vec<String>,
    pub recipients: Vec<String>,
    /// When each recipient last got this row, where a column tells.
    pub given: Vec<(String, Option<Date>)>,
    pub values: Vec<Value>,
    pub until: Until,
    /// Names the row in a form without telling its key.
    pub token: String,
    /// What a deletion would do to it, now or once a law lets it, where it can be of it alone.
    pub(crate) reach: Reach,
    /// Deletions and corrections of it that are open.
    pub open: Vec<OpenOn>,
    key: Key,
}

#[derive(Debug)]
pub struct Value {
    pub column: Column,
    pub words: Words,
    pub kind: Kind,
    pub sensitivity: Sensitivity,
    pub correctable: Correctable,
    pub masked: String,
    /// In full, only for someone who entered a code within ten minutes.
    pub full: Option<Personal>,
    pub is_empty: bool,
    /// Masked, less is shown than stands there.
    pub is_hidden: bool,
    /// What it means, where the map says so.
    pub means: Option<Words>,
}

/// The hero of the product: the day a record goes, and what happens then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Until {
    On {
        date: Date,
        then: Disposal,
    },
    /// Past its period since `date`; many such rows at once wait until somebody has looked.
    Waits {
        date: Date,
    },
    /// The period has not begun.
    After {
        starts: Words,
        keep: Period,
        then: Disposal,
    },
    /// A legal hold protects it: whatever its period, it stays until that is lifted, and nobody knows the day.
    Held,
}

/// How much of a value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    Masked,
    Full,
}

impl Portal {
    pub async fn mine(&self, permit: &Own) -> Result<Held, ServiceError> {
        self.held(permit, Show::Masked).await
    }

    /// With values in full. Written into the audit log.
    pub async fn mine_revealed(&self, permit: &OwnFresh, actor: &Actor) -> Result<Held, ServiceError> {
        let held = self.held(permit.own(), Show::Full).await?;
        let tx = self.store.begin().await?;
        let detail = serde_json::json!({ "records": held.records.len() });
        self.own_look(&tx, (actor, permit.own()), Action::CustomerRevealed, detail).await?;
        tx.commit().await?;
        Ok(held)
    }

    pub(crate) async fn held(&self, permit: &Own, show: Show) -> Result<Held, ServiceError> {
        let open = self.store.open_about(permit).await?;
        let erasing =
            open.iter().any(|request| request.kind.erases() && matches!(request.stage, Stage::Running { .. }));
        let mut held = Held {
            records: Vec::new(),
            missing: Vec::new(),
            cut: Vec::new(),
            shared: Vec::new(),
            several_names: Vec::new(),
            erasing,
            left_behind: Vec::new(),
            said: Vec::new(),
        };
        let (held_up, said) = (self.held_up().await?, self.store.consents(permit).await?);
        let as_seen = AsSeen { show, today: self.clock.today(), held_up, said };
        let holds = self.known_holds().await?;
        let gathering = gather::gather(&self.sources, &self.map, permit.proven(), &holds);
        let (parts, left_behind) = futures::join!(gathering, self.left_behind(permit));
        held.left_behind = left_behind?;
        let mut names = NamesAt::default();
        for part in parts {
            held.shared.extend(part.shared);
            let Ok(found) = part.found else {
                held.missing.push(part.source);
                continue;
            };
            for rows in found {
                let Some(table) = self.map.table(&rows.table) else { continue };
                if rows.more {
                    held.cut.push(rows.table.clone());
                }
                rows.rows.iter().for_each(|row| names.read(permit.proven(), table, &rows.role, row));
                let records = rows.rows.into_iter().filter_map(|row| record(self, table, &rows.role, row, &as_seen));
                held.records.extend(records);
            }
        }
        held.several_names = names.several();
        held.said = as_seen.said;
        held.offer_what_does_something(&self.map);
        let open = self.open_on_records(&open).await?;
        for record in &mut held.records {
            record.open = open_on(&open, record);
        }
        Ok(held)
    }
}

/// What a person is shown of a record, and when.
#[derive(Debug)]
pub(crate) struct AsSeen {
    pub(crate) show: Show,
    pub(crate) today: Date,
    /// Tables of which what is past its period does not go tonight.
    pub(crate) held_up: BTreeSet<TableName>,
    /// About consents.
    pub(crate) said: Vec<Said>,
}

pub(crate) fn record(portal: &Portal, table: &Table, role: &RoleName, row: Row, as_seen: &AsSeen) -> Option<Record> {
    let role_words = table.role(role)?.words.clone();
    let reach = reach(table, &row, as_seen.today);
    let given = row.given;
    let values = row.values.into_iter().filter_map(|(column, value)| {
        let field = table.field(&column)?;
        Some(self::value(field, value, as_seen.show))
    });
    Some(Record {
        table: table.name.clone(),
        role: role.clone(),
        table_words: table.words.clone(),
        role_words,
        purposes: table.purposes.clone(),
        recipients: recipients(portal, table, &given, as_seen),
        given,
        values: values.collect(),
        until: if row.on_hold { Until::Held } else { until(table, row.from, as_seen) },
        token: token(portal.store.vault(), &table.name, role, &row.key),
        reach,
        open: Vec::new(),
        key: row.key,
    })
}

/// Who gets the row, or did by its own columns.
fn recipients(portal: &Portal, table: &Table, given: &[(String, Option<Date>)], as_seen: &AsSeen) -> Vec<String> {
    let is_noted = |to: &str| given.iter().any(|(of, at)| of == to && at.is_some());
    let gets = |shared: &&Shared| {
        let noted = if is_noted(&shared.to) { Noted::InRow } else { Noted::Nowhere };
        portal.map.got(&as_seen.said, table, shared, noted) != Got::Never
    };
    table.recipients.iter().filter(gets).map(|shared| shared.to.clone()).collect()
}

fn value(field: &Field, value: Option<Personal>, show: Show) -> Value {
    let text = value.as_ref().map_or("", Personal::reveal);
    let masked = if text.is_empty() { String::new() } else { mask(field.kind, field.mask, text) };
    let means = field.means(text).cloned();
    Value {
        column: field.column.clone(),
        words: field.words.clone(),
        kind: field.kind,
        sensitivity: field.sensitivity,
        correctable: field.correctable,
        is_empty: text.is_empty(),
        is_hidden: means.is_none() && masked != text && field.kind != Kind::Secret,
        masked,
        means,
        full: value.filter(|_| show == Show::Full),
    }
}

fn until(table: &Table, from: Option<Date>, as_seen: &AsSeen) -> Until {
    let retention = &table.retention;
    match from.map(|from| retention.effective().after(from)) {
        Some(date) if date <= as_seen.today && as_seen.held_up.contains(&table.name) => Until::Waits { date },
        Some(date) => Until::On { date, then: retention.then },
        None => rule(table),
    }
}

/// How long a table's records are kept, whenever that begins.
pub fn rule(table: &Table) -> Until {
    let retention = &table.retention;
    Until::After { starts: retention.starts.clone(), keep: retention.effective(), then: retention.then }
}

fn token(vault: &Vault, table: &TableName, role: &RoleName, key: &Key) -> String {
    let parts = json::text(&(table, role, &key.0));
    vault.index_text("row", &parts)
}

/// Once such a row was emptied and locked away it waits for its day by itself.
fn reach(table: &Table, row: &Row, today: Date) -> Reach {
    let retention = &table.retention;
    let floor_ends = row.from.map(|from| retention.effective_floor().after(from));
    let waits = retention.meanwhile == Meanwhile::Locked && floor_ends.is_none_or(|ends| ends > today);
    match row.reach {
        Reach::EmptyRow if waits => Reach::Nothing,
        Reach::EmptyRow => Reach::Something,
        reach @ (Reach::Never | Reach::Nothing | Reach::Something) => reach,
    }
}

impl Record {
    /// A deletion of it alone would do something.
    pub fn is_in_reach(&self) -> bool {
        self.reach == Reach::Something
    }

    /// A deletion can be of it alone, be there anything left to do or not.
    pub(crate) fn can_be_named(&self) -> bool {
        self.reach != Reach::Never
    }

    pub(crate) const fn key(&self) -> &Key {
        &self.key
    }
}

/// The records of one purpose, for a page that is grouped by why.
pub fn by_purpose<'a>(map: &'a DataMap, records: &'a [Record]) -> Vec<(&'a str, Vec<&'a Record>)> {
    map.purposes
        .keys()
        .map(|id| {
            let of = |record: &&Record| record.purposes.first() == Some(id);
            (id.as_str(), records.iter().filter(of).collect::<Vec<_>>())
        })
        .filter(|(_, records)| !records.is_empty())
        .collect()
}

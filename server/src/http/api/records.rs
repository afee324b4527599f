//! What is held about somebody, as it is answered.

use domain::{
    Lang,
    map::{Correctable, DataMap, TableName},
};
use jiff::civil::Date;
use serde::Serialize;
use service::mine::{Held, Until, Value};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(super) struct ValueView {
    column: String,
    name: String,
    /// Masked, or in full where that was asked for.
    value: String,
    /// What it means, where the map says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    means: Option<String>,
    /// `no`, `review` or `now`.
    correctable: String,
    /// Where it may be corrected and the data map lists what may stand there: those, and nothing else is taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<ChoiceView>,
}

/// A value that may stand somewhere.
#[derive(Serialize, ToSchema)]
pub(super) struct ChoiceView {
    value: String,
    means: String,
}

/// One row, this person's side of it.
#[derive(Serialize, ToSchema)]
pub(super) struct RecordView {
    /// Names the row when one of its values is corrected, or when it alone is deleted.
    token: String,
    /// A deletion can be of it alone.
    deletable: bool,
    table: String,
    role: String,
    name: String,
    purposes: Vec<String>,
    recipients: Vec<String>,
    /// The day it goes; absent while its period has not begun, and while a legal hold protects it.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// A legal hold protects it: it stays until that is lifted.
    on_hold: bool,
    values: Vec<ValueView>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct RecordsView {
    records: Vec<RecordView>,
    /// Databases that did not answer.
    missing: Vec<String>,
    /// Tables of which there is more than is shown.
    cut: Vec<String>,
    /// An erasure is under way: this may be half of it.
    erasing: bool,
}

impl RecordsView {
    pub(super) fn of(held: &Held, map: &DataMap, lang: Lang) -> Self {
        let value = |table: &TableName, value: &Value| ValueView {
            choices: choices(map, table, value, lang),
            column: value.column.to_string(),
            name: value.words.in_lang(lang).to_owned(),
            value: value.full.as_ref().map_or_else(|| value.masked.clone(), |full| full.reveal().to_owned()),
            means: value.means.as_ref().map(|means| means.in_lang(lang).to_owned()),
            correctable: match value.correctable {
                Correctable::No => "no",
                Correctable::Review => "review",
                Correctable::Now => "now",
            }
            .to_owned(),
        };
        let record = |record: &service::mine::Record| RecordView {
            token: record.token.clone(),
            deletable: record.is_in_reach(),
            table: record.table.to_string(),
            role: record.role.to_string(),
            name: record.table_words.in_lang(lang).to_owned(),
            purposes: record.purposes.clone(),
            recipients: record.recipients.clone(),
            until: match &record.until {
                Until::On { date, .. } | Until::Waits { date } => Some(*date),
                Until::After { .. } | Until::Held => None,
            },
            on_hold: record.until == Until::Held,
            values: record.values.iter().map(|one| value(&record.table, one)).collect(),
        };
        Self {
            records: held.records.iter().map(record).collect(),
            missing: held.missing.iter().map(ToString::to_string).collect(),
            cut: held.cut.iter().map(ToString::to_string).collect(),
            erasing: held.erasing,
        }
    }
}

fn choices(map: &DataMap, table: &TableName, value: &Value, lang: Lang) -> Vec<ChoiceView> {
    let field = map.table(table).and_then(|table| table.field(&value.column));
    let may_be = match value.correctable {
        Correctable::Now | Correctable::Review => field.map(|field| &field.values),
        Correctable::No => None,
    };
    let choice = |(value, means): (&String, &domain::Words)| ChoiceView {
        value: value.clone(),
        means: means.in_lang(lang).to_owned(),
    };
    may_be.into_iter().flatten().map(choice).collect()
}

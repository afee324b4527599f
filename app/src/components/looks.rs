//! Who looked at somebody's data, at what, and why: in plain words.

use domain::{
    Words,
    actor::StaffRole,
    look::{Because, Looker, Seen, Shown},
    map::{Column, DataMap, Kind, TableName},
    request::Side,
};
use service::store::looks::Look;

use crate::text::{Text, named};

/// In one sentence.
pub fn look_line(t: Text, map: &DataMap, look: &Look) -> String {
    let parts = named::LooksLine { who: who(t, map, &look.who), seen: seen(t, map, look), why: why(t, map, look) };
    t.looks_line(parts)
}

fn who(t: Text, map: &DataMap, who: &Looker) -> String {
    match who {
        Looker::Staff(Some(StaffRole::Officer)) => t.looks_officer().to_owned(),
        Looker::Staff(Some(StaffRole::Auditor)) => t.looks_auditor().to_owned(),
        Looker::Staff(Some(StaffRole::SecurityAdmin | StaffRole::SystemAdmin) | None) => t.looks_staff().to_owned(),
        Looker::Program(Some(name)) => t.looks_program(name),
        Looker::Program(None) => t.looks_program_gone().to_owned(),
        Looker::Recipient(id) => t.looks_recipient(map.recipient_name(id, t.lang())),
        Looker::Owner(source) => t.looks_owner(map.source_name(source, t.lang())),
    }
}

fn seen(t: Text, map: &DataMap, look: &Look) -> String {
    match &look.seen {
        Seen::Masked => t.looks_masked().to_owned(),
        Seen::InFull(shown) if shown.is_empty() => t.looks_full().to_owned(),
        Seen::InFull(shown) => {
            let fields: Vec<String> = shown.iter().map(|shown| look_field(t, map, shown)).collect();
            t.looks_fields(fields.join(t.record_comma()))
        }
        Seen::File => t.looks_file().to_owned(),
        Seen::Unlocked => t.looks_unlocked().to_owned(),
        Seen::Searched => t.looks_searched().to_owned(),
        Seen::Records => t.looks_records().to_owned(),
    }
}

/// What a value is called that was seen.
pub fn look_field(t: Text, map: &DataMap, shown: &Shown) -> String {
    match shown {
        Shown::Value { table, column } => {
            let (record, name) = place(t, map, table, column);
            t.looks_value(named::LooksValue { name, record })
        }
        Shown::Change { table, column } => {
            let (record, name) = place(t, map, table, column);
            t.looks_change(named::LooksChange { name, record })
        }
        Shown::Contact { of, by } => of_side(t, *of, &Kind::from(*by).words()),
        Shown::Name { of } => of_side(t, *of, &Kind::Name.words()),
        Shown::FoundBy { what } => what.words().in_lang(t.lang()).to_owned(),
    }
}

/// A field that has left the map since is called as it was there.
fn place(t: Text, map: &DataMap, table: &TableName, column: &Column) -> (String, String) {
    let field = map.table(table).and_then(|table| table.field(column));
    let name = field.map_or(column.as_str(), |field| field.words.in_lang(t.lang())).to_owned();
    (map.table_words(table, t.lang()), name)
}

fn of_side(t: Text, of: Side, name: &Words) -> String {
    let name = name.in_lang(t.lang());
    match of {
        Side::Asker => t.looks_of_asker(name),
        Side::Subject => name.to_owned(),
    }
}

fn why(t: Text, map: &DataMap, look: &Look) -> String {
    match (&look.because, &look.who) {
        (Because::Ready(reason), _) => reason.words().in_lang(t.lang()).to_owned(),
        (Because::Words(Some(words)), _) => words.reveal().to_owned(),
        (Because::Words(None), _) => t.looks_why_forgotten().to_owned(),
        (Because::ToTell(id), _) => t.looks_why_to_tell(map.recipient_name(id, t.lang())),
        (Because::Work, Looker::Recipient(_)) => t.looks_why_recipient().to_owned(),
        (Because::Work, Looker::Owner(_)) => t.looks_why_owner().to_owned(),
        (Because::Work, Looker::Staff(Some(StaffRole::Auditor))) => t.looks_why_audit().to_owned(),
        (Because::Work, Looker::Staff(_) | Looker::Program(_)) => match look.seen {
            Seen::Records => t.looks_why_records().to_owned(),
            Seen::Unlocked => t.looks_why_unlocked().to_owned(),
            Seen::Masked | Seen::InFull(_) | Seen::File | Seen::Searched => t.looks_why_work().to_owned(),
        },
    }
}

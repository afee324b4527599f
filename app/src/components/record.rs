//! A record: what it is, its values, and one thin line – why, to whom, until when.

use domain::{
    Words,
    map::{Column, Correctable, DataMap, Disposal, Sensitivity},
    personal::Personal,
};
use jiff::civil::Date;
use leptos::prelude::*;
use service::{
    mine::{Record, Until, Value},
    requests::ChosenRecord,
};

use super::numbered;
use crate::{
    format, paths, policy,
    text::{Text, named},
};

/// Where a record is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// On the page, with ways to correct it. As of this day.
    Here(Date),
    /// In a copy, far from here, on another day.
    Away,
}

pub fn record_card(t: Text, map: &DataMap, record: &Record, today: Date) -> AnyView {
    card(t, map, record, Shown::Here(today))
}

/// The same in a file of the person's own.
pub fn record_copy(t: Text, map: &DataMap, record: &Record) -> AnyView {
    card(t, map, record, Shown::Away)
}

/// What stands beside the values of a record, in each shape it is read in.
pub struct Beside {
    pub why: Vec<String>,
    pub basis: Vec<&'static str>,
    /// By the rule of the table, as far as this person agreed: whether this very row was given to them is not known.
    pub whom: Vec<String>,
    pub until: String,
}

/// As of this day; in a copy, which is read on another, of none.
pub fn beside(t: Text, map: &DataMap, record: &Record, today: Option<Date>) -> Beside {
    let lang = t.lang();
    let recipients = record.recipients.iter().filter_map(|id| map.recipients.get(id));
    Beside {
        why: record.purposes.iter().map(|id| map.purpose_name(id, lang)).collect(),
        basis: policy::bases(t, map, &record.purposes),
        whom: recipients.map(|recipient| recipient.name.in_lang(lang).to_owned()).collect(),
        until: until(t, &record.until, today),
    }
}

fn card(t: Text, map: &DataMap, record: &Record, shown: Shown) -> AnyView {
    let lang = t.lang();
    let today = match shown {
        Shown::Here(today) => Some(today),
        Shown::Away => None,
    };
    let Beside { why, basis, whom, until } = beside(t, map, record, today);
    let shared =
        if whom.is_empty() { t.record_whom_nobody().to_owned() } else { t.record_whom(whom.join(t.record_comma())) };
    // On the page it stands with the purpose: /mine/lists, /policy.
    let basis = (shown == Shown::Away).then(|| {
        let basis = basis.join(t.record_comma());
        view! { <span>{t.summary_basis()}{t.policy_colon()}{basis}</span> }
    });
    let values: Vec<_> = record.values.iter().map(|value| value_row(t, value, &record.token, shown)).collect();
    view! {
        <article class="card">
            <h3>{record.table_words.in_lang(lang).to_owned()} <span class="role">{record.role_words.in_lang(lang).to_owned()}</span></h3>
            <dl>{values}</dl>
            <p class="until">{until}</p>
            <p class="why">
                <span>{t.record_why(why.join(t.record_comma()))}</span>
                {basis}
                <span>{shared}</span>
            </p>
            {open_on(t, record, shown)}
            {delete(t, record, shown)}
        </article>
    }
    .into_any()
}

/// What has been asked about it already.
fn open_on(t: Text, record: &Record, at: Shown) -> Option<AnyView> {
    match at {
        Shown::Here(_) if !record.open.is_empty() => {
            let links = record.open.iter().map(|open| {
                let words = format!("{} {}", open.kind.name(t.lang()), open.number);
                view! { <li><a href=paths::request(&open.number)>{numbered(words)}</a></li> }
            });
            Some(view! { <p>{t.record_under_way()}</p> <ul>{links.collect_view()}</ul> }.into_any())
        }
        Shown::Here(_) | Shown::Away => None,
    }
}

/// Only where a deletion can be of this record alone, and does something to it.
fn delete(t: Text, record: &Record, at: Shown) -> Option<AnyView> {
    match at {
        Shown::Here(_) if record.is_in_reach() => {
            let label = t.record_delete_what(record.table_words.in_lang(t.lang()));
            let href = paths::delete_record(&record.token);
            Some(view! { <p><a class="correct" href=href aria-label=label>{t.record_delete()}</a></p> }.into_any())
        }
        Shown::Here(_) | Shown::Away => None,
    }
}

/// Which record is to go, as it was shown when it was chosen.
pub fn chosen_record(t: Text, map: &DataMap, record: &ChosenRecord) -> AnyView {
    let values = named_values(t, map, record).into_iter();
    view! { <dl>{values.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view()}</dl> }
        .into_any()
}

/// In a line, by what tells it from others of its kind.
pub fn in_short(t: Text, map: &DataMap, record: &ChosenRecord) -> String {
    let values = named_values(t, map, record).into_iter();
    values.map(|(name, value)| format!("{name}{}{value}", t.policy_colon())).collect::<Vec<_>>().join(t.record_comma())
}

fn named_values(t: Text, map: &DataMap, record: &ChosenRecord) -> Vec<(String, String)> {
    let table = map.table(&record.table);
    let value = |(column, value): &(Column, Words)| {
        let field = table.and_then(|table| table.field(column))?;
        Some((field.words.in_lang(t.lang()).to_owned(), format::value(t, field.kind, value.in_lang(t.lang()))))
    };
    record.values.iter().filter_map(value).collect()
}

/// What is read of a value: what it means, or as much of it as was asked for.
pub fn shown_value(t: Text, value: &Value) -> String {
    match (&value.means, &value.full, value.is_empty) {
        (_, _, true) => t.record_empty().to_owned(),
        (Some(means), _, false) => means.in_lang(t.lang()).to_owned(),
        (None, Some(full), false) => format::value(t, value.kind, Personal::reveal(full)),
        (None, None, false) => format::value(t, value.kind, &value.masked),
    }
}

fn value_row(t: Text, value: &Value, token: &str, at: Shown) -> AnyView {
    let lang = t.lang();
    let name = value.words.in_lang(lang).to_owned();
    let shown = shown_value(t, value);
    let sensitive = (value.sensitivity == Sensitivity::Sensitive)
        .then(|| view! { <span class="tag">{t.record_sensitive()}</span> });
    let correct = match (value.correctable, at) {
        (Correctable::No, _) | (_, Shown::Away) => None,
        (Correctable::Now | Correctable::Review, Shown::Here(_)) => {
            let href = paths::correct(token, value.column.as_str());
            let label = t.record_correct_what(&name);
            Some(view! { <a class="correct" href=href aria-label=label>{t.record_correct()}</a> })
        }
    };
    view! {
        <div>
            <dt>{name}{sensitive}</dt>
            <dd>{shown} {correct}</dd>
        </div>
    }
    .into_any()
}

/// The date, and what happens then. Read on another day than `today`, no night is tonight.
pub fn until(t: Text, until: &Until, today: Option<Date>) -> String {
    let lang = t.lang();
    match until {
        Until::Held => t.record_held().to_owned(),
        Until::On { date, .. } if today.is_some_and(|today| *date <= today) => {
            t.record_tonight(format::day(lang, *date))
        }
        Until::Waits { date } => t.record_waits(format::day(lang, *date)),
        Until::On { date, then: Disposal::Delete } => t.record_deleted_on(format::day(lang, *date)),
        Until::On { date, then: Disposal::Anonymise } => t.record_anonymised_on(format::day(lang, *date)),
        Until::After { starts, keep, then: Disposal::Delete } => {
            t.record_deleted_after(named::RecordDeletedAfter { starts: starts.in_lang(lang), keep: keep.say(lang) })
        }
        Until::After { starts, keep, then: Disposal::Anonymise } => {
            t.record_anonymised_after(named::RecordAnonymisedAfter {
                starts: starts.in_lang(lang),
                keep: keep.say(lang),
            })
        }
    }
}

//! Who gets what of theirs, when last, and who got it before they said no.

use std::collections::BTreeMap;

use ::document::{Span, Table};
use domain::map::DataMap;
use jiff::civil::Date;
use leptos::prelude::*;
use service::{mine::Held, requests::NoMore};

use crate::{
    components::{document::table, table_names},
    format,
    text::Text,
};

/// What one recipient gets by the records that are there.
#[derive(Default)]
struct Gets {
    records: Vec<String>,
    last: Last,
}

/// When last, as far as it is known: what is known counts before what the rules say.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Last {
    /// Every row has a column for it, and none says so.
    #[default]
    NotYet,
    ByRule,
    On(Date),
}

pub(super) fn recipients(t: Text, map: &DataMap, held: &Held, no_more: &BTreeMap<&str, NoMore>) -> AnyView {
    let mut all = given(t, held);
    for id in no_more.keys() {
        // Once what rested on the consent is gone no record tells any more: the map does.
        all.entry(id).or_insert_with(|| Gets { records: vec![by_the_map(t, map, id)], last: Last::ByRule });
    }
    if all.is_empty() {
        return view! { <p>{t.lists_nobody()}</p> }.into_any();
    }
    let rows = all.into_iter().filter_map(|(id, gets)| {
        let recipient = map.recipients.get(id)?;
        let last = match (no_more.get(id), gets.last) {
            (Some(NoMore::Stopping), _) => t.lists_stopping().to_owned(),
            (Some(NoMore::Since(day)), _) => t.lists_stopped(format::day(t.lang(), *day)),
            (None, Last::On(last)) => format::day(t.lang(), last),
            (None, Last::ByRule) => t.lists_not_known().to_owned(),
            (None, Last::NotYet) => t.lists_not_yet().to_owned(),
        };
        Some(vec![
            vec![Span::text(recipient.name.in_lang(t.lang()))],
            vec![Span::text(gets.records.join(t.record_comma()))],
            vec![Span::text(last)],
            vec![Span::text(&recipient.contact)],
        ])
    });
    let columns = [t.lists_recipient(), t.lists_what(), t.lists_last(), t.policy_contact()];
    table(&Table::new(t.lists_shared(), &columns, rows.collect()))
}

fn given(t: Text, held: &Held) -> BTreeMap<&str, Gets> {
    let mut given: BTreeMap<&str, Gets> = BTreeMap::new();
    for record in &held.records {
        for to in &record.recipients {
            let gets = given.entry(to).or_default();
            let name = record.table_words.in_lang(t.lang()).to_owned();
            if !gets.records.contains(&name) {
                gets.records.push(name);
            }
            let noted = record.given.iter().filter(|(of, _)| of == to).map(|(_, at)| at.map_or(Last::NotYet, Last::On));
            gets.last = gets.last.max(noted.max().unwrap_or(Last::ByRule));
        }
    }
    given
}

fn by_the_map(t: Text, map: &DataMap, recipient: &str) -> String {
    let shares = |name: &domain::map::TableName| {
        map.table(name).is_some_and(|table| table.recipients.iter().any(|shared| shared.to == recipient))
    };
    table_names(t, map, shares)
}

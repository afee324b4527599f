use std::collections::BTreeSet;

use domain::{
    IdentifierKind,
    map::{DataMap, TableName},
    request::RequestKind,
};
use jiff::civil::Date;
use leptos::prelude::*;
use service::{
    mine::{Held, Record, by_purpose},
    requests::Closes,
    store::copies::StoredCopy,
};

use super::{
    kept_copy::waiting,
    requests::{Turns, your_turn},
};
use crate::{
    components::{being_erased, by_hand, closes_soon, empty, left_behind, missing_sources, notice, record_card},
    page::Page,
    paths,
    text::{Text, named},
};

/// So many of one kind are shown at once; the rest is a fold away, and no script is needed to open it.
const SHOWN: usize = 2;

/// Records of the same table and side, in the order they came.
fn by_kind<'a>(records: &[&'a Record]) -> Vec<Vec<&'a Record>> {
    let mut kinds: Vec<Vec<&Record>> = Vec::new();
    for record in records {
        let same = |kind: &&mut Vec<&Record>| {
            kind.first().is_some_and(|first| first.table == record.table && first.role == record.role)
        };
        match kinds.iter_mut().find(same) {
            Some(kind) => kind.push(record),
            None => kinds.push(vec![record]),
        }
    }
    kinds
}

fn cards(t: Text, map: &DataMap, records: &[&Record], today: Date) -> AnyView {
    let card = |record: &&Record| record_card(t, map, record, today);
    let first: Vec<_> = records.iter().take(SHOWN).map(card).collect();
    let rest: Vec<_> = records.iter().skip(SHOWN).map(card).collect();
    let name = records.first().map_or("", |record| record.table_words.in_lang(t.lang()));
    let more = (!rest.is_empty()).then(|| {
        let summary = t.mine_more_of(named::MineMoreOf { name, n: rest.len() });
        view! { <details><summary>{summary}</summary><div class="cards">{rest}</div></details> }
    });
    view! { <div class="cards">{first}</div> {more} }.into_any()
}

/// More parts than these are listed closer together: on a telephone the list must not be a page of its own.
const FEW: usize = 4;

/// How many there are of these, or at least, where a table has more than are shown.
fn counted(t: Text, cut: &[TableName], records: &[&Record]) -> String {
    if records.iter().any(|record| cut.contains(&record.table)) {
        t.mine_count_least(records.len())
    } else {
        t.mine_count(records.len())
    }
}

/// Of which kinds only the newest are shown, and where all of them are.
pub(super) fn shortened(t: Text, map: &DataMap, cut: &[TableName]) -> Option<AnyView> {
    let names: BTreeSet<String> = cut.iter().map(|table| map.table_words(table, t.lang())).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(t.record_comma());
    let what = || view! { <p>{t.mine_cut_what()} " " <a href=paths::MINE_COPY>{t.mine_cut_copy()}</a></p> };
    (!cut.is_empty()).then(|| notice(t.mine_cut(names), what()))
}

/// Where the records of each purpose begin, and how many there are.
fn jumps(t: Text, map: &DataMap, cut: &[TableName], groups: &[(&str, Vec<&Record>)]) -> Option<AnyView> {
    let class = if groups.len() > FEW { "jumps close" } else { "jumps" };
    let records: usize = groups.iter().map(|(_, records)| records.len()).sum();
    let line = |(id, records): &(&str, Vec<&Record>)| {
        let (href, name) = (format!("#purpose-{id}"), map.purpose_name(id, t.lang()));
        view! { <li><a href=href>{name}</a> <span class="count">{counted(t, cut, records)}</span></li> }
    };
    let all = if cut.is_empty() { t.mine_jumps(records) } else { t.mine_jumps_least(records) };
    (groups.len() > 1).then(|| {
        view! {
            <nav class=class aria-labelledby="jumps">
                <p id="jumps">{all}</p>
                <ul>{groups.iter().map(line).collect_view()}</ul>
            </nav>
        }
        .into_any()
    })
}

/// A number that two people used one after the other leads to the records of both.
fn several_names(t: Text, held: &Held) -> Vec<AnyView> {
    let title = |kind: &IdentifierKind| match kind {
        IdentifierKind::Mobile => t.mine_several_mobile(),
        IdentifierKind::Email => t.mine_several_email(),
    };
    held.several_names.iter().map(|kind| notice(title(kind), view! { <p>{t.mine_several_what()}</p> })).collect()
}

/// What of theirs comes before what is held.
#[derive(Clone, Copy, Debug)]
pub struct OnTop<'a> {
    /// How many consents are asked for again.
    pub reconsents: usize,
    pub copies: &'a [StoredCopy],
    pub turns: &'a Turns,
    pub closes: Option<&'a Closes>,
}

/// Everything held, grouped by why.
pub fn mine(t: Text, map: &DataMap, held: &Held, on_top: &OnTop<'_>, today: Date) -> Page {
    let lang = t.lang();
    let revealed = held.records.iter().flat_map(|record| &record.values).any(|value| value.full.is_some());
    let nothing = held.records.is_empty() && held.missing.is_empty();
    let groups = by_purpose(map, &held.records);
    let jumps = jumps(t, map, &held.cut, &groups);
    let groups: Vec<_> = groups
        .into_iter()
        .map(|(id, records)| {
            let purpose = map.purposes.get(id);
            let name = map.purpose_name(id, lang);
            let why = purpose.map(|purpose| purpose.why.in_lang(lang).to_owned()).unwrap_or_default();
            let count = counted(t, &held.cut, &records);
            view! {
                <section class="group" aria-labelledby=format!("purpose-{id}")>
                    <h2 id=format!("purpose-{id}")>{name} <span class="count">{count}</span></h2>
                    <p>{why}</p>
                    {by_kind(&records).into_iter().map(|records| cards(t, map, &records, today)).collect::<Vec<_>>()}
                </section>
            }
        })
        .collect();
    let shared: Vec<_> = held
        .shared
        .iter()
        .map(|(table, _)| {
            let name = map.table_words(table, lang);
            notice(t.mine_shared(name), view! { <p>{t.mine_shared_what()}</p> })
        })
        .collect();
    let consent = (on_top.reconsents > 0).then(|| {
        let body = view! { <p><a href=paths::MINE_CONSENT>{t.consent_decide()}</a></p> };
        notice(t.consent_notice(on_top.reconsents), body)
    });
    let officer = map.handler.officer.email.clone();
    let reveal =
        (!revealed && !nothing).then(|| view! { <a class="button" href=paths::MINE_FULL>{t.mine_reveal()}</a> });
    let hide = revealed.then(|| view! { <a class="button" href=paths::MINE>{t.mine_hide()}</a> });
    let delete = (!nothing).then(|| view! { <a class="button danger" href=paths::MINE_DELETE>{t.mine_delete()}</a> });
    let closing =
        held.offers_closing(map).then(|| view! { <li><a href=paths::MINE_CANCEL>{t.cancel_title()}</a></li> });
    let body = view! {
        <h1>{t.mine_title()}</h1>
        {(!nothing).then(|| view! { <p class="lead">{if revealed { t.mine_lead_full() } else { t.mine_lead() }}</p> })}
        {on_top.closes.map(|closes| closes_soon(t, closes, t.cancel_soon_mine()))}
        {your_turn(t, on_top.turns)}
        {consent}
        {left_behind(t, map, held)}
        {shared}
        {several_names(t, held)}
        {being_erased(t, held)}
        {waiting(t, on_top.copies)}
        {missing_sources(t, map, &held.missing)}
        {shortened(t, map, &held.cut)}
        {(nothing && held.left_behind.is_empty() && !held.erasing).then(|| empty(t.mine_nothing(), t.mine_nothing_what()))}
        {jumps}
        <p class="actions">{reveal}{hide}{delete}</p>
        {(!nothing).then(|| view! {
            <ul class="plain">
                <li><a href=paths::MINE_LISTS>{t.mine_lists()}</a></li>
                <li><a href=paths::MINE_LOOKS>{t.looks_all_link()}</a></li>
                <li><a href=paths::MINE_COPY>{t.copy_title()}</a></li>
                <li><a href=paths::MINE_CONSENT>{t.consent_mine_title()}</a></li>
                {closing}
                <li><a href=paths::RIGHTS>{t.mine_rights()}</a></li>
            </ul>
        })}
        {groups}
        {by_hand(t, map)}
        <p>
            {t.mine_others()} " " <a href=paths::wish(RequestKind::Complete)>{t.mine_others_ask()}</a> " "
            {t.mine_others_write()} " " <a href=format!("mailto:{officer}")>{officer.clone()}</a>
        </p>
        // Of whom nothing is held somebody may have been looked for.
        {nothing.then(|| view! { <p><a href=paths::MINE_LOOKS>{t.looks_all_link()}</a></p> })}
        <p><a href=paths::SIGN_IN_PARCEL>{t.mine_more_mobile()}</a></p>
        <p><a href=paths::SIGN_IN>{t.mine_more_email()}</a></p>
    };
    Page::new(t.mine_title(), body)
}

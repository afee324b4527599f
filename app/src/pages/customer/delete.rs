use std::collections::BTreeSet;

use domain::{
    map::{DataMap, Extent, OneRecord, Table, TableName},
    plan::{Because, Item, Outcome},
};
use jiff::civil::Date;
use leptos::prelude::*;
use service::requests::{Beside, ChosenRecord, Closes, Deletion, StillOpen, UnderWay, Unlinked};

use crate::{
    components::{
        Tense, Told, Typed, beside_deletion, button, by_effect, chosen_record, closes_soon, empty, error_summary,
        notice, outcome_list, table_boxes, table_names, under_way,
    },
    format,
    page::Page,
    paths, policy,
    text::{Text, named},
};

/// What the one record of a deletion is called in its form: a token.
pub const RECORD: &str = "record";

/// What is under way of theirs beside what they are about to ask for.
#[derive(Debug)]
pub struct Already {
    pub deletions: Vec<UnderWay>,
    pub closes: Option<Closes>,
}

impl Already {
    /// The one that another of the same would lead to.
    fn same(&self, wanted: &Extent) -> Option<&UnderWay> {
        self.deletions.iter().find(|one| one.beside(wanted) == Beside::Same)
    }

    /// The press that asks for it; where it was asked for before, the way there.
    pub(super) fn send(&self, t: Text, wanted: &Extent) -> AnyView {
        match self.same(wanted) {
            Some(same) => {
                let href = paths::request(&same.request.number);
                view! { <p><a class="button" href=href>{t.delete_already_open()}</a></p> }.into_any()
            }
            None => button(t.delete_submit()),
        }
    }
}

/// Check your answers: what will go, what must stay until when under which statute.
pub fn delete(t: Text, map: &DataMap, deletion: &Deletion, already: &Already, due: Date, typed: &Typed) -> Page {
    let (lang, plan) = (t.lang(), &deletion.plan);
    let all = by_effect(&plan.items, |item| &item.outcome).into_iter().cloned();
    let (going, staying): (Vec<Item>, Vec<Item>) = all.partition(|item| !item.outcome.stays());
    if plan.items.is_empty() {
        let body = view! {
            <h1>{t.delete_title()}</h1>
            {match deletion.extent {
                Extent::Record(_) => empty(t.delete_record_nothing(), t.delete_record_nothing_what()),
                Extent::Everything | Extent::Only(_) => empty(t.delete_nothing(), t.delete_nothing_what()),
            }}
            <p><a href=paths::MINE>{t.delete_back()}</a></p>
        };
        return Page::new(t.delete_title(), body);
    }
    let because = |item: &Item| match &item.outcome {
        Outcome::Kept { because } => Some(because.clone()),
        Outcome::Deleted
        | Outcome::Anonymised
        | Outcome::LockedAway { .. }
        | Outcome::Destroyed
        | Outcome::Corrected { .. }
        | Outcome::Restricted { .. }
        | Outcome::ByHand { .. } => None,
    };
    let on_hold = !staying.is_empty() && staying.iter().all(|item| because(item) == Some(Because::Hold));
    // What is open says it already, and what to do about it.
    let on_its_way = deletion.open.is_empty()
        && staying.iter().any(|item| matches!(because(item), Some(Because::NotStarted { .. })));
    let open = StillOpen::Known(deletion.open.clone());
    let lists = if going.is_empty() || staying.is_empty() { Lists::One } else { Lists::Two };
    let staying_part = (!staying.is_empty()).then(|| {
        view! {
            <h2>{t.delete_staying()}</h2>
            <p>{if on_hold { t.delete_held() } else { t.delete_staying_means() }}</p>
            {outcome_list(t, map, Tense::Planned, &staying)}
        }
    });
    let going_part = if going.is_empty() {
        view! { <p>{t.delete_nothing_now()}</p> }.into_any()
    } else {
        outcome_list(t, map, Tense::Planned, &going).into_any()
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.delete_title()}</h1>
        <p class="lead">{t.delete_lead()}</p>
        {already.closes.as_ref().map(|closes| closes_soon(t, closes, t.delete_already_closing()))}
        {under_way(t, map, &already.deletions, &deletion.extent)}
        {chosen(t, map, deletion)}
        <h2>{t.delete_going()}</h2>
        {going_part}
        {staying_part}
        {(deletion.extent != Extent::Everything).then(|| untouched(t, lists))}
        {beside(t, map, &deletion.beside, Tense::Planned)}
        <h2>{t.delete_next()}</h2>
        <ol>
            <li>{t.delete_next_number()}</li>
            <li>{t.delete_next_check(format::weekday(lang, due))}</li>
            <li>{t.delete_next_cancel()}</li>
            <li>{t.delete_next_answer()}</li>
        </ol>
        {beside_deletion(t, map, Some(plan), &open, Told::Person)}
        {on_its_way.then(|| notice(t.delete_under_way(), view! { <p>{t.delete_under_way_what()}</p> }))}
        <form method="post" action=paths::MINE_DELETE>
            {choose(t, map, deletion, typed)}
            {already.send(t, &deletion.extent)}
        </form>
        <p><a href=paths::MINE>{t.delete_back()}</a></p>
    };
    Page::new(t.delete_title(), body).failed_if(typed.failed()).at(address(&deletion.extent, typed))
}

/// Where one reads of this.
pub(super) fn address(extent: &Extent, typed: &Typed) -> Option<String> {
    match extent {
        Extent::Everything => None,
        Extent::Only(tables) => Some(paths::delete_some(tables)),
        Extent::Record(_) => Some(paths::delete_record(&typed.value(RECORD))),
    }
}

#[derive(Clone, Copy)]
enum Lists {
    One,
    Two,
}

/// What is in no list above, where it is not of everything: said after the lists, so that nobody takes one of them for it.
fn untouched(t: Text, lists: Lists) -> AnyView {
    let rest = match lists {
        Lists::One => t.delete_rest(),
        Lists::Two => t.delete_rest_of_two(),
    };
    view! { <p>{rest} " " <a href=paths::MINE_DELETE>{t.delete_some_all()}</a></p> }.into_any()
}

/// What they see of theirs that nothing is done to: it must not look forgotten.
pub(super) fn beside(t: Text, map: &DataMap, beside: &Unlinked, tense: Tense) -> Option<AnyView> {
    let means = match (beside, tense) {
        (Unlinked::NotAsked, _) | (Unlinked::Unknown, Tense::Done) => return None,
        (Unlinked::Unknown, Tense::Planned) => return Some(view! { <p>{t.delete_beside_unknown()}</p> }.into_any()),
        (Unlinked::Known(_), Tense::Planned) => t.delete_beside_means(),
        (Unlinked::Known(_), Tense::Done) => t.delete_beside_done(),
    };
    let lines = beside.sides().iter().filter_map(|side| {
        let table = map.table(&side.table)?;
        let role = table.role(&side.role)?.words.in_lang(t.lang()).to_owned();
        let name = table.words.in_lang(t.lang()).to_owned();
        let what = t.delete_beside_rows(named::DeleteBesideRows {
            n: format::count(side.rows),
            rule: policy::rule(t, &table.retention),
        });
        Some(view! { <li>{name} " " <span class="role">{role}</span> <p>{what}</p></li> })
    });
    let lines: Vec<_> = lines.collect();
    (!lines.is_empty()).then(|| {
        view! {
            <h2>{t.delete_beside()}</h2>
            <p>{means}</p>
            <ul>{lines}</ul>
        }
        .into_any()
    })
}

/// What a form says it shows: what is sent must be what was read.
pub fn shown(extent: &Extent) -> String {
    match extent {
        Extent::Everything => "all".to_owned(),
        Extent::Only(tables) | Extent::Record(OneRecord { tables, .. }) => {
            tables.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        }
    }
}

/// That it is only some of it, and what goes along.
fn chosen(t: Text, map: &DataMap, deletion: &Deletion) -> Option<AnyView> {
    if let Some(record) = &deletion.record {
        return Some(only_record(t, map, record, deletion));
    }
    let along = (!deletion.along.is_empty()).then(|| {
        let names = table_names(t, map, |table| deletion.along.contains(table));
        view! { <p>{t.delete_some_along(names)}</p> }
    });
    if deletion.extent == Extent::Everything {
        return along.map(|along| notice(t.delete_some_whole(), along));
    }
    let names = table_names(t, map, |table| deletion.extent.covers(table) && deletion.all.contains(table));
    Some(notice(t.delete_some_chosen(names), along))
}

/// That it is one record, which, and what goes along.
fn only_record(t: Text, map: &DataMap, record: &ChosenRecord, deletion: &Deletion) -> AnyView {
    let along = (!deletion.along.is_empty()).then(|| {
        let names = table_names(t, map, |table| deletion.along.contains(table));
        view! { <p>{t.delete_record_along(names)}</p> }
    });
    let body = view! {
        {chosen_record(t, map, record)}
        {along}
    };
    let name = map.table_words(&record.table, t.lang());
    let title = if deletion.along.is_empty() { t.delete_record_chosen(name) } else { t.delete_record_and_more(name) };
    notice(title, body)
}

/// One that was there when its page was opened, or somebody else's: nobody is told which.
pub fn record_gone(t: Text) -> Page {
    let body = view! {
        <h1>{t.delete_title()}</h1>
        {empty(t.delete_record_gone(), t.delete_record_gone_what())}
        <p><a href=paths::MINE>{t.delete_record_gone_back()}</a></p>
    };
    Page::new(t.delete_title(), body)
}

fn choose(t: Text, map: &DataMap, deletion: &Deletion, typed: &Typed) -> Option<AnyView> {
    let offered = map.tables.iter().filter(|table| deletion.all.contains(&table.name)).collect();
    choose_among(t, offered, &deletion.extent, &deletion.along, typed)
}

/// To be ticked in the form that is sent; whatever was changed is looked at once more first.
pub(super) fn choose_among(
    t: Text,
    offered: Vec<&Table>,
    extent: &Extent,
    along: &BTreeSet<TableName>,
    typed: &Typed,
) -> Option<AnyView> {
    if matches!(extent, Extent::Record(_)) {
        let token = typed.value(RECORD);
        return Some(view! { <input type="hidden" name=RECORD value=token/> }.into_any());
    }
    if offered.len() < 2 {
        return None;
    }
    let error = typed.error("tables");
    let open = error.is_some() || *extent != Extent::Everything || !along.is_empty();
    let message = error.map(|message| view! { <p class="field-error">{message}</p> });
    Some(
        view! {
            <input type="hidden" name="shown" value=shown(extent)/>
            <details open=open>
                <summary>{t.delete_some_open()}</summary>
                <fieldset class="field" id="tables">
                    <legend>{t.delete_some()}</legend>
                    <p class="hint">{t.delete_some_hint()}</p>
                    {message}
                    <input type="hidden" name="tables" value="listed"/>
                    {table_boxes(t, offered.into_iter(), |table| extent.covers(table))}
                </fieldset>
                <button type="submit" name="look" value="again">{t.delete_some_show()}</button>
            </details>
        }
        .into_any(),
    )
}

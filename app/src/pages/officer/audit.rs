//! The audit log in words, each entry as it was recorded beneath, and as a file for a spreadsheet.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    audit::{Action, Entry, Group},
    ids::{NightNumber, RequestNumber, StaffId},
    map::{DataMap, TableName},
};
use jiff::civil::Date;
use leptos::prelude::*;
use service::store::audit::Sought;

use super::acted::{acted, group_word};
use crate::{
    components::{Typed, day_field, empty, error_summary, numbered, select},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

pub struct Log {
    pub entries: Vec<Entry>,
    /// What staff and programs are called.
    pub names: BTreeMap<StaffId, String>,
    pub map: Arc<DataMap>,
    pub sought: Sought,
    /// Where this page began, and where the next one does.
    pub before: Option<i64>,
    pub next: Option<i64>,
}

pub fn audit(t: Text, log: &Log, verified: &str, typed: &Typed) -> Page {
    let rows: Vec<_> = log.entries.iter().map(|entry| row(t, log, entry)).collect();
    let shown = if rows.is_empty() {
        empty(t.audit_none(), t.audit_none_what())
    } else {
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label=t.audit_title()>
                <table class="queue audit">
                    <thead>
                        <tr>
                            <th scope="col">{t.audit_seq()}</th>
                            <th scope="col">{t.audit_at()}</th>
                            <th scope="col">{t.audit_actor()}</th>
                            <th scope="col">{t.audit_action()}</th>
                            <th scope="col">{t.audit_object()}</th>
                            <th scope="col">{t.audit_detail()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p><a href=address(paths::AUDIT_CSV, &log.sought, log.before)>{t.audit_download()}</a></p>
        }
        .into_any()
    };
    let next = log.next.map(|before| address(paths::AUDIT, &log.sought, Some(before)));
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.audit_title()}</h1>
        <p class="lead">{verified.to_owned()}</p>
        <p class="hint">{t.audit_since()}{" "}<a href=format!("{}?again=1", paths::AUDIT)>{t.audit_again()}</a></p>
        {filters(t, log, typed)}
        {shown}
        {next.map(|href| view! { <p><a href=href>{t.audit_older()}</a></p> })}
    };
    Page::new(t.audit_title(), body).failed_if(typed.failed())
}

fn row(t: Text, log: &Log, entry: &Entry) -> AnyView {
    let text = &entry.object;
    let href = RequestNumber::parse(text).map(|number| paths::case(&number));
    let href = href.or_else(|| NightNumber::parse(text).map(|number| paths::night(number.as_str())));
    let object = match href {
        Some(href) => view! { <a href=href>{numbered(text)}</a> }.into_any(),
        None => object(t, log, entry).into_any(),
    };
    let recorded = format!("{} {} {} {}", entry.actor, entry.action, entry.object, entry.detail);
    view! {
        <tr>
            <td>{entry.seq}</td>
            <td>{format::moment(t.lang(), entry.at)}</td>
            <td>{who(t, log, entry)}</td>
            <td>{what(t, entry)}</td>
            <td>{object}</td>
            <td><details><summary>{t.audit_recorded()}</summary><code>{recorded}</code></details></td>
        </tr>
    }
    .into_any()
}

/// By name; somebody whose account is gone, as it was recorded.
fn called(log: &Log, text: &str) -> String {
    let id = text.strip_prefix("staff:").or_else(|| text.strip_prefix("program:"));
    let name = id.and_then(|id| id.parse().ok()).and_then(|id: StaffId| log.names.get(&id));
    name.map_or(text, String::as_str).to_owned()
}

fn who(t: Text, log: &Log, entry: &Entry) -> String {
    match entry.actor.as_str() {
        "system" => t.audit_system().to_owned(),
        "customer" => t.audit_customer().to_owned(),
        "visitor" => t.audit_visitor().to_owned(),
        other => called(log, other),
    }
}

/// An entry of a newer version is shown as it was recorded.
fn what(t: Text, entry: &Entry) -> String {
    Action::parse(&entry.action).map_or(entry.action.as_str(), |action| acted(t, action)).to_owned()
}

fn object(t: Text, log: &Log, entry: &Entry) -> String {
    match entry.object.as_str() {
        "own information" => t.audit_own_information().to_owned(),
        // The action says it all.
        "session" | "requests" => String::new(),
        other => match other.strip_prefix("table:").and_then(TableName::parse).and_then(|name| log.map.table(&name)) {
            Some(table) => {
                t.audit_table(named::AuditTable { words: table.words.in_lang(t.lang()), table: &table.name })
            }
            None => called(log, other),
        },
    }
}

/// Neither a number nor who of the staff it was is personal data of a customer: both may stand in an address.
fn filters(t: Text, log: &Log, typed: &Typed) -> AnyView {
    let sought = &log.sought;
    let groups = Group::ALL.map(|group| (group.as_str().to_owned(), group_word(t, group).to_owned()));
    let groups = [(String::new(), t.audit_any().to_owned())].into_iter().chain(groups).collect();
    let nobody_by_name = [
        ("", t.audit_anyone()),
        ("system", t.audit_system()),
        ("customer", t.audit_customer()),
        ("visitor", t.audit_visitor()),
    ];
    let actors = nobody_by_name.map(|(value, words)| (value.to_owned(), words.to_owned()));
    let named = log.names.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let actors = actors.into_iter().chain(named).collect();
    let written = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let typed = typed
        .clone()
        .keep("group", sought.group.map(Group::as_str).unwrap_or_default())
        .keep("by", sought.actor.map(|actor| actor.to_string()).unwrap_or_default())
        .keep("from", written(sought.from))
        .keep("to", written(sought.to));
    let number = sought.number.as_ref().map(ToString::to_string).unwrap_or_default();
    let wrong = typed.error("number").is_some().then_some("true");
    view! {
        <form method="get" action=paths::AUDIT class="filters">
            {select("group", t.audit_group(), groups, &typed)}
            {select("by", t.audit_actor(), actors, &typed)}
            {day_field("from", t.audit_from(), &typed)}
            {day_field("to", t.audit_to(), &typed)}
            <div class="field">
                <label for="number">{t.audit_number()}</label>
                <input
                    id="number"
                    name="number"
                    type="text"
                    value=number
                    autocomplete="off"
                    maxlength="17"
                    pattern="[Qq][Dd]-[0-9]{8}-[0-9A-Za-z]{5}"
                    title=t.audit_number_wrong()
                    aria-invalid=wrong
                />
            </div>
            <button type="submit">{t.audit_show()}</button>
        </form>
    }
    .into_any()
}

fn address(path: &str, sought: &Sought, before: Option<i64>) -> String {
    let query = [
        sought.group.map(|group| format!("group={}", group.as_str())),
        sought.actor.map(|actor| format!("by={actor}")),
        sought.from.map(|day| format!("from={day}")),
        sought.to.map(|day| format!("to={day}")),
        sought.number.as_ref().map(|number| format!("number={number}")),
        before.map(|before| format!("before={before}")),
    ];
    let query: Vec<_> = query.into_iter().flatten().collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

pub fn audit_head(t: Text) -> [&'static str; 7] {
    [
        t.audit_seq(),
        t.audit_at(),
        t.audit_actor(),
        t.audit_action(),
        t.audit_object(),
        t.audit_detail(),
        t.audit_recorded(),
    ]
}

/// In words, and last as it was recorded.
pub fn audit_line(t: Text, log: &Log, entry: &Entry) -> [String; 7] {
    [
        entry.seq.to_string(),
        format::moment(t.lang(), entry.at),
        who(t, log, entry),
        what(t, entry),
        object(t, log, entry),
        entry.detail.to_string(),
        [entry.actor.as_str(), &entry.action, &entry.object].join(" "),
    ]
}

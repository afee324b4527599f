use domain::{
    Identifier, china,
    ids::RequestNumber,
    map::DataMap,
    request::{Side, Standing},
};
use leptos::prelude::*;
use service::{
    requests::{MyRequests, Turn},
    store::requests::Request,
};

use super::{other_way::other_way, request::status_word, wish::by_consent};
use crate::{
    components::{empty, notice, numbered},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

/// Which page of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Newest,
    Earlier,
}

/// Requests in which something waits for the person, and what.
pub type Turns = [(Request, Turn)];

pub fn requests(t: Text, map: &DataMap, proven: &[Identifier], mine: &MyRequests, turns: &Turns, shown: Shown) -> Page {
    let name = |request: &Request| {
        let kind = request.kind.name(t.lang());
        let wish = mine.by_consent.get(&request.id);
        let said = wish.and_then(|wish| by_consent(t, map, request.kind, wish));
        let record = mine.records.get(&request.id);
        let one = record.map(|of| {
            t.delete_record_name(named::DeleteRecordName { kind: &kind, name: map.table_words(&of.table, t.lang()) })
        });
        said.or(one).unwrap_or(kind)
    };
    let row = |request: &Request| {
        let standing = mine.standings.get(&request.id).copied();
        let status = mine.status.get(&request.id).map(|status| status_word(t, *status));
        row(t, request, name(request), (standing, status, turn_of(turns, &request.number)))
    };
    let rows: Vec<_> = mine.requests.iter().map(row).collect();
    let empty = match shown {
        Shown::Newest => rows.is_empty().then(|| empty(t.requests_none(), t.requests_none_what())),
        // What was here has been forgotten since.
        Shown::Earlier => rows.is_empty().then(|| empty(t.requests_no_more(), t.requests_no_more_what())),
    };
    let back = (shown == Shown::Earlier).then(|| view! { <p><a href=paths::REQUESTS>{t.requests_newest()}</a></p> });
    let next = mine.next.as_ref().map(|next| {
        view! { <p><a href=format!("{}?after={next}", paths::REQUESTS) rel="next">{t.requests_earlier()}</a></p> }
    });
    let body = view! {
        <h1>{t.requests_title()}</h1>
        {back}
        {(shown == Shown::Newest).then(|| your_turn(t, turns))}
        {empty}
        <ul class="plain">{rows}</ul>
        {next}
        {other_way(t, proven)}
        <p><a href=paths::MINE>{t.requests_mine()}</a></p>
    };
    Page::new(t.requests_title(), body)
}

/// All that waits for the person, wherever in the list it is.
pub(super) fn your_turn(t: Text, turns: &Turns) -> Option<AnyView> {
    let line = |(request, turn): &(Request, Turn)| {
        let name =
            t.requests_turn_of(named::RequestsTurnOf { kind: request.kind.name(t.lang()), number: &request.number });
        view! { <li><a href=paths::request(&request.number)>{turn_word(t, *turn)}</a> " " <span class="hint">{numbered(name)}</span></li> }
    };
    let lines: Vec<_> = turns.iter().map(line).collect();
    (!lines.is_empty()).then(|| notice(t.requests_turns(lines.len()), view! { <ul>{lines}</ul> }))
}

fn turn_of(turns: &Turns, number: &RequestNumber) -> Option<Turn> {
    turns.iter().find(|(request, _)| request.number == *number).map(|(_, turn)| *turn)
}

fn turn_word(t: Text, turn: Turn) -> &'static str {
    match turn {
        Turn::Answer => t.requests_turn_answer(),
        Turn::Download => t.requests_turn_download(),
        Turn::MakeAddress => t.requests_turn_address(),
    }
}

/// Between whom it is, where somebody asks for somebody else.
fn between(t: Text, standing: Option<Standing>) -> Option<&'static str> {
    match standing? {
        Standing::Alone => None,
        Standing::On(Side::Subject) => Some(t.requests_for_you()),
        Standing::On(Side::Asker) | Standing::Both => Some(t.requests_for_another()),
    }
}

/// With where they stand in it, how far it is, and whether it waits for them.
type Seen = (Option<Standing>, Option<&'static str>, Option<Turn>);

fn row(t: Text, request: &Request, name: String, (standing, status, turn): Seen) -> AnyView {
    let lang = t.lang();
    let day = |at| format::day(lang, china::day(at));
    let ends = if request.stage.is_open() {
        t.request_due_short(format::day(lang, request.due))
    } else {
        t.requests_closed_on(day(request.stage.at()))
    };
    view! {
        <li class="card">
            <h2>
                <a href=paths::request(&request.number)>{name}</a>
                {turn.map(|_| view! { " " <span class="turn">{t.requests_turn()}</span> })}
            </h2>
            <p class="why">
                <span>{numbered(request.number.as_str())}</span>
                {between(t, standing).map(|words| view! { <span>{words}</span> })}
                {status.map(|word| view! { <span>{word}</span> })}
                <span>{t.requests_filed_on(day(request.received_at))}</span>
                <span>{ends}</span>
            </p>
            {turn.map(|turn| view! { <p>{turn_word(t, turn)}</p> })}
        </li>
    }
    .into_any()
}

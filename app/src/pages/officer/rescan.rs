//! Whether what no rule reaches still mentions someone who was erased: asked for and answered on the case's page.

use ::document::{Span, Table as Grid};
use domain::{
    map::{DataMap, Extent},
    request::{Happened, Stage},
};
use leptos::prelude::*;
use service::{
    requests::Case,
    rescan::{Mention, Rescan},
};

use super::May;
use crate::{
    components::{button, document, notice},
    format, paths,
    text::{Text, named},
};

pub(super) fn rescan(t: Text, map: &DataMap, case: &Case, may: May) -> Option<AnyView> {
    let request = &case.followed.request;
    // Where they chose a part, all else may go on to mention them.
    let erases_all = request.kind.erases_all() && case.followed.extent == Extent::Everything;
    if !erases_all || !matches!(request.stage, Stage::Completed { .. }) {
        return None;
    }
    let last = case.followed.events.iter().rfind(|event| event.what == Happened::Rescanned);
    let last = last.and_then(|event| Some((event.at, serde_json::from_value(event.data.clone()).ok()?)));
    let result = last.map(|(at, found)| {
        view! { <p class="hint">{t.rescan_at(format::moment(t.lang(), at))}</p> {result(t, map, &found)} }
    });
    let ask = (may == May::Decide && !case.rescanning).then(|| {
        view! {
            <form method="post" action=paths::case_action(&request.number, "rescan")>{button(t.rescan_ask())}</form>
        }
    });
    let under_way = case.rescanning.then(|| notice(t.rescan_under_way(), view! { <p>{t.rescan_under_way_what()}</p> }));
    Some(
        view! {
            <section aria-labelledby="rescan-title">
                <h2 id="rescan-title">{t.rescan_title()}</h2>
                <p>{t.rescan_lead()}</p>
                {result}
                {under_way}
                {ask}
            </section>
        }
        .into_any(),
    )
}

fn result(t: Text, map: &DataMap, found: &Rescan) -> AnyView {
    let looked =
        t.rescan_looked(named::RescanLooked { columns: format::count(found.columns), rows: format::count(found.rows) });
    let unread: Vec<String> = found.unread.iter().map(ToString::to_string).collect();
    let unread =
        (!unread.is_empty()).then(|| notice(t.rescan_unread(), view! { <p>{unread.join(t.rescan_and())}</p> }));
    let answer = if found.found.is_empty() {
        view! { <p>{looked}" "<strong>{t.rescan_nothing()}</strong></p> }.into_any()
    } else {
        let head = [t.rescan_where(), t.rescan_rows()];
        let rows = found.found.iter().map(|mention| line(t, map, mention)).collect();
        view! {
            <p>{looked}" "<strong>{t.rescan_found()}</strong></p>
            {document::table(&Grid::new(t.rescan_title(), &head, rows))}
            <p>{t.rescan_found_what()}</p>
        }
        .into_any()
    };
    view! { {answer} {unread} }.into_any()
}

fn line(t: Text, map: &DataMap, mention: &Mention) -> Vec<Vec<Span>> {
    let column = format!("{}.{}", mention.table, mention.column.as_str());
    let words = map.table(&mention.table).map(|table| table.words.in_lang(t.lang()));
    let place = words.map_or_else(|| column.clone(), |words| format!("{column} ({words})"));
    vec![vec![Span::text(place)], vec![Span::text(format::count(mention.rows))]]
}

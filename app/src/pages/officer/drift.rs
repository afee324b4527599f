use ::document::{Span, Table};
use leptos::prelude::*;
use service::store::drift::{Drift, Found};

use crate::{
    components::{document, empty},
    format,
    page::Page,
    text::Text,
};

/// Where the databases are not as the map says, errors first.
pub fn drift(t: Text, last: Option<&Drift>) -> Page {
    let body = match last {
        None => empty(t.drift_never(), t.drift_never_what()),
        Some(last) => {
            let (errors, warnings): (Vec<&Found>, Vec<&Found>) = last.found.iter().partition(|found| found.is_error);
            let looked = t.drift_looked(format::moment(t.lang(), last.looked_at));
            view! {
                <p class="hint">{looked}</p>
                {last.found.is_empty().then(|| empty(t.drift_none(), t.drift_none_what()))}
                {table(t, t.drift_errors(), &errors)}
                {table(t, t.drift_warnings(), &warnings)}
            }
            .into_any()
        }
    };
    let body = view! {
        <h1>{t.drift_title()}</h1>
        <p class="lead">{t.drift_lead()}</p>
        {body}
    };
    Page::new(t.drift_title(), body)
}

fn table(t: Text, title: &str, found: &[&Found]) -> Option<AnyView> {
    if found.is_empty() {
        return None;
    }
    let name = format!("{title} ({})", found.len());
    let rows = found
        .iter()
        .map(|found| [&found.place, &found.wrong, &found.instead].map(|said| vec![Span::text(said)]).to_vec())
        .collect();
    let table = document::table(&Table::new(&name, &[t.drift_place(), t.drift_wrong(), t.drift_instead()], rows));
    Some(view! { <h2>{name}</h2><div lang="en">{table}</div> }.into_any())
}

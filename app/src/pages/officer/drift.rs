use leptos::prelude::*;
use service::store::drift::{Drift, Found};

use crate::{components::empty, format, page::Page, text::Text};

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
    let rows: Vec<_> = found
        .iter()
        .map(|found| {
            view! {
                <tr>
                    <th scope="row">{found.place.clone()}</th>
                    <td data-label=t.drift_wrong()>{found.wrong.clone()}</td>
                    <td data-label=t.drift_instead()>{found.instead.clone()}</td>
                </tr>
            }
        })
        .collect();
    let name = format!("{title} ({})", found.len());
    Some(
        view! {
            <h2>{name.clone()}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label=name lang="en">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{t.drift_place()}</th>
                            <th scope="col">{t.drift_wrong()}</th>
                            <th scope="col">{t.drift_instead()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any(),
    )
}

use domain::audit::Entry;
use leptos::prelude::*;

use crate::{format, page::Page, paths, text::Text};

pub fn audit(t: Text, entries: &[Entry], verified: &str, next: Option<i64>) -> Page {
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| {
            view! {
                <tr>
                    <td class="number">{entry.seq}</td>
                    <td>{format::moment(t.lang(), entry.at)}</td>
                    <td>{entry.actor.clone()}</td>
                    <td>{entry.action.clone()}</td>
                    <td>{entry.object.clone()}</td>
                    <td><code>{entry.detail.to_string()}</code></td>
                </tr>
            }
        })
        .collect();
    let body = view! {
        <h1>{t.audit_title()}</h1>
        <p class="lead">{verified.to_owned()}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=t.audit_title()>
            <table class="audit">
                <thead>
                    <tr>
                        <th scope="col" class="number">{t.audit_seq()}</th>
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
        {next.map(|before| view! { <p><a href=format!("{}?before={before}", paths::AUDIT)>{t.audit_older()}</a></p> })}
    };
    Page::new(t.audit_title(), body)
}

use domain::map::DataMap;
use leptos::prelude::*;
use service::policy::Reconsent;

use crate::{components::empty, page::Page, paths, text::Text};

/// One purpose after the other: what changed, yes or no, both as easy.
pub fn consent(t: Text, map: &DataMap, open: &[Reconsent]) -> Page {
    let lang = t.lang();
    let forms: Vec<_> = open
        .iter()
        .map(|reconsent| {
            let name = map.purpose_name(&reconsent.purpose, lang);
            let why = map.purposes.get(&reconsent.purpose).map(|p| p.why.in_lang(lang).to_owned());
            let changes: Vec<_> =
                reconsent.changes.iter().map(|change| view! { <li>{change.say(lang)}</li> }).collect();
            view! {
                <section class="card">
                    <h2>{name}</h2>
                    <p>{why}</p>
                    <h3>{t.consent_changed()}</h3>
                    <ul>{changes}</ul>
                    <form method="post" action=paths::MINE_CONSENT class="actions">
                        <input type="hidden" name="purpose" value=reconsent.purpose.clone()/>
                        <button class="button" type="submit" name="answer" value="agree">{t.consent_agree()}</button>
                        <button class="button" type="submit" name="answer" value="refuse">{t.consent_refuse()}</button>
                    </form>
                </section>
            }
        })
        .collect();
    let body = view! {
        <h1>{t.consent_title()}</h1>
        {(!open.is_empty()).then(|| view! { <p class="lead">{t.consent_lead()}</p> })}
        {open.is_empty().then(|| empty(t.consent_done(), t.consent_done_what()))}
        {forms}
        <p><a href=paths::MINE>{t.lists_back()}</a></p>
    };
    Page::new(t.consent_title(), body)
}

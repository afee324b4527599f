use domain::map::{DataMap, written::Purpose};
use leptos::prelude::*;
use service::{policy::Reconsent, requests::Consent, store::policies::ConsentAnswer};

use crate::{
    components::{empty, notice},
    format,
    page::Page,
    paths,
    text::Text,
};

/// First what has changed and waits for an answer, then everything that rests on consent: to withdraw is as easy
/// as to agree (PIPL art. 15).
pub fn consent(t: Text, map: &DataMap, open: &[Reconsent], consents: &[Consent]) -> Page {
    let again: Vec<_> = open.iter().map(|reconsent| asked_again(t, map, reconsent)).collect();
    let again = (!again.is_empty()).then(|| {
        view! { <h2>{t.consent_title()}</h2> <p>{t.consent_lead()}</p> {again} }
    });
    let all: Vec<_> = consents.iter().filter_map(|consent| given(t, map, consent)).collect();
    let body = view! {
        <h1>{t.consent_mine_title()}</h1>
        <p class="lead">{t.consent_mine_lead()}</p>
        {again}
        {all.is_empty().then(|| empty(t.consent_none(), t.consent_none_what()))}
        {all}
        <p><a href=paths::MINE>{t.lists_back()}</a></p>
    };
    Page::new(t.consent_mine_title(), body)
}

fn given(t: Text, map: &DataMap, consent: &Consent) -> Option<AnyView> {
    let lang = t.lang();
    let purpose: &Purpose = map.purposes.get(&consent.purpose)?;
    let tables: Vec<String> = consent.goes.iter().map(|table| map.table_words(table, lang)).collect();
    let goes = if tables.is_empty() {
        t.consent_goes_nothing().to_owned()
    } else {
        t.consent_goes(tables.join(t.consent_and()))
    };
    let withdrawn = matches!(consent.last, Some((_, ConsentAnswer::Withdrawn, _)));
    let said = match &consent.last {
        None => t.consent_said_nothing().to_owned(),
        Some((_, ConsentAnswer::Agreed, at)) => t.consent_said_agreed(format::moment(lang, *at)),
        Some((_, ConsentAnswer::Refused, at)) => t.consent_said_refused(format::moment(lang, *at)),
        Some((_, ConsentAnswer::Withdrawn, at)) => t.consent_said_withdrawn(format::moment(lang, *at)),
    };
    let under_way = consent.open.as_ref().map(|request| {
        let path = paths::request(&request.number);
        notice(t.consent_withdrawing(), view! { <p><a href=path>{request.number.to_string()}</a></p> })
    });
    let withdraw = (!withdrawn && consent.open.is_none()).then(|| {
        view! {
            <p>{goes}</p>
            <form method="post" action=paths::MINE_WITHDRAW>
                <input type="hidden" name="purpose" value=consent.purpose.clone()/>
                <button class="button" type="submit">
                    {t.consent_withdraw()} <span class="unseen">" – "{purpose.name.in_lang(lang).to_owned()}</span>
                </button>
            </form>
        }
    });
    Some(
        view! {
            <section class="card">
                <h2>{purpose.name.in_lang(lang).to_owned()}</h2>
                <p>{purpose.why.in_lang(lang).to_owned()}</p>
                <p class="hint">{said}</p>
                {under_way}
                {withdraw}
            </section>
        }
        .into_any(),
    )
}

/// What changed, yes or no, both as easy.
fn asked_again(t: Text, map: &DataMap, reconsent: &Reconsent) -> AnyView {
    let lang = t.lang();
    let name = map.purpose_name(&reconsent.purpose, lang);
    let why = map.purposes.get(&reconsent.purpose).map(|p| p.why.in_lang(lang).to_owned());
    let changes: Vec<_> = reconsent.changes.iter().map(|change| view! { <li>{change.say(lang)}</li> }).collect();
    view! {
        <section class="card">
            <h3>{name}</h3>
            <p>{why}</p>
            <h4>{t.consent_changed()}</h4>
            <ul>{changes}</ul>
            <form method="post" action=paths::MINE_CONSENT class="actions">
                <input type="hidden" name="purpose" value=reconsent.purpose.clone()/>
                <button class="button" type="submit" name="answer" value="agree">{t.consent_agree()}</button>
                <button class="button" type="submit" name="answer" value="refuse">{t.consent_refuse()}</button>
            </form>
        </section>
    }
    .into_any()
}

use domain::{
    china,
    map::DataMap,
    request::{Handling, RequestKind},
    said::Got,
};
use leptos::prelude::*;
use service::{
    requests::recipients::ToTell,
    store::notified::{Knows, Notified, ToldBy},
};

use crate::{
    format,
    text::{Text, named},
};

/// To whom what a request was about had been given, and how far they know. `beside` says what else the reader is shown.
pub fn notified_list(
    t: Text,
    map: &DataMap,
    notified: &[Notified],
    beside: impl Fn(&Notified, &str) -> Option<AnyView>,
) -> Option<AnyView> {
    let lang = t.lang();
    let lines: Vec<_> = notified
        .iter()
        .map(|one| {
            let recipient = map.recipients.get(&one.recipient);
            let day = |at| format::day(lang, china::day(at));
            let said = match &one.knows {
                Knows::NotYet => t.notified_not_yet().to_owned(),
                Knows::Told { at, by: ToldBy::Mail, reminded: None } => t.notified_by_mail(day(*at)),
                Knows::Told { at, by: ToldBy::Mail, reminded: Some(again) } => {
                    t.notified_by_mail_again(named::NotifiedByMailAgain { at: day(*at), again: day(*again) })
                }
                Knows::Told { at, by: ToldBy::Staff(_), .. } => t.notified_by_staff(day(*at)),
                Knows::Confirmed { at, .. } => t.notified_confirmed(day(*at)),
            };
            // One that has left the map since.
            let name = recipient.map_or(one.recipient.as_str(), |to| to.name.in_lang(lang)).to_owned();
            let beside = beside(one, &name);
            let got = by_rule(t, map.got_of(&one.recipient, &one.tables));
            view! { <li><strong>{name}</strong>{t.policy_colon()}{said}{got}{beside}</li> }
        })
        .collect();
    (!lines.is_empty())
        .then(|| view! { <h2>{t.notified_list()}</h2><p>{t.notified_list_lead()}</p><ul>{lines}</ul> }.into_any())
}

/// Of one nobody has written down that it got anything.
pub(crate) fn by_rule(t: Text, got: Got) -> Option<AnyView> {
    match got {
        Got::Recorded | Got::Never => None,
        Got::ByRule => Some(view! { <span class="hint">{t.notified_by_rule()}</span> }.into_any()),
    }
}

/// From whom, about which records and whom, and what a value became.
pub(crate) fn notified_facts(t: Text, map: &DataMap, telling: &ToTell) -> AnyView {
    let lang = t.lang();
    let names: Vec<String> = telling.records.iter().map(|name| name.in_lang(lang).to_owned()).collect();
    // Once they know, nothing is kept to find it by, and nothing is left to agree on.
    let found_by = match (&telling.notified.knows, telling.person.is_empty()) {
        (_, false) => Some(telling.person.join(" · ")),
        (Knows::NotYet, true) => Some(t.notified_nothing().to_owned()),
        (Knows::Told { .. } | Knows::Confirmed { .. }, true) => None,
    };
    let found_by = found_by.map(|by| view! { <div><dt>{t.notified_found_by()}</dt><dd>{by}</dd></div> });
    let more = telling.more.then(|| view! { <p class="hint">{t.notified_more()}</p> });
    let corrected = telling.corrected.iter().map(|(name, after)| {
        view! { <div><dt>{t.notified_now(name.in_lang(lang))}</dt><dd>{after.in_lang(lang).to_owned()}</dd></div> }
    });
    view! {
        <dl class="facts">
            <div><dt>{t.notified_from()}</dt><dd>{map.handler.name.in_lang(lang).to_owned()}</dd></div>
            <div><dt>{t.task_records()}</dt><dd>{names.join(t.record_comma())}</dd></div>
            {found_by}
            {corrected.collect_view()}
        </dl>
        {more}
    }
    .into_any()
}

/// What a recipient is asked to do.
pub(crate) fn notified_words(t: Text, kind: RequestKind) -> &'static str {
    match kind.handling() {
        Handling::Correction => t.notified_corrected(),
        Handling::Restriction if kind == RequestKind::Lift => t.notified_lifted(),
        Handling::Restriction => t.notified_stopped(),
        Handling::Erasure | Handling::Withdrawal | Handling::Answer => t.notified_erased(),
    }
}

use domain::{map::DataMap, said::Got};
use leptos::prelude::*;
use service::{
    Portal,
    requests::{Case, recipients::ToTell},
    store::notified::Knows,
};

use super::May;
use crate::{
    components::{notified_facts, notified_list, notified_words},
    page::Page,
    paths,
    text::Text,
};

/// Recipients and how far they know; whom the portal cannot write to, an officer tells. What they wrote is for officers.
pub(super) fn notified(t: Text, portal: &Portal, case: &Case, may: May) -> Option<AnyView> {
    let number = &case.followed.request.number;
    notified_list(t, &portal.map, &case.followed.notified, |one, name| {
        match (&one.knows, may) {
        (Knows::NotYet | Knows::Told { .. }, May::Decide) if portal.waits_for_a_call(one) => Some(
            view! {
                {matches!(one.knows, Knows::Told { .. }).then(|| view! { <p><strong>{t.notified_silent()}</strong></p> })}
                <form method="post" action=paths::case_action(number, "tell")>
                    <input type="hidden" name="recipient" value=one.recipient.clone()/>
                    <button type="submit">{t.notified_tell(name)}</button>
                </form>
            }
            .into_any(),
        ),
        (Knows::Confirmed { note: Some(note), .. }, _) => {
            Some(view! { <blockquote>{note.clone()}</blockquote> }.into_any())
        }
        (Knows::NotYet | Knows::Told { .. } | Knows::Confirmed { .. }, May::Decide | May::Read) => None,
    }
    })
}

/// What to tell them, and the press that says it was done.
pub fn tell(t: Text, map: &DataMap, telling: &ToTell) -> Page {
    let id = telling.notified.recipient.clone();
    let recipient = map.recipients.get(&id);
    let name = recipient.map_or("", |recipient| recipient.name.in_lang(t.lang()));
    let contact = recipient.map_or("", |recipient| recipient.contact.as_str());
    let got = map.got_of(&id, &telling.notified.tables);
    let title = t.notified_tell(name);
    let body = view! {
        <h1>{title.clone()}</h1>
        <p class="lead">{t.notified_tell_lead(contact)}</p>
        {(got == Got::ByRule).then(|| view! { <p>{t.notified_ask_first()}</p> })}
        <h2>{t.notified_pass_on()}</h2>
        <blockquote>{notified_words(t, telling.kind)}</blockquote>
        {notified_facts(t, map, telling)}
        <p class="hint">{t.notified_tell_shown()}</p>
        <form method="post" action=paths::case_action(&telling.number, "told")>
            <input type="hidden" name="recipient" value=id/>
            <button class="primary" type="submit">{t.notified_told(name)}</button>
        </form>
        <p><a href=paths::case(&telling.number)>{t.notified_back()}</a></p>
    };
    Page::new(title, body)
}

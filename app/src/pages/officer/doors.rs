//! Other software: whom the portal tells of changes, what became of each message, and which programs have keys.

use leptos::prelude::*;
use service::store::{
    programs::Program,
    webhooks::{Delivered, Delivery, Webhook},
};

use super::programs::scope_word;
use crate::{
    components::{Field, Typed, button, empty, error_summary, field, notice},
    format,
    page::Page,
    paths,
    text::Text,
};

/// What the page shows.
pub struct Doors {
    pub webhooks: Vec<Webhook>,
    pub deliveries: Vec<Delivery>,
    pub programs: Vec<Program>,
    /// The secret of one added a moment ago.
    pub secret: Option<String>,
}

pub fn doors(t: Text, doors: &Doors, typed: &Typed) -> Page {
    let input = Field {
        id: "url",
        label: t.doors_address(),
        hint: t.doors_address_hint(),
        kind: "url",
        input_mode: "url",
        autocomplete: "off",
    };
    let secret = doors
        .secret
        .clone()
        .map(|secret| notice(t.doors_added(), view! { <p>{t.doors_added_what()}</p> <p class="secret">{secret}</p> }));
    let hooks = doors.webhooks.iter().map(|hook| {
        view! {
            <li>
                <span class="address">{hook.url.clone()}</span>
                <form method="post" action=paths::webhook_action(hook.id, "remove")>
                    <button class="danger" type="submit">{t.doors_remove()}</button>
                </form>
            </li>
        }
    });
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.doors_title()}</h1>
        <p class="lead">{t.doors_lead()}</p>
        {secret}
        {doors.webhooks.is_empty().then(|| empty(t.doors_none(), t.doors_none_what()))}
        <ul class="plain">{hooks.collect_view()}</ul>
        <form method="post" action=paths::DOORS novalidate=true>
            {field(input, typed)}
            {button(t.doors_add())}
        </form>
        {(!doors.deliveries.is_empty()).then(|| messages(t, &doors.deliveries))}
        <h2>{t.doors_programs()}</h2>
        <p>{t.doors_programs_what()}</p>
        {(!doors.programs.is_empty()).then(|| programs(t, &doors.programs))}
    };
    Page::new(t.doors_title(), body).failed_if(typed.failed())
}

fn messages(t: Text, deliveries: &[Delivery]) -> AnyView {
    let rows = deliveries.iter().map(|delivery| {
        let state = match delivery.state {
            Delivered::Waiting { next } => t.doors_waiting(format::moment(t.lang(), next)),
            Delivered::Arrived => t.doors_arrived().to_owned(),
            Delivered::GivenUp => t.doors_given_up().to_owned(),
        };
        let answer = delivery.answer.map(|status| t.doors_answered(status));
        let again = (!matches!(delivery.state, Delivered::Waiting { .. })).then(|| {
            view! {
                <form method="post" action=paths::delivery_again(delivery.id)>
                    <button type="submit">{t.doors_again()}</button>
                </form>
            }
        });
        view! {
            <tr>
                <th scope="row"><code>{delivery.event.clone()}</code></th>
                <td>{format::moment(t.lang(), delivery.at)}</td>
                <td>{state} " " {answer}</td>
                <td class="number">{delivery.attempts}</td>
                <td>{again}</td>
            </tr>
        }
    });
    view! {
        <h2>{t.doors_messages()}</h2>
        <div class="scroll" tabindex="0" role="region" aria-label=t.doors_messages()>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t.doors_event()}</th>
                        <th scope="col">{t.doors_at()}</th>
                        <th scope="col">{t.doors_state()}</th>
                        <th scope="col" class="number">{t.doors_attempts()}</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn programs(t: Text, programs: &[Program]) -> AnyView {
    let rows = programs.iter().map(|program| {
        let may = program.scopes.iter().map(|scope| view! { <li>{scope_word(t, *scope)}</li> });
        view! { <tr><th scope="row">{program.name.clone()}</th><td><ul class="plain">{may.collect_view()}</ul></td></tr> }
    });
    view! {
        <table>
            <thead><tr><th scope="col">{t.doors_program()}</th><th scope="col">{t.doors_scopes()}</th></tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

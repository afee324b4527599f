use leptos::prelude::*;

use super::{
    provider::{Door, doors},
    why_here::why_here,
};
use crate::{
    components::{Field, Typed, button, code_field, error_summary, field},
    page::Page,
    paths,
    text::Text,
};

/// By e-mail: the door of those with an account.
pub fn email(t: Text, next: Option<&str>, typed: &Typed, providers: &[Door]) -> Page {
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.signin_email_title()}</h1>
        {why_here(t, next)}
        <p>{t.signin_email_lead()}</p>
        <form method="post" action=paths::SIGN_IN novalidate=true>
            {field(
                Field {
                    id: "email",
                    label: t.signin_email(),
                    hint: t.signin_email_hint(),
                    kind: "email",
                    input_mode: "email",
                    autocomplete: "email",
                },
                typed,
            )}
            {button(t.signin_send())}
        </form>
        {doors(t, providers)}
        <p><a href=paths::SIGN_IN_PARCEL>{t.signin_other_parcel()}</a></p>
    };
    Page::new(t.signin_email_title(), body).failed_if(typed.failed())
}

/// By mobile and waybill number: the door of recipients without an account.
pub fn parcel(t: Text, next: Option<&str>, typed: &Typed) -> Page {
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.signin_parcel_title()}</h1>
        {why_here(t, next)}
        <p>{t.signin_parcel_lead()}</p>
        <form method="post" action=paths::SIGN_IN_PARCEL novalidate=true>
            {field(
                Field {
                    id: "mobile",
                    label: t.signin_mobile(),
                    hint: t.signin_mobile_hint(),
                    kind: "tel",
                    input_mode: "tel",
                    autocomplete: "tel",
                },
                typed,
            )}
            {field(
                Field {
                    id: "waybill",
                    label: t.signin_waybill(),
                    hint: t.signin_waybill_hint(),
                    kind: "text",
                    input_mode: "text",
                    autocomplete: "off",
                },
                typed,
            )}
            {button(t.signin_send())}
        </form>
        <p><a href=paths::SIGN_IN>{t.signin_other_email()}</a></p>
    };
    Page::new(t.signin_parcel_title(), body).failed_if(typed.failed())
}

/// Where a code went, masked as it was typed: the same whether or not anybody is known by it.
pub struct SentTo {
    pub masked: String,
    /// Where it was typed, to correct it.
    pub typed_at: Option<&'static str>,
}

/// The code itself. The same words whether or not anything was sent.
pub fn code(t: Text, sent: Option<&SentTo>, typed: &Typed) -> Page {
    let lead = sent.map_or_else(|| t.signin_code_lead().to_owned(), |sent| t.signin_code_lead_to(&sent.masked));
    let typed_at = sent.map_or(Some(paths::SIGN_IN), |sent| sent.typed_at);
    let correct = sent.and(typed_at).map(|at| view! { <p><a href=at>{t.signin_code_correct()}</a></p> });
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.signin_code_title()}</h1>
        <p>{lead}</p>
        {correct}
        <form method="post" action=paths::SIGN_IN_CODE novalidate=true>
            {code_field(t, typed)}
            {button(t.signin_continue())}
        </form>
        <details>
            <summary>{t.signin_no_code()}</summary>
            <ul>
                <li>{t.signin_no_code_wait()}</li>
                <li>{t.signin_no_code_spam()}</li>
                <li>{t.signin_no_code_known()}</li>
            </ul>
            {typed_at.map(|at| view! { <p><a href=at>{t.signin_again()}</a></p> })}
        </details>
    };
    Page::new(t.signin_code_title(), body).failed_if(typed.failed())
}

/// Before something weighty: one more code.
pub fn confirm(t: Text) -> Page {
    let body = view! {
        <h1>{t.signin_confirm_title()}</h1>
        <p>{t.signin_confirm_lead()}</p>
        <form method="post" action=paths::CONFIRM>{button(t.signin_confirm_send())}</form>
        <p><a href=paths::MINE>{t.signin_confirm_back()}</a></p>
    };
    Page::new(t.signin_confirm_title(), body)
}

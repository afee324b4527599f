use leptos::prelude::*;
use qrcode::{QrCode, render::svg};

use crate::{
    components::{Field, Typed, button, error_summary, field},
    page::Page,
    paths,
    text::Text,
};

pub fn password(t: Text, typed: &Typed) -> Page {
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.staff_title()}</h1>
        <form method="post" action=paths::OFFICER_SIGN_IN novalidate=true>
            {field(
                Field {
                    id: "login",
                    label: t.staff_login(),
                    hint: "",
                    kind: "text",
                    input_mode: "text",
                    autocomplete: "username",
                },
                typed,
            )}
            {field(
                Field {
                    id: "password",
                    label: t.staff_password(),
                    hint: "",
                    kind: "password",
                    input_mode: "text",
                    autocomplete: "current-password",
                },
                typed,
            )}
            {button(t.signin_continue())}
        </form>
    };
    Page::new(t.staff_title(), body).failed_if(typed.failed())
}

pub fn second_factor(t: Text, typed: &Typed) -> Page {
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.staff_second_title()}</h1>
        <form method="post" action=paths::OFFICER_SECOND novalidate=true>
            {totp_field(t, typed)}
            {button(t.staff_sign_in())}
        </form>
    };
    Page::new(t.staff_second_title(), body).failed_if(typed.failed())
}

/// First sign-in: the second factor is set up and tried at once.
pub fn enrol(t: Text, url: &str, secret: &str, typed: &Typed) -> Page {
    let picture = QrCode::new(url.as_bytes())
        .map(|code| code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build())
        .unwrap_or_default();
    let picture = picture.split_once("?>").map(|(_, svg)| svg.to_owned()).unwrap_or(picture);
    let spaced: Vec<String> =
        secret.as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.staff_enrol_title()}</h1>
        <p>{t.staff_enrol_lead()}</p>
        <ol>
            <li>{t.staff_enrol_scan()}<div class="qr" role="img" aria-label=t.staff_enrol_picture() inner_html=picture></div></li>
            <li>{t.staff_enrol_type()}<p class="secret">{spaced.join(" ")}</p></li>
            <li>{t.staff_enrol_confirm()}</li>
        </ol>
        <form method="post" action=paths::OFFICER_ENROL novalidate=true>
            {totp_field(t, typed)}
            {button(t.staff_enrol_submit())}
        </form>
    };
    Page::new(t.staff_enrol_title(), body).failed_if(typed.failed())
}

pub(super) fn totp_field(t: Text, typed: &Typed) -> impl IntoView + use<> {
    field(
        Field {
            id: "code",
            label: t.staff_code(),
            hint: t.staff_code_hint(),
            kind: "text",
            input_mode: "numeric",
            autocomplete: "one-time-code",
        },
        typed,
    )
}

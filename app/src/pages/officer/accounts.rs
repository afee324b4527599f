//! Accounts of staff: who has one and how it stands; opened, closed and renewed by whoever does nothing else.

use domain::{actor::StaffRole, china, ids::StaffId};
use leptos::prelude::*;
use service::{
    sign_in::FirstPassword,
    store::accounts::{Account, Standing},
};

use crate::{
    components::{Field, Typed, button, error_summary, field, notice, radio_group},
    format,
    page::Page,
    paths,
    text::Text,
};

pub fn accounts(t: Text, all: &[Account], own: StaffId, first: Option<&FirstPassword>, typed: &Typed) -> Page {
    let first = first.map(|first| {
        let said =
            view! { <p>{t.accounts_first_what()}</p> <p class="secret">{first.password.reveal().to_owned()}</p> };
        notice(t.accounts_first(&first.login), said)
    });
    let rows: Vec<_> = all.iter().map(|account| one(t, account, own)).collect();
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.accounts_title()}</h1>
        <p class="lead">{t.accounts_lead()}</p>
        {first}
        {rows}
        <h2>{t.accounts_add()}</h2>
        {add(t, typed)}
        <p class="hint">{t.accounts_not()}</p>
    };
    Page::new(t.accounts_title(), body).failed_if(typed.failed())
}

fn one(t: Text, account: &Account, own: StaffId) -> AnyView {
    let lang = t.lang();
    let standing = match account.standing {
        Standing::InUse => t.accounts_in_use().to_owned(),
        Standing::ToEnrol => t.accounts_to_enrol().to_owned(),
        Standing::Locked(until) => t.accounts_locked(format::moment(lang, until)),
        Standing::Left(at) => t.accounts_left(format::day(lang, china::day(at))),
    };
    let press = |path: &'static str, words: &'static str, label: String, class: &'static str| {
        view! {
            <form method="post" action=path>
                <input type="hidden" name="id" value=account.id.to_string()/>
                <button class=class type="submit" aria-label=label>{words}</button>
            </form>
        }
    };
    let act = match account.standing {
        _ if account.id == own => view! { <span class="hint">{t.accounts_own()}</span> }.into_any(),
        Standing::Left(_) => {
            press(paths::ACCOUNT_RENEW, t.accounts_back(), t.accounts_back_label(&account.name), "").into_any()
        }
        Standing::InUse | Standing::ToEnrol | Standing::Locked(_) => view! {
            {press(paths::ACCOUNT_RENEW, t.accounts_renew(), t.accounts_renew_label(&account.name), "")}
            {press(paths::ACCOUNT_CLOSE, t.accounts_close(), t.accounts_close_label(&account.name), "danger")}
        }
        .into_any(),
    };
    view! {
        <section class="card">
            <h2>{account.name.clone()} " " <span class="role">{role(t, account.role).0}</span></h2>
            <dl>
                <div><dt>{t.accounts_login()}</dt><dd>{account.login.clone()}</dd></div>
                <div><dt>{t.accounts_standing()}</dt><dd>{standing}</dd></div>
                <div><dt>{t.accounts_since()}</dt><dd>{format::day(lang, china::day(account.since))}</dd></div>
            </dl>
            <div class="filters">{act}</div>
        </section>
    }
    .into_any()
}

/// What a role is called, and what it does.
fn role(t: Text, role: StaffRole) -> (&'static str, &'static str) {
    match role {
        StaffRole::Officer => (t.accounts_officer(), t.accounts_officer_what()),
        StaffRole::Auditor => (t.accounts_auditor(), t.accounts_auditor_what()),
        StaffRole::SecurityAdmin => (t.accounts_security_admin(), t.accounts_security_admin_what()),
        StaffRole::SystemAdmin => (t.accounts_system_admin(), t.accounts_system_admin_what()),
    }
}

fn add(t: Text, typed: &Typed) -> impl IntoView + use<> {
    let input = |id, label, hint| {
        field(Field { id, label, hint, kind: "text", input_mode: "text", autocomplete: "off" }, typed)
    };
    let roles = StaffRole::ALL.map(|of| {
        let (name, what) = role(t, of);
        (of.as_str().to_owned(), name.to_owned(), what.to_owned())
    });
    view! {
        <form method="post" action=paths::ACCOUNTS novalidate=true>
            {input("name", t.accounts_name(), t.accounts_name_hint())}
            {input("login", t.accounts_login(), t.accounts_login_hint())}
            {radio_group("role", t.accounts_role(), roles.to_vec(), typed)}
            {button(t.accounts_open())}
        </form>
    }
}

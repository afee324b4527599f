//! Programs of the company's that may use the API: what each may do, and a key for a new one.

use domain::{Personal, actor::Scope, china};
use leptos::prelude::*;
use service::store::programs::Program;

use crate::{
    components::{Field, Typed, button, checkbox_group, empty, error_summary, field, notice},
    format,
    page::Page,
    paths,
    text::Text,
};

/// `given`: the program added a moment ago, and its key.
pub fn programs(t: Text, all: &[Program], given: Option<&(Program, Personal)>, typed: &Typed) -> Page {
    let key = given.map(|(program, key)| {
        let said = view! { <p>{t.programs_key_what()}</p> <p class="secret">{key.reveal().to_owned()}</p> };
        notice(t.programs_key(&program.name), said)
    });
    let name = Field {
        id: "name",
        label: t.programs_name(),
        hint: t.programs_name_hint(),
        kind: "text",
        input_mode: "text",
        autocomplete: "off",
    };
    let scopes = Scope::ALL.map(|scope| (scope.as_str().to_owned(), scope_word(t, scope).to_owned()));
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.programs_title()}</h1>
        <p class="lead">{t.programs_lead()}</p>
        {key}
        {all.is_empty().then(|| empty(t.programs_none(), t.programs_none_what()))}
        {all.iter().map(|program| one(t, program)).collect_view()}
        <h2>{t.programs_add()}</h2>
        <form method="post" action=paths::PROGRAMS novalidate=true>
            {field(name, typed)}
            {checkbox_group("may", t.programs_may(), scopes.to_vec(), typed)}
            {button(t.programs_give())}
        </form>
        <p class="hint">{t.programs_described()}<a href=paths::OPENAPI>{paths::OPENAPI}</a></p>
    };
    Page::new(t.programs_title(), body).failed_if(typed.failed())
}

fn one(t: Text, program: &Program) -> AnyView {
    let may = program.scopes.iter().map(|scope| view! { <li>{scope_word(t, *scope)}</li> });
    view! {
        <section class="card">
            <h2>{program.name.clone()}</h2>
            <dl>
                <div><dt>{t.programs_may()}</dt><dd><ul class="plain">{may.collect_view()}</ul></dd></div>
                <div><dt>{t.programs_since()}</dt><dd>{format::day(t.lang(), china::day(program.created_at))}</dd></div>
            </dl>
            <form method="post" action=paths::PROGRAM_REMOVE>
                <input type="hidden" name="id" value=program.id.to_string()/>
                <button class="danger" type="submit" aria-label=t.programs_remove_label(&program.name)>
                    {t.programs_remove()}
                </button>
            </form>
        </section>
    }
    .into_any()
}

pub(super) fn scope_word(t: Text, scope: Scope) -> &'static str {
    match scope {
        Scope::ReadRequests => t.programs_read_requests(),
        Scope::DecideRequests => t.programs_decide_requests(),
        Scope::ActForSubjects => t.programs_act_for_subjects(),
        Scope::ReadRetention => t.programs_read_retention(),
        Scope::ManageHolds => t.programs_manage_holds(),
    }
}

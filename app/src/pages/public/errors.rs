use leptos::prelude::*;

use crate::{page::Page, paths, text::Text};

/// What can go wrong with a whole page. Each says what happened, why, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    NotFound,
    /// Likewise, said to staff.
    NotFoundAtWork,
    /// A form from another site, or without saying where it comes from.
    OtherSite,
    TooLarge,
    /// Not what a form of ours sends.
    Garbled,
    /// The request moved on in the meantime.
    TooLate,
    Overtaken,
    /// A rule of the night is no longer what was looked at.
    RuleChanged,
    /// What needs two persons was tried by one.
    SecondPerson,
    PlanChanged,
    NotChecked,
    /// Something stands against closing an account.
    NotClosed,
    SourceDown,
    PortalDown,
    /// Too many are served at the moment.
    Busy,
}

/// What happened, why, and what to do.
pub(crate) fn problem_words(t: Text, problem: Problem) -> (&'static str, &'static str, &'static str) {
    match problem {
        Problem::NotFound => (t.error_not_found(), t.error_not_found_why(), t.error_not_found_what()),
        Problem::NotFoundAtWork => (t.error_not_found(), t.error_at_work_why(), t.error_at_work_what()),
        Problem::OtherSite => (t.error_other_site(), t.error_other_site_why(), t.error_other_site_what()),
        Problem::TooLarge => (t.error_too_large(), t.error_too_large_why(), t.error_too_large_what()),
        Problem::Garbled => (t.error_garbled(), t.error_garbled_why(), t.error_garbled_what()),
        Problem::TooLate => (t.error_too_late(), t.error_too_late_why(), t.error_too_late_what()),
        Problem::Overtaken => (t.error_overtaken(), t.error_overtaken_why(), t.error_overtaken_what()),
        Problem::RuleChanged => (t.error_rule_changed(), t.error_rule_changed_why(), t.error_rule_changed_what()),
        Problem::SecondPerson => (t.error_second(), t.error_second_why(), t.error_second_what()),
        Problem::Busy => (t.error_busy(), t.error_busy_why(), t.error_busy_what()),
        Problem::NotChecked => (t.error_not_checked(), t.error_not_checked_why(), t.error_not_checked_what()),
        Problem::NotClosed => (t.error_not_closed(), t.error_not_closed_why(), t.error_not_closed_what()),
        Problem::PlanChanged => (t.error_plan_changed(), t.error_plan_changed_why(), t.error_plan_changed_what()),
        Problem::SourceDown => (t.error_source_down(), t.error_source_down_why(), t.error_source_down_what()),
        Problem::PortalDown => (t.error_portal_down(), t.error_portal_down_why(), t.error_portal_down_what()),
    }
}

/// With the name of the system it happened in and the way to the request it happened on, where there is one.
pub fn problem(t: Text, problem: Problem, source: Option<String>, request: Option<String>) -> Page {
    let (title, why, what) = problem_words(t, problem);
    let title = source.map_or_else(|| title.to_owned(), |source| t.mine_missing(source));
    let body = view! {
        <h1>{title.clone()}</h1>
        <p>{why}</p>
        <p>{what}</p>
        {(problem == Problem::RuleChanged)
            .then(|| view! { <p><a class="button" href=paths::NIGHTS>{t.page_nights()}</a></p> })}
        {request.map(|href| view! { <p><a class="button" href=href>{t.error_request()}</a></p> })}
        <p><a href=paths::HOME>{t.error_home()}</a></p>
    };
    Page::new(title, body)
}

/// What was written cannot be taken before whoever wrote it has shown again who they are, at `to`.
pub fn signed_out(t: Text, to: &'static str) -> Page {
    let body = view! {
        <h1>{t.error_signed_out()}</h1>
        <p>{t.error_signed_out_why()}</p>
        <p>{t.error_signed_out_what()}</p>
        <p><a class="button" href=to>{t.page_sign_in()}</a></p>
    };
    Page::new(t.error_signed_out(), body)
}

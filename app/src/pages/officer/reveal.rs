//! Why an officer wants one value in full: the question between the press and the value.

use domain::look::{Reason, Spot, Why};
use leptos::prelude::*;
use service::requests::ToReveal;

use crate::{
    components::{Typed, button, error_summary, numbered, radio_group, text_area},
    page::Page,
    paths,
    text::Text,
};

/// Under which a form says that the question was read.
pub const ASKED: &str = "asked";

/// `kept` is what was ticked and typed on the page it is asked from.
pub fn reveal(t: Text, to: &ToReveal, spot: &Spot, kept: &[(String, String)], typed: &Typed) -> Page {
    let (lang, number) = (t.lang(), &to.request.number);
    let reasons = Reason::ALL.map(|reason| (reason.as_str(), reason.words().in_lang(lang).to_owned(), String::new()));
    let another = (Why::ANOTHER.to_owned(), t.reveal_another().to_owned(), String::new());
    let reasons = reasons.into_iter().chain([another]).collect();
    let hidden = kept.iter().map(|(name, value)| {
        view! { <input type="hidden" name=name.clone() value=value.clone()/> }
    });
    let record = to.record.as_ref().map(|record| {
        view! { <div><dt>{t.task_records()}</dt><dd>{record.in_lang(lang).to_owned()}</dd></div> }
    });
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.reveal_title()}</h1>
        <p class="why">{numbered(number.as_str())}</p>
        <dl class="facts">
            {record}
            <div><dt>{to.name.in_lang(lang).to_owned()}</dt><dd>{to.masked.in_lang(lang).to_owned()}</dd></div>
        </dl>
        <p>{t.reveal_what()}</p>
        <form method="post" action=paths::case_action(number, "reveal") novalidate=true>
            <input type="hidden" name="spot" value=spot.to_string()/>
            <input type="hidden" name=ASKED value="yes"/>
            {hidden.collect_view()}
            {radio_group("reason", t.reveal_why(), reasons, typed)}
            {text_area("words", t.reveal_words(), t.reveal_words_hint(), typed)}
            {button(t.reveal_submit())}
        </form>
        <p><a href=paths::case(number)>{t.work_out_back()}</a></p>
    };
    Page::new(t.reveal_title(), body).failed_if(typed.failed())
}

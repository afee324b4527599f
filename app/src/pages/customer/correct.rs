use domain::{map::Correctable, personal::Personal};
use leptos::prelude::*;
use service::requests::CorrectionForm;

use crate::{
    components::{Field, Typed, button, error_summary, field, text_area, typed_as},
    page::Page,
    paths,
    text::Text,
};

/// One value: what it is now, what it should be.
pub fn correct(t: Text, form: &CorrectionForm, typed: &Typed) -> Page {
    let lang = t.lang();
    let Some(value) = form.value() else { return Page::new(t.correct_title(""), ()) };
    let name = value.words.in_lang(lang).to_owned();
    let title = t.correct_title(&name);
    let now = match (&value.means, &value.full) {
        (Some(means), _) => means.in_lang(lang).to_owned(),
        (None, Some(full)) => Personal::reveal(full).to_owned(),
        (None, None) => value.masked.clone(),
    };
    let review = value.correctable == Correctable::Review;
    let (kind, mode) = typed_as(value.kind);
    let what_next = if review { t.correct_review() } else { t.correct_at_once() };
    let submit = if review { t.correct_submit_review() } else { t.correct_submit_now() };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{title.clone()}</h1>
        <p>{what_next}</p>
        <dl class="pair">
            <div><dt>{t.correct_record()}</dt><dd>{form.record.table_words.in_lang(lang).to_owned()}</dd></div>
            <div><dt>{t.correct_now()}</dt><dd>{if now.is_empty() { t.record_empty().to_owned() } else { now }}</dd></div>
        </dl>
        <form method="post" action=paths::correct(&form.record.token, form.column.as_str()) novalidate=true>
            {field(
                Field {
                    id: "after",
                    label: &t.correct_after(&name),
                    hint: "",
                    kind,
                    input_mode: mode,
                    autocomplete: "off",
                },
                typed,
            )}
            {review.then(|| text_area("evidence", t.correct_evidence(), t.correct_evidence_hint(), typed))}
            {button(submit)}
        </form>
        <p><a href=paths::MINE>{t.correct_back()}</a></p>
    };
    Page::new(title, body).failed_if(typed.failed())
}

use domain::{Words, map::Correctable, personal::Personal};
use leptos::prelude::*;
use service::{
    mine::Value,
    requests::{Attach, CorrectionForm},
};

use crate::{
    components::{
        Field, Typed, attach, button, code_field, error_summary, field, radio_group, select, text_area, typed_as,
    },
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
        <form
            method="post"
            action=paths::correct(&form.record.token, form.column.as_str())
            enctype="multipart/form-data"
            novalidate=true
        >
            {after(t, form, value, &t.correct_after(&name), typed)}
            {review.then(|| text_area("evidence", t.correct_evidence(), t.correct_evidence_hint(), typed))}
            {(form.files == Attach::WithValue).then(|| attach(t, typed))}
            {button(submit)}
        </form>
        <p><a href=paths::MINE>{t.correct_back()}</a></p>
    };
    Page::new(title, body).failed_if(typed.failed())
}

/// The code that was sent to the new number or address. What was typed goes along unseen.
pub fn correct_code(t: Text, form: &CorrectionForm, typed: &Typed) -> Page {
    let Some(value) = form.value() else { return Page::new(t.correct_title(""), ()) };
    let title = t.correct_code_title(value.words.in_lang(t.lang()));
    let (after, evidence) = (typed.value("after"), typed.value("evidence"));
    let body = view! {
        {error_summary(t, typed)}
        <h1>{title.clone()}</h1>
        <p>{t.correct_code_lead()}</p>
        <p><strong>{after.clone()}</strong></p>
        <form
            method="post"
            action=paths::correct(&form.record.token, form.column.as_str())
            enctype="multipart/form-data"
            novalidate=true
        >
            <input type="hidden" name="after" value=after/>
            <input type="hidden" name="evidence" value=evidence/>
            {code_field(t, typed)}
            {(form.files == Attach::WithCode).then(|| attach(t, typed))}
            <div class="actions">
                {button(t.signin_continue())}
                <button type="submit" name="step" value="again">{t.correct_code_again()}</button>
                <button type="submit" name="step" value="change">{t.correct_code_change()}</button>
            </div>
        </form>
        <p><a href=paths::MINE>{t.correct_back()}</a></p>
    };
    Page::new(title, body).failed_if(typed.failed())
}

/// More than so many are folded up.
const SHOWN: usize = 8;

/// Typed, or chosen where the map lists what may stand there.
fn after(t: Text, form: &CorrectionForm, value: &Value, label: &str, typed: &Typed) -> AnyView {
    if form.choices.is_empty() {
        let (kind, input_mode) = typed_as(value.kind);
        return field(Field { id: "after", label, hint: "", kind, input_mode, autocomplete: "off" }, typed);
    }
    let means = |words: &Words| words.in_lang(t.lang()).to_owned();
    if form.choices.len() > SHOWN {
        let none = (String::new(), t.represent_choose().to_owned());
        let options = form.choices.iter().map(|(stored, words)| (stored.clone(), means(words)));
        return select("choice", label, [none].into_iter().chain(options).collect(), typed);
    }
    let options = form.choices.iter().map(|(stored, words)| (stored.clone(), means(words), String::new()));
    radio_group("choice", label, options.collect(), typed)
}

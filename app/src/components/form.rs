//! Form fields in GOV.UK's manner: label, hint, error, and a summary on top that links to them.

use std::borrow::Cow;

use domain::map::Kind;
use leptos::prelude::*;

use super::unsent::given_back;
use crate::text::Text;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: Cow<'static, str>,
    pub message: String,
}

/// What was typed, kept so that an error loses nothing. Codes and passwords are never kept.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub values: Vec<(Cow<'static, str>, String)>,
    pub errors: Vec<FieldError>,
}

impl Typed {
    pub fn value(&self, field: &str) -> String {
        self.values.iter().find(|(name, _)| *name == field).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Whether this was among what was chosen in a group.
    pub fn chose(&self, field: &str, value: &str) -> bool {
        self.values.iter().any(|(name, chosen)| *name == field && chosen == value)
    }

    pub fn error(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.message.clone())
    }

    #[must_use]
    pub fn keep(mut self, field: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.values.push((field.into(), value.into()));
        self
    }

    #[must_use]
    pub fn wrong(mut self, field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        self.errors.push(FieldError { field: field.into(), message: message.into() });
        self
    }

    /// As it was typed, with nothing said about it.
    #[must_use]
    pub fn forgiven(self) -> Self {
        Self { errors: Vec::new(), ..self }
    }

    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }
}

/// Focus goes there without a script: whoever hears the page hears first that something is wrong.
pub fn error_summary(t: Text, typed: &Typed) -> AnyView {
    typed
        .failed()
        .then(|| {
            let items = typed.errors.clone();
            view! {
                <section class="error-summary" role="alert" aria-labelledby="error-summary-title" tabindex="-1" autofocus=true>
                    <h2 id="error-summary-title">{t.form_error_title()}</h2>
                    <ul>
                        {items
                            .into_iter()
                            .map(|error| view! { <li><a href=format!("#{}", error.field)>{error.message}</a></li> })
                            .collect_view()}
                    </ul>
                </section>
            }
        })
        .into_any()
}

/// A one-line field.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    pub id: &'static str,
    pub label: &'a str,
    pub hint: &'a str,
    pub kind: &'static str,
    pub input_mode: &'static str,
    pub autocomplete: &'static str,
}

pub fn field(field: Field<'_>, typed: &Typed) -> AnyView {
    let error = typed.error(field.id);
    let value = if field.kind == "password" { String::new() } else { typed.value(field.id) };
    let described = described_by(field.id, field.hint, error.as_ref());
    view! {
        <div class="field" class:field-wrong=error.is_some()>
            <label for=field.id>{field.label.to_owned()}</label>
            {hint(field.id, field.hint)}
            {error_text(field.id, error.clone())}
            <input
                id=field.id
                name=field.id
                type=field.kind
                inputmode=field.input_mode
                autocomplete=field.autocomplete
                value=value
                aria-describedby=described
                aria-invalid=error.is_some().then_some("true")
            />
        </div>
    }
    .into_any()
}

/// One of the two ends of a stretch of days.
pub fn day_field(id: &'static str, label: &str, typed: &Typed) -> AnyView {
    field(Field { id, label, hint: "", kind: "date", input_mode: "numeric", autocomplete: "off" }, typed)
}

/// The code that was sent to somebody.
pub fn code_field(t: Text, typed: &Typed) -> AnyView {
    let (label, hint) = (t.signin_code(), t.signin_code_hint());
    field(Field { id: "code", label, hint, kind: "text", input_mode: "numeric", autocomplete: "one-time-code" }, typed)
}

pub fn text_area(id: &'static str, label: &str, hint_text: &str, typed: &Typed) -> AnyView {
    let error = typed.error(id);
    let described = described_by(id, hint_text, error.as_ref());
    let value = textarea_text(&or_given_back(typed, id));
    view! {
        <div class="field" class:field-wrong=error.is_some()>
            <label for=id>{label.to_owned()}</label>
            {hint(id, hint_text)}
            {error_text(id, error.clone())}
            <textarea
                id=id
                name=id
                rows="4"
                aria-describedby=described
                aria-invalid=error.is_some().then_some("true")
                inner_html=value
            ></textarea>
        </div>
    }
    .into_any()
}

/// The content of a textarea is written as it is; what was typed must not become markup.
pub(super) fn textarea_text(typed: &str) -> String {
    let text = typed.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // The first line break of a textarea is not shown.
    if text.starts_with('\n') { format!("\n{text}") } else { text }
}

/// What was typed into this form, or had been when something came between.
fn or_given_back(typed: &Typed, field: &'static str) -> String {
    let value = typed.value(field);
    if value.is_empty() { given_back(field).unwrap_or_default() } else { value }
}

/// Files to hand in.
pub fn file_field(id: &'static str, label: &str, hint_text: &str, typed: &Typed) -> AnyView {
    let error = typed.error(id);
    let described = described_by(id, hint_text, error.as_ref());
    view! {
        <div class="field" class:field-wrong=error.is_some()>
            <label for=id>{label.to_owned()}</label>
            {hint(id, hint_text)}
            {error_text(id, error.clone())}
            <input
                id=id
                name=id
                type="file"
                multiple=true
                accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
                aria-describedby=described
                aria-invalid=error.is_some().then_some("true")
            />
        </div>
    }
    .into_any()
}

/// One of several.
pub fn radio_group(id: &'static str, legend: &str, options: Vec<(String, String, String)>, typed: &Typed) -> AnyView {
    let error = typed.error(id);
    let failed = error.is_some();
    let chosen = or_given_back(typed, id);
    view! {
        <fieldset class="field" class:field-wrong=failed id=id>
            <legend>{legend.to_owned()}</legend>
            {error_text(id, error)}
            {options
                .into_iter()
                .enumerate()
                .map(|(n, (value, label, hint))| {
                    let option = format!("{id}-{n}");
                    let checked = value == chosen;
                    view! {
                        <div class="radio">
                            <input type="radio" id=option.clone() name=id value=value checked=checked/>
                            <label for=option>{label}<span class="hint">{hint}</span></label>
                        </div>
                    }
                })
                .collect_view()}
        </fieldset>
    }
    .into_any()
}

/// Any of several: a value and its words.
pub fn checkbox_group(id: &'static str, legend: &str, options: Vec<(String, String)>, typed: &Typed) -> AnyView {
    let error = typed.error(id);
    let failed = error.is_some();
    let options = options.into_iter().enumerate().map(|(n, (value, label))| {
        let option = format!("{id}-{n}");
        let checked = typed.chose(id, &value);
        view! {
            <div class="radio">
                <input type="checkbox" id=option.clone() name=id value=value checked=checked/>
                <label for=option>{label}</label>
            </div>
        }
    });
    view! {
        <fieldset class="field" class:field-wrong=failed id=id>
            <legend>{legend.to_owned()}</legend>
            {error_text(id, error)}
            {options.collect_view()}
        </fieldset>
    }
    .into_any()
}

/// One of many, folded up.
pub fn select(id: &'static str, label: &str, options: Vec<(String, String)>, typed: &Typed) -> AnyView {
    let error = typed.error(id);
    let described = described_by(id, "", error.as_ref());
    let chosen = typed.value(id);
    let options = options.into_iter().map(|(value, words)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words}</option> }
    });
    view! {
        <div class="field" class:field-wrong=error.is_some()>
            <label for=id>{label.to_owned()}</label>
            {error_text(id, error.clone())}
            <select id=id name=id aria-describedby=described aria-invalid=error.is_some().then_some("true")>
                {options.collect_view()}
            </select>
        </div>
    }
    .into_any()
}

pub fn button(label: &str) -> AnyView {
    view! { <button class="primary" type="submit">{label.to_owned()}</button> }.into_any()
}

pub(super) fn hint(id: &str, text: &str) -> AnyView {
    (!text.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{text.to_owned()}</p> }).into_any()
}

pub(super) fn error_text(id: &str, error: Option<String>) -> AnyView {
    error.map(|message| view! { <p class="field-error" id=format!("{id}-error")>{message}</p> }).into_any()
}

pub(super) fn described_by(id: &str, hint: &str, error: Option<&String>) -> Option<String> {
    let hint = (!hint.is_empty()).then(|| format!("{id}-hint"));
    let error = error.map(|_| format!("{id}-error"));
    let both: Vec<String> = hint.into_iter().chain(error).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

/// How a value of a kind is typed: the field's type, and the keys a telephone shows.
pub const fn typed_as(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Email => ("email", "email"),
        Kind::Mobile | Kind::Phone => ("tel", "tel"),
        Kind::Name
        | Kind::BirthDate
        | Kind::Gender
        | Kind::Account
        | Kind::IpAddress
        | Kind::Location
        | Kind::File
        | Kind::Secret
        | Kind::Address
        | Kind::Region
        | Kind::ResidentId
        | Kind::BankCard
        | Kind::Plate
        | Kind::Uscc
        | Kind::WaybillNo
        | Kind::Text
        | Kind::Date
        | Kind::Amount
        | Kind::Plain => ("text", "text"),
    }
}

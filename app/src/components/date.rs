//! A date in three fields, in GOV.UK's manner: as people write it, in the order of their language.

use domain::{Lang, personal::tidy};
use jiff::civil::Date;
use leptos::prelude::*;

use super::form::{Typed, described_by, error_text, hint};
use crate::text::Text;

/// Its three fields by name; the error belongs to the first.
#[derive(Clone, Copy, Debug)]
pub struct DateField {
    pub id: &'static str,
    pub year: &'static str,
    pub month: &'static str,
    pub day: &'static str,
}

/// What was typed into the three fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedDate {
    Nothing,
    Date(Date),
    /// Something is missing, or there is no such day.
    Wrong,
}

impl DateField {
    /// What the fields of a form hold.
    pub fn read<'a>(self, value: impl Fn(&str) -> &'a str) -> TypedDate {
        let [year, month, day] = [self.year, self.month, self.day].map(|field| tidy(value(field)));
        if [&year, &month, &day].iter().all(|part| part.is_empty()) {
            return TypedDate::Nothing;
        }
        let date = match (year.parse(), month.parse(), day.parse()) {
            // Nobody writes a year in two digits that is one of the first century.
            (Ok(year @ 1900..), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
            _ => None,
        };
        date.map_or(TypedDate::Wrong, TypedDate::Date)
    }

    /// As it was typed.
    #[must_use]
    pub fn keep<'a>(self, typed: Typed, value: impl Fn(&str) -> &'a str) -> Typed {
        [self.year, self.month, self.day].into_iter().fold(typed, |typed, field| typed.keep(field, value(field)))
    }

    /// With this day in it.
    #[must_use]
    pub fn filled(self, typed: Typed, date: Date) -> Typed {
        typed
            .keep(self.year, date.year().to_string())
            .keep(self.month, date.month().to_string())
            .keep(self.day, date.day().to_string())
    }
}

pub fn date_input(t: Text, field: DateField, legend: &str, hint_text: &str, typed: &Typed) -> AnyView {
    let DateField { id, year, month, day } = field;
    let error = typed.error(id);
    let described = described_by(id, hint_text, error.as_ref());
    let (year, month, day) = ((year, t.form_year(), "4"), (month, t.form_month(), "2"), (day, t.form_day(), "2"));
    let parts = match t.lang() {
        Lang::Zh => [year, month, day],
        Lang::En => [day, month, year],
    };
    let failed = error.is_some();
    let parts = parts.into_iter().enumerate().map(|(n, (name, label, length))| {
        // What is wrong leads to the first of them.
        let id = if n == 0 { id.to_owned() } else { name.to_owned() };
        view! {
            <div>
                <label for=id.clone()>{label}</label>
                <input
                    id=id
                    name=name
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    size=length
                    value=typed.value(name)
                    aria-invalid=failed.then_some("true")
                />
            </div>
        }
    });
    view! {
        <fieldset class="field" class:field-wrong=failed aria-describedby=described>
            <legend>{legend.to_owned()}</legend>
            {hint(id, hint_text)}
            {error_text(id, error)}
            <div class="date-input">{parts.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

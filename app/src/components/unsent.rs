//! What was typed and not taken, because something came between. It is given back: in the form it belongs to, where the
//! page still has that form, or else to be copied. It goes back to whoever sent it, in the answer, and is kept nowhere.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use leptos::prelude::*;

use super::form::textarea_text;
use crate::{
    pages::public::{Problem, problem_words},
    text::Text,
};

/// Fields in which people write sentences. Nothing else is worth copying, and a code or a password is never shown.
pub const PROSE: [&str; 12] =
    ["after", "answer", "company", "done", "evidence", "note", "question", "reach", "values", "who", "why", "words"];

/// On which page it is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenBackOn {
    /// The page it was sent from, as it is now; what came between is said above it.
    ItsPage(Problem),
    /// One that says by itself what happened.
    ProblemPage,
}

#[derive(Clone, Debug)]
pub struct Unsent {
    on: GivenBackOn,
    fields: Vec<(String, String)>,
    /// In a form of this page.
    shown: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Unsent {
    pub fn new(on: GivenBackOn, fields: Vec<(String, String)>) -> Self {
        Self { on, fields, shown: Arc::default() }
    }

    pub fn is_prose(field: &str, value: &str) -> bool {
        PROSE.contains(&field) && !value.trim().is_empty()
    }

    fn value(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Sentences no form of this page has shown.
    fn left_over(&self) -> Vec<&str> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let left = |(name, value): &&(String, String)| Self::is_prose(name, value) && !shown.contains(name.as_str());
        self.fields.iter().filter(left).map(|(_, value)| value.as_str()).collect()
    }

    /// What came between, and what no form of the page gives back. Asked for once the page is made.
    pub(crate) fn notice(&self, t: Text) -> AnyView {
        let left = self.left_over();
        let copy = left.iter().enumerate().map(|(n, words)| {
            let (id, words) = (format!("unsent-{n}"), textarea_text(words));
            view! {
                <div class="field">
                    <label for=id.clone()>{t.error_unsent()}</label>
                    <textarea id=id rows="4" readonly=true inner_html=words></textarea>
                </div>
            }
        });
        let copy = copy.collect_view();
        match self.on {
            GivenBackOn::ProblemPage => copy.into_any(),
            GivenBackOn::ItsPage(problem) => {
                let (title, why, then) = problem_words(t, problem);
                let what = match (problem == Problem::RuleChanged, left.is_empty()) {
                    // It is of no request.
                    (true, _) => then,
                    (false, true) => t.error_unsent_below(),
                    (false, false) => t.error_unsent_copy(),
                };
                view! {
                    <section class="error-summary" role="alert" aria-labelledby="unsent-title" tabindex="-1">
                        <h2 id="unsent-title">{title}</h2>
                        <p>{why}</p>
                        <p>{what}</p>
                        {copy}
                    </section>
                }
                .into_any()
            }
        }
    }

    pub(crate) const fn on(&self) -> GivenBackOn {
        self.on
    }
}

/// What had been typed into a field of this name, for a form that has one.
pub(super) fn given_back(field: &'static str) -> Option<String> {
    let unsent = use_context::<Unsent>()?;
    let value = unsent.value(field)?.to_owned();
    unsent.shown.lock().unwrap_or_else(PoisonError::into_inner).insert(field);
    Some(value)
}

/// Whether there is something to give back in a field of this name: what is folded up is opened then.
pub fn is_given_back(field: &str) -> bool {
    use_context::<Unsent>().is_some_and(|unsent| unsent.value(field).is_some_and(|value| !value.trim().is_empty()))
}

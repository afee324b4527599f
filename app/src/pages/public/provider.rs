//! Signing in where people are signed in already.

use leptos::prelude::*;

use crate::{page::Page, paths, text::Text};

/// One of the company's identity providers, as people know it.
#[derive(Clone, Debug)]
pub struct Door {
    pub name: String,
    pub path: String,
}

/// Why somebody comes back without being signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSignedIn {
    /// The provider does not answer.
    Down,
    /// They did not want to.
    Declined,
    /// Too late, twice, or from another browser.
    Late,
    /// What came back is not believed.
    Doubt,
    /// Nothing is verified there.
    Unverified,
    Often,
}

/// A link and not a form: a browser would hold a form's way to another site against `form-action`.
pub(super) fn doors(t: Text, doors: &[Door]) -> AnyView {
    if doors.is_empty() {
        return ().into_any();
    }
    let links = doors.iter().map(|door| {
        view! { <p><a class="button" href=door.path.clone()>{t.provider_with(&door.name)}</a></p> }
    });
    view! {
        <h2>{t.provider_or()}</h2>
        <p class="hint">{t.provider_lead()}</p>
        {links.collect_view()}
    }
    .into_any()
}

pub fn not_signed_in(t: Text, why: NotSignedIn, door: &Door) -> Page {
    let name = &door.name;
    let (title, because, what) = match why {
        NotSignedIn::Down => (t.provider_down(name), t.provider_down_why().to_owned(), t.provider_down_what()),
        NotSignedIn::Declined => {
            (t.provider_declined().to_owned(), t.provider_declined_why(name), t.provider_declined_what())
        }
        NotSignedIn::Late => (t.provider_late().to_owned(), t.provider_late_why().to_owned(), t.provider_late_what()),
        NotSignedIn::Doubt => (t.provider_doubt().to_owned(), t.provider_doubt_why(name), t.provider_doubt_what()),
        NotSignedIn::Unverified => {
            (t.provider_unverified().to_owned(), t.provider_unverified_why(name), t.provider_unverified_what())
        }
        NotSignedIn::Often => {
            (t.provider_often().to_owned(), t.provider_often_why().to_owned(), t.provider_often_what())
        }
    };
    let body = view! {
        <h1>{title.clone()}</h1>
        <p class="lead">{because}</p>
        <p>{what}</p>
        <p><a class="button primary" href=paths::SIGN_IN>{t.provider_by_code()}</a></p>
        <p><a href=door.path.clone()>{t.provider_again()}</a></p>
    };
    Page::new(title, body)
}

//! No more codes for some minutes: until when, and what can be done meanwhile. The same for everybody.

use domain::map::DataMap;
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;

use crate::{components::reach, format, page::Page, paths, text::Text};

/// What was done too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Often {
    Asked,
    Tried,
}

/// Whether a code may be there that still works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    Perhaps,
    None,
}

pub fn no_more(t: Text, map: &DataMap, often: Often, until: Timestamp, code: Received) -> Page {
    // The minute that is said must not be too early.
    let until = format::moment(t.lang(), until + SignedDuration::from_secs(59));
    let (title, what) = match often {
        Often::Asked => (t.signin_often(), t.signin_often_what(&until)),
        Often::Tried => (t.signin_tried(), t.signin_tried_what(&until)),
    };
    let enter = (often == Often::Asked && code == Received::Perhaps)
        .then(|| view! { <li><a href=paths::SIGN_IN_CODE>{t.signin_often_enter()}</a></li> });
    let body = view! {
        <h1>{title}</h1>
        <p class="lead">{what}</p>
        <p>{t.signin_often_why()}</p>
        <h2>{t.signin_often_do()}</h2>
        <ul>
            {enter}
            <li>{t.signin_often_later(&until)}</li>
            <li>{reach(t, map)}</li>
        </ul>
        <p><a href=paths::HOME>{t.error_home()}</a></p>
    };
    Page::new(title, body)
}

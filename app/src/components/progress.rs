//! How far a run is: a bar, a sentence, and a look every few seconds where there is a script.

use leptos::prelude::*;
use service::Progress;

use crate::{
    format,
    islands::Follow,
    text::{Text, named},
};

/// What the page asks `url` for; another answer shows it anew.
pub fn progress_word(progress: Option<Progress>) -> String {
    progress.map_or_else(|| "ended".to_owned(), |progress| progress.done.to_string())
}

pub fn progress(t: Text, url: impl Into<String>, progress: Progress) -> AnyView {
    let said = t.nights_progress(named::NightsProgress {
        done: format::count(progress.done),
        planned: format::count(progress.planned),
    });
    let (done, most) = (progress.done.min(progress.planned), progress.planned.max(1));
    view! {
        <section class="notice">
            <h2>{t.nights_under_way()}</h2>
            <progress value=done.to_string() max=most.to_string() aria-label=said.clone()></progress>
            <p>{said}</p>
            <Follow url=url.into() stage=progress_word(Some(progress))/>
        </section>
    }
    .into_any()
}

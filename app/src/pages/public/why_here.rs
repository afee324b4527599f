//! Why somebody is asked to sign in: what they were about to open. Of its address only the page is named.

use domain::request::RequestKind;
use leptos::prelude::*;

use crate::{paths, text::Text};

pub(super) fn why_here(t: Text, next: Option<&str>) -> Option<AnyView> {
    let what = wanted(t, next?.split('?').next()?)?;
    // Whoever asks for somebody else need not be known here.
    let anyone = next?.starts_with(paths::FOR_ANOTHER).then(|| view! { <p>{t.signin_any_address()}</p> });
    Some(view! { <p class="lead">{t.signin_why(what)}</p> {anyone} }.into_any())
}

fn wanted(t: Text, path: &str) -> Option<String> {
    let below = |page: &str| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // The page of all of theirs last: the others are below it.
    let pages = [
        (paths::REQUESTS, t.signin_why_request()),
        (paths::MINE_LISTS, t.signin_why_lists()),
        (paths::MINE_CONSENT, t.signin_why_consent()),
        (paths::MINE_DELETE, t.signin_why_delete()),
        (paths::MINE_CANCEL, t.signin_why_cancel()),
        (paths::MINE_COPY, t.signin_why_copy()),
        (paths::MINE_CORRECT, t.signin_why_correct()),
        (paths::MINE, t.signin_why_mine()),
        (paths::FOR_ANOTHER, t.signin_why_another()),
    ];
    let Some((_, words)) = pages.into_iter().find(|(page, _)| below(page)) else {
        let kind = RequestKind::from_slug(path.strip_prefix(paths::RIGHTS)?.strip_prefix('/')?)?;
        return Some(t.signin_why_right(kind.name(t.lang())));
    };
    Some(words.to_owned())
}

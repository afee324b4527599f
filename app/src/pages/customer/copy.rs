use domain::{map::DataMap, period::Period};
use leptos::prelude::*;
use service::store::copies::StoredCopy;

use super::kept_copy::waiting;
use crate::{
    components::{before_download, button},
    page::Page,
    pages::public::policy::Pdf,
    paths,
    text::Text,
};

/// How a copy is had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyWay {
    /// All of it fits on a page: at once, or prepared for a poor line.
    Small,
    /// Prepared first.
    Large,
    /// Not while their data is being erased.
    Erasing,
}

/// What a copy is, before it is taken.
pub fn copy(t: Text, map: &DataMap, way: CopyWay, copies: &[StoredCopy], pdf: Pdf) -> Page {
    let summary = match pdf {
        Pdf::Offered => Some(t.copy_inside_pdf()),
        Pdf::No => None,
    };
    let inside = [t.copy_inside_html(), t.copy_inside_csv(), t.copy_inside_json(), t.copy_inside_manifest()];
    let inside: Vec<_> = summary.into_iter().chain(inside).map(|line| view! { <li>{line}</li> }).collect();
    let body = view! {
        <h1>{t.copy_title()}</h1>
        <p class="lead">{t.copy_lead()}</p>
        {waiting(t, copies)}
        <h2>{t.copy_inside()}</h2>
        <ul>{inside}</ul>
        {before_download(t)}
        {ways(t, way, map.portal.keep_copies)}
        <p><a href=paths::MINE>{t.copy_back()}</a></p>
    };
    Page::new(t.copy_title(), body)
}

fn ways(t: Text, way: CopyWay, keep: Period) -> AnyView {
    let how = t.copy_prepare_what(keep.say(t.lang()));
    match way {
        CopyWay::Small => view! {
            <p>{t.copy_small()}</p>
            <form method="post" action=paths::MINE_COPY_FILE>{button(t.copy_download())}</form>
            <h2>{t.copy_prepare_title()}</h2>
            <p>{how}</p>
            <form method="post" action=paths::MINE_COPY_PREPARE><button type="submit">{t.copy_prepare()}</button></form>
        }
        .into_any(),
        CopyWay::Large => view! {
            <p>{t.copy_large()}</p>
            <p>{how}</p>
            <form method="post" action=paths::MINE_COPY_PREPARE>{button(t.copy_prepare())}</form>
        }
        .into_any(),
        CopyWay::Erasing => view! { <p class="notice">{t.copy_erasing()}</p> }.into_any(),
    }
}

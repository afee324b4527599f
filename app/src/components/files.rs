//! The files of a request, each a link.

use domain::{
    file::FiledAs,
    request::{Audience, Side},
};
use leptos::prelude::*;
use service::store::files::Filed;

use super::{Typed, file_field};
use crate::{
    format,
    text::{Text, named},
};

/// What goes with a message.
pub fn attach(t: Text, typed: &Typed) -> AnyView {
    file_field("files", t.represent_attach(), t.represent_attach_hint(), typed)
}

/// What somebody has handed in, and when: to see that it came, not to be opened again.
pub fn handed_in(t: Text, files: &[Filed]) -> Option<AnyView> {
    let line = |file: &Filed| {
        let words = t.represent_file(named::RepresentFile { name: file.name.reveal(), size: file.size.div_ceil(1024) });
        let at = t.represent_handed_in_at(format::moment(t.lang(), file.at));
        view! { <li>{words} " " <span class="hint">{at}</span></li> }
    };
    let lines: Vec<_> = files.iter().map(line).collect();
    (!lines.is_empty()).then(|| {
        view! {
            <h2>{t.represent_handed_in()}</h2>
            <ul>{lines}</ul>
            <p class="hint">{t.represent_handed_in_what()}</p>
        }
        .into_any()
    })
}

/// `base` is the request's address on the reader's side.
pub fn file_list(t: Text, files: &[Filed], base: &str) -> Option<AnyView> {
    let lines: Vec<_> = files
        .iter()
        .map(|file| {
            let words =
                t.represent_file(named::RepresentFile { name: file.name.reveal(), size: file.size.div_ceil(1024) });
            let kind = match file.filed_as {
                FiledAs::Evidence => Some(t.represent_file_evidence()),
                FiledAs::Message(Audience::Only(Side::Subject)) => Some(t.represent_file_with_subject()),
                FiledAs::Message(Audience::Only(Side::Asker)) => Some(t.represent_file_with_asker()),
                FiledAs::Message(Audience::Everyone) => None,
            };
            let kind = kind.map(|kind| view! { " " <span class="hint">{kind}</span> });
            view! { <li><a href=format!("{base}/files/{}", file.id)>{words}</a>{kind}</li> }
        })
        .collect();
    (!lines.is_empty()).then(|| view! { <h2>{t.represent_files()}</h2> <ul>{lines}</ul> }.into_any())
}

//! The files of a request, each a link.

use domain::{
    file::FiledAs,
    request::{Audience, Side},
};
use leptos::prelude::*;
use service::store::files::Filed;

use super::{Typed, file_field};
use crate::text::{Text, named};

/// What goes with a message.
pub fn attach(t: Text, typed: &Typed) -> AnyView {
    file_field("files", t.represent_attach(), t.represent_attach_hint(), typed)
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

//! What a form hands in: words, and files where it has any. Files are known by their content.

use std::collections::BTreeMap;

use app::{components::Typed, text::Text};
use axum::{
    Form,
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::{StatusCode, header},
};
use domain::{
    Personal,
    file::{File, LARGEST, MOST, NotTaken},
};

use super::{cx::Cx, failure::Failure, requests::wrong_words};

/// All that one form may hold.
pub(super) const LARGEST_FORM: usize = MOST * LARGEST + 64 * 1024;

/// Read at the same time, each in memory as a whole.
pub(super) const AT_ONCE: usize = 8;

/// A file as it came, or why it is not taken.
struct Came {
    name: String,
    file: Result<File, NotTaken>,
}

#[derive(Default)]
pub(super) struct Handed {
    words: BTreeMap<String, String>,
    files: Vec<Came>,
}

impl Handed {
    pub(super) fn text(&self, field: &str) -> &str {
        self.words.get(field).map_or("", String::as_str)
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.words.contains_key(field)
    }

    /// Words and files for the other side, or what is wrong with them, with what was typed.
    pub(super) fn message(self, t: Text, field: &'static str, missing: &str) -> Result<(Personal, Vec<File>), Typed> {
        let words = self.text(field).trim().to_owned();
        let mut typed = Typed::default().keep(field, words.clone());
        if let Some(message) = wrong_words(t, &words, missing) {
            typed = typed.wrong(field, message);
        }
        match self.files(t) {
            Ok(files) if !typed.failed() => Ok((Personal::new(words.as_str()), files)),
            Ok(_) => Err(typed),
            Err(message) => Err(typed.wrong("files", message)),
        }
    }

    /// The files, or what is wrong with them.
    pub(super) fn files(self, t: Text) -> Result<Vec<File>, String> {
        if self.files.len() > MOST {
            return Err(t.represent_file_many().to_owned());
        }
        let taken = self.files.into_iter().map(|came| {
            came.file.map_err(|why| match why {
                NotTaken::TooLarge => t.represent_file_large(came.name),
                NotTaken::OtherKind => t.represent_file_other(came.name),
            })
        });
        taken.collect()
    }
}

impl Handed {
    /// Reads a form of somebody who may send one: who it is, is asked before the first byte, and only so many files are
    /// in memory at a time.
    pub(super) async fn take(cx: &Cx, request: Request) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let form = Form::<BTreeMap<String, String>>::from_request(request, &()).await;
            let Form(words) = form.map_err(|_| Failure::Garbled)?;
            cx.said.keep(words.clone().into_iter().collect());
            return Ok(Self { words, files: Vec::new() });
        }
        let _turn = cx.app.uploads.acquire().await.map_err(|_| Failure::PortalDown)?;
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Failure::Garbled)?;
        let too_much = |error: MultipartError| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Failure::TooLarge } else { Failure::Garbled }
        };
        let mut handed = Self::default();
        while let Some(part) = parts.next_field().await.map_err(too_much)? {
            let field = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(too_much)?;
            match name {
                // A browser sends an empty part where no file was chosen.
                Some(name) if name.is_empty() && bytes.is_empty() => {}
                Some(name) => {
                    let file = File::parse(&name, bytes.into());
                    handed.files.push(Came { name, file });
                }
                None => {
                    let words = String::from_utf8(bytes.into()).map_err(|_| Failure::Garbled)?;
                    handed.words.insert(field, words);
                }
            }
        }
        cx.said.keep(handed.words.clone().into_iter().collect());
        Ok(handed)
    }
}

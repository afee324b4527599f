//! What a form hands in: words, and files where it has any. Files are known by their content.

use std::collections::BTreeMap;

use app::text::Text;
use axum::{
    Form,
    extract::{FromRequest, Multipart, Request},
    http::{StatusCode, header},
};
use domain::file::{File, LARGEST, MOST, NotTaken};

/// All that one form may hold.
pub(super) const LARGEST_FORM: usize = MOST * LARGEST + 64 * 1024;

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

impl<S: Send + Sync> FromRequest<S> for Handed {
    type Rejection = StatusCode;

    async fn from_request(request: Request, state: &S) -> Result<Self, StatusCode> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let form = Form::<BTreeMap<String, String>>::from_request(request, state).await;
            let Form(words) = form.map_err(|_| StatusCode::BAD_REQUEST)?;
            return Ok(Self { words, files: Vec::new() });
        }
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| StatusCode::BAD_REQUEST)?;
        let mut handed = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|error| error.status())? {
            let field = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|error| error.status())?;
            match name {
                // A browser sends an empty part where no file was chosen.
                Some(name) if name.is_empty() && bytes.is_empty() => {}
                Some(name) => {
                    let file = File::parse(&name, bytes.to_vec());
                    handed.files.push(Came { name, file });
                }
                None => {
                    let words = String::from_utf8(bytes.to_vec()).map_err(|_| StatusCode::BAD_REQUEST)?;
                    handed.words.insert(field, words);
                }
            }
        }
        Ok(handed)
    }
}

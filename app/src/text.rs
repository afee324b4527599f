//! Every text of the product in both languages, one function each, generated from `locales/`.

use domain::Lang;

/// The texts in one language.
#[derive(Clone, Copy, Debug)]
pub struct Text(pub Lang);

include!(concat!(env!("OUT_DIR"), "/text.rs"));

impl Text {
    pub fn of(lang: Lang) -> Self {
        Self(lang)
    }

    pub const fn lang(self) -> Lang {
        self.0
    }
}

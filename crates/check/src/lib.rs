//! The check of a certificate as a module for browsers, by itself: islands on other pages need not carry it.

use domain::proof::{Document, Wrong};
use wasm_bindgen::prelude::wasm_bindgen;

/// Whether a certificate's file holds, signed with `key`: `good`, or what is wrong with it.
#[wasm_bindgen]
#[expect(clippy::must_use_candidate, reason = "called from JavaScript")]
pub fn check(text: &str, key: &str) -> String {
    let word = match Document::parse(text).and_then(|document| document.holds(key)) {
        Ok(()) => "good",
        Err(Wrong::NotADocument) => "document",
        Err(Wrong::OtherKey) => "stranger",
        Err(Wrong::Changed) => "changed",
        Err(Wrong::OtherEntry) => "entry",
        Err(Wrong::NotInLog) => "log",
    };
    word.to_owned()
}

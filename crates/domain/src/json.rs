//! Our own types written as JSON.
//!
//! Nothing of ours can fail to be written: how it is written is derived, and keys of maps are texts. An empty text in
//! the place of what could not be would be stored, signed and believed; a panic leaves the transaction undone.

use serde::Serialize;

fn written<T>(result: serde_json::Result<T>) -> T {
    #[expect(clippy::expect_used, reason = "see above: a type that cannot be written is a mistake in its definition")]
    result.expect("our own types can be written as JSON")
}

pub fn text<T: Serialize + ?Sized>(value: &T) -> String {
    written(serde_json::to_string(value))
}

pub fn bytes<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    written(serde_json::to_vec(value))
}

pub fn value<T: Serialize + ?Sized>(value: &T) -> serde_json::Value {
    written(serde_json::to_value(value))
}

/// How a value of an enum without content is written: the serde name.
pub(crate) fn name<T: Serialize>(value: &T) -> String {
    text(value).trim_matches('"').to_owned()
}

//! Proof that anyone can check without this product: signed documents, and their place in the audit log.
//! Nothing here says anything about a person.
//!
//! A signature covers the bytes of `body`, which is JSON inside a string: whoever checks it need not know how
//! it was written. `docs/verify.mjs` checks the same in thirty lines of another language.

mod certificate;
pub mod merkle;

use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use certificate::{Certificate, Certified, Document, Entered, Head, Left, Of, Stopped};

/// Named in every document, so that another (SM2) can follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    Ed25519,
}

/// A text and who signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    pub body: String,
    pub algorithm: Algorithm,
    /// The public key, in hexadecimal digits.
    pub key: String,
    pub signature: String,
}

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("this is no certificate, or not all of it")]
    NotADocument,
    #[error("it was signed by somebody else")]
    OtherKey,
    #[error("what it says was changed after it was signed")]
    Changed,
    #[error("the entry of the audit log is about another certificate")]
    OtherEntry,
    #[error("the entry is not in the audit log that was signed")]
    NotInLog,
}

impl Signed {
    /// Whether the body is what the holder of `key` signed.
    ///
    /// # Errors
    /// [`Wrong::OtherKey`], [`Wrong::Changed`]; [`Wrong::NotADocument`] where key or signature cannot be one.
    pub fn check(&self, key: &str) -> Result<(), Wrong> {
        if !self.key.eq_ignore_ascii_case(key) {
            return Err(Wrong::OtherKey);
        }
        let key: [u8; 32] = bytes(&self.key)?;
        let signature = Signature::from_bytes(&bytes(&self.signature)?);
        let key = VerifyingKey::from_bytes(&key).map_err(|_| Wrong::NotADocument)?;
        key.verify_strict(self.body.as_bytes(), &signature).map_err(|_| Wrong::Changed)
    }
}

/// Exactly so many bytes of hexadecimal digits.
pub(crate) fn bytes<const N: usize>(text: &str) -> Result<[u8; N], Wrong> {
    let mut out = [0; N];
    hex::decode_to_slice(text, &mut out).map_err(|_| Wrong::NotADocument)?;
    Ok(out)
}

pub fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

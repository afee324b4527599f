//! How a copy is sealed while it is written: in pieces, as STREAM has it (Hoang, Reyhanitabar, Rogaway, Vizár 2015).
//! Each piece is bound to its place and to whether it is the last, so that none can be left out, exchanged, repeated
//! or cut off without being noticed; and nothing needs the whole of it at once.

use aead_stream::{Decryptor, Encryptor, StreamBE32};
use chacha20poly1305::{XChaCha20Poly1305, aead::Payload};
use zeroize::Zeroizing;

use crate::StoreError;

/// What is sealed at a time.
pub const PIECE: usize = 256 * 1024;

const KEY: usize = 32;
/// The nonce of `XChaCha20` without the place and the mark of the last.
const NONCE: usize = 19;

/// The key of one copy, of one time it is written, and of nothing else.
pub struct CopyKey(Zeroizing<[u8; KEY + NONCE]>);

impl CopyKey {
    pub fn generate() -> Result<Self, StoreError> {
        let mut key = Zeroizing::new([0; KEY + NONCE]);
        getrandom::fill(key.as_mut()).map_err(|_| StoreError::Other { code: "no randomness".into() })?;
        Ok(Self(key))
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let bytes = bytes.try_into().map_err(|_| StoreError::Inconsistent { what: "the key of a copy" })?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_ref()
    }

    fn parts(&self) -> Result<(&[u8; KEY], &[u8; NONCE]), StoreError> {
        let parts = self.0.split_first_chunk::<KEY>().and_then(|(key, rest)| Some((key, rest.first_chunk::<NONCE>()?)));
        parts.ok_or(StoreError::Inconsistent { what: "the key of a copy" })
    }

    /// `of` names what is sealed: a piece of one copy is none of another's.
    pub fn sealer(&self, of: &str) -> Result<Sealer, StoreError> {
        let (key, nonce) = self.parts()?;
        Ok(Sealer { stream: Encryptor::new(key.into(), nonce.into()), of: of.to_owned() })
    }

    pub fn opener(&self, of: &str) -> Result<Opener, StoreError> {
        let (key, nonce) = self.parts()?;
        Ok(Opener { stream: Decryptor::new(key.into(), nonce.into()), of: of.to_owned() })
    }
}

impl std::fmt::Debug for CopyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CopyKey(…)")
    }
}

pub struct Sealer {
    stream: Encryptor<XChaCha20Poly1305, StreamBE32<XChaCha20Poly1305>>,
    of: String,
}

impl Sealer {
    pub fn next(&mut self, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let payload = Payload { msg: plain, aad: self.of.as_bytes() };
        self.stream.encrypt_next(payload).map_err(|_| StoreError::Inconsistent { what: "a piece to seal" })
    }

    pub fn last(self, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let payload = Payload { msg: plain, aad: self.of.as_bytes() };
        self.stream.encrypt_last(payload).map_err(|_| StoreError::Inconsistent { what: "a piece to seal" })
    }
}

pub struct Opener {
    stream: Decryptor<XChaCha20Poly1305, StreamBE32<XChaCha20Poly1305>>,
    of: String,
}

impl Opener {
    pub fn next(&mut self, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let payload = Payload { msg: sealed, aad: self.of.as_bytes() };
        self.stream.decrypt_next(payload).map_err(|_| damaged())
    }

    pub fn last(self, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let payload = Payload { msg: sealed, aad: self.of.as_bytes() };
        self.stream.decrypt_last(payload).map_err(|_| damaged())
    }
}

const fn damaged() -> StoreError {
    StoreError::Inconsistent { what: "a piece of a copy" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn seal(key: &CopyKey, of: &str, pieces: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let mut sealer = key.sealer(of).unwrap();
        let (last, rest) = pieces.split_last().unwrap();
        let mut all: Vec<Vec<u8>> = rest.iter().map(|piece| sealer.next(piece).unwrap()).collect();
        all.push(sealer.last(last).unwrap());
        all
    }

    fn open(key: &CopyKey, of: &str, sealed: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut opener = key.opener(of)?;
        let (last, rest) = sealed.split_last().unwrap();
        let mut plain = rest.iter().map(|piece| opener.next(piece)).collect::<Result<Vec<_>, _>>()?;
        plain.push(opener.last(last)?);
        Ok(plain)
    }

    proptest! {
        #[test]
        fn what_is_cut_off_exchanged_repeated_or_changed_is_refused(
            pieces in vec(vec(any::<u8>(), 0..200), 1..8),
            at in any::<prop::sample::Index>(),
            to in any::<prop::sample::Index>(),
            bit in any::<prop::sample::Index>(),
        ) {
            let key = CopyKey::generate().unwrap();
            let whole = seal(&key, "one", &pieces);
            prop_assert_eq!(open(&key, "one", &whole).unwrap(), pieces);
            prop_assert!(open(&key, "another", &whole).is_err(), "of another copy");
            prop_assert!(open(&CopyKey::generate().unwrap(), "one", &whole).is_err(), "with another key");
            let (at, to) = (at.index(whole.len()), to.index(whole.len()));

            let mut removed = whole.clone();
            removed.remove(at);
            prop_assert!(removed.is_empty() || open(&key, "one", &removed).is_err(), "one is missing");
            let cut = &whole[..=at];
            prop_assert!(cut.len() == whole.len() || open(&key, "one", cut).is_err(), "the end is missing");
            let mut exchanged = whole.clone();
            exchanged.swap(at, to);
            prop_assert!(at == to || open(&key, "one", &exchanged).is_err(), "exchanged");
            let mut repeated = whole.clone();
            repeated.insert(to, whole[at].clone());
            prop_assert!(open(&key, "one", &repeated).is_err(), "one twice");
            let mut changed = whole.clone();
            let byte = bit.index(changed[at].len());
            changed[at][byte] ^= 1;
            prop_assert!(open(&key, "one", &changed).is_err(), "changed");
        }
    }
}

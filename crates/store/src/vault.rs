//! What is sealed in the portal's database, and how it is found again without being opened.
//!
//! XChaCha20-Poly1305 under a key derived from the portal's key file; the associated data binds a
//! sealed value to its place, so that values cannot be exchanged between rows. The blind index is
//! an HMAC: equal identifiers have equal indexes, and nobody without the key can try numbers.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::{
    Identifier, Personal, json,
    proof::{Algorithm, Signed},
};
use ed25519_dalek::{Signer, SigningKey};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::StoreError;

/// The 32 bytes of the portal's key file.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    pub fn generate() -> Result<Self, StoreError> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut()).map_err(|_| StoreError::Other { code: "no randomness".into() })?;
        Ok(Self(key))
    }

    /// From 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim(), key.as_mut()).ok()?;
        Some(Self(key))
    }

    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_ref()))
    }
}

/// A value nobody reads without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(pub(crate) Vec<u8>);

pub struct Vault {
    seal: XChaCha20Poly1305,
    index: Zeroizing<MacKey>,
    mark: Zeroizing<MacKey>,
    lock: Zeroizing<MacKey>,
    sign: SigningKey,
}

const VERSION: u8 = 1;
/// Characters of a mark: of two that look the same masked, one pair in 65,536 is marked the same.
const MARK: usize = 4;

/// As long as a block of SHA-256, so that HMAC uses it as it is.
type MacKey = [u8; 64];

impl Vault {
    pub fn new(key: &MasterKey) -> Self {
        let derived = Hkdf::<Sha256>::new(Some(b"qingdan v1"), key.0.as_ref());
        let derive = |purpose: &[u8], out: &mut [u8]| {
            // HKDF can give 255 hashes of output; these are one and two, so this cannot fail.
            let _ = derived.expand(purpose, out);
        };
        let mut seal = Zeroizing::new([0; 32]);
        let [mut index, mut mark, mut lock] = [(); 3].map(|()| Zeroizing::new([0; 64]));
        derive(b"seal", seal.as_mut());
        derive(b"blind index", index.as_mut());
        derive(b"audit mark", mark.as_mut());
        derive(b"lock away", lock.as_mut());
        let mut sign = Zeroizing::new([0; 32]);
        derive(b"sign ed25519", sign.as_mut());
        Self { seal: XChaCha20Poly1305::new((&*seal).into()), index, mark, lock, sign: SigningKey::from_bytes(&sign) }
    }

    /// Seals `plain` for one place, such as `request.subject:ID`.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Sealed, StoreError> {
        let mut nonce = [0; 24];
        getrandom::fill(&mut nonce).map_err(|_| StoreError::Other { code: "no randomness".into() })?;
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let sealed = self
            .seal
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| StoreError::Inconsistent { what: "a value to seal" })?;
        let mut out = Vec::with_capacity(1 + nonce.len() + sealed.len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(Sealed(out))
    }

    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let damaged = || StoreError::Inconsistent { what: "a sealed value" };
        let (version, rest) = sealed.split_first().ok_or_else(damaged)?;
        let (nonce, sealed) = rest.split_at_checked(24).ok_or_else(damaged)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| damaged())?;
        if *version != VERSION {
            return Err(damaged());
        }
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        self.seal.decrypt(&nonce, payload).map(Zeroizing::new).map_err(|_| damaged())
    }

    pub(crate) fn open_text(&self, place: &str, sealed: &[u8]) -> Result<Personal, StoreError> {
        let plain = self.open(place, sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| StoreError::Inconsistent { what: "a sealed text" })?;
        Ok(Personal::new(text))
    }

    /// The keyed hash by which an identifier is found.
    pub fn index(&self, identifier: &Identifier) -> String {
        keyed(&self.index, &[identifier.kind().as_str(), identifier.reveal()])
    }

    /// By which two are told apart that look the same masked: a few characters of a keyed hash, from which nothing is read.
    pub fn person_mark(&self, identifier: &Identifier) -> String {
        let hash = keyed(&self.index, &["person_mark", identifier.kind().as_str(), identifier.reveal()]);
        hash.chars().take(MARK).collect::<String>().to_uppercase()
    }

    /// The keyed hash of anything else that must be compared and not read, such as a network address.
    pub fn index_text(&self, kind: &str, text: &str) -> String {
        keyed(&self.index, &[kind, text])
    }

    /// Signs a text as the portal.
    pub fn sign(&self, body: String) -> Signed {
        let signature = hex::encode(self.sign.sign(body.as_bytes()).to_bytes());
        Signed { body, algorithm: Algorithm::Ed25519, key: self.public_key(), signature }
    }

    /// What others check signatures with, in hexadecimal digits.
    pub fn public_key(&self) -> String {
        hex::encode(self.sign.verifying_key().to_bytes())
    }

    /// The key of what is locked away for one request.
    pub fn lock_key(&self, lot: &str) -> Zeroizing<[u8; 32]> {
        let mut mac = mac(&self.lock);
        mac.update(lot.as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    pub(crate) fn mark(&self, seq: i64, hash: &[u8]) -> Vec<u8> {
        let mut mac = mac(&self.mark);
        mac.update(&seq.to_le_bytes());
        mac.update(hash);
        mac.finalize().into_bytes().to_vec()
    }
}

fn keyed(key: &MacKey, parts: &[&str]) -> String {
    let mut mac = mac(key);
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part.as_bytes());
    }
    let tag: [u8; 32] = mac.finalize().into_bytes().into();
    hex::encode(tag.get(..16).unwrap_or(&tag))
}

fn mac(key: &MacKey) -> Hmac<Sha256> {
    Hmac::<Sha256>::new(key.into())
}

/// A one-way name for something random, such as a session id or a one-time code with its challenge.
pub fn digest(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hex::encode(hasher.finalize())
}

/// Compared without telling by the time it takes where they differ.
pub fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// How identifiers are written inside a sealed value.
pub(crate) fn write_identifiers(identifiers: &[Identifier]) -> Zeroizing<Vec<u8>> {
    let pairs: Vec<(&str, &str)> = identifiers.iter().map(|i| (i.kind().as_str(), i.reveal())).collect();
    Zeroizing::new(json::bytes(&pairs))
}

pub(crate) fn read_identifiers(plain: &[u8]) -> Result<Vec<Identifier>, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "a sealed subject" };
    let pairs: Vec<(domain::IdentifierKind, String)> = serde_json::from_slice(plain).map_err(|_| damaged())?;
    pairs.into_iter().map(|(kind, value)| Identifier::parse(kind, &value).ok_or_else(damaged)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::IdentifierKind;

    fn vault() -> Vault {
        Vault::new(&MasterKey::from_bytes([7; 32]))
    }

    #[test]
    fn a_sealed_value_opens_in_its_place_only() {
        let vault = vault();
        let sealed = vault.seal("request:1", "李娜".as_bytes()).unwrap();
        assert!(!sealed.0.windows(6).any(|w| w == "李娜".as_bytes()));
        assert_eq!(vault.open("request:1", &sealed.0).unwrap().as_slice(), "李娜".as_bytes());
        assert!(vault.open("request:2", &sealed.0).is_err());
        let mut damaged = sealed.0;
        *damaged.last_mut().unwrap() ^= 1;
        assert!(vault.open("request:1", &damaged).is_err());
        assert!(vault.open("request:1", &[]).is_err());
    }

    #[test]
    fn the_index_depends_on_the_key_and_the_kind() {
        let id = Identifier::parse(IdentifierKind::Mobile, "15400000001").unwrap();
        assert_eq!(vault().index(&id), vault().index(&id));
        assert_ne!(vault().index(&id), Vault::new(&MasterKey::from_bytes([8; 32])).index(&id));
        assert_ne!(vault().index(&id), vault().index_text("email", "15400000001"));
    }
}

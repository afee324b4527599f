//! What a floor keeps and nobody may use: values sealed before they are left in the company's database, each row's
//! under a key of its own (PIPL art. 47 para. 2: nothing but storage and security).

use std::collections::BTreeMap;

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::map::{Column, TableName};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The table it is left in, beside the receipts.
pub const LOCKED: &str = "qingdan_locked";

const NONCE: usize = 24;

/// A table as it is named there: a source may be called otherwise in another map.
pub(crate) fn name_in_source(table: &TableName) -> String {
    match &table.schema {
        Some(schema) => format!("{schema}.{}", table.table),
        None => table.table.clone(),
    }
}

/// The key of one request's rows.
pub struct Lock {
    /// The request: what its rows are found by.
    pub lot: String,
    key: Zeroizing<[u8; 32]>,
}

/// One row's side as it was. Written inside the sealed value.
#[derive(Serialize, Deserialize)]
pub(crate) struct Content {
    pub(crate) key: Vec<String>,
    pub(crate) values: BTreeMap<Column, Option<String>>,
}

impl Lock {
    pub const fn new(lot: String, key: Zeroizing<[u8; 32]>) -> Self {
        Self { lot, key }
    }

    /// For the row `id`, which nothing else is sealed for. The nonce comes from the content, so that even two
    /// contents under one `id` would tell nothing about each other.
    pub(crate) fn seal(&self, id: &str, plain: &[u8]) -> Option<Vec<u8>> {
        let key = self.row_key(id);
        let nonce = XNonce::try_from(mac(&key, plain).get(..NONCE)?).ok()?;
        let payload = Payload { msg: plain, aad: id.as_bytes() };
        let sealed = XChaCha20Poly1305::new((&*key).into()).encrypt(&nonce, payload).ok()?;
        Some([nonce.as_slice(), sealed.as_slice()].concat())
    }

    pub(crate) fn open(&self, id: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: id.as_bytes() };
        let key = self.row_key(id);
        let plain = XChaCha20Poly1305::new((&*key).into()).decrypt(&XNonce::try_from(nonce).ok()?, payload).ok()?;
        Some(Zeroizing::new(plain))
    }

    fn row_key(&self, id: &str) -> Zeroizing<[u8; 32]> {
        mac(&self.key, id.as_bytes())
    }
}

fn mac(key: &[u8; 32], text: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(text);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lock(byte: u8) -> Lock {
        Lock::new("request".into(), Zeroizing::new([byte; 32]))
    }

    proptest! {
        #[test]
        fn it_opens_for_its_own_row_and_key_only(plain: Vec<u8>, id in "[a-f0-9-]{36}", other in "[a-f0-9-]{35}") {
            let sealed = lock(1).seal(&id, &plain).unwrap();
            let opened = lock(1).open(&id, &sealed).map(|plain| plain.to_vec());
            prop_assert_eq!(opened, Some(plain));
            prop_assert!(lock(1).open(&other, &sealed).is_none());
            prop_assert!(lock(2).open(&id, &sealed).is_none());
        }

        #[test]
        fn whatever_stands_there_does_no_harm(sealed: Vec<u8>) {
            prop_assert!(lock(1).open("id", &sealed).is_none());
        }
    }
}

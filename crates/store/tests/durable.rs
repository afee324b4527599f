//! What somebody was told is on the disk, whatever the server prefers.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use jiff::Timestamp;
use store::{MasterKey, Store, Vault};
use testkit::{LAZY, Postgres};

#[tokio::test]
async fn what_was_committed_survives_a_server_that_does_not_wait_for_its_disk() {
    let server = Postgres::start_with(LAZY);
    let url = server.database();
    let key = MasterKey::generate().unwrap();
    let open = async || Store::open(&url, Path::new(""), Vault::new(&key)).await.unwrap();
    let (told, later) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(600).unwrap());
    open().await.create_session("told", b"a number", later).await.unwrap();
    server.crash();
    assert_eq!(open().await.load_session("told", told).await.unwrap().as_deref(), Some(&b"a number"[..]));
}

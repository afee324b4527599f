//! Servers for tests, started from installed binaries on free ports in temporary folders and
//! stopped when dropped. A missing binary is an error that names the Debian package.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot start must say so and stop"
)]

mod disk;
mod mariadb;
mod postgres;
mod smtp;

pub use disk::{Kept, Recording};
pub use mariadb::Mariadb;
pub use postgres::{LAZY, Postgres};
pub use smtp::Smtp;

use std::{net::TcpListener, path::PathBuf, process::Command};

/// A port nobody listens on at the moment.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).expect("a free port").local_addr().expect("its address").port()
}

/// Database servers refuse to run as root.
fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// The first of these paths that exists.
fn binary(candidates: &[&str], package: &str) -> PathBuf {
    candidates
        .iter()
        .map(PathBuf::from)
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("none of {candidates:?} exists: apt-get install {package}"))
}

/// To the server, and to the one behind `runuser`.
fn signal(signal: &str, id: u32) {
    let _ = Command::new("pkill").args([signal, "-P", &id.to_string()]).status();
    let _ = Command::new("kill").args([signal, &id.to_string()]).status();
}

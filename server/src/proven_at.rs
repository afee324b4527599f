//! When a system of the company's last made somebody prove who they are.

use jiff::{SignedDuration, Timestamp};

/// Clocks are not the same everywhere.
pub(crate) const LEEWAY: SignedDuration = SignedDuration::from_secs(30);

/// By the token's `auth_time`. That of its making (`iat`) is not assumed where it says nothing: the person may have
/// signed in weeks before. Then too long ago to count as fresh, and likewise for one that lies ahead.
pub(crate) fn proven_at(auth_time: Option<i64>, now: Timestamp) -> Timestamp {
    let at = auth_time.and_then(|at| Timestamp::from_second(at).ok());
    at.filter(|at| *at <= now + LEEWAY).unwrap_or(Timestamp::UNIX_EPOCH).min(now)
}

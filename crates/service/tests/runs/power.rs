//! The power goes. Whatever the disk still holds, work goes on to the same end, and nothing was claimed that is gone:
//! a night's steps are flushed together, so what was last committed may be missing, the ledger's own word never.

use std::{process::Command, sync::atomic::Ordering};

use super::{
    faults::{check, process, seeds},
    world::{SCHEMA, World, backup, company},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sea_orm::{ConnectionTrait, Database};
use sources::fault::Faults;
use tempfile::TempDir;
use testkit::{Kept, Recording};

/// Moments and states of the disk tried, of one recorded piece of work.
const CUTS: u64 = 150;
const FOLDER: &str = "QINGDAN_POWER_FOLDER";

async fn begun(journal: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let db = Database::connect(company(dir.path())).await.unwrap();
    db.execute_unprepared(&format!("PRAGMA journal_mode = {journal}")).await.unwrap();
    db.execute_unprepared(SCHEMA).await.unwrap();
    db.close().await.unwrap();
    let world = World::new(dir, None);
    world.begin().await;
    backup(&world).await
}

/// Li's erasure and the night, in a process of its own whose writing is watched.
#[tokio::test]
#[ignore = "the work of `a_power_cut_…`, which starts it"]
async fn works() {
    let folder = std::env::var(FOLDER).unwrap();
    let world = World::new(tempfile::tempdir().unwrap(), None);
    process(world.portal_in(folder.as_ref(), Faults::default()).await).await;
}

async fn loses_nothing(journal: &str) {
    let folder = begun(journal).await;
    let mut work = Command::new(std::env::current_exe().unwrap());
    work.args(["--ignored", "--exact", "power::works"]).env(FOLDER, folder.path());
    let recording = Recording::of(&work, folder.path());
    for seed in seeds(CUTS) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let moment = rng.random_range(0..=recording.moments());
        // Nothing, everything, or any of what was not flushed.
        let part = match rng.random_range(0..4) {
            0 => Some(Kept::Nothing),
            1 => Some(Kept::All),
            _ => None,
        };
        let left = recording
            .cut(moment, || part.unwrap_or_else(|| [Kept::All, Kept::Nothing, Kept::Torn][rng.random_range(0..3)]));
        eprintln!("QINGDAN_SEED={seed}: the power went before call {moment} of {}", recording.moments());
        let world = World::new(left, None);
        // Later than every lease and every wait before another try.
        world.now.fetch_add(11 * 60_000, Ordering::Relaxed);
        process(world.portal(Faults::default()).await).await;
        check(&world).await;
    }
}

#[tokio::test]
async fn a_power_cut_loses_nothing_with_a_log() {
    loses_nothing("WAL").await;
}

#[tokio::test]
async fn a_power_cut_loses_nothing_with_a_journal() {
    loses_nothing("DELETE").await;
}

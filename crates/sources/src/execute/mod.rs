//! The executor. The only statements that change rows in a company's database are in this folder
//! (invariant 3): erasures, the night's purge and corrections all come through here.
//!
//! A step is one bounded transaction. In the same transaction it leaves a receipt, a row with the
//! step's number and its count and nothing else, in the table [`RECEIPTS`]. After a crash the
//! receipt tells whether the step was done, so that nothing is done twice and nothing is claimed
//! that did not happen.

mod bounds;
mod change;
mod common;
mod correct;
mod lock;
mod others;
mod partition;
mod receipts;
mod settle;
mod step;
mod stretch;
pub mod unlock;
mod wal;

use std::time::Duration;

use domain::{
    map::Engine,
    plan::{Item, Outcome},
};
use sea_orm::{
    DatabaseTransaction, DbErr, IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::{
    Key, Source, SourceError, Terms,
    select::{Part, What, parts},
};

pub use bounds::{Even, bounds, even_bounds};
pub(crate) use change::UNIQUE_LENGTH;
pub use common::common;
pub use correct::{Correction, correct};
pub use lock::prepare_lock;
pub(crate) use lock::to_destroy;
pub(crate) use others::others_wrote;
pub use partition::{drop_partition, due_partitions};
pub use receipts::{RECEIPTS, are_kept, clear_receipts, prepare, receipts, settle_step};
pub use settle::settle;
pub use step::{Approved, run_step, run_together};
pub use stretch::{Flush, Guard, How, Stretch, can_walk, run_stretch};
pub use wal::{write_back, writing_back};

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub rows: u64,
    /// The last key it passed; `None` when there was nothing left.
    pub up_to: Option<Key>,
    /// How long its transaction was open, and so its locks were held.
    pub held: Duration,
}

impl Done {
    const NOTHING: Self = Self { rows: 0, up_to: None, held: Duration::ZERO };
}

/// The part of the map a plan's item speaks of.
fn part_of<'a>(terms: &Terms<'a>, item: &Item) -> Option<Part<'a>> {
    parts(terms).into_iter().find(|part| is_of(part, item))
}

fn is_of(part: &Part<'_>, item: &Item) -> bool {
    let same = match part.what {
        What::Delete => item.outcome == Outcome::Deleted,
        What::Anonymise => item.outcome == Outcome::Anonymised,
        What::LockAway => matches!(item.outcome, Outcome::LockedAway { .. }),
        What::Restrict(this) => matches!(&item.outcome, Outcome::Restricted { restriction } if restriction == this),
        What::KeepHeld | What::KeepForFloor | What::KeepNotStarted => false,
    };
    same && part.table.name == item.table && part.roles == item.roles
}

async fn begin(source: &Source, flush: Flush) -> Result<DatabaseTransaction, SourceError> {
    let options = TransactionOptions {
        // A deferred transaction that reads first and then writes fails at once when another
        // program writes in between; an immediate one waits its turn.
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        // Under READ COMMITTED a row the company changed while we waited for its lock would still be
        // taken: only the keys are looked at again. Here it is an error, and the step is repeated.
        isolation_level: match source.engine {
            Engine::Postgres => Some(IsolationLevel::RepeatableRead),
            // Rows are locked as they are found, and no more than those: under MySQL's own default the
            // gaps between them would be locked too.
            Engine::Mysql => Some(IsolationLevel::ReadCommitted),
            Engine::Sqlite | Engine::Http | Engine::Manual => None,
        },
        ..TransactionOptions::default()
    };
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let db = source.writing().await?;
    // The one connection that writes is shared: a person's step must not inherit what a night's has set.
    wal::prepare_flush(source, db, flush).await.map_err(fail)?;
    db.begin_with_options(options).await.map_err(fail)
}

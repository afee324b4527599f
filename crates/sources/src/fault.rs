//! Named moments at which a test can let a run die or fail. In service nothing listens.

use std::sync::Arc;

use domain::map::SourceName;

use crate::SourceError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Point {
    /// Before the selection is counted.
    Plan,
    /// Before the ledger is asked for steps that were begun and have no end.
    Resume,
    /// The ledger says the step begins; the company's database knows nothing of it.
    StepBegun,
    /// Rows are changed, nothing is committed.
    Changed,
    /// Rows are changed and the receipt is there, nothing is committed.
    Receipt,
    /// The company's database has committed; the answer is on its way.
    Committed,
    /// The answer is here; the ledger does not know.
    StepDone,
    /// Everything is done; nobody has looked again.
    Verify,
    /// Verified; the portal has not said so.
    Finish,
}

impl Point {
    pub const ALL: [Self; 9] =
        domain::all![Plan, Resume, StepBegun, Changed, Receipt, Committed, StepDone, Verify, Finish];
}

/// What listens at the points. It may panic, which is a process that dies there, or say what fails.
type Listener = dyn Fn(Point, &SourceName) -> Result<(), SourceError> + Send + Sync;

#[derive(Clone, Default)]
pub struct Faults(Option<Arc<Listener>>);

impl Faults {
    pub fn new(listener: impl Fn(Point, &SourceName) -> Result<(), SourceError> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    /// # Errors
    /// What the test says fails here.
    pub fn at(&self, point: Point, source: &SourceName) -> Result<(), SourceError> {
        self.0.as_ref().map_or(Ok(()), |listener| listener(point, source))
    }
}

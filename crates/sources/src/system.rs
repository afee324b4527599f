//! What a run does with each system it touches, whatever kind of system that is.

use domain::{
    ids::StepId,
    map::{SourceName, TableName},
};

use crate::{Source, SourceError, Sources, execute, http::HttpSource};

pub enum System<'a> {
    Sql(&'a Source),
    Http(&'a HttpSource),
}

impl Sources {
    /// The system of this name.
    ///
    /// # Errors
    /// One the map does not name, or that only people can reach.
    pub fn system(&self, name: &SourceName) -> Result<System<'_>, SourceError> {
        let sql = self.get(name).map(System::Sql);
        sql.or_else(|| self.http(name).map(System::Http))
            .ok_or_else(|| SourceError::Unreachable { source_name: name.clone() })
    }
}

impl System<'_> {
    /// Before the first step.
    pub async fn prepare(&self) -> Result<(), SourceError> {
        match self {
            Self::Sql(source) => execute::prepare(source).await,
            Self::Http(_) => Ok(()),
        }
    }

    /// Before the first step that locks something away.
    pub async fn prepare_lock(&self) -> Result<(), SourceError> {
        match self {
            Self::Sql(source) => execute::prepare_lock(source).await,
            Self::Http(_) => Ok(()),
        }
    }

    /// Settles a step whose end nobody saw.
    pub async fn settle_step(&self, step: StepId) -> Result<u64, SourceError> {
        match self {
            Self::Sql(source) => execute::settle_step(source, step).await,
            Self::Http(source) => source.settle(step).await,
        }
    }

    /// Steps that have left a receipt.
    pub async fn receipts(&self) -> Result<Vec<StepId>, SourceError> {
        match self {
            Self::Sql(source) => execute::receipts(source).await,
            Self::Http(_) => Ok(Vec::new()),
        }
    }

    /// Whether what these steps changed is still changed. To be asked after a commit that waited for the disk.
    pub async fn are_kept(&self, steps: &[(StepId, u64)]) -> Result<bool, SourceError> {
        match self {
            Self::Sql(source) => execute::are_kept(source, steps).await,
            Self::Http(_) => Ok(true),
        }
    }

    /// After the last step: receipts the ledger has taken over, void ones of steps before `oldest`, and what storage
    /// remembers of erased rows.
    pub async fn tidy_up(&self, steps: &[StepId], oldest: StepId, changed: &[TableName]) -> Result<(), SourceError> {
        match self {
            Self::Sql(source) => {
                execute::clear_receipts(source, steps, oldest).await?;
                execute::settle(source, changed).await
            }
            Self::Http(_) => Ok(()),
        }
    }
}

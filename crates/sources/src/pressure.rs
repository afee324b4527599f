//! How hard pressed a company's database is: whether its replicas have fallen behind, whether its own
//! programs wait for locks. The night stands back while it is.

use domain::map::Engine;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use crate::{Source, SourceError};

/// Why the night waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressure {
    /// A replica is so many seconds behind.
    Lag(i64),
    /// So many of the company's own sessions wait for a lock.
    Waiting(i64),
}

/// Seconds the slowest replica is behind, and the sessions of others that wait for a lock.
const POSTGRES: &str = "SELECT \
    (SELECT coalesce(max(extract(epoch FROM replay_lag)), 0)::bigint FROM pg_stat_replication), \
    (SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name <> 'qingdan' \
     AND datname = current_database())";

/// What replicas do is not known to a MySQL primary.
const MYSQL: &str = "SELECT CAST(0 AS SIGNED), CAST(count(*) AS SIGNED) FROM information_schema.innodb_trx \
    WHERE trx_state = 'LOCK WAIT' AND trx_mysql_thread_id NOT IN \
    (SELECT id FROM information_schema.processlist WHERE user = substring_index(current_user(), '@', 1))";

impl Source {
    /// What presses, above the limits of the map. `None` where nothing does, or the account may not know.
    ///
    /// # Errors
    /// A source that cannot be reached.
    pub async fn pressure(&self) -> Result<Option<Pressure>, SourceError> {
        let sql = match self.engine {
            Engine::Postgres => POSTGRES,
            Engine::Mysql => MYSQL,
            Engine::Sqlite | Engine::Http | Engine::Manual => return Ok(None),
        };
        let db = self.reading().await?;
        let Ok(Some(row)) = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await else {
            return Ok(None);
        };
        let fail = |error: DbErr| SourceError::from_db(&self.name, None, &error);
        let (lag, waiting): (i64, i64) =
            (row.try_get_by_index(0).map_err(fail)?, row.try_get_by_index(1).map_err(fail)?);
        let limits = self.limits();
        Ok(if lag > i64::from(limits.lag) {
            Some(Pressure::Lag(lag))
        } else if waiting > i64::from(limits.waiting) {
            Some(Pressure::Waiting(waiting))
        } else {
            None
        })
    }
}

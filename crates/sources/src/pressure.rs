//! How hard pressed a company's database is: whether its own programs are at work in it, whether its replicas
//! have fallen behind, whether sessions wait for locks. The night takes all it can get when it is alone, little
//! when it is not, and stands back when something is wrong.

use domain::map::Engine;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use crate::{Source, SourceError, execute::others_wrote};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pressure {
    /// Nobody else is there.
    #[default]
    Alone,
    /// The company's own programs are at work.
    Amid,
    /// A replica is so many seconds behind.
    Lag(i64),
    /// So many of the company's own sessions wait for a lock.
    Waiting(i64),
}

impl Pressure {
    /// Nothing more should be begun for now.
    pub const fn stops(self) -> bool {
        match self {
            Self::Lag(_) | Self::Waiting(_) => true,
            Self::Alone | Self::Amid => false,
        }
    }
}

/// Seconds the slowest replica is behind; the sessions of others that wait for a lock; those that did
/// something within the last two seconds.
const POSTGRES: &str = "SELECT \
    (SELECT coalesce(max(extract(epoch FROM replay_lag)), 0)::bigint FROM pg_stat_replication), \
    count(*) FILTER (WHERE wait_event_type = 'Lock'), \
    count(*) FILTER (WHERE state = 'active' OR state_change > clock_timestamp() - interval '2 seconds') \
    FROM pg_stat_activity WHERE application_name <> 'qingdan' AND backend_type = 'client backend' \
    AND datname = current_database()";

/// What replicas do is not known to a MySQL primary.
const MYSQL: &str = "SELECT CAST(0 AS SIGNED), \
    (SELECT CAST(count(*) AS SIGNED) FROM information_schema.innodb_trx t JOIN information_schema.processlist p \
     ON p.id = t.trx_mysql_thread_id WHERE t.trx_state = 'LOCK WAIT' AND p.user <> USER_OF), \
    (SELECT CAST(count(*) AS SIGNED) FROM information_schema.processlist WHERE db = database() \
     AND id <> connection_id() AND user <> USER_OF AND (command <> 'Sleep' OR time < 2))";

impl Source {
    /// What presses, above the limits of the map.
    ///
    /// # Errors
    /// A source that cannot be reached.
    pub async fn pressure(&self) -> Result<Pressure, SourceError> {
        let sql = match self.engine {
            Engine::Postgres => POSTGRES.to_owned(),
            Engine::Mysql => MYSQL.replace("USER_OF", "substring_index(user(), '@', 1)"),
            Engine::Sqlite => {
                return Ok(if others_wrote(self).await? { Pressure::Amid } else { Pressure::Alone });
            }
            Engine::Http | Engine::Manual => return Ok(Pressure::Alone),
        };
        let db = self.reading().await?;
        let Ok(Some(row)) = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await else {
            // Who cannot see whether others are there is polite.
            return Ok(Pressure::Amid);
        };
        let number = |at| row.try_get_by_index::<i64>(at);
        let fail = |error: DbErr| SourceError::from_db(&self.name, None, &error);
        let (lag, waiting, others) = (number(0).map_err(fail)?, number(1).map_err(fail)?, number(2).map_err(fail)?);
        let limits = self.limits();
        Ok(if lag > i64::from(limits.lag) {
            Pressure::Lag(lag)
        } else if waiting > i64::from(limits.waiting) {
            Pressure::Waiting(waiting)
        } else if others > 0 {
            Pressure::Amid
        } else {
            Pressure::Alone
        })
    }
}

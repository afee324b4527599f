//! Connections to a server that are outside any transaction when they are handed out, and whose commits are on the
//! disk when they are answered.
//!
//! A future can be dropped at any await: a visitor closes the page, a worker loses its lease. Dropped while
//! it waits for the answer to `BEGIN`, it leaves a connection that is inside a transaction without sqlx
//! knowing, which then goes back to the pool: what the next one writes "at once" is never committed.
//! (`SQLite` takes such a `BEGIN` back by itself.)

use sea_orm::{
    ConnectOptions,
    sqlx::{self, Executor, Row},
};

/// Looks at each connection before it is handed out. The look takes the place of the ping that sqlx would
/// send there, so it costs no more.
pub fn hand_out_clean(options: &mut ConnectOptions) {
    options
        .test_before_acquire(false)
        .map_sqlx_postgres_before_acquire(|connection, _| {
            Box::pin(async move {
                // Both are the same moment, unless a statement went before in the same transaction. A plain
                // ROLLBACK would fill the server's log with warnings.
                let row = connection.fetch_one("SELECT now() = statement_timestamp()").await?;
                row.try_get(0)
            })
        })
        .map_sqlx_mysql_before_acquire(|connection, _| {
            Box::pin(async move {
                // Silent when there is nothing to take back; MySQL cannot be asked whether there is.
                connection.execute("ROLLBACK").await?;
                Ok::<_, sqlx::Error>(true)
            })
        });
}

/// A commit is answered once it is on the disk, also where the server's own setting is not to wait for it.
/// `PostgreSQL` only: `MySQL` has no such setting for one connection.
pub fn wait_for_disk(options: &mut ConnectOptions) {
    // What waits for a replica as well is left as it is.
    const WAIT: &str =
        "SELECT set_config('synchronous_commit', 'local', false) WHERE current_setting('synchronous_commit') = 'off'";
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.after_connect(|connection, _| Box::pin(async { connection.execute(WAIT).await.map(|_| ()) }))
    });
}

use std::{path::Path, rc::Rc};

use sea_orm::{ConnectionTrait, Database, Statement};
use testkit::Postgres;

use super::{
    Company, Measured,
    data::{INDEXES, Size, TABLES, Then, fill},
    night, plain,
};
use crate::{Line, median, say};

struct Copy {
    server: Rc<Postgres>,
    url: String,
    dir: tempfile::TempDir,
}

impl Company for Copy {
    fn url(&self) -> String {
        self.url.clone()
    }

    fn in_map(&self) -> String {
        self.url.clone()
    }

    fn folder(&self) -> &Path {
        self.dir.path()
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let name = self.url.rsplit('/').next().unwrap_or_default();
        self.server.psql("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
    }
}

pub(super) async fn measure() -> anyhow::Result<Vec<Line>> {
    let size = Size::wanted();
    // As a server is set up; tests go without fsync.
    let server = Rc::new(Postgres::start_with(&["fsync=on", "shared_buffers=2GB", "max_wal_size=8GB"]));
    say(&format!("PostgreSQL: filling {} parcels", size.parcels));
    let base = server.database();
    let db = Database::connect(&base).await?;
    let fill =
        fill(|n| format!("generate_series(1, {n}) AS s(n)"), "'154' || lpad((n % 100000000)::text, 8, '0')", size);
    let fill =
        fill.map(|sql| sql.replace("'2020-01-01'", "DATE '2020-01-01'").replace("'2026-01-01'", "DATE '2026-01-01'"));
    for sql in TABLES.into_iter().map(str::to_owned).chain(fill).chain(INDEXES.map(str::to_owned)) {
        db.execute_unprepared(&sql).await?;
    }
    db.execute_unprepared("VACUUM ANALYZE").await?;
    db.execute_unprepared("CHECKPOINT").await?;
    db.close().await?;
    let base = base.rsplit('/').next().unwrap_or_default().to_owned();
    let fresh = async || {
        let url = server.database_like(&base);
        server.psql("postgres", "CHECKPOINT");
        Ok(Copy { server: server.clone(), url, dir: tempfile::tempdir()? })
    };
    let measured = Measured { engine: "postgres", name: "PostgreSQL", size, fresh, goal: "≥ 1.0" };
    let mut lines = measured.against_hand(Then::Delete).await?;
    lines.extend(measured.against_hand(Then::Anonymise).await?);
    lines.push(measured.felt().await?);
    let (mut ours, mut by_hand) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let company = (measured.fresh)().await?;
        let db = Database::connect(company.url()).await?;
        let before = written(&db).await?;
        plain(&db, Then::Delete).await?;
        by_hand.push(written(&db).await? - before);
        let company = (measured.fresh)().await?;
        let db = Database::connect(company.url()).await?;
        let before = written(&db).await?;
        Box::pin(night(&company, "postgres", Then::Delete, size)).await?;
        ours.push(written(&db).await? - before);
    }
    let ratio = median(ours.iter().zip(&by_hand).map(|(ours, hand)| ours / hand).collect());
    let megabytes = |bytes| format!("{:.0} MB", median(bytes) / 1e6);
    let (ours, reference) = (megabytes(ours), megabytes(by_hand));
    lines.push(Line { what: "PostgreSQL, delete, written to the WAL".into(), ours, reference, ratio, goal: "≤ 1.2" });
    Ok(lines)
}

async fn written(db: &sea_orm::DatabaseConnection) -> anyhow::Result<f64> {
    let sql = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    Ok(row.map_or(Ok(f64::NAN), |row| row.try_get_by_index(0))?)
}

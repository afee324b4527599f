use std::path::Path;

use sea_orm::{ConnectionTrait, Database};

use super::{
    Company, Measured,
    data::{INDEXES, Size, TABLES, Then, fill},
};
use crate::{Line, say};

struct File {
    dir: tempfile::TempDir,
}

impl Company for File {
    fn url(&self) -> String {
        format!("sqlite:{}", self.dir.path().join("c.sqlite").display())
    }

    fn in_map(&self) -> String {
        "sqlite:c.sqlite".to_owned()
    }

    fn folder(&self) -> &Path {
        self.dir.path()
    }
}

pub(super) async fn measure() -> anyhow::Result<Vec<Line>> {
    let size = Size::wanted();
    say(&format!("SQLite: filling {} parcels", size.parcels));
    let base = tempfile::tempdir()?;
    let filled = base.path().join("base.sqlite");
    let db = Database::connect(format!("sqlite:{}?mode=rwc", filled.display())).await?;
    db.execute_unprepared("PRAGMA journal_mode = WAL").await?;
    let series =
        |n| format!("(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {n}) SELECT n FROM s)");
    let fill = fill(series, "'154' || substr('00000000' || n, -8)", size);
    for sql in TABLES.into_iter().map(str::to_owned).chain(fill).chain(INDEXES.map(str::to_owned)) {
        db.execute_unprepared(&sql).await?;
    }
    db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
    db.close().await?;
    let fresh = async || {
        let dir = tempfile::tempdir()?;
        std::fs::copy(&filled, dir.path().join("c.sqlite"))?;
        Ok(File { dir })
    };
    let measured = Measured { engine: "sqlite", name: "SQLite", size, fresh, goal: "≥ 0.8" };
    let mut lines = measured.against_hand(Then::Delete).await?;
    lines.extend(measured.against_hand(Then::Anonymise).await?);
    lines.push(measured.felt().await?);
    Ok(lines)
}

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::Context;
use sea_orm::{ConnectionTrait, Database};
use testkit::Mariadb;

use super::{
    Company, Measured,
    data::{CUTOFF, INDEXES, Size, TABLES, Then, fill},
    night,
};
use crate::{Line, per_second, runs, say};

/// A server of its own on a copy of the filled files.
struct Copy {
    server: Mariadb,
    dir: tempfile::TempDir,
}

impl Company for Copy {
    fn url(&self) -> String {
        self.server.url("company")
    }

    fn of_others(&self) -> String {
        self.url().replacen("root@", "shop@", 1)
    }

    fn in_map(&self) -> String {
        self.url()
    }

    fn folder(&self) -> &Path {
        self.dir.path()
    }
}

/// As a server is set up; tests go without.
const OPTIONS: [&str; 3] =
    ["--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=2G", "--innodb-log-file-size=1G"];

pub(super) async fn measure() -> anyhow::Result<Vec<Line>> {
    let size = Size::wanted();
    say(&format!("MariaDB: filling {} parcels", size.parcels));
    let base = Mariadb::start_with(&OPTIONS);
    anyhow::ensure!(base.sql("", "CREATE DATABASE company"), "CREATE DATABASE failed");
    let db = Database::connect(base.url("company")).await?;
    let fill = fill(
        |n| format!("(SELECT seq AS n FROM seq_1_to_{n}) AS s"),
        "concat('154', lpad(n % 100000000, 8, '0'))",
        size,
    );
    for sql in TABLES.into_iter().map(str::to_owned).chain(fill).chain(INDEXES.map(str::to_owned)) {
        db.execute_unprepared(&sql).await?;
    }
    db.execute_unprepared("ANALYZE TABLE parcels, events").await?;
    // The company's own programs have an account of their own: by it the night knows that they are there.
    db.execute_unprepared("CREATE USER shop@'%'").await?;
    db.execute_unprepared("GRANT ALL ON company.* TO shop@'%'").await?;
    db.close().await?;
    let files = base.stop();
    let fresh = async || Ok(Copy { server: Mariadb::start_on(&files, &OPTIONS), dir: tempfile::tempdir()? });
    let measured = Measured { engine: "mysql", name: "MariaDB", size, fresh, goal: "≥ 1.0" };
    let mut lines = measured.against_hand(Then::Delete).await?;
    let (mut ours, mut archiver) = (Vec::new(), Vec::new());
    for n in 0..runs() {
        say(&format!("MariaDB pt-archiver: run {} of {}", n + 1, runs()));
        let company = (measured.fresh)().await?;
        archiver.push(per_second(size.changed(Then::Delete), pt_archiver(&company)?));
        drop(company);
        let company = (measured.fresh)().await?;
        let night = Box::pin(night(&company, "mysql", Then::Delete, size)).await?;
        // It counts, signs and looks again on top of what the other does.
        ours.push(per_second(size.changed(Then::Delete), night.took));
    }
    lines.push(Line::rates(
        "MariaDB, delete, against pt-archiver --purge --bulk-delete".into(),
        &ours,
        &archiver,
        "≥ 2",
    ));
    lines.extend(measured.against_hand(Then::Anonymise).await?);
    lines.push(measured.felt().await?);
    Ok(lines)
}

fn pt_archiver(company: &Copy) -> anyhow::Result<std::time::Duration> {
    let began = Instant::now();
    for (table, from) in [("events", "happened_on"), ("parcels", "done_on")] {
        let status = Command::new("pt-archiver")
            .args(["--purge", "--bulk-delete", "--limit=1000", "--commit-each", "--no-check-charset"])
            .args(["--no-safe-auto-increment", "--primary-key-only"])
            .arg(format!("--source=h=127.0.0.1,P={},u=root,D=company,t={table}", company.server.port()))
            .arg(format!("--where={from} < '{CUTOFF}'"))
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .status()
            .context("pt-archiver is missing: apt-get install percona-toolkit")?;
        anyhow::ensure!(status.success(), "pt-archiver failed");
    }
    Ok(began.elapsed())
}

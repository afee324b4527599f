//! How well `map scan` classifies schemas nobody here wrote: `bench scan mysql=DIR postgres=DIR sqlite=DIR`,
//! each folder with `schema.sql`, `data.sql` and `labels.tsv` (table, column, what a reader says it holds).

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context;
use domain::{
    Words,
    map::{Engine, Kind, SourceName, load_dir, written},
};
use sea_orm::{ConnectionTrait, Database};
use sources::{Source, scan};
use testkit::{Mariadb, Postgres};

use crate::say;

pub(crate) async fn run(folders: &[String]) -> anyhow::Result<()> {
    say(
        "| schema | columns | personal | found | wrongly | precision | recall | kind right |\n|---|---|---|---|---|---|---|---|",
    );
    for folder in folders {
        let (engine, path) = folder.split_once('=').context("write engine=FOLDER")?;
        measure(engine, Path::new(path)).await?;
    }
    Ok(())
}

async fn measure(engine: &str, folder: &Path) -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let (postgres, mariadb);
    let (kind, url, direct) = match engine {
        "postgres" => {
            postgres = Postgres::start();
            let url = postgres.database();
            (Engine::Postgres, url.clone(), url)
        }
        "mysql" => {
            mariadb = Mariadb::start();
            let url = mariadb.database();
            (Engine::Mysql, url.clone(), url)
        }
        _ => {
            let url = format!("sqlite:{}", dir.path().join("c.sqlite").display());
            (Engine::Sqlite, url.clone(), format!("{url}?mode=rwc"))
        }
    };
    let db = Database::connect(direct).await?;
    for file in ["schema.sql", "data.sql"] {
        db.execute_unprepared(&fs::read_to_string(folder.join(file))?).await?;
    }
    db.close().await?;
    let source = Source::new(&SourceName("sample".into()), &written(kind, &url), dir.path())?;
    let mut guesses = BTreeMap::new();
    for table in scan::guess(&source).await? {
        for (column, evidence) in table.columns {
            guesses.insert((table.name.table.clone(), column.0), evidence);
        }
    }
    let (mut columns, mut personal, mut hits, mut wrong, mut right) = (0, 0, 0, 0, 0);
    for line in fs::read_to_string(folder.join("labels.tsv"))?.lines() {
        let mut parts = line.split('\t').map(str::trim);
        let (Some(table), Some(column), Some(label)) = (parts.next(), parts.next(), parts.next()) else { continue };
        columns += 1;
        let guess = guesses.get(&(table.to_owned(), column.to_owned())).cloned().flatten();
        let guess = guess.map(|evidence| evidence.kind).filter(|kind| is_about_a_person(*kind));
        personal += u32::from(label != "none");
        match (guess, label) {
            (Some(kind), label) if label != "none" => {
                hits += 1;
                right += u32::from(says(kind).contains(&label));
            }
            (Some(kind), _) => {
                wrong += 1;
                say(&format!("  taken for {}: {table}.{column}", kind.written()));
            }
            (None, label) if label != "none" => say(&format!("  missed ({label}): {table}.{column}")),
            (None, _) => {}
        }
    }
    // The draft is a map: it loads as it is.
    let draft = dir.path().join("map.toml");
    fs::write(&draft, scan::draft(&source).await?)?;
    let map = load_dir(&draft).map_err(|problems| anyhow::anyhow!("the draft does not load: {problems:?}"))?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let share = |n: u32, of: u32| f64::from(n) / f64::from(of.max(1));
    say(&format!(
        "| {name} ({engine}) | {columns} | {personal} | {hits} | {wrong} | {:.2} | {:.2} | {:.2} |",
        share(hits, hits + wrong),
        share(hits, personal),
        share(right, hits),
    ));
    say(&format!("  the draft maps {} tables", map.tables.len()));
    Ok(())
}

fn is_about_a_person(kind: Kind) -> bool {
    !matches!(kind, Kind::Plain | Kind::Date | Kind::Amount | Kind::WaybillNo)
}

/// The labels a kind stands for.
fn says(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Name => &["name"],
        Kind::Mobile | Kind::Phone => &["mobile", "phone"],
        Kind::Email => &["email"],
        Kind::Address => &["address"],
        Kind::Region => &["region", "postcode"],
        Kind::ResidentId => &["resident_id"],
        Kind::BirthDate => &["birth_date"],
        Kind::Gender => &["gender"],
        Kind::BankCard => &["bank_card"],
        Kind::Plate => &["plate"],
        Kind::Uscc => &["uscc"],
        Kind::Account => &["account"],
        Kind::IpAddress => &["ip_address"],
        Kind::Location => &["location"],
        Kind::File => &["photo"],
        Kind::Secret => &["password"],
        Kind::Text => &["text"],
        Kind::WaybillNo | Kind::Date | Kind::Amount | Kind::Plain => &[],
    }
}

fn written(engine: Engine, url: &str) -> written::Source {
    written::Source::at(Words::new("库", "db"), engine, url.to_owned(), Words::new("中国", "China"))
}

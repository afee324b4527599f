//! Several databases at once: a person known in one, records in another that knows only a number, and
//! one that is down.

use domain::map::{MapFile, load};
use sea_orm::{ConnectionTrait, Database};
use sources::{Scope, Sources, gather::gather, reach};
use testkit::{Mariadb, Postgres};

use crate::world::{self, HEAD, TODAY, fields, li, role, same, source, table, wang};

const SHOP: &str = "CREATE TABLE people (id BIGINT PRIMARY KEY, email VARCHAR(100), name VARCHAR(50), closed_on DATE);
INSERT INTO people VALUES (7, 'li@example.com', 'Li', NULL), (8, 'wang@example.com', 'Wang', NULL)";
const STORE: &str =
    "CREATE TABLE orders (id BIGINT UNSIGNED PRIMARY KEY, user_id BIGINT UNSIGNED, note VARCHAR(50), done_on DATE)";
const ORDERS: &str = "INSERT INTO orders VALUES (1, 7, 'mine', NULL), (2, 8, 'w', NULL), (3, 7, 'mine too', NULL)";

fn map(shop: &str, store: &str) -> String {
    format!(
        "{HEAD}{}{}{}",
        source("shop", "postgres", shop),
        source("store", "mysql", store),
        table("shop.people", "id", "closed_on", "")
            + &role("holder", r#"identified_by = { email = "email" }"#)
            + &fields("holder", &["name name"])
            + &table("store.orders", "id", "done_on", "")
            + &role("buyer", r#"through = { user_id = "shop.people.holder" }"#)
            + &fields("buyer", &["note text"])
    )
}

#[tokio::test]
async fn a_path_leads_from_one_database_to_another() {
    let (postgres, mariadb) = (Postgres::start(), Mariadb::start());
    let (shop, store) = (postgres.database(), mariadb.database());
    let (shop_db, store_db) = (Database::connect(&shop).await.unwrap(), Database::connect(&store).await.unwrap());
    shop_db.execute_unprepared(SHOP).await.unwrap();
    for sql in [STORE, ORDERS] {
        store_db.execute_unprepared(sql).await.unwrap();
    }
    let map = load(&[MapFile { name: "map.toml".into(), text: map(&shop, &store) }]).unwrap();
    let sources = Sources::open(&map, std::path::Path::new(".")).unwrap();
    let catalogues = sources.catalogues().await.unwrap();
    let company = world::Company { db: shop_db, map, sources, catalogues, _dir: tempfile::tempdir().unwrap() };

    assert_eq!(company.sees(&li()).await.unwrap(), ["orders.note=mine", "orders.note=mine too", "people.name=Li"]);
    let person = reach::person(&company.sources, &company.map, &li()).await.unwrap();
    let scope = Scope::Person(person);
    let plan = company.plan(&scope).await.unwrap();
    assert_eq!(plan.rows_to_change(), 3, "{TODAY}: {plan:?}");
    assert_eq!(plan.items[0].table.table, "orders", "what points goes first");
    assert_eq!(company.carry_out(&scope, &plan).await.unwrap(), [2, 1]);
    assert_eq!(company.plan(&scope).await.unwrap().rows_to_change(), 0, "seen with what was known before");
    assert!(company.sees(&li()).await.unwrap().is_empty());
    assert_eq!(company.sees(&wang()).await.unwrap(), ["orders.note=w", "people.name=Wang"]);

    // The one people are found in goes down: its own part is missing, and what hangs on it too.
    drop(postgres);
    let parts = gather(&company.sources, &company.map, &wang(), &[]).await;
    for part in &parts {
        same("an answer", &part.found.is_err(), &true).unwrap();
    }
    assert!(reach::person(&company.sources, &company.map, &wang()).await.is_err(), "no plan over half the data");
}

#[tokio::test]
async fn keys_of_another_database_are_compared_byte_for_byte() {
    let (postgres, mariadb) = (Postgres::start(), Mariadb::start());
    let (shop, store) = (postgres.database(), mariadb.database());
    let (shop_db, store_db) = (Database::connect(&shop).await.unwrap(), Database::connect(&store).await.unwrap());
    shop_db
        .execute_unprepared(&SHOP.replace("BIGINT", "TEXT").replace("(7,", "('aB3x',").replace("(8,", "('Ab3x',"))
        .await
        .unwrap();
    for sql in [
        // A collation that takes aB3x and Ab3x for the same, and a key that is unique by a prefix only.
        "CREATE TABLE orders (id BIGINT UNSIGNED, user_id VARCHAR(20), note VARCHAR(50), done_on DATE, UNIQUE (user_id(2), id)) COLLATE utf8mb4_general_ci",
        "INSERT INTO orders VALUES (1, 'aB3x', 'mine', NULL), (2, 'Ab3x', 'w', NULL)",
    ] {
        store_db.execute_unprepared(sql).await.unwrap();
    }
    let map = load(&[MapFile { name: "map.toml".into(), text: map(&shop, &store) }]).unwrap();
    let sources = Sources::open(&map, std::path::Path::new(".")).unwrap();
    let catalogues = sources.catalogues().await.unwrap();
    let company = world::Company { db: shop_db, map, sources, catalogues, _dir: tempfile::tempdir().unwrap() };
    assert_eq!(company.sees(&li()).await.unwrap(), ["orders.note=mine", "people.name=Li"]);
    let problems = sources::check::check(&company.sources, &company.map).await;
    assert!(problems.iter().any(|problem| problem.wrong.contains("`id` is not unique")), "{problems:?}");
}

//! Holds on people and on rows.

use domain::{
    Identifier, Mobile, Personal,
    hold::HeldRows,
    map::{Column, TableName},
    plan::{Because, Outcome},
};
use jiff::civil::date;
use sources::{OnHold, Person, Scope, plan::held_rows};

use super::company::{Company, TODAY, li, outcome};

/// A hold beats the person's own request and the night alike.
pub(super) async fn a_hold_keeps_everything(company: &Company) {
    let holds = [OnHold::Person(Person::new(li()))];
    let scope = Scope::Person(Person::new(li()));
    let plan = company.plan(&scope, &holds, TODAY).await.plan;
    assert_eq!(plan.rows_to_change(), 0, "{plan:?}");
    assert!(plan.items.iter().all(|item| item.outcome == Outcome::Kept { because: Because::Hold }));
    let wang = vec![Identifier::Mobile(Mobile::parse("15400000002").unwrap())];
    let wang = company.plan(&Scope::Person(Person::new(wang)), &holds, TODAY).await.plan;
    let kept = outcome(&wang, "db.parcels", "receiver");
    assert!(matches!(kept[..], [(Outcome::Kept { because: Because::Hold }, 1)]), "the held sender's parcel: {kept:?}");
}

/// A hold on rows keeps them and what is found along them, and nothing else.
pub(super) async fn a_hold_on_rows_keeps_those_rows(company: &Company) {
    let rows = |table: &str, begun, with: Option<(&str, &[&str])>| {
        let with = with.map(|(column, values)| {
            (Column(column.into()), values.iter().map(|value| Personal::new(*value)).collect())
        });
        [OnHold::Rows(HeldRows { table: TableName::parse(table).unwrap(), begun, with })]
    };
    let protected = async |holds: &[OnHold]| {
        let rows = held_rows(&company.sources, &company.terms(&Scope::Expired, holds, TODAY)).await;
        rows.map(|rows| rows.iter().map(|(table, rows)| (table.table.clone(), *rows)).collect::<Vec<_>>())
    };
    let counts = |counts: &[(&str, u64)]| counts.iter().map(|(t, n)| ((*t).to_owned(), *n)).collect::<Vec<_>>();

    let in_2024 = rows("db.parcels", Some((date(2024, 1, 1), date(2024, 12, 31))), None);
    assert_eq!(protected(&in_2024).await.unwrap(), counts(&[("parcels", 2)]));
    let li = Scope::Person(Person::new(li()));
    let plan = company.plan(&li, &in_2024, TODAY).await.plan;
    let sent = outcome(&plan, "db.parcels", "sender");
    assert!(sent.contains(&(&Outcome::Kept { because: Because::Hold }, 1)), "P1 is held, P2 is not: {sent:?}");
    assert!(plan.rows_to_change() > 0, "the rest of the person's is not held");

    let p4 = rows("db.parcels", None, Some(("no", &["P4", "P9"])));
    let night = company.plan(&Scope::Expired, &p4, TODAY).await.plan;
    let parcels: Vec<_> = night.items.iter().filter(|item| item.table.table == "parcels").collect();
    assert_eq!(parcels.iter().filter(|item| item.outcome == Outcome::Kept { because: Because::Hold }).count(), 1);

    let of_wang = rows("db.people", None, Some(("name", &["Wang"])));
    let along = counts(&[("settings", 1), ("orders", 1), ("parcels", 2), ("people", 1)]);
    let mut found = protected(&of_wang).await.unwrap();
    found.sort();
    let mut along = along;
    along.sort();
    assert_eq!(found, along, "and what is found along a row");
    let day = rows("db.orders", None, Some(("gone", &["x"])));
    assert_eq!(protected(&day).await.unwrap(), counts(&[("orders", 5)]), "a field the map lost narrows nothing");
}

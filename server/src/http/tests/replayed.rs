//! Of several databases one was restored: what was corrected in the others stays as it is by now.

use std::collections::BTreeSet;

use domain::map::SourceName;
use jiff::SignedDuration;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use service::replay::{Restored, Unchecked};

use super::{
    for_others::wrong_by_phone,
    systems::WORDS,
    world::{World, digest},
};

struct Club(String);

impl Club {
    async fn write(&self, sql: &str) {
        Database::connect(&self.0).await.unwrap().execute_unprepared(sql).await.unwrap();
    }

    async fn name(&self, email: &str) -> String {
        let sql = format!("SELECT name FROM customers WHERE email = '{email}'");
        let db = Database::connect(&self.0).await.unwrap();
        let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
        row.unwrap().try_get_by_index(0).unwrap()
    }
}

#[tokio::test]
async fn of_a_correction_only_what_was_restored_is_made_again() {
    let world = World::new().await;
    let demo = world.dir.path().join("demo");
    std::fs::copy(demo.join("company.sqlite"), demo.join("club.sqlite")).unwrap();
    let map = format!(
        "[source.club]\nname = {WORDS}\nengine = \"sqlite\"\nurl = \"sqlite:club.sqlite\"\nstored_in = {WORDS}\n\
         [table.\"club.customers\"]\nname = {{ zh-CN = \"会员\", en = \"Member\" }}\nkey = [\"id\"]\n\
         purposes = [\"account\"]\n\
         retention = {{ from = \"closed_at\", starts = {WORDS}, keep = \"15 days\", then = \"delete\" }}\n\
         role.member = {{ name = {WORDS}, identified_by = {{ email = \"email\" }} }}\n\
         field.email = {{ of = \"member\", kind = \"email\" }}\n\
         field.name = {{ of = \"member\", kind = \"name\", correctable = \"review\" }}\n"
    );
    world.publish_map("90-club.toml", &map).await;
    let club = Club(format!("sqlite:{}", demo.join("club.sqlite").display()));
    let email = world.email("customer");
    let old = club.name(&email).await;
    let company = format!("SELECT name FROM customers WHERE email = '{email}'");
    let mut wu = world.staff("officer").await;
    let case = wrong_by_phone(&mut wu, &[("email", &email)]).await;
    let form = wu.get(&format!("{case}/correct")).await.body;
    let named = |part: &&str| part.starts_with("new:") && part.ends_with(":name");
    let fields: BTreeSet<&str> = form.split('"').filter(named).collect();
    let values: Vec<(&str, &str)> = fields.iter().map(|field| (*field, "Li Qing")).collect();
    assert_eq!(values.len(), 2, "in both databases: {form}");
    assert_eq!(wu.post(&format!("{case}/correct"), &values).await.status.as_u16(), 303);
    let since = world.portal.clock.now() - SignedDuration::from_hours(1);
    world.pass(SignedDuration::from_mins(1));
    let mut zhao = world.staff("officer2").await;
    let plan = digest(&zhao.get(&case).await.body);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(
        (world.company_texts(&company).await.remove(0), club.name(&email).await),
        ("Li Qing".into(), "Li Qing".into())
    );

    // What the club holds, and its own addresses lead to, can be looked at whichever of the two was restored.
    for source in ["club", "company"] {
        let restored = Restored { at: since, only: vec![SourceName(source.into())] };
        let rows = world.current().unchecked(&restored);
        assert!(!rows.iter().any(|one| matches!(one, Unchecked::Rows(_))), "{source}: {rows:?}");
    }

    // The club has been told since that the old one was right after all.
    club.write(&format!("UPDATE customers SET name = '{old}' WHERE email = '{email}'")).await;
    let restored = || Restored { at: since, only: vec![SourceName("company".into())] };
    assert!(world.current().returned(restored()).await.unwrap().is_empty(), "the company's is as it was corrected");
    for newer in [old.as_str(), "Li Qin"] {
        club.write(&format!("UPDATE customers SET name = '{newer}' WHERE email = '{email}'")).await;
        world.company(&format!("UPDATE customers SET name = '{old}' WHERE email = '{email}'")).await;
        let mut returned = world.current().returned(restored()).await.unwrap();
        assert_eq!(returned.len(), 1);
        let report = world.current().replay(returned.remove(0)).await.unwrap();
        assert!(report.verified && report.items.len() == 1, "{report:?}");
        assert_eq!(world.company_texts(&company).await, ["Li Qing"]);
        assert_eq!(club.name(&email).await, newer, "nobody restored it");
    }
}

/// Points that only the company's database says the owner of are nobody's once that owner was erased there.
#[tokio::test]
async fn what_is_found_only_by_way_of_a_database_that_was_not_restored_is_said_not_to_be_checked() {
    let world = World::new().await;
    let demo = world.dir.path().join("demo");
    std::fs::copy(demo.join("company.sqlite"), demo.join("club.sqlite")).unwrap();
    let map = format!(
        "[source.club]\nname = {WORDS}\nengine = \"sqlite\"\nurl = \"sqlite:club.sqlite\"\nstored_in = {WORDS}\n\
         [table.\"club.support_tickets\"]\nname = {{ zh-CN = \"会员工单\", en = \"Member ticket\" }}\nkey = [\"id\"]\n\
         purposes = [\"account\"]\n\
         retention = {{ from = \"closed_at\", starts = {WORDS}, keep = \"15 days\", then = \"delete\" }}\n\
         role.member = {{ name = {WORDS}, through = {{ customer_id = \"company.customers.holder\" }} }}\n\
         field.subject = {{ of = \"member\", kind = \"text\" }}\n"
    );
    world.publish_map("90-club.toml", &map).await;
    let at = world.portal.clock.now();
    let unchecked = |only: &[&str]| {
        let only = only.iter().map(|name| SourceName((*name).into())).collect();
        let unchecked = world.current().unchecked(&Restored { at, only });
        unchecked
            .into_iter()
            .filter_map(|one| match one {
                Unchecked::Rows(rows) => Some((rows.table.to_string(), rows.by.to_string())),
                Unchecked::System(_) => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(unchecked(&["club"]), [("club.support_tickets".to_owned(), "company.customers".to_owned())]);
    assert!(
        unchecked(&["club", "company"]).is_empty() && unchecked(&["company"]).is_empty() && unchecked(&[]).is_empty()
    );
}

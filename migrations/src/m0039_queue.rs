use sea_orm_migration::{prelude::*, schema::string};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// The queue is narrowed by state, due date and day of receipt as well.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for name in ["state", "due_in", "received_from", "received_to"] {
            let column = string(name).default("").to_owned();
            m.alter_table(Table::alter().table("saved_view").add_column(column).to_owned()).await?;
        }
        // The day of receipt stands in each as well: what came on other days is passed over without its row being read.
        for (name, sought) in [
            ("ix_request_due", ["open"].as_slice()),
            ("ix_request_owner", ["open", "owner"].as_slice()),
            ("ix_request_kind", ["open", "kind"].as_slice()),
            ("ix_request_asked", ["open", "asked_by_another"].as_slice()),
            ("ix_request_asked_owner", ["open", "asked_by_another", "owner"].as_slice()),
            ("ix_request_asked_kind", ["open", "asked_by_another", "kind"].as_slice()),
            ("ix_request_owner_kind", ["open", "owner", "kind"].as_slice()),
            ("ix_request_asked_owner_kind", ["open", "asked_by_another", "owner", "kind"].as_slice()),
        ] {
            m.drop_index(Index::drop().name(name).table("request").to_owned()).await?;
            create(m, name, sought, &["received_at"]).await?;
        }
        // In one state who asked is passed over likewise: eight indexes more would cost more than they save.
        for (name, sought) in [
            ("ix_request_state", ["stage_name"].as_slice()),
            ("ix_request_state_owner", ["stage_name", "owner"].as_slice()),
            ("ix_request_state_kind", ["stage_name", "kind"].as_slice()),
            ("ix_request_state_owner_kind", ["stage_name", "owner", "kind"].as_slice()),
        ] {
            create(m, name, sought, &["received_at", "asked_by_another"]).await?;
        }
        Ok(())
    }
}

/// In the order of the due dates.
async fn create(
    m: &SchemaManager<'_>,
    name: &str,
    sought: &[&'static str],
    beside: &[&'static str],
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(name).table("request");
    for column in sought.iter().chain(&["due_on", "number"]).chain(beside) {
        index.col(*column);
    }
    m.create_index(index).await
}

use sea_orm_migration::{prelude::*, schema::string};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Views of the queue that an officer has given a name.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("saved_view")
                .col(string("id").primary_key())
                .col(string("staff"))
                .col(string("name"))
                .col(string("open"))
                .col(string("kind"))
                .col(string("whose"))
                .to_owned(),
        )
        .await?;
        m.create_index(Index::create().name("ix_saved_view_staff").table("saved_view").col("staff").to_owned()).await
    }
}

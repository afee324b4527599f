use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, string_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Copies of what officers agree to are sealed like one's own; and how much there is to write is counted beforehand.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // The request it was agreed to by; none where somebody has asked for their own.
        m.alter_table(Table::alter().table("copy").add_column(string_null("request_id")).to_owned()).await?;
        // Records there were to write when it was begun; none where they could not be counted.
        m.alter_table(Table::alter().table("copy").add_column(big_integer_null("expected")).to_owned()).await?;
        // One of a request at a time, whoever presses the button twice.
        m.create_index(Index::create().name("ux_copy_request").table("copy").col("request_id").unique().to_owned())
            .await
    }
}

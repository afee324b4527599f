use sea_orm_migration::{
    prelude::*,
    schema::{string_null, text_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Why a rule of the night is let go, and who asked for it where two have to agree.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        m.alter_table(Table::alter().table("breaker").add_column(string_null("asked_by")).to_owned()).await?;
        m.alter_table(Table::alter().table("breaker").add_column(text_null("reason")).to_owned()).await
    }
}

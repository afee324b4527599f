use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, string_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Recipients that do not answer are reminded once, by a mail with a link of its own.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for column in [big_integer_null("reminded_at"), string_null("reminder_hash")] {
            m.alter_table(Table::alter().table("notified").add_column(column).to_owned()).await?;
        }
        let index =
            Index::create().name("ux_notified_reminder").table("notified").col("reminder_hash").unique().to_owned();
        m.create_index(index).await
    }
}

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, blob, string, string_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Who asked to open what is locked away for a request, and who agreed.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("unlock")
                .col(string("request_id").primary_key())
                .col(blob("reason_sealed"))
                .col(string("asked_by"))
                .col(big_integer("asked_at"))
                .col(string_null("granted_by"))
                .col(big_integer_null("granted_at"))
                .to_owned(),
        )
        .await
    }
}

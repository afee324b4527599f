use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Addresses at which another handler fetches what somebody has transferred, once.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("transfer")
                .col(string("id").primary_key())
                .col(string("request_id"))
                .col(big_integer("ends_at"))
                .to_owned(),
        )
        .await
    }
}

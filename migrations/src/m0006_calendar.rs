use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Years announced since the product was built.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("calendar_year")
                .col(integer("year").primary_key())
                .col(text("body"))
                .col(big_integer("imported_at"))
                .to_owned(),
        )
        .await
    }
}

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, string_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// In which night's report a run is, which rows set aside it is about, and what a night has forgotten of the portal's own:
/// an interrupted one is gone on with, and the report is made from what was done.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        m.alter_table(Table::alter().table("run").add_column(string_null("night_id")).to_owned()).await?;
        m.alter_table(Table::alter().table("run").add_column(string_null("set_aside_id")).to_owned()).await?;
        let night = Index::create().name("run_of_night").table("run").col("night_id").to_owned();
        m.create_index(night).await?;
        let forgotten = Table::create()
            .table("forgotten")
            .col(string("run_id"))
            .col(string("table_name"))
            .col(big_integer("rows"))
            .primary_key(Index::create().col("run_id").col("table_name"))
            .to_owned();
        m.create_table(forgotten).await
    }
}

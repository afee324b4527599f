use sea_orm_migration::{prelude::*, schema::string};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// What a word of consent covers, and where it was said.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (column, before) in [("cover", "purpose"), ("how", "portal")] {
            let column = string(column).default(before).to_owned();
            m.alter_table(Table::alter().table("consent").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

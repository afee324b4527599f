use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// A key whose work died is taken over: whose turn it is, until when nobody else may, and whether something was committed.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            big_integer("turn").default(1).to_owned(),
            big_integer("lease_until_at").default(0).to_owned(),
            // Of keys taken before nobody knows: nothing is done for them a second time.
            integer("begun").default(1).to_owned(),
        ];
        for column in columns {
            m.alter_table(Table::alter().table("answered").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, string, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Who asks where it is not the subject, and the files that belong to a request.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let requester = text("requester").default(r#"{"by":"subject"}"#).to_owned();
        m.alter_table(Table::alter().table("request").add_column(requester).to_owned()).await?;
        let sealed = ColumnDef::new("requester_sealed").blob().null().to_owned();
        m.alter_table(Table::alter().table("request").add_column(sealed).to_owned()).await?;
        m.create_table(
            Table::create()
                .table("request_requester")
                .col(string("request_id"))
                .col(string("requester_index"))
                .primary_key(Index::create().col("request_id").col("requester_index"))
                .to_owned(),
        )
        .await?;
        m.create_index(
            Index::create().name("ix_requester").table("request_requester").col("requester_index").to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("file")
                .col(string("id").primary_key())
                .col(string("request_id"))
                .col(string("purpose"))
                .col(string("media"))
                .col(big_integer("size"))
                .col(string("actor"))
                .col(big_integer("at"))
                .col(blob("name_sealed"))
                .col(blob("content_sealed"))
                .to_owned(),
        )
        .await?;
        m.create_index(Index::create().name("ix_file_request").table("file").col("request_id").to_owned()).await
    }
}

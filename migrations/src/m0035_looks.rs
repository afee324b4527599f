use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob_null, string, string_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// What the audit log cannot say of a look at somebody's data, because it is personal: why in words, at which record's value,
/// and at whose, where that is no request's.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("look")
                // The number of its entry in the audit log.
                .col(big_integer("seq").primary_key())
                .col(big_integer("at"))
                .col(string("actor"))
                .col(string_null("request_id"))
                .col(string_null("spot"))
                .col(blob_null("words_sealed"))
                .to_owned(),
        )
        .await?;
        m.create_index(Index::create().name("ix_look_request").table("look").col("request_id").col("at").to_owned())
            .await?;
        m.create_table(
            Table::create()
                .table("look_subject")
                .col(string("subject_index"))
                .col(big_integer("seq"))
                .primary_key(Index::create().col("subject_index").col("seq"))
                .to_owned(),
        )
        .await?;
        m.create_index(Index::create().name("ix_look_subject_seq").table("look_subject").col("seq").to_owned()).await
    }
}

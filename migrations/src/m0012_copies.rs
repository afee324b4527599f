use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, integer, string, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Copies that wait to be downloaded: sealed in pieces, so that several processes share them and none holds one whole.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("copy")
                .col(string("id").primary_key())
                .col(string("state"))
                .col(string("lang"))
                .col(big_integer("asked_at"))
                .col(big_integer("ends_at"))
                // How many identifiers it was asked for with: whoever takes it has proven all of them.
                .col(integer("people"))
                .col(blob("subject_sealed"))
                // Empty while there is nothing to open.
                .col(blob("key_sealed"))
                .col(integer("pieces"))
                .col(big_integer("size"))
                .col(big_integer("records"))
                // Names of sources that could not be read, as JSON.
                .col(text("missing"))
                .col(integer("tries"))
                .col(big_integer("tried_at"))
                .to_owned(),
        )
        .await?;
        m.create_index(Index::create().name("ix_copy_ends").table("copy").col("ends_at").to_owned()).await?;
        m.create_table(
            Table::create()
                .table("copy_subject")
                .col(string("copy_id"))
                .col(string("subject_index"))
                // 1: asked with; 0: found in the copy, and an erasure of theirs withdraws it.
                .col(integer("proven"))
                .primary_key(Index::create().col("copy_id").col("subject_index"))
                .to_owned(),
        )
        .await?;
        m.create_index(Index::create().name("ix_copy_subject").table("copy_subject").col("subject_index").to_owned())
            .await?;
        m.create_table(
            Table::create()
                .table("copy_piece")
                .col(string("copy_id"))
                .col(integer("place"))
                .col(blob("sealed"))
                .primary_key(Index::create().col("copy_id").col("place"))
                .to_owned(),
        )
        .await
    }
}

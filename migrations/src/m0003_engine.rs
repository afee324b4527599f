use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, blob, string, string_null, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.alter_table(Table::alter().table("step").add_column(big_integer("held_us").default(0)).to_owned()).await?;
        proof(m).await?;
        breaker(m).await?;
        tombstones(m).await
    }
}

/// Certificates, signed heads of the audit log, and hashes over whole parts of it.
async fn proof(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("certificate")
            .col(string("number").primary_key())
            .col(text("body"))
            .col(string("key"))
            .col(string("signature"))
            .col(big_integer("seq"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("audit_head")
            .col(big_integer("size").primary_key())
            .col(big_integer("at"))
            .col(text("body"))
            .col(string("key"))
            .col(string("signature"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create().table("audit_part").col(big_integer("number").primary_key()).col(blob("hash")).to_owned(),
    )
    .await
}

/// Rules of the night that wait for a person.
async fn breaker(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("breaker")
            .col(string("table_name"))
            .col(string("outcome"))
            .col(string("map_hash"))
            .col(text("tripped"))
            .col(big_integer("rows"))
            .col(big_integer("tripped_at"))
            .col(string_null("released_by"))
            .col(big_integer_null("released_at"))
            .primary_key(Index::create().col("table_name").col("outcome"))
            .to_owned(),
    )
    .await
}

/// Who was erased, as keyed hashes, to recognise whom a restored backup brings back.
async fn tombstones(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("tombstone")
            .col(string("subject_index"))
            .col(string("request_id"))
            .col(big_integer("erased_at"))
            .primary_key(Index::create().col("subject_index").col("request_id"))
            .to_owned(),
    )
    .await
}

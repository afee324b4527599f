use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, blob, integer_null, string, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Doors for other software: programs and their keys, what was answered to them, whom the portal tells of
/// changes, and who is on their way here from the company's own app.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("program")
                .col(string("id").primary_key())
                .col(string("name"))
                .col(string("key_digest"))
                .col(text("scopes"))
                .col(big_integer("created_at"))
                .col(big_integer_null("removed_at"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("answered")
                .col(string("program_id"))
                .col(string("key"))
                .col(string("asked"))
                .col(integer_null("status"))
                .col(ColumnDef::new("body_sealed").blob().null())
                .col(big_integer("at"))
                .primary_key(Index::create().col("program_id").col("key"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("webhook")
                .col(string("id").primary_key())
                .col(text("url"))
                .col(blob("secret_sealed"))
                .col(big_integer("created_at"))
                .col(big_integer_null("removed_at"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("delivery")
                .col(string("id").primary_key())
                .col(string("webhook_id"))
                .col(string("event"))
                .col(text("body"))
                .col(string("status"))
                .col(big_integer("attempts"))
                .col(integer_null("answer"))
                .col(big_integer("next_at"))
                .col(big_integer("created_at"))
                .col(big_integer_null("ended_at"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("handover")
                .col(string("id").primary_key())
                .col(blob("who_sealed"))
                .col(big_integer("proven_at"))
                .col(big_integer("ends_at"))
                .to_owned(),
        )
        .await?;
        for (name, table, columns) in [
            ("ix_delivery_due", "delivery", ["status", "next_at"].as_slice()),
            ("ix_delivery_newest", "delivery", ["created_at"].as_slice()),
            ("ix_answered_at", "answered", ["at"].as_slice()),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(*column);
            }
            m.create_index(index).await?;
        }
        Ok(())
    }
}

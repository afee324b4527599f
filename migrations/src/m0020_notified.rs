use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, blob_null, string, string_null, text, text_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Recipients of what was erased, corrected or stopped, and how far they know (GB/T 35273 §8.3).
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("notified")
                .col(string("id").primary_key())
                .col(string("request_id"))
                // By its name in the map.
                .col(string("recipient"))
                .col(big_integer("created_at"))
                // Of which tables they got rows.
                .col(text("tables"))
                // By what they can find the records they got: gone once they have confirmed.
                .col(blob_null("found_by_sealed"))
                .col(big_integer_null("told_at"))
                // The member of staff who told them; none where the portal wrote.
                .col(string_null("told_by"))
                // None where nobody can be written to.
                .col(string_null("link_hash"))
                .col(big_integer_null("confirmed_at"))
                .col(text_null("note"))
                .foreign_key(
                    ForeignKey::create()
                        .name("fk_notified_request")
                        .from("notified", "request_id")
                        .to("request", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
        m.create_index(Index::create().name("ux_notified_link").table("notified").col("link_hash").unique().to_owned())
            .await?;
        m.create_index(
            Index::create().name("ix_notified_told").table("notified").col("told_at").col("created_at").to_owned(),
        )
        .await?;
        m.create_index(
            Index::create()
                .name("ux_notified_request")
                .table("notified")
                .col("request_id")
                .col("recipient")
                .unique()
                .to_owned(),
        )
        .await
    }
}

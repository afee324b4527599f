use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, integer, string, string_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// The officers' desk: who works on a request, what they write to each other, and finding it all again among a
/// million.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.alter_table(Table::alter().table("request").add_column(string_null("owner")).to_owned()).await?;
        // The queue is read in the order of its dates: one value, not six stages, leads to those that are open.
        m.alter_table(Table::alter().table("request").add_column(integer("open").default(1)).to_owned()).await?;
        let closed = Query::update()
            .table("request")
            .value("open", 0)
            .and_where(Expr::col("stage_name").is_in(["completed", "answered", "refused", "cancelled"]))
            .to_owned();
        m.execute(closed).await?;
        m.drop_index(Index::drop().name("ix_request_queue").table("request").to_owned()).await?;
        for (name, table, columns) in [
            ("ix_request_due", "request", ["open", "due_on", "number"].as_slice()),
            ("ix_request_owner", "request", ["open", "owner", "due_on", "number"].as_slice()),
            ("ix_request_kind", "request", ["open", "kind", "due_on", "number"].as_slice()),
            ("ix_request_received", "request", ["received_at"].as_slice()),
            ("ix_audit_object", "audit", ["object", "seq"].as_slice()),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(*column);
            }
            m.create_index(index).await?;
        }
        m.create_table(
            Table::create()
                .table("request_note")
                .col(string("request_id"))
                .col(big_integer("seq"))
                .col(big_integer("at"))
                .col(string("staff"))
                .col(blob("body_sealed"))
                .primary_key(Index::create().col("request_id").col("seq"))
                .to_owned(),
        )
        .await
    }
}

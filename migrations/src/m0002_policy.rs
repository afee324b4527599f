use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string, string_null, text, text_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        versions(m).await?;
        m.create_table(
            Table::create()
                .table("drift")
                .col(string("day").primary_key())
                .col(text("problems"))
                .col(big_integer("looked_at"))
                .to_owned(),
        )
        .await?;
        tasks(m).await
    }
}

/// Versions of the policy, whom they were told to, who agreed again.
async fn versions(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("policy_version")
            .col(string("hash").primary_key())
            .col(text("body"))
            .col(text("stage"))
            .col(string("stage_name"))
            .col(string_null("effective_on"))
            .col(big_integer_null("published_at"))
            .col(big_integer("proposed_at"))
            .to_owned(),
    )
    .await?;
    m.create_index(
        Index::create()
            .name("ix_policy_version_published")
            .table("policy_version")
            .col("effective_on")
            .col("published_at")
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("change_notice")
            .col(string("hash"))
            .col(string("address_index"))
            .col(big_integer("told_at"))
            .primary_key(Index::create().col("hash").col("address_index"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("consent")
            .col(string("id").primary_key())
            .col(string("subject_index"))
            .col(string("purpose"))
            .col(string("map_hash"))
            .col(string("answer"))
            .col(big_integer("answered_at"))
            .to_owned(),
    )
    .await?;
    m.create_index(
        Index::create().name("ix_consent_subject").table("consent").col("subject_index").col("purpose").to_owned(),
    )
    .await
}

/// What people do by hand in systems no program reaches.
async fn tasks(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("task")
            .col(string("id").primary_key())
            .col(string("request_id"))
            .col(string("source"))
            .col(string("table_name"))
            .col(text("roles"))
            .col(string("due_on"))
            .col(string("link_hash"))
            .col(big_integer("created_at"))
            .col(big_integer_null("confirmed_at"))
            .col(big_integer_null("rows"))
            .col(text_null("note"))
            .foreign_key(
                ForeignKey::create()
                    .name("fk_task_request")
                    .from("task", "request_id")
                    .to("request", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned(),
    )
    .await?;
    m.create_index(Index::create().name("ux_task_link").table("task").col("link_hash").unique().to_owned()).await?;
    m.create_index(Index::create().name("ix_task_request").table("task").col("request_id").to_owned()).await
}

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// A code is found among two hundred thousand notices without passing them.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let codes = Index::create()
            .name("ix_outbox_codes")
            .table("outbox")
            .col("next_at")
            .and_where(Expr::col("status").eq("waiting"))
            .and_where(Expr::col("secret_sealed").is_not_null())
            .to_owned();
        m.create_index(codes).await
    }
}

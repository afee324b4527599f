use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// The audit log is looked through by who and by day.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_index(Index::create().name("ix_audit_actor").table("audit").col("actor").col("seq").to_owned())
            .await?;
        m.create_index(Index::create().name("ix_audit_at").table("audit").col("at").to_owned()).await
    }
}

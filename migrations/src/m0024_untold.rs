use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Of requests that ended after a run of them had begun, before recipients were told of a part: they are told now. The
/// job's own number is the request's, which no other job has.
const TELL: &str = "INSERT INTO job (id, kind, object, run_at, lease, attempts, created_at) \
     SELECT n.request_id, 'tell_of_part', n.request_id, MAX(n.created_at), 0, 0, MAX(n.created_at) \
     FROM notified n JOIN request r ON r.id = n.request_id \
     WHERE n.told_at IS NULL AND n.confirmed_at IS NULL AND n.found_by_sealed IS NOT NULL \
     AND r.stage_name IN ('answered', 'refused', 'cancelled') \
     AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'tell_of_part' AND j.object = n.request_id) \
     AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.action = 'recipients_of_part' AND a.object = r.number) \
     GROUP BY n.request_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.get_connection().execute_unprepared(TELL).await?;
        Ok(())
    }
}

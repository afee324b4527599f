use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, blob, blob_null, string, string_null, text, text_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        people(m).await?;
        requests(m).await?;
        runs(m).await?;
        work(m).await?;
        proof(m).await
    }
}

/// Staff, sessions, one-time codes.
async fn people(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("staff")
            .col(string("id").primary_key())
            .col(string("login"))
            .col(string("name"))
            .col(string("role"))
            .col(text("password_hash"))
            .col(blob_null("totp_sealed"))
            .col(big_integer_null("totp_last_step"))
            .col(big_integer("failed").default(0))
            .col(big_integer_null("locked_until_at"))
            .col(big_integer("created_at"))
            .col(big_integer_null("enrolled_at"))
            .to_owned(),
    )
    .await?;
    index(m, "staff", "ux_staff_login", &["login"], Uniqueness::Unique).await?;
    m.create_table(
        Table::create()
            .table("session")
            .col(string("id_hash").primary_key())
            .col(blob("data_sealed"))
            .col(big_integer("expires_at"))
            .to_owned(),
    )
    .await?;
    index(m, "session", "ix_session_expires", &["expires_at"], Uniqueness::Any).await?;
    m.create_table(
        Table::create()
            .table("challenge")
            .col(string("id").primary_key())
            .col(string("channel"))
            .col(blob("address_sealed"))
            .col(string("address_index"))
            .col(blob_null("fact_sealed"))
            .col(string("code_hash"))
            .col(blob_null("code_sealed"))
            .col(string("lang"))
            .col(big_integer("tries").default(0))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .col(big_integer_null("used_at"))
            .col(big_integer_null("vouched_at"))
            .to_owned(),
    )
    .await?;
    index(m, "challenge", "ix_challenge_expires", &["expires_at"], Uniqueness::Any).await?;
    m.create_table(
        Table::create()
            .table("throttle")
            .col(string("bucket").primary_key())
            .col(big_integer("window_at"))
            .col(big_integer("count"))
            .to_owned(),
    )
    .await
}

/// Requests, whose they are, and what happened to them.
async fn requests(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("request")
            .col(string("id").primary_key())
            .col(string("number"))
            .col(string("kind"))
            .col(string("stage_name"))
            .col(text("stage"))
            .col(string("lang"))
            .col(blob("subject_sealed"))
            .col(blob_null("details_sealed"))
            .col(big_integer("received_at"))
            .col(string("due_on"))
            .col(big_integer("version"))
            .to_owned(),
    )
    .await?;
    index(m, "request", "ux_request_number", &["number"], Uniqueness::Unique).await?;
    index(m, "request", "ix_request_queue", &["stage_name", "due_on", "id"], Uniqueness::Any).await?;
    m.create_table(
        Table::create()
            .table("request_subject")
            .col(string("request_id"))
            .col(string("subject_index"))
            .primary_key(Index::create().col("subject_index").col("request_id"))
            .foreign_key(&mut to_request("fk_subject_request", "request_subject"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("request_event")
            .col(string("request_id"))
            .col(big_integer("seq"))
            .col(big_integer("at"))
            .col(string("actor"))
            .col(string("what"))
            .col(text("data"))
            .col(blob_null("body_sealed"))
            .primary_key(Index::create().col("request_id").col("seq"))
            .foreign_key(&mut to_request("fk_event_request", "request_event"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("plan")
            .col(string("digest"))
            .col(string("request_id"))
            .col(text("body"))
            .col(big_integer("frozen_at"))
            .primary_key(Index::create().col("request_id").col("digest"))
            .foreign_key(&mut to_request("fk_plan_request", "plan"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("set_aside")
            .col(string("id").primary_key())
            .col(string("request_id"))
            .col(string("table_name"))
            .col(text("roles"))
            .col(string("until_on"))
            .col(big_integer("rows"))
            .col(blob("keys_sealed"))
            .col(big_integer_null("done_at"))
            .foreign_key(&mut to_request("fk_set_aside_request", "set_aside"))
            .to_owned(),
    )
    .await?;
    index(m, "set_aside", "ix_set_aside_until", &["done_at", "until_on"], Uniqueness::Any).await?;
    m.create_table(
        Table::create()
            .table("hold")
            .col(string("id").primary_key())
            .col(blob("subject_sealed"))
            .col(string("owner"))
            .col(text("reason"))
            .col(string("review_on"))
            .col(big_integer("placed_at"))
            .col(big_integer_null("released_at"))
            .to_owned(),
    )
    .await
}

/// Runs of the executor and their steps: the ledger.
async fn runs(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("run")
            .col(string("id").primary_key())
            .col(string("kind"))
            .col(string_null("request_id"))
            .col(string("as_of_on"))
            .col(string("status"))
            .col(string("map_hash"))
            .col(text("plan"))
            .col(text_null("report"))
            .col(big_integer("started_at"))
            .col(big_integer_null("finished_at"))
            .to_owned(),
    )
    .await?;
    index(m, "run", "ix_run_started", &["kind", "started_at"], Uniqueness::Any).await?;
    m.create_table(
        Table::create()
            .table("step")
            .col(string("id").primary_key())
            .col(string("run_id"))
            .col(big_integer("item"))
            .col(string("source"))
            .col(string("status"))
            .col(big_integer("rows"))
            .col(big_integer("began_at"))
            .col(big_integer_null("ended_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("fk_step_run")
                    .from("step", "run_id")
                    .to("run", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned(),
    )
    .await?;
    index(m, "step", "ix_step_run", &["run_id", "item", "status"], Uniqueness::Any).await
}

/// Jobs and outgoing messages.
async fn work(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("job")
            .col(string("id").primary_key())
            .col(string("kind"))
            .col(string("object"))
            .col(big_integer("run_at"))
            .col(big_integer_null("lease_until_at"))
            .col(big_integer("lease"))
            .col(big_integer("attempts"))
            .col(string_null("last_error"))
            .col(big_integer("created_at"))
            .to_owned(),
    )
    .await?;
    index(m, "job", "ix_job_run", &["run_at"], Uniqueness::Any).await?;
    index(m, "job", "ux_job_object", &["kind", "object"], Uniqueness::Unique).await?;
    m.create_table(
        Table::create()
            .table("outbox")
            .col(string("id").primary_key())
            .col(string("channel"))
            .col(blob_null("address_sealed"))
            .col(string("lang"))
            .col(text("notice"))
            .col(blob_null("secret_sealed"))
            .col(string("status"))
            .col(big_integer("attempts"))
            .col(big_integer("next_at"))
            .col(big_integer("created_at"))
            .col(big_integer_null("sent_at"))
            .to_owned(),
    )
    .await?;
    index(m, "outbox", "ix_outbox_next", &["status", "next_at"], Uniqueness::Any).await
}

/// The audit log, and which map was in force when.
async fn proof(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("audit")
            .col(big_integer("seq").primary_key())
            .col(big_integer("at"))
            .col(string("actor"))
            .col(string("action"))
            .col(string("object"))
            .col(text("detail"))
            .col(blob("hash"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("audit_mark")
            .col(big_integer("id").primary_key())
            .col(big_integer("seq"))
            .col(blob("hash"))
            .col(blob("mac"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("map_version")
            .col(string("hash").primary_key())
            .col(big_integer("in_force_at"))
            .to_owned(),
    )
    .await
}

#[derive(PartialEq, Eq)]
enum Uniqueness {
    Any,
    Unique,
}

async fn index(
    m: &SchemaManager<'_>,
    table: &'static str,
    name: &'static str,
    columns: &[&'static str],
    uniqueness: Uniqueness,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    if uniqueness == Uniqueness::Unique {
        index.unique();
    }
    m.create_index(index).await
}

fn to_request(name: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from(table, "request_id")
        .to("request", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

use sea_orm_migration::{prelude::*, schema::string_null};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// With which side of a representative's request something was said: the other does not read it. Empty where it is for
/// everyone.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in ["request_event", "file"] {
            m.alter_table(Table::alter().table(table).add_column(string_null("side")).to_owned()).await?;
        }
        let by_representatives = || {
            Query::select()
                .column("id")
                .from("request")
                .and_where(Expr::col("requester").like("%\"by\":\"representative\"%"))
                .to_owned()
        };
        // What officers wrote was told to whoever asked, and to nobody else; so was the question that was answered.
        let asker = Query::update()
            .table("request_event")
            .value("side", "asker")
            .and_where(Expr::col("what").is_in([
                "request_asked",
                "request_answered",
                "request_settled",
                "request_refused",
            ]))
            .and_where(Expr::col("request_id").in_subquery(by_representatives()))
            .to_owned();
        m.execute(asker).await?;
        // But where it says that the person answered, it is theirs.
        let subject = Query::update()
            .table("request_event")
            .value("side", "subject")
            .and_where(Expr::col("what").eq("request_answered"))
            .and_where(Expr::col("data").like("%\"as\":\"subject\"%"))
            .and_where(Expr::col("request_id").in_subquery(by_representatives()))
            .to_owned();
        m.execute(subject).await?;
        let files = Query::update()
            .table("file")
            .value("side", "asker")
            .and_where(Expr::col("purpose").eq("message"))
            .and_where(Expr::col("request_id").in_subquery(by_representatives()))
            .to_owned();
        m.execute(files).await
    }
}

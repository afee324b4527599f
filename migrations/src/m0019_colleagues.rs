use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, integer, string, string_null},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Colleagues pass requests on to each other, see which were asked by somebody else, and change their passwords.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // Who passed it on to whoever has it; none where they took it themselves.
            ("request", string_null("passed_by")),
            // To whom it was passed on with this note.
            ("request_note", string_null("passed_to")),
            // 1: by a representative, or written down by staff.
            ("request", integer("asked_by_another").default(0).to_owned()),
            ("saved_view", string("asked").default("").to_owned()),
            // Whoever signed in with an older one is signed out.
            ("staff", big_integer_null("password_changed_at")),
        ];
        for (table, column) in columns {
            m.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        let by_another = Query::update()
            .table("request")
            .value("asked_by_another", 1)
            .and_where(Expr::col("requester").ne(r#"{"by":"subject"}"#))
            .to_owned();
        m.execute(by_another).await?;
        // One for each combination of filters that has none yet: a page looks at no other rows, however few are sought.
        for (name, sought) in [
            ("ix_request_asked", ["asked_by_another"].as_slice()),
            ("ix_request_asked_owner", ["asked_by_another", "owner"].as_slice()),
            ("ix_request_asked_kind", ["asked_by_another", "kind"].as_slice()),
            ("ix_request_owner_kind", ["owner", "kind"].as_slice()),
            ("ix_request_asked_owner_kind", ["asked_by_another", "owner", "kind"].as_slice()),
        ] {
            let mut index = Index::create();
            index.name(name).table("request").col("open");
            for column in sought.iter().copied().chain(["due_on", "number"]) {
                index.col(column);
            }
            m.create_index(index).await?;
        }
        Ok(())
    }
}

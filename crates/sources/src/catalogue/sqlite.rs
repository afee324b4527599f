use domain::map::{Column, SourceName};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};

use super::{ColumnInfo, Draft, Family, ForeignKey, KeyPart, OnDelete, TableKind, text};

const TABLES: &str = "FROM sqlite_schema m JOIN";
const OURS: &str = "m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

pub(super) async fn read(db: &DatabaseConnection, source: &SourceName) -> Result<Draft, DbErr> {
    let mut draft = Draft::new(source, "main".to_owned());
    let all = async |sql: String| -> Result<Vec<QueryResult>, DbErr> {
        db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await
    };
    let columns = format!(
        "SELECT m.name, m.type, c.name, c.type, c.\"notnull\", c.pk, c.hidden {TABLES} pragma_table_xinfo(m.name) c \
         WHERE {OURS} ORDER BY m.name, c.cid"
    );
    for row in all(columns).await? {
        let (kind, name, type_name) = (text(&row, 1)?, text(&row, 2)?, text(&row, 3)?);
        let (not_null, pk, hidden): (i64, i64, i64) =
            (row.try_get_by_index(4)?, row.try_get_by_index(5)?, row.try_get_by_index(6)?);
        let table = draft.table("main", &text(&row, 0)?);
        table.kind = if kind == "view" { TableKind::View } else { TableKind::Table };
        let column = Column(name);
        if pk > 0 {
            let at = usize::try_from(pk).unwrap_or(1) - 1;
            table.key.resize(table.key.len().max(at + 1), column.clone());
            if let Some(place) = table.key.get_mut(at) {
                *place = column.clone();
            }
        }
        table.order.push(column.clone());
        let info = ColumnInfo {
            family: family(&type_name),
            longest: longest(&type_name),
            type_name,
            nullable: not_null == 0 && pk == 0,
            unique: false,
            generated: hidden > 1,
            comment: String::new(),
        };
        table.columns.insert(column, info);
    }
    let numbered = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT wr".to_owned();
    for row in all(numbered).await? {
        let name = draft.name("main", &text(&row, 0)?);
        if let Some(table) = draft.tables.get_mut(&name) {
            table.row_number = row_number(&table.order);
        }
    }
    let indexes = format!(
        "SELECT m.name, i.name, i.\"unique\" AND NOT i.partial, ii.name {TABLES} pragma_index_list(m.name) i \
         JOIN pragma_index_info(i.name) ii WHERE {OURS} ORDER BY m.name, i.name, ii.seqno"
    );
    let mut found = Vec::new();
    for row in all(indexes).await? {
        let unique: i64 = row.try_get_by_index(2)?;
        found.push(("main".to_owned(), text(&row, 0)?, text(&row, 1)?, unique != 0, row.try_get_by_index(3)?));
    }
    draft.indexes(found.into_iter());
    let keys = format!(
        "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_delete {TABLES} pragma_foreign_key_list(m.name) f \
         WHERE {OURS} ORDER BY m.name, f.id, f.seq"
    );
    let mut parts = Vec::new();
    for row in all(keys).await? {
        let (id, parent, on): (i64, String, String) = (row.try_get_by_index(1)?, text(&row, 2)?, text(&row, 4)?);
        parts.push(KeyPart {
            child: draft.name("main", &text(&row, 0)?),
            id: id.to_string(),
            key: ForeignKey {
                columns: vec![Column(text(&row, 3)?)],
                to: draft.name("main", &parent),
                // Without a column it means the key.
                on: if on.is_empty() { draft.table("main", &parent).key.clone() } else { vec![Column(on)] },
                on_delete: OnDelete::parse(&text(&row, 5)?),
            },
        });
    }
    draft.points_at(parts);
    let triggers = "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger'".to_owned();
    for row in all(triggers).await? {
        let name = text(&row, 1)?;
        draft.table("main", &text(&row, 0)?).triggers.push(name);
    }
    Ok(draft)
}

/// SQLite knows the number by three names, and by each only while no column is called so.
fn row_number(columns: &[Column]) -> Option<Column> {
    let is_taken = |name: &str| columns.iter().any(|column| column.as_str().eq_ignore_ascii_case(name));
    ["_rowid_", "rowid", "oid"].into_iter().find(|name| !is_taken(name)).map(|name| Column(name.to_owned()))
}

/// SQLite keeps what it is given; the declared type says what is meant.
fn family(type_name: &str) -> Family {
    let name = type_name.to_ascii_uppercase();
    let has = |part: &str| name.contains(part);
    if has("BOOL") {
        Family::Bool
    } else if has("INT") {
        Family::Integer
    } else if has("CHAR") || has("TEXT") || has("CLOB") {
        Family::Text
    } else if has("BLOB") {
        Family::Binary
    } else if has("JSON") {
        Family::Json
    } else if has("DATETIME") || has("TIMESTAMP") {
        Family::Moment
    } else if has("DATE") {
        Family::Date
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        Family::Float
    } else if has("NUM") || has("DEC") {
        Family::Decimal
    } else {
        Family::Text
    }
}

fn longest(type_name: &str) -> Option<u32> {
    type_name.split_once('(')?.1.trim_end_matches(')').trim().parse().ok()
}

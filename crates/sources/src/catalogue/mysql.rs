use domain::map::{Column, SourceName};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};

use super::{ColumnInfo, Draft, Family, ForeignKey, KeyPart, OnDelete, TableKind, Timed, text};

const OURS: &str = "NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')";

// Cast: some versions answer with binary strings.
const COLUMNS: &str = "SELECT CAST(c.table_schema AS CHAR), CAST(c.table_name AS CHAR), CAST(t.table_type AS CHAR), \
    CAST(c.column_name AS CHAR), CAST(c.data_type AS CHAR), CAST(c.column_type AS CHAR), CAST(c.is_nullable AS CHAR), \
    CAST(c.extra AS CHAR), CAST(c.column_comment AS CHAR), CAST(t.table_comment AS CHAR), \
    CAST(coalesce(least(c.character_maximum_length, 2147483647), 0) AS SIGNED) \
    FROM information_schema.columns c JOIN information_schema.tables t \
    ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema";

const INDEXES: &str = "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), CAST(index_name AS CHAR), \
    CAST(non_unique AS SIGNED), CAST(CASE WHEN sub_part IS NULL THEN column_name END AS CHAR) \
    FROM information_schema.statistics WHERE table_schema";

const KEYS: &str = "SELECT CAST(k.table_schema AS CHAR), CAST(k.table_name AS CHAR), CAST(k.constraint_name AS CHAR), \
    CAST(k.referenced_table_schema AS CHAR), CAST(k.referenced_table_name AS CHAR), CAST(k.column_name AS CHAR), \
    CAST(k.referenced_column_name AS CHAR), CAST(r.delete_rule AS CHAR) \
    FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r \
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name \
    WHERE k.referenced_table_name IS NOT NULL AND k.table_schema";

/// Tables whose engine takes nothing back.
const WITHOUT_TRANSACTIONS: &str = "SELECT CAST(t.table_schema AS CHAR), CAST(t.table_name AS CHAR), \
    CAST(t.engine AS CHAR) FROM information_schema.tables t JOIN information_schema.engines e ON e.engine = t.engine \
    WHERE t.table_type = 'BASE TABLE' AND e.transactions = 'NO' AND t.table_schema";

const TRIGGERS: &str = "SELECT CAST(event_object_schema AS CHAR), CAST(event_object_table AS CHAR), \
    CAST(trigger_name AS CHAR) FROM information_schema.triggers WHERE event_object_schema";

pub(super) async fn read(db: &DatabaseConnection, source: &SourceName) -> Result<Draft, DbErr> {
    let all = async |sql: String| -> Result<Vec<QueryResult>, DbErr> {
        db.query_all_raw(Statement::from_string(DbBackend::MySql, sql)).await
    };
    let home = all("SELECT CAST(coalesce(database(), '') AS CHAR), CAST(version() AS CHAR)".to_owned()).await?;
    let version = home.first().map_or(Ok(String::new()), |row| text(row, 1))?;
    // TiDB took foreign keys without minding them until 6.6, and minds only those declared since.
    let minds_keys = !version.contains("TiDB");
    let home = home.first().map_or(Ok(String::new()), |row| text(row, 0))?;
    let mut draft = Draft::new(source, home);
    draft.timed = if version.contains("MariaDB") { Timed::InItsText } else { Timed::Not };
    for row in all(format!("{COLUMNS} {OURS} ORDER BY c.table_schema, c.table_name, c.ordinal_position")).await? {
        let (kind, column, data_type, full) = (text(&row, 2)?, Column(text(&row, 3)?), text(&row, 4)?, text(&row, 5)?);
        let extra = text(&row, 7)?.to_ascii_uppercase();
        let longest: i64 = row.try_get_by_index(10)?;
        let table = draft.table(&text(&row, 0)?, &text(&row, 1)?);
        table.kind = if kind.contains("VIEW") { TableKind::View } else { TableKind::Table };
        table.comment = text(&row, 9)?;
        table.order.push(column.clone());
        let family = family(&data_type.to_ascii_lowercase(), &full.to_ascii_lowercase());
        let info = ColumnInfo {
            type_name: full,
            family,
            nullable: text(&row, 6)? == "YES",
            unique: false,
            generated: ["VIRTUAL", "STORED", "PERSISTENT"].iter().any(|word| extra.contains(word)),
            longest: u32::try_from(longest).ok().filter(|longest| *longest > 0),
            comment: text(&row, 8)?,
        };
        table.columns.insert(column, info);
    }
    let mut found = Vec::new();
    for row in all(format!("{INDEXES} {OURS} ORDER BY table_schema, table_name, index_name, seq_in_index")).await? {
        let (schema, table, index) = (text(&row, 0)?, text(&row, 1)?, text(&row, 2)?);
        let column: Option<String> = row.try_get_by_index(4)?;
        if let (true, Some(column)) = (index == "PRIMARY", &column) {
            draft.table(&schema, &table).key.push(Column(column.clone()));
        }
        found.push((schema, table, index, row.try_get_by_index::<i64>(3)? == 0, column));
    }
    draft.indexes(found.into_iter());
    let mut parts = Vec::new();
    for row in
        all(format!("{KEYS} {OURS} ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position"))
            .await?
    {
        parts.push(KeyPart {
            child: draft.name(&text(&row, 0)?, &text(&row, 1)?),
            id: text(&row, 2)?,
            key: ForeignKey {
                columns: vec![Column(text(&row, 5)?)],
                to: draft.name(&text(&row, 3)?, &text(&row, 4)?),
                on: vec![Column(text(&row, 6)?)],
                on_delete: if minds_keys { OnDelete::parse(&text(&row, 7)?) } else { OnDelete::Nothing },
            },
        });
    }
    draft.points_at(parts);
    for row in all(format!("{TRIGGERS} {OURS}")).await? {
        let name = text(&row, 2)?;
        draft.table(&text(&row, 0)?, &text(&row, 1)?).triggers.push(name);
    }
    for row in all(format!("{WITHOUT_TRANSACTIONS} {OURS}")).await? {
        let engine = text(&row, 2)?;
        draft.table(&text(&row, 0)?, &text(&row, 1)?).without_transactions = Some(engine);
    }
    Ok(draft)
}

fn family(data_type: &str, full: &str) -> Family {
    match data_type {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => {
            if full.contains("unsigned") {
                Family::Unsigned
            } else {
                Family::Integer
            }
        }
        "decimal" => Family::Decimal,
        "float" | "double" => Family::Float,
        "date" => Family::Date,
        // A timestamp is kept in UTC and shown in the session's zone, which is China's.
        "datetime" | "timestamp" => Family::Moment,
        "json" => Family::Json,
        "binary" | "varbinary" | "blob" | "tinyblob" | "mediumblob" | "longblob" => Family::Binary,
        "bit" => Family::Bit,
        "uuid" => Family::Uuid,
        "char" | "varchar" | "text" | "tinytext" | "mediumtext" | "longtext" | "enum" | "set" => Family::Text,
        _ => Family::Other,
    }
}

use domain::map::{Column, SourceName};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};

use super::{ColumnInfo, Draft, Family, ForeignKey, KeyPart, OnDelete, TableKind, text};

const OURS: &str = "n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'";

// Types without their length: a cast to varchar(19) would cut a longer address down to somebody else's.
const COLUMNS: &str = "SELECT n.nspname::text, c.relname::text, c.relkind::text, a.attname::text, \
    format_type(a.atttypid, -1)::text, b.typname::text, b.typcategory::text, a.attnotnull, \
    a.attgenerated <> '' OR a.attidentity = 'a', coalesce(col_description(c.oid, a.attnum), '')::text, \
    coalesce(obj_description(c.oid, 'pg_class'), '')::text, \
    CASE WHEN b.typname IN ('varchar', 'bpchar') THEN CASE WHEN t.typbasetype <> 0 THEN t.typtypmod ELSE a.atttypmod END \
         ELSE -1 END \
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_type t ON t.oid = a.atttypid \
    JOIN pg_type b ON b.oid = CASE WHEN t.typbasetype <> 0 THEN t.typbasetype ELSE t.oid END \
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped";

const INDEXES: &str = "SELECT n.nspname::text, c.relname::text, x.relname::text, i.indisunique AND i.indpred IS NULL, \
    a.attname::text, i.indisprimary \
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_class x ON x.oid = i.indexrelid \
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, ord) \
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum \
    WHERE NOT c.relispartition AND i.indpred IS NULL AND i.indexprs IS NULL";

const KEYS: &str = "SELECT n.nspname::text, c.relname::text, o.conname::text, pn.nspname::text, p.relname::text, \
    a.attname::text, pa.attname::text, \
    CASE WHEN current_setting('session_replication_role') = 'replica' OR EXISTS (SELECT FROM pg_trigger t \
         WHERE t.tgconstraint = o.oid AND t.tgenabled IN ('D', 'R')) THEN '-' ELSE o.confdeltype::text END \
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_class p ON p.oid = o.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace \
    CROSS JOIN LATERAL unnest(o.conkey, o.confkey) WITH ORDINALITY AS k (own, other, ord) \
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.own \
    JOIN pg_attribute pa ON pa.attrelid = p.oid AND pa.attnum = k.other \
    WHERE o.contype = 'f' AND o.conparentid = 0";

const TRIGGERS: &str = "SELECT n.nspname::text, c.relname::text, t.tgname::text FROM pg_trigger t \
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal";

pub(super) async fn read(db: &DatabaseConnection, source: &SourceName) -> Result<Draft, DbErr> {
    let all = async |sql: String| -> Result<Vec<QueryResult>, DbErr> {
        db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await
    };
    let home = all("SELECT coalesce(current_schema(), 'public')::text".to_owned()).await?;
    let home = home.first().map_or(Ok("public".to_owned()), |row| text(row, 0))?;
    let mut draft = Draft::new(source, home);
    for row in all(format!("{COLUMNS} AND {OURS} ORDER BY 1, 2, a.attnum")).await? {
        let (kind, column, base, category) = (text(&row, 2)?, Column(text(&row, 3)?), text(&row, 5)?, text(&row, 6)?);
        let (not_null, generated, modifier): (bool, bool, i32) =
            (row.try_get_by_index(7)?, row.try_get_by_index(8)?, row.try_get_by_index(11)?);
        let table = draft.table(&text(&row, 0)?, &text(&row, 1)?);
        table.kind = if matches!(kind.as_str(), "v" | "m") { TableKind::View } else { TableKind::Table };
        table.comment = text(&row, 10)?;
        table.order.push(column.clone());
        let info = ColumnInfo {
            type_name: text(&row, 4)?,
            family: family(&base, &category),
            nullable: !not_null,
            unique: false,
            generated,
            longest: u32::try_from(modifier - 4).ok().filter(|_| modifier > 4),
            comment: text(&row, 9)?,
        };
        table.columns.insert(column, info);
    }
    let mut found = Vec::new();
    for row in all(format!("{INDEXES} AND {OURS} ORDER BY 1, 2, 3, k.ord")).await? {
        let (schema, table, column) = (text(&row, 0)?, text(&row, 1)?, text(&row, 4)?);
        if row.try_get_by_index::<bool>(5)? {
            draft.table(&schema, &table).key.push(Column(column.clone()));
        }
        found.push((schema, table, text(&row, 2)?, row.try_get_by_index(3)?, Some(column)));
    }
    draft.indexes(found.into_iter());
    let mut parts = Vec::new();
    for row in all(format!("{KEYS} AND {OURS} ORDER BY 1, 2, 3, k.ord")).await? {
        parts.push(KeyPart {
            child: draft.name(&text(&row, 0)?, &text(&row, 1)?),
            id: text(&row, 2)?,
            key: ForeignKey {
                columns: vec![Column(text(&row, 5)?)],
                to: draft.name(&text(&row, 3)?, &text(&row, 4)?),
                on: vec![Column(text(&row, 6)?)],
                on_delete: match text(&row, 7)?.as_str() {
                    "c" => OnDelete::Cascade,
                    "n" | "d" => OnDelete::LetGo,
                    "-" => OnDelete::Nothing,
                    _ => OnDelete::Refuse,
                },
            },
        });
    }
    draft.points_at(parts);
    for row in all(format!("{TRIGGERS} AND {OURS}")).await? {
        let name = text(&row, 2)?;
        draft.table(&text(&row, 0)?, &text(&row, 1)?).triggers.push(name);
    }
    Ok(draft)
}

fn family(base: &str, category: &str) -> Family {
    match (base, category) {
        ("int2" | "int4" | "int8", _) => Family::Integer,
        ("numeric", _) => Family::Decimal,
        ("float4" | "float8", _) => Family::Float,
        ("date", _) => Family::Date,
        ("timestamp", _) => Family::Moment,
        ("timestamptz", _) => Family::ZonedMoment,
        ("bool", _) => Family::Bool,
        ("uuid", _) => Family::Uuid,
        ("json" | "jsonb", _) => Family::Json,
        ("bytea", _) => Family::Binary,
        (_, "A") => Family::Array,
        (_, "S") => Family::Text,
        _ => Family::Other,
    }
}

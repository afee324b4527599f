//! Values that stay, but only where enough rows share them: an address cut down to its city, a service that many
//! use. What fewer rows share would still point at someone, and becomes empty (k-anonymity, GB/T 42460-2023).

use domain::map::{Anonymise, Coarse, Engine, Field, Place, RoleName};
use sea_orm::sea_query::{Alias, BinOper, CaseStatement, Expr, ExprTrait, Func, Query};

use super::column::{At, is_written, table_as, together};
use crate::{Scope, Terms};

/// What the column becomes.
pub(crate) fn coarsened(terms: &Terms<'_>, at: At<'_>, roles: &[RoleName], field: &Field, rule: &Coarse) -> Expr {
    let value = || cut(terms, at, field, rule);
    // Nothing to keep: others need not be looked at, and in a table of many such rows must not be.
    CaseStatement::new()
        .case(value().is_null(), Expr::cust("NULL"))
        .case(enough_share(terms, at, roles), value())
        .finally(Expr::cust("NULL"))
        .into()
}

/// How the rows are looked at whose values were cut down before, and which too few may share by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looking {
    /// All at once, to count them: every group of the table once. Looked for row by row, 1,100 such rows among 4,000
    /// took a second.
    Together,
    /// Only at the row itself: what was cut is taken for shared. To show what is held, for which no table is read.
    Alone,
    /// Each for itself: a step meets few, and must not read the whole table while it holds its locks.
    Each,
}

impl Looking {
    /// To count what a run would change. A person has few rows in a table of many.
    pub(super) const fn to_count(terms: &Terms<'_>) -> Self {
        match terms.scope {
            Scope::Expired => Self::Together,
            Scope::Person(_) | Scope::SetAside { .. } => Self::Each,
        }
    }
}

/// The value is not what it would become.
pub(super) fn is_finer(
    terms: &Terms<'_>,
    at: At<'_>,
    roles: &[RoleName],
    (field, rule): (&Field, &Coarse),
    looking: Looking,
) -> Expr {
    let value = || at.col(field.place.column());
    let stays = match looking {
        Looking::Together => is_in_a_large_group(terms, at, roles),
        Looking::Alone => Expr::val(true),
        Looking::Each => enough_share(terms, at, roles),
    };
    CaseStatement::new()
        .case(value().is_null(), Expr::val(false))
        .case(same(terms, at, value(), cut(terms, at, field, rule)).not(), Expr::val(true))
        .finally(stays.not())
        .into()
}

/// Up to the mark and with it; nothing where the mark is missing.
fn cut(terms: &Terms<'_>, at: At<'_>, field: &Field, rule: &Coarse) -> Expr {
    let value = at.col(field.place.column());
    let Some(mark) = &rule.up_to else { return value };
    let mark_at = || -> Expr {
        let (value, mark) = (at.col(field.place.column()), Expr::val(mark.as_str()));
        match terms.catalogues.engine(&at.table.name.source) {
            Some(Engine::Postgres) => Func::cust("strpos").args([value, mark]).into(),
            Some(Engine::Mysql | Engine::Sqlite | Engine::Http | Engine::Manual) | None => {
                Func::cust("instr").args([value, mark]).into()
            }
        }
    };
    let length = i32::try_from(mark.chars().count()).unwrap_or(i32::MAX) - 1;
    let up_to = Func::cust("substr").args([value, Expr::val(1), mark_at().add(length)]);
    CaseStatement::new().case(mark_at().gt(0), up_to).finally(Expr::cust("NULL")).into()
}

/// At least as many rows of the table as the strictest rule of this side asks for are alike in everything that
/// stays of it, together.
fn enough_share(terms: &Terms<'_>, at: At<'_>, roles: &[RoleName]) -> Expr {
    if terms.catalogues.engine(&at.table.name.source) == Some(Engine::Mysql) {
        return is_in_a_large_group(terms, at, roles);
    }
    let fields: Vec<(&Field, &Coarse)> = coarse_fields(terms, at, roles).collect();
    let least = at_least(&fields);
    let alias = at.inner_alias();
    let other = at.inner(at.table, &alias);
    // Looks no further than it must: what many share is soon found.
    let mut few = Query::select();
    few.expr(Expr::val(1)).from(table_as(&at.table.name, &alias)).limit(u64::try_from(least).unwrap_or(1));
    for (field, rule) in &fields {
        let (here, there) = (cut(terms, at, field, rule), cut(terms, other, field, rule));
        // Alone, an empty value has nothing to keep, and an index serves equality only.
        few.and_where(if fields.len() == 1 { there.eq(here) } else { same(terms, at, there, here) });
    }
    let counted = Query::select().expr(Expr::cust("count(*)")).from_subquery(few, Alias::new("few")).to_owned();
    Expr::from(counted).gte(least)
}

/// Stands for no value where groups are compared, for an empty text is one.
const NOTHING: &str = "\u{1}";

/// The strictest rule of this side.
fn at_least(fields: &[(&Field, &Coarse)]) -> i64 {
    i64::from(fields.iter().map(|(_, rule)| rule.at_least).max().unwrap_or(1))
}

/// Likewise, with all large groups found at once. MySQL can neither look at the table it changes nor out of a derived
/// one, and knows no other way.
fn is_in_a_large_group(terms: &Terms<'_>, at: At<'_>, roles: &[RoleName]) -> Expr {
    let fields: Vec<(&Field, &Coarse)> = coarse_fields(terms, at, roles).collect();
    let alias = at.inner_alias();
    let (other, least) = (at.inner(at.table, &alias), at_least(&fields));
    let parts =
        |at| fields.iter().map(move |(field, rule)| Func::coalesce([cut(terms, at, field, rule), Expr::val(NOTHING)]));
    let mut groups = Query::select();
    groups.from(table_as(&at.table.name, other.alias)).and_having(Expr::cust("count(*)").gte(least));
    for (number, part) in parts(other).enumerate() {
        // By its name: a parameter in an expression makes PostgreSQL take the same one for another.
        let name = Alias::new(format!("_g{number}"));
        groups.expr_as(part, name.clone()).add_group_by([Expr::col(name)]);
    }
    let large = Query::select().expr(Expr::cust("*")).from_subquery(groups, Alias::new("large")).to_owned();
    together(parts(at).map(Expr::from).collect()).in_subquery(large)
}

fn coarse_fields<'a>(
    terms: &Terms<'_>,
    at: At<'a>,
    roles: &'a [RoleName],
) -> impl Iterator<Item = (&'a Field, &'a Coarse)> {
    let written = at.table.fields_to_anonymise(roles).filter_map(|field| match (&field.anonymise, &field.place) {
        (Anonymise::Coarse(rule), Place::Column(_)) => Some((field, rule)),
        _ => None,
    });
    let catalogues = terms.catalogues;
    written
        .filter(move |(field, _)| is_written(catalogues, &at.table.name, &field.place, &field.anonymise))
        .collect::<Vec<_>>()
        .into_iter()
}

/// Equal, or both empty.
fn same(terms: &Terms<'_>, at: At<'_>, one: Expr, other: Expr) -> Expr {
    let operator = match terms.catalogues.engine(&at.table.name.source) {
        Some(Engine::Postgres) => "IS NOT DISTINCT FROM",
        Some(Engine::Mysql) => "<=>",
        Some(Engine::Sqlite | Engine::Http | Engine::Manual) | None => "IS",
    };
    one.binary(BinOper::Custom(operator), other)
}

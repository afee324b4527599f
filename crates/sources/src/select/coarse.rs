//! Values that stay, but only where enough rows share them: an address cut down to its city, a service that many
//! use. What fewer rows share would still point at someone, and becomes empty (k-anonymity, GB/T 42460-2023).

use std::fmt;

use domain::map::{Anonymise, Coarse, Engine, Field, Place, RoleName, Table, TableName};
use sea_orm::sea_query::{Alias, BinOper, CaseStatement, Expr, ExprTrait, Func, Query, SelectStatement};

use super::{
    column::{At, is_written, table_as, together},
    outcome::chosen,
};
use crate::{Scope, Terms};

/// What the column becomes, in a step.
pub(crate) fn coarsened(terms: &Terms<'_>, at: At<'_>, roles: &[RoleName], field: &Field, rule: &Coarse) -> Expr {
    let value = || cut(terms, at, field, rule);
    // Nothing to keep: others need not be looked at, and in a table of many such rows must not be.
    CaseStatement::new()
        .case(value().is_null(), Expr::cust("NULL"))
        .case(Looking::in_a_step(terms, at, roles).enough_share(terms, at, roles), value())
        .finally(Expr::cust("NULL"))
        .into()
}

/// Which values enough rows of a table share, so that they may stay: found before a step holds its locks.
#[derive(Clone, PartialEq, Eq)]
pub struct Common {
    pub(crate) table: TableName,
    pub(crate) roles: Vec<RoleName>,
    /// Of each group the values that stay, in the order of their fields.
    pub(crate) groups: Vec<Vec<String>>,
}

impl fmt::Debug for Common {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Common({}, {} groups)", self.table, self.groups.len())
    }
}

/// How it is found out that enough rows share what stays of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looking<'a> {
    /// All at once: every group of the table once. Looked for row by row, 1,100 such rows among 4,000 took a second.
    Together,
    /// Only at the row itself: what was cut is taken for shared. To show what is held, for which no table is read.
    Alone,
    /// Each row for itself, and no further than it must: what many share is soon found.
    Each,
    /// It is known.
    Known(&'a Common),
}

impl<'a> Looking<'a> {
    /// To count what a run would change. A person has few rows in a table of many.
    pub(super) const fn to_count(terms: &Terms<'_>) -> Self {
        match terms.scope {
            Scope::Expired => Self::Together,
            Scope::Person(_) | Scope::SetAside { .. } => Self::Each,
        }
    }

    /// A step reads no other rows while it holds its locks, unless there are too many groups to name.
    pub(super) fn in_a_step(terms: &Terms<'a>, at: At<'_>, roles: &[RoleName]) -> Self {
        let known = terms.common.filter(|common| common.table == at.table.name && common.roles == roles);
        known.map_or(Self::Together, Self::Known)
    }

    fn enough_share(self, terms: &Terms<'_>, at: At<'_>, roles: &[RoleName]) -> Expr {
        let stays = Stays::of(terms, at, roles);
        match self {
            Self::Together => stays.is_in_a_large_group(),
            Self::Alone => Expr::val(true),
            Self::Each => stays.is_found_often(),
            Self::Known(common) => stays.is_one_of(common),
        }
    }
}

/// The value is not what it would become.
pub(super) fn is_finer(
    terms: &Terms<'_>,
    at: At<'_>,
    roles: &[RoleName],
    (field, rule): (&Field, &Coarse),
    looking: Looking<'_>,
) -> Expr {
    let value = || at.col(field.place.column());
    CaseStatement::new()
        .case(value().is_null(), Expr::val(false))
        .case(same(terms, at, value(), cut(terms, at, field, rule)).not(), Expr::val(true))
        .finally(looking.enough_share(terms, at, roles).not())
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

/// Stands for no value where groups are compared, for an empty text is one.
const NOTHING: &str = "\u{1}";

/// Everything of a row that stays cut down, together: what rows share is looked at as one.
struct Stays<'a> {
    terms: &'a Terms<'a>,
    at: At<'a>,
    fields: Vec<(&'a Field, &'a Coarse)>,
}

impl<'a> Stays<'a> {
    fn of(terms: &'a Terms<'_>, at: At<'a>, roles: &'a [RoleName]) -> Self {
        let written = at.table.fields_to_anonymise(roles).filter_map(|field| match (&field.anonymise, &field.place) {
            (Anonymise::Coarse(rule), Place::Column(_)) => Some((field, rule)),
            _ => None,
        });
        let is_written = |field: &Field| is_written(terms.catalogues, &at.table.name, &field.place, &field.anonymise);
        Self { terms, at, fields: written.filter(|(field, _)| is_written(field)).collect() }
    }

    /// The strictest rule of this side.
    fn at_least(&self) -> u32 {
        self.fields.iter().map(|(_, rule)| rule.at_least).max().unwrap_or(1)
    }

    /// What stays of a row, no value being one too.
    fn parts(&self, at: At<'_>) -> Vec<Expr> {
        let part = |(field, rule): &(&Field, &Coarse)| {
            Func::coalesce([cut(self.terms, at, field, rule), Expr::val(NOTHING)]).into()
        };
        self.fields.iter().map(part).collect()
    }

    /// As many rows as it takes have the same. A query in a value's place: MariaDB does not let one in FROM look at
    /// the row, and so cannot count where it stopped.
    fn is_found_often(&self) -> Expr {
        let alias = self.at.inner_alias();
        let other = self.at.inner(self.at.table, &alias);
        let mut few = Query::select();
        few.expr(Expr::val(1)).from(table_as(&self.at.table.name, &alias));
        few.limit(1).offset(u64::from(self.at_least()).saturating_sub(1));
        for (field, rule) in &self.fields {
            let (here, there) = (cut(self.terms, self.at, field, rule), cut(self.terms, other, field, rule));
            // Alone, an empty value has nothing to keep, and an index serves equality only.
            few.and_where(if self.fields.len() == 1 { there.eq(here) } else { same(self.terms, self.at, there, here) });
        }
        Expr::from(few).is_not_null()
    }

    fn large_groups(&self) -> SelectStatement {
        let alias = self.at.inner_alias();
        let other = self.at.inner(self.at.table, &alias);
        let mut groups = Query::select();
        groups.from(table_as(&self.at.table.name, other.alias));
        groups.and_having(Expr::cust("count(*)").gte(self.at_least()));
        for (number, part) in self.parts(other).into_iter().enumerate() {
            // By its name: a parameter in an expression makes PostgreSQL take the same one for another.
            let name = Alias::new(format!("_g{number}"));
            groups.expr_as(part, name.clone()).add_group_by([Expr::col(name)]);
        }
        groups
    }

    /// Out of a table of its own: MySQL cannot look at the one it changes.
    fn is_in_a_large_group(&self) -> Expr {
        let large = Alias::new("large");
        let large = Query::select().expr(Expr::cust("*")).from_subquery(self.large_groups(), large).to_owned();
        together(self.parts(self.at)).in_subquery(large)
    }

    fn is_one_of(&self, common: &Common) -> Expr {
        if common.groups.is_empty() {
            return Expr::val(false);
        }
        let groups =
            common.groups.iter().map(|group| together(group.iter().map(|part| Expr::val(part.as_str())).collect()));
        together(self.parts(self.at)).is_in(groups)
    }
}

/// What [`Common`] is found by, and how many values each group has.
pub(crate) struct ToFind {
    pub(crate) groups: SelectStatement,
    pub(crate) fields: usize,
}

/// The groups that matter to the rows of the scope: at night, which may take any row, all of the table. `None` where
/// nothing is cut down.
pub(crate) fn common_groups(terms: &Terms<'_>, table: &Table, roles: &[RoleName]) -> Option<ToFind> {
    let at = At::outer(table);
    let stays = Stays::of(terms, at, roles);
    let fields = stays.fields.len();
    if fields == 0 {
        return None;
    }
    let groups = match terms.scope {
        Scope::Expired => stays.large_groups(),
        Scope::Person(_) | Scope::SetAside { .. } => {
            let mut groups = Query::select();
            groups.distinct().exprs(stays.parts(at)).from(at.from());
            groups.cond_where(chosen(terms, at, roles)?).and_where(stays.is_found_often());
            groups
        }
    };
    Some(ToFind { groups, fields })
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

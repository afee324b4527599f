//! What happens to which rows: the heart of plan and executor, which both compile from here and
//! so cannot differ.

use domain::{
    map::{Anonymise, Disposal, Meanwhile, Place, RoleName, Table},
    plan::Restricting,
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, LikeExpr};

use super::{
    coarse::{Looking, is_finer},
    column::{At, bind, column_text, is_written, key_is_one_of, place_text_if_valid},
    pointer::{Pointer, pointers},
    restriction,
    when::{floor_is_over, is_over, kept_by_floor, not_started},
    who::{about, held},
};
use crate::{
    Scope, Terms,
    catalogue::{Family, TableKind},
};

/// Values that replace unique ones start with this, so that they are recognised the next night.
pub(crate) const ERASED: &str = "erased-";

/// A set of rows of one table to which the same happens.
pub(crate) struct Part<'a> {
    pub(crate) table: &'a Table,
    /// Whose side of the rows.
    pub(crate) roles: Vec<RoleName>,
    pub(crate) what: What<'a>,
    pub(crate) rows: Condition,
    /// Those the executor may take at its turn. While there are rows of children that should have gone
    /// before, it leaves the row they are found by, so that a second look still finds them.
    pub(crate) takes: Condition,
    /// Likewise, without looking for what the database itself would refuse. Only for what is deleted.
    pub(crate) takes_unless_refused: Option<Condition>,
    /// Where rows are emptied because others point at them.
    pub(crate) instead: Option<Instead>,
    /// At least those, in a few words: to look ahead without looking at other tables.
    pub(crate) roughly: Condition,
}

/// Rows that are emptied instead of deleted, and those that are deleted, as one.
pub(crate) struct Instead {
    pub(crate) due: Condition,
    /// Of those, the ones that have not been emptied before.
    pub(crate) telling: Condition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What<'a> {
    Delete,
    Anonymise,
    /// Emptied, with what stood there sealed.
    LockAway,
    KeepHeld,
    KeepForFloor,
    KeepNotStarted,
    /// A column says that a purpose is restricted, or no longer.
    Restrict(&'a Restricting),
}

impl What<'_> {
    /// Something of the rows stays until a day.
    pub(crate) const fn is_for_later(self) -> bool {
        match self {
            Self::LockAway | Self::KeepHeld | Self::KeepForFloor | Self::KeepNotStarted => true,
            Self::Delete | Self::Anonymise | Self::Restrict(_) => false,
        }
    }
}

/// Every part of every table, in the order of the map: children first.
pub(crate) fn parts<'a>(terms: &Terms<'a>) -> Vec<Part<'a>> {
    terms
        .map
        .tables
        .iter()
        .filter(|table| is_written_to(terms, table))
        .flat_map(|table| table_parts(terms, table))
        .collect()
}

/// What a view shows is erased where it comes from.
pub(crate) fn is_written_to(terms: &Terms<'_>, table: &Table) -> bool {
    terms.catalogues.engine(&table.name.source).is_some()
        && terms.catalogues.table(&table.name).is_none_or(|info| info.kind == TableKind::Table)
}

/// What an erasure of one person does to rows of a side, sooner or later.
pub(crate) enum Reaches {
    /// Nothing.
    None,
    /// It deletes them; of those that tell nothing any more only the empty row.
    Rows { telling: Option<Condition> },
    /// It empties those that still tell who it is, and leaves the others as they are.
    Telling(Condition),
}

pub(crate) fn reaches(terms: &Terms<'_>, at: At<'_>, role: &RoleName) -> Reaches {
    let telling = still_telling(terms, at, std::slice::from_ref(role), Looking::Alone);
    match (is_written_to(terms, at.table), deletes(terms, at.table), telling) {
        (false, _, _) | (true, false, None) => Reaches::None,
        (true, true, telling) => Reaches::Rows { telling },
        (true, false, Some(telling)) => Reaches::Telling(telling),
    }
}

fn table_parts<'a>(terms: &Terms<'a>, table: &'a Table) -> Vec<Part<'a>> {
    let at = At::outer(table);
    let sides: Vec<Part<'a>> =
        sides(terms, table).into_iter().flat_map(|roles| side_parts(terms, at, &roles)).collect();
    // While the person can still be found by them.
    let mut parts = restriction::parts(terms, at, &sides);
    parts.extend(sides);
    parts
}

/// Which sides of a table's rows are looked at on their own.
pub(super) fn sides(terms: &Terms<'_>, table: &Table) -> Vec<Vec<RoleName>> {
    match terms.scope {
        Scope::Person(person) if !person.covers(&table.name) => Vec::new(),
        Scope::Person(_) => table.roles.iter().map(|role| vec![role.name.clone()]).collect(),
        Scope::Expired => vec![table.role_names()],
        Scope::SetAside { table: name, roles, .. } if *name == table.name => vec![roles.clone()],
        Scope::SetAside { .. } => Vec::new(),
    }
}

fn side_parts<'a>(terms: &Terms<'a>, at: At<'a>, roles: &[RoleName]) -> Vec<Part<'a>> {
    let Some(chosen) = chosen(terms, at, roles) else { return Vec::new() };
    // A row that is to be deleted counts while it is there, one that is emptied while it still tells.
    let telling = still_telling(terms, at, roles, Looking::in_a_step(terms, at, roles));
    let counted = still_telling(terms, at, roles, Looking::to_count(terms));
    let listed = if deletes(terms, at.table) { Some(Condition::all()) } else { counted.clone() };
    // These people have nothing of their own in the row: it says nothing about them once the
    // rest of it is gone.
    let Some(listed) = listed else { return Vec::new() };
    let unfinished = unfinished_children(terms, at);
    let takes = |rows: Condition| match &unfinished {
        Some(unfinished) => rows.add(unfinished.clone().not()),
        None => rows,
    };
    let mut parts = Vec::new();
    let roughly = {
        let over = chosen.clone().add(floor_is_over(terms, at));
        move |telling: &Option<Condition>| telling.iter().cloned().fold(over.clone(), Condition::add)
    };
    let mut push = |what, rows: Condition, takes, instead| {
        let roughly = match what {
            What::Anonymise | What::LockAway => roughly(&telling),
            What::Delete | What::KeepHeld | What::KeepForFloor | What::KeepNotStarted | What::Restrict(_) => {
                roughly(&None)
            }
        };
        let (table, roles) = (at.table, roles.to_vec());
        parts.push(Part { table, roles, what, rows, takes, takes_unless_refused: None, instead, roughly });
    };

    let free = match held(terms, at) {
        Some(held) => {
            let rows = chosen.clone().add(held.clone()).add(listed.clone());
            push(What::KeepHeld, rows.clone(), rows, None);
            chosen.add(is_not_true(held))
        }
        None => chosen,
    };
    // An expired row is past its floor by the map's own check; only a person may come too early.
    let too_early = match terms.scope {
        Scope::Person(_) | Scope::SetAside { .. } => kept_by_floor(terms, at),
        Scope::Expired => None,
    };
    if let Some(kept) = too_early {
        let early = free.clone().add(kept).add(listed.clone());
        match (locks_away(terms, at.table), &telling) {
            (true, Some(telling)) => {
                let rows = early.clone().add(telling.clone());
                push(What::LockAway, rows.clone(), takes(rows), None);
                // The row itself waits.
                if deletes(terms, at.table) {
                    let emptied = early.add(is_not_true(telling.clone()));
                    push(What::KeepForFloor, emptied.clone(), emptied, None);
                }
            }
            (true, None) | (false, _) => push(What::KeepForFloor, early.clone(), early, None),
        }
        let waiting = free.clone().add(not_started(terms, at)).add(listed.clone());
        push(What::KeepNotStarted, waiting.clone(), waiting, None);
    }
    let due = free.add(floor_is_over(terms, at));
    let emptied = |telling: &Option<Condition>| telling.clone().map(|telling| due.clone().add(telling));
    let (anonymise, to_anonymise) = (emptied(&counted), emptied(&telling));
    if deletes(terms, at.table) {
        let free_of_others = due.clone().add(no_longer_pointed_at(terms, at));
        let unless_refused = unless_refused(terms, at).map(|free| due.clone().add(free));
        match referenced(terms, at) {
            Some(referenced) => {
                push(What::Delete, due.clone().add(referenced.clone().not()), free_of_others, None);
                if let (Some(rows), Some(telling)) = (anonymise, to_anonymise) {
                    let step = takes(telling.clone().add(referenced.clone()));
                    push(What::Anonymise, rows.add(referenced), step, Some(Instead { due: due.clone(), telling }));
                }
            }
            None => push(What::Delete, due.clone(), free_of_others, None),
        }
        if let Some(deleted) = parts.iter_mut().find(|part| part.what == What::Delete) {
            deleted.takes_unless_refused = unless_refused;
        }
    } else if let (Some(rows), Some(telling)) = (anonymise, to_anonymise) {
        push(What::Anonymise, rows, takes(telling), None);
    }
    parts
}

/// The rows the scope is about, before floors and holds.
pub(super) fn chosen(terms: &Terms<'_>, at: At<'_>, roles: &[RoleName]) -> Option<Condition> {
    match terms.scope {
        Scope::Person(person) => {
            let role = roles.first()?;
            Some(Condition::all().add(about(terms, at, role, person)?))
        }
        Scope::Expired => Some(is_over(terms, at, at.table.retention.effective())),
        Scope::SetAside { keys, .. } => {
            (!keys.is_empty()).then(|| Condition::all().add(key_is_one_of(terms.catalogues, at, keys)))
        }
    }
}

/// One person's erasure never removes a row that is also about someone else.
pub(super) fn deletes(terms: &Terms<'_>, table: &Table) -> bool {
    let shared = match terms.scope {
        Scope::Person(_) | Scope::SetAside { .. } => table.is_shared(),
        Scope::Expired => false,
    };
    table.retention.then == Disposal::Delete && !shared
}

/// Also what was set aside because its floor had not begun, or because of a hold, once that is over.
fn locks_away(terms: &Terms<'_>, table: &Table) -> bool {
    match terms.scope {
        Scope::Person(_) | Scope::SetAside { .. } => table.retention.meanwhile == Meanwhile::Locked,
        Scope::Expired => false,
    }
}

/// Rows that stay point at this one, so it cannot be deleted, only emptied.
pub(super) fn referenced(terms: &Terms<'_>, at: At<'_>) -> Option<Condition> {
    let keep = pointers(terms, at.table).into_iter().map(|pointer| pointer.keeps(terms, at));
    let any = keep.fold(Condition::any(), Condition::add);
    if any.is_empty() { None } else { Some(any) }
}

/// Nothing points at the row any more. What was to go first has gone by the row's turn, so this is one
/// look instead of two: for what stays and for what should have gone.
fn no_longer_pointed_at(terms: &Terms<'_>, at: At<'_>) -> Condition {
    free_of(terms, at, pointers(terms, at.table).iter())
}

/// Likewise, but for those the database watches over: it would refuse. `None` where it watches over none.
fn unless_refused(terms: &Terms<'_>, at: At<'_>) -> Option<Condition> {
    let pointers = pointers(terms, at.table);
    let (refused, others): (Vec<_>, Vec<_>) = pointers.iter().partition(|pointer| pointer.is_refused_by_database());
    (!refused.is_empty()).then(|| free_of(terms, at, others.into_iter()))
}

fn free_of<'p, 'm: 'p>(terms: &Terms<'_>, at: At<'_>, pointers: impl Iterator<Item = &'p Pointer<'m>>) -> Condition {
    pointers.map(|pointer| pointer.still_points(terms, at)).fold(Condition::all(), |all, points| all.add(points.not()))
}

/// Child rows that were to go first are still there.
fn unfinished_children(terms: &Terms<'_>, at: At<'_>) -> Option<Condition> {
    let unfinished = pointers(terms, at.table).into_iter().filter_map(|pointer| pointer.unfinished(terms, at));
    let any = unfinished.fold(Condition::any(), Condition::add);
    if any.is_empty() { None } else { Some(any) }
}

/// Something in these people's fields still tells who they are. What has been anonymised once is
/// not anonymised again every night.
pub(crate) fn still_telling(
    terms: &Terms<'_>,
    at: At<'_>,
    roles: &[RoleName],
    looking: Looking<'_>,
) -> Option<Condition> {
    let name = &at.table.name;
    let fields = at.table.fields_to_anonymise(roles);
    let written = fields.filter(|field| is_written(terms.catalogues, name, &field.place, &field.anonymise));
    let any = written.fold(Condition::any(), |any, field| {
        let value = || match &field.place {
            Place::Column(column) => at.col(column),
            Place::Json { .. } => place_text_if_valid(terms.catalogues, at, &field.place),
        };
        match (&field.anonymise, &field.place) {
            (Anonymise::Null, _) => any.add(value().is_not_null()),
            // PostgreSQL's json has no equality of its own.
            (Anonymise::Text(text), Place::Column(column)) if terms.catalogues.family(name, column) == Family::Json => {
                any.add(column_text(terms.catalogues, at, column).ne(text.as_str()))
            }
            (Anonymise::Text(text), Place::Column(column)) => {
                any.add(value().ne(bind(terms.catalogues, name, column, text)))
            }
            (Anonymise::Text(text), Place::Json { .. }) => any.add(value().ne(text.as_str())),
            (Anonymise::Unique, _) => any.add(value().not_like(LikeExpr::new(format!("{ERASED}%")))),
            (Anonymise::Coarse(rule), Place::Column(_)) => any.add(is_finer(terms, at, roles, (field, rule), looking)),
            (Anonymise::Coarse(_), Place::Json { .. }) | (Anonymise::Keep, _) => any,
        }
    });
    if any.is_empty() { None } else { Some(any) }
}

/// True for false and for unknown: a hold that cannot be decided for an empty column does not apply.
pub(crate) fn is_not_true(condition: Condition) -> Expr {
    Expr::from(Func::coalesce([Expr::from(condition), Expr::val(false)])).not()
}

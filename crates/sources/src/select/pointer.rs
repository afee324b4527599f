//! What points at a row: the map's own paths, and foreign keys the company declared.

use domain::map::{Anonymise, Column, DataMap, Place, Table, TableName, When};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};

use super::{
    column::{At, bind, col, table_as},
    outcome::{chosen, deletes, is_not_true, referenced, sides},
    when::floor_is_over,
    who::held,
};
use crate::{Terms, catalogue::OnDelete};

/// Columns of one table that point at another's.
pub(crate) struct Pointer<'a> {
    pub(crate) child: TableName,
    pub(crate) mapped: Option<&'a Table>,
    pub(crate) columns: Vec<Column>,
    pub(crate) on: Vec<Column>,
    when: When,
    /// People are found along it.
    is_path: bool,
    /// The database watches over it, and does so.
    foreign_key: Option<OnDelete>,
    /// The child's turn comes no sooner than the parent's: tables that point at each other, or a
    /// table that points at itself.
    is_back: bool,
}

pub(crate) fn pointers<'a>(terms: &Terms<'a>, parent: &'a Table) -> Vec<Pointer<'a>> {
    let map: &'a DataMap = terms.map;
    let own_turn = map.turn(&parent.name);
    let is_back = |child: &TableName| map.turn(child) >= own_turn;
    let mut found: Vec<Pointer<'a>> = map
        .paths_to(&parent.name)
        .map(|(child, path)| Pointer {
            child: child.name.clone(),
            mapped: Some(child),
            columns: path.columns.clone(),
            on: path.on.clone(),
            when: path.when.clone(),
            is_path: true,
            foreign_key: None,
            is_back: is_back(&child.name),
        })
        .collect();
    let Some(catalogue) = terms.catalogues.of(&parent.name.source) else { return found };
    for (child, key) in catalogue.pointing_at(&parent.name) {
        if let Some(path) = found.iter_mut().find(|p| catalogue.short(&p.child) == *child && p.columns == key.columns) {
            // One that looks at other columns of the parent watches over something else.
            let same = path.on == key.on;
            path.foreign_key = Some(if same { key.on_delete } else { OnDelete::Nothing });
            continue;
        }
        // Emptied by the database itself.
        if key.on_delete == OnDelete::LetGo {
            continue;
        }
        let mapped = map.tables.iter().find(|table| catalogue.short(&table.name) == *child);
        found.push(Pointer {
            child: child.clone(),
            mapped,
            columns: key.columns.clone(),
            on: key.on.clone(),
            when: Vec::new(),
            is_path: false,
            foreign_key: Some(key.on_delete),
            is_back: mapped.is_some_and(|table| is_back(&table.name)),
        });
    }
    found
}

/// Whether people are found along `child` to `parent`, or the database knows that one points at the other.
pub fn points_at(terms: &Terms<'_>, child: &TableName, parent: &TableName) -> bool {
    terms.map.table(parent).is_some_and(|parent| pointers(terms, parent).iter().any(|pointer| pointer.child == *child))
}

impl Pointer<'_> {
    /// Rows of the child that point at the row of `parent`, and are not the row itself.
    fn rows(&self, terms: &Terms<'_>, parent: At<'_>, alias: &str) -> SelectStatement {
        let mut select = Query::select();
        select.expr(Expr::val(1)).from(table_as(&self.child, alias));
        for (own, other) in self.columns.iter().zip(&self.on) {
            select.and_where(col(alias, own).eq(parent.col(other)));
        }
        for (column, values) in &self.when {
            let values: Vec<Expr> =
                values.iter().map(|value| bind(terms.catalogues, &self.child, column, value)).collect();
            select.and_where(col(alias, column).is_in(values));
        }
        if self.child == parent.table.name {
            let same = parent
                .table
                .key
                .iter()
                .fold(Condition::all(), |same, key| same.add(col(alias, key).eq(parent.col(key))));
            select.cond_where(same.not());
        }
        select
    }

    pub(crate) const fn is_foreign_key(&self) -> bool {
        self.foreign_key.is_some()
    }

    /// At the parent's turn, a parent that is still pointed at cannot be deleted, whoever asks.
    pub(super) const fn is_refused_by_database(&self) -> bool {
        !self.is_back && matches!(self.foreign_key, Some(OnDelete::Refuse))
    }

    /// While there is such a row, the parent must stay.
    pub(super) fn keeps(&self, terms: &Terms<'_>, parent: At<'_>) -> Expr {
        let alias = parent.inner_alias();
        let mut rows = self.rows(terms, parent, &alias);
        if let Some(goes) = self.mapped.and_then(|child| self.lets_go(terms, parent.inner(child, &alias))) {
            rows.cond_where(is_not_true(goes));
        }
        Expr::exists(rows)
    }

    /// At the parent's turn: a row still points at it that keeps it.
    pub(super) fn still_points(&self, terms: &Terms<'_>, parent: At<'_>) -> Expr {
        if self.is_back {
            return self.keeps(terms, parent);
        }
        Expr::exists(self.rows(terms, parent, &parent.inner_alias()))
    }

    /// Child rows that were to go before the parent's turn, and are still there.
    pub(super) fn unfinished(&self, terms: &Terms<'_>, parent: At<'_>) -> Option<Expr> {
        if self.is_back || !self.is_path {
            return None;
        }
        let alias = parent.inner_alias();
        let goes = self.lets_go(terms, parent.inner(self.mapped?, &alias))?;
        Some(Expr::exists(self.rows(terms, parent, &alias).cond_where(goes).to_owned()))
    }

    /// The child row will have been deleted, or its pointing columns emptied, by the parent's turn.
    fn lets_go(&self, terms: &Terms<'_>, child: At<'_>) -> Option<Condition> {
        if self.is_back {
            // It goes in the same run; until then the step that takes the parent empties its pointer.
            return if self.is_foreign_key() && !self.can_be_emptied(terms) { None } else { going_rows(terms, child) };
        }
        let mut any = Condition::any();
        for roles in sides(terms, child.table) {
            let empties = child.table.fields_to_anonymise(&roles).any(|field| {
                matches!(&field.place, Place::Column(column) if self.columns.contains(column))
                    && field.anonymise == Anonymise::Null
            });
            let delete = deletes(terms, child.table);
            if !delete && !empties {
                continue;
            }
            let Some(chosen) = chosen(terms, child, &roles) else { continue };
            let mut goes = chosen.add(floor_is_over(terms, child));
            if let Some(held) = held(terms, child) {
                goes = goes.add(is_not_true(held));
            }
            if let (true, false, Some(referenced)) = (delete, empties, referenced(terms, child)) {
                goes = goes.add(referenced.not());
            }
            any = any.add(goes);
        }
        if any.is_empty() { None } else { Some(any) }
    }

    /// A pointer the executor empties together with the parent.
    pub(crate) fn is_let_go_by_step(&self, terms: &Terms<'_>, parent: &Table) -> bool {
        self.is_back && self.is_foreign_key() && self.on == parent.key && self.can_be_emptied(terms)
    }

    fn can_be_emptied(&self, terms: &Terms<'_>) -> bool {
        self.columns.iter().all(|column| {
            let is_key = self.mapped.is_some_and(|table| table.key.contains(column));
            !is_key && terms.catalogues.column(&self.child, column).is_some_and(|info| info.nullable && !info.generated)
        })
    }
}

/// Rows of a table that are deleted or emptied in this run, on any side.
pub(crate) fn going_rows(terms: &Terms<'_>, at: At<'_>) -> Option<Condition> {
    let mut any = Condition::any();
    for roles in sides(terms, at.table) {
        let Some(chosen) = chosen(terms, at, &roles) else { continue };
        let mut goes = chosen.add(floor_is_over(terms, at));
        if let Some(held) = held(terms, at) {
            goes = goes.add(is_not_true(held));
        }
        any = any.add(goes);
    }
    if any.is_empty() { None } else { Some(any) }
}

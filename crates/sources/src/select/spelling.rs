//! One identifier, in the ways people and programs have written it.

use domain::{
    Identifier,
    map::{Engine, Place, Spelled},
};
use sea_orm::sea_query::{Alias, BinOper, Expr, ExprTrait, Func};

use super::column::{At, bind, exact, place_is_one_of, place_text_if_valid};
use crate::catalogue::{Catalogues, Family};

const FULL_WIDTH: &str = "０１２３４５６７８９";
/// What stands between digits. A plus is taken away with China's 86 only: `+1 650…` is not 1650….
const BETWEEN: [&str; 8] = [" ", "-", "(", ")", ".", "\u{2013}", "\u{3000}", "\u{a0}"];

/// The value at `place` is one of these identifiers. `None` when there are none.
pub(super) fn is_one_of(
    catalogues: &Catalogues,
    at: At<'_>,
    place: &Place,
    spelled: Spelled,
    identifiers: &[&Identifier],
) -> Option<Expr> {
    identifiers.first()?;
    let engine = catalogues.engine(&at.table.name.source);
    let family = match place {
        Place::Column(column) => catalogues.family(&at.table.name, column),
        Place::Json { .. } => Family::Json,
    };
    if spelled == Spelled::Any {
        let values = identifiers.iter().flat_map(|identifier| tidied_forms(identifier)).map(Expr::val);
        let value = match place {
            // The bare column, so that an index on the expression serves.
            Place::Column(column) if family == Family::Text => at.col(column),
            Place::Column(_) | Place::Json { .. } => place_text_if_valid(catalogues, at, place),
        };
        return Some(tidied(engine, identifiers, value).is_in(values));
    }
    let forms: Vec<String> = identifiers
        .iter()
        .flat_map(|identifier| match spelled {
            Spelled::Plain => vec![identifier.reveal().to_owned()],
            Spelled::Usual | Spelled::Any => usual(identifier),
        })
        // A number takes digits only.
        .filter(|form| !family.is_number() || form.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    match place {
        Place::Column(column) if family == Family::Array => {
            let elements = Func::cust("ANY").arg(at.col(column).cast_as(Alias::new("text[]")));
            let form = |form: &String| Expr::val(form.as_str()).cast_as(Alias::new("text"));
            forms.iter().map(|text| form(text).binary(BinOper::Equal, elements.clone())).reduce(ExprTrait::or)
        }
        // A collation may take é for e; an address is another one then.
        Place::Column(column)
            if engine == Some(Engine::Mysql)
                && family == Family::Text
                && matches!(identifiers.first(), Some(Identifier::Email(_))) =>
        {
            let values: Vec<Expr> = forms.iter().map(|form| bind(catalogues, &at.table.name, column, form)).collect();
            let lower = Expr::from(Func::cust("lower").arg(at.col(column)));
            let exactly = exact(lower).is_in(forms.iter().map(|form| exact(Expr::val(form.as_str()))));
            Some(at.col(column).is_in(values).and(exactly))
        }
        Place::Column(column) => {
            let values: Vec<Expr> = forms.iter().map(|form| bind(catalogues, &at.table.name, column, form)).collect();
            Some(at.col(column).is_in(values))
        }
        Place::Json { .. } => Some(place_is_one_of(catalogues, at, place, &forms)),
    }
}

/// The forms in common use, each of which an index finds.
fn usual(identifier: &Identifier) -> Vec<String> {
    let Identifier::Mobile(mobile) = identifier else { return vec![identifier.reveal().to_owned()] };
    let plain = mobile.reveal();
    let wide: String = plain.chars().filter_map(|c| FULL_WIDTH.chars().nth(c.to_digit(10)? as usize)).collect();
    let group = |by: &str| {
        let (head, rest) = plain.split_at_checked(3)?;
        let (middle, tail) = rest.split_at_checked(4)?;
        Some([head, middle, tail].join(by))
    };
    let bodies: Vec<String> = [Some(plain.to_owned()), group(" "), group("-")].into_iter().flatten().collect();
    let mut forms = Vec::new();
    for prefix in ["", "+86", "86", "0086", "+86 ", "+86-", "86 ", "86-", "0086 ", "0086-"] {
        forms.extend(bodies.iter().map(|body| format!("{prefix}{body}")));
    }
    forms.push(wide);
    forms
}

/// What a tidied column may hold for this identifier.
fn tidied_forms(identifier: &Identifier) -> Vec<String> {
    match identifier {
        Identifier::Email(email) => vec![email.reveal().to_owned()],
        Identifier::Mobile(mobile) => {
            ["", "86", "0086"].iter().map(|prefix| format!("{prefix}{}", mobile.reveal())).collect()
        }
    }
}

/// The column with every spelling made one.
fn tidied(engine: Option<Engine>, identifiers: &[&Identifier], value: Expr) -> Expr {
    match identifiers.first() {
        Some(Identifier::Mobile(_)) => tidied_digits(engine, value),
        Some(Identifier::Email(_)) | None => {
            let replace = |value: Expr, from: &str, to: &str| {
                Expr::from(Func::cust("replace").args([value, literal(from), literal(to)]))
            };
            let value = replace(replace(value, "＠", "@"), "．", ".");
            Func::cust("lower").arg(Func::cust("trim").arg(value)).into()
        }
    }
}

fn tidied_digits(engine: Option<Engine>, value: Expr) -> Expr {
    let replace =
        |value: Expr, from: &str, to: &str| Expr::from(Func::cust("replace").args([value, literal(from), literal(to)]));
    let tidied = if engine == Some(Engine::Postgres) {
        let between: String = BETWEEN.concat();
        Func::cust("translate")
            .args([value, literal(&format!("{FULL_WIDTH}＋{between}")), Expr::cust("'0123456789+'")])
            .into()
    } else {
        let digits = FULL_WIDTH.chars().zip('0'..='9');
        let value = digits.fold(value, |value, (wide, digit)| replace(value, &wide.to_string(), &digit.to_string()));
        BETWEEN.iter().fold(replace(value, "＋", "+"), |value, between| replace(value, between, ""))
    };
    replace(tidied, "+86", "86")
}

/// Fixed characters of our own, written out, so that an index on the expression matches.
fn literal(text: &str) -> Expr {
    Expr::cust(format!("'{text}'"))
}

/// The expression an index must be on for [`Spelled::Any`] to be fast, for `map check` to print.
pub(crate) fn index_expression(engine: Engine, by: domain::IdentifierKind, place: &Place) -> Expr {
    let column = Expr::col(Alias::new(place.column().as_str()));
    match by {
        domain::IdentifierKind::Mobile => tidied_digits(Some(engine), column),
        domain::IdentifierKind::Email => tidied(Some(engine), &[], column),
    }
}

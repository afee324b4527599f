//! How long, and what happens then (PIPL art. 17 (2), 19; Order 790 art. 21 (3)). Every period links to
//! the rule that enforces it, and the rule to its last run.

use document::{Block, Span, Table as Grid};
use domain::map::{DataMap, Disposal, Meanwhile, Retention, Table, TableName};

use super::{own, to_rule};
use crate::text::{Text, named};

pub(super) fn kept(t: Text, map: &DataMap) -> Vec<Block> {
    let lang = t.lang();
    let mut blocks = own(t, map, "kept");
    blocks.push(Block::paragraph(t.policy_kept_lead()));
    let rows = map.tables.iter().rev().map(|table| {
        let mut period = vec![Span::link(rule(t, &table.retention), to_rule(&table.name))];
        period.extend(referenced(t, map, table).map(Span::text));
        period.extend(closed_here(t, map, table).map(Span::text));
        vec![vec![Span::text(table.words.in_lang(lang))], period, vec![Span::text(floors(t, &table.retention))]]
    });
    // Requests are personal information too.
    let own = |name, rule| {
        [map.table_words(&name, lang), rule, t.policy_no_floor().to_owned()].map(|cell| vec![Span::text(cell)]).to_vec()
    };
    let rows = rows.chain([
        own(TableName::own_requests(), t.policy_rule_own(map.portal.keep.say(lang))),
        own(TableName::own_copies(), t.policy_rule_own_copies(map.portal.keep_copies.say(lang))),
        own(TableName::own_files(), t.policy_rule_own_files(map.portal.keep_evidence.say(lang))),
    ]);
    let head = [t.policy_record(), t.policy_period(), t.policy_floor()];
    blocks.push(Grid::new(t.policy_kept(), &head, rows.collect()).into());
    blocks
}

/// "The parcel is delivered + 3 years, then deleted."
pub fn rule(t: Text, retention: &Retention) -> String {
    let (starts, keep) = (retention.starts.in_lang(t.lang()), retention.effective().say(t.lang()));
    match retention.then {
        Disposal::Delete => t.policy_rule_delete(named::PolicyRuleDelete { starts, keep }),
        Disposal::Anonymise => t.policy_rule_anonymise(named::PolicyRuleAnonymise { starts, keep }),
    }
}

/// A row cannot go while a record kept by law points at it; until then it is emptied.
fn referenced(t: Text, map: &DataMap, table: &Table) -> Option<&'static str> {
    let points = map.paths_to(&table.name).next().is_some();
    (points && table.retention.then == Disposal::Delete).then(|| t.policy_rule_referenced())
}

/// An account that is closed on this site does not wait for its period, where no law makes it.
fn closed_here(t: Text, map: &DataMap, table: &Table) -> Option<String> {
    let is_account = map.account.of.as_ref().is_some_and(|of| of.table == table.name);
    (is_account && table.retention.floors.is_empty())
        .then(|| t.policy_rule_closed_here(map.account.cool_off.say(t.lang())))
}

/// What a law keeps, with its name.
pub fn floors(t: Text, retention: &Retention) -> String {
    let floors: Vec<String> = retention
        .floors
        .iter()
        .map(|floor| {
            t.policy_floor_of(named::PolicyFloorOf { keep: floor.keep.say(t.lang()), law: floor.law.in_lang(t.lang()) })
        })
        .collect();
    let locked = match retention.meanwhile {
        Meanwhile::InPlace => "",
        Meanwhile::Locked => t.policy_locked(),
    };
    if floors.is_empty() { t.policy_no_floor().to_owned() } else { floors.join(t.record_comma()) + locked }
}

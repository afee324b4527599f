//! 已收集个人信息清单: what is collected, by purpose (PIPL art. 17 (2), 30).

use document::{Block, Span, Table as Grid};
use domain::map::{Basis, DataMap, Sensitivity, Table};

use super::{listed, own, to_rule};
use crate::text::{Text, named};

pub(super) fn collected(t: Text, map: &DataMap) -> Vec<Block> {
    let lang = t.lang();
    let mut blocks = own(t, map, "collected");
    blocks.push(Block::paragraph(t.policy_collected_lead()));
    for (id, purpose) in &map.purposes {
        blocks.push(Block::Heading { text: purpose.name.in_lang(lang).to_owned() });
        blocks.push(Block::paragraph(purpose.why.in_lang(lang)));
        blocks.push(Block::hint(t.policy_basis(basis(t, purpose.basis))));
        if let Some(words) = &purpose.necessity {
            let spans = vec![Span::strong(t.policy_necessity()), Span::text(words.in_lang(lang))];
            blocks.push(Block::Paragraph { spans });
        }
        let tables: Vec<&Table> = map.tables.iter().rev().filter(|table| table.purposes.contains(id)).collect();
        if tables.is_empty() {
            blocks.push(Block::hint(t.policy_collects_nothing()));
            continue;
        }
        let head = [t.policy_record(), t.policy_fields(), t.policy_how_long()];
        let rows = tables.into_iter().map(|table| row(t, table)).collect();
        blocks.push(Grid::new(purpose.name.in_lang(lang), &head, rows).into());
    }
    blocks
}

fn row(t: Text, table: &Table) -> Vec<Vec<Span>> {
    let lang = t.lang();
    let fields = table.fields.iter().map(|field| {
        let name = field.words.in_lang(lang);
        // Sensitive information stands in bold (GB/T 35273-2020, annex D).
        vec![match field.sensitivity {
            Sensitivity::Sensitive => Span::strong(t.policy_sensitive(name)),
            Sensitivity::General => Span::text(name),
        }]
    });
    let period = Span::link(
        t.policy_period_from(named::PolicyPeriodFrom {
            starts: table.retention.starts.in_lang(lang),
            keep: table.retention.effective().say(lang),
        }),
        to_rule(&table.name),
    );
    vec![vec![Span::text(table.words.in_lang(lang))], listed(t, fields), vec![period]]
}

/// Those of several purposes, each once.
pub(crate) fn bases(t: Text, map: &DataMap, purposes: &[String]) -> Vec<&'static str> {
    let mut bases = Vec::new();
    for purpose in purposes.iter().filter_map(|id| map.purposes.get(id)) {
        let ground = basis(t, purpose.basis);
        if !bases.contains(&ground) {
            bases.push(ground);
        }
    }
    bases
}

pub(crate) fn basis(t: Text, basis: Basis) -> &'static str {
    match basis {
        Basis::Consent => t.basis_consent(),
        Basis::Contract => t.basis_contract(),
        Basis::LegalDuty => t.basis_legal_duty(),
        Basis::Emergency => t.basis_emergency(),
        Basis::News => t.basis_news(),
        Basis::PublicData => t.basis_public_data(),
        Basis::OtherLaw => t.basis_other_law(),
    }
}

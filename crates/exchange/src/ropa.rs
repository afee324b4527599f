//! The record of processing activities: one row for each table and purpose, as CSV and XLSX.

use domain::{
    Lang,
    map::{Basis, DataMap, Disposal, MinorsAre, RecipientAs, Sensitivity, Table},
};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::sheet;

const HEAD: [(&str, &str); 22] = [
    ("记录编号", "Record ID"),
    ("处理活动", "Processing activity"),
    ("个人信息处理者", "Handler"),
    ("联系方式", "Contact"),
    ("个人信息保护负责人", "Protection officer"),
    ("信息系统（库、表）", "System and table"),
    ("处理目的", "Purpose"),
    ("合法性基础", "Legal basis"),
    ("个人信息主体", "Data subjects"),
    ("个人信息种类", "Kinds of personal information"),
    ("敏感个人信息", "Sensitive personal information"),
    ("必要性和影响", "Necessity and impact"),
    ("不满十四周岁未成年人", "Minors under fourteen"),
    ("接收方（其他处理者）", "Recipients (other handlers)"),
    ("受托人", "Entrusted processors"),
    ("出境国家或者地区", "Cross-border destination"),
    ("出境机制", "Cross-border mechanism"),
    ("存储地点", "Stored in"),
    ("保存期限", "Retention"),
    ("法定最短期限", "Shortest period by law"),
    ("到期处理", "Disposal at expiry"),
    ("自动化决策", "Automated decisions"),
];

/// The heads and rows in one language.
pub fn rows(map: &DataMap, lang: Lang) -> Vec<Vec<String>> {
    let mut rows = vec![HEAD.iter().map(|(zh, en)| pick(lang, zh, en)).collect()];
    for table in map.tables.iter().rev() {
        rows.extend(table.purposes.iter().map(|purpose| row(map, table, purpose, lang)));
    }
    rows
}

fn pick(lang: Lang, zh: &str, en: &str) -> String {
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    }
}

fn join(lang: Lang, parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    parts.join(match lang {
        Lang::Zh => "；",
        Lang::En => "; ",
    })
}

fn row(map: &DataMap, table: &Table, purpose: &str, lang: Lang) -> Vec<String> {
    let words = |words: &domain::Words| words.in_lang(lang).to_owned();
    let (handler, officer) = (&map.handler, &map.handler.officer);
    let of = map.purposes.get(purpose);
    let recipients = |role: RecipientAs| {
        let theirs = map.recipients_of(table);
        join(lang, theirs.filter(|recipient| recipient.role == role).map(|recipient| words(&recipient.name)))
    };
    let abroad: Vec<_> = map.recipients_of(table).filter(|recipient| recipient.is_abroad()).collect();
    let fields = |only: Option<Sensitivity>| {
        let fields = table.fields.iter().filter(|field| field.kind.is_personal());
        join(
            lang,
            fields.filter(|field| only.is_none_or(|only| field.sensitivity == only)).map(|field| words(&field.words)),
        )
    };
    let minors = match map.minors.as_ref().map(|minors| minors.are) {
        Some(MinorsAre::ServedWithGuardian) => pick(lang, "经监护人同意", "with a guardian's consent"),
        Some(MinorsAre::NotServed) | None => pick(lang, "不面向", "not served"),
    };
    let then = match table.retention.then {
        Disposal::Delete => pick(lang, "删除", "delete"),
        Disposal::Anonymise => pick(lang, "匿名化", "anonymise"),
    };
    let floors = table.retention.floors.iter().map(|floor| format!("{} ({})", floor.keep.say(lang), words(&floor.law)));
    let retention = match lang {
        Lang::Zh => format!("{}起 {}", words(&table.retention.starts), table.retention.effective().say(lang)),
        Lang::En => format!("{} after {}", table.retention.effective().say(lang), words(&table.retention.starts)),
    };
    vec![
        format!("{}#{purpose}", table.name),
        words(&table.words),
        words(&handler.name),
        format!("{} {}", officer.email, officer.phone),
        words(&officer.name),
        table.name.to_string(),
        map.purpose_name(purpose, lang),
        of.map_or(String::new(), |of| basis(of.basis, lang)),
        join(lang, table.roles.iter().map(|role| words(&role.words))),
        fields(None),
        fields(Some(Sensitivity::Sensitive)),
        of.and_then(|of| of.necessity.as_ref()).map_or(String::new(), words),
        minors,
        recipients(RecipientAs::Handler),
        recipients(RecipientAs::Processor),
        join(lang, abroad.iter().filter_map(|recipient| recipient.country.clone())),
        join(lang, abroad.iter().filter_map(|recipient| recipient.mechanism.as_ref().map(words))),
        map.sources.get(&table.name.source).map_or(String::new(), |source| words(&source.stored_in)),
        retention,
        join(lang, floors),
        then,
        join(lang, map.automated.values().filter(|d| d.purpose == purpose).map(|d| words(&d.name))),
    ]
}

fn basis(basis: Basis, lang: Lang) -> String {
    let (zh, en) = match basis {
        Basis::Consent => ("同意", "consent"),
        Basis::Contract => ("订立、履行合同所必需", "contract"),
        Basis::LegalDuty => ("履行法定职责或者法定义务", "legal duty"),
        Basis::Emergency => ("突发公共卫生事件或者紧急情况", "emergency"),
        Basis::News => ("新闻报道、舆论监督", "news reporting"),
        Basis::PublicData => ("已合法公开的个人信息", "lawfully public information"),
        Basis::OtherLaw => ("法律、行政法规规定的其他情形", "other law"),
    };
    pick(lang, zh, en)
}

/// # Errors
/// What the writer refuses.
pub fn csv(map: &DataMap, lang: Lang) -> Result<Vec<u8>, csv::Error> {
    let rows = rows(map, lang);
    sheet::csv(rows.iter().map(|row| row.iter().map(|cell| sheet::harmless(cell))))
}

/// # Errors
/// What the writer refuses.
pub fn xlsx(map: &DataMap, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_text_wrap();
    let body = Format::new().set_text_wrap();
    let sheet = book.add_worksheet();
    sheet.set_name(pick(lang, "处理活动记录", "Processing activities"))?;
    sheet.set_freeze_panes(1, 2)?;
    for (r, row) in rows(map, lang).into_iter().enumerate() {
        let r = u32::try_from(r).unwrap_or(u32::MAX);
        for (c, cell) in row.into_iter().enumerate() {
            let c = u16::try_from(c).unwrap_or(u16::MAX);
            // As strings: nothing is a formula.
            sheet.write_string_with_format(r, c, cell, if r == 0 { &head } else { &body })?;
            sheet.set_column_width(c, 24)?;
        }
    }
    book.save_to_buffer()
}

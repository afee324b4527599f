//! The pages of a person's copy: read in a browser, far from this site, without a script or anything from elsewhere.

use domain::map::{DataMap, Engine, SourceName, Table};
use leptos::prelude::*;
use service::mine::Record;

use crate::{
    components::{Beside, beside, record_copy, until},
    format,
    page::escaped,
    policy,
    text::{Text, named},
};

/// In which shapes the records of a copy are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Page,
    Sheet,
    Data,
}

impl Shape {
    pub const ALL: [Self; 3] = domain::all![Page, Sheet, Data];

    /// Where a file of this shape is in the archive: what people read apart from what programs do.
    pub fn place(self, name: &str) -> String {
        match self {
            Self::Page => format!("pages/{name}.html"),
            Self::Sheet => format!("data/{name}.csv"),
            Self::Data => format!("data/{name}.json"),
        }
    }

    fn words(self, t: Text) -> &'static str {
        match self {
            Self::Page => t.copy_file_page(),
            Self::Sheet => t.copy_file_sheet(),
            Self::Data => t.copy_file_data(),
        }
    }
}

/// The first page, from those of the records.
const INDEX: &str = "../index.html";

/// A file of the copy, for its first page.
pub struct Part {
    pub shape: Shape,
    /// From where the first page is.
    pub name: String,
    pub records: u64,
}

/// One side of a table, in all its files.
pub struct Side<'a> {
    pub table: &'a Table,
    pub words: String,
    pub parts: Vec<Part>,
}

const STYLE: &str = "<style>body{font:17px/1.75 'PingFang SC','Hiragino Sans GB','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif;\
    color:#1b2a33;background:#fbfaf7;margin:0 auto;padding:1rem;max-width:44rem}\
    h1{font-size:1.5rem}h2{font-size:1.2rem}h1,h2,h3{line-height:1.35;margin:.5rem 0}.role{margin-left:.5em}.files a{margin-right:1em}\
    article{background:#fff;border:1px solid #8d8a80;border-radius:6px;padding:1rem;margin:1rem 0}\
    dl{margin:0}dl>div{display:flex;gap:1rem;border-top:1px solid #e6e3da;padding:.25rem 0}dt{flex:0 0 7rem;color:#56636b}dd{margin:0;overflow-wrap:anywhere}\
    .role,.tag,.hint{color:#56636b;font-weight:400}.why span{display:block;color:#56636b}.until{font-weight:600}a{color:#0b5c63}\
    [lang=en] body{font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans','Liberation Sans',Arial,system-ui,'Noto Sans CJK SC',sans-serif}</style>";

/// Up to where the content begins.
pub fn head(t: Text, title: &str) -> String {
    let title = escaped(title);
    let lang = t.lang().tag();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>{STYLE}</head><body>\n"
    )
}

pub const FOOT: &str = "\n</body></html>\n";

/// The head of a side's page.
pub fn side(t: Text, words: &str) -> String {
    let words = words.to_owned();
    head(t, &words) + &html(view! { <p><a href=INDEX>{t.copy_index()}</a></p> <h1>{words.clone()}</h1> })
}

pub fn records(t: Text, map: &DataMap, records: &[Record]) -> String {
    records.iter().map(|record| html(record_copy(t, map, record))).collect()
}

/// What a table says of each record beside its values: the heads of the columns,
pub fn beside_head(t: Text) -> [&'static str; 4] {
    [t.copy_why(), t.summary_basis(), t.copy_who(), t.copy_until()]
}

/// and what stands in them.
pub fn beside_cells(t: Text, map: &DataMap, record: &Record) -> [String; 4] {
    let Beside { why, basis, whom, until } = beside(t, map, record, None);
    let whom = if whom.is_empty() { t.copy_nobody().to_owned() } else { whom.join(t.record_comma()) };
    [why.join(t.record_comma()), basis.join(t.record_comma()), whom, until]
}

/// What the first page says.
pub struct Contents<'a> {
    pub sides: &'a [Side<'a>],
    pub missing: &'a [SourceName],
    pub made: &'a str,
    /// Where people reach the portal.
    pub site: &'a str,
    /// The file of the summary, where there is one.
    pub summary: Option<&'a str>,
}

/// What is in the copy, why it is kept, who gets it and until when; and what is not in it.
pub fn index(t: Text, map: &DataMap, contents: &Contents<'_>) -> String {
    let Contents { sides, missing, made, site, summary } = contents;
    let summary = summary.map(|name| view! { <p><a href=name.to_owned()>{t.copy_summary_file()}</a></p> });
    let lang = t.lang();
    let title = t.copy_made(named::CopyMade { handler: map.handler.name.in_lang(lang), at: made });
    let shown: Vec<_> = sides.iter().map(|side| about(t, map, side)).collect();
    let missing = missing.iter().map(|name| view! { <p>{t.copy_missing(map.source_name(name, lang))}</p> });
    let by_hand = map.sources.values().filter(|source| source.engine == Engine::Manual);
    let by_hand = by_hand.map(|source| view! { <p>{t.copy_by_hand(source.name.in_lang(lang))}</p> });
    let officer = &map.handler.officer;
    let rights = t.copy_rights(named::CopyRights {
        name: officer.name.in_lang(lang),
        phone: &officer.phone,
        email: &officer.email,
    });
    let body = view! {
        <h1>{title.clone()}</h1>
        {summary}
        {sides.is_empty().then(|| view! { <p>{t.copy_empty()}</p> })}
        {missing.collect::<Vec<_>>()}
        {shown}
        {by_hand.collect::<Vec<_>>()}
        <p>{rights}</p>
        <p>{t.copy_site()}{t.policy_colon()}<a href=(*site).to_owned()>{(*site).to_owned()}</a></p>
    };
    head(t, &title) + &html(body) + FOOT
}

fn about(t: Text, map: &DataMap, side: &Side<'_>) -> AnyView {
    let (lang, table) = (t.lang(), side.table);
    let purposes: Vec<String> = table.purposes.iter().map(|id| map.purpose_name(id, lang)).collect();
    let who = recipients(t, map, table);
    let until = until(t, &service::mine::rule(table), None);
    let rows = [
        (t.copy_why(), purposes.join(t.record_comma())),
        (t.summary_basis(), policy::bases(t, map, &table.purposes).join(t.record_comma())),
        (t.copy_who(), who),
        (t.copy_until(), until),
        (t.copy_source(), map.source_name(&table.name.source, lang)),
    ];
    let rows: Vec<_> =
        rows.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect();
    let count = side.parts.first().map_or(0, |part| part.records);
    let link = |part: &Part| view! { <a href=part.name.clone()>{part.shape.words(t)}</a> " " };
    let files: Vec<_> = side.parts.iter().map(link).collect();
    view! {
        <article>
            <h2>{side.words.clone()} " " <span class="role">{t.copy_records(format::count(count))}</span></h2>
            <dl>{rows}</dl>
            <p class="files">{t.copy_files()}{t.policy_colon()}{files}</p>
        </article>
    }
    .into_any()
}

pub(crate) fn recipients(t: Text, map: &DataMap, table: &Table) -> String {
    let recipients: Vec<&str> = map.recipients_of(table).map(|recipient| recipient.name.in_lang(t.lang())).collect();
    if recipients.is_empty() { t.copy_nobody().to_owned() } else { recipients.join(t.record_comma()) }
}

fn html(view: impl IntoView) -> String {
    Owner::new().with(|| view.into_view().to_html())
}

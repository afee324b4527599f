//! A document as a page: contents, headings one can link to, tables that stay readable on a phone.

use document::{Block, Compared, Document, Mark, Span, Table};
use leptos::prelude::*;

use super::numbered;
use crate::text::Text;

pub fn document(t: Text, document: &Document) -> AnyView {
    let contents = document.sections.iter().map(|section| {
        let href = format!("#{}", section.id);
        view! { <li><a href=href>{section.title.clone()}</a></li> }
    });
    let sections: Vec<_> = document
        .sections
        .iter()
        .map(|section| {
            let blocks: Vec<_> = section.blocks.iter().map(block).collect();
            view! { <section id=section.id.clone()><h2>{section.title.clone()}</h2>{blocks}</section> }.into_any()
        })
        .collect();
    let mut lead = document.lead.iter().cloned();
    let first = lead.next().map(|text| view! { <p class="lead">{numbered(text)}</p> });
    let rest: Vec<_> = lead.map(|text| view! { <p class="hint">{text}</p> }).collect();
    view! {
        <h1>{document.title.clone()}</h1>
        {first}
        {rest}
        <nav class="contents" aria-label=t.policy_contents()><ol>{contents.collect_view()}</ol></nav>
        {sections}
    }
    .into_any()
}

/// A line of a list: what it is, and how it is.
pub(crate) fn pair(t: Text, name: &str, value: String) -> Vec<Span> {
    vec![Span::strong(format!("{name}{}", t.policy_colon())), Span::text(value)]
}

fn block(block: &Block) -> AnyView {
    match block {
        Block::Heading { text } => view! { <h3>{text.clone()}</h3> }.into_any(),
        Block::Paragraph { spans: of } => view! { <p>{spans(of)}</p> }.into_any(),
        Block::Hint { spans: of } => view! { <p class="hint">{spans(of)}</p> }.into_any(),
        Block::List { items } => {
            let items: Vec<_> = items.iter().map(|item| view! { <li>{spans(item)}</li> }).collect();
            view! { <ul>{items}</ul> }.into_any()
        }
        Block::Table { table: of } => table(of),
    }
}

pub fn table(table: &Table) -> AnyView {
    let head: Vec<_> = table.head.iter().map(|name| view! { <th scope="col">{name.clone()}</th> }).collect();
    let rows: Vec<_> = table
        .rows
        .iter()
        .map(|row| {
            let mut cells = row.iter().zip(&table.head);
            let first = cells.next().map(|(cell, _)| view! { <th scope="row">{spans(cell)}</th> });
            let rest: Vec<_> =
                cells.map(|(cell, name)| view! { <td data-label=name.clone()>{spans(cell)}</td> }).collect();
            view! { <tr>{first}{rest}</tr> }
        })
        .collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=table.caption.clone()>
            <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

fn spans(spans: &[Span]) -> Vec<AnyView> {
    spans
        .iter()
        .map(|span| match span {
            Span::Text { text } => view! { <span>{numbered(text)}</span> }.into_any(),
            Span::Strong { text } => view! { <strong>{text.clone()}</strong> }.into_any(),
            Span::Link { text, to } => view! { <a href=to.clone()>{text.clone()}</a> }.into_any(),
        })
        .collect()
}

/// What was taken out and what was put in, told by sign and word as well as by colour.
pub fn comparison(t: Text, lines: &[Compared]) -> AnyView {
    let is_same = |n: usize| matches!(lines.get(n), Some(Compared::Same(_)) | None);
    let lines: Vec<_> = lines
        .iter()
        .enumerate()
        // What stayed is shown where it stands beside what did not.
        .filter(|(n, line)| {
            !matches!(line, Compared::Same(_)) || !is_same(n + 1) || n.checked_sub(1).is_some_and(|n| !is_same(n))
        })
        .map(|(_, line)| match line {
            Compared::Section(title) => view! { <h3>{title.clone()}</h3> }.into_any(),
            Compared::Same(text) => view! { <p class="same">{text.clone()}</p> }.into_any(),
            Compared::Added(text) => view! { <p>{part(t, Mark::Added, text)}</p> }.into_any(),
            Compared::Removed(text) => view! { <p>{part(t, Mark::Removed, text)}</p> }.into_any(),
            Compared::Changed(parts) => {
                let parts: Vec<_> = parts.iter().map(|(mark, text)| part(t, *mark, text)).collect();
                view! { <p>{parts}</p> }.into_any()
            }
        })
        .collect();
    view! { <div class="comparison">{lines}</div> }.into_any()
}

fn part(t: Text, mark: Mark, text: &str) -> AnyView {
    let text = text.to_owned();
    match mark {
        Mark::Same => view! { <span>{text}</span> }.into_any(),
        Mark::Added => view! { <ins><span class="unseen">{t.policy_inserted()}</span>{text}</ins> }.into_any(),
        Mark::Removed => view! { <del><span class="unseen">{t.policy_removed()}</span>{text}</del> }.into_any(),
    }
}

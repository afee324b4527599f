//! The company's own words: paragraphs, headings, lists, emphasis and links. Raw HTML, images and code
//! become plain text.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::{Block, Span};

/// The blocks of a Markdown text.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    for event in Parser::new(markdown) {
        reader.read(event);
    }
    reader.end_paragraph();
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    spans: Vec<Span>,
    items: Vec<Vec<Span>>,
    /// How deep in lists: inner ones join the outer one's items.
    depth: usize,
    strong: usize,
    link: Option<String>,
    is_heading: bool,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(end) => self.end(end),
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => self.push(&text),
            Event::SoftBreak | Event::HardBreak => self.push(" "),
            Event::Rule
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if let Tag::Heading { .. } = tag {
            self.end_paragraph();
            self.is_heading = true;
        } else if let Tag::Strong | Tag::Emphasis = tag {
            self.strong += 1;
        } else if let Tag::Link { dest_url, .. } = tag {
            self.link = safe(dest_url);
        } else if let Tag::List(_) = tag {
            self.end_paragraph();
            self.depth += 1;
        } else if let Tag::Item = tag {
            self.end_item();
        }
    }

    fn end(&mut self, end: TagEnd) {
        if let TagEnd::Heading(_) | TagEnd::Paragraph = end {
            if self.depth == 0 {
                self.end_paragraph();
            }
        } else if let TagEnd::Strong | TagEnd::Emphasis = end {
            self.strong = self.strong.saturating_sub(1);
        } else if let TagEnd::Link = end {
            self.link = None;
        } else if let TagEnd::Item = end {
            self.end_item();
        } else if let TagEnd::List(_) = end {
            self.depth = self.depth.saturating_sub(1);
            if self.depth == 0 && !self.items.is_empty() {
                self.blocks.push(Block::List { items: std::mem::take(&mut self.items) });
            }
        } else if self.depth == 0 {
            // The end of a quotation or a block of code ends a paragraph too.
            self.end_paragraph();
        }
    }

    fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let span = match (&self.link, self.strong) {
            (Some(to), _) => Span::link(text, to),
            (None, 0) => Span::text(text),
            (None, _) => Span::strong(text),
        };
        match (self.spans.last_mut(), &span) {
            (Some(Span::Text { text: last }), Span::Text { text }) => last.push_str(text),
            (_, _) => self.spans.push(span),
        }
    }

    fn end_item(&mut self) {
        let spans = std::mem::take(&mut self.spans);
        if self.depth > 0 && !spans.is_empty() {
            self.items.push(spans);
        }
    }

    fn end_paragraph(&mut self) {
        if self.depth > 0 {
            return self.end_item();
        }
        let spans = std::mem::take(&mut self.spans);
        if std::mem::take(&mut self.is_heading) {
            self.blocks.push(Block::Heading { text: crate::plain(&spans) });
        } else if !spans.is_empty() {
            self.blocks.push(Block::Paragraph { spans });
        }
    }
}

/// Addresses that cannot do anything but be opened.
fn safe(url: &str) -> Option<String> {
    let local = url.starts_with('/') && !url.starts_with("//") || url.starts_with('#');
    (local || url.starts_with("https://") || url.starts_with("mailto:")).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_write() {
        let read = blocks(
            "我们是**寄递**公司。\n\n## 标题\n\n- 一 [看](/mine)\n- 二\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))",
        );
        assert_eq!(
            read,
            [
                Block::Paragraph {
                    spans: vec![Span::text("我们是"), Span::strong("寄递"), Span::text("公司。")]
                },
                Block::Heading { text: "标题".into() },
                Block::List {
                    items: vec![vec![Span::text("一 "), Span::link("看", "/mine")], vec![Span::text("二")]]
                },
                Block::Paragraph { spans: vec![Span::text("<script>alert(1)</script>\n")] },
                Block::Paragraph { spans: vec![Span::text("x")] },
            ]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_no_link_is_dangerous(text in "[-\\PC\n*#\\[\\]()<>/:`>]{0,120}") {
            for block in blocks(&text) {
                let spans = match block {
                    Block::Paragraph { spans } | Block::Hint { spans } => spans,
                    Block::List { items } => items.concat(),
                    Block::Heading { .. } | Block::Table { .. } => Vec::new(),
                };
                for span in spans {
                    if let Span::Link { to, .. } = span {
                        prop_assert!(safe(&to).is_some());
                    }
                }
            }
        }
    }
}

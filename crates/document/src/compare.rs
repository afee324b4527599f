//! What changed between two versions, for people: line by line, and within a changed line character by
//! character, because Chinese has no spaces to split at.

use std::time::{Duration, Instant};

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices_deadline};

use crate::{Block, Document, plain};

/// Longer comparisons show whole lines instead.
const PATIENCE: Duration = Duration::from_millis(200);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Same,
    Added,
    Removed,
}

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    Section(String),
    Same(String),
    Added(String),
    Removed(String),
    /// Parts of a line that is there in both.
    Changed(Vec<(Mark, String)>),
}

/// Sections that differ, whole; sections that do not are left out.
pub fn compare(before: &Document, after: &Document) -> Vec<Compared> {
    let mut all = Vec::new();
    let empty = Vec::new();
    for section in &after.sections {
        let old = before.sections.iter().find(|old| old.id == section.id);
        let old = old.map_or(&empty, |old| &old.blocks);
        if *old != section.blocks {
            section_lines(&section.title, &lines(old), &lines(&section.blocks), &mut all);
        }
    }
    for old in before.sections.iter().filter(|old| !after.sections.iter().any(|section| section.id == old.id)) {
        section_lines(&old.title, &lines(&old.blocks), &[], &mut all);
    }
    all
}

fn section_lines(title: &str, before: &[String], after: &[String], all: &mut Vec<Compared>) {
    let mut compared = Vec::new();
    let deadline = Instant::now() + PATIENCE;
    for op in capture_diff_slices_deadline(Algorithm::Patience, before, after, Some(deadline)) {
        let old = before.get(op.old_range()).unwrap_or_default();
        let new = after.get(op.new_range()).unwrap_or_default();
        match op {
            DiffOp::Equal { .. } => compared.extend(new.iter().cloned().map(Compared::Same)),
            DiffOp::Delete { .. } => compared.extend(old.iter().cloned().map(Compared::Removed)),
            DiffOp::Insert { .. } => compared.extend(new.iter().cloned().map(Compared::Added)),
            DiffOp::Replace { .. } => {
                let pairs = old.len().min(new.len());
                compared.extend(old.iter().zip(new).map(|(old, new)| line(old, new)));
                compared.extend(old.iter().skip(pairs).cloned().map(Compared::Removed));
                compared.extend(new.iter().skip(pairs).cloned().map(Compared::Added));
            }
        }
    }
    if compared.iter().any(|line| !matches!(line, Compared::Same(_))) {
        all.push(Compared::Section(title.to_owned()));
        all.extend(compared);
    }
}

/// Two versions of one line; two lines that have little in common are not one.
fn line(before: &str, after: &str) -> Compared {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_chars(before, after);
    if diff.ratio() < 0.4 {
        return Compared::Changed(vec![(Mark::Removed, before.to_owned()), (Mark::Added, after.to_owned())]);
    }
    let mut parts: Vec<(Mark, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        let mark = match change.tag() {
            ChangeTag::Equal => Mark::Same,
            ChangeTag::Insert => Mark::Added,
            ChangeTag::Delete => Mark::Removed,
        };
        match parts.last_mut() {
            Some((last, text)) if *last == mark => text.push_str(change.value()),
            Some(_) | None => parts.push((mark, change.value().to_owned())),
        }
    }
    Compared::Changed(parts)
}

/// A document's blocks as lines of text.
pub(crate) fn lines(blocks: &[Block]) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { text } => lines.push(text.clone()),
            Block::Paragraph { spans } | Block::Hint { spans } => lines.push(plain(spans)),
            Block::List { items } => lines.extend(items.iter().map(|item| format!("· {}", plain(item)))),
            Block::Table { table } => lines.extend(table.rows.iter().map(|row| {
                let cells: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
                cells.join(" | ")
            })),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Lang;
    use proptest::prelude::*;

    use crate::Section;

    fn document(lines: &[&str]) -> Document {
        let blocks = lines.iter().map(|line| Block::paragraph(*line)).collect();
        Document {
            title: "t".into(),
            lang: Lang::Zh,
            lead: vec![],
            sections: vec![Section::new("a", "保存多久", blocks)],
        }
    }

    #[test]
    fn chinese_is_compared_by_character() {
        let before = document(&["运单：快件签收起 3 年，到期匿名化", "不变"]);
        let after = document(&["运单：快件签收起 2 年，到期删除", "不变"]);
        let compared = compare(&before, &after);
        assert_eq!(compared[0], Compared::Section("保存多久".into()));
        let Compared::Changed(parts) = &compared[1] else { panic!("{compared:?}") };
        assert!(
            parts.contains(&(Mark::Removed, "3".into())) && parts.contains(&(Mark::Added, "2".into())),
            "{parts:?}"
        );
        assert!(parts.iter().any(|(mark, text)| *mark == Mark::Same && text.starts_with("运单：快件签收起")));
        assert_eq!(compared[2], Compared::Same("不变".into()));
        assert!(compare(&before, &before).is_empty());
    }

    proptest! {
        #[test]
        fn both_versions_can_be_read_back(before in prop::collection::vec("[一二三 a-c]{0,8}", 0..6), after in prop::collection::vec("[一二三 a-c]{0,8}", 0..6)) {
            let refs = |lines: &[String]| lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
            let make = |lines: &[String]| document(&lines.iter().map(String::as_str).collect::<Vec<_>>());
            let compared = compare(&make(&before), &make(&after));
            prop_assume!(before != after);
            let (mut old, mut new) = (Vec::new(), Vec::new());
            for line in compared.into_iter().skip(1) {
                match line {
                    Compared::Same(text) => { old.push(text.clone()); new.push(text); }
                    Compared::Added(text) => new.push(text),
                    Compared::Removed(text) => old.push(text),
                    Compared::Changed(parts) => {
                        let side = |skip: Mark| parts.iter().filter(|(mark, _)| *mark != skip).map(|(_, text)| text.as_str()).collect::<String>();
                        old.push(side(Mark::Added));
                        new.push(side(Mark::Removed));
                    }
                    Compared::Section(_) => {}
                }
            }
            prop_assert_eq!(old.join("\n"), refs(&before));
            prop_assert_eq!(new.join("\n"), refs(&after));
        }
    }
}

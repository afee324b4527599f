//! What every draft of a map begins with, wherever it is drawn from, and how a text stands in it.

/// Handler and one purpose, to be filled in: lines marked `?` are people's to decide.
pub const HANDLER: &str = r#"[handler]                                   # ? who decides (PIPL art. 17)
name = { zh-CN = "（公司名称）", en = "(company name)" }
address = { zh-CN = "（地址）", en = "(address)" }
officer = { name = { zh-CN = "个人信息保护负责人", en = "Personal information protection officer" }, email = "privacy@example.com", phone = "（电话）" }
effective = "2026-01-01"
"#;

pub const PURPOSE: &str = r#"[purpose.service]                           # ? why, and on which basis (art. 13); most companies have several
name = { zh-CN = "（处理目的）", en = "(purpose)" }
why = { zh-CN = "（一句话说明为什么需要）", en = "(one sentence on why it is needed)" }
basis = "contract"
necessity = { zh-CN = "（敏感个人信息的必要性和影响）", en = "(why sensitive information is necessary, and what it means)" }
"#;

/// A text as a TOML string or key, whatever characters it has: names come from other people's databases.
pub fn quoted(text: &str) -> String {
    // JSON's escapes are TOML's; of the characters TOML forbids, JSON leaves only this one as it is.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::quoted;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_read_back_as_it_was(text in any::<String>()) {
            let file = format!("{} = {}", quoted(&text), quoted(&text));
            let table: toml::Table = toml::from_str(&file).unwrap();
            prop_assert_eq!(table.get(&text).and_then(|value| value.as_str()), Some(text.as_str()));
        }
    }
}

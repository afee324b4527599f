/// A page of this site, as an address from outside may name it: an open redirect would lend our name to others.
pub(super) struct LocalPath(String);

const LONGEST: usize = 200;
/// All kinds of record ticked, as an address.
const LONGEST_QUERY: usize = 4_000;

fn is_plain(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'%')
}

impl LocalPath {
    /// A plain path. Not `//elsewhere`, not what a browser reads so (`/\elsewhere`, tabs between), no query.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fits = text.len() <= LONGEST
            && text.starts_with('/')
            && !text.contains("//")
            && !text.contains("..")
            && text.bytes().all(is_plain);
        fits.then(|| Self(text.to_owned()))
    }

    /// Likewise, with what is shown there.
    pub(super) fn parse_with_query(text: &str) -> Option<Self> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let plain = |b: u8| is_plain(b) || matches!(b, b'=' | b'&' | b'+' | b'~' | b':' | b'*');
        let fits = query.len() <= LONGEST_QUERY && query.bytes().all(plain);
        Self::parse(path).filter(|_| fits).map(|_| Self(text.to_owned()))
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::LocalPath;

    #[test]
    fn only_pages_of_this_site() {
        for path in ["/", "/mine/delete", "/requests/QD-20261126-7K3MQ", "/policy.pdf"] {
            assert_eq!(LocalPath::parse(path).map(LocalPath::into_string).as_deref(), Some(path));
        }
        for path in
            ["", "mine", "//evil.example", "/\\evil.example", "https://evil.example", "/a//b", "/a/../b", "/\t/evil"]
        {
            assert!(LocalPath::parse(path).is_none(), "{path}");
            assert!(LocalPath::parse_with_query(path).is_none(), "{path}");
        }
        assert!(LocalPath::parse("/mine/delete?tables=listed").is_none());
        for path in ["/mine", "/mine/delete?tables=listed&table.c.orders=on"] {
            assert_eq!(LocalPath::parse_with_query(path).map(LocalPath::into_string).as_deref(), Some(path));
        }
        assert!(LocalPath::parse_with_query("/mine?a=\tb").is_none());
    }

    proptest! {
        /// Whatever is let through stays here, as a browser reads it.
        #[test]
        fn nothing_leads_elsewhere(text in "[/\\\\a-z.:@%?#\t\n\u{3002}]{0,12}|\\PC{0,30}") {
            let here = Url::parse("https://privacy.example.com/sign-in").unwrap();
            for path in [LocalPath::parse(&text), LocalPath::parse_with_query(&text)].into_iter().flatten() {
                let to = here.join(&path.into_string()).unwrap();
                prop_assert_eq!(to.origin(), here.origin());
            }
        }
    }
}

//! A file somebody hands in: evidence, or what belongs to a message. Known by its content, never by its name.

use crate::{Personal, request::Audience};

/// The largest file that is taken, and how many at a time.
pub const LARGEST: usize = 5 * 1024 * 1024;
pub const MOST: usize = 5;

/// What may be handed in: what everybody can open and no office program has to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Pdf,
    Png,
    Jpeg,
}

impl Media {
    pub const ALL: [Self; 3] = all![Pdf, Png, Jpeg];

    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    pub fn from_mime(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.mime() == mime)
    }

    /// By how it begins and ends: a file that was cut off is no evidence of anything.
    fn of(bytes: &[u8]) -> Option<Self> {
        let tail = bytes.get(bytes.len().saturating_sub(1024)..).unwrap_or_default();
        let ends_with = |mark: &[u8]| tail.windows(mark.len()).any(|window| window == mark);
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] if ends_with(b"%%EOF") => Some(Self::Pdf),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] if ends_with(b"IEND") => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] if ends_with(&[0xff, 0xd9]) => Some(Self::Jpeg),
            _ => None,
        }
    }
}

/// What a file was handed in as, which decides who reads it and how long it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FiledAs {
    /// Shows who somebody is: gone soon after the request is closed.
    Evidence,
    /// Part of what was said, and read by whoever reads that: gone with the request.
    Message(Audience),
}

impl FiledAs {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Message(_) => "message",
        }
    }

    /// Who reads it, as it is stored. Evidence is the officers' alone.
    pub const fn side(self) -> Option<&'static str> {
        match self {
            Self::Evidence => None,
            Self::Message(audience) => audience.as_str(),
        }
    }

    pub fn parse(text: &str, side: Option<&str>) -> Option<Self> {
        let all = [Self::Evidence, Self::Message(Audience::parse(side)?)];
        all.into_iter().find(|filed_as| filed_as.as_str() == text)
    }
}

/// A file that may be kept.
#[derive(Clone, Debug)]
pub struct File {
    pub media: Media,
    pub name: Personal,
    pub content: Content,
}

/// The bytes of a file. Never shown by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Content(Vec<u8>);

impl Content {
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Content({} bytes)", self.0.len())
    }
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    TooLarge,
    /// Neither a PDF nor a picture, or cut off.
    OtherKind,
}

impl File {
    /// # Errors
    /// [`NotTaken`], for the person to hand in another.
    pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Self, NotTaken> {
        if bytes.len() > LARGEST {
            return Err(NotTaken::TooLarge);
        }
        let media = Media::of(&bytes).ok_or(NotTaken::OtherKind)?;
        Ok(Self { media, name: Personal::new(plain_name(name, media)), content: Content(bytes) })
    }
}

/// A name that can stand in a header and on a disk, with the ending of what it really is.
fn plain_name(name: &str, media: Media) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let kept: String = stem.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ')).take(60).collect();
    let kept = kept.trim();
    format!("{}.{}", if kept.is_empty() { "file" } else { kept }, media.ending())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_file_is_what_it_contains_whatever_it_is_called() {
        let pdf = File::parse("C:\\me\\mandate.exe", b"%PDF-1.7\n...\n%%EOF\n".to_vec()).unwrap();
        assert_eq!((pdf.media, pdf.name.reveal()), (Media::Pdf, "mandate.pdf"));
        let picture = File::parse("户口簿.png", [&[0xff, 0xd8, 0xff, 0xe0][..], &[0xff, 0xd9]].concat()).unwrap();
        assert_eq!((picture.media, picture.name.reveal()), (Media::Jpeg, "户口簿.jpg"));
        let other = |bytes: &[u8]| File::parse("a.pdf", bytes.to_vec()).unwrap_err();
        assert_eq!(other(b"<html><script>alert(1)</script>"), NotTaken::OtherKind);
        assert_eq!(other(b"%PDF-1.7 cut off"), NotTaken::OtherKind);
        assert_eq!(other(&vec![0; LARGEST + 1]), NotTaken::TooLarge);
        assert_eq!(format!("{:?}", pdf.content), "Content(19 bytes)");
    }

    proptest! {
        #[test]
        fn any_bytes_and_any_name_are_taken_or_refused(name: String, mut bytes: Vec<u8>, start in 0usize..4) {
            let starts: [&[u8]; 4] = [b"", b"%PDF-", &[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a], &[0xff, 0xd8, 0xff]];
            bytes.splice(0..0, starts[start].iter().copied());
            if let Ok(file) = File::parse(&name, bytes) {
                let name = file.name.reveal();
                prop_assert!(!name.contains(['/', '\\', '"', '\r', '\n', '\0']));
                prop_assert!(name.ends_with(file.media.ending()) && name.chars().count() < 70);
            }
        }
    }
}

//! The two sides of a representative's request. What is said with one of them is not for the other: whether the person
//! agrees, or what the representative is asked to show, is theirs alone (PIPL art. 9, 51).

use serde::{Deserialize, Serialize};

/// Whom an officer writes to, and whose answer it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Whoever asks: the subject, where that is nobody else.
    #[default]
    Asker,
    /// The person it is about, where somebody else asks.
    Subject,
}

impl Side {
    pub const ALL: [Self; 2] = all![Asker, Subject];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asker => "asker",
            Self::Subject => "subject",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.as_str() == text)
    }
}

/// Who reads something that belongs to a request, besides the officers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Everyone,
    Only(Side),
}

impl Audience {
    /// As it is stored; nothing for everyone.
    pub const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Everyone => None,
            Self::Only(side) => Some(side.as_str()),
        }
    }

    /// `None` for a side there is not.
    pub fn parse(text: Option<&str>) -> Option<Self> {
        match text {
            None => Some(Self::Everyone),
            Some(text) => Side::parse(text).map(Self::Only),
        }
    }
}

/// Where whoever looks at a request stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is one side.
    Alone,
    On(Side),
    /// An officer; or one who has proven to be the person and whoever asks for them.
    Both,
}

impl Standing {
    pub fn reads(self, audience: Audience) -> bool {
        match (self, audience) {
            (Self::Alone | Self::Both, Audience::Everyone | Audience::Only(_)) | (Self::On(_), Audience::Everyone) => {
                true
            }
            (Self::On(mine), Audience::Only(side)) => mine == side,
        }
    }

    /// Whether a question to this side is theirs to answer.
    pub fn speaks_for(self, side: Side) -> bool {
        match self {
            Self::Alone => side == Side::Asker,
            Self::On(mine) => mine == side,
            Self::Both => true,
        }
    }

    /// Whether what an officer agrees to hand out is handed to them. It is what somebody asked for; the person it is
    /// about has their own copy at any time (PIPL art. 45), and whoever comes first must not use up the other's.
    pub const fn is_handed(self) -> bool {
        match self {
            Self::Alone | Self::Both | Self::On(Side::Asker) => true,
            Self::On(Side::Subject) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_reads_its_own_and_what_is_for_everyone() {
        for side in Side::ALL {
            let only = Audience::Only(side);
            assert_eq!(Audience::parse(only.as_str()), Some(only));
            for mine in Side::ALL {
                assert_eq!(Standing::On(mine).reads(only), mine == side);
                assert_eq!(Standing::On(mine).speaks_for(side), mine == side);
                assert!(Standing::On(mine).reads(Audience::Everyone));
            }
            assert!(Standing::Both.reads(only) && Standing::Both.speaks_for(side));
            assert!(Standing::Alone.reads(only), "one side has no other to keep anything from");
        }
        assert_eq!(Audience::parse(None), Some(Audience::Everyone));
        assert_eq!(Audience::parse(Some("nobody")), None);
        assert!(!Standing::Alone.speaks_for(Side::Subject));
        let handed = [Standing::Alone, Standing::Both, Standing::On(Side::Asker)];
        assert!(handed.into_iter().all(Standing::is_handed) && !Standing::On(Side::Subject).is_handed());
    }
}

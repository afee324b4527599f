/// Why nobody arrives. The reasons are for the log: fixed words, nothing of what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It does not answer, or not as the standard says.
    Unreachable(&'static str),
    /// What came back is not what this provider would have signed for this portal, now, for this browser.
    NotBelieved(&'static str),
    /// The code works no more, or was used before.
    Late,
    /// Neither an address nor a number the provider has verified.
    NothingProven,
    /// This machine has no randomness.
    NoChance,
}

impl Trouble {
    /// For the log and the counters.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Unreachable(reason) | Self::NotBelieved(reason) => reason,
            Self::Late => "the code works no more",
            Self::NothingProven => "nothing verified",
            Self::NoChance => "no randomness",
        }
    }
}

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The map cannot be used.
    Error,
    /// The map can be used; someone should look.
    Warning,
}

/// What is wrong with a map, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub file: String,
    /// Counted from one; zero when the problem is about the file as a whole.
    pub line: usize,
    pub wrong: String,
    pub instead: String,
}

impl Problem {
    pub fn error(wrong: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { severity: Severity::Error, file: String::new(), line: 0, wrong: wrong.into(), instead: instead.into() }
    }

    pub fn warning(wrong: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(wrong, instead) }
    }

    #[must_use]
    pub fn at(mut self, file: impl Into<String>, line: usize) -> Self {
        self.file = file.into();
        self.line = line;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}: {}:{}: {}\n  → {}", self.file, self.line, self.wrong, self.instead)
    }
}

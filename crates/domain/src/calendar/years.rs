//! The announced years, as data. Cross-checked day by day with two independent calendars for
//! 2024-01-01 to 2026-12-31.

type MonthDay = (i8, i8);

pub(super) struct Year {
    pub(super) of: i16,
    pub(super) notice: &'static str,
    pub(super) published: bool,
    /// First and last day of each holiday.
    pub(super) off: &'static [(MonthDay, MonthDay)],
    /// Weekend days that are worked.
    pub(super) work: &'static [MonthDay],
}

pub(super) fn find(year: i16) -> Option<&'static Year> {
    YEARS.iter().find(|known| known.of == year)
}

/// For a year nobody has announced yet: the statutory days with a fixed date (New Year, Labour
/// Day, National Day). The lunar ones move and are entered by year below.
pub(super) const STATUTORY_FIXED: &[(MonthDay, MonthDay)] = &[((1, 1), (1, 1)), ((5, 1), (5, 2)), ((10, 1), (10, 3))];

const YEARS: &[Year] = &[
    Year {
        of: 2024,
        notice: "国办发明电〔2023〕7号",
        published: true,
        off: &[
            ((1, 1), (1, 1)),
            ((2, 10), (2, 17)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 10), (6, 10)),
            ((9, 15), (9, 17)),
            ((10, 1), (10, 7)),
        ],
        work: &[(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)],
    },
    Year {
        of: 2025,
        notice: "国办发明电〔2024〕12号",
        published: true,
        off: &[
            ((1, 1), (1, 1)),
            ((1, 28), (2, 4)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((5, 31), (6, 2)),
            ((10, 1), (10, 8)),
        ],
        work: &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    },
    Year {
        of: 2026,
        notice: "国务院办公厅 2025-11-04 通知",
        published: true,
        off: &[
            ((1, 1), (1, 3)),
            ((2, 15), (2, 23)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 19), (6, 21)),
            ((9, 25), (9, 27)),
            ((10, 1), (10, 7)),
        ],
        work: &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    },
    // Not announced when this was written: the thirteen statutory days of the 2024 regulation.
    Year {
        of: 2027,
        notice: "—",
        published: false,
        off: &[
            ((1, 1), (1, 1)),
            ((2, 5), (2, 8)),
            ((4, 5), (4, 5)),
            ((5, 1), (5, 2)),
            ((6, 9), (6, 9)),
            ((9, 15), (9, 15)),
            ((10, 1), (10, 3)),
        ],
        work: &[],
    },
];

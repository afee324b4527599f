//! The data map in the formats of others: Fides datasets (in and out), W3C DPV, and the record of
//! processing activities (PIPL art. 55, 56; GDPR art. 30) as a table; files for a spreadsheet.

mod categories;
pub mod dpv;
pub mod fides;
pub mod import;
pub mod ropa;
pub mod sheet;

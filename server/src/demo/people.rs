//! Numbers that look right and belong to nobody.

use domain::formats::{luhn, resident_id_check};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Mobile numbers begin with 154, a range the ministry has assigned to no operator.
pub(super) fn mobile(serial: u32) -> String {
    format!("154{:08}", serial % 100_000_000)
}

/// `example.com` is reserved for examples (RFC 2606).
pub(super) fn email(serial: u32) -> String {
    format!("customer{serial}@example.com")
}

pub(super) fn waybill_no(serial: u32) -> String {
    format!("YF{serial:011}")
}

/// Region 999900 does not exist; date of birth and check character are right.
pub(super) fn resident_id(rng: &mut ChaCha8Rng) -> String {
    let (year, month, day) = (rng.random_range(1950..2006), rng.random_range(1..=12), rng.random_range(1..=28));
    let digits = format!("999900{year:04}{month:02}{day:02}{:03}", rng.random_range(1..1000));
    let check = resident_id_check(&digits).unwrap_or('X');
    format!("{digits}{check}")
}

/// Issuer 999999 is assigned to nobody; the Luhn digit is right.
pub(super) fn bank_card(rng: &mut ChaCha8Rng) -> String {
    let body = format!("999999{:012}", rng.random_range(0..1_000_000_000_000_u64));
    (0..10).map(|digit| format!("{body}{digit}")).find(|card| luhn(card)).unwrap_or(body)
}

pub(super) fn amount(rng: &mut ChaCha8Rng) -> String {
    format!("{}.{:02}", rng.random_range(8..180), rng.random_range(0..100))
}

#[cfg(test)]
mod tests {
    use domain::formats::{is_bank_card, is_resident_id};
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn formats_are_valid() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for serial in 0..500 {
            assert!(domain::Mobile::parse(&mobile(serial)).is_some());
            assert!(domain::Email::parse(&email(serial)).is_some());
            assert!(is_resident_id(&resident_id(&mut rng)));
            assert!(is_bank_card(&bank_card(&mut rng)));
        }
    }
}

use jiff::civil::Date;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// The eighteenth character of a resident ID, from the first seventeen digits (GB 11643,
/// ISO 7064 mod 11-2). `None` when they are not seventeen digits.
pub fn resident_id_check(first_seventeen: &str) -> Option<char> {
    if first_seventeen.len() != 17 {
        return None;
    }
    let mut sum = 0;
    for (digit, weight) in first_seventeen.chars().zip(WEIGHTS) {
        sum += digit.to_digit(10)? * weight;
    }
    CHECKS.get(usize::try_from(sum % 11).ok()?).map(|check| char::from(*check))
}

/// Eighteen characters, a real date of birth, the right check character. The region is not
/// looked up: codes are withdrawn, the people who bear them remain.
pub fn is_resident_id(text: &str) -> bool {
    if !text.is_ascii() || text.len() != 18 {
        return false;
    }
    let (digits, check) = text.split_at(17);
    let born = digits.get(6..14).and_then(|ymd| {
        let (year, month, day) = (ymd.get(..4)?, ymd.get(4..6)?, ymd.get(6..)?);
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    });
    born.is_some_and(|date| date.year() >= 1900) && resident_id_check(digits) == check.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_decides() {
        assert!(is_resident_id("11010519491231002X"));
        assert!(is_resident_id("999900199001010014"));
        for wrong in ["110105194912310021", "11010519491331002X", "十一万零一百零五十", "11010519491231002", ""]
        {
            assert!(!is_resident_id(wrong), "{wrong}");
        }
    }
}

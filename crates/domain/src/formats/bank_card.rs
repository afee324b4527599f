/// 13 to 19 digits that pass the Luhn check.
pub fn is_bank_card(text: &str) -> bool {
    let digits: String = text.chars().filter(|c| *c != ' ').collect();
    (13..=19).contains(&digits.len()) && luhn(&digits)
}

/// The Luhn checksum of a string of digits; false for anything else.
pub fn luhn(digits: &str) -> bool {
    let mut sum = 0;
    for (place, c) in digits.chars().rev().enumerate() {
        let Some(digit) = c.to_digit(10) else { return false };
        sum += match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        };
    }
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_digit_is_found() {
        assert!(is_bank_card("6222 0212 3456 7890 128"));
        assert!(!is_bank_card("6222021234567890182"));
        assert!(!is_bank_card("62220212345678９0128"));
    }
}

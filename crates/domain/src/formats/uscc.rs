const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A unified social credit code (GB 32100): eighteen characters, the last a check modulo 31.
pub fn is_uscc(text: &str) -> bool {
    let mut values = Vec::with_capacity(18);
    for c in text.chars() {
        let Some(value) = ALPHABET.find(c) else { return false };
        values.push(value);
    }
    let Some((check, body)) = values.split_last() else { return false };
    if body.len() != 17 {
        return false;
    }
    let mut weight = 1;
    let mut sum = 0;
    for value in body {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    (31 - sum % 31) % 31 == *check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_decides() {
        assert!(is_uscc("91350100M000100Y43"));
        assert!(!is_uscc("91350100M000100Y44"));
        assert!(!is_uscc("9135"));
    }
}

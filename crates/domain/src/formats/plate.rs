const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// A mainland number plate; eight characters for new-energy vehicles, with D or F in place.
pub fn is_plate(text: &str) -> bool {
    let plate: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    let letter = |c: &char| c.is_ascii_uppercase() && !matches!(c, 'I' | 'O');
    let serial = |c: &char| letter(c) || c.is_ascii_digit();
    let [province, office, tail @ ..] = plate.as_slice() else { return false };
    if !PROVINCES.contains(*province) || !letter(office) {
        return false;
    }
    match tail {
        [body @ .., last] if tail.len() == 5 => {
            body.iter().all(serial) && (serial(last) || "挂学警港澳".contains(*last))
        }
        [first, .., last] if tail.len() == 6 => {
            tail.iter().all(serial) && (matches!(first, 'D' | 'F') || matches!(last, 'D' | 'F'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_and_new_energy_plates() {
        for plate in ["粤B12345", "京A1234警", "沪AD12345", "苏E12345F"] {
            assert!(is_plate(plate), "{plate}");
        }
        for plate in ["粤I12345", "粤B1234", "AB12345", "粤B123O5", ""] {
            assert!(!is_plate(plate), "{plate}");
        }
    }
}

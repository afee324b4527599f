//! What sampled values tell. Values come in, kinds and counts go out.

use std::net::IpAddr;

use domain::{
    Email, Mobile,
    formats::{is_plate, is_resident_id, is_uscc, luhn},
    map::{Column, Kind},
};

use super::{Context, Evidence, Sure};

/// Fewer values than this tell nothing.
const ENOUGH: usize = 3;

struct Look {
    kind: Kind,
    called: &'static str,
    sure: Sure,
    fits: fn(&str) -> bool,
}

const LOOKS: [Look; 10] = [
    Look {
        kind: Kind::ResidentId,
        called: "resident ID numbers with a right check digit",
        sure: Sure::Certain,
        fits: is_resident,
    },
    Look {
        kind: Kind::Uscc,
        called: "unified social credit codes with a right check character",
        sure: Sure::Certain,
        fits: is_credit_code,
    },
    Look { kind: Kind::Email, called: "e-mail addresses", sure: Sure::Certain, fits: is_email },
    Look { kind: Kind::Mobile, called: "mobile numbers", sure: Sure::Certain, fits: is_mobile },
    Look { kind: Kind::Plate, called: "number plates", sure: Sure::Certain, fits: is_plate },
    Look { kind: Kind::BankCard, called: "card numbers with a right check digit", sure: Sure::Likely, fits: is_card },
    Look { kind: Kind::IpAddress, called: "IP addresses", sure: Sure::Certain, fits: is_ip },
    Look { kind: Kind::Secret, called: "password hashes", sure: Sure::Likely, fits: is_hash },
    Look { kind: Kind::Address, called: "addresses", sure: Sure::Likely, fits: is_address },
    Look { kind: Kind::Name, called: "Chinese names", sure: Sure::Maybe, fits: is_chinese_name },
];

pub(super) fn by_values(context: &Context, column: &Column, values: &[String]) -> Option<Evidence> {
    let mut distinct: Vec<&str> = values.iter().map(String::as_str).collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < ENOUGH {
        return None;
    }
    let best = LOOKS.iter().find_map(|look| {
        let hits = distinct.iter().filter(|value| (look.fits)(value)).count();
        (hits * 10 >= distinct.len() * 7).then_some((look, hits))
    });
    let (look, hits) = best?;
    // Goods and places have short names too.
    if look.kind == Kind::Name && (context.is_about_things() || !column.as_str().to_lowercase().contains("name")) {
        return None;
    }
    let because = format!("{hits} of {} sampled values are {}", distinct.len(), look.called);
    Some(Evidence { kind: look.kind, sure: look.sure, because })
}

/// A name and a sample together.
pub(super) fn weigh(named: Option<Evidence>, sampled: Option<Evidence>) -> Option<Evidence> {
    match (named, sampled) {
        (Some(named), Some(sampled)) if named.kind == sampled.kind => {
            Some(Evidence { sure: Sure::Certain, because: format!("{}; {}", named.because, sampled.because), ..named })
        }
        // What is there outweighs what it is called, unless it only looks a little like it.
        (Some(named), Some(sampled)) => {
            if sampled.sure >= named.sure && sampled.sure > Sure::Maybe {
                Some(Evidence { because: format!("{} (but {})", sampled.because, named.because), ..sampled })
            } else {
                Some(named)
            }
        }
        (named, sampled) => named.or(sampled),
    }
}

fn is_resident(value: &str) -> bool {
    is_resident_id(&value.trim().to_ascii_uppercase())
}

fn is_credit_code(value: &str) -> bool {
    value.bytes().any(|b| b.is_ascii_uppercase()) && is_uscc(value.trim())
}

fn is_email(value: &str) -> bool {
    Email::parse(value).is_some()
}

fn is_mobile(value: &str) -> bool {
    Mobile::parse(value).is_some()
}

fn is_card(value: &str) -> bool {
    let digits: String = value.chars().filter(|c| *c != ' ').collect();
    (15..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && luhn(&digits)
}

fn is_ip(value: &str) -> bool {
    value.trim().parse::<IpAddr>().is_ok_and(|ip| !ip.is_unspecified())
}

fn is_hash(value: &str) -> bool {
    ["$2a$", "$2b$", "$2y$", "$argon2", "$6$", "$5$", "$1$", "{bcrypt}", "pbkdf2"]
        .iter()
        .any(|mark| value.starts_with(mark))
}

/// A district or a town, and something smaller.
fn is_address(value: &str) -> bool {
    let has = |marks: &[char]| value.contains(marks);
    value.chars().count() >= 6
        && has(&['省', '市', '区', '县', '镇'])
        && has(&['路', '街', '号', '村', '室', '栋', '弄', '楼', '巷'])
}

/// The hundred most common family names, most people's.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常";

fn is_chinese_name(value: &str) -> bool {
    let count = value.chars().count();
    (2..=4).contains(&count)
        && value.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
        && value.chars().next().is_some_and(|first| SURNAMES.contains(first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(values: &[&str]) -> Option<Kind> {
        let values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
        by_values(&Context::default(), &Column("full_name".into()), &values).map(|evidence| evidence.kind)
    }

    #[test]
    fn values_tell_what_names_hide() {
        assert_eq!(kind(&["15400000001", "+86 154 0000 0002", "0086-15400000003"]), Some(Kind::Mobile));
        assert_eq!(
            kind(&["110105194912310020X", "11010519491231002X", "999900199001010014", "11010519491231002x"]),
            Some(Kind::ResidentId)
        );
        assert_eq!(kind(&["李娜", "王伟", "张秀英"]), Some(Kind::Name));
        assert_eq!(
            kind(&["厦门市思明区示例路1号", "福州市鼓楼区样板街2号", "泉州市丰泽区某某路3号5栋"]),
            Some(Kind::Address)
        );
        assert_eq!(kind(&["1", "2", "3"]), None);
        assert_eq!(kind(&["a@b.cn", "a@b.cn"]), None, "two alike tell nothing");
    }

    proptest! {
        #[test]
        fn no_value_panics_and_none_is_repeated(values in prop::collection::vec("\\PC{0,40}", 0..12)) {
            if let Some(evidence) = by_values(&Context::default(), &Column("x".into()), &values) {
                for value in values.iter().filter(|value| value.chars().count() > 6) {
                    prop_assert!(!evidence.because.contains(value.as_str()));
                }
            }
        }
    }
}

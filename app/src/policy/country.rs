//! A country's name where the map has its code: where goods and data mostly go to. Another is shown by its code.

use domain::Words;

pub(super) fn country(code: &str) -> Words {
    let (zh, en) = match code {
        "CN" => ("中国", "China"),
        "HK" => ("中国香港", "Hong Kong, China"),
        "MO" => ("中国澳门", "Macao, China"),
        "TW" => ("中国台湾", "Taiwan, China"),
        "SG" => ("新加坡", "Singapore"),
        "JP" => ("日本", "Japan"),
        "KR" => ("韩国", "South Korea"),
        "MY" => ("马来西亚", "Malaysia"),
        "TH" => ("泰国", "Thailand"),
        "VN" => ("越南", "Vietnam"),
        "ID" => ("印度尼西亚", "Indonesia"),
        "PH" => ("菲律宾", "the Philippines"),
        "IN" => ("印度", "India"),
        "AE" => ("阿联酋", "the United Arab Emirates"),
        "AU" => ("澳大利亚", "Australia"),
        "NZ" => ("新西兰", "New Zealand"),
        "US" => ("美国", "the United States"),
        "CA" => ("加拿大", "Canada"),
        "BR" => ("巴西", "Brazil"),
        "GB" => ("英国", "the United Kingdom"),
        "IE" => ("爱尔兰", "Ireland"),
        "DE" => ("德国", "Germany"),
        "FR" => ("法国", "France"),
        "NL" => ("荷兰", "the Netherlands"),
        "CH" => ("瑞士", "Switzerland"),
        "RU" => ("俄罗斯", "Russia"),
        "KZ" => ("哈萨克斯坦", "Kazakhstan"),
        other => (other, other),
    };
    Words::new(zh, en)
}

//! What a name or a comment tells: English, pinyin and Chinese.

use domain::map::{Column, Kind, TableName};

use super::{Evidence, Sure};
use crate::catalogue::{ColumnInfo, Family, TableInfo};

/// The table a column stands in.
#[derive(Clone, Debug, Default)]
pub struct Context {
    words: Vec<String>,
    comment: String,
}

impl Context {
    pub fn of(name: &TableName, info: &TableInfo) -> Self {
        Self { words: words(&name.table), comment: info.comment.clone() }
    }

    /// Rows are people, or belong to one.
    pub(super) fn is_about_people(&self) -> bool {
        !self.is_about_things()
            && (self.words.iter().any(|word| has(PEOPLE, singular(word)))
                || PEOPLE_ZH.split(' ').any(|word| self.comment.contains(word)))
    }

    /// Rows are goods, places or settings, whatever else the name says.
    pub(super) fn is_about_things(&self) -> bool {
        let last = self.words.last().map_or("", |word| singular(word));
        has(THINGS, last)
    }
}

const PEOPLE: &str = "user member customer client staff employee person people patient student teacher driver \
         courier passenger guest account admin contact owner holder visitor subscriber receiver \
         sender recipient consignee yonghu huiyuan kehu yuangong actor author applicant resident \
         tenant voter profile";
const PEOPLE_ZH: &str = "用户 会员 客户 员工 管理员 人员 学生 教师 司机 快递员 乘客 联系人 收货 收件 寄件 患者";
const THINGS: &str = "product goods good brand category sku attribute album topic subject coupon menu role \
         permission resource warehouse film language inventory shipper territory region country \
         city setting config dict template help advertise company level tag task type playlist \
         genre track store relation stock ladder";

fn has(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

struct Rule {
    kind: Kind,
    sure: Sure,
    /// Whole words of the name, joined by `_`; pinyin and its initials too. Separated by spaces.
    names: &'static str,
    /// Parts of the comment, or of a Chinese name. Separated by spaces.
    zh: &'static str,
}

const fn rule(kind: Kind, sure: Sure, names: &'static str, zh: &'static str) -> Rule {
    Rule { kind, sure, names, zh }
}

/// In this order: the more telling first.
const RULES: [Rule; 22] = [
    rule(Kind::Secret, Sure::Likely, "password passwd pwd salt secret password_hash token mima", "密码 口令"),
    rule(
        Kind::ResidentId,
        Sure::Likely,
        "id_card idcard id_card_no idcard_no id_no id_number identity_no identity_card cert_no \
         certificate_no credential_no sfz sfzh sfzhm shenfenzheng ssn passport passport_no \
         national_id social_security",
        "身份证 证件号 护照",
    ),
    rule(
        Kind::BankCard,
        Sure::Likely,
        "bank_card bankcard bank_card_no bank_no bank_account credit_card creditcard card_number \
         iban yhkh yinhangka",
        "银行卡 银行账号 银行帐号 银行账户 卡号",
    ),
    rule(Kind::Email, Sure::Likely, "email e_mail mail_address email_address youxiang", "邮箱 电子邮件 邮件地址"),
    rule(
        Kind::Mobile,
        Sure::Likely,
        "mobile mobile_no mobile_phone cellphone cell_phone cell msisdn shouji sjh sjhm shoujihao",
        "手机",
    ),
    rule(
        Kind::Phone,
        Sure::Likely,
        "phone tel telephone fax phone_no phone_number contact_no dianhua lxdh home_phone extension",
        "电话 传真 座机 联系方式",
    ),
    rule(Kind::Plate, Sure::Likely, "plate plate_no license_plate car_no vehicle_no chepai cph cphm", "车牌"),
    rule(
        Kind::Uscc,
        Sure::Likely,
        "uscc credit_code social_credit_code tax_no taxpayer_no tax_id nsrsbh shuihao tyshxydm",
        "统一社会信用代码 税号 纳税人识别号",
    ),
    rule(Kind::IpAddress, Sure::Likely, "ip ip_addr ip_address client_ip login_ip last_ip remote_addr", "IP ip地址"),
    rule(
        Kind::Location,
        Sure::Likely,
        "longitude latitude lng lat lon gps location coordinate coordinates geo jingdu weidu",
        "经度 纬度 坐标 轨迹 定位",
    ),
    rule(
        Kind::BirthDate,
        Sure::Likely,
        "birthday birth birthdate birth_date dob date_of_birth shengri csrq",
        "生日 出生",
    ),
    rule(Kind::Gender, Sure::Likely, "gender sex xingbie xb", "性别"),
    rule(
        Kind::File,
        Sure::Likely,
        "avatar photo picture portrait head_img headimg head_pic face signature selfie photo_path \
         picture_url",
        "头像 照片 人脸 签名图",
    ),
    rule(
        Kind::Account,
        Sure::Likely,
        "username user_name login login_name nick nickname nick_name openid open_id unionid \
         union_id wechat weixin wechat_id qq weibo account_name user_account screen_name handle \
         zhanghao yhm",
        "账号 帐号 昵称 用户名 登录名 微信 QQ",
    ),
    rule(
        Kind::Region,
        Sure::Likely,
        "province city district county country region town sheng postcode post_code postal_code \
         zip zipcode zip_code youbian",
        "省份 省 城市 区县 地区 邮编 邮政编码 直辖市",
    ),
    rule(
        Kind::Address,
        Sure::Likely,
        "address addr street address1 address2 address_line detail_address house_no room_no dizhi \
         xxdz jtdz",
        "地址 街道 门牌 住址",
    ),
    rule(
        Kind::WaybillNo,
        Sure::Likely,
        "waybill_no waybill tracking_no tracking_number delivery_sn express_no logistics_no \
         yundanhao kddh",
        "运单号 快递单号 物流单号",
    ),
    rule(
        Kind::Name,
        Sure::Likely,
        "real_name realname full_name fullname first_name firstname last_name lastname surname \
         given_name middle_name maiden_name contact_name contact_person linkman consignee \
         person_name customer_name employee_name holder_name payee_name payer_name recipient_name \
         xingming xm zsxm ship_name operate_man handle_man receive_man driver_name courier_name \
         passenger_name guest_name student_name",
        "姓名 联系人 收货人 收件人 寄件人 发件人 收票人 处理人员 操作人 经办人 负责人",
    ),
    rule(
        Kind::Text,
        Sure::Maybe,
        "note notes remark remarks comment comments message content feedback complaint reason \
         beizhu liuyan personalized_signature",
        "备注 留言 评价内容 反馈 投诉 描述 签名 内容 原因",
    ),
    rule(
        Kind::Amount,
        Sure::Maybe,
        "amount price money fee total cost freight balance salary payment unit_price jine",
        "金额 价格 运费 费用 余额",
    ),
    rule(Kind::Name, Sure::Maybe, "contact receiver recipient author signer buyer seller owner xing ming", ""),
    rule(Kind::Account, Sure::Maybe, "account", ""),
];

/// Words that make a name say something about the thing, not the thing itself.
const ABOUT: &str = "id type status count flag enabled verified time at num number_of sort level code valid \
         confirmed expires expire length format required template sent rate updated visible date";

/// A column by its name, its comment and its table.
pub fn by_name_in(context: &Context, column: &Column, info: &ColumnInfo) -> Option<Evidence> {
    if matches!(info.family, Family::Bool | Family::Bit) || info.comment.starts_with("是否") {
        return None;
    }
    let words = words(column.as_str());
    let joined = words.join("_");
    let named = RULES.iter().find_map(|rule| {
        let name =
            rule.names.split_whitespace().filter(|name| contains(&joined, name)).max_by_key(|name| name.len())?;
        fits(rule, info).then_some((rule, name))
    });
    // What it says about the number, the number of them, when it was checked.
    let is_about =
        words.last().is_some_and(|last| has(ABOUT, last)) && !named.is_some_and(|(_, name)| joined.ends_with(name));
    let said = RULES.iter().find_map(|rule| {
        let text = if column.as_str().is_ascii() { info.comment.as_str() } else { column.as_str() };
        // What follows a colon lists values or explains.
        let head = text.split(['：', ':', '；', ';', '，', ',', '（', '(']).next().unwrap_or(text);
        let word = rule.zh.split(' ').find(|word| !word.is_empty() && head.contains(word))?;
        (fits(rule, info) && !head.ends_with("时间") && !head.contains("编号") && !head.contains("数量"))
            .then_some((rule, word))
    });
    let evidence = |rule: &Rule, because: String| Evidence { kind: rule.kind, sure: rule.sure, because };
    let found = match (named.filter(|_| !is_about), said) {
        (Some((by_name, name)), Some((by_comment, word))) if by_name.kind == by_comment.kind => {
            let because = format!("name says `{name}`, comment says {word}");
            Some(Evidence { sure: by_name.sure.max(by_comment.sure), ..evidence(by_name, because) })
        }
        // The comment was written for people to read.
        (_, Some((by_comment, word))) if by_comment.sure >= Sure::Likely || named.is_none() => {
            Some(evidence(by_comment, format!("comment says {word}")))
        }
        (Some((by_name, name)), _) => Some(evidence(by_name, format!("name says `{name}`"))),
        (None, _) => plain_name(context, &joined, info),
    };
    let found = found?;
    // Free text, places and amounts in tables of goods are about goods.
    let loose =
        matches!(found.kind, Kind::Text | Kind::Region | Kind::Account | Kind::Address | Kind::Phone | Kind::File);
    if loose && context.is_about_things() && found.sure < Sure::Certain {
        let sure = if matches!(found.kind, Kind::Address | Kind::Phone) { Sure::Maybe } else { return None };
        return Some(Evidence { sure, ..found });
    }
    Some(found)
}

/// `name` alone is a person's in a table of people.
fn plain_name(context: &Context, joined: &str, info: &ColumnInfo) -> Option<Evidence> {
    let is_name = matches!(joined, "name" | "mingcheng" | "title_name");
    (is_name && info.family == Family::Text && context.is_about_people()).then(|| Evidence {
        kind: Kind::Name,
        sure: Sure::Likely,
        because: "`name` in a table of people".to_owned(),
    })
}

/// Whether a column of this type can hold such a thing.
fn fits(rule: &Rule, info: &ColumnInfo) -> bool {
    match rule.kind {
        Kind::BirthDate => info.family.is_time() || matches!(info.family, Family::Text | Family::Integer),
        Kind::Amount => info.family.is_number(),
        Kind::Location | Kind::Gender | Kind::Mobile | Kind::Phone | Kind::BankCard => !info.family.is_time(),
        Kind::File => matches!(info.family, Family::Text | Family::Binary),
        Kind::IpAddress => matches!(info.family, Family::Text | Family::Other),
        // The name of a city, not the number of its row.
        Kind::Name
        | Kind::Email
        | Kind::Address
        | Kind::Region
        | Kind::ResidentId
        | Kind::Plate
        | Kind::Uscc
        | Kind::Account
        | Kind::Secret
        | Kind::Text
        | Kind::WaybillNo
        | Kind::Date
        | Kind::Plain => matches!(info.family, Family::Text | Family::Array | Family::Json | Family::Other),
    }
}

/// `receiverPhone`, `receiver_phone`, `ReceiverPhone2` → receiver, phone.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_uppercase() && !before.is_uppercase();
        if c == '_' || c == '-' || c == ' ' || c == '.' {
            before = ' ';
            continue;
        }
        if starts || before == ' ' || words.is_empty() {
            words.push(String::new());
        }
        if let Some(last) = words.last_mut() {
            last.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whole words only: `tel` is in `home_tel`, not in `hotel`.
fn contains(joined: &str, name: &str) -> bool {
    format!("_{joined}_").contains(&format!("_{name}_"))
}

pub(super) fn singular(word: &str) -> &str {
    match word {
        "people" | "goods" | "sales" | "news" | "address" | "status" => word,
        _ => word.strip_suffix("s").filter(|rest| rest.len() > 2 && !rest.ends_with('s')).unwrap_or(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, comment: &str) -> Option<Kind> {
        let info = ColumnInfo {
            type_name: "varchar".into(),
            family: Family::Text,
            nullable: true,
            unique: false,
            generated: false,
            longest: None,
            comment: comment.into(),
        };
        by_name_in(&Context::default(), &Column(name.into()), &info).map(|evidence| evidence.kind)
    }

    #[test]
    fn names_in_three_languages() {
        for (name, comment, kind) in [
            ("receiverPhone", "", Some(Kind::Phone)),
            ("sjhm", "", Some(Kind::Mobile)),
            ("f3", "手机号码", Some(Kind::Mobile)),
            ("收件人", "", Some(Kind::Name)),
            ("user_email", "", Some(Kind::Email)),
            ("email_verified", "", None),
            ("hotel", "", None),
            ("city_id", "", None),
            ("last_login_ip", "", Some(Kind::IpAddress)),
            ("sfzh", "", Some(Kind::ResidentId)),
            ("ID_Card_No", "", Some(Kind::ResidentId)),
            ("description", "商品描述", Some(Kind::Text)),
            ("phone_count", "", None),
        ] {
            assert_eq!(column(name, comment), kind, "{name} {comment}");
        }
    }
}

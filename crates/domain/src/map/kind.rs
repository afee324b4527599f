use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{IdentifierKind, Words};

/// What a field holds. Decides its mask, its format check, its sensitivity and its default name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Name,
    Mobile,
    /// A telephone that is not a mobile one, or of unknown shape.
    Phone,
    Email,
    Address,
    /// Province, city or district without the street.
    Region,
    ResidentId,
    BirthDate,
    Gender,
    BankCard,
    Plate,
    /// Unified social credit code.
    Uscc,
    /// A name used to sign in, a nickname, an id of a social network.
    Account,
    IpAddress,
    /// Where someone was or is (行踪轨迹).
    Location,
    /// A picture, a scan, a recording: bytes or the way to them.
    File,
    /// A password or its hash, a token: never shown, even to its owner.
    Secret,
    WaybillNo,
    /// Free text a person may have written anything into.
    Text,
    Date,
    Amount,
    /// Says nothing about a person by itself: a status, a number of items.
    Plain,
}

/// General or sensitive personal information (PIPL art. 28; GB/T 45574-2025).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    General,
    Sensitive,
}

impl From<IdentifierKind> for Kind {
    fn from(kind: IdentifierKind) -> Self {
        match kind {
            IdentifierKind::Email => Self::Email,
            IdentifierKind::Mobile => Self::Mobile,
        }
    }
}

impl Kind {
    pub const ALL: [Self; 22] = all![
        Name, Mobile, Phone, Email, Address, Region, ResidentId, BirthDate, Gender, BankCard, Plate, Uscc, Account,
        IpAddress, Location, File, Secret, WaybillNo, Text, Date, Amount, Plain
    ];

    /// As a map writes it: the serde name.
    pub fn written(self) -> String {
        crate::json::name(&self)
    }

    /// Whether the value itself tells who someone is, so that it is masked and anonymised by default.
    pub const fn is_personal(self) -> bool {
        match self {
            Self::Name
            | Self::Mobile
            | Self::Phone
            | Self::Email
            | Self::Address
            | Self::ResidentId
            | Self::BirthDate
            | Self::BankCard
            | Self::Plate
            | Self::Uscc
            | Self::Account
            | Self::IpAddress
            | Self::Location
            | Self::File
            | Self::Secret
            | Self::Text => true,
            Self::Gender | Self::Region | Self::WaybillNo | Self::Date | Self::Amount | Self::Plain => false,
        }
    }

    /// Whether values may come from a list, so that a map can say what each means.
    pub const fn is_listed(self) -> bool {
        match self {
            Self::Plain | Self::Gender | Self::Region => true,
            Self::Name
            | Self::Mobile
            | Self::Phone
            | Self::Email
            | Self::Address
            | Self::ResidentId
            | Self::BirthDate
            | Self::BankCard
            | Self::Plate
            | Self::Uscc
            | Self::Account
            | Self::IpAddress
            | Self::Location
            | Self::File
            | Self::Secret
            | Self::WaybillNo
            | Self::Text
            | Self::Date
            | Self::Amount => false,
        }
    }

    pub const fn sensitivity(self) -> Sensitivity {
        match self {
            Self::ResidentId | Self::BankCard | Self::Location => Sensitivity::Sensitive,
            Self::Name
            | Self::Mobile
            | Self::Phone
            | Self::Email
            | Self::Address
            | Self::Region
            | Self::BirthDate
            | Self::Gender
            | Self::Plate
            | Self::Uscc
            | Self::Account
            | Self::IpAddress
            | Self::File
            | Self::Secret
            | Self::WaybillNo
            | Self::Text
            | Self::Date
            | Self::Amount
            | Self::Plain => Sensitivity::General,
        }
    }

    /// The most characters a person may type.
    pub const fn longest(self) -> usize {
        match self {
            Self::Mobile
            | Self::Phone
            | Self::ResidentId
            | Self::BankCard
            | Self::Plate
            | Self::Uscc
            | Self::BirthDate
            | Self::Gender => 32,
            Self::Name => 50,
            Self::Date | Self::Amount | Self::WaybillNo | Self::IpAddress => 45,
            Self::Address | Self::Region | Self::Plain | Self::Account | Self::Location | Self::File | Self::Secret => {
                200
            }
            Self::Email => 254,
            Self::Text => 2000,
        }
    }

    /// What the field is called when the map gives it no name of its own.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Name => ("姓名", "Name"),
            Self::Mobile => ("手机号码", "Mobile number"),
            Self::Phone => ("电话号码", "Telephone number"),
            Self::BirthDate => ("出生日期", "Date of birth"),
            Self::Gender => ("性别", "Gender"),
            Self::Account => ("账号名", "Account name"),
            Self::IpAddress => ("IP 地址", "IP address"),
            Self::Location => ("位置", "Location"),
            Self::File => ("文件", "File"),
            Self::Secret => ("密码（不显示）", "Password (never shown)"),
            Self::Email => ("电子邮箱", "E-mail address"),
            Self::Address => ("地址", "Address"),
            Self::Region => ("所在地区", "Region"),
            Self::ResidentId => ("居民身份证号码", "Resident ID number"),
            Self::BankCard => ("银行卡号", "Bank card number"),
            Self::Plate => ("车牌号", "Number plate"),
            Self::Uscc => ("统一社会信用代码", "Unified social credit code"),
            Self::WaybillNo => ("运单号", "Waybill number"),
            Self::Text => ("文字内容", "Text"),
            Self::Date => ("日期", "Date"),
            Self::Amount => ("金额", "Amount"),
            Self::Plain => ("内容", "Content"),
        };
        Words::new(zh, en)
    }
}

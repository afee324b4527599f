use serde::{Deserialize, Serialize};

use super::{Capacity, RequestKind, Requester, Side};
use crate::Words;

/// Why a request is refused. Each has a statute; a refusal without one cannot be made
/// (PIPL art. 50: a refusal must state its reasons).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefusalCode {
    RetentionNotExpired,
    TechHard,
    Secrecy,
    StateOrgan,
    IdentityNotVerified,
    NoData,
    NotAccurateClaim,
    NecessaryForContract,
    LegalDuty,
    CriminalPublicSecurity,
    OthersRights,
    AbuseRepeat,
    PortBasis,
    PortTech,
    NotDecidedAlone,
    SubjectObjects,
    NoLawfulInterest,
    PriorArrangement,
}

impl RefusalCode {
    pub const ALL: [Self; 18] = all![
        RetentionNotExpired,
        TechHard,
        Secrecy,
        StateOrgan,
        IdentityNotVerified,
        NoData,
        NotAccurateClaim,
        NecessaryForContract,
        LegalDuty,
        CriminalPublicSecurity,
        OthersRights,
        AbuseRepeat,
        PortBasis,
        PortTech,
        NotDecidedAlone,
        SubjectObjects,
        NoLawfulInterest,
        PriorArrangement
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RetentionNotExpired => "RETENTION_NOT_EXPIRED",
            Self::TechHard => "TECH_HARD",
            Self::Secrecy => "SECRECY",
            Self::StateOrgan => "STATE_ORGAN",
            Self::IdentityNotVerified => "IDENTITY_NOT_VERIFIED",
            Self::NoData => "NO_DATA",
            Self::NotAccurateClaim => "NOT_ACCURATE_CLAIM",
            Self::NecessaryForContract => "NECESSARY_FOR_CONTRACT",
            Self::LegalDuty => "LEGAL_DUTY",
            Self::CriminalPublicSecurity => "CRIMINAL_PUBLIC_SECURITY",
            Self::OthersRights => "OTHERS_RIGHTS",
            Self::AbuseRepeat => "ABUSE_REPEAT",
            Self::PortBasis => "PORT_BASIS",
            Self::PortTech => "PORT_TECH",
            Self::NotDecidedAlone => "NOT_DECIDED_ALONE",
            Self::SubjectObjects => "SUBJECT_OBJECTS",
            Self::NoLawfulInterest => "NO_LAWFUL_INTEREST",
            Self::PriorArrangement => "PRIOR_ARRANGEMENT",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// Whether this can be a reason to refuse a request of this kind.
    pub const fn fits(self, kind: RequestKind) -> bool {
        // Nobody needs a reason to withdraw, so there is none to refuse it (PIPL art. 15).
        if matches!(kind, RequestKind::Withdraw) {
            return matches!(self, Self::IdentityNotVerified | Self::NoData);
        }
        match self {
            Self::RetentionNotExpired | Self::TechHard => {
                matches!(kind, RequestKind::Delete | RequestKind::CancelAccount)
            }
            Self::NecessaryForContract => matches!(
                kind,
                RequestKind::Delete | RequestKind::CancelAccount | RequestKind::Restrict | RequestKind::Object
            ),
            Self::NotAccurateClaim => matches!(kind, RequestKind::Correct | RequestKind::Complete),
            Self::PortBasis | Self::PortTech => matches!(kind, RequestKind::Transfer),
            Self::NotDecidedAlone => matches!(kind, RequestKind::ExplainDecision | RequestKind::RefuseDecision),
            Self::Secrecy
            | Self::StateOrgan
            | Self::IdentityNotVerified
            | Self::NoData
            | Self::LegalDuty
            | Self::CriminalPublicSecurity
            | Self::OthersRights
            | Self::AbuseRepeat
            | Self::SubjectObjects
            | Self::NoLawfulInterest
            | Self::PriorArrangement => true,
        }
    }

    /// Whether it can be a reason towards whoever asks: that the person objects, only where somebody asks for them who can
    /// be asked, and has been checked; what art. 49 asks of near relatives, only towards them.
    pub const fn fits_requester(self, requester: Requester) -> bool {
        match self {
            Self::SubjectObjects => requester.may_be_written_to(Side::Subject),
            Self::NoLawfulInterest | Self::PriorArrangement => {
                matches!(requester, Requester::Representative { capacity: Capacity::NearRelative, .. })
            }
            Self::RetentionNotExpired
            | Self::TechHard
            | Self::Secrecy
            | Self::StateOrgan
            | Self::IdentityNotVerified
            | Self::NoData
            | Self::NotAccurateClaim
            | Self::NecessaryForContract
            | Self::LegalDuty
            | Self::CriminalPublicSecurity
            | Self::OthersRights
            | Self::AbuseRepeat
            | Self::PortBasis
            | Self::PortTech
            | Self::NotDecidedAlone => true,
        }
    }

    /// The reason in plain words.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::RetentionNotExpired => {
                ("法律规定的保存期限尚未届满", "A period of retention prescribed by law has not ended")
            }
            Self::TechHard => ("从技术上难以实现删除", "Deletion is technically hard to carry out"),
            Self::Secrecy => ("法律要求保密", "The law requires secrecy"),
            Self::StateOrgan => ("国家机关依法履行职责", "A state organ is performing its statutory duties"),
            Self::IdentityNotVerified => ("无法核实您的身份", "Your identity could not be verified"),
            Self::NoData => ("没有找到与您有关的信息", "No information about you was found"),
            Self::NotAccurateClaim => ("经核实，现有信息是准确的", "The information was checked and is accurate"),
            Self::NecessaryForContract => {
                ("该信息为履行与您的合同所必需", "The information is necessary to perform a contract with you")
            }
            Self::LegalDuty => ("我们有法定义务保留该信息", "We have a legal duty to keep the information"),
            Self::CriminalPublicSecurity => {
                ("涉及刑事侦查或公共安全", "It concerns a criminal investigation or public security")
            }
            Self::OthersRights => ("会损害他人的合法权益", "It would harm the lawful rights of others"),
            Self::AbuseRepeat => ("无正当理由的重复申请", "The request repeats an earlier one without a reason"),
            Self::PortBasis => (
                "该信息不是基于您的同意或者为履行与您的合同收集的",
                "The information was collected neither with your consent nor for a contract with you",
            ),
            Self::PortTech => ("转移在技术上不可行", "The transfer is technically not feasible"),
            Self::NotDecidedAlone => (
                "该决定不是仅通过自动化决策作出的，或者对您的权益没有重大影响",
                "The decision was not made by a program alone, or has no significant effect on you",
            ),
            Self::SubjectObjects => ("本人不同意这项申请", "The person does not agree to this request"),
            Self::NoLawfulInterest => {
                ("看不出申请是为了您自身合法、正当的利益", "Nothing shows that it serves a lawful interest of your own")
            }
            Self::PriorArrangement => ("本人生前另有安排", "The person left other instructions while alive"),
        };
        Words::new(zh, en)
    }

    /// Where the reason stands in law.
    pub fn statute(self) -> Words {
        let (zh, en) = match self {
            Self::RetentionNotExpired | Self::TechHard => {
                ("《个人信息保护法》第四十七条第二款", "PIPL art. 47 para. 2")
            }
            Self::Secrecy => ("《个人信息保护法》第十八条、第四十五条", "PIPL art. 18 and 45"),
            Self::StateOrgan => ("《个人信息保护法》第三十五条", "PIPL art. 35"),
            Self::IdentityNotVerified => ("《电子商务法》第二十四条", "E-Commerce Law art. 24"),
            Self::NoData => ("《个人信息保护法》第四十五条", "PIPL art. 45"),
            Self::NotAccurateClaim => ("《个人信息保护法》第四十六条", "PIPL art. 46"),
            Self::NecessaryForContract => ("《个人信息保护法》第十三条、第十六条", "PIPL art. 13 and 16"),
            Self::LegalDuty => ("《个人信息保护法》第十三条第一款第三项", "PIPL art. 13 para. 1 (3)"),
            Self::CriminalPublicSecurity => ("《个人信息保护法》第十三条、第十八条", "PIPL art. 13 and 18"),
            Self::PortBasis | Self::PortTech => {
                ("《网络数据安全管理条例》第二十五条第一款", "Order 790 art. 25 para. 1")
            }
            Self::NotDecidedAlone => ("《个人信息保护法》第二十四条第三款", "PIPL art. 24 para. 3"),
            // Whose information it is decides on it, whoever asks in their name.
            Self::SubjectObjects => ("《个人信息保护法》第四十四条", "PIPL art. 44"),
            Self::NoLawfulInterest | Self::PriorArrangement => ("《个人信息保护法》第四十九条", "PIPL art. 49"),
            Self::OthersRights => ("《网络数据安全管理条例》第二十五条", "Order 790 art. 25"),
            Self::AbuseRepeat => ("GB/T 35273-2020 第 8.7 条", "GB/T 35273-2020 cl. 8.7"),
        };
        Words::new(zh, en)
    }
}

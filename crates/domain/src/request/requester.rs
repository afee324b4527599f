//! Who asks: the subject, somebody on their behalf (Civil Code art. 161; PIPL art. 31 and 49), or staff for somebody
//! who phoned, wrote or came.

use serde::{Deserialize, Serialize};

use super::{Audience, Side};
use crate::{Words, ids::StaffId};

/// In what capacity somebody asks for another person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// With a signed mandate.
    Agent,
    /// Of a minor (PIPL art. 31, Regulations on Minors in Cyberspace art. 34).
    Guardian,
    /// Of somebody who has died (PIPL art. 49).
    NearRelative,
}

impl Capacity {
    pub const ALL: [Self; 3] = all![Guardian, Agent, NearRelative];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Guardian => "guardian",
            Self::NearRelative => "near_relative",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capacity| capacity.as_str() == text)
    }

    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Agent => ("代理人", "Authorised agent"),
            Self::Guardian => ("监护人", "Guardian"),
            Self::NearRelative => ("近亲属（本人已去世）", "Near relative of somebody who has died"),
        };
        Words::new(zh, en)
    }

    /// What shows it, and no more than that (GB/T 35273 §8.5).
    pub fn shown_by(self) -> Words {
        let (zh, en) = match self {
            Self::Agent => (
                "本人签字的授权书，写明委托事项和期限",
                "A mandate signed by the person, saying what for and until when",
            ),
            Self::Guardian => (
                "户口簿或出生医学证明中能看出监护关系的一页，其他内容请遮住",
                "The page of the household register or birth certificate that shows it; cover everything else",
            ),
            Self::NearRelative => (
                "死亡证明和能看出亲属关系的一页，其他内容请遮住",
                "The death certificate and a page that shows the relation; cover everything else",
            ),
        };
        Words::new(zh, en)
    }

    pub fn statute(self) -> Words {
        let (zh, en) = match self {
            Self::Agent => ("《民法典》第一百六十一条", "Civil Code art. 161"),
            Self::Guardian => ("《未成年人网络保护条例》第三十四条", "Minors Regulations art. 34"),
            Self::NearRelative => ("《个人信息保护法》第四十九条", "PIPL art. 49"),
        };
        Words::new(zh, en)
    }

    /// The person asked for can be told, and can stop it.
    pub const fn subject_is_told(self) -> bool {
        match self {
            Self::Agent | Self::Guardian => true,
            Self::NearRelative => false,
        }
    }
}

/// How a request came in that staff wrote down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Phone,
    Letter,
    Counter,
}

impl Channel {
    pub const ALL: [Self; 3] = all![Phone, Letter, Counter];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Letter => "letter",
            Self::Counter => "counter",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }

    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Phone => ("电话", "By telephone"),
            Self::Letter => ("来信或邮件", "By letter or mail"),
            Self::Counter => ("到场", "In person"),
        };
        Words::new(zh, en)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Requester {
    /// Who they are is proven by a code.
    #[default]
    Subject,
    Representative {
        capacity: Capacity,
        checked: Checked,
    },
    Staff {
        channel: Channel,
        id: StaffId,
    },
}

/// Whether what was handed in shows what it should (risk tier T3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "checked", rename_all = "snake_case")]
pub enum Checked {
    NotYet,
    Confirmed { staff: StaffId },
}

impl Requester {
    /// Nothing may be planned, shown or granted before somebody has looked at the evidence.
    pub const fn waits_for_check(self) -> bool {
        match self {
            Self::Representative { checked: Checked::NotYet, .. } => true,
            Self::Representative { checked: Checked::Confirmed { .. }, .. } | Self::Subject | Self::Staff { .. } => {
                false
            }
        }
    }

    /// Whether an officer may write to this side. Until somebody has looked at the evidence, nobody but the asker says
    /// that these addresses are the person's; and the dead are not written to.
    pub const fn may_be_written_to(self, side: Side) -> bool {
        match (side, self) {
            (Side::Asker, Self::Subject | Self::Representative { .. } | Self::Staff { .. }) => true,
            (Side::Subject, Self::Representative { capacity, checked: Checked::Confirmed { .. } }) => {
                capacity.subject_is_told()
            }
            (
                Side::Subject,
                Self::Representative { checked: Checked::NotYet, .. } | Self::Subject | Self::Staff { .. },
            ) => false,
        }
    }

    /// Who reads what is said with this side.
    pub const fn audience(self, side: Side) -> Audience {
        match self {
            Self::Representative { .. } => Audience::Only(side),
            Self::Subject | Self::Staff { .. } => Audience::Everyone,
        }
    }

    /// Who answers for the person being who they are said to be: somebody else must decide (risk tier T3).
    pub const fn vouched_for_by(self) -> Option<StaffId> {
        match self {
            Self::Representative { checked: Checked::Confirmed { staff }, .. } | Self::Staff { id: staff, .. } => {
                Some(staff)
            }
            Self::Representative { checked: Checked::NotYet, .. } | Self::Subject => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_representative_waits_until_somebody_answers_for_them() {
        let staff = StaffId(uuid::Uuid::nil());
        for capacity in Capacity::ALL {
            assert_eq!(Capacity::parse(capacity.as_str()), Some(capacity));
            let open = Requester::Representative { capacity, checked: Checked::NotYet };
            assert!(open.waits_for_check() && open.vouched_for_by().is_none());
            let confirmed = Requester::Representative { capacity, checked: Checked::Confirmed { staff } };
            assert!(!confirmed.waits_for_check());
            assert_eq!(confirmed.vouched_for_by(), Some(staff));
            assert!(open.may_be_written_to(Side::Asker) && !open.may_be_written_to(Side::Subject));
            assert_eq!(confirmed.may_be_written_to(Side::Subject), capacity != Capacity::NearRelative);
            assert_eq!(confirmed.audience(Side::Subject), Audience::Only(Side::Subject));
            let stored = serde_json::to_string(&confirmed).unwrap();
            assert_eq!(serde_json::from_str::<Requester>(&stored).unwrap(), confirmed);
        }
        assert!(!Requester::Subject.waits_for_check() && !Requester::Subject.may_be_written_to(Side::Subject));
        assert_eq!(Requester::Subject.audience(Side::Asker), Audience::Everyone, "there is nobody else");
    }
}

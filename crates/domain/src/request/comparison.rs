//! What an officer compares before they answer for somebody who asks for another (risk tier T3): three points, each
//! looked at and said on its own, so that nobody vouches by pressing a button.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Capacity;
use crate::Words;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// Whose data it is about is who the evidence is about.
    Person,
    /// Whoever asks is who the evidence speaks of.
    Asker,
    /// It covers what is asked.
    Scope,
}

impl Point {
    pub const ALL: [Self; 3] = all![Person, Asker, Scope];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Asker => "asker",
            Self::Scope => "scope",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|point| point.as_str() == text)
    }

    /// What whoever ticks it says.
    pub fn words(self, capacity: Capacity) -> Words {
        let (zh, en) = match (self, capacity) {
            (Self::Person, Capacity::Agent) => (
                "授权书由上面这位本人签字，与我们的记录对得上：有姓名的对姓名，没有的对邮箱或者手机号",
                "The mandate is signed by the person above, as our records know them: by name, or where they hold none by address or number",
            ),
            (Self::Person, Capacity::Guardian) => (
                "材料上的孩子就是上面这个人（有姓名的对姓名，没有的对邮箱或者手机号），未满十四周岁或者依法由监护人代为行使",
                "The child in the papers is the person above (by name, or where our records hold none by address or number), under 14 or otherwise represented by law",
            ),
            (Self::Person, Capacity::NearRelative) => (
                "死亡证明上的人就是上面这个人：有姓名的对姓名，没有的对邮箱或者手机号",
                "The death certificate is of the person above, by name, or where our records hold none by address or number",
            ),
            (Self::Asker, Capacity::Agent) => {
                ("授权书上的受托人就是申请人", "Who asks is the agent whom the mandate names")
            }
            (Self::Asker, Capacity::Guardian) => {
                ("申请人是材料上的监护人", "Who asks is the guardian whom the papers name")
            }
            (Self::Asker, Capacity::NearRelative) => (
                "申请人是材料上的近亲属（配偶、子女、父母、兄弟姐妹、祖父母、外祖父母、孙子女、外孙子女）",
                "Who asks is the near relative whom the papers name (spouse, child, parent, sibling, grandparent, grandchild)",
            ),
            (Self::Scope, Capacity::Agent) => {
                ("授权的事项包括这项申请，并且在有效期内", "The mandate covers what is asked, and has not run out")
            }
            (Self::Scope, Capacity::Guardian) => (
                "申请是为了孩子的利益，材料看不出相反的情况",
                "It is asked in the child's interest, as far as the papers show",
            ),
            (Self::Scope, Capacity::NearRelative) => (
                "为了亲属自身合法、正当的利益，死者生前没有另外安排（《个人信息保护法》第四十九条）",
                "It serves a lawful interest of the relative's own, and the person left no other instruction (PIPL art. 49)",
            ),
        };
        Words::new(zh, en)
    }
}

/// All three were compared: the only way to answer for a representative.
#[derive(Clone, Copy, Debug)]
pub struct Compared(());

impl Compared {
    /// # Errors
    /// The first point that nobody has said.
    pub fn all(said: &BTreeSet<Point>) -> Result<Self, Point> {
        match Point::ALL.into_iter().find(|point| !said.contains(point)) {
            Some(missing) => Err(missing),
            None => Ok(Self(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_point_left_out_is_nothing_compared() {
        for left_out in Point::ALL {
            assert_eq!(Point::parse(left_out.as_str()), Some(left_out));
            let said = Point::ALL.into_iter().filter(|point| *point != left_out).collect();
            assert_eq!(Compared::all(&said).unwrap_err(), left_out);
        }
        assert!(Compared::all(&Point::ALL.into_iter().collect()).is_ok());
    }
}

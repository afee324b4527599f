//! Sentences officers send every day, in the reader's language, to be changed before they are sent.

use crate::{Lang, Words};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    WhichRecord,
    MoreDetail,
    Relation,
    Done,
    DoneInPart,
    Stopped,
}

impl Template {
    /// For a question.
    pub const QUESTIONS: [Self; 3] = [Self::WhichRecord, Self::MoreDetail, Self::Relation];
    /// For an answer.
    pub const ANSWERS: [Self; 3] = [Self::Done, Self::DoneInPart, Self::Stopped];
    const ALL: [Self; 6] = all![WhichRecord, MoreDetail, Relation, Done, DoneInPart, Stopped];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WhichRecord => "which-record",
            Self::MoreDetail => "more-detail",
            Self::Relation => "relation",
            Self::Done => "done",
            Self::DoneInPart => "done-in-part",
            Self::Stopped => "stopped",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.as_str() == text)
    }

    /// What it is called on the officer's page.
    pub fn name(self) -> Words {
        let (zh, en) = match self {
            Self::WhichRecord => ("是哪条记录", "Which record"),
            Self::MoreDetail => ("请说得更具体", "More detail"),
            Self::Relation => ("看不出关系", "The relation does not show"),
            Self::Done => ("已按要求办理", "Done as asked"),
            Self::DoneInPart => ("部分办理", "Done in part"),
            Self::Stopped => ("已停用", "Stopped"),
        };
        Words::new(zh, en)
    }

    pub fn words(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::WhichRecord, Lang::Zh) => "您好，您的申请涉及多条记录。请告诉我们是哪一条，例如订单编号或者运单号。",
            (Self::WhichRecord, Lang::En) => {
                "Your request could mean several records. Please tell us which, for example by its order or waybill number."
            }
            (Self::MoreDetail, Lang::Zh) => {
                "您好，为了准确办理，请说明您希望我们具体做什么，以及原因。请不要填写身份证号、银行卡号。"
            }
            (Self::MoreDetail, Lang::En) => {
                "To get this right, please tell us what exactly we should do, and why. Leave out identity and card numbers."
            }
            (Self::Relation, Lang::Zh) => {
                "您好，从您提交的材料看不出您与本人的关系。请补充能够证明关系的一页，其他内容请遮住。"
            }
            (Self::Relation, Lang::En) => {
                "What you handed in does not show how you are related to the person. Please add a page that does; cover everything else on it."
            }
            (Self::Done, Lang::Zh) => "您好，已按您的要求办理完毕。如有疑问，请直接回复个人信息保护负责人。",
            (Self::Done, Lang::En) => {
                "We have done as you asked. If anything is unclear, write to the officer named in the policy."
            }
            (Self::DoneInPart, Lang::Zh) => {
                "您好，已办理：\n未办理及原因：\n对结果不服的，您可以向履行个人信息保护职责的部门投诉，或者依法起诉。"
            }
            (Self::DoneInPart, Lang::En) => {
                "Done:\nNot done, and why:\nIf you do not agree you may complain to the authority in charge or go to court."
            }
            (Self::Stopped, Lang::Zh) => "您好，我们已停止您所说的处理，只保留法律要求的存储和必要的安全保护。",
            (Self::Stopped, Lang::En) => {
                "We have stopped the use you named. The data is only stored as the law requires, and kept safe."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_found_again_and_says_something_in_both_languages() {
        for template in Template::ALL {
            assert_eq!(Template::parse(template.as_str()), Some(template));
            assert!(template.words(Lang::Zh).chars().count() > 10 && template.words(Lang::En).len() > 10);
            assert!(Template::QUESTIONS.contains(&template) != Template::ANSWERS.contains(&template));
        }
    }
}

//! What happens to a hazard. **These types are decoded for ever**: never rename, never change a meaning; a changed
//! meaning is a new version with an upcaster.

mod parts;
mod reused;

use journal::{Parts, event_types};
use kernel::{Reach, Tier};

use crate::carried::{CarriedOver, CarriedPeople, CarriedText};

pub use parts::{
    Accepted, Acted, Assigned, ClimbAnswered, Closed, Corrected, DeadlineWarned, Escalated, ExtensionAsked,
    ExtensionGranted, FixedOnSpot, FixedOnSpotText, Graded, GuideItemAnswered, HelpAnswered, HelpAsked,
    NamedHazard, Note, Photo, Position, Readdressed, Rectified, Registered, RegisteredPersonal,
    RegisteredText, ResponsibleChanged, ResponsibleChangedText, Returned, Revisited, TakenOn, TakenOnText,
    Withdrawn,
};
pub use reused::{OtherHazard, Reused};

/// Codes and counts of every hazard are for the county; words too, since its office acts on them; what goes beyond
/// the county is decided by the network capability.
const COUNTY: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

event_types! {
    /// What happens to a hazard.
    pub enum HazardEvent {
        /// 登记
        Registered("hazard.registered", 1, COUNTY): Parts<Registered, RegisteredText, RegisteredPersonal>,
        /// 立行立改
        FixedOnSpot("hazard.fixed_on_spot", 1, COUNTY): Parts<FixedOnSpot, FixedOnSpotText>,
        /// 定级
        Graded("hazard.graded", 1, COUNTY): Parts<Graded, Note>,
        /// 交办
        Assigned("hazard.assigned", 1, COUNTY): Parts<Assigned, Note>,
        /// 签收(五落实)
        TakenOn("hazard.taken_on", 1, COUNTY): Parts<TakenOn, TakenOnText>,
        /// 更换责任人
        ResponsibleChanged("hazard.responsible_changed", 1, COUNTY): Parts<ResponsibleChanged, ResponsibleChangedText>,
        /// 整改进展
        Progressed("hazard.progressed", 1, COUNTY): Parts<Acted, Note>,
        /// 整改完成
        Rectified("hazard.rectified", 1, COUNTY): Parts<Rectified, Note>,
        /// 申请延期
        ExtensionAsked("hazard.extension_asked", 1, COUNTY): Parts<ExtensionAsked, Note>,
        /// 同意延期
        ExtensionGranted("hazard.extension_granted", 1, COUNTY): Parts<ExtensionGranted, Note>,
        /// 不同意延期
        ExtensionRefused("hazard.extension_refused", 1, COUNTY): Parts<Acted, Note>,
        /// 复查验收通过
        Accepted("hazard.accepted", 1, COUNTY): Parts<Accepted, Note>,
        /// 复查退回
        Returned("hazard.returned", 1, COUNTY): Parts<Returned, Note>,
        /// 销号
        Closed("hazard.closed", 1, COUNTY): Parts<Closed, Note>,
        /// 回头看
        Revisited("hazard.revisited", 1, COUNTY): Parts<Revisited, Note>,
        /// 撤销
        Withdrawn("hazard.withdrawn", 1, COUNTY): Parts<Withdrawn, Note>,
        /// 提请解决
        HelpAsked("hazard.help_asked", 1, COUNTY): Parts<HelpAsked, Note>,
        /// 提请答复
        HelpAnswered("hazard.help_answered", 1, COUNTY): Parts<HelpAnswered, Note>,
        /// 协助落实
        HelpDelivered("hazard.help_delivered", 1, COUNTY): Parts<Acted, Note>,
        /// 时限提醒
        DeadlineWarned("hazard.deadline_warned", 1, COUNTY): Parts<DeadlineWarned>,
        /// 逾期升级
        Escalated("hazard.escalated", 1, COUNTY): Parts<Escalated>,
        /// 约谈、督办记录
        ClimbAnswered("hazard.climb_answered", 1, COUNTY): Parts<ClimbAnswered, Note>,
        /// 隶属关系变动后转交
        Readdressed("hazard.readdressed", 1, COUNTY): Parts<Readdressed>,
        /// 催办
        Urged("hazard.urged", 1, COUNTY): Parts<Acted, Note>,
        /// 更正
        Corrected("hazard.corrected", 1, COUNTY): Parts<Corrected, RegisteredText>,
        /// 台账导入
        CarriedOver("hazard.carried_over", 1, COUNTY): Parts<CarriedOver, CarriedText, CarriedPeople>,
    }
}

impl HazardEvent {
    /// The photos it brought, before and afterwards.
    pub fn photos(&self) -> impl Iterator<Item = &Photo> {
        let (photos, after): (&[Photo], &[Photo]) = match self {
            Self::Registered(p) => (p.text.as_ref().map_or(&[], |t| &t.photos), &[]),
            Self::FixedOnSpot(p) => (p.text.as_ref().map_or(&[], |t| &t.photos), &[]),
            Self::CarriedOver(p) => p.text.as_ref().map_or((&[], &[]), |t| (&t.photos, &t.after)),
            Self::Corrected(p) => (p.text.as_ref().map_or(&[], |t| &t.photos), &[]),
            Self::TakenOn(_)
            | Self::ResponsibleChanged(_)
            | Self::DeadlineWarned(_)
            | Self::Escalated(_)
            | Self::Readdressed(_) => (&[], &[]),
            Self::Graded(Parts { text, .. }) => of_note(text),
            Self::Assigned(Parts { text, .. }) => of_note(text),
            Self::Progressed(Parts { text, .. })
            | Self::ExtensionRefused(Parts { text, .. })
            | Self::HelpDelivered(Parts { text, .. })
            | Self::Urged(Parts { text, .. }) => of_note(text),
            Self::HelpAsked(Parts { text, .. }) => of_note(text),
            Self::Rectified(Parts { text, .. }) => of_note(text),
            Self::ExtensionAsked(Parts { text, .. }) => of_note(text),
            Self::ExtensionGranted(Parts { text, .. }) => of_note(text),
            Self::Accepted(Parts { text, .. }) => of_note(text),
            Self::Returned(Parts { text, .. }) => of_note(text),
            Self::Closed(Parts { text, .. }) => of_note(text),
            Self::Revisited(Parts { text, .. }) => of_note(text),
            Self::Withdrawn(Parts { text, .. }) => of_note(text),
            Self::HelpAnswered(Parts { text, .. }) => of_note(text),
            Self::ClimbAnswered(Parts { text, .. }) => of_note(text),
        };
        photos.iter().chain(after)
    }
}

fn of_note(text: &Option<Note>) -> (&[Photo], &[Photo]) {
    (text.as_ref().map_or(&[], |note| &note.photos), &[])
}

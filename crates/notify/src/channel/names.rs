//! Small closed lists: kinds of channel, topics, whether it works.

kernel::named! {
    /// What stands at the other end.
    pub enum ChannelKind {
        /// 企业微信群机器人
        Wecom = "wecom",
        /// 钉钉群机器人
        Dingtalk = "dingtalk",
        /// 公务邮箱
        Mail = "mail",
    }
}

kernel::named! {
    /// What a tiding is about.
    pub enum Topic {
        /// Something was given to the unit.
        Assigned = "assigned",
        /// A part of a deadline has passed.
        Warning = "warning",
        /// A deadline has passed.
        Overdue = "overdue",
        /// Something overdue has climbed: 提醒, 约谈, 提级督办.
        Climb = "climb",
        /// Something was graded as major.
        Major = "major",
        /// What was done was sent back.
        Returned = "returned",
        /// The county was asked for help.
        Help = "help",
        /// Counts of the day.
        Daily = "daily",
        /// Somebody tried the channel out; every channel takes it.
        Test = "test",
    }
}

impl Topic {
    /// Those that can be chosen for a channel.
    pub fn choices() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|topic| *topic != Self::Test)
    }
}

kernel::named! {
    /// Whether a channel works.
    pub enum ChannelStatus {
        /// It works.
        On = "on",
        /// Switched off.
        Off = "off",
        /// Gone for good, its secret erased.
        Removed = "removed",
    }
}

//! Which guards count: full-time, on the post today, with a certificate that holds and a background that was checked.
//! Each one that does not says why.

use kernel::{Date, PersonId};

kernel::named! {
    /// Why a guard does not count.
    pub enum Doubt {
        /// Nothing is known but the post.
        Unknown = "unknown",
        /// 兼职
        PartTime = "part-time",
        /// Not begun yet.
        NotYet = "not-yet",
        /// Over.
        Over = "over",
        /// No certificate.
        NoCertificate = "no-certificate",
        /// The certificate holds no longer.
        CertificateOver = "certificate-over",
        /// The background was not checked, or the check was not passed yet.
        Background = "background",
    }
}

/// A guard as the roster has him, without name and numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The person.
    pub person: PersonId,
    /// The campus, by its number; none where the school has one place, or nobody said.
    pub campus: Option<u16>,
    /// More is known than the post.
    pub known: bool,
    /// 专职
    pub full_time: bool,
    /// Who employs him, by name.
    pub employer: String,
    /// When on duty, by name.
    pub shift: Option<String>,
    /// Has a certificate.
    pub certified: bool,
    /// On the post since.
    pub since: Option<Date>,
    /// Until.
    pub until: Option<Date>,
    /// The certificate holds until.
    pub certified_until: Option<Date>,
    /// The background was checked on.
    pub background_on: Option<Date>,
    /// Health was checked on.
    pub health_on: Option<Date>,
    /// That holds until.
    pub health_until: Option<Date>,
    /// Trained on.
    pub trained_on: Option<Date>,
}

impl Guard {
    /// Everything that keeps him from counting on a day; nothing for whoever counts.
    pub fn doubts(&self, today: Date) -> Vec<Doubt> {
        if !self.known {
            return vec![Doubt::Unknown];
        }
        let checks = [
            (!self.full_time, Doubt::PartTime),
            (self.since.is_some_and(|since| since > today), Doubt::NotYet),
            (self.until.is_some_and(|until| until < today), Doubt::Over),
            (!self.certified, Doubt::NoCertificate),
            (
                self.certified && self.certified_until.is_some_and(|until| until < today),
                Doubt::CertificateOver,
            ),
            (self.background_on.is_none_or(|on| on > today), Doubt::Background),
        ];
        checks.into_iter().filter(|(is, _)| *is).map(|(_, doubt)| doubt).collect()
    }

    /// He counts on a day.
    pub fn counts(&self, today: Date) -> bool {
        self.doubts(today).is_empty()
    }

    /// He is there, and part-time: listed, and not counted.
    pub fn is_part_time(&self, today: Date) -> bool {
        let doubts = self.doubts(today);
        doubts.contains(&Doubt::PartTime)
            && !doubts.contains(&Doubt::Over)
            && !doubts.contains(&Doubt::NotYet)
    }
}

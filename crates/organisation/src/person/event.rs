//! What happens to a person's record.

use journal::event_types;
use kernel::{Date, Reach, Tier, UnitId};
use serde::{Deserialize, Serialize};

use super::{
    Post,
    guard::{GuardFacts, GuardPapers, GuardText},
};

/// Who it is, and how to reach them. Personal throughout.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Mobile number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Identity number, for guards and others whose background must be checked; empty for everybody else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub identity: String,
}

/// Core of `person.entered`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entered {
    /// The unit they belong to.
    pub unit: UnitId,
    /// Posts from the start.
    pub posts: Vec<PostHeld>,
}

/// A post since a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostHeld {
    /// The post.
    pub post: Post,
    /// Since.
    pub since: Date,
}

/// Core of `person.corrected`; the contact is in the personal part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Corrected {}

/// Core of `person.moved`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// The new unit.
    pub unit: UnitId,
}

/// Core of `person.post_left`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostLeft {
    /// The post.
    pub post: Post,
}

/// Core of `person.left`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Left {
    /// The last day.
    pub on: Date,
}

/// Core of `person.returned`: a leave was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Returned {}

/// Names of guard companies are for the county too: it answers for them.
const GUARD: Reach = Reach { core: Some(Tier::County), text: Some(Tier::County), personal: None };

/// Who holds which post is for the county; names stay where they are until a directive asks for them.
const COUNTY: Reach = Reach { core: Some(Tier::County), text: None, personal: None };

event_types! {
    /// What happens to a person's record.
    pub enum PersonEvent {
        /// They were entered.
        Entered("person.entered", 1, COUNTY): Parts<Entered, (), Contact>,
        /// Their contact was corrected.
        Corrected("person.corrected", 1, COUNTY): Parts<Corrected, (), Contact>,
        /// They moved to another unit; posts at the old one end.
        Moved("person.moved", 1, COUNTY): Parts<Moved>,
        /// They took a post.
        PostTaken("person.post_taken", 1, COUNTY): Parts<PostHeld>,
        /// They left a post.
        PostLeft("person.post_left", 1, COUNTY): Parts<PostLeft>,
        /// They left.
        Left("person.left", 1, COUNTY): Parts<Left>,
        /// A mistaken leave was taken back; posts are given anew.
        Returned("person.returned", 1, COUNTY): Parts<Returned>,
        /// What is known of them as a guard was brought up to date.
        GuardFacts("person.guard_facts", 1, GUARD): Parts<GuardFacts, GuardText, GuardPapers>,
    }
}

//! People 人员 and the posts they hold. Names, telephones and identity numbers are personal: sealed in the journal
//! and in the table, opened one by one.

mod decide;
mod event;
mod guard;
mod keeper;
mod post;
mod query;
mod state;

pub use decide::{PersonCommand, PersonFacts};
pub use event::{Contact, PersonEvent};
pub use guard::{Employer, GuardFacts, GuardPapers, GuardRecord, GuardText, Shift, guard_record};
pub use keeper::{Going, Keeper};
pub use post::Post;
pub use query::{PersonBrief, first_post, people_of_unit, person_contact, person_names, same_person};
pub use state::{Person, PersonState};

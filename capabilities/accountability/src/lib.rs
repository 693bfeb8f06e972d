//! Accountability 责任追究 and clarification 情况澄清: a case is opened only by a named authority that says which serious
//! consequence a hazard had; both the rectifying and the supervising side are heard; what each did and when is read from
//! the journal. Whoever did its duty is told so, on a paper that can be checked.

mod beside;
mod case;
mod clarification;
pub mod pages;
pub mod query;
mod reading;
mod schema;
#[cfg(test)]
mod tests;
pub mod words;

pub use beside::{CasesBeside, OpenCases};
pub use case::{
    Act, Authority, Case, CaseCommand, CaseDraft, CaseEvent, CaseFacts, CaseState, Consequence, FindingDraft,
    Handling, Side, SideRole, Stage, StageCode, Verdict, on_concluded, turns,
};
pub use clarification::{
    Answer, Clarification, ClarificationCommand, ClarificationDraft, ClarificationEvent, ClarificationFacts,
    ClarificationStage, ClarificationState, Purpose, stream_of,
};
pub use reading::{Hand, Reading};
pub use schema::{MIGRATIONS, PHOTOS};

/// The texts of this room as typed functions: a missing one does not compile.
pub mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

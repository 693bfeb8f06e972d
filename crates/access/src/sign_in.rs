//! Signing in: password, second factor, first password, enrolment. Hashing happens here, on the caller's thread;
//! what must be one step (counting failures, using a code up, opening a session) happens in the writer's.

mod admit;
mod desk;
mod enrol;
mod room;
mod steps;

pub use desk::{Candidate, Outcome, SignIn, SignInDesk, SignInParts, SignInSettings};
pub use enrol::sweep_enrolments;
pub use steps::PasswordChange;

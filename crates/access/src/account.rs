//! Accounts 账号: who signs in, and the roles given to them. Secrets are not here: see [`crate::secret`].

mod decide;
mod event;
mod list;
mod query;
mod state;
mod waiting;

pub use decide::{AccountCommand, AccountFacts, check_login};
pub use event::{AccountEvent, SuspendReason};
pub use list::{AccountFilter, AccountRow, accounts_counted, accounts_listed};
pub use query::{
    AccountBrief, account_by_login, account_of_person, account_state, accounts_of_unit, actor_logins,
    actor_names, device_holders, people_with_account,
};
pub use state::{Account, AccountState, HeldRole};
pub use waiting::{Waiting, WaitingFilter, accounts_without_role, people_without_account};

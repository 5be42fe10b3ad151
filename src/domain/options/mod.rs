//! What a person sets in the configuration and rules depend on, each defined once: read from its table, used as it is.

mod account;
mod edge;
mod notify;
mod retention;
mod send;

pub use account::{AccountOptions, Accounts, guard_of};
pub use edge::EdgeOptions;
pub use notify::{NotifyOptions, Protocol};
pub use retention::Retention;
pub use send::SendOptions;

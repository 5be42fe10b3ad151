//! Settings that the rules of the domain depend on. Each is defined only once, read from its configuration table and
//! used unchanged.

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
pub(super) use send::within;

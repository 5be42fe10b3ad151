//! The rules, whatever is on the screen: who we are, which distributions and invalidations there are, what is sent and
//! watched, what the ledger holds. Pure.
//!
//! Rules take the [`state::Engine`], change their own part of it, ask for [`effect::Effect`]s, and put what pages and
//! overlays have to see to into its news. They know nothing of pages, overlays, keys and actions.

pub mod data;
pub mod drafts;
pub mod edge;
pub mod effect;
pub(crate) mod fleet;
pub mod latest;
pub mod ledger;
pub mod lost;
pub(crate) mod news;
pub mod notices;
pub mod overview;
pub mod past;
pub mod polling;
pub mod purpose;
pub mod queue;
pub mod reads;
pub mod refused;
pub(crate) mod retention;
pub mod row;
pub mod script;
pub(crate) mod seen;
pub mod session;
pub mod state;
pub(crate) mod steps;
pub mod telling;
pub(crate) mod tenants;
pub mod timers;
pub mod unsaved;
pub mod watch;
pub mod whose;

//! The rules, independent of what is on screen: the identity, the distributions and invalidations, what is sent and
//! watched, and the ledger's contents. Pure.
//!
//! Rules receive the [`state::Engine`], change their own part of it, request [`effect::Effect`]s, and publish what
//! concerns pages and overlays as news. They know nothing of pages, overlays, keys and actions.

pub(crate) mod connecting;
pub mod counting;
pub mod data;
pub mod drafts;
pub mod edge;
pub mod effect;
pub(crate) mod fleet;
pub mod identity;
pub mod latest;
pub mod ledger;
pub mod logging_in;
pub mod login;
pub mod lost;
pub mod month;
pub(crate) mod news;
pub mod notices;
pub mod overview;
pub mod past;
pub mod pending;
pub mod policies;
pub mod polling;
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

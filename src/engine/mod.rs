//! The engine: pure rules, independent of the screen, for the identity, distributions and invalidations, for sending
//! and watching, and for the contents of the ledger.
//!
//! The rules receive the [`state::Engine`], change their own part of it, request [`effect::Effect`]s, and publish news
//! for pages and overlays. They do not depend on pages, overlays, keys or actions.

pub(crate) mod connecting;
pub mod counting;
pub mod data;
pub mod drafts;
pub mod edge;
pub mod effect;
pub(crate) mod fleet;
pub mod groups;
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
pub mod preferences;
pub mod profile_search;
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
pub mod trail;
pub mod unsaved;
pub mod watch;
pub mod whose;

//! Helpers that several test files share.

mod answers;
pub(crate) mod aws;
pub(crate) mod chance;
pub(crate) mod clock;
pub(crate) mod command;
pub(crate) mod connector;
pub(crate) mod dashboard;
pub(crate) mod inspecting;
pub(crate) mod journal;
pub(crate) mod loopback;
pub(crate) mod lossy;
pub(crate) mod promise;
#[expect(dead_code, reason = "the benchmark uses this too, and each of them a part")]
pub(crate) mod pty;
pub(crate) mod samples;
pub(crate) mod scene;
pub(crate) mod schema;
pub(crate) mod screen;
pub(crate) mod sts;
pub(crate) mod world;

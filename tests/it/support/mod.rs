//! Helpers shared by the tests.

#[expect(dead_code, reason = "the benchmark uses this too, and each of them a part")]
pub(crate) mod pty;

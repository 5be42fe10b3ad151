//! The commands without a screen: they print where the dashboard draws.
//!
//! What a command found goes to standard output, everything else to standard error. A reader that goes away early ends the
//! printing quietly and changes nothing about the exit code.

mod error;
mod items;
mod output;
mod table;

pub use self::error::Error;

//! The line editor behind the composer.

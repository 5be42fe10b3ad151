//! What is wrong with a line, and what may be meant.

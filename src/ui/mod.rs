//! Model to cells.

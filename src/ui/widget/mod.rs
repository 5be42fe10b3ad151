//! Widgets that do not depend on the application: text truncated to columns, a pen, columns, windows, dialogs.

pub(crate) mod columns;
pub(crate) mod dialog;
pub(crate) mod field;
pub(crate) mod gauge;
pub(crate) mod pen;
pub(crate) mod placeholder;
pub(crate) mod qr;
pub(crate) mod text;
pub(crate) mod window;

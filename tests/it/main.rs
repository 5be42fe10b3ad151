//! One integration binary: a file per subject, shared helpers in `support`.

mod emulator;
mod emulator_demo;
mod emulator_edge;
mod emulator_faults;
mod emulator_quotas;
mod emulator_server;
mod emulator_tenants;
mod support;

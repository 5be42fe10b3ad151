//! One integration binary: a file per subject, shared helpers in `support`.

mod cli;
mod emulator;
mod emulator_demo;
mod emulator_edge;
mod emulator_faults;
mod emulator_quotas;
mod emulator_server;
mod emulator_tenants;
mod exactly_once;
mod journeys;
mod readme;
mod rules;
mod rules_collapse;
mod rules_list;
mod screens;
mod sdk;
mod sdk_credentials;
mod sdk_network;
mod settings;
mod support;
mod terminal;
mod tidy;
mod update;

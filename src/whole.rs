//! Compiles the whole program as a single private crate, so that the compiler finds code that is never called even
//! though it is public in the library. `.ci/run` compiles this crate but never runs it.

#![deny(dead_code)]
#![expect(
    unused_imports,
    unreachable_pub,
    reason = "here nothing is public; in the library it is"
)]

extern crate self as invalidash;

mod app;
mod cli;
mod domain;
mod emulator;
mod engine;
mod headless;
#[path = "main.rs"]
mod program;
mod runtime;
mod settings;
mod ui;

fn main() -> std::process::ExitCode {
    program::main()
}

/// Names everything that only tests and benchmarks use. Anything else that is never called is an error.
#[expect(dead_code, reason = "it names, and does nothing")]
fn used_by_stories<Client: aws_smithy_runtime_api::client::http::HttpClient + 'static>(client: Client) {
    use domain::analysis::Analysis;
    use domain::lint::Line;
    use emulator::{Emulator, Fault, Request};
    use runtime::{credentials, edge, terminal};
    let _ = (
        Emulator::inject,
        Emulator::clear_faults,
        Emulator::settings,
        Emulator::received,
    );
    let _ = (
        Emulator::calls,
        Emulator::put,
        Emulator::put_tenant,
        Emulator::forget_received,
    );
    let _ = (Emulator::remove, Emulator::publish);
    let _ = |emulator: &Emulator| emulator.configure(|_| ());
    let _ = (
        Fault::new,
        Fault::on,
        Fault::at,
        Fault::after,
        Fault::times,
        Fault::always,
        Fault::committed,
    );
    let _ = (emulator::server::Listening::port, Request::with_method);
    let _ = |target: &str| Request::post(target, "");
    let _ = (Line::item, Line::diagnostics);
    let _ = |hits: &app::pointer::Hits| hits.iter().count();
    let _ = (
        edge::Edge::of_visitor,
        edge::Edge::of_endpoint,
        credentials::Environment::of,
    );
    let _ = |connection: credentials::Connection| connection.over(client);
    let _ = (ui::Theme::named, terminal::Guard::terminal);
    let _ = |theme: &ui::Theme| theme.name;
    let _ = app::key::Key::plain;
    let _ = (Analysis::is_empty, Analysis::whole_site);
    let _ = (domain::lint::Severity::as_str, domain::reasons::all);
}
